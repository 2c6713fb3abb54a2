"""Places: administrative divisions by their codes, each for the days on which it had that code.

A code nests in the codes it begins with: 22 the province, 2201 the city, 220104 the county,
220104001 the subdistrict or town, 220104001003 the community, 220104001003001 the grid; 00 is the
nation. Division lists written with trailing zeros (220100) mean the short code (2201) and are told so.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from typing import Final

import attrs

from shequ_core.errors import Message, PlaceNotFoundError, msg, nearest
from shequ_core.values import Status

NATION: Final = "00"
COUNTY_DIGITS: Final = 6
TOWNSHIP_DIGITS: Final = 9
_COMMUNITY: Final = 12
_SUGGESTED: Final = 3
_ALIKE: Final = 0.5
_NOT_FAR_BEHIND: Final = 0.75


class Level(StrEnum):
    """How far down a place lies, told by the length of its code alone."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    """A prefecture-level city or an autonomous prefecture (地级)."""
    COUNTY = "county"
    """A county, a district, a county-level city, or a zone that is coded like one."""
    SUBDISTRICT = "subdistrict"
    """A subdistrict, town or township (乡级)."""
    COMMUNITY = "community"
    GRID = "grid"

    @property
    def zh(self) -> str:
        """The level's name in Chinese."""
        return _LEVEL_ZH[self]


_LEVEL_ZH: Final = {
    Level.NATION: "国家",
    Level.PROVINCE: "省",
    Level.CITY: "市",
    Level.COUNTY: "县",
    Level.SUBDISTRICT: "街道",
    Level.COMMUNITY: "社区",
    Level.GRID: "网格",
}

_LEVEL_BY_LENGTH: Final = {
    2: Level.PROVINCE,
    4: Level.CITY,
    COUNTY_DIGITS: Level.COUNTY,
    TOWNSHIP_DIGITS: Level.SUBDISTRICT,
    _COMMUNITY: Level.COMMUNITY,
    15: Level.GRID,
}
CODE_LENGTHS: Final = tuple(_LEVEL_BY_LENGTH)
"""How many digits the codes of each level have, from the province's down."""


class DivisionKind(StrEnum):
    """What a listed division is."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    """街道."""
    TOWN = "town"
    """镇."""
    TOWNSHIP = "township"
    """乡, the ethnic ones among them."""
    ZONE = "zone"
    """A development zone (开发区): run like a county and counted like one, but not an administrative division."""


_LEVEL_OF_KIND: Final = {
    DivisionKind.NATION: Level.NATION,
    DivisionKind.PROVINCE: Level.PROVINCE,
    DivisionKind.CITY: Level.CITY,
    DivisionKind.COUNTY: Level.COUNTY,
    DivisionKind.SUBDISTRICT: Level.SUBDISTRICT,
    DivisionKind.TOWN: Level.SUBDISTRICT,
    DivisionKind.TOWNSHIP: Level.SUBDISTRICT,
    DivisionKind.ZONE: Level.COUNTY,
}


def level_of(code: str) -> Level:
    """Tell the level of a code by its length; whether the place exists is for `Divisions` to say.

    Raises:
        PlaceNotFoundError: It isn't a code: not digits, of another length, or beginning with 0.
    """
    if code == NATION:
        return Level.NATION
    level = _LEVEL_BY_LENGTH.get(len(code))
    if level is None or not (code.isascii() and code.isdigit()) or code[0] == "0":
        tidy = _tidy(code)
        right = (tidy,) if tidy != code and _well_formed(tidy) else ()
        raise PlaceNotFoundError(code, right, why=_why_malformed(code))
    return level


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes that a place lies in, from the nation's down to its own.

    Raises:
        PlaceNotFoundError: It isn't a code.
    """
    if level_of(code) is Level.NATION:
        return (NATION,)
    return (NATION, *(code[:length] for length in CODE_LENGTHS if length <= len(code)))


def parent(code: str) -> str | None:
    """Return the code one level up; the nation has none.

    Raises:
        PlaceNotFoundError: It isn't a code.
    """
    chain = ancestors(code)
    return chain[-2] if len(chain) > 1 else None


