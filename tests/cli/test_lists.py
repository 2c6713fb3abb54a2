"""Lists on the screen and in workbooks say whose people they are of and what they rest on."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from shequ_core.cli import shequ

EXAMPLE = Path(__file__).parents[2] / "examples" / "chaoyang"
SYNTHETIC = "are synthetic"
NOBODY = "nobody issued"


@pytest.mark.parametrize("verb", ["careers", "due", "targets"])
def test_a_list_says_that_its_people_are_made_up_and_what_nobody_issued(verb: str, tmp_path: Path) -> None:
    asked = [verb, str(EXAMPLE), "--on", "2022-07-01", "--lang", "en"]
    plain = CliRunner().invoke(shequ, asked, prog_name="shequ")
    assert plain.exit_code == 0, plain.output
    assert SYNTHETIC in plain.output
    assert NOBODY not in plain.output
    out = tmp_path / "list.xlsx"
    assumed = CliRunner().invoke(shequ, [*asked, "--assume", "--out", str(out)], prog_name="shequ")
    assert SYNTHETIC in assumed.output
    assert NOBODY in assumed.output
    book = CalamineWorkbook.from_path(out)
    said = "\n".join(str(cell) for row in book.get_sheet_by_index(1).to_python() for cell in row)
    assert SYNTHETIC in said
    assert NOBODY in said
