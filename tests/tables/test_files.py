"""Files to datasets and back: what is refused, where it is said to stand, and that nobody's data is repeated."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Literal, TypeVar

import attrs
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from shequ_core.errors import Fault, InputError, OutputError
from shequ_core.model.buildings import Adjacency, Building
from shequ_core.model.communities import Community, Grid, Setting
from shequ_core.model.emergency import Duty, Emergency
from shequ_core.model.leave import Leave, LeaveKind
from shequ_core.model.pay import ContributionBase, FormerPay
from shequ_core.model.posts import Holding, Post, PostDuty, Role, Secondment, Sex, Worker
from shequ_core.model.records import Assessment, AssessmentGrade, Ground, Incident, Training
from shequ_core.reports.wording import say
from shequ_core.tables import files
from shequ_core.tables.buildings import Adjacencies, Buildings
from shequ_core.tables.cells import BLANK, MOST_FAULTS, clean, marked, unmarked
from shequ_core.tables.checks import cross_check, overlaps_as_known
from shequ_core.tables.dataset import (
    Assessments,
    Communities,
    ContributionBases,
    Dataset,
    Duties,
    Emergencies,
    FormerPays,
    Grids,
    Holdings,
    Incidents,
    Leaves,
    Posts,
    Secondments,
    Trainings,
    Workers,
)
from shequ_core.tables.files import read_dataset, write_dataset
from shequ_core.tables.table import Table
from shequ_core.values import BEYOND_AMOUNTS, Fen, Points

Form = Literal["csv", "xlsx", "parquet"]
FORMS: tuple[Form, ...] = ("csv", "xlsx", "parquet")

COMMUNITIES = "code,name,setting,households\n229900001001,桦林社区,城市,3200\n229900001002,白杨社区,,\n"
POSTS = "id,community\n229900001001-01,229900001001\n229900001001-02,229900001001\n229900001002-01,229900001002\n"
WORKERS = "id,name,sex,birth_date\nW1,甲某,女,1980-05-17\nW2,乙某,男,1979/1/2\n"
HOLDINGS = (
    "worker,post,post_class,role,since,until\n"
    "W1,229900001001-01,社区正职,书记,2020-01-01,\n"
    "W2,229900001001-02,staff,,2021-03-01,\n"
)
SAMPLE = {"communities": COMMUNITIES, "posts": POSTS, "workers": WORKERS, "holdings": HOLDINGS}


def put(folder: Path, **tables: str | bytes) -> Path:
    """Write the sample as CSV files, with some of its tables replaced and others added."""
    folder.mkdir(exist_ok=True)
    for name, text in {**SAMPLE, **tables}.items():
        (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@attrs.frozen
class Styled:
    """A cell with a number format."""

    value: object
    look: str


def book(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], **options: object) -> Path:
    """Write a workbook as somebody else's program would."""
    target = xlsxwriter.Workbook(path, options)
    day, moment = target.add_format({"num_format": "yyyy/m/d"}), target.add_format({"num_format": "yyyy/m/d hh:mm"})
    for name, rows in sheets.items():
        sheet = target.add_worksheet(name)
        for line, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and cell.startswith("="):
                    sheet.write_formula(line, column, cell, None, "#N/A" if "NA()" in cell else 4)
                elif isinstance(cell, Styled):
                    look = target.add_format({"num_format": cell.look})
                    put_in = sheet.write_datetime if isinstance(cell.value, (date, time)) else sheet.write
                    put_in(line, column, cell.value, look)
                elif isinstance(cell, datetime):
                    sheet.write_datetime(line, column, cell, moment)
                elif isinstance(cell, date):
                    sheet.write_datetime(line, column, cell, day)
                else:
                    sheet.write(line, column, cell)
    target.close()
    return path


def rows_of(text: str) -> list[list[object]]:
    return [list(line.split(",")) for line in text.splitlines()]


SHEETS: dict[str, list[list[object]]] = {name: rows_of(text) for name, text in SAMPLE.items()}


def faults_of(source: Path) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as caught:
        read_dataset(source)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value.faults


def only_fault(source: Path) -> Fault:
    (fault,) = faults_of(source)
    return fault


def place(fault: Fault) -> tuple[str, str | None, int | None, str | None]:
    return fault.file, fault.sheet, fault.row, fault.column


# --- what is read ---------------------------------------------------------------------------------


def test_reads_a_folder(tmp_path: Path) -> None:
    data = read_dataset(put(tmp_path))
    assert data.communities[0] == Community(
        code="229900001001", name="桦林社区", setting=Setting.URBAN, households=3200
    )
    assert data.communities[1] == Community(code="229900001002", name="白杨社区")
    assert data.workers[1].birth_date == date(1979, 1, 2)
    assert data.holdings.post_class.to_list() == ["principal", "staff"]
    assert data.holdings[0].role is Role.SECRETARY
    assert data.assessments is None
    assert data.workers.origin is not None
    assert data.workers.origin.rows.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2022-07-01", date(2022, 7, 1)),
        ("2022/7/1", date(2022, 7, 1)),
        ("2022.7.1", date(2022, 7, 1)),
        ("2022年7月1日", date(2022, 7, 1)),
        ("20220701", date(2022, 7, 1)),
        ("\u3000 2022-07-01 ", date(2022, 7, 1)),
        ("2022-7-1", date(2022, 7, 1)),
        ("2022-07-01 00:00:00", date(2022, 7, 1)),
        ("2022/7/1 0:00", date(2022, 7, 1)),
    ],
)
def test_days_as_forms_write_them(tmp_path: Path, written: str, day: date) -> None:
    assert read_dataset(put(tmp_path, workers=f"id,birth_date\nW1,{written}\nW2,\n")).workers[0].birth_date == day


@pytest.mark.parametrize(
    ("written", "answer"),
    [("是", True), ("否", False), ("TRUE", True), ("no", False), ("1", True), ("0", False), ("√", True), ("×", False),
     ("", None)],
)
def test_yes_and_no(tmp_path: Path, written: str, answer: bool | None) -> None:
    text = f"worker,ground,happened_on,established\nW1,不能胜任,2022-01-01,{written}\n"
    incidents = read_dataset(put(tmp_path, incidents=text)).incidents
    assert incidents is not None
    assert incidents[0].established is answer


def test_money_and_scores_are_exact(tmp_path: Path) -> None:
    data = read_dataset(
        put(
            tmp_path,
            former_pays="worker,monthly\nW1,2958.00\nW2,2958.1\n",
            assessments="worker,year,residents,daily\nW1,2022,87.5,100\nW1,2023,0.07,\n",
        )
    )
    assert data.former_pays is not None
    assert data.former_pays.monthly.to_list() == [295800, 295810]
    assert data.assessments is not None
    assert data.assessments.residents.to_list() == [8750, 7]
    assert data.assessments.daily.to_list() == [10000, None]


DATED_TABLES = {
    "任职": "人员编号,岗位编号,岗位类别,任职日期,离任日期,试用期满日期,任职获知日期,是否作废\n"
            "W1,229900001001-01,社区正职,2020-01-01,,,,\n"
            "W2,229900001001-02,普通工作人员,2021-03-01,,2021-05-31,2021-03-02,否\n",
    "请休假": "工号,请假类别,休假开始日期,休假结束日期,请假获知日期,作废\nW1,产假,2022-03-05,2022-08-09,2022-03-01,\n"
              "W2,停工留薪,2022-05-05,2022-05-09,,\nW2,工伤假,2022-05-05,2022-05-09,2022-06-01,是\n",
    "借调": "人员编号,抽调单位,借调开始日期,借调结束日期,批准单位,借调获知日期\n"
            "W1,区委组织部,2021-03-01,,区委常委会,\nW2,街道办,2021-04-01,2021-04-30,,2021-04-02\n",
    "缴费基数": "编号,月缴费基数,缴费基数起始日期,基数获知日期\nW1,4280.55,2022-07-01,2022-08-15\nW2,0,2022-07-01,\n",
    "应急响应": "应急响应地区代码,应急响应级别,启动日期,终止日期,响应获知日期\n2299,Ⅰ级,2022-03-11,2022-04-28,\n00,,2022-05-01,,\n",
    "应急值守": "人员编号,值守开始日期,值守结束日期,值守获知日期,作废\nW1,2022-03-11,2022-03-12,2022-04-01,\n",
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_dated_tables_under_their_chinese_names(tmp_path: Path, form: Form) -> None:
    if form == "csv":
        put(tmp_path, **DATED_TABLES)
        (tmp_path / "holdings.csv").unlink()
        data = read_dataset(tmp_path)
    else:
        sheets = {**SHEETS, **{name: rows_of(text) for name, text in DATED_TABLES.items()}}
        del sheets["holdings"]
        data = read_dataset(book(tmp_path / "a.xlsx", sheets))
    assert data.holdings[1] == Holding(
        worker="W2", post="229900001001-02", post_class="staff", since=date(2021, 3, 1),
        probation_until=date(2021, 5, 31), known_on=date(2021, 3, 2), withdrawn=False,
    )  # fmt: skip
    hurt = Leave(worker="W2", kind=LeaveKind.WORK_INJURY, since=date(2022, 5, 5), until=date(2022, 5, 9))
    assert data.leaves is not None
    assert list(data.leaves) == [
        Leave(worker="W1", kind=LeaveKind.MATERNITY, since=date(2022, 3, 5), until=date(2022, 8, 9), known_on=date(2022, 3, 1)),
        hurt,
        attrs.evolve(hurt, known_on=date(2022, 6, 1), withdrawn=True),
    ]  # fmt: skip
    assert data.secondments is not None
    assert list(data.secondments) == [
        Secondment(worker="W1", to="区委组织部", since=date(2021, 3, 1), approved_by="区委常委会"),
        Secondment(worker="W2", to="街道办", since=date(2021, 4, 1), until=date(2021, 4, 30), known_on=date(2021, 4, 2)),
    ]
    assert data.contribution_bases is not None
    assert list(data.contribution_bases) == [
        ContributionBase(worker="W1", base=Fen(428055), since=date(2022, 7, 1), known_on=date(2022, 8, 15)),
        ContributionBase(worker="W2", base=Fen(0), since=date(2022, 7, 1)),
    ]
    assert data.emergencies is not None
    assert list(data.emergencies) == [
        Emergency(place="2299", level="Ⅰ级", since=date(2022, 3, 11), until=date(2022, 4, 28)),
        Emergency(place="00", since=date(2022, 5, 1)),
    ]
    assert data.duties is not None
    assert list(data.duties) == [
        Duty(worker="W1", since=date(2022, 3, 11), until=date(2022, 3, 12), known_on=date(2022, 4, 1))
    ]


def test_a_roster_brings_the_end_of_probation(tmp_path: Path) -> None:
    put(tmp_path)
    for name in ("workers", "holdings"):
        (tmp_path / f"{name}.csv").unlink()
    text = "人员编号,岗位编号,岗位类别,上岗日期,试用期截止日期\nW1,229900001001-01,普通工作人员,2022-01-01,2022-03-31\n"
    (tmp_path / "花名册.csv").write_text(text, encoding="utf-8")
    assert read_dataset(tmp_path).holdings.probation_until.to_list() == [date(2022, 3, 31)]
    (tmp_path / "花名册.csv").write_text(text.replace("2022-03-31", "2021-03-31"), encoding="utf-8")
    assert place(only_fault(tmp_path)) == ("花名册.csv", None, 2, "试用期截止日期")


def test_a_shuffled_chinese_file_in_gb18030(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "workers.csv").unlink()
    text = "出生日期,编 号,性别,姓名\r\n1980年5月17日,W1,女,甲某\r\n,W2,,乙某\r\n"
    (tmp_path / "人员.csv").write_bytes(text.encode("gb18030"))
    workers = read_dataset(tmp_path).workers
    assert workers[0] == Worker(id="W1", name="甲某", sex=Sex.FEMALE, birth_date=date(1980, 5, 17))
    assert workers.origin is not None
    assert workers.origin.file == "人员.csv"


def test_byte_order_mark_blank_lines_and_trailing_commas(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbfid,name,\n\n,,\nW1,a,\n \xe3\x80\x80,,\nW2\n"
    workers = read_dataset(put(tmp_path, workers=text)).workers
    assert workers.id.to_list() == ["W1", "W2"]
    assert workers.name.to_list() == ["a", None]
    assert workers.origin is not None
    assert workers.origin.rows.tolist() == [4, 6]


def test_rows_are_counted_by_lines(tmp_path: Path) -> None:
    """A cell of several lines doesn't shift what comes after it."""
    fault = only_fault(put(tmp_path, workers='id,name,sex\nW1,"a\nb\nc",女\nW2,,wrong\n'))
    assert place(fault) == ("workers.csv", None, 5, "sex")


@pytest.mark.parametrize("text", ["=1+1", "+x", "-x", "@x", "＝x", "'=x", "'＋x", "''-x", "'x", "x'=", "it's"])
def test_the_mark_before_formulas_is_reversible(text: str) -> None:
    assert unmarked(marked(text)) == text
    assert not marked(text).startswith(tuple("=+-@＝＋－＠"))


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("2022年社区工作者花名册\n", id="title"),
        pytest.param("2022年社区工作者花名册,,,\n填报单位：某街道,,填表日期：2022,\n\n", id="title and a note"),
        pytest.param("姓名\n", id="title that is a header too"),
    ],
)
def test_titles_above_the_headers(tmp_path: Path, above: str) -> None:
    """The table begins at the row with the headers, and rows are counted from the top of the file."""
    workers = read_dataset(put(tmp_path, workers=above + "编号,姓名,序号,备注\nW1,甲某,1,x\nW2,乙某,2,\n")).workers
    assert workers.name.to_list() == ["甲某", "乙某"]
    assert workers.origin is not None
    assert workers.origin.rows.tolist() == [above.count("\n") + 2, above.count("\n") + 3]


