"""A division as files: JSON, GeoJSON, workbook, page and picture."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs
import pytest
import python_calamine

from shequ_core.errors import Fault, InputError, MissingExtraError, OutputError, msg
from shequ_core.planning.grids.layouts import layouts
from shequ_core.planning.grids.plan import StoppedBy
from shequ_core.planning.grids.staff import staffed
from shequ_core.policy.book import PolicyBook
from shequ_core.reports import gridpage
from shequ_core.reports.gridbook import grids_workbook
from shequ_core.reports.gridpage import MAPPED, PICTURED, grids_page, grids_picture, stacked
from shequ_core.reports.grids import (
    MAKERS,
    GridReport,
    geojson_data,
    invalid_data,
    is_plan,
    report_data,
    report_text,
    write_invalid,
    write_report,
)
from shequ_core.reports.wording import speaker
from shequ_core.tables.buildings import read_previous

if TYPE_CHECKING:
    from tests.conftest import Made

VOID = {"meta", "br", "path", "rect", "circle"}


class Page(HTMLParser):
    """Checks that every tag is closed in its turn, and keeps what matters."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.outside: list[str] = []
        self.feed(page)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.ids += [told["id"] or ""] if "id" in told else []
        self.links += [told["href"] or ""] if "href" in told else []
        self.outside += [name for name, value in attrs if "//" in (value or "") and name != "xmlns"]
        if tag not in VOID or tag in {"path", "circle", "rect"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(made: Made) -> GridReport:
    """One community that works out, with a policy of the province."""
    book = PolicyBook.load()
    policy = book.policy("22", date(2022, 7, 1))
    plan = staffed(made.plan(), policy)
    return GridReport(plans=(plan,), divisions=book.divisions)


@pytest.fixture(scope="module")
def several(made: Made) -> GridReport:
    """Two communities, one of which has a building that no grid can hold."""
    return GridReport(plans=(made.giant(), made.plan(made.street("220104001002", prefix="b"))))


def rows(book: bytes, sheet: int) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(sheet).to_python()


# --- JSON ---------------------------------------------------------------------------------------------


def test_json_of_one_community_has_its_plan_at_the_top(report: GridReport, made: Made) -> None:
    data = report_data(report)
    west, east = f"{made.community}001", f"{made.community}002"
    assert data["status"] == "ok"
    assert data["grids"] == {"1": west, "2": west, "3": east, "4": east, "5": west, "6": west, "7": east, "8": east}
    assert data["errors"] == []
    assert data["measures"]["grids"] == 2
    assert data["by_grid"][west]["households"] == 440
    assert (data["measures"]["workers"], data["measures"]["auxiliary_police"]) == (2, 2)
    (law,) = data["policies"].values()
    assert law["values"]["grids.households"]["source"]["clause"] == "JLG2.3.2a"
    assert list(data["policies"]) == [data["policy"]]


def test_json_of_many_has_the_worst_status_and_each_by_its_code(several: GridReport, made: Made) -> None:
    data = report_data(several)
    assert data["status"] == "infeasible"
    assert len(data["grids"]) == 16
    assert data["communities"]["220104001002"]["status"] == "ok"
    told = data["communities"][made.community]
    assert told["causes"] == [
        {"kind": "giant", "buildings": ["5"], "message": "Building 5 has 700 households", "remedies": ["Divide it by entrance"]}
    ]
    assert data["measures"]["households"] == 1300 + 750
    assert data["measures"]["mean_distance"] == pytest.approx((2 * 1_234_567.5 / 2050) ** 0.5)


def test_moves_are_told_with_their_reason(made: Made) -> None:
    data = report_data(GridReport(plans=(made.redrawn(),)))
    assert data["moves"] == [
        {
            "building": "6", "households": 80, "before": f"{made.community}002", "after": f"{made.community}001",
            "reason": f"Grid {made.community}001 would be below its floor",
        }
    ]


def test_what_is_invalid_has_errors_and_no_grid() -> None:
    error = InputError([Fault(file="b.csv", row=3, column="households", message=msg("text is expected"))])
    data = invalid_data(error)
    assert (data["status"], data["grids"], data["measures"]) == ("invalid", {}, {})
    assert data["errors"] == ["b.csv, row 3, column households: text is expected"]
    assert invalid_data(error, "zh")["errors"] == ["b.csv、第3行、households列：应为文字"]


def test_a_grid_that_the_clause_does_not_allow_is_a_finding(report: GridReport, made: Made) -> None:
    """Whoever said the bounds himself is told the causes, and no departure from a clause."""
    plan = made.giant()
    by_law = attrs.evolve(plan, policy=report.plans[0].policy)
    (finding,) = report_data(attrs.evolve(report, plans=(by_law,)))["findings"]
    assert (finding["code"], finding["subject"]) == ("JLG2.3.2a-grid-out-of-bounds", f"{made.community}001")
    assert finding["grade"] == "conflict"
    assert report_data(GridReport(plans=(plan,)))["findings"] == []


# --- GeoJSON ------------------------------------------------------------------------------------------


def test_geojson_has_a_feature_a_grid_and_one_a_building(report: GridReport, made: Made) -> None:
    features = geojson_data(report)["features"]
    kinds = [one["properties"]["kind"] for one in features]
    assert kinds == ["grid"] * 2 + ["building"] * 8
    assert features[0]["properties"]["households"] == 440
    ring = features[0]["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1]
    given = report.plans[0].layout.coordinates
    assert given is not None
    assert features[2]["geometry"] == {"type": "Point", "coordinates": given[0].tolist()}
    assert features[2]["properties"]["grid"] == f"{made.community}001"
    assert features[9]["properties"]["estate"] is None


def test_a_footprint_is_written_as_it_was_given(made: Made) -> None:
    square = "POLYGON ((125.3 43.9, 125.3001 43.9, 125.3001 43.9001, 125.3 43.9))"
    plan = made.plan(made.street(footprints=(square, *(None,) * 7)))
    told = json.loads(MAKERS[".geojson"](GridReport(plans=(plan,)), "en"))
    assert told["features"][2]["geometry"]["coordinates"] == [
        [[125.3, 43.9], [125.3001, 43.9], [125.3001, 43.9001], [125.3, 43.9]]
    ]


def test_a_plane_of_the_users_own_is_said_to_be_one(made: Made) -> None:
    layout = made.street()
    told = geojson_data(GridReport(plans=(made.plan(attrs.evolve(layout, coordinates=layout.points, in_degrees=False)),)))
    assert told["crs"] is None
    assert "not degrees" in told["note"]


def test_without_points_features_have_no_geometry(made: Made) -> None:
    plan = made.plan(made.street(points=None, coordinates=None))
    assert {one["geometry"] for one in geojson_data(GridReport(plans=(plan,)))["features"]} == {None}


# --- the workbook -------------------------------------------------------------------------------------


def test_the_workbook_shows_grids_and_the_line_to_each_building(report: GridReport, made: Made) -> None:
    book = grids_workbook(report, "en")
    names = python_calamine.load_workbook(io.BytesIO(book)).sheet_names
    assert names == ["About", "Grids", "Buildings", "Moves", "Causes", "Findings", "Measures"]
    assert rows(book, 1)[1][:6] == [made.community, f"{made.community}001", 440.0, "within bounds", 1.0, 1.0]
    head, first = rows(book, 2)[:2]
    line = dict(zip(head, first, strict=True))
    assert line["subdistrict"] == "吉林省长春市朝阳区前进街道"
    assert line["grid"] == f"{made.community}001"
    assert line["answers for the grid"] == ""


def test_the_workbook_names_causes_and_what_would_help(several: GridReport) -> None:
    book = grids_workbook(several, "zh")
    (_, cause) = rows(book, 4)
    assert cause[1:] == ["无可行方案", "单栋户数过多", "Building 5 has 700 households", "5", "Divide it by entrance"]
    assert "不可直接采用" in str(rows(book, 0))


# --- page and picture ---------------------------------------------------------------------------------


def test_a_page_is_well_formed_and_needs_nothing_from_outside(several: GridReport) -> None:
    for lang in ("zh", "en"):
        page = Page(grids_page(several, lang))
        assert not page.tags & {"script", "link", "img", "iframe", "object"}
        assert not page.outside


def test_many_communities_have_an_index_whose_links_lead_somewhere(several: GridReport, made: Made) -> None:
    page = Page(grids_page(several, "en"))
    assert page.links == [f"#c{made.community}", "#c220104001002"]
    assert set(page.ids) == {link[1:] for link in page.links}


def test_the_page_says_why_and_what_would_help(several: GridReport) -> None:
    page = grids_page(several, "en")
    assert "Building 5 has 700 households" in page
    assert "Divide it by entrance" in page
    assert "<b>490 too many</b>" in page
    assert "least bad" in page


def test_what_files_brought_is_never_markup(made: Made) -> None:
    evil = '"><img src=x onerror=alert(1)><script>'
    layout = made.street(ids=(evil, *map(str, range(2, 9))), estate_names=(evil, "Harbour"))
    page = grids_page(GridReport(plans=(made.plan(layout),)), "en")
    assert not Page(page).tags & {"script", "img"}
    assert "&lt;img src=x" in page


def test_of_very_many_communities_those_that_failed_have_their_map(made: Made) -> None:
    plans = [made.plan(made.street(f"220104001{number:03d}", prefix=f"{number}-")) for number in range(1, MAPPED + 3)]
    bad = attrs.evolve(made.giant(), layout=attrs.evolve(made.giant().layout, community="220104002001"))
    page = Page(grids_page(GridReport(plans=(*plans, bad)), "en"))
    assert len(page.ids) == MAPPED
    assert "c220104002001" in page.ids


def test_a_picture_is_a_png_that_is_known_again(report: GridReport, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert")
    out = tmp_path / "plan.png"
    write_report(report, [out], lang="zh")
    content = out.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert is_plan(out)
    import vl_convert

    assert len(vl_convert.svg_to_png(stacked(["<svg xmlns='http://www.w3.org/2000/svg' viewBox=\"0 0 9 9\"></svg>"] * 2))) > 0


def test_without_the_library_a_picture_says_how_to_get_it(report: GridReport, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'shequ-core[charts]'")):
        grids_picture(report, "en")


def test_a_picture_of_too_many_is_refused(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = tuple(made.plan(made.street(f"220104001{number:03d}", prefix=f"{number}-")) for number in range(1, PICTURED + 2))
    drawn: list[str] = []

    def draw(svg: str, scale: float) -> bytes:
        drawn.append(svg)
        assert scale == gridpage.SCALE
        return bytes(40)

    monkeypatch.setattr(gridpage, "drawer", lambda: SimpleNamespace(svg_to_png=draw))
    grids_picture(GridReport(plans=plans[:-1]), "en")
    assert drawn[0].count("<svg") == PICTURED + 1
    with pytest.raises(OutputError, match="can't be read"):
        grids_picture(GridReport(plans=plans), "en")


# --- words --------------------------------------------------------------------------------------------


def test_one_community_is_told_grid_by_grid(report: GridReport, made: Made) -> None:
    told = report_text(report, "en")
    assert "300 to 500 households a grid" in told
    assert "(JLG2.3.2a), issued" in told
    assert f"{made.community}001: 440 households, 4 buildings, Garden" in told


def test_many_are_told_by_totals_and_what_is_wrong(several: GridReport) -> None:
    told = report_text(several, "en").splitlines()
    assert told[1] == "2 communities, 4 grids: 1 within bounds, 0 not found, 1 infeasible"
    assert told[3].strip() == "giant: Building 5 has 700 households"
    assert told[4].strip() == "What would help: Divide it by entrance"
    assert len(told) == 5


def test_in_chinese_no_english_word_of_ours_is_left(report: GridReport, several: GridReport) -> None:
    ours = re.compile(r"households|grid|building|bounds|communit|worker", re.IGNORECASE)
    for one in (report, several):
        by_hand = r"Building 5 has 700 households|No plan is within bounds|\d grids, all within bounds"
        assert not ours.search(re.sub(by_hand, "", report_text(one, "zh")))
    page = grids_page(several, "zh")
    for heading in ("网格划分", "小区", "网格员", "辅警", "屏障"):
        assert heading in page


# --- files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".json", ".geojson", ".xlsx", ".html"])
def test_the_same_plan_gives_the_same_bytes_and_is_replaced(several: GridReport, tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / "sub" / f"b{suffix}"
    write_report(several, [first, second], lang="zh")
    assert first.read_bytes() == second.read_bytes()
    assert is_plan(first)
    write_report(several, [first], lang="en")
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a{suffix}", "sub"]


def test_a_file_of_somebody_elses_is_not_replaced_and_nothing_is_written(report: GridReport, tmp_path: Path) -> None:
    theirs = {
        ".json": b'{"status": "mine"}', ".geojson": b'{"type": "FeatureCollection"}', ".html": b"<p>mine</p>",
        ".xlsx": b"PK mine", ".png": b"mine",
    }
    for suffix, content in theirs.items():
        path = tmp_path / f"theirs{suffix}"
        path.write_bytes(content)
        with pytest.raises(OutputError, match="not an earlier answer"):
            write_report(report, [tmp_path / "new.json", path], lang="en")
        assert path.read_bytes() == content
    assert not (tmp_path / "new.json").exists()


def test_an_empty_file_may_go_and_another_workbook_stays(report: GridReport, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").touch()
    write_report(report, [tmp_path / "a.xlsx"], lang="en")
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", '<sheet name="Grids"/>')
    with pytest.raises(OutputError):
        write_report(report, [tmp_path / "b.xlsx"], lang="en")


def test_another_suffix_is_refused(report: GridReport, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"let it end in \.json"):
        write_report(report, [tmp_path / "plan.pdf"], lang="en")


def test_invalid_goes_into_json_alone(tmp_path: Path) -> None:
    error = InputError([Fault(file="b.csv", message=msg("must be 0 or more"))])
    written = write_invalid(error, [tmp_path / "a.json", tmp_path / "a.html", tmp_path / "a.geojson"])
    assert written == [tmp_path / "a.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_plan_that_time_cut_short_says_so_everywhere(made: Made) -> None:
    report = GridReport(plans=(attrs.evolve(made.plan(), stopped_by=StoppedBy.TIME),))
    assert report_data(report)["stopped_by"] == "time"
    assert "cut short by --seconds" in report_text(report, "en")
    assert "cut short by --seconds" in grids_page(report, "en")
    assert "cut short by --seconds" in str(rows(grids_workbook(report, "en"), 0))


def test_a_file_that_cant_be_put_in_place_leaves_everything_as_it_was(
    report: GridReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second of two files fails at the last step: the first is what it was before."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    write_report(report, [first], lang="en")
    before = first.read_bytes()
    moved = Path.rename

    def rename(path: Path, target: Path) -> Path:
        if target == second:
            raise OSError(28, "no space left")
        return moved(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OutputError, match="no space left"):
        write_report(report, [first, second], lang="zh", data_lang="zh")
    assert first.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("suffix", [".json", ".geojson", ".xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_plan_is_read_again_as_the_earlier_grids(several: GridReport, tmp_path: Path, suffix: str, lang: str) -> None:
    out = tmp_path / f"plan{suffix}"
    write_report(several, [out], lang=lang, data_lang=lang)
    read = {one.building: one.grid for one in read_previous(out)}
    assert read == report_data(several)["grids"]


def test_buildings_of_a_plan_are_read_again_as_buildings(report: GridReport, tmp_path: Path) -> None:
    out = tmp_path / "plan.geojson"
    write_report(report, [out], lang="en")
    layout = report.plans[0].layout
    (again,) = layouts(out)
    assert again.ids == layout.ids
    assert again.households.tolist() == layout.households.tolist()
    assert again.coordinates is not None
    assert layout.coordinates is not None
    assert again.coordinates.tolist() == layout.coordinates.tolist()


# --- made-up buildings, and languages -------------------------------------------------------------------

SYNTHETIC = {"en": "nobody's data", "zh": "均为合成数据"}


@pytest.fixture(scope="module")
def made_up(made: Made) -> GridReport:
    return GridReport(plans=(made.plan(made.street(prefix="合成")),))


def test_a_plan_of_made_up_buildings_says_so_in_data(made_up: GridReport, report: GridReport) -> None:
    """Each feature too: those are what people cut out and send on."""
    assert report_data(made_up)["synthetic"] is True
    assert {one["properties"].get("synthetic") for one in geojson_data(made_up)["features"]} == {True}
    assert report_data(report)["synthetic"] is False
    assert not any("synthetic" in one["properties"] for one in geojson_data(report)["features"])


def test_one_made_up_community_marks_the_whole_and_itself(made_up: GridReport, made: Made) -> None:
    both = GridReport(plans=(*made_up.plans, made.plan(made.street("220104001002", prefix="b"))))
    data = report_data(both)
    assert data["synthetic"] is True
    assert [one["synthetic"] for one in data["communities"].values()] == [True, False]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_are_told_too(made_up: GridReport, report: GridReport, lang: str) -> None:
    """On the screen, on the page, in the workbook and in every map, which is all that a picture has."""
    told = SYNTHETIC[lang]
    for one, wanted in ((made_up, True), (report, False)):
        about = "\n".join(str(row) for row in rows(grids_workbook(one, lang), 0))
        texts = (report_text(one, lang), html.unescape(grids_page(one, lang)), about)
        assert [told in text for text in texts] == [wanted] * 3
        assert (told in html.unescape(one.plans[0].html(speaker(lang)))) is wanted


def test_a_notebook_shows_a_report_in_chinese_or_as_asked(report: GridReport) -> None:
    (plan,) = report.plans
    assert report._repr_html_() == report.html() == plan.html(speaker("zh"))
    assert report.html(speaker("en")) == plan._repr_html_() == plan.html()
    assert "网格" in report.html()
    assert "网格" not in plan.html()


def test_a_comparison_speaks_both_languages(made: Made) -> None:
    told = made.plan().compare(made.plan(grid_of=(1, 1, 0, 0, 1, 0, 0, 0)))
    assert "超出范围的户数" in told.html(speaker("zh"))
    assert "households outside the bounds" in told._repr_html_()
