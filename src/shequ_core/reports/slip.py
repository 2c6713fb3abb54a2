"""Pay slips (工资条): a person's month line by line, each line with its clauses, as data, text and HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from datetime import date
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Final, Protocol

import attrs

from shequ_core.errors import Message, WorkerNotFoundError, msg
from shequ_core.explanation import BUILT_ON, LINES, in_force
from shequ_core.law.carrying import CARRIERS
from shequ_core.law.findings import Grade
from shequ_core.model.answers import DEDUCTIONS, EARNINGS, ContributionLine, Slip
from shequ_core.model.places import COUNTY_DIGITS, Divisions
from shequ_core.model.records import AssessmentGrade
from shequ_core.policy.book import PolicyBook
from shequ_core.population import SYNTHETIC
from shequ_core.reports.lines import cause_told, clauses_told, graded, head_word, line_word, month_text
from shequ_core.reports.rests import rests_lines
from shequ_core.reports.wording import ZH, bracketed, class_word, labelled, listed, phrases, say, word
from shequ_core.tables.answers import ArrearsLines, ContributionLines, Headcounts
from shequ_core.tables.dataset import Dataset
from shequ_core.values import Fen, JsonValue, Lang, Status
from shequ_core.year import PayMonth, run_month
from shequ_core.year.month import month_of
from shequ_core.year.payrun import pay_run
from shequ_core.year.ran import Basis
from shequ_core.year.rests import Rests

ALWAYS: Final = frozenset({"basic"})
"""Lines that a slip shows even where they come to nothing."""


class Arrears(Protocol):
    """What is paid for an earlier month, as `ArrearsLine` has it."""

    @property
    def worker(self) -> str:
        """Who is paid."""

    @property
    def month(self) -> int:
        """In which month, as 202207."""

    @property
    def of_month(self) -> int:
        """For which month."""

    @property
    def line(self) -> str:
        """The line of that month's slip."""

    @property
    def amount(self) -> Fen:
        """What is paid more, or withheld more where the line is a deduction."""

    @property
    def cause(self) -> str:
        """Codes parted by blanks."""

    @property
    def subdistrict(self) -> str:
        """Where the person was in post."""


# --- what a slip holds -------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class SlipPart:
    """The month of a slip, or a part of it in which nothing changed.

    Attributes:
        days: Calendar days.
        where: The subdistrict's name, with the places around it.
        community: The community's name, or its code where no name is on record.
        assessment: The latest grade known at payday; None where there is none yet.
        standard: The grade's standard of a whole month.
    """

    since: date
    until: date
    where: str
    community: str
    post: str
    post_class: str
    grade: int
    assessment: AssessmentGrade | None
    standard: Fen

    @property
    def days(self) -> int:
        """Its calendar days."""
        return (self.until - self.since).days + 1


