"""Grid division as people ask for it: tables and a policy or two numbers in, plans out (JLG2.3.2a)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from datetime import date
from pathlib import Path
from typing import Final, TypeAlias

import attrs

from shequ_core.errors import (
    Fault,
    InputError,
    Message,
    PlaceNotFoundError,
    PlaceUnresolvedError,
    UnsetError,
    UnsetKey,
    msg,
)
from shequ_core.planning.grids.divide import EFFORT
from shequ_core.planning.grids.layouts import (
    AdjacencyLike,
    BarriersLike,
    BuildingsLike,
    Part,
    PreviousLike,
    split,
)
from shequ_core.planning.grids.many import Asked, divide_all, worthwhile_jobs
from shequ_core.planning.grids.plan import GridPlan
from shequ_core.planning.grids.plans import GridPlans
from shequ_core.planning.grids.staff import staffed
from shequ_core.policy.book import COMMUNITY_DIGITS, PolicyBook
from shequ_core.policy.grids import HOUSEHOLDS
from shequ_core.policy.policy import Policy
from shequ_core.values import Span

Bounds: TypeAlias = "tuple[Span[int], Policy | None]"
"""Least and most households of a grid, and the policy that sets them."""

_BOUNDS_TWICE: Final = msg("a place brings its own bounds: give either a place's policy, or low and high")
_NO_DAY: Final = msg("the bounds of a place hang on the day: give on, or a policy, or low and high")


def divide(
    buildings: BuildingsLike,
    adjacency: AdjacencyLike = None,
    barriers: BarriersLike = None,
    previous: PreviousLike | GridPlan | GridPlans = None,
    *,
    low: int | None = None,
    high: int | None = None,
    policy: Policy | str | None = None,
    target: int | None = None,
    effort: int = EFFORT,
    seed: int = 1,
    seconds: float | None = None,
    split_weight: float | None = None,
    book: PolicyBook | None = None,
    on: date | None = None,
    known: date | None = None,
) -> GridPlan:
    """Divide the buildings of one community into grids within bounds (JLG2.3.2a).

    What a plan is judged by, the first that differs decides: bounds, each grid in one piece, few grids (or the target),
    with earlier grids few households moved, estates kept whole, compactness.

    Args:
        buildings: A `Buildings` table, a file (CSV, XLSX, Parquet, GeoJSON, GeoPackage), a data frame, or facts.
        adjacency: What touches: table, file, pairs, or a frame. Without it, points tell; without points, estates and
            the order of ids do, and the plan says so.
        barriers: Roads, rivers and railways nobody crosses: a file, or lines in the buildings' coordinates.
        previous: The grid that each building was in: table, file, an earlier plan, pairs, or a frame.
        low: Least households of a grid; comes with `high`.
        high: Most households of a grid.
        policy: Whose bounds hold in place of `low` and `high`: a policy, or a place by its code or Chinese name.
            Without either, those of the community's own place. A policy also says how many work in each grid.
        target: So many grids; None for as few as can be.
        effort: How much is tried: work, not time. The same effort and seed give the same plan on any machine.
        seed: The seed of chance.
        seconds: A cap on time; a plan that it cut short says so in `stopped_by`.
        split_weight: What one more piece of an estate is worth, in households times square metres; None where whole
            estates come before compactness.
        book: Where places' policies are asked; None for `PolicyBook.load()`.
        on: The day for which they are asked; needed where `policy` isn't a policy and no numbers are given.
        known: As known on that day; None for all that is known now.

    Returns:
        The plan. Where none is within bounds, the least bad one, with `status` and `causes` saying so.

    Raises:
        InputError: What was given can't be used: every fault, with file, row and building.
        PlaceNotFoundError: There is no place as `policy` names it.
        UnsetError: Nobody set bounds for the place.
    """
    question = Question(
        low=low, high=high, policy=policy, target=target, effort=effort, seed=seed, seconds=seconds,
        split_weight=split_weight, book=book, on=on, known=known,
    )
    parts = question.parts(buildings, adjacency, barriers, previous)
    if len(parts) > 1:
        told = msg(
            "these are buildings of {count} communities: {function} divides each by itself", count=len(parts),
            function=divide_communities.__name__,
        )
        raise InputError([Fault(file=_file(buildings), message=told)])
    (plan,) = question.plans(parts, _file(buildings)).plans
    return plan


def divide_communities(
    buildings: BuildingsLike,
    adjacency: AdjacencyLike = None,
    barriers: BarriersLike = None,
    previous: PreviousLike | GridPlan | GridPlans = None,
    *,
    low: int | None = None,
    high: int | None = None,
    policy: Policy | str | None = None,
    target: int | None = None,
    effort: int = EFFORT,
    seed: int = 1,
    seconds: float | None = None,
    split_weight: float | None = None,
    book: PolicyBook | None = None,
    on: date | None = None,
    known: date | None = None,
    jobs: int | None = 1,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
) -> GridPlans:
    """Divide the buildings of each community of a table by itself, as `divide` does one.

    Args:
        buildings: As for `divide`, with the code of each building's community.
        adjacency: As for `divide`, and so is all that isn't named here.
        barriers: For all communities.
        previous: For all communities.
        low: For all communities; comes with `high`.
        high: For all communities.
        policy: Whose bounds hold for all communities. Without it, and without numbers, each community's own.
        target: So many grids in each community.
        seconds: A cap on the time of each community.
        jobs: In so many processes; None for one a core where that is worth it. A script that asks for more than one
            has to stand under `if __name__ == "__main__":`.
        executor: Where to work instead: anything that takes functions and gives futures.
        progress: Told how many of how many communities are done.

    Returns:
        A plan for each community by its code, the same for any number of processes.

    Raises:
        InputError: What was given can't be used: every fault, with file, row and building; nothing is divided.
        PlaceNotFoundError: There is no place as `policy` names it.
        UnsetError: Nobody set bounds for a place.
    """
    question = Question(
        low=low, high=high, policy=policy, target=target, effort=effort, seed=seed, seconds=seconds,
        split_weight=split_weight, book=book, on=on, known=known, jobs=jobs,
    )
    parts = question.parts(buildings, adjacency, barriers, previous)
    return question.plans(parts, _file(buildings), executor, progress)


@attrs.frozen(kw_only=True)
class Question:
    """What both functions are asked beside tables, as it was given; see there."""

    low: int | None
    high: int | None
    policy: Policy | str | None
    target: int | None
    effort: int
    seed: int
    seconds: float | None
    split_weight: float | None
    book: PolicyBook | None
    on: date | None
    known: date | None
    jobs: int | None = 1

    def parts(
        self, buildings: BuildingsLike, adjacency: AdjacencyLike, barriers: BarriersLike,
        previous: PreviousLike | GridPlan | GridPlans,
    ) -> list[Part]:
        """Read what is to be divided; everything that is wrong with it and with the question comes at once."""
        faults = [Fault(file=name, message=message) for name, message in self._faults()]
        parts: list[Part] = []
        if isinstance(previous, (GridPlan, GridPlans)):
            previous = {"grids": dict(previous.grids()), "retired": previous.retired}
        try:
            parts = split(buildings, adjacency, barriers, previous)
        except InputError as error:
            faults += error.faults
        if faults:
            raise InputError(faults)
        return parts

    def plans(
        self, parts: Sequence[Part], file: str, executor: Executor | None = None,
        progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
    ) -> GridPlans:
        """Divide each community within its bounds."""
        bounds = self._bounds(parts, file)
        asked = Asked(
            target=self.target, effort=self.effort, seed=self.seed, seconds=self.seconds, split_weight=self.split_weight
        )
        found = divide_all(
            parts, [span for span, _ in bounds], asked, jobs=self.jobs or worthwhile_jobs(parts), executor=executor,
            progress=progress,
        )
        return GridPlans(plans=tuple(staffed(plan, one) for plan, (_, one) in zip(found, bounds, strict=True)))

    def _faults(self) -> Iterator[tuple[str, Message]]:
        if self.policy is not None and (self.low is not None or self.high is not None):
            yield "low", _BOUNDS_TWICE
        for name, found, other in (("low", self.low, self.high), ("high", self.high, self.low)):
            if found is None and other is not None:
                yield name, msg("low and high go together: {name} is missing", name=name)
            elif found is not None and found < 1:
                yield name, msg("a grid has at least one household: {given} can't be a bound", given=found)
        if self.low is not None and self.high is not None and self.low > self.high:
            yield "low", msg("low above high: {low} is more than {high}", low=self.low, high=self.high)
        least = (("target", self.target, 1), ("effort", self.effort, 1), ("seed", self.seed, 0), ("jobs", self.jobs, 1))
        for name, found, floor in least:
            if found is not None and found < floor:
                yield name, msg("{name} is at least {least}, not {given}", name=name, least=floor, given=found)
        if self.seconds is not None and not self.seconds > 0:
            yield "seconds", msg("{name} is more than 0, not {given}", name="seconds", given=self.seconds)
        if self.split_weight is not None and not 0 <= self.split_weight < float("inf"):
            yield "split_weight", msg(
                "{name} is at least {least}, not {given}", name="split_weight", least=0, given=self.split_weight
            )
        if self.low is None and self.high is None and self.on is None and not isinstance(self.policy, Policy):
            yield "on", _NO_DAY

    def _bounds(self, parts: Sequence[Part], file: str) -> list[Bounds]:
        """Return each community's bounds, and the policy that sets them."""
        if self.low is not None and self.high is not None:
            return [(Span(self.low, self.high), None)] * len(parts)
        policy = self.policy
        if isinstance(policy, Policy):
            return [(policy[HOUSEHOLDS], policy)] * len(parts)
        assert self.on is not None  # as the faults say
        book = PolicyBook.load() if self.book is None else self.book
        if policy is not None:
            is_community = policy.isdigit() and len(policy) == COMMUNITY_DIGITS
            place = policy if is_community else book.find(policy, self.on).code
            found = book.policy(place, self.on, self.known)
            return [(found[HOUSEHOLDS], found)] * len(parts)
        return list(self._own(parts, file, book, self.on))

    def _own(self, parts: Sequence[Part], file: str, book: PolicyBook, on: date) -> Iterator[Bounds]:
        """Yield each community's own; what can't be had comes at once."""
        faults: list[Fault] = []
        unset: list[UnsetKey] = []
        found: list[Bounds] = []
        for part in parts:
            if part.community is None:
                told = msg(
                    "nobody said whose bounds hold: name a place, give low and high, or give each building the code of"
                    " its community"
                )
                faults.append(Fault(file=file, message=told))
                continue
            try:
                policy = book.policy(part.community, on, self.known)
                found.append((policy[HOUSEHOLDS], policy))
            except (PlaceNotFoundError, PlaceUnresolvedError) as error:
                faults.append(Fault(file=file, message=error.message))
            except UnsetError as error:
                unset += error.missing
        if faults:
            raise InputError(faults)
        if unset:
            raise UnsetError(unset)
        yield from found


def _file(source: object) -> str:
    return Path(source).name if isinstance(source, (str, Path)) else "buildings"
