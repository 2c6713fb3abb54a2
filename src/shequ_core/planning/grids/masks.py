"""Sets of buildings as the bits of a whole number, and whether such a set is in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def places(mask: int) -> list[int]:
    """List the places of a set, rising."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def mask_of(found: Iterable[int]) -> int:
    """Make the set of these places."""
    mask = 0
    for place in found:
        mask |= 1 << place
    return mask


def reached(near: Sequence[int], mask: int) -> int:
    """Return the piece of a set in which its first place lies."""
    seen = edge = mask & -mask
    while edge:
        around = 0
        while edge:
            low = edge & -edge
            around |= near[low.bit_length() - 1]
            edge ^= low
        edge = around & mask & ~seen
        seen |= edge
    return seen


def connected(near: Sequence[int], mask: int) -> bool:
    """Say whether a set is in one piece; an empty one is."""
    return reached(near, mask) == mask


def holds_together(near: Sequence[int], mask: int, ends: int) -> bool:
    """Say whether a set holds these units together: each can be reached from each within it."""
    seen = edge = ends & -ends
    while ends & ~seen:
        around = 0
        while edge:
            low = edge & -edge
            around |= near[low.bit_length() - 1]
            edge ^= low
        edge = around & mask & ~seen
        if not edge:
            return False
        seen |= edge
    return True


def pieces(near: Sequence[int], mask: int) -> list[int]:
    """Take a set apart into its pieces, by their first places."""
    found = []
    while mask:
        one = reached(near, mask)
        found.append(one)
        mask &= ~one
    return found


def around(near: Sequence[int], mask: int) -> int:
    """Return what touches a set from outside."""
    found = 0
    rest = mask
    while rest:
        low = rest & -rest
        found |= near[low.bit_length() - 1]
        rest ^= low
    return found & ~mask