@attrs.frozen(kw_only=True)
class SlipLine:
    """A line of a slip.

    Attributes:
        code: One of `EARNINGS` or `DEDUCTIONS`.
        amount: What it comes to; None for a deduction that nobody can tell.
        clauses: The clauses in force here that the rules behind it carry.
        like: Clauses of elsewhere that its mechanism is like.
        marks: How sure the values are on which it rests, where nobody issued them.
    """

    code: str
    amount: Fen | None
    clauses: tuple[str, ...] = ()
    like: tuple[str, ...] = ()
    marks: tuple[Status, ...] = ()

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data."""
        return {
            "line": self.code,
            "amount": _yuan(self.amount),
            "clauses": list(self.clauses),
            "like": list(self.like),
            "marks": [one.value for one in self.marks],
        }


@attrs.frozen(kw_only=True)
class SlipArrears:
    """What a line of an earlier month comes to more, or less where it is negative, and why.

    Attributes:
        of_month: That month, as 202205.
        line: The line; one of `DEDUCTIONS` is withheld, and 'employer' is no money of the person's.
        cause: Codes parted by blanks.
    """

    of_month: int
    line: str
    amount: Fen
    cause: str

    @property
    def paid(self) -> Fen:
        """What it adds to what the person is paid."""
        if self.line in EARNINGS:
            return self.amount
        return Fen(-self.amount if self.line in DEDUCTIONS else 0)


@attrs.frozen(kw_only=True)
class PaySlip:
    """A person's month.

    Its sums hold by the way they are made: the earnings sum to `total`, `total` less the deductions is
    `net`, and that with the arrears is `paid`.

    Attributes:
        worker: The person's id.
        name: The name, if one is on record.
        place: The code of the subdistrict that pays: that of the last part.
        where: Its name, with the places around it.
        month: The month, as 202207.
        known: As known on that day; None for all that is known now.
        parts: The month, part by part; none for somebody who is paid arrears alone.
        earnings: The lines that are due.
        deductions: The lines that the person pays, each None where nobody can tell it.
        employer: What the employer pays on top; None where nobody can tell it.
        contributions: Insurances and housing fund, scheme by scheme.
        arrears: What is paid for earlier months.
        rests_on: The parameters behind the slip whose value nobody issued, with how sure each is.
        unset: What no rule of the place sets, so that no line comes of it.
        stale: The parameters behind it whose value is past its stated life.
        synthetic: Whether the person is made up.
        fingerprints: Those of the policies by which the parts were worked out.
        instruments: The instruments whose clauses are in force there.
    """

    worker: str
    name: str | None
    place: str
    where: str
    month: int
    known: date | None
    parts: tuple[SlipPart, ...]
    earnings: tuple[SlipLine, ...]
    deductions: tuple[SlipLine, ...]
    employer: Fen | None
    contributions: tuple[ContributionLine, ...]
    arrears: tuple[SlipArrears, ...]
    rests_on: Mapping[str, tuple[Status, ...]]
    unset: tuple[Message, ...]
    stale: tuple[str, ...]
    synthetic: bool
    fingerprints: tuple[str, ...]
    instruments: frozenset[str]

    @property
    def lines(self) -> tuple[SlipLine, ...]:
        """Every line: earnings, then deductions."""
        return (*self.earnings, *self.deductions)

    @property
    def total(self) -> Fen:
        """The sum of the earnings."""
        return Fen(sum(one.amount for one in self.earnings if one.amount is not None))

    @property
    def deducted(self) -> Fen | None:
        """The sum of the deductions; None where nobody can tell one of them."""
        amounts = [one.amount for one in self.deductions]
        known = [one for one in amounts if one is not None]
        return Fen(sum(known)) if len(known) == len(amounts) else None

    @property
    def net(self) -> Fen | None:
        """What is left of the total; None where nobody can tell the deductions."""
        return None if self.deducted is None else Fen(self.total - self.deducted)

    @property
    def owed(self) -> Fen:
        """The sum of the arrears that the person is paid; negative where more is taken back."""
        return Fen(sum(one.paid for one in self.arrears))

    @property
    def paid(self) -> Fen:
        """What goes to the person: net pay and arrears; total and arrears where nobody can tell the deductions."""
        return Fen((self.total if self.net is None else self.net) + self.owed)

    @property
    def marks(self) -> tuple[Status, ...]:
        """How sure the values behind it are, where nobody issued them."""
        return _marks(self.rests_on.values())

    def line(self, code: str) -> Fen | None:
        """Return what a line comes to; nothing where it isn't due."""
        return next((one.amount for one in self.lines if one.code == code), Fen(0))

    def to_data(self) -> dict[str, JsonValue]:
        """Return it as JSON data, money as yuan text."""
        return {
            "worker": self.worker,
            "name": self.name,
            "place": self.place,
            "where": self.where,
            "month": month_text(self.month),
            "known": None if self.known is None else self.known.isoformat(),
            "synthetic": self.synthetic,
            "marks": [one.value for one in self.marks],
            "rests_on": {key: [one.value for one in found] for key, found in self.rests_on.items()},
            "stale": list(self.stale),
            "not_set": [str(one) for one in self.unset],
            "policies": list(self.fingerprints),
            "shequ_core": version("shequ-core"),
            "parts": [
                {
                    "since": part.since.isoformat(),
                    "until": part.until.isoformat(),
                    "days": part.days,
                    "where": part.where,
                    "community": part.community,
                    "post": part.post,
                    "post_class": part.post_class,
                    "grade": part.grade,
                    "assessment": None if part.assessment is None else part.assessment.value,
                    "standard": part.standard.yuan(),
                }
                for part in self.parts
            ],
            "earnings": [one.to_data() for one in self.earnings],
            "total": self.total.yuan(),
            "deductions": [one.to_data() for one in self.deductions],
            "contributions": [
                {
                    "scheme": one.scheme.value,
                    "base": one.base.yuan(),
                    "own": one.own.yuan(),
                    "employer": one.employer.yuan(),
                }
                for one in self.contributions
            ],
            "employer": _yuan(self.employer),
            "net": _yuan(self.net),
            "arrears": [
                {
                    "of_month": month_text(one.of_month),
                    "line": one.line,
                    "amount": one.amount.yuan(),
                    "cause": one.cause.split(),
                }
                for one in self.arrears
            ],
            "owed": self.owed.yuan(),
            "paid": self.paid.yuan(),
        }

    def text(self, lang: Lang = ZH) -> str:
        """Return it as text."""
        return "\n".join(_text(self, lang))

    def html(self, lang: Lang = ZH) -> str:
        """Return it as a piece of HTML that needs nothing from outside."""
        return f"<style>{STYLE}</style>{_html(self, lang)}"

    def _repr_html_(self) -> str:
        return self.html()


