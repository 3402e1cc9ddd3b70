"""The clock: arrivals and durations, shifts, breaks, absences, and one engineer at one place at a time."""

# ruff: noqa: ANN401 - a case passes on whatever a test names

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from dispatch.format.model import Break, Engineer, Plan, Previous, Request, Stop, Ticket, Whereabouts
from dispatch.judge import judge
from tests.builders import at, between, engineer, lunch, shift, ticket
from tests.dispatch.judge.court import Case, each, town
from tests.dispatch.judge.writer import drive, price_up, rest, run, sum_up, visit, write


def _day(shift_: Any = None, tickets: Any = None, now: str = "07:00", **more: Any) -> Request:
    return town(tickets or [ticket("t1")], [engineer("wang", [shift_ or shift()])], now=now, **more)


def _retimed(world: Request, stops: list[tuple[str, str, str]]) -> Plan:
    """Give the plain plan with other arrive, begin and leave at each stop, and sums and prices that follow."""
    plain = run(world, drive("wang", [visit("t1")]))
    moved = [
        replace(stop, arrive=at(arrive), begin=at(begin), leave=at(leave))
        for stop, (arrive, begin, leave) in zip(plain.stops, stops, strict=True)
    ]
    return price_up(world, [sum_up(world.engineers[0].shifts[0], "wang", moved)], [])


PLAIN = ("08:00", "08:00", "08:00")
HOME = ("09:20", "09:20", "09:20")


@each(
    Case("as it should be", _day(), _retimed(_day(), [PLAIN, ("08:10", "08:10", "09:10"), HOME])),
    Case("waiting", _day(), _retimed(_day(), [PLAIN, ("08:10", "08:11", "09:11"), ("09:21", "09:21", "09:21")])),
    Case(
        "begun before arriving",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10", "08:09:59", "09:09:59"), ("09:19:59", "09:19:59", "09:19:59")]),
        ("timing",),
    ),
    Case(
        "arrived too early for the leg",
        _day(),
        _retimed(_day(), [PLAIN, ("08:09:59", "08:10", "09:10"), HOME]),
        ("timing",),
    ),
    Case(
        "arrived too late for the leg",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10:01", "08:10:01", "09:10:01"), ("09:20:01", "09:20:01", "09:20:01")]),
        ("timing",),
    ),
    Case(
        "left a second early",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10", "08:10", "09:09:59"), ("09:19:59", "09:19:59", "09:19:59")]),
        ("timing",),
    ),
    Case(
        "waiting after work",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10", "08:10", "09:10:01"), ("09:20:01", "09:20:01", "09:20:01")]),
        ("timing",),
    ),
    Case(
        "waiting before leaving the start",
        _day(),
        _retimed(_day(), [("08:00", "08:20", "08:30"), ("08:40", "08:40", "09:40"), ("09:50", "09:50", "09:50")]),
    ),
    Case(
        "start left before it begins",
        _day(),
        _retimed(_day(), [("08:00", "08:01", "08:00"), ("08:10", "08:10", "09:10"), HOME]),
        ("timing",),
    ),
    Case(
        "end begun before it is reached",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10", "08:10", "09:10"), ("09:20", "09:19", "09:19")]),
        ("timing",),
    ),
    Case(
        "end left later than it begins",
        _day(),
        _retimed(_day(), [PLAIN, ("08:10", "08:10", "09:10"), ("09:20", "09:20", "09:21")]),
        ("timing",),
    ),
)
def test_stops_follow_one_another(case: Case) -> None:
    case.check()


RUNNING = _day(now="08:20", previous=Previous(engineers=(Whereabouts("wang", "mon", "home", at("08:30")),)))
"""His shift has run since 08:00, and he is free to leave at 08:30."""


def _started(world: Request, *start: str) -> Plan:
    """Arrive at the start, begin it and leave it at these moments, and go to the lake and home."""
    left = at(start[2])
    clocks = [(left + timedelta(minutes=minutes)).strftime("%H:%M:%S") for minutes in (10, 70, 80)]
    return _retimed(world, [(start[0], start[1], start[2]), (clocks[0], clocks[0], clocks[1]), (clocks[2],) * 3])


