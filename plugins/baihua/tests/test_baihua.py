from __future__ import annotations

import shequ_baihua

from shequ_core.policy.parameters import PARAMETERS
from shequ_core.testing import CitySuite


class TestBaihua(CitySuite):
    plugin = shequ_baihua


def test_it_sets_every_key() -> None:
    """Baihua alone does, so that a whole year runs on it; leave this out of your own copy."""
    said = {value.key.name for policy in shequ_baihua.shequ_place() for value in policy.values}
    assert said == set(PARAMETERS)
