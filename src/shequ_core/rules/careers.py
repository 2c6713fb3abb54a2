"""Which post holders may go which way, and which condition each of the others lacks (JLW2.6, JLG2.2.4, JLG2.4.3)."""

from __future__ import annotations

import attrs
import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.posts import CertificateLevel, EducationLevel, Role
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.careers import (
    APPRAISED_CERTIFICATE,
    APPRAISED_ROLES,
    CIVIL_SERVICE_RATIO,
    CIVIL_SERVICE_ROLES,
    COUNTY_JOBS,
    LEADER_ROLES,
    MERIT,
    PUT_FORWARD_FIRST,
)
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import BoolColumn, EnumColumn, IntColumn
from shequ_core.values import Labelled


class Condition(Labelled):
    """What a way asks of somebody."""

    IN_POST = "in_post", "在“社工岗”"
    ROLE = "role", "职务"
    OUTSTANDING = "outstanding", "优秀"
    CERTIFICATE = "certificate", "社工师证书"
    AGE = "age", "年龄"
    EDUCATION = "education", "学历"
    YEARS = "years", "社区工作年限"
    REGISTERED = "registered", "户籍"


@attrs.frozen(kw_only=True, eq=False)
class Standing:
    """How people stand towards one way, a row a person.

    A condition that isn't asked is None; one that is known to be met or not is so even where others are unknown.

    Attributes:
        eligible: Whether the way is open; unknown where it hangs on something unknown.
        certificate: Where it opens the way alone, it is lacked only by those who haven't role and merit either.
    """

    eligible: BoolColumn
    in_post: BoolColumn | None = None
    role: BoolColumn | None = None
    outstanding: BoolColumn | None = None
    certificate: BoolColumn | None = None
    age: BoolColumn | None = None
    education: BoolColumn | None = None
    years: BoolColumn | None = None
    registered: BoolColumn | None = None

    def conditions(self) -> dict[Condition, BoolColumn]:
        """Return each condition that is asked."""
        asked = {one: getattr(self, one.value) for one in Condition}
        return {one: column for one, column in asked.items() if column is not None}


@implements("JLW2.6a", "JLG2.4.3", needs=(CIVIL_SERVICE_ROLES, MERIT))
def targeted_civil_service(
    in_post: BoolColumn, role: EnumColumn[Role], latest: EnumColumn[AssessmentGrade], policy: Policy
) -> Standing:
    """Whose way into the civil service by targeted recruitment is open.

    Reading:
        "优秀" is a grade of the latest assessment (`careers.merit`). "本县（市、区）所属街道（乡镇）" is met by
        whoever holds a post of the county that recruits; of villages there are no posts.

    Args:
        in_post: Whether each holds a post on the day.
        latest: The latest grade known on the day; unknown for who was never assessed.
    """
    roles, merit = policy[CIVIL_SERVICE_ROLES], policy[MERIT]
    return _open(in_post=in_post, role=role.is_in(roles), outstanding=latest.is_in(merit))


@implements("JLW2.6a", needs=(CIVIL_SERVICE_RATIO,))
def reserved_places(places: IntColumn, policy: Policy) -> IntColumn:
    """How many of a year's civil-service places are reserved for targeted recruitment.

    Reading:
        "定向招录比例根据年度招录计划科学确定": a part of a place reserves none.
    """
    ratio = policy[CIVIL_SERVICE_RATIO]
    return places * ratio.numerator // ratio.denominator


@implements("JLW2.6b", "JLG2.4.3", needs=(LEADER_ROLES, MERIT))
def subdistrict_leaders(
    in_post: BoolColumn, role: EnumColumn[Role], latest: EnumColumn[AssessmentGrade], policy: Policy
) -> Standing:
    """From whom leaders of subdistricts are to be chosen."""
    roles, merit = policy[LEADER_ROLES], policy[MERIT]
    return _open(in_post=in_post, role=role.is_in(roles), outstanding=latest.is_in(merit))


@implements("JLW2.6c", needs=(COUNTY_JOBS,))
def county_jobs(
    age: IntColumn, education: EnumColumn[EducationLevel], years: IntColumn, registered: BoolColumn, policy: Policy
) -> Standing:
    """Who fulfils what the place asks for community-related jobs of the county's offices and institutions.

    Args:
        age: Completed years on the day.
        years: Completed years of community work on the day.
        registered: Whether the household is registered in the county.
    """
    asked = policy[COUNTY_JOBS]
    return _open(
        rows=len(age),
        age=None if asked.max_age is None else age <= asked.max_age,
        education=None if asked.min_education is None else education >= asked.min_education,
        years=None if asked.min_years is None else years >= asked.min_years,
        registered=registered if asked.registered else None,
    )


@implements("JLW2.6d", "JLG2.4.3", needs=(MERIT,))
def subdistrict_jobs(in_post: BoolColumn, latest: EnumColumn[AssessmentGrade], policy: Policy) -> Standing:
    """Who may apply where subdistrict institutions recruit among the area's post holders alone."""
    merit = policy[MERIT]
    return _open(in_post=in_post, outstanding=latest.is_in(merit))


@implements("JLW2.6d", needs=(APPRAISED_ROLES, APPRAISED_CERTIFICATE, MERIT))
def direct_appraisal(
    in_post: BoolColumn, role: EnumColumn[Role], latest: EnumColumn[AssessmentGrade],
    certificate: EnumColumn[CertificateLevel], certificate_known: BoolColumn, policy: Policy,
) -> Standing:
    """Whom subdistrict institutions may take by direct appraisal.

    Reading:
        "对优秀社区党组织书记、居民委员会主任，以及具有中级及以上社工师职称的人员": 优秀 is said of secretaries and
        directors; the certificate opens the way alone.

    Args:
        certificate: The highest certificate; unknown for who has none.
        certificate_known: Whether it is known who has a certificate: then none is none.
    """
    roles, merit = policy[APPRAISED_ROLES], policy[MERIT]
    role_fits, outstanding = role.is_in(roles), latest.is_in(merit)
    held = certificate >= policy[APPRAISED_CERTIFICATE]
    certified = BoolColumn(held.true(), held.mask() | certificate_known.true())
    return Standing(
        eligible=in_post & (certified | role_fits & outstanding), in_post=in_post, role=role_fits,
        outstanding=outstanding, certificate=certified,
    )


@implements("JLW2.6e", "JLG2.2.4", needs=(MERIT,))
def delegates(in_post: BoolColumn, latest: EnumColumn[AssessmentGrade], policy: Policy) -> Standing:
    """Who may be put forward as a Party, people's congress or political consultative conference delegate.

    Reading:
        "符合条件" are the conditions of each body's own election law, which aren't examined here.
    """
    merit = policy[MERIT]
    return _open(in_post=in_post, outstanding=latest.is_in(merit))


@implements("JLG2.2.4", needs=(PUT_FORWARD_FIRST,))
def put_forward_first(role: EnumColumn[Role], policy: Policy) -> BoolColumn:
    """Who comes first among those who may be put forward: secretaries and directors, as the text has it."""
    first = policy[PUT_FORWARD_FIRST]
    return role.is_in(first)


def _open(rows: int = 0, **conditions: BoolColumn | None) -> Standing:
    """Return the standing of a way that is open to whoever meets every condition."""
    asked = [one for one in conditions.values() if one is not None]
    eligible = asked[0] if asked else BoolColumn(np.ones(rows, dtype=np.bool_))
    for one in asked[1:]:
        eligible = eligible & one
    return Standing(eligible=eligible, **conditions)