def _yuan(amount: Fen | None) -> str | None:
    return None if amount is None else amount.yuan()


def _marks(found: Iterable[Iterable[Status]]) -> tuple[Status, ...]:
    marks = {one for some in found for one in some if one.asked_for}
    return tuple(one for one in Status if one in marks)


# --- making them -------------------------------------------------------------------------------------


def pay_slips(
    month: PayMonth, data: Dataset, divisions: Divisions, *, arrears: Iterable[Arrears] = ()
) -> PaySlips:
    """Return the slips of a month's pay, one a person, each made when it is asked for.

    Args:
        month: The month, as `run_month` worked it out.
        data: The tables that it was worked out from: they have the names.
        divisions: Where places lie (`PolicyBook.divisions`).
        arrears: What is paid in the month for earlier ones; lines of other months are left out.
    """
    return PaySlips(month, data, divisions, arrears)


def slips_of_month(
    data: Dataset, book: PolicyBook, place: str, month: date, *, ledger: Path | None = None, known: date | None = None
) -> PaySlips:
    """Work out a month of a place and return its slips.

    Args:
        data: The tables of the place.
        book: The policies.
        place: The place's code, or its Chinese name.
        month: Any day of the month.
        ledger: The folder of sealed months: what is owed for them is paid too, and a month that is sealed
            has the slips and arrears that were sealed.
        known: Facts and policies as known on that day; None for all that is known now.

    Raises:
        ShequError: Whatever `run_month` and `pay_run` raise.
    """
    code = book.find(place, month_of(month.year, month.month).high).code
    if ledger is None:
        return pay_slips(run_month(data, book, code, month, known=known), data, book.divisions)
    run = pay_run(data, book, code, month, ledger, known=known)
    paid, arrears = run.paid, run.arrears
    if run.sealed is not None:
        sealed = run.sealed
        paid = attrs.evolve(paid, slips=sealed.slips, pools=sealed.pools, contributions=sealed.contributions)
        arrears = sealed.arrears
    return pay_slips(paid, data, book.divisions, arrears=arrears)


