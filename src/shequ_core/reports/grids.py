"""A division into grids as data: JSON, GeoJSON, text; workbook, page and picture stand beside this file.

The same plan gives the same bytes, whatever the machine's language or zone.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, TypeAlias

import attrs

from shequ_core.audit.grids import of_a_plan
from shequ_core.errors import InputError, Message, OutputError, ShequError, msg
from shequ_core.law.findings import Finding
from shequ_core.model.communities import Grid
from shequ_core.model.places import TOWNSHIP_DIGITS, Divisions
from shequ_core.planning.grids.drawing import MADE_UP, Say, missed
from shequ_core.planning.grids.outlines import geometry_of, hull, rings_of
from shequ_core.planning.grids.plan import Cause, GridPlan, PlanStatus, StoppedBy
from shequ_core.planning.grids.plans import GridPlans
from shequ_core.policy import grids as keys
from shequ_core.policy.book import COMMUNITY_DIGITS
from shequ_core.policy.policy import Policy
from shequ_core.reports.out import write_or_replace
from shequ_core.reports.rests import findings_data
from shequ_core.reports.wording import ZH, as_json, cited, labelled, phrases, say, sentences, speaker, word
from shequ_core.tables.dataset import Grids
from shequ_core.values import JsonValue, Lang, Status

Data: TypeAlias = "dict[str, Any]"
"""JSON with floats: coordinates and mean distances are measured, not counted. (Any: nested.)"""

INVALID: Final = "invalid"
"""The status of an answer that has no plan because what was given can't be read."""

GENERATOR: Final = "shequ-core grids"
"""By this a page or picture of ours is known."""

KEYS: Final = (keys.HOUSEHOLDS, keys.WORKERS, keys.AUXILIARY_POLICE)
"""What of a place's policy a division goes by."""

CUT_SHORT: Final = msg("The search was cut short by --seconds: another run or machine may give another plan.")

SPEAKER: Final = speaker(ZH)
"""Says what a report shows in a notebook."""

_TOLD: Final = 20
"""So many communities without a plan within bounds are told one by one on the screen."""


@attrs.frozen(kw_only=True, eq=False)
class GridReport(GridPlans):
    """Plans of one or many communities, ready to be shown.

    Attributes:
        divisions: Where places lie, for their names.
    """

    divisions: Divisions | None = None

    def name(self, code: str) -> str:
        """Return the name of a place with all that it lies in; its code where nobody knows the name."""
        return self.divisions.path(code) if self.divisions is not None and code in self.divisions else code

    def html(self, say: Say = SPEAKER) -> str:
        """Return all maps as a piece of HTML, in Chinese unless `say` says otherwise (`speaker`)."""
        return super().html(say)

    def findings(self, plan: GridPlan) -> tuple[Finding, ...]:
        """Return the grids of a plan that the clause doesn't allow; none where the user said the bounds."""
        policy, community = plan.policy, plan.layout.community
        if policy is None or community is None:
            return ()
        counted = plan.households()
        grids = Grids.of(Grid(code=code, community=community, households=counted[code]) for code in sorted(plan.codes))
        return of_a_plan(grids, policy)


# --- JSON ---------------------------------------------------------------------------------------------


def report_data(report: GridReport, lang: Lang = "en") -> Data:
    """Return it as `PLAN.json` has it: of one community its plan, of many the worst status and each by its code."""
    if len(report.plans) == 1:
        told = _plan_data(report, report.plans[0], lang)
    else:
        told = {
            "status": report.status.value,
            "grids": dict(report.grids()),
            "message": say(report.message(), lang),
            "errors": [],
            "synthetic": report.synthetic,
            "retired": list(report.retired),
            "measures": dict(report.measures),
            "communities": {
                plan.layout.community or "": _plan_data(report, plan, lang) for plan in report.plans
            },
        }
    told["policies"] = {digest: _policy_data(policy) for digest, policy in sorted(report.policies.items())}
    told["shequ_core"] = version("shequ-core")
    return told


