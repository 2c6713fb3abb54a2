"""The small workforce model on Vivarium, with common random numbers, as its documentation teaches.

A component for each concern, each with columns of its own; a simulant for each holder, known by post and day of entry:
who goes is untracked, who comes is created.
"""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import pandas as pd
from vivarium import Component, InteractiveContext
from workforce.rule import (
    ASSESSED,
    BONUS,
    CERTIFIED,
    COUNTS,
    FAIL,
    GRADES,
    IN_ALL,
    JOIN_AGES,
    JOIN_CERTIFICATES,
    RETIRES_AT,
    RUNNING,
    START_AGES,
    START_SERVICE,
    STEPS,
    YEARS,
    YEARS_A_STEP,
    YOUNGEST,
    leaves,
    pay,
)  # fmt: skip

_PAIRS = [(certificate, step) for certificate in range(len(CERTIFIED)) for step in range(STEPS)]
_PAY = np.array([pay(step, certificate) for certificate, step in _PAIRS])
_LEAVES = np.array(
    [[float(leaves(step, certificate, year)) for certificate, step in _PAIRS] for year in range(YEARS)]
)
_CERTIFIED = np.array([float(chance) for chance in CERTIFIED])


class Concern(Component):
    """What all concerns share: the counts, and who is there."""

    def __init__(self, told: dict[str, list[int]]) -> None:
        super().__init__()
        self.told = told

    def there(self, index: Any) -> Any:
        """Return those who hold a post."""
        return self.population_view.get_filtered_index(index)


class Posts(Concern):
    """Who holds which post, who goes, and who comes in their place at the year's end."""

    time_step_priority = 7
    time_step_cleanup_priority = 9

    def setup(self, builder: Any) -> None:
        """Ask for luck, keys and columns."""
        self.luck = builder.randomness.get_stream("leaving")
        self.register = builder.randomness.register_simulants
        self.create = builder.population.get_simulant_creator()
        self.year = 0
        builder.population.register_initializer(initializer=self.begin, columns=["entrance_time", "post", "employed"])
        builder.population.register_tracked_query("employed == True")

    def begin(self, some: Any) -> None:
        """Say by what a simulant is known in every run."""
        posts = some.user_data.get("posts", np.arange(len(some.index)))
        keys = pd.DataFrame({"entrance_time": some.creation_time, "post": posts}, index=some.index)
        self.register(keys)
        self.population_view.initialize(keys.assign(employed=True))

    def on_time_step(self, event: Any) -> None:
        """See who goes."""
        columns = ["age", "running", "failures", "step", "certificate"]
        held = self.population_view.get(self.there(event.index), columns)
        dismissed = (held["running"] >= RUNNING) | (held["failures"] >= IN_ALL)
        retired = (held["age"] >= RETIRES_AT) & ~dismissed
        stay = held[~dismissed & ~retired]
        chance = _LEAVES[self.year][stay["certificate"] * STEPS + stay["step"]]
        left = self.luck.filter_for_probability(stay.index, chance)
        for name, gone in (("dismissed", dismissed.sum()), ("retired", retired.sum()), ("left", len(left))):
            self.told[name].append(int(gone))
        gone = held.index[dismissed | retired].union(left)
        self.vacant = self.population_view.get(gone, "post").to_numpy()
        self.population_view.update("employed", lambda _: pd.Series(False, index=gone))
        self.year += 1

    def on_time_step_cleanup(self, event: Any) -> None:
        """Fill the posts."""
        self.create(len(self.vacant), {"posts": self.vacant})
        everybody = pd.RangeIndex(len(event.index) + len(self.vacant))
        held = self.population_view.get(everybody, "certificate", include_untracked=False)
        self.told["certified"].append(int((held > 0).sum()))


class Age(Concern):
    """How old they are."""

    def setup(self, builder: Any) -> None:
        """Ask for luck and a column."""
        self.luck = builder.randomness.get_stream("age")
        builder.population.register_initializer(initializer=self.begin, columns="age", required_resources=[self.luck])

    def begin(self, some: Any) -> None:
        """Draw it."""
        ages = JOIN_AGES if "posts" in some.user_data else START_AGES
        age = YOUNGEST + (self.luck.get_draw(some.index) * ages).astype(np.int64)
        self.population_view.initialize(age.rename("age"))

    def on_time_step(self, event: Any) -> None:
        """Become a year older."""
        there = self.there(event.index)
        self.population_view.update("age", lambda age: age.loc[there] + 1)


