"""The runner: what is asked of whom, in which order, and what is told as not examined."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import attrs
import numpy as np
import pytest
import shequ_baihua
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core import PolicyBook, read_dataset, run_audit, synthesize
from shequ_core.audit.baseline import VERSION, Baseline
from shequ_core.audit.registry import begins, checks_of, own_checks
from shequ_core.audit.run import Audit, part_of
from shequ_core.errors import BaselineError, CheckNotFoundError, PlaceNotFoundError
from shequ_core.jilin.register import register
from shequ_core.law.clauses import Force
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.model.communities import Setting
from shequ_core.reports.audit import LEVELS, AuditReport, Form, audit_bytes, audit_sarif
from shequ_core.tables.columns import EnumColumn
from shequ_core.tables.dataset import Dataset
from shequ_core.testing.cases import load_cases

EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"
DAY = date(2022, 7, 1)


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load()


@pytest.fixture(scope="module")
def data() -> Dataset:
    return read_dataset(EXAMPLE)


@pytest.fixture(scope="module")
def told(data: Dataset, book: PolicyBook) -> Audit:
    return run_audit(data, book, on=DAY)


# --- the checks themselves


@pytest.mark.parametrize("code", own_checks())
def test_every_check_has_a_case_that_it_finds_and_one_that_it_must_not(code: str) -> None:
    """And what it can't say is asked too where a row of its tables may be unknown."""
    cases = [case for case in load_cases() if case.subject == "check" and case.name == code]
    assert any(isinstance(case.expected, list) and case.expected for case in cases)
    assert any(case.expected == [] for case in cases)


@pytest.mark.parametrize("code", own_checks())
def test_every_check_says_in_one_line_what_is_wrong_and_what_to_do(code: str) -> None:
    one = own_checks()[code]
    assert one.problem() is None
    assert one.clause in register()
    assert str(one.summary).endswith(".")
    assert "\n" not in str(one.summary)
    assert str(one.what_to_do).endswith(".")


def test_checks_stand_in_the_order_of_the_register() -> None:
    order = list(register())
    places = [order.index(one.clause) for one in own_checks().values()]
    assert places == sorted(places)


# --- choosing


@pytest.mark.parametrize(
    ("code", "prefix", "is_so"),
    [
        ("JLW2.10a-exit", "JLW2", True),
        ("JLW2.10a-exit", "JLW2.10", True),
        ("JLW2.10a-exit", "JLW2.1", False),
        ("JLW2.10a-exit", "JLW2.10a", True),
        ("JLG2.3.2a-grid-out-of-bounds", "JLG2.3", True),
        ("JLG2.3.2a-grid-out-of-bounds", "JLG2.3.2a-grid-out-of-bounds", True),
    ],
)
def test_a_code_begins_with_whole_numbers(code: str, prefix: str, is_so: bool) -> None:
    assert begins(code, prefix) is is_so


def test_select_and_ignore_take_what_codes_begin_with(data: Dataset, book: PolicyBook) -> None:
    chosen = run_audit(data, book, on=DAY, select=["JLW2.2", "JLW2.10"], ignore=["JLW2.2c", "JLW2.10h"]).checks
    assert set(chosen) == {
        code for code in own_checks() if code.startswith(("JLW2.2", "JLW2.10")) and "2.2c" not in code and "10h" not in code
    }


def test_an_unknown_code_is_told_with_near_ones(data: Dataset, book: PolicyBook) -> None:
    with pytest.raises(CheckNotFoundError) as error:
        run_audit(data, book, on=DAY, select=["JLW2.2e"])
    assert error.value.suggestions
    with pytest.raises(CheckNotFoundError, match=r"JLW2\.2d-party-posts-short"):
        run_audit(data, book, on=DAY, ignore=["JLW2.2d-party-post-short"])


# --- what comes out


def test_findings_stand_in_the_order_of_code_and_subject(told: Audit) -> None:
    keys = [(one.code, one.subject) for one in told.findings]
    assert keys == sorted(keys)
    assert told.findings


def test_force_and_grade_come_from_the_clause(told: Audit) -> None:
    for one in told.findings:
        assert one.force is register()[one.clause].force
        own = own_checks()[one.code].grade
        assert one.grade is (own or GRADE_OF_FORCE[one.force])


def test_what_is_to_be_done_by_a_later_day_is_not_yet_due(told: Audit) -> None:
    trainings = [one for one in told.findings if one.code == "JLW2.7a-training-due"]
    assert {one.is_due(DAY) for one in trainings} == {True, False}
    for one in trainings:
        assert one.due is not None
        assert one.is_due(DAY) == (one.due <= DAY)


