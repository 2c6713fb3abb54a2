"""The report of a year as one page that needs nothing from outside: inline style, inline drawings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any, Final

import attrs

from shequ_core.errors import Message, msg
from shequ_core.jilin.register import register
from shequ_core.law.findings import GRADE_OF_FORCE, Finding, Grade
from shequ_core.model.answers import PersonYear
from shequ_core.model.places import COUNTY_DIGITS, TOWNSHIP_DIGITS
from shequ_core.model.posts import CLASS_LABELS
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.parameters import PARAMETERS
from shequ_core.policy.policy import Policy
from shequ_core.reports.wording import bracketed, cited, class_word, key_word, labelled, phrases, say, shown, word
from shequ_core.tables.answers import PersonYears
from shequ_core.values import MONTHS_PER_YEAR, Fen, Lang, Status, yuan
from shequ_core.year import YearResult

LISTED: Final = 200
"""So many rows of a list stand on the page; the workbook has all."""
WIDTH: Final = 640

HEADCOUNT: Final = (msg("Households"), msg("Posts"), msg("Held"), msg("Allowed"))
HEADCOUNT_BY_COUNTY: Final = (msg("Posts"), msg("Held"), msg("Communities below"), msg("Communities above"))
CONFLICT: Final = (msg("Set here"), msg("Why"), msg("Bound set by"), msg("Grade"))
ASSUMED: Final = (msg("Meaning"), msg("Value"), msg("Mark"), msg("Source"))
RESTS_ON: Final = "rests-on"
"""Where the page tells what it rests on."""
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
a{color:var(--mark)}h3{font-size:1rem;margin:1.2rem 0 .3rem}
@media print{body{margin:0;font-size:11px}.card{border:1px solid var(--line)}details{display:block}}
"""


@attrs.frozen
class _Names:
    """What places, communities and people are called on one page.

    Attributes:
        communities: The name of each community of the answer.
        homes: The community of each person.
    """

    book: PolicyBook
    place: str
    communities: Mapping[str, str]
    homes: Mapping[str, str]

    def whole(self, code: str) -> str:
        """Name a division with all that it lies in; anything else by its code."""
        return self.book.divisions.path(code) if code in self.book.divisions else code

    def below(self, code: str) -> str:
        """Name a division without the place of the answer, or a community with its subdistrict."""
        if code in self.communities:
            return f"{self.below(code[:TOWNSHIP_DIGITS])} {self.communities[code]}"
        return self.whole(code).removeprefix(self.whole(self.place)) or self.whole(code)

    def subject(self, code: str) -> str:
        """Name what a finding is about: a person by id, with the community."""
        home = self.homes.get(code)
        return self.below(code) if home is None else f"{code} · {self.below(home)}"


def year_page(result: YearResult, summary: Mapping[str, Any], book: PolicyBook, lang: Lang) -> str:  # Any: JSON data
    """Return the page of a year's answer."""
    head, people = result.headcounts, result.people
    names = _Names(
        book,
        result.place,
        dict(zip(map(str, head.community.to_list()), map(str, head.name.to_list()), strict=True)),
        dict(zip(map(str, people.worker.to_list()), map(str, people.community.to_list()), strict=True)),
    )
    policies = _policies(result, book)
    title = say("One year of community governance", lang)
    parts = [
        f"<h1>{escape(str(summary['name']))} · {result.year}</h1>",
        f'<p class="sub">{escape(title)} · shequ-core {escape(summary["shequ_core"])}</p>',
        _banners(summary, lang),
        _cards(summary, lang),
        _headcount(result, names, lang),
        _pay(summary, names, lang),
        _bonus(summary, lang),
        _exits(result, policies, names, lang),
        _due(result, names, lang),
        _conflicts(result, policies, names, lang),
        _notes(result, names, lang),
        _open(result, names, lang),
        _assumptions(result, policies, names, lang),
        _policy(summary, names, lang),
    ]
    return whole_page(f"{summary['name']} {result.year}", parts, lang)


