"""The rule in openfisca-core as its users write it, after its own documentation.

An enum variable for what has names, a parameter node indexed by a variable, a variable for every notion.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from openfisca_core.model_api import MONTH, Enum, Variable, max_, min_
from tools.bench.pay_openfisca import SUBDISTRICT, WORKER, Array, Form, Parameters, Period, Population, half_up


class Assessment(Enum):
    outstanding = "Outstanding"
    competent = "Competent"
    basic = "Basically competent"
    failed = "Failed"


class Certificate(Enum):
    none = "None"
    assistant = "Assistant"
    social_worker = "Social worker"
    senior = "Senior"


class grade(Variable):
    value_type = int
    entity = WORKER
    definition_period = MONTH


class assessment(Variable):
    value_type = Enum
    possible_values = Assessment
    default_value = Assessment.competent
    entity = WORKER
    definition_period = MONTH


class certificate_level(Variable):
    value_type = Enum
    possible_values = Certificate
    default_value = Certificate.none
    entity = WORKER
    definition_period = MONTH


class former(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH


class standard(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        pay = parameters(period)
        return half_up(pay.reference_wage * pay.coefficients[worker("grade", period)])


class basic(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return half_up(worker("standard", period) * parameters(period).basic_share)


class performance(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        return worker("standard", period) - worker("basic", period)


class weight(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return worker("performance", period) * parameters(period).weights[worker("assessment", period)]


class pool(Variable):
    value_type = float
    entity = SUBDISTRICT
    definition_period = MONTH

    def formula(subdistrict: Population, period: Period) -> Array:
        return subdistrict.sum(subdistrict.members("performance", period))


class total_weight(Variable):
    value_type = float
    entity = SUBDISTRICT
    definition_period = MONTH

    def formula(subdistrict: Population, period: Period) -> Array:
        return subdistrict.sum(subdistrict.members("weight", period))


class bonus(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        total = worker.subdistrict("total_weight", period)
        share = worker("weight", period) / np.where(total > 0, total, 1)
        return half_up(worker.subdistrict("pool", period) * share)


class certificate(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return parameters(period).certificates[worker("certificate_level", period)]


class kept(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        now = worker("standard", period) + worker("certificate", period)
        return max_(worker("former", period) - now, 0)


class gross(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        return (
            worker("basic", period) + worker("bonus", period) + worker("certificate", period) + worker("kept", period)
        )


class contribution_base(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        contributions = parameters(period).contributions
        return min_(max_(worker("gross", period), contributions.floor), contributions.ceiling)


class insurance(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return half_up(worker("contribution_base", period) * parameters(period).contributions.insurance)


class housing(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period, parameters: Parameters) -> Array:
        return half_up(worker("contribution_base", period) * parameters(period).contributions.housing)


class net(Variable):
    value_type = float
    entity = WORKER
    definition_period = MONTH

    def formula(worker: Population, period: Period) -> Array:
        return worker("gross", period) - worker("insurance", period) - worker("housing", period)


SUBJECT: Final = Form((
    grade, assessment, certificate_level, former, standard, basic, performance, weight, pool, total_weight, bonus,
    certificate, kept, gross, contribution_base, insurance, housing, net,
))
