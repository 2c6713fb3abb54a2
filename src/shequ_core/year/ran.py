"""Which rules made a month, and which values each of them read: what its slips rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import attrs

from shequ_core.policy.policy import Policy, Provenance
from shequ_core.trace import Observer, RuleCall, observer

T = TypeVar("T")


@attrs.frozen(kw_only=True, eq=False)
class Basis:
    """What the slips of a place rest on.

    Attributes:
        policy: The policy by which they were worked out.
        rules: The rules that ran under it, each with the names of the parameters it read.
        read: Every parameter that was read, those that no rule read itself among them.
    """

    policy: Policy
    rules: Mapping[str, frozenset[str]]
    read: frozenset[str]


class Ran:
    """Notes which rules run under which policy and what they read (an `Observer`).

    It asks about no row, so that everything runs as if nobody watched; whoever watched before goes on watching.
    """

    def __init__(self) -> None:
        self._before: Observer | None = observer()
        self._open: list[tuple[Policy | None, set[str]]] = []
        self._rules: dict[str, dict[str, set[str]]] = {}
        self._without: set[str] = set()
        self._loose: dict[str, list[Provenance]] = {}

    @property
    def by_row(self) -> bool:
        """Whether somebody who watched before asks about rows."""
        return self._before is not None and self._before.by_row

    def enter(self, call: RuleCall) -> None:
        """Note that a rule runs, by the policy that it was given."""
        policy = next((one for one in call.arguments.values() if isinstance(one, Policy)), None)
        reads: set[str] = set()
        if policy is None:
            self._without.add(call.name)
        else:
            reads = self._rules.setdefault(policy.fingerprint, {}).setdefault(call.name, set())
        self._open.append((policy, reads))
        if self._before is not None:
            self._before.enter(call)

    def leave(self, call: RuleCall, result: T) -> T:
        """Note that it ended."""
        self._open.pop()
        return result if self._before is None else self._before.leave(call, result)

    def read(self, name: str, value: T, origin: object) -> T:
        """Note what it read."""
        if self._open:
            self._open[-1][1].add(name)
        elif isinstance(origin, Provenance):
            found = self._loose.setdefault(name, [])
            if not any(one is origin for one in found):
                found.append(origin)
        return value if self._before is None else self._before.read(name, value, origin)

    def frame(self, ids: object, label: str, apart: object) -> None:
        """Hand it on."""
        if self._before is not None:
            self._before.frame(ids, label, apart)

    def unframe(self) -> None:
        """Hand it on."""
        if self._before is not None:
            self._before.unframe()

    def concern(self, line: str) -> None:
        """Hand it on."""
        if self._before is not None:
            self._before.concern(line)

    def note(self, detail: Callable[[int], object]) -> None:
        """Hand it on."""
        if self._before is not None:
            self._before.note(detail)

    def basis(self, policy: Policy) -> Basis:
        """Return what ran under a policy; what asks for none may have run under any."""
        rules = {name: frozenset(reads) for name, reads in self._rules.get(policy.fingerprint, {}).items()}
        rules |= dict.fromkeys(self._without, frozenset())
        loose = {
            name for name, found in self._loose.items() if any(one is policy.provenance(name) for one in found)
        }
        return Basis(policy=policy, rules=rules, read=frozenset(loose).union(*rules.values()))

    def bases(self, places: Iterable[str], policy_of: Callable[[str], Policy]) -> dict[str, Basis]:
        """Return the basis of each place, one for all places with the same policy."""
        made: dict[str, Basis] = {}
        found: dict[str, Basis] = {}
        for place in places:
            policy = policy_of(place)
            if policy.fingerprint not in made:
                made[policy.fingerprint] = self.basis(policy)
            found[place] = made[policy.fingerprint]
        return found
