"""What the yearly assessment comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Final

import attrs
import numpy as np

from shequ_core.jilin.figures import Figures
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.assessment import SCHEME
from shequ_core.policy.policy import Policy
from shequ_core.rules.assessment import scored_grade
from shequ_core.simulation import ranges
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.ranges import within
from shequ_core.simulation.sourced import Sourced, given
from shequ_core.simulation.state import LIVES, NONE
from shequ_core.simulation.turn import Rows, Turn
from shequ_core.tables.columns import IntColumn, Ints
from shequ_core.values import MONTHS_PER_YEAR, POINT, Span

_FULL: Final = 100 * POINT
"""The most points, in hundredths."""
_HALF: Final = MONTHS_PER_YEAR // 2
_PARTS: Final = ("residents", "organisation", "daily", "annual")


def _weights(figures: Figures, name: str) -> Sequence[int]:
    return tuple(figures.weights(name, AssessmentGrade))


def _bands(figures: Figures, name: str) -> Sequence[Span[int]]:
    return tuple(figures.spans(name, AssessmentGrade))


@attrs.frozen(kw_only=True)
class Assessments(Behaviour):
    """Everybody who is there for the second half of the year is assessed by four scores.

    How well somebody works is drawn as one of the four grades, and each score from the band of that grade; which grade
    the scores then give is for the place's scheme to say. Where a place has none, the grade drawn is decided.

    Attributes:
        usual: By which weight each grade is drawn, best first; `weak` of those who do poorly for good.
        weak_share: How many those are.
        not_assessed: The share without an assessment.
        bands: In which hundredths of a point the scores of each grade lie.
        decided_in: The month of the next year from which an assessment counts, from 1.
    """

    usual: Sourced[Sequence[int]] = attrs.field(
        factory=lambda: Sourced.figure("grades", _weights),
        converter=given, metadata=within(ranges.weights(len(AssessmentGrade))),
    )
    weak: Sourced[Sequence[int]] = attrs.field(
        factory=lambda: Sourced.figure("grades_of_the_weak", _weights),
        converter=given, metadata=within(ranges.weights(len(AssessmentGrade))),
    )
    weak_share: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("weak", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    not_assessed: Sourced[Fraction] = attrs.field(
        factory=lambda: Sourced.figure("not_assessed", Figures.share),
        converter=given, metadata=within(ranges.share),
    )
    bands: Sourced[Sequence[Span[int]]] = attrs.field(
        factory=lambda: Sourced.figure("score_bands", _bands),
        converter=given, metadata=within(ranges.spans(len(AssessmentGrade), 0, _FULL)),
    )
    decided_in: Sourced[int] = attrs.field(
        factory=lambda: Sourced.figure("decided_in", Figures.whole),
        converter=given, metadata=within(ranges.month),
    )

    kind: ClassVar[str] = "assessments"

    def close(self, turn: Turn) -> None:  # noqa: D102
        people, year = turn.people, turn.year
        there = turn.at_end() & (turn.comes <= _HALF)
        there &= ~LIVES.happens(people.key, self.not_assessed.value, purpose="assessments: none", year=year)
        weak = LIVES.happens(people.key, self.weak_share.value, purpose="assessments: weak")
        drawn = LIVES.choose(people.key, self.usual.value, purpose="assessments: grade", year=year)
        poor = np.flatnonzero(weak)
        drawn[poor] = LIVES.choose(people.key[poor], self.weak.value, purpose="assessments: grade", year=year)
        if SCHEME in turn.policies[-1]:
            policy = turn.policies[-1]
            sure = policy.once((type(self), tuple(self.bands.value)), lambda: self._sure(policy))[drawn]
            open_ = np.flatnonzero(there & (sure == NONE))
            if len(open_):
                scores = self._scores(turn, open_, drawn[open_])
                sure[open_] = scored_grade(**scores, policy=policy).values
            drawn = sure
        people.history[year - turn.first_year] = np.where(there, drawn, NONE)

    def _sure(self, policy: Policy) -> Ints:
        """Return the grade that scores of each grade's band give wherever in it they lie, `NONE` where that isn't one.

        It goes by their weighted mean, which lies between those of a band's ends where no weight is negative; so who
        has the same grade at both ends has it in between.
        """

        def graded(scores: Sequence[int]) -> Ints:
            each = IntColumn(np.array(scores, dtype=np.int64))
            return scored_grade(each, each, each, each, policy).values

        low, high = graded([band.low for band in self.bands.value]), graded([band.high for band in self.bands.value])
        same = (low == high) & (min(policy[SCHEME].weights().values()) >= 0)
        return np.where(same, low, NONE)

    def _scores(self, turn: Turn, rows: Rows, drawn: Ints) -> Mapping[str, IntColumn]:
        bands, key = self.bands.value, turn.people.key[rows]
        low = np.array([band.low for band in bands], dtype=np.int64)[drawn]
        width = np.array([band.high - band.low + 1 for band in bands], dtype=np.int64)[drawn]
        return {
            part: IntColumn(low + LIVES.below(key, width, purpose=f"assessments: {part}", year=turn.year))
            for part in _PARTS
        }
