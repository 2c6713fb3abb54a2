"""Two divisions of one community side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.drawing import Say, picture, xml
from shequ_core.planning.grids.matching import best_pairs

if TYPE_CHECKING:
    from shequ_core.planning.grids.plan import GridPlan


MEASURES: Final = {
    "communities": msg("communities"),
    "buildings": msg("buildings"),
    "households": msg("households"),
    "grids": msg("grids"),
    "fewest_grids": msg("fewest grids by arithmetic"),
    "violation": msg("households outside the bounds"),
    "pieces": msg("parts cut off from their grid"),
    "estate_splits": msg("splits of estates"),
    "compactness": msg("compactness (households times squared distance)"),
    "mean_distance": msg("mean distance"),
    "households_moved": msg("households moved"),
    "workers": msg("grid workers"),
    "auxiliary_police": msg("auxiliary police"),
}
"""What each measure of a plan is called; one that isn't here is its own word."""


def measure_word(name: str, say: Say) -> str:
    """Say a measure."""
    return say(MEASURES[name]) if name in MEASURES else name.replace("_", " ")


@attrs.frozen(kw_only=True)
class Elsewhere:
    """A building that lies in another grid.

    Attributes:
        before: The code of its grid in the one plan.
        after: The code of its grid in the other.
    """

    building: str
    households: int
    before: str
    after: str


@attrs.frozen(kw_only=True, eq=False)
class GridComparison:
    """Two plans of one community side by side.

    Attributes:
        same: For grids of the one plan the grid of the other that is the same one: the pairs that leave the most
            households where they are, whatever the grids are called.
        elsewhere: The buildings that don't lie in the same grid, in the order of their ids.
        only_one: Buildings that the one plan has and the other hasn't.
        only_other: The other way round.
    """

    one: GridPlan
    other: GridPlan
    same: Mapping[str, str]
    elsewhere: tuple[Elsewhere, ...]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]

    @property
    def households_elsewhere(self) -> int:
        """The households of the buildings that lie in another grid."""
        return sum(one.households for one in self.elsewhere)

    @property
    def measures(self) -> Mapping[str, tuple[int | float | None, int | float | None]]:
        """Each measure of the one plan and of the other."""
        names = dict.fromkeys((*self.one.measures, *self.other.measures))
        return {name: (self.one.measures.get(name), self.other.measures.get(name)) for name in names}

    def sentence(self) -> Message:
        """Say what the comparison comes to."""
        return msg(
            "{buildings} buildings with {households} households lie in another grid; {same} grids are the same ones",
            buildings=len(self.elsewhere), households=self.households_elsewhere, same=len(self.same),
        )

    def __str__(self) -> str:
        rows = [f"  {name}: {_text(before)} / {_text(after)}" for name, (before, after) in self.measures.items()]
        return "\n".join([str(self.sentence()), *rows])

    def html(self, say: Say = str) -> str:
        """Return both maps and what differs as a piece of HTML; `say` as for `GridPlan.html`."""
        rows = "".join(_row(measure_word(name, say), _text(a), _text(b)) for name, (a, b) in self.measures.items())
        moved = "".join(_row(one.building, str(one.households), one.before, one.after) for one in self.elsewhere)
        heads = map(say, (msg("building"), msg("households"), msg("before"), msg("after")))
        listed = f"<table>{_row(*heads)}{moved}</table>" if moved else ""
        above = map(say, (msg("measure"), msg("this plan"), msg("the other plan")))
        return (
            f"<div><p>{xml(say(self.sentence()))}</p><table>{_row(*above)}{rows}</table>{listed}"
            f"{picture(self.one, say)}{picture(self.other, say)}</div>"
        )

    def _repr_html_(self) -> str:
        return self.html()


def _row(*cells: str) -> str:
    return f"<tr>{''.join(f'<td>{xml(cell)}</td>' for cell in cells)}</tr>"


def _text(value: int | float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def compared(one: GridPlan, other: GridPlan) -> GridComparison:
    """Put two plans side by side; households are those of the other plan, which is the later one as a rule."""
    before, after = one.grids(), other.grids()
    count = dict(zip(other.layout.ids, other.layout.households.tolist(), strict=True))
    both = [building for building in other.layout.ids if building in before]
    row = {code: place for place, code in enumerate(one.codes)}
    column = {code: place for place, code in enumerate(other.codes)}
    kept = [[0] * len(other.codes) for _ in one.codes]
    for building in both:
        # One more than its households in a finer unit, so that schools and shops decide where nobody lives.
        kept[row[before[building]]][column[after[building]]] += count[building] * (len(both) + 1) + 1
    pairs = {one.codes[at]: other.codes[to] for at, to in best_pairs(kept).items()}
    elsewhere = tuple(
        Elsewhere(building=building, households=count[building], before=before[building], after=after[building])
        for building in both
        if pairs.get(before[building]) != after[building]
    )
    return GridComparison(
        one=one, other=other, same=pairs, elsewhere=elsewhere,
        only_one=tuple(building for building in one.layout.ids if building not in after),
        only_other=tuple(building for building in other.layout.ids if building not in before),
    )
