"""Made-up people: chance that hangs on who somebody is, and populations drawn from published figures.

What belongs here makes facts that nobody counted and says so in every name. No figure stands here: what a
population is drawn from is read from the place's own figures (`jilin/figures.toml`), each with its source and status.
"""

from __future__ import annotations

from shequ_core.values import SYNTHETIC

__all__ = ["SYNTHETIC"]