def whole_page(title: str, parts: Iterable[str], lang: Lang) -> str:
    """Return a page that needs nothing from outside; the parts are HTML already."""
    language = "zh-CN" if lang == "zh" else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}'
        f"</title><style>{STYLE}</style></head><body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _policies(result: YearResult, book: PolicyBook) -> list[Policy]:
    """Return the policy of each county at the end of the year, those with the same law once."""
    end = date(result.year, MONTHS_PER_YEAR, 31)
    found = (book.policy(code, end, result.known) for code in result.policies)
    return list({policy.fingerprint: policy for policy in found}.values())


def _banners(summary: Mapping[str, Any], lang: Lang) -> str:  # Any: JSON data
    found = []
    if summary["synthetic"]:
        told = say("The people and communities in this answer are synthetic: made up, nobody's data.", lang)
        found.append(f'<div class="banner"><b>{escape(told)}</b></div>')
    if summary["marks"]:
        marks = tuple(word(Status(one), lang) for one in summary["marks"])
        count = len(summary["rests_on"])
        rests = msg("This answer rests on {count} values that nobody issued ({marks}).", count=count, marks=marks)
        more = escape(say("Which they are", lang))
        found.append(f'<div class="banner"><b>{escape(say(rests, lang))}</b> <a href="#{RESTS_ON}">{more}</a></div>')
    return "".join(found)


def _cards(summary: Mapping[str, Any], lang: Lang) -> str:  # Any: JSON data
    head = summary["headcount"]
    cards = [
        (say("Communities", lang), f"{head['communities']:,}"),
        (say("Posts", lang), f"{head['posts']:,}"),
        (say("Held", lang), f"{head['held']:,}"),
        (say("Paid in the year, yuan", lang), grouped(summary["pay"]["by_line"]["total"])),
        (say("Exits proposed", lang), f"{sum(summary['exits'].values()):,}"),
    ]
    inner = "".join(f'<div class="card"><b>{escape(value)}</b>{escape(label)}</div>' for label, value in cards)
    return f'<div class="cards">{inner}</div>'


def grouped(amount: str) -> str:
    """Write an amount with its thousands apart: 43,798,534.28."""
    whole, point, fen = amount.removeprefix("-").partition(".")
    return f"{'-' if amount.startswith('-') else ''}{int(whole):,}{point}{fen}"


def _headcount(result: YearResult, names: _Names, lang: Lang) -> str:
    title = say("Posts against what each community may have (JLW2.2)", lang)
    rows = list(result.headcounts)
    head = table_row([("", "")] + [(say(text, lang), "n") for text in HEADCOUNT], "th")
    if len(rows) > LISTED:
        by_county: dict[str, list[int]] = {}
        for row in rows:
            counts = by_county.setdefault(row.community[:COUNTY_DIGITS], [0, 0, 0, 0])
            counts[0] += row.posts
            counts[1] += row.held
            counts[2] += int(row.least is not None and row.posts < row.least)
            counts[3] += int(row.most is not None and row.posts > row.most)
        head = table_row([("", "")] + [(say(text, lang), "n") for text in HEADCOUNT_BY_COUNTY], "th")
        body = "".join(
            table_row([(names.below(code), ""), *((f"{one:,}", "n") for one in counts)])
            for code, counts in sorted(by_county.items())
        )
        return f"<h2>{escape(title)}</h2><table>{head}{body}</table>"
    most = max((max(row.posts, row.most or 0) for row in rows), default=1) or 1
    drawn = []
    for at, row in enumerate(rows):
        y = at * 16 + 12
        told = str(row.posts)
        if row.least is not None and row.most is not None:
            x, wide = 220 + 320 * row.least // most, max(2, 320 * (row.most - row.least) // most)
            drawn.append(f'<rect class="range" x="{x}" y="{y - 5}" width="{wide}" height="8"/>')
            told = f"{row.posts} / {row.least}–{row.most}"
        off = row.least is not None and row.most is not None and not row.least <= row.posts <= row.most
        drawn.append(f'<circle class="{"off" if off else "dot"}" cx="{220 + 320 * row.posts // most}" cy="{y}" r="4"/>')
        drawn.append(f'<text x="0" y="{y + 4}">{escape(row.name)}</text><text x="560" y="{y + 4}">{told}</text>')
    height = len(rows) * 16 + 8
    label = say("Bar: what is allowed; dot: posts; red: outside; on the right: posts / allowed", lang)
    chart = f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    body = "".join(
        table_row(
            [
                (names.below(row.community), ""),
                (_or(row.households), "n"),
                (str(row.posts), "n"),
                (str(row.held), "n"),
                ("?" if row.least is None else f"{row.least}–{row.most}", "n"),
            ]
        )
        for row in rows
    )
    details = f"<details><summary>{escape(say('As a table', lang))}</summary><table>{head}{body}</table></details>"
    return f'<h2>{escape(title)}</h2><p class="soft">{escape(label)}</p>{chart}{details}'


