"""Sealed months as files: `DIR/<place>/<2022-07>/`, written once, verified whenever they are read.

Each seal names the digest of every file and of the seal before, so that a file that was changed, lost
or put in another place is noticed. A month is made in a folder beside and moved into place in one step:
it is there whole or not at all, and what is there is never written to again. No clock is read here.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs
import numpy as np

from shequ_core.errors import InputError, LedgerError, Message, OutputError, msg
from shequ_core.ledger import months
from shequ_core.ledger.difference import LINES, differences, paid_out, withheld
from shequ_core.ledger.inputs import PAY_TABLES, Key, from_table
from shequ_core.ledger.stated import Statement, from_data, laid_over, to_data
from shequ_core.model.places import level_of
from shequ_core.tables.answers import ArrearsLines, ContributionLines, InputDigests, PoolMonths, Slips
from shequ_core.tables.columns import FenColumn, TextColumn
from shequ_core.tables.disk import settle
from shequ_core.tables.frames import parquet_bytes
from shequ_core.tables.table import Table
from shequ_core.values import Fen, JsonValue

AnyTable = TypeVar("AnyTable", bound=Table[Any])  # Any: tables of an answer

SEAL: Final = "seal.json"
FORM: Final = 1
"""The form of the files; a later one is refused rather than misread."""

KINDS: Final[Mapping[str, type[Table[Any]]]] = {  # Any: tables of an answer
    "slips": Slips,
    "arrears": ArrearsLines,
    "pools": PoolMonths,
    "contributions": ContributionLines,
    "inputs": InputDigests,
}
RESULTS: Final = ("slips", "arrears", "pools", "contributions")
"""What a month came to; `inputs` is what it rested on."""

_ORDER: Final[Mapping[str, tuple[str, ...]]] = {
    "slips": ("subdistrict", "community", "worker", "since", "post"),
    "arrears": ("subdistrict", "worker", "of_month", "line"),
    "pools": ("subdistrict", "month"),
    "contributions": ("worker", "month", "scheme"),
    "inputs": ("table", "subject", "since"),
}
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


@attrs.frozen(kw_only=True, eq=False)
class Content:
    """What is sealed of a month, rows in a fixed order."""

    slips: Slips
    arrears: ArrearsLines
    pools: PoolMonths
    contributions: ContributionLines
    inputs: InputDigests

    def __attrs_post_init__(self) -> None:
        for name in KINDS:
            object.__setattr__(self, name, _in_order(self.table(name), _ORDER[name]))

    def table(self, name: str) -> Table[Any]:  # Any: tables of an answer
        """Return a table by its name."""
        found: Table[Any] = getattr(self, name)
        return found


def _in_order(table: AnyTable, fields: Sequence[str]) -> AnyTable:
    keys = []
    for field in reversed(fields):
        column = table.column(field)
        keys.append(column.rank() if isinstance(column, TextColumn) else column.values)
    return table.take(np.lexsort(keys).astype(np.int64))


@attrs.frozen(kw_only=True)
class Seal:
    """What is said of a sealed month.

    Attributes:
        place: The place's code.
        month: The month, as 202207.
        known: As known on that day; None for all that was known.
        cutoff: What became known by this day was taken into account; what became known later is a late fact.
        sealed_on: The day on which it was sealed, as whoever sealed it said.
        shequ_core: The version of the library.
        fingerprints: The fingerprint of each county's policy.
        policies: Every value in force in the month, by county.
        restated: For earlier months, the values that were otherwise when their arrears were worked out.
        inputs: A digest of each table of facts, None for those that were not given.
        files: The SHA-256 of each file.
        totals: What the month came to, in yuan.
        previous: The digest of the seal before; None for the first.
        digest: The SHA-256 of all this.
    """

    place: str
    month: int
    known: date | None
    cutoff: date
    sealed_on: date
    shequ_core: str
    fingerprints: Mapping[str, str]
    policies: Statement
    restated: Mapping[int, Statement]
    inputs: Mapping[str, str | None]
    files: Mapping[str, str]
    totals: Mapping[str, JsonValue]
    previous: str | None
    digest: str = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(_json(self._said())).hexdigest())

    def _said(self) -> dict[str, JsonValue]:
        return {
            "form": FORM,
            "place": self.place,
            "month": months.shown(self.month),
            "known": None if self.known is None else self.known.isoformat(),
            "cutoff": self.cutoff.isoformat(),
            "sealed_on": self.sealed_on.isoformat(),
            "shequ_core": self.shequ_core,
            "previous": self.previous,
            "totals": self.totals,
            "files": dict(sorted(self.files.items())),
            "inputs": self.inputs,
            "fingerprints": dict(sorted(self.fingerprints.items())),
            "policies": to_data(self.policies),
            "restated": {months.shown(month): to_data(said) for month, said in sorted(self.restated.items())},
        }

    def to_bytes(self) -> bytes:
        """Return the seal as its file holds it."""
        return _json({"digest": self.digest, **self._said()})

    def _check(self) -> None:
        """Raise `TypeError` unless what is read of it is of its type: whoever writes a digest can write anything."""
        told = [self.place, self.shequ_core, *self.fingerprints.values(), *self.files.values()]
        told += [one for one in (self.previous, *self.inputs.values()) if one is not None]
        if not all(isinstance(one, str) for one in told) or not isinstance(self.totals, Mapping):
            raise TypeError("text")
        if not self.inputs.keys() <= frozenset(PAY_TABLES):
            raise TypeError("tables")

    @classmethod
    def from_bytes(cls, content: bytes) -> Seal:
        """Read a seal.

        Raises:
            ValueError: It isn't one, or not as it was written.
        """
        try:
            data = json.loads(content)
            if data["form"] != FORM:
                raise ValueError(f"form {data['form']}")
            seal = cls(
                place=data["place"],
                month=_number(data["month"]),
                known=None if data["known"] is None else date.fromisoformat(data["known"]),
                cutoff=date.fromisoformat(data["cutoff"]),
                sealed_on=date.fromisoformat(data["sealed_on"]),
                shequ_core=data["shequ_core"],
                fingerprints=data["fingerprints"],
                policies=from_data(data["policies"]),
                restated={_number(month): from_data(said) for month, said in data["restated"].items()},
                inputs=data["inputs"],
                files=data["files"],
                totals=data["totals"],
                previous=data["previous"],
            )
            seal._check()
        except (KeyError, TypeError, AttributeError, RecursionError) as error:
            raise ValueError(type(error).__name__) from None
        if seal.to_bytes() != content:
            raise ValueError("other bytes")
        return seal


def _json(data: JsonValue) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _number(text: str) -> int:
    if not _MONTH.fullmatch(text):
        raise ValueError(text)
    return int(text.replace("-", ""))


class SealedMonth:
    """A month that was sealed; a table is verified when it is read.

    Attributes:
        seal: What is said of it.
        folder: Where it is.
    """

    def __init__(self, folder: Path, seal: Seal) -> None:
        self.folder, self.seal = folder, seal

    @property
    def month(self) -> int:
        """The month, as 202207."""
        return self.seal.month

    @property
    def slips(self) -> Slips:
        """What was paid."""
        return self._read("slips", Slips)

    @cached_property
    def arrears(self) -> ArrearsLines:
        """What was paid for earlier months."""
        return self._read("arrears", ArrearsLines)

    @property
    def pools(self) -> PoolMonths:
        """The pools of the subdistricts."""
        return self._read("pools", PoolMonths)

    @property
    def contributions(self) -> ContributionLines:
        """Insurances and housing fund, scheme by scheme."""
        return self._read("contributions", ContributionLines)

    @property
    def inputs(self) -> InputDigests:
        """Digests of the facts on which it rested."""
        return self._read("inputs", InputDigests)

    @cached_property
    def digests(self) -> dict[Key, str]:
        """The same by table, subject and month of beginning."""
        return from_table(self.inputs)

    def verify(self) -> None:
        """Raise `LedgerError` unless every file is as it was sealed."""
        for name in KINDS:
            self._bytes(name)

    def _read(self, name: str, kind: type[AnyTable]) -> AnyTable:
        import pyarrow.parquet

        content = self._bytes(name)
        try:
            return kind.from_frame(pyarrow.parquet.read_table(io.BytesIO(content)))
        except (InputError, pyarrow.ArrowException):  # the seal was made anew for a file that is none of ours
            raise _damaged(self.folder / f"{name}.parquet") from None

    def _bytes(self, name: str) -> bytes:
        path = self.folder / f"{name}.parquet"
        content = _content(path)
        if self.seal.files.get(path.name) != hashlib.sha256(content).hexdigest():
            raise _damaged(path)
        return content


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise LedgerError(
            msg(
                "{file} of the sealed month {month} is missing: put it back from a copy",
                file=path.name, month=path.parent.name,
            )
        ) from None
    except OSError as error:
        raise LedgerError(
            msg("{file} of the sealed month {month} can't be read: {why}", file=path.name, month=path.parent.name,
                why=error.strerror or type(error).__name__)
        ) from None


def _damaged(path: Path) -> LedgerError:
    return LedgerError(
        msg(
            "{file} of the sealed month {month} is not as it was sealed: put it back from a copy",
            file=path.name, month=path.parent.name,
        )
    )


@attrs.frozen(kw_only=True, eq=False)
class Ledger:
    """The sealed months of a place, oldest first, each verified.

    Attributes:
        folder: The folder of all places.
        place: The place's code.
    """

    folder: Path
    place: str
    sealed: tuple[SealedMonth, ...]

    @classmethod
    def open(cls, folder: Path | str, place: str) -> Ledger:
        """Read and verify all sealed months of a place; a place without any has an empty ledger.

        Raises:
            PlaceNotFoundError: The place is no code.
            LedgerError: A file was changed, is missing or stands where it doesn't belong: which, and what to do.
        """
        folder = Path(folder)
        level_of(place)  # a code, and no way out of the folder
        _names(folder)
        home = folder / place
        names = [name for name in _names(home) if _MONTH.fullmatch(name)]
        found: list[SealedMonth] = []
        for name in names:
            sealed = _sealed(home / name, place)
            before = found[-1] if found else None
            _check_chain(sealed, before)
            sealed.verify()
            found.append(sealed)
        return cls(folder=folder, place=place, sealed=tuple(found))

    def find(self, month: int) -> SealedMonth | None:
        """Return a month, None where it isn't sealed."""
        return next((one for one in self.sealed if one.month == month), None)

    def before(self, month: int) -> tuple[SealedMonth, ...]:
        """Return the months sealed before one."""
        return tuple(one for one in self.sealed if one.month < month)

    def check_next(self, month: int) -> None:
        """Raise `LedgerError` unless a month is sealed, or may be the next one to be.

        Months that are passed over would be passed over for ever: they are named. A place above or below
        that has months here too would pay the same people twice.
        """
        for other in self._related():
            raise LedgerError(
                msg(
                    "this ledger has sealed months of {other} too, and one of it and {place} lies in the other: people"
                    " would be paid twice. Name another folder.",
                    other=other, place=self.place,
                )
            )
        if not self.sealed or self.find(month) is not None:
            return
        first, last = self.sealed[0].month, self.sealed[-1].month
        if month < first:
            raise LedgerError(
                msg(
                    "the ledger of {place} begins with {first}: {month} lies before it and can't be added",
                    place=self.place, first=months.shown(first), month=months.shown(month),
                )
            )
        missing = months.between(last, month)
        if missing:
            raise LedgerError(
                msg(
                    "{missing} must be sealed before {month}: a month that is passed over would never be paid",
                    missing=tuple(map(months.shown, missing)), month=months.shown(month),
                )
            )

    def _related(self) -> list[str]:
        """Return the places above and below that have sealed months here."""
        return [
            name
            for name in _names(self.folder)
            if name != self.place and name.isdecimal()
            and (name.startswith(self.place) or self.place.startswith(name))
            and (self.folder / name).is_dir() and any(map(_MONTH.fullmatch, _names(self.folder / name)))
        ]

    def stated(self, month: int, until: int) -> Statement:
        """Return the values of a sealed month as they were when it was last worked out before a month."""
        said: Statement = {}
        for one in self.before(until):
            said = one.seal.policies if one.month == month else laid_over(said, one.seal.restated.get(month, {}))
        return said

    def paid_for(self, month: int, until: int | None = None) -> ArrearsLines:
        """Return the arrears of a month that are sealed, those before another month alone if it is given."""
        some = [one.arrears for one in self.sealed if one.month > month and (until is None or one.month < until)]
        found = ArrearsLines.concat(some) if some else ArrearsLines.empty()
        return found.where((found.of_month == month).true())


