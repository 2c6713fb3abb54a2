"""Keys of headcount: how many posts a community may have, and the county's quota (JLW2.1, 2.2)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.communities import Setting
from shequ_core.model.posts import Employment, Role
from shequ_core.policy.kinds import ByMember, Choices, Sets, SpanKind, Strategies, Texts, WholeNumbers
from shequ_core.policy.parameters import COUNTY, LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy
from shequ_core.tables.columns import IntColumn, maximum, where
from shequ_core.values import Span

if TYPE_CHECKING:
    from shequ_core.policy.policy import Policy


_POSTS: Final = SpanKind(WholeNumbers())
_MEASURE: Final = WholeNumbers(1)


class HeadcountNorm(Strategy):
    """By what a community's posts are counted."""

    @abstractmethod
    def allowed(self, households: IntColumn, residents: IntColumn, policy: Policy) -> Span[IntColumn]:
        """Return the fewest and the most posts of each community; unknown where the measure is."""


@attrs.frozen
class HouseholdBands(HeadcountNorm):
    """So many posts up to a number of households, and one more for each complete step above."""

    kind: ClassVar[str] = "household_bands"
    uses: ClassVar[tuple[str, ...]] = ("staffing.base_households", "staffing.base_posts", "staffing.step")

    def allowed(  # noqa: D102  # as HeadcountNorm says
        self, households: IntColumn, residents: IntColumn, policy: Policy  # noqa: ARG002  # another norm goes by residents
    ) -> Span[IntColumn]:
        base = policy[BASE_POSTS]
        above = maximum(households - policy[BASE_HOUSEHOLDS], 0)
        return Span(households.fill(base.low), base.high + above // policy[STEP].low)


@attrs.frozen
class HouseholdTable(HeadcountNorm):
    """A table of household bands, each with its own span of posts.

    Attributes:
        upto: The most households of each band but the last, rising.
        posts: The posts of each band, one more than `upto`.
    """

    upto: tuple[int, ...]
    posts: tuple[Span[int], ...]

    kind: ClassVar[str] = "household_table"

    def check(self) -> None:  # noqa: D102
        if len(self.posts) != len(self.upto) + 1 or list(self.upto) != sorted(set(self.upto)):
            raise PlainError(msg("bands rise, and there is one more span of posts than there are bounds"))
        for posts in self.posts:
            _POSTS.check(posts)

    def allowed(  # noqa: D102
        self, households: IntColumn, residents: IntColumn, policy: Policy  # noqa: ARG002  # see HouseholdBands
    ) -> Span[IntColumn]:
        low, high = households.fill(self.posts[-1].low), households.fill(self.posts[-1].high)
        for upto, posts in reversed(list(zip(self.upto, self.posts, strict=False))):
            low = where(households <= upto, households.fill(posts.low), low)
            high = where(households <= upto, households.fill(posts.high), high)
        return Span(low, high)


@attrs.frozen
class PerResidents(HeadcountNorm):
    """So many posts for each so many residents, a begun share counting whole."""

    posts: Span[int]
    residents: int

    kind: ClassVar[str] = "per_residents"

    def check(self) -> None:  # noqa: D102
        _POSTS.check(self.posts)
        _MEASURE.check(self.residents)

    def allowed(  # noqa: D102
        self, households: IntColumn, residents: IntColumn, policy: Policy  # noqa: ARG002  # see HouseholdBands
    ) -> Span[IntColumn]:
        def due(posts: int) -> IntColumn:
            return (residents * posts + (self.residents - 1)) // self.residents

        return Span(due(self.posts.low), due(self.posts.high))


@attrs.frozen
class PerHouseholds(HeadcountNorm):
    """One post for each so many households, a begun share counting whole, and at least so many."""

    households: Span[int]
    least: int = 1

    kind: ClassVar[str] = "per_households"

    def check(self) -> None:  # noqa: D102
        SpanKind(_MEASURE).check(self.households)
        _POSTS.inner.check(self.least)

    def allowed(  # noqa: D102
        self, households: IntColumn, residents: IntColumn, policy: Policy  # noqa: ARG002  # see HouseholdBands
    ) -> Span[IntColumn]:
        def due(each: int) -> IntColumn:
            return maximum((households + (each - 1)) // each, self.least)

        return Span(due(self.households.high), due(self.households.low))


class QuotaSharing(StrEnum):
    """How a county quota that is short of what its communities may have is shared out."""

    BY_CEILING = "by_ceiling"
    """In proportion to each community's ceiling."""
    FLOORS_FIRST = "floors_first"
    """Every floor first, the rest in proportion to what is above the floors."""


NORM: Final[Parameter[HeadcountNorm]] = Parameter(
    name="staffing.norm", kind=Strategies(HeadcountNorm), clauses=("JLW2.2a", "JLW2.2b"), who=PROVINCE, unit="norm",
    doc="By what a community's posts are counted.",
)
BASE_HOUSEHOLDS: Final[Parameter[int]] = Parameter(
    name="staffing.base_households", kind=WholeNumbers(1), clauses=("JLW2.2a",), who=PROVINCE, unit="households",
    doc="Up to so many households a community has the base posts.", chosen_by="staffing.norm",
)
BASE_POSTS: Final[Parameter[Span[int]]] = Parameter(
    name="staffing.base_posts", kind=SpanKind(WholeNumbers()), clauses=("JLW2.2a",), who=PROVINCE, unit="posts",
    doc="Posts of a community that has at most staffing.base_households.", chosen_by="staffing.norm",
)
STEP: Final[Parameter[Span[int]]] = Parameter(
    name="staffing.step", kind=SpanKind(WholeNumbers(1)), clauses=("JLW2.2b",), who=PROVINCE, unit="households",
    doc="Above staffing.base_households, one more post may be opened for each so many.", chosen_by="staffing.norm",
)
PARTY_POSTS: Final[Parameter[int]] = Parameter(
    name="staffing.party_posts", kind=WholeNumbers(), clauses=("JLW2.2d",), who=PROVINCE, unit="posts",
    doc="Posts for Party building alone that each community has, secretary and deputy secretary not counted.",
)
QUOTA: Final[Parameter[int]] = Parameter(
    name="staffing.quota", kind=WholeNumbers(), clauses=("JLW2.2c",), who=COUNTY, unit="posts",
    doc="The county's quota (员额): the most posts that all its communities together may have.",
)
QUOTA_SHARING: Final[Parameter[QuotaSharing]] = Parameter(
    name="staffing.quota_sharing", kind=Choices(QuotaSharing), clauses=("JLW2.2c",), who=COUNTY, unit="way",
    doc="How a quota short of what the communities may have is shared out.",
)
SETTINGS: Final[Parameter[frozenset[Setting]]] = Parameter(
    name="posts.settings", kind=Sets(Setting), clauses=("JLW2.1",), who=PROVINCE, unit="settings",
    doc="In which communities posts are set up.",
)
EMPLOYMENTS: Final[Parameter[frozenset[Employment]]] = Parameter(
    name="posts.employments", kind=Sets(Employment), clauses=("JLW2.1",), who=PROVINCE, unit="footings",
    doc="Who may be a post holder, by the footing on which they work.",
)
CLASS_OF_ROLE: Final[Parameter[Mapping[Role, str]]] = Parameter(
    name="posts.class_of_role", kind=ByMember(Role, Texts()), clauses=("JLW2.4a",), who=LOCAL, unit="classes",
    doc="To which class of post each role belongs.",
)
