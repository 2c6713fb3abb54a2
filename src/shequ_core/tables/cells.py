"""Cells: the texts of one column to a `Column`, every fault named, and back to text.

Each distinct text is read once. No message holds a cell's own text: it may be somebody's name.
"""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any, Final, TypeAlias, TypeVar

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.model.posts import POST_ID
from shequ_core.model.roster import NONE_WORDS
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    Column,
    DateColumn,
    EnumColumn,
    FenColumn,
    FloatColumn,
    IntColumn,
    Ints,
    TextColumn,
    day_number,
)
from shequ_core.tables.table import FieldSpec
from shequ_core.values import Fen, Labelled, Lang, Points

T = TypeVar("T")


class Trouble(Enum):
    """What a workbook's cell may hold instead of something that can be read."""

    SILENT = "silent"
    """Its row has been named already."""
    ERROR = "error"
    FORMULA = "formula"
    TOO_LONG = "too_long"
    TIME = "time"
    DAY = "day"
    PERCENT = "percent"
    MERGED = "merged"


Cell: TypeAlias = "str | Trouble | None"


@attrs.frozen(eq=False)
class Coded(Sequence[Cell]):
    """The cells of a column, each distinct one kept once.

    Attributes:
        distinct: The distinct cells.
        places: Each row's place among them.
    """

    distinct: Sequence[Cell]
    places: Ints

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, row: Any) -> Any:  # Any: a row gives a cell, a slice several
        if isinstance(row, slice):
            return Coded(self.distinct, self.places[row])
        return self.distinct[self.places[row]]

    def __iter__(self) -> Iterator[Cell]:
        return map(self.distinct.__getitem__, self.places.tolist())


def distinct_of(cells: Sequence[Cell]) -> Iterable[Cell]:
    """Return the distinct cells of a column."""
    return cells.distinct if isinstance(cells, Coded) else dict.fromkeys(cells)


TROUBLES: Final[Mapping[Trouble, Message]] = {
    Trouble.ERROR: msg("the cell shows a spreadsheet error such as #N/A: mend the formula, or empty the cell"),
    Trouble.FORMULA: msg(
        "the cell holds a formula without its result: open the workbook in a spreadsheet program and save it there"
    ),
    Trouble.TOO_LONG: msg(
        "the cell is a number of 16 digits or more, the last of which are lost: format the column as text"
        " and enter it again"
    ),
    Trouble.TIME: msg("the cell holds a time of day: write the day alone, such as 2022-07-01"),
    Trouble.DAY: msg(
        "the spreadsheet has made a day of what was typed here: format the column as text and enter it again"
    ),
    Trouble.PERCENT: msg(
        "the cell is formatted as a percentage, so that 0.85 looks like 85: format it as a number and look at it again"
    ),
    Trouble.MERGED: msg(
        "the cell is merged with others, which leaves them empty: unmerge them and fill in every row"
    ),
}

MOST_FAULTS: Final = 10_000
"""So many bad cells of a column are named one by one."""

_NOTHING_WORDS: Final = frozenset(
    {*NONE_WORDS, "至今", "现在", "长期", "空", "不详", "未知", "null", "none", "nan", "n/a"}
)
_NOTHING: Final = msg("where there is nothing, leave the cell empty")

EMPTY: Final = msg("the cell is empty, but this column must be filled in for every row")
NO_COORDINATE: Final = msg("a coordinate is wanted: write a decimal number, such as 125.3245 or 4861200.5")
NO_NUMBER: Final = msg("a whole number is wanted: write digits alone, such as 3000")

BLANK: Final = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff"
"""What is stripped from both ends of a cell, the full-width space among it."""

_MARKED: Final = re.compile(r"'+[=+\-@\t\r＝＋－＠]")
_TO_MARK: Final = re.compile(r"'*[=+\-@\t\r＝＋－＠]")

_WIDE: Final = re.compile("[！-～]")
_WIDE_LETTER: Final = re.compile("[Ａ-Ｚａ-ｚ]")

