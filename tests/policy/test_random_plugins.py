"""Random plugins of cities and counties of Jilin: none below a floor is taken in silence, none within is reported.

What is allowed stands here a second time, as the two opinions say it, so that a leeway that went missing, or that was
written down wrong, is found. `nox -s plugins` tries 5,000 of each; the plain suite a few.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from types import ModuleType
from typing import Any, Final

import attrs
import pytest

from shequ_core.audit.policy import policy_findings
from shequ_core.errors import LeewayError, ValueKindError
from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.law.clauses import Document
from shequ_core.model.places import Level, level_of
from shequ_core.model.posts import CertificateLevel
from shequ_core.policy import exits, grids, pay, recruitment, service, staffing, targets
from shequ_core.policy.book import DISABLE, PolicyBook
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter
from shequ_core.values import Fen, Span, Status

COUNT: Final = int(os.environ.get("SHEQU_RANDOM_PLUGINS", "32"))
"""How many plugins of each sort."""

IN_FORCE: Final = date(2020, 4, 30)
DAY: Final = date(2024, 7, 1)
RULES: Final = Document("某市社区工作者管理办法")
FAR: Final = 10_000
"""As far beyond a bound as a figure goes."""

Make = Callable[[random.Random], object]


@attrs.frozen
class Rule:
    """What the province allows of one key.

    Attributes:
        must: Whether a departure is a conflict that a strict book refuses: "应", "不得", and the bound of an option
            ("可") that is used; not what holds in principle ("原则上", "左右") or is an aim.
    """

    clause: str
    must: bool
    within: Make
    beyond: Make


def whole(low: int, high: int, *, floor: int = 0) -> tuple[Make, Make]:
    """Whole numbers of a span; beyond it down to `floor`, what no place may ever say."""
    return (
        lambda luck: luck.randint(low, high),
        lambda luck: luck.choice(
            [*([luck.randint(floor, low - 1)] if low > floor else []), *([luck.randint(high + 1, FAR)] if high < FAR else [])]
        ),
    )


def span(low: int, high: int, *, floor: int = 0) -> tuple[Make, Make]:
    """Spans within a span; one of both ends of the others, or both, lie beyond it."""

    def within(luck: random.Random) -> Span[int]:
        return Span(*sorted((luck.randint(low, high), luck.randint(low, high))))

    def beyond(luck: random.Random) -> Span[int]:
        while True:
            found = Span(*sorted((luck.randint(floor, 2 * high), luck.randint(floor, 2 * high))))
            if found.low < low or found.high > high:
                return found

    return within, beyond


def shares(only: Fraction) -> tuple[Make, Make]:
    """One share and no other."""

    def beyond(luck: random.Random) -> Fraction:
        found = Fraction(luck.randint(0, 1000), 1000)
        return found if found != only else only / 2

    return (lambda _: only), beyond


def allowances(luck: random.Random) -> pay.CertificateEffect:
    """200 yuan or more for the first level, and more for each (JLW2.4g)."""
    least = luck.randint(200_00, 900_00)
    steps = [luck.randint(1, 500_00) for _ in range(2)]
    return pay.MonthlyAllowance(
        dict(zip(CertificateLevel, map(Fen, (least, least + steps[0], least + sum(steps))), strict=True))
    )


def poor_allowances(luck: random.Random) -> pay.CertificateEffect:
    """Under 200 yuan for the first level, or a level that doesn't bring more than the one before."""
    first = luck.randint(1, 199_99) if luck.random() < 0.5 else luck.randint(200_00, 500_00)
    second = first + luck.randint(1, 300_00) if first < 200_00 else first
    amounts = (first, second, second + luck.randint(1, 300_00))
    return pay.MonthlyAllowance(dict(zip(CertificateLevel, map(Fen, amounts), strict=True)))


ALLOWED: Final[Mapping[Parameter[Any], Rule]] = {  # Any: keys of every type
    staffing.BASE_POSTS: Rule("JLW2.2a", False, *span(10, 15)),
    staffing.STEP: Rule("JLW2.2b", True, *span(300, 500, floor=1)),
    staffing.PARTY_POSTS: Rule("JLW2.2d", False, *whole(2, FAR)),
    recruitment.MAX_AGE: Rule("JLW2.3b", False, *whole(0, 40)),
    pay.BASE_SHARE: Rule("JLW2.4d", True, *shares(Fraction(7, 10))),
    pay.CERTIFICATE: Rule("JLW2.4g", True, allowances, poor_allowances),
    targets.CERTIFIED_WORKERS: Rule("JLW2.7b", False, *whole(3, FAR)),
    service.HALL_STAFF: Rule("JLW2.8a", True, *span(2, 3)),
    service.PATROLS: Rule("JLW2.8b", True, *whole(2, FAR)),
    service.COVERAGE_MONTHS: Rule("JLW2.8b", True, *whole(1, 1, floor=1)),
    exits.FAILED_RUNNING: Rule("JLW2.10a", True, *whole(1, 2, floor=1)),
    exits.FAILED_TOTAL: Rule("JLW2.10a", True, *whole(1, 3, floor=1)),
    grids.HOUSEHOLDS: Rule("JLG2.3.2a", True, *span(300, 500, floor=1)),
    grids.WORKERS: Rule("JLG2.3.2a", True, *whole(1, 1)),
    grids.AUXILIARY_POLICE: Rule("JLG2.3.4a", True, *whole(1, FAR)),
    targets.SOCIAL_ORGANISATIONS: Rule("JLG2.5.2", False, *whole(10, FAR)),
    targets.VOLUNTEER_TEAMS: Rule("JLG2.5.2", False, *whole(1, FAR)),
    targets.PLATFORM_COVERAGE: Rule("JLG2.6.1a", False, *shares(Fraction(1))),
    service.WALK_MINUTES: Rule(
        "JLG2.9", False, *whole(1, 15, floor=1)
    ),
}

