"""Writing a figure sheet: every shipped plugin comes back from its sheet as it was."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from types import ModuleType, SimpleNamespace
from typing import Any, ClassVar

import attrs
import pytest
from tests.policy.sheet.conftest import Judge

from shequ_core.errors import FigureSheetError
from shequ_core.jilin import plugin as jilin
from shequ_core.law.clauses import Document
from shequ_core.national import plugin as national
from shequ_core.policy import pay, staffing
from shequ_core.policy.book import DISABLE, PolicyBook
from shequ_core.policy.bounds import Bound, Exactly, Judgement
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalLimit, LocalPolicy, LocalValue
from shequ_core.policy.sheet.read import sheet_from
from shequ_core.policy.sheet.write import sheet_text
from shequ_core.reports.wording import LANGS, say
from shequ_core.values import Fen, Lang, Span, Status, yuan

CITIES = [
    importlib.import_module(f"shequ_{city}")
    for city in ("baihua", "changchun", "daan", "hohhot", "huinan", "jinzhou", "liaoyuan")
]
DAY = date(2022, 7, 1)


def sheet_of(module: ModuleType, lang: Lang) -> str:
    """Write the sheet of a plugin."""
    return sheet_text(module.shequ_place(), say=lambda told: say(told, lang))


def fingerprints(policies: Sequence[LocalPolicy], *, assume: bool) -> dict[tuple[str, date, date | None], str]:
    """Return the fingerprint of every place of a plugin, on each day that something turns, and as known before."""

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        return policies

    book = PolicyBook.load(assume=assume, plugins=[SimpleNamespace(shequ_place=shequ_place)])
    assert not book.faults
    values = [one for policy in policies for one in policy.values]
    days = {one.since for one in values} | {one.until + timedelta(days=1) for one in values if one.until}
    known = {one.known_on for one in values} | {one.known_on - timedelta(days=1) for one in values}
    asked: list[tuple[date, date | None]] = [*((on, None) for on in days), *((max(days), then) for then in known)]
    places = {policy.place for policy in policies}
    return {(place, on, then): book.policy(place, on, then).fingerprint for place in places for on, then in asked}


@pytest.mark.parametrize("city", CITIES, ids=lambda module: module.__name__)
def test_a_plugin_comes_back_from_its_sheet(city: ModuleType, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same policies everywhere and always, by their fingerprints; and the schema takes the sheet."""
    monkeypatch.setenv(DISABLE, "1")
    text = sheet_of(city, "zh")
    assert judge.faults(text) == []
    assert fingerprints(sheet_from(text.encode(), "x"), assume=True) == fingerprints(city.shequ_place(), assume=True)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("module", [*CITIES, jilin, national], ids=lambda module: module.__name__)
def test_every_value_comes_back_with_all_that_is_said_of_it(module: ModuleType, lang: Lang) -> None:
    """Sources, forces, leeway, parts, limits and readings, of the nation and the province too, in both languages."""
    found = [one for policy in sheet_from(sheet_of(module, lang).encode(), "x") for one in policy.values]
    said = [one for policy in module.shequ_place() for one in policy.values]
    assert sorted(map(_told, found)) == sorted(_told(one, lang) for one in said)
    for one in said:
        if isinstance(one, LocalLimit):
            assert one in found
        else:
            assert attrs.evolve(one, reading=say(one.reading, lang)) in found


def _told(one: LocalValue[Any] | LocalLimit[Any], lang: Lang = "en") -> tuple[str, ...]:
    reading = say(one.reading, lang) if isinstance(one, LocalValue) else ""
    return (one.key.name, type(one).__name__, str(one.since), str(one.known_on), str(one.source), reading)


def test_what_most_values_of_a_document_share_stands_at_the_document() -> None:
    """A value says only what is its own; above each key stands what it means, its unit and its clauses."""
    rules = Document("某市办法", issued=date(2021, 3, 1))
    said: Any = {"known_on": DAY, "status": Status.ISSUED}  # Any: arguments
    values: list[LocalValue[Any]] = [  # Any: keys of every type
        staffing.STEP.set(Span(400, 400), since=DAY, source=rules.article("第五条"), **said),
        staffing.PARTY_POSTS.set(2, since=DAY, source=rules.article("第六条"), **said),
        pay.BASE_SHARE.set(Fraction(7, 10), since=date(2023, 1, 1), source=rules.article("第七条"), **said),
    ]
    text = sheet_text([LocalPolicy(place="2202", values=values)], names={rules: "办法"})
    assert text == """\
#:schema figures.schema.json

# Figures of places. Amounts are yuan in quotes, shares are exact and in quotes (7/10, 70%).
# What a value does not say itself (since, known_on, status) its document says.

[documents."办法"]
title = "某市办法"
issued = 2021-03-01
since = 2022-07-01
known_on = 2022-07-01
status = "issued"

# The share of the standard that is basic pay; the rest is the performance bonus. Unit: share. Clauses: JLW2.4d.
[2202.pay.base_share]
value = "7/10"
document = "办法"
article = "第七条"
since = 2023-01-01

# Posts for Party building alone that each community has, secretary and deputy secretary not counted. Unit: posts. \
Clauses: JLW2.2d.
[2202.staffing.party_posts]
value = 2
unit = "posts"
document = "办法"
article = "第六条"

# Above staffing.base_households, one more post may be opened for each so many. Unit: households. Clauses: JLW2.2b.
[2202.staffing.step]
value = [400, 400]
unit = "households"
document = "办法"
article = "第五条"
"""


@attrs.frozen
class Even(Bound[int]):
    """A plugin's own bound, without a name."""

    of: int = 2

    def judge(self, value: int) -> Judgement:
        """Whatever."""
        return Exactly(value).judge(value)

    def allowed(self) -> str:
        """Whatever."""
        return "even"


def test_what_has_no_form_is_refused() -> None:
    """A bound without a name can't be written: nothing is left out in silence."""
    rules = Document("某市办法").article("第五条")
    value = staffing.PARTY_POSTS.set(
        2, since=DAY, known_on=DAY, source=rules, status=Status.ISSUED, leeway=Even()
    )
    with pytest.raises(FigureSheetError, match=r"staffing\.party_posts: the bound Even has no form"):
        sheet_text([LocalPolicy(place="2202", values=[value])])


@attrs.frozen
class TwoFaced(pay.ReferenceWage):
    """A plugin's own wage, of which a part isn't what it says when nobody says it."""

    amount: Fen
    factor: int | None = 2

    kind: ClassVar[str] = "two_faced"

    def monthly(self, post_class: str) -> Fraction:
        """Whatever."""
        return Fraction(int(self.amount))


def test_what_would_read_back_as_something_else_is_refused() -> None:
    """TOML has no null: None where another value stands for what isn't written can't be told."""
    rules = Document("某市办法").article("第五条")
    said: Any = {"since": DAY, "known_on": DAY, "source": rules, "status": Status.ISSUED}  # Any: arguments
    fine = pay.REFERENCE.set(TwoFaced(yuan(3000), 3), **said)
    assert "two_faced" in sheet_text([LocalPolicy(place="2202", values=[fine])])
    lost = pay.REFERENCE.set(TwoFaced(yuan(3000), None), **said)
    with pytest.raises(FigureSheetError, match="would read back as something else"):
        sheet_text([LocalPolicy(place="2202", values=[lost])])
