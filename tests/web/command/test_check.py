"""``paidan check``: the verdict in words and as JSON, its exit code, and the faults of both files at once."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from dispatch.format.model import TERMS, Plan, Request, Skipped
from dispatch.format.write import write_plan, write_request
from tests import builders
from tests.web.command.running import Paidan

REQUEST = builders.request(tickets=[builders.ticket(skip_cost=Decimal(150))])
LEGAL = builders.plan(terms={"skipped": "150"}, skipped=(Skipped("t1", "not_found"),))


def write(folder: Path, plan: Plan, request: Request = REQUEST) -> tuple[Path, Path]:
    """Write both files."""
    (folder / "request.json").write_text(write_request(request), encoding="utf-8")
    (folder / "plan.json").write_text(write_plan(plan), encoding="utf-8")
    return folder / "request.json", folder / "plan.json"


def claim(total: str) -> Plan:
    """Make the legal plan say that it costs something else."""
    return replace(LEGAL, objective=replace(LEGAL.objective, total=Decimal(total)))


def test_a_legal_plan_ends_with_0_and_its_objective_term_by_term(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("check", *write(tmp_path, LEGAL))
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert lines[0] == "legal"
    assert [line.split()[0] for line in lines[-len(TERMS) - 1 :]] == [*TERMS, "total"]
    assert lines[-1].split() == ["total", "150.00", "150.00"]


def test_an_illegal_plan_ends_with_1_and_names_each_violation(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("check", *write(tmp_path, builders.plan()))
    assert answer.code == 1
    assert "[served]" in answer.out
    assert "not legal: 1 violation\n" in answer.out


@pytest.mark.parametrize(("total", "code"), [("150.02", 0), ("149.98", 0), ("150.03", 1), ("149.97", 1)])
def test_a_total_that_does_not_agree_ends_with_1(paidan: Paidan, tmp_path: Path, total: str, code: int) -> None:
    answer = paidan("check", *write(tmp_path, claim(total)))
    assert answer.code == code
    assert answer.out.splitlines()[-1].endswith("differs") == bool(code)


def test_the_verdict_as_json(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("check", *write(tmp_path, claim("100")), "--json")
    verdict = json.loads(answer.out)
    assert answer.code == 1
    assert verdict["legal"] is False
    assert [violation["code"] for violation in verdict["violations"]] == ["objective.total"]
    assert set(verdict["violations"][0]) == {"code", "path", "text"}
    assert tuple(verdict["objective"]["terms"]) == TERMS
    assert (verdict["objective"]["total"], verdict["plan_total"]) == (150, 100)


def test_a_legal_verdict_as_json(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("check", *write(tmp_path, LEGAL), "--json")
    verdict = json.loads(answer.out)
    assert (answer.code, verdict["legal"], verdict["violations"]) == (0, True, [])


@pytest.mark.parametrize("which", [0, 1])
def test_either_file_may_come_from_standard_input(paidan: Paidan, tmp_path: Path, which: int) -> None:
    files: list[object] = [*write(tmp_path, LEGAL)]
    data = Path(str(files[which])).read_bytes()
    files[which] = "-"
    assert paidan("check", *files, stdin=data).code == 0


def test_both_from_standard_input_is_a_usage_error(paidan: Paidan) -> None:
    answer = paidan("check", "-", "-")
    assert (answer.code, answer.out) == (2, "")
    assert "cannot both" in answer.err


def test_faults_of_both_files_are_told_together(paidan: Paidan, tmp_path: Path) -> None:
    request, plan = write(tmp_path, LEGAL)
    request.write_text(
        request.read_text(encoding="utf-8").replace('"speed_kmh": 28', '"speed_kmh": 0'), encoding="utf-8"
    )
    plan.write_text("{", encoding="utf-8")
    answer = paidan("check", request, plan)
    assert (answer.code, answer.out) == (2, "")
    assert [line.partition(": ")[0] for line in answer.err.splitlines()] == ["travel.speed_kmh", "PLAN"]
    assert [fault["path"] for fault in json.loads(paidan("check", request, plan, "--json").err)] == [
        "travel.speed_kmh",
        "PLAN",
    ]


def test_a_plan_that_names_what_the_request_has_not_is_invalid_input(paidan: Paidan, tmp_path: Path) -> None:
    stranger = replace(LEGAL, skipped=(Skipped("t9", "not_found"),))
    answer = paidan("check", *write(tmp_path, stranger))
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith('skipped[0].ticket: names an unknown ticket ("t9"), expected ')


@pytest.mark.parametrize("name", ["none.json", "."])
def test_a_file_that_cannot_be_read_is_one_line(paidan: Paidan, tmp_path: Path, name: str) -> None:
    request, _ = write(tmp_path, LEGAL)
    answer = paidan("check", request, tmp_path / name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("PLAN: ")
    assert answer.err.count("\n") == 1
