"""What many tests start from."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from shequ_core.errors import msg
from shequ_core.planning.grids.layout import Basis, Layout
from shequ_core.planning.grids.plan import Cause, CauseKind, GridPlan, Move, PlanStatus
from shequ_core.policy.book import PolicyBook
from shequ_core.policy.policy import Policy
from shequ_core.values import Span

# The same examples each time, so that what fails is what was changed; `nox -s tests -- --hypothesis-profile=wide` draws
# others, and more. How long an example takes says how busy the machine is, so nothing hangs on it.
settings.register_profile(
    "plain", max_examples=50, deadline=None, database=None, derandomize=True, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("wide", settings.get_profile("plain"), max_examples=500, derandomize=False)
settings.load_profile("plain")

COMMUNITY = "220104001001"
"""A code of Chaoyang district's form; its buildings are made up."""


@pytest.fixture(scope="session")
def jilin() -> Policy:
    """The province's own policy, nothing assumed."""
    return PolicyBook.load().policy("22", date(2022, 7, 1))


@pytest.fixture(scope="session")
def assumed() -> Policy:
    """The province's policy with what nobody published."""
    return PolicyBook.load(assume=True).policy("22", date(2022, 7, 1))


EXAMPLE = Path(__file__).parents[1] / "examples" / "chaoyang"


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The people of the shipped example's first subdistrict, a twelfth of them all: to be read or copied."""
    folder = tmp_path_factory.mktemp("few")
    tables = {path.name: list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines())) for path in EXAMPLE.glob("*.csv")}
    heads, *holdings = tables["holdings.csv"]
    people = {row[heads.index("worker")] for row in holdings if row[heads.index("post")].startswith("220104001")}

    def is_here(cell: str) -> bool:
        return cell in people if cell.startswith("S220104-") else cell.startswith("220104001") or not cell.startswith("220104")

    for name, (head, *rows) in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *(row for row in rows if all(map(is_here, row)))])
    return folder


class Made:
    """Plans made by hand: what a search answers, without the search."""

    community = COMMUNITY

    def street(self, community: str | None = COMMUNITY, *, prefix: str = "", **changes: Any) -> Layout:
        """Two rows of four buildings, 60 metres apart, with a road between the rows; the last is a school."""
        x = np.arange(8) % 4 * 60.0
        y = np.arange(8) // 4 * 60.0
        points = np.stack([x, y], axis=1)
        layout = Layout(
            community=community,
            ids=tuple(f"{prefix}{number}" for number in range(1, 9)),
            households=np.array([120, 90, 100, 110, 150, 80, 100, 0], dtype=np.int64),
            estates=np.array([0, 0, 1, 1, 0, 0, 1, -1], dtype=np.int64),
            estate_names=("Garden", "Harbour"),
            edges=np.array([[0, 1], [0, 4], [1, 2], [1, 5], [2, 3], [2, 6], [3, 7], [4, 5], [5, 6], [6, 7]], dtype=np.int64),
            basis=Basis.GEOMETRY,
            points=points,
            coordinates=np.stack([125.3 + x / 79_000, 43.9 + y / 111_000], axis=1),
            in_degrees=True,
            barriers=(((125.2995, 43.90027), (125.303, 43.90027)),),
        )
        return attrs.evolve(layout, **changes)

    def plan(self, layout: Layout | None = None, grid_of: tuple[int, ...] = (0, 0, 1, 1, 0, 0, 1, 1), **changes: Any) -> GridPlan:
        """A plan of a layout: by default its western and its eastern half."""
        layout = layout or self.street()
        codes = tuple(f"{layout.community or ''}{number:03d}" for number in range(1, max(grid_of) + 2))
        made: dict[str, Any] = {
            "layout": layout,
            "bounds": Span(300, 500),
            "status": PlanStatus.OK,
            "grid_of": np.array(grid_of, dtype=np.int64),
            "codes": codes,
            "measures": {
                "buildings": len(layout), "households": int(layout.households.sum()), "grids": len(codes),
                "fewest_grids": 2, "violation": 0, "pieces": 0, "estate_splits": 0, "compactness": 1_234_567.5,
                "mean_distance": 40.5, "households_moved": None, "workers": 2, "auxiliary_police": 2, "starts": 4,
            },
            "message": msg("{grids} grids, all within bounds", grids=len(codes)),
            "effort": 1,
            "seed": 0,
            "workers": 1,
            "auxiliary_police": 1,
        }
        return GridPlan(**{**made, **changes})

    def giant(self, **changes: Any) -> GridPlan:
        """A plan of a community with one building that no grid can hold."""
        layout = self.street(households=np.array([120, 90, 100, 110, 700, 80, 100, 0], dtype=np.int64))
        cause = Cause(
            kind=CauseKind.GIANT, buildings=("5",),
            message=msg("Building {building} has {households} households", building="5", households=700),
            remedies=(msg("Divide it by entrance"),),
        )
        return self.plan(
            layout, status=PlanStatus.INFEASIBLE, causes=(cause,), message=msg("No plan is within bounds: {why}", why="giant"),
            **changes,
        )

    def redrawn(self) -> GridPlan:
        """A plan with an earlier division, in which one building moves."""
        west, east = f"{COMMUNITY}001", f"{COMMUNITY}002"
        move = Move(
            building="6", households=80, before=east, after=west, reason=msg("Grid {grid} would be below its floor", grid=west),
        )
        return self.plan(self.street(previous=(west, west, east, east, west, east, east, east)), moves=(move,))


@pytest.fixture(scope="session")
def made() -> Made:
    """Plans made by hand."""
    return Made()
