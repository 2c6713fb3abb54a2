"""The tables that are read and those that come out, with their headers in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import Enum
from typing import Any

from shequ_core.policy.described import described, summary
from shequ_core.tables import answers, budget
from shequ_core.tables.buildings import EarlierGrids
from shequ_core.tables.dataset import REQUIRED, TABLES
from shequ_core.tables.files import table_names
from shequ_core.tables.headers import unit_of
from shequ_core.tables.payroll import PayRows
from shequ_core.tables.roster import Roster
from shequ_core.tables.table import FieldSpec, Table
from shequ_core.values import Fen, Labelled, Points
from shequ_docs.text import code, lines, plain, table

AnyTable = type[Table[Any]]  # Any: tables of every kind of fact

_KINDS: Mapping[Any, str] = {
    int: "whole number", Points: "points, such as 87.5", Fen: "yuan", float: "decimal number", str: "text", date: "day",
    bool: "yes or no",
}


def pages() -> dict[str, str]:
    """Return the page of what is read and the page of what comes out."""
    return {
        "tables/index.md": lines(_index()),
        "tables/input.md": lines(_input()),
        "tables/answers.md": lines(_answers()),
    }


def _index() -> Iterator[str]:
    yield from (
        "# Tables and columns",
        "",
        "Every table is an attrs class for a row and a class of columns, held against each other at import.",
        "",
        "```{toctree}",
        "input",
        "answers",
        "```",
    )


def _input() -> Iterator[str]:
    names = table_names()
    yield from (
        "# Tables that are read",
        "",
        f"Needed: {', '.join(map(code, REQUIRED))}; a roster stands for workers and holdings.",
        "Any other table may be missing: what rests on it is then not examined.",
        "Headers are matched without regard to case and blanks; each column may carry any of its names.",
        "In Parquet and in data frames money is whole fen under the name with `_fen`, scores are hundredths of a"
        " point under the name with `_hundredths`.",
        "",
    )
    kinds: dict[str, AnyTable] = {"roster": Roster, **TABLES}
    for name, kind in kinds.items():
        yield from (f"(table-{name})=", f"## {name}", "", plain(summary(kind.fact)), "")
        yield from (f"File or sheet: {', '.join(map(code, names[name]))}.", "")
        yield from _columns(kind)
    yield from ("## EarlierGrids", "", plain(summary(EarlierGrids.fact)), "")
    yield from ("Read by a redrawing of grids from a file of its own, not with the tables of a place.", "")
    yield from _columns(EarlierGrids)


def _answers() -> Iterator[str]:
    yield from (
        "# Tables that come out",
        "",
        "`run_year`, `run_month`, a pay run and a budget return them as columns.",
        "`shequ year` writes those of a year to files, `shequ pay close` those of a month.",
        "",
    )
    found = [*vars(answers).values(), *vars(budget).values()]
    kinds = [one for one in found if isinstance(one, type) and issubclass(one, Table)]
    for kind in kinds:
        if kind is not Table:
            yield from (f"## {kind.__name__}", "", plain(summary(kind.fact)), "")
            yield from _columns(kind, read=False)
    yield from (
        "(payrows)=",
        "## PayRows",
        "",
        "What `payroll` works from: made of the tables by `run_month`, or of a frame of your own.",
        plain(summary(PayRows.fact)),
        "",
    )
    yield from _columns(PayRows)


def _columns(kind: AnyTable, *, read: bool = True) -> Iterator[str]:
    told = described(kind.fact)
    yield from table(
        ("column", "other headers", "holds", *(("needed",) if read else ()), ""),
        [
            (
                code(spec.name),
                "、".join(spec.headers[1:]),
                _holds(spec),
                *((_needed(spec),) if read else ()),
                plain(told.get(spec.name, "")),
            )
            for spec in kind.specs.values()
        ],
    )


def _needed(spec: FieldSpec) -> str:
    return "" if spec.optional else "yes"


def _holds(spec: FieldSpec) -> str:
    if isinstance(spec.kind, type) and issubclass(spec.kind, Enum):
        return "; ".join(_member(one) for one in spec.kind)
    words: dict[str, list[str]] = {}
    for label, value in spec.labels.items():
        words.setdefault(value, []).append(label)
    codes = "; ".join(f"{code(value)} ({'、'.join(said)})" for value, said in words.items() if value)
    told = _KINDS[spec.kind]
    unit = f" ({code(spec.name + unit_of(spec))})" if unit_of(spec) else ""
    return f"{told}{unit}: {codes}" if codes else f"{told}{unit}"


def _member(one: Enum) -> str:
    return f"{code(str(one.value))} ({'、'.join(one.labels)})" if isinstance(one, Labelled) else code(str(one.value))