def invalid_data(error: ShequError, lang: Lang = "en") -> Data:
    """Return what stands in `PLAN.json` where nothing could be divided: what is wrong, and no grid."""
    first, *rest = sentences(error, lang)
    if isinstance(error, InputError):
        count = len(error.faults)
        told = msg("There is a fault in the input; no plan was made.")
        first = say(told if count == 1 else msg("{count} faults in the input; no plan was made.", count=count), lang)
    return {
        "status": INVALID,
        "grids": {},
        "message": first,
        "errors": rest or [first],
        "measures": {},
        "shequ_core": version("shequ-core"),
    }


def _plan_data(report: GridReport, plan: GridPlan, lang: Lang) -> Data:
    layout = plan.layout
    policy = plan.policy
    return {
        "status": plan.status.value,
        "grids": dict(plan.grids()),
        "message": say(plan.message, lang),
        "errors": [],
        "synthetic": plan.synthetic,
        "retired": list(plan.retired),
        "measures": dict(plan.measures),
        "community": layout.community,
        "bounds": {"low": plan.bounds.low, "high": plan.bounds.high},
        "policy": None if policy is None else policy.fingerprint,
        "by_grid": {
            one.code: {
                "households": one.households, "buildings": list(one.buildings), "estates": list(one.estates),
                "within_bounds": not one.missed, "missed_by": one.missed,
                "workers": plan.workers, "auxiliary_police": plan.auxiliary_police,
            }
            for one in grids_of(plan)
        },
        "causes": [_cause_data(one, lang) for one in plan.causes],
        "findings": findings_data(report.findings(plan)),
        "moves": [
            {
                "building": one.building, "households": one.households, "before": one.before, "after": one.after,
                "reason": say(one.reason, lang),
            }
            for one in plan.moves
        ],
        "adjacency": layout.basis.value,
        "notes": [say(one, lang) for one in layout.notes],
        "stopped_by": plan.stopped_by.value,
        "effort": plan.effort,
        "seed": plan.seed,
    }


def _cause_data(cause: Cause, lang: Lang) -> dict[str, JsonValue]:
    return {
        "kind": cause.kind.value,
        "buildings": list(cause.buildings),
        "message": say(cause.message, lang),
        "remedies": [say(one, lang) for one in cause.remedies],
    }


def _policy_data(policy: Policy) -> dict[str, JsonValue]:
    return {
        "place": policy.place,
        "on": policy.on.isoformat(),
        "known": None if policy.known is None else policy.known.isoformat(),
        "values": {key.name: None if (told := policy.why(key)) is None else told.to_data() for key in KEYS},
    }


@attrs.frozen(kw_only=True)
class Drawn:
    """A grid of a plan, with what lies in it.

    Attributes:
        missed: By how many households it misses its bounds: below zero too few, above zero too many.
    """

    code: str
    households: int
    missed: int
    places: tuple[int, ...]
    buildings: tuple[str, ...]
    estates: tuple[str, ...]


def grids_of(plan: GridPlan) -> list[Drawn]:
    """Return the grids of a plan in the order of their codes."""
    layout = plan.layout
    places: list[list[int]] = [[] for _ in plan.codes]
    for place, grid in enumerate(plan.grid_of.tolist()):
        places[grid].append(place)
    counted = plan.households()
    estate_of = layout.estates.tolist()
    return [
        Drawn(
            code=code, households=counted[code], missed=missed(counted[code], plan), places=tuple(some),
            buildings=tuple(layout.ids[place] for place in some),
            estates=tuple(layout.estate_names[one] for one in sorted({estate_of[place] for place in some} - {-1})),
        )
        for code, some in sorted(zip(plan.codes, places, strict=True))
    ]


# --- GeoJSON ------------------------------------------------------------------------------------------


