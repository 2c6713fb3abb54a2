"""Simulated years as charts and as one page, in Chinese or English; each says what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final, TypeAlias

from shequ_core.errors import ScenarioError, msg
from shequ_core.model.budget import PAYER_LABELS, CostLine
from shequ_core.model.posts import CertificateLevel, EducationLevel, Sex
from shequ_core.model.records import AssessmentGrade
from shequ_core.planning.grids.drawing import xml
from shequ_core.reports.charts import COLOURS, CONFIG, SCHEMA, Chart
from shequ_core.reports.gridpage import STYLE
from shequ_core.reports.wording import bracketed, class_word, say, word
from shequ_core.simulation.compare import Comparison
from shequ_core.simulation.estimates import BASELINE, MEASURES, MONEY, Difference, Estimate, Unit
from shequ_core.simulation.outcome import By, CountyYears
from shequ_core.simulation.simulate import AGES, Simulation
from shequ_core.simulation.step import BAND
from shequ_core.simulation.turn import Leaving
from shequ_core.values import FEN_PER_YUAN, Lang, Status

Subject: TypeAlias = Simulation | Comparison

Spec: TypeAlias = "dict[str, Any]"
"""Part of a specification; Any, for it has floats too, which data of ours has not."""

WIDTH: Final = 480
HEIGHT: Final = 260
SMALL: Final = 220

_NAMES: Final = {
    "cost": msg("cost to all payers"),
    "certified_share": msg("share of holders with a certificate"),
    "vacant_share": msg("share of posts vacant"),
    "social_workers_reached": msg("share of runs in which no community lacks social workers"),
    "posts_reached": msg("share of runs in which no community lacks holders"),
    "social_workers_ever_reached": msg("share of runs that reach a year in which no community lacks social workers"),
    "posts_ever_reached": msg("share of runs that reach a year in which no community lacks holders"),
    "social_workers_first_reached": msg("first year in which no community lacks social workers"),
    "posts_first_reached": msg("first year in which no community lacks holders"),
}
_SCALES: Final[Mapping[Lang, tuple[int, str]]] = {
    "en": (1_000_000 * FEN_PER_YUAN, "million yuan"), "zh": (10_000 * FEN_PER_YUAN, "万元"),
}  # fmt: skip
"""What money is told in, as each language counts."""

_WORDS: Final = {"line": CostLine, "ground": Leaving}
_AGES: Final = {one.value for one in (By.AGE, By.AGE_OF_WOMEN, By.AGE_OF_MEN)}
_LEVELS: Final = {
    By.EDUCATION.value: EducationLevel, By.CERTIFICATE.value: CertificateLevel, By.ASSESSMENT.value: AssessmentGrade,
}  # fmt: skip


# --- words -------------------------------------------------------------------------------------------


def measure_name(name: str, lang: Lang) -> str:
    """Say a measure."""
    if name in _NAMES:
        return say(_NAMES[name], lang)
    if lang == "zh":
        return CountyYears.specs[name].headers[1]
    return "pay" if name == "total" else name.replace("_", " ")


def kind_name(by: str, kind: str, lang: Lang) -> str:
    """Say a kind of a grouping."""
    if by == "payer":
        label = next((zh for zh, code in PAYER_LABELS.items() if code == kind), kind)
        return label if lang == "zh" else kind.replace("_", " ")
    if by in _WORDS:
        return word(_WORDS[by](kind), lang)
    if by in _LEVELS:
        return say("none", lang) if kind == "none" else word(_LEVELS[by](kind), lang)
    if by == By.SEX.value:
        return word(Sex(kind), lang)
    if by in _AGES:
        return f"{kind}–{int(kind) + BAND - 1}"
    return class_word(kind, lang) if by == By.POST_CLASS.value else kind


def notes_lines(subject: Subject, lang: Lang) -> list[str]:
    """Return what it rests on, as sentences."""
    lines = []
    if "synthetic" in subject.told_marks:
        lines.append(say("The people and communities in this answer are synthetic: made up, nobody's data.", lang))
    if subject.marks:
        marks = tuple(word(Status(one), lang) for one in subject.marks)
        lines.append(say(msg("It rests on what nobody issued ({marks}).", marks=marks), lang))
    return lines


def _variant(name: str, lang: Lang) -> str:
    return say("baseline", lang) if name == BASELINE else name


def _scale(measure: str, lang: Lang) -> tuple[float, str]:
    if measure in MONEY:
        return _SCALES[lang]
    unit = MEASURES[measure].unit
    if unit is Unit.MILLIONTHS:
        return 10_000, "%"
    return (0.01, "%") if unit is Unit.TIMES else (1, word(unit, lang))


def _place(subject: Subject) -> tuple[str, range, int]:
    if isinstance(subject, Simulation):
        return subject.name, subject.years, len(subject.seeds)
    one = subject.baseline
    return one.place_name, one.years, len(one.seeds)


def _title(subject: Subject, text: str, lang: Lang) -> Spec:
    name, _, seeds = _place(subject)
    told = say(msg("{place}, {seeds} seeds", place=name, seeds=seeds), lang)
    lines: list[Any] = [told, *notes_lines(subject, lang)]
    return {"text": text, "subtitle": lines}


def _chart(subject: Subject, text: str, lang: Lang, body: Mapping[str, Any]) -> Chart:
    return Chart({"$schema": SCHEMA, "title": _title(subject, text, lang), "config": dict(CONFIG), **body})


def _order(subject: Subject, lang: Lang) -> list[Any]:
    if isinstance(subject, Simulation):
        return [_variant(BASELINE, lang)]
    return [_variant(one.name, lang) for one in subject.variants]


def _colour(subject: Subject, lang: Lang) -> Spec:
    legend = None if isinstance(subject, Simulation) else {"symbolOpacity": 1}
    return {
        "field": "variant", "type": "nominal", "title": None, "sort": _order(subject, lang), "legend": legend,
    }  # fmt: skip


def _year(lang: Lang) -> Spec:
    return {"field": "year", "type": "ordinal", "title": say("year", lang)}


# --- charts ------------------------------------------------------------------------------------------


def fan_chart(subject: Subject, measure: str = "total", lang: Lang = "zh") -> Chart:
    """Draw a measure year by year: the middle of all seeds, and in which band 50% and 90% of them lie."""
    name, unit = measure_name(measure, lang), _scale(measure, lang)[1]
    body = _fan(subject, measure, lang)
    return _chart(subject, bracketed(name, unit, lang), lang, {**body, "width": WIDTH, "height": HEIGHT})


def _fan(subject: Subject, measure: str, lang: Lang) -> Spec:
    scale, unit = _scale(measure, lang)
    rows: list[Any] = [
        {
            "variant": _variant(row.variant, lang), "year": str(row.year),
            **{at: getattr(row, at) / scale for at in ("q05", "q25", "q50", "q75", "q95")},
        }
        for row in subject.estimates(measures=(measure,), by=())
    ]  # fmt: skip
    year = _year(lang)
    layers: list[Any] = []
    bands = (
        ("q05", "q95", 0.18, say(msg("90% of seeds"), lang)), ("q25", "q75", 0.34, say(msg("50% of seeds"), lang)),
    )  # fmt: skip
    alone = len(_place(subject)[1]) == 1
    for low, high, opacity, told in bands:
        layers.append(
            {
                "mark": {"type": "bar", "size": WIDTH // 10, "opacity": opacity} if alone
                else {"type": "area", "opacity": opacity},
                "encoding": {
                    "x": year, "color": _colour(subject, lang),
                    "y": {"field": low, "type": "quantitative", "title": unit, "scale": {"zero": False}},
                    "y2": {"field": high}, "description": {"value": told},
                },
            }
        )  # fmt: skip
    layers.append(
        {
            "mark": {"type": "line", "point": True, "strokeWidth": 2},
            "encoding": {
                "x": year, "color": _colour(subject, lang),
                "y": {"field": "q50", "type": "quantitative"},
                "tooltip": [
                    {"field": "variant", "title": say(msg("variant"), lang)},
                    {"field": "year", "title": say("year", lang)},
                    *(
                        {"field": at, "type": "quantitative", "format": ",.2f", "title": f"{int(at[1:])}%"}
                        for at in ("q05", "q25", "q50", "q75", "q95")
                    ),
                ],
            },
        }
    )  # fmt: skip
    return {"data": {"values": rows}, "layer": layers}


def difference_chart(comparison: Comparison, measure: str = "cost", lang: Lang = "zh") -> Chart:
    """Draw by how much each reform lies above the baseline under the same luck: the mean and its 95% interval."""
    scale, unit = _scale(measure, lang)
    rows: list[Any] = [
        {
            "variant": row.variant, "year": str(row.year), "mean": row.mean / scale,
            "low": (row.mean if row.low is None else row.low) / scale,
            "high": (row.mean if row.high is None else row.high) / scale,
        }
        for row in comparison.differences(measures=(measure,), by=())
    ]  # fmt: skip
    told = msg("{measure}: difference from the baseline ({unit})", measure=measure_name(measure, lang), unit=unit)
    reforms: list[Any] = [one.name for one in comparison.reforms]
    colour: Spec = {  # each as in other charts, where the baseline has the first
        "field": "variant", "type": "nominal", "title": None,
        "scale": {"domain": reforms, "range": list(COLOURS[1 : len(reforms) + 1])},
    }  # fmt: skip
    year = _year(lang)
    body: Spec = {
        "data": {"values": rows},
        "width": WIDTH,
        "height": HEIGHT,
        "layer": [
            {"mark": {"type": "rule", "color": "#5b6675"}, "encoding": {"y": {"datum": 0}}},
            {
                "mark": {"type": "errorbar", "ticks": True},
                "encoding": {
                    "x": year, "xOffset": {"field": "variant", "sort": reforms}, "color": colour,
                    "y": {"field": "low", "type": "quantitative", "title": unit}, "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "point", "filled": True, "size": 50},
                "encoding": {
                    "x": year, "xOffset": {"field": "variant", "sort": reforms}, "color": colour,
                    "y": {"field": "mean", "type": "quantitative"},
                },
            },
        ],
    }  # fmt: skip
    return _chart(comparison, say(told, lang), lang, body)


def headcount_chart(subject: Subject, lang: Lang = "zh") -> Chart:
    """Draw how many posts are held, and how many are vacant."""
    parts: list[Any] = [
        {**_fan(subject, one, lang), "title": measure_name(one, lang), "width": SMALL, "height": SMALL}
        for one in ("held", "vacant")
    ]
    return _chart(subject, say(msg("Posts held and vacant at the end of the year"), lang), lang, {"hconcat": parts})


def structure_chart(subject: Subject, by: str = "age", year: int | None = None, lang: Lang = "zh") -> Chart:
    """Draw how many holders of each kind there are at the end of a year, in the mean of all seeds.

    Args:
        subject: The simulated years.
        by: What holders are counted by, such as `age`, `sex`, `grade` or `education`.
        year: Which; the last one where None.
        lang: The language.

    Raises:
        ScenarioError: There is no such grouping or year.
    """
    years = _place(subject)[1]
    chosen = years[-1] if year is None else year
    if chosen not in years or by not in set(By):
        known = tuple(one.value for one in By)
        raise ScenarioError(
            msg("no such picture: by {known}, in {first} to {last}", known=known, first=years[0], last=years[-1])
        )
    found = [row for row in subject.estimates(measures=("held",), by=(by,)) if row.by == by and row.year == chosen]
    rows: list[Any] = [
        {"variant": _variant(row.variant, lang), "kind": kind_name(by, row.kind or "", lang), "people": row.mean}
        for row in found
    ]
    kinds: list[Any] = list(dict.fromkeys(kind_name(by, row.kind or "", lang) for row in found))
    if by in _AGES:
        kinds.reverse()  # the oldest on top, as pyramids are drawn
    grouping = word(By(by), lang)
    body: Spec = {
        "data": {"values": rows},
        "width": WIDTH,
        "height": {"step": 18},
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "y": {"field": "kind", "type": "nominal", "sort": kinds, "title": grouping},
            "yOffset": {"field": "variant", "sort": _order(subject, lang)},
            "x": {"field": "people", "type": "quantitative", "title": word(Unit.PEOPLE, lang)},
            "color": _colour(subject, lang),
        },
    }
    told = msg("Holders by {grouping} at the end of {year}", grouping=grouping, year=chosen)
    return _chart(subject, say(told, lang), lang, body)


def pyramid_chart(subject: Subject, year: int | None = None, lang: Lang = "zh") -> Chart:
    """Draw holders by age, men to the left and women to the right, at the end of a year, in the mean of all seeds.

    Args:
        subject: The simulated years.
        year: Which; the last one where None.
        lang: The language.

    Raises:
        ScenarioError: There is no such year.
    """
    years = _place(subject)[1]
    chosen = years[-1] if year is None else year
    if chosen not in years:
        raise ScenarioError(msg("no such year: from {first} to {last}", first=years[0], last=years[-1]))
    rows: list[Any] = []
    ages: set[int] = set()
    for sex, by in AGES.items():
        for row in subject.estimates(measures=("held",), by=(by.value,)):
            if row.by == by.value and row.year == chosen and row.kind is not None:
                ages.add(int(row.kind))
                side = row.mean if sex is Sex.FEMALE else -row.mean
                rows.append(
                    {
                        "variant": _variant(row.variant, lang), "sex": word(sex, lang), "people": row.mean,
                        "age": kind_name(by.value, row.kind, lang), "side": side,
                    }
                )  # fmt: skip
    bands: list[Any] = [kind_name(By.AGE.value, str(one), lang) for one in sorted(ages, reverse=True)]
    sexes: list[Any] = [word(one, lang) for one in (Sex.MALE, Sex.FEMALE)]
    body: Spec = {
        "data": {"values": rows},
        "width": SMALL if isinstance(subject, Comparison) else WIDTH,
        "height": {"step": 18},
        "mark": {"type": "bar"},
        "encoding": {
            "y": {"field": "age", "type": "nominal", "sort": bands, "title": word(By.AGE, lang)},
            "x": {
                "field": "side", "type": "quantitative", "title": word(Unit.PEOPLE, lang),
                "axis": {"labelExpr": "format(abs(datum.value), ',')"},
            },
            "color": {"field": "sex", "type": "nominal", "title": None, "scale": {"domain": sexes}},
            "tooltip": [
                {"field": "sex", "title": word(By.SEX, lang)}, {"field": "age", "title": word(By.AGE, lang)},
                {"field": "people", "type": "quantitative", "format": ",.1f", "title": word(Unit.PEOPLE, lang)},
            ],
        },
    }  # fmt: skip
    if isinstance(subject, Comparison):
        body["encoding"]["column"] = {
            "field": "variant", "type": "nominal", "title": None, "sort": _order(subject, lang),
        }  # fmt: skip
    return _chart(subject, say(msg("Holders by age and sex at the end of {year}", year=chosen), lang), lang, body)


def leavers_chart(subject: Subject, lang: Lang = "zh") -> Chart:
    """Draw who leaves year by year, by the reason, in the mean of all seeds."""
    found = [row for row in subject.estimates(measures=("left",), by=("ground",)) if row.by]
    rows: list[Any] = [
        {
            "variant": _variant(row.variant, lang), "year": str(row.year), "people": row.mean,
            "ground": kind_name("ground", row.kind or "", lang),
        }
        for row in found
    ]  # fmt: skip
    grounds: list[Any] = [word(one, lang) for one in Leaving]
    body: Spec = {
        "data": {"values": rows},
        "width": SMALL if isinstance(subject, Comparison) else WIDTH,
        "height": HEIGHT,
        "mark": {"type": "bar", "tooltip": True},
        "encoding": {
            "x": _year(lang),
            "y": {"field": "people", "type": "quantitative", "title": word(Unit.PEOPLE, lang)},
            "color": {"field": "ground", "type": "nominal", "title": None, "scale": {"domain": grounds}},
            "column": {"field": "variant", "type": "nominal", "title": None, "sort": _order(subject, lang)},
        },
    }
    if isinstance(subject, Simulation):
        encoding = body["encoding"]
        assert isinstance(encoding, dict)
        del encoding["column"]
    return _chart(subject, say(msg("Who leaves, by reason"), lang), lang, body)


def charts(subject: Subject, lang: Lang = "zh") -> dict[str, Chart]:
    """Return all charts by name."""
    found = {
        "pay": fan_chart(subject, "total", lang),
        "headcount": headcount_chart(subject, lang),
        "leavers": leavers_chart(subject, lang),
        "grades": structure_chart(subject, "grade", None, lang),
        "ages": structure_chart(subject, "age", None, lang),
        "pyramid": pyramid_chart(subject, None, lang),
    }
    if isinstance(subject, Comparison):
        return {"difference": difference_chart(subject, "cost", lang), **found}
    return found


# --- text ----------------------------------------------------------------------------------------


def comparison_lines(comparison: Comparison, lang: Lang) -> list[str]:
    """Return what a comparison comes to as lines of text."""
    told = comparison.told()
    rows = ["  " + " | ".join(row) for row in told.rows(lambda message: say(message, lang))]
    verdicts = [say(one, lang) for one in told.verdicts()]
    return [say(told.head(), lang), *rows, *verdicts, *notes_lines(comparison, lang)]


# --- the page ----------------------------------------------------------------------------------------


_HEADS: Final = (msg("year"), msg("cost, ten thousand yuan"), msg("in post"), msg("vacant"), msg("left"))
_SHOWN: Final = ("cost", "held", "vacant", "left")


def simulation_page(subject: Subject, lang: Lang = "zh") -> str:
    """Return simulated years as one page that needs nothing from outside.

    Raises:
        MissingExtraError: vl-convert isn't installed: charts stand on the page as pictures.
    """
    name, years, seeds = _place(subject)
    title = say(
        msg("{place}: years ahead, {first} to {last}", place=name, first=years[0], last=years[-1]), lang
    )
    banner = "".join(f"<p>{xml(line)}</p>" for line in notes_lines(subject, lang))
    told = say(msg("Means of {seeds} seeds, each the same luck in every variant.", seeds=seeds), lang)
    parts = [
        f"<h1>{xml(title)}</h1>", f'<div class="banner">{banner}</div>' if banner else "",
        f'<p class="soft">{xml(told)}</p>', _means(subject, lang),
        _differences(subject, lang) if isinstance(subject, Comparison) else "", _targets(subject, lang),
        *(f"<section>{one.to_svg()}</section>" for one in charts(subject, lang).values()),
    ]  # fmt: skip
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{xml(title)}</title>'
        f"<style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _means(subject: Subject, lang: Lang) -> str:
    rows: dict[tuple[str, int | None], dict[str, Estimate]] = {}
    for row in subject.estimates(measures=_SHOWN, by=()):
        rows.setdefault((row.variant, row.year), {})[row.measure] = row
    head = _row([say("variant", lang), *(say(one, lang) for one in _HEADS)], "th")
    body = [
        _row([_variant(variant, lang), str(year), *(_number(one, row[one].mean) for one in _SHOWN)])
        for (variant, year), row in rows.items()
    ]
    return f"<table>{head}{''.join(body)}</table>"


def _targets(subject: Subject, lang: Lang) -> str:
    """Return when targets are reached first: in how many runs, in which year, and what a reform changes of it."""
    measures = tuple(one.name for one in MEASURES.values() if one.whole)
    rows: dict[str, dict[str, Estimate]] = {}
    for row in subject.estimates(per=(), measures=measures, by=()):
        rows.setdefault(row.variant, {})[row.measure] = row
    changes: dict[tuple[str, str], Difference] = {}
    if isinstance(subject, Comparison):
        changes = {(one.variant, one.measure): one for one in subject.differences(per=(), measures=measures, by=())}
    heads = (
        msg("variant"), msg("target"), msg("runs that reach it"), msg("first year, in the middle of all runs"),
        msg("years later than the baseline"), msg("95% interval"),
    )  # fmt: skip
    last = _place(subject)[1][-1]
    body = []
    for variant, told in rows.items():
        for name, first in told.items():
            if MEASURES[name].unit is not Unit.CALENDAR:
                continue
            ever, change = told[name.replace("first", "ever")], changes.get((variant, name))
            middle = str(first.q50) if first.q50 <= last else say(msg("after {year}", year=last), lang)
            later = ["", ""] if change is None else [f"{change.mean:z,.1f}", _interval(change, _plain_number, lang)]
            body.append(
                _row([_variant(variant, lang), measure_name(name, lang), f"{ever.mean:.0%}", middle, *later])
            )
    return f"<table>{_row([say(one, lang) for one in heads], 'th')}{''.join(body)}</table>" if body else ""


def _differences(comparison: Comparison, lang: Lang) -> str:
    heads = (
        msg("variant"), msg("difference over all years, ten thousand yuan"), msg("95% interval"),
        msg("standard deviation over seeds"), msg("with independent luck"), msg("seeds in which it differs"),
    )  # fmt: skip
    rows = [_difference(comparison.cost(one.name), lang) for one in comparison.reforms]
    return f"<table>{_row([say(one, lang) for one in heads], 'th')}{''.join(rows)}</table>"


def _difference(row: Difference, lang: Lang) -> str:
    return _row(
        [
            row.variant, _number("cost", row.mean), _interval(row, partial(_number, "cost"), lang),
            _number("cost", row.spread), _number("cost", row.spread_independent), str(row.changed),
        ]
    )  # fmt: skip


def _interval(row: Difference, write: Callable[[float], str], lang: Lang) -> str:
    if row.low is None or row.high is None:
        return "–"
    return say(msg("{low} to {high}", low=write(row.low), high=write(row.high)), lang)


def _plain_number(value: float) -> str:
    return f"{value:z,.1f}"


def _number(measure: str, value: float) -> str:
    return f"{value / _SCALES['zh'][0]:z,.2f}" if measure in MONEY else f"{value:z,.1f}"


def _row(cells: Iterable[str], tag: str = "td") -> str:
    first, *rest = cells
    inner = "".join(f'<{tag} class="n">{xml(cell)}</{tag}>' for cell in rest)
    return f"<tr><{tag}>{xml(first)}</{tag}>{inner}</tr>"
