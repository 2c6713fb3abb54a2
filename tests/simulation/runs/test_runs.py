"""Runs of many tasks: one digest however they are worked on, whatever happens to them on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.simulation.runs.toy import Toy, bytes_of, digests_of, toy_run, toys, work

from shequ_core.errors import OutputError, RunError, RunStopped
from shequ_core.simulation.runs import lock
from shequ_core.simulation.runs.journal import JOURNAL, MANIFEST
from shequ_core.simulation.runs.lock import LOCK, only_run
from shequ_core.simulation.runs.run import Ran, Run

ROOT = Path(__file__).parents[3]


class Shuffled(Executor):
    """Works on what it was given in an order of its own, and dies after so many tasks.

    Attributes:
        most: How many tasks it held at once.
    """

    def __init__(self, seed: int, lives: int = 10**6) -> None:
        self._chance, self._lives, self.most = random.Random(seed), lives, 0
        self._held: list[tuple[Future[Any], Callable[[], Any]]] = []
        self._changed, self._over = threading.Condition(), False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def submit(self, call: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            if self._lives < 1:
                raise BrokenExecutor("dead")
            self._held.append((future, lambda: call(*args, **more)))
            self.most = max(self.most, len(self._held))
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._held or self._over)
                if not self._held:
                    return
                future, call = self._held.pop(self._chance.randrange(len(self._held)))
                self._lives -= 1
            if not future.set_running_or_notify_cancel():
                continue
            if self._lives < 0:
                future.set_exception(BrokenExecutor("dead"))
                continue
            try:
                future.set_result(call())
            except Exception as error:
                future.set_exception(error)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of twelve toys, made one after the other in one process."""
    folder = tmp_path_factory.mktemp("undisturbed") / "out"
    toy_run(toys(12)).into(folder)
    return digests_of(folder)


@contextmanager
def counted() -> Iterator[tuple[Callable[[Toy], Any], list[str]]]:
    """Lend work that notes down on what it was done."""
    seen: list[str] = []

    def noting(toy: Toy) -> Any:
        seen.append(toy.id)
        return work(toy)

    yield noting, seen


# --- in memory --------------------------------------------------------------------------------------


