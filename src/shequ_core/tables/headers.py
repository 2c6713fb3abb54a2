"""Which column of a file or frame is which field of a table."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from shequ_core.errors import Message, msg, nearest
from shequ_core.tables.table import FieldSpec, Table
from shequ_core.values import Fen, Points

Headers: TypeAlias = Literal["en", "zh"]
"""The language of file names, headers and words that are written."""


IGNORED: Final = frozenset({"序号", "备注"})
"""What nearly every form has beside the facts: a running number, and remarks."""

_LONGEST: Final = 40


def unit_of(spec: FieldSpec) -> str:
    """Return what follows a column's name where it holds whole fen or hundredths of a point: '_fen'."""
    if spec.kind is Fen:
        return "_fen"
    return "_hundredths" if spec.kind is Points else ""


def header_of(spec: FieldSpec, headers: Headers) -> str:
    """Return how a column is headed."""
    return spec.headers[0 if headers == "en" or len(spec.headers) == 1 else 1]


def shown_header(header: str) -> str:
    """Return a header as it may be repeated: on one line, without what can't be seen, and not without end."""
    seen = "".join(char for char in " ".join(header.split()) if char.isprintable())
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}…"


def _fold(header: str, *, free: bool = False) -> str:
    folded = "".join(header.split()).strip("*＊").casefold()
    return folded.replace("_", "").replace("-", "") if free else folded


def _fields(kind: type[Table[Any]], *, units: bool) -> Mapping[str, str]:  # Any: tables of every kind of fact
    """Return the field for each header of a table."""
    fields = {header: spec.name for spec in kind.specs.values() for header in spec.headers}
    if units:
        fields.update({header + unit_of(kind.specs[field]): field for header, field in list(fields.items())})
    return fields


def _known(kind: type[Table[Any]], *, units: bool, free: bool = False) -> Mapping[str, str]:  # Any: as above
    return {_fold(header, free=free): field for header, field in _fields(kind, units=units).items()}


def field_of(kind: type[Table[Any]], header: str) -> str | None:  # Any: as above
    """Return which field a header of somebody else's file names."""
    return _known(kind, units=False, free=True).get(_fold(header, free=True))


def headers_known(kind: type[Table[Any]], headers: Sequence[str]) -> int:
    """Return how many fields of a table a line of a file names."""
    known = _known(kind, units=False)
    return len({known[_fold(header)] for header in headers if _fold(header) in known})


def match_headers(
    kind: type[Table[Any]],  # Any: tables of every kind of fact
    headers: Sequence[str],
    filled: Callable[[int], bool],
    said: Callable[[str | None, Message], None],
    *,
    units: bool = False,
    free: bool = False,
) -> dict[str, int]:
    """Find which column of a file is which field of a table.

    Args:
        kind: The table.
        headers: The headers as they stand in the file.
        filled: Tells whether a column without a header has cells.
        said: Told of every fault: the header, and what is wrong.
        units: Whether a header may end in its unit, as `monthly_fen` (Parquet and frames).
        free: Whether the file is somebody else's, with columns of its own: one that isn't ours is left aside unless
            it looks like a mistyped one that is missing, and of two that give the same key the one whose name comes
            first with us is taken.

    Returns:
        The place of each field that was found.
    """
    fields, known = _fields(kind, units=units), _known(kind, units=units, free=free)
    if free:
        headers = _without_others(kind, headers, known)
    if not any(_fold(header, free=free) in known for header in headers):
        # What stands there may be somebody's row: none of it is repeated.
        if units:
            wanted = tuple(kind.specs)
            said(None, msg("no column has a name of this table: name them {headers}", headers=wanted))
        else:
            wanted = tuple(header_of(spec, "zh") for spec in kind.specs.values())
            said(None, msg("no row at the top holds headers of this table: put them there: {headers}", headers=wanted))
        return {}
    found: dict[str, int] = {}
    for place, header in enumerate(headers):
        if not header:
            if filled(place) and not free:
                said(None, msg("column {number} has cells but no header: give it one or empty it", number=place + 1))
            continue
        field = known.get(_fold(header, free=free))
        if field is None and _fold(header) in IGNORED:
            continue
        if field is None:
            near = nearest(header, fields)
            said(
                header,
                msg("there is no such column here: did you mean {near}? If not, remove it", near=near)
                if near
                else msg(
                    "there is no such column here: remove it, or name it as one of {headers}",
                    headers=tuple(spec.headers[0] for spec in kind.specs.values()),
                ),
            )
        elif field in found:
            other = headers[found[field]]
            said(header, msg("two columns give {field}: this one and {other}; keep one", field=field, other=other))
        else:
            found[field] = place
    for spec in kind.specs.values():
        if spec.name not in found and not spec.optional:
            said(
                None,
                msg(
                    "the column {name} is missing: add it, under one of the names {headers}",
                    name=spec.name,
                    headers=spec.headers,
                ),
            )
    return found


_MISTYPED: Final = 0.75
"""How like one of ours a header of somebody else's file must be to count as mistyped."""


def _without_others(
    kind: type[Table[Any]], headers: Sequence[str], known: Mapping[str, str]  # Any: tables of every kind of fact
) -> list[str]:
    """Empty the headers of a file that are no concern of ours."""
    places: dict[str, list[int]] = {}
    for place, header in enumerate(headers):
        field = known.get(_fold(header, free=True))
        if field is not None:
            places.setdefault(field, []).append(place)
    kept = {place for found in places.values() for place in found}
    for field, found in places.items():
        if len(found) > 1 and kind.specs[field].validator is not None and kind.specs[field].kind is str:
            order = [_fold(header, free=True) for header in kind.specs[field].headers]
            rank = [order.index(_fold(headers[place], free=True)) for place in found]
            if rank.count(min(rank)) == 1:
                kept -= set(found) - {found[rank.index(min(rank))]}
    missing = [one for one, field in known.items() if field not in places]
    for place, header in enumerate(headers):
        folded = _fold(header, free=True)
        if folded and folded not in known and difflib.get_close_matches(folded, missing, n=1, cutoff=_MISTYPED):
            kept.add(place)
    return [header if place in kept else "" for place, header in enumerate(headers)]
