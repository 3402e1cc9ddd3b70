"""Why a ticket is left out or late, why this engineer, and what would change it, all of it checked by a slow twin."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from benchmarks.reason_twin import Twin
from dispatch.format.model import Deadline, Engineer, Pair, Request, Ticket, Weights
from dispatch.judge import judge
from dispatch.planning.explain import Explainer, Explanation, NotTimed, list_told
from dispatch.planning.lower import lower
from dispatch.planning.read_back import read_back
from dispatch.planning.reasons import Clock
from dispatch.planning.solve import solve
from dispatch.planning.ways import Way
from solver.reference import time_tour
from solver.search import Stop
from tests.builders import PLACES, at, between, engineer, lunch, matrix, request, shift, ticket
from tests.dispatch.planning.greedy import NOTE
from tests.dispatch.planning.worlds import seeded

NEAR = matrix([[0, 10, 20], [10, 0, 30], [20, 30, 0]])
FREE = Weights(travel_per_h=Decimal(0), travel_per_km=Decimal(0), overtime_per_h=Decimal(0), balance_per_h2=Decimal(0))


def world(tickets: Sequence[Ticket], crew: Sequence[Engineer] | None = None, **more: object) -> Request:
    """Make a world of three places ten, twenty and thirty minutes apart where only leaving out costs."""
    return request(tickets, crew, locations=PLACES[:3], **{"travel": NEAR, "weights": FREE, **more})


def told(made: Request, ticket_id: str, routes: Sequence[Sequence[int]]) -> Explanation:
    """Explain a ticket of the plan of these routes; the slow twin has no objection."""
    lowered = lower(made)
    plan = read_back(lowered, routes, NOTE, time_tour)
    found = Explainer(made, plan).explain(ticket_id)
    if found.state != "late":
        assert list(Twin(made, plan).contradict_all(found)) == []
    return found


def way_of(found: Explanation, code: str) -> Way:
    """Return the one way of a code."""
    (way,) = [way for way in found.ways if way.code == code]
    return way


def test_a_shift_that_is_minutes_too_short_says_so_and_overtime_is_the_way_out() -> None:
    crew = [engineer(shifts=[shift(end="10:02")])]
    found = told(world([ticket("t1"), ticket("t2", duration_s=2700)], crew), "t2", [[0]])
    assert found.verdict == "displaced"
    (standing,) = found.standings
    assert (standing.kind, standing.reason.code) == ("full", "shift_hours")
    assert standing.reason.gap is not None
    assert (standing.reason.gap.value, standing.reason.gap.unit) == (
        180,
        "s",
    )  # 10 + 60 + 45 + 10 min from 08:00 is 10:05
    way = way_of(found, "shift_hours")
    assert (way.gap, way.cost_cny) == (standing.reason.gap, Decimal(-500))
    assert way.text == "允许 wang 的班次 mon 多加班 3 分钟"


@pytest.mark.parametrize(
    ("change", "staff", "code", "amount"),
    [
        ({"requires": {"ac": 4}}, {}, "skill", "1 level"),
        ({"never": ["wang"]}, {}, "only_never", None),
        ({"only": ["li"]}, {}, "only_never", None),
        ({"pairs": [Pair("wang", forbid=True)]}, {}, "pair", None),
        ({"windows": [between("07:00", "08:05")]}, {}, "window", "300 s"),
        ({}, {"max_busy_s": 4000}, "busy_limit", "840 s"),
        ({}, {"shifts": [shift(max_visits=0)]}, "visits_limit", "1 qty"),
        ({}, {"shifts": [shift(max_travel_s=1100)]}, "travel_limit", "120 s"),
        ({}, {"shifts": [shift(absences=(between("08:00", "17:59"),))]}, "absence", None),
        ({"requires": {"ac": 3}}, {"skills_until": {"ac": at("09:00")}}, "skill_lapsed", "600 s"),
        (
            {"windows": [between("08:10", "08:10")], "duration_s": 7200},
            {"shifts": [shift(breaks=(lunch("08:30", "09:00"),))]},
            "break",
            "4200 s",
        ),
    ],
)
def test_an_impossible_ticket_has_the_clause_that_forbids_as_a_proven_way_out(
    change: dict[str, object], staff: dict[str, object], code: str, amount: str | None
) -> None:
    crew = [engineer(**staff), engineer("li", shifts=[])]
    found = told(world([ticket(**change)], crew), "t1", [[]])
    assert found.verdict == "impossible"
    way = way_of(found, code)
    assert (None if way.gap is None else f"{way.gap.value} {way.gap.unit}") == amount
    assert way.cost_cny == Decimal(-500)


def test_a_place_that_is_too_dear_is_worth_it_at_a_price() -> None:
    made = world([ticket(skip_cost=Decimal(5))], weights=Weights(balance_per_h2=Decimal(0)))
    found = told(made, "t1", [[]])
    assert found.verdict == "displaced"
    assert found.standings[0].cost_cny == Decimal(25)  # 20 min × 60 CNY/h + 10 km − 5
    way = way_of(found, "worth")
    assert way.gap is not None
    assert (way.gap.value, way.cost_cny) == (Decimal("25.01"), Decimal(25))


def test_what_would_have_to_go_is_named_with_its_price() -> None:
    crew = [engineer(shifts=[shift(max_visits=1)])]
    made = world([ticket("t1", skip_cost=Decimal(500)), ticket("t2", skip_cost=Decimal(400))], crew)
    found = told(made, "t2", [[0]])
    way = way_of(found, "instead")
    assert (way.left_out, way.cost_cny) == (("t1",), Decimal(100))


def test_one_more_engineer_has_the_skills_that_nobody_has() -> None:
    made = world([ticket(requires={"gas": 2, "tv": 1})])
    way = way_of(told(made, "t1", [[]]), "engineer")
    assert way.text == "增加一名具备 gas 2 级、tv 1 级 的工程师，班次和出发点同 wang"
    assert way.request is not None
    assert [one.id for one in way.request.engineers] == ["wang", "wang+1"]


def test_visits_that_would_move_are_named() -> None:
    crew = [engineer(shifts=[shift(max_visits=1)])]
    early = ticket("t2", duration_s=600, windows=[between("08:10", "08:10")])
    way = way_of(told(world([ticket("t1"), early], crew), "t2", [[0]]), "visits_limit")
    assert way.moved == ("t1",)


def test_the_runner_up_differs_term_by_term() -> None:
    crew = [engineer("wang"), engineer("li")]
    made = world([ticket(prefer=["wang"])], crew, weights=Weights(not_preferred=Decimal(40)))
    found = told(made, "t1", [[0], []])
    assert found.rival is not None
    assert (found.state, found.engineer, found.rival.engineer) == ("served", "wang", "li")
    assert (found.rival.cost_cny, dict(found.rival.terms)) == (Decimal(40), {"not_preferred": Decimal(40)})


def test_a_late_ticket_tells_how_late_it_would_be_at_best_and_who_could_be_on_time() -> None:
    promise = Deadline(at("08:30"), cost=Decimal(100))
    tickets = [ticket("t1", windows=[between("08:10", "08:10")]), ticket("t2", arrive=promise)]
    made = world(tickets)
    found = told(made, "t2", [[0, 1]])
    assert (found.state, found.verdict) == ("late", "displaced")
    assert found.reasons[0].text == "wang 的班次 mon 须让出 t1 才能准时，反而多花 400.00 元"
    assert found.standings[0].reason.text == "wang 的班次 mon 按现有安排，最早也比承诺时限晚 40 分钟"
    assert way_of(found, "engineer").begin == at("08:10")


def test_nobody_can_keep_a_promise_that_ends_before_the_day_begins() -> None:
    made = world([ticket(arrive=Deadline(at("08:05"), cost=Decimal(1)))])
    found = told(made, "t1", [[0]])
    assert (found.state, found.verdict) == ("late", "impossible")
    assert found.reasons[0].text == "wang 最早 11-23 08:10 才能开工，比承诺时限晚 5 分钟"


def test_a_cheaper_place_that_a_plan_has_missed_is_told_as_not_found() -> None:
    found = told(world([ticket()]), "t1", [[]])
    assert (found.verdict, found.standings[0].kind) == ("not_found", "could")


def test_without_time_the_verdict_alone_is_told() -> None:
    made = world([ticket(requires={"ac": 4})])
    plan = read_back(lower(made), [[]], NOTE, time_tour)
    found = Explainer(made, plan).explain("t1", seconds=0)
    assert (found.verdict, found.standings, found.ways) == ("impossible", (), ())
    assert Clock(0).is_over()


def test_a_route_that_the_search_cannot_time_is_not_explained_but_its_own_reasons_are_told() -> None:
    crew = [engineer(shifts=[shift(end="09:00")])]
    made = world([ticket()], [engineer()])
    plan = read_back(lower(made), [[0]], NOTE, time_tour)
    with pytest.raises(NotTimed):
        Explainer(world([ticket()], crew), plan)
    left_out = read_back(lower(made), [[]], NOTE, time_tour)
    assert [one.ticket for one in list_told(left_out, "en")] == ["t1"]


# the last ones: peaks of later days, late departures, windows that are over, clauses that forbid together
@pytest.mark.parametrize("seed", [*range(1, 31), 1130, 1137, 1183, 1411, 1458, 1567])
def test_what_is_told_of_arbitrary_requests_survives_a_brute_force_twin(seed: int) -> None:
    made = seeded(seed)
    plan = solve(made, stop=Stop(iterations=60), threads=1)
    assert judge(made, plan).legal
    twin, explainer = Twin(made, plan), Explainer(made, plan)
    wrong = [said for skipped in plan.skipped for said in twin.contradict(skipped)]
    for one in made.tickets[:3]:
        found = explainer.explain(one.id)
        if found.state != "late":
            wrong += list(twin.contradict_all(found))
    assert wrong == []
