"""Every procedure: no legal journal reaches what is forbidden, every other step is refused with its clause, JSON comes back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shequ_core.errors import JournalError, StepRefusedError
from shequ_core.jilin.register import register
from shequ_core.procedures import journal
from shequ_core.procedures.journal import PROCEDURES, advance, read_json, read_proceeding, to_json
from shequ_core.procedures.machine import Act, Authority, Cause, FactKind, Need, Procedure, Proceeding, Step
from shequ_core.reports.procedures import mermaid, standing
from shequ_core.values import Lang

FIRST_DAY = date(2022, 1, 1)

PLAIN = {FactKind.TEXT: "一", FactKind.DAY: "2022-12-31", FactKind.COUNT: "1", FactKind.MONEY: "1.00", FactKind.YES_OR_NO: "yes"}
FITTING = {
    "ground": "JLW2.10a", "post": "229901001001-01", "recruited_by": "county_government", "recruited_on": "2018-03-01",
    "statutory_duty": "no", "responsible_party": "no", "public_welfare": "no",
}
"""Facts with which every procedure can be gone through to its end."""


def fitting(need: Need) -> str:
    """A fact that no condition refuses."""
    return FITTING.get(need.name, PLAIN[need.kind])


def act_of(step: Step, on: date = FIRST_DAY, **facts: str) -> Act:
    """An act of a step that nothing is wrong with."""
    found = {need.name: fitting(need) for need in step.needs}
    return Act(step=step.name, by=step.by[0], who="某办公室(虚构)", on=on, document="某文件(虚构)", facts={**found, **facts})


_ANY = {
    FactKind.TEXT: st.sampled_from(["一", "JLW2.10b", "JLW2.10g", "229901001001-01", "county_government", "county_finance", "\u2028", "“"]),
    FactKind.DAY: st.dates(date(2018, 1, 1), date(2023, 12, 31)).map(date.isoformat),
    FactKind.COUNT: st.sampled_from(["0", "1", "2", "007"]),
    FactKind.MONEY: st.sampled_from(["0.00", "1.00", "5000"]),
    FactKind.YES_OR_NO: st.sampled_from(["yes", "no"]),
}


@st.composite
def tried(draw: st.DrawFn, procedure: Procedure | None = None) -> tuple[Procedure, list[Act]]:
    """A procedure and acts of its steps in any order, most of them with nothing wrong in themselves."""
    found = procedure or draw(st.sampled_from(list(PROCEDURES.values())))
    acts, on = [], FIRST_DAY
    for step in draw(st.lists(st.sampled_from(found.steps), max_size=14)):
        on += timedelta(days=draw(st.integers(-1, 9)))
        facts = {need.name: draw(st.just(fitting(need)) | _ANY[need.kind]) for need in step.needs}
        by = draw(st.sampled_from(step.by) | st.sampled_from([other for one in found.steps for other in one.by]))
        acts.append(Act(step=step.name, by=by, who="某办公室(虚构)", on=on, document=draw(st.sampled_from(["文件", "文件", ""])), facts=facts))
    return found, acts


@st.composite
def proceedings(draw: st.DrawFn, procedure: Procedure | None = None) -> Proceeding:
    """A proceeding that legal steps have made, from none to as many as there are."""
    found = procedure or draw(st.sampled_from(list(PROCEDURES.values())))
    proceeding, on = found.begin(draw(st.sampled_from(["W1", "事项", "“\n”"]))), FIRST_DAY
    for _ in range(draw(st.integers(0, 9))):
        steps = found.open_steps(proceeding)
        if not steps:
            break
        step = draw(st.sampled_from(steps))
        facts = {need.name: draw(st.just(fitting(need)) | _ANY[need.kind]) for need in step.needs}
        on += timedelta(days=draw(st.integers(0, 30)))
        try:
            proceeding = found.advance(proceeding, act_of(step, on, **facts))
        except ValueError:  # a condition refuses these facts
            continue
    return proceeding


A = Authority
CIVIL = {A.COUNTY_CIVIL_AFFAIRS}
COORDINATOR = {A.COUNTY_COORDINATOR}
COUNTY = {A.COUNTY_PARTY, A.COUNTY_GOVERNMENT}

BEFORE: dict[str, dict[str, list[tuple[str, set[Authority]]]]] = {
    "matters.access": {
        "approved": [("apply", {A.DEPARTMENT}), ("examine", COORDINATOR), ("approve", COORDINATOR)],
        "listed": [("examine", COORDINATOR), ("approve", COORDINATOR), ("list", COORDINATOR)],
        "in_effect": [("apply", {A.DEPARTMENT}), ("examine", COORDINATOR), ("approve", COORDINATOR), ("list", COORDINATOR)],
        "refused": [("apply", {A.DEPARTMENT}), ("examine", COORDINATOR), ("refuse", COORDINATOR)],
    },
    "matters.help": {
        "under_way": [("ask", {A.DEPARTMENT, A.SUBDISTRICT}), ("provide", {A.DEPARTMENT, A.SUBDISTRICT}), ("start", {A.COMMUNITY})],
        "done": [("provide", {A.DEPARTMENT, A.SUBDISTRICT}), ("start", {A.COMMUNITY})],
    },
    "emergency.mobilisation": {
        "mobilised": [("party_approves", {A.COUNTY_PARTY})],
        "ended": [("government_approves", {A.COUNTY_GOVERNMENT}), ("mobilise", {*COUNTY, A.SUBDISTRICT})],
    },
    "exits.ordinary": {
        "agreement_ended": [("propose", {A.EMPLOYER, A.SUBDISTRICT, *CIVIL}), ("hear", {A.EMPLOYER, A.SUBDISTRICT, *CIVIL}), ("end_agreement", {A.EMPLOYER})],
        "left": [("hear", {A.EMPLOYER, A.SUBDISTRICT, *CIVIL}), ("end_agreement", {A.EMPLOYER})],
    },
    "exits.committee_member": {"left": [("hear", {A.EMPLOYER, A.SUBDISTRICT, *CIVIL}), ("end_agreement", {A.EMPLOYER})]},
    "assessment.cycle": {
        "graded": [("set_method", {*COUNTY, *CIVIL}), ("begin", {A.SUBDISTRICT}), ("residents_judge", {A.SUBDISTRICT})],
        "closed": [("organisation_judges", {A.SUBDISTRICT}), ("grade", {A.SUBDISTRICT}), ("tell", {A.SUBDISTRICT})],
    },
    "transition.committee": {"in_post": [("examine", CIVIL), ("approve", CIVIL)]},
    "transition.recruited": {"in_post": [("examine", CIVIL), ("approve", CIVIL)]},
    "transition.others": {"in_post": [("examine", CIVIL), ("check_quota", CIVIL), ("approve", CIVIL)]},
    "transition.rollout": {
        "adopted": [("survey", CIVIL), ("draft", CIVIL), ("organisation_agrees", {A.COUNTY_ORGANISATION})],
        "under_way": [("finance_agrees", {A.COUNTY_FINANCE}), ("adopt", COUNTY)],
    },
    "places.implementing_rules": {"issued": [("draft", {A.DEPARTMENT, *CIVIL}), ("party_adopts", {A.COUNTY_PARTY}), ("issue", COUNTY)]},
    "recruitment.open": {
        "announced": [("plan", CIVIL), ("human_resources_join", {A.COUNTY_HUMAN_RESOURCES})],
        "appointed": [("organisation_joins", {A.COUNTY_ORGANISATION}), ("announce", CIVIL), ("rank", CIVIL), ("appoint", CIVIL)],
    },
}
"""What must have happened, in this order, and by whom, before a state: written down from the text, not from the steps."""

ALSO = {
    "mobilised": "government_approves", "graded": "organisation_judges", "adopted": "human_resources_agree",
    "announced": "organisation_joins", "issued": "government_adopts",
}
"""And what must have happened at any time before."""


def wrongs(proceeding: Proceeding) -> Iterator[str]:
    """Yield what the law forbids in a journal, by the text alone."""
    acts, facts = proceeding.journal, {name: fact for act in proceeding.journal for name, fact in act.facts.items()}
    at = 0
    for step, by in BEFORE[proceeding.procedure].get(proceeding.state, []):
        found = next((place for place in range(at, len(acts)) if acts[place].step == step and acts[place].by in by), None)
        if found is None:
            yield f"{proceeding.state} without {step}"
            return
        at = found + 1
    if proceeding.state in ALSO and all(act.step != ALSO[proceeding.state] for act in acts):
        yield f"{proceeding.state} without {ALSO[proceeding.state]}"
    if [act.on for act in acts] != sorted(act.on for act in acts):
        yield "days out of order"
    if proceeding.state in {"listed", "in_effect"} and "yes" in (facts["statutory_duty"], facts["responsible_party"]):
        yield "passed down against a test"
    if proceeding.procedure.startswith("transition.") and proceeding.state == "in_post":
        if facts["public_welfare"] != "no":
            yield "a public-welfare job holder in a post"
        if facts.get("recruited_on", "2020-01-01") >= "2020-04-30":
            yield "recruited after the document"
        if int(facts.get("posts_left", "1")) == 0:
            yield "beyond the quota"
    if proceeding.procedure == "exits.committee_member" and proceeding.state in {"agreement_ended", "left"}:
        taken = {act.step: act.by for act in acts}
        if facts["residents_seat"] == "yes" and taken.get("leave_residents_seat") is not A.RESIDENTS:
            yield "a seat in the residents' committee ended without the residents"
        if facts["party_seat"] == "yes" and taken.get("leave_party_seat") is not A.PARTY_ABOVE:
            yield "a Party seat ended without the Party"
    if proceeding.procedure == "recruitment.open" and int(facts.get("posts", "0")) > int(facts.get("quota_left", "0")):
        yield "beyond the quota"


def every_step() -> Iterator[tuple[Procedure, Step]]:
    """Every step of every procedure."""
    return ((procedure, step) for procedure in PROCEDURES.values() for step in procedure.steps)


def ways(procedure: Procedure) -> dict[str, Proceeding]:
    """For each step, a proceeding in which it is its turn and nothing but its own faults can refuse it."""
    found: dict[str, Proceeding] = {}
    waiting = [procedure.begin("W1")]
    seen = set()
    while waiting:
        proceeding = waiting.pop(0)
        for step in procedure.open_steps(proceeding):
            try:
                after = procedure.advance(proceeding, act_of(step))
            except StepRefusedError:
                continue
            found.setdefault(step.name, proceeding)
            key = (after.state, frozenset(act.step for act in after.journal))
            if key not in seen:
                seen.add(key)
                waiting.append(after)
    return found


WAYS = {name: ways(procedure) for name, procedure in PROCEDURES.items()}
STEPS = [pytest.param(procedure, step, id=f"{procedure.name}-{step.name}") for procedure, step in every_step()]


# --- no journal that is let through holds what the text forbids


@given(tried())
def test_whatever_is_tried_nothing_forbidden_is_reached(case: tuple[Procedure, list[Act]]) -> None:
    """Acts of all kinds, in any order: those that are let in leave a journal with which the text agrees."""
    procedure, acts = case
    proceeding = procedure.begin("W1")
    for act in acts:
        before = attrs.evolve(proceeding)
        refused, after = None, proceeding
        try:
            after = procedure.advance(proceeding, act)
        except StepRefusedError as error:
            refused = error
        assert proceeding == before
        assert (refused is None) == (after.journal == (*before.journal, act))
        assert refused is None or (refused.clause in register() and refused.problems)
        assert list(wrongs(after)) == []
        proceeding = after


@given(proceedings())
def test_legal_steps_reach_nothing_forbidden(proceeding: Proceeding) -> None:
    """However the steps whose turn it is are taken, the text agrees."""
    assert list(wrongs(proceeding)) == []


def test_what_is_forbidden_would_be_noticed() -> None:
    """The oracle can fail: a mobilisation on one approval, a matter that no body examined."""
    one = PROCEDURES["emergency.mobilisation"]
    half = Proceeding(procedure=one.name, subject="E", state="mobilised", journal=(act_of(one.step("party_approves")),))
    assert list(wrongs(half)) == ["mobilised without government_approves"]
    two = PROCEDURES["matters.access"]
    early = Proceeding(procedure=two.name, subject="M", state="in_effect", journal=(act_of(two.step("apply")),))
    assert list(wrongs(early)) == ["in_effect without examine"]


# --- every other step is refused with its clause


@pytest.mark.parametrize(("procedure", "step"), STEPS)
def test_a_step_out_of_order_names_its_clause(procedure: Procedure, step: Step) -> None:
    """From every state but its own it is refused by the clause that orders it."""
    for state in set(procedure.states) - set(step.source):
        with pytest.raises(StepRefusedError) as caught:
            procedure.advance(Proceeding(procedure=procedure.name, subject="W1", state=state), act_of(step))
        assert (caught.value.cause, caught.value.clause) == (Cause.ORDER, step.order or step.clause)


@pytest.mark.parametrize(("procedure", "step"), STEPS)
def test_a_step_by_the_wrong_authority_names_its_clause(procedure: Procedure, step: Step) -> None:
    """Everybody but those for whom it is."""
    here = WAYS[procedure.name][step.name]
    for by in set(Authority) - set(step.by):
        with pytest.raises(StepRefusedError) as caught:
            procedure.advance(here, attrs.evolve(act_of(step), by=by))
        assert (caught.value.cause, caught.value.clause) == (Cause.AUTHORITY, step.clause)
    for by in step.by:
        assert procedure.advance(here, attrs.evolve(act_of(step), by=by)).journal[-1].by is by


@pytest.mark.parametrize(("procedure", "step"), STEPS)
def test_a_step_on_nothing_or_before_the_last_one_names_its_clause(procedure: Procedure, step: Step) -> None:
    """No document, no office, a day too early, a fact that is missing, unreadable or not asked for."""
    here = WAYS[procedure.name][step.name]
    fine = act_of(step)
    faults = [(Cause.PAPER, attrs.evolve(fine, who=" ")), (Cause.FACT, attrs.evolve(fine, facts={**fine.facts, "odd": "1"}))]
    if step.paper:
        faults.append((Cause.PAPER, attrs.evolve(fine, document="")))
    if here.journal:
        faults.append((Cause.DATE, attrs.evolve(fine, on=FIRST_DAY - timedelta(days=1))))
    for need in step.needs:
        rest = {name: fact for name, fact in fine.facts.items() if name != need.name}
        faults.append((Cause.FACT, attrs.evolve(fine, facts=rest)))
        bad = " " if need.kind is FactKind.TEXT else "20220101"
        if need.kind not in {FactKind.COUNT, FactKind.MONEY}:
            faults.append((Cause.FACT, attrs.evolve(fine, facts={**rest, need.name: bad})))
        else:
            faults.append((Cause.FACT, attrs.evolve(fine, facts={**rest, need.name: "-1"})))
    for cause, act in faults:
        with pytest.raises(StepRefusedError) as caught:
            procedure.advance(here, act)
        assert (caught.value.cause, caught.value.clause) == (cause, step.clause)


@pytest.mark.parametrize(
    ("procedure", "step"),
    [pytest.param(procedure, step, id=f"{procedure.name}-{step.name}") for procedure, step in every_step() if step.after],
)
def test_a_step_before_its_approvals_is_refused(procedure: Procedure, step: Step) -> None:
    """Each of the steps that come first is wanted; the error tells which is missing."""
    whole = WAYS[procedure.name][step.name]
    for missing in step.after:
        acts = tuple(act for act in whole.journal if act.step != missing)
        with pytest.raises(StepRefusedError, match=str(procedure.step(missing).title)) as caught:
            procedure.advance(attrs.evolve(whole, journal=acts), act_of(step))
        assert (caught.value.cause, caught.value.clause) == (Cause.ORDER, step.order or step.clause)


@pytest.mark.parametrize(("procedure", "step"), STEPS)
def test_no_step_is_taken_twice(procedure: Procedure, step: Step) -> None:
    """An approval isn't given twice; a step that does change it has left its state."""
    after = procedure.advance(WAYS[procedure.name][step.name], act_of(step))
    with pytest.raises(StepRefusedError) as caught:
        procedure.advance(after, act_of(step))
    assert caught.value.cause == Cause.ORDER


