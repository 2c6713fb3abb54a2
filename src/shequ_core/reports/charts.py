"""A chart as a plain Vega-Lite specification, and what becomes of it: SVG, PNG, a page, an Altair object."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from shequ_core.errors import MissingExtraError, OutputError, msg
from shequ_core.reports.drawing import boxes_in, drawer
from shequ_core.tables.disk import write_whole

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v5.json"
MIME: Final = "application/vnd.vegalite.v5+json"
SCALE: Final = 3
"""Pixels of a picture for each of the drawing, so that print is sharp."""

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#9aa0a6", "#f0e442", "#8c6d31")
"""Colours that people with any kind of colour vision tell apart (Okabe and Ito), and one more."""

FONT: Final = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"

CONFIG: Final[Mapping[str, Any]] = {
    "font": FONT,
    "background": "white",
    "view": {"stroke": None},
    "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "gridColor": "#e6e9ee"},
    "legend": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "orient": "bottom"},
    "title": {"fontSize": 14, "anchor": "start", "subtitleFontSize": 11, "subtitleColor": "#5b6675"},
    "range": {"category": list(COLOURS)},
}


@attrs.frozen(eq=False)
class Chart:
    """A chart.

    Attributes:
        spec: As Vega-Lite has it, data included: what any tool of that family takes.
    """

    spec: Mapping[str, Any]  # Any: JSON with floats, which data of ours has not

    def to_svg(self) -> str:
        """Return it as an SVG.

        Raises:
            MissingExtraError: vl-convert isn't installed.
        """
        return str(drawer().vegalite_to_svg(self.spec, vl_version="5.20"))

    def to_png(self, scale: float = SCALE) -> bytes:
        """Return it as a PNG; Chinese needs a font that has it, and a warning tells where none does.

        Raises:
            MissingExtraError: vl-convert isn't installed.
        """
        if boxes := boxes_in(str(self.spec)):
            warnings.warn(str(boxes), stacklevel=2)
        return bytes(drawer().vegalite_to_png(self.spec, vl_version="5.20", scale=scale))

    def to_html(self) -> str:
        """Return it as a page that needs nothing from outside, and shows numbers where one points.

        Raises:
            MissingExtraError: vl-convert isn't installed.
        """
        return str(drawer().vegalite_to_html(self.spec, vl_version="5.20", bundle=True))

    def to_altair(self) -> Any:  # Any: Altair is an extra
        """Return it as an Altair chart.

        Raises:
            MissingExtraError: Altair isn't installed.
        """
        try:
            import altair
        except ModuleNotFoundError as error:
            raise MissingExtraError("altair", "charts") from error
        # Altair speaks one version of Vega-Lite only; what we use is the same in both.
        return altair.Chart.from_dict({**self.spec, "$schema": altair.SCHEMA_URL})

    def save(self, path: Path | str) -> None:
        """Write it as `.svg`, `.png`, `.html` or `.json`, by the name.

        Raises:
            OutputError: The name ends otherwise, or the file can't be written.
            MissingExtraError: vl-convert isn't installed.
        """
        import json

        path = Path(path)
        match path.suffix:
            case ".svg":
                content = self.to_svg().encode()
            case ".png":
                content = self.to_png()
            case ".html":
                content = self.to_html().encode()
            case ".json":
                content = json.dumps(self.spec, ensure_ascii=False, indent=2).encode()
            case _:
                raise OutputError(msg("a chart is written as .svg, .png, .html or .json"))
        try:
            write_whole(path, content)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise OutputError(msg("{out} can't be written: {why}", out=str(path), why=why)) from None

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:  # Any: a notebook's own protocol
        told: dict[str, Any] = {MIME: self.spec, "text/plain": repr(self)}
        try:
            told["image/svg+xml"] = self.to_svg()
        except MissingExtraError:
            return told
        return told
