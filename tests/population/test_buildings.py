"""Made-up buildings: they hold the community's households, never change with others, and can be divided."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from shequ_core.jilin.figures import jilin_figures
from shequ_core.planning.grids.layouts import layouts
from shequ_core.population.buildings import (
    APART,
    FORMS,
    PER_METRE,
    BarrierKind,
    MadeUpBuildings,
    lay_out,
    made_up_buildings,
    tables_of,
)
from shequ_core.population.chance import Chance, Ints, keys_of
from shequ_core.population.synthesize import synthesize
from shequ_core.tables.buildings import BarrierRows, Buildings
from shequ_core.tables.dataset import Communities
from shequ_core.tables.files import read_dataset, write_dataset
from shequ_core.values import SYNTHETIC

CODES = tuple(f"229901{subdistrict:03d}{serial:03d}" for subdistrict in range(1, 9) for serial in range(1, 26))
HOUSEHOLDS = np.array([150 + 37 * at for at in range(len(CODES))], dtype=np.int64)


@cache
def made() -> MadeUpBuildings:
    return made_up_buildings(CODES, HOUSEHOLDS, 1)


@cache
def county() -> tuple[Communities, Buildings, BarrierRows]:
    data = synthesize("220104", 2022, 1, buildings=True)
    assert data.buildings is not None
    assert data.barriers is not None
    return data.communities, data.buildings, data.barriers


def of_form(form: str, households: int, barrier: BarrierKind = BarrierKind.NONE, *, crossed: bool = True) -> MadeUpBuildings:
    return lay_out(
        keys_of([f"{form} {households}"]),
        np.array([FORMS.index(form)]),
        np.array([households]),
        np.array([[*BarrierKind].index(barrier)]),
        np.array([crossed]),
        Chance(1),
        jilin_figures(),
    )


def rows_of(one: MadeUpBuildings, community: int) -> list[Ints]:
    rows = one.community == community
    return [getattr(one, name)[rows] for name in ("serial", "households", "estate", "x", "y")]


# --- sums and identity


def test_a_community_has_its_households() -> None:
    assert (np.bincount(made().community, made().households) == HOUSEHOLDS).all()
    assert (made().households >= 0).all()


def test_each_building_is_there_once() -> None:
    communities, buildings, _ = county()
    assert len(set(buildings.id)) == len(buildings)
    assert set(buildings.community) == set(communities.code)
    places = np.column_stack([buildings.x.values, buildings.y.values])
    assert len(np.unique(places, axis=0)) == len(places)


def test_the_county_has_the_households_of_its_communities() -> None:
    communities, buildings, _ = county()
    found = dict.fromkeys(communities.code, 0)
    for community, households in zip(buildings.community, buildings.households.values.tolist(), strict=True):
        assert community is not None
        found[community] += households
    assert list(found.values()) == communities.households.values.tolist()


def test_there_are_about_80_a_community() -> None:
    assert 60 < len(county()[1]) / len(county()[0]) < 110


def test_every_name_says_that_it_is_made_up() -> None:
    _, buildings, barriers = county()
    assert all(one.startswith(SYNTHETIC) for one in buildings.id.vocabulary)  # some communities have no estate
    assert all(re.fullmatch(r"合成小区\d\d+", name) for name in buildings.estate.vocabulary)
    assert all(re.fullmatch(r"\d{12} 合成(道路|河流|铁路)\d", name or "") for name in barriers.line)


def test_some_buildings_are_schools_and_shops() -> None:
    share = (made().households == 0).mean()
    assert 0.03 < share < 0.2


# --- chance


def test_a_community_is_the_same_alone_and_among_others() -> None:
    for at in (0, 17, 199):
        alone = made_up_buildings(CODES[at : at + 1], HOUSEHOLDS[at : at + 1], 1)
        for left, right in zip(rows_of(alone, 0), rows_of(made(), at), strict=True):
            assert (left == right).all()
        assert [one.line for one in alone.barriers] == [one.line for one in made().barriers if one.community == at]


def test_a_community_lies_where_it_lies_whoever_else_is_there() -> None:
    alone, _ = tables_of(CODES[5:6], made_up_buildings(CODES[5:6], HOUSEHOLDS[5:6], 1))
    among, _ = tables_of(CODES, made())
    rows = np.flatnonzero((among.community == CODES[5]).true())
    assert (alone.x.values == among.x.values[rows]).all()
    assert alone.id.to_list() == among.id.take(rows).to_list()


def test_another_seed_makes_other_buildings() -> None:
    other = made_up_buildings(CODES, HOUSEHOLDS, 2)
    assert len(other.x) != len(made().x) or (other.x != made().x).any()


def test_buildings_are_made_only_when_asked_for() -> None:
    plain = synthesize("220104", 2022, 1)
    assert plain.buildings is None
    assert plain.barriers is None
    assert plain.communities.same_as(county()[0])


def test_buildings_are_the_same_on_any_machine() -> None:
    text = b"".join(column.tobytes() for at in (0, 17, 199) for column in rows_of(made(), at))
    assert hashlib.blake2b(text, digest_size=8).hexdigest() == "dc438e84b01f9e26"


@pytest.mark.parametrize("headers", ["en", "zh"])
def test_what_is_written_reads_back_the_same(tmp_path: Path, headers: Literal["en", "zh"]) -> None:
    data = synthesize("220722", 2022, 1, buildings=True)
    read = read_dataset(write_dataset(data, tmp_path / "made", form="csv", headers=headers))
    assert read.buildings is not None
    assert read.barriers is not None
    assert data.buildings is not None
    assert data.barriers is not None
    assert read.buildings.same_as(data.buildings)
    assert read.barriers.same_as(data.barriers)


# --- shapes


@pytest.mark.parametrize("form", FORMS)
def test_communities_do_not_touch(form: str) -> None:
    """Even a community of 10,000 households keeps to its place on the plane."""
    one = of_form(form, 10_000)
    assert max(np.ptp(one.x), np.ptp(one.y)) < (APART - 500) * PER_METRE


@pytest.mark.parametrize("form", FORMS)
def test_buildings_stand_apart(form: str) -> None:
    """No two middles are nearer than small houses along a lane are."""
    one = of_form(form, 3_000)
    places = np.column_stack([one.x, one.y])
    away = ((places[:, None] - places[None]) ** 2).sum(axis=2) + np.eye(len(places), dtype=np.int64) * 10**9
    assert away.min() >= (4 * PER_METRE) ** 2


def test_forms_differ_as_they_are_said_to() -> None:
    most = {form: int(of_form(form, 3_000).households.max()) for form in FORMS}
    count = {form: len(of_form(form, 3_000).serial) for form in FORMS}
    assert most["towers"] > most["slabs"] > most["old_town"]
    assert count["old_town"] > count["yards"] > count["slabs"] > count["towers"]
    assert (of_form("old_town", 3_000).estate == 0).mean() > 0.5
    assert (of_form("yards", 3_000).estate > 0).all()


@pytest.mark.parametrize("households", [1, 20, 145, 600])
@pytest.mark.parametrize("form", FORMS)
def test_small_communities_have_buildings_too(form: str, households: int) -> None:
    assert of_form(form, households).households.sum() == households


# --- what parts them


@pytest.mark.parametrize("kind", [BarrierKind.ROAD, BarrierKind.RIVER, BarrierKind.RAIL])
@pytest.mark.parametrize("crossed", [True, False], ids=["crossed", "not crossed"])
@pytest.mark.parametrize("form", FORMS)
def test_a_barrier_parts_a_community_unless_it_is_crossed(form: str, kind: BarrierKind, *, crossed: bool) -> None:
    buildings, barriers = tables_of(CODES[:1], of_form(form, 4_000, kind, crossed=crossed))
    (layout,) = layouts(buildings, barriers=barriers)
    assert _parts(len(layout), layout.edges.tolist()) == (1 if crossed else 2)


def test_without_barriers_a_community_hangs_together() -> None:
    communities, buildings, barriers = county()
    parted = {(name or "")[:12] for name in barriers.line}
    for layout in layouts(buildings, barriers=barriers):
        if layout.community not in parted:
            assert _parts(len(layout), layout.edges.tolist()) == 1
    assert 0 < len(parted) < len(communities)


def _parts(count: int, edges: list[list[int]]) -> int:
    leader = list(range(count))

    def top(row: int) -> int:
        while leader[row] != row:
            row = leader[row]
        return row

    for one, other in edges:
        leader[top(one)] = top(other)
    return sum(leader[row] == row for row in range(count))
