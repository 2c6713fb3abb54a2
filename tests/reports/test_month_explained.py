"""Every line of anybody's month is explained: the tree ends at the slip's figure, part by part."""

from __future__ import annotations

from datetime import date

import pytest

from shequ_core.explanation import LINES, Explanation, around, explain
from shequ_core.law.clauses import Document
from shequ_core.model.answers import DEDUCTIONS, EARNINGS
from shequ_core.model.pay import FormerPay
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.law import Law
from shequ_core.policy.parameters import Reform
from shequ_core.policy.pay import NO_REDUCTION, Compared, PlaceKept
from shequ_core.reports.explanation import explanation_text
from shequ_core.reports.slip import PaySlips
from shequ_core.tables.dataset import Dataset, FormerPays
from shequ_core.trace import observed, observer
from shequ_core.values import Status, yuan
from shequ_core.year import run_month, run_year
from shequ_core.year.pay import PayMonth

MARCH = "2022-03"
END = {"basic": ("pay.split_standard", "basic"), "bonus": ("pay.pool_shares", "share")}


@pytest.fixture(scope="module")
def told(data: Dataset, book: PolicyBook) -> dict[str, Explanation]:
    """Everybody's year."""
    return {worker: explain(data, book, "229901", 2022, worker) for worker in data.workers.id.to_list() if worker}


def test_explanations_come_to_the_slips(slips: PaySlips, told: dict[str, Explanation]) -> None:
    """Whatever had to be run for it: others' parts of the month, the county's mean, posts elsewhere."""
    for worker, slip in slips.items():
        lines = told[worker].lines[MARCH]
        assert {line: lines[line] for line in LINES} == {line: slip.line(line) for line in LINES}, worker
        assert (lines["total"], lines["net"]) == (slip.total, slip.net)


def test_every_part_has_its_own_tree(slips: PaySlips, told: dict[str, Explanation]) -> None:
    """Class, grade and days of each part stand in its own steps, and its figures are the end of them."""
    for worker, slip in slips.items():
        parts = told[worker].parts[MARCH]
        assert [(one.since, one.until, one.grade) for one in parts] == [
            (one.since, one.until, one.grade) for one in slip.parts
        ]  # fmt: skip
        for part in parts:
            assert sum(part.lines[line] for line in EARNINGS) == part.lines["total"]
            for line in EARNINGS:
                steps = part.behind(line)
                assert {step.rule for step in steps} <= set(LINES[line])
                if part.lines[line]:
                    assert steps, (worker, line)
            (graded,) = (step for step in part.behind("basic") if step.rule == "pay.graded_pay")
            assert graded.inputs == {"post_class": part.post_class, "grade": part.grade}
            (share,) = (step for step in part.behind("bonus") if step.rule == "pay.pool_shares")
            assert isinstance(share.result, dict)
            assert share.result["share"] == part.lines["bonus"].yuan()
            cut = [step for step in part.behind("basic") if step.rule == "pay.prorated"]
            if len(parts) > 1:
                assert [step.result for step in cut] == [part.lines["basic"].yuan()]


def test_each_line_has_the_rule_that_made_it(told: dict[str, Explanation]) -> None:
    """Award, emergency allowance, what is kept, probation, insurance: the last step is the figure."""

    def last(worker: str, line: str, rule: str) -> object:
        found = [step for step in told[worker].behind(MARCH, line) if step.rule == rule]
        return found[-1].result if found else None

    assert last("chair", "award", "pay.yearly_sum") == "1500.00"
    assert last("chair", "certificate", "pay.certificate_allowance") == "500.00"
    assert last("on duty", "emergency", "emergency.duty_allowance") == "180.00"
    assert last("kept", "kept", "pay.kept_difference") == told["kept"].parts[MARCH][0].lines["kept"].yuan()
    assert last("newcomer", "basic", "pay.probation_basic") == told["newcomer"].parts[MARCH][0].lines["basic"].yuan()
    assert last("trainee", "basic", "pay.probation_grade") == told["trainee"].parts[MARCH][0].grade
    for line in DEDUCTIONS:
        for worker, one in told.items():
            steps = one.behind(MARCH, line)
            assert [step.rule for step in steps] == ["contributions.contribution_base", "contributions.contributions"]
            assert steps[0].result == one.lines[MARCH]["total"].yuan(), worker  # type: ignore[union-attr]  # known here


