"""The case files are complete, and are what the worlds say."""

from __future__ import annotations

import json
from typing import Any, Final

from dispatch.format.model import TERMS
from dispatch.format.read import read_plan, read_request
from tests.dispatch.judge.make_cases import make_cases, read_cases

FILES: Final = read_cases()
EXPECTED: Final[list[dict[str, Any]]] = [json.loads(text)["expect"] for text in FILES.values()]
CLAUSES: Final = {
    "structure",
    "served",
    "crew",
    "skill",
    "skill_lapsed",
    "only_never",
    "pair",
    "window",
    "release",
    "after",
    "same_engineer",
    "travel",
    "timing",
    "overlap",
    "now",
    "route_start",
    "shift_end",
    "visits_limit",
    "travel_limit",
    "busy_limit",
    "absence",
    "break",
    "part",
    "van_stock",
    "depot_stock",
    "depot_open",
    "tool",
    "tool_lent",
    "pin",
    "freeze",
    "travelling",
    "broken_pins",
    "change_budget",
    "status",
    "sums",
    "objective.total",
    *(f"objective.{term}" for term in TERMS),
}


def test_the_files_are_what_the_worlds_say() -> None:
    assert make_cases() == FILES


def test_every_clause_is_broken_by_some_case_and_alone() -> None:
    assert {expect["codes"][0] for expect in EXPECTED if len(expect["codes"]) == 1} == CLAUSES


def test_every_term_has_a_price_in_some_legal_case() -> None:
    priced = [expect["terms"] for expect in EXPECTED if expect["legal"] and expect["terms"]]
    assert {term for terms in priced for term, price in terms.items() if price} == set(TERMS)


def test_every_case_is_well_formed() -> None:
    for text in FILES.values():
        case = json.loads(text)
        read_request(json.dumps(case["request"]))
        read_plan(json.dumps(case["plan"]))
