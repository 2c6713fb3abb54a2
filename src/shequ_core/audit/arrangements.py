"""What places must have arranged and have not (JLG2.1 to 2.6, 3.1, 3.2, JLW2.7c, 2.8c, 3.0)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final, TypeAlias

import attrs

from shequ_core.audit.counties import County, by_county, counties, inside, missing_of, open_counties
from shequ_core.audit.registry import check
from shequ_core.errors import msg
from shequ_core.law.findings import Grade
from shequ_core.model.arrangements import Arranged
from shequ_core.policy.checks import Breach, Seen, Told, Unexamined
from shequ_core.rules import arrangements as rules
from shequ_core.tables.columns import BoolColumn, EnumColumn, TextColumn, concat, rows_where

Rule: TypeAlias = Callable[
    [TextColumn, TextColumn, EnumColumn[Arranged], BoolColumn], Mapping[Arranged, BoolColumn]
]

MISSING: Final = msg("missing: {missing}")
UNKNOWN: Final = msg("nobody said whether they have: {kind}")


@attrs.frozen(kw_only=True, eq=False)
class Written:
    """What a county wrote down of its arrangements.

    Attributes:
        at: The place of each row.
        kind: What it tells of.
        held: Whether that is there on the day.
    """

    at: TextColumn
    kind: EnumColumn[Arranged]
    held: BoolColumn


def written(seen: Seen) -> Mapping[str, Written]:
    """Return what each county wrote down, by its code."""
    table = seen.data.arrangements
    assert table is not None
    held = rules.held_on(table.in_place, table.since, table.until, seen.on)
    known = {one.code: one.communities for one in seen.once(counties)}  # one vocabulary for all of a county's places
    return {
        code: Written(at=at, kind=table.kind.take(rows), held=held.take(rows))
        for code, rows, at in by_county(seen, table.place, known)
    }


def _lacking(seen: Seen, rule: Rule, *levels: Callable[[County], TextColumn | None]) -> Iterator[Told]:
    """Yield each place of some levels that lacks something of what a rule asks for."""
    for county in open_counties(seen):
        asked = concat([places for level in levels if (places := level(county)) is not None])
        told = seen.once(written)[county.code]
        yield from missing_of(county, asked, rule(asked, told.at, told.kind, told.held), MISSING, UNKNOWN)


def _itself(county: County) -> TextColumn:
    return county.itself


def _subdistricts(county: County) -> TextColumn:
    return county.subdistricts


def _communities(county: County) -> TextColumn:
    return county.communities


def _grids(county: County) -> TextColumn | None:
    return county.grids


def _buildings(county: County) -> TextColumn | None:
    return county.buildings


@check("JLG2.1.1-no-one-answers", tables=("arrangements", "grids", "buildings"))
def no_one_answers(seen: Seen) -> Iterator[Told]:
    """Nobody answers for a subdistrict, community, grid or building.

    What to do:
        Name who answers for each, in a row of the kind 责任人.
    """
    return _lacking(seen, rules.unanswered, _subdistricts, _communities, _grids, _buildings)


@check("JLG2.1.1-no-party-household", tables=("arrangements", "grids"))
def no_party_household(seen: Seen) -> Iterator[Told]:
    """In a grid no Party member's household serves as a centre.

    What to do:
        The community's Party organisation names one in each grid.
    """
    return _lacking(seen, rules.without_party_household, _grids)


@check("JLG2.1.2a-no-serving-members", tables=("arrangements",))
def no_serving_members(seen: Seen) -> Iterator[Told]:
    """Serving Party members don't report to a community, or no office is paired with it.

    What to do:
        The Party committee for government offices pairs an office with the community.
    """
    return _lacking(seen, rules.without_serving_members, _communities)


@check("JLG2.1.2b-no-first-secretary", tables=("arrangements",))
def no_first_secretary(seen: Seen) -> Iterator[Told]:
    """A subdistrict or community has no first secretary.

    What to do:
        The county's organisation department names an office that sends one.
    """
    return _lacking(seen, rules.without_first_secretary, _subdistricts, _communities)


@check("JLG2.1.2c-systems-apart", tables=("arrangements",))
def systems_apart(seen: Seen) -> Iterator[Told]:
    """Schools', state enterprises' or hospitals' Party bodies of a county stay away from communities: an aim.

    What to do:
        The Party bodies of these systems agree with communities on what they do there.
    """
    return _lacking(seen, rules.systems_apart, _itself)


@check("JLG2.1.3-centre-lacks", tables=("arrangements",))
def centre_lacks(seen: Seen) -> Iterator[Told]:
    """A subdistrict or community has no service centre, or one that lacks sign, staff of its own or rules.

    What to do:
        Open the centre, hang the common sign, name its staff, write its rules down.
    """
    return _lacking(seen, rules.centre_lacks, _subdistricts, _communities)


@check("JLG2.1.3b-no-window", tables=("arrangements",))
def no_window(seen: Seen) -> Iterator[Told]:
    """No department has brought a service window down to a subdistrict or community.

    What to do:
        The county's departments agree which windows go down.
    """
    return _lacking(seen, rules.without_window, _subdistricts, _communities)


@check("JLG2.2.3-no-charter", tables=("arrangements",))
def no_charter(seen: Seen) -> Iterator[Told]:
    """A community has no charter of self-government or no residents' pact.

    What to do:
        The residents' assembly adopts them.
    """
    return _lacking(seen, rules.without_charter, _communities)


@check("JLG2.3.1a-no-conference", tables=("arrangements",))
def no_conference(seen: Seen) -> Iterator[Told]:
    """A community has no joint conference.

    What to do:
        The Party organisation and the residents' committee call it.
    """
    return _lacking(seen, rules.without_conference, _communities)


@check("JLG2.3.3-unprepared", tables=("arrangements",))
def unprepared(seen: Seen) -> Iterator[Told]:
    """A community lacks a contingency plan, a shelter, fire facilities or a drill.

    What to do:
        Write the plan that is missing, name the shelter, hold the drill.
    """
    return _lacking(seen, rules.unprepared, _communities)


@check("JLG2.3.4a-no-police-office", tables=("arrangements",))
def no_police_office(seen: Seen) -> Iterator[Told]:
    """A community has no police office.

    What to do:
        The county's police open one.
    """
    return _lacking(seen, rules.without_police_office, _communities)


@check("JLG2.3.4a-no-full-time-police", tables=("arrangements",), grade=Grade.NOTE)
def no_full_time_police(seen: Seen) -> Iterator[Told]:
    """A community has no full-time police officer: an aim.

    What to do:
        The county's police free an officer from other work.
    """
    return _lacking(seen, rules.without_full_time_police, _communities)


@check("JLG2.3.4b-services-out-of-reach", tables=("arrangements",))
def services_out_of_reach(seen: Seen) -> Iterator[Told]:
    """Medical, fitness or legal services or the security platform don't reach a community: an aim.

    What to do:
        Agree with the service's office how residents get it.
    """
    return _lacking(seen, rules.services_out_of_reach, _communities)


@check("JLG2.5.1-not-in-catalogue", tables=("arrangements",))
def not_bought(seen: Seen) -> Iterator[Told]:
    """A county's purchase catalogue or its suppliers leave communities out.

    What to do:
        The finance department adds them to the catalogue and to the suppliers.
    """
    return _lacking(seen, rules.not_bought, _itself)


@check("JLG2.5.1-nothing-bought", tables=("arrangements",), grade=Grade.NOTE)
def nothing_bought(seen: Seen) -> Iterator[Told]:
    """A county buys no community service: an aim.

    What to do:
        Buy what the market can provide.
    """
    return _lacking(seen, rules.nothing_bought, _itself)


@check("JLG2.5.3-no-cadres", tables=("arrangements",))
def no_cadres(seen: Seen) -> Iterator[Told]:
    """A community has no cadre on temporary duty: an aim.

    What to do:
        The county's organisation department places one.
    """
    return _lacking(seen, rules.no_cadres, _communities)


@check("JLG2.6.1c-not-one-window", tables=("arrangements",))
def not_one_window(seen: Seen) -> Iterator[Told]:
    """A community lacks the one number, one window or one network.

    What to do:
        Join the community's window to the province's network.
    """
    return _lacking(seen, rules.not_one_window, _communities)


@check("JLG3.1-no-implementing-rules", tables=("arrangements",))
def no_rules_of_its_own(seen: Seen) -> Iterator[Told]:
    """A county has no implementing opinion.

    What to do:
        The county issues one; its figures go into a plugin.
    """
    return _lacking(seen, rules.without_rules_of_its_own, _itself)


@check("JLG3.2-leaders-not-assessed", tables=("arrangements",))
def leaders_not_assessed(seen: Seen) -> Iterator[Told]:
    """Community governance doesn't count for the leaders of a county, or not in its secretaries' reviews.

    What to do:
        The county adds it to the indicators and to the secretaries' reviews.
    """
    return _lacking(seen, rules.leaders_not_assessed, _itself)


@check("JLW2.7c-training-unplanned", tables=("arrangements",))
def training_unplanned(seen: Seen) -> Iterator[Told]:
    """A county's talent plan leaves training out, or it has no training plan by post and level.

    What to do:
        Add training to the plan; draw one up by post and level.
    """
    return _lacking(seen, rules.training_unplanned, _itself)


@check("JLW2.8c-service-unordered", tables=("arrangements",))
def service_unordered(seen: Seen) -> Iterator[Told]:
    """A community has no single window, no joint handling behind it, or no written service standards.

    What to do:
        Open the window, settle who handles what behind it, write the standards down.
    """
    return _lacking(seen, rules.service_unordered, _communities)


@check("JLW3.0-no-mechanism", tables=("arrangements",))
def no_mechanism(seen: Seen) -> Iterator[Told]:
    """Civil affairs of a county has no mechanism with the other departments.

    What to do:
        The county sets it up.
    """
    return _lacking(seen, rules.without_mechanism, _itself)


@check("JLG2.2.2-seats-open", tables=("seats",))
def seats_open(seen: Seen) -> Iterator[Told]:
    """A body of a community has seats that nobody holds.

    What to do:
        Fill the seat by the body's own procedure.
    """
    table = seen.data.seats
    assert table is not None
    for county in open_counties(seen):
        seats = table.where(inside(table.community, county.communities))
        opened = rules.seats_open(seats.seats, seats.held)
        for row in rows_where(opened > 0):
            yield Breach(
                subject=str(seats.community.row(row)), found=seats.held.row(row), allowed=seats.seats.row(row),
                message=msg("{body}: {count} of {seats} seats are open", body=seats.body.row(row),
                            count=opened.row(row), seats=seats.seats.row(row)),
            )
        unknown = int((~opened.mask()).sum())
        untold = rules.bodies_untold(county.communities, seats.community, seats.body)
        unknown += sum(len(rows_where(one)) for one in untold.values())
        if unknown:
            told = msg("nobody counted the seats of a body, or who holds them")
            yield Unexamined(place=county.code, count=unknown, message=told)
