"""The rule in Polars expressions with whole numbers; runs in an environment of its own.

One lazy query a month. Of the ways tried on a million rows this was the fastest: window expressions
on a column known to be sorted, and small tables looked up with `gather`. Joins of grouped sums,
`replace_strict`, one grouped aggregation exploded again, composite keys sorted within or over all
groups, and the streaming engine were all slower or the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl
from tools.bench import pay_rule
from tools.bench.pay_rule import LINES, Workforce


class Expressions:
    """Polars as a subject of the benchmark."""

    def prepare(self, workforce: Workforce) -> list[pl.DataFrame]:
        """Return each month's rows as a data frame with enums."""
        assessment, certificate = pl.Enum(pay_rule.ASSESSMENTS), pl.Enum(pay_rule.CERTIFICATES)
        subdistrict = pl.Series(workforce.subdistrict).cast(pl.Int32).set_sorted()
        worker, former = pl.Series(workforce.worker), pl.Series(workforce.former)
        return [
            pl.DataFrame({
                "subdistrict": subdistrict,
                "worker": worker,
                "former": former,
                "grade": workforce.grade[month],
                "certificate_level": pl.Series(workforce.certificate[month]).cat.to(certificate),
                "assessment": pl.Series(workforce.assessment[month]).cat.to(assessment),
            })
            for month in range(workforce.months)
        ]

    def month(self, state: list[pl.DataFrame], month: int) -> Iterator[tuple[int, dict[str, pl.Series]]]:
        """Yield all lines of a month."""
        frame = _query(state[month].lazy(), month).collect()
        yield 0, {name: frame[name] for name in LINES}


def _query(rows: pl.LazyFrame, month: int) -> pl.LazyFrame:
    standards = pay_rule.standards(month)
    standard = pl.Series([0, *standards])
    basic = pl.Series([0, *(pay_rule.half_up(amount * pay_rule.BASIC_SHARE) for amount in standards)])
    tenths = pl.Series(pay_rule.WEIGHTS, dtype=pl.Int64)
    monthly = pl.Series(pay_rule.MONTHLY, dtype=pl.Int64)
    col = pl.col
    return (
        rows.with_columns(
            standard=pl.lit(standard).gather(col("grade")),
            basic=pl.lit(basic).gather(col("grade")),
            certificate=pl.lit(monthly).gather(col("certificate_level").to_physical()),
            tenths=pl.lit(tenths).gather(col("assessment").to_physical()),
        )
        .with_columns(own=col("standard") - col("basic"))
        .with_columns(weight=col("own") * col("tenths"))
        .with_columns(pool=col("own").sum().over("subdistrict"), total=col("weight").sum().over("subdistrict"))
        .with_columns(product=col("pool") * col("weight"), by=col("total").clip(lower_bound=1))
        .with_columns(whole=col("product") // col("by"))
        .with_columns(rest=col("product") - col("whole") * col("by"))
        .with_columns(
            left=col("pool") - col("whole").sum().over("subdistrict"),
            place=col("rest").rank("ordinal", descending=True).over("subdistrict"),  # ties in the order of rows
        )
        # Where all weights are zero nobody gets anything.
        .with_columns(bonus=pl.when(col("total") > 0).then(col("whole") + (col("place") <= col("left"))).otherwise(0))
        .with_columns(kept=(col("former") - col("standard") - col("certificate")).clip(lower_bound=0))
        .with_columns(gross=col("basic") + col("bonus") + col("certificate") + col("kept"))
        .with_columns(base=col("gross").clip(pay_rule.FLOOR, pay_rule.CEILING))
        .with_columns(
            insurance=_share(col("base"), *pay_rule.INSURANCE.as_integer_ratio()),
            housing=_share(col("base"), *pay_rule.HOUSING.as_integer_ratio()),
        )
        .with_columns(net=col("gross") - col("insurance") - col("housing"))
        .select(LINES)
    )


def _share(amount: pl.Expr, parts: int, whole: int) -> pl.Expr:
    return (amount * parts + whole // 2) // whole


SUBJECT: Final = Expressions()
