"""The small workforce model on Mesa, by the clock: an agent a post, whose holder changes; no order of acting."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Final

import mesa
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

_PAY: Final = [[pay(step, certificate) for step in range(STEPS)] for certificate in range(CERTIFICATES)]
_LEAVES: Final = [
    [[float(leaves(step, certificate, year)) for step in range(STEPS)] for certificate in range(CERTIFICATES)]
    for year in range(YEARS)
]
_CERTIFIED: Final = [float(chance) for chance in CERTIFIED]
_UPTO: Final = [[upto / 1000 for upto in accumulate(weights)][:-1] for weights in ASSESSED]
_JOINS: Final = [upto / 1000 for upto in accumulate(JOIN_CERTIFICATES)][:-1]


class Post(mesa.Agent):
    """A post and who holds it."""

    def __init__(self, model: Workforce) -> None:
        super().__init__(model)
        luck = model.random.random
        self.age = YOUNGEST + int(luck() * START_AGES)
        self.certificate = bisect_right(_JOINS, luck())
        self.service = min(int(luck() * START_SERVICE), self.age - YOUNGEST)
        self.pay_step = self.service // YEARS_A_STEP
        self.running = self.failures = 0

    def step(self) -> None:
        """Go on by a year."""
        model = self.model
        luck, counts = model.luck, model.counts
        certificate = self.certificate
        grade = bisect_right(_UPTO[certificate], luck())
        counts["bill"] += _PAY[certificate][self.pay_step] + BONUS[grade]
        counts[GRADES[grade]] += 1
        if grade == FAIL:
            self.running += 1
            self.failures += 1
        else:
            self.running = 0
        self.age += 1
        if self.running >= RUNNING or self.failures >= IN_ALL:
            counts["dismissed"] += 1
        elif self.age >= RETIRES_AT:
            counts["retired"] += 1
        elif luck() < model.leaves[certificate][self.pay_step]:
            counts["left"] += 1
        else:
            if luck() < _CERTIFIED[certificate]:
                self.certificate += 1
            self.service += 1
            if self.service % YEARS_A_STEP == 0 and self.pay_step < STEPS - 1:
                self.pay_step += 1
            counts["certified"] += self.certificate > 0
            return
        self.age = YOUNGEST + int(luck() * JOIN_AGES)
        self.certificate = bisect_right(_JOINS, luck())
        self.pay_step = self.service = self.running = self.failures = 0
        counts["certified"] += self.certificate > 0


class Workforce(mesa.Model):
    """All posts. Nobody meets anybody, so the order in which they act is none of the model's business."""

    def __init__(self, posts: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.luck = self.random.random
        self.told: list[dict[str, int]] = []
        Post.create_agents(self, posts)

    def step(self) -> None:
        """Go on by a year."""
        self.leaves = _LEAVES[len(self.told)]
        self.counts = dict.fromkeys(COUNTS, 0)
        self.agents.do("step")
        self.told.append(self.counts)


def run(posts: int, seed: int) -> dict[str, list[int]]:
    """Return each year's counts."""
    model = Workforce(posts, seed)
    for _ in range(YEARS):
        model.step()
    return {name: [counts[name] for counts in model.told] for name in COUNTS}
