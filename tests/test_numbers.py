"""No number of the law stands outside of what speaks for a place.

Two rules, each over the source as it is:

- Where the law is applied (rules, keys, the year, facts, columns' arithmetic), every number but 0 and 1 needs a
  reason here: file, function or constant, number.
- Where tables are read, people made up, answers shown and distances measured, numbers of form are many. There every number
  that a place's values hold needs a reason, from 24 up: below that one can't tell the law from a margin.

Numbers in text (`yuan("200")`, `Fraction("7/10")`) count; docstrings don't, and neither do positions (`row[2]`),
bits (`x >> 31`, `2**40`) and the last day of some year (`date(year, 12, 31)`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Final

import attrs
import pytest

import shequ_core
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import LocalLimit

ROOT: Final = Path(shequ_core.__file__).parent
SPEAK_FOR_A_PLACE: Final = {"national", "jilin"}
READ_AND_SHOW: Final = {
    "tables", "population", "reports", "cli", "kit", "testing", "model/places.py",
    "planning",
}  # fmt: skip
RECOGNISABLE: Final = 24

REASONS: Final[Mapping[tuple[str, str, str], str]] = {
    ("errors.py", "_NEAREST", "3"): "how many names an error suggests",
    ("errors.py", "_TOLD_OF_A_KIND", "5"): "how many faults of a kind an error tells",
    ("errors.py", "nearest", "0.5"): "how like a name must be to be suggested",
    ("values.py", "FEN_PER_YUAN", "100"): "money",
    ("values.py", "MONTHS_PER_YEAR", "12"): "the calendar",
    ("values.py", "POINT", "100"): "hundredths of a point",
    ("values.py", "round_half_up", "2"): "a half",
    ("model/records.py", "year", "1980"): "years of assessments that can't be typing errors",
    ("model/records.py", "year", "2200"): "the same",
    ("model/records.py", "_SCORE", "100"): "points go to 100",
    ("policy/book.py", "COMMUNITY_DIGITS", "12"): "the form of a code",
    ("policy/kinds.py", "schema", "2"): "a span has two ends",
    ("policy/plain.py", "pair", "2"): "a span has two ends",
    ("policy/plain.py", "_UNITS", "10"): "units of money",
    ("policy/plain.py", "_UNITS", "10000"): "units of money",
    ("policy/plain.py", "_PER_CENT", "100"): "hundredths",
    ("policy/plain.py", "_fraction", "0.7"): "an example of how shares are written",
    ("policy/plain.py", "_fen", "2958"): "an example of how amounts are written",
    ("policy/schema.py", "SHARES", "0.7"): "an example of how shares are written",
    ("policy/schema.py", "SHARES", "70"): "an example of how shares are written",
    ("policy/schema.py", "AMOUNTS", "2958"): "an example of how amounts are written",
    ("policy/schema.py", "schema_of", "2"): "a span has two ends",
    ("policy/sheet/schema.py", "_bounds", "2"): "a span has two ends",
    ("policy/sheet/locate.py", "_header", "2"): "two brackets",
    ("policy/sheet/read.py", "_SHOWN", "60"): "characters that are told of what was found",
    ("policy/sheet/write.py", "_WIDE", "110"): "characters of a line",
    ("policy/sheet/write.py", "_short_names", "2"): "where counting names goes on",
    ("policy/performance.py", "PAYDAY", "31"): "a month has at most 31 days",
    ("audit/baseline.py", "_LETTERS", "16"): "letters of a digest that are kept",
    ("rules/facilities.py", "MINUTES", "60"): "minutes of an hour",
    ("rules/service.py", "_FIRST_MONTH", "1970"): "where NumPy's calendar begins",
    ("simulation/spread.py", "_prepared", "2"): "how many places a process keeps ready",
    ("simulation/runs/cluster.py", "_PATIENCE", "15"): "seconds",
    ("simulation/runs/hands.py", "_EACH", "2"): "tasks that are handed out for each worker",
    ("simulation/runs/lock.py", "_own", "438"): "the mode of a file, 0o666",
    ("planning/circles.py", "_NORTH", "90"): "the poles",
    ("planning/grids/many.py", "_WORTHWHILE", "4000"): "fewer buildings don't pay for processes",
    ("planning/patrols.py", "_PASSES", "200"): "how often a walk is improved",
    ("reports/ics.py", "_LINE", "75"): "octets of a line of iCalendar",
    ("planning/circles.py", "_EAST", "180"): "the date line",
    ("rules/exits.py", "_month_start", "1970"): "where NumPy's calendar begins",
    ("planning/grids/layouts.py", "_MOST_DEGREES", "90"): "the poles",
    ("planning/grids/layouts.py", "_FARTHEST", "100"): "kilometres beyond which a building is somewhere else",
    ("planning/grids/search.py", "_IN_NO_TIME", "4000"): "up to what size centres are drawn though time is up",
    ("planning/grids/carrying.py", "_GROUPS", "60"): "pairs of units looked at on either side",
    ("planning/grids/carrying.py", "_TRIED", "40"): "exchanges of two grids that are tried",
    ("planning/grids/search.py", "_CARRIED", "40"): "pairs of grids looked at to carry an excess",
    ("planning/grids/search.py", "LARGER", "90"): "from so many buildings on more is tried",
    ("planning/grids/search.py", "LISTED", "300"): "sets for each building that are listed",
    ("planning/grids/search.py", "_AT_LAST", "200"): "so many tries in vain are enough",
    ("planning/grids/divide.py", "_BEGINNINGS", "200"): "up to so many buildings a search begins up to five times",
    ("planning/grids/search.py", "_MENDED", "30"): "steps of a search for balance",
    ("planning/grids/redraw.py", "_ROUNDS", "90"): "how often a neighbourhood is mended another way",
    ("planning/grids/redraw.py", "_IN_VAIN", "90"): "how often in vain",
    ("planning/grids/redraw.py", "_allowance", "100"): "hundredths",
    ("planning/grids/divide.py", "_QUICK", "1500"): "how many sets of whole estates are listed",
    ("planning/grids/recut.py", "_RANKED", "60"): "how many cuts of a tree are looked at closely",
    ("planning/grids/divide.py", "_THOROUGHLY", "100"): "ways that a sweep goes on with, for each effort",
    ("planning/grids/divide.py", "_WELL", "100"): "ways that a sweep goes on with, for each effort",
    ("planning/grids/divide.py", "_GRIDS_OF_LUMPS", "60"): "grids of a quarter that is swept",
    ("planning/grids/prices.py", "_STEPS", "30"): "steps of an ascent",
    ("planning/grids/search.py", "_LISTED_PART", "3000"): "how many sets of buildings are listed",
    ("planning/grids/search.py", "_settled", "60"): "how many changes are made around a grid",
    ("planning/grids/search.py", "_redrawn", "30"): "how many steps bring a part within bounds",
    ("planning/grids/search.py", "_redrawn", "60"): "how many changes are made in a part",
    ("planning/grids/search.py", "_redrawn_by_estates", "60"): "how many changes are made in a part",
    ("planning/grids/search.py", "_BALANCED", "40"): "how many steps bring a part of whole estates within bounds",
    ("planning/grids/divide.py", "_BY_ESTATES", "100"): "from how many buildings on parts are drawn anew by estates",
    ("ledger/inputs.py", "_DIGITS", "32"): "letters of a digest that are kept",
    ("ledger/months.py", "YEAR", "100"): "months are written 202207",
    ("ledger/seal.py", "_write", "493"): "the mode of a folder, 0o755",
    ("year/payrun.py", "_run", "2"): "steps of a progress bar",
    ("simulation/runs/cluster.py", "_MMAP_THRESHOLD", "3"): "a name in <malloc.h>",
    ("year/law.py", "check_set", "3"): "how many places an error names",
    ("year/month.py", "month_number", "100"): "months are written 202207",
    ("population/synthesize.py", "_OLDEST_GRADUATE", "40"): "made up",
    ("population/compliance.py", "_BEST", "100"): "points go to 100",
    ("population/synthesize.py", "_communities", "100"): "hundredths",
    ("population/buildings.py", "APART", "3000"): "metres between made-up places",
    ("population/buildings.py", "_ROOM", "200"): "serials of a code that have room",
    ("population/buildings.py", "_blocks", "100"): "hundredths",
    ("population/chance.py", "_BY", "30"): "bits",
    ("population/chance.py", "_BY", "31"): "bits",
    ("reports/page.py", "LISTED", "200"): "how many rows a page lists",
    ("reports/slipbook.py", "_people", "30"): "the width of a column",
    ("reports/slipbook.py", "_arrears", "60"): "the width of a column",
    ("simulation/behaviours/assessing.py", "_HALF", "2"): "a half",
    ("simulation/behaviours/assessing.py", "_FULL", "100"): "points go to 100",
    ("simulation/behaviours/posts.py", "_MANY", "50"): "more new posts than any community has room for",
    ("simulation/state.py", "CLOSED", "2"): "the third state of a post",
    ("simulation/behaviours/hiring.py", "_CROWD", "1000"): "more applicants than any post has",
    ("simulation/behaviours/households.py", "_BOOM", "10"): "more growth than any community has",
    ("simulation/behaviours/elections.py", "leave", "2"): "the month before, counted from 0",
    ("simulation/behaviours/households.py", "WHOLE", "1000"): "thousandths",
    ("simulation/calibration.py", "_half", "2"): "a round figure reaches half of its step to either side",
    ("simulation/published.py", "PROVINCE", "22"): "whose figures are published",
    ("simulation/published.py", "CHANGCHUN", "2201"): "whose figures are published",
    ("reports/calibration.py", "PERCENT", "100"): "hundredths",
    ("simulation/exits.py", "_KEPT", "8"): "how many tables are kept",
    ("simulation/abreast.py", "_WIDER", "5"): "how uneven subdistricts that go side by side may be",
    ("simulation/abreast.py", "_WIDER", "4"): "how uneven subdistricts that go side by side may be",
    ("simulation/facts.py", "_TRAINED", "7"): "the month in which made-up trainings are written down",
    ("simulation/months.py", "_BEGINNING", "1970"): "where NumPy's calendar begins",
    ("simulation/months.py", "LIFE", "120"): "years that nobody outlives",
    ("simulation/ranges.py", "_pairs", "2"): "a pair",
    ("simulation/luck.py", "SURE", "19"): "95%, the usual confidence",
    ("simulation/luck.py", "SURE", "20"): "95%, the usual confidence",
    ("simulation/luck.py", "SHARES", "2"): "which order statistics are told",
    ("simulation/luck.py", "SHARES", "3"): "which order statistics are told",
    ("simulation/luck.py", "SHARES", "4"): "which order statistics are told",
    ("simulation/luck.py", "SHARES", "19"): "which order statistics are told",
    ("simulation/luck.py", "SHARES", "20"): "which order statistics are told",
    ("simulation/luck.py", "_HUNDREDTHS", "100"): "estimates are told to a hundredth",
    ("simulation/luck.py", "_HALVINGS", "80"): "more than a float has bits",
    ("simulation/luck.py", "_LOW_BITS", "20"): "how a number is cut in two",
    ("simulation/luck.py", "variances", "2"): "a variance needs two values",
    ("simulation/luck.py", "margin", "2"): "both tails",
    ("simulation/luck.py", "t_quantile", "2"): "both tails, and the halving",
    ("simulation/luck.py", "_within", "2"): "odd and even, and pi",
    ("simulation/sweep.py", "PARTS", "1000"): "so finely is a range cut",
    ("simulation/sweep.py", "at", "2"): "the middle of a part",
    ("simulation/sweep.py", "spaced", "2"): "a half, to round",
    ("simulation/sweep.py", "sobol_of", "2"): "the two matrices of Saltelli's design",
    ("simulation/sweep.py", "places_of", "2"): "the two matrices of Saltelli's design",
    ("simulation/sweep.py", "_rounded", "100"): "a ten-thousandth, by hundredths",
    ("simulation/sweep.py", "sweep", "5"): "values of a range where nobody says how many",
    ("simulation/told.py", "_SHOWN", "20"): "points shown in a notebook",
    ("simulation/step.py", "BAND", "5"): "years of an age band in answers",
    ("simulation/step.py", "OLDEST", "100"): "where the last age band ends",
    ("tables/cells.py", "_LONGEST_WORD", "40"): "letters of a word",
    ("tables/cells.py", "_MOST_TRIES", "200"): "how often a cell is tried",
    ("tables/headers.py", "_LONGEST", "40"): "letters of a header",
    ("testing/proof.py", "_HUNDREDTH", "100"): "a small disturbance",
    ("testing/rosters.py", "_LONGEST_MONTH", "31"): "the calendar",
}


@attrs.frozen
class Number:
    """A number that stands in the source."""

    file: str
    where: str
    value: Fraction
    line: int

    def key(self) -> tuple[str, str, str]:
        """Return it as a reason names it."""
        text = str(self.value) if self.value.denominator == 1 else str(float(self.value))
        return self.file, self.where, text


class Numbers(ast.NodeVisitor):
    """Collects the numbers of a file, each with the function or constant in which it stands."""

    def __init__(self, file: str) -> None:
        self.file, self.found = file, list[Number]()
        self._where = [""]

    def _inside(self, name: str, node: ast.AST) -> None:
        self._where.append(name)
        self.generic_visit(node)
        self._where.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._inside(node.name, node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._inside(node.name, node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._assigned(node.target, node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self._assigned(node.targets[0], node)

    def _assigned(self, target: ast.expr, node: ast.AST) -> None:
        outside = not any(one.islower() for one in self._where[1:])
        if outside and isinstance(target, ast.Name):
            self._inside(target.id, node)
        else:
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)
        if not _is_number(node.slice) and not isinstance(node.slice, ast.Slice):
            self.visit(node.slice)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if isinstance(node.op, (ast.LShift, ast.RShift, ast.Pow)):
            for side in (node.left, node.right):
                if not _is_number(side):
                    self.visit(side)
            return
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        named = isinstance(node.func, ast.Name) and node.func.id == "date"
        if named and len(node.args) == 3 and not _is_number(node.args[0]):
            self.visit(node.args[0])
            return
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring isn't code
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = figure(node.value)
        if value is not None:
            self.found.append(Number(self.file, self._where[-1], value, node.lineno))


def _is_number(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def figure(value: object) -> Fraction | None:
    """Read a number, or text that is nothing but one."""
    if type(value) in (int, float):
        return Fraction(str(value))
    if isinstance(value, str) and re.fullmatch(r"[1-9][\d,]*(\.\d+)?(/[1-9]\d*)?%?", value):
        return Fraction(value.rstrip("%").replace(",", ""))
    return None


def said_by_places() -> set[Fraction]:
    """Return every number that a value of a place holds, assumed ones too."""
    found: set[Fraction] = set()

    def walk(data: object) -> None:
        if isinstance(data, Mapping):
            for one in data.values():
                walk(one)
        elif isinstance(data, (list, tuple)):
            for one in data:
                walk(one)
        elif not isinstance(data, bool) and (number := figure(data)) is not None:
            found.add(number)

    for _, _, one in PolicyBook.load(assume=True).said():
        walk(one.bound.allowed() if isinstance(one, LocalLimit) else one.to_data())
    return found


LAW: Final = said_by_places()


def shows(file: str) -> bool:
    """Whether a file is one of those that read, make up and show."""
    return not READ_AND_SHOW.isdisjoint({file, file.partition("/")[0]})


def suspicious(source: str, file: str) -> Iterator[Number]:
    """Yield the numbers of a file that need a reason."""
    numbers = Numbers(file)
    numbers.visit(ast.parse(source))
    for one in numbers.found:
        if one.value in LAW and one.value >= RECOGNISABLE if shows(file) else one.value not in (0, 1):
            yield one


def sources() -> Iterator[tuple[str, str]]:
    """Yield every file in which no number of the law may stand."""
    for path in sorted(ROOT.rglob("*.py")):
        file = path.relative_to(ROOT).as_posix()
        if file.partition("/")[0] not in SPEAK_FOR_A_PLACE:
            yield file, path.read_text(encoding="utf-8")


def test_no_number_of_the_law_outside_of_what_speaks_for_a_place() -> None:
    """Every number that might be one has its reason, and no reason is left over."""
    found = {one.key(): one for file, source in sources() for one in suspicious(source, file)}
    assert [f"{one.file}:{one.line} {one.where} {one.value}" for key, one in found.items() if key not in REASONS] == []
    assert sorted(key for key in REASONS if key not in found and not shows(key[0])) == []


@pytest.mark.parametrize(
    ("file", "source"),
    [
        pytest.param("rules/staffing.py", "def f(h):\n    return h // 300", id="a step in a rule"),
        pytest.param("rules/exits.py", "def f(runs):\n    return runs >= 2", id="a small one"),
        pytest.param("rules/pay.py", "def f(x):\n    return x.scaled(Fraction(7, 10))", id="a share"),
        pytest.param("rules/pay.py", "def f(x):\n    return x.scaled(Fraction('7/10'))", id="a share in text"),
        pytest.param("rules/pay.py", "def f(x):\n    return maximum(x, yuan('200'))", id="yuan in text"),
        pytest.param("rules/pay.py", "def f(x):\n    return x * 0.7", id="a float"),
        pytest.param("rules/pay.py", "def f(x, least=-15):\n    return x", id="a default"),
        pytest.param("policy/staffing.py", "LEAST: Final = 10", id="a constant beside a key"),
        pytest.param("policy/pay.py", "def f(day):\n    return PAYDAY or 30", id="a default for what nobody set"),
        pytest.param("year/month.py", "def f(day):\n    return day > date(2020, 4, 30)", id="the law's own day"),
        pytest.param("year/month.py", "def f(day):\n    return day < date(day.year, 9, 30) and x > 9", id="beside a date"),
        pytest.param("model/posts.py", "class P:\n    most: int = 15", id="a default of a fact"),
        pytest.param("explanation.py", "def told(x):\n    return x[2] + 2", id="beside a position"),
        pytest.param("population/synthesize.py", "def f(h):\n    return h > 3000", id="a base among made-up people"),
        pytest.param("reports/page.py", "BAND = (300, 501)", id="a band on a page"),
        pytest.param("cli/year.py", "def f():\n    return '2958.00'", id="a wage on the command line"),
        pytest.param("audit/grids.py", "def f(g):\n    return g > 2", id="a floor that is still to come"),
    ],
)
def test_a_planted_number_is_caught(file: str, source: str) -> None:
    """The rule can fail."""
    assert [one for one in suspicious(source, file) if one.key() not in REASONS]


@pytest.mark.parametrize(
    ("file", "source"),
    [
        pytest.param("rules/pay.py", '"""Basic pay is 70%."""\nX = 1', id="a docstring"),
        pytest.param("rules/pay.py", "def f(x):\n    return x[2] + 1", id="a position"),
        pytest.param("year/run.py", "def f(year):\n    return date(year, 12, 31)", id="the end of some year"),
        pytest.param("rules/pay.py", "def f(x):\n    return msg('step 2 of {n}')", id="words"),
        pytest.param("reports/page.py", "def f(x):\n    return x * 16 + 12", id="a margin"),
    ],
)
def test_what_is_no_number_of_the_law_is_left_alone(file: str, source: str) -> None:
    """And it doesn't cry wolf."""
    assert list(suspicious(source, file)) == []