def test_before_a_clause_was_issued_nothing_is_due(data: Dataset, book: PolicyBook) -> None:
    early = run_audit(data, book, on=date(2020, 4, 1), select=["JLG2.3.2c"])
    assert early.worst is Force.NONE


def test_a_place_on_its_own_is_told_what_it_is_told_in_the_whole(data: Dataset, book: PolicyBook, told: Audit) -> None:
    one = "220104001"
    some = run_audit(data, book, on=DAY, place=one, select=["JLW2.2a", "JLG2.3.2a"])
    whole = [f for f in told.findings if f.code.startswith(("JLW2.2a", "JLG2.3.2a")) and f.subject.startswith(one)]
    assert list(some.findings) == whole


def test_a_place_that_is_not_there_is_an_error(data: Dataset, book: PolicyBook) -> None:
    with pytest.raises(PlaceNotFoundError):
        run_audit(data, book, on=DAY, place="220199")


@settings(max_examples=8)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_order_of_rows_never_matters(data: Dataset, book: PolicyBook, told: Audit, seed: int) -> None:
    """Shuffled tables give the same findings, not examined ones too."""
    chance = np.random.default_rng(seed)
    shuffled = {name: table.take(chance.permutation(len(table))) for name, table in data.tables()}
    again = run_audit(data.with_tables(shuffled), book, on=DAY)
    assert told.findings == again.findings
    assert told.not_examined == again.not_examined


def test_without_optional_tables_what_rests_on_them_is_not_examined(data: Dataset, book: PolicyBook) -> None:
    bare = Dataset(communities=data.communities, posts=data.posts, workers=data.workers, holdings=data.holdings)
    told = run_audit(bare, book, on=DAY)
    asks = {code for code, one in own_checks().items() if one.tables}
    assert asks <= {one.code for one in told.not_examined}
    assert not asks & {one.code for one in told.findings}


def test_a_community_of_which_nobody_knows_where_it_lies_is_never_fine(data: Dataset, book: PolicyBook) -> None:
    nobody = EnumColumn.of(Setting, [None] * len(data.communities))
    unknown = data.with_tables({"communities": data.communities.with_columns(setting=nobody)})
    told = run_audit(unknown, book, on=DAY, select=["JLW2.2"])
    # a community that is surely within its range is fine wherever it lies
    assert not told.findings
    counts = {one.code: one.count for one in told.not_examined}
    known = run_audit(data, book, on=DAY, select=["JLW2.2"]).findings
    for code in ("JLW2.2a-too-few-posts", "JLW2.2d-party-posts-short"):
        assert (counts[code] or 0) >= sum(one.code == code for one in known)


def test_an_empty_folder_of_tables_has_no_findings(book: PolicyBook, data: Dataset) -> None:
    nothing = np.zeros(0, dtype=np.int64)
    empty = Dataset(
        communities=data.communities.take(nothing), posts=data.posts.take(nothing), workers=data.workers.take(nothing),
        holdings=data.holdings.take(nothing),
    )
    assert not run_audit(empty, book, on=DAY).findings


def test_what_a_policy_does_wrong_is_told_apart(told: Audit) -> None:
    assert [one.code for one in told.about_policy] == ["JLG2.3.2a-grids.households"]
    assert not {one.code for one in told.findings} & {one.code for one in told.about_policy}


def test_a_year_tells_what_its_last_day_tells(book: PolicyBook) -> None:
    """One way to do one thing: the findings of a year are those of an audit of its end."""
    from shequ_core import run_year

    data, assumed = read_dataset(EXAMPLE), PolicyBook.load(assume=True)
    year = run_year(data, assumed, "220104", 2022)
    asked = ("JLW2.2", "JLW2.5c", "JLW2.7a", "JLW2.10")
    audited = run_audit(data, assumed, on=date(2022, 12, 31), place="220104", select=asked)
    ran = [one for one in year.findings if one.code in audited.checks]
    assert sorted(map(str, ran)) == sorted(map(str, audited.findings))


# --- a city's own


def test_a_citys_check_looks_at_its_own_place_alone() -> None:
    book = PolicyBook.load()
    assert "BH23-principal-without-certificate" in checks_of(book)
    at_home = synthesize("2299", 2022, 1, divisions=shequ_baihua.DIVISIONS, committees={"229901": 12})
    code = "BH23-principal-without-certificate"
    found = run_audit(at_home, book, on=DAY, select=[code])
    assert found.findings
    assert {one.force for one in found.findings} == {Force.SHOULD}
    assert not run_audit(synthesize("220104", 2022, 1), book, on=DAY, select=[code]).findings
    assert shequ_baihua.principal_without_certificate.problem() is None