def _or(value: int | None) -> str:
    return "?" if value is None else str(value)


def table_row(cells: Iterable[tuple[str, str]], tag: str = "td") -> str:
    """Return a row of a table: each cell's text and its class."""
    inner = "".join(f'<{tag}{f" class={kind}" if kind else ""}>{escape(text)}</{tag}>' for text, kind in cells)
    return f"<tr>{inner}</tr>"


def _bars(amounts: Mapping[str, str], label: Callable[[str], str]) -> str:
    sums = {key: int(yuan(amount)) for key, amount in amounts.items()}
    most = max(sums.values(), default=1) or 1
    drawn = []
    for at, (key, total) in enumerate(sums.items()):
        y = at * 20 + 14
        drawn.append(f'<text x="0" y="{y}">{escape(label(key))}</text>')
        drawn.append(f'<rect class="bar" x="220" y="{y - 10}" width="{max(1, 280 * total // most)}" height="12"/>')
        drawn.append(f'<text x="{226 + 280 * total // most}" y="{y}">{grouped(amounts[key])}</text>')
    return f'<svg viewBox="0 0 {WIDTH} {len(sums) * 20 + 6}" role="img">{"".join(drawn)}</svg>'


def _pay(summary: Mapping[str, Any], names: _Names, lang: Lang) -> str:  # Any: JSON data
    pay = summary["pay"]
    by_place, below = pay["by_subdistrict"], msg("By subdistrict")
    if len(by_place) > LISTED // 4:
        totals: dict[str, int] = {}
        for code, amount in by_place.items():
            totals[code[:COUNTY_DIGITS]] = totals.get(code[:COUNTY_DIGITS], 0) + int(yuan(amount))
        by_place, below = {code: Fen(total).yuan() for code, total in sorted(totals.items())}, msg("By county")
    labels = PersonYears.specs
    # A line that nobody was paid says nothing; the sum stands in any case.
    by_line = {line: amount for line, amount in pay["by_line"].items() if line == "total" or int(yuan(amount))}
    by_class = {code: pay["by_class"][code] for code in _in_rank(pay["by_class"], tuple(CLASS_LABELS.values()))}
    title = say("The pay bill, yuan (JLW2.4, 3.2)", lang)
    return "".join(
        [
            f"<h2>{escape(title)}</h2>",
            f"<h3>{escape(say('By line', lang))}</h3>",
            _bars(by_line, lambda key: labels[key].headers[1] if lang == "zh" else key),
            f"<h3>{escape(say('By class of post', lang))}</h3>",
            _bars(by_class, lambda key: class_word(key, lang)),
            f"<h3>{escape(say(below, lang))}</h3>",
            _bars(by_place, lambda key: names.below(key)[-18:]),
            f"<h3>{escape(say('By month', lang))}</h3>",
            _bars(pay["by_month"], lambda key: f"{key[:4]}-{key[4:]}"),
        ]
    )


def _in_rank(found: Iterable[str], ranked: Sequence[str]) -> list[str]:
    """Put codes in the order of a list, those that it doesn't have last."""
    return sorted(found, key=lambda one: (ranked.index(one) if one in ranked else len(ranked), one))


