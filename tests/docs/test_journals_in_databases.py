"""What the page on procedures says of SQLite and PostgreSQL, on the page's own code.

PostgreSQL takes part where `SHEQU_TEST_POSTGRES` has the address of a database for tests (`postgresql+psycopg://…`).
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shequ_core.errors import StepRefusedError
from shequ_core.procedures.machine import Act, Authority

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "keep-procedures.md"
POSTGRES = "SHEQU_TEST_POSTGRES"
MOBILISATION = "emergency.mobilisation"


def approval(step: str, by: Authority) -> Act:
    """An approval by somebody whose name tries the encoding."""
    return Act(step=step, by=by, who="桦林区“一”(虚构)", on=date(2022, 3, 11), document="批复")


@pytest.fixture(scope="module")
def page() -> dict[str, Any]:  # Any: whatever the page's block defines
    """What the page's block defines."""
    blocks = re.findall(r"```python\n(from sqlalchemy .*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    names: dict[str, Any] = {"date": date, "__name__": "page"}
    exec(compile(blocks[0], str(PAGE), "exec", dont_inherit=True), names)  # the page's own code
    return names


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, page: dict[str, Any], tmp_path: Path) -> Iterator[Engine]:
    """A database with the page's tables, empty."""
    if request.param == "postgresql" and POSTGRES not in os.environ:
        pytest.skip(f"{POSTGRES} names no database")
    one = create_engine(os.environ[POSTGRES] if request.param == "postgresql" else f"sqlite:///{tmp_path / 'journals.db'}")
    page["Base"].metadata.create_all(one)
    yield one
    page["Base"].metadata.drop_all(one)
    one.dispose()


def test_a_journal_comes_back_as_it_was_kept(page: dict[str, Any], engine: Engine) -> None:
    """Text, days and facts; the state stands beside for queries."""
    with Session(engine) as session, session.begin():
        number = page["begin"](session, MOBILISATION, "三月洪水(虚构)")
        page["take"](session, number, approval("party_approves", Authority.COUNTY_PARTY))
        after = page["take"](session, number, approval("government_approves", Authority.COUNTY_GOVERNMENT))
    with Session(engine) as session:
        assert page["loaded"](session.get(page["Kept"], number)) == after


def test_nothing_of_a_refused_step_is_written(page: dict[str, Any], engine: Engine) -> None:
    """The transaction goes back, with what else was in it."""
    with Session(engine) as session, session.begin():
        number = page["begin"](session, MOBILISATION, "三月洪水(虚构)")

    def both() -> None:
        with Session(engine) as session, session.begin():
            page["take"](session, number, approval("party_approves", Authority.COUNTY_PARTY))
            page["take"](session, number, approval("government_approves", Authority.SUBDISTRICT))

    with pytest.raises(StepRefusedError):
        both()
    with Session(engine) as session:
        assert session.get_one(page["Kept"], number).acts == []
    assert set(inspect(engine).get_table_names()) == {"proceeding", "act"}


def test_of_two_clerks_who_take_one_step_one_is_refused(page: dict[str, Any], engine: Engine) -> None:
    """By the procedure where rows are locked, by the unique constraint where they aren't."""
    with Session(engine) as session, session.begin():
        number = page["begin"](session, MOBILISATION, "三月洪水(虚构)")
    ready, found = threading.Barrier(2), list[type[Exception] | None]()

    def clerk() -> None:
        try:
            ready.wait(timeout=30)
            with Session(engine) as session, session.begin():
                page["take"](session, number, approval("party_approves", Authority.COUNTY_PARTY))
            found.append(None)
        except (StepRefusedError, IntegrityError) as error:
            found.append(type(error))

    clerks = [threading.Thread(target=clerk) for _ in range(2)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join(timeout=60)
    assert len(found) == 2
    assert found.count(None) == 1
    with Session(engine) as session:
        assert len(session.get_one(page["Kept"], number).acts) == 1
