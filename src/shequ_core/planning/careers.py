"""Who of a place may go which way on a day, and what each of the others lacks (JLW2.6, JLG2.2.4, JLG2.4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import attrs
import numpy as np

from shequ_core.errors import UnsetError
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.planning.holders import Holders
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.rules import careers as rules
from shequ_core.rules.careers import Condition, Standing
from shequ_core.tables.columns import (
    BoolColumn,
    Bools,
    Ints,
    TextColumn,
)
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.dated import as_known_dataset
from shequ_core.values import Labelled


class CareerPath(Labelled):
    """A way that the text opens for post holders."""

    CIVIL_SERVICE = "civil_service", "定向招录公务员"
    SUBDISTRICT_LEADER = "subdistrict_leader", "选拔为街道领导干部"
    COUNTY_JOB = "county_job", "县级行政和事业单位岗位"
    SUBDISTRICT_JOB = "subdistrict_job", "街道事业单位专项招聘"
    DIRECT_APPRAISAL = "direct_appraisal", "街道事业单位直接考察"
    DELEGATE = "delegate", "推荐为代表、委员"


CLAUSES: Mapping[CareerPath, str] = {
    CareerPath.CIVIL_SERVICE: "JLW2.6a",
    CareerPath.SUBDISTRICT_LEADER: "JLW2.6b",
    CareerPath.COUNTY_JOB: "JLW2.6c",
    CareerPath.SUBDISTRICT_JOB: "JLW2.6d",
    CareerPath.DIRECT_APPRAISAL: "JLW2.6d",
    CareerPath.DELEGATE: "JLW2.6e",
}
"""Where each way is opened."""


@attrs.frozen(kw_only=True)
class Prospect:
    """How one person stands towards one way.

    Attributes:
        eligible: Whether the way is open; None where nobody can say.
        lacks: The conditions that are known not to be met. Of two that open the way alone, both.
        unknown: The conditions that hang on a fact that is missing.
        first: Of those put forward as delegates, whether before all others (JLG2.2.4); None elsewhere.
    """

    worker: str
    post: str
    path: CareerPath
    eligible: bool | None
    lacks: tuple[Condition, ...] = ()
    unknown: tuple[Condition, ...] = ()
    first: bool | None = None


@attrs.frozen(kw_only=True, eq=False)
class Careers:
    """The post holders of a place on a day, and how each stands towards every way.

    Attributes:
        workers: Their ids, n of them, in sorted order.
        posts: The post that each holds.
        standings: For each way, a row a person.
        first: Whether each is put forward as a delegate before others.
        unset: The keys that nobody set, by way: all who depend on them are unknown there.
    """

    on: date
    workers: TextColumn
    posts: TextColumn
    standings: Mapping[CareerPath, Standing]
    first: BoolColumn
    unset: Mapping[CareerPath, tuple[str, ...]]

    def prospects(self) -> Iterator[Prospect]:
        """Yield how everybody stands, way by way."""
        workers, posts, first = self.workers.to_list(), self.posts.to_list(), self.first.to_list()
        for path, standing in self.standings.items():
            asked = {one: column.to_list() for one, column in standing.conditions().items()}
            for row, eligible in enumerate(standing.eligible.to_list()):
                yield Prospect(
                    worker=str(workers[row]), post=str(posts[row]), path=path, eligible=eligible,
                    lacks=() if eligible else tuple(one for one, met in asked.items() if met[row] is False),
                    unknown=() if eligible is not None
                    else tuple(one for one, met in asked.items() if met[row] is None),
                    first=first[row] if path is CareerPath.DELEGATE else None,
                )


def careers(data: Dataset, book: PolicyBook, on: date, *, known: date | None = None) -> Careers:
    """Return who of the place's post holders may go which way on a day.

    A table that isn't there leaves what hangs on it unknown; so does a key that nobody set, which `unset` names.
    The register of households is no table of ours, so whoever has to be registered in the county is unknown.

    Args:
        data: Workers, holdings, and what there is of assessments, certificates and educations.
        book: The policies: each county's own holds.
        on: The day.
        known: As known on that day; None for all that is known now.
    """
    data = as_known_dataset(data, known)
    facts = Holders.of(data, on, known)
    counties = facts.holdings.post.start(COUNTY_DIGITS)
    places = sorted({one for one in counties.to_list() if one is not None})
    unset: dict[CareerPath, list[str]] = {}
    parts: dict[CareerPath, list[Standing]] = {path: [] for path in CareerPath}
    firsts: list[BoolColumn] = []
    rows: list[Ints] = []
    for county in places:
        policy = book.policy(county, on, known, placed_on=on)
        here = np.flatnonzero((counties == county).true())
        rows.append(here)
        some = facts.take(here)
        for path in CareerPath:
            parts[path].append(_standing(path, some, policy, unset))
        try:
            firsts.append(rules.put_forward_first(some.holdings.role, policy))
        except UnsetError as error:
            unset.setdefault(CareerPath.DELEGATE, []).extend(one.key for one in error.missing)
            firsts.append(_unknown(len(here)))
    order = np.argsort(np.concatenate(rows), kind="stable") if rows else np.zeros(0, dtype=np.int64)
    return Careers(
        on=on, workers=facts.holdings.worker, posts=facts.holdings.post,
        standings={path: _under(found, order) for path, found in parts.items()},
        first=_column(firsts, order),
        unset={path: tuple(sorted(set(found))) for path, found in unset.items()},
    )


def _standing(
    path: CareerPath, facts: Holders, policy: Policy, unset: dict[CareerPath, list[str]]
) -> Standing:
    role, latest, in_post = facts.holdings.role, facts.latest, facts.in_post()
    try:
        match path:
            case CareerPath.CIVIL_SERVICE:
                return rules.targeted_civil_service(in_post, role, latest, policy)
            case CareerPath.SUBDISTRICT_LEADER:
                return rules.subdistrict_leaders(in_post, role, latest, policy)
            case CareerPath.COUNTY_JOB:
                return rules.county_jobs(facts.age, facts.education, facts.years, _unknown(len(role)), policy)
            case CareerPath.SUBDISTRICT_JOB:
                return rules.subdistrict_jobs(in_post, latest, policy)
            case CareerPath.DIRECT_APPRAISAL:
                return rules.direct_appraisal(
                    in_post, role, latest, facts.certificate, facts.certificate_known, policy
                )
            case CareerPath.DELEGATE:
                return rules.delegates(in_post, latest, policy)
    except UnsetError as error:
        unset.setdefault(path, []).extend(one.key for one in error.missing)
        return Standing(eligible=_unknown(len(role)))


def _unknown(rows: int) -> BoolColumn:
    return BoolColumn(np.zeros(rows, dtype=np.bool_), np.zeros(rows, dtype=np.bool_))


def _under(parts: list[Standing], order: Ints) -> Standing:
    """Put the standings of several counties under each other; what one asks and another doesn't is met there."""
    asked = [one for one in Condition if any(getattr(part, one.value) is not None for part in parts)]
    columns = {
        one.value: _column([_asked(getattr(part, one.value), len(part.eligible)) for part in parts], order)
        for one in asked
    }
    return Standing(eligible=_column([part.eligible for part in parts], order), **columns)


def _asked(column: BoolColumn | None, rows: int) -> BoolColumn:
    return BoolColumn(np.ones(rows, dtype=np.bool_)) if column is None else column


def _column(parts: list[BoolColumn], order: Ints) -> BoolColumn:
    if not parts:
        return _unknown(0)
    values: Bools = np.concatenate([one.values for one in parts])
    return BoolColumn(values[order], np.concatenate([one.mask() for one in parts])[order])