def test_rules_that_change_nothing_are_left_out(told: dict[str, Explanation]) -> None:
    """Who has the whole month has no share of it; who isn't on probation has no such step."""
    rules = {step.rule for step in told["chair"].behind(MARCH, "basic")}
    assert not rules & {"pay.prorated", "pay.month_shares", "pay.probation_grade", "pay.probation_basic"}


def test_a_part_is_told_once(told: dict[str, Explanation]) -> None:
    """What is paid once a month stands in its last part; what ran on a whole holding stands behind each part of it."""
    parts = told["mover"].parts[MARCH]
    once = [[step.rule for step in part.behind("award")].count("pay.yearly_sum") for part in parts]
    assert once == [0, 0, 1]
    assert all([step.rule for step in part.behind("basic")].count("staffing.in_scope") == 1 for part in parts)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_text_has_every_part(told: dict[str, Explanation], book: PolicyBook, lang: str) -> None:
    """With its days and total; a month of several parts stands by itself."""
    text = explanation_text(told["mover"], book.divisions, lang)
    for part in told["mover"].parts[MARCH]:
        assert part.since.isoformat() in text
        assert part.lines["total"].yuan() in text
    assert (MARCH, MARCH) in told["mover"].spans()
    data = told["mover"].to_data()["months"]
    assert isinstance(data, list)
    assert [len(one["parts"]) for one in data if one["from"] == MARCH] == [3]


def test_the_whole_county_is_run_where_a_rule_goes_by_its_mean(data: Dataset, book: PolicyBook) -> None:
    """Newcomers get a share of the county's mean in Baihua; by a rule without means the subdistrict is enough."""
    law = Law(book, None, date(2022, 12, 31))
    county = around(data, "far", law, [date(2022, 3, 1)])
    assert county.workers.id.to_list() == data.workers.id.to_list()
    township = around(data, "far", law, [])  # no month in which a rule goes by a mean
    assert set(township.workers.id.to_list()) == {"far", "mate", "mover"}
    posts = [post for post in township.holdings.post.to_list() if post]
    assert sorted(post[:9] for post in posts) == ["229901001", *["229901002"] * 4]  # mover's other post counts too


def test_what_is_kept_for_a_place_is_explained(data: Dataset, book: PolicyBook) -> None:
    """The county's former mean raises everybody: the explanation of one person comes to the slip."""
    source, since = Document("虚构").article("一"), date(2020, 7, 1)
    value = NO_REDUCTION.set(PlaceKept(Compared.STANDARD), since=since, known_on=since, source=source, status=Status.ISSUED)
    reformed = book.reformed(Reform(name="tried", place="229901", values=[value], scope="replace_below"))
    paid = [FormerPay(worker=worker, monthly=yuan(9000)) for worker in ("kept", "far", "sick")]
    changed = data.with_tables({"former_pays": FormerPays.of(paid)})
    result = run_year(changed, reformed, "229901", 2022)
    told = explain(changed, reformed, "229901", 2022, "far")
    mine = result.slips.where((result.slips.worker == "far").true())
    assert [told.lines[f"{slip.since:%Y-%m}"]["kept"] for slip in mine] == [slip.kept for slip in mine]
    assert all(slip.kept > 0 for slip in mine)
    steps = [step.rule for step in told.behind("2022-05", "kept")]
    assert "pay.kept_for_place" in steps


def test_a_month_notes_its_rules_while_somebody_watches(data: Dataset, book: PolicyBook, march: PayMonth) -> None:
    """Who watched before goes on watching, and gets what a run without notes would give."""
    from shequ_core.explanation import Recorder

    recorder = Recorder("chair")
    with observed(recorder):
        again = run_month(data, book, "229901", date(2022, 3, 1))
    assert observer() is None
    assert again.slips.same_as(march.slips)
    assert {step.rule for step in recorder.steps[MARCH]} >= {"pay.graded_pay", "pay.pool_shares"}
    for place, basis in march.bases.items():
        assert again.bases[place].rules.keys() == basis.rules.keys()
        assert "pay.payday" in basis.read
