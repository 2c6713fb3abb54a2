"""The page of a year: what the law, the place and the roster come to, so that a reader can act on it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import date
from types import ModuleType

import attrs
import numpy as np
import pytest

from shequ_core.jilin.register import register
from shequ_core.law.clauses import Document
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.grids import HOUSEHOLDS
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalPolicy
from shequ_core.population.synthesize import synthesize
from shequ_core.reports.page import LISTED, year_page
from shequ_core.reports.year import summary_data
from shequ_core.values import Span, Status
from shequ_core.year import YearResult, run_year

PLACE = "220104"
RULES = Document("某区网格管理办法")
Page = Callable[..., str]


def district() -> ModuleType:
    """Make a plugin of the district, whose grids are larger than the province allows."""
    made = ModuleType("district")
    since = date(2021, 1, 1)

    @hookimpl
    def shequ_place() -> Sequence[LocalPolicy]:
        values = [
            HOUSEHOLDS.set(
                Span(410, 690), since=since, known_on=since, source=RULES.article("第八条"), status=Status.ISSUED
            )
        ]
        return [LocalPolicy(place=PLACE, values=values)]

    made.shequ_place = shequ_place  # type: ignore[attr-defined]  # a module made by hand
    return made


@pytest.fixture(scope="module")
def book() -> PolicyBook:
    return PolicyBook.load(assume=True, plugins=[district()])


@pytest.fixture(scope="module")
def result(book: PolicyBook) -> YearResult:
    return run_year(synthesize(PLACE, 2022, 1), book, PLACE, 2022)


@pytest.fixture(scope="module")
def page(book: PolicyBook, result: YearResult) -> Page:
    """Return the page of the year, or of an answer like it, as a function of the language."""

    def made(lang: str, told: YearResult = result) -> str:
        return year_page(told, summary_data(told, book), book, lang)

    return made


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, without its tags."""
    found = re.search(rf"<h2[^>]*>{re.escape(html.escape(heading))}</h2>(.*?)(?=<h2|</body>)", page, re.DOTALL)
    assert found is not None, heading
    return html.unescape(re.sub(r"<[^>]*>", "\n", found[1]))


LEAVING = "Who has to leave, and on which ground: proposals (JLW2.10)"


def test_who_has_to_leave_stands_under_the_ground_in_words(page: Page, result: YearResult) -> None:
    """Each ground with the register's sentence and the place's figure, each person once a ground, with the community."""
    told = section(page("en"), LEAVING)
    leaving = [person for person in result.people if person.exit_ground]
    assert leaving
    grounds = {clause for person in leaving for clause in str(person.exit_ground).split()}
    for clause in grounds:
        assert register()[clause].says["en"] in told
    assert told.count("S220104-") == sum(len(str(person.exit_ground).split()) for person in leaving)
    assert "exits.age: fixed age (years male 60, female 55)" in told
    names = {one.community: one.name for one in result.headcounts}
    assert all(names[person.community] in told for person in leaving)


def test_a_conflict_names_both_sides(page: Page) -> None:
    """What the place sets in which document, and which clause of the province allows what."""
    told = section(page("en"), "Conflicts between city and province")
    assert "grids.households" in told
    assert "410 to 690: 吉林省长春市朝阳区, 《某区网格管理办法》第八条, issued" in told
    assert "410 to 690 is not inside 300 to 500" in told
    assert "吉林省, 《关于进一步夯实社会治理基础提升城市社区治理能力的若干意见》二、(三)2 (JLG2.3.2a)" in told


def test_everything_assumed_stands_with_its_value_and_source(page: Page, result: YearResult) -> None:
    """The banner counts them and leads to them."""
    text = page("en")
    assert f"This answer rests on {len(result.uncertain)} values" in text
    assert 'href="#rests-on"' in text
    told = section(text, "What rests on assumptions")
    assert [key for key in result.uncertain if key not in told] == []
    assert "annual mean (annual 97134.00 yuan, of year 2021)" in told
    assert "proxy" in told


def test_amounts_are_readable_and_lines_add_up(page: Page, result: YearResult) -> None:
    """Thousands stand apart; a line that nobody was paid is left out, the rest sum to the total."""
    told = section(page("en"), "The pay bill, yuan (JLW2.4, 3.2)")
    by_line = told[: told.index("By class of post")]
    amounts = {line: int(fen.replace(",", "").replace(".", ""))
               for line, fen in re.findall(r"([a-z]+)\s+([\d,]+\.\d\d)", by_line)}  # fmt: skip
    assert amounts.pop("total") == sum(amounts.values()) == result.total()
    assert re.search(r"\d,\d{3},\d{3}\.\d\d", by_line)
    assert "kept" not in amounts
    places = told[told.index("By subdistrict") : told.index("By month")]
    assert "前进街道" in places
    assert "朝阳区" not in places, "each subdistrict lies in it"


def test_grades_and_classes_stand_by_rank(page: Page) -> None:
    text = page("zh")
    pay, bonus = section(text, "薪酬支出，元（JLW2.4、3.2）"), section(text, "按考核等次的月绩效奖金分布，元（JLW2.4f）")
    assert sorted(("社区正职", "其他两委成员", "普通工作人员"), key=pay.index)[0] == "社区正职"
    ranked = ["优秀", "\n合格", "基本合格", "不合格", "未考核"]
    assert sorted(ranked, key=bonus.index) == ranked


def test_each_community_stands_with_its_figures(page: Page, result: YearResult) -> None:
    told = section(page("en"), "Posts against what each community may have (JLW2.2)")
    for one in result.headcounts:
        assert (f"{one.posts} / {one.least}–{one.most}" if one.least is not None else f"\n{one.posts}\n") in told


def test_a_long_list_is_cut_and_says_where_the_rest_is(page: Page, result: YearResult) -> None:
    """The page of a province can be opened."""
    some = next(at for at, person in enumerate(result.people) if person.exit_ground == "JLW2.10h")
    many = attrs.evolve(result, people=result.people.take(np.full(LISTED + 7, some)))
    told = section(page("en", many), LEAVING)
    assert told.count("S220104-") == LISTED
    assert "7 more stand in year.xlsx" in told


def test_what_is_missing_everywhere_is_one_row(page: Page, result: YearResult) -> None:
    """Five values that nobody set in sixty counties are five rows."""
    missing = next(one for one in result.findings if one.code == "JLW2.2c-staffing.quota-unset")
    alike = tuple(attrs.evolve(missing, subject=code) for code in ("220104", "220105", "220106"))
    told = section(page("en", attrs.evolve(result, findings=alike)), "Not examined: a fact or a local rule is missing")
    assert told.count("staffing.quota is not set") == 1
    assert "and 2 more" in told


def test_nobody_is_named(page: Page, result: YearResult) -> None:
    """The page goes from hand to hand: ids stand on it, names only in the workbook."""
    text = page("zh") + page("en")
    assert [name for name in result.people.name.vocabulary if name in text] == []
