"""What each behaviour does, and what it must not do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from shequ_core.errors import InputError, ScenarioError, UnsetError
from shequ_core.law.clauses import Document
from shequ_core.model.posts import CertificateLevel, EducationLevel
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import SCHEME, Criterion, WeightedScores
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import LocalValue
from shequ_core.policy.pay import REFERENCE, AnnualMean
from shequ_core.policy.recruitment import MAX_AGE
from shequ_core.policy.staffing import QUOTA, QUOTA_SHARING, QuotaSharing
from shequ_core.rules.assessment import scored_grade
from shequ_core.simulation.behaviours.assessing import Assessments
from shequ_core.simulation.behaviours.behaviour import KINDS, Behaviour
from shequ_core.simulation.behaviours.certificates import CertificatesWon
from shequ_core.simulation.behaviours.civil_service import CivilServiceRecruitment
from shequ_core.simulation.behaviours.degrees import DegreesWon
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.incidents import Incidents
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.behaviours.reference import ReferenceGrowth
from shequ_core.simulation.facts import facts
from shequ_core.simulation.sheet import read_scenario
from shequ_core.simulation.simulate import more_behaviours, prepare, simulate, usual_behaviours
from shequ_core.simulation.sourced import OWN
from shequ_core.simulation.state import LIVES
from shequ_core.simulation.turn import Leaving, Turn
from shequ_core.tables.columns import IntColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Span, Status

COUNTY = "220421"
YEARS = range(2024, 2026)
ALL, NOBODY = Fraction(1), Fraction(0)
DOC = Document("试行办法").article("第一条")


def told(data: Dataset, book: PolicyBook, behaviours: Sequence[Behaviour], years: range = YEARS) -> Dataset:
    """Simulate the county and return what is written down."""
    return facts(prepare(data, book, COUNTY, years, [7], behaviours), [COUNTY], 7)[0]


def value(key: object, set_to: object) -> LocalValue[object]:
    """Make a value that somebody tries."""
    made: LocalValue[object] = key.set(  # type: ignore[attr-defined]
        set_to, since=date(2021, 1, 1), known_on=date(2021, 1, 1), source=DOC, status=Status.ASSUMPTION
    )
    return made


def test_nobody_moves_without_behaviours(book: PolicyBook, county: Dataset) -> None:
    """Only who has to leaves, nobody comes, nothing is won."""
    found = told(county, book, [])
    assert all(one.since < date(2024, 1, 2) for one in found.holdings)
    leavers = simulate(county, book, COUNTY, YEARS, [7], behaviours=[]).leavers
    assert {one.ground for one in leavers} <= {Leaving.EXIT_AGE, Leaving.FAILED}


def test_everybody_leaves_where_all_do(book: PolicyBook, county: Dataset) -> None:
    """A share of one takes everybody, but who comes in the year stays it."""
    found = told(county, book, [LeavingByChoice(shares=((0, ALL),)), Hiring(filled=ALL)])
    for one in found.holdings:
        if one.since < date(2024, 1, 1):
            assert one.until is not None
            assert one.until.year == 2024
        elif one.until is not None:
            assert one.until.year > one.since.year


def test_newcomers_fulfil_the_conditions(county: Dataset, reformed: Callable[..., PolicyBook]) -> None:
    """Nobody comes who is older, or has less education, than the place asks (JLW2.3b)."""
    book = reformed([value(MAX_AGE, 30)])
    found = told(county, book, [Hiring(filled=ALL, education=(5, 5, 5, 5, 5, 0, 0)), LeavingByChoice()])
    came = {one.worker: one.since for one in found.holdings if one.since >= date(2024, 1, 1)}
    assert came
    for worker in found.workers:
        if worker.id in came:
            assert worker.birth_date is not None
            assert came[worker.id].year - worker.birth_date.year <= 31
    least = list(EducationLevel).index(EducationLevel.JUNIOR_COLLEGE)
    assert all(list(EducationLevel).index(one.level) >= least for one in found.educations or () if one.worker in came)


def test_no_more_are_hired_than_the_quota_has_room_for(county: Dataset, reformed: Callable[..., PolicyBook]) -> None:
    """Vacancies beyond the quota (JLW2.2c) stay vacant."""
    book = reformed([value(QUOTA, 40), value(QUOTA_SHARING, QuotaSharing.BY_CEILING)])
    behaviours = [Hiring(filled=ALL), LeavingByChoice(shares=((0, Fraction(1, 2)),))]
    years = simulate(county, book, COUNTY, range(2024, 2029), [1, 2, 3], behaviours=behaviours).counties
    before = len(county.holdings)
    after = years.held.values[years.year.values > 2025]
    assert before > 40
    assert (after <= 40).all()


def test_certificates_and_degrees(book: PolicyBook, county: Dataset) -> None:
    """The next one each year, from its month on, and no further than the highest."""
    every = dict.fromkeys(("none", "assistant", "social_worker"), ALL)
    found = told(county, book, [CertificatesWon(shares=every), DegreesWon(share=ALL)], range(2024, 2030))
    staying = {one.worker for one in found.holdings if one.until is None}
    assert staying
    assert found.certificates is not None
    won = {(one.worker, one.level): one.since for one in found.certificates}
    for worker in staying:
        assert (worker, CertificateLevel.SENIOR) in won
        new = sorted(day for (who, _), day in won.items() if who == worker and day is not None and day.year >= 2024)
        assert [day.year for day in new] == list(range(2024, 2024 + len(new)))
        assert all(day.month == 10 for day in new)
    assert found.educations is not None
    assert {one.level for one in found.educations if one.since is not None and one.since.year >= 2024} <= set(
        EducationLevel
    ) - {EducationLevel.DOCTOR}


def test_only_those_go_for_whom_the_way_is_open(book: PolicyBook, county: Dataset) -> None:
    """Into the civil service go outstanding leaders alone (JLW2.6a)."""
    found = told(county, book, [CivilServiceRecruitment(share=ALL)])
    assert found.assessments is not None
    grades = {(one.worker, one.year): one.grade for one in found.assessments}
    gone = [one for one in found.holdings if one.until is not None and one.until.month == 8]
    assert gone
    for one in gone:
        assert one.role is not None
        assert one.role.value in {"secretary", "deputy_secretary", "director", "deputy_director"}
        assert one.until is not None
        assert grades[one.worker, one.until.year - 1] is AssessmentGrade.OUTSTANDING


@pytest.mark.parametrize(
    ("grounds", "outcome", "ground"),
    [
        pytest.param((1, 0, 0, 0, 0), NOBODY, Leaving.DISCIPLINE, id="discipline"),
        pytest.param((0, 1, 0, 0, 0), ALL, Leaving.GRAVE_NEGLECT, id="neglect with great loss"),
        pytest.param((0, 1, 0, 0, 0), NOBODY, None, id="neglect without"),
        pytest.param((0, 0, 1, 0, 0), NOBODY, Leaving.AGREEMENT, id="duties not mended"),
        pytest.param((0, 0, 1, 0, 0), ALL, None, id="duties mended"),
        pytest.param((0, 0, 0, 1, 0), ALL, Leaving.INCOMPETENCE, id="still unfit"),
        pytest.param((0, 0, 0, 1, 0), NOBODY, None, id="fit after help"),
        pytest.param((0, 0, 0, 0, 1), NOBODY, Leaving.OTHER_LAW, id="another law"),
    ],
)
def test_incidents_end_a_holding_by_their_rule(
    book: PolicyBook, county: Dataset, grounds: tuple[int, ...], outcome: Fraction, ground: Leaving | None
) -> None:
    """Each with the ground of its clause (JLW2.10b-f), and only where its conditions are met."""
    one = Incidents(share=ALL, grounds=grounds, established={"yes": 1, "no": 0, "open": 0}, outcome=outcome)
    leavers = simulate(county, book, COUNTY, range(2024, 2025), [7], behaviours=[one]).leavers
    assert {left.ground for left in leavers} - {Leaving.EXIT_AGE, Leaving.FAILED} == ({ground} if ground else set())


def test_what_is_not_established_ends_nothing(book: PolicyBook, county: Dataset) -> None:
    """An incident that was found not to be so, or is open."""
    one = Incidents(share=ALL, established={"yes": 0, "no": 1, "open": 1})
    leavers = simulate(county, book, COUNTY, range(2024, 2025), [7], behaviours=[one]).leavers
    assert {left.ground for left in leavers} <= {Leaving.EXIT_AGE, Leaving.FAILED}


def test_a_stricter_scheme_gives_worse_grades(county: Dataset, reformed: Callable[..., PolicyBook]) -> None:
    """Scores are drawn, grades follow by the place's scheme (JLW2.9b)."""
    strict = WeightedScores(
        weight=dict.fromkeys(Criterion, Fraction(1, len(Criterion))),
        points={AssessmentGrade.OUTSTANDING: 100, AssessmentGrade.QUALIFIED: 99, AssessmentGrade.BASICALLY_QUALIFIED: 1},
    )
    found = told(county, reformed([value(SCHEME, strict)]), [Assessments()])
    assert found.assessments is not None
    new = {one.grade for one in found.assessments if one.year >= 2024}
    assert new == {AssessmentGrade.BASICALLY_QUALIFIED}