_NO_TEXT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What a workbook's XML or a CSV line can't hold and give back."""

_UNSEEN: Final = re.compile("[\x00-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
"""Blanks of every other width, and what can't be seen at all."""

_WHOLE: Final = re.compile(r"-?[0-9]{1,19}")
_DECIMAL: Final = re.compile(r"(-?[0-9]{1,17})(?:\.([0-9]{1,30}))?")
_COORDINATE: Final = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,400})?(?:[eE]-[0-9]{1,3})?")
"""A decimal number; a small one may be in short form, which loses nothing."""
_SEXAGESIMAL: Final = re.compile("[°º′″'\"度分秒]|[0-9] [0-9]|[0-9.][NSEWnsew]$|^[NSEWnsew]")
_DECIMAL_COMMA: Final = re.compile(r"[+-]?[0-9]+(?:[,，][0-9]+)+(?:\.[0-9]+)?")
_SCIENTIFIC: Final = re.compile(r"[0-9](?:\.[0-9]+)?[eE]\+[0-9]{1,3}")
_BIG_UNIT: Final = re.compile(r"[0-9.,]+[ ]?[万千百亿].*")
_PERCENTAGE: Final = re.compile(r"[0-9.,]+[ ]?[%％‰]")
_LONG: Final = re.compile(r"-?[0-9]{18,}(?:\.[0-9]*)?")
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(?:[,，][0-9]{3})+(?:\.[0-9]*)?")
_DAYS: Final = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
_MONTH: Final = re.compile(r"[0-9]{4}(?:[-/.][0-9]{1,2}|年[0-9]{1,2}月(?:份)?|[0-9]{2})")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_MIDNIGHT: Final = re.compile(r"[ T]0{1,2}:00(?::00(?:\.0+)?)?$")
"""What programs write behind a day that has no time of day."""
_TIME_OF_DAY: Final = re.compile(r"(?:[0-9]{4}[-/.年].*[ T])?[0-9]{1,2}:[0-9]{2}.*")
_DIGITS_ONLY: Final = re.compile(r"\\d\{(\d+)\}")
_INT64: Final = 2**63
_INT64_DIGITS: Final = 19
_DECIMALS: Final = 2
_EPOCH: Final = date(1970, 1, 1).toordinal()

_WORDS: Final[Mapping[str, bool]] = {
    "是": True, "true": True, "1": True, "yes": True, "y": True, "√": True, "✓": True, "✔": True,
    "否": False, "false": False, "0": False, "no": False, "n": False, "×": False, "✗": False, "✘": False,
}  # fmt: skip


