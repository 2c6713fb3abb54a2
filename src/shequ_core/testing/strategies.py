"""Hypothesis strategies: rosters and whole datasets that are valid for a policy, for tests of your own.

```python
from hypothesis import given
from shequ_core import PolicyBook
from shequ_core.testing.strategies import datasets, rosters

policy = PolicyBook.load(assume=True).policy("220104", date(2022, 7, 1))


@given(rosters(policy))
def test_nobody_is_paid_less_than_nothing(rows):
    assert payroll(rows, policy, policy.on).total() >= 0
```

They need hypothesis: `pip install 'shequ-core[testing]'`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from shequ_core.errors import MissingExtraError
from shequ_core.policy.policy import Policy
from shequ_core.tables.columns import IntColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.tables.payroll import PayRows
from shequ_core.testing import rosters as made_up

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError as error:
    raise MissingExtraError("hypothesis", "testing") from error


def rosters(policy: Policy) -> st.SearchStrategy[PayRows]:
    """Return people of one month whom a policy can pay, in any order: at least two in each subdistrict.

    Args:
        policy: It has a table of grades (`pay.grades`).
    """
    return _randoms().map(lambda random: made_up.pay_rows(policy, random))


def datasets(policy: Policy, county: str) -> st.SearchStrategy[Dataset]:
    """Return the communities, posts and people of a county, whom a policy can pay in the month of its day.

    Args:
        policy: The county's, with a table of grades (`pay.grades`).
        county: The code of a listed county.
    """
    return _randoms().map(lambda random: made_up.dataset(policy, county, random))


def households() -> st.SearchStrategy[IntColumn]:
    """Return how many households some communities have, a few of them unknown."""
    return _randoms().map(made_up.households)


def _randoms() -> st.SearchStrategy[Random]:
    return st.randoms(use_true_random=False)


def over(policies: int, examples: int, hold: Callable[[int, Random], None]) -> None:
    """Call a function with so many random draws, each with the number of one of the policies, and shrink what fails.

    The draws are the same each time, and no folder is written beside a city's tests.
    """
    if not policies:
        return

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
    )
    @given(st.integers(0, policies - 1), _randoms())
    def test(policy: int, random: Random) -> None:
        hold(policy, random)

    test()
