"""A sheet of a made-up city, from which the tests of this folder start."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import jsonschema
import pytest

from shequ_core.policy.sheet.schema import sheet_schema

SHEET = """\
#:schema figures.schema.json
[documents.rules]
title = "柳林区社区工作者管理办法(虚构)"
number = "柳办发〔2021〕3号"
issued = 2021-03-01
publisher = "柳林区(虚构)"
since = 2021-04-01
known_on = 2021-03-01
status = "issued"

[documents.press]
title = "柳林日报(虚构)"

[[229902.divisions]]
code = "229902"
name = "柳林区"
kind = "county"
status = "assumption"

[229902.staffing.step]
value = [400, 400]
unit = "households"
document = "rules"
article = "第五条"
force = "must"
leeway = { inside = [300, 500] }

[229902.staffing.party_posts]
value = 2
document = "rules"
leeway = { at_least = 2 }

[229902.pay.base_share]
value = "70%"
document = "rules"
leeway = { exactly = "7/10" }

[229902.recruitment.max_age]
value = 38
document = "rules"
leeway = { at_most = 40 }

[[229902.exits.failed_running]]
value = 2
document = "rules"
until = 2022-12-31
[[229902.exits.failed_running]]
value = 1
document = "press"
article = "第三版"
since = 2023-01-01
known_on = 2022-11-05
status = "press"
fresh_until = 2024-12-31
rests_on = [{ what = "the day", status = "assumption", zh = "施行日期" }]
reading = "报道未写明何日起施行"

[229902.pay.certificate]
document = "rules"
[229902.pay.certificate.value]
kind = "monthly_allowance"
amounts = { assistant = "200.00元", social_worker = "350.00 yuan", senior = "1,500.00" }

[229902.limits.pay.certificate]
bound = { rising_from = "200元" }
document = "rules"

[220104]
"""


@pytest.fixture
def sheet() -> str:
    """Every table and field that a sheet may have, once."""
    return SHEET


class Judge:
    """Says whether the schema takes a sheet."""

    def __init__(self) -> None:
        self.schema = sheet_schema()
        self._validator = jsonschema.Draft202012Validator(
            self.schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
        )

    def faults(self, text: str) -> list[str]:
        """Return what the schema finds wrong, of a text that is TOML."""
        data: Any = json.loads(json.dumps(tomllib.loads(text), default=str))  # Any: JSON; days as their text
        return [error.message for error in self._validator.iter_errors(data)]


@pytest.fixture(scope="session")
def judge() -> Judge:
    """The schema of the library's own keys and kinds, and of every plugin that a test has imported."""
    return Judge()
