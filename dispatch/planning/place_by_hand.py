"""Put one visit of a plan where a person wants it, or take it out, and say what that breaks and costs.

The route is timed by the search's own clock. Where the clauses forbid the place, the visit is timed as if they did not (no
skills, no limits, windows that stay open), so that the plan can be shown and judged against the request as it is: whatever
it breaks is told by the rules' own sentences.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from dispatch.format.model import Plan, Reason, Request, Shift, Skipped, SolverNote, Ticket
from dispatch.judge import judge
from dispatch.planning.edits import Move, Remove, Where
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.open_clock import OPEN_S
from dispatch.planning.read_back import price, read_back
from dispatch.planning.tied_by_hand import Tied, count_visits, put, without
from dispatch.planning.what_if import ENGINE, JUDGED, TAKEN_OUT, UNREACHABLE, UNTIMED, Asker, is_tied
from dispatch.rulebook.line import Line
from dispatch.rules import list_lines
from solver.arrays import Arrays, pack
from solver.tours import time_tour


@dataclass(frozen=True, slots=True)
class Placed:
    """A plan with one visit put elsewhere.

    Parameters
    ----------
    plan
        The whole plan; None: it cannot even be timed.
    place
        The visit's place among the visits of its shift, from 0; 0 when it was taken out.
    broken
        What the plan breaks, a line with its sentence for each; empty: it is legal.
    cost_cny
        What it costs more than before, as the judge counts; None: it cannot be timed.
    """

    plan: Plan | None
    place: int
    broken: tuple[Line, ...]
    cost_cny: Decimal | None

    @property
    def is_legal(self) -> bool:
        """Whether nothing is broken."""
        return not self.broken


def place_by_hand(request: Request, plan: Plan, ticket_id: str, shift_id: str, place: int | None) -> Placed:
    """Put a ticket, visited or skipped, into a shift.

    Parameters
    ----------
    request, plan
        A plan that the judge finds legal.
    ticket_id, shift_id
        Of the request.
    place
        Among the visits of the shift without the ticket, from 0; one past the last is at most the end. None: the cheapest
        legal place, or where nothing is legal, the one that breaks least.

    Raises
    ------
    KeyError
        The request has no such ticket or shift, or the ticket is finished, or the shift over.
    """
    lowered = lower(request)
    if not is_tied(lowered):
        owner = {tour.shift.id: lowered.engineer(row).id for row, tour in enumerate(lowered.tours)}
        return _ask(lowered, plan, Move(ticket_id, Where(owner[shift_id], shift_id, place)), place or 0)
    request = lowered.request  # without what is finished
    job = {ticket.id: row for row, ticket in enumerate(request.tickets)}[ticket_id]
    tour = {tour.shift.id: row for row, tour in enumerate(lowered.tours)}[shift_id]
    arrays = pack(lowered.problem)
    tied = without(lowered, Tied.of(lowered, arrays, plan), job)
    others = [row for each in tied.routes[tour] if (row := lowered.what(each)[0]) is not None]
    opened = lower(_opened(request, ticket_id, shift_id, [request.tickets[row].id for row in others]))
    clocks = [(lowered, arrays), (opened, pack(opened.problem))]
    before = judge(request, plan).total
    most = count_visits(lowered, tied, tour)
    places = range(most + 1) if place is None else [min(max(place, 0), most)]
    told = {row: skipped for row, skipped in _told(request, plan).items() if row != job}
    line = Line(ENGINE, UNREACHABLE, {"ticket": ticket_id}, breach=True, ticket=ticket_id)
    found = [
        _timed(request, clocks, way, told, at, before, line)
        for at in places
        for way in put(lowered, tied, plan, job, tour, at)
    ]
    return min(
        found, key=lambda one: (len(one.broken), one.cost_cny if one.cost_cny is not None else Decimal("Infinity"))
    )


def take_out_by_hand(request: Request, plan: Plan, ticket_id: str) -> Placed:
    """Take a ticket's visit out: its route goes on without it, and the ticket is left out with a person as the reason.

    Parameters
    ----------
    request, plan
        A plan that the judge finds legal.
    ticket_id
        Visited by the plan.

    Raises
    ------
    KeyError
        The request has no such ticket, or it is finished.
    """
    lowered = lower(request)
    if not is_tied(lowered):
        return _ask(lowered, plan, Remove(ticket_id), 0)
    request = lowered.request  # without what is finished
    job = {ticket.id: row for row, ticket in enumerate(request.tickets)}[ticket_id]
    arrays = pack(lowered.problem)
    tied = without(lowered, Tied.of(lowered, arrays, plan), job)
    reason = Reason("not_found", TAKEN_OUT.say("zh", {}))
    told = {**_told(request, plan), job: Skipped(ticket_id, "not_found", (reason,))}
    line = Line(ENGINE, UNTIMED, {"ticket": ticket_id}, breach=True, ticket=ticket_id)
    return _timed(request, [(lowered, arrays)], tied, told, 0, judge(request, plan).total, line)


def _ask(lowered: Lowered, plan: Plan, edit: Move | Remove, place: int) -> Placed:
    """Tell what one edit would do where visits are not tied to each other."""
    told = Asker(lowered, pack(lowered.problem)).what_if(plan, [edit])
    landed = told.landed[0]
    return Placed(told.plan, place if landed is None else landed.position, told.broken, told.total)


def _told(request: Request, plan: Plan) -> dict[int, Skipped]:
    """Return what is told of the tickets that are left out, by row."""
    rows = {ticket.id: row for row, ticket in enumerate(request.tickets)}
    return {rows[skipped.ticket]: skipped for skipped in plan.skipped}


def _timed(
    request: Request,
    clocks: Sequence[tuple[Lowered, Arrays]],
    tied: Tied,
    told: Mapping[int, Skipped],
    place: int,
    before: Decimal,
    untimed: Line,
) -> Placed:
    """Time routes by the first clock that can, and judge them; with none that can, ``untimed`` says so."""
    note = SolverNote(ENGINE, seed=0, seconds=Decimal(0), iterations=0, threads=0)
    for lowered, arrays in clocks:
        try:
            timer = partial(time_tour, arrays=arrays, held=tied.held)
            made = read_back(lowered, tied.routes, note, timer, told, tied.held)
        except ValueError:  # a tour that this clock cannot time
            continue
        made = replace(made, objective=price(request, made))
        verdict = judge(request, made)
        broken = tuple(line for line in list_lines(request, made) if line.breach)
        if not verdict.legal and not broken:
            broken = tuple(Line(ENGINE, JUDGED, {"text": one.text}, breach=True) for one in verdict.violations)
        return Placed(made, place, broken, verdict.total - before)
    return Placed(None, place, (untimed,), None)


def _opened(request: Request, ticket_id: str, shift_id: str, others: Sequence[str]) -> Request:
    """Return a request in which almost any place can be timed: what may come late in a shift may come later."""
    late = {ticket_id, *others}
    tickets = tuple(_opened_ticket(one, free=one.id == ticket_id) if one.id in late else one for one in request.tickets)
    engineers = tuple(
        replace(
            one,
            skills_until={},
            max_busy_s=None,
            shifts=tuple(_opened_shift(shift) if shift.id == shift_id else shift for shift in one.shifts),
        )
        if any(shift.id == shift_id for shift in one.shifts)
        else one
        for one in request.engineers
    )
    return replace(request, tickets=tickets, engineers=engineers)


def _opened_ticket(ticket: Ticket, *, free: bool) -> Ticket:
    """Leave the last window open; free the ticket of skills and bans when it is the one that moves."""
    windows = tuple(sorted(ticket.windows))
    if windows:
        windows = (*windows[:-1], (windows[-1][0], windows[-1][1] + timedelta(seconds=OPEN_S)))
    opened = replace(ticket, windows=windows)
    return replace(opened, requires={}, only=None, never=(), pairs=()) if free else opened


def _opened_shift(shift: Shift) -> Shift:
    """Let a shift run on, with any number of visits."""
    return replace(shift, overtime_s=shift.overtime_s + OPEN_S, max_visits=None, max_travel_s=None)


def list_changed(before: Plan, after: Plan) -> Iterator[str]:
    """Yield the tickets that two plans visit at different times, or with different engineers."""
    was = {
        stop.ticket: (route.engineer, stop.arrive, stop.begin)
        for route in before.routes
        for stop in route.stops
        if stop.ticket is not None
    }
    for route in after.routes:
        for stop in route.stops:
            if stop.ticket is not None and was.get(stop.ticket) != (route.engineer, stop.arrive, stop.begin):
                yield stop.ticket