@pytest.mark.parametrize(
    ("name", "step", "changed", "clause"),
    [
        ("matters.access", "approve", {"statutory_duty": "yes"}, "JLG2.7.1b"),
        ("matters.access", "approve", {"responsible_party": "yes"}, "JLG2.7.1b"),
        ("emergency.mobilisation", "mobilise", {"until": "2021-12-31"}, "JLG2.3.1b"),
        ("exits.ordinary", "propose", {"ground": "JLW2.4a"}, "JLW2.10g"),
        ("exits.ordinary", "propose", {"ground": "JLW2.10g"}, "JLW2.10g"),
        ("exits.committee_member", "propose", {"ground": "JLW2.10"}, "JLW2.10g"),
        ("exits.committee_member", "propose", {"party_seat": "no", "residents_seat": "no"}, "JLW2.10g"),
        ("exits.committee_member", "leave_party_seat", {"party_seat": "no"}, "JLW2.10g"),
        ("exits.committee_member", "leave_residents_seat", {"residents_seat": "no"}, "JLW2.10g"),
        ("transition.committee", "approve", {"in_office": "no"}, "JLW2.3a"),
        ("transition.committee", "approve", {"full_time": "no"}, "JLW2.3a"),
        ("transition.committee", "approve", {"conditions_met": "no"}, "JLW2.3a"),
        ("transition.committee", "approve", {"public_welfare": "yes"}, "JLW2.3a"),
        ("transition.committee", "move", {"post": "2299010010010-1"}, "JLW2.3a"),
        ("transition.recruited", "approve", {"recruited_by": "department"}, "JLW3.4a"),
        ("transition.recruited", "approve", {"recruited_on": "2020-04-30"}, "JLW3.4a"),
        ("transition.recruited", "approve", {"openly": "no"}, "JLW3.4a"),
        ("transition.recruited", "approve", {"full_time": "no"}, "JLW3.4a"),
        ("transition.recruited", "approve", {"public_welfare": "yes"}, "JLW3.4a"),
        ("transition.others", "approve", {"recruited_on": "2020-04-30"}, "JLW3.4b"),
        ("transition.others", "approve", {"still_there": "no"}, "JLW3.4b"),
        ("transition.others", "approve", {"conditions_met": "no"}, "JLW3.4b"),
        ("transition.others", "approve", {"public_welfare": "yes"}, "JLW3.4b"),
        ("transition.others", "approve", {"posts_left": "00"}, "JLW3.4b"),
        ("recruitment.open", "plan", {"posts": "2", "quota_left": "1"}, "JLW2.2c"),
        ("recruitment.open", "appoint", {"appointed": "2"}, "JLW2.3b"),
    ],
)
def test_what_is_on_record_refuses_a_step_with_its_clause(name: str, step: str, changed: dict[str, str], clause: str) -> None:
    """One fact is otherwise, and everything else is as it should be."""
    procedure = PROCEDURES[name]

    def otherwise(act: Act) -> Act:
        return attrs.evolve(act, facts={key: changed.get(key, fact) for key, fact in act.facts.items()})

    before = [otherwise(act) for act in WAYS[name][step].journal]
    last = otherwise(act_of(procedure.step(step)))
    assert {*changed} <= {key for act in (*before, last) for key in act.facts}
    proceeding = procedure.replay("W1", before)
    with pytest.raises(StepRefusedError) as caught:
        procedure.advance(proceeding, last)
    assert (caught.value.cause, caught.value.clause) == (Cause.CONDITION, clause)