@each(
    Case("at the shift's start", _day(), _started(_day(), "08:00", "08:00", "08:00")),
    Case("after it", _day(), _started(_day(), "08:00", "08:00:01", "08:00:02")),
    Case("there before it", _day(), _started(_day(), "07:59:59", "08:00", "08:00"), ("route_start",)),
    Case("begun before it", _day(), _started(_day(), "07:59:59", "07:59:59", "08:00"), ("route_start",)),
    Case("left before it", _day(), _started(_day(), "07:59:59", "07:59:59", "07:59:59"), ("route_start",)),
    Case("there now, left when free", RUNNING, _started(RUNNING, "08:20", "08:20", "08:30")),
    Case("there before now", RUNNING, _started(RUNNING, "08:19:59", "08:20", "08:30"), ("now",)),
    Case("begun before now", RUNNING, _started(RUNNING, "08:19:59", "08:19:59", "08:30"), ("now",)),
    Case("left before he is free", RUNNING, _started(RUNNING, "08:29:59", "08:29:59", "08:29:59"), ("route_start",)),
    Case(
        "there before his shift and before now",
        RUNNING,
        _started(RUNNING, "07:59:59", "08:20", "08:30"),
        ("now", "route_start"),
    ),
)
def test_a_route_s_start_is_no_earlier_than_its_shift_and_now(case: Case) -> None:
    case.check()


def _lasting(seconds: int, worker: Engineer, *tickets: Ticket) -> Case:
    """Give a case in which the last of some tickets lasts so long; legal tells the name."""
    world = town(list(tickets), [worker])
    steps = [visit(each_.id) for each_ in tickets[:-1]]
    steps.append(visit(tickets[-1].id, lasts_s=seconds))
    return Case(f"{seconds} s", world, write(world, [drive("wang", steps)]))


SLOW = engineer(service_factor=Decimal("1.1"))
BY_SKILL = engineer(skills={"ac": 3, "gas": 2}, service_factor={"ac": Decimal("1.5"), "gas": Decimal("0.5")})
UNSKILLED = engineer(service_factor={"ac": Decimal("0.5")})
SET_UP = ticket("t2", setup_s=600)


@each(
    _lasting(3960, SLOW, ticket("t1")),
    _lasting(3667, SLOW, ticket("t1", duration_s=3333)),  # 3666.3, rounded up
    _lasting(4620, SLOW, ticket("t1", setup_s=600)),  # the factor multiplies the set-up too
    _lasting(5400, BY_SKILL, ticket("t1", requires={"ac": 1, "gas": 1})),  # the largest counts
    _lasting(1800, BY_SKILL, ticket("t1", requires={"gas": 1})),
    _lasting(3600, BY_SKILL, ticket("t1")),  # no skill, no factor
    _lasting(3600, UNSKILLED, ticket("t1")),
    _lasting(3600, engineer(), ticket("t1"), SET_UP),  # stays where it is: no set-up
    _lasting(4200, engineer(), ticket("t1", location="station"), SET_UP),  # comes from elsewhere
)
def test_work_lasts_as_long_as_the_engineer_needs(case: Case) -> None:
    case.check()
    for wrong in (-1, 1):
        stops = list(case.plan.routes[0].stops)
        late = timedelta(seconds=wrong)
        stops[-2] = replace(stops[-2], leave=stops[-2].leave + late)
        end = stops[-1]
        stops[-1] = replace(end, arrive=end.arrive + late, begin=end.begin + late, leave=end.leave + late)
        route = sum_up(case.request.engineers[0].shifts[0], "wang", stops)
        replace(case, plan=price_up(case.request, [route], []), codes=("timing",)).check()


def test_a_break_at_the_same_place_does_not_save_the_set_up() -> None:
    world = town([ticket("t1"), SET_UP], [engineer("wang", [shift(breaks=(lunch("09:00", "10:00"),))])])
    Case("", world, write(world, [drive("wang", [visit("t1"), rest(), visit("t2")])])).check()
    without = [visit("t1"), rest(), visit("t2", lasts_s=3600)]
    Case("", world, write(world, [drive("wang", without)]), ("timing",)).check()