class PaySlips(Mapping[str, PaySlip]):
    """The slips of a month by the id of the person, in the order of subdistrict and id.

    Attributes:
        month: The month's pay.
    """

    def __init__(self, month: PayMonth, data: Dataset, divisions: Divisions, arrears: Iterable[Arrears]) -> None:
        self.month = month
        self._divisions = divisions
        self._rows = _rows_of(month.slips.worker.to_list())
        self._dues = _rows_of(month.contributions.worker.to_list())
        self._arrears: dict[str, list[Arrears]] = {}
        for line in arrears:
            if line.month == self.number:
                self._arrears.setdefault(line.worker, []).append(line)
        self._workers = dict.fromkeys((*self._rows, *sorted(self._arrears.keys() - self._rows.keys())))
        self._names = dict(zip(data.workers.id.to_list(), data.workers.name.to_list(), strict=True))
        self._communities = dict(zip(data.communities.code.to_list(), data.communities.name.to_list(), strict=True))
        self._laws: dict[tuple[str, ...], _Law] = {}
        self._bases: dict[str, Basis | None] = {}
        self._where: dict[str, str] = {}
        self._unset: dict[str, list[Message]] = {}
        for one in month.findings:
            if one.grade is Grade.NOT_EXAMINED:
                self._unset.setdefault(one.subject, []).append(one.message)

    @property
    def number(self) -> int:
        """The month, as 202207."""
        return int(f"{self.month.month:%Y%m}")

    def __getitem__(self, worker: str) -> PaySlip:
        if worker not in self._workers:
            raise WorkerNotFoundError(msg("nobody of that id is paid in {month}", month=month_text(self.number)))
        return self._slip(worker)

    def __contains__(self, worker: object) -> bool:
        return worker in self._workers

    def __iter__(self) -> Iterator[str]:
        return iter(self._workers)

    def __len__(self) -> int:
        return len(self._workers)

    def __repr__(self) -> str:
        return f"<{len(self)} pay slips of {self.month.place}, {month_text(self.number)}>"

    def only(self, *workers: str) -> PaySlips:
        """Return the slips of these people alone.

        Raises:
            WorkerNotFoundError: One of them isn't paid in the month.
        """
        few = copy(self)
        few._workers = dict.fromkeys(self[worker].worker for worker in workers)
        return few

    def paid(self) -> Fen:
        """Return what goes to everybody together."""
        return Fen(sum(slip.paid for slip in self.values()))

    def rests(self) -> Rests:
        """Return what all of them together rest on."""
        laws = [self._law_of((place,)) for place in sorted(self.month.bases)]
        found: dict[str, dict[Status, None]] = {}
        for law in laws:
            for key, statuses in law.rests_on.items():
                found.setdefault(key, {}).update(dict.fromkeys(statuses))
        names = (*self._names.values(), *self._communities.values())
        return Rests(
            synthetic=any(name is not None and name.startswith(SYNTHETIC) for name in names),
            uncertain={key: tuple(statuses) for key, statuses in sorted(found.items())},
            stale=tuple(sorted({key for law in laws for key in law.stale})),
            policies={code: policy.fingerprint for code, policy in sorted(self.month.policies.items())},
        )

    def unset(self) -> Mapping[str, Sequence[Message]]:
        """Return what no rule sets, by county."""
        return self._unset

    def where(self, code: str) -> str:
        """Return the name of a subdistrict with the places around it; of its county, where it isn't listed."""
        if code not in self._where:
            listed_code = code if code in self._divisions else code[:COUNTY_DIGITS]
            self._where[code] = self._divisions.path(listed_code) if listed_code in self._divisions else code
        return self._where[code]

    def _slip(self, worker: str) -> PaySlip:
        parts = [self.month.slips[row] for row in self._rows.get(worker, ())]
        parts.sort(key=lambda one: (one.since, one.post))
        owed = sorted(self._arrears.get(worker, ()), key=lambda one: (one.of_month, _ORDER.get(one.line, len(_ORDER))))
        place = parts[-1].subdistrict if parts else owed[-1].subdistrict
        law = self._law_of(tuple(dict.fromkeys(part.subdistrict for part in parts)))
        name = self._names.get(worker)

        def lines(codes: Iterable[str]) -> tuple[SlipLine, ...]:
            return tuple(attrs.evolve(law.lines[code], amount=_sum(parts, code)) for code in codes)

        return PaySlip(
            worker=worker,
            name=name,
            place=place,
            where=self.where(place),
            month=self.number,
            known=self.month.known,
            parts=tuple(self._part(part) for part in parts),
            earnings=lines(code for code in EARNINGS if _due(parts, code)),
            deductions=lines(DEDUCTIONS if parts else ()),
            employer=_sum(parts, "employer"),
            contributions=tuple(self.month.contributions[row] for row in self._dues.get(worker, ())),
            arrears=tuple(
                SlipArrears(of_month=one.of_month, line=one.line, amount=one.amount, cause=one.cause) for one in owed
            ),
            rests_on=law.rests_on,
            unset=law.unset,
            stale=law.stale,
            synthetic=name is not None and name.startswith(SYNTHETIC),
            fingerprints=law.fingerprints,
            instruments=law.instruments,
        )

    def _part(self, part: Slip) -> SlipPart:
        return SlipPart(
            since=part.since,
            until=part.until,
            where=self.where(part.subdistrict),
            community=self._communities.get(part.community) or part.community,
            post=part.post,
            post_class=part.post_class,
            grade=part.grade,
            assessment=None if part.assessment is None else AssessmentGrade(part.assessment),
            standard=part.standard,
        )

    def _basis(self, place: str) -> Basis | None:
        """Return what a subdistrict's slips rest on; where nobody noted it, every rule and value may be behind them."""
        if place not in self._bases:
            noted, policy = self.month.bases.get(place), self.month.policies.get(place[:COUNTY_DIGITS])
            if noted is None and policy is not None:
                unsure = frozenset(policy.uncertain())
                rules = {rule: unsure for some in LINES.values() for rule in some}
                noted = Basis(policy=policy, rules=rules, read=unsure)
            self._bases[place] = noted
        return self._bases[place]

    def _law_of(self, places: tuple[str, ...]) -> _Law:
        """Return what slips of people who are paid in these subdistricts say of the law: worked out once."""
        if places not in self._laws:
            found = [basis for place in places if (basis := self._basis(place)) is not None]
            bases = list({one.policy.fingerprint: one for one in found}.values())
            counties = dict.fromkeys(place[:COUNTY_DIGITS] for place in places)
            self._laws[places] = _Law.of(bases, [one for code in counties for one in self._unset.get(code, ())])
        return self._laws[places]


