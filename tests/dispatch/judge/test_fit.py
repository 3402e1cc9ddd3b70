"""Who may do a ticket and when it may begin."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from typing import Any

from dispatch.format.model import Engineer, Pair
from tests.builders import at, between, engineer, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import drive, visit, write


def _case(name: str, *codes: str, worker: Engineer | None = None, begin: str | None = None, **wants: Any) -> Case:
    """Let wang serve one ticket at the lake, from 08:10 to 09:10 unless told otherwise; zhang has all skills."""
    zhang = engineer("zhang", skills={"ac": 4, "gas": 4})
    world = town([ticket("t1", **wants)], [worker or engineer("wang"), zhang])
    step = visit("t1", begin=at(begin) if begin else None)
    return Case(name, world, write(world, [drive("wang", [step])]), codes)


BOTH = engineer("wang", skills={"ac": 3, "gas": 1})
LAPSING = engineer("wang", skills_until={"ac": at("09:10")})


@each(
    _case("better than asked", requires={"ac": 2}),
    _case("as good as asked", requires={"ac": 3}),
    _case("one level short", "skill", requires={"ac": 4}),
    _case("without the skill", "skill", requires={"gas": 1}),
    _case("both skills", worker=BOTH, requires={"ac": 3, "gas": 1}),
    _case("one of two skills", "skill", worker=BOTH, requires={"ac": 3, "gas": 2}),
    _case("before the skill lapses", worker=LAPSING, begin="08:10", requires={"ac": 1}, duration_s=3599),
    _case("until the skill lapses", worker=LAPSING, requires={"ac": 1}),
    _case("a second longer", "skill_lapsed", worker=LAPSING, requires={"ac": 1}, duration_s=3601),
    _case("a lapsed skill that is not asked for", worker=LAPSING, duration_s=3601),
    _case("too low and lapsed", "skill", worker=LAPSING, requires={"ac": 4}, duration_s=3601),
)
def test_one_engineer_has_all_skills_until_the_work_ends(case: Case) -> None:
    case.check()


@each(
    _case("among only", only=["zhang", "wang"]),
    _case("not among only", "only_never", only=["zhang"]),
    _case("not among never", never=["zhang"]),
    _case("among never", "only_never", never=["zhang", "wang"]),
    _case("a price", pairs=[Pair("wang")]),
    _case("another's ban", pairs=[Pair("zhang", forbid=True)]),
    _case("a ban", "pair", pairs=[Pair("wang"), Pair("wang", forbid=True, code="dog")]),
    _case("a ban without a name", "pair", pairs=[Pair("wang", forbid=True)]),
)
def test_bans_are_kept(case: Case) -> None:
    case.check()


MORNING, NOON = between("08:10", "08:20"), between("12:00", "12:30")


@each(
    _case("at its first second", begin="08:10", windows=[MORNING, NOON]),
    _case("at its last second", begin="08:20", windows=[MORNING, NOON]),
    _case("at the second's first second", begin="12:00", windows=[MORNING, NOON]),
    _case("between the two", "window", begin="08:20:01", windows=[MORNING, NOON]),
    _case("a second before the second", "window", begin="11:59:59", windows=[MORNING, NOON]),
    _case("after both", "window", begin="12:30:01", windows=[MORNING, NOON]),
    _case("before its release", "release", begin="08:19:59", release=at("08:20")),
    _case("at its release", begin="08:20", release=at("08:20")),
    _case("after its release", begin="08:20:01", release=at("08:20")),
)
def test_work_begins_in_a_window_after_its_release(case: Case) -> None:
    case.check()
