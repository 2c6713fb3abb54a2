"""A new plugin: the template filled in for a place, written whole or not at all."""

from __future__ import annotations

import json
import keyword
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

import attrs

from shequ_core.errors import Fault, InputError, Message, OutputError, PlaceNotFoundError, msg
from shequ_core.kit.rows import WIDTH, folded, rows_of
from shequ_core.model.places import CODE_LENGTHS, NATION, TOWNSHIP_DIGITS, Division, DivisionKind, Level, level_of
from shequ_core.policy import agreements, staffing
from shequ_core.policy.book import BUILT_IN, PolicyBook
from shequ_core.policy.kinds import SpanKind, WholeNumbers
from shequ_core.policy.parameters import Parameter
from shequ_core.policy.policy import Policy
from shequ_core.reports.wording import say, shown
from shequ_core.testing.candidate import alone
from shequ_core.testing.plugin_checks import UNWRITTEN
from shequ_core.values import JsonValue, Lang

TITLE: Final = f"文件全名{UNWRITTEN}"
"""What the document is called until somebody writes its title; the checks ask for it."""

MODULE: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)

_KIND_OF_LEVEL: Final[Mapping[Level, DivisionKind]] = {
    Level.PROVINCE: DivisionKind.PROVINCE,
    Level.CITY: DivisionKind.CITY,
    Level.COUNTY: DivisionKind.COUNTY,
    Level.SUBDISTRICT: DivisionKind.SUBDISTRICT,
}
_KIND_OF_SUFFIX: Final = {"镇": DivisionKind.TOWN, "乡": DivisionKind.TOWNSHIP}

_FIRST_CASES: Final = (staffing.BASE_POSTS, agreements.TERM)
"""The values that the first worked case may be about, the best first."""


@attrs.frozen(kw_only=True)
class Beginning:
    """What a new plugin is made of.

    Attributes:
        place: The code of the place, which may be one that the library doesn't list.
        name: Its name in Chinese.
        module: The package's name.
        title: The document's title; empty: to be written by the author.
        issued: The day on it; None: to be written by the author.
        publisher: Who issued it.
        on: The day whose values the module shows.
    """

    place: str
    name: str
    module: str
    title: str = ""
    issued: date | None = None
    publisher: str = ""
    on: date

    @property
    def distribution(self) -> str:
        """What is installed: the module's name with hyphens."""
        return self.module.replace("_", "-")


def place_of(book: PolicyBook, asked: str, name: str, on: date) -> tuple[str, str]:
    """Return the code and the name of the place that somebody means.

    Args:
        book: What is known of places.
        asked: A code, or a Chinese name.
        name: The name of a place that isn't listed; empty for one that is.
        on: The day.

    Raises:
        PlaceNotFoundError: There is none, and no name was given with a code for it; or nobody sets anything there.
    """
    if name and asked.isdigit() and asked not in book.divisions:
        code, called = asked, name
    else:
        try:
            found = book.divisions.find(asked, on)
        except PlaceNotFoundError as error:
            if asked.isdigit() and asked not in book.divisions and level_of(asked) in _KIND_OF_LEVEL:
                told = msg("the library does not list it: give its name with --name, and the plugin brings it along")
                raise PlaceNotFoundError(asked, error.suggestions, why=told) from None
            raise
        code, called = found.code, found.name
    if code == NATION or len(code) > TOWNSHIP_DIGITS:
        raise PlaceNotFoundError(asked, why=msg("a plugin speaks for a province, a city, a county or a subdistrict"))
    return code, called


def module_of(place: str) -> str:
    """Return the module that a plugin has where nobody names one."""
    return f"shequ_{place}"


def speakers(book: PolicyBook, place: str) -> tuple[str, ...]:
    """Return the plugins that are installed and speak for a place already."""
    found = {one.distribution or one.name for one in book.plugins if place in one.places and not one.built_in}
    return tuple(sorted(found))


def start(begun: Beginning, folder: Path, book: PolicyBook, lang: Lang) -> tuple[Path, ...]:
    """Write a new plugin into a folder that isn't there yet.

    Args:
        begun: What it is made of.
        folder: The plugin's own folder.
        book: The policies; what is in force for the place stands in the module, commented out.
        lang: The language of its comments.

    Returns:
        The files, by name, relative to the folder.

    Raises:
        InputError: The module's name can't be one.
        OutputError: The folder is there already, or can't be written.
    """
    _check(begun)
    if folder.exists():
        raise OutputError(
            msg("{folder} is there already: nothing was written. Name another folder with --out.", folder=str(folder))
        )
    from copier import run_copy

    answers = _answers(begun, book, lang)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise _not_written(folder, error) from None
    try:
        with as_file(files("shequ_core.kit") / "template") as template:
            run_copy(str(template), half / "made", data=answers, defaults=True, quiet=True, overwrite=True)
        (half / "made").rename(folder)
    except OSError as error:
        raise _not_written(folder, error) from None
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return tuple(sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()))


def _not_written(folder: Path, error: OSError) -> OutputError:
    why = error.strerror or str(error)
    return OutputError(msg("{folder} can't be written: {problem}", folder=str(folder), problem=why))