def test_a_long_row_above_the_headers_is_no_title(tmp_path: Path) -> None:
    faults = faults_of(put(tmp_path, workers="甲某,乙某,丙某,丁某\nid,name\nW1,\nW2,\n"))
    assert place(faults[0]) == ("workers.csv", None, 1, None)


def test_rare_characters_in_gb18030(tmp_path: Path) -> None:
    text = "编号,姓名\nW1,甲𠮷\nW2,㐆女\n"
    assert read_dataset(put(tmp_path, workers=text.encode("gb18030"))).workers.name.to_list() == ["甲𠮷", "㐆女"]


@pytest.mark.parametrize("line_end", ["\r", "\r\n"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_line_ends_of_other_machines(tmp_path: Path, line_end: str, quote: str) -> None:
    text = f"id,name\n{quote}W1{quote},a\n\nW2,b\n".replace("\n", line_end)
    workers = read_dataset(put(tmp_path, workers=text.encode())).workers
    assert workers.name.to_list() == ["a", "b"]
    assert workers.origin is not None
    assert workers.origin.rows.tolist() == [2, 4]


def test_workers_and_holdings_may_be_empty(tmp_path: Path) -> None:
    """Every post is vacant."""
    data = read_dataset(put(tmp_path, workers="id\n", holdings="worker,post,post_class,since\n"))
    assert len(data.workers) == len(data.holdings) == 0


@settings(max_examples=400)
@given(
    st.lists(
        st.lists(st.sampled_from(["a", "", " ", "NA", "null", "1.0", "'=", "\u2028", "\x0b", "\x1c", "\\", "社区"]), max_size=4),
        max_size=6,
    ),
    st.sampled_from(["", "花名册\n", "花名册,,\n", "\n"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_quick_and_careful_reading_see_the_same(rows: list[list[str]], above: str, line_end: str, ended: bool) -> None:
    """What is read at once is what is found line by line; anything odd is left to the latter."""
    text = (above + "\n".join(["id,name,sex", *map(",".join, rows)]) + "\n" * ended).replace("\n", line_end)
    quick = files._plain(Workers, "f", text)
    lines = files._taken_apart(text, lambda _, message: pytest.fail(str(message)))
    faults: list[Fault] = []
    careful = files._raw(Workers, "f", None, lines or [], faults, quoted=True)
    assert careful is not None
    if quick is None:
        return
    assert faults == []
    assert (quick.headers, quick.at, quick.rows.tolist()) == (careful.headers, careful.at, careful.rows.tolist())
    assert [list(column) for column in quick.columns] == [list(column) for column in careful.columns]


def test_what_programs_write_is_read_quickly(tmp_path: Path) -> None:
    """Otherwise the careful way, which takes thrice as long, would be all there is."""
    for text in (WORKERS, WORKERS.replace("\n", "\r\n"), "id,name\n", "id", "花名册,\nid,name\nW1,甲\n"):
        assert files._plain(Workers, "f", text) is not None


# --- cells that are refused ------------------------------------------------------------------------

W = "id,name,sex,birth_date\n{id},{name},{sex},{birth_date}\nW2,,,\n"
BAD: dict[str, tuple[str, str, str, str]] = {
    # id: table, its text with one bad cell in row 2, the column, and what is said
    "month alone": ("workers", "id,birth_date\nW1,1975-03\nW2,\n", "birth_date", "a month without its day"),
    "month in Chinese": ("workers", "编号,出生日期\nW1,1975年3月\nW2,\n", "出生日期", "a month without its day"),
    "month as number": ("workers", "id,birth_date\nW1,197503\nW2,\n", "birth_date", "a month without its day"),
    "no such day": ("workers", "id,birth_date\nW1,1975-02-30\nW2,\n", "birth_date", "no such day"),
    "serial number": ("workers", "id,birth_date\nW1,29281\nW2,\n", "birth_date", "number for a day"),
    "time of day": ("workers", "id,birth_date\nW1,1975-02-03 08:30\nW2,\n", "birth_date", "time of day"),
    "no day": ("workers", "id,birth_date\nW1,不详甲\nW2,\n", "birth_date", "a day is wanted"),
    "time alone": ("workers", "id,birth_date\nW1,7:31\nW2,\n", "birth_date", "time of day"),
    "serial with time": ("workers", "id,birth_date\nW1,29281.5\nW2,\n", "birth_date", "number for a day"),
    "nothing": ("workers", "id,birth_date\nW1,不详\nW2,\n", "birth_date", "leave the cell empty"),
    "unseen sign": ("workers", "id,birth_date\nW1,\u202a1975-02-03\nW2,\n", "birth_date", "can't be seen"),
    "blank of another width": ("workers", "id\nW\u00a0771\nW1\nW2\n", "id", "can't be seen"),
    "shortened id": ("workers", "id\n2.20104E+17\nW1\nW2\n", "id", "number in short form"),
    "shortened code": ("communities", "code,name\n2.29900E+11,a\n", "code", "number in short form"),
    "total": ("communities", "code,name\n合 计,\n", "", "a total or a note"),
    "note": ("workers", "id,name\n备注：甲某某已离职,\nW1,\nW2,\n", "", "a total or a note"),
    "sentence": ("workers", "id,name\n以上人员，甲某某除外,\nW1,\nW2,\n", "", "a total or a note"),
    "full-width day": ("workers", "id,birth_date\nW1,１９７５-02-03\nW2,\n", "birth_date", "full-width digits"),
    "full-width sign": ("workers", "id,birth_date\nW1,1975－02－03\nW2,\n", "birth_date", "full-width signs"),
    "unknown word": ("workers", "id,sex\nW1,女姓\nW2,\n", "sex", "write one of female, male"),
    "empty id": ("workers", "id,name\n,甲某某\nW1,\nW2,\n", "id", "the cell is empty"),
    "full-width id": ("workers", "id\nＷ３\nW1\nW2\n", "id", "full-width"),
    "grouped number": ("communities", 'code,name,households\n229900001001,a,"3,777"\n', "households", "without commas"),
    "ten thousands": ("communities", "code,name,households\n229900001001,a,1.7万\n", "households", "write it out"),
    "ten thousands of yuan": ("former_pays", "worker,monthly\nW1,1.7万元\n", "monthly", "write it out"),
    "per cent": ("assessments", "worker,year,daily\nW1,2022,77%\n", "daily", "not a percentage"),
    "fraction": ("communities", "code,name,households\n229900001001,a,3777.0\n", "households", "a whole number"),
    "below nothing": ("communities", "code,name,households\n229900001001,a,-3777\n", "households", "0 or more"),
    "too large": ("communities", f"code,name,households\n229900001001,a,{7**25}\n", "households", "too large"),
    "short code": ("communities", "code,name\n22990000777,a\n", "code", "must be 12 digits"),
    "arabic digits": ("communities", "code,name\n٢29900001001,a\n", "code", "full-width digits"),
    "post id": ("posts", "id,community\n229900001001-7,229900001001\n", "id", "a hyphen and 2 or 3 digits"),
    "negative money": ("former_pays", "worker,monthly\nW1,-77.31\n", "monthly", "0 or more"),
    "fraction of a fen": ("former_pays", "worker,monthly\nW1,77.315\n", "monthly", "fraction of a fen"),
    "grouped money": ("former_pays", 'worker,原月薪酬\nW1,"7,731.50"\n', "原月薪酬", "without commas"),
    "currency": ("former_pays", "worker,monthly\nW1,￥7731\n", "monthly", "the number alone"),
    "currency after": ("former_pays", "worker,monthly\nW1,7731元\n", "monthly", "the number alone"),
    "no money": ("former_pays", "worker,monthly\nW1,保密甲\n", "monthly", "a number is wanted"),
    "exponent": ("former_pays", "worker,monthly\nW1,7e3\n", "monthly", "a number is wanted"),
    "score too high": ("assessments", "worker,year,daily\nW1,2022,177.5\n", "daily", "must be 100 or less"),
    "score too fine": ("assessments", "worker,year,daily\nW1,2022,77.731\n", "daily", "at most two decimals"),
    "year": ("assessments", "worker,year\nW1,202\n", "year", "must be 1980 or more"),
    "yes or no": ("incidents", "worker,ground,happened_on,established\nW1,违纪违法,2022-01-01,也许\n",
                  "established", "write 是 or 否"),
}  # fmt: skip


def test_the_words_to_write_are_told_in_the_readers_language(tmp_path: Path) -> None:
    """Each of them is one that can be written, nearest first: in English with a blank or an underscore."""
    mistyped = HOLDINGS.replace("书记", "deputy secretry")
    fault = only_fault(put(tmp_path, holdings=mistyped))
    english, chinese = say(fault.message, "en"), say(fault.message, "zh")
    assert english.split("write one of ")[1].startswith("deputy secretary, ")
    assert "党组织副书记、" in chinese
    assert chinese.count("、") == english.count(", ") == len(Role) - 1
    data = read_dataset(put(tmp_path, holdings=mistyped.replace("secretry", "secretary")))
    assert data.holdings[0].role is Role.DEPUTY_SECRETARY


@pytest.mark.parametrize("name", BAD)
def test_a_bad_cell_is_named_and_not_repeated(tmp_path: Path, name: str) -> None:
    table, text, column, said = BAD[name]
    fault = next(one for one in faults_of(put(tmp_path, **{table: text})) if one.row == 2 and one.file.startswith(table))
    assert place(fault) == (f"{table}.csv", None, 2, column or None)
    assert said in str(fault.message)
    header, row = text.splitlines()[:2]
    index = header.split(",").index(column) if column else 0
    cell = row.replace('"', "") if '"' in row else row.split(",")[index]
    bad = cell.split(",", maxsplit=index)[-1] if '"' in row else cell
    if bad:
        for fault in faults_of(put(tmp_path, **{table: text})):
            assert bad not in str(fault)
    assert "甲某" not in str(fault)


def test_every_fault_of_every_file_in_one_go(tmp_path: Path) -> None:
    put(
        tmp_path,
        communities=COMMUNITIES.replace("3200", "many"),
        workers=WORKERS.replace("女", "??").replace("1979/1/2", "then"),
        holdings=HOLDINGS.replace("W2", "W7"),
    )
    assert [place(fault) for fault in faults_of(tmp_path)] == [
        ("communities.csv", None, 2, "households"),
        ("workers.csv", None, 2, "sex"),
        ("workers.csv", None, 3, "birth_date"),
        ("holdings.csv", None, 3, "worker"),
    ]


# --- headers, rows, encodings ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "said"),
    [
        pytest.param("id,nmae\nW1,\nW2,\n", (1, "nmae"), "did you mean name", id="mistyped header"),
        pytest.param("id,出身日期\nW1,\nW2,\n", (1, "出身日期"), "出生日期", id="mistyped Chinese header"),
        pytest.param("id,zzzz\nW1,\nW2,\n", (1, "zzzz"), "birth_date", id="unknown header"),
        pytest.param("id,name,姓名\nW1,,\nW2,,\n", (1, "姓名"), "two columns give name", id="same field twice"),
        pytest.param("name\n甲某某\n", (1, None), "the column id is missing", id="missing column"),
        pytest.param("id,,name\nW1,77,\nW2,,\n", (1, None), "column 2 has cells but no header", id="no header"),
        pytest.param("甲某某,女,1970-01-01\n", (1, None), "no row at the top holds headers", id="no headers at all"),
        pytest.param("id;name\nW1;\n", (1, None), "separated by commas", id="semicolons"),
        pytest.param("id\tname\nW1\t\n", (1, None), "separated by commas", id="tabs"),
        pytest.param("2022\nid;name\nW1;\n", (1, None), "separated by commas", id="semicolons under a title"),
        pytest.param("编号，姓名\n", (1, None), "separated by commas", id="Chinese commas"),
        pytest.param("id,\x1b[1mnmae\nW1,\nW2,\n", (1, "[1mnmae"), "did you mean", id="escape in a header"),
        pytest.param(f"id,{'z' * 9999}\nW1,\nW2,\n", (1, "z" * 40 + "…"), "no such column", id="endless header"),
        pytest.param("id,name\nW1,甲某某,,77\nW2,\n", (3 - 1, None), "beyond the last header", id="ragged"),
        pytest.param('id,name\nW1,\nW2,"甲某某\n', (3, None), "quotation mark", id="open quote"),
        pytest.param('id,name\nW1,\nW2,"甲某某"77\n', (3, None), "quotation mark", id="misplaced quote"),
        pytest.param("id,name\nW1,\nW2,甲\0某某\n", (3, None), "NUL", id="NUL"),
        pytest.param("", (None, None), "nothing in it", id="empty file"),
        pytest.param("id\n".encode("utf-16"), (None, None), "neither UTF-8 nor GB18030", id="UTF-16"),
        pytest.param(b"id\n\xff\xff\n", (None, None), "neither UTF-8 nor GB18030", id="no text"),
        pytest.param(
            "编号,姓名\nW1,甲某\n".encode() + "W2,乙某\n".encode("gb18030"), (3, None), "isn't in UTF-8", id="mixed"
        ),
        pytest.param("编号,姓名\nW1,甲某\nW2,乙".encode()[:-1], (3, None), "isn't in UTF-8", id="cut off"),
        pytest.param("id\nW1\nW2\nW2\n", (4, "id"), "row 3 has the same one", id="duplicate id"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str | bytes, where: tuple[int | None, str | None], said: str) -> None:
    faults = [fault for fault in faults_of(put(tmp_path, workers=text)) if fault.file == "workers.csv"]
    fault = next(one for one in faults if said in str(one.message))
    assert place(fault) == ("workers.csv", None, *where)
    assert not any(secret in str(one) for one in faults for secret in ("甲", "77", "1970"))


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_too_long_for_csv(tmp_path: Path, quote: str) -> None:
    fault = only_fault(put(tmp_path, workers=f"id,name\nW1,\nW2,{quote}{'a' * 10_000_000}{quote}\n"))
    assert place(fault) == ("workers.csv", None, 3, None)


def test_of_many_faults_of_a_kind_a_few_are_told(tmp_path: Path) -> None:
    rows = "".join(f"W{number},词{number}\n" for number in range(1, 21))
    with pytest.raises(InputError) as caught:
        read_dataset(put(tmp_path, workers="id,sex\n" + rows, holdings=HOLDINGS.replace("2020-01-01", "then")))
    assert len(caught.value.faults) == 21
    told = str(caught.value).splitlines()
    assert told[0].startswith("21 faults")
    assert len(told) == 1 + 5 + 1 + 1
    assert told[6] == "  workers.csv, column sex: and 15 more of this kind"


def test_a_table_of_which_every_cell_is_bad(tmp_path: Path) -> None:
    rows = "".join(f"W{number},x\n" for number in range(1, MOST_FAULTS + 101))
    faults = faults_of(put(tmp_path, workers="id,birth_date\n" + rows))
    assert len(faults) == MOST_FAULTS + 1
    assert str(faults[-1].message) == "and 100 more bad cells in this column"


# --- between rows and tables -----------------------------------------------------------------------

DATED = "worker,post,post_class,since,until,known_on\n"
FIRST = "W1,229900001001-01,staff,2022-01-01,,2022-01-05\n"
NEXT = "W1,229900001001-02,staff,2022-07-01,,2022-07-01\n"
ACROSS: dict[str, tuple[dict[str, str], tuple[str, int, str], str]] = {
    "unknown worker": ({"trainings": "worker,completed_on\nW7731,2022-01-01\n"}, ("trainings", 2, "worker"),
                       "somebody not on the roster"),
    "unknown post": ({"holdings": HOLDINGS.replace("001-02,", "001-77,")}, ("holdings", 3, "post"), "no such post"),
    "unknown community": ({"posts": POSTS + "229900001777-01,229900001777\n"}, ("posts", 5, "community"),
                          "no such community"),
    "building elsewhere": (
        {"buildings": "id,community,households\n1,229900001777,40\n"}, ("buildings", 2, "community"),
        "no such community",
    ),
    "building twice": ({"buildings": "id,households\n1,40\n1,40\n"}, ("buildings", 3, "id"), "row 2"),
    "edge to nowhere": (
        {"buildings": "id,households\n1,40\n", "adjacencies": "a,b\n1,2\n"}, ("adjacencies", 2, "b"),
        "no such building",
    ),
    "grid elsewhere": ({"grids": "网格代码,社区代码\n229900001777001,229900001777\n"}, ("grids", 2, "社区代码"),
                       "no such community"),
    "post of another community": ({"posts": POSTS.replace("002-01,229900001002", "002-01,229900001001")},
                                  ("posts", 4, "id"), "begins with the code"),
    "last day first": ({"holdings": HOLDINGS.replace("2020-01-01,", "2020-01-01,2019-12-31")},
                       ("holdings", 2, "until"), "before the first"),
    "agreement backwards": ({"agreements": "worker,signed_on,since,until\nW1,2020-01-01,2020-01-01,2019-01-01\n"},
                            ("agreements", 2, "until"), "before the first"),
    "post twice": ({"holdings": HOLDINGS.replace("001-02", "001-01")}, ("holdings", 3, "post"), "see row 2"),
    "worker twice": ({"holdings": HOLDINGS.replace("W2", "W1")}, ("holdings", 3, "worker"), "see row 2"),
    "same day": ({"holdings": HOLDINGS.replace("001-02", "001-01").replace("2020-01-01,", "2020-01-01,2021-03-01")},
                 ("holdings", 3, "post"), "see row 2"),
    "id without its zeros": ({"trainings": "worker,completed_on\n01,2022-01-01\n", "workers": "id\nW1\nW2\n1\n"},
                             ("trainings", 2, "worker"), "other zeros at its front"),
    "id in other letters": ({"holdings": HOLDINGS.replace("W2", "w2")}, ("holdings", 3, "worker"), "(A, a)"),
    "community twice": ({"communities": COMMUNITIES + "229900001001,a,,\n"}, ("communities", 4, "code"), "row 2"),
    "assessed twice": ({"assessments": "worker,year\nW1,2022\nW2,2022\nW1,2022\n"}, ("assessments", 4, "year"),
                       "row 2 is the same in worker, year"),
    "certified twice": ({"certificates": "编号,社工证\nW1,初级\nW2,初级\nW1,初级\n"}, ("certificates", 4, "社工证"),
                        "row 2 is the same in 编号, 社工证, and became known on the same day: keep one, or say in"
                        " known_on / 社工证获知日期 when each became known"),
    "corrected twice in a day": ({"holdings": DATED + FIRST + FIRST.replace(",2022-01-05", "2022-07-31,2022-07-10")
                                  + FIRST.replace(",2022-01-05", "2022-06-30,2022-07-10")},
                                 ("holdings", 4, "since"), "row 3"),
    "nothing to withdraw": ({"gradings": "worker,grade,since,withdrawn\nW1,3,2022-01-01,\nW1,3,2022-01-02,yes\n"},
                            ("gradings", 3, "withdrawn"), "withdraws nothing: no earlier row is the same in worker, since"),
    "withdrawn twice": ({"certificates": "worker,level,known_on,withdrawn\nW1,senior,,\nW1,senior,2022-01-01,yes\n"
                                         "W1,senior,2022-01-02,yes\n"}, ("certificates", 4, "withdrawn"), "nothing"),
    "days of an overlap": ({"holdings": HOLDINGS.replace("001-02", "001-01").replace("2020-01-01,", "2020-01-01,2022-07-31")},
                           ("holdings", 3, "post"), "(2021-03-01 to 2022-07-31): see row 2"),
    "an overlap without end": ({"holdings": HOLDINGS.replace("001-02", "001-01")}, ("holdings", 3, "post"),
                               "(from 2021-03-01 on)"),
    "corrected into an overlap": ({"holdings": DATED + FIRST.replace(",2022-01-05", "2022-06-30,2022-01-05") + NEXT
                                   + FIRST.replace(",2022-01-05", "2022-07-15,2022-07-10")},
                                  ("holdings", 3, "worker"), "(2022-07-01 to 2022-07-15): see row 4"),
    "two agreements": ({"agreements": "worker,signed_on,since,until\nW1,2020-01-01,2020-01-01,2022-12-31\n"
                                      "W1,2022-01-01,2022-12-31,2024-12-31\n"},
                       ("agreements", 3, "worker"), "(2022-12-31): see row 2"),
    "two leaves": ({"leaves": "worker,kind,since,until\nW1,sick,2022-03-05,2022-03-09\nW1,annual,2022-03-01,2022-03-05\n"},
                   ("leaves", 2, "worker"), "(2022-03-05): see row 3"),
    "seconded twice": ({"secondments": "worker,to,since,until\nW1,a,2022-03-01,\nW1,b,2022-04-01,2022-04-30\n"},
                       ("secondments", 3, "worker"), "(2022-04-01 to 2022-04-30): see row 2"),
    "on duty twice": ({"duties": "worker,since,until\nW1,2022-03-01,2022-03-09\nW1,2022-03-09,2022-03-10\n"},
                      ("duties", 3, "worker"), "(2022-03-09) stands in row 2"),
    "before the post": ({"posts": POSTS.replace("community\n", "community,opened_on\n").replace("001\n", "001,2020-02-01\n")},
                        ("holdings", 2, "since"), "(2020-01-01 to 2020-01-31) there is no such post"),
    "after the post": ({"posts": POSTS.replace("community\n", "community,closed_on\n").replace("001\n", "001,2022-02-28\n"),
                        "holdings": HOLDINGS.replace("2020-01-01,", "2020-01-01,2022-02-28")},
                       ("holdings", 3, "until"), "(from 2022-03-01 on) there is no such post"),
    "leave before the post": ({"leaves": "人员编号,假别,请假开始日期,请假结束日期\nW2,病假,2021-02-20,2021-03-09\n"},
                              ("leaves", 2, "请假开始日期"), "(2021-02-20 to 2021-02-28) this person holds no post"),
    "seconded from no post": ({"secondments": "worker,to,since,until\nW1,a,2022-03-01,\n",
                               "holdings": HOLDINGS.replace("2020-01-01,", "2020-01-01,2022-06-30")},
                              ("secondments", 2, "until"), "(from 2022-07-01 on) this person holds no post"),
    "on duty without a post": ({"duties": "worker,since,until\nW1,2022-07-01,2022-07-01\n",
                                "holdings": DATED + FIRST + FIRST.replace(",2022-01-05", "2022-06-30,2022-07-10")},
                               ("duties", 2, "since"), "(2022-07-01) this person holds no post"),
    "probation first": ({"holdings": "worker,post,post_class,since,probation_until\n"
                                     "W1,229900001001-01,staff,2022-03-01,2022-02-28\n"},
                        ("holdings", 2, "probation_until"), "before the first"),
    "no place": ({"emergencies": "place,since\n2299,2022-03-11\n02299,2022-03-11\n"}, ("emergencies", 3, "place"),
                 "not the code of a place: a code has"),
    "arrangement nowhere": ({"arrangements": "place,kind,in_place\n229900001,first_secretary,yes\n229900777,党员报到,是\n"},
                            ("arrangements", 3, "place"), "no community of the communities lies there"),
    "grid of no community": ({"arrangements": "地点代码,安排事项\n229900001001001,责任人\n229900001777001,责任人\n"},
                             ("arrangements", 3, "地点代码"), "no community of the communities lies there"),
    "grid that isn't there": ({"grids": "code,community\n229900001001001,229900001001\n",
                               "arrangements": "place,kind\n229900001001001,answerable\n229900001001777,answerable\n"},
                              ("arrangements", 3, "place"), "it is no grid or building"),
    "seats twice": ({"seats": "社区代码,机构,应配人数\n229900001001,居民小组长,4\n229900001001,居民小组长,5\n"},
                    ("seats", 3, "机构"), "row 2 has the same"),
    "funds twice": ({"funds": "place,year\n229900001,2022\n229900001,2023\n229900001,2022\n"}, ("funds", 4, "year"),
                    "row 2 has the same"),
    "funds of nobody": ({"funds": "place,year\n229900777,2022\n"}, ("funds", 2, "place"), "no community"),
    "demand elsewhere": ({"demands": "community,kind,by,subject\n229900001777,牌子,职能部门,x\n"},
                         ("demands", 2, "community"), "no such community"),
    "entitlement of a stranger": ({"entitlements": "worker,kind\nW7731,pension\n"}, ("entitlements", 2, "worker"),
                                  "not on the roster"),
    "stranger on leave": ({"leaves": "worker,kind,since,until\nW7731,sick,2022-03-05,2022-03-09\n"},
                          ("leaves", 2, "worker"), "not on the roster"),
}  # fmt: skip


@pytest.mark.parametrize("name", ACROSS)
def test_what_holds_between_rows(tmp_path: Path, name: str) -> None:
    tables, (table, row, column), said = ACROSS[name]
    fault = only_fault(put(tmp_path, **tables))
    assert place(fault) == (f"{table}.csv", None, row, column)
    assert said in str(fault.message)
    assert not any(secret in str(fault) for secret in ("W7731", "777", "甲某", "W1"))


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param({"holdings": HOLDINGS.replace("001-02", "001-01").replace("2020-01-01,", "2020-01-01,2021-02-28")},
                     id="one after the other"),
        pytest.param({"assessments": "worker,year,known_on\nW1,2022,2023-01-01\nW1,2022,2023-06-01\nW1,2023,\n"},
                     id="assessed anew"),
        pytest.param({"holdings": DATED + FIRST + NEXT + FIRST.replace(",2022-01-05", "2022-06-30,2022-07-10")},
                     id="the end of a holding known after the next one"),
        pytest.param({"certificates": "worker,level,since,known_on,withdrawn\nW1,senior,2022-01-01,,\n"
                                      "W1,senior,,2022-03-01,yes\nW1,senior,2022-02-01,2022-04-01,\n"},
                     id="withdrawn, and put right later"),
        pytest.param({"leaves": "worker,kind,since,until,known_on,withdrawn\nW1,sick,2022-03-05,2022-03-09,2022-03-05,\n"
                                "W1,sick,2022-03-05,2022-03-09,2022-04-01,yes\n"
                                "W1,annual,2022-03-05,2022-03-09,2022-04-01,\n"},
                     id="a leave of another kind"),
        pytest.param({"leaves": "worker,kind,since,until\nW1,sick,2022-06-20,2022-07-09\n",
                      "holdings": DATED + NEXT + FIRST.replace(",2022-01-05", "2022-06-30,2022-01-05")},
                     id="a leave over a change of post"),
        pytest.param({"posts": POSTS.replace("community\n", "community,opened_on,closed_on\n").replace(
                         "001\n", "001,2020-01-01,2022-06-30\n"),
                      "holdings": HOLDINGS.replace("01,\n", "01,2022-06-30\n")},
                     id="a holding as long as the post"),
        pytest.param({"emergencies": "place,level,since,until\n2299,I,2022-03-11,2022-04-28\n2299,II,2022-03-12,\n"},
                     id="two emergencies at a time"),
    ],
)  # fmt: skip
def test_what_is_allowed_between_rows(tmp_path: Path, tables: dict[str, str]) -> None:
    read_dataset(put(tmp_path, **tables))


def test_an_overlap_is_with_the_holding_that_lasts(tmp_path: Path) -> None:
    """A long holding overlaps the third, though the second ended before it."""
    text = (
        "worker,post,post_class,since,until\n"
        "W1,229900001001-01,staff,2020-01-01,2023-01-01\n"
        "W2,229900001001-01,staff,2020-06-01,2020-07-01\n"
        "W2,229900001001-01,staff,2021-01-01,2021-02-01\n"
    )
    faults = faults_of(put(tmp_path, holdings=text))
    assert [(fault.row, str(fault.message.parts["other"])) for fault in faults] == [(3, "row 2"), (4, "row 2")]


def test_overlaps_are_told_in_the_order_of_rows(tmp_path: Path) -> None:
    rows = [f"W1,sick,2021-{month}-01,2022-12-31\n" for month in ("06", "04", "05")]
    faults = faults_of(put(tmp_path, leaves="worker,kind,since,until\n" + "".join(rows)))
    assert [(fault.row, str(fault.message.parts["other"])) for fault in faults] == [(2, "row 3"), (4, "row 3")]


def test_a_row_on_another_sheet_is_named_with_it(tmp_path: Path) -> None:
    roster = rows_of("id,post,post_class,since,education\nW1,229900001001-01,staff,2022-01-01,bachelor\n")
    sheets = {"社区": SHEETS["communities"], "岗位": SHEETS["posts"], "花名册": roster,
              "学历": rows_of("worker,level\nW1,bachelor\n")}  # fmt: skip
    fault = only_fault(book(tmp_path / "a.xlsx", sheets))
    assert place(fault) == ("a.xlsx", "学历", 2, "level")
    assert str(fault.message).startswith("row 2 of 花名册 is the same in worker, level")


def test_what_overlaps_as_known_on_a_day(tmp_path: Path) -> None:
    """The file is right once everything is known; as known before the correction it holds somebody twice."""
    text = DATED + FIRST + NEXT + FIRST.replace(",2022-01-05", "2022-06-30,2022-07-10")
    data = read_dataset(put(tmp_path, holdings=text))
    assert list(overlaps_as_known(data, None)) == []
    assert list(overlaps_as_known(data, date(2022, 6, 30))) == []
    assert list(overlaps_as_known(data, date(2022, 7, 10))) == []
    (fault,) = overlaps_as_known(data, date(2022, 7, 9))
    assert place(fault) == ("holdings.csv", None, 3, "worker")
    assert str(fault.message) == (
        "as known on 2022-07-09: this person holds two posts on the same days (from 2022-07-01 on): see row 2 too,"
        " and end one"
    )


def test_a_row_in_another_file_is_named_with_it(tmp_path: Path) -> None:
    """A roster and a table of its own both tell of a certificate."""
    put(tmp_path, certificates="worker,level\nW2,senior\nW1,senior\n")
    for name in ("workers", "holdings"):
        (tmp_path / f"{name}.csv").unlink()
    (tmp_path / "roster.csv").write_text(
        "id,post,post_class,since,certificate\nW1,229900001001-01,staff,2022-01-01,senior\n"
        "W2,229900001001-02,staff,2022-01-01,\n"
    )
    fault = only_fault(tmp_path)
    assert place(fault) == ("certificates.csv", None, 3, "level")
    assert str(fault.message).startswith("row 2 of roster.csv is the same in worker, level")
    text = (tmp_path / "certificates.csv").read_text().replace("\n", ",2022-03-01\n").replace("level,2022-03-01", "level,known_on")
    (tmp_path / "certificates.csv").write_text(text)
    found = read_dataset(tmp_path).certificates
    assert found is not None
    assert len(found) == 3


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param({"holdings": HOLDINGS.replace("2020-01-01", "then")}, id="a first day of a holding"),
        pytest.param({"posts": POSTS.replace("229900001001-01", "2299000010O1-01")}, id="the id of a post"),
        pytest.param({"leaves": "worker,kind,since,until\nW2,sick,2021-03-01,soon\n"}, id="the last day of the leave"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_leaves_no_gap(tmp_path: Path, bad: dict[str, str]) -> None:
    """A leave isn't blamed for a holding or a day that couldn't be read."""
    leaves = "worker,kind,since,until\nW1,sick,2022-03-05,2022-03-09\n"
    holdings = HOLDINGS.replace("01,\n", "01,2022-12-31\n")
    faults = faults_of(put(tmp_path, **{"leaves": leaves, "holdings": holdings, **bad}))
    assert not any("these days" in str(fault.message) for fault in faults)


def test_days_beyond_the_last_of_the_calendar(tmp_path: Path) -> None:
    fault = only_fault(
        put(
            tmp_path,
            holdings=HOLDINGS.replace("2020-01-01,", "2020-01-01,9999-12-31"),
            secondments="worker,to,since,until\nW1,a,2022-03-01,\n",
        )
    )
    assert "(from 9999-12-31 on)" in str(fault.message)


def test_unreadable_ids_raise_no_false_alarm(tmp_path: Path) -> None:
    """Who refers to an id that couldn't be read isn't blamed for it."""
    fault = only_fault(put(tmp_path, workers=WORKERS.replace("W1", "Ｗ１")))
    assert place(fault) == ("workers.csv", None, 2, "id")


def test_no_community_at_all(tmp_path: Path) -> None:
    faults = faults_of(put(tmp_path, communities="code,name\n", posts="id,community\n", holdings=HOLDINGS[:40] + "\n"))
    assert any(place(fault) == ("communities.csv", None, None, None) for fault in faults)


def test_checks_work_on_tables_from_nowhere() -> None:
    workers = Workers.of([Worker(id="W1"), Worker(id="W1")])
    (fault,) = cross_check({"workers": [workers]})
    assert place(fault) == ("workers", None, 2, "id")


# --- the folder ------------------------------------------------------------------------------------


def test_missing_tables_are_named_in_both_languages(tmp_path: Path) -> None:
    put(tmp_path)
    for name in ("communities", "holdings"):
        (tmp_path / f"{name}.csv").unlink()
    communities, holdings = faults_of(tmp_path)
    assert communities.file == tmp_path.name
    assert "communities.csv, 社区.csv" in str(communities.message)
    assert "任职.csv" in str(holdings.message)
    assert "花名册.csv" in str(holdings.message)


def test_the_same_table_twice(tmp_path: Path) -> None:
    put(tmp_path, 人员=WORKERS)
    fault = only_fault(tmp_path)
    assert fault.file == "人员.csv"
    assert "more than once" in str(fault.message)


def test_the_same_table_as_csv_and_parquet(tmp_path: Path) -> None:
    data = read_dataset(put(tmp_path / "csv"))
    write_dataset(data, tmp_path / "parquet", form="parquet")
    (tmp_path / "csv" / "workers.parquet").write_bytes((tmp_path / "parquet" / "workers.parquet").read_bytes())
    assert "more than once" in str(only_fault(tmp_path / "csv"))


def test_a_mistyped_file_is_asked_about_and_others_are_left_alone(tmp_path: Path) -> None:
    put(tmp_path, asessments="x\n", unrelated="x\n")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "~$lock.xlsx").write_text("x")
    fault = only_fault(tmp_path)
    assert fault.file == "asessments.csv"
    assert "assessments" in str(fault.message)


@pytest.mark.parametrize("name", ["考核.xls", "考核.txt", "考核.xlsm", "assessments.ods"])
def test_a_table_in_another_form(tmp_path: Path, name: str) -> None:
    (put(tmp_path) / name).write_bytes(b"x")
    fault = only_fault(tmp_path)
    assert fault.file == name
    assert "save it as one" in str(fault.message)


def test_what_has_the_name_of_a_table_and_is_no_file(tmp_path: Path) -> None:
    """A folder, a link to nothing, a link to a device: none of them is opened, none is passed over in silence."""
    put(tmp_path)
    (tmp_path / "培训.csv").mkdir()
    (tmp_path / "学历.csv").symlink_to("/dev/zero")
    (tmp_path / "定级.csv").symlink_to("nowhere")
    assert {fault.file for fault in faults_of(tmp_path)} == {"培训.csv", "学历.csv", "定级.csv"}


def test_a_name_that_holds_that_of_a_table_is_asked_about(tmp_path: Path) -> None:
    fault = only_fault(put(tmp_path, 考核2022="x\n"))
    assert "did you mean 考核" in str(fault.message)


def test_a_link_to_a_folder(tmp_path: Path) -> None:
    put(tmp_path / "a")
    (tmp_path / "b").symlink_to("a")
    assert len(read_dataset(tmp_path / "b").workers) == 2


def test_what_is_no_dataset(tmp_path: Path) -> None:
    assert "no such file" in str(only_fault(tmp_path / "nothing"))
    put(tmp_path / "d")
    assert "give the folder" in str(only_fault(tmp_path / "d" / "workers.csv"))
    (tmp_path / "empty").mkdir()
    assert len(faults_of(tmp_path / "empty")) == 4


# --- workbooks -------------------------------------------------------------------------------------


def test_reads_a_workbook(tmp_path: Path) -> None:
    sheets: dict[str, Sequence[Sequence[object]]] = {"社区": SHEETS["communities"], "岗位": SHEETS["posts"], "任职": SHEETS["holdings"], "Sheet1": [[]]}
    people: list[list[object]] = [["人员编号", "出生日期"], [], ["W1", date(1980, 5, 17)], ["W2", datetime(1979, 1, 2)]]  # noqa: DTZ001  # a cell has no zone
    money: list[list[object]] = [["人员编号", "原月薪酬"], ["W1", 2958.1], ["W2", "=2*2"]]
    path = book(tmp_path / "a.xlsx", {**sheets, "人员": people, "原薪酬": money})
    for source in (path, tmp_path):
        data = read_dataset(source)
        assert data.workers.birth_date.to_list() == [date(1980, 5, 17), date(1979, 1, 2)]
        assert data.former_pays is not None
        assert data.former_pays.monthly.to_list() == [295810, 400]
        assert data.workers.origin is not None
        assert (data.workers.origin.sheet, data.workers.origin.rows.tolist()) == ("人员", [3, 4])


def test_the_other_date_system(tmp_path: Path) -> None:
    people: list[list[object]] = [["id", "birth_date"], ["W1", date(1980, 5, 17)], ["W2", None]]
    path = book(tmp_path / "a.xlsx", {**SHEETS, "workers": people}, date_1904=True)
    assert read_dataset(path).workers[0].birth_date == date(1980, 5, 17)


def test_whole_numbers_of_15_digits_are_text(tmp_path: Path) -> None:
    people: list[list[object]] = [["id", "name"], [10**15 - 2, None], [110, None]]
    duties: list[list[object]] = [["worker", "post", "post_class", "since"]]
    path = book(tmp_path / "a.xlsx", {**SHEETS, "workers": people, "holdings": duties})
    assert read_dataset(path).workers.id.to_list() == [str(10**15 - 2), "110"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param(220104198005170021, "format the column as text", id="18 digits"),
        pytest.param("=NA()", "spreadsheet error", id="error cell"),
        pytest.param(1234567890123456, "format the column as text", id="16 digits"),
        pytest.param(datetime(2020, 1, 1, 7, 31), "time of day", id="time"),  # noqa: DTZ001  # a cell has no zone
    ],
)
def test_a_bad_cell_of_a_workbook(tmp_path: Path, cell: object, said: str) -> None:
    people: list[list[object]] = [["人员编号", "姓名"], ["W1", "甲某"], [], ["W2", cell]]
    fault = only_fault(book(tmp_path / "a.xlsx", {**SHEETS, "workers": people}))
    assert place(fault) == ("a.xlsx", "workers", 4, "姓名")
    assert said in str(fault.message)
    assert not any(secret in str(fault) for secret in ("220104", "甲", "7:31"))


def with_cell(path: Path, cell: str) -> Path:
    """Put a cell of the sheet of workers as its XML has it in the place of the one that is there."""
    address = cell.split('"')[1]

    def change(name: str, part: bytes) -> bytes:
        old = rf'<c r="{address}".*?</c>'.encode()
        return re.sub(old, lambda _: cell.encode(), part, count=1) if name.endswith("sheet3.xml") else part

    changed(path, change)
    return path


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        pytest.param('<c r="B3"><f>TODAY()</f><v></v></c>', "formula without its result", id="formula"),
        pytest.param('<c r="B3"><f>TODAY()</f><v/></c>', "formula without its result", id="formula, short form"),
        pytest.param('<c r="B3"><f>TODAY()</f></c>', "formula without its result", id="formula, no value"),
        pytest.param('<c r="B3"><f t="shared" si="0"/><v/></c>', "formula without its result", id="shared formula"),
        pytest.param('<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "spreadsheet error", id="error of a formula"),
        pytest.param('<c r="B3" t="e"><v>#N/A</v></c>', "spreadsheet error", id="error"),
        pytest.param('<c r="B3"><v>1e400</v></c>', "spreadsheet error", id="infinite"),
        pytest.param('<c r="B3" t="d"><v>07:31:00</v></c>', "time of day", id="ISO time"),
        pytest.param('<c r="B3"><v>44743</v></c>', "number for a day", id="serial"),
        pytest.param('<c r="A3"><f>1+1</f><v/></c>', "formula without its result", id="formula in a column that must be"),
        pytest.param('<c r="A3" t="e"><v>#N/A</v></c>', "spreadsheet error", id="error in a column that must be"),
    ],
)
def test_what_a_cell_hides_is_told_once(tmp_path: Path, cell: str, said: str) -> None:
    people: list[list[object]] = [["id", "birth_date"], ["W1", None], ["W2", "1979-01-02"]]
    duties: list[list[object]] = [["worker", "post", "post_class", "since"]]
    path = with_cell(book(tmp_path / "a.xlsx", {**SHEETS, "workers": people, "holdings": duties}), cell)
    fault = only_fault(path)
    assert place(fault) == ("a.xlsx", "workers", 3, {"A": "id", "B": "birth_date"}[cell[6]])
    assert said in str(fault.message)


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param('<c r="B3" t="str"><f>""</f><v></v></c>', id="formula whose result is empty"),
        pytest.param('<c r="B3"><v/></c>', id="empty"),
        pytest.param('<c r="B3" t="d"><v>1980-05-17</v></c>', id="ISO day"),
    ],
)
def test_what_looks_hidden_and_is_not(tmp_path: Path, cell: str) -> None:
    people: list[list[object]] = [["id", "birth_date"], ["W1", "1980-05-17"], ["W2", "x"]]
    workers = read_dataset(with_cell(book(tmp_path / "a.xlsx", {**SHEETS, "workers": people}), cell)).workers
    assert workers.birth_date.to_list() == [date(1980, 5, 17), date(1980, 5, 17) if "1980" in cell else None]


