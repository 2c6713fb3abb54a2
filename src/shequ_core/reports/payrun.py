"""A pay run in words and as data: what is owed for earlier months, who is paid otherwise, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.errors import Message, msg
from shequ_core.ledger import months
from shequ_core.ledger.causes import FACT, POLICY, POOL, policy_moves
from shequ_core.ledger.difference import LINES, paid_out
from shequ_core.ledger.inputs import FactTable
from shequ_core.ledger.seal import Seal, totals_of
from shequ_core.ledger.stated import Stated, values_at
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, ArrearsLine, PayChange
from shequ_core.reports.lines import CAUSES, line_word
from shequ_core.reports.wording import labelled, listed, phrases, say, several, word
from shequ_core.tables.answers import ArrearsLines, PayChanges
from shequ_core.values import Fen, JsonValue, Lang, Status
from shequ_core.year.payrun import INPUT_CHANGED, NOT_GIVEN, Closed, PayRun, Restated

_LETTERS: Final = 12
"""So many letters of a seal's digest are shown."""

Amount: TypeAlias = tuple[str, Fen, str]
"""A line, by how much, and the codes of its cause."""


@attrs.frozen(kw_only=True)
class Told:
    """One person in words.

    Attributes:
        worker: The person's id.
        amount: What is paid more, or less with a minus: earnings less deductions.
        lines: What moved, by how much, and why.
    """

    worker: str
    amount: str
    lines: Sequence[str]


# --- words -------------------------------------------------------------------------------------------


def signed(amount: Fen) -> str:
    """Write a difference in yuan, with its sign."""
    return f"+{amount.yuan()}" if amount > 0 else amount.yuan()


def month_words(some: Iterable[int], lang: Lang) -> str:
    """Write months, runs of them as first and last."""
    runs: list[tuple[int, int]] = []
    for month in sorted(set(some)):
        if runs and months.after(runs[-1][1]) == month:
            runs[-1] = runs[-1][0], month
        else:
            runs.append((month, month))
    texts = [
        months.shown(first) if first == last else f"{months.shown(first)}–{months.shown(last)}" for first, last in runs
    ]
    return listed(texts, lang)


def cause_words(said: Restated, codes: str, lang: Lang) -> str:
    """Say why a line differs; a value of the place with the document that has it."""
    told = [say(one, lang) for code in codes.split() for one in _cause(said, code)]
    return several(dict.fromkeys(told), lang)


def _cause(said: Restated, code: str) -> Iterator[Message]:
    if code.startswith(POLICY):
        key = code.removeprefix(POLICY)
        for stated in _now(said, key):
            yield (
                msg("{key} is no longer set", key=key)
                if stated is None
                else msg(
                    "{key}: {document}, known since {day}", key=key, document=_document(stated), day=stated.known_on
                )
            )
    elif code.startswith(FACT):
        yield msg("facts: {table}", table=FactTable(code.removeprefix(FACT)))
    else:
        yield CAUSES[code]


def _now(said: Restated, key: str) -> Iterator[Stated | None]:
    for place, keys in said.keys.items():
        if key in keys:
            yield (values_at(said.now, place) or {}).get(key)


def _document(stated: Stated) -> str:
    return f"《{stated.document}》{stated.article or ''}"


def arrears_told(run: PayRun, table: ArrearsLines, lang: Lang) -> list[Told]:
    """Say who is paid arrears of which months, and why; months with the same lines stand together."""
    people: dict[str, list[ArrearsLine]] = {}
    for line in table:
        people.setdefault(line.worker, []).append(line)
    told = []
    for worker, lines in sorted(people.items()):
        by_month: dict[int, list[Amount]] = {}
        for one in lines:
            by_month.setdefault(one.of_month, []).append((one.line, one.amount, one.cause))
        alike: dict[tuple[str, ...], list[int]] = {}
        for month, amounts in by_month.items():
            alike.setdefault(_amounts(run.restated[month], amounts, lang), []).append(month)
        texts = []
        for words, some in alike.items():
            when = month_words(some, lang)
            label = say(msg("{months}, each", months=when), lang) if len(some) > 1 else when
            texts += [labelled(label, text, lang) for text in words]
        told.append(Told(worker=worker, amount=signed(_to_pay((one.line, one.amount) for one in lines)), lines=texts))
    return told


def changes_told(table: PayChanges, said: Restated, lang: Lang) -> list[Told]:
    """Say who is paid otherwise than in the other month, by how much, and why."""
    people: dict[str, list[PayChange]] = {}
    for line in table:
        people.setdefault(line.worker, []).append(line)
    return [
        Told(
            worker=worker,
            amount=signed(_to_pay((one.line, one.difference) for one in lines)),
            lines=_amounts(said, [(one.line, one.difference, one.cause) for one in lines], lang),
        )
        for worker, lines in sorted(people.items())
    ]