def test_a_proceeding_tells_whose_turn_it_is_in_both_languages() -> None:
    """For a list of what waits."""
    access = PROCEDURES["matters.access"]
    one = access.advance(access.begin("M"), act_of(access.step("apply")))
    assert standing(access, one) == (
        "M: applied for; next: examine the application (county coordinator), withdraw the application (department)."
    )
    assert standing(access, one, "zh") == "M：已申请；下一步：审核申请（县级社区工作领导协调机构）、撤回申请（党委、政府职能部门）。"
    gone = access.advance(one, act_of(access.step("withdraw")))
    assert standing(access, gone) == "M: withdrawn; this is the end."


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda one: one.name)
def test_the_diagram_shows_every_step_and_no_other(procedure: Procedure) -> None:
    """Made from the code: an arrow for each step from each state, and one into and out of it."""
    langs: tuple[Lang, ...] = ("en", "zh")
    for lang in langs:
        drawn = mermaid(procedure, lang)
        arrows = [tuple(line.split(":")[0].split(" --> ")) for line in drawn.splitlines() if " --> " in line]
        wanted = [(source, step.target or source) for step in procedure.steps for source in step.source]
        edges = [("[*]", procedure.start), *((end, "[*]") for end in procedure.ends)]
        assert sorted((one.strip(), other.strip()) for one, other in arrows) == sorted([*wanted, *edges])
        assert all(line.count(":") <= 1 for line in drawn.splitlines())


