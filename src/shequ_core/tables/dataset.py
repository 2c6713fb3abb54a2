"""The tables of a place, and all of them together as a `Dataset`."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from shequ_core.model.communities import Community, Grid, Setting
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import ContributionBase, FormerPay, Grading
from shequ_core.model.posts import (
    Certificate,
    CertificateLevel,
    Education,
    EducationLevel,
    Employment,
    Holding,
    Post,
    PostDuty,
    Role,
    Secondment,
    Sex,
    Worker,
)
from shequ_core.model.records import Agreement, Assessment, AssessmentGrade, Ground, Incident, Training
from shequ_core.tables.arrangements import Arrangements, Demands, Entitlements, Funds, SeatCounts
from shequ_core.tables.buildings import Adjacencies, BarrierRows, Buildings, EarlierGrids
from shequ_core.tables.columns import BoolColumn, DateColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.facilities import Facilities
from shequ_core.tables.indicators import Indicators
from shequ_core.tables.staff import GridMembers
from shequ_core.tables.table import Table


class Communities(Table[Community]):
    """Communities, one row each."""

    code: TextColumn
    name: TextColumn
    setting: EnumColumn[Setting]
    households: IntColumn
    residents: IntColumn
    counted_on: DateColumn


class Grids(Table[Grid]):
    """Grids, one row each."""

    code: TextColumn
    community: TextColumn
    households: IntColumn
    drawn_by: TextColumn


class Posts(Table[Post]):
    """Posts, held or vacant, one row each."""

    id: TextColumn
    community: TextColumn
    duty: EnumColumn[PostDuty]
    opened_on: DateColumn
    closed_on: DateColumn


class Workers(Table[Worker]):
    """Workers, one row a person."""

    id: TextColumn
    name: TextColumn
    sex: EnumColumn[Sex]
    birth_date: DateColumn
    worked_since: DateColumn


class Holdings(Table[Holding]):
    """Who held which post from when to when."""

    worker: TextColumn
    post: TextColumn
    post_class: TextColumn
    role: EnumColumn[Role]
    employment: EnumColumn[Employment]
    since: DateColumn
    until: DateColumn
    probation_until: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Educations(Table[Education]):
    """Levels of education, one row for each that somebody completed."""

    worker: TextColumn
    level: EnumColumn[EducationLevel]
    since: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Certificates(Table[Certificate]):
    """Social-worker certificates, one row each."""

    worker: TextColumn
    level: EnumColumn[CertificateLevel]
    since: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Gradings(Table[Grading]):
    """Placements in a pay grade."""

    worker: TextColumn
    grade: IntColumn
    since: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class FormerPays(Table[FormerPay]):
    """Pay before the change-over."""

    worker: TextColumn
    monthly: FenColumn
    employer: FenColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Secondments(Table[Secondment]):
    """Holders lent to higher offices."""

    worker: TextColumn
    to: TextColumn
    since: DateColumn
    until: DateColumn
    approved_by: TextColumn
    approved: BoolColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Leaves(Table[Leave]):
    """Leave taken."""

    worker: TextColumn
    kind: EnumColumn[LeaveKind]
    since: DateColumn
    until: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class ContributionBases(Table[ContributionBase]):
    """Bases of insurances and housing fund."""

    worker: TextColumn
    base: FenColumn
    since: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Emergencies(Table[Emergency]):
    """Emergency responses that were declared."""

    place: TextColumn
    level: TextColumn
    since: DateColumn
    until: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Duties(Table[Duty]):
    """Emergency duty, who and when."""

    worker: TextColumn
    since: DateColumn
    until: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Assessments(Table[Assessment]):
    """Assessments, one row a person a year."""

    worker: TextColumn
    year: IntColumn
    grade: EnumColumn[AssessmentGrade]
    residents: IntColumn
    organisation: IntColumn
    daily: IntColumn
    annual: IntColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Agreements(Table[Agreement]):
    """Service agreements."""

    worker: TextColumn
    signed_on: DateColumn
    since: DateColumn
    until: DateColumn
    known_on: DateColumn
    withdrawn: BoolColumn


class Trainings(Table[Training]):
    """Completed trainings."""

    worker: TextColumn
    completed_on: DateColumn
    subject: TextColumn


class Incidents(Table[Incident]):
    """What may end a holding."""

    worker: TextColumn
    ground: EnumColumn[Ground]
    happened_on: DateColumn
    established: BoolColumn
    great_loss: BoolColumn
    told_on: DateColumn
    mended: BoolColumn
    helped_on: DateColumn
    still_unfit: BoolColumn
    legal_basis: TextColumn
    known_on: DateColumn


def table_names(*names: str) -> Mapping[str, tuple[str, ...]]:
    """Return the metadata of a dataset's table: the Chinese names of its file or sheet."""
    return {"names": names}


