"""Days and what happens on them as a calendar file (iCalendar, RFC 5545) that any calendar program opens.

All events last whole days: nobody published hours. Nothing hangs on the clock, so that the same plan gives the same
bytes; an event's UID is made of what it is about, so that a plan that is read in again changes events and doubles
none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

import attrs

PRODUCT: Final = "-//shequ-core//NONSGML v1//EN"
_LINE: Final = 75
"""Octets of a line, its end not counted (RFC 5545, 3.1)."""
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f]")


@attrs.frozen(kw_only=True)
class Event:
    """Something on a day.

    Attributes:
        uid: Names it for good, in this file and in every later one.
        made_on: The day that counts as when it was written.
    """

    uid: str
    day: date
    summary: str
    description: str
    made_on: date


def calendar_bytes(name: str, events: Iterable[Event], description: str) -> bytes:
    """Return the file.

    Args:
        name: What calendar programs call it.
        events: The events, each with a UID of its own.
        description: What calendar programs tell of it.
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN",
             f"X-WR-CALNAME:{_text(name)}", f"X-WR-CALDESC:{_text(description)}"]
    for one in events:
        lines += [
            "BEGIN:VEVENT", f"UID:{_text(one.uid)}", f"DTSTAMP:{one.made_on:%Y%m%d}T000000Z",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{_text(one.summary)}", f"DESCRIPTION:{_text(one.description)}", "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded + b"\r\n" for line in lines for folded in _folded(line))


def _text(value: str) -> str:
    """Return a text as a value: what RFC 5545 gives a meaning is escaped, control characters go."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\\", "\\\\")
    lines = lines.replace(";", "\\;").replace(",", "\\,")
    return _CONTROL.sub("", lines).replace("\n", "\\n")


def _folded(line: str) -> Iterable[bytes]:
    """Yield a line in pieces of at most 75 octets, each but the first after a blank; no character is torn apart."""
    whole = line.encode()
    if len(whole) <= _LINE:
        yield whole
        return
    piece = b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > _LINE:
            yield piece
            piece = b" "
        piece += octets
    yield piece
