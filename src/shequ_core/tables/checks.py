"""What holds between rows and tables: ids that stand once, references that lead somewhere, facts in their time.

Whether facts overlap or leave gaps is judged as they are known after every row: a correction that came late
makes no fault of what was right but for it. What overlaps as known on an earlier day is for who asks about
that day: `overlaps_as_known`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final, Self, TypeAlias

import attrs
import numpy as np

from shequ_core.errors import Fault, Message, PlaceNotFoundError, msg
from shequ_core.model.places import CODE_LENGTHS, COUNTY_DIGITS, level_of
from shequ_core.tables.columns import Bools, DateColumn, Ints, TextColumn, day_number
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import KEYS, Versions
from shequ_core.tables.spells import FOREVER, first_days, gaps, last_days, overlaps
from shequ_core.tables.table import Table

Pieces: TypeAlias = Mapping[str, Sequence[Table[Any]]]  # Any: tables of every kind of fact
"""The tables of a dataset by name; one that was read from two files is two pieces."""

_IDS: Final = {"communities": "code", "posts": "id", "workers": "id", "grids": "code", "buildings": "id"}

_REFERENCES: Final = (
    ("posts", "community", "communities", "code"),
    ("grids", "community", "communities", "code"),
    ("buildings", "community", "communities", "code"),
    ("adjacencies", "a", "buildings", "id"),
    ("adjacencies", "b", "buildings", "id"),
    ("holdings", "post", "posts", "id"),
    ("seats", "community", "communities", "code"),
    ("demands", "community", "communities", "code"),
)

_TOGETHER: Final = {"seats": ("community", "body"), "funds": ("place", "year")}
"""Columns that together may stand only once in a table."""

_SPANS: Final = (("since", "until"), ("since", "probation_until"), ("opened_on", "closed_on"))

_CODE_LENGTH: Final = 12

_ONE_AT_A_TIME: Final[Mapping[str, tuple[tuple[str, Message], ...]]] = {
    "holdings": (
        ("post", msg("two people hold this post on the same days ({days}): see {other} too, and end one of the two")),
        ("worker", msg("this person holds two posts on the same days ({days}): see {other} too, and end one")),
    ),
    "agreements": (
        ("worker", msg("two agreements of this person run on the same days ({days}): see {other} too, and end one")),
    ),
    "leaves": (
        ("worker", msg("this person is on two leaves on the same days ({days}): see {other} too, and shorten one")),
    ),
    "secondments": (
        ("worker", msg("this person is seconded twice on the same days ({days}): see {other} too, and end one")),
    ),
    "duties": (
        ("worker", msg("this person's duty on these days ({days}) stands in {other} too: shorten one of the two")),
    ),
}
"""By which column the rows of a table may not overlap, and what is said where they do."""

_IN_POST: Final = ("leaves", "secondments", "duties")
"""What somebody can have only on days in post."""


def cross_check(pieces: Pieces, counties: Collection[str] | None = None) -> Iterator[Fault]:
    """Yield what is wrong between rows and between tables.

    A reference is looked at only where every id that it may lead to could be read.

    Args:
        pieces: The tables.
        counties: Whose they are alone: what their people held in other counties leads to posts that aren't there.
    """
    wholes = {name: _Whole.of(name, tables) for name, tables in pieces.items()}
    for name, tables in pieces.items():
        for table in tables:
            if name in _IDS:
                yield from _twice(name, table, _IDS[name])
            if name in _TOGETHER:
                yield from _twice_together(name, table, _TOGETHER[name])
            yield from _spans(name, table)
            yield from _references(name, table, pieces, counties)
        yield from _versions(wholes[name])
        yield from _overlaps(wholes[name])
        if name == "holdings":
            yield from _outside_posts(wholes)
        if name in _IN_POST:
            yield from _without_post(wholes[name], wholes)
    for table in pieces.get("communities", ()):
        if not len(table):
            message = msg("there are no rows at all: give every community a row")
            yield fault_at("communities", table, None, None, message)


def overlaps_as_known(data: Dataset, known: date | None) -> Iterator[Fault]:
    """Yield what overlaps as known on a day: a new holding was known by then, the end of the old one wasn't.

    Reading refuses only what still overlaps when everything is known.

    Args:
        data: The facts with all their versions.
        known: The day; None for all that is known.
    """
    for name, table in data.tables():
        if name not in _ONE_AT_A_TIME:
            continue
        for fault in _overlaps(_Whole.of(name, [table], known)):
            what = fault.message
            told = what if known is None else msg("as known on {day}: {what}", day=known, what=what)
            yield attrs.evolve(fault, message=told)


@attrs.frozen(eq=False)
class _Whole:
    """A table put together from its pieces, and which of its rows count.

    Attributes:
        name: The table's name.
        pieces: What it was read from.
        table: All of them.
        versions: Its rows in the order in which they became known; None where rows have no versions.
        counts: Which rows count as facts, as known on the day asked for.
    """

    name: str
    pieces: Sequence[Table[Any]]  # Any: tables of every kind of fact
    table: Table[Any]
    versions: Versions | None
    counts: Bools

    @classmethod
    def of(cls, name: str, pieces: Sequence[Table[Any]], known: date | None = None) -> Self:
        """Put a table together."""
        table = type(pieces[0]).concat(pieces)
        versions = Versions.of(table) if type(table) in KEYS else None
        counts = np.ones(len(table), dtype=np.bool_) if versions is None else versions.counting(known)
        return cls(name, pieces, table, versions, counts)

    def _piece(self, row: int) -> tuple[Table[Any], int]:
        for piece in self.pieces:
            if row < len(piece):
                return piece, row
            row -= len(piece)
        raise IndexError(row)

    def fault(self, row: int, field: str, message: Message) -> Fault:
        """Say what is wrong with a row, where it was read."""
        return fault_at(self.name, *self._piece(row), field, message)

    def other(self, row: int, seen_from: int) -> Message:
        """Name a row as seen from another: by its line, and its file or sheet where that is another."""
        here, there = self.fault(seen_from, "", _NOTHING), self.fault(row, "", _NOTHING)
        if there.file != here.file:
            return msg("row {row} of {place}", row=there.row, place=there.file)
        if there.sheet != here.sheet:
            return msg("row {row} of {place}", row=there.row, place=there.sheet)
        return msg("row {row}", row=there.row)

    def header(self, row: int, field: str) -> str:
        """Return what a column is called where a row was read; where it is missing, what it may be called."""
        origin = self._piece(row)[0].origin
        found = None if origin is None else origin.headers.get(field)
        return found or " / ".join(self.table.specs[field].headers[:2])

    def spells(self, rows: Ints, first: str, last: str) -> tuple[Ints, Ints]:
        """Return the first and last days of rows."""
        since, until = self.table.column(first), self.table.column(last)
        assert isinstance(since, DateColumn)
        assert isinstance(until, DateColumn)
        return first_days(since)[rows], last_days(until)[rows]

    def counting(self, *fields: str) -> Ints:
        """Return the rows that count and of which these fields could be read, and a last day that has to be there."""
        kept = self.counts.copy()
        for field in fields if self.table.specs["until"].optional else (*fields, "until"):
            kept &= self.table.column(field).mask()
        return np.flatnonzero(kept)

    def text(self, field: str) -> TextColumn:
        """Return a column of texts."""
        column = self.table.column(field)
        assert isinstance(column, TextColumn)
        return column


_NOTHING: Final = Message("")


def fault_at(
    name: str,
    table: Table[Any],
    row: int | None,
    field: str | None,
    message: Message,  # Any: as above
) -> Fault:
    """Say what is wrong with a row, where it was read; a table that was not read is called by a name."""
    origin = table.origin
    if origin is None:
        return Fault(file=name, row=None if row is None else row + 1, column=field, message=message)
    return Fault(
        file=origin.file,
        sheet=origin.sheet,
        row=None if row is None else int(origin.rows[row]),
        column=None if field is None else origin.headers.get(field, field),
        message=message,
    )


def line_of(table: Table[Any], row: int) -> int:  # Any: as above
    """Return the line of a row as a person counts it."""
    return row + 1 if table.origin is None else int(table.origin.rows[row])


def _twice(name: str, table: Table[Any], field: str) -> Iterator[Fault]:  # Any: as above
    column = table.column(field)
    known = np.flatnonzero(column.mask())
    _, first, places = np.unique(column.values[known], return_index=True, return_inverse=True)
    again = np.flatnonzero(first[places] != np.arange(len(known)))
    for row, before in zip(known[again].tolist(), known[first[places[again]]].tolist(), strict=True):
        message = msg("row {row} has the same one already: each may stand only once", row=line_of(table, before))
        yield fault_at(name, table, row, field, message)


def _twice_together(name: str, table: Table[Any], fields: Sequence[str]) -> Iterator[Fault]:  # Any: as above
    columns = [table.column(field) for field in fields]
    known = np.flatnonzero(np.logical_and.reduce([column.mask() for column in columns]))
    first: dict[tuple[int, ...], int] = {}
    keys = zip(*(column.values[known].tolist() for column in columns), strict=True)
    for row, key in zip(known.tolist(), keys, strict=True):
        before = first.setdefault(key, row)
        if before != row:
            message = msg(
                "row {row} has the same {fields} already: keep one of the two", row=line_of(table, before),
                fields=tuple(fields),
            )
            yield fault_at(name, table, row, fields[-1], message)


def _versions(whole: _Whole) -> Iterator[Fault]:
    """Yield rows of which nobody can say which is the later one, and those that withdraw what isn't there."""
    found = whole.versions
    if found is None:
        return
    fields = KEYS[type(whole.table)]
    later = np.flatnonzero(~found.first)
    for place in later[found.known[later] == found.known[later - 1]].tolist():
        row, before = int(found.rows[place]), int(found.rows[place - 1])
        message = msg(
            "{other} is the same in {fields}, and became known on the same day: keep one, or say in {known_on} when"
            " each became known",
            other=whole.other(before, row),
            fields=tuple(whole.header(row, field) for field in fields),
            known_on=whole.header(row, "known_on"),
        )
        yield whole.fault(row, fields[-1], message)
    idle = found.withdrawn & found.first
    idle[later] |= found.withdrawn[later] & found.withdrawn[later - 1]
    for row in found.rows[idle].tolist():
        message = msg(
            "this row withdraws nothing: no earlier row is the same in {fields}; correct them, say in {known_on} when"
            " it became known, or remove the row",
            fields=tuple(whole.header(row, field) for field in fields), known_on=whole.header(row, "known_on"),
        )
        yield whole.fault(row, "withdrawn", message)


