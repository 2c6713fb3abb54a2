"""Which clauses the code carries, worked out from what it cites and never from a list kept beside it.

A clause is carried when something cites it and a worked case of its own asks that very thing. A figure
alone carries a clause that is nothing but a figure (kind 'parameter'); whatever asks to be worked out,
looked at or measured needs a rule, a check or a procedure. `proof.py` then holds every citation to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs

from shequ_core.errors import ClauseNotFoundError
from shequ_core.jilin.register import register
from shequ_core.law.clauses import ClauseKind
from shequ_core.policy.parameters import LocalLimit, LocalValue
from shequ_core.testing.cases import Case, Said, built_in, carriers, load_cases
from shequ_core.values import JsonValue, Lang

CODE: frozenset[str] = frozenset({"rule", "check", "procedure"})
"""Kinds of citation that do something; the others hold a figure or a bound."""


@attrs.frozen(kw_only=True)
class Citation:
    """Something that cites a clause.

    Attributes:
        kind: 'rule', 'check' or 'procedure'; 'value', 'leeway' (how far places below may depart from
            it) or 'limit'.
        name: The rule's name, or the parameter's.
        detail: For what is said: the place that says it and, where it says several, since when.
        said: The value or limit itself.
    """

    clause: str
    kind: str
    name: str
    detail: str = ""
    said: Said | None = None

    @property
    def where(self) -> str:
        """Such as 'rule staffing.allowed_posts' or 'value staffing.base_posts (22)'."""
        return f"{self.kind} {self.name} ({self.detail})" if self.detail else f"{self.kind} {self.name}"

    def asked_by(self, case: Case) -> bool:
        """Whether a case can show anything about it."""
        if self.clause not in case.clauses:
            return False
        if self.kind in {"leeway", "limit"}:
            return case.subject == "judge" and case.name == self.name
        if self.kind == "value":
            return case.subject == "rule" or (case.subject == "value" and case.name == self.name)
        return case.subject == ("check" if self.kind == "check" else "rule") and case.name == self.name


@attrs.frozen(kw_only=True)
class Coverage:
    """How far the register is carried.

    Attributes:
        total: The clauses of the register.
        carried: Where each clause that is carried is: what cites it, then the files of its cases.
        not_computable: Why a clause leaves nothing to compute, by language.
        missing: Every other clause, in the order of the register.
    """

    total: int
    carried: Mapping[str, tuple[str, ...]]
    not_computable: Mapping[str, Mapping[Lang, str]]
    missing: tuple[str, ...]

    def to_data(self, lang: Lang = "en") -> dict[str, JsonValue]:
        """Return it as `shequ clauses --coverage --json` shows it."""
        return {
            "total": self.total,
            "carried": {clause: list(where) for clause, where in self.carried.items()},
            "not_computable": {clause: reason[lang] for clause, reason in self.not_computable.items()},
            "missing": list(self.missing),
        }


def citations() -> tuple[Citation, ...]:
    """Return everything built in that cites a clause, rules first.

    Plugins of cities take no part: what they set is theirs to prove, and the count is the library's own.

    Raises:
        ClauseNotFoundError: Something cites a clause that isn't in the register.
    """
    found = [
        Citation(clause=clause, kind=carrier.kind, name=name)
        for name, carrier in sorted(carriers().items())
        for clause in carrier.clauses
    ]
    said = [(policy.place, one) for _, policy in built_in() for one in policy.values if one.source.clause]
    times: dict[tuple[str, str, type[Said]], int] = {}
    for place, one in said:
        asked = (place, one.key.name, type(one))
        times[asked] = times.get(asked, 0) + 1
    for place, one in said:
        several = times[place, one.key.name, type(one)] > 1
        found.extend(_said(one, f"{place}, from {one.since}" if several else place))
    _check(citation.clause for citation in found)
    return tuple(found)


def _check(clauses: Iterable[str]) -> None:
    known = register()
    for clause in clauses:
        if clause not in known:
            raise ClauseNotFoundError(clause, known)


def _said(one: Said, detail: str) -> Iterable[Citation]:
    clause, name = one.source.clause, one.key.name
    if isinstance(one, LocalLimit):
        yield Citation(clause=clause, kind="limit", name=name, detail=detail, said=one)
        return
    assert isinstance(one, LocalValue)
    yield Citation(clause=clause, kind="value", name=name, detail=detail, said=one)
    if one.leeway is not None:
        yield Citation(clause=clause, kind="leeway", name=name, detail=detail, said=one)


def cases_of(clause: str, cases: Sequence[Case]) -> tuple[str, ...]:
    """Return the files whose worked cases name a clause, such as 'case JLW2.4'."""
    return tuple(dict.fromkeys(f"case {case.file.removesuffix('.toml')}" for case in cases if clause in case.clauses))


def coverage(cases: Sequence[Case] | None = None) -> Coverage:
    """Count which clauses are carried, which leave nothing to compute, and which are missing.

    Args:
        cases: Worked cases; None for the library's own.

    Raises:
        ClauseNotFoundError: A case, or something that cites, names a clause that isn't in the register.
        CaseError: A case can't be read.
    """
    known = register()
    shown = load_cases() if cases is None else cases
    _check(clause for case in shown for clause in case.clauses)
    cited: dict[str, list[Citation]] = {}
    for citation in citations():
        cited.setdefault(citation.clause, []).append(citation)
    carried: dict[str, tuple[str, ...]] = {}
    for clause, row in known.items():
        if row.kind is ClauseKind.PRINCIPLE:
            continue
        here = cited.get(clause, [])
        able = [one for one in here if one.kind in CODE or row.kind is ClauseKind.PARAMETER]
        if any(citation.asked_by(case) for citation in able for case in shown):
            carried[clause] = (*(one.where for one in here), *cases_of(clause, shown))
    not_computable = {clause: row.reason for clause, row in known.items() if row.kind is ClauseKind.PRINCIPLE}
    missing = tuple(clause for clause in known if clause not in carried and clause not in not_computable)
    return Coverage(total=len(known), carried=carried, not_computable=not_computable, missing=missing)
