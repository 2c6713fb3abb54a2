"""`shequ procedure`: what there is, where a journal stands, and which journals are refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shequ_core import synthesize, write_dataset
from shequ_core.cli import shequ
from shequ_core.procedures.journal import PROCEDURES, to_json
from shequ_core.procedures.machine import Act, Authority, Proceeding


def run(*arguments: str) -> Result:
    return CliRunner().invoke(shequ, [*arguments], prog_name="shequ")


def asked(subject: str = "入户核查") -> Proceeding:
    """Help that a community was asked for."""
    procedure = PROCEDURES["matters.help"]
    return procedure.advance(
        procedure.begin(subject),
        Act(
            step="ask", by=Authority.DEPARTMENT, who="某区某局(虚构)", on=date(2022, 3, 1), document="函(虚构)",
            facts={"legal_basis": "某法第一条"},
        ),
    )


@pytest.fixture
def journals(tmp_path: Path) -> Path:
    folder = tmp_path / "procedures"
    folder.mkdir()
    (folder / "a.json").write_text(to_json(asked()), encoding="utf-8")
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_procedure_is_listed_and_shown(lang: str) -> None:
    listed = run("procedure", "list", "--lang", lang).output
    for name, one in PROCEDURES.items():
        assert f"{name}  " in listed
        shown = run("procedure", "show", name, "--lang", lang)
        assert shown.exit_code == 0
        for step in one.steps:
            assert step.name in shown.output
            assert step.clause in shown.output


def test_a_procedure_as_data_has_all_that_a_step_asks_for() -> None:
    data = json.loads(run("procedure", "show", "matters.help", "--json").output)
    provide = next(one for one in data["steps"] if one["step"] == "provide")
    assert (provide["from"], provide["to"], provide["clause"]) == (["asked"], "provided", "JLW3.3b")
    assert provide["by"] == ["department", "subdistrict"]
    assert {one["name"]: one["kind"] for one in provide["records"]}["money"] == "money"


def test_a_journal_tells_where_it_stands_and_who_may_take_which_step_next(journals: Path) -> None:
    (told,) = json.loads(run("procedure", "show", str(journals / "a.json"), "--json").output)
    assert (told["file"], told["state"]) == ("a.json", "asked")
    assert {one["step"]: (one["by"], one["clause"]) for one in told["next"]} == {
        "provide": (["department", "subdistrict"], "JLW3.3b"), "withdraw": (["department", "subdistrict"], "JLG2.7.1c"),
    }
    text = run("procedure", "show", str(journals / "a.json"), "--lang", "zh").output
    assert "2022-03-01" in text
    assert "provide（JLW3.3b）" in text


def test_journals_that_are_not_allowed_are_all_told_with_their_clause(journals: Path) -> None:
    """Nothing else is said: one bad journal is enough."""
    hasty = asked().to_data()
    hasty["journal"] = [
        *hasty["journal"],  # type: ignore[misc]  # a list, as to_data makes it
        {"step": "start", "by": "community", "who": "甲社区", "on": "2022-03-02", "document": "", "facts": {}},
    ]
    (journals / "b.json").write_text(json.dumps(hasty), encoding="utf-8")
    (journals / "c.json").write_bytes("入户核查".encode("gb18030"))
    found = run("procedure", "check", str(journals), "--lang", "en")
    assert found.exit_code == 2
    assert "b.json" in found.output
    assert "JLW3.3b" in found.output
    assert "c.json: it is not written in UTF-8" in found.output
    assert "a.json" not in found.output


def test_journals_in_order_are_told_so(journals: Path) -> None:
    found = run("procedure", "check", str(journals), str(journals / "a.json"), "--lang", "en")
    assert found.exit_code == 0
    assert found.output.endswith("Journals in order: 2.\n")


@pytest.mark.parametrize("asked_for", ["matters.hlp", "none.json"])
def test_what_is_not_there_is_told(asked_for: str) -> None:
    found = run("procedure", "show", asked_for, "--lang", "en")
    assert found.exit_code == 2
    assert "matters.help" in found.output or "there is no such file" in found.output


@pytest.mark.parametrize("name", ["procedures", "办理记录"])
def test_an_audit_reads_the_journals_beside_the_tables(tmp_path: Path, name: str) -> None:
    """Without them what rests on them is not examined; a journal that can't be is an error."""
    home = write_dataset(
        synthesize("229901", 2022, 3, committees={"229901": 1}, compliant=True), tmp_path / "home", form="csv"
    )
    ask = ["audit", str(home), "--on", "2022-07-01", "--select", "JLW3.3b", "--json"]
    assert json.loads(run(*ask).output)["not_examined"]
    (home / name).mkdir()
    (home / name / "a.json").write_text(to_json(asked()), encoding="utf-8")
    told = json.loads(run(*ask).output)
    assert [(one["code"], one["subject"]) for one in told["findings"]] == [("JLW3.3b-help-not-provided", "入户核查")]
    assert not told["not_examined"]
    (home / name / "b.json").write_text("{", encoding="utf-8")
    assert run(*ask).exit_code == 2
