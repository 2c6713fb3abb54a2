"""One page for each of the library's own checks, and a list of them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shequ_core.audit.registry import Listed, own_checks
from shequ_core.jilin.register import register
from shequ_core.reports.audit import page_of
from shequ_core.reports.wording import EN, ZH, say
from shequ_core.testing.cases import Case, load_cases
from shequ_docs.text import as_json, clause_link, code, facts, fenced, key_link, lines, plain, table


def pages() -> dict[str, str]:
    """Return a page for each check and the list."""
    cases = load_cases()
    found = {
        f"{page_of(name).removeprefix('reference/')}.md": lines(_page(Listed(check=one), cases))
        for name, one in own_checks().items()
    }
    return {"findings/index.md": lines(_index()), **found}


def _index() -> Iterator[str]:
    yield from (
        "# Findings",
        "",
        f"`shequ audit` runs {len(own_checks())} checks of the library's own, and those that plugins bring.",
        "A code begins with the clause that is broken; `--select` and `--ignore` take codes or what they begin with.",
        "How grave a finding is comes from the clause's force.",
        "A table that is not given, a value that nobody set, or a row whose condition is unknown is *not examined*.",
        "",
    )
    yield from table(
        ("code", "what is wrong", "force", "reads"),
        [
            (
                f"[{code(name)}](/{page_of(name)}.md)", plain(say(one.summary, EN)), Listed(check=one).force.value,
                ", ".join(map(code, one.tables)),
            )
            for name, one in own_checks().items()
        ],
    )
    yield from ("```{toctree}", ":hidden:", "", *own_checks(), "```")


def _page(listed: Listed, cases: Sequence[Case]) -> Iterator[str]:
    check = listed.check
    clause = register()[check.clause]
    yield from (f"# {check.code}", "")
    for told in (check.summary, *check.why):
        yield from (plain(say(told, EN)), "", plain(say(told, ZH)), "")
    yield from ("## What to do", "", plain(say(check.what_to_do, EN)), "", plain(say(check.what_to_do, ZH)), "")
    yield from ("## The clause", "")
    yield from facts(
        (
            ("clause", clause_link(check.clause)),
            ("says", plain(clause.says["en"])),
            ("force", listed.force.value),
            ("due from", clause.due.isoformat()),
            ("grade", check.grade.value if check.grade is not None else ""),
            ("tables", ", ".join(map(code, check.tables))),
            ("parameters", ", ".join(map(key_link, check.needs))),
            ("stands in", code(f"{check.examine.__module__}.{check.examine.__name__}")),
        )
    )
    own = [case for case in cases if case.subject == "check" and case.name == check.code]
    yield from ("## Worked cases", "")
    for case in own:
        yield from (f"### {plain(case.title)}", "", plain(case.worked_out_by), "")
        data = {"set": dict(case.settings), "given": case.given, "expected": case.expected}
        yield from fenced("\n".join(f"{name}: {as_json(one)}" for name, one in data.items() if one), "text")