@pytest.mark.parametrize(
    ("table", "rows", "where", "said"),
    [
        pytest.param("workers", [["id", "birth_date"], ["W1", Styled(time(7, 31), "hh:mm")], ["W2"]],
                     (2, "birth_date"), "time of day", id="time of day"),
        pytest.param("workers", [["id", "birth_date"], ["W1", Styled(30.5, "[h]:mm")], ["W2"]],
                     (2, "birth_date"), "time of day", id="span of time"),
        pytest.param("assessments", [["worker", "year", "daily"], ["W1", 2022, Styled(0.85, "0%")]],
                     (2, "daily"), "percentage", id="percent"),
        pytest.param("assessments", [["worker", "year", "daily"], ["W1", 2022, Styled(0.85, "0.000%;-0%")]],
                     (2, "daily"), "percentage", id="percent of its own"),
        pytest.param("workers", [["id"], [Styled(date(2022, 3, 1), "m-d")], ["W1"], ["W2"]],
                     (2, "id"), "made a day of", id="an id that became a day"),
    ],
)  # fmt: skip
def test_what_a_format_changes(
    tmp_path: Path, table: str, rows: Sequence[Sequence[object]], where: tuple[int, str], said: str
) -> None:
    fault = only_fault(book(tmp_path / "a.xlsx", {**SHEETS, table: rows}))
    assert place(fault) == ("a.xlsx", table, *where)
    assert said in str(fault.message)
    assert "7:31" not in str(fault)


