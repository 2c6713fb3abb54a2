"""A pay run: an open month, what is owed for months that are sealed, and who is paid otherwise than before.

A run writes nothing. `close_month` runs the month and seals it; from then on the month stays as it was
paid, and whatever becomes known later is paid in the next open month, as arrears that name month and cause.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Final

import attrs

from shequ_core.audit.policy import in_order
from shequ_core.errors import LedgerError, Message, msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.ledger import months
from shequ_core.ledger.causes import Causes, Changed
from shequ_core.ledger.difference import differences, owed, with_causes
from shequ_core.ledger.inputs import Change, Facts, FactTable, Key, as_table, by_table, changed, turning
from shequ_core.ledger.inputs import what_changed as changes_of
from shequ_core.ledger.seal import Content, Ledger, SealedMonth, Sealing, other_results, seal_month
from shequ_core.ledger.stated import Statement, moved, restated, statement
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.law import Law
from shequ_core.tables.answers import ArrearsLines, PayChanges
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.values import Fen
from shequ_core.year.pay import PayMonth, run_month

INPUT_CHANGED: Final = "JLW2.4e-sealed-input-changed"
NOT_GIVEN: Final = "JLW2.4e-sealed-table-missing"
UNCLEAR: Final = "JLW2.4e-arrears-unclear"
CLAUSE: Final = "JLW2.4e"

Progress = Callable[[int, int], None]


@attrs.frozen(kw_only=True, eq=False)
class Restated:
    """The values of a month, worked out again or compared with another.

    Attributes:
        before: As they were when it was last worked out, or those of the other month.
        now: As they are known now.
        keys: By county or subdistrict, the keys whose value is another.
    """

    before: Statement
    now: Statement
    keys: Mapping[str, Sequence[str]]


@attrs.frozen(kw_only=True, eq=False)
class PayRun:
    """What a pay run comes to.

    Attributes:
        paid: The month itself.
        arrears: What is paid in it for earlier months.
        changes: Who is paid otherwise than in the month `against`, and why; None where none was asked for.
        against: That month, as 202206.
        sealed: The month as it was sealed, if it was.
        otherwise: What of the month is otherwise than it was sealed.
        unpaid: For a sealed month: what it comes to beyond what was paid for it, which the next open month pays;
            empty where less is asked for than later months took into account.
        restated: The values of each sealed month, when it was last worked out and now.
        compared: The values of the month `against`, and of this one.
        findings: Those of the month; facts behind sealed months that changed; what can't be said any more.
        content: What is sealed if the month is closed.
    """

    paid: PayMonth
    arrears: ArrearsLines
    changes: PayChanges | None
    against: int | None
    sealed: SealedMonth | None
    otherwise: tuple[Message, ...]
    unpaid: ArrearsLines
    restated: Mapping[int, Restated]
    compared: Restated | None
    findings: tuple[Finding, ...]
    content: Content
    _facts: Facts
    _digests: Mapping[Key, str]
    _stated: Statement

    @property
    def month(self) -> int:
        """The month, as 202207."""
        return months.number_of(self.paid.month)

    def total(self) -> Fen:
        """Return what the month's own slips come to."""
        return self.paid.total()


@attrs.frozen(kw_only=True, eq=False)
class Closed:
    """A month that was closed: the run, and its seal."""

    run: PayRun
    sealing: Sealing


def pay_run(
    data: Dataset,
    book: PolicyBook,
    place: str,
    month: date,
    ledger: Path | str,
    *,
    known: date | None = None,
    against: date | None = None,
    progress: Progress | None = None,
) -> PayRun:
    """Work out a month, the arrears of every month sealed before it, and who is paid otherwise; write nothing.

    Args:
        data: The tables of the place; rows in any order.
        book: The policies.
        place: The code of the place.
        month: Any day of the month.
        ledger: The folder of sealed months; it need not be there yet.
        known: Facts and policies as known on that day; None for all that is known now.
        against: Any day of a month with which to compare: as it was sealed, if it was.
        progress: Called with steps done and steps in all.

    Raises:
        LedgerError: Months between the last sealed one and this one were passed over, `known` lies before what
            a sealed month took into account, or a sealed month isn't as it was sealed.
        InputError: Rows that can't be: every one of them, by file, row and column.
        UnsetError: Values that nobody set: every one of them, with its clause.
        PlaceNotFoundError: There is no such place in that month.
        PlaceUnresolvedError: A plugin that speaks for a place of the run is at fault.
    """
    number = months.number_of(month)
    told = Ledger.open(ledger, place)
    told.check_next(number)
    return _run(data, book, told, number, known, None if against is None else months.number_of(against), progress)


