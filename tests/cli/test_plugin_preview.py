"""`shequ plugin preview`: what a plugin replaces and breaks, and what made-up people come to with and without it."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shequ_baihua
from click.testing import Result

from shequ_core.policy.book import PolicyBook
from shequ_core.population.synthesize import synthesize
from shequ_core.values import Fen, yuan
from shequ_core.year import run_year
from shequ_core.year.preview import preview

Run = Callable[..., Result]
PLUGINS = Path(__file__).parents[2] / "plugins"


def data(run: Run, plugin: object, *options: object) -> dict[str, Any]:
    """Ask for it as JSON; one plugin answers."""
    told = run("plugin", "preview", plugin, "--year", 2022, "--json", *options)
    assert told.exit_code == 0, told.stderr
    (found,) = json.loads(told.stdout)
    assert isinstance(found, dict)
    return found


def project(folder: Path, place: str, body: str) -> Path:
    """Write a plugin that isn't installed."""
    name = f"shequ_previewed_{place}_{folder.name.rpartition('_')[2]}"
    (folder / "src").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1.0"\n[project.entry-points.shequ_core]\n"{place}" = "{name}"\n',
        encoding="utf-8",
    )
    (folder / "src" / f"{name}.py").write_text(
        f"""
from datetime import date
from fractions import Fraction
from typing import ClassVar
import attrs
from shequ_core import Document, LocalPolicy, Span, Status, hookimpl
from shequ_core.policy import exits, grids, pay, staffing

DAY = date(2021, 1, 1)
SAID = dict(since=DAY, known_on=DAY, source=Document("某地办法").article("第一条"), status=Status.ISSUED)
{body}
""",
        encoding="utf-8",
    )
    return folder


SAYS = """
@hookimpl
def shequ_place():
    return [LocalPolicy(place="{place}", values=[{values}])]
"""


@pytest.fixture(scope="module")
def changchun(run: Run) -> dict[str, Any]:
    return data(run, PLUGINS / "changchun")


def test_what_is_replaced_and_what_is_broken(changchun: dict[str, Any]) -> None:
    """Grids of 400 to 700 replace the province's 300 to 500 and lie outside of them (JLG2.3.2a)."""
    grids, levels = changchun["values"]
    assert (grids["key"], grids["value"]) == ("grids.households", [400, 700])
    assert grids["replaces"] == {"place": "22", "value": [300, 500]}
    ((clause, verdict),) = {(one["clause"], one["verdict"]) for one in grids["departures"]}
    assert (clause, verdict) == ("JLG2.3.2a", "conflict")
    assert (levels["replaces"], levels["departures"], levels["changes"]) == (None, [], True)
    assert changchun["conflicts"] == 1


