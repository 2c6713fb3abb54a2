"""What a policy costs with a hundred plugins installed: loading them, the first answer, every one after it."""

from __future__ import annotations

import os
import tempfile
from functools import partial
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from tools.bench.measure import in_turn, run_code

from shequ_core.jilin.divisions import jilin_divisions
from shequ_core.model.places import Level, level_of

PLUGINS: Final = 100
TRIES: Final = 2000

MODULE: Final = '''
from datetime import date
from fractions import Fraction

from shequ_core import Document, LocalPolicy, Span, Status, hookimpl, yuan
from shequ_core.model.posts import CertificateLevel
from shequ_core.policy import exits, grids, pay, recruitment, service, staffing

DAY = date(2021, 1, 1)
SAID = dict(since=DAY, known_on=DAY, source=Document("某地办法").article("第一条"), status=Status.ISSUED)


@hookimpl
def shequ_place():
    return [LocalPolicy(place="{place}", values=[
        staffing.BASE_POSTS.set(Span(11, 14), **SAID),
        staffing.STEP.set(Span(400, 400), **SAID),
        staffing.PARTY_POSTS.set(3, **SAID),
        recruitment.MAX_AGE.set(38, **SAID),
        service.PATROLS.set(2, **SAID),
        exits.FAILED_RUNNING.set(2, **SAID),
        grids.HOUSEHOLDS.set(Span(300, 450), **SAID),
        pay.REFERENCE.set(pay.AnnualMean(yuan("72000"), 2021), **SAID),
        pay.GRADES.set(pay.CoefficientTable(
            tuple(1 + Fraction(5 * above, 100) for above in range(18)),
            {{"principal": Span(7, 18), "committee": Span(4, 15), "staff": Span(1, 12)}},
        ), **SAID),
        pay.CERTIFICATE.set(pay.MonthlyAllowance(
            dict(zip(CertificateLevel, (yuan("200"), yuan("300"), yuan("400"))))
        ), **SAID),
    ])]
'''

ASKED: Final = '''
import time
MARKS = {{}}
began = time.process_time()
from datetime import date
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.staffing import PARTY_POSTS
MARKS["import"] = time.process_time() - began
began = time.process_time()
book = PolicyBook.load()
MARKS["load"] = time.process_time() - began
assert len([one for one in book.plugins if not one.built_in]) >= {plugins} and not book.faults, book.faults
began = time.process_time()
assert book.policy("{place}", date(2022, 7, 1))[PARTY_POSTS] == 3
MARKS["cold"] = time.process_time() - began
began = time.process_time()
for number in range({tries}):
    book.policy("{place}", date(2022, 7, 1))[PARTY_POSTS]
MARKS["warm"] = (time.process_time() - began) / {tries}
days = [date(2010 + number // 300, 1 + number % 12, 1 + number % 28) for number in range({tries})]
began = time.process_time()
for day in days:
    book.policy("{place}", day, placed_on=date(2022, 7, 1)).fingerprint
MARKS["other days"] = (time.process_time() - began) / {tries}
'''

TOLD: Final = (
    ("import", "import the book", None),
    ("load", f"load {PLUGINS} plugins more", None),
    ("cold", "the first policy", 50.0),
    ("warm", "the same policy again", 1.0),
    ("other days", "policies of other days", 1.0),
)


def bench(here: Path, *, quick: bool) -> dict[str, Any]:
    """Measure and print."""
    listed = sorted({one.code for one in jilin_divisions() if one.covers(None)})
    places = [code for code in listed if level_of(code) is Level.SUBDISTRICT][:PLUGINS]
    with tempfile.TemporaryDirectory() as folder:
        for number, place in enumerate(places):
            _install(Path(folder), f"shequ_bench_{number}", place)
        code = dedent(ASKED).format(place=places[-1], plugins=PLUGINS, tries=TRIES)
        run = partial(run_code, code, cwd=here, environment={"PYTHONPATH": _path(folder)})
        found = in_turn({"policy": run}, 3 if quick else 7)["policy"]
    print(f"plugins: CPU ms with {PLUGINS} plugins of ten values each installed, least of all runs")
    for name, said, aim in TOLD:
        print(f"  {said:<26} {found.mark(name) * 1000:10.4f}" + (f"   (aim: under {aim:g})" if aim else ""))
    return {"policy": found.data()}


def _path(folder: str) -> str:
    before = os.environ.get("PYTHONPATH")
    return folder if not before else os.pathsep.join((folder, before))


def _install(folder: Path, name: str, place: str) -> None:
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[shequ_core]\n{place} = {name}\n", encoding="utf-8")
    (folder / f"{name}.py").write_text(MODULE.format(place=place), encoding="utf-8")
