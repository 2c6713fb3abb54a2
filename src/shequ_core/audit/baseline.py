"""Baselines: what was found on the day a place began, so that later audits tell only what is new."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import attrs

from shequ_core.errors import BaselineError, msg
from shequ_core.law.findings import Finding
from shequ_core.values import JsonValue

FORMAT: Final = "shequ audit baseline"
VERSION: Final = 1
_LETTERS: Final = 16


@attrs.frozen
class Known:
    """A finding that a baseline has.

    Attributes:
        print: The fingerprint of code, subject and what was found.
        what: What was found, in English.
    """

    print: str
    code: str
    subject: str
    what: str


def fingerprint(finding: Finding) -> str:
    """Return the digest by which a finding is known again: of its code, its subject and what was found."""
    told = "\x1f".join((finding.code, finding.subject, str(finding.message)))
    return hashlib.sha256(told.encode()).hexdigest()[:_LETTERS]


@attrs.frozen
class Baseline:
    """What was found when a place began."""

    known: tuple[Known, ...]

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Baseline:
        """Take findings down."""
        return cls(tuple(Known(fingerprint(one), one.code, one.subject, str(one.message)) for one in findings))

    def new(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return the findings that it hasn't; one that it has once counts once."""
        left = Counter(one.print for one in self.known)
        found = []
        for one in findings:
            mark = fingerprint(one)
            if left[mark] > 0:
                left[mark] -= 1
            else:
                found.append(one)
        return tuple(found)

    def gone(self, findings: Iterable[Finding]) -> tuple[Known, ...]:
        """Return what it has and the findings haven't any more."""
        left = Counter(map(fingerprint, findings))
        found = []
        for one in self.known:
            if left[one.print] > 0:
                left[one.print] -= 1
            else:
                found.append(one)
        return tuple(found)

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as its file has it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "findings": [
                {"print": one.print, "code": one.code, "subject": one.subject, "what": one.what} for one in self.known
            ],
        }

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """Read a file of one.

        Raises:
            BaselineError: It can't be read, is no baseline, or one of another version.
        """
        mend = msg("write one with --write-baseline")
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise BaselineError(msg("{file} can't be read: {why}", file=str(path), why=why)) from None
        except ValueError:
            raise BaselineError(msg("{file} is no baseline: {mend}", file=str(path), mend=mend)) from None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise BaselineError(msg("{file} is no baseline: {mend}", file=str(path), mend=mend))
        if data.get("version") != VERSION:
            raise BaselineError(
                msg(
                    "{file} is a baseline of version {found}, this library reads version {version}: {mend}",
                    file=str(path), found=str(data.get("version")), version=VERSION, mend=mend,
                )
            )
        rows = data.get("findings", ())
        try:
            return cls(tuple(_known(row) for row in rows))
        except (TypeError, KeyError):
            raise BaselineError(msg("{file} is no baseline: {mend}", file=str(path), mend=mend)) from None


def _known(row: dict[str, object]) -> Known:
    return Known(_text(row, "print"), _text(row, "code"), _text(row, "subject"), _text(row, "what"))


def _text(row: dict[str, object], name: str) -> str:
    found = row[name]
    if not isinstance(found, str):
        raise TypeError
    return found


def is_baseline(path: Path) -> bool:
    """Whether a file is a baseline of any version, which a new one may replace."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(data, dict) and data.get("format") == FORMAT