def test_a_part_of_the_tables_hangs_together() -> None:
    data = synthesize("2201", 2022, 1)
    part = part_of(data, ["220104"])
    assert 0 < len(part.communities) < len(data.communities)
    assert set(part.posts.community.to_list()) <= set(part.communities.code.to_list())
    assert set(part.holdings.worker.to_list()) == set(part.workers.id.to_list())
    assert part.assessments is not None
    assert set(part.assessments.worker.to_list()) <= set(part.workers.id.to_list())


# --- baselines


def finding(subject: str, found: int = 8) -> Finding:
    from shequ_core.errors import msg

    return Finding(
        code="JLW2.2a-too-few-posts", clause="JLW2.2a", subject=subject, grade=Grade.NOTE, force=Force.SHOULD,
        message=msg("{found} posts", found=found),
    )


@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_what_a_baseline_tells_is_the_difference(before: list[str], after: list[str]) -> None:
    """New and gone are the two differences of multisets; nothing is both."""
    from collections import Counter

    known = Baseline.of(map(finding, before))
    found = list(map(finding, after))
    assert Counter(one.subject for one in known.new(found)) == Counter(after) - Counter(before)
    assert Counter(one.subject for one in known.gone(found)) == Counter(before) - Counter(after)


def test_another_figure_is_a_new_finding() -> None:
    known = Baseline.of([finding("a", 8)])
    assert known.new([finding("a", 7)])
    assert [one.what for one in known.gone([finding("a", 7)])] == ["8 posts"]


def test_a_baseline_reads_back(told: Audit, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(json.dumps(Baseline.of(told.findings).to_data()), encoding="utf-8")
    assert Baseline.read(file) == Baseline.of(told.findings)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param("{", "is no baseline", id="no JSON"),
        pytest.param("[]", "is no baseline", id="not a table"),
        pytest.param('{"format": "other"}', "is no baseline", id="something else"),
        pytest.param('{"format": "shequ audit baseline", "version": 1, "findings": [1]}', "is no baseline", id="rows"),
        pytest.param('{"format": "shequ audit baseline", "version": 1, "findings": null}', "is no baseline", id="none"),
        pytest.param(
            json.dumps({"format": "shequ audit baseline", "version": VERSION + 1, "findings": []}),
            f"of version {VERSION + 1}", id="another version",
        ),
    ],
)
def test_what_is_no_baseline_is_told(content: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(BaselineError, match=says):
        Baseline.read(file)


# --- reports


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_is_the_same_bytes_twice(told: Audit, book: PolicyBook, form: Form, lang: str) -> None:
    once, again = (audit_bytes(AuditReport.of(told, book), form, lang) for _ in range(2))
    assert once == again


def test_sarif_names_a_rule_for_every_result(told: Audit, book: PolicyBook) -> None:
    """What the schema asks for: version, a driver with rules, results that point at them, known levels."""
    data = json.loads(json.dumps(audit_sarif(AuditReport.of(told, book), "en")))
    assert data["version"] == "2.1.0"
    (run,) = data["runs"]
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == len(told.findings)
    for one, found in zip(run["results"], told.findings, strict=True):
        assert rules[one["ruleIndex"]] == one["ruleId"] == found.code
        assert one["level"] == (LEVELS[found.force] if found.is_due(DAY) else "note")
        assert one["message"]["text"]


def test_the_synthetic_are_called_so_in_every_form_that_tells_people(told: Audit, book: PolicyBook) -> None:
    report = AuditReport.of(told, book)
    for form in (Form.TEXT, Form.HTML, Form.JSON):
        assert b"synthetic" in audit_bytes(report, form, "en")


def test_no_name_of_a_person_comes_out(told: Audit, book: PolicyBook) -> None:
    text = audit_bytes(AuditReport.of(told, book), Form.JSON, "zh").decode()
    names = {name for name in told.data.workers.name.to_list() if name}
    assert names
    assert not any(name in text for name in names)


def test_only_what_is_new_and_due_makes_it_grave(told: Audit, book: PolicyBook) -> None:
    assert AuditReport.of(told, book).worst is Force.MUST
    assert AuditReport.of(told, book, Baseline.of(told.findings)).worst is Force.NONE
    should = attrs.evolve(told, findings=tuple(one for one in told.findings if one.force is Force.SHOULD))
    assert AuditReport.of(should, book).worst is Force.SHOULD
