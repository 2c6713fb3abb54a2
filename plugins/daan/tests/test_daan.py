from __future__ import annotations

import shequ_daan

from shequ_core.testing import CitySuite


class TestDaan(CitySuite):
    plugin = shequ_daan