@given(count=st.integers(0, 15), seed=st.integers(0, 2**32), workers=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_results_come_in_the_order_of_the_tasks_and_do_not_pile_up(count: int, seed: int, workers: int) -> None:
    """Whatever is ready first; and no more tasks are out than two a worker."""
    tasks = toys(count)
    with Shuffled(seed) as executor:
        told = [(toy, tables) for toy, tables in toy_run(tasks).in_memory(executor=executor, workers=workers)]
    assert [toy for toy, _ in told] == tasks
    for toy, tables in told:
        few = work(toy)["few"]
        assert tables["few"].equals(few)
        assert tables["toys"]["digest"].to_pylist()[: len(few)] == few["digest"].to_pylist()
    assert executor.most <= 2 * workers


def test_who_stops_reading_stops_the_work() -> None:
    """Results are made as they are asked for."""
    with counted() as (noting, seen):
        results = Run(tasks=toys(40), work=noting, run="toy").in_memory()
        assert next(results)[0].id == toys(1)[0].id
        results.close()  # type: ignore[attr-defined]  # a generator
    assert seen == [toys(1)[0].id]


# --- into a folder ------------------------------------------------------------------------------------


def test_larger_tasks_are_handed_out_first(tmp_path: Path) -> None:
    """Those of one size in their order; the files don't tell."""
    sizes = dict(zip((toy.id for toy in toys(6)), (2, 9, 2, 1, 9, 3), strict=True))
    with counted() as (noting, seen):
        ran = Run(tasks=toys(6), work=noting, run="toy", size=lambda toy: sizes[toy.id]).into(tmp_path / "out")
    assert [[one.id for one in toys(6)].index(toy) for toy in seen] == [1, 4, 5, 0, 2, 3]
    assert bytes_of(ran.folder) == bytes_of(Run(tasks=toys(6), work=work, run="toy").into(tmp_path / "alone").folder)


@given(seed=st.integers(0, 2**32), workers=st.integers(1, 4))
@settings(max_examples=10, deadline=None)
def test_the_files_are_the_same_whatever_is_ready_first(
    tmp_path_factory: pytest.TempPathFactory, undisturbed: dict[str, str], seed: int, workers: int
) -> None:
    """Every byte, the manifest's too."""
    out = tmp_path_factory.mktemp("shuffled")
    with Shuffled(seed) as executor:
        toy_run(toys(12)).into(out, executor=executor, workers=workers)
    assert digests_of(out) == undisturbed
    assert executor.most <= 2 * workers


def test_a_finished_run_is_read_in_the_order_of_the_tasks(tmp_path: Path) -> None:
    """And says what it rests on; progress was told one by one."""
    tasks, seen = list(reversed(toys(12))), []
    made = toy_run(tasks, about={"place": "22", "seeds": [1, 2]}).into(
        tmp_path / "deep" / "out", progress=lambda done, of: seen.append((done, of))
    )
    ran = Ran.open(tmp_path / "deep" / "out")
    assert ran.digest == made.digest == json.loads((ran.folder / MANIFEST).read_bytes())["digest"]
    assert ran.manifest.header.about == {"place": "22", "seeds": [1, 2]}
    assert [name for name, _ in ran.each("toys")] == [toy.id for toy in tasks]
    assert ran.read("few").num_rows == sum(len(work(toy)["few"]) for toy in tasks)
    assert seen == [(done, 12) for done in range(13)]
    assert {path.name for path in ran.folder.iterdir()} == {"toys", "few", MANIFEST}
    with pytest.raises(KeyError):
        ran.read("none")


def test_codes_stay_text_for_whoever_reads_the_folder(tmp_path: Path) -> None:
    """Nobody's reader makes numbers of codes, in the files or in the names of folders."""
    pandas, parquet = pytest.importorskip("pandas"), pytest.importorskip("pyarrow.parquet")
    toy_run(toys(3)).into(tmp_path / "out")
    read = parquet.read_table(tmp_path / "out" / "toys")
    assert read.schema.field("subject").type == "string"
    assert set(read["part"].to_pylist()) == {toy.id for toy in toys(3)}
    assert set(pandas.read_parquet(tmp_path / "out" / "toys")["subject"]) == {"220100", "220101", "220102"}


@pytest.mark.parametrize(
    "ids", [["220104"], ["../x"], ["长春-1"], ["a", "A"], ["a", "a"], [""], ["a/b"], ["a.b"]], ids=ascii
)
def test_ids_that_can_name_no_folder_are_refused(ids: list[str]) -> None:
    """Before anything is run."""
    with pytest.raises(ValueError, match="id"):
        toy_run([Toy(one) for one in ids])


# --- interrupted, and continued -------------------------------------------------------------------------


class Enough(BaseException):
    """What nobody catches: the process is as good as killed."""


@st.composite
def accidents(draw: st.DrawFn) -> tuple[int, list[tuple[int, str]], bytes]:
    """Draw after how many parts a run ends, what becomes of some of its files, and what the journal ends in."""
    ended = draw(st.integers(0, 11))
    damaged = draw(st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["cut", "gone", "other", "empty"])), max_size=3))
    return ended, damaged, draw(st.sampled_from([b"", b'{"id": "2201', b"\xff\x00", b"[]\n", b'{"id": 1, "files": []}\n']))


def damage(path: Path, how: str) -> None:
    if not path.is_file():
        return
    content = path.read_bytes()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes({"cut": content[:-1], "empty": b"", "other": bytes([content[0] ^ 1]) + content[1:]}[how])