@attrs.frozen(kw_only=True)
class _Law:
    """What slips say of the law by which they were worked out; its lines are without amounts."""

    lines: Mapping[str, SlipLine]
    rests_on: Mapping[str, tuple[Status, ...]]
    unset: tuple[Message, ...]
    stale: tuple[str, ...]
    fingerprints: tuple[str, ...]
    instruments: frozenset[str]

    @classmethod
    def of(cls, bases: Sequence[Basis], unset: Sequence[Message]) -> _Law:
        instruments = frozenset(one for basis in bases for one in basis.policy.instruments)
        rests: dict[str, dict[Status, None]] = {}
        for basis in bases:
            for key, statuses in basis.policy.uncertain().items():
                if key in basis.read:
                    rests.setdefault(key, {}).update(dict.fromkeys(statuses))
        return cls(
            lines={line: _line_of(line, bases, instruments) for line in LINES},
            rests_on={key: tuple(found) for key, found in sorted(rests.items())},
            unset=tuple({str(one): one for one in unset}.values()),
            stale=tuple(sorted({key for basis in bases for key in basis.policy.stale() if key in basis.read})),
            fingerprints=tuple(basis.policy.fingerprint for basis in bases),
            instruments=instruments,
        )


_ORDER: Final = {line: place for place, line in enumerate((*EARNINGS, *DEDUCTIONS, "employer"))}


