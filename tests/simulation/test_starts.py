"""Starts county by county: the same as whole, each task with no other county's tables, and all checked beforehand."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest

from shequ_core.errors import InputError
from shequ_core.law.clauses import Document
from shequ_core.model.posts import Post
from shequ_core.policy.exits import FAILED_RUNNING
from shequ_core.policy.parameters import Reform
from shequ_core.population.fictional import FICTIONAL, Country
from shequ_core.simulation import spread, starts
from shequ_core.simulation.compare import compare
from shequ_core.simulation.scenario import Scenario, check_scenario
from shequ_core.simulation.sheet import read_scenario
from shequ_core.simulation.simulate import simulate
from shequ_core.simulation.spread import run_scenario, simulate_some, tasks_of
from shequ_core.simulation.starts import Folders, MadeUp
from shequ_core.simulation.sweep import sweep
from shequ_core.tables.counties import FOLDER
from shequ_core.tables.dataset import Dataset, Holdings, Posts
from shequ_core.tables.files import counties_in, read_counties, read_dataset, write_counties, write_dataset
from shequ_core.values import Status

CITY, OTHER = "2204", "220403"
YEARS = range(2024, 2026)
COUNTRY = Country(committees=70, posts=280)


@pytest.fixture(scope="module")
def moved(city: Dataset) -> Dataset:
    """The city's people; some held posts in another county before, and count the years since."""
    community = next(one.community for one in city.posts if one.id.startswith(OTHER))
    here = [one for one in city.holdings if one.post.startswith("220402") and one.since < date(YEARS[0], 1, 1)]
    movers = [one for one in here if one.until is None][:5]
    posts = [
        Post(id=f"{community}-{90 + place}", community=community, closed_on=one.since - timedelta(days=1))
        for place, one in enumerate(movers)
    ]
    before = [
        attrs.evolve(one, post=post.id, since=date(1991, 1, 1), until=post.closed_on)
        for one, post in zip(movers, posts, strict=True)
    ]
    unwritten = city.workers.with_columns(worked_since=city.workers.specs["worked_since"].empty(len(city.workers)))
    return attrs.evolve(
        city, holdings=Holdings.concat([city.holdings, Holdings.of(before)]), workers=unwritten,
        posts=Posts.concat([city.posts, Posts.of(posts)]),
    )


