"""Whether a held visit could have been kept, and how early it could begin where it could not.

A pin comes before all that nothing holds. So what counts as being in its way is only what binds its engineers as well:
their other pinned, frozen and travelling visits, and all their earlier ones where the budget does not let those change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from dispatch.format.model import Depot, Engineer, Plan, Shift, Ticket
from dispatch.judge.alone import Alone, Appointment, clear_of_absences
from dispatch.judge.findings import Findings
from dispatch.judge.matching import covered
from dispatch.judge.previous import Earlier, Earliers
from dispatch.judge.routes import Resolved, ResolvedRoute, ResolvedStop, Visit
from dispatch.judge.world import World, seconds

MOST_CREWS = 200
"""How many crews one question may try; if none of them could keep a visit by then, it counts as not to be kept."""
Reach = tuple[int, Shift, int]
"""One way to get to a visit: the arrival, seconds since 1970 UTC, in which shift, and for how many seconds of work."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that the clauses of re-planning look at."""

    world: World
    plan: Plan
    resolved: Resolved
    earliers: Earliers
    alone: Alone
    findings: Findings

    def visits(self, earlier: Earlier) -> list[Visit]:
        """List who serves the ticket now."""
        return self.resolved.visits.get(earlier.ticket.id, [])

    def own_visit(self, earlier: Earlier) -> Visit | None:
        """Find the visit of the engineer who had it before."""
        own = (visit for visit in self.visits(earlier) if visit.route.engineer.id == earlier.row.engineer)
        return next(own, None)

    def route(self, engineer: str, shift: str) -> ResolvedRoute | None:
        """Find the route of a shift."""
        routes = self.resolved.routes
        return next((route for route in routes if (route.engineer.id, route.shift.id) == (engineer, shift)), None)

    def binding(self, ticket: Ticket) -> list[Earlier]:
        """List the visits to other tickets that bind their engineers as much as a pin does."""
        previous = self.world.request.previous
        most = None if previous is None else previous.max_changes
        every = most is not None and most < len(self.earliers.by_ticket)
        return [
            earlier
            for earlier in self.earliers.rows
            if earlier.ticket is not ticket and not earlier.gone and (every or earlier.held or earlier.travelling)
        ]

    def others(self, engineer: Engineer, ticket: Ticket) -> list[Earlier]:
        """List what else binds one engineer."""
        return [earlier for earlier in self.binding(ticket) if earlier.row.engineer == engineer.id]


# -- could it have been kept --------------------------------------------------------------------------------------


def could_be_kept(case: Case, held: Sequence[Earlier]) -> bool:
    """Tell whether a held visit could surely have been kept legally.

    Only what binds its engineers as well stands in the way; whatever else they have could have given way. Where that
    cannot be told, the answer is no.

    Parameters
    ----------
    held
        The rows of one ticket whose engineers are held and serve it in the plan.
    """
    ticket = held[0].ticket
    if "same_engineer" in case.findings.excused(ticket.id):
        return False
    for begin_s, shifts in _options(case, held):
        own = [
            replace(case.alone.appoint(earlier, begin_s), shift=shift)
            for earlier, shift in zip(held, shifts, strict=True)
        ]
        if not all(_is_routed_among(case, each, case.others(each.engineer, each.ticket)) for each in own):
            continue
        for mates in _mates(case, held, begin_s):
            crew = [*own, *mates]
            if _follows(case, crew) and case.alone.fits(crew) and _is_routed(case, crew):
                return True
    return False


