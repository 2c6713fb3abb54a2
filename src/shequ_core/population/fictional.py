"""A country that doesn't exist, as large as somebody says, under the policy of Jilin: to try out what is large.

Its code is one that no province has. Its counties are all alike but for chance, have subdistricts alone, and so have
all their communities within the law of posts (JLW2.1). That Jilin's policy is theirs, and that so many posts are
theirs, is an assumption, and every value is marked so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, TypeVar

import attrs

from shequ_core.errors import ValueKindError, msg
from shequ_core.jilin.figures import jilin_figures
from shequ_core.jilin.plugin import shequ_place
from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy, LocalValue, Part
from shequ_core.population.synthesize import synthesize
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Status

FICTIONAL: Final = "99"
"""Its code: none of GB/T 2260 begins so."""
_PER_CITY: Final = 99
"""Counties that a city's two digits have room for; and cities likewise."""
_JILIN: Final = "22"

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Country:
    """How large it is.

    Attributes:
        committees: Residents' committees.
        posts: Posts of all of them.
    """

    committees: int
    posts: int

    def __attrs_post_init__(self) -> None:
        if not 0 < self.committees <= self.posts:
            raise ValueKindError(
                "posts", self.posts, msg("a made-up country has at least a committee, and a post for each")
            )

    @property
    def counties(self) -> tuple[str, ...]:
        """The codes of its counties: as many as make them as large as Jilin's, if codes have room."""
        counts = [row.committees for row in jilin_figures().counts]
        many = max(1, min(self.committees * len(counts) // sum(counts), _PER_CITY**2))
        return tuple(
            f"{FICTIONAL}{at // _PER_CITY + 1:02d}{at % _PER_CITY + 1:02d}" for at in range(many)
        )

    @property
    def committees_by_county(self) -> Mapping[str, int]:
        """Committees of each county, as even as can be."""
        return dict(zip(self.counties, _evenly(self.committees, len(self.counties)), strict=True))

    @property
    def posts_by_county(self) -> Mapping[str, int]:
        """Posts of each county, as even as can be."""
        return dict(zip(self.counties, _evenly(self.posts, len(self.counties)), strict=True))

    @property
    def divisions(self) -> Divisions:
        """The country, its cities and counties: no administrative divisions."""
        cities = dict.fromkeys(county[:4] for county in self.counties)
        return Divisions(
            [
                _division(FICTIONAL, "虚构省", DivisionKind.PROVINCE),
                *(_division(code, f"虚构{code[-2:]}市", DivisionKind.CITY) for code in cities),
                *(_division(code, f"虚构{code[2:4]}市{code[-2:]}区", DivisionKind.COUNTY) for code in self.counties),
            ]
        )

    def plugin(self) -> object:
        """Return what a book of policies loads to know it (`PolicyBook.load(plugins=...)`)."""
        return _Plugin(self)

    def people(self, counties: Sequence[str], year: int, seed: int) -> Dataset:
        """Make up some counties' people; each county is the same among any others.

        Raises:
            ValueKindError: The year is out of reach.
        """
        some = dict.fromkeys(counties)
        committees, posts = self.committees_by_county, self.posts_by_county
        return synthesize(
            FICTIONAL, year, seed, divisions=_divisions(self),
            committees={code: committees[code] for code in some}, posts={code: posts[code] for code in some},
        )


@attrs.frozen
class _Plugin:
    """Says Jilin's policy of the country."""

    country: Country

    @hookimpl
    def shequ_place(self) -> Sequence[LocalPolicy]:
        """Speak for it."""
        jilin = next(one for one in shequ_place() if one.place == _JILIN)
        values = [_assumed(one) if isinstance(one, LocalValue) else one for one in jilin.values]
        return [LocalPolicy(place=FICTIONAL, values=values, divisions=_divisions(self.country))]


def _assumed(value: LocalValue[T]) -> LocalValue[T]:
    if value.status is Status.ASSUMPTION:
        return value
    return attrs.evolve(
        value, status=Status.ASSUMPTION, rests_on=(*value.rests_on, Part(str(value.source), value.status))
    )


@lru_cache(maxsize=2)
def _divisions(country: Country) -> Divisions:
    return country.divisions


def _division(code: str, name: str, kind: DivisionKind) -> Division:
    return Division(code=code, name=name, kind=kind, status=Status.ASSUMPTION)


def _evenly(total: int, parts: int) -> list[int]:
    return [total * (at + 1) // parts - total * at // parts for at in range(parts)]
