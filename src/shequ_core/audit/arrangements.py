"""What places must have arranged and have not (JLG2.1 to 2.6, 3.1, 3.2, JLW2.7c, 2.8c, 3.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

import attrs
import numpy as np

from shequ_core.audit.counties import County, counties_of, finding, inside, not_examined
from shequ_core.errors import msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.arrangements import Arranged
from shequ_core.policy.book import PolicyBook
from shequ_core.rules import arrangements as rules
from shequ_core.tables.arrangements import Arrangements
from shequ_core.tables.columns import BoolColumn, EnumColumn, TextColumn, concat, rows_where
from shequ_core.tables.dataset import Dataset

Rule: TypeAlias = Callable[
    [TextColumn, TextColumn, EnumColumn[Arranged], BoolColumn], Mapping[Arranged, BoolColumn]
]


@attrs.frozen(kw_only=True, eq=False)
class Seen:
    """What is seen of a county.

    Attributes:
        county: Its places and the policy in force there.
        at: The place of each row that the county wrote down; None where there is no such table.
        kind: What each row tells of.
        held: Whether that is there on the day.
    """

    county: County
    at: TextColumn | None
    kind: EnumColumn[Arranged]
    held: BoolColumn

    def lacking(
        self, code: str, rule: Rule, places: Sequence[TextColumn | None], grade: Grade | None = None
    ) -> Iterator[Finding]:
        """Yield each place that lacks something of what a rule asks for, and how many nobody can say it of."""
        if not self.county.in_force(code):
            return
        if self.at is None:
            yield not_examined(code, self.county.code, msg("a table of what is arranged is missing"))
            return
        if any(one is None for one in places):
            yield not_examined(code, self.county.code, msg("the tables of grids and buildings are missing"))
        given = [one for one in places if one is not None]
        if not given:
            return
        asked = concat(given)
        answers = rule(asked, self.at, self.kind, self.held)
        lacks = np.zeros(len(asked), dtype=np.bool_)
        for one in answers.values():
            lacks |= one.true()
        for row in np.flatnonzero(lacks).tolist():
            missing = tuple(kind for kind, one in answers.items() if one.true()[row])
            yield finding(code, str(asked.row(row)), msg("missing: {missing}", missing=missing), grade)
        for kind, one in answers.items():
            unknown = int((~one.mask()).sum())
            if unknown:
                told = msg("of {count} places nobody said whether they have: {kind}", count=unknown, kind=kind)
                yield not_examined(code, self.county.code, told)


def arrangement_findings(
    data: Dataset, book: PolicyBook, on: date, *, known: date | None = None
) -> tuple[Finding, ...]:
    """Return what places should have arranged and have not, in the order of code and subject.

    Args:
        data: The facts; without the table `arrangements` nothing of it is examined.
        book: The policies.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    found: list[Finding] = []
    for county in counties_of(data, book, on, known):
        seen = _seen(data, county, on)
        for check in CHECKS:
            found += check(seen)
        found += seats_open(data, county)
    return tuple(sorted(found, key=lambda one: (one.code, one.subject)))


def _seen(data: Dataset, county: County, on: date) -> Seen:
    if data.arrangements is None:
        nothing = Arrangements.empty()
        return Seen(county=county, at=None, kind=nothing.kind, held=nothing.in_place)
    rows = data.arrangements
    levels = (county.itself, county.subdistricts, county.communities, county.grids, county.buildings)
    rows = rows.where(inside(rows.place, concat([one for one in levels if one is not None])))
    return Seen(
        county=county, at=rows.place, kind=rows.kind, held=rules.held_on(rows.in_place, rows.since, rows.until, on)
    )


def no_one_answers(seen: Seen) -> Iterator[Finding]:
    """Yield the subdistricts, communities, grids and buildings for which nobody answers.

    What to do:
        Name who answers for each, in a row of the kind 责任人.
    """
    here = seen.county
    places = (here.subdistricts, here.communities, here.grids, here.buildings)
    return seen.lacking("JLG2.1.1-no-one-answers", rules.unanswered, places)


