"""Keys of targets: figures to reach by a day (JLG1.2, 2.5.2, 2.6.1a, JLW2.7b, 3.1)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from shequ_core.model.posts import CertificateLevel
from shequ_core.policy.kinds import Choices, Days, Fractions, Tuples, WholeNumbers
from shequ_core.policy.parameters import PROVINCE, Parameter

SOCIAL_ORGANISATIONS: Final[Parameter[int]] = Parameter(
    name="targets.social_organisations", kind=WholeNumbers(), clauses=("JLG2.5.2",), who=PROVINCE,
    unit="organisations", doc="Community social organisations of each community.",
)
VOLUNTEER_TEAMS: Final[Parameter[int]] = Parameter(
    name="targets.volunteer_teams", kind=WholeNumbers(), clauses=("JLG2.5.2",), who=PROVINCE, unit="teams",
    doc="Volunteer teams of each community.",
)
CERTIFIED_WORKERS: Final[Parameter[int]] = Parameter(
    name="targets.certified_workers", kind=WholeNumbers(), clauses=("JLW2.7b",), who=PROVINCE, unit="people",
    doc="Certified social workers of each community.",
)
CERTIFIED_LEVEL: Final[Parameter[CertificateLevel]] = Parameter(
    name="targets.certified_level", kind=Choices(CertificateLevel), clauses=("JLW2.7b",), who=PROVINCE, unit="level",
    doc="The least certificate that counts towards targets.certified_workers.",
)
CERTIFIED_BY: Final[Parameter[date]] = Parameter(
    name="targets.certified_by", kind=Days(), clauses=("JLW2.7b",), who=PROVINCE, unit="day",
    doc="The day by which targets.certified_workers should be reached.",
)
PLATFORM_COVERAGE: Final[Parameter[Fraction]] = Parameter(
    name="targets.platform_coverage", kind=Fractions(1), clauses=("JLG2.6.1a",), who=PROVINCE, unit="share",
    doc="The share of communities that the integrated service platform covers.",
)
PLATFORM_BY: Final[Parameter[date]] = Parameter(
    name="targets.platform_by", kind=Days(), clauses=("JLG2.6.1a",), who=PROVINCE, unit="day",
    doc="The day by which targets.platform_coverage should be reached.",
)
MILESTONES: Final[Parameter[tuple[int, ...]]] = Parameter(
    name="targets.milestones", kind=Tuples(WholeNumbers(1)), clauses=("JLG1.2",), who=PROVINCE, unit="years",
    doc="The years by whose ends design, key tasks and the whole model are complete.",
)
COMMITTEE_BY: Final[Parameter[date]] = Parameter(
    name="transition.committee_by", kind=Days(), clauses=("JLW3.1a",), who=PROVINCE, unit="day",
    doc="The day by which serving committee members move into posts.",
)
HIRING_YEARS: Final[Parameter[int]] = Parameter(
    name="transition.hiring_years", kind=WholeNumbers(1), clauses=("JLW3.1b",), who=PROVINCE, unit="years",
    doc="The years over which other vacancies may be filled.",
)