def test_everything_that_is_wrong_with_a_step_is_told_at_once() -> None:
    """The first names the clause, and the clerk sees the rest as well."""
    access = PROCEDURES["matters.access"]
    act = Act(step="approve", by=A.SUBDISTRICT, who="", on=FIRST_DAY)
    with pytest.raises(StepRefusedError) as caught:
        access.advance(access.begin("M"), act)
    assert len(caught.value.problems) == 4  # order, authority, office, document
    assert "JLW3.3a" in str(caught.value)


def test_a_mistyped_step_gets_the_nearest_name() -> None:
    """And the steps that there are."""
    with pytest.raises(StepRefusedError, match="Nearest names: examine") as caught:
        PROCEDURES["matters.access"].step("examin")
    assert caught.value.cause == Cause.UNKNOWN


# --- their shape


@pytest.mark.parametrize("procedure", PROCEDURES.values(), ids=lambda one: one.name)
def test_a_procedure_hangs_together(procedure: Procedure) -> None:
    """Its states are all reached, each step can be taken, and from everywhere there is a way to an end."""
    names = [step.name for step in procedure.steps]
    assert len(set(names)) == len(names)
    assert set(WAYS[procedure.name]) == set(names)
    reached = {procedure.start} | {step.target for step in procedure.steps if step.target}
    assert reached == set(procedure.states)
    assert all({*step.source, step.target or procedure.start} <= set(procedure.states) for step in procedure.steps)
    assert all(set(step.after) <= set(names) for step in procedure.steps)
    home = set(procedure.ends)
    for _ in procedure.states:
        home |= {state for step in procedure.steps if step.target in home for state in step.source}
    assert home == set(procedure.states)
    cited = {*procedure.clauses, *(step.clause for step in procedure.steps), *(step.order or step.clause for step in procedure.steps)}
    assert cited <= set(register())


