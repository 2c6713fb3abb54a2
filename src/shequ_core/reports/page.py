"""The report of a year as one page that needs nothing from outside: inline style, inline drawings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from shequ_core.errors import Message, msg
from shequ_core.law.findings import Finding, Grade
from shequ_core.model.places import COUNTY_DIGITS
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.reports.wording import bracketed, class_word, key_word, labelled, listed, say, word
from shequ_core.tables.answers import PersonYears
from shequ_core.values import Lang, Status, yuan
from shequ_core.year import YearResult

LISTED: Final = 200
"""So many rows of a list stand on the page; the workbook has all."""
WIDTH: Final = 640

HEADCOUNT: Final = (msg("Households"), msg("Posts"), msg("Held"), msg("Allowed"))
HEADCOUNT_BY_COUNTY: Final = (msg("Posts"), msg("Held"), msg("Communities below"), msg("Communities above"))
UNASSESSED: Final = "unassessed"
"""What the summary calls those whom no assessment has reached yet."""
SPREAD: Final = (
    msg("Slips"), msg("Least"), msg("Lower quarter"), msg("Middle"), msg("Upper quarter"), msg("Most"),
)

STYLE: Final = """
:root{--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--paper:#fff;--band:#eef2f7;--mark:#2f6fb0;--warn:#a8541a;--bad:#a32b2b}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaf0;--soft:#9aa6b5;--line:#3a4450;--paper:#151a21;--band:#212936;
--mark:#6fa8dc;--warn:#e09a5b;--bad:#e07a7a}}
body{font:15px/1.6 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;color:var(--ink);
background:var(--paper);max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.15rem;margin:2.2rem 0 .6rem;border-bottom:1px solid var(--line)}
p.sub,caption,.soft{color:var(--soft)}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
td.n,th.n{text-align:right;white-space:nowrap}.banner{border-left:4px solid var(--warn);background:var(--band);
padding:.6rem .9rem;margin:1rem 0}.cards{display:flex;flex-wrap:wrap;gap:.8rem;margin:1rem 0}
.card{background:var(--band);padding:.6rem .9rem;min-width:8rem}.card b{display:block;font-size:1.3rem}
svg{max-width:100%;height:auto}svg text{font:12px sans-serif;fill:var(--ink)}
.bar{fill:var(--mark)}.range{fill:var(--line)}
.dot{fill:var(--mark)}.off{fill:var(--bad)}details{margin:.4rem 0}code{font-size:.9em;overflow-wrap:anywhere}
@media print{body{margin:0;font-size:11px}.card{border:1px solid var(--line)}details{display:block}}
"""


def year_page(result: YearResult, summary: Mapping[str, Any], book: PolicyBook, lang: Lang) -> str:  # Any: JSON data
    """Return the page of a year's answer."""

    def name(code: str) -> str:
        return book.divisions.path(code) if code in book.divisions else code

    title = say("One year of community governance", lang)
    parts = [
        f"<h1>{escape(str(summary['name']))} · {result.year}</h1>",
        f'<p class="sub">{escape(title)} · shequ-core {escape(summary["shequ_core"])}</p>',
        _banners(result, summary, lang),
        _cards(summary, lang),
        _headcount(result, name, lang),
        _pay(summary, name, lang),
        _bonus(summary, lang),
        _exits(result, lang),
        _due(result, lang),
        _conflicts(result, name, lang),
        _open(result, name, lang),
        _policy(summary, name, lang),
    ]
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(str(summary["name"]))} '
        f"{result.year}</title><style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _banners(result: YearResult, summary: Mapping[str, Any], lang: Lang) -> str:
    found = []
    if summary["synthetic"]:
        told = say("The people and communities in this answer are synthetic: made up, nobody's data.", lang)
        found.append(f'<div class="banner"><b>{escape(told)}</b></div>')
    if result.uncertain:
        told = say("This answer rests on values that nobody issued:", lang)
        rows = "".join(
            f"<li>{escape(labelled(key_word(key, lang), ' + '.join(word(one, lang) for one in statuses), lang))}</li>"
            for key, statuses in sorted(result.uncertain.items())
        )
        marks = bracketed("", listed((word(Status(one), lang) for one in summary["marks"]), lang), lang)
        found.append(f'<div class="banner"><b>{escape(told)}</b>{escape(marks)}<ul>{rows}</ul></div>')
    return "".join(found)


def _cards(summary: Mapping[str, Any], lang: Lang) -> str:
    head = summary["headcount"]
    cards = [
        (say("Communities", lang), str(head["communities"])),
        (say("Posts", lang), str(head["posts"])),
        (say("Held", lang), str(head["held"])),
        (say("Paid in the year, yuan", lang), f"{summary['pay']['by_line']['total']}"),
        (say("Exits proposed", lang), str(sum(summary["exits"].values()))),
    ]
    inner = "".join(f'<div class="card"><b>{escape(value)}</b>{escape(label)}</div>' for label, value in cards)
    return f'<div class="cards">{inner}</div>'