@attrs.frozen(kw_only=True)
class Dataset:
    """All facts of a place. A table that was not given is None: not examined, never empty.

    Communities, posts, workers and holdings must be there; a roster file brings the last two.
    """

    communities: Communities = attrs.field(metadata=table_names("社区"))
    posts: Posts = attrs.field(metadata=table_names("岗位", "社工岗"))
    workers: Workers = attrs.field(metadata=table_names("人员"))
    holdings: Holdings = attrs.field(metadata=table_names("任职"))
    educations: Educations | None = attrs.field(default=None, metadata=table_names("学历"))
    certificates: Certificates | None = attrs.field(default=None, metadata=table_names("社工证"))
    gradings: Gradings | None = attrs.field(default=None, metadata=table_names("定级"))
    former_pays: FormerPays | None = attrs.field(default=None, metadata=table_names("原薪酬"))
    assessments: Assessments | None = attrs.field(default=None, metadata=table_names("考核"))
    agreements: Agreements | None = attrs.field(default=None, metadata=table_names("服务协议", "协议"))
    trainings: Trainings | None = attrs.field(default=None, metadata=table_names("培训"))
    incidents: Incidents | None = attrs.field(default=None, metadata=table_names("退出情形"))
    leaves: Leaves | None = attrs.field(default=None, metadata=table_names("请休假", "请假"))
    secondments: Secondments | None = attrs.field(default=None, metadata=table_names("借调"))
    contribution_bases: ContributionBases | None = attrs.field(default=None, metadata=table_names("缴费基数"))
    emergencies: Emergencies | None = attrs.field(default=None, metadata=table_names("应急响应"))
    duties: Duties | None = attrs.field(default=None, metadata=table_names("应急值守"))
    grids: Grids | None = attrs.field(default=None, metadata=table_names("网格"))
    buildings: Buildings | None = attrs.field(default=None, metadata=table_names("楼栋"))
    building_grids: EarlierGrids | None = attrs.field(default=None, metadata=table_names("楼栋网格", "楼栋所在网格"))
    grid_members: GridMembers | None = attrs.field(default=None, metadata=table_names("网格人员"))
    adjacencies: Adjacencies | None = attrs.field(default=None, metadata=table_names("楼栋相邻"))
    barriers: BarrierRows | None = attrs.field(default=None, metadata=table_names("屏障"))
    arrangements: Arrangements | None = attrs.field(default=None, metadata=table_names("工作安排", "安排事项"))
    seats: SeatCounts | None = attrs.field(default=None, metadata=table_names("班子职数"))
    demands: Demands | None = attrs.field(default=None, metadata=table_names("部门要求"))
    entitlements: Entitlements | None = attrs.field(default=None, metadata=table_names("待遇落实"))
    funds: Funds | None = attrs.field(default=None, metadata=table_names("经费预算"))
    indicators: Indicators | None = attrs.field(default=None, metadata=table_names("社区指标"))
    facilities: Facilities | None = attrs.field(default=None, metadata=table_names("设施", "服务设施"))

    def with_tables(self, tables: Mapping[str, Table[Any]]) -> Dataset:  # Any: tables of every kind of fact
        """Return the same facts with some tables replaced, by name."""
        changed: dict[str, Any] = dict(tables)  # Any: attrs checks the names; the kinds are the caller's
        return attrs.evolve(self, **changed)

    def tables(self) -> Iterator[tuple[str, Table[Any]]]:  # Any: tables of every kind of fact
        """Yield the tables that were given, by name."""
        for name in TABLES:
            table = getattr(self, name)
            if table is not None:
                yield name, table


def _tables() -> dict[str, type[Table[Any]]]:
    found: dict[str, type[Table[Any]]] = {}
    for name, hint in typing.get_type_hints(Dataset).items():
        (kind,) = [one for one in (*typing.get_args(hint), hint) if isinstance(one, type) and issubclass(one, Table)]
        found[name] = kind
    return found


TABLES: Final[Mapping[str, type[Table[Any]]]] = _tables()  # Any: tables of every kind of fact
"""Every table of a dataset, by name, in the order in which they are read and written."""

REQUIRED: Final = ("communities", "posts", "workers", "holdings")