class Refusal(Exception):  # noqa: N818  # never leaves this library's tables: it becomes a Fault
    """A text that can't be read, and what to write instead."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def clean(text: str) -> str:
    """Strip blanks of every width from both ends."""
    return text.strip(BLANK)


def unmarked(text: str) -> str:
    """Take off the quote that keeps a spreadsheet from running a CSV cell as a formula."""
    return clean(text[1:]) if text.startswith("'") and _MARKED.match(text) else text


def marked(text: str) -> str:
    """Put on the quote that keeps a spreadsheet from running a CSV cell as a formula."""
    return f"'{text}" if _TO_MARK.match(text) else text


# --- reading ------------------------------------------------------------------------------------


def read_column(
    cells: Sequence[Cell], spec: FieldSpec, *, quoted: bool = False
) -> tuple[Column[Any], list[tuple[int, Message]]]:  # Any: the field's kind decides
    """Read the cells of one column.

    Args:
        cells: A text a row; None or blank where the cell is empty.
        spec: The field that they are to become.
        quoted: Whether a leading quote may be the mark of `marked` (CSV).

    Returns:
        The column, unknown where a cell is empty or can't be read; and the rows (from 0) that
        can't be read, in order, each with what is wrong.
    """
    distinct = list(distinct_of(cells))
    if spec.optional and not any(distinct):
        return spec.empty(len(cells)), []
    if isinstance(cells, Coded):
        return read_distinct(distinct, cells.places, spec, quoted=quoted)
    at = {cell: place for place, cell in enumerate(distinct)}
    places = np.fromiter(map(at.__getitem__, cells), dtype=np.int64, count=len(cells))
    return read_distinct(distinct, places, spec, quoted=quoted)


def read_distinct(
    cells: Sequence[Cell], places: Ints, spec: FieldSpec, *, quoted: bool = False
) -> tuple[Column[Any], list[tuple[int, Message]]]:  # Any: the field's kind decides
    """Read a column of which only the distinct cells are given, and for each row the place of its own."""
    plain = _plain_texts(cells, places, spec)
    if plain is not None:
        return plain, []
    reader = _reader(spec)
    values: list[float | str | None] = []
    refused: dict[int, Message] = {}
    for place, cell in enumerate(cells):
        value: float | str | None = None
        if isinstance(cell, Trouble):
            if cell is not Trouble.SILENT:
                refused[place] = TROUBLES[cell]
        else:
            text = cell.strip(BLANK) if cell else ""
            if quoted and text[:1] == "'":
                text = unmarked(text)
            try:
                if text:
                    value = reader(text)
                elif not spec.optional:
                    raise Refusal(EMPTY)
            except Refusal as refusal:
                refused[place] = _NOTHING if spec.optional and text.casefold() in _NOTHING_WORDS else refusal.message
        values.append(value)
    return _spread(places, values, spec), _rows(places, refused)


def _plain_texts(cells: Sequence[Cell], places: Ints, spec: FieldSpec) -> TextColumn | None:
    """Make a column of texts that each stand for themselves, as most do; None where one has to be looked at."""
    if spec.kind is not str or spec.labels:
        return None
    texts = [cell for cell in cells if isinstance(cell, str) and cell]
    if len(texts) < len(cells) and (not spec.optional or any(isinstance(cell, Trouble) for cell in cells)):
        return None
    if not all(map(_plain(spec) if is_key(spec) else _PLAIN_TEXT.fullmatch, texts)):
        return None
    if len(texts) == len(cells):
        return TextColumn(places, None, texts)
    codes = np.array([-1 if not cell else 0 for cell in cells], dtype=np.int64)
    codes[codes == 0] = np.arange(len(texts))
    return TextColumn(codes[places], codes[places] >= 0, texts)


def _rows(places: Ints, refused: Mapping[int, Message]) -> list[tuple[int, Message]]:
    if not refused:
        return []
    rows = np.flatnonzero(np.isin(places, list(refused)))
    first = rows[:MOST_FAULTS]
    named = [(row, refused[place]) for row, place in zip(first.tolist(), places[first].tolist(), strict=True)]
    return [*named, *_rest(rows)]


def _rest(rows: Ints) -> list[tuple[int, Message]]:
    """Say once, at the first row that isn't named any more, how many bad rows a column has beyond `MOST_FAULTS`."""
    more = len(rows) - MOST_FAULTS
    return [(int(rows[MOST_FAULTS]), msg("and {count} more bad cells in this column", count=more))] if more > 0 else []


def named(refused: Mapping[int, Message]) -> list[tuple[int, Message]]:
    """Return the bad rows of a column in order, with as many of them named as are worth it."""
    rows = sorted(refused)
    return [*((row, refused[row]) for row in rows[:MOST_FAULTS]), *_rest(np.array(rows, dtype=np.int64))]


def _spread(places: Ints, values: Sequence[float | str | None], spec: FieldSpec) -> Column[Any]:  # Any: as above
    """Make the column of a field from the value of each distinct text."""
    if spec.kind is str:
        at: dict[str, int] = {}
        texts = [-1 if value is None else at.setdefault(str(value), len(at)) for value in values]
        codes = np.array([*texts, -1], dtype=np.int64)[places]
        return TextColumn(codes, codes >= 0, tuple(at))
    known = np.array([*(value is not None for value in values), False], dtype=np.bool_)[places]
    if spec.kind is float:
        return FloatColumn(np.array([*(value or 0 for value in values), 0], dtype=np.float64)[places], known)
    numbers = np.array([*(value or 0 for value in values), 0], dtype=np.int64)[places]
    return number_column(spec, numbers, known)