def _headcount(result: YearResult, name: Any, lang: Lang) -> str:  # Any: names a code
    title = say("Posts against what each community may have (JLW2.2)", lang)
    rows = list(result.headcounts)
    head = _row([("", "")] + [(say(text, lang), "n") for text in HEADCOUNT], "th")
    if len(rows) > LISTED:
        by_county: dict[str, list[int]] = {}
        for row in rows:
            counts = by_county.setdefault(row.community[:COUNTY_DIGITS], [0, 0, 0, 0])
            counts[0] += row.posts
            counts[1] += row.held
            counts[2] += int(row.least is not None and row.posts < row.least)
            counts[3] += int(row.most is not None and row.posts > row.most)
        head = _row([("", "")] + [(say(text, lang), "n") for text in HEADCOUNT_BY_COUNTY], "th")
        body = "".join(
            _row([(name(code), ""), *((str(one), "n") for one in counts)]) for code, counts in sorted(by_county.items())
        )
        return f"<h2>{escape(title)}</h2><table>{head}{body}</table>"
    most = max((max(row.posts, row.most or 0) for row in rows), default=1) or 1
    drawn = []
    for at, row in enumerate(rows):
        y = at * 16 + 12
        if row.least is not None and row.most is not None:
            x, wide = 200 + 420 * row.least // most, max(2, 420 * (row.most - row.least) // most)
            drawn.append(f'<rect class="range" x="{x}" y="{y - 5}" width="{wide}" height="8"/>')
        off = row.least is not None and row.most is not None and not row.least <= row.posts <= row.most
        drawn.append(f'<circle class="{"off" if off else "dot"}" cx="{200 + 420 * row.posts // most}" cy="{y}" r="4"/>')
        drawn.append(f'<text x="0" y="{y + 4}">{escape(row.name)}</text>')
    height = len(rows) * 16 + 8
    label = say("Bar: what is allowed; dot: posts; red: outside", lang)
    chart = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    body = "".join(
        _row(
            [
                (row.name, ""),
                (_or(row.households), "n"),
                (str(row.posts), "n"),
                (str(row.held), "n"),
                ("?" if row.least is None else f"{row.least}-{row.most}", "n"),
            ]
        )
        for row in rows
    )
    details = f"<details><summary>{escape(say('As a table', lang))}</summary><table>{head}{body}</table></details>"
    return f'<h2>{escape(title)}</h2><p class="soft">{escape(label)}</p>{chart}{details}'


def _or(value: int | None) -> str:
    return "?" if value is None else str(value)


def _row(cells: Iterable[tuple[str, str]], tag: str = "td") -> str:
    inner = "".join(f'<{tag}{f" class={kind}" if kind else ""}>{escape(text)}</{tag}>' for text, kind in cells)
    return f"<tr>{inner}</tr>"


def _bars(amounts: Mapping[str, str], label: Any) -> str:  # Any: names a key
    sums = {key: int(yuan(amount)) for key, amount in amounts.items()}
    most = max(sums.values(), default=1) or 1
    drawn = []
    for at, (key, total) in enumerate(sums.items()):
        y = at * 20 + 14
        drawn.append(f'<text x="0" y="{y}">{escape(label(key))}</text>')
        drawn.append(f'<rect class="bar" x="220" y="{y - 10}" width="{max(1, 280 * total // most)}" height="12"/>')
        drawn.append(f'<text x="{226 + 280 * total // most}" y="{y}">{amounts[key]}</text>')
    return f'<svg viewBox="0 0 {WIDTH} {len(sums) * 20 + 6}" role="img">{"".join(drawn)}</svg>'


def _pay(summary: Mapping[str, Any], name: Any, lang: Lang) -> str:  # Any: names a code
    pay = summary["pay"]
    by_place = pay["by_subdistrict"]
    if len(by_place) > LISTED // 4:
        totals: dict[str, int] = {}
        for code, amount in by_place.items():
            totals[code[:COUNTY_DIGITS]] = totals.get(code[:COUNTY_DIGITS], 0) + int(yuan(amount))
        by_place = {code: f"{total // 100}.{total % 100:02d}" for code, total in sorted(totals.items())}
    labels = PersonYears.specs
    title = say("The pay bill, yuan (JLW2.4, 3.2)", lang)
    return "".join(
        [
            f"<h2>{escape(title)}</h2>",
            f"<h3>{escape(say('By line', lang))}</h3>",
            _bars(pay["by_line"], lambda key: labels[key].headers[1] if lang == "zh" else key),
            f"<h3>{escape(say('By class of post', lang))}</h3>",
            _bars(pay["by_class"], lambda key: class_word(key, lang)),
            f"<h3>{escape(say('By subdistrict', lang))}</h3>",
            _bars(by_place, lambda key: name(key)[-14:]),
            f"<h3>{escape(say('By month', lang))}</h3>",
            _bars(pay["by_month"], lambda key: f"{key[:4]}-{key[4:]}"),
        ]
    )


