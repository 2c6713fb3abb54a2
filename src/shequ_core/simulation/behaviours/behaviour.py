"""What every behaviour is: named, sourced parameters, and what it does at each part of a year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import attrs

from shequ_core.errors import Message
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.law import Law
from shequ_core.policy.policy import Policy
from shequ_core.simulation.ranges import RANGE, Check
from shequ_core.simulation.sourced import Sourced
from shequ_core.simulation.state import Layout
from shequ_core.simulation.turn import Turn
from shequ_core.tables.columns import IntColumn
from shequ_core.values import JsonValue

KINDS: dict[str, type[Behaviour]] = {}
"""Every behaviour by its kind, those of others too once they are imported."""


@attrs.frozen(kw_only=True)
class Behaviour:
    """How people act where the law leaves it open; each draw goes through `state.LIVES`, by whose life it is.

    A behaviour of your own is a frozen attrs class with `Sourced` parameters and a `kind`, which does something at one
    part of the year. What a parameter may be stands in its field's `metadata=ranges.within(…)`. Its draws have
    purposes of their own, so that it changes nobody else's luck.

    Attributes:
        kind: What a scenario calls it; also where its purposes begin.
    """

    kind: ClassVar[str]

    def __init_subclass__(cls) -> None:
        """Make it known by its kind."""
        if "kind" in vars(cls):
            KINDS[cls.kind] = cls

    def prepare(self, book: PolicyBook, counties: Iterable[str], years: range) -> PolicyBook:  # noqa: ARG002
        """Return the policies of the years ahead, with what the behaviour expects beyond what is published."""
        return book

    def households(self, layout: Layout, year: int, before: IntColumn) -> IntColumn:  # noqa: ARG002
        """Return the households of each community of each seed in a year, from those of the year before."""
        return before

    def paid_first(
        self, law: Law, county: str, year: int, policies: Sequence[Policy]  # noqa: ARG002
    ) -> Sequence[Policy]:
        """Return the policy under which each month of a year is paid at first; what it lacks is paid later."""
        return policies

    def new_posts(self) -> int:
        """Return how many posts may open in a community, over all years."""
        return 0

    def establish(self, turn: Turn) -> None:
        """Before anything else: which posts open, and which close."""

    def arrive(self, turn: Turn) -> None:
        """Who comes into vacant posts, before anybody leaves."""

    def leave(self, turn: Turn) -> None:
        """Who leaves, and in which month."""

    def win(self, turn: Turn) -> None:
        """What those who are there win in the year: certificates, education."""

    def close(self, turn: Turn) -> None:
        """At the end of the year: assessments, trainings."""

    def parameters(self) -> Mapping[str, Sourced[Any]]:  # Any: parameters of every kind
        """Return the parameters by name."""
        return {field.name: getattr(self, field.name) for field in attrs.fields(type(self))}

    def problems(self) -> Iterator[tuple[str, Message]]:
        """Yield every parameter whose value it can't have, and what is wrong with it."""
        for field in attrs.fields(type(self)):
            check: Check | None = field.metadata.get(RANGE)
            problem = None if check is None else check(getattr(self, field.name).value)
            if problem is not None:
                yield field.name, problem

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {"kind": self.kind, **{name: one.to_data() for name, one in self.parameters().items()}}