def number_column(spec: FieldSpec, numbers: Ints, known: Bools | None) -> Column[Any]:  # Any: the kind decides
    """Make the column of a field that is neither text nor a coordinate from bare numbers: days, places, 0 and 1."""
    if spec.kind is bool:
        return BoolColumn(numbers != 0, known)
    if spec.kind is date:
        return DateColumn(numbers, known)
    if spec.kind is Fen:
        return FenColumn(numbers, known)
    if is_enum(spec):
        return EnumColumn(numbers, known, spec.kind)
    return IntColumn(numbers, known)


def is_enum(spec: FieldSpec) -> bool:
    """Whether a field's values are members of an enum."""
    return isinstance(spec.kind, type) and issubclass(spec.kind, Enum)


def is_key(spec: FieldSpec) -> bool:
    """Whether a field is text by which rows are told apart or matched: a code, an id, a class."""
    return spec.kind is str and spec.validator is not None


def _reader(spec: FieldSpec) -> Callable[[str], float | str | None]:
    if is_enum(spec):
        return _enum_reader(spec)
    if spec.kind is str:
        return _text_reader(spec)
    readers: Mapping[object, Callable[[str], float]] = {
        int: _int, Points: _points, Fen: _fen, float: _float, date: _date, bool: _bool,
    }  # fmt: skip
    plain = readers[spec.kind]
    if spec.validator is None:
        return plain

    check = checker(spec)

    def checked(text: str) -> float:
        value = plain(text)
        check(value)
        return value

    return checked


_INVISIBLE: Final = msg(
    "the cell holds a sign that can't be seen, or a blank of another width: type it anew instead of pasting it"
)


def _half_width(text: str) -> None:
    if text.isascii():
        return
    if any(char.isdecimal() and not char.isascii() for char in text):
        raise Refusal(msg("the cell holds full-width digits: write them as 0-9"))
    if _WIDE_LETTER.search(text):
        raise Refusal(msg("the cell holds full-width letters: write them as A-Z or a-z"))
    if _UNSEEN.search(text):
        raise Refusal(_INVISIBLE)


def _no_wide_sign(text: str) -> None:
    _half_width(text)
    if _WIDE.search(text):
        raise Refusal(msg("the cell holds full-width signs: write them in half width, as - . /"))


def _number_in_words(text: str) -> None:
    """Refuse what a person reads as a number and a program doesn't."""
    if _PERCENTAGE.fullmatch(text):
        raise Refusal(msg("a number is wanted, not a percentage: write it without the sign, such as 87.5"))
    if _BIG_UNIT.fullmatch(text):
        raise Refusal(msg("a number is wanted: write it out in digits, such as 12000"))


def _int(text: str) -> int:
    if len(text) < _INT64_DIGITS and text.isascii() and text.isdigit():
        return int(text)
    _half_width(text)
    _number_in_words(text)
    if _GROUPED.fullmatch(text):
        raise Refusal(msg("a whole number is wanted: write it without commas, such as 3000"))
    _no_wide_sign(text)
    if not _WHOLE.fullmatch(text):
        if _LONG.fullmatch(text):
            raise Refusal(msg("the number is too large"))
        raise Refusal(NO_NUMBER)
    value = int(text)
    if abs(value) >= _INT64:
        raise Refusal(msg("the number is too large"))
    return value


def _hundredths(text: str) -> int | None:
    """Read a decimal in hundredths, None where it has more than two decimals; anything else is refused."""
    found = _DECIMAL.fullmatch(text)
    if found is None:
        _half_width(text)
        _number_in_words(text)
        _no_wide_sign(text)
        raise Refusal(
            msg("the number is too large")
            if _LONG.fullmatch(text)
            else msg("a number is wanted: write digits with at most two decimals, such as 87.5 or 2958.00")
        )
    whole, decimals = found[1], (found[2] or "").rstrip("0")
    if len(decimals) > _DECIMALS:
        return None
    value = int(whole + decimals.ljust(_DECIMALS, "0"))
    if abs(value) >= _INT64:
        raise Refusal(msg("the number is too large"))
    return value


