"""When a route runs: the clock of its stops, its shift, its breaks, its absences, and the engineer's other routes."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil

from dispatch.format.model import ONE, Engineer, Ticket
from dispatch.judge.findings import Findings, Leniency
from dispatch.judge.previous import Earliers
from dispatch.judge.routes import ResolvedRoute, ResolvedStop
from dispatch.judge.world import World, seconds


def duration_s(engineer: Engineer, ticket: Ticket, *, with_setup: bool) -> int:
    """Give the seconds that an engineer works at a ticket: (duration + setup) × service factor, rounded up.

    Examples
    --------
    >>> from decimal import Decimal
    >>> engineer = Engineer("e", {}, (), service_factor=Decimal("1.1"))
    >>> duration_s(engineer, Ticket("t", "here", 3600, {}, None), with_setup=False)
    3960
    """
    factor = engineer.service_factor
    if isinstance(factor, Mapping):
        factor = max((factor.get(skill, ONE) for skill in ticket.requires), default=ONE)
    return ceil((ticket.duration_s + (ticket.setup_s if with_setup else 0)) * Fraction(factor))


def needs_setup(before: ResolvedStop, here: ResolvedStop) -> bool:
    """Tell whether a visit needs its set-up: the stop before is no visit at the same location."""
    return before.stop.kind != "visit" or before.stop.location != here.stop.location


def overlaps(from_s: int, to_s: int, other_from_s: int, other_to_s: int) -> bool:
    """Tell whether two spans have a stretch of time in common; sharing only an end point is no overlap."""
    return max(from_s, other_from_s) < min(to_s, other_to_s)


def check_timing(world: World, routes: list[ResolvedRoute], earliers: Earliers, findings: Findings) -> None:
    """Judge ``timing``, ``now``, ``route_start``, ``shift_end``, ``break``, ``absence`` and ``overlap``."""
    for route in routes:
        leniency = earliers.route_leniency(route)
        _check_start(world, route, findings)
        for before, here in zip(route.stops, route.stops[1:], strict=False):
            _check_stop(world, route, before, here, findings)
        _check_shift_end(world, route, leniency, findings)
        _check_breaks(world, route, leniency, findings)
        _check_absences(world, route, findings)
    _check_overlaps(world, routes, findings)


def _check_start(world: World, route: ResolvedRoute, findings: Findings) -> None:
    first = route.stops[0]
    if not first.arrive_s <= first.begin_s <= first.leave_s:
        findings.add("timing", first.path, "A start is arrived at, begun and left in this order.")
    place = world.start_location(route.engineer.id, route.shift)
    if first.stop.location != place:
        findings.add(
            "route_start", f"{first.path}.location", f"The route starts at {place}, not at {first.stop.location}."
        )
    from_s, shift_s = world.earliest_leave_s(route.engineer.id, route.shift), seconds(route.shift.start)
    clock = {"arrive": first.arrive_s, "begin": first.begin_s, "leave": first.leave_s}
    limits_s = {"arrive": shift_s, "begin": shift_s, "leave": from_s}
    early = [key for key in clock if clock[key] < limits_s[key] != world.now_s]
    if early:
        findings.add(
            "route_start",
            f"{first.path}.{early[0]}",
            f"The route's start has {early[0]} {world.clock(clock[early[0]])}, before it may at "
            f"{world.clock(limits_s[early[0]])}.",
        )
    early = [key for key in clock if clock[key] < world.now_s]
    if early:
        findings.add(
            "now",
            f"{first.path}.{early[0]}",
            f"The route's start has {early[0]} {world.clock(clock[early[0]])}, before now, {world.clock(world.now_s)}.",
        )


def _check_stop(
    world: World, route: ResolvedRoute, before: ResolvedStop, here: ResolvedStop, findings: Findings
) -> None:
    expected_s = before.leave_s + here.stop.travel_s
    open_end = here.stop.kind == "end" and route.shift.end_location is None
    if here.arrive_s != expected_s and not open_end:  # an open end is held to its last stop by the clause structure
        findings.add(
            "timing",
            f"{here.path}.arrive",
            f"Leaving at {world.clock(before.leave_s)}, {here.stop.travel_s} s of travel arrive at "
            f"{world.clock(expected_s)}, not at {world.clock(here.arrive_s)}.",
        )
    if here.begin_s < here.arrive_s:
        findings.add(
            "timing",
            f"{here.path}.begin",
            f"It begins at {world.clock(here.begin_s)}, before arriving at {world.clock(here.arrive_s)}.",
        )
    if here.ticket is not None:
        due_s = duration_s(route.engineer, here.ticket, with_setup=needs_setup(before, here))
    elif here.depot is not None:
        due_s = here.depot.handling_s
    elif here.pause is not None:
        due_s = here.pause.duration_s
    elif here.stop.kind == "end":
        due_s = 0
    else:
        return
    if here.leave_s != here.begin_s + due_s:
        findings.add(
            "timing" if here.pause is None else "break",
            f"{here.path}.leave",
            f"From begin to leave are {due_s} s, not {here.leave_s - here.begin_s} s.",
        )


def _check_shift_end(world: World, route: ResolvedRoute, leniency: Leniency, findings: Findings) -> None:
    limit_s = seconds(route.shift.end) + route.shift.overtime_s
    if route.reach_s > limit_s:
        findings.add_unless(
            leniency,
            "shift_end",
            f"{route.stops[-1].path}.arrive",
            f"The route ends at {world.clock(route.reach_s)}, after {world.clock(limit_s)}, the end of the shift and "
            "its overtime.",
        )


def _check_breaks(world: World, route: ResolvedRoute, leniency: Leniency, findings: Findings) -> None:
    where = world.whereabouts.get((route.engineer.id, route.shift.id))
    settled = set() if where is None else set(where.breaks_done)
    for stop in route.stops:
        if stop.pause is None or stop.stop.break_ is None:
            continue
        settled.add(stop.stop.break_)
        from_s, to_s = seconds(stop.pause.from_), seconds(stop.pause.to)
        if not from_s <= stop.begin_s <= to_s:
            findings.add_unless(
                leniency,
                "break",
                f"{stop.path}.begin",
                f"The break begins at {world.clock(stop.begin_s)}, outside {world.clock(from_s)} to "
                f"{world.clock(to_s)}.",
            )
    for index, pause in enumerate(route.shift.breaks):
        to_s = seconds(pause.to)
        if index not in settled and route.leave_s < to_s < route.reach_s:
            findings.add_unless(
                leniency,
                "break",
                f"{route.path}.stops",
                f"Break {index} is missing: the route runs from before {world.clock(to_s)} to after it.",
            )


def _check_absences(world: World, route: ResolvedRoute, findings: Findings) -> None:
    for absent_from, absent_to in route.shift.absences:
        from_s, to_s = seconds(absent_from), seconds(absent_to)
        span = f"the absence from {world.clock(from_s)} to {world.clock(to_s)}"
        for before, here in zip(route.stops, route.stops[1:], strict=False):
            if overlaps(before.leave_s, here.arrive_s, from_s, to_s):
                findings.add("absence", here.path, f"The leg to {here.stop.location} overlaps {span}.")
            if here.work_s and overlaps(here.begin_s, here.leave_s, from_s, to_s):
                findings.add("absence", here.path, f"The work at {here.stop.location} overlaps {span}.")


def _check_overlaps(world: World, routes: list[ResolvedRoute], findings: Findings) -> None:
    by_engineer: dict[str, list[ResolvedRoute]] = {}
    for route in routes:
        by_engineer.setdefault(route.engineer.id, []).append(route)
    for engineer, own in by_engineer.items():
        own.sort(key=lambda route: (route.leave_s, route.reach_s))
        longest = own[0]
        for route in own[1:]:
            if route.leave_s < longest.reach_s:
                findings.add(
                    "overlap",
                    route.path,
                    f"{engineer} leaves at {world.clock(route.leave_s)}, while {longest.path} runs until "
                    f"{world.clock(longest.reach_s)}.",
                )
            longest = max(longest, route, key=lambda each: each.reach_s)
