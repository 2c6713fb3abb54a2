"""What a run does without: where nobody set it there is no line, and a finding that says so."""

from __future__ import annotations

from typing import Any, Final

from shequ_core.policy import agreements as agreement_keys
from shequ_core.policy import assessment as assessment_keys
from shequ_core.policy import contributions as contribution_keys
from shequ_core.policy import emergency as emergency_keys
from shequ_core.policy import pay as pay_keys
from shequ_core.policy import staffing as staffing_keys
from shequ_core.policy.parameters import Parameter

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