def _rows_of(workers: Iterable[str | None]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, worker in enumerate(workers):
        if worker is not None:
            rows.setdefault(worker, []).append(row)
    return rows


def _sum(parts: Sequence[Slip], line: str) -> Fen | None:
    amounts: list[Fen | None] = [getattr(part, line) for part in parts]
    known = [one for one in amounts if one is not None]
    return Fen(sum(known)) if len(known) == len(amounts) else None


def _due(parts: Sequence[Slip], line: str) -> bool:
    """Whether a line belongs on the slip: it comes to something, or it is due and comes to nothing."""
    if not parts:
        return False
    return line in ALWAYS or bool(_sum(parts, line)) or (line == "bonus" and any(part.performance for part in parts))


def _line_of(line: str, bases: Sequence[Basis], instruments: frozenset[str]) -> SlipLine:
    ran = [rule for rule in LINES[line] if any(rule in basis.rules for basis in bases)]
    here, like = in_force((clause for rule in ran for clause in CARRIERS[rule].clauses), instruments)
    statuses = [
        told.statuses
        for basis in bases
        for one in (line, *BUILT_ON.get(line, ()))
        for rule in LINES[one]
        for key in basis.rules.get(rule, ())
        if (told := basis.policy.provenance(key)) is not None
    ]
    return SlipLine(code=line, amount=None, clauses=here, like=like, marks=_marks(statuses))


# --- as text -----------------------------------------------------------------------------------------


def title_of(slip: PaySlip, lang: Lang) -> str:
    """Say whose slip it is, and of which month."""
    who = slip.worker if slip.name is None else bracketed(slip.name, slip.worker, lang)
    return say(msg("Pay slip of {who}, {month}", who=who, month=month_text(slip.month)), lang)


def caveats(slip: PaySlip, lang: Lang) -> list[str]:
    """Say what has to be known before anybody trusts a slip: made-up people, and what nobody issued."""
    return rests_lines(
        Rests(synthetic=slip.synthetic, uncertain=slip.rests_on, stale=slip.stale, policies={}), lang
    )


def part_told(part: SlipPart, lang: Lang) -> str:
    """Say a part of a month: its days, the post, class, grade and assessment."""
    what = (
        part.community,
        part.post,
        class_word(part.post_class, lang),
        graded(part.grade, lang),
        say(msg("standard {amount}", amount=part.standard), lang),
        say(msg("assessment {grade}", grade=_assessed(part, lang)), lang),
    )
    return labelled(_days_told(part, lang), phrases(what, lang), lang)


def _days_told(part: SlipPart, lang: Lang) -> str:
    span = say(msg("{first} to {last}", first=part.since, last=part.until), lang)
    return bracketed(span, say(msg("{days} days", days=part.days), lang), lang)


def _assessed(part: SlipPart, lang: Lang) -> str:
    return say("not assessed", lang) if part.assessment is None else word(part.assessment, lang)


def net_told(slip: PaySlip, lang: Lang) -> str:
    """Say the net pay, or why nobody can tell it."""
    if slip.net is not None:
        return slip.net.yuan()
    return say("unknown: contributions can't be told, and none are taken off", lang)


def _text(slip: PaySlip, lang: Lang) -> Iterator[str]:
    yield title_of(slip, lang)
    yield slip.where
    yield from caveats(slip, lang)
    if slip.parts:
        yield ""
        yield from (part_told(part, lang) for part in slip.parts)
        yield ""
    for line in slip.earnings:
        yield _line_text(line, slip, lang)
    if slip.parts:
        yield labelled(line_word("total", lang), slip.total.yuan(), lang)
        if slip.net is not None:
            for line in slip.deductions:
                yield _line_text(line, slip, lang)
        for due in slip.contributions:
            yield f"    {labelled(word(due.scheme, lang), _due_told(due, lang), lang)}"
        yield labelled(line_word("net", lang), net_told(slip, lang), lang)
    if slip.arrears:
        yield ""
        yield labelled(say("Arrears", lang), slip.owed.yuan(), lang)
        for one in slip.arrears:
            amount = phrases((line_word(one.line, lang), one.amount), lang)
            yield f"  {month_text(one.of_month)}  {bracketed(amount, cause_told(one.cause, lang), lang)}"
    yield ""
    yield labelled(say("Paid out", lang), say(msg("{amount} yuan", amount=slip.paid), lang), lang)
    if slip.unset:
        yield ""
        yield say("Not set here, so that nothing comes of it:", lang)
        yield from (f"  {say(one, lang)}" for one in slip.unset)


def _due_told(due: ContributionLine, lang: Lang) -> str:
    told = msg("base {base}, own {own}, employer {employer}", base=due.base, own=due.own, employer=due.employer)
    return say(told, lang)


def _line_text(line: SlipLine, slip: PaySlip, lang: Lang) -> str:
    amount = say("unknown", lang) if line.amount is None else line.amount.yuan()
    marks = bracketed("", listed(line.marks, lang), lang)
    told = clauses_told((*line.clauses, *line.like), slip.instruments, lang)
    return f"  {line_word(line.code, lang)}  {amount}{f'  [{told}]' if told else ''}{marks}"


# --- as HTML -----------------------------------------------------------------------------------------

STYLE: Final = """
.shequ-slip{--ink:#1c2430;--soft:#5b6675;--line:#d9dee6;--paper:#fff;--band:#eef2f7;--warn:#a8541a;
font:14px/1.55 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei","WenQuanYi Micro Hei",sans-serif;color:var(--ink);
background:var(--paper);max-width:50rem;padding:1rem 1.2rem;border:1px solid var(--line);break-inside:avoid}
@media(prefers-color-scheme:dark){.shequ-slip{--ink:#e6eaf0;--soft:#9aa6b5;--line:#3a4450;--paper:#151a21;
--band:#212936;--warn:#e09a5b}}
.shequ-slip h2{font-size:1.15rem;margin:0}.shequ-slip h3{font-size:1rem;margin:1rem 0 .2rem}
.shequ-slip p{margin:.2rem 0}.shequ-slip .soft{color:var(--soft)}
.shequ-slip .banner{border-left:4px solid var(--warn);background:var(--band);padding:.4rem .8rem;margin:.7rem 0}
.shequ-slip table{border-collapse:collapse;width:100%;margin:.5rem 0;font-variant-numeric:tabular-nums}
.shequ-slip th,.shequ-slip td{padding:.2rem .5rem;border-bottom:1px solid var(--line);text-align:left;
vertical-align:top;background:none;color:inherit}
.shequ-slip th{font-weight:600}.shequ-slip td.n,.shequ-slip th.n{text-align:right;white-space:nowrap}
.shequ-slip th::first-letter,.shequ-slip td:first-child::first-letter{text-transform:uppercase}
.shequ-slip td:first-child{white-space:nowrap}
.shequ-slip td.c{color:var(--soft);font-size:.88em}
.shequ-slip tr.sum td{font-weight:600;border-bottom:2px solid var(--line)}
.shequ-slip tr.paid td{font-weight:700;font-size:1.1em;background:var(--band)}
.shequ-slip code{font-size:.8em;overflow-wrap:anywhere;color:var(--soft);background:none}
"""


def slips_page(slips: Iterable[PaySlip], lang: Lang) -> str:
    """Return a page of slips that needs nothing from outside, to be printed or read."""
    body = "\n".join(_html(slip, lang) for slip in slips)
    language = "zh-CN" if lang == ZH else "en"
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(say("Pay slips", lang))}'
        f"</title><style>{STYLE}body{{margin:1rem;color-scheme:light dark}}.shequ-slip{{margin:0 auto 1rem}}</style>"
        f"</head><body>\n{body}\n</body></html>\n"
    )


