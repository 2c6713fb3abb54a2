"""A reform tried in a notebook, cell by cell: run it with `python examples/try_a_reform.py`, or paste its cells.

The county's people are synthetic, and most of how they act is assumed: every result says so.
"""

# %% The county, and what would be otherwise
from datetime import date
from fractions import Fraction

from shequ_core import Between, Document, MadeUp, Reform, Scenario, Status, compare, sweep
from shequ_core.policy.pay import LOCAL_COEFFICIENT

baseline = Scenario(place="220421", years=range(2024, 2034), seeds=range(1, 101), start=MadeUp(2024), assume=True)

reform = Reform(
    name="coefficient of 9/10",
    place="220421",
    scope="replace_below",
    values=[
        LOCAL_COEFFICIENT.set(
            Fraction(9, 10), since=date(2024, 1, 1), known_on=date(2024, 1, 1),
            source=Document("an idea to try").article(""), status=Status.ASSUMPTION,
        ),
    ],
)  # fmt: skip

# %% Ten years and a hundred seeds are as quickly written: years=10, seeds=100
found = compare(baseline, reform, years=2, seeds=10)
print(found)

# %% Frames
frame = found.differences(measures=("cost",), by=("payer",)).to_frame("pandas")
print(frame[["year", "kind", "mean", "low", "high"]])

# %% What carries it: the coefficient, or how many leave for the civil service?
swept = sweep(
    baseline,
    {"pay.local_coefficient": Between("7/10", "9/10"), "civil_service.share": Between("1/100", "1/10")},
    n=2, years=2, seeds=2,
)  # fmt: skip
print(swept.indices("cost").to_frame("pandas"))