@given(accident=accidents(), seed=st.integers(0, 2**32))
@settings(max_examples=12, deadline=None)
def test_an_interrupted_run_comes_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    undisturbed: dict[str, str],
    accident: tuple[int, list[tuple[int, str]], bytes],
    seed: int,
) -> None:
    """What is whole is kept, the rest is made anew; half lines and files left behind do no harm."""
    ended, damaged, line = accident
    out, tasks = tmp_path_factory.mktemp("accident"), toys(12)

    def killed(toy: Toy) -> Any:
        if toy.id == tasks[ended].id:
            raise Enough
        return work(toy)

    with pytest.raises(Enough):
        Run(tasks=tasks, work=killed, run="toy").into(out)
    hurt = set()
    for place, how in damaged:
        damage(out / "toys" / f"part={tasks[place].id}" / "rows.parquet", how)
        hurt |= {place} if place < ended else set()
    (out / "toys").mkdir(exist_ok=True)
    (out / "toys" / ".rows.parquet-0.tmp").write_bytes(b"PAR1")
    with (out / JOURNAL).open("ab") as file:
        file.write(line)
    (out / LOCK).write_text("1 elsewhere\n")  # left by the process that was killed
    with counted() as (noting, seen), Shuffled(seed) as executor:
        Run(tasks=tasks, work=noting, run="toy").into(out, resume=True, executor=executor)
    assert sorted(seen) == sorted(tasks[place].id for place in {*hurt, *range(ended, 12)})
    assert digests_of(out) == undisturbed


