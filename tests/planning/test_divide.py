"""Divisions against a judge that tries everything, and every reason for which there is no plan."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shequ_core import InputError, Policy, PolicyBook, divide, divide_communities
from shequ_core.model.buildings import Building
from shequ_core.planning.grids.plan import CauseKind, GridPlan, PlanStatus, StoppedBy

if TYPE_CHECKING:
    from tests.planning.conftest import Case, Judge, Pairs

CODE = "229901001001"
"""A community of Baihua, the made-up city."""
DAY = date(2022, 7, 1)

given_data = given(data=st.data())


def row(*households: int, community: str | None = None, prefix: str = "", y: float = 0.0) -> list[Building]:
    """Buildings 40 metres apart, from west to east."""
    return [
        Building(id=f"{prefix}{number}", households=found, x=40.0 * number, y=y, community=community)
        for number, found in enumerate(households, 1)
    ]


def chain(count: int, prefix: str = "") -> list[tuple[str, str]]:
    return [(f"{prefix}{number}", f"{prefix}{number + 1}") for number in range(1, count)]


def divided(case: Case, target: int | None = None, *, effort: int = 1) -> GridPlan:
    return divide(case.buildings, case.pairs, low=case.low, high=case.high, target=target, effort=effort)


def lived_in(case: Case) -> bool:
    """Whether somebody lives in every part; what becomes of the others is told below."""
    lived = {one.id for one in case.buildings if one.households}
    return all(piece & lived for piece in case.pieces(case.ids))


# --- against every division there is ------------------------------------------------------------------


@given_data
@settings(max_examples=150)
def test_no_division_is_better(judge: Judge, data: st.DataObject) -> None:
    """Bounds, then few grids, then whole estates, then compactness; where bounds can't be kept that is proven."""
    case = data.draw(judge.cases(8))
    assume(lived_in(case))
    plan, best = divided(case), judge.best(case)
    assert best is not None
    assert judge.judged(case, plan.grids()) == best
    assert plan.status is (PlanStatus.INFEASIBLE if best[0] else PlanStatus.OK)
    assert bool(plan.causes) == bool(best[0])


@given_data
@settings(max_examples=5)
def test_no_division_of_a_dozen_is_better(judge: Judge, data: st.DataObject) -> None:
    case = data.draw(judge.cases(11, whole=True))
    assume(lived_in(case))
    best = judge.best(case)
    assert judge.judged(case, divided(case).grids()) == best


@given_data
@settings(max_examples=100)
def test_as_many_grids_as_were_asked_for(judge: Judge, data: st.DataObject) -> None:
    """The best of all plans with so many grids; else it is proven that there is none, and few grids are made."""
    case = data.draw(judge.cases(7))
    target = data.draw(st.integers(1, 5))
    assume(lived_in(case))
    plan, best = divided(case, target), judge.best(case, target, within=True)
    if best is not None:
        assert plan.status is PlanStatus.OK
        assert judge.judged(case, plan.grids()) == best
    else:
        assert plan.status is PlanStatus.INFEASIBLE
        assert plan.causes
        assert judge.judged(case, plan.grids()) == judge.best(case)


@given_data
@settings(max_examples=60)
def test_a_plan_measures_itself_rightly(judge: Judge, data: st.DataObject) -> None:
    case = data.draw(judge.cases(12))
    plan = divided(case)
    assert set(plan.grids()) == set(case.ids)
    found = judge.measures(case, plan.grids())
    assert {name: plan.measures[name] for name in found} == pytest.approx(found)
    assert list(plan.households()) == list(plan.codes)
    assert sum(plan.households().values()) == found["households"]


@given_data
@settings(max_examples=60)
def test_wider_bounds_never_make_more_grids(judge: Judge, data: st.DataObject) -> None:
    case = data.draw(judge.cases(9))
    wider = attrs.evolve(
        case, low=max(case.low - data.draw(st.integers(0, 10)), 1), high=case.high + data.draw(st.integers(0, 10))
    )
    narrow, wide = divided(case), divided(wider)
    if narrow.status is PlanStatus.OK:
        assert wide.status is PlanStatus.OK
        assert len(wide.codes) <= len(narrow.codes)


