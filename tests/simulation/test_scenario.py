"""Scenarios: read whole, checked whole, run in any way to the same bytes."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pytest
from tests.simulation.runs.toy import bytes_of

from shequ_core import Document, Reform, Span, Status
from shequ_core.errors import InputError, OutputError, UnsetError
from shequ_core.policy.staffing import STEP
from shequ_core.population.synthesize import synthesize
from shequ_core.simulation.behaviours.civil_service import CivilServiceRecruitment
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.runs.run import Ran
from shequ_core.simulation.scenario import Scenario, check_scenario
from shequ_core.simulation.sheet import lines_of, read_scenario
from shequ_core.simulation.simulate import simulate, usual_behaviours
from shequ_core.simulation.sourced import Sourced
from shequ_core.simulation.spread import run_scenario, tasks_of, years_told
from shequ_core.simulation.starts import MadeUp
from shequ_core.tables.files import write_dataset

WHOLE = """
name = "a post for each 500 households"
place = "长春市朝阳区"
years = [2023, 2024]
seeds = 2
assume = true
without = ["degrees_won"]

[start]
synthesize = 2022

[[reform]]
name = "500"
place = "22"
since = 2024-01-01
[reform.values]
staffing.step = [500, 500]

[[behaviour]]
kind = "civil_service"
share = "1/10"
month = { value = 9, status = "press", source = "a newspaper" }
"""
LEAST = 'place = "220104"\nyears = [2023, 2023]\nassume = true\nstart = { synthesize = 2022 }\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "scenario.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    """Return what is wrong with a scenario, with the line of each."""
    with pytest.raises(InputError) as told:
        check_scenario(read_scenario(written(folder, text)))
    return [(one.row, str(one.message)) for one in told.value.faults]


def chaoyang(**changes: Any) -> Scenario:
    return attrs.evolve(
        Scenario(place="220104", years=range(2023, 2025), seeds=(1, 2), start=MadeUp(2022), assume=True), **changes
    )


def step_of(value: Span[int], *, name: str = "idea", place: str = "22", since: date = date(2023, 1, 1)) -> Reform:
    source = Document("idea").article("")
    return Reform(
        name=name, place=place,
        values=[STEP.set(value, since=since, known_on=since, source=source, status=Status.ASSUMPTION)],
    )


# --- read ---------------------------------------------------------------------------------------------


def test_a_scenario_is_read_as_it_would_be_written_in_python(tmp_path: Path) -> None:
    """Place by name or code, keys quoted or dotted, parameters bare or with their source."""
    scenario = read_scenario(written(tmp_path, WHOLE))
    kept = [one for one in usual_behaviours() if one.kind not in {"degrees_won", "civil_service"}]
    own = CivilServiceRecruitment(share=Fraction(1, 10), month=Sourced(9, Status.PRESS, "a newspaper"))
    assert (scenario.place, scenario.years, scenario.seeds) == ("220104", range(2023, 2025), (1, 2))
    assert scenario.start == MadeUp(2022, 1)
    assert {one.kind: one for one in scenario.behaviours} == {one.kind: one for one in (*kept, own)}
    (reform,) = scenario.reforms
    assert (reform.name, reform.place, reform.scope) == ("500", "22", "default")
    assert [(one.key, one.value, one.since) for one in reform.values] == [(STEP, Span(500, 500), date(2024, 1, 1))]
    quoted = WHOLE.replace("staffing.step =", '"staffing.step" =')
    assert read_scenario(written(tmp_path, quoted)) == scenario


def test_all_faults_of_a_scenario_are_told_with_their_lines_and_the_nearest_names(tmp_path: Path) -> None:
    """In one go, from top to bottom."""
    text = """nam = "x"