@attrs.frozen(kw_only=True)
class Division:
    """A division (行政区划) for as long as it had one code and one name: one of its lives.

    Attributes:
        name: In Chinese, as the list gives it, such as 朝阳区.
        since: The first day; None where it isn't known.
        until: The last day, included; None while it lasts.
        status: Issued for an administrative division, statistic for what only the statistics
            bureau lists: a zone, or a code read from its list.
        successor: The code that it became, if it became one.
        note: What a date or code rests on, where that isn't plain.
    """

    code: str
    name: str
    kind: DivisionKind
    since: date | None = None
    until: date | None = None
    status: Status = Status.ISSUED
    successor: str | None = None
    note: str = ""

    def __attrs_post_init__(self) -> None:
        if level_of(self.code) is not _LEVEL_OF_KIND[self.kind]:
            raise ValueError(f"{self.label}: the code is not one of a {self.kind}")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError(f"{self.label}: it ends ({self.until}) before it begins ({self.since})")

    @property
    def label(self) -> str:
        """Code and name, such as '220104 朝阳区': what errors suggest."""
        return f"{self.code} {self.name}"

    def covers(self, on: date | None) -> bool:
        """Whether it is a division on that day; without a day, whether it still is."""
        if on is None:
            return self.until is None
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


def _in_order(rows: Iterable[Division]) -> tuple[Division, ...]:
    return tuple(sorted(rows, key=lambda row: (row.code, row.since or date.min)))


