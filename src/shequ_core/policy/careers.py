"""Keys of careers: which post holders may go where (JLW2.6, JLG2.2.4, JLG2.4.3)."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Final

import attrs

from shequ_core.errors import msg
from shequ_core.model.posts import CertificateLevel, EducationLevel, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.kinds import Choices, Fractions, Sets, Strategies
from shequ_core.policy.parameters import COUNTY, LOCAL, PROVINCE, Parameter
from shequ_core.policy.plain import PlainError
from shequ_core.policy.strategies import Strategy


@attrs.frozen
class JobConditions(Strategy):
    """What a place asks of those who apply for community-related jobs of the county (JLW2.6c).

    What is None isn't asked.

    Attributes:
        max_age: The oldest age at which somebody may apply, in completed years.
        min_education: The least education.
        min_years: The least completed years of community work.
        registered: Whether the household has to be registered in the county.
    """

    max_age: int | None = None
    min_education: EducationLevel | None = None
    min_years: int | None = None
    registered: bool = False

    kind: ClassVar[str] = "job_conditions"

    def check(self) -> None:  # noqa: D102  # as Strategy says
        if any(one is not None and one < 0 for one in (self.max_age, self.min_years)):
            raise PlainError(msg("it may not be negative"))


MERIT: Final[Parameter[frozenset[AssessmentGrade]]] = Parameter(
    name="careers.merit", kind=Sets(AssessmentGrade), clauses=("JLW2.6a",), who=PROVINCE, unit="grades",
    doc="The grades of the latest assessment with which somebody counts as outstanding.",
)
CIVIL_SERVICE_ROLES: Final[Parameter[frozenset[Role]]] = Parameter(
    name="careers.civil_service_roles", kind=Sets(Role), clauses=("JLW2.6a",), who=PROVINCE, unit="roles",
    doc="The roles at which targeted civil-service recruitment is aimed.",
)
CIVIL_SERVICE_RATIO: Final[Parameter[Fraction]] = Parameter(
    name="careers.civil_service_ratio", kind=Fractions(1), clauses=("JLW2.6a",), who=COUNTY, unit="share",
    doc="The share of the year's civil-service places that is reserved, by the yearly recruitment plan.",
)
LEADER_ROLES: Final[Parameter[frozenset[Role]]] = Parameter(
    name="careers.leader_roles", kind=Sets(Role), clauses=("JLW2.6b",), who=PROVINCE, unit="roles",
    doc="The roles from which leaders of subdistricts are chosen.",
)
COUNTY_JOBS: Final[Parameter[JobConditions]] = Parameter(
    name="careers.county_jobs", kind=Strategies(JobConditions), clauses=("JLW2.6c",), who=LOCAL, unit="conditions",
    doc="What is asked of those who apply for community-related jobs of the county's offices and institutions.",
)
APPRAISED_ROLES: Final[Parameter[frozenset[Role]]] = Parameter(
    name="careers.appraised_roles", kind=Sets(Role), clauses=("JLW2.6d",), who=PROVINCE, unit="roles",
    doc="The roles whose outstanding holders subdistrict institutions may take by direct appraisal.",
)
APPRAISED_CERTIFICATE: Final[Parameter[CertificateLevel]] = Parameter(
    name="careers.appraised_certificate", kind=Choices(CertificateLevel), clauses=("JLW2.6d",), who=PROVINCE,
    unit="level", doc="The least certificate whose holders subdistrict institutions may take by direct appraisal.",
)
PUT_FORWARD_FIRST: Final[Parameter[frozenset[Role]]] = Parameter(
    name="careers.put_forward_first", kind=Sets(Role), clauses=("JLG2.2.4",), who=PROVINCE, unit="roles",
    doc="The roles whose outstanding holders are put forward as delegates before all others.",
)