place = "220140"
years = [2025, 2023]
seeds = 0
assume = "yes"
without = ["degres_won"]
[start]
folder = "nowhere"
seed = 1
[[reform]]
name = "a"
scope = "all"
values.staffing.steps = [500, 500]
values."pay.base_share" = 0.7
[[reform]]
name = "b"
[reform.values]
"staffing.step" = 3
[[behaviour]]
kind = "civil_servant"
[[behaviour]]
kind = "hiring"
filled = 0.5
appl = 3
"""
    told = faults(tmp_path, text)
    assert [row for row, _ in told] == [1, 2, 3, 4, 5, 6, 8, 9, 12, 13, 14, 18, 20, 23, 24]
    said = dict(told)
    assert said[1] == "there is no nam here. Did you mean name?"
    assert "220104" in said[2]
    assert "degrees_won" in said[6]
    assert "staffing.step" in said[13]
    assert "7/10" in said[14]
    assert "[low, high]" in said[18]
    assert "Did you mean civil_service?" in said[20]
    assert "applicants" in said[24]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(b"\nplace = = 1", (2, "this is no TOML"), id="no TOML"),
        pytest.param('name = "长春"'.encode("gb18030"), (None, "not in UTF-8"), id="another encoding"),
        pytest.param(b"", (None, "place is missing"), id="nothing in it"),
    ],
)
def test_a_file_that_is_none(tmp_path: Path, text: bytes, told: tuple[int | None, str]) -> None:
    """It is said what is wrong with it, and where."""
    path = tmp_path / "scenario.toml"
    path.write_bytes(text)
    with pytest.raises(InputError) as error:
        read_scenario(path)
    assert (told[0], True) in [(one.row, told[1] in str(one.message)) for one in error.value.faults]
    with pytest.raises(InputError, match="can't be opened"):
        read_scenario(tmp_path / "none.toml")


def test_lines_are_found_in_tables_of_tables() -> None:
    """By the names that lead there; a dotted name is its pieces, quoted or not."""
    lines = lines_of('a = 1\n[[b]]\nc.d = 1 # e = 2\n[b.e]\n"f.g" = 2\n\n[[b]]\nc = 1\n[h."i.j"]\nk = 1\n')
    assert lines == {
        ("a",): 1, ("b", 0): 2, ("b", 0, "c", "d"): 3, ("b", 0, "e"): 4, ("b", 0, "e", "f", "g"): 5, ("b", 1): 7,
        ("b", 1, "c"): 8, ("h", "i", "j"): 9, ("h", "i", "j", "k"): 10,
    }  # fmt: skip


# --- checked ------------------------------------------------------------------------------------------


def test_years_before_the_policy_are_refused_with_the_first_that_can_be(tmp_path: Path) -> None:
    """The year that the error names can be simulated, the one before it can't."""
    ((row, told),) = faults(tmp_path, LEAST.replace("[2023, 2023]", "[2015, 2023]").replace("= 2022 }", "= 2014 }"))
    assert row == 2
    first = int(told.rsplit(" ", 1)[1])
    assert 2015 < first <= 2023
    check_scenario(chaoyang(years=range(first, first + 1), start=MadeUp(first - 1)))
    with pytest.raises(InputError, match=f"is {first}"):
        check_scenario(chaoyang(years=range(first - 1, first), start=MadeUp(first - 2)))


def test_people_are_made_up_for_the_first_year_or_one_before(tmp_path: Path) -> None:
    """From a file as from Python: the very first year will do, and the next is refused at its line."""
    read = read_scenario(written(tmp_path, LEAST.replace("= 2022 }", "= 2023 }")))
    assert check_scenario(read).scenario.start == check_scenario(chaoyang(start=MadeUp(2023))).scenario.start
    ((row, told),) = faults(tmp_path, LEAST.replace("= 2022 }", "= 2024 }"))
    assert (row, "made up for 2024" in told) == (4, True)


def test_what_nobody_set_is_named(tmp_path: Path) -> None:
    """Without assumptions Jilin can't be simulated: the error is the one of a year."""
    with pytest.raises(UnsetError, match="--assume"):
        check_scenario(chaoyang(assume=False))


def test_a_reform_outside_what_is_allowed_above_is_refused_unless_wanted(tmp_path: Path) -> None:
    """The error names the clause and how to try it all the same."""
    text = LEAST + '[[reform]]\nname = "a"\nvalues.pay.base_share = "1/2"\n'
    ((row, told),) = faults(tmp_path, text)
    assert row == 7
    assert "outside what 22 allows (JLW2.4" in told
    assert "beyond = true" in told
    check_scenario(read_scenario(written(tmp_path, text + "beyond = true\n")))


@pytest.mark.parametrize(
    ("reform", "told"),
    [
        pytest.param('place = "220882"\nvalues.staffing.step = [500, 500]', (5, "changes nothing"), id="elsewhere"),
        pytest.param("since = 2024-01-01\nvalues.staffing.step = [500, 500]", (8, "none of the years"), id="too late"),
        pytest.param("until = 2022-12-31\nsince = 2022-01-01\nvalues.staffing.step = [500, 500]", (9, "none of the"), id="over"),
        pytest.param("until = 2022-12-31\nvalues.staffing.step = [500, 500]", (8, "before it begins"), id="ends first"),
        pytest.param("values.staffing.step = [-1, 500]", (7, "at least"), id="can be nowhere"),
    ],
)  # fmt: skip
def test_a_reform_that_cannot_be_is_refused(tmp_path: Path, reform: str, told: tuple[int, str]) -> None:
    """At its line, before anything runs."""
    found = faults(tmp_path, LEAST + '[[reform]]\nname = "a"\n' + reform)
    assert [(row, told[1] in message) for row, message in found] == [(told[0], True)]


def test_a_population_without_a_place_is_refused(tmp_path: Path) -> None:
    """Tables of another place, tables without a community, people made up where no figures are published."""
    write_dataset(synthesize("220882", 2022, 1), tmp_path / "daan", form="csv")
    in_folder = LEAST.replace("{ synthesize = 2022 }", '{ folder = "daan" }')
    with pytest.raises(InputError, match="does not lie in 220104"):
        check_scenario(read_scenario(written(tmp_path, in_folder)))
    whole = synthesize("220104", 2022, 1)
    nothing: dict[str, Any] = {name: type(table).empty() for name, table in whole.tables()}
    empty = attrs.evolve(whole, **nothing)
    with pytest.raises(InputError, match="no communities with posts in 220104"):
        check_scenario(chaoyang(start=empty))
    ((row, told),) = faults(tmp_path, LEAST.replace('"220104"', '"310101"'))
    assert (row, "no place 310101" in told) == (1, True)