def test_the_share_of_each_part_is_looked_for_where_an_even_one_does_not_do() -> None:
    """120 households that make four grids alone, and 150 that make three: seven are to be had, six and eight not."""
    buildings = [*row(30, 30, 30, 30, prefix="a"), *row(50, 50, 50, prefix="b", y=900.0)]
    pairs = [*chain(4, "a"), *chain(3, "b")]
    assert divide(buildings, pairs, low=30, high=50, target=7).status is PlanStatus.OK
    for target in (6, 8):
        plan = divide(buildings, pairs, low=30, high=50, target=target)
        assert [cause.kind for cause in plan.causes] == [CauseKind.TARGET]
        assert len(plan.codes) == 7
        assert "no plan with as many grids as were asked for" in str(plan)


def test_a_plan_by_the_order_of_ids_does_not_claim_to_be_in_one_piece() -> None:
    """Nobody knows; one building alone is a piece in any case."""
    plan = divide([{"id": str(place), "households": 100} for place in range(9)], low=300, high=500)
    assert str(plan.message) == "900 households in 2 grids of 300 to 500; whether each is in one piece is not known"
    assert str(divide([{"id": "1", "households": 400}], low=300, high=500).message).endswith("each in one piece")


# --- why there is none --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("households", "pairs", "wanted", "violation"),
    [
        pytest.param((100, 150), chain(2), {(CauseKind.TOO_FEW, "1 2")}, 50, id="too few"),
        pytest.param((10,), [], {(CauseKind.TOO_FEW, "1")}, 290, id="one building with too few"),
        pytest.param((300, 201), chain(2), {(CauseKind.GAP, "1 2")}, 1, id="501"),
        pytest.param((300, 299), chain(2), {(CauseKind.GAP, "1 2")}, 1, id="599"),
        pytest.param((550,), [], {(CauseKind.GIANT, "1"), (CauseKind.GAP, "1")}, 50, id="one building in the gap"),
        pytest.param((200, 700, 200), chain(3), {(CauseKind.GIANT, "2")}, 400, id="giant"),
        pytest.param((700, 720), chain(2), {(CauseKind.GIANT, "1"), (CauseKind.GIANT, "2")}, 420, id="two giants"),
        pytest.param(
            (200, 200, 90, 90), [("1", "2"), ("3", "4")], {(CauseKind.ISLAND, "3 4")}, 120, id="island below the floor"
        ),
        pytest.param(
            (200, 200, 290, 290), [("1", "2"), ("3", "4")], {(CauseKind.ISLAND, "3 4")}, 20, id="island in the gap"
        ),
        pytest.param((200, 200, 90), chain(2), {(CauseKind.ALONE, "3")}, 210, id="touching nothing"),
        pytest.param((260,) * 5, chain(5), {(CauseKind.LUMP, "1 2 3 4 5")}, 80, id="lumps of 260"),
        pytest.param(
            (450, 30, 30, 30, 30, 30, 30), [("1", str(leaf)) for leaf in range(2, 8)],
            {(CauseKind.LUMP, "1 2 3 4 5 6 7")}, 130, id="star with a hub of 450",
        ),
    ],
)  # fmt: skip
def test_every_cause_is_named_with_its_buildings_and_the_least_violation(
    judge: Judge, households: tuple[int, ...], pairs: Pairs, wanted: set[tuple[CauseKind, str]], violation: int
) -> None:
    plan = divide(row(*households), pairs, low=300, high=500)
    assert plan.status is PlanStatus.INFEASIBLE
    assert {(cause.kind, " ".join(cause.buildings)) for cause in plan.causes} == wanted
    assert all(cause.remedies for cause in plan.causes)
    best = judge.best(judge.case(row(*households), pairs, 300, 500))
    assert best is not None
    assert plan.measures["violation"] == violation == best[0]
    assert f"misses the bounds by {violation} households" in str(plan.message)


