"""Made-up people: chance that hangs on who somebody is, and populations drawn from published figures.

What belongs here makes facts that nobody counted and says so in every name. No figure stands here: what a
population is drawn from is read from the place's own figures (`jilin/figures.toml`), each with its source and status.
"""

from __future__ import annotations

from typing import Final

SYNTHETIC: Final = "合成"
"""How the name of everybody and every community begins that is made up."""
