from __future__ import annotations

import shequ_jinzhou

from shequ_core.testing import CitySuite


class TestJinzhou(CitySuite):
    plugin = shequ_jinzhou
