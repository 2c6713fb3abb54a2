"""What a division answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import attrs

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.comparison import GridComparison, compared
from shequ_core.planning.grids.drawing import MADE_UP, Say, missed, picture, xml
from shequ_core.planning.grids.layout import Ints, Layout
from shequ_core.policy.policy import Policy
from shequ_core.values import SYNTHETIC, Span


class PlanStatus(StrEnum):
    """Whether there is a plan within bounds."""

    OK = "ok"
    INFEASIBLE = "infeasible"
    """There is none, and that is proven."""
    NOT_FOUND = "not_found"
    """None was found by the effort that was allowed."""


class StoppedBy(StrEnum):
    """What ended the search."""

    EFFORT = "effort"
    TIME = "time"


class CauseKind(StrEnum):
    """Why there is no plan within bounds."""

    TOO_FEW = "too_few"
    """Fewer households in all than one grid must have."""
    GAP = "gap"
    """A total that is too much for k grids and too little for k + 1."""
    TARGET = "target"
    """A total that the number of grids asked for can't hold within bounds."""
    GIANT = "giant"
    """One building with more households than a grid may have."""
    ISLAND = "island"
    """A part that touches nothing else (behind a road or river) and is below the floor or in a gap."""
    ALONE = "alone"
    """A building that touches nothing and can't be a grid by itself."""
    LUMP = "lump"
    """Every way of cutting was tried: the buildings are too lumpy to be balanced."""


@attrs.frozen(kw_only=True)
class Cause:
    """One reason for which no plan is within bounds, and what would help."""

    kind: CauseKind
    buildings: tuple[str, ...]
    message: Message
    remedies: tuple[Message, ...] = ()


@attrs.frozen(kw_only=True)
class Move:
    """A building that changes its grid when a community is redrawn."""

    building: str
    households: int
    before: str
    after: str
    reason: Message


@attrs.frozen(kw_only=True, eq=False)
class GridPlan:
    """A division of one community into grids.

    Attributes:
        bounds: Least and most households of a grid.
        grid_of: The place of each building's grid in `codes`, shape (n,).
        codes: Grid codes: community and three digits, or the three digits where the community is not known.
        causes: Why no plan is within bounds; the grids are then the least bad ones.
        measures: 'buildings', 'households', 'grids', 'fewest_grids' (by arithmetic), 'violation' (households by
            which grids miss their bounds), 'pieces' (parts beyond one that grids fall into), 'estate_splits'
            (pieces of estates beyond one each), 'compactness' (sum over grids of households times squared
            metres, or squared steps where there are no points, to the grid's best building), 'mean_distance'
            (root of compactness per household), 'households_moved', 'workers', 'auxiliary_police'.
        moves: With an earlier division, what changes its grid, and why.
        workers: Grid workers of each grid (JLG2.3.2a), None where no policy was given.
        auxiliary_police: Auxiliary police officers of each grid (JLG2.3.4a).
        policy: Whose bounds these are, and who says how many work in a grid; None where bounds were given as numbers.
    """

    layout: Layout
    bounds: Span[int]
    status: PlanStatus
    grid_of: Ints
    codes: tuple[str, ...]
    causes: tuple[Cause, ...] = ()
    measures: Mapping[str, int | float | None]
    moves: tuple[Move, ...] = ()
    message: Message
    stopped_by: StoppedBy = StoppedBy.EFFORT
    effort: int
    seed: int
    workers: int | None = None
    auxiliary_police: int | None = None
    policy: Policy | None = None

    @property
    def synthetic(self) -> bool:
        """Whether any of the buildings is made up, by its id."""
        return any(one.startswith(SYNTHETIC) for one in self.layout.ids)

    @property
    def retired(self) -> tuple[str, ...]:
        """Codes that earlier grids had and none has now; a later division isn't to give them to another grid."""
        layout = self.layout
        before = {*layout.retired, *(code for code in layout.previous if code is not None)}
        return tuple(sorted(before.difference(self.codes)))

    def grids(self) -> Mapping[str, str]:
        """Say for each building id the code of its grid."""
        return {one: self.codes[place] for one, place in zip(self.layout.ids, self.grid_of.tolist(), strict=True)}

    def households(self) -> Mapping[str, int]:
        """Say for each grid code its households."""
        counted = dict.fromkeys(self.codes, 0)
        for place, found in zip(self.grid_of.tolist(), self.layout.households.tolist(), strict=True):
            counted[self.codes[place]] += found
        return counted

    def compare(self, other: GridPlan) -> GridComparison:
        """Put this plan beside another of the same community: measures, and what lies in another grid.

        Grids are matched by the households they share, whatever they are called.
        """
        return compared(self, other)

    def __str__(self) -> str:
        counted = self.households()
        lines = [str(self.message), *(f"  {cause.message}" for cause in self.causes)]
        if self.synthetic:
            lines.insert(0, str(MADE_UP))
        for code in self.codes:
            off = missed(counted[code], self)
            told = msg("{grid}: {households} households", grid=code, households=counted[code])
            lines.append(f"  {told}{f' ({off:+d})' if off else ''}")
        return "\n".join(lines)

    def html(self, say: Say = str) -> str:
        """Return the map with what is to be said of it as a piece of HTML that needs nothing from outside.

        Args:
            say: Says it in the reader's language (`shequ_core.reports.wording.speaker`); `str` is English.
        """
        causes = "".join(f"<li>{xml(say(cause.message))}</li>" for cause in self.causes)
        listed = f"<ul>{causes}</ul>" if causes else ""
        return f"<div><p>{xml(say(self.message))}</p>{listed}{picture(self, say)}</div>"

    def _repr_html_(self) -> str:
        return self.html()