def test_a_run_that_is_killed_twice_keeps_what_both_made(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    """The second one's journal says what the first had finished."""
    out, tasks = tmp_path / "out", toys(12)
    for ended in (4, 8):

        def killed(toy: Toy, last: str = tasks[ended].id) -> Any:
            if toy.id == last:
                raise Enough
            return work(toy)

        with pytest.raises(Enough):
            Run(tasks=tasks, work=killed, run="toy").into(out, resume=True)
        with (out / JOURNAL).open("ab") as file:
            file.write(b"[" * 100_000 + b"\n")
    with counted() as (noting, seen):
        Run(tasks=tasks, work=noting, run="toy").into(out, resume=True)
    assert seen == [toy.id for toy in tasks[8:]]
    assert digests_of(out) == undisturbed


def test_a_finished_run_is_mended(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    """What is damaged is told when it is read, and only that is made anew."""
    out, tasks = tmp_path / "out", toys(12)
    ran = toy_run(tasks).into(out)
    damage(out / "few" / f"part={tasks[4].id}" / "rows.parquet", "other")
    with pytest.raises(RunError, match=r"--continue") as told:
        ran.read("few")
    assert told.value.parts == (tasks[4].id,)
    with counted() as (noting, seen):
        Run(tasks=tasks, work=noting, run="toy").into(out, resume=True)
    assert seen == [tasks[4].id]
    assert digests_of(out) == undisturbed


def test_a_part_that_comes_out_otherwise_is_told(tmp_path: Path) -> None:
    """Work that hangs on more than its task can't be continued."""
    out, tasks = tmp_path / "out", toys(3)
    toy_run(tasks).into(out)
    damage(out / "few" / f"part={tasks[1].id}" / "rows.parquet", "gone")
    other = Run(tasks=tasks, work=lambda toy: work(attrs.evolve(toy, id="220100-other")), run="toy")
    with pytest.raises(RunError, match="is not the same"):
        other.into(out, resume=True)


def test_an_executor_that_dies_ends_in_one_error_and_loses_nothing(
    tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    """What it had finished is kept, the parts it was on are named, and another goes on."""
    out = tmp_path / "out"
    with Shuffled(1, lives=5) as dying, pytest.raises(RunError, match=r"died.*go on with --continue") as told:
        toy_run(toys(12)).into(out, executor=dying, workers=2)
    assert set(told.value.parts) <= {toy.id for toy in toys(12)}
    assert (out / JOURNAL).read_bytes().count(b"\n") == 1 + 5
    with ThreadPoolExecutor(3) as executor:
        toy_run(toys(12)).into(out, resume=True, executor=executor)
    assert digests_of(out) == undisturbed


def test_a_fault_in_the_program_names_the_part_and_no_value(tmp_path: Path) -> None:
    """A researcher finds the traceback beside the error; what goes to a screen holds nothing of a person."""
    fuse = tmp_path / "fuse"
    fuse.write_text("fault")
    tasks = [attrs.evolve(toy, fuse=fuse) if place == 2 else toy for place, toy in enumerate(toys(4))]
    with ThreadPoolExecutor(1) as executor, pytest.raises(RunError, match=tasks[2].id) as told:
        toy_run(tasks).into(tmp_path / "out", executor=executor)
    assert "张三" not in str(told.value)
    assert "张三" in "".join(told.value.__notes__)
    toy_run(toys(4)).into(tmp_path / "out", resume=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_full_disk_ends_in_one_error(tmp_path: Path, undisturbed: dict[str, str]) -> None:
    """It names the part, leaves no half file, and the run goes on when there is room."""
    import resource

    out = tmp_path / "out"
    toy_run(toys(1)).into(tmp_path / "first")  # loads what it needs
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        with pytest.raises(OutputError, match=r"part \S+ can't be written into .*--continue"):
            toy_run(toys(12)).into(out)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert not (out / MANIFEST).exists()
    assert not list(out.rglob("*.tmp"))
    toy_run(toys(12)).into(out, resume=True)
    assert digests_of(out) == undisturbed


# --- processes that are killed ----------------------------------------------------------------------------


def with_fuse(tasks: list[Toy], place: int, fuse: Path, what: str, *, stays: bool = False) -> list[Toy]:
    fuse.write_text(what)
    return [attrs.evolve(toy, fuse=fuse, stays=stays) if at == place else toy for at, toy in enumerate(tasks)]


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9")
class TestKilled:
    """kill -9, of a worker and of all of it."""

    def test_a_worker(self, tmp_path: Path, undisturbed: dict[str, str]) -> None:
        """A fresh pool goes on, and nobody notices."""
        tasks = with_fuse(toys(12), 5, tmp_path / "fuse", "worker")
        toy_run(tasks).into(tmp_path / "out", workers=2)
        assert not (tmp_path / "fuse").exists()
        assert digests_of(tmp_path / "out") == undisturbed

    def test_a_worker_twice_on_the_same_part(self, tmp_path: Path, undisturbed: dict[str, str]) -> None:
        """Exactly that part is named, and the run can be continued."""
        tasks = with_fuse(toys(12), 3, tmp_path / "fuse", "worker", stays=True)
        with pytest.raises(RunError, match=rf"{tasks[3].id} died.*--continue") as told:
            toy_run(tasks).into(tmp_path / "out", workers=2)
        assert told.value.parts == (tasks[3].id,)
        toy_run(toys(12)).into(tmp_path / "out", resume=True)
        assert digests_of(tmp_path / "out") == undisturbed

    def test_a_pool_of_somebody_else(self, tmp_path: Path) -> None:
        """It can't be replaced: what was under way is named."""
        tasks = with_fuse(toys(12), 0, tmp_path / "fuse", "worker")
        with (
            ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool,
            pytest.raises(RunError, match=r"--continue") as told,
        ):
            toy_run(tasks).into(tmp_path / "out", executor=pool, workers=1)
        assert tasks[0].id in told.value.parts

    @pytest.mark.parametrize(
        ("what", "code"),
        [pytest.param("run", -signal.SIGKILL, id="kill -9"), pytest.param("stop", 1, id="Ctrl-C")],
    )
    def test_the_whole_run(
        self, tmp_path: Path, undisturbed: dict[str, str], what: str, code: int
    ) -> None:
        """The folder is free at once, though workers may live a moment longer, and the run goes on."""
        fuse, out = tmp_path / "fuse", tmp_path / "out"
        fuse.write_text(what)
        words = [str(out), "12", "2", "6", str(fuse)]
        done = subprocess.run(
            [sys.executable, "-c", "import sys; from tests.simulation.runs.toy import main; main(*sys.argv[1:])", *words],
            cwd=ROOT, capture_output=True, text=True, check=False, start_new_session=True,
        )  # fmt: skip
        assert done.returncode in {code, -signal.SIGINT if what == "stop" else code}, done.stderr
        if what == "stop":
            assert "RunStopped: Stopped: " in done.stderr
            assert "--continue" in done.stderr
        assert not (out / MANIFEST).exists()
        with pytest.raises(OutputError, match=r"this very run, \d+ of 12 parts finished: go on with --continue"):
            toy_run(toys(12)).into(out)
        toy_run(toys(12)).into(out, resume=True)
        assert digests_of(out) == undisturbed


# --- folders of others --------------------------------------------------------------------------------------


def test_a_folder_of_somebody_else_stays_as_it_is(tmp_path: Path) -> None:
    """Not even a lock is put there."""
    (tmp_path / "theirs.txt").write_text("theirs")
    for resume in (False, True):
        with pytest.raises(OutputError, match="holds no run: name another folder"):
            toy_run(toys(2)).into(tmp_path, resume=resume)
    assert bytes_of(tmp_path) == {"theirs.txt": b"theirs"}
    with pytest.raises(OutputError, match="no finished run"):
        Ran.open(tmp_path)


@pytest.mark.parametrize(
    ("run", "told"),
    [
        pytest.param(toy_run(toys(12), run="other"), "another scenario", id="another fingerprint"),
        pytest.param(toy_run(toys(11)), "another scenario", id="other tasks"),
        pytest.param(toy_run(toys(12), about={"seeds": 2}), "another scenario", id="said otherwise"),
        pytest.param(toy_run(toys(12)), "this very run, finished: read it", id="the same"),
    ],
)
def test_a_folder_that_holds_a_run_is_not_written_over(tmp_path: Path, run: Run[Toy], told: str) -> None:
    """Whether to go on is said by whoever runs it; another run's folder is refused even then."""
    toy_run(toys(12)).into(tmp_path)
    before = bytes_of(tmp_path)
    with pytest.raises(OutputError, match=told):
        run.into(tmp_path)
    if told == "another scenario":
        with pytest.raises(OutputError, match=told):
            run.into(tmp_path, resume=True)
    assert bytes_of(tmp_path) == before


def test_a_run_goes_on_with_the_versions_it_was_begun_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others may give other bytes: the error says which."""
    toy_run(toys(2)).into(tmp_path)
    monkeypatch.setattr(
        "shequ_core.simulation.runs.journal.version", lambda name: "0.0.1" if name == "numpy" else "9"
    )
    with pytest.raises(OutputError, match=r"begun with .*and here is .*numpy 0\.0\.1"):
        toy_run(toys(2)).into(tmp_path, resume=True)


@pytest.mark.parametrize("name", [MANIFEST, JOURNAL])
@pytest.mark.parametrize("content", [b"", b"{}", b'{"form": 2}', b"\xff", b"[" * 100_000], ids=["", "{}", "2", "ff", "["])
def test_what_a_folder_says_of_itself_is_not_trusted(tmp_path: Path, name: str, content: bytes) -> None:
    """A file of that name that is none of ours is no reason to write."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OutputError, match="name another folder"):
        toy_run(toys(2)).into(tmp_path, resume=True)
    assert bytes_of(tmp_path) == {name: content}


def test_a_manifest_that_somebody_changed_is_told(tmp_path: Path) -> None:
    """Though it can be read: what it says is no more what was run."""
    toy_run(toys(2), about={"seeds": 1}).into(tmp_path)
    path = tmp_path / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'"seeds": 1', b'"seeds": 2'))
    with pytest.raises(OutputError, match="or not as it was written"):
        Ran.open(tmp_path)
    with pytest.raises(OutputError, match="or not as it was written"):
        toy_run(toys(2), about={"seeds": 2}).into(tmp_path, resume=True)


def test_a_journal_of_another_form_is_not_misread(tmp_path: Path) -> None:
    """Whoever wrote it meant something else by the same words."""
    out, tasks = tmp_path / "out", toys(2)
    with pytest.raises(RunError):
        Run(tasks=tasks, work=lambda toy: {"x": 1 // 0}, run="toy").into(out)
    content = (out / JOURNAL).read_bytes().replace(b'"form": 1', b'"form": 2')
    (out / JOURNAL).write_bytes(content)
    with pytest.raises(OutputError, match="is no journal of a run"):
        toy_run(tasks).into(out, resume=True)
    assert (out / JOURNAL).read_bytes() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """As below a file: the error names it, and says how to go on."""
    (tmp_path / "file").write_text("theirs")
    with pytest.raises(OutputError, match=r"file/out can't be written: .*--continue"):
        toy_run(toys(2)).into(tmp_path / "file" / "out")


HOLDS = """
import sys
from pathlib import Path
from shequ_core.simulation.runs.lock import only_run
with only_run(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_folder_is_one_run_s_at_a_time(tmp_path: Path) -> None:
    """A live process holds it, a dead one doesn't; two threads of one process don't share it either."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(OutputError, match=rf"in use by another run \(process {other.pid} .*--continue"):
            toy_run(toys(2)).into(tmp_path)
        other.kill()
    with only_run(tmp_path), ThreadPoolExecutor(1) as thread, pytest.raises(OutputError, match="in use"):
        thread.submit(toy_run(toys(2)).into, tmp_path).result()
    toy_run(toys(2)).into(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="an open file can't be removed there")
def test_a_lock_that_goes_while_it_is_taken_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its run came to its end between our opening it and holding it: who comes next would find another file free."""
    hold = lock._hold
    held: list[IO[bytes]] = []

    def late(file: IO[bytes]) -> None:
        if not held:
            (tmp_path / LOCK).unlink()
        held.append(file)
        hold(file)

    monkeypatch.setattr(lock, "_hold", late)
    (tmp_path / LOCK).write_text("1 a machine with a long name, whose process was killed\n")
    with only_run(tmp_path):
        assert (tmp_path / LOCK).stat().st_ino == os.fstat(held[-1].fileno()).st_ino
    assert len(held) == 2


def test_who_holds_a_folder_is_told_and_nobody_before(tmp_path: Path) -> None:
    """What an earlier holder left in the file is gone."""
    (tmp_path / LOCK).write_text("1 a machine with a long name, whose process was killed\n")
    with only_run(tmp_path):
        assert (tmp_path / LOCK).read_text() == f"{os.getpid()} {socket.gethostname()}\n"


def test_work_that_cannot_be_sent_is_told_before_a_process_starts(tmp_path: Path) -> None:
    """A function inside a function has no name by which another process could find it."""
    run = Run(tasks=toys(2), work=lambda toy: dict(work(toy)), run="toy")
    with pytest.raises(RunError, match="at the top of a module"):
        run.into(tmp_path, workers=2)


def test_a_worker_that_sees_another_folder_says_so(tmp_path: Path) -> None:
    """As on a cluster whose machines share no file system: here the folder's journal goes while it runs."""

    def sly(toy: Toy) -> Any:
        (tmp_path / JOURNAL).unlink(missing_ok=True)
        return work(toy)

    with pytest.raises(RunError, match="need a folder that they share"):
        Run(tasks=toys(2), work=sly, run="toy").into(tmp_path)


def test_stopped_is_no_error_to_be_passed_over() -> None:
    """`except Exception` in somebody's loop lets Ctrl-C through."""
    assert not issubclass(RunStopped, Exception)