def _points(text: str) -> int:
    value = _hundredths(text)
    if value is None:
        raise Refusal(msg("a score has at most two decimals: round it, such as 87.5"))
    return value


def _fen(text: str) -> int:
    _half_width(text)
    if _GROUPED.fullmatch(text):
        raise Refusal(msg("an amount of yuan is wanted: write it without commas, such as 2958.00"))
    if text[0] in "¥￥$" or (text[-1] == "元" and "万" not in text):
        raise Refusal(msg("an amount of yuan is wanted: write the number alone, such as 2958.00"))
    value = _hundredths(text)
    if value is None:
        raise Refusal(msg("an amount has no fraction of a fen: round it to two decimals, such as 2958.00"))
    if value < 0:
        raise Refusal(msg("an amount must be 0 or more"))
    return value


def _float(text: str) -> float:
    if not _COORDINATE.fullmatch(text):
        _half_width(text)
        if _SEXAGESIMAL.search(text):
            raise Refusal(
                msg("degrees are wanted as a decimal number: write 125.3245, not degrees, minutes and seconds")
            )
        if _DECIMAL_COMMA.fullmatch(text):
            raise Refusal(
                msg("a coordinate is wanted: write it with a decimal point and without commas, such as 125.3245")
            )
        _no_wide_sign(text)
        raise Refusal(NO_COORDINATE)
    return float(text) + 0.0  # no -0.0, which would be another value than 0.0 for who tells values apart


def _date(text: str) -> int:
    if len(text) == 10 and text[4] == text[7] == "-":  # nearly all of them, and quickly
        with contextlib.suppress(ValueError):
            return date.fromisoformat(text).toordinal() - _EPOCH
    return day_number(read_day(text))


def read_day(text: str) -> date:
    """Read a day as forms write it; a month alone is refused."""
    _no_wide_sign(text)
    day = _MIDNIGHT.sub("", text)
    for form in _DAYS:
        found = form.fullmatch(day)
        if found:
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                raise Refusal(
                    msg("there is no such day in the calendar: check year, month and day, such as 2022-07-01")
                ) from None
    if _MONTH.fullmatch(text):
        raise Refusal(
            msg("a month without its day doesn't do, since ages and years of service go by the day: write 1980-05-17")
        )
    if _TIME_OF_DAY.fullmatch(text):
        raise Refusal(TROUBLES[Trouble.TIME])
    if _SERIAL.fullmatch(text):
        raise Refusal(msg("this is a spreadsheet's number for a day: format the column as dates, such as 2022-07-01"))
    raise Refusal(msg("a day is wanted: write it as 2022-07-01, 2022/7/1 or 2022年7月1日"))


def _bool(text: str) -> int:
    found = _WORDS.get(text.casefold())
    if found is None:
        _half_width(text)
        raise Refusal(msg("yes or no is wanted: write 是 or 否"))
    return int(found)


_SHORTENED: Final = msg(
    "the cell is a number in short form such as 1.2E+17, the digits of which are lost: format the column as text"
    " and enter it again"
)


def _text_reader(spec: FieldSpec) -> Callable[[str], str | None]:
    labels, key, check, plain = spec.labels, is_key(spec), checker(spec), _plain(spec)

    def read(text: str) -> str | None:
        if text in labels:
            return labels[text] or None
        if key and not plain(text):
            if _SCIENTIFIC.fullmatch(text):
                raise Refusal(_SHORTENED)
            if not text.isascii():
                _half_width(text)
            if _UNSEEN.search(text):
                raise Refusal(_INVISIBLE)
            check(text)
        return text

    return read


_PLAIN: Final = re.compile(r"[!-&(-*,-~][!-*,-~]*")
"""An id of which nothing is to be said; one with a plus sign may be a number that a spreadsheet shortened."""
_PLAIN_TEXT: Final = re.compile(rf"[^'{BLANK}](?:.*[^{BLANK}])?", re.DOTALL)


