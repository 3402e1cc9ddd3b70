"""Each number of each pack stands in a table by hand beside its clause; whoever changes one is noticed."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from dispatch.data_file import DataError
from dispatch.policies.packs.model import Limit, Pack
from dispatch.policies.packs.read import PACKS, get_pack, read_pack
from tests.dispatch.policies.packs.expected import NEVER_A_LIMIT, expected_of

TEXTS = {name: files("dispatch.policies.packs").joinpath(f"{name}.toml").read_text(encoding="utf-8") for name in PACKS}
NUMBER = re.compile(r"^\w+ = (\d+)$", re.MULTILINE)
NUMBERS = [(name, found.start(1), found.group(0)) for name in PACKS for found in NUMBER.finditer(TEXTS[name])]


def told(pack: Pack) -> set[str]:
    """Tell every value of a pack in the words of the table."""
    found = {f"version {pack.version}"} | {told_limit(limit) for limit in pack.limits}
    for stage, pause in pack.pauses.items():
        found.add(f"pause | {stage} | {' '.join(pause.reasons)} | {pause.source.clause}")
    for warning in pack.warnings:
        found.add(f"warning | {warning.colour} | {warning.after_percent} | {warning.to} | {warning.source.clause}")
    for one in pack.escalations:
        found.add(f"escalation | {' '.join(one.grades)} | {one.after_min} | {one.to} | {one.source.clause}")
    for grade in pack.grades:
        found.add(f"grade | {grade.grade} | {grade.source.clause}")
    for tier in pack.tiers:
        found.add(f"tier | {tier.tier} | {'above' if tier.above else 'from'} {tier.from_cny} | {tier.source.clause}")
    for goal in pack.goals:
        found.add(f"goal | {goal.kind} | {goal.stage} | {goal.within} {goal.unit} | {goal.clause}")
    if pack.follow_up is not None:
        found.add(f"follow_up at least {pack.follow_up.least_min} | {pack.follow_up.source.clause}")
    return {" ".join(line.split()) for line in found}


def told_limit(limit: Limit) -> str:
    whom = " ".join((*limit.grades, *limit.tiers, *limit.contracts, *limit.channels, *limit.demands))
    bound = "earliest " if limit.bound == "earliest" else ""
    basis = "" if limit.source.basis == "stated" else f" {limit.source.basis}"
    or_interim = " or interim" if limit.or_interim else ""
    return f"{limit.stage} | {whom} | {bound}{limit.within} {limit.unit} | {limit.source.clause}{basis}{or_interim}"


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_holds_what_the_table_says_and_nothing_else(name: str) -> None:
    assert told(get_pack(name)) == expected_of(name)


def test_there_are_numbers_to_change() -> None:
    assert {name: sum(one == name for one, _, _ in NUMBERS) for name in PACKS} == {"002": 23, "004": 36, "strict": 13}


@pytest.mark.parametrize(("name", "place", "line"), NUMBERS, ids=[f"{name}-{place}" for name, place, _ in NUMBERS])
@pytest.mark.parametrize("change", [1, -1])
def test_a_number_that_is_changed_is_noticed(name: str, place: int, line: str, change: int) -> None:
    text = TEXTS[name]
    digits = re.match(r"\d+", text[place:])
    assert digits is not None
    changed = f"{text[:place]}{int(digits.group()) + change}{text[place + digits.end() :]}"
    assert changed != text, line
    try:
        pack = read_pack(changed)
    except DataError:
        return
    assert told(pack) != expected_of(name), line


@pytest.mark.parametrize("name", PACKS)
def test_examples_baselines_and_others_figures_are_never_limits(name: str) -> None:
    assert not get_pack(name).clauses() & set(NEVER_A_LIMIT)


def test_what_is_no_limit_is_listed_as_a_goal() -> None:
    assert {goal.clause for goal in get_pack("strict").goals} == {*NEVER_A_LIMIT, "SL-01"}
