"""Checks: which facts break which clause. The library has its own, and a city brings more (`shequ_checks`).

A check is a function from what is seen of a place to breaches; it decides nothing and says nothing of what it
doesn't know. Its docstring is its page: what is wrong, and under "What to do" the way out.
"""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.law.clauses import Source, instrument_of
from shequ_core.law.findings import Grade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.law import Law, missing_in, needed
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, Bools, Ints, TextColumn

if TYPE_CHECKING:
    from shequ_core.tables.dataset import Dataset

T = TypeVar("T")

CODE: Final = re.compile(r"[A-Z]{2,5}\d+(\.\d+)*[a-z]?-[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
"""The form of a code: the clause, a hyphen, and what is wrong in a few words."""

WHAT_TO_DO: Final = "What to do:"


@attrs.frozen(kw_only=True)
class Breach:
    """One subject that breaks a clause.

    Attributes:
        subject: The code of a place, or the id of a person, post, grid or building.
        message: What was found and what is allowed, as a sentence without personal values.
        found: The figure that was found, where it is one.
        allowed: What is allowed instead: a figure or a span.
        due: From when it is expected, where that is later than the clause itself asks for it.
    """

    subject: str
    message: Message
    found: object = None
    allowed: object = None
    due: date | None = None


@attrs.frozen(kw_only=True)
class Unexamined:
    """Rows of which nobody can say, since a fact is missing.

    Attributes:
        place: The county in which they are.
        count: How many; None where nothing at all could be looked at.
        message: What is missing.
    """

    place: str
    count: int | None
    message: Message


Told: TypeAlias = "Breach | Unexamined"


class Seen:
    """What a check is shown: the facts of a place, the day, and the law.

    Attributes:
        data: The facts that count as known.
        on: The day.
        law: The policies.
        closed: Counties of which nothing is asked: a value is missing there, or the clause is not in force.
    """

    def __init__(
        self, data: Dataset, on: date, law: Law, *, closed: Iterable[str] = (), made: dict[object, object] | None = None
    ) -> None:
        self.data, self.on, self.law = data, on, law
        self.closed = frozenset(closed)
        self._made: dict[object, object] = {} if made is None else made

    def without(self, counties: Iterable[str]) -> Seen:
        """Return the same with counties closed; what was worked out is shared."""
        return Seen(self.data, self.on, self.law, closed=counties, made=self._made)

    def once(self, make: Callable[[Seen], T]) -> T:
        """Return what a function makes of all that is seen, worked out once for every check that asks."""
        if make not in self._made:
            self._made[make] = make(self if not self.closed else self.without(()))
        found: T = self._made[make]  # type: ignore[assignment]  # under a function stands what it made
        return found

    def laws(self, places: TextColumn) -> Iterator[tuple[Policy, Ints]]:
        """Yield each policy with the rows that live under it, rows of closed counties left out.

        Args:
            places: The code of each row's place; rows where it is unknown are left out.
        """
        counties = places.start(COUNTY_DIGITS)
        rows = np.flatnonzero(counties.mask() & ~counties.is_in(self.closed).true())
        if not len(rows):
            return
        for policy, some in self.law.groups(counties.take(rows), self.on):
            yield policy, rows[some]

    def give(self, make: Callable[[Seen], T], made: T) -> None:
        """Give what a function would make, where the caller has it already."""
        self._made[make] = made

    def answers(self, policy: Policy, *rules: str) -> bool:
        """Whether a policy has all that some rules can't do without."""
        return not missing_in(policy, needed(rules))

    def open(self, places: TextColumn) -> Bools:
        """Return which rows lie in no closed county."""
        return ~places.start(COUNTY_DIGITS).is_in(self.closed).true()

    def judged(
        self, broken: BoolColumn, places: TextColumn, breach: Callable[[int], Breach], missing: Message
    ) -> Iterator[Told]:
        """Yield a breach for every row known to break a clause, and for each county how many rows nobody can judge.

        Args:
            broken: Whether each row breaks it; unknown where nobody can say.
            places: The code of each row's place; rows of closed counties say nothing.
            breach: Makes the breach of a row.
            missing: What is missing where nobody can say.
        """
        asked = self.open(places)
        for row in np.flatnonzero(broken.true() & asked).tolist():
            yield breach(row)
        unknown = ~broken.mask() & asked
        if unknown.any():
            counties = places.start(COUNTY_DIGITS).where(unknown).to_list()
            for county, count in sorted(Counter(one or "" for one in counties).items()):
                yield Unexamined(place=county, count=count, message=missing)


Examine: TypeAlias = Callable[[Seen], Iterator[Breach] | Iterator[Told]]


@attrs.frozen(kw_only=True)
class Check:
    """One check.

    Attributes:
        code: Begins with the clause: 'JLW2.2d-party-posts-short'.
        examine: The function.
        tables: The tables that it can't do without.
        needs: The parameters that it can't do without: where a county has none, that is not examined.
        grade: What its findings are; None: what the force of the clause makes of them.
        source: Where a clause that isn't in the library's register stands.
    """

    code: str
    examine: Examine
    tables: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    grade: Grade | None = None
    source: Source | None = None

    @property
    def clause(self) -> str:
        """The clause that it looks at."""
        return self.code.partition("-")[0]

    @property
    def instrument(self) -> str:
        """The instrument of the clause."""
        return instrument_of(self.clause)

    @property
    def summary(self) -> Message:
        """What is wrong where it finds something: the first paragraph of its docstring."""
        return Message(" ".join(self._doc()[0].partition("\n\n")[0].split()))

    @property
    def why(self) -> tuple[Message, ...]:
        """What else its docstring says before "What to do", paragraph by paragraph."""
        return tuple(_paragraphs(self._doc()[0].partition("\n\n")[2]))

    @property
    def what_to_do(self) -> Message:
        """The way out."""
        return Message(" ".join(self._doc()[1].split()))

    @property
    def topic(self) -> str:
        """The topic of the law, after the file in which it stands."""
        return str(inspect.unwrap(self.examine).__module__).rpartition(".")[2]

    def _doc(self) -> tuple[str, str]:
        said, _, todo = (inspect.getdoc(self.examine) or "").partition(WHAT_TO_DO)
        return said.strip(), inspect.cleandoc(todo)

    def problem(self) -> Message | None:
        """Say what is wrong with its form, None where nothing is."""
        from shequ_core.tables.dataset import TABLES  # who asks for a policy alone needs no table

        if not CODE.fullmatch(self.code):
            return msg("the code {code} is not of the form JLW2.2d-what-is-wrong", code=self.code)
        if not self.summary.template or not self.what_to_do.template:
            return msg("{code}: its docstring says what is wrong, and under 'What to do:' the way out", code=self.code)
        odd = sorted(set(self.tables) - set(TABLES))
        if odd:
            return msg("{code}: there is no table {odd}", code=self.code, odd=tuple(odd))
        unknown = sorted(set(self.needs) - set(PARAMETERS))
        return msg("{code}: there is no parameter {odd}", code=self.code, odd=tuple(unknown)) if unknown else None

    def clause_problem(self, clauses: Collection[str]) -> Message | None:
        """Say what is wrong with its clause, None where nothing is.

        Args:
            clauses: The library's register.
        """
        if self.clause in clauses:
            return None
        if self.instrument in {instrument_of(one) for one in clauses}:
            return msg("{code}: there is no clause {clause} in the register", code=self.code, clause=self.clause)
        if self.source is None:
            return msg(
                "{code}: a clause of your own needs source=Document(…).article(…, force=…)", code=self.code
            )
        return None


def _paragraphs(text: str) -> Iterator[Message]:
    for one in text.split("\n\n"):
        if one.strip():
            yield Message(" ".join(one.split()))


def check(
    code: str, *, tables: Sequence[str] = (), needs: Sequence[Parameter[Any]] = (),  # Any: keys of every type
    grade: Grade | None = None, source: Source | None = None,
) -> Callable[[Examine], Check]:
    """Make a function a check.

    Args:
        code: Begins with the clause: 'JLW2.2d-party-posts-short'.
        tables: The tables that it can't do without.
        needs: The parameters that it can't do without.
        grade: What its findings are, where the force of the clause isn't what says it.
        source: Where the clause stands, where it isn't in the library's register.
    """

    def make(examine: Examine) -> Check:
        return Check(
            code=code, examine=examine, tables=tuple(tables), needs=tuple(key.name for key in needs), grade=grade,
            source=source,
        )

    return make
