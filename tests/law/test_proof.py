"""Whatever cites a carried clause is proven by a case that notices when it is disturbed."""

from __future__ import annotations

import pytest

from shequ_core.testing.proof import main


def test_every_citation_of_a_carried_clause_is_proven(capsys: pytest.CaptureFixture[str]) -> None:
    """Each cited rule, value, leeway and limit, shifted by one unit, makes a case come out wrong."""
    code = main()
    told = capsys.readouterr().out
    assert code == 0, told
    assert " 0 not proven" in told
