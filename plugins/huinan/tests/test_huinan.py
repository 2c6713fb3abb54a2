from __future__ import annotations

import shequ_huinan

from shequ_core.testing import CitySuite


class TestHuinan(CitySuite):
    plugin = shequ_huinan
