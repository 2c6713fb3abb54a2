"""The workforce among the examples, a model of a user's own: on columns what one post gets in plain Python, and the same however it is run."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import attrs
import numpy as np
import pytest
from workforce import model
from workforce.rule import COUNTS, YEARS, a_post

from shequ_core.population.chance import Keys, halves, life_keys
from shequ_core.simulation.chunks import Chunks, digest, totals

POSTS = 250


@attrs.frozen
class OfOnePost:
    """A post's luck, draw by draw."""

    post: Keys
    seed: int

    def _halves(self, holder: int, purpose: str, year: int = 0) -> tuple[int, int]:
        upper, lower = halves(model.LUCK.words(life_keys(self.post, holder, self.seed), purpose=purpose, year=year))
        return int(upper[0]), int(lower[0])

    def start(self) -> tuple[int, int, int]:
        return *self._halves(1, model.START), self._halves(1, model.SERVICE)[0]

    def year(self, holder: int, year: int) -> tuple[int, int, int]:
        upper, lower = self._halves(holder, model.YEARLY, year)
        return lower, upper, lower * model.PARTS % 2**32

    def comes(self, holder: int, year: int) -> tuple[int, int]:
        return self._halves(holder, model.COMING)


@pytest.mark.parametrize("seed", [1, 2])
def test_columns_give_what_each_post_gives(seed: int) -> None:
    ground = model.Ground.of(POSTS)
    posts = ground.post_keys(0, POSTS)
    expected = {name: [0] * YEARS for name in COUNTS}
    for post in range(POSTS):
        for year, counts in enumerate(a_post(OfOnePost(posts[post : post + 1], seed))):
            for name in COUNTS:
                expected[name][year] += counts[name]
    assert {name: counts.tolist() for name, counts in model.run(POSTS, seed).items()} == expected
    assert all(sum(expected[name]) for name in COUNTS)


def test_posts_are_as_many_as_asked_for_and_all_different() -> None:
    for posts in (1, 31, 32, 1_000):
        ground = model.Ground.of(posts)
        assert ground.sizes.min() >= 1
        assert len(np.unique(ground.post_keys(0, posts))) == posts


@pytest.mark.parametrize("at_least", [1, 7, 1_000, 32_768])
def test_the_cut_changes_nothing(at_least: int) -> None:
    assert digest(model.run(3_000, 5, at_least=at_least)) == digest(model.run(3_000, 5, at_least=3_000))


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_workers_change_nothing(workers: int) -> None:
    with ThreadPoolExecutor(workers) as hands:
        assert digest(model.run(9_000, 5, at_least=1_000, workers=hands)) == digest(model.run(9_000, 5))


@pytest.mark.parametrize("mixed", range(1, 6))
def test_the_order_of_rows_changes_nothing(mixed: int) -> None:
    ground = model.Ground.of(3_000)
    posts, group = ground.post_keys(0, 3_000), np.repeat(np.arange(len(ground.sizes)), ground.sizes)
    order = np.random.default_rng(mixed).permutation(len(posts))
    posts, group = posts[order], group[order]
    found = totals(model.ten_years(posts[rows], 5) for rows in Chunks.of(group, 500))
    assert digest(found) == digest(model.run(3_000, 5))


def test_seeds_that_go_together_give_what_each_gives_alone() -> None:
    posts = model.Ground.of(2_000).post_keys(0, 2_000)
    stacked = model.ten_years(np.tile(posts, 3), np.repeat(np.array([4, 5, 6]), len(posts)))
    assert digest(stacked) == digest(totals(model.run(2_000, seed) for seed in (4, 5, 6)))


@pytest.mark.parametrize(
    "machine", [{"PYTHONHASHSEED": "1"}, {"PYTHONHASHSEED": "42", "NPY_DISABLE_CPU_FEATURES": "?"}],
    ids=["another hash seed", "a processor without its wide registers"],
)  # fmt: skip
def test_the_machine_changes_nothing(machine: dict[str, str]) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **machine}
    if "NPY_DISABLE_CPU_FEATURES" in machine:
        environment["NPY_DISABLE_CPU_FEATURES"] = " ".join(optional_features())
    code = (
        "from workforce import model\nfrom shequ_core.simulation.chunks import digest\n"
        "print(digest(model.run(3_000, 5)))"
    )
    told = subprocess.run([sys.executable, "-c", code], env=environment, check=True, stdout=subprocess.PIPE, text=True)
    assert told.stdout.strip() == digest(model.run(3_000, 5))


def optional_features() -> list[str]:
    """Return what NumPy found on this processor beyond what it was built to need."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return list(found)
