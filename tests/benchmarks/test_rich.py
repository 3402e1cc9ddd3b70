"""Rich requests shown: what is changed in a trial and what is not, and what the summary says of it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from benchmarks import rich
from benchmarks.rich_trials import MEANS, permute, put_in_force, release
from dispatch.example import make_rich
from dispatch.format.model import Request
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.planning import Stop, solve


def seeded(seed: int) -> Random:
    """Make the random numbers of a test."""
    return Random(seed)  # noqa: S311 - no secret is drawn


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("means", MEANS)
def test_more_means_are_a_valid_request_with_one_thing_more(means: str, seed: int) -> None:
    world = make_rich(6, 30, 2, seed)
    larger = MEANS[means](seeded(seed), world)
    assert read_request(write_request(larger)) == larger
    more = {
        "engineer": len(larger.engineers) - len(world.engineers),
        "part": sum(sum(depot.stock.values()) for depot in larger.depots)
        - sum(sum(depot.stock.values()) for depot in world.depots),
        "hour": (_hours(larger) - _hours(world)) if means == "hour" else 0,
    }
    assert {name: 1 if name == means else 0 for name in MEANS} == more
    assert larger.tickets == world.tickets


def _hours(request: Request) -> float:
    return sum((shift.end - shift.start).total_seconds() / 3600 for each in request.engineers for shift in each.shifts)


@pytest.mark.parametrize("seed", range(4))
def test_other_names_and_another_order_say_the_same(seed: int) -> None:
    world = make_rich(6, 30, 2, seed)
    other = permute(seeded(seed), world)
    assert read_request(write_request(other)) == other
    assert {ticket.id for ticket in other.tickets}.isdisjoint(ticket.id for ticket in world.tickets)

    def describe(request: Request) -> Counter[tuple[object, ...]]:
        where = {place.id: (place.lat, place.lon) for place in request.locations}
        homes = {each.id: where[each.shifts[0].start_location] for each in request.engineers if each.shifts}
        return Counter(
            (
                where[ticket.location],
                ticket.duration_s,
                ticket.crew,
                ticket.windows,
                tuple(sorted(homes.get(each) or () for each in (*(ticket.only or ()), *ticket.never, *ticket.prefer))),
                len(ticket.after),
                ticket.same_engineer_as is None,
            )
            for ticket in request.tickets
        )

    assert describe(other) == describe(world)
    if world.previous is not None and other.previous is not None:
        assert Counter((row.start, row.state, row.pin) for row in other.previous.visits) == Counter(
            (row.start, row.state, row.pin) for row in world.previous.visits
        )


def test_a_plan_put_in_force_has_every_visit_and_changes_cost_nothing() -> None:
    world = release(make_rich(4, 20, 1, 2, features={"limits", "previous"}))
    assert world.previous is not None
    assert world.previous.visits == ()
    plan = solve(world, stop=Stop(iterations=200), threads=1)
    again = put_in_force(world, plan)
    assert again.previous is not None
    assert again.previous.finished == world.previous.finished
    assert len(again.previous.visits) == sum(stop.ticket is not None for route in plan.routes for stop in route.stops)
    assert again.weights.change_engineer == again.weights.change_start_per_h == again.weights.change_skip == 0
    assert read_request(write_request(again)) == again


@pytest.mark.compiled
def test_a_short_show_is_kept_taken_up_again_and_summarised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "rich.json"
    few = ["--seeds", "1", "--trials", "0", "--sizes", "1", "--share", "0.3", "--out", str(out)]
    rich.main(few)
    kept = json.loads(out.read_text(encoding="utf-8"))
    assert kept["summary"]["measured"] == "2 of 2"
    assert kept["summary"]["fails"] == 0
    assert all(row["legal"] and row["equal"] for row in kept["rows"].values())
    assert "2 of 2 requests" in capsys.readouterr().out
    monkeypatch.setattr(rich, "measure", lambda *_: pytest.fail("measured again"))
    rich.main(few)


LEGAL = {"kind": "legal", "size": "10x60x1", "legal": True, "equal": True}
TRIAL = {
    "kind": "trial",
    "size": "10x60x1",
    "legal": True,
    "equal": True,
    "cold": {"engineer": -0.01, "part": 0.0, "hour": 0.004},
    "warm": {"engineer": 0.0, "part": 0.0, "hour": 0.0},
    "renamed": -0.003,
    "dearer": [],
    "runs": {},
}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [({"legal": False}, "not_legal"), ({"equal": False}, "not_equal"), ({"dearer": ["hour"]}, "dearer")],
)
def test_what_must_not_be_fails_the_show(wrong: dict[str, object], where: str) -> None:
    good = rich.summarise({"one": LEGAL, "two": TRIAL}, 1, 1)
    assert good["fails"] == 0
    assert good["sizes"]["10x60"]["cold"] == {"count": 3, "median": 0.0, "p95": 0.004, "greatest": 0.004}
    assert good["sizes"]["10x60"]["renamed"]["median"] == 0.003
    bad = rich.summarise({"one": LEGAL, "two": {**TRIAL, **wrong}}, 1, 1)
    assert bad["fails"] == len(bad[where]) == 1


def test_a_request_that_is_refused_fails_the_show() -> None:
    refused = {"kind": "legal", "size": "10x60x1", "legal": True, "refused": ["previous"]}
    assert rich.summarise({"one": refused}, 1, 0)["refused"] == ["one"]
