"""Many communities at once, each by itself: in this process, or over several."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Final

import attrs

from shequ_core.planning.grids.divide import EFFORT, divide_layout
from shequ_core.planning.grids.layouts import Part, lay_out
from shequ_core.planning.grids.plan import GridPlan
from shequ_core.planning.grids.search import Clock
from shequ_core.values import Span

_BATCH: Final = 1_600
"""So many buildings, or the next community's more, go to a worker at a time."""

_WORTHWHILE: Final = 4_000
"""With fewer buildings than this, starting processes takes longer than they save."""


@attrs.frozen(kw_only=True)
class Asked:
    """How each community is to be divided; as for `divide_layout`."""

    target: int | None = None
    effort: int = EFFORT
    seed: int = 1
    seconds: float | None = None
    split_weight: float | None = None


def worthwhile_jobs(parts: Sequence[Part]) -> int:
    """Return in how many processes communities are best divided here: one for a few, else one a core."""
    if len(parts) < 2 or sum(len(part.ids) for part in parts) < _WORTHWHILE:
        return 1
    able = getattr(os, "sched_getaffinity", None)  # not on every system; there all cores are ours
    return len(able(0)) if able is not None else os.cpu_count() or 1


def divide_all(
    parts: Sequence[Part], bounds: Sequence[Span[int]], asked: Asked, *, jobs: int = 1,
    executor: Executor | None = None, progress: Callable[[int, int], None] = lambda done, of: None,  # noqa: ARG005
) -> list[GridPlan]:
    """Divide every community within its own bounds.

    Args:
        parts: The communities, as `split` made them.
        bounds: Least and most households of a grid, for each community.
        asked: How; every community gets the same effort and seed, so that none hangs on the others.
        jobs: In so many processes. A script that asks for several has to stand under `if __name__ == "__main__":`.
        executor: Where to work instead: anything that takes functions and gives futures.
        progress: Told how many of how many are done.

    Returns:
        The plans in the order of the parts, the same for any number of processes.
    """
    plans: list[GridPlan | None] = [None] * len(parts)
    done = 0
    with _workers(jobs if len(parts) > 1 else 1, executor) as workers:
        if workers is None:
            for place, (part, span) in enumerate(zip(parts, bounds, strict=True)):
                plans[place] = _divided(part, span, asked)
                progress(place + 1, len(parts))
        else:
            waiting = {
                workers.submit(_batch, [(parts[place], bounds[place]) for place in places], asked): places
                for places in _batches(parts)
            }
            for future in as_completed(waiting):
                for place, plan in zip(waiting[future], future.result(), strict=True):
                    plans[place] = plan
                    done += 1
                progress(done, len(parts))
    return [plan for plan in plans if plan is not None]


@contextmanager
def _workers(jobs: int, executor: Executor | None) -> Iterator[Executor | None]:
    """Lend where to work; None is this process."""
    if executor is not None or jobs == 1:
        yield executor
        return
    # A fork copies locks that threads of somebody else hold; a fresh process is the same on every system.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield pool
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _batches(parts: Sequence[Part]) -> Iterator[list[int]]:
    """Yield places of communities, the largest first, so that nobody is left with a large one at the end."""
    some: list[int] = []
    held = 0
    for place in sorted(range(len(parts)), key=lambda one: (-len(parts[one].ids), one)):
        some.append(place)
        held += len(parts[place].ids)
        if held >= _BATCH:
            yield some
            some, held = [], 0
    if some:
        yield some


def _batch(some: Sequence[tuple[Part, Span[int]]], asked: Asked) -> list[GridPlan]:
    return [_divided(part, span, asked) for part, span in some]


def _divided(part: Part, span: Span[int], asked: Asked) -> GridPlan:
    clock = Clock.of(asked.seconds)  # what touches takes its time too
    return divide_layout(
        lay_out(part), span.low, span.high, target=asked.target, effort=asked.effort, seed=asked.seed,
        split_weight=asked.split_weight, clock=clock,
    )
