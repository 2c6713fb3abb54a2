"""Jilin Province as a built-in plugin: its documents, its places, and what is assumed, kept apart."""

from __future__ import annotations

from collections.abc import Sequence

from shequ_core.jilin import assumed, values
from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy


@hookimpl
def shequ_place() -> Sequence[LocalPolicy]:
    """Speak for the province; of its prefectures only the statistics that stand in for their references."""
    return [
        LocalPolicy(place="22", values=(*values.VALUES, *assumed.VALUES), divisions=jilin_divisions()),
        *(LocalPolicy(place=place, values=found) for place, found in assumed.REFERENCES.items() if place != "22"),
    ]