def _spans(name: str, table: Table[Any]) -> Iterator[Fault]:  # Any: as above
    for first, last in _SPANS:
        if first in table.specs and last in table.specs:
            since, until = table.column(first), table.column(last)
            wrong = since.mask() & until.mask() & (until.values < since.values)
            for row in np.flatnonzero(wrong).tolist():
                yield fault_at(name, table, row, last, msg("the last day is before the first: check both"))


def _references(
    name: str, table: Table[Any], pieces: Pieces, counties: Collection[str] | None  # Any: as above
) -> Iterator[Fault]:
    wanted = [(field, other, key) for asking, field, other, key in _REFERENCES if asking == name]
    if "worker" in table.specs:
        wanted.append(("worker", "workers", "id"))
    for field, other, key in wanted:
        known = _ids(pieces.get(other, ()), key)
        column = table.column(field)
        if known is None or not isinstance(column, TextColumn):
            continue
        unknown = _strangers(column, known)
        if counties is not None and name == "holdings" and field == "post":
            unknown &= ~elsewhere(column, counties)
        strangers = np.flatnonzero(unknown).tolist()
        alike = {_alike(text) for ids in known for text in ids.vocabulary} if strangers else set()
        for row in strangers:
            text = column.row(row)
            near = text is not None and _alike(text) in alike
            yield fault_at(name, table, row, field, _ALMOST if near else _SAID[other])
    if name in {"arrangements", "funds"}:
        yield from _elsewhere(name, table, pieces)
    if name == "emergencies":
        yield from _no_places(name, table)
    if name == "posts":
        code, community = table.column("id"), table.column("community")
        if isinstance(code, TextColumn) and isinstance(community, TextColumn):
            for row in (code.start(_CODE_LENGTH) == community).false().nonzero()[0].tolist():
                message = msg("a post's id begins with the code of its community: correct one or the other")
                yield fault_at(name, table, row, "id", message)


