"""The average check in words and as data."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib.metadata import version
from typing import Final

from shequ_core.errors import msg
from shequ_core.model.average import CountyAverage
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.plain import fields_plain
from shequ_core.reports.rests import finding_lines, findings_data, rests_lines
from shequ_core.reports.text import table_lines
from shequ_core.reports.wording import class_word, say
from shequ_core.values import POINT, JsonValue, Lang, round_half_up
from shequ_core.year.average import AverageCheck

HEADS: Final = (
    msg("Class of post"), msg("Pay grade"), msg("People"), msg("Now, yuan a month"), msg("Proposed, yuan a month"),
)


def average_text(told: AverageCheck, book: PolicyBook, lang: Lang) -> str:
    """Tell a check: each county's mean, its reference, the verdict and the proposal, then findings."""
    place, month = book.path(told.place), told.month.isoformat()[:7]
    lines = [say(msg("{place}, {month}: the average standard", place=place, month=month), lang)]
    lines += rests_lines(told.rests, lang)
    for one in told.counties:
        lines += ["", *_county(one, book, lang)]
        rows = [
            (class_word(grade.post_class, lang), str(grade.grade), str(grade.people), grade.now.yuan(),
             grade.proposed.yuan())
            for grade in told.grades
            if grade.county == one.county
        ]
        if rows:
            lines += [f"  {line}" for line in table_lines([say(head, lang) for head in HEADS], rows)]
    if told.findings:
        lines += ["", say("Findings", lang), *finding_lines(told.findings, lang)]
    return "\n".join(lines)


def _county(one: CountyAverage, book: PolicyBook, lang: Lang) -> Iterator[str]:
    name = book.path(one.county) if one.county in book.divisions else one.county
    sentence = msg(
        "{county}: {people} post holders, average standard {mean} yuan ({total} / {people})",
        county=name, people=one.people, mean=one.mean, total=one.total,
    )
    yield say(sentence, lang)
    if one.reference is None or one.relation is None:
        yield f"  {say('No reference is set: nothing to hold the average against.', lang)}"
        return
    sentence = msg(
        "reference {reference} yuan: the average is {relation} of it ({percent}), {gap} yuan from it",
        reference=one.reference, relation=one.relation, percent=_percent(one.relation), gap=one.gap,
    )
    yield f"  {say(sentence, lang)}"
    if one.inside is None:
        verdict = msg("no verdict: no tolerance is set")
    elif one.inside:
        verdict = msg("inside the tolerance of {tolerance}", tolerance=one.tolerance)
    else:
        verdict = msg("outside the tolerance of {tolerance}", tolerance=one.tolerance)
    yield f"  {say(verdict, lang)}"
    if one.proposed_total is None:
        return
    after = msg(
        "the average would be {mean} yuan ({total} / {people}), {relation} of the reference",
        mean=one.proposed_mean, total=one.proposed_total, people=one.people, relation=one.proposed_relation,
    )
    proposal = (
        msg("to meet it: every amount times {factor}, rounded as the table is; {after}", factor=one.factor, after=after)
        if one.proposed_coefficient is None
        else msg(
            "to meet it: local coefficient {proposed} in place of {now}; {after}",
            proposed=one.proposed_coefficient, now=one.coefficient, after=after,
        )
    )
    yield f"  {say(proposal, lang)}"
    yield f"  {say(_GIVES[one.gives], lang)}"


def _percent(relation: str) -> str:
    """Write an exact fraction as percent, rounded to hundredths, for whoever reads it."""
    exact = Fraction(relation) * POINT
    whole, hundredths = divmod(round_half_up(exact.numerator * POINT, exact.denominator), POINT)
    return f"{whole}.{hundredths:02d}%"


_GIVES: Final = {
    "standard": msg("What each grade is worth is the whole standard:"),
    "basic": msg("What each grade is worth is basic pay, of which the standard is made:"),
}


def average_data(told: AverageCheck, book: PolicyBook) -> dict[str, JsonValue]:
    """Return a check as `shequ pay average --json` shows it; money as yuan text, fractions as n/d."""
    return {
        "place": told.place,
        "name": book.path(told.place),
        "month": told.month.isoformat()[:7],
        "known": None if told.known is None else told.known.isoformat(),
        "shequ_core": version("shequ-core"),
        **told.rests.to_data(),
        "counties": [_without_month(one) for one in told.counties],
        "grades": [fields_plain(one) for one in told.grades],
        "findings": findings_data(told.findings),
    }


def _without_month(one: CountyAverage) -> dict[str, JsonValue]:
    return {name: value for name, value in fields_plain(one).items() if name != "month"}
