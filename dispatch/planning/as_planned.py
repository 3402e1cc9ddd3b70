"""The plan in force as the start of the search, and what it keeps from being served.

Visits stand in their old shifts in their old order. Where that is no longer legal, those that are held or on the way are put in first,
then the others by their old start, each where its time is if that is legal; what is left over is for the search to insert.

Where visits are tied to each other or to stock, the stops at depots are found again first (:mod:`dispatch.planning.fetched`). If not everything can
be kept so, what is tied is also laid anew in the same shifts (:mod:`solver.laid`), and the cheaper start counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import partial

from dispatch.format.model import Reason, Skipped
from dispatch.planning.fetched import plan_in_force
from dispatch.planning.lower import Lowered
from dispatch.planning.reasons import Clock
from dispatch.planning.settled import read_settled
from dispatch.rulebook.line import Language, Sentence
from dispatch.rulebook.visits import whole_s
from solver.arrays import Arrays
from solver.laid import lay
from solver.places import OutOfTime, Place, Places
from solver.problem import FAR_S, Held
from solver.state import C_COST, C_LEFT, C_MOVED
from solver.tours import load_routes, make_state, time_tour

UNREACHED = Sentence(
    "pinned.lost",
    zh="{engineer} 被锁定或正在前往，但在班次 {shift} 中无论如何到不了",
    en="{engineer} is held or on the way to it, and cannot be there in shift {shift} in any way",
)
NO_BUDGET = Sentence(
    "change_budget",
    zh="排入会使变动超过上限 {budget} 次：可由 {engineer} 在班次 {shift} 上门",
    en="serving it would change more than {budget} visits: {engineer} could come in shift {shift}",
)


def start_as_planned(lowered: Lowered, arrays: Arrays) -> tuple[Sequence[Sequence[int]] | None, Held | None]:
    """Return the plan in force as far as it is legal still, and what it has settled between its routes; None: there is none.

    Parameters
    ----------
    lowered, arrays
        The problem, and the same packed.
    """
    routes = routes_as_planned(lowered, arrays)
    couplings = lowered.problem.couplings
    if routes is None or couplings is None:
        return routes, None
    settled = read_settled(lowered, arrays, plan_in_force(lowered, arrays))
    is_whole = sum(map(len, routes)) <= sum(job < couplings.first_pickup for route in settled[0] for job in route)
    rank = partial(_rank, lowered, arrays)
    if is_whole and rank(settled)[0] == 0:
        return settled
    return min(settled, _laid(lowered, arrays, routes), key=rank)


def _rank(lowered: Lowered, arrays: Arrays, start: tuple[Sequence[Sequence[int]], Held]) -> tuple[int, int]:
    """Return how many changes beyond the budget a start makes, and what it costs with what it leaves out."""
    state = make_state(arrays, 0)
    load_routes(arrays, state, start[0], block=start[1].block)
    change = lowered.problem.change
    budget = FAR_S if change is None else change.budget
    return max(0, int(state[C_MOVED] + state[C_LEFT]) - budget), int(state[C_COST])


def _laid(lowered: Lowered, arrays: Arrays, routes: Sequence[Sequence[int]]) -> tuple[Sequence[Sequence[int]], Held]:
    """Return routes with what is tied laid anew."""
    known, now = lowered.lowering.known, lowered.request.now
    rows = [known.coming.get(ticket.id, ()) for ticket in lowered.request.tickets]
    begins_s = [max(0, whole_s(now, own[0].row.start)) if own else 0 for own in rows]
    return lay(lowered.problem, arrays, routes, begins_s)


def routes_as_planned(lowered: Lowered, arrays: Arrays) -> list[list[int]] | None:
    """Return the routes of the plan in force as far as each is legal by itself; None: there is none.

    Parameters
    ----------
    lowered, arrays
        The problem, and the same packed.
    """
    lowering = lowered.lowering
    known, lost = lowering.known, lowering.pins.lost
    if not known.coming:
        return None
    tour_row = {(lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(lowered.tours)}
    rows: list[list[tuple[bool, bool, int, int]]] = [[] for _ in lowered.tours]
    for job, ticket in enumerate(lowered.request.tickets):
        if ticket.id in lost:
            continue
        for one, own in zip(lowering.crew_of(ticket), lowered.jobs_of(job), strict=False):
            tour = tour_row.get((one.row.engineer, one.row.shift))
            if tour is not None:
                start_s = whole_s(lowered.request.now, one.row.start)
                is_held = one.is_held or one.is_on_the_way
                rows[tour].append((not one.is_on_the_way, not is_held, start_s, own))
    routes = [_legal(lowered, arrays, tour, own) for tour, own in enumerate(rows)]
    held = {job for own in rows for _, is_free, _, job in own if not is_free}
    first = lowered.problem.worker_tour_first.tolist()
    for worker, limit_s in enumerate(lowered.problem.worker_max_busy_s.tolist()):
        tours = range(first[worker], first[worker + 1])
        if limit_s < FAR_S and _busy_s(lowered, arrays, routes, tours) > limit_s:
            for tour in tours:
                routes[tour] = [job for job in routes[tour] if job in held]
    return routes


def _busy_s(lowered: Lowered, arrays: Arrays, routes: Sequence[Sequence[int]], tours: Iterable[int]) -> int:
    """Return the seconds of travel and work of some tours."""
    timed = [time_tour(lowered.problem, tour, tuple(routes[tour]), arrays) for tour in tours]
    return sum(each.travel_s + each.service_s for each in timed if each is not None)


def _legal(lowered: Lowered, arrays: Arrays, tour: int, rows: list[tuple[bool, bool, int, int]]) -> list[int]:
    """Return one tour's jobs in their old order, without those that are not legal there any more."""
    order = [job for _, _, _, job in sorted(rows, key=lambda row: (row[0], row[2], row[3]))]
    if time_tour(lowered.problem, tour, tuple(order), arrays) is not None:
        return order
    place = {job: at for at, job in enumerate(order)}
    kept: list[int] = []
    for _, _, _, job in sorted(rows):
        longer = sorted([*kept, job], key=place.__getitem__)
        if time_tour(lowered.problem, tour, tuple(longer), arrays) is not None:
            kept = longer
    return kept