def _plain(spec: FieldSpec) -> Callable[[str], object]:
    """Return what tells most of the right texts of a key in one step; it may say no to others that are right."""
    parts = _parts(spec.validator)
    pattern = getattr(parts[0], "pattern", None) if len(parts) == 1 else None
    if isinstance(pattern, re.Pattern):
        return re.compile(pattern.pattern, re.ASCII).fullmatch
    if len(parts) == 1 and getattr(parts[0], "min_length", None) == 1:
        return _PLAIN.fullmatch
    return lambda _: False


def words_of(spec: FieldSpec) -> dict[str, int | None]:
    """Return every word for a member of a field's enum, casefolded, with the member's place; None means none."""
    words: dict[str, int | None] = {label.casefold(): None for label, code in spec.labels.items() if not code}
    for place, member in enumerate(spec.kind):
        labels = member.labels if isinstance(member, Labelled) else ()
        code = str(member.value)
        for word in (code, code.replace("_", " "), *labels):
            words.setdefault(word.casefold(), place)
    return words


_LONGEST_WORD: Final = 40
_MOST_TRIES: Final = 200
"""For so many distinct words of a column the nearest right ones are looked for; looking takes time."""


def _enum_reader(spec: FieldSpec) -> Callable[[str], int | None]:
    words = words_of(spec)
    members = list(spec.kind)
    tries = iter(range(_MOST_TRIES))

    def read(text: str) -> int | None:
        word = text.casefold()
        if word in words:
            return words[word]
        likeness = [0.0] * len(members)
        for known, place in words.items() if len(word) < _LONGEST_WORD and next(tries, None) is not None else ():
            if place is not None:
                likeness[place] = max(likeness[place], difflib.SequenceMatcher(None, word, known).ratio())
        order = sorted(range(len(members)), key=lambda place: (-likeness[place], place))
        raise Refusal(
            msg(
                "the word isn't one of those known here: write one of {words}",
                words=tuple(members[place] for place in order),
            )
        )

    return read


# --- what attrs refuses, in our words -----------------------------------------------------------


def checker(spec: FieldSpec) -> Callable[[Any], None]:  # Any: the number or text by which a column holds a value
    """Return what refuses a value that the field's own validator refuses."""
    parts = _parts(spec.validator)
    attribute = spec.attribute
    typed = _TYPED.get(spec.kind)

    def check(value: Any) -> None:  # Any: as above
        shown = value if typed is None else typed(value)
        for part in parts:
            try:
                part(None, attribute, shown)
            except (ValueError, TypeError):
                # attrs' own sentence holds the value, so it is not kept, not even as the cause.
                raise Refusal(_said(part, spec)) from None

    return check


_TYPED: Final[Mapping[object, Callable[[int], object]]] = {
    date: lambda number: date.fromordinal(number + _EPOCH),
    Fen: Fen,
    bool: bool,
}


def _parts(validator: Any) -> list[Any]:  # Any: attrs' validators share no type
    """Take a validator apart, so that the part which refuses can be told; the value is never None."""
    name = type(validator).__name__
    if validator is None:
        return []
    if name == "_AndValidator":
        return [part for one in validator._validators for part in _parts(one)]
    return _parts(validator.validator) if name == "_OptionalValidator" else [validator]