def _mates(case: Case, held: Sequence[Earlier], begin_s: int) -> Iterator[tuple[Appointment, ...]]:
    """Yield who may complete a crew, itself not held: those of the plan, those who were, and whoever is free."""
    ticket = held[0].ticket
    names = {earlier.row.engineer for earlier in held}
    mates: dict[str, Appointment] = {}
    for visit in case.visits(held[0]):
        mates[visit.route.engineer.id] = Appointment(ticket, visit.route.engineer, visit.route.shift, begin_s)
    for earlier in case.earliers.by_ticket[ticket.id]:
        if not earlier.gone:
            mates.setdefault(earlier.row.engineer, case.alone.appoint(earlier, begin_s))
    if ticket.crew > len(held):
        for free in case.alone.free_mates(ticket, begin_s):
            mates.setdefault(free.engineer.id, free)
    others = [mate for name, mate in mates.items() if name not in names]
    if ticket.crew >= len(held):
        yield from islice(combinations(others, ticket.crew - len(held)), MOST_CREWS)


def _options(case: Case, held: Sequence[Earlier]) -> Iterator[tuple[int, tuple[Shift, ...]]]:
    """Yield when, and in which shift of each engineer, a held visit may begin and still be kept."""
    old = tuple(case.world.shifts[earlier.row.engineer, earlier.row.shift] for earlier in held)
    starts = {earlier.start_s for earlier in held if earlier.start_held}
    if starts:
        yield from ((start_s, old) for start_s in starts)
        return
    every = [(shift,) for shift in case.world.engineers[held[0].row.engineer].shifts] if len(held) == 1 else [old]
    for shifts in every:
        yield from ((begin_s, shifts) for begin_s in sorted(_moments(case, held[0], shifts[0])))


def _moments(case: Case, earlier: Earlier, shift: Shift) -> set[int]:
    """List the moments at which a visit whose start is free may begin: those at which something lets it."""
    ticket, world = earlier.ticket, case.world
    engineer = world.engineers[earlier.row.engineer]
    arrive_s = case.alone.arrival_s(engineer, shift, *case.alone.start(engineer, shift), ticket.location)
    turns_s = {earlier.start_s, *(visit.stop.begin_s for visit in case.visits(earlier))}
    turns_s |= {arrive_s} if arrive_s is not None else set()
    turns_s |= {seconds(end) for window in ticket.windows for end in window}
    turns_s |= {seconds(to) for _, to in shift.absences}
    turns_s |= {seconds(ticket.release)} if ticket.release is not None else set()
    for after in ticket.after:
        if after.ticket in world.finished:
            turns_s.add(seconds(world.finished[after.ticket].end) + after.gap_s)
        turns_s |= {other.stop.leave_s + after.gap_s for other in case.resolved.visits.get(after.ticket, [])}
    return turns_s


def _follows(case: Case, crew: Sequence[Appointment]) -> bool:
    """Tell whether the tickets that a visit comes after are served in time by others, or are finished."""
    names = {each.engineer.id for each in crew}
    for after in crew[0].ticket.after:
        if after.ticket in case.world.finished:
            continue
        visits = case.resolved.visits.get(after.ticket, [])
        end_s = max((visit.stop.leave_s for visit in visits), default=None)
        if end_s is None or end_s + after.gap_s > crew[0].begin_s:
            return False
        if names & {visit.route.engineer.id for visit in visits}:
            return False
    return True


def _is_routed(case: Case, crew: Sequence[Appointment]) -> bool:
    """Tell whether each of a crew has a legal route with this visit and with what else binds him."""
    ticket = crew[0].ticket
    others = [case.others(each.engineer, ticket) for each in crew]
    if not any(others):
        return case.alone.is_routed(crew, fetching=not _has_rivals(case, ticket))
    if not _is_stocked(case, crew, [other.ticket for each in others for other in each]):
        return False
    return all(_is_routed_among(case, each, own) for each, own in zip(crew, others, strict=True))


def _has_rivals(case: Case, ticket: Ticket) -> bool:
    """Tell whether something else that is held may need the same parts or tools of a depot."""
    goods = case.world.usable_parts(ticket) | {*ticket.tools}
    rivals = [other.ticket for other in case.binding(ticket)]
    return any(goods & (case.world.usable_parts(rival) | {*rival.tools}) for rival in rivals)


