"""openfisca-core as a peer: entities, parameters, and how a simulation of the workforce is made and asked.

It runs in an environment of its own; nothing of it is a dependency of the library. Two ways of writing
the rule stand beside this file. Both count in yuan, in openfisca's 32-bit floats, and round half up to
the fen where the rule does. The pool is divided without largest remainder: openfisca has no such thing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

import attrs
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.model_api import ParameterNode, Variable
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from tools.bench import pay_rule
from tools.bench.pay_rule import LINES, MONTHS, Workforce

# openfisca-core publishes no types that a formula could use.
Population: TypeAlias = Any
Period: TypeAlias = Any
Parameters: TypeAlias = Any
Array: TypeAlias = Any

WORKER: Final = build_entity(key="worker", plural="workers", label="A worker", is_person=True)
SUBDISTRICT: Final = build_entity(
    key="subdistrict", plural="subdistricts", label="A subdistrict", roles=[{"key": "member", "plural": "members"}]
)
GRADES: Final = tuple(str(number) for number in range(1, len(pay_rule.COEFFICIENTS) + 1))


def half_up(yuan: Array) -> Array:
    """Round to the fen."""
    return np.floor(yuan * 100 + 0.5) / 100


def _parameters() -> ParameterNode:
    def since(*values: tuple[str, float]) -> dict[str, Any]:
        return {"values": {f"{month}-01": {"value": value} for month, value in values}}

    def named(names: Sequence[str], values: Sequence[float]) -> dict[str, Any]:
        return {name: since((MONTHS[0], value)) for name, value in zip(names, values, strict=True)}

    references = [(month, pay_rule.reference(number) / 100) for number, month in enumerate(MONTHS)]
    return ParameterNode(
        "",
        data={
            "reference_wage": since(*references),
            "coefficients": named(GRADES, [float(one) for one in pay_rule.COEFFICIENTS]),
            "basic_share": since((MONTHS[0], float(pay_rule.BASIC_SHARE))),
            "weights": named(pay_rule.ASSESSMENTS, [tenths / 10 for tenths in pay_rule.WEIGHTS]),
            "certificates": named(pay_rule.CERTIFICATES, [fen / 100 for fen in pay_rule.MONTHLY]),
            "contributions": {
                "floor": since((MONTHS[0], pay_rule.FLOOR / 100)),
                "ceiling": since((MONTHS[0], pay_rule.CEILING / 100)),
                "insurance": since((MONTHS[0], float(pay_rule.INSURANCE))),
                "housing": since((MONTHS[0], float(pay_rule.HOUSING))),
            },
        }
    )


@attrs.frozen
class Form:
    """One way of writing the rule, as a subject of the benchmark."""

    variables: tuple[type[Variable], ...]

    def system(self) -> TaxBenefitSystem:
        """Return the rule with its parameters."""
        system = TaxBenefitSystem([WORKER, SUBDISTRICT])
        system.parameters = _parameters()
        system.add_variables(*self.variables)
        return system

    def prepare(self, workforce: Workforce) -> Any:
        """Return a simulation with all inputs set."""
        system = self.system()
        builder = SimulationBuilder()
        builder.create_entities(system)
        builder.declare_person_entity("worker", workforce.worker)
        codes = np.unique(workforce.subdistrict)
        group = builder.declare_entity("subdistrict", codes)
        builder.join_with_persons(group, workforce.subdistrict, np.zeros(len(workforce), dtype=np.int64))
        simulation = builder.build(system)
        for number in range(workforce.months):
            simulation.set_input("grade", MONTHS[number], workforce.grade[number])
            simulation.set_input("certificate_level", MONTHS[number], workforce.certificate[number])
            simulation.set_input("assessment", MONTHS[number], workforce.assessment[number])
            simulation.set_input("former", MONTHS[number], workforce.former / 100)
        return simulation

    def month(self, state: Any, month: int) -> Iterator[tuple[int, Mapping[str, Array]]]:
        """Yield all lines of a month, yuan."""
        state.calculate("net", MONTHS[month])
        yield 0, {name: state.calculate(name, MONTHS[month]) for name in LINES}

    def single(self, *, explained: bool) -> tuple[Callable[[], Any], Callable[[Any], object]]:
        """Return how one worker's case is set up and how it is computed; its explanation is openfisca's trace."""
        system = self.system()
        workforce = pay_rule.make_workforce(80, 1)
        whole = self.prepare(workforce)
        whole.calculate("net", MONTHS[0])

        def given(value: float | str) -> dict[str, Any]:
            return {MONTHS[0]: value}

        situation = {
            "workers": {
                "one": {
                    "grade": given(int(workforce.grade[0, 0])),
                    "assessment": given(pay_rule.ASSESSMENTS[workforce.assessment[0, 0]]),
                    "certificate_level": given(pay_rule.CERTIFICATES[workforce.certificate[0, 0]]),
                    "former": given(int(workforce.former[0]) / 100),
                }
            },
            "subdistricts": {
                "its": {
                    "members": ["one"],
                    "pool": given(float(whole.get_array("pool", MONTHS[0])[0])),
                    "total_weight": given(float(whole.get_array("total_weight", MONTHS[0])[0])),
                }
            },
        }

        def set_up() -> Any:
            simulation = SimulationBuilder().build_from_entities(system, situation)
            simulation.trace = explained
            return simulation

        return set_up, lambda simulation: simulation.calculate("net", MONTHS[0])