@pytest.mark.parametrize("lowest", [9000, 8000, 5000])
def test_every_grade_is_what_its_scores_give(book: PolicyBook, county: Dataset, lowest: int) -> None:
    """Where a band lies within one grade no score is asked for, and where it doesn't each is."""
    bands = (Span(lowest, 9800), Span(7500, 8999), Span(6000, 7499), Span(4000, 5999))
    told = Assessments(bands=bands, not_assessed=NOBODY, weak_share=NOBODY)
    ready = prepare(county, book, COUNTY, YEARS, [7], [told])
    seen = []

    def watch(turn: Turn) -> None:
        people, year = turn.people, turn.year
        drawn = LIVES.choose(people.key, told.usual.value, purpose="assessments: grade", year=year)
        scores = {
            part: IntColumn(
                np.array([bands[one].low for one in drawn.tolist()])
                + LIVES.below(
                    people.key, np.array([bands[one].high - bands[one].low + 1 for one in drawn.tolist()]),
                    purpose=f"assessments: {part}", year=year,
                )
            )
            for part in ("residents", "organisation", "daily", "annual")
        }
        expected = scored_grade(**scores, policy=turn.policies[-1]).values
        found = people.history[year - turn.first_year]
        there = found >= 0
        assert (found[there] == expected[there]).all()
        seen.append(int((found[there] != drawn[there]).sum()))

    list(ready.pass_years(ready.state([COUNTY], [7]), watch=watch))
    assert len(seen) == len(YEARS)
    assert (sum(seen) > 0) == (lowest < 9000)


