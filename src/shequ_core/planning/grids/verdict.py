"""Why a community, or a part of it, has no plan within bounds, and what would help (JLG2.3.2a)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.layout import Floats, Layout
from shequ_core.planning.grids.plan import Cause, CauseKind

_NAMED = 8
"""So many buildings are named in a sentence; all are in `Cause.buildings`."""


@attrs.frozen(kw_only=True)
class Part:
    """Buildings that hang together and touch no others.

    Attributes:
        buildings: Their places in the layout.
        households: Of all of them.
    """

    buildings: tuple[int, ...]
    households: int

    def counts(self, low: int, high: int) -> range:
        """Return the numbers of grids that its households allow, without looking at buildings."""
        return range(max(-(-self.households // high), 1), self.households // low + 1)


def causes_by_arithmetic(
    layout: Layout, parts: Sequence[Part], squared: Floats, low: int, high: int, target: int | None
) -> Iterator[Cause]:
    """Find every cause that can be seen without dividing."""
    households = layout.households.tolist()
    housed = [part for part in parts if part.households]  # a school that touches nothing is no island
    if not housed:
        housed = [Part(buildings=tuple(range(len(layout))), households=0)]
    for part in housed:
        giants = [one for one in part.buildings if households[one] > high]
        for one in giants:
            yield Cause(
                kind=CauseKind.GIANT, buildings=(layout.ids[one],),
                message=msg(
                    "building {building} alone has {found} households, and a grid at most {high}",
                    building=layout.ids[one], found=households[one], high=high,
                ),
                remedies=(
                    msg("count its entrances as buildings of their own, if they can be looked after apart"),
                    msg("a local bound of at least {found} households", found=households[one]),
                ),
            )
        if not part.counts(low, high):
            yield _odd_total(layout, housed, part, squared, low, high)
    if target is not None:
        least = sum(max(-(-part.households // high), 1) for part in housed)
        most = sum(part.households // low for part in housed)
        if all(part.counts(low, high) for part in housed) and not least <= target <= most:
            yield Cause(
                kind=CauseKind.TARGET, buildings=(),
                message=msg(
                    "{target} grids were asked for; {found} households make {least} to {most} grids of {low} to {high}",
                    target=target, found=sum(households), least=least, most=most, low=low, high=high,
                ),
                remedies=(msg("ask for {least} to {most} grids", least=least, most=most),),
            )


def _odd_total(
    layout: Layout, parts: Sequence[Part], part: Part, squared: Floats, low: int, high: int
) -> Cause:
    """Say that a part's households make no whole number of grids."""
    found = part.households
    ids = tuple(layout.ids[one] for one in part.buildings)
    fewer = found // high
    lacking = (fewer + 1) * low - found
    neighbours: tuple[Message, ...] = (msg("{missing} more households from a neighbouring community", missing=lacking),)
    bounds: tuple[Message, ...]
    if found < low:
        why = msg("{found} households are fewer than the {low} of one grid", found=found, low=low)
        bounds = (_bound_from_below(found),) if found else ()
    else:
        why = msg(
            "{found} households are too many for {few} grids of at most {high} and too few for {many} of at least"
            " {low}",
            found=found, few=fewer, many=fewer + 1, low=low, high=high,
        )
        bounds = (
            msg("a local bound of {bound} households from above", bound=-(-found // fewer)),
            _bound_from_below(found // (fewer + 1)),
        )
        if len(ids) > 1:
            excess = found - fewer * high
            handed = msg(
                "{least} to {most} households handed over to a neighbouring community",
                least=excess, most=found - fewer * low,
            )
            neighbours = (handed, *neighbours) if excess < lacking else (*neighbours, handed)
    if len(parts) == 1:
        kind = CauseKind.TOO_FEW if found < low else CauseKind.GAP
        return Cause(kind=kind, buildings=ids, message=why, remedies=(*neighbours, *bounds))
    bridge = _bridge(layout, part, squared)
    if len(ids) == 1:
        return Cause(
            kind=CauseKind.ALONE, buildings=ids,
            message=msg("building {building} touches no other, and alone: {why}", building=ids[0], why=why),
            remedies=(bridge, *neighbours),
        )
    shown = ids[:_NAMED] if len(ids) > _NAMED + 1 else ids
    return Cause(
        kind=CauseKind.ISLAND, buildings=ids,
        message=msg(
            "{count} buildings ({buildings}{more}) touch none of the others, and by themselves: {why}",
            count=len(ids), buildings=shown, more="" if len(shown) == len(ids) else " …", why=why,
        ),
        remedies=(bridge, *neighbours, *bounds),
    )


def _bound_from_below(households: int) -> Message:
    return msg("a local bound of at most {found} households from below", found=households)


def _bridge(layout: Layout, part: Part, squared: Floats) -> Message:
    """Propose a way over to the nearest building outside."""
    inside = np.array(part.buildings)
    outside = np.setdiff1d(np.arange(len(layout)), inside)
    away = squared[np.ix_(inside, outside)]
    here, there = divmod(int(away.argmin()), len(outside))
    return msg(
        "a way over from building {here} to {there} (a footbridge, an underpass), stated as an adjacency",
        here=layout.ids[int(inside[here])], there=layout.ids[int(outside[there])],
    )


def lump(layout: Layout, part: Part, low: int, high: int) -> Cause:
    """Say that every way of cutting a part was tried."""
    return Cause(
        kind=CauseKind.LUMP, buildings=tuple(layout.ids[one] for one in part.buildings),
        message=msg(
            "{found} households would do for {counts} grids, but their buildings can't be cut into connected grids of"
            " {low} to {high}: every way was tried",
            found=part.households, counts=_span(part.counts(low, high)), low=low, high=high,
        ),
        remedies=(
            msg("count the entrances of the largest buildings as buildings of their own"),
            msg("buildings exchanged with a neighbouring community"),
            msg("a local bound that is a little wider"),
        ),
    )


def unreachable(target: int, low: int, high: int) -> Cause:
    """Say that every way of cutting into as many grids as were asked for was tried."""
    return Cause(
        kind=CauseKind.TARGET, buildings=(),
        message=msg(
            "the buildings can't be cut into {target} connected grids of {low} to {high}: every way was tried",
            target=target, low=low, high=high,
        ),
        remedies=(msg("ask for another number of grids, or for none"),),
    )


def _span(counts: range) -> str:
    return str(counts[0]) if len(counts) == 1 else f"{counts[0]}-{counts[-1]}"
