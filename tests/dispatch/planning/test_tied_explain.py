"""Why a ticket is left out where visits are tied, and what would change it: checked by a twin that has every place judged."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from benchmarks.tied_twin import TiedTwin
from dispatch.format.model import After, Depot, Finished, Inbound, Objective, Plan, Previous, PreviousVisit, Request
from dispatch.judge import judge
from dispatch.planning.explain import Explainer, Explanation
from dispatch.planning.lower import lower
from dispatch.planning.proving import NOTE, View, write_plan
from dispatch.planning.solve import solve
from dispatch.planning.ways import Way
from solver.arrays import pack
from solver.search import Stop
from tests.builders import at, between, engineer, request, shift, ticket
from tests.dispatch.planning import tied_worlds

OPEN = (between("07:00", "20:00"),)


def half_planned(made: Request, seed: int) -> Plan:
    """Put some of a request's tickets where they are cheapest, one after another, and leave out the others."""
    lowered, random = lower(made), Random(seed)  # noqa: S311 - no secret is drawn
    arrays = pack(lowered.problem)
    view = View.of(lowered, arrays, Plan("ok", Objective(Decimal(0), {}), (), (), (), NOTE))
    assert view is not None
    places = view.open()
    for job in range(len(made.tickets)):
        place = places.find_place(job)
        if place is not None and random.random() < 0.7:
            places.insert(job, place)
    return write_plan(lowered, places, arrays)


def told(made: Request, ticket_id: str, plan: Plan | None = None) -> Explanation:
    """Explain a ticket of a plan; the slow twin has no objection."""
    plan = plan or solve(made, stop=Stop(iterations=60), threads=1)
    found = Explainer(made, plan, "en").explain(ticket_id)
    assert list(TiedTwin(made, plan).contradict(found)) == []
    return found


def way_of(found: Explanation, code: str, word: str = "") -> Way:
    """Return the one way of a code, with a word in it."""
    (way,) = [way for way in found.ways if way.code == code and word in way.text]
    return way


@pytest.mark.parametrize("seed", range(1, 61))
def test_what_is_told_of_arbitrary_tied_requests_survives_a_twin_that_has_every_place_judged(seed: int) -> None:
    made = tied_worlds.seeded(seed)
    if lower(made).problem.couplings is None:
        return
    plan = half_planned(made, seed)
    assert judge(made, plan).legal
    twin, explainer = TiedTwin(made, plan), Explainer(made, plan)
    assert [said for one in made.tickets for said in twin.contradict(explainer.explain(one.id))] == []


def test_a_part_that_comes_too_late_is_told_with_its_number_and_the_delivery() -> None:
    depots = (Depot("d", "lake", OPEN, 0, {}, (Inbound("pump", 2, at("10:30")),)),)
    made = request([ticket(parts={"pump": 1}, windows=[between("08:00", "09:00")])], [engineer()], depots=depots)
    found = told(made, "t1")
    (reason,) = found.reasons
    assert (found.verdict, reason.code, reason.gap and (reason.gap.value, reason.gap.unit)) == (
        "impossible",
        "part",
        (1, "qty"),
    )
    assert "1 short of part pump; the earliest delivery is at 11-23 10:30 (d)" in reason.text
    assert way_of(found, "part", "at d (").gap == reason.gap
    assert way_of(found, "part", "van").gap == reason.gap
    assert "sooner" in way_of(found, "part", "sooner").text


def test_a_tool_that_nobody_has_is_a_way_out() -> None:
    found = told(request([ticket(tools=("ladder",))], [engineer()]), "t1")
    assert (found.verdict, found.reasons[0].code) == ("impossible", "tool")
    assert way_of(found, "tool").text == "give wang the tool ladder"


def test_scarce_stock_tells_who_took_it_and_that_one_more_would_do() -> None:
    tickets = [ticket("t1", parts={"pump": 1}, skip_cost=Decimal(900)), ticket("t2", parts={"pump": 1})]
    found = told(request(tickets, [engineer(van={"pump": 1})]), "t2")
    assert [reason.code for reason in found.reasons] == ["part", "displaced"]
    assert "t1" in found.reasons[1].text
    assert way_of(found, "part", "van").cost_cny < 0


def test_what_comes_after_a_ticket_that_cannot_be_served_is_impossible_too() -> None:
    made = request([ticket("t1", requires={"tv": 4}), ticket("t2", after=(After("t1"),))], [engineer()])
    found = told(made, "t2")
    assert (found.verdict, found.reasons[0].code) == ("impossible", "after")


def test_a_crew_that_cannot_meet_says_so() -> None:
    crew = [engineer("wang", shifts=[shift(end="12:00")]), engineer("li", shifts=[shift(start="13:00")])]
    found = told(request([ticket(crew=2)], crew), "t1")
    assert (found.verdict, {reason.code for reason in found.reasons}) == ("impossible", {"crew"})
    assert way_of(found, "engineer").left_out == ()


def test_a_pin_that_is_let_go_of_makes_room() -> None:
    made = request(
        [
            ticket("t1", windows=[between("08:00", "09:30")]),
            ticket("t2", requires={"ac": 3}, windows=[between("08:00", "09:30")]),
        ],
        [engineer("wang"), engineer("li", skills={})],
        previous=Previous(visits=(PreviousVisit("t1", "wang", "mon", at("09:00"), pin="start"),)),
    )
    found = told(made, "t2")
    assert found.verdict == "displaced"
    way = way_of(found, "pinned")
    assert way.text == "unpin t1 from wang: wang would come"
    assert "t1" in way.moved


def test_one_more_visit_that_may_be_changed_is_a_way_out() -> None:
    visits = (PreviousVisit("t1", "wang", "mon", at("08:10")),)
    tickets = [ticket("t1"), ticket("t2", windows=[between("08:00", "08:30")], skip_cost=Decimal(5000))]
    made = request(tickets, [engineer()], previous=Previous(visits=visits, max_changes=0))
    found = told(made, "t2")
    if found.state == "skipped":
        assert found.reasons[0].code == "change_budget"
        assert way_of(found, "change_budget").gap is not None


def test_a_plan_with_a_plan_in_force_is_explained_visit_by_visit() -> None:
    visits = (PreviousVisit("t1", "wang", "mon", at("09:00")),)
    made = request([ticket("t1")], [engineer("wang"), engineer("li")], previous=Previous(visits=visits))
    found = told(made, "t1")
    assert found.state == "served"
    assert found.rival is not None
    assert (found.rival.engineer, found.rival.terms["change"] > 0) == ("li", True)
    assert replace(made, previous=None) != made


def test_what_is_finished_is_no_row_of_what_is_explained() -> None:
    """The first ticket of the request is done: the second is explained as itself, and nothing is told of the first."""
    done = Finished("t0", at("08:30"), "wang")
    visits = (PreviousVisit("t1", "wang", "mon", at("09:00")),)
    tickets = [ticket("t0"), ticket("t1", location="station"), ticket("t2", requires={"ac": 4})]
    made = request(tickets, now="08:40", previous=Previous(visits=visits, finished=(done,)))
    plan = solve(made, stop=Stop(iterations=50), threads=1)
    explainer = Explainer(made, plan)
    found = {one: explainer.explain(one) for one in ("t1", "t2")}
    assert (found["t1"].ticket, found["t1"].state) == ("t1", "served")
    assert (found["t2"].ticket, found["t2"].verdict) == ("t2", "impossible")
    assert explainer.list_wanting() == ["t2"]
    with pytest.raises(KeyError):
        explainer.explain("t0")