def _html(slip: PaySlip, lang: Lang) -> str:
    told = "".join(f"<p>{escape(one)}</p>" for one in caveats(slip, lang))
    inner = [
        f"<h2>{escape(title_of(slip, lang))}</h2>",
        f'<p class="soft">{escape(slip.where)}</p>',
        f'<div class="banner">{told}</div>' if told else "",
        _parts_table(slip, lang),
        _pay_table(slip, lang),
        _dues_table(slip, lang),
        _arrears_table(slip, lang),
    ]
    if slip.unset:
        items = "".join(f"<li>{escape(say(one, lang))}</li>" for one in slip.unset)
        inner.append(f'<p class="soft">{escape(say("Not set here, so that nothing comes of it:", lang))}</p>')
        inner.append(f'<ul class="soft">{items}</ul>')
    prints = "<br>".join(escape(one) for one in slip.fingerprints)
    inner.append(f'<p class="soft">shequ-core {escape(version("shequ-core"))} <code>{prints}</code></p>')
    return f'<section class="shequ-slip">{"".join(inner)}</section>'


def _row(cells: Iterable[tuple[str, str]], kind: str = "") -> str:
    inner = "".join(f'<td{f" class={look}" if look else ""}>{escape(text)}</td>' for text, look in cells)
    return f"<tr{f' class={kind}' if kind else ''}>{inner}</tr>"