def _leaving(moment: str, world: Request) -> Plan:
    return write(world, [drive("wang", [visit("t1")], leave=at(moment))])


LATE_NOW = _day(now="08:30")
RUNNING = replace(LATE_NOW, previous=Previous(engineers=(Whereabouts("wang", "mon", "station", at("08:40")),)))
FREE_NOW = replace(LATE_NOW, previous=Previous(engineers=(Whereabouts("wang", "mon", "lake", at("08:30")),)))


@each(
    Case("a second before the shift", _day(), _leaving("07:59:59", _day()), ("route_start",)),
    Case("with the shift", _day(), _leaving("08:00", _day())),
    Case("after the shift began", _day(), _leaving("08:00:01", _day())),
    Case("a second before now", LATE_NOW, _leaving("08:29:59", LATE_NOW), ("now",)),
    Case("now", LATE_NOW, _leaving("08:30", LATE_NOW)),
    Case("before both", LATE_NOW, _leaving("07:59:59", LATE_NOW), ("now", "route_start")),
    Case("before it is free", RUNNING, _leaving("08:39:59", RUNNING), ("route_start",)),
    Case("as soon as it is free", RUNNING, _leaving("08:40", RUNNING)),
    Case("before now, free now", FREE_NOW, _leaving("08:29:59", FREE_NOW), ("now",)),
)
def test_a_route_leaves_no_earlier_than_it_may(case: Case) -> None:
    case.check()


@each(
    Case(
        "not from the shift's place",
        _day(),
        write(_day(), [drive("wang", [visit("t1")], place="station")]),
        ("route_start",),
    ),
    Case(
        "not from where the engineer is",
        RUNNING,
        write(RUNNING, [drive("wang", [visit("t1")], place="home")]),
        ("route_start",),
    ),
)
def test_a_route_starts_at_its_place(case: Case) -> None:
    case.check()


def _until(end: str, overtime_s: int) -> Request:
    return _day(shift(end=end, overtime_s=overtime_s))


PINNED_LATE = _until("09:10", 599)


@each(
    Case("in time", _until("09:20", 0), _leaving("08:00", _until("09:20", 0))),
    Case("a second late", _until("09:19:59", 0), _leaving("08:00", _until("09:19:59", 0)), ("shift_end",)),
    Case("within overtime", _until("09:10", 601), _leaving("08:00", _until("09:10", 601))),
    Case("at the end of overtime", _until("09:10", 600), _leaving("08:00", _until("09:10", 600))),
    Case("past overtime", PINNED_LATE, _leaving("08:00", PINNED_LATE), ("shift_end",)),
)
def test_a_route_ends_with_its_shift_and_overtime(case: Case) -> None:
    case.check()


def _broken_by(*absences: tuple[str, str]) -> Request:
    return _day(shift(absences=tuple(between(*absence) for absence in absences)))


@each(
    *(
        Case(name, _broken_by(absence), _leaving("08:00", _broken_by(absence)), codes)
        for name, absence, codes in [
            ("up to leaving", ("07:00", "08:00"), ()),
            ("into the leg there", ("07:00", "08:00:01"), ("absence",)),
            ("one second of the work", ("08:30", "08:30:01"), ("absence",)),
            ("into the leg back", ("09:19:59", "12:00"), ("absence",)),
            ("from reaching home", ("09:20", "12:00"), ()),
            ("no time at all", ("08:30", "08:30"), ()),
        ]
    )
)
def test_no_leg_and_no_work_overlaps_an_absence(case: Case) -> None:
    case.check()


def test_waiting_and_breaks_may_fall_into_an_absence() -> None:
    pause = Break(at("08:20"), at("09:00"), 600)
    away = (between("08:10", "08:15"), between("08:20", "08:30"))
    world = _day(shift(breaks=(pause,), absences=away))
    steps = [rest(place="lake", begin=at("08:20")), visit("t1", begin=at("08:40"))]
    Case("", world, write(world, [drive("wang", steps)])).check()


