"""The hooks: each a question that a plugin answers with data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pluggy

from shequ_core.policy.parameters import LocalPolicy

if TYPE_CHECKING:
    from shequ_core.policy.checks import Check

GROUP: Final = "shequ_core"
"""The entry-point group. The name of an entry point is the code of the place it speaks for, so that a
plugin that can't even be imported leaves that place unresolved and no other."""

PLACE_HOOK: Final = "shequ_place"
CHECKS_HOOK: Final = "shequ_checks"

hookspec: Final[pluggy.HookspecMarker] = pluggy.HookspecMarker(GROUP)
hookimpl: Final[pluggy.HookimplMarker] = pluggy.HookimplMarker(GROUP)


@hookspec
def shequ_place() -> Sequence[LocalPolicy]:  # type: ignore[empty-body]  # a specification has no body
    """Say which place or places you speak for, and what they set for themselves.

    Asked once, when the plugin is loaded. Two plugins that speak for the same place leave it
    unresolved until one goes: a place has one voice.
    """


@hookspec
def shequ_checks() -> Sequence[Check]:  # type: ignore[empty-body]  # a specification has no body
    """Bring checks of your own: what your place's rules ask for and the library doesn't know.

    Asked once, when the plugin is loaded. `shequ audit` runs them over the facts of your places and no others.
    """