def tell_bound(lowered: Lowered, places: Places, clock: Clock, lang: Language) -> dict[int, Skipped]:
    """Return verdict and reason of each ticket that the plan in force keeps from being served: ``pinned``, ``change_budget``.

    Once the clock is over, budgets are not asked about any more.
    """
    lowering = lowered.lowering
    served = {job for route in places.routes for job in route}
    told: dict[int, Skipped] = {}
    for job, ticket in enumerate(lowered.request.tickets):
        if job in served:
            continue
        if ticket.id in lowering.pins.lost:
            row = lowering.known.coming[ticket.id][0].row
            text = UNREACHED.say(lang, {"engineer": row.engineer, "shift": row.shift})
            told[job] = Skipped(ticket.id, "impossible", (Reason("pinned", text, row.engineer),))
            continue
        budget = lowered.problem.change.budget if lowered.problem.change is not None else FAR_S
        if budget == FAR_S or clock.is_over():
            continue
        place = None
        with places.ticking(clock.check), suppress(OutOfTime):
            place = places.find_place(job)
        if place is None or place.grains >= places.skip_grains(job) or places.keeps_budget(job, place):
            continue
        told[job] = Skipped(ticket.id, "displaced", (over_budget(lowered, place, lang),))
    return told


def over_budget(lowered: Lowered, place: Place, lang: Language) -> Reason:
    """Return the reason that a place would change more visits than may be changed."""
    engineer, shift = lowered.engineer(place.tour).id, lowered.tours[place.tour].shift.id
    budget = lowered.problem.change.budget if lowered.problem.change is not None else FAR_S
    text = NO_BUDGET.say(lang, {"engineer": engineer, "shift": shift, "budget": budget})
    return Reason("change_budget", text, engineer)