@pytest.mark.parametrize("households", [(500,), (300,), (250, 250), (300, 300), (100, 200, 300)])
def test_at_the_edges_of_the_gap_there_is_a_plan(households: tuple[int, ...]) -> None:
    plan = divide(row(*households), chain(len(households)), low=300, high=500)
    assert plan.status is PlanStatus.OK
    assert len(plan.codes) == (1 if sum(households) <= 500 else 2)


@pytest.mark.parametrize(
    ("households", "remedies"),
    [
        pytest.param(
            (300, 201), [
                "1 to 201 households handed over to a neighbouring community",
                "99 more households from a neighbouring community",
                "a local bound of 501 households from above", "a local bound of at most 250 households from below",
            ], id="501: giving is easier",
        ),
        pytest.param(
            (300, 299), [
                "1 more households from a neighbouring community",
                "99 to 299 households handed over to a neighbouring community",
                "a local bound of 599 households from above", "a local bound of at most 299 households from below",
            ], id="599: taking is easier",
        ),
        pytest.param(
            (100, 150), [
                "50 more households from a neighbouring community", "a local bound of at most 250 households from below",
            ], id="too few have nothing to give",
        ),
    ],
)  # fmt: skip
def test_what_would_help_is_said_both_ways(households: tuple[int, ...], remedies: list[str]) -> None:
    """The smaller change first, and each of them leaves a total that some number of grids holds."""
    (cause,) = divide(row(*households), chain(2), low=300, high=500).causes
    assert [str(one) for one in cause.remedies] == remedies


def test_an_island_behind_a_road_is_named_with_the_way_over() -> None:
    """Two rows of buildings, 60 metres apart; the road between them leaves the second with 240 households."""
    buildings = [*row(100, 100, 100, 100, prefix="n", y=60.0), *row(60, 60, 60, 60, prefix="s")]
    road = [[(-500.0, 30.0), (900.0, 30.0)]]
    assert divide(buildings, low=300, high=500).status is PlanStatus.OK
    plan = divide(buildings, barriers=road, low=300, high=500)
    (cause,) = plan.causes
    assert (cause.kind, cause.buildings) == (CauseKind.ISLAND, ("s1", "s2", "s3", "s4"))
    assert "footbridge" in str(cause.remedies[0])
    assert plan.measures["violation"] == 60


@pytest.mark.parametrize(("target", "range_"), [(1, "2 to 3"), (4, "2 to 3")])
def test_a_number_of_grids_that_the_households_cannot_make(target: int, range_: str) -> None:
    plan = divide(row(*[100] * 10), chain(10), low=300, high=500, target=target)
    (cause,) = plan.causes
    assert cause.kind is CauseKind.TARGET
    assert f"ask for {range_} grids" in str(cause.remedies[0])
    assert set(plan.grids()) == {str(number) for number in range(1, 11)}
    assert plan.measures["violation"] == 0


def test_a_search_cut_short_has_every_building_and_claims_no_proof() -> None:
    buildings = [*row(*[37, 41, 43, 58, 61] * 12), *row(*[29, 47, 53, 67, 71] * 12, prefix="b", y=60.0)]
    plan = divide(buildings, low=300, high=330, seconds=1e-9)
    assert plan.stopped_by is StoppedBy.TIME
    assert len(plan.grids()) == 120
    assert plan.status is (PlanStatus.OK if plan.measures["violation"] == 0 else PlanStatus.NOT_FOUND)
    assert divide(row(400), low=300, high=500, seconds=60).stopped_by is StoppedBy.EFFORT


# --- where nobody lives -------------------------------------------------------------------------------


def test_schools_and_shops_join_a_grid_without_counting() -> None:
    plan = divide(row(150, 0, 150, 0, 0, 160, 190), chain(7), low=300, high=500)
    assert plan.status is PlanStatus.OK
    assert sorted(plan.households().values()) == [300, 350]
    assert len(plan.grids()) == 7
    assert plan.measures["pieces"] == 0