@attrs.frozen
class Divisions:
    """A list of divisions, each code with all its lives; it never changes.

    Wherever a day may be given and isn't, the answer is the life that lasts, else the last one:
    nothing here reads a clock.

    Raises:
        ValueError: Two lives of one code share a day.
    """

    _rows: tuple[Division, ...] = attrs.field(converter=_in_order)

    def __attrs_post_init__(self) -> None:
        for one, next_one in zip(self._rows, self._rows[1:], strict=False):
            if one.code == next_one.code and (
                one.until is None or next_one.since is None or next_one.since <= one.until
            ):
                raise ValueError(f"two lives of {next_one.label} share a day")

    # --- asking ------------------------------------------------------------------------------

    def at(self, code: str, on: date | None = None) -> Division:
        """Return the life of a code on a day.

        Raises:
            PlaceNotFoundError: No division has the code, or none had it on that day: then the
                error says when one had, and what it became or was before.
        """
        lives = self._lives.get(code)
        if lives is None:
            raise self._unknown_code(code, on)
        if on is None:
            return lives[-1]
        for life in lives:
            if life.covers(on):
                return life
        why, instead = self._another_time(lives, on)
        raise PlaceNotFoundError(code, instead, why=why)

    def find(self, asked: str, on: date | None = None) -> Division:
        """Return the division that a code or a Chinese name means.

        A name may be full (朝阳区), without its suffix (朝阳), or led by any of the places it lies
        in (长春朝阳, 吉林省长春市朝阳区). A full name goes before a shortened one, and a county or
        city before a subdistrict or town that would be shortened to the same: 伊通 is the county, and
        its town is asked for as 伊通镇. Beyond that nothing is guessed.

        Raises:
            PlaceNotFoundError: There is none, or none on that day, or more than one: the nearest
                or the candidates are in its `suggestions`, as '220104 朝阳区'.
        """
        tidy = _tidy(asked)
        if tidy != asked:
            raise PlaceNotFoundError(asked, self._meant(tidy, on), why=_ODD_CHARACTERS)
        if not asked:
            raise PlaceNotFoundError(asked, why=msg("no code or name was given"))
        if asked.isascii() and asked.isdigit():
            return self.at(asked, on)
        ever = self._named(asked)
        if not ever:
            raise self._unknown_name(asked, on)
        found = [hit for hit in ever if hit[1].covers(on)]
        if not found and on is not None:
            best = min(ever, key=lambda hit: (hit[0], hit[1].code))[1]
            why, instead = self._another_time(self._lives[best.code], on)
            raise PlaceNotFoundError(asked, instead, why=why)
        return self._only(asked, found or ever)

    def children(self, code: str, on: date | None = None) -> tuple[Division, ...]:
        """Return the divisions one level below, in code order; those of a code that ended, as of its last day.

        Raises:
            PlaceNotFoundError: Neither the code nor anything below it is listed, or not on that day.
        """
        below = self._below.get(code)
        if code in self._lives or below is None:
            life = self.at(code, on)
            on = life.until if on is None else on
        return tuple(life for one in below or () for life in self._lives[one] if life.covers(on))

    def path(self, code: str, on: date | None = None) -> str:
        """Write where a division lies, such as 吉林省长春市朝阳区, with the names of that day.

        Raises:
            PlaceNotFoundError: As `at`.
        """
        life = self.at(code, on)
        return "".join(self._names_down_to(life, life.until if on is None else on))

    def check_community(self, code: str, on: date | None = None) -> Message | None:
        """Say what is wrong with a community's code, if anything.

        Communities aren't listed. It must have 12 digits and lie in a listed county or zone, or in a
        listed subdistrict or town; a county is enough, because the subdistricts of zones aren't
        listed and the statistics bureau numbers many subdistricts otherwise than Civil Affairs does.
        A subdistrict that is listed must be there on the day. Without a day, a county of any time will do.
        """
        if len(code) != _COMMUNITY or not (code.isascii() and code.isdigit()) or code[0] == "0":
            return msg("a community's code has 12 digits, such as 220104001003, and {code} hasn't", code=code)
        if code.endswith("000"):
            return msg("{code} is no community: its last three digits are its number, from 001", code=code)
        county, township = self._lives.get(code[:COUNTY_DIGITS]), self._lives.get(code[:TOWNSHIP_DIGITS])
        in_township, in_county = (
            lives is not None and (on is None or any(life.covers(on) for life in lives)) for lives in (township, county)
        )
        if in_township or (in_county and township is None):
            return None
        if in_county and township is not None and on is not None:
            why, _ = self._another_time(township, on)
            return msg(
                "{code} has no subdistrict or town on {on}: {why}. Give the code that it had then, or ask for a time"
                " when there is one.",
                code=code, on=on, why=why,
            )
        if county is not None and on is not None:
            why, _ = self._another_time(county, on)
            return msg("{code} has no county on {on}: {why}", code=code, on=on, why=why)
        near = self._codes_like(code[:COUNTY_DIGITS], on)
        return (
            msg("{code} lies in no county or zone that is listed; the nearest are {near}", code=code, near=near)
            if near
            else msg("{code} lies in no county or zone that is listed", code=code)
        )

    def __or__(self, other: Divisions) -> Divisions:
        return Divisions((*self._rows, *other._rows))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Division]:
        return iter(self._rows)

    def __contains__(self, code: object) -> bool:
        return code in self._lives

    def __repr__(self) -> str:
        return f"<Divisions: {len(self._lives)} codes in {len(self._rows)} lives>"

    # --- indexes -----------------------------------------------------------------------------

    @cached_property
    def _lives(self) -> Mapping[str, tuple[Division, ...]]:
        lives: dict[str, tuple[Division, ...]] = {}
        for row in self._rows:
            lives[row.code] = (*lives.get(row.code, ()), row)
        return lives

    @cached_property
    def _below(self) -> Mapping[str, tuple[str, ...]]:
        below: defaultdict[str, list[str]] = defaultdict(list)
        for code in self._lives:
            above = parent(code)
            if above is not None:
                below[above].append(code)
        return {above: tuple(codes) for above, codes in below.items()}

    @cached_property
    def _became(self) -> Mapping[str, tuple[Division, ...]]:
        """By the code that divisions became, those divisions."""
        became: dict[str, tuple[Division, ...]] = {}
        for row in self._rows:
            if row.successor is not None:
                became[row.successor] = (*became.get(row.successor, ()), row)
        return became

    @cached_property
    def _forms(self) -> Mapping[str, Sequence[tuple[int, Division]]]:
        """By each form of a name, who bears it, and how close the form is to the full name (0, 1, 2)."""
        forms: defaultdict[str, list[tuple[int, Division]]] = defaultdict(list)
        for row in self._rows:
            full, *shortened = _forms_of(row.name, row.kind)
            forms[full].append((0, row))
            for form in shortened:
                forms[form].append((1 if len(row.code) <= COUNTY_DIGITS else 2, row))
        return forms

    @cached_property
    def _paths(self) -> Sequence[tuple[Division, str]]:
        """Each division with its path below the province, which everybody leaves out."""
        return [(row, "".join(self._names_down_to(row, row.until, below=2))) for row in self._rows]

    def _names_down_to(self, life: Division, on: date | None, *, below: int = 0) -> list[str]:
        above = (self._lives.get(code, ()) for code in ancestors(life.code)[1:-1] if len(code) > below)
        return [*(one.name for lives in above for one in lives if one.covers(on)), life.name]

    # --- names -------------------------------------------------------------------------------

    def _named(self, asked: str) -> list[tuple[int, Division]]:
        """Everything that was ever called so, each with how close the form is."""
        found = [
            (tier, row)
            for cut in range(len(asked))
            for tier, row in self._forms.get(asked[cut:], ())
            if self._leads_to(asked[:cut], row)
        ]
        if all(tier == 2 for tier, _ in found):
            # 净月 is both a subdistrict without its suffix and how everybody calls the zone around it.
            zones = (row for row in self._rows if row.kind is DivisionKind.ZONE)
            found += [(2, zone) for zone in zones if found and asked in zone.name]
        return found

    def _leads_to(self, head: str, row: Division) -> bool:
        """Whether the text before a name is made of the names of places that it lies in, in order."""
        if not head:
            return True
        above = (self._lives.get(code, ()) for code in ancestors(row.code)[1:-1])
        return _made_of(head, [[form for one in lives for form in _forms_of(one.name, one.kind)] for lives in above])

    def _only(self, asked: str, found: Sequence[tuple[int, Division]]) -> Division:
        closest = min(tier for tier, _ in found)
        by_code = {row.code: row for tier, row in found if tier == closest}
        if len(by_code) > 1:
            candidates = tuple(by_code[code].label for code in sorted(by_code, key=lambda code: (len(code), code)))
            raise PlaceNotFoundError(asked, candidates, why=msg("several places bear that name"))
        return next(iter(by_code.values()))

    def _meant(self, tidy: str, on: date | None) -> tuple[str, ...]:
        try:
            return (self.find(tidy, on).label,)
        except PlaceNotFoundError as error:
            return error.suggestions

    def _unknown_name(self, asked: str, on: date | None) -> PlaceNotFoundError:
        if not asked.isascii():
            return PlaceNotFoundError(asked, self._names_like(asked, on))
        if any(letter.isdigit() for letter in asked):  # a slip of the hand in a code: 22O104, 220104x
            return PlaceNotFoundError(asked, self._codes_like(asked, on), why=_why_malformed(asked))
        why = msg("a place is asked for by its code or its Chinese name, such as 220104 or 朝阳区")
        return PlaceNotFoundError(asked, why=why)

    def _names_like(self, asked: str, on: date | None) -> tuple[str, ...]:
        """The divisions whose name, or name with places around it, shares most with what was asked."""
        letters = set(asked)
        ranked = sorted(
            (-likeness, len(row.code), row.code, row.label)
            for row, path in self._paths
            if row.covers(on) and (likeness := _likeness(asked, letters, row.name, path)) >= _ALIKE
        )
        return tuple(label for rank, *_, label in ranked[:_SUGGESTED] if rank <= _NOT_FAR_BEHIND * ranked[0][0])

    # --- codes -------------------------------------------------------------------------------

    def _unknown_code(self, code: str, on: date | None) -> PlaceNotFoundError:
        tidy = _tidy(code)
        if tidy != code:
            return PlaceNotFoundError(code, self._meant(tidy, on), why=_ODD_CHARACTERS)
        if not (code.isascii() and code.isdigit()):
            near = self._codes_like(code, on) if code.isascii() else self._names_like(code, on)
            return PlaceNotFoundError(code, near, why=_why_malformed(code))
        short = next((code[:n] for n in CODE_LENGTHS if code[:n] in self._lives and not code[n:].strip("0")), None)
        if short is not None and _well_formed(code):
            return PlaceNotFoundError(
                code, (self._lives[short][-1].label,), why=msg("its code is written without the zeros at its end")
            )
        if not _well_formed(code):
            return PlaceNotFoundError(code, self._codes_like(code, on), why=_why_malformed(code))
        if len(code) >= _COMMUNITY:
            around = next((self._lives[code[:n]][-1:] for n in (9, 6, 4) if code[:n] in self._lives), ())
            return PlaceNotFoundError(
                code, [one.label for one in around], why=msg("communities and grids are not in the list of divisions")
            )
        return PlaceNotFoundError(code, self._codes_like(code, on))

    def _codes_like(self, code: str, on: date | None) -> tuple[str, ...]:
        if _well_formed(code):
            alike = sorted(
                (_distance(code, one), -_shared_start(code, one), one)
                for one in self._lives
                if len(one) == len(code) and self._covered(one, on)
            )
            near = [one for distance, _, one in alike[:_SUGGESTED] if 2 * distance <= len(code)]
        else:
            about = [one for one in self._lives if abs(len(one) - len(code)) <= 2 and self._covered(one, on)]
            near = list(nearest(code, about))
        return tuple(self._lives[one][-1].label for one in near)

    def _covered(self, code: str, on: date | None) -> bool:
        return any(life.covers(on) for life in self._lives[code])

    def _another_time(self, lives: Sequence[Division], on: date) -> tuple[Message, tuple[str, ...]]:
        """When a code that has no life on a day had one, and who had its place on that day."""
        later = next((life for life in lives if life.since is not None and life.since > on), None)
        if later is not None:
            before = tuple(one.label for one in self._became.get(later.code, ()))
            return (
                msg("{place} begins on {since}; before that it was {before}",
                    place=later.label, since=later.since, before=before)
                if before
                else msg("{place} begins on {since}", place=later.label, since=later.since)
            ), before
        last = lives[-1]
        if last.successor is None:
            return msg("{place} ended on {until}", place=last.label, until=last.until), ()
        heirs = self._lives.get(last.successor)
        heir = heirs[-1].label if heirs else last.successor
        return msg("{place} ended on {until} and became {heir}", place=last.label, until=last.until, heir=heir), (heir,)


