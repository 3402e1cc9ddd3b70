"""Play a day of technicians to whom requests are revealed: a new plan at each reveal, nothing undone that was begun.

What is known at a moment is planned anew: every technician from where he is, or will be when the stop under way is over. Whoever has left
for a stop goes there; technicians leave as late as the plan's next beginning allows, and for home as soon as nothing is left to do. A
request that the plan at its reveal leaves out is rejected for good; one that it takes is served.

The rest of a day is a request like any other: a technician who is out has a visit without length at his place at the moment from which he is
free, so that waiting and the way home count as they do in the set. The search starts from what is left of the plan in force.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from benchmarks.sets.measures import DEPOT, START, Route
from benchmarks.sets.trsp import MEASURE, Node, Technicians
from dispatch.format.model import TERMS, Engineer, Matrix, Objective, Pair, Plan, Request, SolverNote, Stop, Ticket
from dispatch.format.model import Route as PlannedRoute
from dispatch.judge import judge

HERE = "here "
"""What the visit without length is called, before the technician's number."""

NEVER_S = 1 << 40

Planner = Callable[[Request, Plan], Plan]
"""Plans a request, starting from a plan."""


@dataclass(frozen=True, slots=True)
class Step:
    """A stop to come: the depot, a request, or the technician's own home; seconds from moment 0; ``stop`` as it was planned."""

    node: int
    begin_s: int
    leave_s: int
    stop: Stop


@dataclass(slots=True)
class Technician:
    """Where a technician is and what he has done.

    He is free at ``free_s`` at node ``at``. ``left_s`` is when he first left home, None as long as he has not; ``back_s`` when he was last
    back. Once ``restocked`` he has every tool and no end of parts.
    """

    home: Node
    at: int
    free_s: int
    parts: list[int]
    restocked: bool = False
    left_s: int | None = None
    back_s: int = 0
    stops: list[int] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class Day:
    """A day that was played, in units of time: who drove where, when visits were left for and begun, what was rejected.

    ``faults`` says what the plans on the way did wrong by the format's rules; ``plans`` is how many were asked for, ``not_taken`` how many of
    them lost what was promised.
    """

    routes: list[Route] = field(default_factory=list)
    departures: dict[int, float] = field(default_factory=dict)
    begins: dict[int, float] = field(default_factory=dict)
    returns: dict[int, tuple[float, float]] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    plans: int = 0
    not_taken: int = 0


def play(given: Technicians, releases: Mapping[int, float], request: Request, planner: Planner) -> Day:
    """Play a day.

    Parameters
    ----------
    given
        The instance.
    releases
        When each request is revealed; at 0 or before: known from the beginning.
    request
        The whole day in planning format, as if all were known; with or without parts and tools.
    planner
        Is asked at each reveal.
    """
    game = _Game(given, request, planner)
    known: set[int] = set()
    accepted: set[int] = set()
    for release in sorted({max(0.0, release) for release in releases.values()}):
        at_s = MEASURE.seconds(release)
        game.advance(at_s)
        new = {number for number, moment in releases.items() if moment <= release} - known
        known |= new
        promised = {number for number in accepted if number not in game.day.begins}
        accepted |= game.plan(at_s, promised, new)
    game.advance(NEVER_S)
    return game.end()


