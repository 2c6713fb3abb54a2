"""The small workforce model on Vivarium, with common random numbers, by the clock: one component, a simulant a post.

Columns are written together, once a year, and a post keeps its row when its holder changes: as cheap as the engine
allows. With a simulant for each holder, as `sim_vivarium` has, the table grows by a tenth a year.
"""

from __future__ import annotations

import logging
from typing import Any, Final

import numpy as np
import pandas as pd
from vivarium import Component, InteractiveContext
from workforce.rule import (
    ASSESSED,
    BONUS,
    CERTIFICATES,
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
)

_PAIRS: Final = [(certificate, step) for certificate in range(CERTIFICATES) for step in range(STEPS)]
_PAY: Final = np.array([pay(step, certificate) for certificate, step in _PAIRS])
_LEAVES: Final = np.array(
    [[float(leaves(step, certificate, year)) for certificate, step in _PAIRS] for year in range(YEARS)]
)
_CERTIFIED: Final = np.array([float(chance) for chance in CERTIFIED])
_UPTO: Final = np.cumsum(np.array(ASSESSED) / 1000, axis=1)
_JOINS: Final = np.cumsum(np.array(JOIN_CERTIFICATES) / 1000)[:-1]
COLUMNS: Final = ("age", "certificate", "step", "service", "running", "failures")


class Workforce(Component):
    """Posts and their holders; a time step is a year."""

    def setup(self, builder: Any) -> None:
        """Ask for streams and columns."""
        start, yearly = ("age", "certificate", "service"), ("assessment", "leaving", "earning")
        streams = (*start, *yearly, "coming age", "coming certificate")
        self.luck = {name: builder.randomness.get_stream(name) for name in streams}
        self.register = builder.randomness.register_simulants
        self.year = 0
        self.told: dict[str, list[int]] = {name: [] for name in COUNTS}
        builder.population.register_initializer(initializer=self.register_posts, columns=["entrance_time", "post"])
        builder.population.register_initializer(
            initializer=self.begin, columns=list(COLUMNS),
            required_resources=[self.luck[name] for name in start],
        )

    def register_posts(self, some: Any) -> None:
        """Say by what a post is known in every run."""
        index = some.index
        keys = pd.DataFrame({"entrance_time": some.creation_time, "post": np.arange(len(index))}, index=index)
        self.register(keys)
        self.population_view.initialize(keys)

    def begin(self, some: Any) -> None:
        """Make the holders of the start."""
        index = some.index
        age = YOUNGEST + (self.luck["age"].get_draw(index) * START_AGES).astype(np.int64)
        service = np.minimum((self.luck["service"].get_draw(index) * START_SERVICE).astype(np.int64), age - YOUNGEST)
        certificate = np.searchsorted(_JOINS, self.luck["certificate"].get_draw(index), side="right")
        begun = (age, certificate, service // YEARS_A_STEP, service, 0, 0)
        self.population_view.initialize(pd.DataFrame(dict(zip(COLUMNS, begun, strict=True)), index=index))

    def on_time_step(self, event: Any) -> None:
        """Go on by a year."""
        index, told, year = event.index, self.told, self.year
        luck = {name: self.luck[name].get_draw(index).to_numpy() for name in ("assessment", "leaving", "earning")}
        held = self.population_view.get(index, list(COLUMNS))
        age, certificate, step, service, running, failures = (held[name].to_numpy() for name in COLUMNS)
        pair = certificate * STEPS + step
        grade = np.zeros(len(index), dtype=np.int64)
        for upto in _UPTO.T[:-1]:
            grade += luck["assessment"] >= upto[certificate]
        graded = np.bincount(grade, minlength=len(GRADES))
        told["bill"].append(int(_PAY[pair].sum() + graded @ BONUS))
        for name, count in zip(GRADES, graded.tolist(), strict=True):
            told[name].append(count)
        failed = grade == FAIL
        running = (running + 1) * failed
        failures = failures + failed
        age = age + 1
        dismissed = (running >= RUNNING) | (failures >= IN_ALL)
        retired = (age >= RETIRES_AT) & ~dismissed
        left = (luck["leaving"] < _LEAVES[year][pair]) & ~dismissed & ~retired
        for name, gone in (("dismissed", dismissed), ("retired", retired), ("left", left)):
            told[name].append(int(gone.sum()))
        certificate = certificate + (luck["earning"] < _CERTIFIED[certificate])
        service = service + 1
        step = np.minimum(step + (service % YEARS_A_STEP == 0), STEPS - 1)

        gone = dismissed | retired | left
        comes = index[gone]
        age[gone] = YOUNGEST + (self.luck["coming age"].get_draw(comes) * JOIN_AGES).astype(np.int64)
        certificate[gone] = np.searchsorted(_JOINS, self.luck["coming certificate"].get_draw(comes), side="right")
        for column in (step, service, running, failures):
            column[gone] = 0
        told["certified"].append(int((certificate > 0).sum()))
        after = pd.DataFrame(
            dict(zip(COLUMNS, (age, certificate, step, service, running, failures), strict=True)), index=index
        )
        self.population_view.update(list(COLUMNS), lambda _: after)
        self.year += 1


def run(posts: int, seed: int) -> dict[str, list[int]]:
    """Return each year's counts."""
    logging.disable(logging.CRITICAL)
    workforce = Workforce()
    simulation = InteractiveContext(
        components=[workforce],
        configuration={
            "population": {"population_size": posts},
            "randomness": {"key_columns": ["entrance_time", "post"], "random_seed": seed},
            "time": {"start": {"year": 2022, "month": 1, "day": 1}, "end": {"year": 2122, "month": 1, "day": 1},
                     "step_size": 365},
        },
        logging_verbosity=0,
    )  # fmt: skip
    simulation.take_steps(YEARS, with_logging=False)
    return workforce.told