def close_month(
    data: Dataset,
    book: PolicyBook,
    place: str,
    month: date,
    ledger: Path | str,
    *,
    sealed_on: date,
    known: date | None = None,
    progress: Progress | None = None,
) -> Closed:
    """Run a month and seal it with its arrears; a month that is sealed with the same result stays as it is.

    Args:
        data: As for `pay_run`, and so the next four and the last.
        book: As for `pay_run`.
        place: As for `pay_run`.
        month: As for `pay_run`.
        ledger: As for `pay_run`; it is made where it isn't there.
        sealed_on: Today. Without `known`, what becomes known after this day is a late fact.
        known: As for `pay_run`; what becomes known after this day is a late fact.
        progress: As for `pay_run`.

    Raises:
        LedgerError: It is sealed with another result; and as for `pay_run`.
        OutputError: It can't be written.
        ShequError: As for `pay_run`.
    """
    number = months.number_of(month)
    told = Ledger.open(ledger, place)
    told.check_next(number)
    run = _run(data, book, told, number, known, None, progress)
    before = [one.seal.cutoff for one in told.before(number)]
    last = [] if run._facts.last_known is None else [run._facts.last_known]
    sealing = seal_month(
        told,
        number,
        run.content,
        known=known,
        cutoff=known if known is not None else max([sealed_on, *last, *before]),
        sealed_on=sealed_on,
        fingerprints={code: policy.fingerprint for code, policy in run.paid.policies.items()},
        policies=run._stated,
        restated={
            earlier: other
            for earlier, one in run.restated.items()
            if earlier != number and (other := restated(one.before, one.now))
        },
        inputs=by_table(run._digests, run._facts.given()),
    )
    return Closed(run=run, sealing=sealing)


def _run(
    data: Dataset, book: PolicyBook, ledger: Ledger, number: int, known: date | None, against: int | None,
    progress: Progress | None,
) -> PayRun:
    earlier, there = ledger.before(number), ledger.find(number)
    _check_known(known, earlier)
    steps = len(earlier) + 1 + (against is not None)
    done = progress or (lambda _, __: None)
    paid = run_month(data, book, ledger.place, months.first_day(number), known=known)
    done(1, steps)
    facts = Facts.of(data)
    digests = facts.known(known, number)
    findings = [*paid.findings, *_changed_inputs((*earlier, *([there] if there else [])), facts, ledger.place)]
    arrears: list[ArrearsLines] = []
    said: dict[int, Restated] = {}
    for step, one in enumerate(earlier):
        again = run_month(data, book, ledger.place, months.first_day(one.month), known=known)
        lines, said[one.month], unclear = _arrears(ledger, one, again, book, facts, known, number)
        arrears.append(lines)
        findings += unclear
        done(step + 2, steps)
    stated = _statement(paid, book)
    content = Content(
        slips=paid.slips,
        arrears=ArrearsLines.concat(arrears) if arrears else ArrearsLines.empty(),
        pools=paid.pools,
        contributions=paid.contributions,
        inputs=as_table(digests),
    )
    otherwise: tuple[Message, ...] = ()
    unpaid = ArrearsLines.empty()
    if there is not None:
        otherwise, last = other_results(there, content), ledger.sealed[-1]
        if known is None or known >= last.seal.cutoff:
            unpaid, said[number], unclear = _arrears(
                ledger, there, paid, book, facts, known, months.after(last.month)
            )
            findings += unclear
    changes, compared = None, None
    if against is not None:
        changes, compared = _against(data, book, ledger, paid, stated, facts, known, against)
        done(steps, steps)
    return PayRun(
        paid=paid,
        arrears=content.arrears,
        changes=changes,
        against=against,
        sealed=there,
        otherwise=otherwise,
        unpaid=unpaid,
        restated=said,
        compared=compared,
        findings=in_order(findings),
        content=content,
        facts=facts,
        digests=digests,
        stated=stated,
    )


def _check_known(known: date | None, earlier: Sequence[SealedMonth]) -> None:
    """Raise `LedgerError` if a run would know less than a sealed month did: it would take back what was paid."""
    for one in earlier:
        if known is not None and known < one.seal.cutoff:
            raise LedgerError(
                msg(
                    "{month} was sealed with what was known on {cutoff}: as known on {known}, earlier than that, its"
                    " pay would be taken back. Name a later day, or none.",
                    month=months.shown(one.month), cutoff=one.seal.cutoff, known=known,
                )
            )


def _statement(paid: PayMonth, book: PolicyBook) -> Statement:
    """Return the values by which a month is paid: each county's, and those of subdistricts that have their own."""
    law = Law(book, paid.known, months.last_day(months.number_of(paid.month)))
    places = {code for code in paid.slips.subdistrict.vocabulary if code}
    policies = {code: law.policy(code, paid.month) for code in paid.policies}
    for code in sorted(places):
        own, county = law.policy(code, paid.month), code[:COUNTY_DIGITS]
        if county not in policies or own.fingerprint != policies[county].fingerprint:
            policies[code] = own
    return statement(policies)