def _bonus(summary: Mapping[str, Any], lang: Lang) -> str:  # Any: JSON data
    title = say("The spread of monthly bonuses by assessment, yuan (JLW2.4f)", lang)
    head = table_row([("", "")] + [(say(text, lang), "n") for text in SPREAD], "th")
    spread: Mapping[str, Any] = summary["bonus"]
    most = max((int(yuan(row["quantiles"][-1])) for row in spread.values()), default=1) or 1
    drawn, body = [], []
    for at, grade in enumerate(_in_rank(spread, [one.value for one in AssessmentGrade])):
        row = spread[grade]
        low, first, middle, third, high = (480 * int(yuan(one)) // most + 140 for one in row["quantiles"])
        y = at * 26 + 16
        drawn.append(f'<text x="0" y="{y + 4}">{escape(_assessed(grade, lang))}</text>')
        drawn.append(f'<rect class="range" x="{low}" y="{y - 1}" width="{max(1, high - low)}" height="2"/>')
        drawn.append(f'<rect class="bar" x="{first}" y="{y - 6}" width="{max(1, third - first)}" height="12"/>')
        drawn.append(f'<rect class="off" x="{middle}" y="{y - 8}" width="2" height="16"/>')
        cells = [(_assessed(grade, lang), ""), (f"{row['slips']:,}", "n")]
        body.append(table_row([*cells, *((grouped(one), "n") for one in row["quantiles"])]))
    label = say("Line: least to most; box: the middle half; red: the middle", lang)
    chart = (
        f'<svg viewBox="0 0 {WIDTH} {len(spread) * 26 + 8}" role="img" aria-label="{escape(label)}">'
        f"{''.join(drawn)}</svg>"
    )
    table = f"<table>{head}{''.join(body)}</table>"
    return f'<h2>{escape(title)}</h2><p class="soft">{escape(label)}</p>{chart}{table}'


def _assessed(grade: str, lang: Lang) -> str:
    return say("not assessed", lang) if grade == UNASSESSED else word(AssessmentGrade(grade), lang)


def _table(rows: Sequence[str], head: str, lang: Lang) -> str:
    """Return a table of the first rows; the workbook has all."""
    if not rows:
        return f'<p class="soft">{escape(say("None.", lang))}</p>'
    more = ""
    if len(rows) > LISTED:
        told = msg("{count} more stand in {file}.", count=len(rows) - LISTED, file="year.xlsx")
        more = f'<p class="soft">{escape(say(told, lang))}</p>'
    return f"<table>{head}{''.join(rows[:LISTED])}</table>{more}"


def _findings(found: Sequence[Finding], names: _Names, lang: Lang) -> str:
    rows = [
        table_row([(one.clause, ""), (names.subject(one.subject), ""), (say(one.message, lang), "")]) for one in found
    ]
    return _table(rows, "", lang)


def _section(title: Message, inner: str, lang: Lang) -> str:
    return f"<h2>{escape(say(title, lang))}</h2>{inner}"


def _exits(result: YearResult, policies: Sequence[Policy], names: _Names, lang: Lang) -> str:
    """Who has to leave, ground by ground, each in the register's words and with what the place sets for it."""
    by_ground: dict[str, list[PersonYear]] = {}
    for person in result.people.where(result.people.exit_ground.mask()):
        for clause in str(person.exit_ground).split():
            by_ground.setdefault(clause, []).append(person)
    told = [] if by_ground else [_table([], "", lang)]
    for clause in (one for one in register() if one in by_ground):
        told.append(f"<h3>{escape(bracketed(clause, str(len(by_ground[clause])), lang))}</h3>")
        said = [register()[clause].says[lang], *_set_for(clause, policies, names, lang)]
        told.append(f'<p class="soft">{"<br>".join(map(escape, said))}</p>')
        rows = [
            table_row([(one.worker, ""), (names.below(one.community), ""), (class_word(one.post_class, lang), "")])
            for one in by_ground[clause]
        ]
        told.append(_table(rows, "", lang))
    title = msg("Who has to leave, and on which ground: proposals (JLW2.10)")
    return _section(title, "".join(told), lang)


def _set_for(clause: str, policies: Sequence[Policy], names: _Names, lang: Lang) -> list[str]:
    """Return each value that is in force for a clause, with who set it."""
    said: dict[str, None] = {}
    for name, key in sorted(PARAMETERS.items()):
        for own in (policy.why(key) for policy in policies if clause in key.clauses):
            if own is not None:
                by = phrases((names.whole(own.place), cited(own.value.source, lang), own.value.status), lang)
                said[f"{labelled(key_word(name, lang), shown(own.value.value, lang), lang)} · {by}"] = None
    return list(said)


def _due(result: YearResult, names: _Names, lang: Lang) -> str:
    found = [one for one in result.findings if one.grade is Grade.DUE]
    title = msg("Trainings and agreements that are due (JLW2.7a, 2.5c)")
    return _section(title, _findings(found, names, lang), lang)


def _conflicts(result: YearResult, policies: Sequence[Policy], names: _Names, lang: Lang) -> str:
    """What a place sets against what a place above allows, both with document and clause; then other conflicts."""
    rows: dict[str, None] = {}
    told = set()
    for policy in policies:
        for one in policy.conflicts():
            own = policy.provenance(one.key)
            assert own is not None
            told.add(f"{one.source.clause or '-'}-{one.key}")
            said = phrases((names.whole(own.place), cited(own.value.source, lang), own.value.status), lang)
            cells = (
                key_word(one.key, lang),
                labelled(shown(own.value.value, lang), said, lang),
                say(one.judgement.why, lang),
                phrases((names.whole(one.place), cited(one.source, lang)), lang),
                word(GRADE_OF_FORCE[one.source.force], lang),
            )
            rows[table_row([(cell, "") for cell in cells])] = None
    head = table_row([("", ""), *((say(text, lang), "") for text in CONFLICT)], "th")
    others = [one for one in result.findings if one.grade is Grade.CONFLICT and one.code not in told]
    inner = _table(list(rows), head, lang) + (_findings(others, names, lang) if others else "")
    return _section(msg("Conflicts between city and province"), inner, lang)


def _notes(result: YearResult, names: _Names, lang: Lang) -> str:
    found = [one for one in result.findings if one.grade is Grade.NOTE]
    return _section(msg("Notes: departures from what the law says in principle"), _findings(found, names, lang), lang)


def _open(result: YearResult, names: _Names, lang: Lang) -> str:
    """What nobody could say; the same thing missing in many places is one row."""
    together: dict[tuple[str, str], list[str]] = {}
    for one in result.findings:
        if one.grade is Grade.NOT_EXAMINED:
            together.setdefault((one.clause, say(one.message, lang)), []).append(one.subject)
    rows = [
        table_row([(clause, ""), (str(count), ""), ("", "")]) for clause, count in sorted(result.not_examined.items())
    ]
    for (clause, told), subjects in together.items():
        where = names.subject(subjects[0])
        if len(subjects) > 1:
            where = say(msg("{first} and {count} more", first=where, count=len(subjects) - 1), lang)
        rows.append(table_row([(clause, ""), (where, ""), (told, "")]))
    return _section(msg("Not examined: a fact or a local rule is missing"), _table(rows, "", lang), lang)


def _assumptions(result: YearResult, policies: Sequence[Policy], names: _Names, lang: Lang) -> str:
    """Return every value that nobody issued: what it means, what it is here, and what it rests on."""
    rows: dict[str, None] = {}
    for key in sorted(result.uncertain):
        meaning = say(PARAMETERS[key].doc, lang)
        for policy in policies:
            own = policy.provenance(key)
            if own is None or not any(one.asked_for for one in own.statuses):
                continue
            marks = " + ".join(word(one, lang) for one in own.statuses)
            said = phrases((names.whole(own.place), cited(own.value.source, lang)), lang)
            cells = (key_word(key, lang), meaning, shown(own.value.value, lang), marks, said)
            rows[table_row([(cell, "") for cell in cells])] = None
    head = table_row([("", ""), *((say(text, lang), "") for text in ASSUMED)], "th")
    title = f'<h2 id="{RESTS_ON}">{escape(say("What rests on assumptions", lang))}</h2>'
    return title + _table(list(rows), head, lang)


def _policy(summary: Mapping[str, Any], names: _Names, lang: Lang) -> str:  # Any: JSON data
    rows = "".join(table_row([(names.whole(code), ""), (digest, "")]) for code, digest in summary["policies"].items())
    return _section(msg("The policy behind it, by fingerprint"), f"<details><table>{rows}</table></details>", lang)