def _head(cells: Iterable[tuple[str, str]]) -> str:
    inner = "".join(f'<th{f" class={look}" if look else ""}>{escape(text)}</th>' for text, look in cells)
    return f"<tr>{inner}</tr>"


def _parts_table(slip: PaySlip, lang: Lang) -> str:
    if not slip.parts:
        return ""
    names = [line_word(name, lang) for name in ("post", "post_class", "grade", "assessment")]
    head = _head(
        [
            (say("Parts of the month", lang), ""), (head_word(Headcounts, "name", lang), ""),
            *((name, "") for name in names), (line_word("standard", lang), "n"),
        ]
    )
    rows = "".join(
        _row(
            [
                (_days_told(part, lang), ""), (part.community, ""), (part.post, ""),
                (class_word(part.post_class, lang), ""), (str(part.grade), ""), (_assessed(part, lang), ""),
                (part.standard.yuan(), "n"),
            ]
        )
        for part in slip.parts
    )
    return f"<table>{head}{rows}</table>"


def _pay_table(slip: PaySlip, lang: Lang) -> str:
    head = _head([(head_word(ArrearsLines, "line", lang), ""), (say("yuan", lang), "n"), (say("Clauses", lang), "")])
    rows = [_line_row(line, slip, lang) for line in slip.earnings]
    if slip.parts:
        rows.append(_row([(line_word("total", lang), ""), (slip.total.yuan(), "n"), ("", "")], "sum"))
        if slip.net is not None:
            rows += [_line_row(line, slip, lang, sign="-") for line in slip.deductions]
            rows.append(_row([(line_word("net", lang), ""), (slip.net.yuan(), "n"), ("", "")], "sum"))
        else:
            rows.append(_row([(line_word("net", lang), ""), ("", "n"), (net_told(slip, lang), "c")], "sum"))
    if slip.arrears:
        rows.append(_row([(say("Arrears", lang), ""), (slip.owed.yuan(), "n"), ("", "")]))
    rows.append(_row([(say("Paid out", lang), ""), (slip.paid.yuan(), "n"), ("", "")], "paid"))
    return f"<table>{head}{''.join(rows)}</table>"


def _line_row(line: SlipLine, slip: PaySlip, lang: Lang, sign: str = "") -> str:
    amount = say("unknown", lang) if line.amount is None else f"{sign if line.amount else ''}{line.amount.yuan()}"
    clauses = clauses_told((*line.clauses, *line.like), slip.instruments, lang)
    marks = bracketed("", listed(line.marks, lang), lang)
    return _row([(line_word(line.code, lang), ""), (amount, "n"), (f"{clauses}{marks}", "c")])


def _dues_table(slip: PaySlip, lang: Lang) -> str:
    if not slip.contributions:
        return ""
    names = (head_word(ContributionLines, name, lang) for name in ("base", "own", "employer"))
    head = _head([(say("Insurances and housing fund", lang), ""), *((one, "n") for one in names)])
    rows = "".join(
        _row(
            [(word(one.scheme, lang), ""), (one.base.yuan(), "n"), (one.own.yuan(), "n"), (one.employer.yuan(), "n")]
        )
        for one in slip.contributions
    )
    return f"<table>{head}{rows}</table>"


def _arrears_table(slip: PaySlip, lang: Lang) -> str:
    if not slip.arrears:
        return ""
    names = {"of_month": "", "line": "", "amount": "n", "cause": ""}
    head = _head((head_word(ArrearsLines, name, lang), look) for name, look in names.items())
    rows = "".join(
        _row(
            [
                (month_text(one.of_month), ""), (line_word(one.line, lang), ""), (one.amount.yuan(), "n"),
                (cause_told(one.cause, lang), "c"),
            ]
        )
        for one in slip.arrears
    )
    return f"<table>{head}{rows}</table>"
