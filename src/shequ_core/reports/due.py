"""What falls due for each post holder, as a list."""

from __future__ import annotations

from shequ_core.errors import msg
from shequ_core.planning.due import Due, DueList
from shequ_core.policy.book import COMMUNITY_DIGITS
from shequ_core.reports.lists import Listing, Value


def due_listing(found: DueList) -> Listing:
    """Return what falls due, a row a post holder."""
    rows = found.rows
    notes = [
        msg("{people} posts held on {on}", people=len(rows), on=found.on),
        msg(
            "training (JLW2.7a): {overdue} overdue, {due} due by the end of {year}, {unknown} unknown",
            overdue=sum(one.overdue is True for one in rows), due=sum(one.train_by == found.on.year for one in rows),
            year=found.on.year, unknown=sum(one.train_by is None for one in rows),
        ),
        msg(
            "certificates (JLW2.7b): {certified} certified; {missing} missing in {communities} communities",
            certified=sum(one.certified is True for one in rows),
            missing=sum({_community(one): one.certificates_missing or 0 for one in rows}.values()),
            communities=len({_community(one) for one in rows if one.certificates_missing}),
        ),
        msg(
            "agreements (JLW2.5c): {sign} to sign, {unknown} unknown", sign=sum(one.to_sign is True for one in rows),
            unknown=sum(one.to_sign is None for one in rows),
        ),
    ]
    for county, term in found.terms.items():
        if term is not None:
            notes.append(
                msg(
                    "{county}: the committees' term runs from {low} to {high}", county=county, low=term.low,
                    high=term.high,
                )
            )
    if not found.leave_counted:
        notes.append(msg("leave taken is not counted: that wants the table of leave, and a calendar of working days"))
    for county, keys in found.unset.items():
        notes.append(msg("{county}: not set here: {keys}", county=county, keys=keys))
    heads = {
        "worker": msg("person"), "post": msg("post"), "role": msg("role"), "last_trained": msg("last trained"),
        "train_by": msg("train by the end of"), "overdue": msg("overdue"), "certificate": msg("certificate"),
        "certified": msg("counts as certified"), "certificates_missing": msg("certified missing in the community"),
        "agreement_until": msg("agreement until"), "to_sign": msg("to sign"), "leave_days": msg("leave days"),
        "leave_left": msg("leave left"),
    }
    told: list[tuple[Value, ...]] = [
        (
            one.worker, one.post, one.role, one.last_trained, one.train_by, one.overdue, one.certificate,
            one.certified, one.certificates_missing, one.agreement_until, one.to_sign, one.leave_days, one.leave_left,
        )
        for one in rows
    ]
    return Listing(name=msg("Falling due"), heads=heads, rows=told, notes=notes)


def _community(one: Due) -> str:
    return one.post[:COMMUNITY_DIGITS]
