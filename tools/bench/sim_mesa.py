"""The small workforce model on Mesa as its documentation teaches: who goes is removed, who comes is a new agent."""

from __future__ import annotations

import mesa
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

_CERTIFIED = [float(chance) for chance in CERTIFIED]
_LEAVES = {
    (step, certificate, year): float(leaves(step, certificate, year))
    for step in range(STEPS) for certificate in range(len(CERTIFIED)) for year in range(YEARS)
}  # fmt: skip


class Worker(mesa.Agent):
    """Somebody who holds a post."""

    def __init__(self, model: Workforce, *, ages: int, longest: int) -> None:
        super().__init__(model)
        self.age = YOUNGEST + int(self.random.random() * ages)
        self.certificate = self.random.choices(range(len(JOIN_CERTIFICATES)), JOIN_CERTIFICATES)[0]
        self.service = min(int(self.random.random() * longest), self.age - YOUNGEST)
        self.pay_step = self.service // YEARS_A_STEP
        self.running = 0
        self.failures = 0

    def step(self) -> None:
        """Go on by a year."""
        counts = self.model.counts
        grade = self.random.choices(range(len(GRADES)), ASSESSED[self.certificate])[0]
        counts["bill"] += pay(self.pay_step, self.certificate) + BONUS[grade]
        counts[GRADES[grade]] += 1
        if grade == FAIL:
            self.running += 1
            self.failures += 1
        else:
            self.running = 0
        self.age += 1
        if self.running >= RUNNING or self.failures >= IN_ALL:
            self.go("dismissed")
        elif self.age >= RETIRES_AT:
            self.go("retired")
        elif self.random.random() < _LEAVES[self.pay_step, self.certificate, self.model.year]:
            self.go("left")
        else:
            if self.random.random() < _CERTIFIED[self.certificate]:
                self.certificate += 1
            self.service += 1
            if self.service % YEARS_A_STEP == 0:
                self.pay_step = min(self.pay_step + 1, STEPS - 1)
            counts["certified"] += self.certificate > 0

    def go(self, why: str) -> None:
        """Leave the post to somebody new."""
        self.model.counts[why] += 1
        self.remove()
        comes = Worker(self.model, ages=JOIN_AGES, longest=1)
        self.model.counts["certified"] += comes.certificate > 0


class Workforce(mesa.Model):
    """All who hold a post."""

    def __init__(self, posts: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.year = 0
        self.told: list[dict[str, int]] = []
        Worker.create_agents(self, posts, ages=START_AGES, longest=START_SERVICE)

    def step(self) -> None:
        """Go on by a year."""
        self.counts = dict.fromkeys(COUNTS, 0)
        self.agents.shuffle_do("step")
        self.told.append(self.counts)
        self.year += 1


def run(posts: int, seed: int) -> dict[str, list[int]]:
    """Return each year's counts."""
    model = Workforce(posts, seed)
    for _ in range(YEARS):
        model.step()
    return {name: [counts[name] for counts in model.told] for name in COUNTS}