def no_party_household(seen: Seen) -> Iterator[Finding]:
    """Yield the grids in which no Party member's household serves as a centre.

    What to do:
        The community's Party organisation names one in each grid.
    """
    here = seen.county
    return seen.lacking("JLG2.1.1-no-party-household", rules.without_party_household, (here.grids,))


def no_serving_members(seen: Seen) -> Iterator[Finding]:
    """Yield the communities that serving Party members don't report to or that are paired with no office.

    What to do:
        The Party committee for government offices pairs an office with the community.
    """
    here = seen.county
    return seen.lacking("JLG2.1.2a-no-serving-members", rules.without_serving_members, (here.communities,))


def no_first_secretary(seen: Seen) -> Iterator[Finding]:
    """Yield the subdistricts and communities without a first secretary.

    What to do:
        The county's organisation department names an office that sends one.
    """
    here = seen.county
    places = (here.subdistricts, here.communities)
    return seen.lacking("JLG2.1.2b-no-first-secretary", rules.without_first_secretary, places)


def systems_apart(seen: Seen) -> Iterator[Finding]:
    """Yield the counties whose schools', state enterprises' or hospitals' Party bodies stay away from communities.

    What to do:
        The Party bodies of these systems agree with communities on what they do there.
    """
    here = seen.county
    return seen.lacking("JLG2.1.2c-systems-apart", rules.systems_apart, (here.itself,))


def centre_lacks(seen: Seen) -> Iterator[Finding]:
    """Yield the subdistricts and communities without a service centre, or with one that lacks sign, staff or rules.

    What to do:
        Open the centre, hang the common sign, name its staff, write its rules down.
    """
    here = seen.county
    return seen.lacking("JLG2.1.3-centre-lacks", rules.centre_lacks, (here.subdistricts, here.communities))


def no_window(seen: Seen) -> Iterator[Finding]:
    """Yield the subdistricts and communities to which no department brought a service window.

    What to do:
        The county's departments agree which windows go down.
    """
    here = seen.county
    return seen.lacking("JLG2.1.3b-no-window", rules.without_window, (here.subdistricts, here.communities))


