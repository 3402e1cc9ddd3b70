"""The plan's routes, resolved: each stop with its times in seconds and the ticket, depot or break that it names.

What cannot be resolved breaks the clause ``structure``; the clauses that follow judge what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dispatch.format.model import Break, Depot, Engineer, Plan, Route, Shift, Stop, Ticket
from dispatch.judge.findings import Findings
from dispatch.judge.world import World, seconds

MIN_STOPS = 2
MEANT: Mapping[str, frozenset[str]] = {
    "visit": frozenset(("ticket", "parts", "tools")),
    "pickup": frozenset(("depot", "parts", "tools")),
    "break": frozenset(("break",)),
}
"""The keys that say something of a stop, by its kind; starts and ends have none."""


@dataclass(frozen=True, slots=True)
class ResolvedStop:
    """One stop; at most one of ``ticket``, ``depot`` and ``pause`` is there, and none where the plan names nothing.

    ``arrive_s``, ``begin_s`` and ``leave_s`` are seconds since 1970 UTC.
    """

    stop: Stop
    path: str
    arrive_s: int
    begin_s: int
    leave_s: int
    ticket: Ticket | None = None
    depot: Depot | None = None
    pause: Break | None = None

    @property
    def work_s(self) -> int:
        """Seconds of work here: visits and pick-ups work, other stops don't."""
        return self.leave_s - self.begin_s if self.stop.kind in {"visit", "pickup"} else 0


@dataclass(frozen=True, slots=True)
class ResolvedRoute:
    """One route with its engineer and shift; it runs from leaving the first stop to reaching the last."""

    route: Route
    path: str
    engineer: Engineer
    shift: Shift
    stops: tuple[ResolvedStop, ...]

    @property
    def leave_s(self) -> int:
        """When the route leaves its start."""
        return self.stops[0].leave_s

    @property
    def reach_s(self) -> int:
        """When the route reaches its end."""
        return self.stops[-1].arrive_s

    @property
    def travel_s(self) -> int:
        """Seconds of travel over all stops, as stated leg by leg."""
        return sum(stop.stop.travel_s for stop in self.stops)

    @property
    def travel_m(self) -> int:
        """Metres of travel over all stops, as stated leg by leg."""
        return sum(stop.stop.travel_m for stop in self.stops)

    @property
    def work_s(self) -> int:
        """Seconds of visits and pick-ups."""
        return sum(stop.work_s for stop in self.stops)

    @property
    def overtime_s(self) -> int:
        """Seconds from the shift's end to the route's end, 0 when it ends in time."""
        return max(0, self.reach_s - seconds(self.shift.end))


@dataclass(frozen=True, slots=True)
class Visit:
    """An engineer at a ticket."""

    route: ResolvedRoute
    stop: ResolvedStop


