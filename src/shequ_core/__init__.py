"""Urban community governance in China, computed; each answer back to its clause.

This is the face: what users and plugins import. It loads nothing until a name is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shequ_core.audit.run import Audit, run_audit
    from shequ_core.errors import InputError, PlaceNotFoundError, ShequError, UnsetError
    from shequ_core.explanation import explain
    from shequ_core.law.clauses import Document, Source
    from shequ_core.law.findings import Finding
    from shequ_core.model.places import Division, DivisionKind, Divisions
    from shequ_core.planning.grids.asking import divide, divide_communities
    from shequ_core.planning.grids.comparison import GridComparison
    from shequ_core.planning.grids.plan import GridPlan
    from shequ_core.planning.grids.plans import GridPlans
    from shequ_core.policy.book import PolicyBook
    from shequ_core.policy.checks import Breach, Check, Seen, check
    from shequ_core.policy.hookspecs import hookimpl
    from shequ_core.policy.parameters import LocalPolicy, LocalValue, Parameter, Part, Reform
    from shequ_core.policy.policy import Policy
    from shequ_core.policy.sheet.read import read_sheet, sheet_hook
    from shequ_core.population.synthesize import synthesize
    from shequ_core.reports.slip import PaySlip, pay_slips
    from shequ_core.rules.payroll import PoolContext, payroll
    from shequ_core.simulation.compare import Comparison, compare
    from shequ_core.simulation.scenario import Scenario
    from shequ_core.simulation.sheet import read_scenario
    from shequ_core.simulation.simulate import Simulation, simulate
    from shequ_core.simulation.starts import MadeUp
    from shequ_core.simulation.sweep import Between, Sweep, sweep
    from shequ_core.tables.dataset import Dataset
    from shequ_core.tables.files import read_dataset, write_dataset
    from shequ_core.tables.payroll import PayRows
    from shequ_core.values import Fen, Span, Status, yuan
    from shequ_core.year import PayMonth, YearResult, run_month, run_year
    from shequ_core.year.average import AverageCheck, average_check
    from shequ_core.year.budget import Budget, budget

_HOME: Final = {
    "Audit": "audit.run",
    "AverageCheck": "year.average",
    "Between": "simulation.sweep",
    "Breach": "policy.checks",
    "Budget": "year.budget",
    "Check": "policy.checks",
    "Comparison": "simulation.compare",
    "Dataset": "tables.dataset",
    "Division": "model.places",
    "DivisionKind": "model.places",
    "Divisions": "model.places",
    "Document": "law.clauses",
    "Fen": "values",
    "Finding": "law.findings",
    "GridComparison": "planning.grids.comparison",
    "GridPlan": "planning.grids.plan",
    "GridPlans": "planning.grids.plans",
    "InputError": "errors",
    "LocalPolicy": "policy.parameters",
    "LocalValue": "policy.parameters",
    "MadeUp": "simulation.starts",
    "Parameter": "policy.parameters",
    "Part": "policy.parameters",
    "PayMonth": "year",
    "PayRows": "tables.payroll",
    "PaySlip": "reports.slip",
    "PlaceNotFoundError": "errors",
    "Policy": "policy.policy",
    "PolicyBook": "policy.book",
    "PoolContext": "rules.payroll",
    "Reform": "policy.parameters",
    "Scenario": "simulation.scenario",
    "Seen": "policy.checks",
    "ShequError": "errors",
    "Simulation": "simulation.simulate",
    "Source": "law.clauses",
    "Span": "values",
    "Status": "values",
    "Sweep": "simulation.sweep",
    "UnsetError": "errors",
    "YearResult": "year",
    "average_check": "year.average",
    "budget": "year.budget",
    "check": "policy.checks",
    "compare": "simulation.compare",
    "divide": "planning.grids.asking",
    "divide_communities": "planning.grids.asking",
    "explain": "explanation",
    "hookimpl": "policy.hookspecs",
    "pay_slips": "reports.slip",
    "payroll": "rules.payroll",
    "read_dataset": "tables.files",
    "read_scenario": "simulation.sheet",
    "read_sheet": "policy.sheet.read",
    "run_audit": "audit.run",
    "run_month": "year",
    "run_year": "year",
    "sheet_hook": "policy.sheet.read",
    "simulate": "simulation.simulate",
    "sweep": "simulation.sweep",
    "synthesize": "population.synthesize",
    "write_dataset": "tables.files",
    "yuan": "values",
}

__all__ = [
    "Audit",
    "AverageCheck",
    "Between",
    "Breach",
    "Budget",
    "Check",
    "Comparison",
    "Dataset",
    "Division",
    "DivisionKind",
    "Divisions",
    "Document",
    "Fen",
    "Finding",
    "GridComparison",
    "GridPlan",
    "GridPlans",
    "InputError",
    "LocalPolicy",
    "LocalValue",
    "MadeUp",
    "Parameter",
    "Part",
    "PayMonth",
    "PayRows",
    "PaySlip",
    "PlaceNotFoundError",
    "Policy",
    "PolicyBook",
    "PoolContext",
    "Reform",
    "Scenario",
    "Seen",
    "ShequError",
    "Simulation",
    "Source",
    "Span",
    "Status",
    "Sweep",
    "UnsetError",
    "YearResult",
    "average_check",
    "budget",
    "check",
    "compare",
    "divide",
    "divide_communities",
    "explain",
    "hookimpl",
    "pay_slips",
    "payroll",
    "read_dataset",
    "read_scenario",
    "read_sheet",
    "run_audit",
    "run_month",
    "run_year",
    "sheet_hook",
    "simulate",
    "sweep",
    "synthesize",
    "write_dataset",
    "yuan",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found: object = getattr(importlib.import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
