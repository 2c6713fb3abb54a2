"""What a place that is made up so that it complies has written down beside its posts and people.

Every duty of the two documents that a table of `model/arrangements.py`, `demands.py`, `entitlements.py`, `funds.py`,
`indicators.py` and `posts.py` (secondments) can tell of is fulfilled, and said to be so: a row for each place or
person. Towns other than the county seat, which the documents leave out, have rows too; nobody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.jilin.register import document
from shequ_core.model.arrangements import Arranged, Body
from shequ_core.model.demands import Demanded, Demander
from shequ_core.model.entitlements import Entitled
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import SOCIAL_ORGANISATIONS, VOLUNTEER_TEAMS
from shequ_core.population.chance import Chance, keys_of
from shequ_core.tables.arrangements import Arrangements, Demands, Entitlements, Funds, SeatCounts
from shequ_core.tables.columns import (
    BoolColumn,
    DateColumn,
    EnumColumn,
    FenColumn,
    IntColumn,
    Ints,
    TextColumn,
    concat,
    day_number,
)
from shequ_core.tables.dataset import Dataset, Secondments
from shequ_core.tables.indicators import Indicators
from shequ_core.tables.spells import last_days
from shequ_core.tables.table import Table
from shequ_core.values import FEN_PER_YUAN, MONTHS_PER_YEAR

_A = Arranged

OF_COUNTIES: Final = (
    _A.EDUCATION_PARTY_WORK, _A.STATE_ASSETS_PARTY_WORK, _A.HOSPITAL_PARTY_WORK, _A.PURCHASE_CATALOGUE, _A.SUPPLIERS,
    _A.PURCHASED_SERVICE, _A.IMPLEMENTING_RULES, _A.LEADERS_ASSESSED, _A.SECRETARIES_REVIEWED, _A.TALENT_PLAN,
    _A.TRAINING_PLAN, _A.WORKING_MECHANISM, _A.STAGE_DESIGN, _A.STAGE_KEY_TASKS, _A.STAGE_MODEL,
)
OF_SUBDISTRICTS: Final = (
    _A.ANSWERABLE, _A.FIRST_SECRETARY, _A.SERVICE_CENTRE, _A.CENTRE_SIGN, _A.CENTRE_STAFF, _A.CENTRE_RULES,
    _A.DEPARTMENT_WINDOW,
)
OF_GRIDS: Final = (_A.ANSWERABLE, _A.PARTY_HOUSEHOLD)
OF_BUILDINGS: Final = (_A.ANSWERABLE,)
OF_COMMUNITIES: Final = (
    *OF_SUBDISTRICTS, *(one for one in _A if one not in {*OF_COUNTIES, *OF_SUBDISTRICTS, *OF_GRIDS}),
)

_ASKED: Final = (
    (Demanded.NAME_PLATE, Demander.DEPARTMENT, "合成工作站"),
    (Demanded.LEDGER, Demander.CIVIL_AFFAIRS, "合成工作台账"),
    (Demanded.CERTIFICATE, Demander.DEPARTMENT, "合成证明"),
    (Demanded.ASSESSMENT, Demander.LOCAL_GOVERNMENT, "合成综合考核"),
    (Demanded.TERMINAL, Demander.DEPARTMENT, "合成业务系统"),
    (Demanded.WELFARE_RECRUITMENT, Demander.DEPARTMENT, "合成公益性岗位"),
)
"""What offices ask of a community that they may: on the list, of the government, older and on the platform."""


def with_duties(
    data: Dataset, year: int, policies: Sequence[tuple[Policy, Ints]], chance: Chance, figures: Figures
) -> Dataset:
    """Return facts with all that places and people should have written down.

    Args:
        data: The facts.
        year: The year the data is for.
        policies: Each policy with the communities that live under it.
        chance: What money and secondments hang on.
        figures: What they are drawn from.
    """
    tables: dict[str, Table[Any]] = {  # Any: tables of every kind of fact
        "arrangements": _arrangements(data),
        "seats": _seats(data, figures),
        "demands": _demands(data),
        "entitlements": _entitlements(data, year),
        "funds": _funds(data, year, chance, figures),
        "indicators": _indicators(data, year, policies),
        "secondments": _secondments(data, year, chance, figures),
    }
    return data.with_tables(tables)


def _each_of(places: TextColumn, kinds: Sequence[Arranged]) -> tuple[TextColumn, Ints]:
    """Return every place with every kind: the places, and the kinds' places in their enum."""
    order = {one: at for at, one in enumerate(Arranged)}
    rows = np.repeat(np.arange(len(places), dtype=np.int64), len(kinds))
    return places.take(rows), np.tile(np.array([order[one] for one in kinds], dtype=np.int64), len(places))


def _arrangements(data: Dataset) -> Arrangements:
    codes = data.communities.code
    parts = [
        _each_of(_distinct(codes.start(COUNTY_DIGITS)), OF_COUNTIES),
        _each_of(_distinct(codes.start(TOWNSHIP_DIGITS)), OF_SUBDISTRICTS),
        _each_of(codes, OF_COMMUNITIES),
    ]
    if data.grids is not None:
        parts.append(_each_of(data.grids.code, OF_GRIDS))
    if data.buildings is not None:
        parts.append(_each_of(data.buildings.id, OF_BUILDINGS))
    place = concat([places for places, _ in parts])
    return Arrangements.filled(
        {
            "place": place, "kind": EnumColumn(np.concatenate([kinds for _, kinds in parts]), None, Arranged),
            "in_place": _yes(len(place)),
        }
    )