def test_the_reference_goes_on(book: PolicyBook, county: Dataset) -> None:
    """Beyond the last published mean it rises by its share, marked as an assumption; without it, it is stale."""
    years = range(2024, 2027)
    ready = prepare(county, book, COUNTY, years, [1], [ReferenceGrowth(share=Fraction(1, 10))])
    means = [ready.law.policy(COUNTY, date(year, 6, 1))[REFERENCE] for year in years]
    assert all(isinstance(one, AnnualMean) for one in means)
    published = book.policy(COUNTY, date(2023, 6, 1))[REFERENCE]
    assert isinstance(published, AnnualMean)
    assert [one.annual for one in means if isinstance(one, AnnualMean)] == [
        round(published.annual * Fraction(11, 10) ** ahead) for ahead in (1, 2, 3)
    ]
    told_of = ready.law.policy(COUNTY, date(2025, 1, 1)).why(REFERENCE)
    assert told_of is not None
    assert told_of.value.status is Status.ASSUMPTION
    assert not any("pay.reference" in one for one in ready.rests.stale)
    without = prepare(county, book, COUNTY, years, [1], [])
    assert "pay.reference" in without.rests.stale


def test_every_parameter_has_a_status_and_a_source() -> None:
    """What nobody published is an assumption; what somebody gives is theirs; all of it can be written down."""
    for one in usual_behaviours():
        assert KINDS[one.kind] is type(one)
        for parameter in one.parameters().values():
            assert parameter.status is Status.ASSUMPTION or parameter.source
        json.dumps(one.to_data())
    mine = LeavingByChoice(shares=((0, Fraction(1, 20)),))
    assert (mine.shares.status, mine.shares.source) == (Status.ASSUMPTION, OWN)


