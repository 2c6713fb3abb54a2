"""The library's own checks, by code: whoever marks a function with `check` here adds it to every audit."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

import attrs

from shequ_core.errors import CheckNotFoundError, Message, PluginError, msg, nearest
from shequ_core.jilin.register import register
from shequ_core.law.carrying import CARRIERS, Carrier
from shequ_core.law.clauses import Force
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.policy import checks
from shequ_core.policy.book import Plugin, PolicyBook
from shequ_core.policy.checks import Breach, Check, Examine, Seen, Told
from shequ_core.policy.hookspecs import CHECKS_HOOK
from shequ_core.policy.parameters import Parameter
from shequ_core.trace import RuleCall, observer

_CHECKS: Final[dict[str, Check]] = {}


def check(
    code: str, *, tables: Sequence[str] = (), needs: Sequence[Parameter[Any]] = (),  # Any: keys of every type
    grade: Grade | None = None,
) -> Callable[[Examine], Check]:
    """Make a function one of the library's checks; it carries its clause, and a case proves it.

    Args:
        code: Begins with the clause: 'JLW2.2d-party-posts-short'.
        tables: The tables that it can't do without.
        needs: The parameters that it can't do without.
        grade: What its findings are, where the force of the clause isn't what says it.
    """

    def make(examine: Examine) -> Check:
        @functools.wraps(examine)
        def run(seen: Seen) -> Iterator[Told]:
            watching = observer()
            if watching is None:
                return examine(seen)
            call = RuleCall(code, (made.clause,), {"seen": seen})
            watching.enter(call)
            return watching.leave(call, examine(seen))

        made = checks.check(code, tables=tables, needs=needs, grade=grade)(run)
        problem = made.problem() or made.clause_problem(register())
        assert problem is None, str(problem)
        assert code not in _CHECKS, code
        CARRIERS[code] = Carrier(code, "check", (made.clause,), run, made.needs)
        _CHECKS[code] = made
        return made

    return make


def own_checks() -> Mapping[str, Check]:
    """Return the library's own checks by code, in the order of the register."""
    package = importlib.import_module("shequ_core.audit")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    order = {clause: place for place, clause in enumerate(register())}
    return dict(sorted(_CHECKS.items(), key=lambda item: (order[item[1].clause], item[0])))


@attrs.frozen(kw_only=True)
class Listed:
    """A check with who brings it.

    Attributes:
        plugin: The plugin that brings it; None for the library's own.
    """

    check: Check
    plugin: Plugin | None = None

    @property
    def force(self) -> Force:
        """How strictly its clause speaks."""
        source = self.check.source
        return source.force if source is not None else register()[self.check.clause].force

    @property
    def since(self) -> date | None:
        """From when its clause is expected to be kept."""
        return register()[self.check.clause].due if self.check.clause in register() else None

    def finding(self, breach: Breach) -> Finding:
        """Return a breach as a finding."""
        days = [day for day in (self.since, breach.due) if day is not None]
        return Finding(
            code=self.check.code, clause=self.check.clause, subject=breach.subject, message=breach.message,
            grade=self.check.grade or GRADE_OF_FORCE[self.force], force=self.force, found=breach.found,
            allowed=breach.allowed, due=max(days) if days else None,
        )

    def unexamined(self, place: str, message: Message, count: int | None = None) -> Finding:
        """Return what nobody can say as a finding.

        Args:
            place: The county.
            message: What is missing.
            count: Of how many rows; None where nothing at all was looked at.
        """
        return Finding(
            code=self.check.code, clause=self.check.clause, subject=place, message=message,
            grade=Grade.NOT_EXAMINED, force=self.force, count=count,
        )


def checks_of(book: PolicyBook) -> Mapping[str, Listed]:
    """Return every check by code: the library's own, then those of plugins in the order of their codes.

    Raises:
        PluginError: A plugin's check looks at a clause that isn't there, or has a code that another has too.
    """
    found = {code: Listed(check=one) for code, one in own_checks().items()}
    for plugin, one in sorted(book.checks, key=lambda item: (item[1].code, item[0].name)):
        problem = one.clause_problem(register())
        if one.code in found:
            problem = msg("{code}: another check has this code", code=one.code)
        if problem is not None:
            raise PluginError(plugin.name, CHECKS_HOOK, problem)
        found[one.code] = Listed(check=one, plugin=plugin)
    return found


def begins(code: str, prefix: str) -> bool:
    """Whether a code begins with a clause, or with a part of the law that holds it: JLW2.1 doesn't begin JLW2.10a."""
    if not code.startswith(prefix):
        return False
    rest = code[len(prefix):]
    return not (rest and prefix and prefix[-1].isdigit() and rest[0].isdigit())


def chosen(listed: Mapping[str, Listed], select: Iterable[str], ignore: Iterable[str]) -> Mapping[str, Listed]:
    """Return the checks that were asked for.

    Args:
        listed: All of them.
        select: Codes, or what codes begin with; none for all.
        ignore: Those to leave out.

    Raises:
        CheckNotFoundError: No code begins with one of them.
    """
    wanted, unwanted = tuple(select), tuple(ignore)
    for prefix in (*wanted, *unwanted):
        if not any(begins(code, prefix) for code in listed):
            raise CheckNotFoundError(prefix, near_codes(prefix, listed))
    return {code: one for code, one in listed.items() if asked_for(code, wanted, unwanted)}


def asked_for(code: str, select: Sequence[str], ignore: Sequence[str]) -> bool:
    """Whether a code is among those selected and not among those ignored."""
    inside = not select or any(begins(code, prefix) for prefix in select)
    return inside and not any(begins(code, prefix) for prefix in ignore)


def near_codes(asked: str, listed: Iterable[str]) -> tuple[str, ...]:
    """Return the codes and clauses that are most like a mistyped one."""
    codes = list(listed)
    clauses = dict.fromkeys(code.partition("-")[0] for code in codes)
    return nearest(asked, clauses if "-" not in asked else codes)