def test_every_procedure_has_its_oracle() -> None:
    """A new one needs its own."""
    assert set(BEFORE) == set(PROCEDURES)


# --- JSON


@given(proceedings())
def test_json_comes_back_as_it_was(proceeding: Proceeding) -> None:
    """Nothing is lost, the bytes are the same, and it can go on."""
    text = to_json(proceeding)
    back = read_json(text)
    assert back == proceeding
    assert to_json(back) == text
    procedure = PROCEDURES[back.procedure]
    assert procedure.open_steps(back) == procedure.open_steps(proceeding)


@given(proceedings(), st.data())
def test_a_journal_from_which_an_act_was_taken_is_not_read(proceeding: Proceeding, data: st.DataObject) -> None:
    """Unless what is left is a journal that leads to the same state."""
    assume(proceeding.journal)
    gone = data.draw(st.integers(0, len(proceeding.journal) - 1))
    acts = proceeding.journal[:gone] + proceeding.journal[gone + 1 :]
    try:
        back = read_proceeding(attrs.evolve(proceeding, journal=acts).to_data())
    except JournalError:
        return
    assert back.state == proceeding.state
    assert list(wrongs(back)) == []


def _written(**changes: object) -> str:
    access = PROCEDURES["matters.access"]
    one = access.advance(access.begin("M"), act_of(access.step("apply")))
    return json.dumps({**one.to_data(), **changes})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param("{", "no JSON", id="no JSON"),
        pytest.param("[" * 100_000, "no JSON", id="too deep"),
        pytest.param("[]", "a table is expected", id="a list"),
        pytest.param("{}", "of version None", id="empty"),
        pytest.param(_written(schema=2), "version 2, and this library reads version 1", id="another version"),
        pytest.param(_written(schema=True), "true|True|a whole number", id="no number"),
        pytest.param(_written(procedure="matters.acces"), "Nearest names: matters.access", id="mistyped procedure"),
        pytest.param(_written(state="in_effect"), "stands at in_effect, its journal leads to applied", id="forged state"),
        pytest.param(_written(journal=[]), "its journal leads to unlisted", id="journal gone"),
        pytest.param(_written(journal=[{"step": "apply"}]), "is missing", id="half an act"),
        pytest.param(_written(mood="good"), "mood is not a field", id="odd field"),
    ],
)
def test_what_is_no_journal_of_ours_is_refused(text: str, told: str) -> None:
    """One error, with what is wrong."""
    with pytest.raises(JournalError, match=told):
        read_json(text)


def test_a_journal_with_an_illegal_act_is_refused_with_its_clause() -> None:
    """What another system let in against the law isn't taken over in silence."""
    access = PROCEDURES["matters.access"]
    forged = Proceeding(
        procedure=access.name, subject="M", state="in_effect",
        journal=(act_of(access.step("apply")), act_of(access.step("carry_out"))),
    )
    with pytest.raises(JournalError, match=r"carry_out is refused \(JLW3.3a\)"):
        read_json(to_json(forged))


def test_a_proceeding_is_advanced_by_its_own_procedure() -> None:
    """By the name that it carries."""
    access = PROCEDURES["matters.access"]
    assert advance(access.begin("M"), act_of(access.step("apply"))).state == "applied"
    with pytest.raises(JournalError, match="There is no procedure"):
        journal.procedure_named("matters")
