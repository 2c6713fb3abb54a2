"""The small workforce model on neworder: columns in NumPy, luck from the model's own stream."""

from __future__ import annotations

from typing import Any, Final

import neworder
import numpy as np
from numpy.typing import NDArray
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
_JOINS: Final = np.array(JOIN_CERTIFICATES) / 1000


class Workforce(neworder.Model):
    """Posts and their holders; a step is a year. What hangs on step and certificate alone is looked up."""

    def __init__(self, posts: int, seed: int) -> None:
        super().__init__(neworder.LinearTimeline(0, YEARS, YEARS), lambda: seed)
        self.posts = posts
        self.age = (YOUNGEST + self.mc.ustream(posts) * START_AGES).astype(np.int8)
        self.certificate = self.mc.sample(posts, _JOINS).astype(np.int8)
        service = np.minimum(self.mc.ustream(posts) * START_SERVICE, self.age - YOUNGEST).astype(np.int8)
        self.step_ = service // YEARS_A_STEP
        self.of_step = service % YEARS_A_STEP
        self.running = np.zeros(posts, dtype=np.int8)
        self.failures = np.zeros(posts, dtype=np.int8)
        self.told: dict[str, NDArray[Any]] = {name: np.zeros(YEARS, dtype=np.int64) for name in COUNTS}

    def step(self) -> None:
        """Go on by a year."""
        year, told = self.timeline.index, self.told
        pair = self.certificate * STEPS + self.step_
        told["bill"][year] = np.bincount(pair, minlength=len(_PAY)) @ _PAY

        luck = self.mc.ustream(self.posts)
        grade = np.zeros(self.posts, dtype=np.int8)
        for upto in _UPTO.T[:-1]:
            grade += luck >= upto[self.certificate]
        graded = np.bincount(grade, minlength=len(GRADES))
        told["bill"][year] += graded @ BONUS
        for name, count in zip(GRADES, graded, strict=True):
            told[name][year] = count

        failed = grade == FAIL
        self.running += 1
        self.running *= failed
        self.failures += failed
        self.age += 1
        dismissed = (self.running >= RUNNING) | (self.failures >= IN_ALL)
        retired = (self.age >= RETIRES_AT) & ~dismissed
        left = (self.mc.ustream(self.posts) < _LEAVES[year][pair]) & ~dismissed & ~retired
        for name, gone in (("dismissed", dismissed), ("retired", retired), ("left", left)):
            told[name][year] = np.count_nonzero(gone)

        self.certificate += self.mc.ustream(self.posts) < _CERTIFIED[self.certificate]
        self.of_step += 1
        rises = self.of_step == YEARS_A_STEP
        self.step_ += rises
        np.minimum(self.step_, STEPS - 1, out=self.step_)
        self.of_step[rises] = 0

        comes = np.flatnonzero(dismissed | retired | left)
        self.age[comes] = YOUNGEST + self.mc.ustream(len(comes)) * JOIN_AGES
        self.certificate[comes] = self.mc.sample(len(comes), _JOINS)
        for column in (self.step_, self.of_step, self.running, self.failures):
            column[comes] = 0
        told["certified"][year] = np.count_nonzero(self.certificate)


def run(posts: int, seed: int) -> dict[str, list[int]]:
    """Return each year's counts."""
    model = Workforce(posts, seed)
    neworder.run(model)
    return {name: counts.tolist() for name, counts in model.told.items()}
