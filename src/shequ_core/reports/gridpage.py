"""A division into grids as one page that needs nothing from outside, and as a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from typing import Final

from shequ_core.errors import Message, OutputError, msg
from shequ_core.planning.grids.comparison import measure_word
from shequ_core.planning.grids.drawing import MADE_UP, grid_tints, picture, xml
from shequ_core.planning.grids.plan import GridPlan, PlanStatus
from shequ_core.reports.drawing import drawer
from shequ_core.reports.gridbook import LEAST_BAD
from shequ_core.reports.grids import GENERATOR, GridReport, bounds_lines, grids_of, missed_word, notes_of, place_name
from shequ_core.reports.wording import listed, say, speaker, word
from shequ_core.values import Lang

MAPPED: Final = 150
"""So many communities have their map on a page, those without a plan within bounds first; the others a row each."""

PICTURED: Final = 12
"""So many communities stand in one picture."""

SCALE: Final = 2
"""Pixels of a picture for each of the drawing, so that print is sharp."""

STYLE: Final = """
:root{--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--band:#eef2f7;--warn:#a8541a;--ok:#1f7a4d}
body{font:15px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;color:var(--ink);
background:#fff;max-width:62rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .4rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .3rem}.soft{color:var(--soft)}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.2rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}.banner{border-left:5px solid var(--warn);background:var(--band);
padding:.5rem .9rem;margin:.8rem 0}.banner.ok{border-color:var(--ok)}svg{max-width:100%;height:auto}
svg.swatch{width:1rem;height:.8rem;vertical-align:baseline}a{color:#2f6fb0}
@media print{body{margin:0;max-width:none;font-size:11px}section{break-inside:avoid-page}h2{break-after:avoid}}
"""

_HEADS: Final = (
    (msg("grid"), ""), (msg("households"), "n"), (msg("bounds"), ""), (msg("buildings"), "n"), (msg("estates"), ""),
    (msg("grid workers"), "n"), (msg("auxiliary police"), "n"),
)
_INDEX: Final = (
    (msg("community"), ""), (msg("status"), ""), (msg("grids"), "n"), (msg("households"), "n"), (msg("buildings"), "n"),
    (msg("message"), ""),
)
_MOVES: Final = (
    (msg("building"), ""), (msg("households"), "n"), (msg("before"), ""), (msg("after"), ""), (msg("reason"), ""),
)


# --- the page -----------------------------------------------------------------------------------------


def grids_page(report: GridReport, lang: Lang) -> str:
    """Return the page: the verdict, of many communities a table with links, and of each its map and grids."""
    title = say(msg("Division into grids (JLG2.3.2a)"), lang)
    many = len(report.plans) > 1
    made_up = f'<div class="banner"><b>{xml(say(MADE_UP, lang))}</b></div>' if report.synthetic else ""
    mapped = _mapped(report.plans)
    parts = [
        f"<h1>{xml(title)}</h1>{made_up}",
        "".join(f'<p class="soft">{xml(line)}</p>' for line in bounds_lines(report, lang)),
    ]
    if many:
        parts += [_banner(report.status, report.message(), lang), _index(report, mapped, lang)]
        if len(mapped) < len(report.plans):
            told = msg(
                "{shown} of {all} communities have their map here, those without a plan within bounds first."
                " Divide a subdistrict by itself to see the others.",
                shown=len(mapped), all=len(report.plans),
            )
            parts.append(f'<p class="soft">{xml(say(told, lang))}</p>')
    parts += [_community(report, plan, lang, many=many) for plan in report.plans if _anchor(plan) in mapped]
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="generator" content="{GENERATOR}">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{xml(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _anchor(plan: GridPlan) -> str:
    return f"c{plan.layout.community or ''}"


def _mapped(plans: Sequence[GridPlan]) -> frozenset[str]:
    """Return which communities have their map."""
    first = sorted(plans, key=lambda plan: plan.status is PlanStatus.OK)
    return frozenset(_anchor(plan) for plan in first[:MAPPED])


def _banner(status: PlanStatus, message: Message, lang: Lang, inside: str = "") -> str:
    kind = "banner ok" if status is PlanStatus.OK else "banner"
    return f'<div class="{kind}"><b>{xml(word(status, lang))}</b> {xml(say(message, lang))}{inside}</div>'


def _index(report: GridReport, mapped: frozenset[str], lang: Lang) -> str:
    rows = []
    for plan in report.plans:
        name = xml(place_name(report, plan.layout.community or ""))
        anchor = _anchor(plan)
        cells = [
            (f'<a href="#{xml(anchor)}">{name}</a>' if anchor in mapped else name, ""),
            (xml(word(plan.status, lang)), ""),
            (str(len(plan.codes)), "n"), (str(int(plan.layout.households.sum())), "n"), (str(len(plan.layout)), "n"),
            ("" if plan.status is PlanStatus.OK else xml(say(plan.message, lang)), ""),
        ]
        rows.append(_row(cells))
    return _table(_INDEX, rows, lang)


def _community(report: GridReport, plan: GridPlan, lang: Lang, *, many: bool) -> str:
    code = plan.layout.community
    heading = f"<h2>{xml(place_name(report, code))}</h2>" if code is not None else ""
    causes = "".join(_cause(one.message, one.remedies, lang) for one in plan.causes)
    if plan.status is not PlanStatus.OK:
        causes += f"<p>{xml(say(LEAST_BAD, lang))}</p>"
    parts = [
        heading,
        _banner(plan.status, plan.message, lang, causes),
        picture(plan, speaker(lang)),
        _grids(plan, lang),
        _moves(plan, lang),
        _measures(plan, lang),
        "".join(f'<p class="soft">{xml(line)}</p>' for line in _made(plan, lang)),
    ]
    ident = f' id="{xml(_anchor(plan))}"' if many else ""
    return f"<section{ident}>{''.join(parts)}</section>"


def _made(plan: GridPlan, lang: Lang) -> list[str]:
    """Say how the plan was made."""
    notes = notes_of(GridReport(plans=(plan,)))
    how = msg(
        "effort {effort}, seed {seed}, shequ-core {version}",
        effort=plan.effort, seed=plan.seed, version=version("shequ-core"),
    )
    return [*(say(one, lang) for one in notes), say(how, lang)]


def _cause(message: Message, remedies: Iterable[Message], lang: Lang) -> str:
    helps = "".join(f"<li>{xml(say(one, lang))}</li>" for one in remedies)
    told = f"<p>{xml(say(message, lang))}</p>"
    return f"{told}<p>{xml(say(msg('What would help'), lang))}</p><ul>{helps}</ul>" if helps else told


def _grids(plan: GridPlan, lang: Lang) -> str:
    colours = dict(zip(plan.codes, grid_tints(plan), strict=True))
    rows = []
    for one in grids_of(plan):
        bounds = xml(missed_word(one.missed, lang))
        swatch = (
            f'<svg class="swatch" viewBox="0 0 16 12" aria-hidden="true"><rect width="16" height="12"'
            f' fill="{colours[one.code]}" stroke="#1c2430"/></svg> '
        )
        cells = [
            (swatch + xml(one.code), ""), (str(one.households), "n"),
            (f"<b>{bounds}</b>" if one.missed else bounds, ""),
            (str(len(one.buildings)), "n"), (xml(listed(one.estates, lang)), ""),
            (_or(plan.workers), "n"), (_or(plan.auxiliary_police), "n"),
        ]
        rows.append(_row(cells))
    return _table(_HEADS, rows, lang)


def _or(value: int | None) -> str:
    return "–" if value is None else str(value)


def _moves(plan: GridPlan, lang: Lang) -> str:
    if not plan.layout.previous:
        return ""
    told = msg(
        "{buildings} buildings with {households} households change their grid",
        buildings=len(plan.moves), households=sum(one.households for one in plan.moves),
    )
    rows = [
        _row(
            [
                (xml(one.building), ""), (str(one.households), "n"), (xml(one.before), ""), (xml(one.after), ""),
                (xml(say(one.reason, lang)), ""),
            ]
        )
        for one in plan.moves
    ]
    return f"<h3>{xml(say(told, lang))}</h3>{_table(_MOVES, rows, lang) if rows else ''}"


def _measures(plan: GridPlan, lang: Lang) -> str:
    rows = [
        _row([(xml(measure_word(name, speaker(lang))), ""), (_figure(value), "n")])
        for name, value in plan.measures.items()
        if value is not None
    ]
    label = xml(say(msg("Measures"), lang))
    return f"<details><summary>{label}</summary><table>{''.join(rows)}</table></details>"


def _figure(value: int | float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"


def _row(cells: Iterable[tuple[str, str]]) -> str:
    """Make a row of cells that are HTML already."""
    return f"<tr>{''.join(f'<td{_kind(kind)}>{inner}</td>' for inner, kind in cells)}</tr>"


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _table(heads: Sequence[tuple[Message, str]], rows: Sequence[str], lang: Lang) -> str:
    head = "".join(f"<th{_kind(kind)}>{xml(say(text, lang))}</th>" for text, kind in heads)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


# --- the picture --------------------------------------------------------------------------------------


def grids_picture(report: GridReport, lang: Lang) -> bytes:
    """Return the maps as a PNG.

    Raises:
        MissingExtraError: What draws it isn't installed.
        OutputError: So many communities can't be read in one picture.
    """
    png: bytes = drawer().svg_to_png(grids_drawing(report, lang), scale=SCALE)
    return marked(png)


def grids_drawing(report: GridReport, lang: Lang) -> str:
    """Return the same as an SVG, before it is a PNG.

    Raises:
        OutputError: So many communities can't be read in one picture.
    """
    if len(report.plans) > PICTURED:
        told = msg(
            "A picture of {count} communities can't be read: up to {most} go into a .png; write .html for more",
            count=len(report.plans), most=PICTURED,
        )
        raise OutputError(told)
    return stacked([picture(plan, speaker(lang)) for plan in report.plans])


def stacked(pictures: Sequence[str]) -> str:
    """Put pictures under each other in one."""
    if len(pictures) == 1:
        return pictures[0]
    wide, high, inner = 0, 0, []
    for one in pictures:
        width, height = (int(number) for number in one.partition('viewBox="0 0 ')[2].partition('"')[0].split())
        inner.append(one.replace("<svg ", f'<svg y="{high}" ', 1))
        wide, high = max(wide, width), high + height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f"{''.join(inner)}</svg>"
    )


def marked(png: bytes) -> bytes:
    """Say in a PNG what made it, in a chunk of text behind its header: by that an earlier picture is known."""
    header = 8 + 4 + 4 + 13 + 4  # the signature, then length, name, content and checksum of IHDR
    content = b"tEXtSoftware\0" + GENERATOR.encode()
    chunk = struct.pack(">I", len(content) - 4) + content + struct.pack(">I", zlib.crc32(content))
    return png[:header] + chunk + png[header:]
