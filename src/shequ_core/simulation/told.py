"""Simulated years in a few lines, as text and as a table for a notebook; charts and pages are in `reports/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.planning.grids.drawing import Say, xml
from shequ_core.simulation.estimates import Difference, Differences, Estimate, Estimates
from shequ_core.values import FEN_PER_YUAN
from shequ_core.year.rests import Rests

_HEADS: Final = (msg("cost"), msg("in post"))

_SHOWN: Final = 20
"""So many points of a sweep are shown in a notebook; the frame has all."""


@attrs.frozen(kw_only=True)
class Told:
    """What is told of simulated years.

    Attributes:
        estimates: Each year's cost and holders, over seeds.
        differences: The same of each reform against them.
        whole: What each reform costs over all years.
    """

    place: str
    years: range
    seeds: int
    rests: Sequence[Rests]
    marks: Sequence[str]
    estimates: Estimates
    differences: Differences
    whole: Differences

    def head(self) -> Message:
        """Say of what it is."""
        return msg(
            "{place}, {first} to {last}, {seeds} seeds",
            place=self.place, first=self.years[0], last=self.years[-1], seeds=self.seeds,
        )

    def notes(self) -> Iterator[Message]:
        """Yield what it rests on."""
        yield from notes_of(self.rests, self.marks)

    def verdicts(self) -> Iterator[Message]:
        """Yield what each reform comes to."""
        for row in self.whole:
            cost = _yuan(row.mean)
            if row.changed == 0:
                yield msg("{reform}: costs the same in every seed", reform=row.variant)
            elif row.low is None or row.high is None:
                yield msg("{reform}: {cost} yuan over all years, in one seed", reform=row.variant, cost=cost)
            else:
                yield msg(
                    "{reform}: {cost} yuan over all years, 95% interval {low} to {high}; standard deviation over seeds"
                    " {spread}, with independent luck {independent}",
                    reform=row.variant, cost=cost, low=_yuan(row.low), high=_yuan(row.high),
                    spread=_yuan(row.spread), independent=_yuan(row.spread_independent),
                )  # fmt: skip

    def rows(self, say: Say = str) -> Iterator[tuple[str, ...]]:
        """Yield a head, then a year, the baseline's cost and holders, and each reform's difference."""
        names = list(dict.fromkeys(row.variant for row in self.whole))
        yield (
            say(msg("year")), say(msg("cost, yuan")), say(msg("in post")),
            *(say(msg("{name}: {what}", name=name, what=what)) for name in names for what in _HEADS),
        )  # fmt: skip
        found: dict[tuple[str, int | None, str], Estimate | Difference] = {
            (row.variant, row.year, row.measure): row for row in (*self.estimates, *self.differences)
        }
        first = self.estimates[0].variant if len(self.estimates) else ""
        for year in self.years:
            cells = [str(year), _yuan(found[first, year, "cost"].mean), _count(found[first, year, "held"].mean)]
            for name in names:
                cells += [
                    _range(found[name, year, "cost"], money=True), _range(found[name, year, "held"], money=False)
                ]
            yield tuple(cells)


@attrs.frozen(kw_only=True)
class SweepTold:
    """What is told of a sweep.

    Attributes:
        points: Point, parameter and value.
    """

    place: str
    years: range
    seeds: int
    rests: Sequence[Rests]
    marks: Sequence[str]
    parameters: Sequence[str]
    points: Sequence[tuple[str, str, str]]
    estimates: Estimates

    def head(self) -> Message:
        """Say of what it is."""
        return msg(
            "{place}, {first} to {last}: {points} points of {parameters}, {seeds} seeds each",
            place=self.place, first=self.years[0], last=self.years[-1],
            points=len({point for point, _, _ in self.points}), parameters=tuple(self.parameters), seeds=self.seeds,
        )  # fmt: skip

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Yield each point's values, and what all payers pay over all years."""
        yield (*self.parameters, str(msg("cost, yuan")))
        cost = {row.variant: row for row in self.estimates if (row.measure, row.year, row.by) == ("cost", None, None)}
        values: dict[str, list[str]] = {}
        for point, _, value in self.points:
            values.setdefault(point, []).append(value)
        shown = list(values.items())
        for point, row in shown[:_SHOWN]:
            yield (*row, _yuan(cost[point].mean) if point in cost else "–")
        if len(shown) > _SHOWN:
            yield ("…",)


def notes_of(rests: Iterable[Rests], marks: Sequence[str]) -> Iterator[Message]:
    """Yield what an answer rests on."""
    if any(one.synthetic for one in rests):
        yield msg("The people and communities in this answer are synthetic: made up, nobody's data.")
    if marks:
        yield msg("It rests on what nobody issued ({marks}).", marks=tuple(marks))


def sweep_text(told: SweepTold) -> str:
    """Return a sweep as text."""
    rows = ["  " + " | ".join(row) for row in told.rows()]
    return "\n".join([str(told.head()), *rows, *map(str, notes_of(told.rests, told.marks))])


def sweep_html(told: SweepTold) -> str:
    """Return a sweep as a table for a notebook."""
    return _html(told.head(), told.rows(), notes_of(told.rests, told.marks))


def told_text(told: Told) -> str:
    """Return it as text."""
    rows = ["  " + " | ".join(row) for row in told.rows()]
    return "\n".join([str(told.head()), *rows, *map(str, told.verdicts()), *map(str, told.notes())])


def told_html(told: Told) -> str:
    """Return it as a table for a notebook."""
    return _html(told.head(), told.rows(), (*told.verdicts(), *told.notes()))


def _html(title: Message, rows: Iterable[tuple[str, ...]], notes: Iterable[Message]) -> str:
    head, *others = rows
    return (
        f"<div><p>{xml(str(title))}</p><table>{_row(head, 'th')}{''.join(_row(row, 'td') for row in others)}</table>"
        f"{''.join(f'<p>{xml(str(one))}</p>' for one in notes)}</div>"
    )


def _row(cells: Iterable[str], tag: str) -> str:
    return f"<tr>{''.join(f'<{tag}>{xml(cell)}</{tag}>' for cell in cells)}</tr>"


def _yuan(fen: float) -> str:
    """Write fen as yuan with thousands apart; an estimate is told to the yuan."""
    return f"{round(fen / FEN_PER_YUAN):,}"


def _count(value: float) -> str:
    return f"{value:z,.1f}"  # nothing is told as -0.0


def _range(row: Estimate | Difference, *, money: bool) -> str:
    write = _yuan if money else _count
    sign = "+" if row.mean > 0 else ""
    if row.low is None or row.high is None:
        return f"{sign}{write(row.mean)}"
    return f"{sign}{write(row.mean)} [{write(row.low)}, {write(row.high)}]"
