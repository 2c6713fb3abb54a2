"""A place that is made to comply has no findings, and one breach planted in it is found by the codes its case lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final, TypeAlias

import attrs
import pytest
import shequ_baihua
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shequ_core import Dataset, PolicyBook, Reform, Status, UnsetError, run_audit, synthesize, yuan
from shequ_core.audit.registry import checks_of
from shequ_core.errors import ValueKindError
from shequ_core.model.arrangements import Arranged
from shequ_core.model.communities import Setting
from shequ_core.model.demands import Demand, Demanded, Demander
from shequ_core.model.entitlements import Entitled, Entitlement
from shequ_core.model.posts import EducationLevel, Employment, Post, PostDuty, Role, Secondment
from shequ_core.model.records import Assessment, AssessmentGrade, Ground, Incident
from shequ_core.model.staff import GridDuty
from shequ_core.policy.book import Plugin
from shequ_core.policy.parameters import LocalPolicy
from shequ_core.policy.staffing import QUOTA
from shequ_core.procedures.journal import PROCEDURES
from shequ_core.procedures.machine import Act, Proceeding
from shequ_core.tables.checks import cross_check
from shequ_core.tables.dataset import TABLES
from shequ_core.values import Points

DAY: Final = date(2022, 7, 1)

Edit: TypeAlias = Callable[[Dataset], Dataset]
Row: TypeAlias = Any  # Any: a fact of the table's kind


# --- a place that complies


@settings(max_examples=8)
@example(seed=99082, year=2026, committees=8, after=0)  # somebody was assessed elsewhere, before the post
@given(
    seed=st.integers(0, 2**63), year=st.integers(2021, 2026), committees=st.integers(1, 12),
    after=st.sampled_from([0, 1, 77, 78, 79, 182, 363, 364]) | st.integers(0, 364),
)
def test_an_audit_of_a_place_that_complies_finds_nothing_and_leaves_nothing_open(
    book: PolicyBook, seed: int, year: int, committees: int, after: int
) -> None:
    """Whatever chance, size, year and day: Baihua sets every key, so all that can be examined is."""
    data = synthesize("2299", year, seed, committees={"229901": committees}, compliant=True, book=book)
    assert {name for name in TABLES if getattr(data, name) is not None} >= {
        table for one in checks_of(book).values() for table in one.check.tables
    }
    found = run_audit(data, book, on=date(year, 1, 1) + timedelta(days=after), journals=())
    assert found.findings == ()
    assert found.not_examined == ()
    assert found.about_policy == ()
    assert len(found.checks) == len(checks_of(book))


@pytest.mark.parametrize("place", ["220104", "220421", "222424"])
def test_elsewhere_only_policies_leave_something_to_say(place: str) -> None:
    """What nobody set there can't be examined; what its policy does wrong is told apart."""
    book = PolicyBook.load(assume=True)
    found = run_audit(synthesize(place, 2022, 3, compliant=True, book=book), book, on=DAY, journals=())
    assert found.findings == ()
    assert {str(one.message).partition(" is not set")[0] for one in found.not_examined} <= {
        "staffing.quota", "agreements.first_day"
    }


def test_its_tables_hang_together(book: PolicyBook) -> None:
    """A reader would refuse none of them."""
    data = synthesize("2299", 2024, 5, compliant=True, book=book)
    assert not list(cross_check({name: [table] for name, table in data.tables()}))


def test_a_place_alone_is_what_it_is_in_the_whole() -> None:
    """A county's people don't hang on its neighbours."""
    book = PolicyBook.load(assume=True)
    whole, alone = (synthesize(place, 2022, 1, compliant=True, book=book) for place in ("2204", "220421"))
    for name in ("communities", "posts", "workers", "grids", "funds"):
        found = [row for row in getattr(whole, name) if "220421" in str(row)]
        assert found == list(getattr(alone, name)), name


