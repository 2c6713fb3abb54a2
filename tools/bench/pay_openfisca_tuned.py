"""The rule in openfisca-core when speed alone counts.

Plain integer codes for enums, tables made of the parameters, one formula where the usual form has
four variables, sums kept in place. Precomputing the rounded pay of each grade gains nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from openfisca_core.model_api import MONTH, Variable
from tools.bench import pay_rule
from tools.bench.pay_openfisca import GRADES, WORKER, Array, Form, Parameters, Period, Population, half_up


class grade(Variable):
    value_type = int
    entity = WORKER
    definition_period = MONTH


class former(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH


class assessment(Variable):
    value_type = int
    entity = WORKER
    definition_period = MONTH


class certificate_level(Variable):
    value_type = int
    entity = WORKER
    definition_period = MONTH


def _table(node: Parameters, names: Sequence[str], before: Sequence[float] = ()) -> Array:
    return np.array([*before, *(node[name] for name in names)], dtype=np.float32)


class standard(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        pay = parameters(period)
        coefficients = _table(pay.coefficients, GRADES, before=[0])
        return half_up(pay.reference_wage * coefficients[worker("grade", period)])


class basic(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return half_up(worker("standard", period) * parameters(period).basic_share)


class bonus(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        weights = _table(parameters(period).weights, pay_rule.ASSESSMENTS)
        own = worker("standard", period) - worker("basic", period)
        weight = own * weights[worker("assessment", period)]
        group = worker.simulation.populations["subdistrict"]
        total = group.sum(weight)
        rate = (group.sum(own) / np.where(total > 0, total, 1)).astype(np.float32)
        return half_up(weight * group.project(rate))


class certificate(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return _table(parameters(period).certificates, pay_rule.CERTIFICATES)[worker("certificate_level", period)]


class kept(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        more = worker("former", period) - worker("standard", period)
        more -= worker("certificate", period)
        return np.maximum(more, 0, out=more)


class gross(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        total = worker("basic", period) + worker("bonus", period)
        total += worker("certificate", period)
        total += worker("kept", period)
        return total


class insurance(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return _contribution(worker("gross", period), parameters(period).contributions, "insurance")


class housing(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return _contribution(worker("gross", period), parameters(period).contributions, "housing")


class net(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        left = worker("gross", period) - worker("insurance", period)
        left -= worker("housing", period)
        return left


def _contribution(gross: Array, contributions: Parameters, name: str) -> Array:
    base = np.clip(gross, np.float32(contributions.floor), np.float32(contributions.ceiling))
    return half_up(base * contributions[name])


SUBJECT: Final = Form((
    grade, assessment, certificate_level, former, standard, basic, bonus, certificate, kept, gross, insurance,
    housing, net,
))
