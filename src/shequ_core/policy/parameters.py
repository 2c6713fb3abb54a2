"""Parameters: typed keys, and the values and limits that places set for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Final, Generic, Literal, TypeVar

import attrs

from shequ_core.errors import Message, ParameterNotFoundError, ParameterTakenError, ValueKindError, msg
from shequ_core.law.clauses import Source
from shequ_core.model.places import Divisions, level_of
from shequ_core.policy.bounds import Bound
from shequ_core.policy.kinds import Kind
from shequ_core.policy.plain import PlainError
from shequ_core.values import JsonValue, Status, sealed

T = TypeVar("T")

PARAMETERS: Final[dict[str, Parameter[Any]]] = {}  # Any: keys of every type
"""Every parameter that is declared, by name; importing `policy.keys` declares all of the core's."""

LOCAL: Final = msg("the city or county, in its own rules")
COUNTY: Final = msg("the county, in its yearly figures")
PROVINCE: Final = msg("the province, or the city or county in its own rules")


@attrs.frozen(kw_only=True, eq=False)
class Parameter(Generic[T]):
    """A key: what a figure is, for any place. It holds no figure.

    To the type checker `policy[BASE_SHARE]` is what the key's kind says, and a value of another type
    doesn't pass in `set`.

    Attributes:
        name: Topic and name, such as 'pay.base_share'.
        doc: What it means, in one sentence.
        unit: What is counted: households, posts, yuan a month, years.
        clauses: The clauses that speak of it; the first is named when nobody set it.
        who: Who could set it.
        chosen_by: The name of the strategy parameter that decides whether this key is in use.
    """

    name: str
    kind: Kind[T]
    doc: str
    unit: str
    clauses: tuple[str, ...]
    who: Message = LOCAL
    chosen_by: str | None = None

    def __attrs_post_init__(self) -> None:
        before = PARAMETERS.setdefault(self.name, self)
        if _said(before) != _said(self):  # a module that is loaded again says the same once more
            raise ParameterTakenError(self.name)
        PARAMETERS[self.name] = self

    def __str__(self) -> str:
        return self.name

    def set(
        self,
        value: T,
        *,
        since: date,
        known_on: date,
        source: Source,
        status: Status,
        until: date | None = None,
        leeway: Bound[T] | None = None,
        fresh_until: date | None = None,
        rests_on: Sequence[Part] = (),
        reading: Message | str = "",
        departs: bool = False,
        ends: bool = False,
    ) -> LocalValue[T]:
        """Make a value of this key.

        Args:
            value: What the place says.
            since: First day of validity.
            until: Last day; without it the value holds until a later one of the same place.
            known_on: When it was published; a policy as known on an earlier day doesn't have it.
            source: Where it stands in writing.
            status: How far to trust it.
            leeway: How far places below may depart.
            fresh_until: The end of its stated life; it works on after that day and is reported as stale.
            rests_on: Parts that are less sure than the whole.
            reading: What we chose where the text leaves a choice, in the place's own language or as a message.
            departs: That it lies outside what a place above allows is so in the document, and no slip of ours.
            ends: That nothing follows its last day is so in the document, and no slip of ours.

        Raises:
            ValueKindError: It can't be a value of this key anywhere.
        """
        return LocalValue(
            key=self, value=value, since=since, until=until, known_on=known_on, source=source, status=status,
            leeway=leeway, fresh_until=fresh_until, rests_on=tuple(rests_on), reading=reading, departs=departs,
            ends=ends,
        )

    def limit(
        self, bound: Bound[T], *, since: date, known_on: date, source: Source, until: date | None = None
    ) -> LocalLimit[T]:
        """Bound the values of places below without setting one (JLW2.4g: if allowances are paid, then…)."""
        return LocalLimit(key=self, bound=bound, since=since, until=until, known_on=known_on, source=source)

    def parse(self, data: object, *, where: str = "") -> T:
        """Read a value from plain data, as a figure sheet or a case gives it."""
        try:
            return self.kind.parse(data)
        except PlainError as error:
            raise ValueKindError(self.name, data, error.problem, where=where) from None

    def check(self, value: T, source: Source) -> None:
        """Raise `ValueKindError` unless it can be a value of this key."""
        try:
            self.kind.check(value)
        except PlainError as error:
            raise ValueKindError(self.name, value, error.problem, where=str(source)) from None