def quota_of(posts: int) -> PolicyBook:
    """Baihua with another quota."""
    value = QUOTA.set(
        posts, since=date(2022, 1, 1), known_on=date(2021, 12, 1), source=shequ_baihua.RULES.article("附则"),
        status=Status.ISSUED,
    )
    return PolicyBook.load().reformed(Reform(name="quota", place="229901", values=(value,), scope="replace_below"))


@pytest.mark.parametrize("room", [0, 1, 17])
def test_posts_never_exceed_the_quota(room: int) -> None:
    """Nine communities must have ten each: what is above that goes as far as the quota does."""
    book = quota_of(90 + room)
    data = synthesize("2299", 2022, 1, compliant=True, book=book)
    assert 90 <= len(data.posts) <= 90 + room
    assert run_audit(data, book, on=DAY).findings == ()


def test_a_quota_without_room_for_the_fewest_posts_is_told() -> None:
    with pytest.raises(ValueKindError, match="must have 90 posts together"):
        synthesize("2299", 2022, 1, compliant=True, book=quota_of(89))


def test_where_nobody_set_the_norm_of_posts_no_place_can_comply() -> None:
    """A fictional city that is listed and says nothing has nothing to go by."""
    silent = PolicyBook([(Plugin(name="silent"), LocalPolicy(place="2299", values=(), divisions=shequ_baihua.DIVISIONS))])
    with pytest.raises(UnsetError, match="staffing"):
        synthesize("229901", 2022, 1, compliant=True, book=silent)


# --- one breach


@pytest.fixture(scope="module")
def district(book: PolicyBook) -> Dataset:
    """Two communities that comply; the first one lies in the first subdistrict."""
    return synthesize("229901", DAY.year, 3, committees={"229901": 2}, compliant=True, book=book)


def rows(data: Dataset, table: str) -> list[Row]:
    return list(getattr(data, table))


def made(data: Dataset, table: str, new: Sequence[Row]) -> Dataset:
    return data.with_tables({table: TABLES[table].of(new)})


def first(table: str, change: Callable[[Row], Row | None], which: Callable[[Row], bool] = lambda _: True) -> Edit:
    """The same facts with the first row of a table that fits changed, or left out where the change says None."""

    def edit(data: Dataset) -> Dataset:
        found = rows(data, table)
        at = next(place for place, one in enumerate(found) if which(one))
        new = change(found[at])
        return made(data, table, [*found[:at], *([] if new is None else [new]), *found[at + 1 :]])

    return edit


def more(table: str, make: Callable[[Dataset], Row]) -> Edit:
    """The same facts with a row more."""
    return lambda data: made(data, table, [*rows(data, table), make(data)])


def every(table: str, change: Callable[[Dataset, Row], Row | None]) -> Edit:
    """The same facts with every row of a table changed, or left out where the change says None."""

    def edit(data: Dataset) -> Dataset:
        found = [change(data, one) for one in rows(data, table)]
        return made(data, table, [one for one in found if one is not None])

    return edit


def both(*edits: Edit) -> Edit:
    def edit(data: Dataset) -> Dataset:
        for one in edits:
            data = one(data)
        return data

    return edit


def home(data: Dataset) -> str:
    """The first community."""
    return str(data.communities[0].code)


def holder(data: Dataset) -> str:
    """Somebody of staff who was in communities before the documents, is there all year and was not rewarded."""
    ended = {one.id for one in rows(data, "workers") if one.worked_since >= date(2020, 1, 1)}
    praised = {one.worker for one in rows(data, "entitlements") if one.kind is Entitled.REWARD}
    return next(
        str(one.worker) for one in rows(data, "holdings")
        if one.until is None and one.since.year < DAY.year and one.role is Role.STAFF
        and one.worker not in ended and one.worker not in praised
    )


def of_holder(table: str, change: Callable[[Row], Row | None]) -> Edit:
    """The same facts with every row of that holder in a table changed, or left out."""

    def edit(data: Dataset) -> Dataset:
        who = holder(data)
        column = "id" if table == "workers" else "worker"
        return every(table, lambda _, row: change(row) if getattr(row, column) == who else row)(data)

    return edit