def test_numbers_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    """What it worked out has an error in the 16th digit that nobody sees."""
    money: list[list[object]] = [["worker", "monthly"], ["W1", 0.1 + 0.2], ["W2", 1000 * 1.1]]
    homes: list[list[object]] = [["code", "name", "households"], [229900001001, "a", 2999.9999999999995], ["229900001002", "b"]]
    literal: list[list[object]] = [["worker", "year", "daily"], ["W1", 2022, Styled(85, '0"%"')]]
    data = read_dataset(
        book(tmp_path / "a.xlsx", {**SHEETS, "communities": homes, "former_pays": money, "assessments": literal})
    )
    assert data.communities.households.to_list() == [3000, None]
    assert data.former_pays is not None
    assert data.former_pays.monthly.to_list() == [30, 110000]
    assert data.assessments is not None
    assert data.assessments.daily.to_list() == [8500]


@pytest.mark.parametrize(
    ("area", "text", "row", "column", "said"),
    [
        pytest.param("B3:B4", "甲某", 3, "name", "merged", id="down a column"),
        pytest.param("A5:B6", "备注：甲某", 5, None, "a total or a note", id="note"),
    ],
)
def test_merged_cells(tmp_path: Path, area: str, text: str, row: int, column: str | None, said: str) -> None:
    """Above the headers they are titles; below, all but one row would lose what they show."""
    path = tmp_path / "a.xlsx"
    target = xlsxwriter.Workbook(path)
    for name, rows in SHEETS.items():
        sheet = target.add_worksheet(name)
        lines: list[list[object]] = [[], ["id", "name"], ["W1"], ["W2"]] if name == "workers" else rows
        for line, cells in enumerate(lines):
            sheet.write_row(line, 0, cells)
        if name == "workers":
            sheet.merge_range("A1:B1", "2022年花名册")
            sheet.merge_range(area, text)
    target.close()
    fault = only_fault(path)
    assert place(fault) == ("a.xlsx", "workers", row, column)
    assert said in str(fault.message)
    assert "甲" not in str(fault)


