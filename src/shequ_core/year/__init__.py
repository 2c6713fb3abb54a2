"""One year of a place: the rules in their order, from tables to tables.

Real years and simulated years both call this. The order of rows never matters: everything is worked
out in the order of community and worker id, and every answer comes out in it.
"""

from shequ_core.year.pay import PayMonth, run_month
from shequ_core.year.run import YearResult, run_year

__all__ = ["PayMonth", "YearResult", "run_month", "run_year"]
