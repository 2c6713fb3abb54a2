"""A place that does all it should has no findings, and one breach planted in it is found by its own code alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Final

import attrs
import pytest

from shequ_core import Dataset, PolicyBook, run_audit
from shequ_core.model.buildings import EarlierGrid
from shequ_core.model.communities import Community, Grid, Setting
from shequ_core.model.posts import Certificate as Certified
from shequ_core.model.posts import CertificateLevel, Employment, Holding, Post, PostDuty, Role, Sex, Worker
from shequ_core.model.records import Agreement, Assessment, AssessmentGrade, Ground, Incident, Training
from shequ_core.model.staff import GridDuty, GridMember
from shequ_core.tables.buildings import EarlierGrids
from shequ_core.tables.dataset import (
    TABLES,
    Agreements,
    Assessments,
    Certificates,
    Communities,
    Grids,
    Holdings,
    Incidents,
    Posts,
    Trainings,
    Workers,
)
from shequ_core.tables.staff import GridMembers
from shequ_core.values import Points

HOME: Final = "229901001001"
GRID: Final = HOME + "001"
DAY: Final = date(2022, 7, 1)
CAME: Final = date(2020, 6, 1)
GRADE = AssessmentGrade


def post(number: int, duty: PostDuty) -> Post:
    return Post(id=f"{HOME}-{number:02d}", community=HOME, duty=duty)


def posts(many: int, party: int) -> Posts:
    return Posts.of(
        post(one, PostDuty.PARTY_BUILDING if one > many - party else PostDuty.GENERAL) for one in range(1, many + 1)
    )


def scored(year: int, points: int, grade: AssessmentGrade) -> Assessment:
    mark = Points(points * 100)
    return Assessment(worker="W1", year=year, grade=grade, residents=mark, organisation=mark, daily=mark, annual=mark)


def incident(ground: Ground, **more: Any) -> Incident:  # Any: fields of an incident
    return Incident(worker="W1", ground=ground, happened_on=date(2022, 3, 1), established=True, **more)


WORKER: Final = Worker(id="W1", sex=Sex.FEMALE, birth_date=date(1990, 5, 1))
HOLDING: Final = Holding(
    worker="W1", post=f"{HOME}-01", post_class="staff", role=Role.STAFF, employment=Employment.FULL_TIME, since=CAME
)
MEMBERS: Final = [GridMember(id=str(duty), grid=GRID, duty=duty, managed_by=HOME) for duty in GridDuty]
AGREEMENT: Final = Agreement(
    worker="W1", signed_on=date(2021, 3, 20), since=date(2021, 3, 20), until=date(2026, 3, 19)
)


@pytest.fixture(scope="module")
def blameless(compliant: Dataset) -> Dataset:
    """The compliant community with all that people, posts and grids ask for."""
    assert compliant.buildings is not None
    (building,) = compliant.buildings
    return compliant.with_tables(
        {
            "communities": Communities.of([Community(code=HOME, name="合成社区", setting=Setting.URBAN, households=390)]),
            "grids": Grids.of([Grid(code=GRID, community=HOME, households=390)]),
            "buildings": type(compliant.buildings).of([attrs.evolve(building, households=390)]),
            "building_grids": EarlierGrids.of([EarlierGrid(building=building.id, grid=GRID)]),
            "grid_members": GridMembers.of(MEMBERS),
            "posts": posts(10, 3),
            "workers": Workers.of([WORKER]),
            "holdings": Holdings.of([HOLDING]),
            "certificates": Certificates.of([Certified(worker="W1", level=CertificateLevel.ASSISTANT)]),
            "assessments": Assessments.of([scored(2021, 80, GRADE.QUALIFIED)]),
            "agreements": Agreements.of([AGREEMENT]),
            "trainings": Trainings.of([Training(worker="W1", completed_on=date(2022, 5, 1))]),
            "incidents": Incidents.empty(),
        }
    )


def test_a_place_that_does_all_it_should_has_no_findings_and_nothing_is_left_open(
    blameless: Dataset, book: PolicyBook
) -> None:
    found = run_audit(blameless, book, on=DAY)
    assert found.findings == ()
    assert found.not_examined == ()
    assert found.about_policy == ()


def changed(name: str, *rows: Any) -> Callable[[Dataset], Dataset]:  # Any: facts of the table's kind
    return lambda data: data.with_tables({name: TABLES[name].of(rows)})


def grid(**more: Any) -> Grid:  # Any: fields of a grid
    return Grid(**{"code": GRID, "community": HOME, "households": 390, **more})


UNQUALIFIED = [scored(year, 10, GRADE.UNQUALIFIED) for year in (2020, 2021)]

PLANTED: Final[dict[str, Callable[[Dataset], Dataset]]] = {
    "JLG2.1.1-building-without-grid": changed("building_grids"),
    "JLG2.1.1-grid-unknown": changed("building_grids", EarlierGrid(building="1", grid=HOME + "009")),
    "JLG2.3.2a-grid-workers-short": changed("grid_members", MEMBERS[1]),
    "JLG2.3.4a-auxiliary-police-short": changed("grid_members", MEMBERS[0]),
    "JLG2.3.2b-managed-elsewhere": changed("grid_members", attrs.evolve(MEMBERS[0], managed_by="某局"), MEMBERS[1]),
    "JLG2.3.2a-households-differ": changed("grids", grid(households=391)),
    "JLG2.3.2c-drawn-by-department": changed("grids", grid(drawn_by="某局")),
    "JLW2.1-not-a-post-holder": changed("holdings", attrs.evolve(HOLDING, employment=Employment.PUBLIC_WELFARE)),
    "JLW2.2a-too-few-posts": lambda data: data.with_tables({"posts": posts(9, 3)}),
    "JLW2.2b-too-many-posts": lambda data: data.with_tables({"posts": posts(15, 3)}),
    "JLW2.2d-party-posts-short": lambda data: data.with_tables({"posts": posts(10, 0)}),
    "JLW2.5c-agreement-missing": changed("agreements"),
    "JLW2.7a-training-due": changed("trainings", Training(worker="W1", completed_on=date(2020, 7, 1))),
    "JLW2.9b-grade-differs-from-scores": changed("assessments", scored(2021, 80, GRADE.UNQUALIFIED)),
    "JLW2.10a-exit": changed("assessments", *UNQUALIFIED),
    "JLW2.10b-exit": changed("incidents", incident(Ground.DISCIPLINE)),
    "JLW2.10c-exit": changed("incidents", incident(Ground.GRAVE_NEGLECT, great_loss=True)),
    "JLW2.10d-exit": changed("incidents", incident(Ground.AGREEMENT, told_on=date(2022, 3, 9), mended=False)),
    "JLW2.10e-exit": changed("incidents", incident(Ground.INCOMPETENCE, helped_on=date(2022, 3, 9), still_unfit=True)),
    "JLW2.10f-exit": changed("incidents", incident(Ground.OTHER_LAW, legal_basis="某法第一条")),
    "JLW2.10h-exit": changed("workers", attrs.evolve(WORKER, birth_date=date(1955, 5, 1))),
    "BH23-principal-without-certificate": lambda data: data.with_tables(
        {"certificates": Certificates.empty(), "holdings": Holdings.of([attrs.evolve(HOLDING, post_class="principal")])}
    ),
}

WITH_IT: Final = {
    code: {"JLG2.3.2a-households-differ"} for code in ("JLG2.1.1-building-without-grid", "JLG2.1.1-grid-unknown")
}
"""What else one breach brings: a building that leaves its grid takes its households along."""


@pytest.mark.parametrize("code", PLANTED)
def test_one_breach_is_found_by_its_own_code_and_no_other(blameless: Dataset, book: PolicyBook, code: str) -> None:
    found = run_audit(PLANTED[code](blameless), book, on=DAY)
    assert {one.code for one in found.findings} == {code} | WITH_IT.get(code, set())
    assert found.not_examined == ()