def _said(key: Parameter[Any]) -> tuple[object, ...]:  # Any: keys of every type
    return attrs.astuple(key, recurse=False)


def _is(kind: type, *, optional: bool = False) -> Callable[[Any, attrs.Attribute[Any], object], None]:
    """Refuse what is of another type, whatever the type checker was told."""  # Any: as attrs calls it

    def check(made: Any, attribute: attrs.Attribute[Any], value: object) -> None:  # noqa: ARG001
        if not isinstance(value, kind) and not (optional and value is None):
            raise TypeError(f"{attribute.name} is a {kind.__name__}, not a {type(value).__name__}")

    return check


def _day(made: Any, attribute: attrs.Attribute[Any], value: object) -> None:  # Any: a value or a limit, of any key
    """Refuse what isn't a day: comparing it later would bring down more than its own place."""
    if type(value) is not date and (value is not None or attribute.name not in {"until", "fresh_until"}):
        raise ValueKindError(made.key.name, value, msg("a day is written 2022-07-01"), where=attribute.name)


def _in_order(made: Any, attribute: attrs.Attribute[Any], value: date | None) -> None:  # Any: as for _day
    _day(made, attribute, value)
    if value is not None and value < made.since:
        raise ValueKindError(
            made.key.name, value.isoformat(), msg("it ends before it begins"), where=str(made.source)
        )


@attrs.frozen
class Part:
    """A part of a value that is less sure than the whole.

    Attributes:
        what: Which part, such as 'grades 2 to 15'.
        status: How far to trust that part.
        zh: The same in Chinese, for a plugin, whose words the library's catalogue hasn't.
    """

    what: str
    status: Status
    zh: str = ""


@attrs.frozen(kw_only=True)
class LocalValue(Generic[T]):
    """What a place says, with source, dates and status. Made by `Parameter.set`."""

    key: Parameter[T]
    value: T
    source: Source = attrs.field(validator=_is(Source))
    since: date = attrs.field(validator=_day)
    until: date | None = attrs.field(validator=_in_order)
    known_on: date = attrs.field(validator=_day)
    status: Status = attrs.field(validator=_is(Status))
    leeway: Bound[T] | None = attrs.field(default=None, validator=_is(Bound, optional=True))
    fresh_until: date | None = attrs.field(default=None, validator=_day)
    rests_on: tuple[Part, ...] = ()
    reading: Message | str = ""
    departs: bool = False
    ends: bool = False

    def __attrs_post_init__(self) -> None:
        self.key.check(self.value, self.source)
        object.__setattr__(self, "value", sealed(self.value))

    def in_force(self, on: date, known: date | None) -> bool:
        """Whether it holds on a day, as known on another."""
        return (
            self.since <= on
            and (self.until is None or on <= self.until)
            and (known is None or self.known_on <= known)
        )

    def to_data(self) -> JsonValue:
        """Return the value's plain form."""
        return self.key.kind.to_data(self.value)

    def said(self) -> dict[str, JsonValue]:
        """Return everything that it says as plain data; its source and dates too."""
        return {
            "key": self.key.name,
            "value": self.to_data(),
            "leeway": None if self.leeway is None else self.leeway.allowed(),
            **_dated(self),
            "status": self.status.value,
            "fresh_until": None if self.fresh_until is None else self.fresh_until.isoformat(),
            "rests_on": {part.what: part.status.value for part in self.rests_on},
            "reading": str(self.reading),
            "departs": self.departs,
            "ends": self.ends,
        }

    def rank(self) -> tuple[date, bool, date]:
        """Return the order of a place's own values in force: the newest; of one day, published before assumed."""
        return (self.since, not self.status.asked_for, self.known_on)


