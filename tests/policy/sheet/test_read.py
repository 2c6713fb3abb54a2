"""Reading a figure sheet: what it says, and every fault at its line with the way out."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.sheet.conftest import SHEET, Judge

from shequ_core.errors import InputError, PlaceUnresolvedError
from shequ_core.law.clauses import Document, Force
from shequ_core.model.places import Division, DivisionKind
from shequ_core.model.posts import CertificateLevel
from shequ_core.policy import exits, pay, recruitment, staffing
from shequ_core.policy.book import DISABLE, PolicyBook
from shequ_core.policy.bounds import AtLeast, AtMost, Exactly, Inside
from shequ_core.policy.hookspecs import hookimpl
from shequ_core.policy.parameters import LocalLimit, Part
from shequ_core.policy.pay import MonthlyAllowance, RisingFrom
from shequ_core.policy.sheet.read import read_sheet, sheet_from
from shequ_core.values import Span, Status, yuan

RULES = Document(
    "柳林区社区工作者管理办法(虚构)", number="柳办发〔2021〕3号", issued=date(2021, 3, 1), publisher="柳林区(虚构)"
)
DAY = date(2022, 7, 1)
IN_FORCE, PUBLISHED = date(2021, 4, 1), date(2021, 3, 1)


def faults_of(text: str) -> list[str]:
    """Return what is told of a sheet, as 'line key: message'."""
    try:
        sheet_from(text.encode(), "figures.toml")
    except InputError as error:
        found = error.faults
    else:
        return []
    assert all(one.file == "figures.toml" and one.line for one in found)
    return [f"{one.line} {one.key}: {one.message}" for one in found]


def test_all_that_a_plugin_can_say_has_its_place(sheet: str) -> None:
    """Documents, places, divisions, values with every field, limits, and each kind of bound."""
    county, street = sheet_from(sheet.encode(), "figures.toml")
    assert (county.place, street.place, list(street.values)) == ("229902", "220104", [])
    assert list(county.divisions) == [
        Division(code="229902", name="柳林区", kind=DivisionKind.COUNTY, status=Status.ASSUMPTION)
    ]
    rules = RULES.article("")
    press = Document("柳林日报(虚构)").article("第三版")
    known: Any = {"since": IN_FORCE, "known_on": PUBLISHED, "status": Status.ISSUED, "source": rules}  # Any: arguments
    said = sorted(county.values, key=lambda one: (isinstance(one, LocalLimit), one.since, one.key.name))
    assert said == [
        exits.FAILED_RUNNING.set(2, **known, until=date(2022, 12, 31)),
        pay.BASE_SHARE.set(Fraction(7, 10), **known, leeway=Exactly(Fraction(7, 10))),
        pay.CERTIFICATE.set(
            MonthlyAllowance(dict(zip(CertificateLevel, (yuan(200), yuan(350), yuan(1500)), strict=True))), **known
        ),
        recruitment.MAX_AGE.set(38, **known, leeway=AtMost(40)),
        staffing.PARTY_POSTS.set(2, **known, leeway=AtLeast(2)),
        staffing.STEP.set(
            Span(400, 400), since=IN_FORCE, known_on=PUBLISHED, status=Status.ISSUED,
            source=RULES.article("第五条", force=Force.MUST), leeway=Inside(Span(300, 500)),
        ),
        exits.FAILED_RUNNING.set(
            1, since=date(2023, 1, 1), known_on=date(2022, 11, 5), status=Status.PRESS, source=press,
            fresh_until=date(2024, 12, 31), rests_on=[Part("the day", Status.ASSUMPTION, zh="施行日期")],
            reading="报道未写明何日起施行",
        ),
        pay.CERTIFICATE.limit(RisingFrom(yuan(200)), since=IN_FORCE, known_on=PUBLISHED, source=rules),
    ]


Change = tuple[str, str]
"""What stands in the sheet and what is written in its place."""

FORM: list[tuple[str, str, list[str]]] = [
    # old, new, what is told
    ("issued = 2021", "isued = 2021", [r"5 documents.rules.isued: isued is not a field; did you mean issued"]),
    ("issued = 2021-03-01", 'issued = "1 March"', [r"5 documents.rules.issued: a day is written 2022-07-01; .*1 March"]),
    ('title = "柳林日报(虚构)"', 'publisher = "x"', [r"11 documents.press: title is missing"]),
    ("[documents.press]\n", "[documents.press]\nstatus = \"isued\"\n", [r"12 .*press.status: one of issued, draft"]),
    ("[documents.rules]", "[document.rules]", [r"2 document: .*did you mean documents"]),
    ("staffing.step]", "staffing.stepp]", [r"20 229902.staffing.stepp: there is no parameter staffing.stepp; did you "
                                            r"mean staffing.step"]),
    ("staffing.step]", "stafing.step]", [r"20 229902.stafing: there is no parameter stafing; did you mean staffing"]),
    ("[229902.staffing.step]", "[staffing.step]", [r"20 staffing: staffing stands under the code of its place"]),
    ("[229902.staffing.step]\nvalue = [400, 400]", "[229902.staffing]\nstep = [400, 400]\n[229902.grids.households]\nvalue = [400, 400]",
     [r"21 229902.staffing.step: it is written as a table, \[229902.staffing.step\], with its document in it"]),
    ("value = [400, 400]", "value = [400]", [r"21 .*: \[400\] can't stand here: a span is written \[low, high\] \(of staf"
                                             r"fing.step, JLW2.2b\)"]),
    ("value = [400, 400]", 'value = [400, "400户"]', [r"21 .*: \"400户\" can't stand here: it counts households: write th"
                                                      r"e number"]),
    ("[220104]", "[229902.exits.age]\ndocument = \"rules\"\nvalue = { kind = \"fixed_age\", years = { male = \"60岁\", female = 55 } }",
     [r"70 229902.exits.age.value.years.male: .*60岁.*write the number alone"]),
    ("[220104]", "[229902.service.coverage_months]\ndocument = \"rules\"\nvalue = \"1年\"",
     [r"70 .*: it counts months: write 12, without quotes"]),
    ("value = [400, 400]", "value = [0.5, -1]", [r"a whole number is expected", r"at least 1 is expected"]),
    ("value = [400, 400]\n", "", [r"20 229902.staffing.step: value is missing"]),
    ('unit = "households"', 'unit = "posts"', [r"22 .*staffing.step counts households, not posts"]),
    ('unit = "households"\ndocument = "rules"\n', "", [r"20 229902.staffing.step: document is missing"]),
    ('force = "must"', 'force = "musst"', [r"25 .*force: one of must, should, may, aim, none is expected; .*musst"]),
    ("inside = [300", "insde = [300", [r"there is no bound insde; did you mean inside"]),
    ("inside = [300, 500]", "inside = [300, 500], at_least = 1", [r"a bound is a table with one of"]),
    ("leeway = { at_least = 2 }", "leeway = { rising_from = \"2元\" }", [r"there is no bound rising_from"]),
    ("leeway = { at_least = 2 }", "leeway = 2", [r"a bound is a table with one of at_least, at_most, exactly, inside"]),
    ('value = "70%"', "value = 0.7", [r'34 .*0.7 can\'t stand here: a share is an exact fraction: write "7/10" .*JLW2.4d']),
    ('value = "70%"', 'value = "7:10"', [r'write "7/10"']),
    ('value = "70%"', 'value = "-7/10"', [r"a share lies between 0 and 1"]),
    ("value = 38", "value = true", [r"a whole number is expected"]),
    ("value = 38", "value = -1", [r"at least 0 is expected"]),
    ("until = 2022-12-31", "until = 2022-12-31T00:00:00", [r"a day is written 2022-07-01"]),
    ("until = 2022-12-31", 'unitl = 2022-12-31', [r"46 .*unitl is not a field; did you mean unit, until"]),
    ('status = "press"', 'status = "pres"', [r"one of issued, draft, press"]),
    ('what = "the day", ', "", [r"rests_on: what is missing"]),
    ('kind = "monthly_allowance"', 'kind = "monthly_alowance"', [r"there is no kind monthly_alowance; did you mean month"
                                                                 r"ly_allowance.*JLW2.4g"]),
    ('kind = "monthly_allowance"', 'kind = "xyz"', [r"no kind xyz; kind is one of grade_moves, .* has to be imported"]),
    ('kind = "monthly_allowance"', 'kind = "monthly_allowance"\nversion = 2', [r"version 1 is expected"]),
    ('kind = "monthly_allowance"', 'kind = "monthly_allowance"\nmore = 2', [r"more is not a field"]),
    ('kind = "monthly_allowance"\n', "", [r"60 229902.pay.certificate.value: kind is one of"]),
    ('assistant = "200.00元"', "assistant = 20000", [r'62 .*amounts.assistant: 20000 .*"20000.00" if yuan are meant, "200.'
                                                    r'00" if fen are']),
    ('assistant = "200.00元"', 'assistant = "20000分"', [r'write "200.00"']),
    ('assistant = "200.00元"', 'assistant = "0.02万元"', [r'an amount is yuan in text']),
    ('assistant = "200.00元"', 'asistant = "200.00元"', [r"one of assistant, social_worker, senior is expected"]),
    ('kind = "county"', 'kind = "countty"', [r"17 .*: one of nation, province"]),
    ("[[229902.divisions]]", "[229902.divisions]", [r"14 229902.divisions: each division is written as a table of its own"]),
    ("[220104]", "[2299021]", [r"68 2299021: There is no place 2299021: "]),
    ("[220104]", "[abc]", [r"68 abc: a sheet holds documents and places by their codes"]),
    ('bound = { rising_from = "200元" }', "", [r"64 229902.limits.pay.certificate: bound is missing"]),
    ('bound = { rising_from = "200元" }', 'bound = { rising_from = "200元" }\nstatus = "issued"',
     [r"66 .*status: status is not a field"]),
    ("limits.pay.certificate", "limits.pay.certificat", [r"there is no parameter pay.certificat; did you mean pay.certifi"]),
    ("[220104]", "[220104.exits]\nage = []", [r"69 220104.exits.age: it is written as a table"]),
    ("[220104]", "[220104]\nlimits = 1", [r"69 220104.limits: a limit is written as a table"]),
    ("[220104]", "[220104]\ntargets = 1", [r"69 220104.targets: the keys of targets stand in tables under it"]),
]  # fmt: skip
"""Faults of form, which the schema sees as well."""

SENSE: list[tuple[str, str, list[str]]] = [
    ("value = [400, 400]", "value = [500, 400]", [r"a span goes from low to high"]),
    ('value = "70%"', 'value = "170%"', [r"a share lies between 0 and 1"]),
    ('document = "press"', 'document = "pres"', [r"49 .*document: there is no document pres; did you mean press"]),
    ("since = 2021-04-01\n", "", [r"19 229902.staffing.step: since is missing here, and in 6 more that cite this document: "
                                 r"write it in \[documents.rules\]"]),
    ("since = 2023-01-01\n", "", [r"47 229902.exits.failed_running: since is missing: .*\[documents.press\]"]),
    ('status = "press"\n', "", [r"47 .*: status is missing"]),
    ("until = 2022-12-31", "until = 2020-12-31", [r"46 .*until: it ends before it begins, on 2021-04-01"]),
    ("until = 2022-12-31\n", "known_on = 2022-11-05\nstatus = \"press\"\nuntil = 2023-06-30\n",
     [r"49 229902.exits.failed_running: .*holds from 2023-01-01 here, and the value in line 43 then still does"]),
    ('kind = "monthly_allowance"\namounts = {', 'kind = "monthly_allowance"\namounts = { senior = "300.00", ',
     [r"this name is there already in this table"]),
    ("[220104]", "[229903]", [r"68 229903: There is no place 229903: it is not in the list.*\[\[229903.divisions\]\]"]),
    ('social_worker = "350.00 yuan"', 'social_worker = "150.00"', [r"amounts don't fall from one level of certificate"]),
    ("[220104]", """[229902.assessment.scheme]