def _elsewhere(name: str, table: Table[Any], pieces: Pieces) -> Iterator[Fault]:  # Any: as above
    """Yield rows of places that hold no community of ours and are no grid or building of ours."""
    place = table.column("place")
    communities = _ids(pieces.get("communities", ()), "code")
    if communities is None or not isinstance(place, TextColumn):
        return
    codes = {code for ids in communities for code in ids.vocabulary}
    here = {code[:digits] for code in codes for digits in CODE_LENGTHS}
    for more, key in (("grids", "code"), ("buildings", "id")) if name == "arrangements" else ():
        for ids in (piece.column(key) for piece in pieces.get(more, ())):
            if not isinstance(ids, TextColumn) or ids.known is not None:
                return  # what couldn't be read may be the place
            here.update(ids.vocabulary)
    if name == "arrangements" and not pieces.get("grids"):
        here.update(text for text in place.vocabulary if text[:_CODE_LENGTH] in codes and len(text) > _CODE_LENGTH)
    for row in np.flatnonzero(place.is_in(here).false()).tolist():
        message = msg("no community of the communities lies there, and it is no grid or building: correct the code")
        yield fault_at(name, table, row, "place", message)


def _no_places(name: str, table: Table[Any]) -> Iterator[Fault]:  # Any: as above
    place = table.column("place")
    if not isinstance(place, TextColumn):
        return
    why: dict[str, object] = {}
    for text in place.vocabulary:
        try:
            level_of(text)
        except PlaceNotFoundError as error:
            why[text] = error.message.parts["why"]
    for row in np.flatnonzero(place.is_in(why).true()).tolist():
        message = msg("this is not the code of a place: {why}", why=why[place.vocabulary[place.values[row]]])
        yield fault_at(name, table, row, "place", message)


