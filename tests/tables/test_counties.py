"""Tables county by county: parted and put together again, each readable alone, and what can be wrong with them."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import date
from pathlib import Path

import attrs
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import InputError, OutputError
from shequ_core.model.emergency import Emergency
from shequ_core.model.posts import Holding
from shequ_core.population.synthesize import synthesize
from shequ_core.tables.counties import FOLDER, of_counties, rows_by_county
from shequ_core.tables.dataset import Dataset, Emergencies, Holdings
from shequ_core.tables.files import counties_in, read_counties, read_dataset, write_counties, write_dataset

HERE, THERE = "220402", "220403"
"""Two counties; somebody of the first held a post in the other before."""


@pytest.fixture(scope="module")
def city() -> Dataset:
    """Some counties, with somebody who came from another and an emergency of the province and of one of them."""
    made = synthesize("2204", 2023, 1)
    mover = next(one for one in made.holdings if one.post.startswith(HERE) and one.until is None)
    post = next(one.id for one in made.posts if one.id.startswith(THERE))
    before = Holding(
        worker=mover.worker, post=post, post_class=mover.post_class, role=mover.role, employment=mover.employment,
        since=date(1991, 1, 1), until=date(1991, 12, 31), probation_until=None, known_on=None, withdrawn=None,
    )  # fmt: skip
    declared = [Emergency(place=place, level="2", since=date(2022, 1, 1), until=None, known_on=None, withdrawn=None)
                for place in ("22", HERE)]  # fmt: skip
    return attrs.evolve(
        made, holdings=Holdings.concat([made.holdings, Holdings.of([before])]), emergencies=Emergencies.of(declared)
    )


@pytest.fixture
def parted(city: Dataset, tmp_path: Path) -> Path:
    """The same in Parquet, county by county."""
    return write_dataset(city, tmp_path / "parted", form="parquet", counties=True)


def rows(data: Dataset) -> dict[str, Counter[object]]:
    """Every row of every table, in no order."""
    return {name: Counter(table) for name, table in data.tables()}


def test_it_comes_back_the_same(city: Dataset, parted: Path, tmp_path: Path) -> None:
    """Together, whatever the form; who stands in two counties is taken once, and so is what is the province's."""
    assert rows(read_dataset(parted)) == rows(city)
    assert {path.name for path in parted.iterdir() if path.is_dir()} == {
        FOLDER + code for code in {one[:6] for one in city.communities.code.to_list() if one}
    }
    assert rows(read_dataset(write_dataset(city, tmp_path / "b", form="csv", headers="zh", counties=True))) == rows(city)


def test_a_county_alone_has_its_own_people_with_all_that_they_did(city: Dataset, parted: Path) -> None:
    """The mover is in both, with the holding elsewhere; the other county's posts are not."""
    some = rows_by_county(city)
    read = {code: read_counties({code: folder}) for code, folder in counties_in(parted).items()}
    assert len(read) > 1
    for code, data in read.items():
        assert rows(data) == rows(of_counties(city, [some[code]]))
        assert all(one.startswith(code) for one in data.posts.id.to_list() if one)
    assert any(one.startswith(THERE) for one in read[HERE].holdings.post.to_list() if one)
    assert len(read[HERE].emergencies or ()) == 2
    assert len(read[THERE].emergencies or ()) == 1
    folders = counties_in(parted)
    both = read_counties({code: folders[code] for code in (HERE, THERE)})
    assert rows(both) == rows(of_counties(city, [some[HERE], some[THERE]]))


@given(seed=st.integers(0, 2**16))
@settings(max_examples=4, deadline=None)
def test_every_row_has_a_county_whatever_its_order(city: Dataset, seed: int) -> None:
    """Oracle: a look at each row by itself."""
    import numpy as np

    chance = np.random.default_rng(seed)
    mixed = city.with_tables({name: table.take(chance.permutation(len(table))) for name, table in city.tables()})
    where: dict[str, set[str]] = {}
    for holding in mixed.holdings:
        where.setdefault(holding.worker, set()).add(holding.post[:6])
    for code, some in rows_by_county(mixed).items():
        if not code:
            assert not any(map(len, some.values()))
            continue
        assert mixed.assessments is not None
        told = [row for row, one in enumerate(mixed.assessments) if code in where[one.worker]]
        assert some["assessments"].tolist() == told
        assert some["posts"].tolist() == [row for row, one in enumerate(mixed.posts) if one.community[:6] == code]


def test_other_tools_find_the_county_in_the_name(city: Dataset, parted: Path) -> None:
    """Codes stay text."""
    table = pyarrow.parquet.read_table(parted / f"{FOLDER}{HERE}" / "posts.parquet")
    assert str(table.schema.field("community").type) == "string"
    assert table.num_rows == len(rows_by_county(city)[HERE]["posts"])


