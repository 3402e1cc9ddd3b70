"""Solution to plan: routes with their stops, sums, and the objective from the ledger of all rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from dispatch.format.model import (
    TERMS,
    Objective,
    Plan,
    Request,
    Route,
    Skipped,
    SolverNote,
    Stop,
)
from dispatch.planning.lower import Lowered
from dispatch.rulebook.money import cny_of
from dispatch.rules import RULES
from solver.problem import Event, Held, Problem, Timed

TimeTour = Callable[[Problem, int, Sequence[int]], Timed | None]

Loads = Mapping[tuple[int, int], tuple[dict[str, int], tuple[str, ...]]]
"""Parts and tools by (tour, job): what a visit uses, what a pick-up takes."""


def read_back(
    lowered: Lowered,
    routes: Sequence[Sequence[int]],
    note: SolverNote,
    time_tour: TimeTour,
    skipped: Mapping[int, Skipped] | None = None,
    held: Held | None = None,
) -> Plan:
    """Write a solution as a plan.

    Parameters
    ----------
    lowered
        The problem and the names of its rows.
    routes
        Jobs of each tour in order.
    note
        How the plan came about.
    time_tour
        Times one tour as :func:`solver.reference.time_tour` does.
    skipped
        Verdict and reasons of each job left out; a job without them is told as ``not_found`` without reasons.
    held
        What the solution has settled between its tours, where the request ties visits together.

    Raises
    ------
    ValueError
        If a tour cannot be timed: the solution is not legal, a broken promise of the search.
    """
    request = lowered.request
    loads = loads_of(lowered, routes, held) if held is not None else {}
    written = [write_route(lowered, tour, jobs, time_tour, loads) for tour, jobs in enumerate(routes) if jobs]
    served = {job for jobs in routes for job in jobs}
    told = skipped or {}
    left_out = tuple(
        told.get(job) or Skipped(ticket.id, "not_found")
        for job, ticket in enumerate(request.tickets)
        if job not in served
    )
    must = any(ticket.skip_cost is None and job not in served for job, ticket in enumerate(request.tickets))
    plan = Plan(
        status="infeasible" if must else "ok",
        objective=Objective(cny_of(0), {}),
        routes=tuple(written),
        skipped=left_out,
        broken_pins=lowered.lowering.pins.broken,
        solver=note,
    )
    return replace(plan, objective=price(request, plan))


def price(request: Request, plan: Plan) -> Objective:
    """Return the objective of a plan from its ledger: exact sums, each written to the cent."""
    grains = grains_by_term(request, plan)
    return Objective(cny_of(sum(grains.values())), {name: cny_of(grains[name]) for name in TERMS})


def grains_by_term(request: Request, plan: Plan) -> dict[str, int]:
    """Return the exact grains of each term of the format's table."""
    grains = dict.fromkeys(TERMS, 0)
    for rule in RULES:
        if rule.OBJECTIVE is not None:
            grains[rule.OBJECTIVE] += sum(line.grains for line in rule.lines(request, plan))
    return grains


def loads_of(lowered: Lowered, routes: Sequence[Sequence[int]], held: Held) -> Loads:
    """Return what each visit uses and each pick-up takes."""
    tour_of = {job: tour for tour, jobs in enumerate(routes) for job in jobs}
    used: dict[tuple[int, int], tuple[dict[str, int], list[str]]] = {}

    def load(job: int) -> tuple[dict[str, int], list[str]]:
        return used.setdefault((tour_of[job], job), ({}, []))

    def use(job: int, part: str, quantity: int) -> None:
        counts = load(job)[0]
        counts[part] = counts.get(part, 0) + quantity

    parts, tools = lowered.items
    for ticket, item, quantity, pickup in held.parts:
        use(ticket, parts[item], quantity)
        if pickup >= 0:
            use(pickup, parts[item], quantity)
    for _, tool, pickup in held.tools:
        load(pickup)[1].append(tools[tool])
    brought = lowered.brought.served(tour_of)
    for job, asked in enumerate(lowered.request.tickets):
        if asked.tools and job in tour_of:
            load(job)[1].extend(brought.lead_tools(job, asked))
    for row, member, _, _, part, quantity in brought.parts:
        use(lowered.jobs_of(row)[member], part, quantity)
    for row, member, name in brought.tools:
        load(lowered.jobs_of(row)[member])[1].append(name)
    return {key: (counts, tuple(names)) for key, (counts, names) in used.items()}


def write_route(lowered: Lowered, tour: int, jobs: Sequence[int], time_tour: TimeTour, loads: Loads) -> Route:
    """Write one used tour; ``loads`` says what its visits use and its pick-ups take.

    Raises
    ------
    ValueError
        If it cannot be timed.
    """
    timed = time_tour(lowered.problem, tour, jobs)
    shift = lowered.tours[tour].shift
    if timed is None:
        raise ValueError(f"shift {shift.id} of {lowered.engineer(tour).id} cannot be timed with jobs {list(jobs)}")
    events = _leave_late(timed.events)
    end_s = int(lowered.problem.tour_end_s[tour])
    return Route(
        engineer=lowered.engineer(tour).id,
        shift=shift.id,
        stops=tuple(_stop(lowered, tour, event, loads) for event in events),
        travel_s=sum(event.travel_s for event in events),
        travel_m=sum(event.travel_m for event in events),
        work_s=sum(event.leave_s - event.begin_s for event in events if event.kind == "visit"),
        wait_s=sum(event.begin_s - event.arrive_s for event in events),
        overtime_s=max(0, timed.end_s - end_s),
    )


def _leave_late(events: Sequence[Event]) -> Sequence[Event]:
    """Let the start be left when the first leg leaves: an absence may have put it off."""
    start, first = events[0], events[1]
    depart_s = first.arrive_s - first.travel_s if first.travel_s else start.leave_s
    return [replace(start, arrive_s=depart_s, begin_s=depart_s, leave_s=depart_s), *events[1:]]


def _stop(lowered: Lowered, tour: int, event: Event, loads: Loads) -> Stop:
    """Write one event."""
    request = lowered.request
    ticket, depot = lowered.what(event.row) if event.kind == "visit" else (None, None)
    parts, tools = loads.get((tour, event.row), ({}, ())) if event.kind == "visit" else ({}, ())
    return Stop(
        kind="pickup" if depot is not None else event.kind,
        location=request.locations[lowered.places[event.place]].id,
        arrive=lowered.moment(event.arrive_s),
        begin=lowered.moment(event.begin_s),
        leave=lowered.moment(event.leave_s),
        travel_s=event.travel_s,
        travel_m=event.travel_m,
        ticket=None if ticket is None else request.tickets[ticket].id,
        depot=None if depot is None else request.depots[depot].id,
        parts=parts,
        tools=tools,
        break_=lowered.break_index[tour][event.row] if event.kind == "break" else None,
    )