def _two(second_leave: str, first_end: str | None = "home") -> Case:
    shifts = [
        shift("am", start="08:00", end="09:00", overtime_s=3600, end_location=first_end),
        shift("pm", start="09:00", end="18:00"),
    ]
    world = town([ticket("t1"), ticket("t2")], [engineer("wang", shifts)])
    drives = [drive("wang", [visit("t2")], "pm", leave=at(second_leave)), drive("wang", [visit("t1")], "am")]
    return Case(second_leave, world, write(world, drives), ("overlap",) if second_leave < "09:20" else ())


@each(_two("09:19:59"), _two("09:20"), _two("09:20:01"))
def test_routes_of_one_engineer_do_not_overlap(case: Case) -> None:
    case.check()


def test_a_route_inside_an_earlier_longer_one_overlaps_it_too() -> None:
    shifts = [
        shift(name, start=start, end=end) for name, start, end in (("a", "08:00", "08:01"), ("b", "08:01", "08:02"))
    ]
    shifts = [replace(each_, overtime_s=36_000) for each_ in (*shifts, shift("c", start="08:02", end="18:00"))]
    world = town([ticket("t1", duration_s=20_000), ticket("t2"), ticket("t3")], [engineer("wang", shifts)])
    told = [drive("wang", [visit(f"t{row}")], name) for row, name in ((1, "a"), (2, "b"), (3, "c"))]

    violations = judge(world, write(world, told)).violations

    assert [(violation.code, violation.path) for violation in violations] == [
        ("overlap", "routes[1]"),
        ("overlap", "routes[2]"),
    ]


# -- breaks -------------------------------------------------------------------------------------------------------


def _noon(
    first: str, last: str, *steps: Any, codes: tuple[str, ...] = (), name: str = "", leave: str = "08:00"
) -> Case:
    """Give a case with one break; it takes ten minutes."""
    world = _day(shift(breaks=(Break(at(first), at(last), 600),)))
    told = drive("wang", steps, leave=at(leave))
    return Case(name, world, write(world, [told]), codes)


T1 = visit("t1")


@each(
    _noon("09:10", "09:15", T1, rest(), name="at its first second"),
    _noon("09:05", "09:10", T1, rest(), name="at its last second"),
    _noon("09:10:01", "09:15", T1, rest(begin=at("09:10")), codes=("break",), name="a second early"),
    _noon("09:05", "09:09:59", T1, rest(begin=at("09:10")), codes=("break",), name="a second late"),
    _noon("09:05", "09:15", T1, rest(lasts_s=599), codes=("break",), name="too short"),
    _noon("09:05", "09:15", T1, rest(lasts_s=601), codes=("break",), name="too long"),
    _noon("09:05", "09:19:59", T1, codes=("break",), name="missing"),
    _noon("09:05", "09:20", T1, name="the route ends when it may still begin"),
    _noon("07:00", "08:00", T1, name="the route begins when it may no longer begin"),
    _noon("07:00", "08:00:01", T1, codes=("break",), name="owed in the first second"),
    _noon("08:00", "08:00", rest(), T1, name="before leaving"),
)
def test_a_break_is_taken_in_its_time_where_it_is_owed(case: Case) -> None:
    case.check()


@each(
    *(
        Case(name, world, write(world, [drive("wang", [T1])]), codes)
        for name, done, codes in (("done", (0,), ()), ("not done", (), ("break",)))
        for world in [
            replace(
                _day(shift(breaks=(lunch("08:35", "09:00"),)), now="08:30"),
                previous=Previous(engineers=(Whereabouts("wang", "mon", "home", at("08:40"), breaks_done=done),)),
            )
        ]
    )
)
def test_a_break_that_is_done_is_not_owed_again(case: Case) -> None:
    case.check()


def test_a_break_may_be_at_the_next_stop() -> None:
    steps = [rest(place="lake"), T1]
    _noon("08:00", "08:10", *steps, name="after the leg").check()


def test_a_stop_without_meaning_is_judged_as_far_as_it_goes() -> None:
    world = _day()
    stops = list(run(world, drive("wang", [T1])).stops)
    stops.insert(2, Stop("visit", "lake", at("09:10"), at("09:10"), at("09:10"), ticket="nothing"))
    route = sum_up(world.engineers[0].shifts[0], "wang", stops)
    Case("", world, price_up(world, [route], []), ("structure",)).check()
