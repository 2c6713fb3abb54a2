"""What every procedure is made of: steps, who may take them, and a journal that only grows.

A `Procedure` is data: states, and steps between them. A `Proceeding` is one run of it: its subject and its journal,
from which its state follows. `advance` answers a new proceeding with one act more, or raises one
`StepRefusedError` that names the clause and everything that is wrong; what was there is never changed.

A small machine of our own, since what libraries for state machines bring (callbacks on objects that change, events,
nesting) isn't wanted here, and what is wanted (authority, paper, day and clause of each step) they don't have.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

import attrs

from shequ_core.errors import Message, StepRefusedError, msg, nearest
from shequ_core.policy.plain import PlainError, from_plain
from shequ_core.values import Fen, JsonValue

SCHEMA: Final = 1
"""The version of the plain form of a proceeding; another one is refused, not guessed at."""


class Authority(StrEnum):
    """In what capacity somebody acts."""

    DEPARTMENT = "department"
    """A department of the city's or county's Party or government."""
    CITY_GOVERNMENT = "city_government"
    COUNTY_PARTY = "county_party"
    COUNTY_GOVERNMENT = "county_government"
    COUNTY_COORDINATOR = "county_coordinator"
    """The body that leads and coordinates community work in the county (社区工作领导协调机构)."""
    COUNTY_CIVIL_AFFAIRS = "county_civil_affairs"
    COUNTY_ORGANISATION = "county_organisation"
    COUNTY_FINANCE = "county_finance"
    COUNTY_HUMAN_RESOURCES = "county_human_resources"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    RESIDENTS = "residents"
    """The residents' assembly (居民会议), or the residents who are asked."""
    PARTY_ABOVE = "party_above"
    """The Party organisation above, or the meeting of the community's Party members, by the Party's own rules."""
    EMPLOYER = "employer"
    """Whoever signed the service agreement with the post holder."""
    HOLDER = "holder"
    """The person who is in a post, or wants to be."""


class Cause(StrEnum):
    """Why a step is refused."""

    UNKNOWN = "unknown"
    """The procedure has no such step."""
    ORDER = "order"
    """It isn't its turn, or what has to come first hasn't been done."""
    AUTHORITY = "authority"
    """Somebody else has to take it."""
    PAPER = "paper"
    """It isn't said who took it, or on which document."""
    DATE = "date"
    """Its day is before that of the last step."""
    FACT = "fact"
    """A fact that the step has to record is missing or can't be read."""
    CONDITION = "condition"
    """What is on record doesn't allow it."""


class FactKind(StrEnum):
    """What a fact of a step looks like; all are text, as they stand in the document."""

    TEXT = "text"
    DAY = "day"
    COUNT = "count"
    MONEY = "money"
    YES_OR_NO = "yes_or_no"


YES: Final = "yes"
NO: Final = "no"

_READ: Final[Mapping[FactKind, Callable[[str], object]]] = {
    FactKind.TEXT: str.strip,
    FactKind.DAY: lambda text: from_plain(date, text).isoformat() == text,
    FactKind.COUNT: lambda text: re.fullmatch(r"[0-9]{1,9}", text),
    FactKind.MONEY: lambda text: from_plain(Fen, text) >= 0,
    FactKind.YES_OR_NO: lambda text: text in {YES, NO},
}
FORMS: Final[Mapping[FactKind, Message]] = {
    FactKind.TEXT: msg("words"),
    FactKind.DAY: msg("a day such as 2022-07-01"),
    FactKind.COUNT: msg("a whole number"),
    FactKind.MONEY: msg("yuan such as 2958.00"),
    FactKind.YES_OR_NO: msg("yes or no"),
}
"""How a fact of each kind is written."""


@attrs.frozen
class Need:
    """A fact that a step puts on record."""

    name: str
    kind: FactKind
    told: Message

    def problem(self, facts: Mapping[str, str]) -> Message | None:
        """Say what is wrong with it in these facts, if anything is."""
        text = facts.get(self.name)
        try:
            if text is not None and _READ[self.kind](text):
                return None
        except PlainError:
            pass
        return msg("“{name}” ({told}) has to be given as {form}", name=self.name, told=self.told, form=FORMS[self.kind])


def _copied(facts: Mapping[str, str]) -> Mapping[str, str]:
    return dict(facts)


@attrs.frozen(kw_only=True)
class Act:
    """A step that somebody took: a line of the journal.

    Attributes:
        step: The step's name.
        by: In what capacity it was taken.
        who: The office that took it, by name.
        on: The day.
        document: The paper on which it rests, by title and number.
        facts: What the step puts on record, as text: days 2022-07-01, yuan 2958.00, yes or no.
    """

    step: str
    by: Authority
    who: str
    on: date
    document: str = ""
    facts: Mapping[str, str] = attrs.field(factory=dict, converter=_copied)

    def __hash__(self) -> int:
        return hash((self.step, self.by, self.who, self.on, self.document))

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "step": self.step, "by": self.by.value, "who": self.who, "on": self.on.isoformat(),
            "document": self.document, "facts": dict(sorted(self.facts.items())),
        }


