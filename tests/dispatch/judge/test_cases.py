"""The judge decides every worked-out case as the format's text does.

The cases were written from the format alone, without sight of any judge: see ``tests/dispatch/judge/worlds``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from dispatch.format.read import read_plan, read_request
from dispatch.judge import judge
from tests.dispatch.judge.make_cases import FIXTURES, FOLDER

CASES: Final = sorted((FIXTURES / FOLDER).glob("*.json"))
HALF_A_CENT: Final = Decimal("0.005")


def read_case(path: Path) -> dict[str, Any]:
    """Read one case file."""
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    return case


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_judge_decides_the_case_as_worked_out_by_hand(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    expect = read_case(path)["expect"]
    verdict = judge(read_request(json.dumps(case["request"])), read_plan(json.dumps(case["plan"])))
    priced = expect["terms"] is not None
    codes = {found.code for found in verdict.violations if priced or not found.code.startswith("objective.")}
    told = "\n".join(f"{found.code} at {found.path}: {found.text}" for found in verdict.violations)
    assert codes == set(expect["codes"]), told or "nothing was found"
    if priced:
        assert verdict.legal is expect["legal"]
        off = {
            term: (verdict.terms[term], right)
            for term, right in expect["terms"].items()
            if abs(Decimal(verdict.terms[term]) - right) > HALF_A_CENT
        }
        assert off == {}
        assert abs(Decimal(verdict.total) - expect["total"]) <= HALF_A_CENT