def _check(begun: Beginning) -> None:
    """Refuse what can't stand in the files: all of it in one go."""
    faults = [
        Fault(file=option, message=msg("write it in one line, without quotation marks or a backslash"))
        for option, text in (("--name", begun.name), ("--document", begun.title), ("--publisher", begun.publisher))
        if not text.isprintable() or "\\" in text or '"' in text
    ]
    problem = _module_problem(begun.module)
    if problem is not None:
        faults.append(Fault(file="--module", message=problem))
    if faults:
        raise InputError(faults)


def _module_problem(name: str) -> Message | None:
    if not MODULE.fullmatch(name) or keyword.iskeyword(name):
        return msg(
            "{name} is no name of a module: write small letters, digits and _, such as shequ_baihua", name=name
        )
    if name in sys.stdlib_module_names or name == BUILT_IN.replace("-", "_"):
        return msg("{name} is the name of another module: write one such as shequ_baihua", name=name)
    return None


def _answers(begun: Beginning, book: PolicyBook, lang: Lang) -> dict[str, JsonValue]:
    from importlib.metadata import version

    with alone():  # what another plugin lists, or says, isn't there where this one is looked at
        own = PolicyBook.load()
    listed = begun.place in own.divisions
    rows = rows_of(book, begun.place, begun.on, lang, brings_division=not listed)
    day = begun.issued or begun.on
    return {
        "place": begun.place,
        "name": begun.name,
        "path": book.divisions.path(begun.place) if begun.place in book.divisions else begun.name,
        "module": begun.module,
        "distribution": begun.distribution,
        "class_name": f"Test{begun.module.title().replace('_', '')}",
        "core": ".".join(version(BUILT_IN).split(".")[:2]),
        "title": begun.title or TITLE,
        "issued": f"date({day.year}, {day.month}, {day.day})",
        "publisher": begun.publisher,
        "imports": rows.imports,
        "rows": rows.rows,
        "unset": rows.unset,
        "divisions": "" if listed else _divisions(begun),
        "case": _case(begun, own, lang),
        "notes": {name: "\n# ".join(folded(say(told, lang), WIDTH)) for name, told in _notes(begun).items()},
    }


def _notes(begun: Beginning) -> Mapping[str, Message]:
    return {
        "checked_with": msg("Nobody yet: write the office that confirmed the figures, and the day."),
        "limitations": msg("Write here what is not published, what you read into the text, and what no key can say."),
        "document": msg("The document: its full title, number and day. Each value cites an article of it."),
        "rule": msg("Make a value: since when it holds, when it became known, where it stands, how far to trust it."),
        "rows": msg(
            "What holds for the place by those above it, on {day}. Of each row that you have a rule of your own for,"
            " take the \"# \" away, write your figure and the article; a row that goes beyond what is allowed, because"
            " the document says so, gets departs=True.",
            day=begun.on,
        ),
        "unset": msg("What nobody above has set: it is yours to say"),
        "hook": msg("Speak for the place."),
        "cases": msg(
            "What the values come to, worked out by hand. shequ_core/testing/cases.py says how a case is written."
        ),
    }


def _divisions(begun: Beginning) -> str:
    kind = _KIND_OF_LEVEL[level_of(begun.place)]
    if kind is DivisionKind.SUBDISTRICT:
        kind = _KIND_OF_SUFFIX.get(begun.name[-1:], kind)
    Division(code=begun.place, name=begun.name, kind=kind)
    return (
        f'\nDIVISIONS: Final = Divisions([Division(code="{begun.place}", name="{begun.name}",'
        f" kind=DivisionKind.{kind.name})])\n"
    )


# --- the first worked case ---------------------------------------------------------------------------


def _case(begun: Beginning, book: PolicyBook, lang: Lang) -> str:
    """Write a case that comes out as it is, and that the author's first figure makes worth working out anew."""
    chain = [begun.place[:length] for length in CODE_LENGTHS if length < len(begun.place)]
    listed = [code for code in (NATION, *chain) if code in book.divisions]
    policy = book.policy(listed[-1], begun.on)
    key = next(one for one in (*_FIRST_CASES, *policy) if one in policy and _simple(one))
    value = policy[key]
    told = say(msg("Those above have {value}: work it out anew with your own figure.", value=shown(value, lang)), lang)
    lines = [
        "[[case]]",
        f'clause = "{key.clauses[0]}"',
        f"title = {json.dumps(say(key.doc, lang).rstrip('.。'), ensure_ascii=False)}",
        f"worked_out_by = {json.dumps(told, ensure_ascii=False)}",
        f'value = "{key.name}"',
        f'place = "{begun.place}"',
        f"on = {begun.on.isoformat()}",
        f"expected_value = {_plain(policy, key)}",
    ]
    return "\n".join(lines)


def _simple(key: Parameter[object]) -> bool:
    return isinstance(key.kind, (WholeNumbers, SpanKind))


def _plain(policy: Policy, key: Parameter[object]) -> str:
    told = policy.why(key)
    assert told is not None
    return json.dumps(told.value.to_data(), ensure_ascii=False)