# --- what was asked ------------------------------------------------------------------------------

_ODD_CHARACTERS: Final = msg("it is written with full-width characters, blanks or invisible ones")


def _tidy(asked: str) -> str:
    """What was asked, in half-width digits and without blanks or invisible characters."""
    if asked.isascii() and asked.isalnum():
        return asked
    plain = unicodedata.normalize("NFKC", asked)
    return "".join(letter for letter in plain if not letter.isspace() and unicodedata.category(letter) != "Cf")


def _well_formed(code: str) -> bool:
    return code == NATION or (len(code) in _LEVEL_BY_LENGTH and code.isascii() and code.isdigit() and code[0] != "0")


def _why_malformed(code: str) -> Message:
    if _tidy(code) != code:
        return _ODD_CHARACTERS
    return msg("a code has 2, 4, 6, 9, 12 or 15 digits and doesn't begin with 0; 00 is the nation")


def _distance(one: str, other: str) -> int:
    """How many slips of the hand make one code of another of its length; two neighbours swapped are one."""
    apart = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(apart) == 2:
        first, second = apart
        if second == first + 1 and one[first] == other[second] and one[second] == other[first]:
            return 1
    return len(apart)


def _shared_start(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))


def _likeness(asked: str, letters: set[str], name: str, path: str) -> float:
    """How much two names share, from 0 to 1; above that, what abbreviates the name (前郭, 汽开) or the path."""
    for full, likeness in ((name, 2.0), (path, 1.0)):
        rest = iter(full)
        if all(letter in rest for letter in asked):
            return likeness
    return max(2 * len(letters & theirs) / (len(letters) + len(theirs)) for theirs in (set(name), set(path)))


