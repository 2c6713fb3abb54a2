"""What places must have arranged, and which of them lack it (JLG2.1 to 2.6, 3.1, 3.2, JLW2.7c, 2.8c, 3.0).

Every rule is given the places of a county and all that the county wrote down, and answers, for each thing that its
clause asks for, which places lack it. A thing of which the county has no row at all was not asked about, so of every
place that is unknown; a row that says no settles it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.arrangements import Arranged, Body
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, IntColumn, Ints, TextColumn, maximum
from shequ_core.tables.in_post import places_in


def held_on(in_place: BoolColumn, since: DateColumn, until: DateColumn, day: date) -> BoolColumn:
    """Whether each thing is there on a day: it is said to be, has begun as far as is known, and has not ended."""
    return in_place & ~BoolColumn((since > day).true()) & ~BoolColumn((until < day).true())


def lacking(places: TextColumn, at: TextColumn, held: BoolColumn) -> BoolColumn:
    """Which places have none of the rows that are held; unknown where a row's own answer is, and where there is no row.

    Args:
        places: Each place, once.
        at: The place of each row.
        held: Whether what the row tells of is there.
    """
    return _lacking(len(places), places_in(at, places), held)


def _lacking(places: int, row: Ints, held: BoolColumn) -> BoolColumn:
    here = row >= 0
    yes = np.zeros(places, dtype=np.bool_)
    yes[row[here & held.true()]] = True
    doubtful = np.zeros(places, dtype=np.bool_)
    doubtful[row[here & ~held.mask()]] = True
    return BoolColumn(~yes, (yes | ~doubtful) if len(row) else np.zeros(places, dtype=np.bool_))


def _each(
    wanted: tuple[Arranged, ...], places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    row, found = places_in(at, places), {}
    for one in wanted:
        kept = (kind == one).true()
        found[one] = _lacking(len(places), row[kept], held.where(kept))
    return found


@implements("JLG2.1.1")
def unanswered(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which subdistricts, communities, grids and buildings have nobody who answers for them."""
    return _each((Arranged.ANSWERABLE,), places, at, kind, held)