def _said(validator: Any, spec: FieldSpec) -> Message:  # Any: as above
    """Say in our words what an attrs validator wants; its own sentence would hold the value."""
    pattern = getattr(validator, "pattern", None)
    if isinstance(pattern, re.Pattern):
        digits = _DIGITS_ONLY.fullmatch(pattern.pattern)
        if digits:
            return msg("must be {count} digits", count=int(digits[1]))
        if pattern.pattern == POST_ID:
            return msg("must be the community's 12 digits, a hyphen and 2 or 3 digits, such as 220104001003-01")
        return msg("must have the form {pattern}", pattern=pattern.pattern)
    sign, bound = getattr(validator, "compare_op", None), getattr(validator, "bound", None)
    if sign is not None:
        shown = _number_shown(bound, spec)
        said = {
            ">=": msg("must be {bound} or more", bound=shown),
            "<=": msg("must be {bound} or less", bound=shown),
            ">": msg("must be more than {bound}", bound=shown),
            "<": msg("must be less than {bound}", bound=shown),
        }
        return said[sign]
    least = getattr(validator, "min_length", None)
    if least is not None:
        return msg("must have at least {count} characters", count=least)
    most = getattr(validator, "max_length", None)
    if most is not None:
        return msg("must have at most {count} characters", count=most)
    return msg("is not allowed for {field}: see its description", field=spec.name)


def _number_shown(bound: Any, spec: FieldSpec) -> str:  # Any: whatever the validator was given
    if spec.kind is Points:
        return points_text(bound)
    return str(bound)


# --- writing ------------------------------------------------------------------------------------


@attrs.frozen
class Words:
    """How a column's values are written: a text for each distinct one.

    Attributes:
        texts: The distinct texts.
        values: What each stands for: text, or the number by which the column holds it.
        places: Each row's place among them; -1 where it is unknown.
    """

    texts: Sequence[str]
    values: Sequence[float | str]
    places: Ints

    def spread(self) -> list[str | None]:
        """Return each row's text, None where it is unknown."""
        texts: list[str | None] = [*self.texts, None]
        return [texts[place] for place in self.places.tolist()]


def write_column(column: Column[Any], spec: FieldSpec, lang: Lang = "en") -> Words:  # Any: the kind decides
    """Write a column as text that `read_column` reads back: yuan, points and ISO days.

    Args:
        column: The column.
        spec: Its field.
        lang: 'en' writes codes, 'zh' the first Chinese word of each.
    """
    mask = column.mask()
    used = np.unique(column.values[mask])
    places = np.where(mask, np.searchsorted(used, column.values), -1)
    numbers: list[int] = [int(number) for number in used]
    if isinstance(column, TextColumn):
        labels: dict[str, str] = {}
        if lang == "zh":
            for label, code in spec.labels.items():
                labels.setdefault(code, label)
        texts = [column.vocabulary[number] for number in numbers]
        return Words([labels.get(text, text) for text in texts], texts, places)
    if isinstance(column, FloatColumn):
        floats = used.tolist()
        return Words([float_text(number) for number in floats], floats, places)
    return Words([_shown(number, column, spec, lang) for number in numbers], numbers, places)


def _shown(number: int, column: Column[Any], spec: FieldSpec, lang: Lang) -> str:  # Any: as above
    if is_enum(spec):
        member: Enum = tuple(spec.kind)[number]
        if lang == "zh" and isinstance(member, Labelled) and member.labels:
            return member.labels[0]
        return str(member.value)
    if isinstance(column, BoolColumn):
        return ("否", "是")[number] if lang == "zh" else ("false", "true")[number]
    if isinstance(column, DateColumn):
        return date.fromordinal(number + _EPOCH).isoformat()
    if isinstance(column, FenColumn):
        return Fen(number).yuan()
    return points_text(number) if spec.kind is Points else str(number)


def float_text(number: float) -> str:
    """Write a coordinate in decimal form, with as many digits as give the same number back."""
    return np.format_float_positional(number, trim="-")


def points_text(hundredths: int) -> str:
    """Write a score as '87.5'."""
    text = Fen(hundredths).yuan()  # hundredths too; a score just drops the zeros
    return text.rstrip("0").rstrip(".")


def unwritable(words: Words, spec: FieldSpec) -> bool:
    """Whether a text stands for a value that `read_column` would not read back from it."""
    reader = _reader(spec)
    for text, value in zip(words.texts, words.values, strict=True):
        if _NO_TEXT.search(text) or clean(text) != text:
            return True
        try:
            if not text or reader(text) != value:
                return True
        except Refusal:
            return True
    return False
