"""What the policies themselves leave to say of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from shequ_core.errors import msg
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.policy import agreements as agreement_keys
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import contributions as contribution_keys
from shequ_core.policy import emergency as emergency_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import staffing as staffing_keys
from shequ_core.policy.parameters import PARAMETERS, Parameter
from shequ_core.policy.policy import Policy

PAY_OPTIONAL: Final[tuple[Parameter[Any], ...]] = (  # Any: keys of every type
    pay_keys.CERTIFICATE,
    pay_keys.NO_REDUCTION,
    emergency_keys.EMERGENCY,
    contribution_keys.RATES,
    pay_keys.YEARLY_STEP,
)
"""What a month's pay runs without: where nobody set it there is no line, and a finding that says so."""

YEAR_OPTIONAL: Final[tuple[Parameter[Any], ...]] = (  # Any: keys of every type
    *PAY_OPTIONAL,
    assessment_keys.PROPOSALS,
    staffing_keys.QUOTA,
    agreement_keys.FIRST_DAY,
)
"""What a year runs without."""


def policy_findings(
    policies: Mapping[str, Policy], optional: Sequence[Parameter[Any]]  # Any: as above
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
