"""Who is a post holder, and how many posts a community may have (JLW2.1, 2.2)."""

from __future__ import annotations

import numpy as np

from shequ_core.law.carrying import implements
from shequ_core.model.communities import Setting
from shequ_core.model.posts import Employment
from shequ_core.policy.policy import Policy
from shequ_core.policy.staffing import (
    BASE_HOUSEHOLDS,
    BASE_POSTS,
    EMPLOYMENTS,
    NORM,
    PARTY_POSTS,
    QUOTA,
    QUOTA_SHARING,
    SETTINGS,
    STEP,
    QuotaSharing,
)
from shequ_core.tables.columns import BoolColumn, EnumColumn, FenColumn, IntColumn, TextColumn, maximum
from shequ_core.tables.groups import Groups, divide
from shequ_core.values import Span


@implements("JLW2.1", needs=(SETTINGS, EMPLOYMENTS))
def in_scope(setting: EnumColumn[Setting], employment: EnumColumn[Employment], policy: Policy) -> BoolColumn:
    """Whether each holding is one of a post holder (社工岗人员).

    Reading:
        "城市(含县政府所在地的乡镇)" and "专职": the community lies in a city or in the town of a county
        government, and the person works full time; "不含公益性岗位人员". Either unknown: unknown,
        unless the other already says no.
    """
    settings, employments = policy[SETTINGS], policy[EMPLOYMENTS]
    return setting.is_in(settings) & employment.is_in(employments)


@implements("JLW2.2a", "JLW2.2b", needs=(NORM, BASE_HOUSEHOLDS, BASE_POSTS, STEP))
def allowed_posts(households: IntColumn, residents: IntColumn, policy: Policy) -> Span[IntColumn]:
    """The number of posts (社工岗) that each community may have.

    Reading:
        "每增加300-500户可增设1个" is an option (可), read in the community's favour: a post for every
        complete 300 households raises the ceiling; the floor stays. "3000户以下" takes 3,000 in.
    """
    return policy[NORM].allowed(households, residents, policy)


@implements("JLW2.2c", needs=(QUOTA,))
def quota_left(posts: IntColumn, policy: Policy) -> IntColumn:
    """How many posts each county's quota (员额) still has room for; negative where it is exceeded."""
    return policy[QUOTA] - posts


@implements("JLW2.2c", needs=(QUOTA, QUOTA_SHARING))
def shared_quota(allowed: Span[IntColumn], code: TextColumn, policy: Policy) -> IntColumn:
    """What of a county's quota each of its communities gets, at most its own ceiling.

    "实行总量控制,进行员额管理": the shares sum to the quota, or to all ceilings where the quota is
    larger. Whole posts by largest remainder, ties to the lower code. With one ceiling unknown every
    share is, since each hangs on all.
    """
    quota = policy[QUOTA]
    floors_first = policy[QUOTA_SHARING] is QuotaSharing.FLOORS_FIRST
    ceiling = allowed.high
    if not (ceiling.mask() & allowed.low.mask()).all():
        return ceiling.unless(np.ones(len(ceiling), dtype=np.bool_))
    everything = int(ceiling.values.sum())
    if quota >= everything:
        return ceiling
    floor = allowed.low if floors_first and quota >= int(allowed.low.values.sum()) else ceiling.fill(0)
    rest = quota - int(floor.values.sum())
    whole = Groups(("county",), np.zeros(len(code), dtype=np.int64))
    shares = divide(FenColumn(np.array([rest], dtype=np.int64)), ceiling - floor, whole, code.rank())
    return floor + IntColumn(shares.each.values, ceiling.known)


@implements("JLW2.2d", needs=(PARTY_POSTS,))
def party_posts_short(party_posts: IntColumn, policy: Policy) -> IntColumn:
    """How many posts for Party building alone each community lacks (0 where it has enough).

    Args:
        party_posts: Its posts for Party building, those of secretary and deputy secretary left out
            ("不含社区党组织书记、副书记").
    """
    return maximum(policy[PARTY_POSTS] - party_posts, 0)