def _names(folder: Path) -> list[str]:
    """Return what lies in a folder, nothing where it isn't there yet."""
    try:
        return sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return []
    except NotADirectoryError:
        there = next(path for path in (folder, *folder.parents) if path.exists())
        raise LedgerError(msg("{folder} is a file: name the folder of the ledger", folder=there.name)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in its name
        why = getattr(error, "strerror", None) or str(error)
        raise LedgerError(msg("{folder} can't be read: {why}", folder=str(folder), why=why)) from None


def _sealed(folder: Path, place: str) -> SealedMonth:
    path = folder / SEAL
    try:
        seal = Seal.from_bytes(_content(path))
    except ValueError as error:
        if isinstance(error, LedgerError):
            raise
        raise _damaged(path) from None
    if (seal.place, months.shown(seal.month)) != (place, folder.name):
        raise LedgerError(
            msg(
                "{folder} holds the seal of {place} {month}: move it where it belongs",
                folder=f"{place}/{folder.name}", place=seal.place, month=months.shown(seal.month),
            )
        )
    return SealedMonth(folder, seal)


def _check_chain(sealed: SealedMonth, before: SealedMonth | None) -> None:
    """Raise `LedgerError` unless a seal names the seal before it."""
    month = months.shown(sealed.month)
    if before is None and sealed.seal.previous is not None:
        raise LedgerError(msg("the months before the sealed month {month} are missing: put them back", month=month))
    if before is None:
        return
    missing = months.between(before.month, sealed.month)
    if missing:
        names = tuple(map(months.shown, missing))
        raise LedgerError(msg("the sealed months {missing} are missing: put them back from a copy", missing=names))
    if sealed.seal.previous != before.seal.digest:
        raise LedgerError(
            msg(
                "{file} of the sealed month {month} is not the one after which {next} was sealed: put it back",
                file=SEAL, month=months.shown(before.month), next=month,
            )
        )


# --- writing ----------------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Sealing:
    """What came of sealing a month.

    Attributes:
        sealed: The month.
        fresh: Whether it was sealed now; otherwise it was sealed before, with the same result.
    """

    sealed: SealedMonth
    fresh: bool


def seal_month(
    ledger: Ledger,
    month: int,
    content: Content,
    *,
    known: date | None,
    cutoff: date,
    sealed_on: date,
    fingerprints: Mapping[str, str],
    policies: Statement,
    restated: Mapping[int, Statement],
    inputs: Mapping[str, str | None],
) -> Sealing:
    """Seal a month: write it beside the others, or find that it is there with the same result.

    Args:
        ledger: The months sealed until now.
        month: The month, as 202207.
        content: What it came to, and digests of what it rested on.
        known: As known on that day.
        cutoff: The last day of which everything known was taken into account.
        sealed_on: Today, as the caller says.
        fingerprints: By county, the fingerprint of the policy.
        policies: By county, the values in force.
        restated: By earlier month, the values that were otherwise than stated before.
        inputs: A digest of each table of facts.

    Raises:
        LedgerError: It is sealed with another result, or may not be sealed yet.
        OutputError: It can't be written.
    """
    there = ledger.find(month)
    if there is None:
        ledger.check_next(month)
        files = {f"{name}.parquet": parquet_bytes(content.table(name)) for name in KINDS}
        seal = Seal(
            place=ledger.place, month=month, known=known, cutoff=cutoff, sealed_on=sealed_on,
            shequ_core=version("shequ-core"), fingerprints=fingerprints, policies=policies, restated=restated,
            inputs=inputs, files={name: hashlib.sha256(one).hexdigest() for name, one in files.items()},
            totals=totals_of(content), previous=ledger.sealed[-1].seal.digest if ledger.sealed else None,
        )  # fmt: skip
        home = ledger.folder / ledger.place
        folder = home / months.shown(month)
        if _write(folder, {**files, SEAL: seal.to_bytes()}):
            return Sealing(sealed=SealedMonth(folder, seal), fresh=True)
        there = Ledger.open(ledger.folder, ledger.place).find(month)  # somebody else sealed it meanwhile
        assert there is not None
    other = tuple(_told(name, there, content) for name in RESULTS if not _same(name, there, content))
    if other:
        raise LedgerError(
            msg(
                "{month} is sealed with another result and stays as it is: {other}. What is owed beyond it is paid as"
                " arrears in the next open month.",
                month=months.shown(month), other=other,
            )
        )
    return Sealing(sealed=there, fresh=False)


def other_results(sealed: SealedMonth, content: Content) -> tuple[Message, ...]:
    """Return what of a month is otherwise than it was sealed."""
    return tuple(_told(name, sealed, content) for name in RESULTS if not _same(name, sealed, content))


def _same(name: str, sealed: SealedMonth, content: Content) -> bool:
    before: Table[Any] = getattr(sealed, name)  # Any: tables of an answer
    return before.same_as(content.table(name))


def _told(name: str, sealed: SealedMonth, content: Content) -> Message:
    file = f"{name}.parquet"
    if name == "slips":
        month = sealed.month
        found = differences(content.slips, sealed.slips, month=month, against=month)
        return msg(
            "{file} ({people} people, {amount} yuan)",
            file=file, people=len({*found.worker}), amount=paid_out(found),
        )
    if name == "arrears":
        amount = Fen(paid_out(content.arrears) - paid_out(sealed.arrears))
        return msg("{file} ({amount} yuan)", file=file, amount=amount)
    return msg("{file}", file=file)


def totals_of(content: Content) -> dict[str, JsonValue]:
    """Return what a month came to, in yuan; None for what isn't known of everybody."""
    slips, arrears = content.slips, content.arrears
    return {
        "people": len({*slips.worker}),
        "slips": len(slips),
        "lines": {line: _yuan(slips.column(line)) for line in LINES},
        "total": _yuan(slips.total),
        "net": _yuan(slips.net),
        "arrears": paid_out(arrears).yuan(),
        "arrears_withheld": withheld(arrears).yuan(),
        "pool_undistributed": _yuan(content.pools.undistributed),
    }


def _yuan(column: Any) -> str | None:  # Any: an amount, by the name of its line
    assert isinstance(column, FenColumn)
    return Fen(int(column.values.sum())).yuan() if column.known is None else None


def _write(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write a folder whole; False where somebody else has put one there."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            for name, content in files.items():
                with (work / name).open("xb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
            work.chmod(0o755)
            return _moved(work, folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise OutputError(msg("{out} can't be written: {why}", out=str(folder), why=why)) from None


def _moved(work: Path, folder: Path) -> bool:
    try:
        work.rename(folder)  # fails where a month is: a folder that holds something is never replaced
    except OSError:
        if folder.exists():
            return False
        raise
    settle(folder.parent)
    return True
