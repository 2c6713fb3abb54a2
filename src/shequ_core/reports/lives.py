"""A replayed life as sentences and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from shequ_core.errors import Message, msg
from shequ_core.reports.wording import labelled, say, several, word
from shequ_core.simulation.replay import MEAN, POOL, ROOM, LifeYear, LifeYears
from shequ_core.values import JsonValue, Lang

_OTHERS: Final[Mapping[str, Message]] = {
    POOL: msg("the subdistrict's pool"),
    ROOM: msg("how many others hold posts of the community"),
    MEAN: msg("the county's mean"),
}


def life_lines(life: LifeYears, lang: Lang) -> list[str]:
    """Return a life as a line a year."""
    return [labelled(str(year.year), several(list(_told(year, lang)), lang), lang) for year in life]


def life_data(life: LifeYears) -> list[JsonValue]:
    """Return a life as records, one a year: codes, ISO days, money in whole fen."""
    return [
        {
            "year": year.year,
            "came": None if year.came is None else year.came.isoformat(),
            "left": None if year.left is None else year.left.isoformat(),
            "ground": None if year.ground is None else year.ground.value,
            "age": year.age,
            "education": None if year.education is None else year.education.value,
            "certificate": None if year.certificate is None else year.certificate.value,
            "assessed": None if year.assessed is None else year.assessed.value,
            "trained": year.trained,
            "grade": year.grade,
            "months": year.months,
            "basic_fen": int(year.basic),
            "performance_fen": int(year.performance),
            "certificate_fen": int(year.certificate_allowance),
            "award_fen": int(year.award),
            "hangs_on": [] if year.hangs_on is None else list(year.hangs_on.split()),
        }
        for year in life
    ]


def _told(year: LifeYear, lang: Lang) -> Iterator[str]:
    if year.came is not None:
        yield say(msg("came on {day}", day=year.came), lang)
    yield say(msg("{age} years old", age=year.age), lang)
    yield from (word(one, lang) for one in (year.education, year.certificate) if one is not None)
    yield say(msg("grade {grade}", grade=year.grade), lang)
    if year.assessed is not None:
        yield say(msg("assessed as {grade}", grade=year.assessed), lang)
    if year.trained == year.year:
        yield say(msg("trained"), lang)
    yield say(
        msg(
            "{months} months paid, {basic} yuan basic pay, {performance} yuan performance share",
            months=year.months, basic=year.basic, performance=year.performance,
        ),
        lang,
    )
    if year.certificate_allowance or year.award:
        extra = year.certificate_allowance + year.award
        yield say(msg("{amount} yuan for certificates and awards", amount=extra), lang)
    if year.left is not None and year.ground is not None:
        yield say(msg("left on {day}: {ground}", day=year.left, ground=year.ground), lang)
    if year.hangs_on is not None:
        others = several([say(_OTHERS[one], lang) for one in year.hangs_on.split()], lang)
        yield say(msg("this hangs on others too: {others}", others=others), lang)
