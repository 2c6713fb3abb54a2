from __future__ import annotations

import shequ_baihua

from shequ_core.testing import CitySuite


class TestBaihua(CitySuite):
    plugin = shequ_baihua