def _bonus(summary: Mapping[str, Any], lang: Lang) -> str:
    title = say("The spread of monthly bonuses by assessment, yuan (JLW2.4f)", lang)
    head = _row([("", "")] + [(say(text, lang), "n") for text in SPREAD], "th")
    spread: Mapping[str, Any] = summary["bonus"]
    most = max((int(yuan(row["quantiles"][-1])) for row in spread.values()), default=1) or 1
    drawn, body = [], []
    for at, (grade, row) in enumerate(spread.items()):
        low, first, middle, third, high = (480 * int(yuan(one)) // most + 140 for one in row["quantiles"])
        y = at * 26 + 16
        drawn.append(f'<text x="0" y="{y + 4}">{escape(_assessed(grade, lang))}</text>')
        drawn.append(f'<rect class="range" x="{low}" y="{y - 1}" width="{max(1, high - low)}" height="2"/>')
        drawn.append(f'<rect class="bar" x="{first}" y="{y - 6}" width="{max(1, third - first)}" height="12"/>')
        drawn.append(f'<rect class="off" x="{middle}" y="{y - 8}" width="2" height="16"/>')
        cells = [(_assessed(grade, lang), ""), (str(row["slips"]), "n")]
        body.append(_row([*cells, *((one, "n") for one in row["quantiles"])]))
    chart = f'<svg viewBox="0 0 {WIDTH} {len(spread) * 26 + 8}" role="img">{"".join(drawn)}</svg>'
    return f"<h2>{escape(title)}</h2>{chart}<table>{head}{''.join(body)}</table>"


def _assessed(grade: str, lang: Lang) -> str:
    return say("not assessed", lang) if grade == UNASSESSED else word(AssessmentGrade(grade), lang)


def _findings(found: Sequence[Finding], name: Any, lang: Lang) -> str:  # Any: names a subject
    if not found:
        return f'<p class="soft">{escape(say("None.", lang))}</p>'
    body = "".join(
        _row([(one.clause, ""), (name(one.subject), ""), (word(one.grade, lang), ""), (say(one.message, lang), "")])
        for one in found[:LISTED]
    )
    more = ""
    if len(found) > LISTED:
        told = msg("{count} more stand in {file}.", count=len(found) - LISTED, file="year.xlsx")
        more = f'<p class="soft">{escape(say(told, lang))}</p>'
    return f"<table>{body}</table>{more}"


def _section(title: Message, inner: str, lang: Lang) -> str:
    return f"<h2>{escape(say(title, lang))}</h2>{inner}"


def _exits(result: YearResult, lang: Lang) -> str:
    found = [one for one in result.findings if one.code.endswith("-exit")]
    title = msg("Who has to leave, and on which ground: proposals (JLW2.10)")
    return _section(title, _findings(found, str, lang), lang)


def _due(result: YearResult, lang: Lang) -> str:
    found = [one for one in result.findings if one.grade is Grade.DUE]
    return _section(msg("Trainings and agreements that are due (JLW2.7a, 2.5c)"), _findings(found, str, lang), lang)


def _conflicts(result: YearResult, name: Any, lang: Lang) -> str:  # Any: names a code
    found = [one for one in result.findings if one.grade in {Grade.CONFLICT, Grade.NOTE}]
    found.sort(key=lambda one: one.grade is not Grade.CONFLICT)
    return _section(msg("Conflicts between city and province, and notes"), _findings(found, name, lang), lang)


def _open(result: YearResult, name: Any, lang: Lang) -> str:  # Any: names a code
    found = [one for one in result.findings if one.grade is Grade.NOT_EXAMINED]
    counts = "".join(_row([(clause, ""), (str(count), "n")]) for clause, count in sorted(result.not_examined.items()))
    rows = f"<table>{counts}</table>" if counts else ""
    return _section(msg("Not examined: a fact or a local rule is missing"), rows + _findings(found, name, lang), lang)


def _policy(summary: Mapping[str, Any], name: Any, lang: Lang) -> str:  # Any: names a code
    rows = "".join(_row([(name(code), ""), (digest, "")]) for code, digest in summary["policies"].items())
    return _section(msg("The policy behind it, by fingerprint"), f"<details><table>{rows}</table></details>", lang)
