"""What tests of runs start from."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3]))  # so that other processes find the toy by its name