def test_it_is_replaced_as_long_as_it_is_ours(city: Dataset, parted: Path) -> None:
    """And what others put beside our tables stays."""
    content = {path: path.read_bytes() for path in parted.rglob("*.parquet")}
    write_dataset(city, parted, form="parquet", counties=True)
    assert {path: path.read_bytes() for path in parted.rglob("*.parquet")} == content
    note = parted / f"{FOLDER}{HERE}" / "note.md"
    note.write_text("theirs")
    with pytest.raises(OutputError, match="not as we wrote it"):
        write_dataset(city, parted, form="parquet", counties=True)
    write_dataset(city, parted, form="csv", counties=True, overwrite=True)
    assert note.read_text() == "theirs"
    assert not list(parted.rglob("*.parquet"))
    write_dataset(city, parted, form="csv", overwrite=True)
    assert {path.parent.name for path in parted.rglob("*.csv")} == {parted.name}


# --- what can be wrong -----------------------------------------------------------------------------------


def test_rows_without_a_county_are_refused(city: Dataset, tmp_path: Path) -> None:
    """They would be lost; and a workbook is one."""
    who = city.holdings[1].worker
    idle = attrs.evolve(city, holdings=city.holdings.where(~city.holdings.worker.is_in([who]).true()))
    with pytest.raises(OutputError, match=r"rows of workers belong to no county.*\(1 of them\)"):
        write_dataset(idle, tmp_path / "out", form="parquet", counties=True)
    with pytest.raises(OutputError, match="CSV or Parquet"):
        write_dataset(city, tmp_path / "out.xlsx", form="xlsx", counties=True)
    assert not list(tmp_path.iterdir())


def faults_of(path: Path) -> list[str]:
    """What reading it says."""
    with pytest.raises(InputError) as told:
        read_dataset(path)
    return [f"{one.where()}: {one.message}" for one in told.value.faults]


def test_a_broken_file_is_named_with_its_county(parted: Path) -> None:
    """And read no further."""
    (parted / f"{FOLDER}{HERE}" / "workers.parquet").write_bytes(b"PAR1")
    assert f"{FOLDER}{HERE}/workers.parquet: this can't be read as a Parquet file: write it again" in faults_of(parted)


def test_rows_of_another_county_are_named(city: Dataset, tmp_path: Path) -> None:
    """Each by file, row and column; people by what they held."""
    some = rows_by_county(city)
    write_counties(
        [(HERE, of_counties(city, [some[HERE]])), (THERE, of_counties(city, [some[HERE]]))],
        tmp_path / "out", form="csv",
    )  # fmt: skip
    told = faults_of(tmp_path / "out")
    assert (
        f"{FOLDER}{THERE}/communities.csv, row 2, column code: the row is of another county: move it into the folder"
        f" {FOLDER}{HERE}" in told
    )
    assert any(one.startswith(f"{FOLDER}{THERE}/workers.csv, row ") and "never held a post" in one for one in told)
    assert not any(one.startswith(f"{FOLDER}{HERE}/communities") for one in told)


def test_a_table_that_only_some_give_is_named(parted: Path) -> None:
    """It would count as looked at everywhere."""
    (parted / f"{FOLDER}{HERE}" / "trainings.parquet").unlink()
    told, *_ = faults_of(parted)
    assert told.startswith(f"{FOLDER}{HERE}: the table trainings is missing here and there in {FOLDER}")


def test_what_two_counties_say_of_one_person_has_to_agree(parted: Path) -> None:
    """Whoever reads a county alone would have another history."""
    whole = read_counties({HERE: counties_in(parted)[HERE]})
    mover = next(one.worker for one in whole.holdings if one.post.startswith(THERE))
    assert whole.assessments is not None
    less = whole.assessments.where(~whole.assessments.worker.is_in([mover]).true())
    assert len(less) < len(whole.assessments)
    others = [(code, read_counties({code: folder})) for code, folder in counties_in(parted).items() if code != HERE]
    write_counties([(HERE, attrs.evolve(whole, assessments=less)), *others], parted, form="parquet", overwrite=True)
    (told,) = faults_of(parted)
    assert told.startswith(f"{FOLDER}{THERE}/assessments: somebody who held posts here and in {FOLDER}{HERE}")


@pytest.mark.parametrize("name", ["county=22010", "county=长春", "county=220402x"])
def test_folders_that_are_called_otherwise(parted: Path, name: str) -> None:
    """A mistyped county would be left out in silence."""
    shutil.copytree(parted / f"{FOLDER}{HERE}", parted / name)
    assert faults_of(parted) == [f"{name}: a county's folder is called by its six digits, as county=220104"]


def test_tables_beside_folders_of_counties(parted: Path) -> None:
    """Nothing tells which count."""
    shutil.copy(parted / f"{FOLDER}{HERE}" / "posts.parquet", parted)
    assert faults_of(parted) == ["posts.parquet: tables stand here beside folders of counties: keep the one or the other"]
