"""A plan is read as strictly as a request; with its request, names must stand for something."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from typing import Any, Final

import pytest

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.model import TERMS, Previous, PreviousVisit, Request
from dispatch.format.read import read_plan
from tests import builders

TIME: Final = "2026-11-23T08:00:00+08:00"

BASE: Final[dict[str, Any]] = {
    "version": 1,
    "status": "ok",
    "objective": {"total": 25.5, "terms": {**dict.fromkeys(TERMS, 0), "travel": 25.5}},
    "routes": [
        {
            "engineer": "wang",
            "shift": "mon",
            "stops": [
                {
                    "kind": "visit",
                    "ticket": "t1",
                    "depot": None,
                    "parts": {"fan": 1},
                    "tools": ["ladder"],
                    "break": None,
                    "location": "lake",
                    "arrive": TIME,
                    "begin": TIME,
                    "leave": TIME,
                    "travel_s": 600,
                    "travel_m": 2500,
                }
            ],
            "travel_s": 600,
            "travel_m": 2500,
            "work_s": 0,
            "wait_s": 0,
            "overtime_s": 0,
        }
    ],
    "skipped": [
        {
            "ticket": "t1",
            "verdict": "impossible",
            "reasons": [
                {"code": "skill", "engineer": "wang", "gap": {"value": 1, "unit": "level"}, "text": "too junior"}
            ],
        }
    ],
    "broken_pins": [{"ticket": "t1", "code": "window", "text": "closed"}],
    "solver": {"engine": "x", "seed": 0, "seconds": 1.5, "iterations": 10, "threads": 2, "bound": 20, "gap": 0.2},
}
GONE: Final = object()


def find_faults(changes: dict[str, object], request: Request | None = None) -> list[Fault]:
    """Give what is wrong with the base plan when some of its values are changed."""
    document: Any = copy.deepcopy(BASE)
    for path, value in changes.items():
        *steps, last = [
            int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
        ]
        place = document
        for step in steps:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = value
    try:
        read_plan(json.dumps(document), request)
    except InvalidDocument as error:
        return list(error.faults)
    return []


def test_the_base_plan_is_well_formed_and_fits_its_request() -> None:
    assert find_faults({}) == []
    assert find_faults({}, builders.request()) == []


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("version", 2, "unknown_version"),
        ("status", "fine", "impossible_value"),
        ("objective", GONE, "missing_key"),
        ("objective.total", -0.01, "impossible_value"),
        ("objective.total", 1.001, "too_many_decimals"),
        ("objective.terms.fuel", 1, "unknown_key"),
        ("objective.terms.travel", None, "wrong_type"),
        ("routes[0].engineer", GONE, "missing_key"),
        ("routes[0].work_s", 1.5, "wrong_type"),
        ("routes[0].stops[0].kind", "lunch", "impossible_value"),
        ("routes[0].stops[0].begin", "08:00", "bad_time"),
        ("routes[0].stops[0].travel_s", GONE, "missing_key"),
        ("routes[0].stops[0].parts", ["fan"], "wrong_type"),
        ("routes[0].stops[0].break", -1, "impossible_value"),
        ("routes[0].stops[0].note", "x", "unknown_key"),
        ("skipped[0].verdict", "forgotten", "impossible_value"),
        ("skipped[0].reasons[0].code", "mood", "impossible_value"),
        ("skipped[0].reasons[0].gap.unit", "h", "impossible_value"),
        ("skipped[0].reasons[0].gap.value", True, "wrong_type"),
        ("broken_pins[0].code", GONE, "missing_key"),
        ("solver", GONE, "missing_key"),
        ("solver.iterations", -1, "impossible_value"),
        ("solver.seconds", "fast", "wrong_type"),
    ],
)
def test_one_thing_wrong_is_one_fault_at_its_path(path: str, value: object, code: str) -> None:
    assert [(fault.code, fault.path) for fault in find_faults({path: value})] == [(code, path)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("routes[0].engineer", "engineer"),
        ("routes[0].shift", "shift"),
        ("routes[0].stops[0].ticket", "ticket"),
        ("routes[0].stops[0].depot", "depot"),
        ("routes[0].stops[0].location", "location"),
        ("skipped[0].ticket", "ticket"),
        ("skipped[0].reasons[0].engineer", "engineer"),
        ("broken_pins[0].ticket", "ticket"),
    ],
)
def test_a_reference_to_nothing_is_told_when_the_request_is_known(path: str, kind: str) -> None:
    assert find_faults({path: "nobody"}) == []
    (fault,) = find_faults({path: "nobody"}, builders.request())
    assert (fault.code, fault.path) == ("unknown_reference", path)
    assert kind in fault.message


def test_a_broken_pin_may_name_a_ticket_of_the_plan_in_force() -> None:
    visit = PreviousVisit("t0", "wang", "mon", builders.at("09:00"), pin="engineer")
    request = builders.request(previous=Previous(visits=(visit,)))
    assert find_faults({"broken_pins[0].ticket": "t0"}, request) == []


@pytest.mark.parametrize("path", ["broken_pins", "solver.bound", "solver.gap", "skipped[0].reasons[0].gap"])
def test_what_is_optional_may_be_absent(path: str) -> None:
    assert find_faults({path: GONE}) == []


def test_an_absent_term_is_0() -> None:
    document = copy.deepcopy(BASE)
    del document["objective"]["terms"]["change"]
    terms = read_plan(json.dumps(document)).objective.terms
    assert terms["change"] == 0
    assert terms["travel"] == Decimal("25.5")
    assert tuple(terms) == TERMS


def test_faults_of_many_places_are_told_together() -> None:
    faults = find_faults({"status": 1, "routes[0].engineer": "nobody", "solver.threads": -1}, builders.request())
    assert {fault.path for fault in faults} == {"status", "routes[0].engineer", "solver.threads"}