class _Game:
    """A day being played."""

    def __init__(self, given: Technicians, request: Request, planner: Planner) -> None:
        if not isinstance(request.travel, Matrix):
            raise TypeError("expected travel by tables")
        self.request, self.planner = request, planner
        self.seconds = request.travel.seconds
        self.needs = {node.number: node.parts for node in given.requests}
        self.tickets = {int(ticket.id): ticket for ticket in request.tickets}
        self.refusal = Decimal(sum(1 + int(home.closes - home.opens) for home in given.homes))
        self.people = [
            Technician(home, home.number, MEASURE.seconds(home.opens), list(home.parts)) for home in given.homes
        ]
        self.day = Day()

    # --- planning ---

    def plan(self, at_s: int, promised: Collection[int], new: Collection[int]) -> set[int]:
        """Ask for a plan of what is known and not begun, and take it; return which of the new requests are in it.

        A plan that leaves out what was promised is not taken: then the one in force stands, and the new requests are rejected.
        """
        for who in self.people:
            if who.left_s is not None:
                who.free_s = max(who.free_s, at_s)
        request = self._rest(at_s, promised, new)
        plan = self.planner(request, self._in_force(request))
        self.day.plans += 1
        self.day.faults += [f"{fault.code} {fault.path}: {fault.text}" for fault in judge(request, plan).violations]
        steps = {who.home.number: list(_list_steps(plan, who)) for who in self.people}
        taken = {step.node for row in steps.values() for step in row if step.node in self.tickets}
        if not taken >= set(promised):
            self.day.not_taken += 1
            taken = set()
        else:
            for who in self.people:
                # a technician at home again who is held there by his visit without length does not go out
                is_used = any(step.node != who.home.number for step in steps[who.home.number])
                who.steps = steps[who.home.number] if is_used or who.at != who.home.number else []
        self.day.rejected |= set(new) - taken
        return set(new) & taken

    def _rest(self, at_s: int, promised: Collection[int], new: Collection[int]) -> Request:
        """Write the rest of the day as a request: ``promised`` must be served, ``new`` may be rejected at a price above all else.

        Whoever is home again and goes out once more has waited there in his time: every request that he might be given costs that wait.
        One price for going out at all would be exact, and the format has none for a single engineer; it is too dear for two requests.
        """
        now = _moment(at_s)
        engineers, here, again = [], [], []
        for who, engineer in zip(self.people, self.request.engineers, strict=True):
            shift = engineer.shifts[0]
            if who.left_s is not None and _moment(who.free_s) <= shift.end:
                shift = replace(shift, start=_moment(who.free_s), start_location=str(who.at))
                here.append(_stay(engineer, who.at, shift.start))
                if who.at == who.home.number and at_s > who.back_s:
                    again.append(Pair(engineer.id, Decimal(at_s - who.back_s) / MEASURE.unit_s))
            van, tools = self._goods(who, engineer)
            engineers.append(replace(engineer, shifts=(shift,), van=van, tools=tools))
        tickets = [
            replace(ticket, skip_cost=self.refusal if number in new else None, pairs=tuple(again))
            for number, ticket in self.tickets.items()
            if number in new or number in promised
        ]
        return replace(self.request, now=now, engineers=tuple(engineers), tickets=(*here, *tickets))

    def _goods(self, who: Technician, engineer: Engineer) -> tuple[dict[str, int], tuple[str, ...]]:
        """Return the parts and tools that a technician has with him."""
        parts, tools = who.parts, set(engineer.tools)
        if who.restocked:
            parts = [sum(column) for column in zip(*self.needs.values(), strict=True)]
            tools |= {tool for depot in self.request.depots for tool in depot.tools}
        return {f"part {part}": qty for part, qty in enumerate(parts) if qty > 0}, tuple(sorted(tools))

    def _in_force(self, request: Request) -> Plan:
        """Write what is left of the plan in force as a plan to start from."""
        routes = []
        here = {ticket.only[0]: ticket for ticket in request.tickets if ticket.only}
        for who, engineer in zip(self.people, request.engineers, strict=True):
            shift = engineer.shifts[0]
            stops = [step.stop for step in who.steps if step.node != who.home.number]
            if engineer.id in here:
                stay, at = here[engineer.id], shift.start
                stops.insert(0, Stop("visit", stay.location, at, at, at, ticket=stay.id))
            if stops:
                routes.append(PlannedRoute(engineer.id, shift.id, tuple(stops), 0, 0, 0, 0, 0))
        nothing = Objective(Decimal(0), dict.fromkeys(TERMS, Decimal(0)))
        return Plan("ok", nothing, tuple(routes), (), SolverNote("in force", 0, Decimal(0), 0, 1))

    # --- driving ---

    def advance(self, until_s: int) -> None:
        """Do what begins before a moment: whoever has to leave for a stop before it has left."""
        for who in self.people:
            while who.steps:
                leaves_s = self._leaves_s(who)
                if leaves_s >= until_s:
                    break
                self._go(who, who.steps.pop(0), leaves_s)

    def _leaves_s(self, who: Technician) -> int:
        """Return when a technician leaves for his next stop: for home as soon as he can, else as late as the next beginning allows."""
        step = who.steps[0]
        if step.node == who.home.number:
            return who.free_s
        begin_s = step.begin_s
        if step.node == DEPOT and len(who.steps) > 1 and who.steps[1].node in self.tickets:
            begin_s = who.steps[1].begin_s - self._leg_s(DEPOT, who.steps[1].node)
        return begin_s - self._leg_s(who.at, step.node)

    def _go(self, who: Technician, step: Step, leaves_s: int) -> None:
        """Have a technician drive to a stop and do what is to be done there."""
        arrives_s = leaves_s + self._leg_s(who.at, step.node)
        who.at = step.node
        if step.node == who.home.number:
            who.free_s = who.back_s = arrives_s
            who.stops.append(step.node)
            return
        if who.left_s is None:
            who.left_s = leaves_s
        who.stops.append(step.node)
        if step.node == DEPOT:
            who.restocked, who.free_s = True, arrives_s
            return
        self.day.departures[step.node] = leaves_s / MEASURE.unit_s
        self.day.begins[step.node] = step.begin_s / MEASURE.unit_s
        who.free_s = step.leave_s
        if not who.restocked:
            who.parts = [have - need for have, need in zip(who.parts, self.needs[step.node], strict=True)]

    def _leg_s(self, origin: int, destination: int) -> int:
        return self.seconds[origin][destination] or 0

    def end(self) -> Day:
        """Return the day, everybody being back; whoever waited at home for more has it among his stops."""
        for who in self.people:
            if who.left_s is not None:
                self.day.routes.append((who.home.number, tuple(who.stops[:-1])))
                self.day.returns[who.home.number] = (who.left_s / MEASURE.unit_s, who.back_s / MEASURE.unit_s)
        return self.day


def _list_steps(plan: Plan, who: Technician) -> Iterator[Step]:
    """List the stops of a technician's planned route that are to be driven to."""
    for stop in (stop for route in plan.routes if route.engineer == str(who.home.number) for stop in route.stops):
        if stop.kind == "pickup":
            node = DEPOT
        elif stop.kind == "end":
            node = who.home.number
        elif stop.kind == "visit" and stop.ticket is not None and not stop.ticket.startswith(HERE):
            node = int(stop.ticket)
        else:
            continue
        begin_s, leave_s = (int((moment - START).total_seconds()) for moment in (stop.begin, stop.leave))
        yield Step(node, begin_s, leave_s, stop)


def _stay(engineer: Engineer, place: int, at: datetime) -> Ticket:
    """Make the visit without length that holds a technician to where he is, from when he is free."""
    return Ticket(f"{HERE}{engineer.id}", str(place), 0, {}, None, windows=((at, at),), only=(engineer.id,))


def _moment(at_s: int) -> datetime:
    return START + timedelta(seconds=at_s)