def lacks(kind: Arranged) -> Edit:
    """The same facts with one arrangement said not to be there."""
    return first("arrangements", lambda row: attrs.evolve(row, in_place=False), lambda row: row.kind is kind)


def asked(kind: Demanded, by: Demander = Demander.DEPARTMENT, **said: Any) -> Edit:  # Any: fields of a demand
    return more("demands", lambda data: Demand(community=home(data), kind=kind, by=by, subject="某事项", **said))


def reported(ground: Ground, **said: Any) -> Edit:  # Any: fields of an incident
    return more(
        "incidents",
        lambda data: Incident(
            worker=holder(data), ground=ground, happened_on=date(2022, 3, 1), established=True, **said
        ),
    )


def unqualified(year: int) -> Callable[[Dataset], Row]:
    none = Points(0)
    return lambda data: Assessment(
        worker=holder(data), year=year, grade=AssessmentGrade.UNQUALIFIED, residents=none, organisation=none, daily=none,
        annual=none,
    )


def posts_left(many: int) -> Edit:
    """The same facts with so many posts left in the first community: none for Party building is closed."""

    def edit(data: Dataset) -> Dataset:
        own = [one for one in rows(data, "posts") if one.community == home(data)]
        closing = [one.id for one in own if one.duty is PostDuty.GENERAL][-(len(own) - many) :]
        return every(
            "posts", lambda _, row: attrs.evolve(row, closed_on=date(2021, 12, 31)) if row.id in closing else row
        )(data)

    return edit


def with_posts(many: int, place: Callable[[Dataset], str]) -> Edit:
    """The same facts with so many posts more at a place."""

    def edit(data: Dataset) -> Dataset:
        new = [
            Post(id=f"{place(data)}-{number:03d}", community=place(data), duty=PostDuty.GENERAL)
            for number in range(100, 100 + many)
        ]
        return made(data, "posts", [*rows(data, "posts"), *new])

    return edit


TOWN: Final = "229901002999"


def into_another_community(data: Dataset) -> Dataset:
    """The same facts with the first building said to be in a grid of the second community."""
    grid = next(one.code for one in rows(data, "grids") if one.community != home(data))
    return first("building_grids", lambda row: attrs.evolve(row, grid=grid))(data)


def uncertified(data: Dataset, row: Row) -> Row | None:
    """Leave certificates to those who lead a community."""
    lead = {one.worker for one in rows(data, "holdings") if one.post_class == "principal"}
    return row if row.worker in lead else None