def geojson_data(report: GridReport, lang: Lang = "en") -> Data:
    """Return it as GeoJSON: a feature a grid (the hull of its buildings) and a feature a building, as was given.

    Degrees are written as they were given. Metres of a plane of the user's own can't be degrees: `crs` is null
    then, as GeoJSON says that nothing is known of them, and `note` says so in words.
    """
    plane = any(plan.layout.coordinates is not None and not plan.layout.in_degrees for plan in report.plans)
    told: Data = {"type": "FeatureCollection"}
    if plane:
        told["crs"] = None
        told["note"] = say(msg("Coordinates are metres in a plane of the user's own, not degrees."), lang)
    told |= {
        "status": report.status.value,
        "message": say(report.message(), lang),
        "synthetic": report.synthetic,
        "retired": list(report.retired),
        "shequ_core": version("shequ-core"),
        "features": [feature for plan in report.plans for feature in _features(plan)],
    }
    return told


def _features(plan: GridPlan) -> Iterator[Data]:
    layout = plan.layout
    spots = [None] * len(layout) if layout.coordinates is None else [
        (x, y) if math.isfinite(x) and math.isfinite(y) else None for x, y in layout.coordinates.tolist()
    ]
    prints = layout.footprints or (None,) * len(layout)
    moved = {one.building: one.before for one in plan.moves}
    made_up = {"synthetic": True} if plan.synthetic else {}  # features are what people cut out and send on
    for one in grids_of(plan):
        points = [spot for place in one.places if (spot := spots[place]) is not None]
        outlines = [text for place in one.places if (text := prints[place])]
        points += [point for text in outlines for ring in rings_of(text) for point in ring]
        yield {
            "type": "Feature",
            "geometry": _outline(hull(points)) if points else None,
            "properties": {
                "kind": "grid", "grid": one.code, "community": layout.community, "households": one.households,
                "buildings": len(one.buildings), "estates": list(one.estates), "within_bounds": not one.missed,
                "missed_by": one.missed, "workers": plan.workers, "auxiliary_police": plan.auxiliary_police,
                **made_up,
            },
        }
    for place, building in enumerate(layout.ids):
        spot, text = spots[place], prints[place]
        geometry = geometry_of(text) if text else None
        if geometry is None and spot is not None:
            geometry = {"type": "Point", "coordinates": list(spot)}
        estate = int(layout.estates[place])
        yield {
            "type": "Feature",
            "geometry": geometry,
            "properties": {
                "kind": "building", "id": building, "grid": plan.codes[int(plan.grid_of[place])],
                "community": layout.community, "households": int(layout.households[place]),
                "estate": None if estate < 0 else layout.estate_names[estate],
                "previous": layout.previous[place] if layout.previous else None,
                "moved": building in moved, **made_up,
            },
        }


def _outline(ring: Sequence[tuple[float, float]]) -> Data:
    """Return a hull as a geometry: of one building a point, of two a line."""
    if len(ring) == 1:
        return {"type": "Point", "coordinates": list(ring[0])}
    if len(ring) == 2:
        return {"type": "LineString", "coordinates": [list(one) for one in ring]}
    return {"type": "Polygon", "coordinates": [[list(one) for one in (*ring, ring[0])]]}


# --- words --------------------------------------------------------------------------------------------


def bounds_lines(report: GridReport, lang: Lang) -> list[str]:
    """Say by whose bounds was divided, what conflicts with a place above, and what nobody issued."""
    lines: dict[str, None] = {}
    own = {plan.bounds: None for plan in report.plans if plan.policy is None}
    for bounds in own:
        own_bounds = msg("Bounds as given: {low} to {high} households a grid", low=bounds.low, high=bounds.high)
        lines[say(own_bounds, lang)] = None
    for policy in report.policies.values():
        told = policy.why(keys.HOUSEHOLDS)
        if told is None:
            continue
        by = phrases((report.name(told.place), cited(told.value.source, lang), told.value.status), lang)
        bounds = told.value.value
        said = say(msg("Bounds: {low} to {high} households a grid", low=bounds.low, high=bounds.high), lang)
        lines[labelled(said, by, lang)] = None
        for one in told.conflicts:
            conflict = msg(
                "{verdict} with {place} ({clause}): {why}", verdict=one.judgement.verdict, place=report.name(one.place),
                clause=one.source.clause, why=one.judgement.why,
            )
            lines[f"! {say(conflict, lang)}"] = None
        marks: dict[str, set[Status]] = {}
        for key in KEYS:
            why = policy.why(key)
            unsure = {one for one in why.statuses if one.asked_for} if why is not None else set()
            if unsure:
                marks[key.name] = unsure
        if marks:
            statuses = tuple(word(one, lang) for one in sorted({one for found in marks.values() for one in found}))
            names = tuple(marks)
            rests = msg("It rests on values that nobody issued ({statuses}): {keys}.", statuses=statuses, keys=names)
            lines[say(rests, lang)] = None
    return list(lines)


