"""How code says which clauses it carries.

`@implements` marks a rule, `@procedure` a procedure; values cite by their source. `clauses --coverage` reads
these marks and nothing else, so that no list kept beside the code can go stale.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, ParamSpec, TypeVar

import attrs

from shequ_core.errors import Message
from shequ_core.trace import RuleCall, observer

P = ParamSpec("P")
R = TypeVar("R")


@attrs.frozen
class Carrier:
    """A piece of code that carries clauses.

    Attributes:
        name: Topic and function, such as 'staffing.allowed_posts'.
        kind: 'rule', 'check' or 'procedure'.
        run: The marked function itself.
        needs: Names of the parameters without which it can't answer.
    """

    name: str
    kind: str
    clauses: tuple[str, ...]
    run: Callable[..., Any]  # Any: any rule at all; cases call it by its own type hints
    needs: tuple[str, ...] = ()

    @property
    def summary(self) -> Message:
        """What it answers: the first line of its docstring, which is translated like any sentence."""
        return Message((inspect.getdoc(self.run) or self.name).partition("\n")[0])


CARRIERS: Final[dict[str, Carrier]] = {}
"""Everything marked so far, by name; whoever wants all of it imports the floors first."""


def implements(*clauses: str, needs: Sequence[object] = ()) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a rule with the clauses it carries.

    Args:
        clauses: Addresses in the register.
        needs: The parameters that the rule can't do without (a run names all that are unset at once).
    """
    return _marked("rule", clauses, needs)


def procedure(*clauses: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a procedure with the clauses it carries: a function that walks a journal through its steps."""
    return _marked("procedure", clauses, ())


def _marked(
    kind: str, clauses: tuple[str, ...], needs: Sequence[object]
) -> Callable[[Callable[P, R]], Callable[P, R]]:

    def mark(rule: Callable[P, R]) -> Callable[P, R]:
        name = f"{rule.__module__.rpartition('.')[2]}.{rule.__name__}"
        names = tuple(inspect.signature(rule).parameters)

        @functools.wraps(rule)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            watching = observer()
            if watching is None:
                return rule(*args, **kwargs)
            call = RuleCall(name, clauses, dict(zip(names, args, strict=False)) | kwargs)
            watching.enter(call)
            return watching.leave(call, rule(*args, **kwargs))

        CARRIERS[name] = Carrier(name, kind, clauses, run, tuple(str(key) for key in needs))
        return run

    return mark