def test_a_school_that_touches_nothing_is_named_and_goes_to_the_nearest_grid() -> None:
    plan = divide(row(150, 150, 160, 190, 0), chain(4), low=300, high=500)
    assert plan.status is PlanStatus.OK
    assert plan.grids()["5"] == plan.grids()["4"]
    assert [note.parts["buildings"] for note in plan.layout.notes if "nobody lives" in str(note)] == [("5",)]
    asked = divide(row(150, 150, 160, 190, 0), chain(4), low=300, high=500, target=2)
    assert asked.grids() == plan.grids()


@pytest.mark.parametrize("pairs", [chain(3), [], chain(2)], ids=["a row", "none touch", "two touch"])
def test_where_nobody_lives_there_are_too_few(pairs: Pairs) -> None:
    plan = divide(row(0, 0, 0), pairs, low=300, high=500)
    (cause,) = plan.causes
    assert (cause.kind, cause.buildings) == (CauseKind.TOO_FEW, ("1", "2", "3"))
    assert (len(plan.codes), plan.measures["violation"], plan.measures["mean_distance"]) == (1, 300, 0.0)


# --- codes, weights -----------------------------------------------------------------------------------


def test_codes_have_15_digits_and_go_from_west_to_east_then_from_north_to_south() -> None:
    ways = {"w": (0.0, 0.0), "nw": (0.0, 900.0), "e": (5000.0, 0.0)}
    buildings = [
        Building(id=f"{name}{number}", households=200, x=x, y=y + 40.0 * number, community=CODE)
        for name, (x, y) in ways.items()
        for number in (1, 2)
    ]
    plan = divide(buildings, [(f"{name}1", f"{name}2") for name in ways], low=300, high=500)
    assert plan.grids() == {
        "nw1": f"{CODE}001", "nw2": f"{CODE}001", "w1": f"{CODE}002", "w2": f"{CODE}002",
        "e1": f"{CODE}003", "e2": f"{CODE}003",
    }  # fmt: skip
    assert plan.codes == tuple(f"{CODE}00{number}" for number in (1, 2, 3))


def test_a_weight_lets_compactness_outweigh_an_estate() -> None:
    """The estate's second building stands a kilometre from the first, among others."""
    far = [("1", 0.0, "A"), ("2", 40.0, None), ("3", 1000.0, "A"), ("4", 1040.0, None)]
    buildings = [Building(id=one, households=200, x=x, y=0.0, estate=estate) for one, x, estate in far]
    pairs = [("1", "2"), ("2", "3"), ("3", "4"), ("1", "3"), ("2", "4")]

    def together(plan: GridPlan) -> bool:
        return plan.grids()["1"] == plan.grids()["3"]

    assert together(divide(buildings, pairs, low=300, high=500))
    assert together(divide(buildings, pairs, low=300, high=500, split_weight=1e9))
    assert not together(divide(buildings, pairs, low=300, high=500, split_weight=1.0))


# --- the face: whose bounds, which tables, what is wrong ----------------------------------------------


def two(**changes: str) -> list[Building]:
    here, there = changes.get("here", CODE), changes.get("there", "229901001002")
    return [*row(200, 200, community=here), *row(250, 250, community=there, prefix="b", y=900.0)]


def test_a_policy_a_code_and_a_name_say_the_bounds_and_who_works_there(jilin: Policy) -> None:
    plan = divide(row(200, 200), policy=jilin)
    assert (plan.bounds.low, plan.bounds.high, plan.policy) == (300, 500, jilin)
    assert (plan.workers, plan.measures["workers"], plan.auxiliary_police) == (1, 1, 1)
    by_code, by_name = (divide(row(200, 200), policy=place, on=DAY) for place in ("22", "吉林省"))
    assert by_code.policy is not None
    assert by_name.policy is not None
    assert by_code.policy.fingerprint == by_name.policy.fingerprint == jilin.fingerprint
    bare = divide(row(200, 200), low=300, high=500)
    assert (bare.workers, bare.policy, bare.measures["workers"]) == (None, None, None)