def _is_stocked(case: Case, crew: Sequence[Appointment], others: Sequence[Ticket]) -> bool:
    """Tell whether vans and hands surely have what a visit and the others of its engineers need together."""
    needy = {each.id: each for each in (crew[0].ticket, *others) if each.parts or each.tools}
    if len(crew) > 1 or not needy:
        return not needy
    need: Counter[str] = Counter()
    for ticket in needy.values():
        need.update({part: quantity for part, quantity in ticket.parts.items() if quantity > 0})
    tools = case.world.tools_at_start(crew[0].engineer, crew[0].shift)
    has_tools = all(tools.issuperset(ticket.tools) for ticket in needy.values())
    return has_tools and covered(need, crew[0].engineer.van, case.world.substitutes) == need.total()


def _is_routed_among(case: Case, due: Appointment, others: Sequence[Earlier]) -> bool:
    """Tell whether one engineer has a legal route with a visit and his others, as they are or as they were."""
    if due.engineer.max_busy_s is not None and any(other.row.shift != due.shift.id for other in others):
        return False
    as_planned = [each for other in others if (each := _planned(case, other)) is not None]
    as_before = [each for other in others if (each := _before(case, other)) is not None]
    return any(
        case.alone.is_kept(sorted([due, *(each for each in agenda if each.shift is due.shift)], key=_begin_s))
        for agenda in (as_planned, as_before)
    )


def _begin_s(due: Appointment) -> int:
    return due.begin_s


def _planned(case: Case, other: Earlier) -> Appointment | None:
    """Make the appointment that another held visit is in the plan."""
    visit = case.own_visit(other)
    if visit is None:
        return None
    return replace(case.alone.appoint(other, visit.stop.begin_s), shift=visit.route.shift)


def _before(case: Case, other: Earlier) -> Appointment | None:
    """Make the appointment that it was before, where one engineer's start is held; else what it is in the plan."""
    if other.start_held and other.ticket.crew == 1 and not other.travelling:
        return case.alone.appoint(other, other.start_s)
    return _planned(case, other)


# -- how early can it begin ---------------------------------------------------------------------------------------


def earliest_s(case: Case, held: Sequence[Earlier], start_s: int) -> int:
    """Give the earliest begin from the old start on that those who serve a held visit can reach together.

    Who is held comes straight from his start, or from what else binds him and comes before, by way of the depots where
    he fetches something; a new mate comes from where the plan has him, unless another one could be there earlier.
    """
    own: list[list[Reach]] = []
    new: list[list[Reach]] = []
    for visit in case.visits(held[0]):
        as_planned = (visit.stop.arrive_s, visit.route.shift, visit.stop.work_s)
        earlier = next((each for each in held if each.row.engineer == visit.route.engineer.id), None)
        if earlier is None:
            new.append([as_planned])
        else:
            own.append([as_planned, *_straight(case, earlier, visit)])
    first_s, planned_s = _meet_s(own, start_s), _meet_s([*own, *new], start_s)
    if first_s < planned_s and any(_could_complete(case, mates) for mates in _mates(case, held, first_s)):
        return first_s
    return planned_s


def _could_complete(case: Case, mates: Sequence[Appointment]) -> bool:
    """Tell whether others could be there as mates: banned by nothing, with legal routes among what binds them."""
    return all(
        not case.alone.is_banned(mate.ticket, mate.engineer)
        and _is_routed_among(case, mate, case.others(mate.engineer, mate.ticket))
        for mate in mates
    )


def _meet_s(ways: Sequence[Sequence[Reach]], begin_s: int) -> int:
    """Give the earliest moment from ``begin_s`` on at which all can begin, each in one of his ways."""
    while True:
        later_s = max(
            min(clear_of_absences(shift, max(begin_s, arrive_s), work_s) for arrive_s, shift, work_s in reaches)
            for reaches in ways
        )
        if later_s == begin_s:
            return begin_s
        begin_s = later_s


