"""Terms of the committees: who is not elected again leaves, and everybody signs to the term's end (JLW2.5c)."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from shequ_core.audit.run import run_audit
from shequ_core.model.posts import Role
from shequ_core.policy.book import PolicyBook
from shequ_core.simulation.behaviours.elections import Elections
from shequ_core.simulation.facts import facts
from shequ_core.simulation.simulate import prepare, simulate, usual_behaviours
from shequ_core.simulation.turn import Leaving
from shequ_core.tables.dataset import Dataset

COUNTY = "220421"
YEARS = range(2024, 2028)
TERM = date(2026, 7, 1)
MISSING = "JLW2.5c-agreement-missing"
ALL, NOBODY = Fraction(1), Fraction(0)


def test_who_is_not_elected_again_leaves_with_the_old_term(book: PolicyBook, county: Dataset) -> None:
    """All who were elected leave in June 2026, the staff stays; nobody leaves so in another year."""
    elections = Elections(lost=ALL)
    ready = prepare(county, book, COUNTY, YEARS, [7], [elections])
    data, _ = facts(ready, [COUNTY], 7)
    leavers = simulate(county, book, COUNTY, YEARS, [7], behaviours=[elections]).leavers
    lost = {one.year: one.people for one in leavers if one.ground is Leaving.NOT_ELECTED}
    gone = [one for one in data.holdings if one.until == TERM - timedelta(days=1) and one.role is not Role.STAFF]
    assert lost == {2026: len(gone)}
    stayed = {one.role for one in data.holdings if one.until is None}
    assert stayed == {Role.STAFF}


def test_the_audit_finds_whose_agreement_is_missing(book: PolicyBook, county: Dataset) -> None:
    """At the end of each year, of the facts that were written down."""
    behaviours = [*usual_behaviours(), Elections(unsigned=Fraction(1, 4))]
    ready = prepare(county, book, COUNTY, YEARS, [7], behaviours)
    data, sums = facts(ready, [COUNTY], 7)
    for year, one in zip(YEARS, sums, strict=True):
        found = run_audit(data, ready.law.book, on=date(year, 12, 31), select=[MISSING]).findings
        missing = sum(finding.code == MISSING for finding in found)
        assert missing == int(one.counts["agreements_missing"].sum()) > 0


def test_everybody_signs_once_a_term(book: PolicyBook, county: Dataset) -> None:
    """All in the year of the election, newcomers in the others."""
    behaviours = [*usual_behaviours(), Elections(unsigned=NOBODY, lost=NOBODY)]
    for one in simulate(county, book, COUNTY, YEARS, [7], behaviours=behaviours).counties:
        there = one.held + one.outside
        assert one.agreements_missing == 0
        assert one.agreements_signed == there if one.year == TERM.year else one.agreements_signed <= one.hired


def test_no_other_draw_changes(book: PolicyBook, county: Dataset) -> None:
    """Before the election every year is as it is without; after it, where nobody loses."""
    plain = simulate(county, book, COUNTY, YEARS, [7, 8])
    never = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=[*usual_behaviours(), Elections(lost=NOBODY)])
    some = simulate(county, book, COUNTY, YEARS, [7, 8], behaviours=[*usual_behaviours(), Elections(lost=ALL)])
    assert [one.total for one in plain.counties] == [one.total for one in never.counties]
    assert [one.people for one in plain.structure] == [one.people for one in never.structure]
    before = [one.total for one in some.counties if one.year < TERM.year]
    assert before == [one.total for one in plain.counties if one.year < TERM.year]
    assert Elections().to_data()["first_term"] == {"value": "2021-07-01", "status": "assumption", "source": ""}