def _arrears(
    ledger: Ledger, sealed: SealedMonth, again: PayMonth, book: PolicyBook, facts: Facts, known: date | None, month: int
) -> tuple[ArrearsLines, Restated, list[Finding]]:
    """Return what is owed for a sealed month in an open one, each line with its cause."""
    number = sealed.month
    then = sealed.slips
    told = owed(again.slips, then, ledger.paid_for(number, month), month=month, of_month=number)
    last = ledger.before(month)[-1]
    before, now = ledger.stated(number, month), _statement(again, book)
    keys = moved(before, now)
    other = changed(last.digests, facts.known(known, last.month), until=number)
    what = Changed.of(keys, other, version=last.seal.shequ_core != version("shequ-core"))
    causes = Causes.of_arrears(what, again.slips, then)
    unclear = [
        Finding(
            code=UNCLEAR, grade=Grade.NOT_EXAMINED, clause=CLAUSE, subject=worker,
            message=msg(
                "{month}: a line was paid that can't be worked out any more, so nobody can say what is owed for it",
                month=months.shown(number),
            ),
        )
        for worker in dict.fromkeys(worker for worker, _ in told.unclear)
    ]
    lines = with_causes(told.lines, causes.of_lines(told.lines))
    return lines, Restated(before=before, now=now, keys=keys), unclear


def _against(
    data: Dataset, book: PolicyBook, ledger: Ledger, paid: PayMonth, stated: Statement, facts: Facts,
    known: date | None, against: int,
) -> tuple[PayChanges, Restated]:
    """Return who is paid otherwise than in another month: as that was sealed, or else as it is worked out now."""
    number = months.number_of(paid.month)
    sealed = ledger.find(against)
    keys = set[Key]()
    if sealed is not None:
        then, before = sealed.slips, sealed.seal.policies
        keys |= changed(sealed.digests, facts.known(known, against))
    else:
        other = run_month(data, book, ledger.place, months.first_day(against), known=known)
        then, before = other.slips, _statement(other, book)
    low, high = sorted((number, against))
    turns = turning(as_known_dataset(data, known), months.first_day(low), months.last_day(high))
    keys |= {(table, subject, 0) for table, subject in turns}
    moves = moved(before, stated)
    another = sealed is not None and sealed.seal.shequ_core != version("shequ-core")
    told = differences(paid.slips, then, month=number, against=against)
    causes = Causes.of_months(Changed.of(moves, keys, version=another), paid.slips, then)
    return with_causes(told, causes.of_lines(told)), Restated(before=before, now=stated, keys=moves)


def _changed_inputs(sealed: Sequence[SealedMonth], facts: Facts, place: str) -> list[Finding]:
    """Return which facts behind sealed months are otherwise than they were; late facts aren't among them."""
    found: dict[tuple[str, str], dict[int, Change]] = {}
    gone: dict[str, list[int]] = {}
    for one in sealed:
        missing = {table for table, digest in one.seal.inputs.items() if digest is not None} - set(facts.given())
        for table in sorted(missing):
            gone.setdefault(table, []).append(one.month)
        now = facts.known(one.seal.cutoff, one.month)
        for key, how in changes_of(one.digests, now).items():
            if key[0] not in missing:
                found.setdefault(key, {})[one.month] = how
    findings = [
        Finding(
            code=NOT_GIVEN, grade=Grade.NOTE, clause=CLAUSE, subject=place,
            message=msg(
                "the table {table} was given when {months} were sealed, and is missing now: arrears take what it moved"
                " away. Give it again, if only with what it held.",
                table=FactTable(table), months=_span(some),
            ),
        )
        for table, some in gone.items()
    ]
    for (table, subject), by_month in found.items():
        kinds = set(by_month.values())
        findings.append(
            Finding(
                code=INPUT_CHANGED, grade=Grade.NOTE, clause=CLAUSE, subject=subject,
                message=_how(kinds.pop() if len(kinds) == 1 else Change.OTHER, FactTable(table), _span(list(by_month))),
            )
        )
    return findings


def _how(how: Change, table: FactTable, which: str) -> Message:
    if how is Change.NEW:
        return msg(
            "{table}: a fact of {months}, sealed before, was added as if it had been known then; arrears pay what it"
            " moves. Say in known_on when it became known.",
            table=table, months=which,
        )
    if how is Change.GONE:
        return msg(
            "{table}: a fact on which {months}, sealed before, rested is gone; arrears pay what it moved. To take a"
            " fact back, keep the row and add one that withdraws it.",
            table=table, months=which,
        )
    return msg(
        "{table}: a fact on which {months}, sealed before, rested was changed; arrears pay what it moves. To correct a"
        " fact, keep the row and add one with the day in known_on.",
        table=table, months=which,
    )


def _span(some: Sequence[int]) -> str:
    first, last = months.shown(min(some)), months.shown(max(some))
    return first if first == last else f"{first}–{last}"