BREACHES: Final[Mapping[str, tuple[Edit, Sequence[str]]]] = {
    # code: the breach, and the other codes that it brings along
    "JLG1.2-stage-not-complete": (lacks(Arranged.STAGE_KEY_TASKS), ()),
    "JLG2.1.1-building-without-grid": (
        first("building_grids", lambda _: None), ("JLG2.3.2a-households-differ",),  # its households leave with it
    ),
    "JLG2.1.1-grid-of-other-community": (into_another_community, ("JLG2.3.2a-households-differ",)),
    "JLG2.1.1-grid-unknown": (
        first("building_grids", lambda row: attrs.evolve(row, grid=row.grid[:-3] + "999")),
        ("JLG2.3.2a-households-differ",),
    ),
    "JLG2.1.1-no-one-answers": (lacks(Arranged.ANSWERABLE), ()),
    "JLG2.1.1-no-party-household": (lacks(Arranged.PARTY_HOUSEHOLD), ()),
    "JLG2.1.2a-no-serving-members": (lacks(Arranged.MEMBERS_REPORT), ()),
    "JLG2.1.2b-no-first-secretary": (lacks(Arranged.FIRST_SECRETARY), ()),
    "JLG2.1.2c-systems-apart": (lacks(Arranged.HOSPITAL_PARTY_WORK), ()),
    "JLG2.1.3-centre-lacks": (lacks(Arranged.CENTRE_STAFF), ()),
    "JLG2.1.3b-no-window": (lacks(Arranged.DEPARTMENT_WINDOW), ()),
    "JLG2.2.2-seats-open": (first("seats", lambda row: attrs.evolve(row, held=row.seats - 1)), ()),
    "JLG2.2.3-no-charter": (lacks(Arranged.CHARTER), ()),
    "JLG2.3.1a-no-conference": (lacks(Arranged.JOINT_CONFERENCE), ()),
    "JLG2.3.2a-grid-out-of-bounds": (
        both(
            first("grids", lambda row: attrs.evolve(row, households=row.households + 500)),
            first("buildings", lambda row: attrs.evolve(row, households=row.households + 500)),
        ),
        (),
    ),
    "JLG2.3.2a-grid-workers-short": (
        first("grid_members", lambda _: None, lambda row: row.duty is GridDuty.GRID_WORKER), (),
    ),
    "JLG2.3.2a-households-differ": (
        first("grids", lambda row: attrs.evolve(row, households=row.households - 1)), (),
    ),
    "JLG2.3.2b-managed-elsewhere": (first("grid_members", lambda row: attrs.evolve(row, managed_by="某局")), ()),
    "JLG2.3.2c-drawn-by-department": (first("grids", lambda row: attrs.evolve(row, drawn_by="某局")), ()),
    "JLG2.3.3-unprepared": (lacks(Arranged.DRILL), ()),
    "JLG2.3.4a-auxiliary-police-short": (
        first("grid_members", lambda _: None, lambda row: row.duty is GridDuty.AUXILIARY_POLICE), (),
    ),
    "JLG2.3.4a-no-full-time-police": (lacks(Arranged.FULL_TIME_POLICE), ()),
    "JLG2.3.4a-no-police-office": (lacks(Arranged.POLICE_OFFICE), ()),
    "JLG2.3.4b-services-out-of-reach": (lacks(Arranged.LEGAL_SERVICE), ()),
    "JLG2.5.1-not-in-catalogue": (lacks(Arranged.SUPPLIERS), ()),
    "JLG2.5.1-nothing-bought": (lacks(Arranged.PURCHASED_SERVICE), ()),
    "JLG2.5.2-social-organisations-short": (
        first("indicators", lambda row: attrs.evolve(row, social_organisations=row.social_organisations - 1)), (),
    ),
    "JLG2.5.2-volunteer-teams-short": (
        first("indicators", lambda row: attrs.evolve(row, volunteer_teams=row.volunteer_teams - 1)), (),
    ),
    "JLG2.5.3-no-cadres": (lacks(Arranged.CADRE_ON_DUTY), ()),
    "JLG2.6.1a-platform-short": (first("indicators", lambda row: attrs.evolve(row, on_platform=False)), ()),
    "JLG2.6.1b-terminal-added": (asked(Demanded.TERMINAL, since=date(2021, 3, 1), on_platform=True), ()),
    "JLG2.6.1b-terminal-left": (asked(Demanded.TERMINAL, since=date(2018, 3, 1), on_platform=False), ()),
    "JLG2.6.1c-not-one-window": (lacks(Arranged.ONE_WINDOW), ("JLW2.8c-service-unordered",)),  # both ask for it
    "JLG2.7.2-outside-list": (asked(Demanded.NAME_PLATE, listed=False), ()),
    "JLG2.7.3-assessed-by-department": (asked(Demanded.ASSESSMENT), ()),
    "JLG2.7.3-veto": (asked(Demanded.VETO, Demander.LOCAL_GOVERNMENT), ()),
    "JLG2.8.1-not-grown": (
        first("funds", lambda row: attrs.evolve(row, amount=yuan(1)), lambda row: row.year == DAY.year), (),
    ),
    "JLG2.8.1-not-in-budget": (
        first("funds", lambda row: attrs.evolve(row, listed=False), lambda row: row.year == DAY.year), (),
    ),
    "JLG3.1-no-implementing-rules": (lacks(Arranged.IMPLEMENTING_RULES), ()),
    "JLG3.2-leaders-not-assessed": (lacks(Arranged.SECRETARIES_REVIEWED), ()),
    "JLW2.1-not-a-post-holder": (
        of_holder("holdings", lambda row: attrs.evolve(row, employment=Employment.PUBLIC_WELFARE)), (),
    ),
    "JLW2.2a-too-few-posts": (posts_left(9), ()),
    "JLW2.2b-too-many-posts": (with_posts(60, home), ()),
    "JLW2.2c-quota-exceeded": (
        # posts of a town that the norm doesn't reach count towards the county's quota
        both(
            more("communities", lambda data: attrs.evolve(data.communities[0], code=TOWN, setting=Setting.OTHER_TOWN)),
            with_posts(400, lambda _: TOWN),
            more("indicators", lambda data: attrs.evolve(rows(data, "indicators")[0], community=TOWN)),
        ),
        (),
    ),
    "JLW2.2d-party-posts-short": (
        every("posts", lambda data, row: attrs.evolve(row, duty=PostDuty.GENERAL) if row.community == home(data) else row),
        (),
    ),
    "JLW2.3b-recruited-against-conditions": (
        both(
            of_holder("educations", lambda row: attrs.evolve(row, level=EducationLevel.SENIOR_HIGH)),
            of_holder("holdings", lambda row: attrs.evolve(row, since=date(2021, 3, 1))),
            of_holder("workers", lambda row: attrs.evolve(row, worked_since=date(2021, 3, 1))),
        ),
        ("JLW2.9a-too-many-outstanding",),  # with one less of the year before, the best are a larger share
    ),
    "JLW2.5a-benefits-missing": (
        of_holder("entitlements", lambda row: attrs.evolve(row, in_place=row.kind is not Entitled.PENSION)), (),
    ),
    "JLW2.5c-agreement-missing": (of_holder("agreements", lambda _: None), ()),
    "JLW2.5d-no-personnel-file": (
        of_holder("entitlements", lambda row: attrs.evolve(row, in_place=row.kind is not Entitled.PERSONNEL_FILE)), (),
    ),
    "JLW2.7a-training-due": (of_holder("trainings", lambda _: None), ()),
    "JLW2.7b-certified-workers-short": (every("certificates", uncertified), ()),
    "JLW2.7c-training-unplanned": (lacks(Arranged.TRAINING_PLAN), ()),
    "JLW2.8c-service-unordered": (lacks(Arranged.SERVICE_STANDARDS), ()),
    "JLW2.9a-too-many-outstanding": (
        every("assessments", lambda _, row: attrs.evolve(row, grade=AssessmentGrade.OUTSTANDING)),
        ("JLW2.9b-grade-differs-from-scores",),
    ),
    "JLW2.9b-grade-differs-from-scores": (
        of_holder("assessments", lambda row: attrs.evolve(row, grade=AssessmentGrade.BASICALLY_QUALIFIED)), (),
    ),
    "JLW2.9e-lent-unapproved": (
        more(
            "secondments",
            lambda data: Secondment(worker=holder(data), to="某局", since=date(2022, 3, 1), approved=False),
        ),
        (),
    ),
    "JLW2.9f-rewarded-without-merit": (
        more(
            "entitlements",
            lambda data: Entitlement(
                worker=holder(data), kind=Entitled.REWARD, in_place=True, since=date(2022, 3, 1)
            ),
        ),
        (),
    ),
    "JLW2.10a-exit": (
        both(
            of_holder("assessments", lambda _: None), more("assessments", unqualified(2020)),
            more("assessments", unqualified(2021)),
        ),
        ("JLW2.9a-too-many-outstanding",),  # as above, of the years whose grades were taken away
    ),
    "JLW2.10b-exit": (reported(Ground.DISCIPLINE), ()),
    "JLW2.10c-exit": (reported(Ground.GRAVE_NEGLECT, great_loss=True), ()),
    "JLW2.10d-exit": (reported(Ground.AGREEMENT, told_on=date(2022, 3, 9), mended=False), ()),
    "JLW2.10e-exit": (reported(Ground.INCOMPETENCE, helped_on=date(2022, 3, 9), still_unfit=True), ()),
    "JLW2.10f-exit": (reported(Ground.OTHER_LAW, legal_basis="某法第一条"), ()),
    "JLW2.10h-exit": (
        of_holder("workers", lambda row: attrs.evolve(row, birth_date=date(1955, 5, 1))), (),
    ),
    "JLW3.0-no-mechanism": (lacks(Arranged.WORKING_MECHANISM), ()),
    "JLW3.4c-recruited-at-will": (asked(Demanded.RECRUITMENT, since=date(2021, 3, 1), listed=False), ()),
    "BH23-principal-without-certificate": (
        # a principal's certificate that goes missing may bring the community below the figure, so somebody without
        # one is made a principal
        every(
            "holdings",
            lambda data, row: attrs.evolve(row, post_class="principal")
            if row.worker == next(
                one.worker for one in rows(data, "holdings")
                if one.until is None and one.worker not in {each.worker for each in rows(data, "certificates")}
            ) else row,
        ),
        (),
    ),
}


