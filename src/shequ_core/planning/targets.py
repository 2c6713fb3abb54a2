"""The announced figures of a place, measured: how far each is, and whether it is due (JLG1.2, 2.5.2, 2.6.1a, JLW2.7b).

A figure is an aim: to miss it is no breach. A count that nobody gave leaves it unknown, never reached.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import attrs
import numpy as np

from shequ_core.errors import UnsetError
from shequ_core.jilin.register import register
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.planning.holders import Holders
from shequ_core.policy.book import COMMUNITY_DIGITS, PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.policy.targets import (
    CERTIFIED_BY,
    CERTIFIED_WORKERS,
    MILESTONES,
    PLATFORM_BY,
    SOCIAL_ORGANISATIONS,
    VOLUNTEER_TEAMS,
)
from shequ_core.rules import targets as rules
from shequ_core.tables.columns import BoolColumn, DateColumn, IntColumn, TextColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.tables.in_post import places_in
from shequ_core.values import Labelled


class Target(Labelled):
    """A figure to reach."""

    SOCIAL_ORGANISATIONS = "social_organisations", "社区社会组织"
    VOLUNTEER_TEAMS = "volunteer_teams", "志愿者服务团队"
    PLATFORM = "platform", "综合信息平台覆盖社区"
    CERTIFIED_WORKERS = "certified_workers", "社工师"

    @property
    def clause(self) -> str:
        """Where it is announced."""
        return {
            Target.PLATFORM: "JLG2.6.1a", Target.CERTIFIED_WORKERS: "JLW2.7b",
        }.get(self, "JLG2.5.2")


@attrs.frozen(kw_only=True)
class Measured:
    """How near a place is to a figure.

    Attributes:
        place: The community; of the platform's coverage the county.
        wanted: The figure; None where nobody set it.
        found: What there is; None where nobody counted.
        short: What is missing to the figure, 0 where it is reached; None where that can't be said.
        due_on: The day from which it is expected.
        due: Whether that day has come.
    """

    target: Target
    place: str
    wanted: int | None
    found: int | None
    short: int | None
    due_on: date
    due: bool


@attrs.frozen(kw_only=True)
class Targets:
    """The measured figures of a place on a day.

    Attributes:
        stages: Of each county, how many of the stages of JLG1.2 should be complete, and of how many.
        unset: Keys that nobody set, by county.
    """

    on: date
    measured: tuple[Measured, ...]
    stages: dict[str, tuple[int, int]]
    unset: dict[str, tuple[str, ...]]


def targets(data: Dataset, book: PolicyBook, on: date, *, known: date | None = None) -> Targets:
    """Measure the announced figures of a place on a day.

    Args:
        data: Communities and holdings; indicators and certificates where there are any.
        book: The policies: each county's own hold.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    held = Holders.of(as_known_dataset(data, known), on, known)
    codes = data.communities.code
    counties = codes.start(COUNTY_DIGITS)
    measured: list[Measured] = []
    stages: dict[str, tuple[int, int]] = {}
    unset: dict[str, list[str]] = {}
    day = DateColumn.of([on])
    for county in sorted({one for one in counties.to_list() if one is not None}):
        policy = book.policy(county, on, known, placed_on=on)
        here = codes.take(np.flatnonzero((counties == county).true()))
        missing = unset.setdefault(county, [])
        for part in (_counted, _platform, _certified):
            try:
                measured += part(data, held, here, county, policy, day)
            except UnsetError as error:
                missing += [one.key for one in error.missing]
        try:
            stages[county] = (rules.stages_due(day, policy).row(0) or 0, len(policy[MILESTONES]))
        except UnsetError as error:
            missing += [one.key for one in error.missing]
    return Targets(
        on=on, measured=tuple(measured), stages=stages,
        unset={county: tuple(sorted(set(found))) for county, found in unset.items() if found},
    )


def _counted(
    data: Dataset, held: Holders, here: TextColumn, county: str, policy: Policy, day: DateColumn  # noqa: ARG001
) -> Sequence[Measured]:
    nobody = IntColumn.of([None] * len(here))
    organisations = teams = nobody
    if data.indicators is not None:
        at = places_in(here, data.indicators.community)
        organisations = data.indicators.social_organisations.take(at)
        teams = data.indicators.volunteer_teams.take(at)
    due_on = register()[Target.VOLUNTEER_TEAMS.clause].due
    due = bool((day >= due_on).row(0))
    return [
        *_each(
            Target.SOCIAL_ORGANISATIONS, here, policy[SOCIAL_ORGANISATIONS], organisations,
            rules.organisations_short(organisations, policy), due_on, due=due,
        ),
        *_each(
            Target.VOLUNTEER_TEAMS, here, policy[VOLUNTEER_TEAMS], teams, rules.teams_short(teams, policy), due_on,
            due=due,
        ),
    ]


def _platform(
    data: Dataset, held: Holders, here: TextColumn, county: str, policy: Policy, day: DateColumn  # noqa: ARG001
) -> Sequence[Measured]:
    wanted = rules.platform_wanted(IntColumn.of([len(here)]), policy).row(0)
    assert wanted is not None
    covered: BoolColumn = BoolColumn.of([None] * len(here))
    if data.indicators is not None:
        covered = data.indicators.on_platform.take(places_in(here, data.indicators.community))
    there, unknown = int(covered.true().sum()), int((~covered.mask()).sum())
    # those of which nobody knows count only where they can't change the answer
    short = 0 if there >= wanted else None if unknown else wanted - there
    return [
        Measured(
            target=Target.PLATFORM, place=county, wanted=wanted, found=None if unknown and short is None else there,
            short=short, due_on=policy[PLATFORM_BY], due=bool(rules.platform_due(day, policy).row(0)),
        )
    ]


def _certified(
    data: Dataset, held: Holders, here: TextColumn, county: str, policy: Policy, day: DateColumn  # noqa: ARG001
) -> Sequence[Measured]:
    counts = rules.counts_as_certified(held.certificate, policy)
    community = held.holdings.post.start(COMMUNITY_DIGITS)
    rows = places_in(community.where(counts.true()), here)
    found = np.bincount(rows[rows >= 0], minlength=len(here)).astype(np.int64)
    certified = IntColumn(found, None if data.certificates is not None else np.zeros(len(here), dtype=np.bool_))
    return list(
        _each(
            Target.CERTIFIED_WORKERS, here, policy[CERTIFIED_WORKERS], certified,
            rules.certified_short(certified, policy), policy[CERTIFIED_BY],
            due=bool(rules.certified_due(day, policy).row(0)),
        )
    )


def _each(
    target: Target, here: TextColumn, wanted: int, found: IntColumn, short: IntColumn, due_on: date, *, due: bool
) -> Iterator[Measured]:
    for place, count, lacking in zip(here.to_list(), found.to_list(), short.to_list(), strict=True):
        yield Measured(
            target=target, place=str(place), wanted=wanted, found=count, short=lacking, due_on=due_on, due=due
        )
