"""A run over a Dask cluster: a scheduler and workers of its own, over loopback."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO

import attrs
import pytest
from tests.simulation.runs.toy import bytes_of, toy_run, toys

from shequ_core.errors import MissingExtraError, RunError
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.runs import cluster as module
from shequ_core.simulation.runs.cluster import cluster_executor
from shequ_core.simulation.runs.journal import LIBRARIES, MANIFEST
from shequ_core.simulation.scenario import Scenario, check_scenario
from shequ_core.simulation.spread import run_scenario
from shequ_core.tables.files import write_dataset

ROOT = Path(__file__).parents[3]

pytestmark = [
    pytest.mark.cluster,
    pytest.mark.skipif(find_spec("distributed") is None, reason="`nox -s cluster` has it"),
    pytest.mark.skipif(sys.platform == "win32", reason="kill -9"),
    pytest.mark.filterwarnings("default"),  # what Dask and its libraries warn of is theirs
]


def said(stream: IO[str], what: str) -> str:
    """Read what a process says until it says this."""
    for line in stream:
        if found := re.search(what, line):
            return found.group(1)
    raise AssertionError(f"nobody said {what}")


@contextmanager
def process(*words: str, said_by: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a command of Dask's and lend it, with what it says when it is ready."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])}
    with subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + words[0], *words[1:]],
        stderr=subprocess.PIPE, text=True, env=environment, start_new_session=True,
    ) as running:
        try:
            assert running.stderr is not None
            yield running, said(running.stderr, said_by)
        finally:
            running.kill()


@contextmanager
def scheduler() -> Iterator[tuple[subprocess.Popen[str], str]]:
    with process(
        "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-jupyter",
        said_by=r"Scheduler at:\s+(tcp://\S+)",
    ) as told:  # fmt: skip
        yield told


@pytest.fixture
def workers() -> Iterator[tuple[str, list[subprocess.Popen[str]]]]:
    """A scheduler's address, and its two workers."""
    with ExitStack() as stack:
        _, address = stack.enter_context(scheduler())
        made = [
            stack.enter_context(
                process(
                    "dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
                    said_by=r"(Starting established connection)",
                )
            )[0]
            for _ in range(2)
        ]  # fmt: skip
        yield address, made


def test_a_worker_is_killed_in_mid_run(tmp_path: Path, workers: tuple[str, list[subprocess.Popen[str]]]) -> None:
    """The other takes over what it was on, and the files are those of one process, undisturbed."""
    address, running = workers
    toy_run(toys(40)).into(tmp_path / "alone")
    fuse = tmp_path / "fuse"
    fuse.write_text("worker")
    tasks = toys(40)
    tasks[11] = attrs.evolve(tasks[11], fuse=fuse)
    with cluster_executor(address) as cluster:
        assert cluster.workers == 2
        ran = toy_run(tasks).into(tmp_path / "out", executor=cluster.executor, workers=cluster.workers)
    assert sorted(one.poll() is None for one in running) == [False, True]
    assert not fuse.exists()
    assert bytes_of(ran.folder) == bytes_of(tmp_path / "alone")


def test_the_scheduler_is_killed(tmp_path: Path) -> None:
    """One error says how to go on, and the run goes on here."""
    fuse = tmp_path / "fuse"
    with (
        scheduler() as (running, address),
        process(
            "dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard",
            said_by=r"(Starting established connection)",
        ),
    ):
        fuse.write_text(f"pid {running.pid}")
        tasks = toys(12)
        tasks[5] = attrs.evolve(tasks[5], fuse=fuse)
        with (
            pytest.raises(RunError, match=r"died .*--continue"),
            cluster_executor(address) as cluster,
        ):
            toy_run(tasks).into(tmp_path / "out", executor=cluster.executor, workers=cluster.workers)
    assert not (tmp_path / "out" / MANIFEST).exists()
    toy_run(toys(12)).into(tmp_path / "out", resume=True)
    toy_run(toys(12)).into(tmp_path / "alone")
    assert bytes_of(tmp_path / "out") == bytes_of(tmp_path / "alone")


def test_workers_with_other_versions_are_refused(
    monkeypatch: pytest.MonkeyPatch, workers: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    """Before anything is run: the error names worker, library and both versions."""
    address, _ = workers
    real = module._versions_of(LIBRARIES)()
    asked = []

    def versions_of(libraries: tuple[str, ...]) -> object:
        asked.append(libraries)
        return (lambda: {**real, "shequ-changchun": "9"}) if len(asked) > 1 else (lambda: real)

    monkeypatch.setattr(module, "_versions_of", versions_of)
    with pytest.raises(RunError, match=r"tcp://127.0.0.1:\d+: shequ-changchun \S+, not 9"), cluster_executor(address):
        pass
    with pytest.raises(RunError, match="tcp://a: no shequ-core"):
        module._check_same({"tcp://a": ModuleNotFoundError("shequ_core")})


def test_workers_load_what_they_need(workers: tuple[str, list[subprocess.Popen[str]]]) -> None:
    """Before the first task comes; what can't be loaded is for the task to tell."""
    address, _ = workers
    with cluster_executor(address, loads=["no.such.module"]) as cluster:
        assert cluster.executor.submit(len, "").result() == 0
    with cluster_executor(address, loads=["colorsys"]) as cluster:
        loaded = cluster.executor.map(eval, ["'colorsys' in __import__('sys').modules"] * 4)
        assert all(loaded)


def test_a_scheduler_that_is_not_there_or_has_no_workers() -> None:
    """Each is told in a sentence."""
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        with pytest.raises(RunError, match=f"no Dask scheduler at {address}"), cluster_executor(address, patience=1):
            pass
    with scheduler() as (_, address), pytest.raises(RunError, match="has no workers"), cluster_executor(address):
        pass


def test_without_dask(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    wanted = pytest.raises(MissingExtraError, match=r"shequ-core\[distributed\]")
    with wanted, cluster_executor("tcp://127.0.0.1:9"):
        pass


def test_a_scenario_whose_tables_stand_county_by_county(
    tmp_path: Path, workers: tuple[str, list[subprocess.Popen[str]]]
) -> None:
    """Each worker reads its own, from wherever it stands; the files are those of one process with all of them."""
    made = synthesize("2204", 2024, 1)
    parted = write_dataset(made, tmp_path / "parted", form="parquet", counties=True)
    told = [
        check_scenario(Scenario(place="2204", years=range(2024, 2026), seeds=(1, 2), start=start, assume=True))
        for start in (Path(os.path.relpath(parted)), made)
    ]
    alone = run_scenario(told[1], tmp_path / "alone")
    with cluster_executor(workers[0]) as cluster:
        ran = run_scenario(told[0], tmp_path / "out", executor=cluster.executor, workers=cluster.workers)
    assert bytes_of(ran.folder) == bytes_of(alone.folder)
