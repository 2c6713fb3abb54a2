"""What an audit finds of grids that somebody drew."""

from __future__ import annotations

from datetime import date

import attrs
import pytest

from shequ_core.audit.grids import Housed, grid_findings
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.communities import Grid
from shequ_core.model.staff import GridDuty, GridMember
from shequ_core.policy.book import PolicyBook
from shequ_core.tables.columns import TextColumn, ints
from shequ_core.tables.dataset import Grids
from shequ_core.tables.staff import GridMembers

HOME = "220702001001"
DAY = date(2022, 7, 1)
WORKER, POLICE = GridDuty.GRID_WORKER, GridDuty.AUXILIARY_POLICE


def code(number: int, community: str = HOME) -> str:
    return f"{community}{number:03d}"


def grid(number: int, households: int | None, drawn_by: str | None = None) -> Grid:
    return Grid(code=code(number), community=HOME, households=households, drawn_by=drawn_by)


def staff(*numbers: int) -> GridMembers:
    """One of each in every grid, managed by the community."""
    return GridMembers.of(
        GridMember(id=f"{duty}-{number}", grid=code(number), duty=duty, managed_by=HOME)
        for number in numbers
        for duty in GridDuty
    )


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load()


def found(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in findings]


def test_a_grid_within_bounds_with_its_staff_leaves_nothing_to_say(book: PolicyBook) -> None:
    assert not grid_findings(Grids.of([grid(1, 300), grid(2, 500)]), book, DAY, members=staff(1, 2))


def test_a_grid_out_of_bounds_is_a_conflict_with_both_figures(book: PolicyBook) -> None:
    (one,) = grid_findings(Grids.of([grid(1, 299), grid(2, 400)]), book, DAY, members=staff(1, 2))
    assert (one.code, one.subject, one.grade) == ("JLG2.3.2a-grid-out-of-bounds", code(1), Grade.CONFLICT)
    assert str(one.message) == "299 households, 300 to 500 are allowed"


def test_grids_that_nobody_counted_are_not_examined(book: PolicyBook) -> None:
    (one,) = grid_findings(Grids.of([grid(1, None), grid(2, 400)]), book, DAY, members=staff(1, 2))
    assert (one.grade, one.subject) == (Grade.NOT_EXAMINED, HOME[:6])


def test_a_department_may_not_lay_a_grid_over_a_community(book: PolicyBook) -> None:
    findings = grid_findings(Grids.of([grid(1, 400, "某局")]), book, DAY, members=staff(1))
    assert found(findings) == [("JLG2.3.2c-drawn-by-department", code(1))]
    assert "某局" in str(findings[0].message)


def test_missing_staff_is_found_grid_by_grid(book: PolicyBook) -> None:
    findings = grid_findings(Grids.of([grid(1, 400), grid(2, 400)]), book, DAY, members=staff(1))
    assert found(findings) == [("JLG2.3.2a-grid-workers-short", code(2)), ("JLG2.3.4a-auxiliary-police-short", code(2))]


def test_without_a_table_of_staff_that_is_not_examined(book: PolicyBook) -> None:
    findings = grid_findings(Grids.of([grid(1, 400)]), book, DAY)
    assert {one.grade for one in findings} == {Grade.NOT_EXAMINED}
    assert [one.clause for one in findings] == ["JLG2.3.2a", "JLG2.3.4a"]


def test_a_grid_worker_whom_another_office_manages_is_found_and_police_are_not(book: PolicyBook) -> None:
    members = GridMembers.of(
        [
            GridMember(id="w", grid=code(1), duty=WORKER, managed_by="某局"),
            GridMember(id="p", grid=code(1), duty=POLICE, managed_by="某派出所"),
        ]
    )
    findings = grid_findings(Grids.of([grid(1, 400)]), book, DAY, members=members)
    assert found(findings) == [("JLG2.3.2b-managed-elsewhere", code(1))]


def housed(*rows: tuple[str, str | None, int, str | None]) -> Housed:
    return Housed(
        building=TextColumn.of([row[0] for row in rows]), community=TextColumn.of([row[1] for row in rows]),
        households=ints([row[2] for row in rows]), grid=TextColumn.of([row[3] for row in rows]),
    )


def test_the_line_from_community_to_building_may_not_break(book: PolicyBook) -> None:
    other = attrs.evolve(grid(1, 300), code=code(1, "220702001002"), community="220702001002")
    members = GridMembers.concat(
        [staff(1), GridMembers.of(GridMember(id=d, grid=other.code, duty=d, managed_by=other.community) for d in GridDuty)]
    )
    buildings = housed(
        ("a", HOME, 400, code(1)), ("b", HOME, 0, None), ("c", HOME, 0, code(9)), ("d", HOME, 300, other.code)
    )
    findings = grid_findings(Grids.of([grid(1, 400), other]), book, DAY, housed=buildings, members=members)
    assert found(findings) == [
        ("JLG2.1.1-building-without-grid", "b"), ("JLG2.1.1-grid-of-other-community", "d"), ("JLG2.1.1-grid-unknown", "c"),
    ]
    assert code(9) in str(findings[2].message)


def test_a_count_that_is_not_the_sum_of_the_buildings_is_found(book: PolicyBook) -> None:
    buildings = housed(("a", HOME, 200, code(1)), ("b", HOME, 180, code(1)))
    (one,) = grid_findings(Grids.of([grid(1, 400)]), book, DAY, housed=buildings, members=staff(1))
    assert one.code == "JLG2.3.2a-households-differ"
    assert str(one.message) == "400 households are said to be in the grid, its buildings have 380"


def test_where_the_opinion_is_not_in_force_nothing_is_said(book: PolicyBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hohhot lies in another province; its counties are in no list of ours."""
    policy = book.policy("1501", DAY)
    monkeypatch.setattr(book, "policy", lambda *_, **__: policy)
    elsewhere = Grid(code="150102001001001", community="150102001001", households=5, drawn_by="某局")
    buildings = housed(("a", elsewhere.community, 5, None))
    assert not grid_findings(Grids.of([elsewhere]), book, DAY, housed=buildings)