@attrs.frozen(kw_only=True)
class Proceeding:
    """One run of a procedure: what it is about and what has been done. It is never changed.

    Attributes:
        procedure: The procedure's name.
        subject: What it is about: a matter, a person's id, a recruitment.
        state: Where it stands.
        journal: What was done, in order.
    """

    procedure: str
    subject: str
    state: str
    journal: tuple[Act, ...] = ()

    def taken(self, step: str) -> Act | None:
        """Return the last act of a step, None where it wasn't taken."""
        return next((act for act in reversed(self.journal) if act.step == step), None)

    def fact(self, step: str, name: str) -> str:
        """Return a fact that a step put on record, '' where it didn't."""
        act = self.taken(step)
        return "" if act is None else act.facts.get(name, "")

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data; `journal.read_proceeding` reads it back."""
        return {
            "schema": SCHEMA, "procedure": self.procedure, "subject": self.subject, "state": self.state,
            "journal": [act.to_data() for act in self.journal],
        }


Problem = tuple[str, Message]
"""The clause that stands in the way, and what it wants."""

Condition = Callable[[Proceeding, Act], Iterator[Problem]]
"""What has to hold on record for a step, beyond order and authority."""


@attrs.frozen(kw_only=True)
class Step:
    """A step from one state to another.

    Attributes:
        title: What is done, for people.
        source: The states from which it can be taken.
        target: The state to which it leads; None where the state stays, and then it is taken once.
        by: Who may take it.
        clause: The clause that asks for it.
        after: Steps that must have been taken before, whatever the state.
        order: The clause by which they come before; '' where that is `clause`.
        needs: What it puts on record.
        paper: Whether it rests on a document.
        conditions: What else has to hold.
    """

    name: str
    title: Message
    source: tuple[str, ...]
    target: str | None
    by: tuple[Authority, ...]
    clause: str
    after: tuple[str, ...] = ()
    order: str = ""
    needs: tuple[Need, ...] = ()
    paper: bool = True
    conditions: tuple[Condition, ...] = ()


@attrs.frozen(kw_only=True)
class Procedure:
    """A procedure of the law.

    Attributes:
        name: Its name, such as 'matters.access'.
        title: What it is, for people.
        clauses: The clauses that it carries.
        states: Every state with what it is; the first is where it begins.
        steps: Every step.
    """

    name: str
    title: Message
    clauses: tuple[str, ...]
    states: Mapping[str, Message]
    steps: tuple[Step, ...]

    @property
    def start(self) -> str:
        """The state in which it begins."""
        return next(iter(self.states))

    @property
    def ends(self) -> tuple[str, ...]:
        """The states from which no step leads."""
        return tuple(state for state in self.states if not any(state in step.source for step in self.steps))

    def begin(self, subject: str) -> Proceeding:
        """Return a proceeding in which nothing has been done."""
        return Proceeding(procedure=self.name, subject=subject, state=self.start)

    def open_steps(self, proceeding: Proceeding) -> tuple[Step, ...]:
        """Return the steps whose turn it is."""
        return tuple(step for step in self.steps if not any(_out_of_turn(self, proceeding, step)))

    def step(self, name: str) -> Step:
        """Return a step by its name.

        Raises:
            StepRefusedError: There is none; it names those that are nearest.
        """
        for one in self.steps:
            if one.name == name:
                return one
        names = tuple(one.name for one in self.steps)
        raise StepRefusedError(
            self.name, name, title=self.title, clause=self.clauses[0], cause=Cause.UNKNOWN,
            problems=[msg("there is no such step; steps are {names}", names=names)], suggestions=nearest(name, names),
        )

    def advance(self, proceeding: Proceeding, act: Act) -> Proceeding:
        """Return the proceeding with one act more.

        Raises:
            StepRefusedError: The act is out of order, by the wrong authority, without its paper, before the last
                act, without a fact that it has to record, or what is on record doesn't allow it. It names the
                clause and tells everything that is wrong.
        """
        step = self.step(act.step)
        found = list(_problems(self, proceeding, step, act))
        if found:
            cause, clause, _ = found[0]
            raise StepRefusedError(
                self.name, act.step, title=self.title, clause=clause, cause=cause,
                problems=[told for _, _, told in found],
            )
        state = proceeding.state if step.target is None else step.target
        return attrs.evolve(proceeding, state=state, journal=(*proceeding.journal, act))

    def replay(self, subject: str, acts: Sequence[Act]) -> Proceeding:
        """Return the proceeding that these acts make, from the beginning.

        Raises:
            StepRefusedError: One of them isn't allowed where it stands.
        """
        proceeding = self.begin(subject)
        for act in acts:
            proceeding = self.advance(proceeding, act)
        return proceeding


@attrs.frozen(kw_only=True)
class Walk:
    """How far a list of acts goes through a procedure.

    Attributes:
        state: Where it stands after the acts that are allowed.
        taken: How many acts are allowed, from the first on.
        refused: Why the next one is refused, '' where none is.
        clause: The clause that stands in its way, '' where none does.
    """

    state: str
    taken: int
    refused: str = ""
    clause: str = ""


def walk(procedure: Procedure, acts: Sequence[Act]) -> Walk:
    """Take acts one by one, up to the first that is refused."""
    proceeding = procedure.begin("")
    for act in acts:
        try:
            proceeding = procedure.advance(proceeding, act)
        except StepRefusedError as error:
            taken = len(proceeding.journal)
            return Walk(state=proceeding.state, taken=taken, refused=str(error.cause), clause=error.clause)
    return Walk(state=proceeding.state, taken=len(proceeding.journal))


def _out_of_turn(procedure: Procedure, proceeding: Proceeding, step: Step) -> Iterator[Problem]:
    state = proceeding.state
    if state not in step.source:
        told = (
            msg("this has come to its end: {state}", state=procedure.states[state])
            if state in procedure.ends
            else msg(
                "it stands at “{state}”, and “{step}” is a step from {source}", state=procedure.states[state],
                step=step.title, source=tuple(procedure.states[one] for one in step.source),
            )
        )
        yield step.order or step.clause, told
    if step.target is None and proceeding.taken(step.name):
        yield step.clause, msg("“{step}” has been done already", step=step.title)
    missing = tuple(procedure.step(name).title for name in step.after if proceeding.taken(name) is None)
    if missing:
        yield step.order or step.clause, msg("first: {missing}", missing=missing)


def _problems(
    procedure: Procedure, proceeding: Proceeding, step: Step, act: Act
) -> Iterator[tuple[Cause, str, Message]]:
    early = list(_out_of_turn(procedure, proceeding, step))
    yield from ((Cause.ORDER, clause, told) for clause, told in early)
    if act.by not in step.by:
        told = msg("“{step}” is for {allowed} to do, not for {by}", step=step.title, allowed=step.by, by=act.by)
        yield Cause.AUTHORITY, step.clause, told
    if not act.who.strip():
        yield Cause.PAPER, step.clause, msg("write down which office did it")
    if step.paper and not act.document.strip():
        yield Cause.PAPER, step.clause, msg("write down on which document it rests")
    if proceeding.journal and act.on < proceeding.journal[-1].on:
        told = msg("its day, {on}, is before that of the last step, {last}", on=act.on, last=proceeding.journal[-1].on)
        yield Cause.DATE, step.clause, told
    known = {need.name for need in step.needs}
    for name in act.facts:
        if name not in known:
            yield Cause.FACT, step.clause, msg("“{step}” records no “{name}”", step=step.title, name=name)
    wrong = [amiss for need in step.needs if (amiss := need.problem(act.facts))]
    yield from ((Cause.FACT, step.clause, amiss) for amiss in wrong)
    if not early and not wrong:  # a condition reads what this step and those before it record
        for condition in step.conditions:
            yield from ((Cause.CONDITION, clause, told) for clause, told in condition(proceeding, act))


# --- conditions that several procedures have ----------------------------------------------------------


def recorded(step: str, name: str, wanted: str, clause: str, told: Message) -> Condition:
    """Return the condition that a step before put a certain answer on record."""

    def condition(proceeding: Proceeding, act: Act) -> Iterator[Problem]:
        found = act.facts.get(name, "") if act.step == step else proceeding.fact(step, name)
        if found != wanted:
            yield clause, told

    return condition


def text(name: str, told: Message) -> Need:
    """Words that a step puts on record."""
    return Need(name, FactKind.TEXT, told)


def day(name: str, told: Message) -> Need:
    """A day that a step puts on record."""
    return Need(name, FactKind.DAY, told)


def count(name: str, told: Message) -> Need:
    """A whole number that a step puts on record."""
    return Need(name, FactKind.COUNT, told)


def money(name: str, told: Message) -> Need:
    """An amount that a step puts on record."""
    return Need(name, FactKind.MONEY, told)


def yes_or_no(name: str, told: Message) -> Need:
    """A yes or no that a step puts on record."""
    return Need(name, FactKind.YES_OR_NO, told)