def test_marks_name_the_assumptions_of_behaviours(book: PolicyBook, county: Dataset) -> None:
    """An answer says that it rests on assumptions, though the policies did not."""
    result = simulate(county, book, COUNTY, range(2024, 2025), [1], behaviours=[LeavingByChoice()])
    assert "assumption" in result.marks


@pytest.mark.parametrize(
    ("years", "seeds"),
    [
        pytest.param(range(2024, 2024), [1], id="no year"),
        pytest.param(range(2024, 2030, 2), [1], id="every other year"),
        pytest.param(YEARS, [], id="no seed"),
        pytest.param(YEARS, [1, 1], id="a seed twice"),
        pytest.param(YEARS, [-1], id="a seed below zero"),
    ],
)
def test_what_cannot_be_simulated_is_refused(
    book: PolicyBook, county: Dataset, years: range, seeds: list[int]
) -> None:
    """Before anything runs."""
    with pytest.raises(ScenarioError):
        simulate(county, book, COUNTY, years, seeds)


def test_values_that_nobody_set_are_named(county: Dataset) -> None:
    """Without the assumptions pay has no grades."""
    with pytest.raises(UnsetError):
        simulate(county, PolicyBook.load(), COUNTY, YEARS, [1])


def test_people_of_whom_too_little_is_known_are_named(book: PolicyBook, county: Dataset) -> None:
    """Without a day of birth nobody's exit can be told: every such row, before anything runs."""
    workers = county.workers
    born = workers.birth_date.unless(np.arange(len(workers)) == 3)
    with pytest.raises(InputError) as caught:
        simulate(county.with_tables({"workers": workers.with_columns(birth_date=born)}), book, COUNTY, YEARS, [1])
    assert "birth_date" in str(caught.value)


def test_what_comes_only_where_it_is_asked_for(tmp_path: Path) -> None:
    """A scenario names each by its kind; none of them is among the usual ones."""
    more = more_behaviours()
    assert not {one.kind for one in more} & {one.kind for one in usual_behaviours()}
    text = 'place = "220421"\nyears = [2024, 2025]\nassume = true\nstart = { synthesize = 2024 }\n'
    text += "".join(f'[[behaviour]]\nkind = "{one.kind}"\n' for one in more)
    path = tmp_path / "scenario.toml"
    path.write_text(text.replace('"elections"\n', '"elections"\nfirst_term = 2022-03-01\n'), encoding="utf-8")
    found = {one.kind: one for one in read_scenario(path).behaviours}
    assert {one.kind for one in more} <= set(found)
    assert found["elections"].parameters()["first_term"].value == date(2022, 3, 1)
    assert json.dumps([one.to_data() for one in found.values()])


@pytest.mark.parametrize(("chunk", "most_rows"), [(7, 100), (2**15, 1)])
def test_more_of_them_come_to_the_same_however_they_are_run(
    book: PolicyBook, city: Dataset, chunk: int, most_rows: int
) -> None:
    """One digest for any chunk and block, two counties and two seeds together or apart."""
    behaviours = [*usual_behaviours(), *more_behaviours()]
    years = range(2026, 2028)
    whole = simulate(city, book, "2204", years, [7, 8], behaviours=behaviours)
    found = simulate(
        city, book, "2204", years, [7, 8], behaviours=behaviours, chunk=chunk, most_rows=most_rows
    )
    assert found.digest() == whole.digest()
    assert {one.ground for one in whole.leavers} >= {Leaving.NOT_ELECTED}
