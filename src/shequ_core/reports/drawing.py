"""What draws pictures, an extra; and whether they can show Chinese: a font that has it must be on the machine."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from shequ_core.errors import Message, MissingExtraError, msg

_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_PLACE: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="18" font-size="16">{}</text></svg>'
)


def drawer() -> Any:  # Any: its functions have other types in each version
    """Return vl-convert.

    Raises:
        MissingExtraError: It isn't installed.
    """
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        raise MissingExtraError("vl-convert-python", "charts") from error
    return vl_convert


def boxes_in(text: str) -> Message | None:
    """Return what to tell where Chinese in a picture's text is drawn as empty boxes, for want of a font that has it.

    Raises:
        MissingExtraError: vl-convert isn't installed.
    """
    if not _CHINESE.search(text) or _has_chinese():
        return None
    return msg(
        "no font on this machine has Chinese: in a .png it stands as empty boxes. Install one, such as Noto Sans CJK,"
        " or write .html, which each reader's own machine draws"
    )


@cache
def _has_chinese() -> bool:
    """Say whether two characters look different: without a font each is the same box."""
    draw = drawer().svg_to_png
    return bool(draw(_PLACE.format("社")) != draw(_PLACE.format("区")))