@pytest.mark.parametrize(
    ("scenario", "told"),
    [
        pytest.param(chaoyang(years=range(2024, 2024)), "one after another", id="no years"),
        pytest.param(chaoyang(years=range(2023, 2027, 2)), "one after another", id="every other year"),
        pytest.param(chaoyang(start=MadeUp(2024)), "made up for 2024: make them up for the first year simulated, 2023", id="people of a later year"),
        pytest.param(chaoyang(seeds=()), "how many seeds", id="no seeds"),
        pytest.param(chaoyang(seeds=(1, 1)), "how many seeds", id="a seed twice"),
        pytest.param(chaoyang(place="229999"), "229999", id="no such place"),
        pytest.param(chaoyang(behaviours=[LeavingByChoice(), LeavingByChoice()]), "more than once", id="twice"),
        pytest.param(
            chaoyang(reforms=[step_of(Span(500, 500)), step_of(Span(400, 400))]), "its own name", id="two of one name"
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_simulated(scenario: Scenario, told: str) -> None:
    """From Python as from a file."""
    with pytest.raises(InputError, match=told):
        check_scenario(scenario)


def test_the_fingerprint_is_of_all_that_results_hang_on() -> None:
    """Of tables, policy, behaviours, years and seeds; not of where it is written down."""
    plain = chaoyang()
    same = chaoyang(written=attrs.evolve(plain.written, file="other.toml"), start=MadeUp(2022, 1))
    others = [
        chaoyang(seeds=(1, 3)), chaoyang(years=range(2023, 2026)), chaoyang(place="220106"),
        chaoyang(start=MadeUp(2022, 2)), chaoyang(start=synthesize("220104", 2022, 2)),
        chaoyang(reforms=[step_of(Span(500, 500))]), chaoyang(behaviours=usual_behaviours()[1:]),
        chaoyang(behaviours=[
            CivilServiceRecruitment(share=Fraction(1, 3)) if isinstance(one, CivilServiceRecruitment) else one
            for one in usual_behaviours()
        ]),
    ]  # fmt: skip
    prints = [check_scenario(one).fingerprint for one in (plain, *others)]
    assert len(set(prints)) == len(prints)
    assert check_scenario(same).fingerprint == prints[0]


# --- run ------------------------------------------------------------------------------------------------


def test_parts_come_to_what_one_simulation_does(tmp_path: Path) -> None:
    """Oracle: `simulate` of the whole place in one go; workers change no byte."""
    checked = check_scenario(chaoyang(place="2208", seeds=(5, 3)))
    ran = run_scenario(checked, tmp_path / "one")
    with ThreadPoolExecutor(2) as executor:
        run_scenario(checked, tmp_path / "two", executor=executor)
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    whole = simulate(checked.data, checked.book, "2208", range(2023, 2025), (5, 3))
    rows = ran.read("counties").to_pylist()
    expected = [
        (one.seed, one.year, one.county, one.held, one.left, int(one.total)) for one in whole.counties
    ]
    found = [(one["seed"], one["year"], one["county"], one["held"], one["left"], one["total_fen"]) for one in rows]
    assert sorted(found) == sorted(expected)
    assert len(tasks_of(checked)) == len(ran.manifest.parts)
    assert sum(task.rows for task in tasks_of(checked)) == 2 * len(checked.data.posts)
    told = list(years_told(ran, 2))
    assert [one.sums["held"] for one in told] == [
        sum(one.held for one in whole.counties if one.year == year) for year in (2023, 2024)
    ]
    about = json.loads(json.dumps(ran.manifest.header.about))
    assert about["synthetic"] is True
    assert "assumption" in about["marks"]


def test_made_up_people_are_the_same_as_their_tables_in_a_folder(tmp_path: Path) -> None:
    """A city that is made up where it is worked on, or read from files: the same rows, other fingerprints."""
    write_dataset(synthesize("2208", 2022, 1), tmp_path / "tables", form="parquet")
    made = run_scenario(check_scenario(chaoyang(place="2208")), tmp_path / "made")
    read = run_scenario(check_scenario(chaoyang(place="2208", start=tmp_path / "tables")), tmp_path / "read")
    for table in ("counties", "costs", "leavers", "structure"):
        assert made.read(table).equals(read.read(table))
    assert made.manifest.header.run != read.manifest.header.run


def test_another_scenario_does_not_go_on_in_the_same_folder(tmp_path: Path) -> None:
    """A reform is another scenario."""
    run_scenario(check_scenario(chaoyang()), tmp_path)
    with pytest.raises(OutputError, match="another scenario"):
        run_scenario(check_scenario(chaoyang(reforms=[step_of(Span(500, 500))])), tmp_path, resume=True)
    assert Ran.open(tmp_path).read("counties").num_rows == 4
