"""A simulated place as dated facts: what a real year would have been told of it, for one seed.

The facts go through `run_year` as a real place's do, and come to what the simulation said, which tests hold together.
Nobody in them exists beyond the start, and every name says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import attrs

from shequ_core.model.communities import Community
from shequ_core.model.pay import FormerPay, Grading
from shequ_core.model.posts import (
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Post,
    Role,
    Sex,
    Worker,
)
from shequ_core.model.records import Agreement, Assessment, AssessmentGrade, Training
from shequ_core.population import SYNTHETIC
from shequ_core.simulation.behaviours.elections import term_at_end
from shequ_core.simulation.ground import Ground
from shequ_core.simulation.months import EVER, NEVER, day_of
from shequ_core.simulation.simulate import Ready
from shequ_core.simulation.state import NONE, TO_COME, Layout
from shequ_core.simulation.step import YearSums
from shequ_core.simulation.turn import Turn
from shequ_core.tables.dataset import (
    Agreements,
    Assessments,
    Certificates,
    Communities,
    Dataset,
    Educations,
    FormerPays,
    Gradings,
    Holdings,
    Posts,
    Trainings,
    Workers,
)
from shequ_core.values import Fen

_TRAINED: Final = 7
"""The month, from 1, in which a training of the year is written down."""


def facts(ready: Ready, counties: Sequence[str], seed: int) -> tuple[Dataset, list[YearSums]]:
    """Simulate some counties with one seed, and write everything down that happened.

    Returns:
        The facts as known once all years are over, and what each year came to, by month.
    """
    state = ready.state(counties, [seed])
    book = _Notes(layout=state.layout, first=ready.years[0])
    sums = list(ready.pass_years(state, monthly=True, watch=book.note))
    return book.dataset(sums[-1].ground), sums


@attrs.frozen(eq=False)
class _Notes:
    """What is written down of everybody, by id: the last that was seen of each counts."""

    layout: Layout
    first: int
    lives: dict[str, dict[str, Any]] = attrs.field(factory=dict)  # Any: facts of every kind
    decided: dict[int, date] = attrs.field(factory=dict)
    opened: dict[int, date] = attrs.field(factory=dict)
    closed: dict[int, date] = attrs.field(factory=dict)
    to_come: set[int] = attrs.field(factory=set)

    def note(self, turn: Turn) -> None:
        """Take down a year."""
        people = turn.people
        trained, agreed = turn.counted.get("trained"), turn.counted.get("agreed")
        term = term_at_end(turn)
        self._note_posts(turn)
        for row in range(len(people)):
            if not people.held[row]:
                continue
            post = self.layout.posts[(turn.first + row) % len(self.layout.posts)]
            worker = f"S{post}-{int(people.nth[row]):03d}"
            life = self.lives.setdefault(worker, {"trainings": [], "agreements": []})
            if turn.year == self.first and people.trained[row] and not (trained is not None and trained[row]):
                life["trainings"].append(int(people.trained[row]))
            if trained is not None and trained[row]:
                life["trainings"].append(turn.year)
            if term is not None and agreed is not None and agreed[row]:
                begins = max(term.low, day_of(int(people.since[row])))
                if all(one.until != term.high for one in life["agreements"]):
                    life["agreements"].append(
                        Agreement(worker=worker, signed_on=begins, since=begins, until=term.high)
                    )
            until = None
            if turn.ground[row] != NONE:
                until = day_of(turn.january + int(turn.leaves[row])) - timedelta(days=1)
            life |= self._seen(turn, row, post, worker, until)

    def _note_posts(self, turn: Turn) -> None:
        begins = date(turn.year, 1, 1)
        rows = (turn.rows % len(self.layout.posts)).tolist()
        for name, days in (("posts_opened", self.opened), ("posts_closed", self.closed)):
            if name in turn.counted:
                day = begins if days is self.opened else begins - timedelta(days=1)
                days.update((rows[at], day) for at in turn.counted[name].nonzero()[0].tolist())
        for at, state in zip(rows, turn.people.opened.tolist(), strict=True):
            (self.to_come.add if state == TO_COME else self.to_come.discard)(at)

    def _seen(self, turn: Turn, row: int, post: str, worker: str, until: date | None) -> dict[str, Any]:  # Any: facts
        people = turn.people
        graded = people.graded_from[row] >= people.since[row]
        return {
            "worker": Worker(
                id=worker, name=f"{SYNTHETIC}人员{worker}", sex=list(Sex)[people.sex[row]],
                birth_date=day_of(int(people.birth[row])), worked_since=day_of(people.worked[row]),
            ),
            "holding": Holding(
                worker=worker, post=post, post_class=self.layout.classes[people.post_class[row]],
                role=list(Role)[people.role[row]], employment=list(Employment)[people.employment[row]],
                since=day_of(int(people.since[row])), until=until,
                probation_until=None if people.probation[row] <= people.since[row]
                else day_of(int(people.probation[row])) - timedelta(days=1),
            ),
            "educations": [
                Education(worker=worker, level=level, since=_since(people.educated[at, row]))
                for at, level in enumerate(EducationLevel) if people.educated[at, row] != NEVER
            ],
            "certificates": [
                Certificate(worker=worker, level=level, since=_since(people.certified[at, row]))
                for at, level in enumerate(CertificateLevel) if people.certified[at, row] != NEVER
            ],
            "assessments": [
                Assessment(
                    worker=worker, year=year, grade=list(AssessmentGrade)[code],
                    known_on=date(year + 1, turn.decided_in + 1, 1) if year >= self.first - 1 else None,
                )
                for year, code in enumerate(people.history[:, row].tolist(), start=turn.first_year) if code != NONE
            ],
            "gradings": [
                Grading(worker=worker, grade=int(people.given[row]), since=day_of(int(people.graded_from[row])))
            ] if graded else [],
            "former": [
                FormerPay(worker=worker, monthly=Fen(int(people.former[row])))
            ] if people.former[row] >= 0 else [],
        }

    def dataset(self, ground: Ground) -> Dataset:
        """Return it as tables; communities as they were in the last year."""
        layout = self.layout
        lives = [self.lives[worker] for worker in sorted(self.lives)]

        def every(name: str) -> list[Any]:  # Any: as above
            return [one for life in lives for one in life[name]]

        gradings, agreements = every("gradings"), every("agreements")
        return Dataset(
            communities=Communities.of(
                Community(
                    code=code, name=layout.names[at], setting=layout.setting.row(at),
                    households=ground.households.row(at), residents=ground.residents.row(at),
                )
                for at, code in enumerate(layout.communities)
            ),
            posts=Posts.of(
                Post(
                    id=post, community=layout.communities[layout.community[at]], duty=layout.duty.row(at),
                    opened_on=self.opened.get(at), closed_on=self.closed.get(at),
                )
                for at, post in enumerate(layout.posts) if at not in self.to_come
            ),
            workers=Workers.of(life["worker"] for life in lives),
            holdings=Holdings.of(life["holding"] for life in lives),
            educations=Educations.of(every("educations")),
            certificates=Certificates.of(every("certificates")),
            gradings=Gradings.of(gradings) if gradings else None,
            agreements=Agreements.of(agreements) if agreements else None,
            former_pays=FormerPays.of(every("former")),
            assessments=Assessments.of(every("assessments")),
            trainings=Trainings.of(
                Training(worker=life["worker"].id, completed_on=date(year, _TRAINED, 1), subject=f"{SYNTHETIC}培训班")
                for life in lives for year in life["trainings"]
            ),
        )


def _since(month: int) -> date | None:
    return None if month == EVER else day_of(int(month))
