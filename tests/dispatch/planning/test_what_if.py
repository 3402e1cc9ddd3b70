"""What a change would do: the judge's figures to the cent, the rules' own sentences, the best place by the search's prices."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from dispatch.planning import Engine
from dispatch.planning.edits import Edit, Insert, Move, Pin, Remove, Swap, Where
from dispatch.planning.ledger import excerpt, read_ledger
from dispatch.rules import ALONE, list_lines
from tests.builders import at, between, engineer, request, shift, ticket
from tests.dispatch.planning.greedy import plan_greedily
from tests.dispatch.planning.worlds import make_world

RANDOMS = st.randoms(use_true_random=False)


def visited(plan: Plan) -> list[str]:
    """List the tickets that a plan visits."""
    return [stop.ticket for route in plan.routes for stop in route.stops if stop.ticket is not None]


def draw_edit(random: Random, world: Request, served: set[str]) -> Edit:
    """Draw an edit that makes sense when these tickets are visited, and note what is visited then."""
    names = [one.id for one in world.tickets]
    name = random.choice(names)
    who = random.choice(world.engineers)
    when = random.choice(who.shifts)
    begin = random.choice((None, None, at("10:07")))
    where = random.choice(
        (
            Where(),
            Where(begin=begin),
            Where(who.id),
            Where(who.id, when.id, begin=begin),
            Where(who.id, when.id, random.randint(0, 3), begin),
        )
    )
    kind = random.choice(("put", "put", "remove", "swap", "pin"))
    if kind == "remove" and name in served:
        served.discard(name)
        return Remove(name)
    if kind == "swap" and name in served and len(names) > 1:
        other = random.choice([one for one in names if one != name])
        if other not in served:
            served.discard(name)
            served.add(other)
        return Swap(name, other, random.random() < 0.5)
    if kind == "pin" and name in served:
        return Pin(name, random.choice((Where(), where)))
    edit: Edit = Move(name, where) if name in served else Insert(name, where)
    served.add(name)
    return edit


@settings(max_examples=250)
@given(RANDOMS)
def test_legality_and_every_term_are_the_judge_s_to_the_cent(random: Random) -> None:
    world = make_world(random)
    _, _, plan = plan_greedily(world)
    served = set(visited(plan))
    edits = [draw_edit(random, world, served) for _ in range(random.randint(1, 4))]
    told = Engine(world).what_if(plan, edits)
    before = judge(world, plan)
    if told.plan is None:
        assert told.broken
        assert (told.terms, told.total) == ({}, None)
        return
    after = judge(told.request, told.plan)
    assert told.is_legal is after.legal
    assert dict(told.terms) == {term: after.terms[term] - before.terms[term] for term in after.terms}
    assert told.total == after.total - before.total
    assert (told.plan.objective.total, dict(told.plan.objective.terms)) == (after.total, dict(after.terms))
    breaches = [line for line in list_lines(told.request, told.plan) if line.breach]
    assert sorted(map(str, told.broken)) == sorted(map(str, breaches))
    assert set(visited(told.plan)) | {one.ticket for one in told.plan.skipped} == {one.id for one in world.tickets}


@settings(max_examples=60)
@given(RANDOMS)
def test_a_plan_that_came_of_a_question_can_be_asked_about(random: Random) -> None:
    world = make_world(random)
    _, _, plan = plan_greedily(world)
    asked, fresh = Engine(world), Engine(world)
    for _ in range(3):
        edit = draw_edit(random, world, set(visited(plan)))
        if isinstance(edit, Pin):
            continue
        told = asked.what_if(plan, [edit])
        assert told == fresh.what_if(replace(plan), [edit])
        plan = told.plan or plan


@settings(max_examples=60)
@given(RANDOMS)
def test_the_best_place_is_the_cheapest_of_all_legal_ones(random: Random) -> None:
    world = make_world(random)
    _, routes, plan = plan_greedily(world)
    name = random.choice(world.tickets).id
    asked = Engine(world)
    told = asked.what_if(plan, [Move(name)])
    totals = []
    for who in world.engineers:
        for one in who.shifts:
            for position in range(len(max(routes, key=len)) + 1):
                tried = asked.what_if(plan, [Move(name, Where(who.id, one.id, position))])
                if tried.is_legal and not tried.broken and tried.total is not None:
                    totals.append(tried.total)
    if told.plan is None:
        assert totals == []
    elif not told.broken:
        assert told.total == min(totals)


@settings(max_examples=100)
@given(RANDOMS)
def test_a_rule_that_is_told_alone_says_of_parts_what_it_says_of_the_whole(random: Random) -> None:
    world = make_world(random)
    _, _, plan = plan_greedily(world)
    rows = {one.id: row for row, one in enumerate(world.tickets)}
    for rule in ALONE:
        whole = sorted(map(str, rule.lines(world, plan)))
        parts = []
        for row, who in enumerate(world.engineers):
            routes = [route for route in plan.routes if route.engineer == who.id]
            held = {rows[stop.ticket] for route in routes for stop in route.stops if stop.ticket}
            part = excerpt(world, plan, {row}, held)
            parts += rule.lines(part.request, part.plan)
        rest = excerpt(world, plan, (), {rows[one.ticket] for one in plan.skipped})
        parts += rule.lines(rest.request, rest.plan)
        assert sorted(map(str, parts)) == whole


def day() -> Request:
    """Two engineers, three tickets at the lake, one at the station."""
    return request(
        engineers=[engineer("wang"), engineer("li", [shift("li")], skills={})],
        tickets=[
            ticket("t1"),
            ticket("t2", windows=[between("09:00", "10:00")]),
            ticket("t3", location="station", requires={"ac": 2}),
            ticket("t4", only=("wang",)),
        ],
    )


def test_an_illegal_place_is_shown_and_named_by_the_rule() -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    told = Engine(world).what_if(plan, [Move("t3", Where("li", "li", 0))])
    assert not told.is_legal
    assert [line.text("en") for line in told.broken] == ["li lacks a skill: ac level 2 (has 0)"]
    assert told.landed[0] is not None
    assert (told.landed[0].engineer, told.landed[0].position) == ("li", 0)
    assert told.total == judge(world, told.plan).total - plan.objective.total if told.plan else False


def test_work_begins_when_it_is_wanted_or_as_soon_after_as_can_be() -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    asked = Engine(world)
    free = asked.what_if(plan, [Move("t1", Where("li", "li", begin=at("14:05")))])
    assert free.is_legal
    assert free.landed[0] is not None
    assert free.landed[0].begin == at("14:05")
    first = asked.what_if(plan, [Move("t1", Where("li", "li", 0, at("08:01")))])
    assert first.landed[0] is not None
    assert at("08:01") < first.landed[0].begin < at("08:30")
    outside = asked.what_if(plan, [Move("t2", Where("li", "li", begin=at("11:00")))])
    assert [line.rule for line in outside.broken] == ["windows"]
    assert outside.landed[0] is not None
    assert outside.landed[0].begin == at("11:00")


def test_a_pin_holds_the_ticket_in_the_request_that_comes_of_it() -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    told = Engine(world).what_if(plan, [Pin("t1", Where("li"))])
    assert {one.id: one.only for one in told.request.tickets}["t1"] == ("li",)
    assert told.is_legal
    forbidden = Engine(world).what_if(plan, [Pin("t4", Where("li"))])
    assert {one.id: one.only for one in forbidden.request.tickets}["t4"] == ("wang",)
    assert [line.rule for line in forbidden.broken] == ["only_never"]


def test_a_ticket_may_be_pinned_and_then_left_out() -> None:
    world = day()
    told = Engine(world).what_if(plan_greedily(world)[2], [Pin("t1"), Remove("t1")])
    assert told.is_legal
    assert {one.id: one.only for one in told.request.tickets}["t1"] == ("wang",)


def test_a_swap_changes_places_and_may_leave_one_out() -> None:
    world = day()
    asked = Engine(world)
    plan = asked.what_if(plan_greedily(world)[2], [Move("t1", Where("li", "li")), Remove("t4")]).plan
    assert plan is not None
    both = asked.what_if(plan, [Swap("t1", "t2", exact=True)])
    assert both.landed[0] is not None
    assert both.landed[0].engineer == "wang"
    out = asked.what_if(plan, [Swap("t2", "t4")])
    assert out.plan is not None
    assert "t4" in visited(out.plan)
    assert [one.ticket for one in out.plan.skipped] == ["t2"]
    assert out.terms["skipped"] == Decimal(0)


def test_what_has_no_place_is_told() -> None:
    world = request(tickets=[ticket("t1", requires={"none has it": 4})])
    _, _, plan = plan_greedily(world)
    told = Engine(world).what_if(plan, [Insert("t1")])
    assert told.plan is None
    assert [line.text("en") for line in told.broken] == ["there is no legal place for t1 in any shift"]


def test_leaving_out_what_must_be_served_is_infeasible_and_told() -> None:
    world = request(tickets=[ticket("t1", skip_cost=None)])
    _, _, plan = plan_greedily(world)
    told = Engine(world).what_if(plan, [Remove("t1")])
    assert told.plan is not None
    assert (told.plan.status, told.is_legal) == ("infeasible", True)
    assert [line.rule for line in told.broken] == ["skip"]


def test_of_a_plan_that_is_not_legal_the_judge_is_asked_again() -> None:
    world = request(engineers=[engineer("wang"), engineer("li")], tickets=[ticket("t1"), ticket("t2"), ticket("t3")])
    start = Engine(world).what_if(plan_greedily(world)[2], [Move("t2", Where("li"))]).plan
    assert start is not None
    late = replace(world, now=at("08:30"))  # wang left at 08:00, which no rule tells
    asked = Engine(late)
    as_before = asked.what_if(start, [Remove("t2")])
    assert as_before.plan is not None
    assert [line.rule for line in as_before.broken] == ["by hand"]
    assert not judge(late, as_before.plan).legal
    mended = asked.what_if(start, [Remove("t1"), Remove("t2")])
    assert mended.plan is not None
    assert mended.is_legal
    assert judge(late, mended.plan).legal


@pytest.mark.parametrize(
    "edits",
    [
        [Insert("t1")],
        [Remove("t1"), Remove("t1")],
        [Remove("t1"), Pin("t1")],
        [Swap("t1", "t1")],
        [Move("t1", Where(position=1))],
        [Move("t1", Where(shift="mon"))],
    ],
)
def test_edits_that_make_no_sense_are_refused(edits: list[Edit]) -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    with pytest.raises(ValueError, match=r".+"):
        Engine(world).what_if(plan, edits)


@pytest.mark.parametrize(
    "edit", [Insert("t9"), Move("t1", Where("nobody")), Move("t1", Where("wang", "no shift")), Swap("t1", "t9")]
)
def test_names_of_nothing_are_refused(edit: Edit) -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    with pytest.raises(KeyError):
        Engine(world).what_if(plan, [edit])


def test_a_question_leaves_the_engine_as_it_was() -> None:
    world = day()
    _, _, plan = plan_greedily(world)
    asked = Engine(world)
    before = asked.warm.arrays.d.copy()
    first = asked.what_if(plan, [Move("t1", Where("li", "li", begin=at("14:05")))])
    asked.what_if(plan, [Move("t2", Where("li", "li", begin=at("17:00")))])
    assert (asked.warm.arrays.d == before).all()
    assert asked.what_if(plan, [Move("t1", Where("li", "li", begin=at("14:05")))]) == first
    assert read_ledger(world, plan).by_term().keys() == plan.objective.terms.keys()
