"""From four scores to four grades, exactly, and what a grade proposes (JLW2.9b-d)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import SCHEME, Criterion, WeightedScores
from shequ_core.policy.policy import Policy
from shequ_core.rules.assessment import assessed_grade, proposed, scored_grade
from shequ_core.tables.columns import EnumColumn, ints

Where = Callable[..., Policy]

BEST, GOOD, FAIR, FAILED = AssessmentGrade
GRADES = list(AssessmentGrade)


def grades(policy: Policy, *rows: tuple[int | None, ...]) -> list[AssessmentGrade | None]:
    """Return the grade of each row of four scores, in hundredths of a point."""
    columns = [ints(list(scores)) for scores in zip(*rows, strict=True)]
    return scored_grade(columns[0], columns[1], columns[2], columns[3], policy).to_list()


@pytest.mark.parametrize(
    ("score", "grade"),
    [
        pytest.param(10_000, BEST, id="everything"),
        pytest.param(9_000, BEST, id="at 90"),
        pytest.param(8_999, GOOD, id="a hundredth below 90"),
        pytest.param(7_500, GOOD, id="at 75"),
        pytest.param(7_499, FAIR, id="a hundredth below 75"),
        pytest.param(6_000, FAIR, id="at 60"),
        pytest.param(5_999, FAILED, id="a hundredth below 60"),
        pytest.param(0, FAILED, id="nothing"),
    ],
)
def test_the_edges_of_the_four_grades(assumed: Policy, score: int, grade: AssessmentGrade) -> None:
    """The fewest points of a grade are in it; one hundredth less are not (JLW2.9c)."""
    assert grades(assumed, (score,) * 4) == [grade]


@pytest.mark.parametrize(
    ("scores", "grade"),
    [
        pytest.param((10_000, 10_000, 10_000, 6_666), GOOD, id="89.998"),
        pytest.param((10_000, 10_000, 10_000, 6_667), BEST, id="90.001"),
        pytest.param((7_500, 10_000, 10_000, 10_000), BEST, id="90 sharp: residents weigh most"),
        pytest.param((7_499, 10_000, 10_000, 10_000), GOOD, id="89.996"),
        pytest.param((None, 10_000, 10_000, 10_000), None, id="residents not asked"),
        pytest.param((9_000, 9_000, 9_000, None), None, id="no annual assessment"),
    ],
)
def test_all_four_scores_count_by_weight(
    assumed: Policy, scores: tuple[int | None, ...], grade: AssessmentGrade | None
) -> None:
    """Residents 4/10, organisation 2/10, daily 1/10, annual 3/10 as assumed; without one there is no grade (JLW2.9b)."""
    assert grades(assumed, scores) == [grade]


def test_thirds_are_thirds(where: Where) -> None:
    """A mean of 90 from weights of 1/3 and 1/6 is 90: floats would make it less."""
    weight = dict(zip(Criterion, (Fraction(1, 3), Fraction(1, 3), Fraction(1, 6), Fraction(1, 6)), strict=True))
    policy = where((SCHEME, WeightedScores(weight, dict(zip(AssessmentGrade, (90, 75, 60), strict=False)))))
    assert grades(policy, (9_000,) * 4, (8_999, 9_001, 9_000, 9_000), (8_999, 9_000, 9_000, 9_001)) == [BEST, BEST, GOOD]


SCORES = st.lists(st.tuples(*[st.integers(0, 10_000)] * 4), min_size=1, max_size=20)
SCHEMES = st.tuples(
    st.lists(st.integers(0, 50), min_size=4, max_size=4).filter(any),
    st.lists(st.integers(0, 100), min_size=3, max_size=3, unique=True),
).map(
    lambda drawn: WeightedScores(
        dict(zip(Criterion, (Fraction(one, sum(drawn[0])) for one in drawn[0]), strict=True)),
        dict(zip(AssessmentGrade, sorted(drawn[1], reverse=True), strict=False)),
    )
)


@settings(max_examples=60)
@given(SCHEMES, SCORES)
def test_any_scheme_agrees_with_paper(where: Where, scheme: WeightedScores, rows: list[tuple[int, ...]]) -> None:
    """The weighted mean as an exact fraction, held against the points of each grade from the best down."""
    found = grades(where((SCHEME, scheme)), *rows)
    for scores, grade in zip(rows, found, strict=True):
        mean = sum(weight * score for weight, score in zip(scheme.weight.values(), scores, strict=True)) / 100
        assert grade is next((one for one in GRADES[:-1] if mean >= scheme.points[one]), FAILED)


@settings(max_examples=60)
@given(SCORES, st.integers(0, 3), st.integers(1, 10_000))
def test_a_better_score_never_costs_a_grade(
    assumed: Policy, rows: list[tuple[int, ...]], which: int, more: int
) -> None:
    """Whichever of the four rises; and rows keep to themselves in any order."""
    better = [tuple(score + more * (at == which) for at, score in enumerate(row)) for row in rows]
    before, after = grades(assumed, *rows), grades(assumed, *better)
    assert all(GRADES.index(b) <= GRADES.index(a) for a, b in zip(before, after, strict=True) if a and b)
    assert grades(assumed, *rows[::-1]) == before[::-1]


@pytest.mark.parametrize(
    ("decided", "scored", "counts"),
    [(FAILED, BEST, FAILED), (None, GOOD, GOOD), (FAIR, None, FAIR), (None, None, None)],
)
def test_what_was_decided_goes_before_the_scores(
    decided: AssessmentGrade | None, scored: AssessmentGrade | None, counts: AssessmentGrade | None
) -> None:
    """The subdistrict's decision counts; without one the scores do; without either nobody knows (JLW2.9c)."""
    found = assessed_grade(EnumColumn.of(AssessmentGrade, [decided]), EnumColumn.of(AssessmentGrade, [scored]))
    assert found.to_list() == [counts]


def test_a_grade_proposes_and_no_grade_proposes_nothing(assumed: Policy) -> None:
    """Renewal, review or dismissal as a proposal; somebody unassessed gets none (JLW2.9d)."""
    found = proposed(EnumColumn.of(AssessmentGrade, [*AssessmentGrade, None]), assumed).to_list()
    assert [None if one is None else one.value for one in found] == ["renew", "renew", "review", "dismiss", None]