def test_without_either_each_communitys_own_bounds_hold() -> None:
    """Changchun's 400 to 700 and the province's 300 to 500."""
    plans = divide_communities(two(here="220104001001", there="220702001001"), on=DAY, book=PolicyBook.load())
    assert [(code, plan.bounds.low, plan.bounds.high) for code, plan in plans.items()] == [
        ("220104001001", 400, 700), ("220702001001", 300, 500),
    ]  # fmt: skip
    assert len(plans.policies) == 2
    assert plans.status is PlanStatus.OK
    assert len(plans.grids()) == 4
    assert plans.measures["households"] == 900
    assert "2 communities, 2 grids: 2 within bounds" in str(plans)
    assert plans._repr_html_().count("<svg") == 2


def test_one_alone_is_divided_as_it_is_among_others() -> None:
    plans = divide_communities(two(), low=300, high=500)
    alone = divide([one for one in two() if one.community == CODE], low=300, high=500)
    assert plans[CODE].grids() == alone.grids()
    assert plans[CODE].compare(alone).elsewhere == ()
    assert "229901001003" not in plans
    several = divide_communities(two(), low=300, high=450)
    assert "229901001002: no plan within 300 to 450" in str(several)


def test_several_communities_are_not_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="buildings of 2 communities: divide_communities divides each"):
        divide(two(), low=300, high=500)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        pytest.param({"low": 500, "high": 300}, "low above high: 500 is more than 300", id="low above high"),
        pytest.param({"low": 0, "high": 300}, "at least one household: 0", id="low below one"),
        pytest.param({"low": 300}, "low and high go together: high is missing", id="one bound alone"),
        pytest.param({"low": 300, "high": 500, "policy": "22"}, "a place brings its own bounds", id="both"),
        pytest.param({"policy": "22"}, "bounds of a place hang on the day: give on", id="no day"),
        pytest.param({}, "bounds of a place hang on the day: give on", id="no bounds"),
        pytest.param({"on": DAY}, "nobody said whose bounds hold", id="no community"),
        pytest.param({"low": 1, "high": 2, "target": 0}, "target is at least 1, not 0", id="target"),
        pytest.param({"low": 1, "high": 2, "effort": -1}, "effort is at least 1, not -1", id="effort"),
        pytest.param({"low": 1, "high": 2, "seed": -1}, "seed is at least 0, not -1", id="seed"),
        pytest.param({"low": 1, "high": 2, "seconds": float("nan")}, "seconds is more than 0", id="seconds"),
        pytest.param({"low": 1, "high": 2, "split_weight": -0.5}, "split_weight is at least 0", id="weight"),
    ],
)
def test_a_question_that_cant_be_answered_names_what_is_wrong(asked: dict[str, object], wanted: str) -> None:
    with pytest.raises(InputError, match=wanted):
        divide(row(1, 1), **asked)  # type: ignore[arg-type]  # wrong on purpose


def test_everything_that_is_wrong_comes_at_once() -> None:
    with pytest.raises(InputError) as told:
        divide([*row(1, 2), *row(3)], [("1", "9")], low=5, high=2)
    assert len(told.value.faults) == 3
    for part in ("low above high", "the building 1 stands in row", "there is no building 9"):
        assert part in str(told.value)


def test_more_households_than_any_building_has_are_a_slip_of_the_pen() -> None:
    with pytest.raises(InputError, match="2 has more households than any building"):
        divide(row(400, 10**12), low=300, high=500)
    assert divide(row(*[50] * 40), low=300, high=10**12).status is PlanStatus.OK


def test_a_community_a_country_wide_is_measured_in_square_metres_too() -> None:
    buildings = [
        Building(id=str(one), households=found, x=x, y=0.0)
        for one, found, x in ((1, 1_000, 0.0), (2, 90_000, 1e6), (3, 3_000, 3e6))
    ]
    plan = divide(buildings, chain(3), low=1, high=10**6)
    assert plan.measures["compactness"] == pytest.approx(1_000 * 1e12 + 3_000 * 4e12, rel=1e-6)
