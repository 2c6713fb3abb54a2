"""The tables of a budget and of the average check."""

from __future__ import annotations

from shequ_core.model.average import CountyAverage, ProposedGrade
from shequ_core.model.budget import BudgetLine, CostLine
from shequ_core.tables.columns import BoolColumn, EnumColumn, FenColumn, IntColumn, TextColumn
from shequ_core.tables.table import Table


class BudgetLines(Table[BudgetLine]):
    """What each payer pays, by month, subdistrict, class of post and line."""

    month: IntColumn
    subdistrict: TextColumn
    post_class: TextColumn
    line: EnumColumn[CostLine]
    payer: TextColumn
    cost: FenColumn
    former: FenColumn
    added: FenColumn
    unexamined: FenColumn


class CountyAverages(Table[CountyAverage]):
    """Average standards against their references, one row a county."""

    county: TextColumn
    month: IntColumn
    people: IntColumn
    total: FenColumn
    mean: FenColumn
    reference: FenColumn
    reference_exact: TextColumn
    relation: TextColumn
    gap: FenColumn
    tolerance: TextColumn
    inside: BoolColumn
    gives: TextColumn
    factor: TextColumn
    coefficient: TextColumn
    proposed_coefficient: TextColumn
    proposed_total: FenColumn
    proposed_mean: FenColumn
    proposed_relation: TextColumn
    proposed_inside: BoolColumn


class ProposedGrades(Table[ProposedGrade]):
    """Amounts of grades now and by a proposal."""

    county: TextColumn
    post_class: TextColumn
    grade: IntColumn
    people: IntColumn
    now: FenColumn
    proposed: FenColumn