_SAID: Final[Mapping[str, Message]] = {
    "workers": msg("this is somebody not on the roster: correct the id, or add the person to the workers"),
    "posts": msg("there is no such post in the posts: correct it, or add the post"),
    "communities": msg("there is no such community in the communities: correct the code, or add the community"),
    "buildings": msg("there is no such building in the buildings: correct the id, or add the building"),
}


_ALMOST: Final = msg(
    "the same stands elsewhere with other zeros at its front, or in other letters (A, a): write both alike, in columns"
    " formatted as text"
)


def _alike(text: str) -> str:
    """Return an id without what a spreadsheet or a hurried hand takes from it."""
    return "".join(text.split()).lstrip("0").casefold()


def _ids(tables: Iterable[Table[Any]], key: str) -> list[TextColumn] | None:  # Any: as above
    """Return the ids that may be referred to, None where some couldn't be read."""
    columns = [table.column(key) for table in tables]
    texts = [column for column in columns if isinstance(column, TextColumn) and column.known is None]
    return texts if texts and len(texts) == len(columns) else None


def elsewhere(codes: TextColumn, counties: Collection[str]) -> Bools:
    """Return which codes, or ids that begin with one, lie in other counties."""
    other = [one[:COUNTY_DIGITS].isdecimal() and len(one) >= COUNTY_DIGITS and one[:COUNTY_DIGITS] not in counties
             for one in codes.vocabulary]  # fmt: skip
    return codes.mask() & np.array([*other, False], dtype=np.bool_)[codes.values]


