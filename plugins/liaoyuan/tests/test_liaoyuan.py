from __future__ import annotations

import shequ_liaoyuan

from shequ_core.testing import CitySuite


class TestLiaoyuan(CitySuite):
    plugin = shequ_liaoyuan
