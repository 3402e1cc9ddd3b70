"""What is asked of every policy."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import permutations

import pytest

from dispatch.format.model import Request, Ticket
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.planning.lower import lower
from dispatch.policies import POLICIES, Policy, apply_all
from dispatch.policies.packs.model import GRADES, TIERS
from dispatch.policies.tables.model import PRESETS, PresetName
from tests.builders import between, request, ticket
from tests.dispatch.policies.desk import book, case

WORLD = request(tickets=[ticket("known"), ticket("unknown"), ticket("later", windows=[between("14:00", "16:00")])])
CASES = {"known": case("urgent", "gold"), "later": case("emergency", "diamond")}


def changed(before: object, after: object, prefix: str = "") -> set[str]:
    return {
        prefix + field.name
        for field in fields(before)  # type: ignore[arg-type]
        if getattr(before, field.name) != getattr(after, field.name)
    }


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.CODE)
def test_a_policy_writes_its_fields_and_no_other(policy: Policy) -> None:
    after = policy.apply(WORLD, CASES, book("cost_first"))
    found = changed(WORLD, after) - {"tickets"}
    for one, other in zip(WORLD.tickets, after.tickets, strict=True):
        found |= changed(one, other, "tickets.")
    assert found == set(policy.FIELDS)


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.CODE)
def test_a_ticket_without_a_case_stays_as_it_is(policy: Policy) -> None:
    assert policy.apply(WORLD, CASES, book()).tickets[1] is WORLD.tickets[1]


def test_no_two_policies_write_the_same_field() -> None:
    written = [field for policy in POLICIES for field in policy.FIELDS]
    assert len(written) == len(set(written))


def test_the_order_of_policies_does_not_matter() -> None:
    expected = apply_all(WORLD, CASES, book())
    for order in permutations(POLICIES):
        made = WORLD
        for policy in order:
            made = policy.apply(made, CASES, book())
        assert made == expected


@pytest.mark.parametrize("preset", PRESETS)
def test_every_grade_tier_and_preset_gives_a_request_that_can_be_written_read_and_planned(preset: PresetName) -> None:
    known = {f"{grade}-{tier}": case(grade, tier) for grade in GRADES for tier in TIERS}
    world = request(tickets=[ticket(name) for name in known])
    made = apply_all(world, known, book(preset))
    assert read_request(write_request(made)) == made
    assert lower(made).problem.n_jobs == 12
    assert all(ticket.skip_cost is not None and ticket.arrive and ticket.resolve for ticket in made.tickets)


@pytest.mark.parametrize("preset", PRESETS)
def test_in_every_preset_coming_an_hour_late_is_better_than_not_coming(preset: PresetName) -> None:
    known = {f"{grade}-{tier}": case(grade, tier) for grade in GRADES for tier in TIERS}
    world = apply_all(request(tickets=[ticket(name) for name in known]), known, book(preset))
    for one in world.tickets:
        assert late_by_an_hour(one) < (one.skip_cost or 0), one.id


def late_by_an_hour(one: Ticket) -> object:
    return sum(promise.cost + promise.cost_per_h for promise in (one.arrive, one.resolve) if promise)


def test_nothing_of_the_given_request_is_changed() -> None:
    copy: Request = replace(WORLD)
    apply_all(WORLD, CASES, book())
    assert copy == WORLD
