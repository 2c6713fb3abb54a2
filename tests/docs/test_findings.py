"""The pages of findings, the register and the checks say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from shequ_core.audit.registry import own_checks
from shequ_core.jilin.register import register
from shequ_core.reports.audit import page_of
from shequ_core.testing.cases import load_cases

ROOT = Path(__file__).parents[2]


def test_every_check_has_a_page_with_its_clause_its_cases_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """No page without a check, no check without a page; each carries the register's words and every worked case."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    from shequ_docs import findings
    from shequ_docs.text import plain

    pages = findings.pages()
    wanted = {f"{page_of(code).removeprefix('reference/')}.md" for code in own_checks()}
    assert set(pages) - {"findings/index.md"} == wanted
    for code, check in own_checks().items():
        page = pages[f"{page_of(code).removeprefix('reference/')}.md"]
        assert plain(register()[check.clause].says["en"]) in page
        assert plain(str(check.what_to_do)) in page
        for case in load_cases():
            if case.subject == "check" and case.name == code:
                assert plain(case.title) in page
        assert code in pages["findings/index.md"]
