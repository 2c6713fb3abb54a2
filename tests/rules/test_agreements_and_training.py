"""Terms, agreements that run with them, and when training is due (JLW2.5c, 2.7a)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import UnsetError
from shequ_core.model.posts import Role
from shequ_core.policy.agreements import FIRST_DAY, SINCE_ELECTION_OF, TERM
from shequ_core.policy.policy import Policy
from shequ_core.rules.agreements import agreement_fits, term_of
from shequ_core.rules.training import training_due_by
from shequ_core.tables.columns import DateColumn, EnumColumn, ints
from shequ_core.values import Span

Where = Callable[..., Policy]

ELECTED = date(2021, 7, 1)
TERM_ENDS = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("first", "on", "term"),
    [
        pytest.param(ELECTED, date(2021, 6, 30), None, id="before the first election"),
        pytest.param(ELECTED, ELECTED, (ELECTED, TERM_ENDS), id="first day"),
        pytest.param(ELECTED, TERM_ENDS, (ELECTED, TERM_ENDS), id="last day"),
        pytest.param(ELECTED, date(2026, 7, 1), (date(2026, 7, 1), date(2031, 6, 30)), id="the next term"),
        pytest.param(ELECTED, date(2050, 1, 1), (date(2046, 7, 1), date(2051, 6, 30)), id="many terms on"),
        pytest.param(date(2018, 6, 1), date(2022, 1, 1), None, id="elected before agreements began"),
        pytest.param(date(2018, 6, 1), date(2023, 6, 1), (date(2023, 6, 1), date(2028, 5, 31)), id="and its next term"),
        pytest.param(date(2010, 6, 1), date(2020, 6, 1), None, id="two terms before"),
        pytest.param(date(2024, 2, 29), date(2024, 3, 1), (date(2024, 2, 29), date(2029, 2, 27)), id="on 29 February"),
    ],
)
def test_agreements_run_with_the_committees_term(
    where: Where, first: date, on: date, term: tuple[date, date] | None
) -> None:
    """Five years from the place's own election day, from the election of 2021 on (JLW2.5c)."""
    found = term_of(on, where((FIRST_DAY, first)))
    assert found == (None if term is None else Span(*term))


@settings(max_examples=100)
@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)), st.integers(1, 9), st.dates(date(2021, 1, 1), date(2060, 1, 1)))
def test_terms_follow_one_another_without_a_gap(where: Where, first: date, years: int, on: date) -> None:
    """The day lies in its term, and the day after a term begins the next."""
    policy = where((FIRST_DAY, first), (TERM, years), (SINCE_ELECTION_OF, 2021))
    term = term_of(on, policy)
    if term is None:
        assert on < max(first, date(2021 + years, 1, 1))
        return
    assert term.low <= on <= term.high
    assert term.low.year >= 2021
    following = term_of(term.high + timedelta(days=1), policy)
    assert following is not None
    assert following.low == term.high + timedelta(days=1)


def test_without_the_places_own_election_day_nobody_can_say(jilin: Policy) -> None:
    """The day is local: unset, it is named with its clause."""
    with pytest.raises(UnsetError, match=r"agreements\.first_day \(JLW2\.5c\)"):
        term_of(date(2022, 1, 1), jilin)


@pytest.mark.parametrize(
    ("since", "until", "came", "fits"),
    [
        pytest.param(ELECTED, TERM_ENDS, date(2019, 1, 1), True, id="signed for the whole term"),
        pytest.param(date(2020, 7, 1), TERM_ENDS, date(2019, 1, 1), True, id="signed earlier"),
        pytest.param(date(2021, 7, 2), TERM_ENDS, date(2019, 1, 1), False, id="begins a day late"),
        pytest.param(ELECTED, date(2026, 6, 29), date(2019, 1, 1), False, id="ends a day early"),
        pytest.param(ELECTED, date(2026, 7, 1), date(2019, 1, 1), False, id="ends a day late"),
        pytest.param(date(2023, 3, 1), TERM_ENDS, date(2023, 3, 1), True, id="joined in mid-term"),
        pytest.param(date(2023, 3, 2), TERM_ENDS, date(2023, 3, 1), False, id="joined, and signed a day late"),
        pytest.param(ELECTED, None, date(2019, 1, 1), None, id="its end isn't known"),
        pytest.param(None, date(2026, 6, 29), date(2019, 1, 1), False, id="one no is enough"),
    ],
)
def test_an_agreement_runs_to_the_end_of_the_term(
    since: date | None, until: date | None, came: date, fits: bool | None
) -> None:
    """From the term's first day, or from when the person came, to the term's end (JLW2.5c)."""
    term = Span(ELECTED, TERM_ENDS)
    found = agreement_fits(DateColumn.of([since]), DateColumn.of([until]), DateColumn.of([came]), term)
    assert found.to_list() == [fits]


@pytest.mark.parametrize(
    ("role", "last", "since", "due"),
    [
        pytest.param(Role.SECRETARY, 2021, 2019, 2022, id="secretary: every year"),
        pytest.param(Role.DIRECTOR, 2021, 2019, 2022, id="director: every year"),
        pytest.param(Role.DEPUTY_SECRETARY, 2021, 2019, 2023, id="deputy secretary: every two"),
        pytest.param(Role.DEPUTY_DIRECTOR, 2021, 2019, 2023, id="deputy director: every two"),
        pytest.param(Role.MEMBER, 2021, 2019, 2023, id="member: every two"),
        pytest.param(Role.STAFF, 2021, 2019, 2023, id="staff: every two"),
        pytest.param(Role.SECRETARY, None, 2022, 2022, id="never trained: within the first year"),
        pytest.param(Role.STAFF, None, 2022, 2023, id="never trained: within the first two"),
        pytest.param(Role.STAFF, 2022, 2022, 2024, id="trained in the first year"),
        pytest.param(None, 2021, 2019, None, id="role not known"),
    ],
)
def test_training_comes_round_in_calendar_years(
    jilin: Policy, role: Role | None, last: int | None, since: int, due: int | None
) -> None:
    """Once in each year, once in any two running (JLW2.7a)."""
    found = training_due_by(EnumColumn.of(Role, [role]), ints([last]), ints([since]), jilin)
    assert found.to_list() == [due]


@settings(max_examples=50)
@given(
    st.lists(
        st.tuples(st.sampled_from(Role), st.none() | st.integers(2015, 2024), st.integers(2015, 2024)),
        min_size=1, max_size=20,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_nobody_trained_this_year_is_due_this_year(
    jilin: Policy, people: list[tuple[Role, int | None, int]], chance: Random
) -> None:
    """A training puts the next one at least a year off, and rows keep to themselves in any order."""
    order = chance.sample(range(len(people)), len(people))

    def due(listed: list[tuple[Role, int | None, int]]) -> list[int | None]:
        roles, last, since = zip(*listed, strict=True)
        return training_due_by(EnumColumn.of(Role, roles), ints(list(last)), ints(list(since)), jilin).to_list()

    found = due(people)
    for (_, last, since), one in zip(people, found, strict=True):
        assert one is not None
        assert one >= since if last is None else one > last
    assert due([people[at] for at in order]) == [found[at] for at in order]