def _seats(data: Dataset, figures: Figures) -> SeatCounts:
    many = figures.numbers("seats")
    count, bodies = len(data.communities), len(Body)
    seats = IntColumn(np.tile(np.array([many[one.value] for one in Body], dtype=np.int64), count))
    return SeatCounts(
        {
            "community": data.communities.code.take(np.repeat(np.arange(count, dtype=np.int64), bodies)),
            "body": EnumColumn(np.tile(np.arange(bodies, dtype=np.int64), count), None, Body),
            "seats": seats, "held": seats,
        }
    )


def _demands(data: Dataset) -> Demands:
    issued = document("JLG").issued
    assert issued is not None  # it bears a day
    before = issued.replace(year=issued.year - 1)
    count, asked = len(data.communities), len(_ASKED)
    kinds, demanders = list(Demanded), list(Demander)
    return Demands.filled(
        {
            "community": data.communities.code.take(np.repeat(np.arange(count, dtype=np.int64), asked)),
            "kind": EnumColumn(np.tile([kinds.index(kind) for kind, _, _ in _ASKED], count), None, Demanded),
            "by": EnumColumn(np.tile([demanders.index(by) for _, by, _ in _ASKED], count), None, Demander),
            "office": TextColumn.full(count * asked, "合成部门"),
            "subject": TextColumn(np.tile(np.arange(asked), count), None, [subject for _, _, subject in _ASKED]),
            "listed": _yes(count * asked), "on_platform": _yes(count * asked),
            "since": DateColumn(np.full(count * asked, day_number(before), dtype=np.int64)),
        }
    )


def _entitlements(data: Dataset, year: int) -> Entitlements:
    """Everybody has everything; who was outstanding the year before is rewarded on the year's first day."""
    kinds = list(Entitled)
    usual = [at for at, one in enumerate(kinds) if one is not Entitled.REWARD]
    workers = data.workers.id
    worker = workers.take(np.repeat(np.arange(len(workers), dtype=np.int64), len(usual)))
    kind = np.tile(np.array(usual, dtype=np.int64), len(workers))
    merits = TextColumn.of([])
    if data.assessments is not None:
        best = (data.assessments.grade == AssessmentGrade.OUTSTANDING) & (data.assessments.year == year - 1)
        merits = data.assessments.worker.where(best.true())
    rewards = np.full(len(merits), kinds.index(Entitled.REWARD), dtype=np.int64)
    since = np.full(len(kind) + len(merits), day_number(date(year, 1, 1)), dtype=np.int64)
    return Entitlements.filled(
        {
            "worker": concat([worker, merits]),
            "kind": EnumColumn(np.concatenate([kind, rewards]), None, Entitled),
            "in_place": _yes(len(since)),
            "since": DateColumn(since, np.arange(len(since)) >= len(kind)),
        }
    )


def _funds(data: Dataset, year: int, chance: Chance, figures: Figures) -> Funds:
    places = concat([_distinct(data.communities.code.start(TOWNSHIP_DIGITS)), data.communities.code])
    span, growth = figures.span("funds_yuan"), figures.share("funds_growth")
    before = span.low + chance.below(keys_of(places), span.high - span.low + 1, purpose="place: money", year=year)
    now = before + before * growth.numerator // growth.denominator
    count = len(places)
    return Funds(
        {
            "place": concat([places, places]),
            "year": IntColumn(np.repeat(np.array([year - 1, year], dtype=np.int64), count)),
            "listed": _yes(2 * count),
            "amount": FenColumn(np.concatenate([before, now]) * FEN_PER_YUAN),
        }
    )


def _indicators(data: Dataset, year: int, policies: Sequence[tuple[Policy, Ints]]) -> Indicators:
    count = len(data.communities)
    counted = {key: np.zeros(count, dtype=np.int64) for key in (SOCIAL_ORGANISATIONS, VOLUNTEER_TEAMS)}
    for policy, rows in policies:
        for key, column in counted.items():
            wanted: int | None = policy.get(key)
            column[rows] = wanted or 0
    return Indicators(
        {
            "community": data.communities.code,
            "social_organisations": IntColumn(counted[SOCIAL_ORGANISATIONS]),
            "volunteer_teams": IntColumn(counted[VOLUNTEER_TEAMS]),
            "on_platform": _yes(count),
            "counted_on": DateColumn(np.full(count, day_number(date(year - 1, MONTHS_PER_YEAR, 31)), dtype=np.int64)),
        }
    )


def _secondments(data: Dataset, year: int, chance: Chance, figures: Figures) -> Secondments:
    """A few are lent away, with the county's approval, from the year's first day to the end of their holding."""
    holdings, begin = data.holdings, day_number(date(year, 1, 1))
    lent = chance.happens(keys_of(holdings.worker), figures.share("seconded"), purpose="worker: lent away", year=year)
    rows = np.flatnonzero(lent & (holdings.since.values <= begin) & (last_days(holdings.until) >= begin))
    return Secondments.filled(
        {
            "worker": holdings.worker.take(rows), "to": TextColumn.full(len(rows), "合成上级机关"),
            "since": DateColumn(np.full(len(rows), begin, dtype=np.int64)), "until": holdings.until.take(rows),
            "approved_by": TextColumn.full(len(rows), "合成县委组织部"), "approved": _yes(len(rows)),
        }
    )


def _distinct(places: TextColumn) -> TextColumn:
    return TextColumn.of(sorted({one for one in places if one is not None}))


def _yes(rows: int) -> BoolColumn:
    return BoolColumn(np.ones(rows, dtype=np.bool_))