class Assessment(Concern):
    """Four grades by certificate, and who failed how often."""

    def setup(self, builder: Any) -> None:
        """Ask for luck and columns."""
        self.luck = builder.randomness.get_stream("assessment")
        self.weights = np.array(ASSESSED) / 1000
        builder.population.register_initializer(initializer=self.begin, columns=["grade", "running", "failures"])

    def begin(self, some: Any) -> None:
        """Nobody has failed."""
        self.population_view.initialize(pd.DataFrame({"grade": 0, "running": 0, "failures": 0}, index=some.index))

    def on_time_step_prepare(self, event: Any) -> None:
        """Assess."""
        there = self.there(event.index)
        certificate = self.population_view.get(there, "certificate")
        grade = self.luck.choice(there, range(len(GRADES)), self.weights[certificate])
        failed = grade == FAIL

        def after(held: Any) -> Any:
            running = (held["running"].loc[there] + 1) * failed
            return pd.DataFrame({"grade": grade, "running": running, "failures": held["failures"].loc[there] + failed})

        self.population_view.update(["grade", "running", "failures"], after)
        for at, name in enumerate(GRADES):
            self.told[name].append(int((grade == at).sum()))


class Pay(Concern):
    """Steps by service; the bill."""

    time_step_priority = 0

    def setup(self, builder: Any) -> None:
        """Ask for luck and columns."""
        self.luck = builder.randomness.get_stream("service")
        builder.population.register_initializer(
            initializer=self.begin, columns=["service", "step"], required_resources=[self.luck, "age"]
        )

    def begin(self, some: Any) -> None:
        """Draw service."""
        longest = 1 if "posts" in some.user_data else START_SERVICE
        drawn = (self.luck.get_draw(some.index) * longest).astype(np.int64)
        service = np.minimum(drawn, self.population_view.get(some.index, "age") - YOUNGEST)
        self.population_view.initialize(pd.DataFrame({"service": service, "step": service // YEARS_A_STEP}))

    def on_time_step(self, event: Any) -> None:
        """Pay."""
        held = self.population_view.get(self.there(event.index), ["step", "certificate", "grade"])
        pair = held["certificate"] * STEPS + held["step"]
        self.told["bill"].append(int(_PAY[pair].sum() + np.array(BONUS)[held["grade"]].sum()))

    def on_time_step_cleanup(self, event: Any) -> None:
        """Serve a year more."""
        there = self.there(event.index)

        def after(held: Any) -> Any:
            service = held["service"].loc[there] + 1
            step = np.minimum(held["step"].loc[there] + (service % YEARS_A_STEP == 0), STEPS - 1)
            return pd.DataFrame({"service": service, "step": step})

        self.population_view.update(["service", "step"], after)


class Certificates(Concern):
    """Who comes with one, and who earns one."""

    def setup(self, builder: Any) -> None:
        """Ask for luck and a column."""
        self.coming = builder.randomness.get_stream("certificate")
        self.earning = builder.randomness.get_stream("earning")
        builder.population.register_initializer(
            initializer=self.begin, columns="certificate", required_resources=[self.coming]
        )

    def begin(self, some: Any) -> None:
        """Draw it."""
        weights = np.array(JOIN_CERTIFICATES) / sum(JOIN_CERTIFICATES)
        held = self.coming.choice(some.index, range(len(weights)), weights)
        self.population_view.initialize(held.rename("certificate"))

    def on_time_step_cleanup(self, event: Any) -> None:
        """Earn the next."""
        certificate = self.population_view.get(self.there(event.index), "certificate")
        earn = self.earning.filter_for_probability(certificate.index, _CERTIFIED[certificate])
        self.population_view.update("certificate", lambda held: held.loc[earn] + 1)


def run(posts: int, seed: int) -> dict[str, list[int]]:
    """Return each year's counts."""
    logging.disable(logging.CRITICAL)
    told: dict[str, list[int]] = {name: [] for name in COUNTS}
    simulation = InteractiveContext(
        components=[concern(told) for concern in (Posts, Age, Assessment, Pay, Certificates)],
        configuration={
            "population": {"population_size": posts},
            "randomness": {"key_columns": ["entrance_time", "post"], "random_seed": seed},
            "time": {"start": {"year": 2022, "month": 1, "day": 1}, "end": {"year": 2122, "month": 1, "day": 1},
                     "step_size": 365},
        },
        logging_verbosity=0,
    )  # fmt: skip
    simulation.take_steps(YEARS, with_logging=False)
    return told
