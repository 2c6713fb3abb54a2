"""What a contributor runs. A plain `nox` is all that must pass before a change lands."""

from __future__ import annotations

import os
from pathlib import Path

import nox

nox.needs_version = ">=2025.10.16"
nox.options.sessions = ["lint", "types", "tests", "coverage-proof", "cities", "docs"]
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
def types(session: nox.Session) -> None:
    """Run mypy strict over the library, the plugins and all tests."""
    install_all(session, "types")
    session.run("mypy", "src", "tests", "noxfile.py", "hatch_build.py", *(f"plugins/{city}/src" for city in CITIES))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the plain suite."""
    install_all(session, "test")
    session.run("pytest", "-n", "auto", *session.posargs)


@nox.session(name="coverage-proof")
def coverage_proof(session: nox.Session) -> None:
    """Disturb every carrier of every clause; its cases must notice."""
    session.install("-e.")
    session.run("python", "-m", "shequ_core.testing.proof", *session.posargs)


@nox.session
@nox.parametrize("city", CITIES)
def cities(session: nox.Session, city: str) -> None:
    """Run each city plugin's own tests against this core."""
    session.install("-e.", "-e", f"plugins/{city}", "pytest")
    session.run("pytest", f"plugins/{city}/tests", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation; every warning is an error."""
    session.install("-e.", *group("docs"))
    session.run("python", "docs/make_reference.py")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html")


@nox.session
def demo(session: nox.Session) -> None:
    """Make the shipped example again, compare it with what is shipped, and run its year."""
    session.install("-e.", "-e", "plugins/changchun")
    made = Path(session.create_tmp()) / "chaoyang"
    session.run("shequ", "synthesize", "220104", "--year", "2022", "--seed", "1", "--out", str(made), "--overwrite")
    session.run("python", "tools/same_files.py", str(made), "examples/chaoyang")
    session.run(
        "shequ", "year", "examples/chaoyang", "--place", "220104", "--year", "2022", "--assume", "--out", "out"
    )


@nox.session
def bench(session: nox.Session) -> None:
    """Print measurements, side by side in one run; nothing here is a test."""
    install_all(session)
    session.run("python", "tools/bench.py", *session.posargs)
