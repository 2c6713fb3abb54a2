"""The places of each county, by level, for checks that ask of every place whether something is there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import TypeVar

import attrs
import numpy as np

from shequ_core.errors import Message
from shequ_core.model.communities import Setting
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.policy.checks import Breach, Seen, Told, Unexamined
from shequ_core.tables.columns import BoolColumn, Bools, Ints, TextColumn

E = TypeVar("E", bound=Enum)


@attrs.frozen(kw_only=True, eq=False)
class County:
    """A county and its places.

    Attributes:
        code: Six digits.
        itself: The county as a place.
        subdistricts: The codes of those in which its communities lie, each once.
        communities: Their codes; those of towns other than the county seat are out of scope.
        grids: The codes of their grids; None where there is no such table.
        buildings: The ids of their buildings; None where there is no such table.
    """

    code: str
    itself: TextColumn
    subdistricts: TextColumn
    communities: TextColumn
    grids: TextColumn | None
    buildings: TextColumn | None


def counties(seen: Seen) -> tuple[County, ...]:
    """Return the counties in which communities lie, in the order of their codes.

    All columns of a county have one vocabulary, so that its places are found in one another without comparing texts.
    """
    data = seen.data
    communities = data.communities.code.where(~(data.communities.setting == Setting.OTHER_TOWN).true())
    grids = None if data.grids is None else data.grids.where(inside(data.grids.community, communities))
    houses = None if data.buildings is None else data.buildings.where(inside(data.buildings.community, communities))

    def of(column: TextColumn, places: TextColumn, county: str) -> list[str]:
        return [str(one) for one in column.where((places.start(COUNTY_DIGITS) == county).true())]

    found = []
    for code in sorted({one for one in communities.start(COUNTY_DIGITS) if one is not None}):
        here = of(communities, communities, code)
        levels = [
            [code], sorted({one[:TOWNSHIP_DIGITS] for one in here}), here,
            [] if grids is None else of(grids.code, grids.community, code),
            [] if houses is None else of(houses.id, houses.community, code),
        ]
        whole = TextColumn.of(one for level in levels for one in level)
        ends = np.cumsum([0, *map(len, levels)])
        columns = [whole.take(np.arange(first, end)) for first, end in itertools.pairwise(ends.tolist())]
        found.append(
            County(
                code=code, itself=columns[0], subdistricts=columns[1], communities=columns[2],
                grids=None if grids is None else columns[3], buildings=None if houses is None else columns[4],
            )
        )
    return tuple(found)


def open_counties(seen: Seen) -> Iterator[County]:
    """Yield the counties of which a check is asked."""
    return (one for one in seen.once(counties) if one.code not in seen.closed)


def by_county(seen: Seen, texts: TextColumn, known: Mapping[str, TextColumn]) -> Iterator[tuple[str, Ints, TextColumn]]:
    """Yield each open county with the rows of a table that tell of it, and their texts in the county's vocabulary.

    Args:
        seen: What is seen.
        texts: The place or the person of each row; rows of none of those known are left out.
        known: The places or people of each county; where one stands in several, the last has it.
    """
    homes: dict[str, tuple[int, int]] = {}
    for number, column in enumerate(known.values()):
        homes.update((text, (number, place)) for text, place in column.index().items())
    nowhere = (-1, -1)
    lookup = np.array([*(homes.get(text, nowhere) for text in texts.vocabulary), nowhere], dtype=np.int64)
    county, place = lookup[np.where(texts.mask(), texts.values, -1)].T
    order = np.argsort(county, kind="stable")
    ends = np.searchsorted(county[order], np.arange(len(known) + 1))
    for number, (code, column) in enumerate(known.items()):
        if code not in seen.closed:
            rows = order[ends[number] : ends[number + 1]]
            yield code, rows, TextColumn(place[rows], None, column.vocabulary)


def inside(codes: TextColumn, places: TextColumn) -> Bools:
    """Return which codes are known to be among places."""
    return codes.is_in(one for one in places if one is not None).true()


def missing_of(
    county: County, subjects: TextColumn, answers: Mapping[E, BoolColumn], missing: Message, unknown: Message
) -> Iterator[Told]:
    """Yield each subject that lacks something, all it lacks at once, and of how many nobody can say, thing by thing.

    Args:
        county: Where they are.
        subjects: The places or people.
        answers: Whether each lacks it, thing by thing.
        missing: What is said of a subject, with {missing} for what it lacks.
        unknown: What is said of those of whom nobody knows, with {kind} for the thing.
    """
    lacks = np.zeros(len(subjects), dtype=np.bool_)
    for one in answers.values():
        lacks |= one.true()
    for row in np.flatnonzero(lacks).tolist():
        gone = tuple(kind for kind, one in answers.items() if one.true()[row])
        yield Breach(subject=str(subjects.row(row)), message=attrs.evolve(missing, parts={"missing": gone}))
    for kind, one in answers.items():
        count = int((~one.mask()).sum())
        if count:
            yield Unexamined(place=county.code, count=count, message=attrs.evolve(unknown, parts={"kind": kind}))
