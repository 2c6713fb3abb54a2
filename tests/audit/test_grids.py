"""What an audit finds of grids that somebody drew; single breaches stand in cases/audit-JLG2.*.toml."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import attrs
import pytest

from shequ_core import Dataset, PolicyBook, run_audit
from shequ_core.audit.run import Audit
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.buildings import Building, EarlierGrid
from shequ_core.model.communities import Community, Grid
from shequ_core.model.staff import GridDuty, GridMember
from shequ_core.tables.buildings import Buildings, EarlierGrids
from shequ_core.tables.dataset import Communities, Grids, Holdings, Posts, Workers
from shequ_core.tables.staff import GridMembers

HOME, OTHER = "220702001001", "220702001002"
DAY = date(2022, 7, 1)
WORKER, POLICE = GridDuty.GRID_WORKER, GridDuty.AUXILIARY_POLICE


def code(number: int, community: str = HOME) -> str:
    return f"{community}{number:03d}"


def grid(number: int, households: int | None, drawn_by: str | None = None) -> Grid:
    return Grid(code=code(number), community=HOME, households=households, drawn_by=drawn_by)


def staff(*numbers: int) -> list[GridMember]:
    """One of each in every grid, managed by the community."""
    return [
        GridMember(id=f"{duty}-{number}", grid=code(number), duty=duty, managed_by=HOME)
        for number in numbers
        for duty in GridDuty
    ]


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load()


def audit(
    book: PolicyBook, grids: Sequence[Grid], members: Sequence[GridMember] | None = None,
    housed: Sequence[tuple[str, str | None, int, str | None]] | None = None,
) -> Audit:
    data = Dataset(
        communities=Communities.of(
            Community(code=one, name=one) for one in sorted({grid.community for grid in grids} | {HOME})
        ),
        posts=Posts.empty(), workers=Workers.empty(), holdings=Holdings.empty(), grids=Grids.of(grids),
        grid_members=None if members is None else GridMembers.of(members),
        buildings=None if housed is None else Buildings.of(
            Building(id=one, community=community, households=count) for one, community, count, _ in housed
        ),
        building_grids=None if housed is None else EarlierGrids.of(
            EarlierGrid(building=one, grid=grid) for one, _, _, grid in housed if grid is not None
        ),
    )
    return run_audit(data, book, on=DAY, select=["JLG2.1.1", "JLG2.3.2", "JLG2.3.4a"])


def found(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.subject) for one in findings]


def test_a_grid_within_bounds_with_its_staff_leaves_nothing_to_say(book: PolicyBook) -> None:
    assert not audit(book, [grid(1, 300), grid(2, 500)], staff(1, 2)).findings


def test_a_grid_out_of_bounds_is_a_conflict_with_both_figures(book: PolicyBook) -> None:
    (one,) = audit(book, [grid(1, 299), grid(2, 400)], staff(1, 2)).findings
    assert (one.code, one.subject, one.grade) == ("JLG2.3.2a-grid-out-of-bounds", code(1), Grade.CONFLICT)
    assert str(one.message) == "299 households, 300 to 500 are allowed"
    assert one.found == 299


def test_grids_that_nobody_counted_are_not_examined(book: PolicyBook) -> None:
    told = audit(book, [grid(1, None), grid(2, 400)], staff(1, 2))
    assert not told.findings
    (one,) = (one for one in told.not_examined if one.count is not None)
    assert (one.code, one.subject, one.count) == ("JLG2.3.2a-grid-out-of-bounds", HOME[:6], 1)


def test_several_things_amiss_with_one_grid_are_each_told(book: PolicyBook) -> None:
    findings = audit(book, [grid(1, 612, "某局")], []).findings
    assert found(findings) == [
        ("JLG2.3.2a-grid-out-of-bounds", code(1)), ("JLG2.3.2a-grid-workers-short", code(1)),
        ("JLG2.3.2c-drawn-by-department", code(1)), ("JLG2.3.4a-auxiliary-police-short", code(1)),
    ]
    assert "某局" in str(findings[2].message)


def test_without_a_table_of_staff_that_is_not_examined(book: PolicyBook) -> None:
    told = {one.code for one in audit(book, [grid(1, 400)]).not_examined}
    assert told >= {"JLG2.3.2a-grid-workers-short", "JLG2.3.2b-managed-elsewhere", "JLG2.3.4a-auxiliary-police-short"}


def test_a_grid_worker_whom_another_office_manages_is_found_and_police_are_not(book: PolicyBook) -> None:
    members = [
        GridMember(id="w", grid=code(1), duty=WORKER, managed_by="某局"),
        GridMember(id="p", grid=code(1), duty=POLICE, managed_by="某派出所"),
    ]
    assert found(audit(book, [grid(1, 400)], members).findings) == [("JLG2.3.2b-managed-elsewhere", code(1))]


def test_the_line_from_community_to_building_may_not_break(book: PolicyBook) -> None:
    other = attrs.evolve(grid(1, 300), code=code(1, OTHER), community=OTHER)
    members = [
        *staff(1), *(GridMember(id=f"o-{d}", grid=other.code, duty=d, managed_by=OTHER) for d in GridDuty)
    ]
    housed = [("a", HOME, 400, code(1)), ("b", HOME, 0, None), ("c", HOME, 0, code(9)), ("d", HOME, 300, other.code)]
    findings = audit(book, [grid(1, 400), other], members, housed).findings
    assert found(findings) == [
        ("JLG2.1.1-building-without-grid", "b"), ("JLG2.1.1-grid-of-other-community", "d"), ("JLG2.1.1-grid-unknown", "c"),
    ]
    assert code(9) in str(findings[2].message)


def test_a_count_that_is_not_the_sum_of_the_buildings_is_found(book: PolicyBook) -> None:
    housed = [("a", HOME, 200, code(1)), ("b", HOME, 180, code(1))]
    (one,) = audit(book, [grid(1, 400)], staff(1), housed).findings
    assert one.code == "JLG2.3.2a-households-differ"
    assert str(one.message) == "400 households are said to be in the grid, its buildings have 380"


def test_where_the_opinion_is_not_in_force_nothing_is_said(book: PolicyBook, monkeypatch: pytest.MonkeyPatch) -> None:
    """The policy of Hohhot, which lies in another province, cites no clause of the opinion."""
    policy = book.policy("1501", DAY)
    monkeypatch.setattr(book, "policy", lambda *_, **__: policy)
    told = audit(book, [grid(1, 5, "某局")], [], [("a", HOME, 5, None)])
    assert not told.findings
    assert not told.not_examined