document = "rules"
[229902.assessment.scheme.value]
kind = "weighted_scores"
weight = { residents = "30%", organisation = "30%", daily = "20%", annual = "30%" }
points = { outstanding = 90, qualified = 70, basically_qualified = 60 }""",
     [r"70 229902.assessment.scheme.value: the weights of .* sum to 1 \(of assessment.scheme, JLW2.9b\)"]),
    ("[220104]", """[229902.pay.grades]
document = "rules"
value = { kind = "even_steps", first = "3000元", step = "5%", grades = 18, classes = { a = [1, 5], b = [8, 18] } }""",
     [r"70 229902.pay.grades.value: .*no class has the grades 6 to 7 between others .*JLW2.4b"]),
]  # fmt: skip
"""Faults that no schema can see."""


@pytest.mark.parametrize(("old", "new", "told"), [*FORM, *SENSE])
def test_each_fault_is_told_at_its_line(sheet: str, old: str, new: str, told: list[str]) -> None:
    """With the key, what was found, what is allowed, the clause, the nearest right name; and nothing else is told."""
    assert sheet.count(old) >= 1
    found = faults_of(sheet.replace(old, new, 1))
    assert len(found) == len(told), found
    for one, due in zip(found, told, strict=True):
        assert re.search(due, one), one


@pytest.mark.parametrize(("old", "new", "told"), [*FORM, *SENSE])
def test_the_schema_refuses_what_the_reader_refuses(
    sheet: str, judge: Judge, old: str, new: str, told: list[str]
) -> None:
    """An editor marks every fault of form; what only the reader knows, the schema lets pass."""
    text = sheet.replace(old, new, 1)
    if any("there already" in one for one in told):
        return  # it isn't even TOML
    refused = bool(judge.faults(text))
    assert refused is bool((old, new, told) in FORM), judge.faults(text)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('value = "70%"', 'value = "7/10"'),
        ('value = "70%"', 'value = "0.7"'),
        ('value = "70%"', "value = 1"),
        ("issued = 2021-03-01", 'issued = "2021-03-01"'),
        ("until = 2022-12-31", 'until = "2022-12-31"'),
        ('"200.00元"', '"200"'),
        ('"200.00元"', '"200.5"'),
        ('"200.00元"', '"0元"'),
        ('kind = "monthly_allowance"', 'kind = "monthly_allowance"\nversion = 1'),
        ("[229902.staffing.step]", "[[229902.staffing.step]]"),
        ("[229902.staffing.step]\nvalue", "[229902]\nstaffing.step.value"),
    ],
)
def test_reader_and_schema_take_every_right_form(sheet: str, judge: Judge, old: str, new: str) -> None:
    """Shares as the document has them, amounts with or without the unit, days with or without quotes."""
    text = sheet.replace(old, new, 1)
    if "\nstaffing" in text:  # dotted keys go on in the table of the place
        text = text.replace("\nunit =", "\nstaffing.step.unit =").replace(
            'document = "rules"\narticle = "第五条"\nforce = "must"\nleeway', 'staffing.step.document = "rules"\nstaffing'
            ".step.leeway", 1,
        )  # fmt: skip
    assert faults_of(text) == []
    assert judge.faults(text) == []


def test_all_faults_come_in_one_go_in_the_order_of_the_file(sheet: str) -> None:
    """One mistake in each table, in a row with two mistakes both."""
    text = sheet
    for old, new in (
        ("staffing.party_posts]", "staffing.party_post]"),
        ('value = "70%"\ndocument = "rules"', 'value = 0.7\ndocument = "rulse"\nartikel = "1"'),
        ("value = 38", 'value = "38岁"'),
        ('assistant = "200.00元", social_worker = "350.00 yuan"', "assistant = 200, social_worker = 350"),
        ('rising_from = "200元"', "rising_from = 200"),
        ("[220104]", "[229903]"),
    ):
        assert old in text
        text = text.replace(old, new)
    found = faults_of(text)
    lines = [int(one.split()[0]) for one in found]
    assert lines == sorted(lines)
    assert len(found) == 9


LINES = [number for number, line in enumerate(SHEET.splitlines()) if "=" in line]
IN_ITS_PLACE = st.sampled_from(
    [
        "1", "-1", "0.5", '"x"', '""', '"7/10"', '"1/0"', '"1e5"', '"１"', '"٣/4"', '"100.00元"', '"99999999999999999999.00"',
        "99999999999999999999", "true", "[]", "[1]", "[1, 2]", "[[1]]", "{}", '{ kind = "x" }', "{ at_least = 1 }",
        "{ a = { b = 1 } }", "2022-01-01T00:00:00Z", "inf", "nan",
    ]
)  # fmt: skip


@given(number=st.sampled_from(LINES), written=IN_ITS_PLACE, gone=st.sampled_from([None, *LINES]))
@settings(max_examples=40)
def test_whatever_stands_there_ends_in_a_fault_or_in_a_sheet_that_the_schema_takes(
    judge: Judge, number: int, written: str, gone: int | None
) -> None:
    """No other exception, a line for each fault, and nothing is taken that an editor would mark."""
    lines = SHEET.splitlines()
    lines[number] = f"{lines[number].partition('=')[0]}= {written}"
    text = "\n".join(line for at, line in enumerate(lines) if at != gone)
    if not faults_of(text):
        assert judge.faults(text) == []


# --- what isn't TOML, and other encodings ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("value = 38", "value = 38岁", 39, "the line should end here"),
        ("value = 38", "value = ", 39, "this is no value"),
        ("value = 38", "value 38", 39, "a name is followed by ="),
        ("value = 38", "value = 010", 39, "the line should end here"),
        ('"第五条"', "“第五条”", 24, 'The mark “ is a Chinese one: write "'),
        ("value = [400, 400]", "value = [400，400]", 21, "The mark ， is a Chinese one: write ,"),
        ("document = ", "document＝", 23, "The mark ＝ is a Chinese one: write ="),
        ("[documents.rules]", "[documents.办法]", 2, "a name with Chinese characters stands in quotes"),
        ("[229902.pay.base_share]", "[229902.staffing.step]", 33, "several values of one key are written [[…]]"),
        ("[229902.pay.base_share]", "[229902.pay.base_share", 33, "the brackets of this table don't close"),
        ('"柳林日报(虚构)"', '"柳林日报(虚构)', 12, "this character can't stand here"),
        ("value = 38", "value = 38\nvalue = 39", 40, "this name is there already"),
        ("{ at_most = 40 }", "{ at_most = 40", 41, "this table doesn't close"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(sheet: str, old: str, new: str, line: int, told: str) -> None:
    """In our words, and with the Chinese mark that was typed for a plain one."""
    assert old in sheet
    (found,) = faults_of(sheet.replace(old, new, 1))
    assert found.startswith(f"{line} "), found
    assert told in found


def test_a_gbk_file_is_named_as_such(sheet: str) -> None:
    """Save it as UTF-8: nothing is guessed."""
    with pytest.raises(InputError, match="GBK: save it as UTF-8"):
        sheet_from(sheet.encode("gb18030"), "figures.toml")
    with pytest.raises(InputError, match="not UTF-8: save it"):
        sheet_from(sheet.encode("utf-16"), "figures.toml")
    broken = sheet.encode().replace("第五条".encode(), "第五条".encode("gb18030"))
    with pytest.raises(InputError, match="line 24: this line is not UTF-8"):
        sheet_from(broken, "figures.toml")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: "\ufeff" + text, id="with a BOM"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="with line ends of Windows"),
    ],
)
def test_other_forms_of_text_are_the_same_sheet(sheet: str, change: Callable[[str], str]) -> None:
    """Excel and Notepad write them."""
    assert sheet_from(change(sheet).encode(), "x") == sheet_from(sheet.encode(), "x")
    (found,) = faults_of(change(sheet.replace("value = 38", "value = 3.8")))
    assert found.startswith("39 229902.recruitment.max_age.value")


@pytest.mark.parametrize("text", ["", "# nothing\n", "[documents.a]\ntitle = 'x'\n"])
def test_a_sheet_that_speaks_for_no_place_is_refused(text: str) -> None:
    """A plugin that says nothing would be silent in silence."""
    (found,) = faults_of(text)
    assert "it speaks for no place" in found


def test_tables_too_deep_are_a_fault_and_no_crash() -> None:
    """A list in a list in a list…"""
    with pytest.raises(InputError, match="too deep"):
        sheet_from(f"a = {'[' * 5000}{']' * 5000}".encode(), "figures.toml")


def test_faults_of_a_sheet_are_those_of_its_plugin(sheet: str) -> None:
    """Asking for the place names every fault with its line; other places work."""
    text = sheet.replace("value = 38", "value = 3.8").replace('"70%"', "0.7")

    def shequ_place() -> object:
        return sheet_from(text.encode(), "figures.toml")

    book = PolicyBook.load(plugins=[SimpleNamespace(shequ_place=hookimpl(shequ_place))])
    assert [fault.plugin for fault in book.faults] == ["SimpleNamespace"] * 2
    with pytest.raises(PlaceUnresolvedError, match=r"line 34, .*line 39, "):
        book.policy("2201", date(2022, 7, 1))


# --- in a plugin -------------------------------------------------------------------------------------------


def test_one_line_makes_a_plugin_of_a_sheet(sheet: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The module is one line; a sheet that isn't there is a fault of the plugin."""
    for name in ("shequ_of_a_sheet", "shequ_without_one"):
        package = tmp_path / name
        package.mkdir()
        line = "from shequ_core import sheet_hook\nshequ_place = sheet_hook(__name__)\n"
        (package / "__init__.py").write_text(line, encoding="utf-8")
    (tmp_path / "shequ_of_a_sheet" / "figures.toml").write_text(sheet, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(DISABLE, "1")
    module = importlib.import_module("shequ_of_a_sheet")
    book = PolicyBook.load(plugins=[module])
    assert not book.faults
    assert book.policy("229902", DAY)[staffing.STEP] == Span(400, 400)
    assert list(module.shequ_place()) == list(read_sheet(str(tmp_path / "shequ_of_a_sheet" / "figures.toml")))
    (fault,) = PolicyBook.load(plugins=[importlib.import_module("shequ_without_one")]).faults
    assert "figures.toml: the file can't be read" in str(fault)
