"""What an answer rests on, which it has to say of itself."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Self

import attrs

from shequ_core.policy.policy import Policy
from shequ_core.population import SYNTHETIC
from shequ_core.tables.dataset import Dataset
from shequ_core.values import JsonValue, Status


@attrs.frozen(kw_only=True)
class Rests:
    """What an answer rests on.

    Attributes:
        synthetic: Whether anybody in it is made up.
        uncertain: Every value in force that isn't issued, press or statistic, with its statuses.
        stale: Values past their stated life.
        policies: The fingerprint of the policy of each county at the end.
    """

    synthetic: bool
    uncertain: Mapping[str, tuple[Status, ...]]
    stale: tuple[str, ...]
    policies: Mapping[str, str]

    @classmethod
    def of(cls, data: Dataset, policies: Mapping[str, Policy], before: Iterable[Policy] = ()) -> Self:
        """Work it out.

        Args:
            data: The facts.
            policies: The policy of each county at the end.
            before: Policies that were in force before and that the answer read too.
        """
        return cls.of_names((*data.workers.name.vocabulary, *data.communities.name.vocabulary), policies, before)

    @classmethod
    def of_names(
        cls, names: Iterable[str], policies: Mapping[str, Policy], before: Iterable[Policy] = (),
        keys: Container[str] | None = None,
    ) -> Self:
        """Work it out for an answer that knows only what people and places are called.

        Args:
            names: Of people or communities, or the ids of buildings.
            policies: The policy of each county at the end.
            before: Policies that were in force before and that the answer read too.
            keys: The parameters that the answer reads; None for all.
        """
        read = (*before, *policies.values())
        uncertain: dict[str, dict[Status, None]] = {}
        for policy in read:
            for key, statuses in policy.uncertain().items():
                if keys is None or key in keys:
                    uncertain.setdefault(key, {}).update(dict.fromkeys(statuses))
        stale = {key for policy in read for key in policy.stale() if keys is None or key in keys}
        return cls(
            synthetic=any(name.startswith(SYNTHETIC) for name in names),
            uncertain={key: tuple(found) for key, found in sorted(uncertain.items())},
            stale=tuple(sorted(stale)),
            policies={code: policy.fingerprint for code, policy in sorted(policies.items())},
        )

    @property
    def marks(self) -> tuple[str, ...]:
        """The statuses of everything that it rests on and that nobody issued."""
        return tuple(sorted({one.value for found in self.uncertain.values() for one in found if one.asked_for}))

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data, under the names that every answer has for it."""
        return {
            "synthetic": self.synthetic,
            "rests_on": {key: [one.value for one in found] for key, found in self.uncertain.items()},
            "marks": list(self.marks),
            "stale": list(self.stale),
            "policies": dict(self.policies),
        }