def _straight(case: Case, earlier: Earlier, visit: Visit) -> Iterator[Reach]:
    """Yield how an engineer gets to a held visit past all that does not bind him, in its new shift and in its old."""
    engineer = visit.route.engineer
    others = [other.ticket for other in case.others(engineer, earlier.ticket)]
    old_shift = case.world.shifts[earlier.row.engineer, earlier.row.shift]
    for shift in {visit.route.shift.id: visit.route.shift, old_shift.id: old_shift}.values():
        here = shift is visit.route.shift
        route = visit.route if here else case.route(engineer.id, shift.id)
        stops = () if route is None else route.stops
        before = stops[: stops.index(visit.stop)] if here else stops
        rows = [row for row, stop in enumerate(before) if stop.ticket in others]
        place, leave_s = case.alone.start(engineer, shift)
        leave_s = max((leave_s, *_ends_before(case, engineer, shift)))
        if rows:
            place, leave_s = before[rows[-1]].stop.location, before[rows[-1]].leave_s
        passed = before[rows[-1] + 1 :] if rows else before
        calls = _calls(case, passed, [earlier.ticket, *others]) if here else []
        arrive_s = _by_way_of(case, engineer, shift, (place, leave_s), calls, earlier.ticket.location)
        if arrive_s is not None:
            yield arrive_s, shift, visit.stop.work_s


def _ends_before(case: Case, engineer: Engineer, shift: Shift) -> list[int]:
    """List when the engineer's routes of earlier shifts end."""
    routes = case.resolved.routes
    return [route.reach_s for route in routes if route.engineer is engineer and route.shift.start < shift.start]


def _calls(case: Case, stops: Sequence[ResolvedStop], tickets: Sequence[Ticket]) -> list[tuple[Depot, ResolvedStop]]:
    """List the pick-ups among some stops that take something that one of the tickets needs."""
    goods = set().union(*(case.world.usable_parts(ticket) | {*ticket.tools} for ticket in tickets))
    return [
        (stop.depot, stop)
        for stop in stops
        if stop.depot is not None
        and goods & ({part for part, quantity in stop.stop.parts.items() if quantity > 0} | {*stop.stop.tools})
    ]


def _by_way_of(
    case: Case,
    engineer: Engineer,
    shift: Shift,
    start: tuple[str, int],
    calls: Sequence[tuple[Depot, ResolvedStop]],
    destination: str,
) -> int | None:
    """Give the earliest arrival by way of some pick-ups of the plan; None: there is no such way."""
    place, leave_s = start
    for depot, call in calls:
        arrive_s = case.alone.arrival_s(engineer, shift, place, leave_s, depot.location)
        begin_s = None if arrive_s is None else _call_s(shift, depot, call, arrive_s)
        if begin_s is None:
            return None
        place, leave_s = depot.location, begin_s + depot.handling_s
    return case.alone.arrival_s(engineer, shift, place, leave_s, destination)


def _call_s(shift: Shift, depot: Depot, call: ResolvedStop, arrive_s: int) -> int | None:
    """Give the earliest moment at which a pick-up of the plan may begin and find there what it takes."""
    come = [
        seconds(inbound.at)
        for inbound in depot.inbound
        if call.stop.parts.get(inbound.part) and seconds(inbound.at) <= call.begin_s
    ]
    earliest = max((arrive_s, *come))
    turns = [earliest, *(seconds(from_) for from_, _ in depot.open), *(seconds(to) for _, to in shift.absences)]
    fitting = (
        begin_s
        for begin_s in sorted(turns)
        if begin_s >= earliest
        and any(seconds(from_) <= begin_s <= seconds(to) for from_, to in depot.open)
        and clear_of_absences(shift, begin_s, depot.handling_s) == begin_s
    )
    return next(fitting, None)