@implements("JLG2.1.1")
def without_party_household(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which grids the line reaches no Party member's household in.

    Reading:
        The line runs "街道、社区、网格、楼宇、党员中心户"; how many households there are to be isn't said. One in each
        grid keeps the line whole.
    """
    return _each((Arranged.PARTY_HOUSEHOLD,), places, at, kind, held)


@implements("JLG2.1.2a")
def without_serving_members(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities no serving Party members report to, and which are paired with no office."""
    return _each((Arranged.MEMBERS_REPORT, Arranged.PAIRED_OFFICE), places, at, kind, held)


@implements("JLG2.1.2b")
def without_first_secretary(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which subdistricts and communities have no first secretary sent by an office."""
    return _each((Arranged.FIRST_SECRETARY,), places, at, kind, held)


@implements("JLG2.1.2c")
def systems_apart(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """In which counties schools', state enterprises' or hospitals' Party bodies have not moved into communities."""
    wanted = (Arranged.EDUCATION_PARTY_WORK, Arranged.STATE_ASSETS_PARTY_WORK, Arranged.HOSPITAL_PARTY_WORK)
    return _each(wanted, places, at, kind, held)


@implements("JLG2.1.3")
def centre_lacks(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which subdistricts and communities have no service centre, or one without sign, staff of its own or rules."""
    wanted = (Arranged.SERVICE_CENTRE, Arranged.CENTRE_SIGN, Arranged.CENTRE_STAFF, Arranged.CENTRE_RULES)
    return _each(wanted, places, at, kind, held)


@implements("JLG2.1.3b")
def without_window(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which subdistricts and communities no department of the county has brought a service window down to."""
    return _each((Arranged.DEPARTMENT_WINDOW,), places, at, kind, held)


@implements("JLG2.2.2")
def seats_open(seats: IntColumn, held: IntColumn) -> IntColumn:
    """How many seats of each body nobody holds (0 where all are held).

    Reading:
        "选优配强": every seat that there is, is filled; how many there are is for the place to say.
    """
    return maximum(seats - held, 0)


@implements("JLG2.2.2")
def bodies_untold(places: TextColumn, at: TextColumn, body: EnumColumn[Body]) -> Mapping[Body, BoolColumn]:
    """Of which communities nobody wrote down the seats of a body."""
    return {one: ~BoolColumn(places_in(places, at.where((body == one).true())) >= 0) for one in Body}


@implements("JLG2.2.3")
def without_charter(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no charter of self-government or no residents' pact."""
    return _each((Arranged.CHARTER, Arranged.PACT), places, at, kind, held)


@implements("JLG2.3.1a")
def without_conference(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no joint conference."""
    return _each((Arranged.JOINT_CONFERENCE,), places, at, kind, held)


@implements("JLG2.3.3")
def unprepared(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities lack a contingency plan of one of the four kinds, a shelter, fire facilities or a drill.

    Reading:
        "自然灾害、事故灾难、公共卫生事件、社会安全事件" name four kinds of event, so a plan is looked for of each; how
        often drills are held isn't said, so one on record is enough.
    """
    wanted = (
        Arranged.PLAN_NATURAL, Arranged.PLAN_ACCIDENT, Arranged.PLAN_HEALTH, Arranged.PLAN_SECURITY,
        Arranged.SHELTER, Arranged.FIRE_FACILITIES, Arranged.DRILL,
    )
    return _each(wanted, places, at, kind, held)


@implements("JLG2.3.4a")
def without_police_office(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no police office."""
    return _each((Arranged.POLICE_OFFICE,), places, at, kind, held)


@implements("JLG2.3.4a")
def without_full_time_police(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no police officer who works for them full-time: an aim ("推动")."""
    return _each((Arranged.FULL_TIME_POLICE,), places, at, kind, held)


@implements("JLG2.3.4b")
def services_out_of_reach(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities medical, fitness or legal services or the public-security platform do not reach."""
    wanted = (
        Arranged.MEDICAL_SERVICE, Arranged.FITNESS_SERVICE, Arranged.LEGAL_SERVICE, Arranged.SECURITY_PLATFORM,
    )
    return _each(wanted, places, at, kind, held)


@implements("JLG2.5.1")
def not_bought(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which counties' purchase catalogue lacks community services, or whose suppliers lack those of residents."""
    return _each((Arranged.PURCHASE_CATALOGUE, Arranged.SUPPLIERS), places, at, kind, held)


@implements("JLG2.5.1")
def nothing_bought(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which counties buy no community service: scope and money grow step by step ("逐步"), which is an aim."""
    return _each((Arranged.PURCHASED_SERVICE,), places, at, kind, held)


@implements("JLG2.5.3")
def no_cadres(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no cadre there on temporary duty."""
    return _each((Arranged.CADRE_ON_DUTY,), places, at, kind, held)


@implements("JLG2.6.1c")
def not_one_window(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """In which communities residents can't apply by one number, at one window, on one network."""
    return _each((Arranged.ONE_NUMBER, Arranged.ONE_WINDOW, Arranged.ONE_NETWORK), places, at, kind, held)


@implements("JLG3.1")
def without_rules_of_its_own(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which counties have no implementing opinion or plan."""
    return _each((Arranged.IMPLEMENTING_RULES,), places, at, kind, held)


@implements("JLG3.2")
def leaders_not_assessed(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """In which counties community governance counts neither for leaders nor in secretaries' reviews."""
    return _each((Arranged.LEADERS_ASSESSED, Arranged.SECRETARIES_REVIEWED), places, at, kind, held)


@implements("JLW2.7c")
def training_unplanned(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which counties' talent plan leaves training out, or which have no training plan by post and level."""
    return _each((Arranged.TALENT_PLAN, Arranged.TRAINING_PLAN), places, at, kind, held)


@implements("JLW2.8c")
def service_unordered(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """Which communities have no single window, no joint handling behind it, or no written service standards."""
    wanted = (Arranged.ONE_WINDOW, Arranged.JOINT_HANDLING, Arranged.SERVICE_STANDARDS)
    return _each(wanted, places, at, kind, held)


@implements("JLW3.0")
def without_mechanism(
    places: TextColumn, at: TextColumn, kind: EnumColumn[Arranged], held: BoolColumn
) -> Mapping[Arranged, BoolColumn]:
    """In which counties civil affairs has no mechanism with the other departments."""
    return _each((Arranged.WORKING_MECHANISM,), places, at, kind, held)
