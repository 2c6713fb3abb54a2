from __future__ import annotations

import shequ_changchun

from shequ_core.testing import CitySuite


class TestChangchun(CitySuite):
    plugin = shequ_changchun