def no_charter(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a charter of self-government or a residents' pact.

    What to do:
        The residents' assembly adopts them.
    """
    here = seen.county
    return seen.lacking("JLG2.2.3-no-charter", rules.without_charter, (here.communities,))


def no_conference(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a joint conference.

    What to do:
        The Party organisation and the residents' committee call it.
    """
    here = seen.county
    return seen.lacking("JLG2.3.1a-no-conference", rules.without_conference, (here.communities,))


def unprepared(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a contingency plan, a shelter, fire facilities or a drill.

    What to do:
        Write the plan that is missing, name the shelter, hold the drill.
    """
    here = seen.county
    return seen.lacking("JLG2.3.3-unprepared", rules.unprepared, (here.communities,))


def no_police_office(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a police office.

    What to do:
        The county's police open one.
    """
    here = seen.county
    return seen.lacking("JLG2.3.4a-no-police-office", rules.without_police_office, (here.communities,))


def no_full_time_police(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a full-time police officer, which is an aim.

    What to do:
        The county's police free an officer from other work.
    """
    here = seen.county
    places = (here.communities,)
    return seen.lacking("JLG2.3.4a-no-full-time-police", rules.without_full_time_police, places, Grade.NOTE)


def services_out_of_reach(seen: Seen) -> Iterator[Finding]:
    """Yield the communities that medical, fitness or legal services or the security platform don't reach.

    What to do:
        Agree with the service's office how residents get it.
    """
    here = seen.county
    return seen.lacking("JLG2.3.4b-services-out-of-reach", rules.services_out_of_reach, (here.communities,))


def not_bought(seen: Seen) -> Iterator[Finding]:
    """Yield the counties whose purchase catalogue or whose suppliers leave communities out.

    What to do:
        The finance department adds them to the catalogue and to the suppliers.
    """
    here = seen.county
    return seen.lacking("JLG2.5.1-not-in-catalogue", rules.not_bought, (here.itself,))


def nothing_bought(seen: Seen) -> Iterator[Finding]:
    """Yield the counties that buy no community service, which is an aim.

    What to do:
        Buy what the market can provide.
    """
    here = seen.county
    return seen.lacking("JLG2.5.1-nothing-bought", rules.nothing_bought, (here.itself,), Grade.NOTE)


def no_cadres(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a cadre on temporary duty, which is an aim.

    What to do:
        The county's organisation department places one.
    """
    here = seen.county
    return seen.lacking("JLG2.5.3-no-cadres", rules.no_cadres, (here.communities,))


def not_one_window(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without one number, one window and one network.

    What to do:
        Join the community's window to the province's network.
    """
    here = seen.county
    return seen.lacking("JLG2.6.1c-not-one-window", rules.not_one_window, (here.communities,))


def no_rules_of_its_own(seen: Seen) -> Iterator[Finding]:
    """Yield the counties without an implementing opinion.

    What to do:
        The county issues one; its figures go into a plugin.
    """
    here = seen.county
    return seen.lacking("JLG3.1-no-implementing-rules", rules.without_rules_of_its_own, (here.itself,))


def leaders_not_assessed(seen: Seen) -> Iterator[Finding]:
    """Yield the counties in which community governance doesn't count for leaders.

    What to do:
        The county adds it to the indicators and to the secretaries' reviews.
    """
    here = seen.county
    return seen.lacking("JLG3.2-leaders-not-assessed", rules.leaders_not_assessed, (here.itself,))


def training_unplanned(seen: Seen) -> Iterator[Finding]:
    """Yield the counties whose talent plan leaves training out or that have no training plan.

    What to do:
        Add training to the plan; draw one up by post and level.
    """
    here = seen.county
    return seen.lacking("JLW2.7c-training-unplanned", rules.training_unplanned, (here.itself,))


def service_unordered(seen: Seen) -> Iterator[Finding]:
    """Yield the communities without a single window, joint handling or written standards.

    What to do:
        Open the window, settle who handles what behind it, write the standards down.
    """
    here = seen.county
    return seen.lacking("JLW2.8c-service-unordered", rules.service_unordered, (here.communities,))


def no_mechanism(seen: Seen) -> Iterator[Finding]:
    """Yield the counties without a mechanism of civil affairs and the other departments.

    What to do:
        The county sets it up.
    """
    here = seen.county
    return seen.lacking("JLW3.0-no-mechanism", rules.without_mechanism, (here.itself,))


def seats_open(data: Dataset, county: County) -> Iterator[Finding]:
    """Yield the communities of which a body has seats that nobody holds, and bodies whose seats nobody wrote down.

    What to do:
        Fill the seat by the body's own procedure.
    """
    code = "JLG2.2.2-seats-open"
    if not county.in_force(code):
        return
    if data.seats is None:
        yield not_examined(code, county.code, msg("a table of the seats of bodies is missing"))
        return
    seats = data.seats.where(inside(data.seats.community, county.communities))
    opened = rules.seats_open(seats.seats, seats.held)
    for row in rows_where(opened > 0):
        told = msg("{body}: {count} of {seats} seats are open", body=seats.body.row(row), count=opened.row(row),
                   seats=seats.seats.row(row))
        yield finding(code, str(seats.community.row(row)), told)
    unknown = int((~opened.mask()).sum())
    untold = rules.bodies_untold(county.communities, seats.community, seats.body)
    unknown += sum(len(rows_where(one)) for one in untold.values())
    if unknown:
        yield not_examined(code, county.code, msg("of {count} bodies nobody counted the seats", count=unknown))


CHECKS: Final[Sequence[Callable[[Seen], Iterator[Finding]]]] = (
    no_one_answers,
    no_party_household,
    no_serving_members,
    no_first_secretary,
    systems_apart,
    centre_lacks,
    no_window,
    no_charter,
    no_conference,
    unprepared,
    no_police_office,
    no_full_time_police,
    services_out_of_reach,
    not_bought,
    nothing_bought,
    no_cadres,
    not_one_window,
    no_rules_of_its_own,
    leaders_not_assessed,
    training_unplanned,
    service_unordered,
    no_mechanism,
)
