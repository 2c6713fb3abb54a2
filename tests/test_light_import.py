"""What is loaded when: a name when it is asked for, a verb when it is called."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"babel", "click", "copier", "narwhals", "numpy", "pandas", "pluggy", "polars", "pyarrow", "python_calamine",
         "rich", "shapely", "vl_convert", "xlsxwriter"}  # fmt: skip


def loaded_by(code: str) -> set[str]:
    """Return which heavy libraries a fresh interpreter has after running this."""
    told = f"import sys\n{code}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}), sep='\\n')"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return HEAVY & set(done.stdout.split())


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        pytest.param("import shequ_core", set(), id="the package"),
        pytest.param("import shequ_core; dir(shequ_core); shequ_core.__all__", set(), id="its names"),
        pytest.param("from shequ_core import yuan, ShequError, Span", set(), id="money and errors"),
        pytest.param("from shequ_core import LocalPolicy, hookimpl, Parameter", {"numpy", "pluggy"}, id="a plugin"),
        pytest.param("from shequ_core import PolicyBook; PolicyBook.load()", {"numpy", "pluggy"}, id="a book of policies"),
        pytest.param("import shequ_core.rules.pay, shequ_core.year", {"numpy", "pluggy"}, id="the rules"),
        pytest.param("import shequ_core.tables.files", {"numpy", "pluggy"}, id="files, none read yet"),
        pytest.param(
            "from shequ_core.cli import shequ\ntry: shequ(['--help'])\nexcept SystemExit: pass", {"click"}, id="--help"
        ),
        pytest.param(
            "from shequ_core.cli import shequ\ntry: shequ(['--version'])\nexcept SystemExit: pass", {"click"},
            id="--version",
        ),
        pytest.param(
            "from shequ_core.cli import shequ\ntry: shequ(['year', '--help'])\nexcept SystemExit: pass", {"click"},
            id="a verb's help",
        ),
    ],
)  # fmt: skip
def test_nothing_is_loaded_before_it_is_needed(code: str, allowed: set[str]) -> None:
    """Neither on import nor by asking for help; a compiled catalogue needs no Babel."""
    if "cli" in code:
        allowed = allowed | {"babel"} if _uncompiled() else allowed
    assert loaded_by(code) <= allowed


def _uncompiled() -> bool:
    """Whether this is a source tree whose catalogue wasn't compiled since it was edited: Babel does it on the fly."""
    from importlib.resources import files

    from shequ_core.reports.wording import newer

    folder = files("shequ_core.reports") / "locale" / "zh_CN" / "LC_MESSAGES"
    compiled = folder / "shequ.mo"
    return not compiled.is_file() or newer(folder / "shequ.po", compiled)


def test_every_name_of_the_face_can_be_had() -> None:
    """The lazy face leads to each of its names, and to no other."""
    import shequ_core

    for name in shequ_core.__all__:
        assert getattr(shequ_core, name) is not None
    assert set(shequ_core.__all__) <= set(dir(shequ_core))
    with pytest.raises(AttributeError, match="no attribute 'PolicyBok'"):
        _ = shequ_core.PolicyBok


def test_a_year_loads_no_pandas(tmp_path: Path) -> None:
    """PyArrow loads it unasked wherever it is installed: half a second, and 45 MB of a province's 300."""
    pytest.importorskip("pandas")
    example = Path(__file__).parents[1] / "examples" / "chaoyang"
    words = ["year", str(example), "--place", "220104", "--year", "2022", "--assume", "--out", str(tmp_path / "out")]
    loaded = loaded_by(f"from shequ_core.cli import shequ\ntry: shequ({words!r})\nexcept SystemExit as end: assert not end.code")
    assert "pyarrow" in loaded
    assert "pandas" not in loaded
