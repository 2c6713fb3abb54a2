"""The five social insurances and the housing fund (五险一金)."""

from __future__ import annotations

from shequ_core.values import Labelled


class Scheme(Labelled):
    """A scheme into which person and employer pay (JLW2.5a)."""

    PENSION = "pension", "养老保险", "基本养老保险"
    MEDICAL = "medical", "医疗保险", "基本医疗保险"
    UNEMPLOYMENT = "unemployment", "失业保险"
    WORK_INJURY = "work_injury", "工伤保险"
    MATERNITY = "maternity", "生育保险"
    HOUSING_FUND = "housing_fund", "住房公积金", "公积金"