def apart(table: PayChanges) -> tuple[PayChanges, PayChanges]:
    """Return the changes of people about whom something changed, and of those whose pool others moved and no more."""
    moved = {line.worker for line in table if line.cause != POOL}
    own = table.worker.is_in(moved).true()
    return table.where(own), table.where(~own)


def _amounts(said: Restated, amounts: Iterable[Amount], lang: Lang) -> tuple[str, ...]:
    """Say lines and their amounts, those of one cause together."""
    by_cause: dict[str, list[str]] = {}
    for line, amount, cause in amounts:
        by_cause.setdefault(cause, []).append(f"{line_word(line, lang)} {signed(amount)}")
    return tuple(
        say(msg("{amounts} ({why})", amounts=tuple(some), why=cause_words(said, cause, lang)), lang)
        for cause, some in by_cause.items()
    )


def _to_pay(amounts: Iterable[tuple[str, Fen]]) -> Fen:
    signs = {**dict.fromkeys(EARNINGS, 1), **dict.fromkeys(DEDUCTIONS, -1)}
    return Fen(sum(signs.get(line, 0) * amount for line, amount in amounts))


def rests_on(run: PayRun) -> tuple[tuple[str, ...], tuple[Status, ...]]:
    """Return the values behind pay that nobody issued, and how sure they are."""
    told: dict[str, set[Status]] = {}
    for policy in run.paid.policies.values():
        for key, statuses in policy.uncertain().items():
            if any(policy_moves(key, line) for line in LINES):
                told.setdefault(key, set()).update(one for one in statuses if one.asked_for)
    return tuple(sorted(told)), tuple(sorted({one for found in told.values() for one in found}))


# --- text --------------------------------------------------------------------------------------------


def run_text(run: PayRun, place: str, lang: Lang) -> str:
    """Tell a run: what it comes to, arrears, who is paid otherwise, findings.

    Args:
        run: The run.
        place: The place's whole name.
        lang: The language.
    """
    lines = [f"{place} {months.shown(run.month)}", *_summary(run, lang)]
    if len(run.arrears):
        lines += ["", say("Arrears", lang), *_people(arrears_told(run, run.arrears, lang))]
    if len(run.unpaid):
        heading = say("Owed beyond what was paid; the next open month pays it", lang)
        lines += ["", heading, *_people(arrears_told(run, run.unpaid, lang))]
    if run.changes is not None and run.compared is not None and run.against is not None:
        own, by_others = apart(run.changes)
        against = msg(
            "Against {month}: {people} people are paid otherwise, {amount} yuan in all",
            month=months.shown(run.against), people=len({*run.changes.worker}), amount=signed(paid_out(run.changes)),
        )
        lines += ["", say(against, lang), *_people(changes_told(own, run.compared, lang))]
        if len(by_others):
            rest = msg(
                "{people} people by nothing but their subdistrict's pool, which others moved: {amount} yuan in all"
                " (--json lists each)",
                people=len({*by_others.worker}), amount=signed(paid_out(by_others)),
            )
            lines.append(f"  {say(rest, lang)}")
    if run.findings:
        lines += ["", say("Findings", lang)]
        for one in run.findings:
            lines.append(f"  {phrases((one.code, one.subject, word(one.grade, lang)), lang)}")
            lines.append(f"    {say(one.message, lang)}")
    return "\n".join(lines)


def closed_text(closed: Closed, place: str, lang: Lang) -> str:
    """Tell what was sealed, or that it was sealed before."""
    seal = closed.sealing.sealed.seal
    lines = [f"{place} {months.shown(seal.month)}", *_summary(closed.run, lang)]
    lines.append(
        say(
            msg(
                "Sealed in {folder}: {digest}. Note these letters: they tell later whether it is the same seal.",
                folder=closed.sealing.sealed.folder.as_posix(), digest=seal.digest[:_LETTERS],
            )
            if closed.sealing.fresh
            else msg("It was sealed before, with the same result: nothing was written."),
            lang,
        )
    )
    changed = sum(one.code in {INPUT_CHANGED, NOT_GIVEN} for one in closed.run.findings)
    if changed:
        told = msg("Facts behind sealed months were changed ({count}): `shequ pay run` tells which.", count=changed)
        lines.append(say(told, lang))
    return "\n".join(lines)


def _people(told: Sequence[Told]) -> Iterator[str]:
    for one in told:
        yield f"  {one.worker} {one.amount}"
        yield from (f"    {line}" for line in one.lines)


