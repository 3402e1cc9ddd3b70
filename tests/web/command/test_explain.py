"""``paidan explain``: in words and as JSON, in both languages, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

from dispatch.format.model import Plan
from dispatch.format.write import write_plan, write_request
from dispatch.planning.lower import lower
from dispatch.planning.read_back import read_back
from solver.reference import time_tour
from tests import builders
from tests.dispatch.planning.greedy import NOTE
from tests.web.command.running import Paidan

REQUEST = builders.request(
    tickets=[builders.ticket("t1"), builders.ticket("t2", requires={"ac": 4})], engineers=[builders.engineer()]
)


def write(folder: Path, plan: Plan | None = None) -> tuple[Path, Path]:
    """Write the request, and a plan that serves the first ticket alone."""
    plan = plan or read_back(lower(REQUEST), [[0]], NOTE, time_tour)
    (folder / "request.json").write_text(write_request(REQUEST), encoding="utf-8")
    (folder / "plan.json").write_text(write_plan(plan), encoding="utf-8")
    return folder / "request.json", folder / "plan.json"


def test_without_a_ticket_those_left_out_are_explained_with_their_ways_out(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("explain", *write(tmp_path))
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("t2 · 未排 · 空班次也排不进\n")
    assert "wang 缺少技能：ac 4 级（现 3 级）" in answer.out
    assert "wang 的ac达到 4 级（现 3 级）" in answer.out


def test_a_served_ticket_says_who_comes_and_who_else_could(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("explain", *write(tmp_path), "t1", "--lang", "en")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("t1 · served · wang, begins 11-23 08:0")
    assert "nobody else could come" in answer.out


def test_as_json_it_is_one_list(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("explain", *write(tmp_path), "--json")
    (told,) = json.loads(answer.out)
    assert (told["ticket"], told["state"], told["verdict"]) == ("t2", "skipped", "impossible")
    assert {way["code"] for way in told["ways"]} == {"skill", "engineer"}


def test_a_plan_with_nothing_left_out_says_so(paidan: Paidan, tmp_path: Path) -> None:
    files = write(tmp_path)
    whole = builders.request(tickets=[builders.ticket("t1")], engineers=[builders.engineer()])
    files[0].write_text(write_request(whole), encoding="utf-8")
    files[1].write_text(write_plan(read_back(lower(whole), [[0]], NOTE, time_tour)), encoding="utf-8")
    assert paidan("explain", *files).out == "没有未排或迟到的工单\n"


def test_a_ticket_that_the_request_has_not_is_invalid_input(paidan: Paidan, tmp_path: Path) -> None:
    answer = paidan("explain", *write(tmp_path), "t9")
    assert answer.code == 2
    assert answer.err == 'TICKET: is no ticket of REQUEST that is still to come ("t9"), expected the id of one\n'


def test_both_files_from_standard_input_are_refused(paidan: Paidan) -> None:
    assert paidan("explain", "-", "-").code == 2
