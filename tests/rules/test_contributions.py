"""What the employer pays alone is what stands beside the rest."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from shequ_core.model.contributions import Scheme
from shequ_core.policy.contributions import RATES, BaseOf, LocalRates, SchemeRate
from shequ_core.policy.policy import Policy
from shequ_core.rules.contributions import contributions, employer_contributions
from shequ_core.tables.columns import FenColumn, assert_same
from shequ_core.values import Fen

RATES_OF = {
    Scheme.PENSION: SchemeRate(Fraction(8, 100), Fraction(16, 100), Fen(400_000), Fen(2_000_000)),
    Scheme.MEDICAL: SchemeRate(Fraction(2, 100), Fraction(7, 100), Fen(400_000), Fen(2_000_000), own_extra=Fen(500)),
    Scheme.HOUSING_FUND: SchemeRate(Fraction(12, 100), Fraction(12, 100), Fen(200_000), Fen(3_000_000)),
    Scheme.WORK_INJURY: SchemeRate(Fraction(0), Fraction(0), Fen(0), Fen(1)),
}


@pytest.mark.parametrize("schemes", range(len(RATES_OF) + 1))
@pytest.mark.parametrize("quantum", [1, 100])
def test_the_employer_s_part_alone_is_the_same(where: Callable[..., Policy], schemes: int, quantum: int) -> None:
    """Of any base, below the floor and above the ceiling, and of one that is unknown (JLW2.5a)."""
    policy = where((RATES, LocalRates(dict(list(RATES_OF.items())[:schemes]), BaseOf.MONTH, Fen(quantum))))
    base = FenColumn(np.arange(0, 3_500_000, 1_237, dtype=np.int64))
    base = FenColumn(base.values, np.arange(len(base)) % 7 > 0)
    assert_same(employer_contributions(base, policy), contributions(base, policy).employer)
