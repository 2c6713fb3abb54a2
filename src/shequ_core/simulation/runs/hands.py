"""Tasks handed out and results taken back: to this process, to several, or to any executor."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing.connection import Connection
from typing import Any, Final, TypeVar

from shequ_core.errors import RunError, ShequError, msg
from shequ_core.simulation.runs.parts import T

R = TypeVar("R")

_EACH: Final = 2
"""So many tasks a worker are handed out at a time: one to work on, and one that waits."""

_LOOK: Final = 1.0
"""Seconds after which we look up while waiting: Windows lets nobody stop us meanwhile."""


def cores() -> int:
    """Return how many cores are ours."""
    able = getattr(os, "sched_getaffinity", None)  # not on every system; there all cores are ours
    return len(able(0)) if able is not None else os.cpu_count() or 1


def handed_out(
    call: Callable[[T], R],
    tasks: Sequence[T],
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    in_order: bool,
) -> Generator[tuple[int, R], None, None]:
    """Yield each task's position and result.

    Never are more than a few tasks a worker handed out and not taken back, so that neither tasks nor results pile
    up. A pool of our own that loses a worker is replaced by a fresh one, and what was under way is tried again, one
    by one: the task during which it dies a second time is named.

    Args:
        call: What is done with a task. For processes it must be possible to pickle it.
        tasks: The tasks.
        executor: Where to work; else here, in as many processes as there are workers.
        workers: How many tasks can be worked on at a time: 1, or with an executor one a core of this machine.
        in_order: Whether results come in the order of the tasks, else as they are ready.

    Raises:
        RunError: The executor died, or one of its workers: names the parts.
        ShequError: What the work on a task raised.
    """
    many = workers if workers is not None else 1 if executor is None else cores()
    if executor is None and many == 1:
        for place, task in enumerate(tasks):
            yield place, call(task)
        return
    if executor is None and tasks:
        _check_can_be_sent(call, tasks[0])
    hands = _Hands(call, tasks, many * _EACH, in_order=in_order)
    while hands.todo:
        lent: AbstractContextManager[Executor] = own_pool(many) if executor is None else nullcontext(executor)
        with lent as pool:
            yield from hands.work(pool)
        if hands.lost:
            hands.take_up_again(may_retry=executor is None)


class _Hands:
    """The state of handing out, over one pool after another.

    Attributes:
        todo: Positions still to be handed out.
        lost: Positions that were out when the pool died.
    """

    def __init__(self, call: Callable[[T], R], tasks: Sequence[T], most: int, *, in_order: bool) -> None:
        self._call, self._tasks, self._most = call, tasks, most
        self._in_order = in_order
        self._turn = 0
        self.todo = deque(range(len(tasks)))
        self.lost: list[int] = []
        self._suspects: set[int] = set()
        self._why = ""
        self._failed: ShequError | None = None
        self._kept: dict[int, Any] = {}  # Any: results, until it is their turn

    def work(self, pool: Executor) -> Iterator[tuple[int, Any]]:  # Any: the result of the call
        """Yield results until all is done or the pool died, which leaves the lost ones."""
        out: dict[Future[Any], int] = {}
        try:
            while (self.todo or out) and not self.lost:
                self._hand_out(pool, out)
                finished, _ = wait(out, timeout=_LOOK, return_when="FIRST_COMPLETED")
                self._take(out, finished)
                if self.lost:  # what others have ready is kept
                    finished, _ = wait([future for future in out if not future.cancel()], timeout=_LOOK)
                    self._take(out, finished)
                    self.lost.extend(out.values())
                    out.clear()
                yield from self._ready()
                if self._failed is not None:
                    raise self._failed
        finally:
            for future in out:
                future.cancel()

    def _hand_out(self, pool: Executor, out: dict[Future[Any], int]) -> None:
        while self.todo and not self.lost:
            place = self.todo[0]
            careful = place in self._suspects or any(one in self._suspects for one in out.values())
            if len(out) >= (1 if careful else self._most):
                return
            if self._in_order and place >= self._turn + self._most:
                return
            self.todo.popleft()
            try:
                out[pool.submit(self._call, self._tasks[place])] = place
            except Exception as error:  # it died, or was shut down, before it was asked
                self._lose(place, error)

    def _take(self, out: dict[Future[Any], int], finished: Iterable[Future[Any]]) -> None:
        for future in sorted(finished, key=out.__getitem__):
            place = out.pop(future)
            try:
                self._kept[place] = future.result()
            except ShequError as error:
                self._failed = self._failed or error
            except (Exception, CancelledError) as error:  # the call lets none but ours out: it is the executor's
                self._lose(place, error)

    def _lose(self, place: int, error: BaseException) -> None:
        self.lost.append(place)
        self._why = type(error).__name__

    def _ready(self) -> Iterator[tuple[int, Any]]:
        for place in sorted(self._kept):
            if self._in_order and place != self._turn:
                return
            self._turn += 1
            self._suspects.discard(place)
            yield place, self._kept.pop(place)

    def take_up_again(self, *, may_retry: bool) -> None:
        """Put what was lost in front again, or raise `RunError` if that was so before or can't help."""
        lost, self.lost = sorted(self.lost), []
        again = [place for place in lost if place in self._suspects]
        if again or not may_retry:
            names = [self._tasks[place].id for place in again or lost]
            raise RunError(
                msg(
                    "What worked on part {parts} died ({why}): short of memory, killed, or out of reach. Parts that are"
                    " in a folder by now are kept; go on with --continue (resume=True).",
                    parts=tuple(names), why=self._why,
                ),
                names,
            )
        self._suspects.update(lost)
        self.todo.extendleft(reversed(lost))


def _check_can_be_sent(call: Callable[..., object], task: object) -> None:
    """Raise `RunError` unless another process can be given the work."""
    try:
        pickle.dumps((call, task))
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        raise RunError(
            msg(
                "The work can't be sent to another process ({why}): define it, and what it holds, at the top of a"
                " module, or take one worker",
                why=str(error),
            )
        ) from None


# --- a pool of our own ------------------------------------------------------------------------------


@contextmanager
def own_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Lend a pool of fresh processes, which end at once when we end in whatever way.

    A script that asks for one has to stand under `if __name__ == "__main__":`.
    """
    # A fork copies locks that threads of somebody else hold; a fresh process is the same on every system.
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    try:
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(theirs,))
        try:
            yield pool
        except BaseException:
            ours.close()  # nobody waits for what is under way: a part is whole or not there
            pool.shutdown(cancel_futures=True)
            raise
        pool.shutdown()
    finally:
        ours.close()
        theirs.close()


def _begin(parent: Connection) -> None:
    """Begin a worker: it leaves Ctrl-C to the parent, and ends when the parent's end of the pipe is closed."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        parent.poll(None)  # nothing is ever sent: it returns when the parent is gone
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