@attrs.frozen(kw_only=True)
class LocalLimit(Generic[T]):
    """A bound that a place puts on those below without setting a value. Made by `Parameter.limit`."""

    key: Parameter[T]
    bound: Bound[T] = attrs.field(validator=_is(Bound))
    source: Source = attrs.field(validator=_is(Source))
    since: date = attrs.field(validator=_day)
    until: date | None = attrs.field(validator=_in_order)
    known_on: date = attrs.field(validator=_day)

    def in_force(self, on: date, known: date | None) -> bool:
        """Whether it holds on a day, as known on another."""
        return (
            self.since <= on
            and (self.until is None or on <= self.until)
            and (known is None or self.known_on <= known)
        )

    def said(self) -> dict[str, JsonValue]:
        """Return everything that it says as plain data."""
        return {"key": self.key.name, "bound": self.bound.allowed(), **_dated(self)}


def _dated(one: LocalValue[Any] | LocalLimit[Any]) -> dict[str, JsonValue]:  # Any: keys of every type
    issued = one.source.document.issued
    return {
        "since": one.since.isoformat(),
        "until": None if one.until is None else one.until.isoformat(),
        "known_on": one.known_on.isoformat(),
        "source": {
            **one.source.to_data(),
            "number": one.source.document.number,
            "issued": None if issued is None else issued.isoformat(),
            "publisher": one.source.document.publisher,
            "force": one.source.force.value,
        },
    }


def said_twice(
    values: Iterable[LocalValue[Any]]  # Any: keys of every type
) -> Iterator[tuple[LocalValue[Any], LocalValue[Any]]]:
    """Yield the values of one place that hold on the same day, so that nobody can tell which it means.

    A later value ends one that names no last day; one published later, or less sure, may overlap.
    """
    said: dict[tuple[str, date, bool], list[LocalValue[Any]]] = {}
    for one in values:
        said.setdefault((one.key.name, one.known_on, one.status.asked_for), []).append(one)
    for alike in said.values():
        for one, later in pairwise(sorted(alike, key=lambda value: value.since)):
            if one.since == later.since or (one.until is not None and one.until >= later.since):
                yield one, later


def _code(policy: Any, attribute: attrs.Attribute[str], code: object) -> None:  # noqa: ARG001  # Any: as attrs calls it
    if not isinstance(code, str):
        raise TypeError(f"a place is a code in text, not {type(code).__name__}")
    level_of(code)


def _all(
    values: Iterable[LocalValue[Any] | LocalLimit[Any]]  # Any: keys of every type
) -> tuple[LocalValue[Any] | LocalLimit[Any], ...]:
    """Take everything out of it now: what yields its values once would have none left the second time."""
    return tuple(values)


@attrs.frozen(kw_only=True)
class LocalPolicy:
    """What a plugin says for one place.

    Attributes:
        place: The code of the place it speaks for.
        values: What it sets and what it limits.
        divisions: Places that the library doesn't know, such as those of another province.
    """

    place: str = attrs.field(validator=_code)
    values: Sequence[LocalValue[Any] | LocalLimit[Any]] = attrs.field(converter=_all)  # Any: keys of every type
    divisions: Divisions = attrs.field(factory=lambda: Divisions(()), validator=_is(Divisions))

    def said(self) -> dict[str, JsonValue]:
        """Return everything that it says as plain data, in an order that doesn't hang on how it was written down."""
        said = [one.said() for one in self.values]
        return {
            "place": self.place,
            "values": sorted(said, key=lambda one: json.dumps(one, ensure_ascii=False, sort_keys=True)),
            "divisions": [
                [one.code, one.name, one.kind.value, str(one.since), str(one.until)] for one in self.divisions
            ],
        }


@attrs.frozen(kw_only=True)
class Reform:
    """A change that somebody tries, laid over the policy by the same mechanism.

    Attributes:
        name: What it is called in answers.
        place: The place whose rule would be another.
        scope: 'default': a city's own value still wins, and what is shadowed is reported;
            'replace_below': it holds in every place below, whatever they set.
    """

    name: str
    place: str
    values: Sequence[LocalValue[Any]] = attrs.field(converter=tuple[LocalValue[Any], ...])  # Any: keys of every type
    scope: Literal["default", "replace_below"] = "default"


def parameter(name: str) -> Parameter[Any]:  # Any: found by name, so the type isn't known here
    """Return a parameter by its name.

    Raises:
        ParameterNotFoundError: There is none; the nearest names are in the message.
    """
    try:
        return PARAMETERS[name]
    except KeyError:
        raise ParameterNotFoundError(name, PARAMETERS) from None