PLACES: Final = sorted(
    {one.code for one in jilin_divisions() if one.covers(DAY) and level_of(one.code) in {Level.CITY, Level.COUNTY}}
)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(DISABLE, "1")


def plugin(policies: Sequence[LocalPolicy]) -> ModuleType:
    """Make a plugin that answers with these."""
    made = ModuleType("random")

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return policies

    made.shequ_place = shequ_place  # type: ignore[attr-defined]  # a module made by hand
    return made


def said(luck: random.Random, key: Parameter[Any], value: object) -> LocalValue[Any]:  # Any: as above
    """Set a key from some day before the one asked for, with whatever may stand beside a value."""
    since = IN_FORCE + timedelta(days=luck.randint(0, 1400))
    made: LocalValue[Any] = key.set(
        value, since=since, known_on=since - timedelta(days=luck.randint(0, 60)), status=Status.ISSUED,
        until=luck.choice([None, DAY + timedelta(days=luck.randint(0, 900))]),
        fresh_until=luck.choice([None, since + timedelta(days=365)]),
        source=RULES.article(f"第{luck.randint(1, 40)}条"),
    )
    return made


def test_every_key_that_the_province_bounds_is_among_them() -> None:
    """Whoever bounds another key says here, from the text, what is allowed."""
    bounded = {
        one.key.name for _, place, one in PolicyBook.load(assume=True).said()
        if place == "22" and (getattr(one, "leeway", None) or getattr(one, "bound", None)) is not None
    }
    assert bounded == {key.name for key in ALLOWED}


def _some(luck: random.Random) -> list[Parameter[Any]]:  # Any: as above
    return luck.sample(list(ALLOWED), luck.randint(1, 6))


@pytest.mark.parametrize("part", range(4))
def test_within_the_bounds_nothing_is_reported(part: int) -> None:
    """No departure, no finding, and a strict book takes it."""
    for seed in range(part, COUNT, 4):
        luck = random.Random(f"within {seed}")
        place = luck.choice(PLACES)
        keys = _some(luck)
        module = plugin([LocalPolicy(place=place, values=[said(luck, key, ALLOWED[key].within(luck)) for key in keys])])
        policy = PolicyBook.load(strict=True, plugins=[module]).policy(place, DAY)
        for key in keys:
            told = policy.why(key)
            assert told is not None, seed
            assert (told.place, told.departures) == (place, ()), (seed, key)
        assert [one for one in policy_findings({place: policy}) if not one.code.endswith("-stale")] == [], seed


@pytest.mark.parametrize("part", range(4))
def test_below_a_floor_nothing_is_taken_in_silence(part: int) -> None:
    """Each departure is reported at the place and below it, with its clause, and a strict book refuses what must be."""
    for seed in range(part, COUNT, 4):
        luck = random.Random(f"beyond {seed}")
        place = luck.choice(PLACES)
        keys = _some(luck)
        broken = luck.sample(keys, luck.randint(1, len(keys)))
        values = [
            said(luck, key, ALLOWED[key].beyond(luck) if key in broken else ALLOWED[key].within(luck)) for key in keys
        ]
        module = plugin([LocalPolicy(place=place, values=values)])
        book = PolicyBook.load(plugins=[module])
        for where in (place, *[one.code for one in book.divisions.children(place, DAY)[:1]]):
            policy = book.policy(where, DAY)
            told = {(one.key, one.source.clause) for one in policy.conflicts()}
            assert told == {(key.name, ALLOWED[key].clause) for key in broken}, seed
            found = {(one.clause, one.subject) for one in policy_findings({where: policy}) if "-stale" not in one.code}
            assert found == {(ALLOWED[key].clause, where) for key in broken}, seed
        strict = PolicyBook.load(strict=True, plugins=[module])
        if any(ALLOWED[key].must for key in broken):
            with pytest.raises(LeewayError, match="lies outside what 22 allows"):
                strict.policy(place, DAY)
        else:
            strict.policy(place, DAY)


NEVER: Final[Mapping[Parameter[Any], Make]] = {  # Any: as above
    **{key: lambda luck: -luck.randint(1, FAR) for key, rule in ALLOWED.items() if key.kind.schema().get("type") == "integer"},
    **{key: lambda luck: Fraction(luck.randint(1001, FAR), 1000) for key in (pay.BASE_SHARE, targets.PLATFORM_COVERAGE)},
    **{
        key: lambda luck: Span(luck.randint(501, FAR), luck.randint(-FAR, 500))
        for key in (staffing.BASE_POSTS, staffing.STEP, grids.HOUSEHOLDS, service.HALL_STAFF)
    },
    pay.CERTIFICATE: lambda luck: pay.MonthlyAllowance(
        {level: Fen(-luck.randint(1, FAR)) for level in CertificateLevel}
    ),
}


def test_what_can_be_nowhere_is_refused_whatever_the_place() -> None:
    """Below what any place may say, a value can't even be made."""
    assert set(NEVER) == set(ALLOWED)
    for key, make in NEVER.items():
        for seed in range(max(1, COUNT // len(NEVER))):
            luck = random.Random(f"{key} {seed}")
            with pytest.raises(ValueKindError, match=key.name):
                said(luck, key, make(luck))
