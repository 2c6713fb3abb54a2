from __future__ import annotations

import shequ_hohhot

from shequ_core.testing import CitySuite


class TestHohhot(CitySuite):
    plugin = shequ_hohhot
