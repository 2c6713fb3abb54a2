"""What the model is held against: published figures, and what each of them is in the model.

Readings:
    A round figure stands for every value that rounds to it. An amount "at least" so high, or a bound, holds where the
    mean over the seeds keeps it; any other figure where the range of the seeds reaches it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

import attrs
import numpy as np

from shequ_core.errors import Message, msg
from shequ_core.model.communities import Setting
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import EducationLevel, Sex
from shequ_core.policy import grids, pay, performance, staffing
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import Parameter
from shequ_core.policy.policy import Policy
from shequ_core.rules.grids import possible_grids
from shequ_core.rules.staffing import allowed_posts
from shequ_core.simulation.behaviours.assessing import Assessments
from shequ_core.simulation.behaviours.behaviour import Behaviour
from shequ_core.simulation.behaviours.certificates import CertificatesWon
from shequ_core.simulation.behaviours.degrees import DegreesWon
from shequ_core.simulation.behaviours.hiring import Hiring
from shequ_core.simulation.behaviours.incidents import Incidents
from shequ_core.simulation.behaviours.leaving import LeavingByChoice
from shequ_core.simulation.simulate import Simulation
from shequ_core.simulation.state import NONE, People
from shequ_core.tables.columns import Bools
from shequ_core.tables.dataset import Communities, Dataset
from shequ_core.values import FEN_PER_YUAN, MONTHS_PER_YEAR, Labelled, Span

PROVINCE: Final = "22"
CHANGCHUN: Final = "2201"
ANYWHERE: Final = ""
"""A share or a mean that any place may be held against."""


class Standing(Labelled):
    """What an agreement is worth."""

    INPUT = "input", "模型输入"
    """The people are made up to have it, so that it has to agree."""
    TESTED = "tested", "模型检验"
    """The model is not made to have it."""


class Holds(StrEnum):
    """How a figure binds."""

    EQUAL = "equal"
    AT_LEAST = "at_least"
    """The model has to come to it or more."""
    AT_MOST = "at_most"


class Unit(Labelled):
    """In what a figure counts."""

    COUNT = "count", "个"
    MEAN = "mean", "均值"
    SHARE = "share", "比例"
    YUAN = "yuan", "元"
    TIMES = "times", "倍"


@attrs.frozen(kw_only=True, eq=False)
class Trial:
    """The model with one seed.

    Attributes:
        made: The people made up, all of them.
        simulation: Their years.
        start: What holders come to on the first day, `end` on the last; `announced` in the month of the press
            conference of which `figures.toml` tells.
        first: The first day.
    """

    made: Dataset
    book: PolicyBook
    simulation: Simulation
    start: Counter[str]
    announced: Counter[str]
    end: Counter[str]
    first: date

    def counted(self, name: str, year: int | None = None) -> int:
        """Return what counties come to, in all years or in one."""
        counties = self.simulation.counties
        values = counties.column(name).values
        return int(values.sum() if year is None else values[counties.year.values == year].sum())

    def communities(self, place: str) -> Communities:
        """Return the communities of a place."""
        return self.made.communities.where(self.made.communities.code.start(len(place)).is_in([place]).true())


def seen(people: People, there: Bools, month: int) -> Counter[str]:
    """Count what some holders are in a month: sums, so that those of several counties add up."""
    college, sex = list(EducationLevel).index(EducationLevel.JUNIOR_COLLEGE), list(Sex).index(Sex.FEMALE)
    former = there & (people.former >= 0)
    return Counter(
        {
            "held": int(there.sum()),
            "women": int((there & (people.sex == sex)).sum()),
            "college": int((there & (people.education >= college)).sum()),
            "certified": int((there & (people.certificate != NONE)).sum()),
            "months_of_age": int(((month - people.birth.astype(np.int64)) * there).sum()),
            "came_since": int((there & (people.former < 0)).sum()),
            "former": int(former.sum()),
            "former_fen": int(people.former[former].sum()),
            "posts": len(people),
        }
    )


def _share(of: Counter[str], name: str) -> Fraction:
    return Fraction(of[name], of["held"])


def _age(of: Counter[str]) -> Fraction:
    return _share(of, "months_of_age") / MONTHS_PER_YEAR


def _vacant(of: Counter[str]) -> Fraction:
    return 1 - Fraction(of["held"], of["posts"])


def _under_subdistricts(trial: Trial) -> int:
    return int((trial.made.communities.setting == Setting.URBAN).true().sum())


def _posts_under_subdistricts(trial: Trial) -> Fraction:
    made = trial.made
    under = made.communities.where((made.communities.setting == Setting.URBAN).true())
    codes = [one for one in under.code.to_list() if one is not None]
    return Fraction(int(made.posts.community.is_in(codes).true().sum()), len(codes))


def _per_subdistrict(trial: Trial) -> Fraction:
    made = trial.made.communities
    under = made.where((made.setting == Setting.URBAN).true())
    subdistricts = {code[:TOWNSHIP_DIGITS] for code in under.code.to_list() if code is not None}
    return Fraction(len(under), len(subdistricts))


def _grids_made(trial: Trial) -> Fraction:
    made = trial.made.grids
    return Fraction(0 if made is None else int(made.community.start(len(CHANGCHUN)).is_in([CHANGCHUN]).true().sum()))


def _grids_possible(trial: Trial, whose: str | None) -> Span[int]:
    """Return the fewest and most grids of Changchun's communities by each county's norm, or by that of one place."""
    communities = trial.communities(CHANGCHUN)
    low = high = 0
    county = communities.code.start(COUNTY_DIGITS)
    for code in sorted({one for one in county.to_list() if one is not None}):
        some = communities.households.where(county.is_in([code]).true())
        possible = possible_grids(some, _policy(trial, code if whose is None else whose))
        low, high = low + int(possible.low.values.sum()), high + int(possible.high.values.sum())
    return Span(low, high)


def _policy(trial: Trial, place: str) -> Policy:
    return trial.book.policy(place, trial.first)


def _least_posts(trial: Trial) -> Fraction:
    """Return how many posts the law asks for in the communities that it reaches: those that have any (JLW2.2a)."""
    made, least = trial.made, 0
    some_posts = {code for code in made.posts.community.to_list() if code is not None}
    inside = made.communities.where(made.communities.code.is_in(some_posts).true())
    county = inside.code.start(COUNTY_DIGITS)
    for code in sorted({one for one in county.to_list() if one is not None}):
        some = county.is_in([code]).true()
        allowed = allowed_posts(inside.households.where(some), inside.residents.where(some), _policy(trial, code))
        least += int(allowed.low.values.sum())
    return Fraction(least)


def _pay_rise(trial: Trial) -> Fraction:
    year = trial.first.year
    paid = Fraction(trial.counted("total", year), trial.counted("months", year))
    return (paid - Fraction(trial.start["former_fen"], trial.start["former"])) / FEN_PER_YUAN


def _leave(trial: Trial) -> Fraction:
    """Return the share of those who were there in a year that left in it."""
    left = trial.counted("left")
    return Fraction(left, trial.counted("held") + trial.counted("outside") + left)


def _grew(trial: Trial) -> Fraction:
    first = trial.counted("certified", trial.first.year)
    return Fraction(trial.counted("certified", trial.simulation.years[-1]), first)


@attrs.frozen(kw_only=True)
class Yardstick:
    """A published figure, and what it is in the model.

    Attributes:
        figure: Its name in `jilin/figures.toml`.
        told: What is compared.
        place: Of which place it is told; empty for any.
        standing: Whether the people are made up to have it.
        measure: What it is in the model.
        figures: The figures of `figures.toml` that carry what the model gives.
        behaviours: The behaviours that do.
        keys: The values of policies that do.
        note: What one has to know before one makes something of it.
        part: Which part of the figure, where it is a table.
    """

    figure: str
    told: Message
    place: str
    unit: Unit
    measure: Callable[[Trial], Fraction]
    standing: Standing = Standing.TESTED
    holds: Holds = Holds.EQUAL
    figures: Sequence[str] = ()
    behaviours: Sequence[type[Behaviour]] = ()
    keys: Sequence[Parameter[Any]] = ()  # Any: keys of every type
    note: Message | None = None
    part: str | None = None


_HOUSEHOLDS: Final = ("households_urban", "households_county_seat", "households_other_town", "households_spread")
_PLACES: Final = ("subdistrict_weight", "county_seat_weight")
_COMES_AND_GOES: Final = (Hiring, LeavingByChoice, Incidents, Assessments)

YARDSTICKS: Final[Sequence[Yardstick]] = (
    Yardstick(
        figure="committees", told=msg("residents' committees"), place=PROVINCE, unit=Unit.COUNT,
        standing=Standing.INPUT, measure=lambda trial: Fraction(len(trial.made.communities)),
    ),
    Yardstick(
        figure="committees_under_subdistricts", told=msg("committees under subdistricts"), place=PROVINCE,
        unit=Unit.COUNT, standing=Standing.INPUT, measure=lambda trial: Fraction(_under_subdistricts(trial)),
        figures=_PLACES,
    ),
    Yardstick(
        figure="committees_per_subdistrict", told=msg("committees of a subdistrict"), place=PROVINCE, unit=Unit.MEAN,
        measure=_per_subdistrict, figures=("subdistrict_spread", *_PLACES),
    ),
    Yardstick(
        figure="urban_households", told=msg("urban households"), place=PROVINCE, unit=Unit.COUNT,
        measure=lambda trial: Fraction(int(trial.made.communities.households.values.sum())), figures=_HOUSEHOLDS,
        note=msg("The means of households were chosen so that the province comes near it; the spread is free."),
    ),
    Yardstick(
        figure="posts", told=msg("posts by August 2021"), place=PROVINCE, unit=Unit.COUNT, standing=Standing.INPUT,
        measure=lambda trial: Fraction(len(trial.made.posts)),
    ),
    Yardstick(
        figure="posts", told=msg("posts that the law asks for at least (JLW2.2a)"), place=PROVINCE, unit=Unit.COUNT,
        holds=Holds.AT_MOST, measure=_least_posts, figures=(*_HOUSEHOLDS, *_PLACES, "seat_in_subdistricts"),
        keys=(staffing.NORM, staffing.BASE_POSTS),
        note=msg(
            "Of the communities that the law reaches (JLW2.1). Posts enough in all leave some communities short,"
            " because larger ones have more."
        ),
    ),
    Yardstick(
        figure="posts_per_committee", told=msg("posts of a committee, over all"), place=PROVINCE, unit=Unit.MEAN,
        standing=Standing.INPUT,
        measure=lambda trial: Fraction(len(trial.made.posts), len(trial.made.communities)),
    ),
    Yardstick(
        figure="posts_per_committee_under_subdistricts", told=msg("posts of a committee under a subdistrict"),
        place=PROVINCE, unit=Unit.MEAN, measure=_posts_under_subdistricts, figures=("posts_size_free", *_PLACES),
        note=msg(
            "The published figure gives every post to a committee under a subdistrict; here county seats have theirs."
        ),
    ),
    Yardstick(
        figure="workers_more", told=msg("holders in August 2021 who came since the change-over"), place=PROVINCE,
        unit=Unit.COUNT, measure=lambda trial: Fraction(trial.announced["came_since"]),
        figures=("months_of_work", "change_over"), behaviours=(Hiring,),
        note=msg("Published is by how many workers there were more; who left before is not on record here."),
    ),
    Yardstick(
        figure="workers_more", told=msg("holders in August 2021 less those on the first day"), place=PROVINCE,
        unit=Unit.COUNT, measure=lambda trial: Fraction(trial.announced["held"] - trial.start["held"]),
        figures=("vacant_below_the_secretary",), behaviours=_COMES_AND_GOES,
        note=msg("The people are made up with all posts from the first day on: none opens in this run."),
    ),
    Yardstick(
        figure="pay_rise", told=msg("mean pay of the first year above the mean before the change-over, a month"),
        place=PROVINCE, unit=Unit.YUAN, holds=Holds.AT_LEAST, measure=_pay_rise, figures=("former_monthly_yuan",),
        keys=(pay.REFERENCE, pay.LOCAL_COEFFICIENT, pay.GRADES, pay.PLACEMENT, performance.PERFORMANCE),
        note=msg(
            "Published is a least amount only. What was paid before is assumed, and the reference is a mean wage in"
            " place of the mean pay of management posts: the amount itself says little."
        ),
    ),
    Yardstick(
        figure="changchun_grids", told=msg("grids of Changchun, made up"), place=CHANGCHUN, unit=Unit.COUNT,
        measure=_grids_made, figures=("households_per_grid", *_HOUSEHOLDS),
    ),
    Yardstick(
        figure="changchun_grids", told=msg("fewest grids of Changchun by the city's own bounds"), place=CHANGCHUN,
        unit=Unit.COUNT, holds=Holds.AT_MOST, figures=_HOUSEHOLDS, keys=(grids.HOUSEHOLDS,),
        measure=lambda trial: Fraction(_grids_possible(trial, None).low),
    ),
    Yardstick(
        figure="changchun_grids", told=msg("most grids of Changchun by the city's own bounds"), place=CHANGCHUN,
        unit=Unit.COUNT, holds=Holds.AT_LEAST, figures=_HOUSEHOLDS, keys=(grids.HOUSEHOLDS,),
        measure=lambda trial: Fraction(_grids_possible(trial, None).high),
    ),
    Yardstick(
        figure="changchun_grids", told=msg("fewest grids of Changchun by the province's bounds"), place=CHANGCHUN,
        unit=Unit.COUNT, holds=Holds.AT_MOST, figures=_HOUSEHOLDS, keys=(grids.HOUSEHOLDS,),
        measure=lambda trial: Fraction(_grids_possible(trial, PROVINCE).low),
        note=msg("The city draws larger grids than the province does: so it is in fact, and no fault of the model."),
    ),
    Yardstick(
        figure="vacant", told=msg("posts vacant on the first day"), place=ANYWHERE, unit=Unit.SHARE,
        standing=Standing.INPUT, measure=lambda trial: _vacant(trial.start), figures=("vacant_below_the_secretary",),
    ),
    Yardstick(
        figure="vacant", told=msg("posts vacant at the end"), place=ANYWHERE, unit=Unit.SHARE,
        measure=lambda trial: _vacant(trial.end), behaviours=_COMES_AND_GOES,
    ),
    Yardstick(
        figure="women", told=msg("women among holders on the first day"), place=ANYWHERE, unit=Unit.SHARE,
        standing=Standing.INPUT, measure=lambda trial: _share(trial.start, "women"),
    ),
    Yardstick(
        figure="women", told=msg("women among holders at the end"), place=ANYWHERE, unit=Unit.SHARE,
        measure=lambda trial: _share(trial.end, "women"), behaviours=(Hiring, LeavingByChoice),
    ),
    Yardstick(
        figure="mean_age", told=msg("mean age of holders on the first day"), place=ANYWHERE, unit=Unit.MEAN,
        standing=Standing.INPUT, measure=lambda trial: _age(trial.start), figures=("ages",),
    ),
    Yardstick(
        figure="mean_age", told=msg("mean age of holders at the end"), place=ANYWHERE, unit=Unit.MEAN,
        measure=lambda trial: _age(trial.end), figures=("ages",), behaviours=(Hiring, LeavingByChoice),
    ),
    Yardstick(
        figure="college_or_above", told=msg("junior college or above on the first day"), place=ANYWHERE,
        unit=Unit.SHARE, standing=Standing.INPUT, measure=lambda trial: _share(trial.start, "college"),
        figures=("education",),
    ),
    Yardstick(
        figure="college_or_above", told=msg("junior college or above at the end"), place=ANYWHERE, unit=Unit.SHARE,
        measure=lambda trial: _share(trial.end, "college"), behaviours=(Hiring, LeavingByChoice, DegreesWon),
    ),
    Yardstick(
        figure="certified_in_changzhou", told=msg("holders with a certificate at the end"), place=ANYWHERE,
        unit=Unit.SHARE, measure=lambda trial: _share(trial.end, "certified"), figures=("certified",),
        behaviours=(CertificatesWon, LeavingByChoice),
        note=msg("Published for one city of another province, far above the nation; for Jilin nobody published it."),
    ),
    Yardstick(
        figure="certificate_growth", told=msg("certified holders in 2023 over those in 2021"), place=ANYWHERE,
        unit=Unit.TIMES, measure=_grew, figures=("certified",), behaviours=(CertificatesWon, LeavingByChoice),
        note=msg("Published for the nation, where most holders of a certificate are no community workers."),
    ),
    Yardstick(
        figure="leaving_of_social_workers", told=msg("holders who leave in a year, for any reason"), place=ANYWHERE,
        unit=Unit.SHARE, measure=_leave, behaviours=(LeavingByChoice, Incidents, Assessments),
        note=msg("Published for social workers of large cities; for community workers nobody published it."),
    ),
)
