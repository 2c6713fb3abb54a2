"""What holds between rows and tables: ids that stand once, references that lead somewhere, spans in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from shequ_core.errors import Fault, Message, msg
from shequ_core.tables.columns import Bools, DateColumn, Ints, TextColumn
from shequ_core.tables.table import Table

Pieces: TypeAlias = Mapping[str, Sequence[Table[Any]]]  # Any: tables of every kind of fact
"""The tables of a dataset by name; one that was read from two files is two pieces."""

_IDS: Final = {"communities": "code", "posts": "id", "workers": "id", "grids": "code"}

_REFERENCES: Final = (
    ("posts", "community", "communities", "code"),
    ("grids", "community", "communities", "code"),
    ("holdings", "post", "posts", "id"),
)

_SPANS: Final = (("since", "until"), ("opened_on", "closed_on"))

_CODE_LENGTH: Final = 12
_FOREVER: Final = 2**62


def cross_check(pieces: Pieces) -> Iterator[Fault]:
    """Yield what is wrong between rows and between tables.

    A reference is looked at only where every id that it may lead to could be read.
    """
    for name, tables in pieces.items():
        for table in tables:
            if name in _IDS:
                yield from _twice(name, table, _IDS[name])
            if name == "assessments":
                yield from _assessed_twice(name, table)
            if name == "holdings":
                yield from _overlaps(name, table)
            yield from _spans(name, table)
            yield from _references(name, table, pieces)
    for table in pieces.get("communities", ()):
        if not len(table):
            yield _fault("communities", table, None, None, msg("there are no rows at all: give every community a row"))


def _fault(
    name: str,
    table: Table[Any],
    row: int | None,
    field: str | None,
    message: Message,  # Any: as above
) -> Fault:
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


def _line(table: Table[Any], row: int) -> int:  # Any: as above
    return row + 1 if table.origin is None else int(table.origin.rows[row])


def _twice(name: str, table: Table[Any], field: str) -> Iterator[Fault]:  # Any: as above
    column = table.column(field)
    known = np.flatnonzero(column.mask())
    _, first, places = np.unique(column.values[known], return_index=True, return_inverse=True)
    again = np.flatnonzero(first[places] != np.arange(len(known)))
    for row, before in zip(known[again].tolist(), known[first[places[again]]].tolist(), strict=True):
        message = msg("row {row} has the same one already: each may stand only once", row=_line(table, before))
        yield _fault(name, table, row, field, message)


def _assessed_twice(name: str, table: Table[Any]) -> Iterator[Fault]:  # Any: as above
    worker, year, day = table.column("worker"), table.column("year"), table.column("known_on")
    days = np.where(day.mask(), day.values, -_FOREVER)
    rows = np.flatnonzero(worker.mask() & year.mask())
    order = rows[np.lexsort((rows, days[rows], year.values[rows], worker.values[rows]))]
    same = np.ones(max(len(order) - 1, 0), dtype=np.bool_)
    for values in (worker.values, year.values, days):
        same &= values[order[1:]] == values[order[:-1]]
    for place in np.flatnonzero(same).tolist():
        message = msg(
            "row {row} assesses the same person for the same year: keep one, or say in known_on when each was decided",
            row=_line(table, int(order[place])),
        )
        yield _fault(name, table, int(order[place + 1]), "year", message)


def _spans(name: str, table: Table[Any]) -> Iterator[Fault]:  # Any: as above
    for first, last in _SPANS:
        if first in table.specs and last in table.specs:
            since, until = table.column(first), table.column(last)
            wrong = since.mask() & until.mask() & (until.values < since.values)
            for row in np.flatnonzero(wrong).tolist():
                yield _fault(name, table, row, last, msg("the last day is before the first: check both"))


def _references(name: str, table: Table[Any], pieces: Pieces) -> Iterator[Fault]:  # Any: as above
    wanted = [(field, other, key) for asking, field, other, key in _REFERENCES if asking == name]
    if "worker" in table.specs:
        wanted.append(("worker", "workers", "id"))
    for field, other, key in wanted:
        known = _ids(pieces.get(other, ()), key)
        column = table.column(field)
        if known is None or not isinstance(column, TextColumn):
            continue
        strangers = np.flatnonzero(_strangers(column, known)).tolist()
        alike = {_alike(text) for ids in known for text in ids.vocabulary} if strangers else set()
        for row in strangers:
            text = column.row(row)
            near = text is not None and _alike(text) in alike
            yield _fault(name, table, row, field, _ALMOST if near else _SAID[other])
    if name == "posts":
        code, community = table.column("id"), table.column("community")
        if isinstance(code, TextColumn) and isinstance(community, TextColumn):
            for row in (code.start(_CODE_LENGTH) == community).false().nonzero()[0].tolist():
                message = msg("a post's id begins with the code of its community: correct one or the other")
                yield _fault(name, table, row, "id", message)


_SAID: Final[Mapping[str, Message]] = {
    "workers": msg("this is somebody not on the roster: correct the id, or add the person to the workers"),
    "posts": msg("there is no such post in the posts: correct it, or add the post"),
    "communities": msg("there is no such community in the communities: correct the code, or add the community"),
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


def _strangers(column: TextColumn, known: Iterable[TextColumn]) -> Bools:
    found = np.zeros(len(column), dtype=np.bool_)
    for ids in known:
        found |= column.codes_in(ids) >= 0
    return column.mask() & ~found


def _overlaps(name: str, table: Table[Any]) -> Iterator[Fault]:  # Any: as above
    since, until = table.column("since"), table.column("until")
    if not isinstance(since, DateColumn) or not isinstance(until, DateColumn):
        return
    ends = np.where(until.mask(), until.values, _FOREVER)
    for field in ("post", "worker"):
        key = table.column(field)
        rows = np.flatnonzero(key.mask() & since.mask())
        for row, before in _overlapping(rows, key.values, since.values, ends):
            line = _line(table, before)
            message = (
                msg("two people hold this post at the same time: see row {row} too, and end one of the two", row=line)
                if field == "post"
                else msg("this person holds two posts at the same time: see row {row} too, and end one", row=line)
            )
            yield _fault(name, table, row, field, message)


def _overlapping(rows: Ints, keys: Ints, since: Ints, ends: Ints) -> Iterator[tuple[int, int]]:
    """Yield each row that begins before an earlier one of its key has ended, with that row."""
    order = rows[np.lexsort((rows, since[rows], keys[rows]))]
    if not ((keys[order[1:]] == keys[order[:-1]]) & (since[order[1:]] <= ends[order[:-1]])).any():
        return
    key = longest = -1
    for row in order.tolist():
        if longest < 0 or keys[row] != key:
            key, longest = int(keys[row]), row
            continue
        if since[row] <= ends[longest]:
            yield row, longest
        if ends[row] > ends[longest]:
            longest = row
