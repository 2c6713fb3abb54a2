"""The page of the strategies: each kind with a form that can be copied into a figure sheet."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from shequ_core.policy.kinds import Strategies
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.strategies import Strategy

ROOT = Path(__file__).parents[2]

KINDS = [
    (name, kind)
    for name, key in PARAMETERS.items()
    if isinstance(key.kind, Strategies)
    for kind in key.kind.base.known_kinds()
    if kind.__module__.startswith("shequ_core.")
]


@pytest.mark.parametrize(("name", "kind"), KINDS, ids=lambda one: getattr(one, "kind", one))
def test_the_form_of_each_kind_can_be_copied_into_a_sheet(
    name: str, kind: type[Strategy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is TOML, stands under its key, and reads as that kind."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    from shequ_docs import strategies

    topic, _, last = name.partition(".")
    found = tomllib.loads(strategies.form_of(name, kind))["220104"][topic][last]["value"]
    assert type(PARAMETERS[name].parse(found)) is kind
