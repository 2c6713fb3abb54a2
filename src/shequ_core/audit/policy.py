"""What the policies themselves leave to say: conflicts with a place above, what nobody set, what is stale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shequ_core.errors import msg
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy


def policy_findings(
    policies: Mapping[str, Policy], optional: Sequence[Parameter[Any]] = ()  # Any: keys of every type
) -> list[Finding]:
    """Return what the policies themselves leave to say: conflicts, what nobody set, what is stale."""
    findings = []
    for code, policy in policies.items():
        for one in policy.conflicts():
            clause = one.source.clause or "-"
            findings.append(
                Finding(
                    code=f"{clause}-{one.key}", grade=GRADE_OF_FORCE[one.source.force], clause=clause, subject=code,
                    message=msg("{key}: {why} ({place}, {clause})", key=one.key, why=one.judgement.why, place=one.place,
                                clause=clause),
                )
            )
        findings += [
            Finding(
                code=f"{key.clauses[0]}-{key.name}-unset", grade=Grade.NOT_EXAMINED, clause=key.clauses[0],
                subject=code, message=msg("{key} is not set: {who} can set it", key=key.name, who=key.who),
            )
            for key in optional
            if key not in policy
        ]
        findings += [
            Finding(
                code=f"{PARAMETERS[name].clauses[0]}-{name}-stale", grade=Grade.NOTE,
                clause=PARAMETERS[name].clauses[0], subject=code,
                message=msg("{key} is past its stated life", key=name),
            )
            for name in policy.stale()
        ]
    return findings


def in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings in the order of clause, code and subject."""
    return tuple(sorted(findings, key=lambda one: (one.clause, one.code, one.subject, str(one.message))))