def _summary(run: PayRun, lang: Lang) -> list[str]:
    """Say what a month comes to, whether it is sealed, and what it rests on."""
    slips = run.content.slips
    amounts = {line: _known_sum(slips.column(line)) for line in LINES}
    told = [
        msg(
            "{people} people, {slips} slips, {total} yuan: {lines}.",
            people=len({*slips.worker}), slips=len(slips), total=run.total(),
            lines=tuple(f"{line_word(line, lang)} {amount.yuan()}" for line, amount in amounts.items() if amount),
        )
    ]
    if len(run.arrears):
        of_months = [one for one in run.arrears.of_month if one is not None]
        told.append(
            msg(
                "Arrears of {months}: {people} people, {amount} yuan.",
                months=month_words(of_months, lang), people=len({*run.arrears.worker}),
                amount=signed(paid_out(run.arrears)),
            )
        )
    if run.sealed is not None:
        seal = run.sealed.seal
        told.append(
            msg(
                "It was sealed on {day} and stays as it was paid ({digest}).",
                day=seal.sealed_on, digest=seal.digest[:_LETTERS],
            )
        )
        told.append(
            msg("Worked out again it is otherwise: {what}.", what=run.otherwise)
            if run.otherwise
            else msg("Worked out again it comes to the same.")
        )
    keys, statuses = rests_on(run)
    if keys:
        marks = tuple(word(one, lang) for one in statuses)
        told.append(msg("It rests on values that nobody issued ({statuses}): {keys}.", statuses=marks, keys=keys))
    return [say(one, lang) for one in told]


def _known_sum(column: Any) -> Fen:  # Any: an amount, by the name of its line
    return Fen(int(column.values[column.mask()].sum()))


# --- data --------------------------------------------------------------------------------------------


def run_data(run: PayRun, place: str) -> dict[str, JsonValue]:
    """Return a run as `shequ pay run --json` shows it; money as yuan text.

    Args:
        run: The run.
        place: The place's whole name.
    """
    keys, statuses = rests_on(run)
    return {
        "place": run.paid.place,
        "name": place,
        "month": months.shown(run.month),
        "known": None if run.paid.known is None else run.paid.known.isoformat(),
        "shequ_core": version("shequ-core"),
        "rests_on": list(keys),
        "marks": [one.value for one in statuses],
        "policies": {code: policy.fingerprint for code, policy in sorted(run.paid.policies.items())},
        "totals": totals_of(run.content),
        "sealed": None if run.sealed is None else seal_data(run.sealed.seal),
        "otherwise_than_sealed": [str(one) for one in run.otherwise],
        "unpaid": [_line(one) for one in run.unpaid],
        "arrears": [_line(one) for one in run.arrears],
        "against": None if run.against is None else months.shown(run.against),
        "changes": None if run.changes is None else [_change(one) for one in run.changes],
        "values": {months.shown(month): _values(said) for month, said in sorted(run.restated.items()) if said.keys},
        "values_against": None if run.compared is None else _values(run.compared),
        "findings": [
            {"code": one.code, "grade": one.grade.value, "clause": one.clause, "subject": one.subject,
             "what": str(one.message)}
            for one in run.findings
        ],
    }


def seal_data(seal: Seal) -> dict[str, JsonValue]:
    """Return what is said of a seal."""
    return {
        "digest": seal.digest,
        "month": months.shown(seal.month),
        "sealed_on": seal.sealed_on.isoformat(),
        "known": None if seal.known is None else seal.known.isoformat(),
        "cutoff": seal.cutoff.isoformat(),
        "previous": seal.previous,
        "files": dict(sorted(seal.files.items())),
        "totals": seal.totals,
    }


def _line(one: ArrearsLine) -> dict[str, JsonValue]:
    return {
        "worker": one.worker, "of_month": months.shown(one.of_month), "line": one.line, "amount": one.amount.yuan(),
        "cause": one.cause.split(), "subdistrict": one.subdistrict,
    }


def _change(one: PayChange) -> dict[str, JsonValue]:
    return {
        "worker": one.worker, "line": one.line, "before": _yuan(one.before), "after": _yuan(one.after),
        "difference": one.difference.yuan(), "cause": one.cause.split(),
    }


def _yuan(amount: Fen | None) -> str | None:
    return None if amount is None else amount.yuan()


def _values(said: Restated) -> dict[str, JsonValue]:
    def one(values: Mapping[str, Stated | None] | None, key: str) -> JsonValue:
        stated = (values or {}).get(key)
        return None if stated is None else stated.to_data()

    return {
        place: {
            key: {"before": one(values_at(said.before, place), key), "now": one(values_at(said.now, place), key)}
            for key in keys
        }
        for place, keys in sorted(said.keys.items())
    }