def test_a_hidden_sheet_is_not_read_unseen(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", SHEETS)
    hide = b'name="workers" state="hidden"'
    changed(path, lambda name, part: part.replace(b'name="workers"', hide) if name == "xl/workbook.xml" else part)
    fault = only_fault(path)
    assert place(fault) == ("a.xlsx", "workers", None, None)
    assert "hidden" in str(fault.message)


def test_an_error_cell_without_a_row_of_its_own(tmp_path: Path) -> None:
    people: list[list[object]] = [["id", "name"], ["W1"], ["W2"], ["=NA()", "=NA()"]]
    faults = faults_of(book(tmp_path / "a.xlsx", {**SHEETS, "workers": people}))
    assert [place(fault) for fault in faults] == [("a.xlsx", "workers", 4, "id"), ("a.xlsx", "workers", 4, "name")]


def test_mistyped_sheets_and_tables_given_twice(tmp_path: Path) -> None:
    sheets: dict[str, Sequence[Sequence[object]]] = {**SHEETS, "人员": SHEETS["workers"], "assesments": SHEETS["workers"], "说明": [["x"]]}
    twice, mistyped = faults_of(book(tmp_path / "a.xlsx", sheets))
    assert (twice.sheet, mistyped.sheet) == ("人员", "assesments")


def test_a_missing_sheet(tmp_path: Path) -> None:
    fault = only_fault(book(tmp_path / "a.xlsx", {name: rows for name, rows in SHEETS.items() if name != "communities"}))
    assert "a sheet called one of communities, 社区" in str(fault.message)


def test_several_workbooks(tmp_path: Path) -> None:
    for name in ("a", "b"):
        book(tmp_path / f"{name}.xlsx", SHEETS)
    assert any("several workbooks" in str(fault) for fault in faults_of(tmp_path))


def test_a_workbook_named_as_a_table_beside_csv(tmp_path: Path) -> None:
    book(put(tmp_path) / "assessments.xlsx", SHEETS)
    assert place(only_fault(tmp_path)) == ("assessments.xlsx", None, None, None)


def changed(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Rewrite the parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, change(name, part))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"no workbook", "can't be read as an .xlsx", id="no zip"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old .xls", id="old"),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "password", id="locked"
        ),
        pytest.param(b"", "can't be read as an .xlsx", id="empty"),
    ],
)
def test_what_is_no_workbook(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    fault = only_fault(path)
    assert place(fault) == ("a.xlsx", None, None, None)
    assert said in str(fault.message)


def test_a_zip_that_is_no_workbook(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("x", "x")
    assert "can't be read as an .xlsx" in str(only_fault(tmp_path / "a.xlsx"))


def test_a_workbook_that_kills_its_reader(tmp_path: Path) -> None:
    """Two cells at the ends of a sheet make calamine ask for half a terabyte, which aborts the process."""
    path = book(tmp_path / "a.xlsx", SHEETS)
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    changed(path, lambda name, part: part.replace(b"</sheetData>", far) if "sheet1" in name else part)
    fault = only_fault(path)
    assert place(fault) == ("a.xlsx", None, None, None)
    assert "brought its reader down" in str(fault.message) or "too large" in str(fault.message)


def test_one_long_text_named_a_million_times(tmp_path: Path) -> None:
    """A short file whose cells would fill the memory."""
    path = book(tmp_path / "a.xlsx", SHEETS)
    rows = b"".join(b'<row r="%d"><c r="B%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(9, 20_009))

    def change(name: str, part: bytes) -> bytes:
        if name.endswith("sharedStrings.xml"):
            return re.sub(rb"<t>.*?</t>", b"<t>" + b"a" * 30_000 + b"</t>", part, count=1)
        return part.replace(b"</sheetData>", rows + b"</sheetData>") if name.endswith("sheet3.xml") else part

    changed(path, change)
    assert path.stat().st_size < 200_000
    assert "too large" in str(only_fault(path).message)


@pytest.mark.parametrize("cell", ['<c r="ZZZZZZZ9" t="e"><v>#N/A</v></c>', '<c r="A9999999999"><v>1</v></c>'])
def test_a_cell_outside_of_every_sheet(tmp_path: Path, cell: str) -> None:
    path = book(tmp_path / "a.xlsx", SHEETS)
    row = f'<row r="9999999999">{cell}</row></sheetData>'.encode()
    changed(path, lambda name, part: part.replace(b"</sheetData>", row) if "sheet3" in name else part)
    assert place(only_fault(path)) == ("a.xlsx", None, None, None)


def test_a_workbook_that_is_two(tmp_path: Path) -> None:
    """A part that is in it twice: one reader takes the first, another the last."""
    path = book(tmp_path / "a.xlsx", SHEETS)
    with zipfile.ZipFile(path) as archive:
        part = archive.read("xl/worksheets/sheet3.xml")
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet3.xml", part)
    assert "can't be read as an .xlsx" in str(only_fault(path))


def test_a_broken_sheet(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", SHEETS)
    changed(path, lambda name, part: part[: len(part) // 2] if "sheet1" in name else part)
    assert place(only_fault(path)) == ("a.xlsx", None, None, None)


def test_a_workbook_that_takes_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_WORKBOOK_SECONDS", 0.001)
    with pytest.raises(InputError, match="too long to read"):
        read_dataset(book(tmp_path / "a.xlsx", SHEETS))


# --- round trips -----------------------------------------------------------------------------------

TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        st.sampled_from("\n\t=+-@'\",;_x0041é社　 "),
    ),
    max_size=12,
).map(lambda text: text.strip(BLANK)).filter(bool)  # fmt: skip
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
SCORES = st.none() | st.integers(0, 10_000).map(Points)
TRUTHS = st.sampled_from([True, False, None])


F = TypeVar("F", bound=attrs.AttrsInstance)


def versions(draw: st.DrawFn, fact: F, *, stays: bool = False) -> list[F]:
    """Draw what becomes of a dated fact: it is known anew, it is withdrawn unless it stays, and it comes back."""
    known = sorted(draw(st.lists(DAYS, max_size=3, unique=True)))
    told = [(None, draw(st.sampled_from([None, False]))), *zip(known, [None, not stays, False], strict=False)]
    return [attrs.evolve(fact, known_on=day, withdrawn=withdrawn) for day, withdrawn in told]  # type: ignore[misc]  # every fact is an attrs class


def dated_tables(draw: st.DrawFn, holdings: Sequence[Holding]) -> dict[str, Table[Any]]:  # Any: tables of every kind
    """Draw what each holder may have while in post."""
    leaves, secondments, bases, duties = list[Leave](), list[Secondment](), list[ContributionBase](), list[Duty]()
    for one in holdings:
        first = draw(st.dates(one.since, date.max))
        last = draw(st.dates(first, date.max))
        leaves += versions(draw, Leave(worker=one.worker, kind=draw(st.sampled_from(LeaveKind)), since=first, until=last))
        secondments += versions(draw, Secondment(worker=one.worker, to=draw(TEXT), since=first,
                                                 until=draw(st.sampled_from([None, last])),
                                                 approved_by=draw(st.none() | TEXT)))
        bases += versions(draw, ContributionBase(worker=one.worker, base=Fen(draw(st.integers(0, BEYOND_AMOUNTS - 1))),
                                                 since=draw(DAYS)))
        duties += versions(draw, Duty(worker=one.worker, since=first, until=last))
    emergency = Emergency(place="229900001", level=draw(st.none() | TEXT), since=draw(DAYS))
    return {
        "leaves": Leaves.of(leaves), "secondments": Secondments.of(secondments),
        "contribution_bases": ContributionBases.of(bases), "duties": Duties.of(duties),
        "emergencies": Emergencies.of(versions(draw, emergency)),
    }  # fmt: skip


PLACES = st.none() | st.floats(-1e12, 1e12) | st.integers(-180_000_000, 180_000_000).map(lambda one: one / 10**6)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    """Draw a small place whose tables agree with each other."""
    codes = [f"22990000{number:04d}" for number in range(1, draw(st.integers(2, 4)))]
    ids = [f"{code}-{number:02d}" for code in codes for number in range(1, 3)]
    people = draw(st.lists(st.from_regex(r"[=+@'A-Za-z0-9][A-Za-z0-9-]{0,18}", fullmatch=True), max_size=3, unique=True))
    some = (lambda: draw(st.sampled_from(people))) if people else None
    community = Communities.of(
        Community(
            code=code, name=draw(TEXT), setting=draw(st.none() | st.sampled_from(Setting)),
            households=draw(st.none() | st.integers(0, 2**62)), counted_on=draw(st.none() | DAYS),
        ) for code in codes
    )  # fmt: skip
    held = [
        Holding(worker=one, post=post, post_class=draw(st.sampled_from(["principal", "committee", "staff", "三档"])),
                since=draw(DAYS)) for one, post in zip(people, ids, strict=False)
    ]
    held = [attrs.evolve(one, probation_until=draw(st.none() | st.dates(one.since, date.max))) for one in held]
    return Dataset(
        communities=community,
        posts=Posts.of(
            Post(id=one, community=one[:12], duty=draw(st.none() | st.sampled_from(PostDuty))) for one in ids
        ),
        workers=Workers.of(
            Worker(id=one, name=draw(st.none() | TEXT), sex=draw(st.none() | st.sampled_from(Sex)),
                   birth_date=draw(st.none() | DAYS)) for one in people
        ),
        holdings=Holdings.of(version for one in held for version in versions(draw, one, stays=True)),
        former_pays=FormerPays.of(
            FormerPay(worker=one, monthly=Fen(draw(st.integers(0, BEYOND_AMOUNTS - 1)))) for one in people
        ),
        assessments=Assessments.of(
            Assessment(worker=one, year=2020, grade=draw(st.none() | st.sampled_from(AssessmentGrade)),
                       residents=draw(SCORES), annual=draw(SCORES)) for one in people
        ),
        trainings=None if some is None else Trainings.of(
            Training(worker=some(), completed_on=draw(DAYS), subject=draw(st.none() | TEXT)) for _ in range(2)
        ),
        incidents=None if some is None else Incidents.of(
            [Incident(worker=some(), ground=draw(st.sampled_from(Ground)), happened_on=draw(DAYS),
                      established=draw(TRUTHS), mended=draw(TRUTHS))]
        ),
        grids=Grids.of([Grid(code=codes[0] + "001", community=codes[0], households=300)]),
        buildings=Buildings.of(
            Building(id=f"{number}号楼", community=draw(st.none() | st.sampled_from(codes)), households=number,
                     estate=draw(st.none() | TEXT), lon=draw(PLACES), lat=draw(PLACES), x=draw(PLACES))
            for number in range(1, 4)
        ),
        adjacencies=Adjacencies.of([Adjacency(a="1号楼", b="3号楼")]),
    ).with_tables(dated_tables(draw, held) if draw(st.booleans()) else {})  # fmt: skip


def assert_same_data(found: Dataset, expected: Dataset) -> None:
    assert [name for name, _ in found.tables()] == [name for name, _ in expected.tables()]
    for name, table in expected.tables():
        assert getattr(found, name).same_as(table), name


@pytest.mark.parametrize("headers", ["en", "zh"])
@pytest.mark.parametrize(("form", "examples"), [("csv", 15), ("parquet", 8), ("xlsx", 5)])
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, form: Form, examples: int, headers: Literal["en", "zh"]
) -> None:
    @settings(max_examples=examples)
    @given(datasets())
    def check(data: Dataset) -> None:
        target = tmp_path_factory.mktemp("out") / ("a.xlsx" if form == "xlsx" else "a")
        write_dataset(data, target, form=form, headers=headers)
        assert_same_data(read_dataset(target), data)

    check()


def small() -> Dataset:
    folder = SAMPLE
    rows = {name: rows_of(text)[1:] for name, text in folder.items()}
    return Dataset(
        communities=Communities.of(Community(code=str(row[0]), name=str(row[1])) for row in rows["communities"]),
        posts=Posts.of(Post(id=str(row[0]), community=str(row[1])) for row in rows["posts"]),
        workers=Workers.of(Worker(id=str(row[0]), name="=cmd()", birth_date=date(1890, 1, 1)) for row in rows["workers"]),
        holdings=Holdings.empty(),
    )


@pytest.mark.parametrize("form", ["csv", "parquet", "xlsx"])
def test_the_same_bytes_every_time(tmp_path: Path, form: Form) -> None:
    one, two = (write_dataset(small(), tmp_path / f"{name}.xlsx", form=form) for name in "ab")
    if form == "xlsx":
        assert one.read_bytes() == two.read_bytes()
    else:
        names = sorted(path.name for path in one.iterdir())
        assert names == sorted(path.name for path in two.iterdir())
        assert all((one / name).read_bytes() == (two / name).read_bytes() for name in names)


def test_formulas_are_marked_in_csv_and_text_in_workbooks(tmp_path: Path) -> None:
    folder = write_dataset(small(), tmp_path / "a", form="csv")
    assert "'=cmd()" in (folder / "workers.csv").read_text(encoding="utf-8-sig")
    path = write_dataset(small(), tmp_path / "a.xlsx", form="xlsx")
    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_what_would_not_read_back_is_refused(tmp_path: Path) -> None:
    for name in (" a", "a\x01", "", "a\r"):
        data = attrs.evolve(small(), workers=Workers.of([Worker(id="W1", name=name)]))
        with pytest.raises(OutputError, match=r"workers\.name"):
            write_dataset(data, tmp_path / "a", form="csv")
    data = attrs.evolve(small(), workers=Workers.of([Worker(id="W１")]))
    with pytest.raises(OutputError, match=r"workers\.id"):
        write_dataset(data, tmp_path / "a.xlsx", form="xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("worker", ["合计", "备注：x", "甲，乙", "1E+17", "W\u00a01", "W\n1"])
def test_an_id_that_would_read_as_something_else_is_refused(tmp_path: Path, worker: str) -> None:
    data = attrs.evolve(small(), workers=Workers.of([Worker(id=worker)]))
    for form in FORMS:
        with pytest.raises(OutputError, match=r"workers\.id"):
            write_dataset(data, tmp_path / "a.xlsx", form=form)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["n" * 300, "a\0b"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    for form in FORMS:
        with pytest.raises(OutputError, match="can't be written"):
            write_dataset(small(), tmp_path / f"{name}.xlsx", form=form)


@pytest.mark.parametrize(("form", "name"), [("csv", "a"), ("xlsx", "a.xlsx")])
def test_what_a_link_leads_to_is_written(tmp_path: Path, form: Form, name: str) -> None:
    (tmp_path / name).symlink_to(f"real-{name}")
    assert write_dataset(small(), tmp_path / name, form=form) == tmp_path / f"real-{name}"
    assert (tmp_path / name).is_symlink()
    assert_same_data(read_dataset(tmp_path / name), small())


def test_a_text_too_long_for_csv(tmp_path: Path) -> None:
    data = attrs.evolve(small(), workers=Workers.of([Worker(id="W1", name="a" * 140_000)]))
    with pytest.raises(OutputError, match="too long for CSV"):
        write_dataset(data, tmp_path / "a", form="csv")
    assert list(tmp_path.iterdir()) == []


def test_a_text_too_long_for_a_workbook(tmp_path: Path) -> None:
    data = attrs.evolve(small(), workers=Workers.of([Worker(id="W1", name="a" * 40_000)]))
    with pytest.raises(OutputError, match="too long"):
        write_dataset(data, tmp_path / "a.xlsx", form="xlsx")


def test_our_own_folder_is_replaced_and_others_are_not(tmp_path: Path) -> None:
    folder = write_dataset(small(), tmp_path / "a", form="csv")
    write_dataset(small(), folder, form="parquet", headers="zh")
    assert not list(folder.glob("*.csv"))
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        write_dataset(small(), folder, form="csv")
    write_dataset(small(), folder, form="csv", overwrite=True)
    assert (folder / "notes.txt").read_text() == "mine"
    assert not list(folder.glob("*.parquet"))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_somebody_edited_is_not_replaced(tmp_path: Path) -> None:
    folder = write_dataset(small(), tmp_path / "a", form="csv")
    (folder / "workers.csv").write_text("id\n")
    with pytest.raises(OutputError, match="not as we wrote it"):
        write_dataset(small(), folder, form="csv")


def test_a_workbook_that_is_there_is_not_replaced_unasked(tmp_path: Path) -> None:
    path = write_dataset(small(), tmp_path / "a.xlsx", form="xlsx")
    with pytest.raises(OutputError, match="there already"):
        write_dataset(small(), path, form="xlsx")
    write_dataset(small(), path, form="xlsx", overwrite=True)
    with pytest.raises(OutputError, match=r"end in \.xlsx"):
        write_dataset(small(), tmp_path / "a", form="xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_nothing_is_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form) -> None:
    target = tmp_path / "a.xlsx"
    write_dataset(small(), target, form=form)
    before = sorted(tmp_path.rglob("*"))

    def full(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OutputError, match="No space left"):
        write_dataset(small(), target, form=form, overwrite=True)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_file_where_a_folder_should_go(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        write_dataset(small(), tmp_path / "a", form="csv")


# --- Parquet ---------------------------------------------------------------------------------------


def parquet(folder: Path, name: str, columns: Mapping[str, Any]) -> Path:  # Any: PyArrow publishes no types
    import pyarrow
    import pyarrow.parquet

    put(folder)
    (folder / f"{name}.csv").unlink(missing_ok=True)
    target = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), target)
    (folder / f"{name}.parquet").write_bytes(target.getvalue())
    return folder


def test_money_in_parquet(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import decimal128

    amounts = {
        "monthly_fen": pyarrow.array([295800, 7]),
        "monthly": pyarrow.array(["2958.00", "0.07"]),
        "原月薪酬": pyarrow.array(["2958.00", "0.07"]).cast(decimal128(10, 2)),
        "原月薪酬_fen": pyarrow.array([295800, 7], pyarrow.int32()),
    }
    for number, (name, array) in enumerate(amounts.items()):
        data = read_dataset(parquet(tmp_path / str(number), "former_pays", {"worker": ["W1", "W2"], name: array}))
        assert data.former_pays is not None
        assert data.former_pays.monthly.to_list() == [295800, 7]


def test_types_in_parquet_are_checked(tmp_path: Path) -> None:
    import pyarrow

    cases: list[tuple[str, dict[str, Any], tuple[int | None, str], str]] = [  # Any: PyArrow publishes no types
        ("communities", {"code": ["229900001001"], "name": ["a"], "households": [3000.0]}, (None, "households"), "int64"),
        ("communities", {"code": [229900001001], "name": ["a"]}, (None, "code"), "make it text"),
        ("former_pays", {"worker": ["W1"], "monthly": [7731]}, (None, "monthly"), "monthly_fen"),
        ("former_pays", {"worker": ["W1"], "monthly_fen": [-7731]}, (1, "monthly_fen"), "0 or more"),
        ("former_pays", {"worker": ["W1"], "monthly_fen": [None]}, (1, "monthly_fen"), "is empty"),
        ("former_pays", {"worker": ["W1"], "monthly": ["77.315"]}, (1, "monthly"), "fraction of a fen"),
        ("workers", {"id": ["W1", "W2"], "birth_date": ["1980-05-17", None]}, (None, "birth_date"), "date32"),
        ("workers", {"id": ["W1", None]}, (2, "id"), "is empty"),
        ("workers", {"id": ["W1", "W2"], "sex": ["女", "甲某某"]}, (2, "sex"), "one of"),
        ("communities", {"code": ["229900001001"], "name": ["a"],
                         "households": pyarrow.array([2**63 + 1], pyarrow.uint64())}, (None, "households"), "too large"),
        ("incidents", {"worker": ["W1"], "ground": ["discipline"], "happened_on": [date(2022, 1, 1)],
                       "established": [1]}, (None, "established"), "booleans"),
    ]  # fmt: skip
    for number, (name, columns, where, said) in enumerate(cases):
        faults = faults_of(parquet(tmp_path / str(number), name, columns))
        fault = next(one for one in faults if one.file == f"{name}.parquet")
        assert place(fault) == (f"{name}.parquet", None, *where)
        assert said in str(fault.message)
        assert not any(secret in str(fault) for secret in ("甲某", "7731", "77.315"))


def test_types_that_parquet_may_have(tmp_path: Path) -> None:
    import pyarrow
    from pyarrow import decimal128, decimal256

    ids = ["W1", "W2"]
    cases: list[tuple[str, dict[str, Any]]] = [  # Any: PyArrow publishes no types
        ("workers", {"id": pyarrow.array(ids).dictionary_encode()}),
        ("workers", {"id": pyarrow.array(ids, pyarrow.large_string())}),
        ("workers", {"id": pyarrow.array(ids, pyarrow.string_view())}),
        ("workers", {"id": ids, "name": pyarrow.array([None, None])}),
        ("workers", {"id": ids, "sex": pyarrow.array(["女", None]).dictionary_encode(), "序号": [1, 2]}),
        ("workers", {"id": ids, "birth_date": pyarrow.array([date(1980, 5, 17), None], pyarrow.date64())}),
        ("former_pays", {"worker": ids, "monthly": pyarrow.array(["2958.10", None]).cast(decimal128(10, 2)).fill_null(1)}),
        ("former_pays", {"worker": ids, "monthly": pyarrow.array(["2958.10", "1"]).cast(decimal256(50, 2))}),
    ]  # fmt: skip
    for number, (name, columns) in enumerate(cases):
        read_dataset(parquet(tmp_path / str(number), name, columns))


def test_types_that_parquet_may_not_have(tmp_path: Path) -> None:
    import pyarrow

    day = [datetime(1980, 5, 17)]  # noqa: DTZ001  # a column may have none
    cases: list[dict[str, Any]] = [  # Any: as above
        {"id": pyarrow.array([["W1"]])},
        {"id": pyarrow.array([{"a": "W1"}])},
        {"id": pyarrow.array([b"W1"])},
        {"id": ["W1"], "birth_date": pyarrow.array(day, pyarrow.timestamp("us", "Asia/Shanghai"))},
        {"id": ["W1"], "birth_date": pyarrow.array(day, pyarrow.timestamp("us"))},
        {"id": pyarrow.array([None], pyarrow.string())},
        {"id": pyarrow.array([None])},
        {"id": ["2.2E+17"]},
    ]
    for number, columns in enumerate(cases):
        faults = faults_of(parquet(tmp_path / str(number), "workers", columns))
        fault = next(one for one in faults if one.file == "workers.parquet")
        assert fault.column == list(columns)[-1]


def test_parquet_that_unpacks_without_end(tmp_path: Path) -> None:
    import pyarrow

    long = pyarrow.array(["x" * 1_000_000]).dictionary_encode().take(pyarrow.array([0] * 2000))
    faults = faults_of(parquet(tmp_path / "texts", "workers", {"id": long}))  # two gigabytes, if each were a text
    assert len([fault for fault in faults if "row 1 has the same" in str(fault.message)]) == 1999
    many = pyarrow.nulls(5_000_001, pyarrow.string())
    (fault,) = [one for one in faults_of(parquet(tmp_path / "rows", "workers", {"id": many})) if one.row is None]
    assert "more than 5000000 rows" in str(fault.message)


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "trainings.parquet").write_bytes(b"PAR1 no PAR1")
    assert place(only_fault(tmp_path)) == ("trainings.parquet", None, None, None)


def test_blanks_are_stripped_at_any_width() -> None:
    assert clean("\u3000 \ufeffa b\u200b\n") == "a b"
