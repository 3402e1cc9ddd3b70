"""The race's requests: frozen, plain, and as loaded as their family says."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from benchmarks.families import (
    FAMILIES,
    PLAIN_WEIGHTS,
    REPORTING_SEEDS,
    SIZES,
    TUNING_SEEDS,
    fingerprint,
    make_plain,
)
from dispatch.format.model import Engineer, Request, Ticket

PINNED = json.loads((Path(__file__).parent / "fingerprints.json").read_text(encoding="utf-8"))
SMALL = [(family, seed) for family in FAMILIES for seed in (*TUNING_SEEDS, *REPORTING_SEEDS)]


def test_every_request_of_the_race_is_the_one_that_was_frozen() -> None:
    made = {
        f"{family} {engineers}x{tickets} {seed}": fingerprint(make_plain(family, engineers, tickets, seed))
        for family in FAMILIES
        for engineers, tickets in SIZES
        for seed in (*TUNING_SEEDS, *REPORTING_SEEDS)
    }
    assert made == PINNED


def test_a_fingerprint_changes_with_anything_that_is_said() -> None:
    assert fingerprint(make_plain("tight", 10, 60, 1)) != fingerprint(make_plain("tight", 10, 60, 2))


def test_tuning_and_reporting_share_no_seed() -> None:
    assert not set(TUNING_SEEDS) & set(REPORTING_SEEDS)


@pytest.mark.parametrize(("family", "seed"), SMALL)
def test_a_plain_request_says_nothing_that_an_engine_cannot_be_told(family: str, seed: int) -> None:
    request = make_plain(family, 10, 60, seed)
    assert said_keys(request.tickets) == {"id", "location", "duration_s", "requires", "skip_cost", "windows"}
    assert said_keys(request.engineers) == {"id", "skills", "shifts"}
    shifts = tuple(engineer.shifts[0] for engineer in request.engineers)
    assert said_keys(shifts) == {"id", "start", "end", "start_location", "end_location"}
    assert all(len(engineer.shifts) == 1 for engineer in request.engineers)
    assert all(len(ticket.windows) == 1 for ticket in request.tickets)
    assert request.weights == PLAIN_WEIGHTS


def test_only_travel_time_has_a_price_beside_the_skip_costs() -> None:
    prices = {field.name: getattr(PLAIN_WEIGHTS, field.name) for field in fields(PLAIN_WEIGHTS)}
    assert prices.pop("travel_per_h") == 60
    assert set(prices.values()) == {0}


@pytest.mark.parametrize(("family", "seed"), SMALL)
def test_every_ticket_has_an_engineer_with_its_skill(family: str, seed: int) -> None:
    request = make_plain(family, 10, 60, seed)
    for ticket in request.tickets:
        assert any(is_able(engineer, ticket) for engineer in request.engineers), ticket.id


@pytest.mark.parametrize("seed", TUNING_SEEDS)
def test_tight_asks_for_more_than_the_hands_and_loose_for_less(seed: int) -> None:
    assert load_on_site(make_plain("loose", 50, 400, seed)) < 0.75
    assert load_on_site(make_plain("tight", 50, 400, seed)) > 1.0


def test_clustered_windows_last_one_hour() -> None:
    lengths = {to - begin for ticket in make_plain("clustered", 10, 60, 1).tickets for begin, to in ticket.windows}
    assert {length.total_seconds() for length in lengths} == {3600}


def said_keys(things: tuple[Ticket, ...] | tuple[Engineer, ...] | tuple[object, ...]) -> set[str]:
    """Return the keys that any of the things sets to other than the format's default."""
    said = set()
    for thing in things:
        for field in fields(thing):  # type: ignore[arg-type]
            value = getattr(thing, field.name)
            if value not in (None, (), {}, 0, 1):
                said.add(field.name)
    return said


def is_able(engineer: Engineer, ticket: Ticket) -> bool:
    return all(engineer.skills.get(skill, 0) >= level for skill, level in ticket.requires.items())


def load_on_site(request: Request) -> float:
    """Return work on site ÷ shift time."""
    hands_s = sum((engineer.shifts[0].end - engineer.shifts[0].start).total_seconds() for engineer in request.engineers)
    return sum(ticket.duration_s for ticket in request.tickets) / hands_s
