"""Keys of exits: how many failed years, and until what age (JLW2.10a, 2.10h)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.posts import Sex
from shequ_core.policy.kinds import Choices, Strategies, WholeNumbers
from shequ_core.policy.parameters import LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.values import MONTHS_PER_YEAR


class ExitAge(Strategy):
    """The age at which a holder leaves, by sex and, where it is raised, by date of birth."""

    @abstractmethod
    def months(self, sex: Sex, born: date) -> int:
        """Return the age in months at which somebody of that sex, born that day, leaves."""


@attrs.frozen
class FixedAge(ExitAge):
    """One age in years for each sex."""

    years: Mapping[Sex, int]

    kind: ClassVar[str] = "fixed_age"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if set(self.years) != set(Sex) or any(years < 0 for years in self.years.values()):
            raise PlainError(msg("an age for each sex is expected"))

    def months(self, sex: Sex, born: date) -> int:  # noqa: ARG002, D102
        return self.years[sex] * MONTHS_PER_YEAR


@attrs.frozen
class RisingAge(ExitAge):
    """An age that rises by one month for each so many months by which the old age is reached after a day.

    Attributes:
        years: The age before the rise.
        most: The age at which the rise ends.
        begins: Whoever reaches the old age before that month is not touched.
        every: The first so many months are put off by one month, the next by two, and so on.
    """

    years: Mapping[Sex, int]
    most: Mapping[Sex, int]
    begins: date
    every: Mapping[Sex, int]

    kind: ClassVar[str] = "rising_age"

    def check(self) -> None:  # noqa: D102
        for table in (self.years, self.most, self.every):
            if set(table) != set(Sex) or any(number < 1 for number in table.values()):
                raise PlainError(msg("a number for each sex is expected"))
        if any(self.most[sex] < self.years[sex] for sex in Sex):
            raise PlainError(msg("an age that rises ends above where it begins"))

    def months(self, sex: Sex, born: date) -> int:  # noqa: D102
        old = self.years[sex] * MONTHS_PER_YEAR
        reached = born.year * MONTHS_PER_YEAR + born.month - 1 + old
        late = reached - (self.begins.year * MONTHS_PER_YEAR + self.begins.month - 1)
        if late < 0:
            return old
        return min(old + late // self.every[sex] + 1, self.most[sex] * MONTHS_PER_YEAR)


class UnassessedYear(StrEnum):
    """What a year without an assessment does to a run of failed years."""

    SKIPPED = "skipped"
    """It neither counts nor breaks the run."""
    BREAKS = "breaks"
    """It breaks the run."""


FAILED_RUNNING: Final[Parameter[int]] = Parameter(
    name="exits.failed_running", kind=WholeNumbers(1), clauses=("JLW2.10a",), who=PROVINCE, unit="years",
    doc="So many unqualified years running end a holding.",
)
FAILED_TOTAL: Final[Parameter[int]] = Parameter(
    name="exits.failed_total", kind=WholeNumbers(1), clauses=("JLW2.10a",), who=PROVINCE, unit="years",
    doc="So many unqualified years in all end a holding.",
)
FAILED_IN_TERM: Final[Parameter[int]] = Parameter(
    name="exits.failed_in_term", kind=WholeNumbers(1), clauses=("JLW2.10h",), who=LOCAL, unit="years",
    doc="So many unqualified years within one term of the committees end a holding, where a place says so.",
)
UNASSESSED_YEAR: Final[Parameter[UnassessedYear]] = Parameter(
    name="exits.unassessed_year", kind=Choices(UnassessedYear), clauses=("JLW2.10a",), who=PROVINCE, unit="way",
    doc="What a year without an assessment does to a run of unqualified years.",
)
AGE: Final[Parameter[ExitAge]] = Parameter(
    name="exits.age", kind=Strategies(ExitAge), clauses=("JLW2.10h",), who=LOCAL, unit="age",
    doc="The age at which a holder leaves the post.",
)