def _made_of(text: str, chain: Sequence[Sequence[str]]) -> bool:
    return not text or any(
        text.startswith(form) and _made_of(text[len(form) :], chain[i + 1 :])
        for i, forms in enumerate(chain)
        for form in forms
    )


# The peoples (民族) that names of autonomous places carry: 延边朝鲜族自治州 is 延边. Those written without 族
# stand apart, since one character such as 白 or 水 may as well be part of the place's own name.
_PEOPLES: Final = (
    "(?:(?:各|蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|俄罗斯|鄂温克|德昂|保安|裕固|京|独龙|鄂伦春|"
    "赫哲|门巴|珞巴|基诺)族)*"
)
_AUTONOMOUS: Final = rf"{_PEOPLES}(?:蒙古|维吾尔|哈萨克|柯尔克孜|锡伯|塔吉克|达斡尔)?自治"
_SUFFIXES: Final = {
    DivisionKind.PROVINCE: rf"(?:{_AUTONOMOUS}区|省|市|特别行政区)",
    DivisionKind.CITY: rf"(?:{_AUTONOMOUS}州|市|地区|盟)",
    DivisionKind.COUNTY: rf"(?:{_AUTONOMOUS}[县旗]|[区县市旗]|林区|特区)",
    DivisionKind.SUBDISTRICT: "街道(?:办事处)?",
    DivisionKind.TOWN: f"{_PEOPLES}镇",
    DivisionKind.TOWNSHIP: f"(?:{_PEOPLES}乡|苏木)",
}
_NAMES: Final = {kind: re.compile(rf"(.{{2,}}?){suffix}") for kind, suffix in _SUFFIXES.items()}


@cache
def _forms_of(name: str, kind: DivisionKind) -> tuple[str, ...]:
    """The full name first, then the name without its suffix; what would be a single character keeps it."""
    pattern = _NAMES.get(kind)
    shortened = pattern.fullmatch(name) if pattern else None
    return (name, shortened[1]) if shortened else (name,)
