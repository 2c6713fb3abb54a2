"""Posts open and close as the law lets communities have more or fewer of them (JLW2.2)."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import CLOSED, LIVES, OPEN, TO_COME
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import Ints

_MANY: Final = 50
"""More posts don't open in one community."""


@attrs.frozen(kw_only=True)
class PostsChange(Behaviour):
    """Communities open posts while they have fewer than they aim at, and close vacant ones that they may not have.

    How many they may have is for `rules/staffing.py` to say, by households or residents, within the county's quota. A
    post that opened is filled as others are; one that was closed stays so. Communities without any post open none.

    Attributes:
        use: How much of the room between the least and the most that it may have a community aims to use.
        opened: The share of the posts that are lacking to that which opens in a year.
        closed: The share of the vacant posts beyond the most which is closed in a year.
        reserve: How many posts may open in one community over all years.
    """

    use: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("posts_use_of_room", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    opened: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("posts_opened_a_year", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    closed: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("posts_closed_a_year", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    reserve: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("posts_that_may_open", Figures.whole),
        converter=given, metadata=within(ranges.whole(0, _MANY)),
    )

    kind: ClassVar[str] = "posts_change"

    def new_posts(self) -> int:  # noqa: D102
        return self.reserve.value

    def establish(self, turn: Turn) -> None:  # noqa: D102
        people, rows = turn.people, turn.rows
        of = turn.layout.row_community[rows]
        share = self.use.value
        room = np.maximum(turn.room - turn.least, 0) * share.numerator // share.denominator
        aim, most = np.minimum(turn.least + room, turn.room)[of], turn.room[of]
        known, number = turn.known_room[of], turn.layout.number[rows % len(turn.layout.posts)]
        opens = np.flatnonzero(known & (people.opened == TO_COME) & (number <= aim))
        opens = self._some(turn, opens, self.opened.value, "posts_change: opens")
        closes = np.flatnonzero(known & (people.opened == OPEN) & ~people.held & (number > most))
        closes = self._some(turn, closes, self.closed.value, "posts_change: closes")
        people.opened[opens], people.opened[closes] = OPEN, CLOSED
        for name, some in (("posts_opened", opens), ("posts_closed", closes)):
            turn.counted[name] = np.zeros(len(people), dtype=np.bool_)
            turn.counted[name][some] = True

    def _some(self, turn: Turn, rows: Ints, share: Fraction, purpose: str) -> Ints:
        """Draw by the luck of the posts themselves, which is no holder's."""
        keys = turn.layout.life(rows + turn.first, np.zeros(len(rows), dtype=np.int64))
        return rows[LIVES.happens(keys, share, purpose=purpose, year=turn.year)]