def journal(procedure: str, subject: str, *steps: tuple[str, date, Mapping[str, str]]) -> Proceeding:
    """A proceeding that went through some steps, each by who may take it."""
    found = PROCEDURES[procedure]
    acts = [
        Act(step=name, by=found.step(name).by[0], who="某办公室(虚构)", on=on, document="某文件(虚构)", facts=facts)
        for name, on, facts in steps
    ]
    return found.replay(subject, acts)


ASKED: Final = ("ask", date(2022, 3, 1), {"legal_basis": "某法第一条"})

IN_JOURNALS: Final[Mapping[str, Callable[[Dataset], Proceeding]]] = {
    "JLW3.3b-help-not-provided": lambda _: journal("matters.help", "入户核查", ASKED),
    "JLW3.3b-help-without-means": lambda _: journal(
        "matters.help", "入户核查", ASKED,
        ("provide", date(2022, 3, 9), {"people": "0", "money": "500.00", "powers": "现场查看", "conditions": "车辆一台"}),
    ),
    "JLW3.1a-moved-late": lambda data: journal(
        "transition.committee", holder(data), ("apply", date(2020, 9, 1), {}),
        (
            "examine", date(2020, 9, 9),
            {"conditions": "资格条件", "public_welfare": "no", "in_office": "yes", "full_time": "yes", "conditions_met": "yes"},
        ),
        ("approve", date(2020, 9, 20), {}), ("move", date(2020, 10, 8), {"post": "229901001001-05"}),
    ),
}
"""Breaches that journals tell of."""


def test_every_check_has_a_breach_planted(book: PolicyBook) -> None:
    assert {*BREACHES, *IN_JOURNALS} == set(checks_of(book))


@pytest.mark.parametrize("code", IN_JOURNALS)
def test_one_breach_in_a_journal_is_found_by_its_code_alone(book: PolicyBook, district: Dataset, code: str) -> None:
    found = run_audit(district, book, on=DAY, journals=[IN_JOURNALS[code](district)])
    assert {one.code for one in found.findings} == {code}
    assert found.not_examined == ()


def test_before_a_breach_is_planted_there_is_none(book: PolicyBook, district: Dataset) -> None:
    found = run_audit(district, book, on=DAY, journals=())
    assert (found.findings, found.not_examined) == ((), ())


@pytest.mark.parametrize("code", BREACHES)
def test_one_breach_is_found_by_the_codes_its_case_lists(book: PolicyBook, district: Dataset, code: str) -> None:
    """No more and no fewer; and what it leaves open is nothing."""
    plant, along = BREACHES[code]
    found = run_audit(plant(district), book, on=DAY, journals=())
    assert {one.code for one in found.findings} == {code, *along}
    assert found.not_examined == ()
    assert found.about_policy == ()
