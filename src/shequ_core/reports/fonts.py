"""Whether pictures drawn on this machine can show Chinese: a font that has it must be there."""

from __future__ import annotations

from functools import cache

from shequ_core.errors import Message, MissingExtraError, msg

_PLACE = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24"><text y="18" font-size="16">{}</text></svg>'


@cache
def no_chinese() -> Message | None:
    """Return what to tell where no font has Chinese, so that each character is the same empty box in a PNG.

    Raises:
        MissingExtraError: vl-convert isn't installed.
    """
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        raise MissingExtraError("vl-convert-python", "charts") from error
    if vl_convert.svg_to_png(_PLACE.format("社")) != vl_convert.svg_to_png(_PLACE.format("区")):
        return None
    return msg(
        "no font on this machine has Chinese: in a .png it stands as empty boxes. Install one, such as Noto Sans CJK,"
        " or write .html, which each reader's own machine draws"
    )
