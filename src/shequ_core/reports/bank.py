"""The file for the bank: who is paid how much, and beside it what it sums to and what it rests on.

The file is CSV with a mark of UTF-8 at its beginning, one row a person and nothing else, so that a bank
can read it. Whose amount is what, and the caveats, stand in the head of the amount; count and sum stand in
the JSON file beside it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

import attrs

from shequ_core.errors import OutputError, OverpaidError, WorkerNotFoundError, msg
from shequ_core.reports.lines import head_word, line_word, month_text
from shequ_core.reports.out import write_together
from shequ_core.reports.slip import PaySlips
from shequ_core.reports.wording import as_json, bracketed, phrases, say, word
from shequ_core.tables.answers import PersonYears
from shequ_core.tables.cells import marked
from shequ_core.values import Fen, JsonValue, Lang, Status
from shequ_core.year.rests import Rests

BESIDE: Final = ".json"


@attrs.frozen
class Payment:
    """What one person is paid.

    Attributes:
        net: Whether contributions are taken off; nobody can tell them otherwise.
    """

    worker: str
    name: str | None
    amount: Fen
    net: bool


@attrs.frozen(kw_only=True)
class BankFile:
    """What a bank is told to pay in a month.

    Attributes:
        place: The place's code.
        where: Its name.
        month: The month, as 202207.
        payments: Everybody to whom something is paid, in the order of the slips.
        nothing: The ids of those to whom nothing is paid this month.
        left_out: Who was left out on purpose, with the amount that isn't in the file.
        rests: What all of it rests on.
    """

    place: str
    where: str
    month: int
    payments: tuple[Payment, ...]
    nothing: tuple[str, ...]
    left_out: tuple[tuple[str, Fen], ...]
    rests: Rests

    @property
    def total(self) -> Fen:
        """What the bank pays in all."""
        return Fen(sum(one.amount for one in self.payments))

    @property
    def gross(self) -> tuple[str, ...]:
        """The ids of those whose contributions nobody can tell: nothing is taken off for them."""
        return tuple(one.worker for one in self.payments if not one.net)

    def to_csv(self, lang: Lang) -> bytes:
        """Return the file's bytes: UTF-8 with its mark, lines that end in CR LF, amounts in yuan."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(self._heads(lang))
        writer.writerows(
            (marked(one.worker), marked(one.name or ""), one.amount.yuan()) for one in self.payments
        )
        return text.getvalue().encode("utf-8-sig")

    def _heads(self, lang: Lang) -> Sequence[str]:
        caveats = [say("yuan", lang)]
        if self.gross:
            count, people = len(self.gross), len(self.payments)
            told = msg("contributions not taken off for {count} of {people}", count=count, people=people)
            caveats.append(say(told, lang))
        caveats += [word(Status(one), lang) for one in self.rests.marks]
        if self.rests.synthetic:
            caveats.append(say("synthetic", lang))
        amount = bracketed(say("Paid out", lang), phrases(caveats, lang), lang)
        return line_word("worker", lang), head_word(PersonYears, "name", lang), amount

    def to_data(self, content: bytes) -> dict[str, JsonValue]:
        """Return what stands beside the file.

        Args:
            content: The file's bytes.
        """
        return {
            "place": self.place,
            "name": self.where,
            "month": month_text(self.month),
            "shequ_core": version("shequ-core"),
            "count": len(self.payments),
            "sum": self.total.yuan(),
            "contributions_not_taken_off": list(self.gross),
            "nothing_paid": list(self.nothing),
            "left_out": {worker: amount.yuan() for worker, amount in self.left_out},
            **self.rests.to_data(),
            "sha256": hashlib.sha256(content).hexdigest(),
        }


def bank_file(slips: PaySlips, *, without: Collection[str] = ()) -> BankFile:
    """Return what a bank is told to pay: net pay and arrears of each slip, the sum of all slips.

    Where nobody can tell a person's contributions nothing is taken off, and the file says so.

    Args:
        slips: The slips of the month.
        without: The ids of people who are left out, since it is settled with them otherwise.

    Raises:
        OverpaidError: More is taken from somebody, for earlier months or as contributions, than the month brings.
        WorkerNotFoundError: Somebody who is to be left out isn't paid in the month.
    """
    unknown = sorted(set(without) - set(slips))
    if unknown:
        raise WorkerNotFoundError(
            msg("nobody of that id is paid in {month}: {workers}", month=month_text(slips.number), workers=unknown)
        )
    every = list(slips.values())
    kept = [one for one in every if one.worker not in set(without)]
    overpaid = [one.worker for one in kept if one.paid < 0]
    if overpaid:
        raise OverpaidError(overpaid)
    return BankFile(
        place=slips.month.place,
        where=slips.where(slips.month.place),
        month=slips.number,
        payments=tuple(
            Payment(one.worker, one.name, one.paid, one.net is not None) for one in kept if one.paid
        ),
        nothing=tuple(one.worker for one in kept if not one.paid),
        left_out=tuple((one.worker, one.paid) for one in every if one.worker in set(without)),
        rests=slips.rests(),
    )


def write_bank_file(told: BankFile, out: Path, lang: Lang) -> Path:
    """Write the file, and what it sums to beside it under the same name with `.json`, whose path is returned.

    Raises:
        OutputError: The name doesn't end in .csv, something is there already, or it can't be written.
    """
    if out.suffix.casefold() != ".csv":
        raise OutputError(msg("{out} is no name for the bank's file: let it end in .csv", out=out.name))
    content = told.to_csv(lang)
    beside = out.with_name(out.name + BESIDE)
    write_together({out: content, beside: (as_json(told.to_data(content)) + "\n").encode()})
    return beside
