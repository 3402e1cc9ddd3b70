"""The ledger, the search's price and the judge agree to the last grain; a rule that is left out is missed."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from dispatch.planning import lower as lowering_module
from dispatch.planning.lower import lower
from dispatch.planning.read_back import grains_by_term, read_back
from dispatch.rules import RULES, Rule, list_lines
from solver.problem import FORBIDDEN
from solver.reference import price, time_tour
from tests.builders import plan, route, stop
from tests.dispatch.planning import mornings
from tests.dispatch.planning.greedy import NOTE, insert_all, plan_greedily
from tests.dispatch.planning.worlds import make_world, seeded

WORLDS = st.randoms(use_true_random=False).map(make_world)

JUDGED = {
    "skill": {"skill"},
    "skill_lapse": {"skill_lapsed"},
    "only_never": {"only_never"},
    "pairs": {"pair"},
    "windows": {"window", "release"},
    "shift_hours": {"shift_end"},
    "max_visits": {"visits_limit"},
    "max_travel": {"travel_limit"},
    "max_busy": {"busy_limit"},
    "breaks": {"break"},
    "absences": {"absence"},
}
"""The judge's names of what each rule that forbids keeps."""


@settings(max_examples=150)
@given(WORLDS)
def test_a_plan_read_back_is_legal_and_costs_what_the_search_says(world: Request) -> None:
    lowered, routes, found = plan_greedily(world)
    verdict = judge(world, found)
    assert verdict.violations == ()
    assert dict(verdict.terms) == dict(found.objective.terms)
    assert verdict.total == found.objective.total
    assert sum(grains_by_term(world, found).values()) == price(lowered.problem, routes)[0]
    assert [line for line in list_lines(world, found) if line.breach and line.rule != "skip"] == []


@settings(max_examples=60)
@given(WORLDS)
def test_a_breach_is_a_forbidden_pair(world: Request) -> None:
    problem = lower(world).problem
    for job, ticket in enumerate(world.tickets):
        for worker, engineer in enumerate(world.engineers):
            visit = stop("visit", ticket.location, "08:00", "08:00", "08:00", ticket=ticket.id)
            shift_id = engineer.shifts[0].id
            ends = [stop(kind, ticket.location, "08:00", "08:00", "08:00") for kind in ("start", "end")]
            forced = plan([route([ends[0], visit, ends[1]], engineer.id, shift_id)])
            told = {
                line.rule
                for line in list_lines(world, forced)
                if line.breach and line.rule in {"skill", "only_never", "pairs"}
            }
            forbidden = int(problem.fit_grains[problem.job_profile[job], worker]) == FORBIDDEN
            assert bool(told) is forbidden


def _plan_without(rule: Rule, world: Request, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """Plan as if a rule were not in the format."""
    with monkeypatch.context() as patch:
        patch.setattr(lowering_module, "RULES", tuple(other for other in RULES if other is not rule))
        lowered = lower(world)
    return read_back(lowered, insert_all(lowered.problem), NOTE, time_tour)


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.CODE in JUDGED], ids=lambda rule: rule.CODE)
def test_without_a_rule_plans_break_it_and_its_lines_tell_what_the_judge_tells(
    rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    bites = seed = 0
    while bites < 2 or seed < 30:
        seed += 1
        assert seed <= 300, "the rule bites in hardly any world"
        world = seeded(seed)
        found = _plan_without(rule, world, monkeypatch)
        is_told = any(line.breach for line in rule.lines(world, found))
        codes = {violation.code for violation in judge(world, found).violations}
        assert is_told is bool(codes & JUDGED[rule.CODE])
        bites += is_told


def test_every_price_bites_in_some_world() -> None:
    priced = {rule.CODE for rule in RULES if rule.OBJECTIVE is not None}
    bites: Counter[str] = Counter()
    for seed in range(150):
        world = seeded(seed)
        _, _, found = plan_greedily(world)
        bites.update({line.rule for line in list_lines(world, found) if line.grains})
    for seed in range(30):
        world = mornings.seeded(seed)
        _, _, found = plan_greedily(world)
        bites.update({line.rule for line in list_lines(world, found) if line.rule == "change"})
    assert {code for code, times in bites.items() if times >= 2} == priced


def test_every_rule_is_listed_and_has_its_twin_test() -> None:
    from pathlib import Path

    import dispatch.rules

    folder = Path(dispatch.rules.__file__).parent
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert {rule.CODE for rule in RULES} == files
    tests = Path(__file__).parents[1] / "rules"
    assert {path.stem.removeprefix("test_") for path in tests.glob("test_*.py")} == files


def test_each_sentence_says_something_in_both_languages() -> None:
    seen: dict[str, tuple[str, str]] = {}
    for seed in range(30):
        world = seeded(seed)
        _, _, found = plan_greedily(world)
        for line in list_lines(world, found):
            seen[line.sentence.code] = (line.text("zh"), line.text("en"))
    assert len(seen) >= 9
    for chinese, english in seen.values():
        assert chinese
        assert english.isascii() or chinese != english
        assert "{" not in chinese + english