@dataclass(slots=True)
class Resolved:
    """The plan as far as it can be resolved.

    Attributes
    ----------
    visits
        The visits of each known ticket, in the order of the plan.
    lost
        Tickets that are visited in a route which cannot be judged.
    whole
        False when some route cannot be judged: then no price of the plan means anything.
    """

    routes: list[ResolvedRoute] = field(default_factory=list)
    visits: dict[str, list[Visit]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    whole: bool = True


def resolve(world: World, plan: Plan, findings: Findings) -> Resolved:
    """Resolve the routes and report whatever is not built as a plan has to be."""
    resolved = Resolved()
    taken: set[tuple[str, str]] = set()
    for index, route in enumerate(plan.routes):
        path = f"routes[{index}]"
        report = _Reporter(findings)
        engineer = world.engineers.get(route.engineer)
        shift = world.shifts.get((route.engineer, route.shift))
        if engineer is None:
            report(f"{path}.engineer", f"There is no engineer {route.engineer!r}.")
        elif shift is None:
            report(f"{path}.shift", f"Engineer {route.engineer} has no shift {route.shift!r}.")
        _check_skeleton(route, path, report)
        if engineer is None or shift is None or report.fatal:
            resolved.whole = False
            resolved.lost.update(stop.ticket for stop in route.stops if stop.ticket is not None)
            continue
        if (route.engineer, route.shift) in taken:
            findings.add("structure", path, f"Shift {route.shift} of {route.engineer} has two routes.")
        taken.add((route.engineer, route.shift))
        stops = tuple(
            _resolve_stop(world, shift, stop, f"{path}.stops[{row}]", findings) for row, stop in enumerate(route.stops)
        )
        one = ResolvedRoute(route, path, engineer, shift, stops)
        resolved.routes.append(one)
        for stop in stops:
            if stop.ticket is not None:
                resolved.visits.setdefault(stop.ticket.id, []).append(Visit(one, stop))
        _check_places(one, findings)
        _check_breaks_taken_once(world, one, findings)
        if not any(stop.stop.kind in {"visit", "pickup"} for stop in stops):
            findings.add("structure", path, "A route has at least one visit or pick-up.")
    return resolved


class _Reporter:
    """Report faults that make a route impossible to judge, and remember that there were some."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.fatal = False

    def __call__(self, path: str, text: str) -> None:
        self.findings.add("structure", path, text)
        self.fatal = True


def _check_skeleton(route: Route, path: str, report: Callable[[str, str], None]) -> None:
    kinds = [stop.kind for stop in route.stops]
    if len(kinds) < MIN_STOPS or kinds[0] != "start" or kinds[-1] != "end":
        report(f"{path}.stops", "The stops of a route lead from a start to an end.")
        return
    for row, kind in enumerate(kinds[1:-1], start=1):
        if kind not in {"visit", "pickup", "break"}:
            report(f"{path}.stops[{row}]", f"Between start and end come visits, pick-ups and breaks, not {kind!r}.")


def _resolve_stop(world: World, shift: Shift, stop: Stop, path: str, findings: Findings) -> ResolvedStop:
    ticket = depot = pause = None
    if stop.location not in world.location_row:
        findings.add("structure", f"{path}.location", f"There is no location {stop.location!r}.")
    if any(quantity < 0 for quantity in stop.parts.values()):
        findings.add("structure", f"{path}.parts", "A quantity of parts is at least 0.")
    _check_keys(stop, path, findings)
    if stop.kind == "visit":
        ticket = _find_ticket(world, stop, path, findings)
    elif stop.kind == "pickup":
        depot = _find_depot(world, stop, path, findings)
    elif stop.kind == "break":
        if stop.break_ is None or not 0 <= stop.break_ < len(shift.breaks):
            findings.add("structure", f"{path}.break", f"Shift {shift.id} has no break {stop.break_}.")
        else:
            pause = shift.breaks[stop.break_]
    return ResolvedStop(
        stop, path, seconds(stop.arrive), seconds(stop.begin), seconds(stop.leave), ticket, depot, pause
    )


def _check_keys(stop: Stop, path: str, findings: Findings) -> None:
    """Refuse what says nothing of a stop of this kind: a break's ticket, a start's parts."""
    said = {
        "ticket": stop.ticket is not None,
        "depot": stop.depot is not None,
        "parts": bool(stop.parts),
        "tools": bool(stop.tools),
        "break": stop.break_ is not None,
    }
    for key, is_said in said.items():
        if is_said and key not in MEANT.get(stop.kind, ()):
            findings.add("structure", f"{path}.{key}", f"A stop of kind {stop.kind!r} has no {key}.")


def _find_ticket(world: World, stop: Stop, path: str, findings: Findings) -> Ticket | None:
    ticket = world.tickets.get(stop.ticket or "")
    if ticket is None and stop.ticket in world.finished:
        findings.add("served", f"{path}.ticket", f"Ticket {stop.ticket} is done or under way: it is not in the plan.")
    elif ticket is None:
        findings.add("structure", f"{path}.ticket", f"There is no ticket {stop.ticket!r}.")
    elif stop.location != ticket.location:
        text = f"Ticket {ticket.id} is at {ticket.location}, not at {stop.location}."
        findings.add("structure", f"{path}.location", text)
    return ticket


def _find_depot(world: World, stop: Stop, path: str, findings: Findings) -> Depot | None:
    depot = world.depots.get(stop.depot or "")
    if depot is None:
        findings.add("structure", f"{path}.depot", f"There is no depot {stop.depot!r}.")
    elif stop.location != depot.location:
        text = f"Depot {depot.id} is at {depot.location}, not at {stop.location}."
        findings.add("structure", f"{path}.location", text)
    return depot


def _check_places(route: ResolvedRoute, findings: Findings) -> None:
    """Judge the places of breaks and of the end; the start's place belongs to the clause ``route_start``."""
    last, end = route.stops[-2:]
    is_open = route.shift.end_location is None
    kept = [row for row, stop in enumerate(route.stops) if stop.stop.kind != "break"]
    for row, here in enumerate(route.stops):
        if here.stop.kind != "break":
            continue
        # Breaks in a row don't lend one another a place, nor does an open end, which only repeats the last.
        before, behind = max(each for each in kept if each < row), min(each for each in kept if each > row)
        own = {before} if is_open and route.stops[behind] is end else {before, behind}
        next_to = {route.stops[each].stop.location for each in (row - 1, row + 1)}
        if here.stop.location not in next_to & {route.stops[each].stop.location for each in own}:
            findings.add(
                "structure",
                f"{here.path}.location",
                f"A break is where the stop before it or the stop after it is, not at {here.stop.location}.",
            )
    if is_open:
        if end.stop.location != last.stop.location or not end.arrive_s == end.begin_s == last.leave_s:
            findings.add("structure", end.path, "An open route's end repeats the place and time of its last stop.")
    elif end.stop.location != route.shift.end_location:
        findings.add(
            "structure",
            f"{end.path}.location",
            f"Shift {route.shift.id} ends at {route.shift.end_location}, not at {end.stop.location}.",
        )


def _check_breaks_taken_once(world: World, route: ResolvedRoute, findings: Findings) -> None:
    where = world.whereabouts.get((route.engineer.id, route.shift.id))
    taken = set() if where is None else set(where.breaks_done)
    for stop in route.stops:
        if stop.pause is None or stop.stop.break_ is None:
            continue
        if stop.stop.break_ in taken:
            findings.add("structure", f"{stop.path}.break", f"Break {stop.stop.break_} has been taken before.")
        taken.add(stop.stop.break_)
