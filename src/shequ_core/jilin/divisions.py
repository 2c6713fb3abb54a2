"""The divisions of Jilin Province, its development zones among them, as dated rows.

Names and codes are Civil Affairs' (national place-name base, as of 2025-12-31); what changed since the
two opinions of 2020-04-30 and what each date rests on stands in the rows' notes. Zones carry the
statistics bureau's codes. `tools/build_divisions.py` makes the file.

Limitations:
    Civil Affairs and the statistics bureau number the subdistricts and towns of a county each in its
    own order: of the 972 here, 579 have both code and name of the bureau's list of 2023-06-30, and 241
    have a code that carries another name there, mostly another place's. Of a community's code taken
    from the bureau's lists, the first six digits can be read here; the first nine may mislead.

    A division without a first day may be younger than the day asked for: new subdistricts are dated
    only where their approval could be seen.
"""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from importlib.resources import files

from shequ_core.model.places import Division, DivisionKind, Divisions
from shequ_core.values import Status


@cache
def jilin_divisions() -> Divisions:
    """Read the list: province, 9 prefectures, 60 counties, 972 subdistricts and towns, 9 zones, and former codes."""
    text = files("shequ_core.jilin").joinpath("divisions.csv").read_text(encoding="utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    kinds, statuses = {kind.value: kind for kind in DivisionKind}, {status.value: status for status in Status}
    return Divisions(
        Division(
            code=code,
            name=name,
            kind=kinds[kind],
            since=date.fromisoformat(since) if since else None,
            until=date.fromisoformat(until) if until else None,
            status=statuses[status],
            successor=successor or None,
            note=note,
        )
        for code, name, kind, since, until, status, successor, note in rows
    )