def _strangers(column: TextColumn, known: Iterable[TextColumn]) -> Bools:
    found = np.zeros(len(column), dtype=np.bool_)
    for ids in known:
        found |= column.codes_in(ids) >= 0
    return column.mask() & ~found


def _overlaps(whole: _Whole) -> Iterator[Fault]:
    for field, said in _ONE_AT_A_TIME.get(whole.name, ()):
        rows = whole.counting(field)
        since, until = whole.spells(rows, "since", "until")
        found = overlaps(whole.table.column(field).values[rows], since, until)
        order = np.argsort(rows[found.row], kind="stable")
        for place in order.tolist():
            row, before = int(rows[found.row[place]]), int(rows[found.other[place]])
            days = _days(int(found.first[place]), int(found.last[place]))
            message = attrs.evolve(said, parts={"days": days, "other": whole.other(before, row)})
            yield whole.fault(row, field, message)


def _outside_posts(wholes: Mapping[str, _Whole]) -> Iterator[Fault]:
    """Yield holdings on days on which there was no such post."""
    holdings, posts = wholes["holdings"], wholes.get("posts")
    if posts is None:
        return
    code = holdings.text("post").codes_in(posts.text("id"))
    said = msg("on these days ({days}) there is no such post: correct them, or the days of the post")
    spells = (posts.text("id").values, *posts.spells(np.arange(len(posts.table)), "opened_on", "closed_on"))
    yield from _gaps(holdings, "post", code, spells, said)


def _without_post(whole: _Whole, wholes: Mapping[str, _Whole]) -> Iterator[Fault]:
    """Yield what somebody has on days on which they hold no post."""
    holdings, workers = wholes.get("holdings"), wholes.get("workers")
    if holdings is None or workers is None:
        return
    if any(holdings.table.column(field).known is not None for field in ("worker", "post", "since")):
        return  # what couldn't be read may be the holding
    ids = workers.text("id")
    rows = np.flatnonzero(holdings.counts)
    spells = (holdings.text("worker").codes_in(ids)[rows], *holdings.spells(rows, "since", "until"))
    said = msg("on these days ({days}) this person holds no post: correct them, or those of the holding")
    yield from _gaps(whole, "worker", whole.text("worker").codes_in(ids), spells, said)


def _gaps(
    whole: _Whole, field: str, key: Ints, spells: tuple[Ints, Ints, Ints], said: Message
) -> Iterator[Fault]:
    """Yield rows with days that no spell of their key has; a key of -1 has been told of as a stranger."""
    rows = whole.counting(field)
    rows = rows[key[rows] >= 0]
    since, until = whole.spells(rows, "since", "until")
    found = gaps(*spells, key[rows], since, until)
    for place, first, last in zip(found.row.tolist(), found.first.tolist(), found.last.tolist(), strict=True):
        message = attrs.evolve(said, parts={"days": _days(first, last)})
        yield whole.fault(int(rows[place]), "since" if first == since[place] else "until", message)


def _days(first: int, last: int) -> Message:
    """Say from when to when."""
    begin = _date(first)
    if last >= FOREVER:
        return msg("from {first} on", first=begin)
    return msg("{first} to {last}", first=begin, last=_date(last)) if first != last else msg("{day}", day=begin)


def _date(number: int) -> date:
    return date.fromordinal(min(number - day_number(date.min) + 1, date.max.toordinal()))
