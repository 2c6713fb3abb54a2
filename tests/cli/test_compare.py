"""`shequ compare`: what a scenario's reforms change, told, drawn and written; one error for what stands in its way."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Run = Callable[..., Result]

ROOT = Path(__file__).parents[2]
PLAIN = 'place = "220421"\nyears = [2024, 2024]\nseeds = 2\nassume = true\nstart.synthesize = 2023\n'
REFORM = '[[reform]]\nname = "higher"\nscope = "replace_below"\nvalues.pay.local_coefficient = "9/10"\n'


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_scenario_is_held_against_itself_without_its_reforms(run: Run, tmp_path: Path) -> None:
    """In either language, as data, as a page and as rows."""
    scenario = written(tmp_path, "reform.toml", f'name = "tried"\n{PLAIN}{REFORM}')
    plain = written(tmp_path, "plain.toml", PLAIN)
    told = run("compare", scenario, "--lang", "en")
    assert told.exit_code == 0, told.stderr
    assert "tried: " in told.stdout
    assert "synthetic" in told.stdout
    assert "assumption" in told.stdout
    data = json.loads(run("compare", scenario, "--json").stdout)
    assert data["reforms"]["tried"]["cost_sum"] > 0
    assert data["reforms"]["tried"]["changed_seeds"] == 2
    assert data["synthetic"] is True
    against = json.loads(run("compare", scenario, "--against", plain, "--json").stdout)
    assert against == data
    pytest.importorskip("vl_convert")
    out, page = tmp_path / "out", tmp_path / "page.html"
    zh = run("compare", scenario, "--lang", "zh", "--out", out, "--page", page, "--seeds", "1")
    assert zh.exit_code == 0, zh.stderr
    assert "模拟1次" in zh.stdout
    assert "合成数据" in page.read_text("utf-8")
    assert sorted(one.name for one in out.iterdir()) == ["0-baseline", "1-tried"]


def test_a_scenario_without_a_reform_needs_another(run: Run, tmp_path: Path) -> None:
    """One clear error, nothing written."""
    told = run("compare", written(tmp_path, "plain.toml", PLAIN), "--lang", "en", "--out", tmp_path / "out")
    assert (told.exit_code, told.stdout) == (2, "")
    assert "--against" in told.stderr
    assert not (tmp_path / "out").exists()


def test_the_notebooks_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """From top to bottom."""
    names = runpy.run_path(str(ROOT / "examples" / "try_a_reform.py"))
    assert names["found"].cost().sum > 0
    assert "synthetic" in capsys.readouterr().out