def test_grids_by_hand(changchun: dict[str, Any]) -> None:
    """At least households / the most of a grid, rounded up; at most households / the least, rounded down."""
    (effect,) = changchun["effects"]
    counted = [one for one in synthesize("2201", 2022, 1).communities.households.to_list() if one is not None]
    for side, low, high in (("without", 300, 500), ("with", 400, 700)):
        fewest = [math.ceil(one / high) for one in counted]
        most = [max(one // low, least) for one, least in zip(counted, fewest, strict=True)]
        assert effect[side]["grids"] == [sum(fewest), sum(most)]
    for figure in ("communities", "posts", "allowed", "below", "above", "exits"):
        assert effect["with"][figure] == effect["without"][figure]


def test_without_assumptions_pay_is_not_worked_out_and_says_why(changchun: dict[str, Any]) -> None:
    """The keys that nobody set are named; what hangs on none of them is told all the same."""
    (effect,) = changchun["effects"]
    for side in ("with", "without"):
        assert effect[side]["pay"] is None
        assert "pay.grades" in effect[side]["missing"]
        assert sum(effect[side]["exits"].values()) > 0


def test_pay_is_what_a_year_of_the_same_people_comes_to(run: Run) -> None:
    """With the plugin: its own year; without: the province's, of the same people and place."""
    found = data(run, "2299", "--assume", "--communities", 5, "--seed", 3)
    (effect,) = found["effects"]
    with_it = PolicyBook.load(assume=True, plugins=[shequ_baihua], alone=True)
    people = synthesize("2299", 2022, 3, divisions=with_it.divisions, committees={"229901": 5})
    year = run_year(people, with_it, "2299", 2022)
    assert effect["people"] == len(people.workers)
    assert effect["with"]["pay"]["total"] == year.total().yuan()
    lines = {line: int(yuan(amount)) for line, amount in effect["with"]["pay"].items()}
    assert Fen(lines.pop("total")) == sum(lines.values())
    assert effect["without"]["pay"]["total"] != effect["with"]["pay"]["total"]
    assert effect["without"]["rests_on"]
    assert not effect["with"]["rests_on"]


def test_headcount_and_exits_by_hand(run: Run, tmp_path: Path) -> None:
    """One post for each 500 households and nothing else; women leave at 40, so that more go."""
    body = SAYS.format(
        place="220281",
        values="staffing.NORM.set(staffing.PerHouseholds(Span(500, 500), 1), **SAID), "
        "exits.AGE.set(exits.FixedAge(dict(zip(exits.Sex, (60, 40)))), **SAID)",
    )
    found = data(run, project(tmp_path / "norm_1", "220281", body))
    (effect,) = found["effects"]
    rows = synthesize("220281", 2022, 1).communities
    scope = [one.households for one in rows if one.setting is not None and one.setting.value != "other_town"]
    due = sum(max(1, math.ceil(one / 500)) for one in scope if one is not None)
    assert effect["with"]["allowed"] == [due, due]
    assert effect["with"]["exits"]["JLW2.10h"] > effect["without"]["exits"].get("JLW2.10h", 0)
    others = {clause for clause in effect["with"]["exits"] if clause != "JLW2.10h"}
    assert all(effect["with"]["exits"][one] == effect["without"]["exits"][one] for one in others)


def test_drafts_are_told_as_not_loaded(run: Run) -> None:
    """Liaoyuan's draft loads with --assume alone."""
    assert {one["state"] for one in data(run, "2204")["values"]} == {"not loaded"}
    assert {one["state"] for one in data(run, "2204", "--assume")["values"]} == {"in force"}


@pytest.mark.parametrize(("lang", "said"), [("zh", "--communities 12"), ("en", "Nobody can be made up")])
def test_a_place_without_figures_says_what_to_give(run: Run, lang: str, said: str) -> None:
    """Its values are told all the same."""
    told = run("plugin", "preview", "shequ_jinzhou", "--year", 2024, "--lang", lang)
    assert told.exit_code == 0
    assert said in told.stdout
    assert "pay.grades" in told.stdout


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_needs_nothing_and_replaces_only_itself(run: Run, tmp_path: Path, lang: str) -> None:
    """One file, no address in it; an earlier one is replaced, anything else is left."""
    page = tmp_path / "preview.html"
    body = SAYS.format(place="220281", values="grids.HOUSEHOLDS.set(Span(400, 700), **SAID)")
    wide = project(tmp_path / "wide_3", "220281", body)
    words = ("plugin", "preview", wide, "--year", 2022, "--html", page, "--lang", lang)
    assert run(*words).exit_code == 0
    once = page.read_bytes()
    assert run(*words).exit_code == 0
    assert page.read_bytes() == once
    text = once.decode()
    assert "http" not in text
    assert "JLG2.3.2a" in text
    assert ("synthetic" if lang == "en" else "合成") in text
    page.write_text("somebody's own", encoding="utf-8")
    refused = run(*words)
    assert refused.exit_code == 2
    assert page.read_text(encoding="utf-8") == "somebody's own"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param("raise SystemExit(3)", "SystemExit: 3", id="leaves on import"),
        pytest.param("@hookimpl\ndef shequ_place(): raise ValueError('no')", "ValueError: no", id="raises"),
        pytest.param(SAYS.format(place="220281", values="staffing.PARTY_POSTS.set(-1, **SAID)"),
                     "staffing.party_posts cannot be -1", id="a negative"),
        pytest.param(
            "class Odd(staffing.HeadcountNorm):\n    kind: ClassVar[str] = 'preview_odd'\n"
            "    def allowed(self, households, residents, policy): raise RuntimeError\n"
            "Odd = attrs.frozen(Odd)\n" + SAYS.format(place="220281", values="staffing.NORM.set(Odd(), **SAID)"),
            "place 220281, staffing.norm: ", id="a strategy that raises in the run",
        ),
    ],
)  # fmt: skip
def test_a_plugin_at_fault_is_one_error(run: Run, tmp_path: Path, body: str, said: str) -> None:
    """Named, with exit code 2, and no traceback."""
    told = run("plugin", "preview", project(tmp_path / "odd_2", "220281", body), "--year", 2022, "--lang", "en")
    assert told.exit_code == 2, told.output
    assert said in told.stderr
    assert "Traceback" not in told.output


def test_the_same_whatever_is_installed_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other plugin takes part, its own installed copy neither."""
    policies = shequ_baihua.shequ_place()
    once = preview(policies, name="x", year=2022, assume=True, communities=2).effects
    monkeypatch.setenv("SHEQU_DISABLE_PLUGINS", "1")
    assert preview(policies, name="x", year=2022, assume=True, communities=2).effects == once