def report_text(report: GridReport, lang: Lang) -> str:
    """Tell it on the screen: one community grid by grid, many by their totals and what is wrong with each."""
    lines = [*bounds_lines(report, lang)]
    if len(report.plans) == 1:
        (plan,) = report.plans
        lines += [_headline(report, plan, lang), *_grid_lines(plan, lang), *_cause_lines(plan, lang)]
        if plan.layout.previous:
            moves = msg(
                "{buildings} buildings with {households} households change their grid",
                buildings=len(plan.moves), households=sum(one.households for one in plan.moves),
            )
            lines.append(say(moves, lang))
            lines += [f"  {_move_line(one.building, one.before, one.after, one.reason, lang)}" for one in plan.moves]
        lines += [say(one, lang) for one in notes_of(report)]
        return "\n".join(lines)
    lines.append(say(report.message(), lang))
    wrong = [plan for plan in report.plans if plan.status is not PlanStatus.OK]
    for plan in wrong[:_TOLD]:
        lines += [_headline(report, plan, lang), *_cause_lines(plan, lang)]
    lines += [say(one, lang) for one in notes_of(report)]
    if len(wrong) > _TOLD:
        lines.append(say(msg("and {count} communities more, which the files name", count=len(wrong) - _TOLD), lang))
    return "\n".join(lines)


def notes_of(report: GridReport) -> list[Message]:
    """Return what a reader must know of how the plans were made, the same thing once."""
    notes = {str(note): note for plan in report.plans for note in plan.layout.notes}
    made_up = any(plan.synthetic for plan in report.plans)
    short = any(plan.stopped_by is StoppedBy.TIME for plan in report.plans)
    return [*([MADE_UP] if made_up else []), *([CUT_SHORT] if short else []), *notes.values()]


def _headline(report: GridReport, plan: GridPlan, lang: Lang) -> str:
    code = plan.layout.community
    told = say(plan.message, lang)
    return told if code is None else labelled(place_name(report, code), told, lang)


def place_name(report: GridReport, code: str) -> str:
    """Return a community's code after the name of its subdistrict, where that is known."""
    above = report.name(code[:TOWNSHIP_DIGITS])
    return code if above == code[:TOWNSHIP_DIGITS] or len(code) != COMMUNITY_DIGITS else f"{above} {code}"


def _grid_lines(plan: GridPlan, lang: Lang) -> Iterator[str]:
    for one in grids_of(plan):
        parts = [say(msg("{count} buildings", count=len(one.buildings)), lang), *one.estates]
        told = say(msg("{grid}: {households} households", grid=one.code, households=one.households), lang)
        if one.missed:
            parts.insert(0, missed_word(one.missed, lang))
        yield f"  {phrases((told, *parts), lang)}"


def missed_word(off: int, lang: Lang) -> str:
    """Say by how many households a grid misses its bounds."""
    if not off:
        return say(msg("within bounds"), lang)
    return say(msg("{count} too many", count=off) if off > 0 else msg("{count} too few", count=-off), lang)


def _cause_lines(plan: GridPlan, lang: Lang) -> Iterator[str]:
    for one in plan.causes:
        yield f"  {phrases((labelled(word(one.kind, lang), say(one.message, lang), lang),), lang)}"
        for remedy in one.remedies:
            yield f"    {say(msg('What would help: {remedy}', remedy=remedy), lang)}"


def _move_line(building: str, before: str, after: str, reason: Message, lang: Lang) -> str:
    return say(
        msg("{building}: from {before} to {after} ({reason})", building=building, before=before, after=after,
            reason=reason),
        lang,
    )


