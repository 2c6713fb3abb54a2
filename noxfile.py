"""What a contributor runs. A plain `nox` is all that must pass before a change lands."""

from __future__ import annotations

import filecmp
import os
import shutil
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.16"
nox.options.sessions = ["lint", "types", "tests", "coverage-proof"]
nox.options.default_venv_backend = "uv|venv"
nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True

os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")

PROJECT = nox.project.load_toml("pyproject.toml")
CITIES = sorted(folder.name for folder in Path("plugins").iterdir() if (folder / "pyproject.toml").is_file())


def group(name: str) -> list[str]:
    """Return the requirements of a dependency group, read from pyproject.toml (old pips know no --group)."""
    return list(nox.project.dependency_groups(PROJECT, name))


def install_all(session: nox.Session, *groups: str) -> None:
    """Install the library, every city's plugin, and some dependency groups."""
    editable = [argument for city in CITIES for argument in ("-e", f"plugins/{city}")]
    session.install("-e.", *editable, *(requirement for name in groups for requirement in group(name)))


@nox.session
def lint(session: nox.Session) -> None:
    """Hold the code to its style and the floors to their contract."""
    session.install("-e.", *group("lint"))
    session.run("ruff", "check", ".")
    session.run("lint-imports")


@nox.session
def catalogue(session: nox.Session) -> None:
    """Bring the Chinese catalogue in step with the code, and name what is still to be translated."""
    session.install("-e.")
    session.run("python", "tools/catalogue.py", *session.posargs)


@nox.session
def types(session: nox.Session) -> None:
    """Run mypy strict over the library, the plugins and all tests."""
    install_all(session, "types")
    sources = [f"plugins/{city}/{part}" for city in CITIES for part in ("src", "tests")]
    session.run("mypy", "src", "tests", "docs", "examples", "noxfile.py", "hatch_build.py", "tools", *sources)
    session.run("pytest", "-q", "tests/policy/test_typing.py")  # the plain suite has no mypy


@nox.session
def tests(session: nox.Session) -> None:
    """Run the plain suite and every city plugin's own.

    `-- --hypothesis-profile=wide` draws other examples, `-- -m long` runs what is long.
    """
    install_all(session, "test")
    # worksteal: neighbours stay on one worker, so that what a module's tests share is made once.
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *session.posargs)


@nox.session
def cluster(session: nox.Session) -> None:
    """Run what needs a Dask scheduler and workers, over loopback; one of them is killed."""
    install_all(session, "cluster")
    session.run("pytest", "-q", "-m", "cluster", "tests/simulation/runs/test_cluster.py", *session.posargs)


@nox.session(name="coverage-proof")
def coverage_proof(session: nox.Session) -> None:
    """Disturb every carrier of every clause; its cases must notice."""
    session.install("-e.")
    session.run("python", "-m", "shequ_core.testing.proof", *session.posargs)


@nox.session
def cities(session: nox.Session) -> None:
    """Run city plugins' own tests alone, against this core; name cities to run only those."""
    install_all(session, "test")
    session.run("pytest", "-q", *(f"plugins/{city}/tests" for city in session.posargs or CITIES))


@nox.session
def plugins(session: nox.Session) -> None:
    """Try 5,000 random plugins below a floor, none of which may pass in silence, and 5,000 within every bound."""
    install_all(session, "test")
    session.run(
        "pytest", "-q", "-n", "auto", "tests/policy/test_random_plugins.py", *session.posargs,
        env={"SHEQU_RANDOM_PLUGINS": "5000"},
    )


@nox.session
def kit(session: nox.Session) -> None:
    """Do what a city does first: start a plugin, install it, run its suite, see it in the policy."""
    session.install("-e.[testing]")
    folder = Path(session.create_tmp()) / "shequ-220104"
    shutil.rmtree(folder, ignore_errors=True)
    session.run("shequ", "plugin", "new", "220104", "--out", str(folder))
    session.install(str(folder))
    session.run("pytest", "-q", str(folder))
    session.run("shequ", "plugin", "check", "220104")
    session.run("shequ", "policy", "220104")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation into docs/_build; the reference is made from the code, and a warning is an error."""
    install_all(session, "docs")
    session.run("towncrier", "build", "--draft", "--version", "next", silent=True)
    session.run("sphinx-build", "-W", "--keep-going", "-n", "-q", *session.posargs, "docs", "docs/_build")


@nox.session
def bench(session: nox.Session) -> None:
    """Measure what the README and the design promise; nothing passes or fails by it.

    `pay`, `grids` and `sim` are run only when named, one at a time: they take minutes, and a second environment each
    for what they are held against.
    """
    topic = next((one for one in ("pay", "grids", "sim") if one in session.posargs), None)
    session.install("-e.[distributed]" if topic == "sim" else "-e.", "-e", "plugins/changchun")
    environment: dict[str, str | None] = {}
    if topic is not None:
        needs = {"pay": "peers", "grids": "grid-peers", "sim": "sim-peers"}[topic]
        peers = Path(session.create_tmp()) / needs
        python = peers / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not python.is_file():
            session.run("python", "-m", "venv", str(peers))
        session.run(str(python), "-m", "pip", "install", "--quiet", *group(needs), external=True)
        environment["BENCH_PEERS"] = str(python)
    session.run("python", "-m", "tools.bench", *session.posargs, env=environment)


@nox.session
def chance(session: nox.Session) -> None:
    """Put keyed chance to statistical tests at length; `docs/explanation/chance.md` holds what was found."""
    session.install("-e.", *group("chance"))
    session.run("python", "tools/chance.py", *session.posargs)


@nox.session
def demo(session: nox.Session) -> None:
    """Make the shipped example again, compare it with what is shipped, and run its year."""
    session.install("-e.", "-e", "plugins/changchun")
    made = Path(session.create_tmp()) / "chaoyang"
    session.run("shequ", "synthesize", "220104", "--year", "2022", "--seed", "1", "--out", str(made), "--overwrite")
    shipped = Path("examples/chaoyang")
    names = sorted(path.name for path in shipped.glob("*.csv"))
    same, differing, missing = filecmp.cmpfiles(made, shipped, names, shallow=False)
    if differing or missing or len(same) != len(names):
        session.error(f"the shipped example is not what synthesize makes: {differing + missing}")
    session.run(
        "shequ", "year", "examples/chaoyang", "--place", "220104", "--year", "2022", "--assume", "--out", "out"
    )
