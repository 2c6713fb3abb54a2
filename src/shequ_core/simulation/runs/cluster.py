"""A running Dask cluster as an executor."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any, Final

import attrs

from shequ_core.errors import MissingExtraError, RunError, msg
from shequ_core.simulation.runs.journal import LIBRARIES

_PATIENCE: Final = 15
"""Seconds in which a scheduler answers, if it is one and within reach."""

_TRIM_THRESHOLD: Final = -1
"""The names under which glibc knows them, `M_TRIM_THRESHOLD` and `M_MMAP_THRESHOLD` of <malloc.h>."""
_MMAP_THRESHOLD: Final = -3
_KEPT: Final = 2**28
"""Bytes that a worker keeps of what it freed."""
_KEPT_WHOLE: Final = 2**25
"""Bytes of one piece from which on it is given back all the same: as many as glibc allows."""


@attrs.frozen
class Cluster:
    """A cluster to work on.

    Attributes:
        executor: Where to work: `run.into(out, executor=cluster.executor, workers=cluster.workers)`.
        workers: How many tasks it can work on at a time.
    """

    executor: Executor
    workers: int


@contextmanager
def cluster_executor(
    address: str, *, loads: Sequence[str] = (), patience: float = _PATIENCE
) -> Iterator[Cluster]:
    """Lend a running Dask cluster.

    Args:
        address: The scheduler's, such as 'tcp://10.0.0.1:8786'.
        loads: Modules that its workers load meanwhile, so that no task waits for it.
        patience: Seconds in which it has to answer.

    Raises:
        MissingExtraError: Dask isn't installed here.
        RunError: There is no scheduler at that address, it has no workers, or they have other versions than we.
    """
    try:
        distributed: Any = importlib.import_module("distributed")  # Any: half of it is untyped
    except ImportError:
        raise MissingExtraError("Dask (distributed)", "distributed") from None
    try:
        client = distributed.Client(address, timeout=patience, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RunError(
            msg(
                "There is no Dask scheduler at {address} ({why}): start one with `dask scheduler`, and give its address"
                " as tcp://HOST:PORT",
                address=address, why=type(error).__name__,
            )
        ) from None
    with client:
        workers = client.nthreads()
        if not workers:
            raise RunError(
                msg(
                    "The Dask scheduler at {address} has no workers: start some with `dask worker {address}`",
                    address=address,
                )
            )
        _check_same(client.run(_versions_of(LIBRARIES), on_error="return"))
        client.run(keep_memory)
        client.run(_loading(tuple(loads)), wait=False)
        with client.get_executor(pure=False) as executor:
            yield Cluster(executor, sum(workers.values()))


def keep_memory() -> None:
    """Have this process keep what it frees, up to a bound, where the system's library can be told to.

    Dask's workers give it back at once (`MALLOC_TRIM_THRESHOLD_`), so that every array of a chunk is made of pages that
    the system has to clear first: a quarter of the time.
    """
    import ctypes

    try:
        tell = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # another library than glibc, or another system
        return
    tell(_TRIM_THRESHOLD, _KEPT)
    tell(_MMAP_THRESHOLD, _KEPT_WHOLE)


def _versions_of(libraries: tuple[str, ...]) -> Any:  # Any: sent by value, for it may be unknown there
    def versions() -> dict[str, str]:
        from importlib.metadata import entry_points, version

        plugins = {one.dist.name for one in entry_points(group="shequ_core") if one.dist is not None}
        return {name: version(name) for name in sorted({*libraries, *plugins})}

    return versions


def _loading(modules: tuple[str, ...]) -> Any:  # Any: sent by value, as above
    async def load() -> None:  # Dask waits for whatever is no coroutine
        from importlib import import_module

        for name in modules:
            import_module(name)

    return load


def _check_same(there: Mapping[str, Any]) -> None:  # Any: what a worker answers, or the error it came to
    """Raise `RunError` unless every worker has the versions that we have."""
    here: dict[str, str] = _versions_of(LIBRARIES)()
    odd: list[str] = []
    for worker, found in sorted(there.items()):
        if not isinstance(found, Mapping):
            odd.append(f"{worker}: no {LIBRARIES[0]}")
            continue
        odd += [
            f"{worker}: {name} {found.get(name, '-')}, not {here.get(name, '-')}"
            for name in sorted({*here, *found})
            if here.get(name) != found.get(name)
        ]
    if odd:
        raise RunError(
            msg(
                "Workers of the cluster don't have what is installed here ({differences}): install the same everywhere,"
                " plugins too, for the same input must give the same bytes",
                differences=tuple(odd),
            )
        )