# --- files --------------------------------------------------------------------------------------------


def write_report(report: GridReport, outs: Sequence[Path], *, lang: Lang, data_lang: Lang = "en") -> None:
    """Write a division into files, each by its suffix; all of them are written or none.

    Args:
        report: The plans.
        outs: The files: .json, .geojson, .xlsx, .html or .png. An earlier plan there is replaced.
        lang: The language of workbook, page and picture.
        data_lang: The language of sentences in JSON.

    Raises:
        OutputError: A name has another suffix, something else is there, or it can't be written.
        MissingExtraError: A picture is asked for, and what draws it isn't installed.
    """
    makers = check_names(outs)
    content = {out: makers[out](report, data_lang if out.suffix.casefold() in _DATA else lang) for out in outs}
    write_or_replace(content, is_plan)


def write_invalid(error: ShequError, outs: Sequence[Path], *, data_lang: Lang = "en") -> list[Path]:
    """Write what is wrong into the JSON files among these, and nothing into the others.

    Returns:
        What was written.

    Raises:
        OutputError: Something else is there, or it can't be written.
    """
    told = _json_bytes(invalid_data(error, data_lang))
    files = {out: told for out in outs if out.suffix.casefold() == ".json"}
    write_or_replace(files, is_plan)
    return list(files)


def check_names(outs: Collection[Path]) -> Mapping[Path, Callable[[GridReport, Lang], bytes]]:
    """Return what makes each file, by its suffix.

    Raises:
        OutputError: There is nothing for a suffix; all such names at once.
    """
    odd = [out.name for out in outs if out.suffix.casefold() not in MAKERS]
    if odd:
        raise OutputError(
            msg("{out} is no name for a plan: let it end in {suffixes}", out=tuple(odd), suffixes=tuple(MAKERS))
        )
    return {out: MAKERS[out.suffix.casefold()] for out in outs}


def _json_bytes(data: object) -> bytes:
    return f"{as_json(data)}\n".encode()


def _json(report: GridReport, lang: Lang) -> bytes:
    return _json_bytes(report_data(report, lang))


def _geojson(report: GridReport, lang: Lang) -> bytes:
    data = geojson_data(report, lang)
    features = data.pop("features")
    head = json.dumps(data, ensure_ascii=False)[:-1]
    # A feature a line: files of a province are read by eye and by line-wise tools alike.
    lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
    return f'{head}, "features": [\n{lines}\n]}}\n'.encode()


def _xlsx(report: GridReport, lang: Lang) -> bytes:
    from shequ_core.reports.gridbook import grids_workbook

    return grids_workbook(report, lang)


def _html(report: GridReport, lang: Lang) -> bytes:
    from shequ_core.reports.gridpage import grids_page

    return grids_page(report, lang).encode()


def _png(report: GridReport, lang: Lang) -> bytes:
    from shequ_core.reports.gridpage import grids_picture

    return grids_picture(report, lang)


MAKERS: Final[Mapping[str, Callable[[GridReport, Lang], bytes]]] = {
    ".json": _json, ".geojson": _geojson, ".xlsx": _xlsx, ".html": _html, ".png": _png,
}
"""What makes a file, by its suffix."""

_DATA: Final = frozenset({".json", ".geojson"})


def is_plan(path: Path) -> bool:
    """Whether a file is an earlier plan of ours, by its suffix and what it holds."""
    suffix, content = path.suffix.casefold(), path.read_bytes()
    if suffix in _DATA:
        try:
            data = json.loads(content)
        except ValueError:
            return False
        wanted = {"status", "shequ_core", "grids" if suffix == ".json" else "features"}
        return isinstance(data, dict) and wanted <= data.keys()
    if suffix == ".xlsx":
        return _is_own_book(content)
    return GENERATOR.encode() in content[:4096]


def _is_own_book(content: bytes) -> bool:
    from shequ_core.reports.gridbook import is_grids_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return is_grids_workbook(archive.read("xl/workbook.xml").decode())
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError):
        return False