@pytest.fixture(scope="module")
def folders(moved: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """The same tables whole as CSV, and in Parquet county by county."""
    folder = tmp_path_factory.mktemp("starts")
    return {
        "whole": write_dataset(moved, folder / "whole", form="csv"),
        "parted": write_dataset(moved, folder / "parted", form="parquet", counties=True),
    }


def strict(place: str) -> Reform:
    """One failed assessment is enough in a place."""
    begin = date(2023, 1, 1)
    value = FAILED_RUNNING.set(
        1, since=begin, known_on=begin, source=Document("an idea").article(""), status=Status.ASSUMPTION
    )
    return Reform(name="strict", place=place, values=[value], scope="replace_below")


def scenario(folder: Path) -> Scenario:
    """Two years of the city, a county of which has another law."""
    return Scenario(place=CITY, years=YEARS, seeds=(1, 2), start=folder, assume=True, reforms=[strict(OTHER)])


def test_county_by_county_it_is_the_same_run(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """One fingerprint, one digest, and the answer of `simulate` with all tables at once."""
    whole, parted = (check_scenario(scenario(folder)) for folder in folders.values())
    assert parted.fingerprint == whole.fingerprint
    assert parted.synthetic
    ran = [
        run_scenario(one, tmp_path / str(number), workers=workers)
        for number, (one, workers) in enumerate([(whole, 1), (parted, 1)])
    ]
    assert len({one.digest for one in ran}) == 1
    at_once = simulate(whole.data, whole.book, CITY, YEARS, (1, 2))
    streamed = parted.ready.result([parted.ready.run(*unit) for unit in parted.ready.units()])
    assert streamed.digest() == at_once.digest()
    assert streamed.rests == at_once.rests


def test_what_somebody_did_elsewhere_counts(folders: Mapping[str, Path], moved: Dataset, city: Dataset) -> None:
    """Else those who moved would prove nothing here."""
    stayed = attrs.evolve(moved, holdings=city.holdings)
    checked = check_scenario(scenario(folders["whole"]))
    assert (
        simulate(moved, checked.book, CITY, YEARS, (1,)).digest()
        != simulate(stayed, checked.book, CITY, YEARS, (1,)).digest()
    )


@pytest.mark.parametrize("form", ["whole", "parted"])
def test_a_task_needs_no_other_countys_tables(folders: Mapping[str, Path], tmp_path: Path, form: str) -> None:
    """All others are gone while it is worked on: what isn't there can't have been opened."""
    folder = tmp_path / "start"
    shutil.copytree(folders[form], folder)
    checked = check_scenario(scenario(folder))
    tasks = tasks_of(checked)
    assert len({task.counties for task in tasks}) > 1
    expected = [simulate_some(task) for task in tasks_of(check_scenario(scenario(folders[form])))]
    for task, known in zip(tasks, expected, strict=True):
        spread._prepared.cache_clear()
        away = [path for path in folder.iterdir() if path.name.removeprefix(FOLDER) not in task.counties]
        assert away
        for path in away:
            path.rename(tmp_path / path.name)
        found = simulate_some(task)
        assert all(found[name].same_as(known[name]) for name in known)
        for path in away:
            (tmp_path / path.name).rename(path)


def test_checking_holds_a_county_at_a_time(folders: Mapping[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of all of them is kept, and not they."""
    read: list[tuple[str, ...]] = []

    def noting(folders: Mapping[str, Path]) -> Dataset:
        read.append(tuple(folders))
        return read_counties(folders)

    monkeypatch.setattr(starts, "read_counties", noting)
    checked = check_scenario(scenario(folders["parted"]))
    assert read == [(code,) for code in sorted(counties_in(folders["parted"]))]
    tasks_of(checked)
    assert len(read) == len(checked.ready.posts)


def test_a_place_takes_its_own_counties_of_a_larger_folder(folders: Mapping[str, Path]) -> None:
    """The same as if there were no others; none of its own is a fault."""
    county = attrs.evolve(scenario(folders["parted"]), place=OTHER, reforms=())
    only = check_scenario(attrs.evolve(county, start=read_counties({OTHER: folders["parted"] / f"{FOLDER}{OTHER}"})))
    assert check_scenario(county).fingerprint == only.fingerprint
    with pytest.raises(InputError, match="hold no communities with posts in 220104"):
        check_scenario(attrs.evolve(county, place="220104"))


# --- compared and swept ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small made-up country, written county by county."""
    parts = ((code, COUNTRY.people([code], 2022, 1)) for code in COUNTRY.counties)
    return write_counties(parts, tmp_path_factory.mktemp("nation") / "nation", form="parquet")


NATION = Scenario(
    place=FICTIONAL, years=range(2023, 2025), seeds=(1,), start=MadeUp(2022, country=COUNTRY), assume=True
)


def as_written(written: Path) -> Scenario:
    """The same country, read."""
    return attrs.evolve(NATION, start=Folders(counties_in(written), COUNTRY))


def never(*_: object) -> Dataset:
    """In place of whatever would put counties together."""
    raise AssertionError("the whole country was asked for")


def test_a_country_is_compared_county_by_county(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made up or read, it comes to the same as with all tables at once."""
    reform = strict(FICTIONAL)
    looked = check_scenario(NATION)
    at_once = simulate(looked.data, looked.book, FICTIONAL, NATION.years, NATION.seeds)
    assert looked.looked.digest == check_scenario(as_written(written)).looked.digest
    monkeypatch.setattr(starts._MadeInTurn, "whole", never)
    monkeypatch.setattr(starts._InTurn, "whole", never)
    made, read = compare(NATION, reform), compare(as_written(written), reform)
    assert made.differences().same_as(read.differences())
    assert made.estimates().same_as(read.estimates())
    assert made.changed() > 0
    assert [row for row in made.estimates() if row.variant == "baseline"] == list(at_once.estimates())


def test_a_country_is_swept_county_by_county(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made up or read, a point comes to the same as its reform alone, here with all tables at once."""
    looked = check_scenario(attrs.evolve(NATION, reforms=[strict(FICTIONAL)]))
    alone = simulate(looked.data, looked.book, FICTIONAL, NATION.years, NATION.seeds)
    monkeypatch.setattr(starts._MadeInTurn, "whole", never)
    monkeypatch.setattr(starts._InTurn, "whole", never)
    axis = {"exits.failed_running": [1, 2]}
    made, read = sweep(NATION, axis), sweep(as_written(written), axis)
    assert made.estimates.same_as(read.estimates)
    point = {(row.year, row.measure): row.sum for row in made.estimates if row.variant == "p1" and row.year}
    assert point == {(row.year, row.measure): row.sum for row in alone.estimates(measures=("cost", "total", "held"), by=())}


def test_a_written_country_is_said_in_a_file(written: Path, tmp_path: Path) -> None:
    """By its folder and size."""
    path = tmp_path / "nation.toml"
    told = f'place = "99"\nyears = [2023, 2024]\nseeds = 2\nassume = true\nstart.folder = "{written}"\n'
    path.write_text(told + "start.committees = 70\nstart.posts = 280\n", encoding="utf-8")
    assert read_scenario(path).start == Folders(counties_in(written), COUNTRY)
    path.write_text(told.replace(str(written), str(tmp_path)) + "start.committees = 70\nstart.posts = 280\n")
    with pytest.raises(InputError, match=r"nation.toml, row 5: a made-up country is read from folders of counties"):
        read_scenario(path)


# --- what can be wrong ---------------------------------------------------------------------------------------


def test_faults_of_all_counties_are_told_before_anything_runs(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """A broken file and a row of another county, in one error, with file and row."""
    folder = tmp_path / "start"
    shutil.copytree(folders["parted"], folder)
    first, second, *_ = sorted(counties_in(folder))
    (folder / f"{FOLDER}{first}" / "assessments.parquet").write_bytes(b"PAR1")
    shutil.copy(folder / f"{FOLDER}{first}" / "grids.parquet", folder / f"{FOLDER}{second}" / "grids.parquet")
    with pytest.raises(InputError) as told:
        run_scenario(check_scenario(scenario(folder)), tmp_path / "out")
    said = [f"{one.where()}: {one.message}" for one in told.value.faults]
    assert said[0] == f"{FOLDER}{first}/assessments.parquet: this can't be read as a Parquet file: write it again"
    assert any(
        one.startswith(f"{FOLDER}{second}/grids.parquet, row 1, column community: the row is of another county")
        for one in said
    )
    assert not (tmp_path / "out").exists()


def test_people_without_whom_nothing_can_be_told(folders: Mapping[str, Path], tmp_path: Path) -> None:
    """Of whichever county: by its file, row and column."""
    parts = {code: read_counties({code: folder}) for code, folder in counties_in(folders["parted"]).items()}
    last = max(parts)
    workers = parts[last].workers
    unknown = workers.with_columns(birth_date=workers.specs["birth_date"].empty(len(workers)))
    parts[last] = attrs.evolve(parts[last], workers=unknown)
    folder = write_counties(parts.items(), tmp_path / "start", form="csv")
    with pytest.raises(InputError, match=rf"{FOLDER}{last}/workers.csv, row \d+, column birth_date: the simulation"):
        check_scenario(scenario(folder))


def test_values_that_one_county_alone_asks_for(folders: Mapping[str, Path]) -> None:
    """What one county's facts ask for is asked of the policy of all, as it is of all tables at once."""
    parted = check_scenario(scenario(folders["parted"])).looked.seen
    whole = check_scenario(attrs.evolve(scenario(folders["whole"]), start=read_dataset(folders["whole"]))).looked.seen
    assert (parted.counties, parted.subdistricts) == (whole.counties, whole.subdistricts)
    assert set(parted.asks) == set(whole.asks)
    assert dict(parted.posts) == dict(whole.posts)
