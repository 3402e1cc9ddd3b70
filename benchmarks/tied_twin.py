"""Reasons evaluated again where visits are tied to each other or to a plan in force: every place is written as a plan and judged.

Nothing here knows what the search settles. A ticket is put at every place of every shift, with every stop at a depot that could fetch what
its engineer lacks, a crew at every combination of places; the slow clock times the routes and the judge says what is legal and what it
costs. What was settled stays: crews begin when the plan says, stops at depots no earlier than what they fetch was there, what follows a
ticket begins when it did. A broken pin lifts its route's limits for the judge; for one more ticket they are as wide as that pin and what was
planned beside it need, and no wider.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Final

import numpy as np

from dispatch.format.model import Plan, Request, Skipped, Ticket
from dispatch.format.model import Stop as PlanStop
from dispatch.judge import judge
from dispatch.planning.explain import Explanation
from dispatch.planning.lower import lower
from dispatch.planning.proving import NOTE
from dispatch.planning.read_back import price, write_route
from dispatch.planning.ways import Way
from solver.problem import FAR_S, Problem
from solver.reference import time_tour

CENTS: Final = Decimal("0.02")

Rows = tuple[tuple[int, ...], ...]

LIMITS: Final = frozenset({"shift_end", "visits_limit", "travel_limit", "busy_limit", "break"})
"""Clauses that a broken pin lifts for the whole route."""


@dataclass(frozen=True, slots=True)
class Found:
    """A legal plan with a ticket at a place."""

    total: Decimal
    engineer: str
    plan: Plan


class TiedTwin:
    """A request and its plan, to be asked slowly."""

    def __init__(self, request: Request, plan: Plan) -> None:
        self.lowered = lower(request)
        self.request, self.plan = self.lowered.request, plan
        self.row = {ticket.id: row for row, ticket in enumerate(self.request.tickets)}
        self.helpers: dict[int, list[int]] = {}
        self.pickups: dict[tuple[int, int], list[int]] = {}
        for at, extra in enumerate(self.lowered.extras):
            row = len(self.request.tickets) + at
            if extra.ticket is not None:
                self.helpers.setdefault(extra.ticket, []).append(row)
            elif extra.tour is not None and extra.depot is not None:
                self.pickups.setdefault((extra.tour, extra.depot), []).append(row)
        self.tour_of = {
            (self.lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(self.lowered.tours)
        }
        self.rank = {engineer.id: row for row, engineer in enumerate(self.request.engineers)}
        self.routes, self.stops = self._read(plan)
        self.total = self._priced(plan)

    def _priced(self, plan: Plan) -> Decimal:
        """Return what the judge says a plan costs."""
        return judge(self.request, replace(plan, objective=price(self.request, plan))).total

    def _read(self, plan: Plan) -> tuple[Rows, dict[int, PlanStop]]:
        """Read a plan: rows by tour, and the stop of each row."""
        routes: list[list[int]] = [[] for _ in self.lowered.tours]
        stops: dict[int, PlanStop] = {}
        crews = {
            row: sorted(
                (route.engineer for route in plan.routes for stop in route.stops if stop.ticket == ticket.id),
                key=lambda who, ticket=ticket: (not self._leads(ticket, who), self.rank[who]),  # type: ignore[misc]
            )
            for row, ticket in enumerate(self.request.tickets)
        }
        for route in plan.routes:
            tour = self.tour_of[route.engineer, route.shift]
            free = {key: list(rows) for key, rows in self.pickups.items()}
            for stop in route.stops:
                row = None
                if stop.ticket is not None:
                    ticket = self.row[stop.ticket]
                    row = [ticket, *self.helpers.get(ticket, ())][crews[ticket].index(route.engineer)]
                elif stop.kind == "pickup":
                    depot = next(at for at, one in enumerate(self.request.depots) if one.id == stop.depot)
                    row = free[tour, depot].pop(0)
                if row is not None:
                    routes[tour].append(row)
                    stops[row] = stop
        return tuple(map(tuple, routes)), stops

    def _leads(self, ticket: Ticket, engineer_id: str) -> bool:
        """Tell whether an engineer has what leading needs."""
        skills = self.request.engineers[self.rank[engineer_id]].skills
        return all(skills.get(name, 0) >= level for name, level in ticket.requires.items())

    # ------------------------------------------------------------------------------------------------------ the clock

    def _held(self, stops: dict[int, PlanStop], loose: int | None = None) -> dict[int, tuple[int, int, int]]:
        """Return what each row is held to: begins no earlier, no later, ends no later; ``loose`` is a ticket that the plan does not hold."""
        at_s, held = self.lowered.lowering.at_s, {}
        for row, stop in stops.items():
            ticket, depot = self.lowered.what(row)
            from_s, to_s, end_s = -FAR_S, FAR_S, FAR_S
            begin_s = at_s(stop.begin)
            if depot is not None:
                came = [at_s(one.at) for one in self.request.depots[depot].inbound if one.part in stop.parts]
                from_s = max([-FAR_S, *(one for one in came if one <= begin_s)])
            elif ticket is not None:
                if self.request.tickets[ticket].crew > 1:
                    from_s = to_s = begin_s
                if self.request.tickets[ticket].after:
                    from_s = begin_s
                for other, follower in enumerate(self.request.tickets):
                    for one in follower.after:
                        if one.ticket == self.request.tickets[ticket].id and other in stops and other != loose:
                            end_s = min(end_s, at_s(stops[other].begin) - one.gap_s)
            held[row] = from_s, to_s, end_s
        return held

    def _problem(self, held: dict[int, tuple[int, int, int]]) -> Problem:
        """Return the problem with every row held, and nothing tied."""
        problem = self.lowered.problem
        profiles = problem.job_profile
        finish = problem.finish_by_s[profiles].copy()
        first, windows = [0], []
        for row in range(problem.n_jobs):
            from_s, to_s, end_s = held.get(row, (-FAR_S, FAR_S, FAR_S))
            own = range(int(problem.window_first[row]), int(problem.window_first[row + 1]))
            clipped = [
                (max(int(problem.window_from_s[at]), from_s), min(int(problem.window_to_s[at]), to_s)) for at in own
            ]
            clipped = [(low, high) for low, high in clipped if low <= high] or [(FAR_S, FAR_S)]
            windows += clipped
            first.append(len(windows))
            finish[row] = np.minimum(finish[row], end_s)
        pairs = np.array(windows, np.int64)
        return replace(
            problem,
            couplings=None,
            job_profile=np.arange(problem.n_jobs, dtype=np.int32),
            fit_grains=problem.fit_grains[profiles],
            finish_by_s=finish,
            window_first=np.array(first),
            window_from_s=pairs[:, 0].copy(),
            window_to_s=pairs[:, 1].copy(),
            tour_max_jobs=np.full_like(problem.tour_max_jobs, FAR_S),
        )

    def _write(
        self, routes: Sequence[Sequence[int]], held: dict[int, tuple[int, int, int]], loads: dict[int, PlanStop]
    ) -> Plan | None:
        """Time routes by the slow clock and write them as a plan; None: they cannot be timed. ``loads`` are parts and tools by row."""
        problem = self._problem(held)
        written = []
        for tour, jobs in enumerate(routes):
            if not jobs:
                continue
            carried = {(tour, row): (dict(loads[row].parts), loads[row].tools) for row in jobs if row in loads}
            try:
                written.append(
                    write_route(self.lowered, tour, jobs, lambda _, *rest: time_tour(problem, *rest), carried)
                )
            except ValueError:
                return None
        served = {row for jobs in routes for row in jobs}
        left = tuple(Skipped(one.id, "not_found") for row, one in enumerate(self.request.tickets) if row not in served)
        must = any(self.request.tickets[self.row[one.ticket]].skip_cost is None for one in left)
        plan = replace(
            self.plan,
            status="infeasible" if must else "ok",
            routes=tuple(written),
            skipped=left,
            broken_pins=self.lowered.lowering.pins.broken,
            solver=NOTE,
        )
        return replace(plan, objective=price(self.request, plan))

    # ----------------------------------------------------------------------------------------------------- every place

    def places(self, job: int, routes: Rows | None = None, stops: dict[int, PlanStop] | None = None) -> Iterator[Found]:
        """Give every legal plan with a ticket put somewhere, its engineer being the lead's; None: into the plan as it is."""
        routes, stops = self.routes if routes is None else routes, self.stops if stops is None else stops
        held = self._held(stops, job)
        between = self._between(job, stops)
        if between is None:
            return
        from_s, end_s = between
        for tour in range(len(routes)):
            for longer, hold, loads in self._ways_in(job, tour, routes, stops, held):
                mine = {**hold, job: (from_s, FAR_S, end_s)}
                for crew_routes, crew_held in self._crewed(job, tour, longer, mine):
                    found = self._settled(job, crew_routes, crew_held, {**stops, **loads})
                    if found is not None:
                        yield found

    def _between(self, job: int, stops: dict[int, PlanStop]) -> tuple[int, int] | None:
        """Return when a ticket may begin and end for those before and after it; None: one before it is left out."""
        at_s, ticket = self.lowered.lowering.at_s, self.request.tickets[job]
        from_s, end_s = -FAR_S, FAR_S
        for one in ticket.after:
            before = self.row.get(one.ticket)
            if before is not None:
                if before not in stops:
                    return None
                rows = [before, *self.helpers.get(before, ())]
                from_s = max(from_s, max(at_s(stops[row].leave) for row in rows) + one.gap_s)
        for other, follower in enumerate(self.request.tickets):
            for one in follower.after:
                if one.ticket == ticket.id and other in stops:
                    end_s = min(end_s, at_s(stops[other].begin) - one.gap_s)
        return from_s, end_s

    def _settled(
        self, job: int, routes: Rows, held: dict[int, tuple[int, int, int]], loads: dict[int, PlanStop]
    ) -> Found | None:
        """Time and judge; where a ticket before this one was put off, this one waits for it."""
        for _ in range(3):
            plan = self._write(routes, held, loads)
            if plan is None:
                return None
            verdict = judge(self.request, plan)
            if verdict.legal:
                if not self._keeps_limits(plan):
                    return None
                crew = [
                    route.engineer
                    for route in plan.routes
                    for stop in route.stops
                    if stop.ticket == self.request.tickets[job].id
                ]
                lead = min(crew, key=lambda who: (not self._leads(self.request.tickets[job], who), self.rank[who]))
                return Found(verdict.total, lead, plan)
            ends = {stop.ticket: stop.leave for route in plan.routes for stop in route.stops if stop.ticket}
            waits = [
                self.lowered.lowering.at_s(ends[one.ticket]) + one.gap_s
                for one in self.request.tickets[job].after
                if one.ticket in ends
            ]
            if not waits or max(waits) <= held[job][0]:
                return None
            held = {**held, job: (max(waits), *held[job][1:])}
        return None

    def _keeps_limits(self, plan: Plan) -> bool:
        """Tell whether routes keep the limits that are as wide as broken pins need."""
        pins = self.lowered.lowering.pins
        if not pins.shifts and not pins.broken:
            return True
        staff = tuple(
            replace(
                one,
                shifts=tuple(pins.shifts.get((one.id, shift.id), shift) for shift in one.shifts),
                max_busy_s=pins.busy_s.get(one.id, one.max_busy_s),
            )
            for one in self.request.engineers
        )
        verdict = judge(replace(self.request, engineers=staff), replace(plan, broken_pins=()))
        return not any(
            violation.code in LIMITS and not (violation.code == "break" and self._is_unrested(plan, violation.path))
            for violation in verdict.violations
        )

    def _is_unrested(self, plan: Plan, path: str) -> bool:
        """Tell whether a path lies in a route whose breaks are lifted as well."""
        route = plan.routes[int(path.removeprefix("routes[").split("]", 1)[0])]
        return (route.engineer, route.shift) in self.lowered.lowering.pins.unrested

    def _ways_in(
        self, job: int, tour: int, routes: Rows, stops: dict[int, PlanStop], held: dict[int, tuple[int, int, int]]
    ) -> Iterator[tuple[Rows, dict[int, tuple[int, int, int]], dict[int, PlanStop]]]:
        """Give the routes with a ticket's lead at each place of a tour, with each stop that fetches what is lacking there."""
        ticket, jobs = self.request.tickets[job], routes[tour]
        used, lacks = self._from_van(ticket, tour, stops, routes)
        visit = _load(ticket, used, ticket.tools)
        for position in range(len(jobs) + 1):
            before = [row for row in jobs[:position] if row in stops]
            lent = {tool for row in before if stops[row].kind == "pickup" for tool in stops[row].tools}
            tools = [tool for tool in ticket.tools if tool not in self._at_hand(tour) | lent]
            with_job = _with(routes, tour, (*jobs[:position], job, *jobs[position:]))
            if not lacks and not tools:
                yield with_job, held, {job: visit}
                continue
            for depot_row in range(len(self.request.depots)):
                for fetched in self._fetched(lacks, depot_row):
                    more = _load(ticket, dict(Counter(used) + Counter(fetched)), ticket.tools)
                    yield from self._stops_at(
                        job, tour, depot_row, position, (routes, stops, held), (fetched, tools, more)
                    )

    def _stops_at(
        self,
        job: int,
        tour: int,
        depot: int,
        position: int,
        plan: tuple[Rows, dict[int, PlanStop], dict[int, tuple[int, int, int]]],
        wanted: tuple[dict[str, int], list[str], PlanStop],
    ) -> Iterator[tuple[Rows, dict[int, tuple[int, int, int]], dict[int, PlanStop]]]:
        """Give the routes with a ticket at a position, and what it lacks from a stop at a depot before: one that is made anyway, or a new one."""
        (routes, stops, held), (fetched, tools, visit) = plan, wanted
        jobs = routes[tour]
        for row in self.pickups.get((tour, depot), ()):
            if row in jobs:
                if jobs.index(row) >= position:
                    continue
                parts = dict(Counter(stops[row].parts) + Counter(fetched))
                taken = replace(stops[row], parts=parts, tools=(*stops[row].tools, *tools))
                for from_s in self._moments(depot, fetched):
                    hold = {**held, row: (max(from_s, held[row][0]), *held[row][1:])}
                    with_job = (*jobs[:position], job, *jobs[position:])
                    yield _with(routes, tour, with_job), hold, {job: visit, row: taken}
                continue
            name = self.request.depots[depot].id
            stop = replace(visit, kind="pickup", ticket=None, depot=name, parts=fetched, tools=tuple(tools))
            for at in range(position + 1):
                again = (*jobs[:at], row, *jobs[at:position], job, *jobs[position:])
                for from_s in self._moments(depot, fetched):
                    hold = {**held, row: (from_s, FAR_S, FAR_S)}
                    yield _with(routes, tour, again), hold, {job: visit, row: stop}
            break

    def _moments(self, depot: int, fetched: dict[str, int]) -> list[int]:
        """Return from when on a stop may begin: at once, or when something has come."""
        came = [self.lowered.lowering.at_s(one.at) for one in self.request.depots[depot].inbound if one.part in fetched]
        return [-FAR_S, *came]

    def _fetched(self, lacks: dict[str, int], depot: int) -> Iterator[dict[str, int]]:
        """Give the ways in which a depot could make up for what is lacking, substitutes for one another."""
        if not lacks:
            yield {}
            return
        stock = self.request.depots[depot]
        has = Counter(stock.stock)
        for one in stock.inbound:
            has[one.part] += one.qty
        choices = []
        for part, need in lacks.items():
            options = self._options(part)
            splits = product(*(range(min(need, has[one]) + 1) for one in options))
            choices.append([dict(zip(options, split, strict=True)) for split in splits if sum(split) == need])
        for combination in product(*choices):
            total: Counter[str] = Counter()
            for chosen in combination:
                total.update(chosen)
            yield {part: count for part, count in total.items() if count}

    def _options(self, part: str) -> tuple[str, ...]:
        """Return what serves in place of a part, itself first."""
        known = self.request.parts.get(part)
        return tuple(dict.fromkeys((part, *(known.substitutes if known else ()))))

    def _at_hand(self, tour: int) -> set[str]:
        """Return the tools that are there from the start of a shift."""
        row = self.lowered.tours[tour]
        return {*self.request.engineers[row.engineer_row].tools, *(row.where.tools if row.where is not None else ())}

    def _from_van(
        self, ticket: Ticket, tour: int, stops: dict[int, PlanStop], routes: Rows
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Return what a ticket takes from the van, and what of its parts the van has not, beside all that is used from it."""
        worker = self.lowered.tours[tour].engineer_row
        left = Counter(self.request.engineers[worker].van)
        for row, jobs in enumerate(routes):
            if self.lowered.tours[row].engineer_row == worker:
                for job in jobs:
                    sign = 1 if stops[job].kind == "pickup" else -1
                    for part, count in stops[job].parts.items():
                        left[part] += sign * count
        used: Counter[str] = Counter()
        lacks = {}
        for part, need in ticket.parts.items():
            rest = need
            for option in self._options(part):
                take = max(0, min(rest, left[option]))
                left[option] -= take
                used[option] += take
                rest -= take
            if rest:
                lacks[part] = rest
        return {part: count for part, count in used.items() if count}, lacks

    def _crewed(
        self, job: int, tour: int, routes: Rows, held: dict[int, tuple[int, int, int]]
    ) -> Iterator[tuple[Rows, dict[int, tuple[int, int, int]]]]:
        """Give the routes with the rest of a crew, everybody held to the first moment at which all of them could begin."""
        helpers = self.helpers.get(job, [])
        if not helpers:
            yield routes, held
            return
        (helper,) = helpers  # crews of two
        own = self.lowered.tours[tour].engineer_row
        for other in range(len(routes)):
            if self.lowered.tours[other].engineer_row == own:
                continue
            for position in range(len(routes[other]) + 1):
                both = _with(routes, other, (*routes[other][:position], helper, *routes[other][position:]))
                moment = held[job][0]
                for _ in range(4):
                    hold = {**held, job: (moment, FAR_S, held[job][2]), helper: (moment, FAR_S, held[job][2])}
                    problem = self._problem(hold)
                    begins = []
                    for row, at in ((job, tour), (helper, other)):
                        timed = time_tour(problem, at, both[at])
                        begins += (
                            []
                            if timed is None
                            else [one.begin_s for one in timed.events if one.kind == "visit" and one.row == row]
                        )
                    if len(begins) < 2:
                        break
                    if begins[0] == begins[1]:
                        yield (
                            both,
                            {
                                **held,
                                job: (begins[0], begins[0], held[job][2]),
                                helper: (begins[0], begins[0], held[job][2]),
                            },
                        )
                        break
                    moment = max(begins)

    # ---------------------------------------------------------------------------------------------- what is not so

    def alone(self, job: int) -> bool:
        """Tell whether a ticket has a legal place in an empty plan, after those that it comes after."""
        names = [self.request.tickets[row].id for row in (*self._before(job), job)]
        previous = self.request.previous
        if previous is not None:
            visits = tuple(one for one in previous.visits if one.ticket in names)
            previous = replace(previous, visits=visits, max_changes=None)
        tickets = tuple(one for one in self.request.tickets if one.id in names)
        others = {one.id for one in tickets}
        tickets = tuple(
            one if one.same_engineer_as in others else replace(one, same_engineer_as=None) for one in tickets
        )
        alone = replace(self.request, tickets=tickets, previous=previous)
        twin = TiedTwin(alone, replace(self.plan, routes=(), skipped=(), broken_pins=lower(alone).lowering.pins.broken))
        return any(True for _ in twin._chain([twin.row[name] for name in names], tuple(() for _ in twin.routes), {}))

    def _before(self, job: int) -> list[int]:
        """Return the tickets before a ticket, those before them first."""
        rows: list[int] = []
        for one in self.request.tickets[job].after:
            before = self.row.get(one.ticket)
            if before is not None:
                rows += [*self._before(before), before]
        return list(dict.fromkeys(rows))

    def _chain(self, jobs: Sequence[int], routes: Rows, stops: dict[int, PlanStop]) -> Iterator[Found]:
        """Give every legal plan of some tickets, put in one after another."""
        for found in self.places(jobs[0], routes, stops):
            if len(jobs) == 1:
                yield found
            else:
                yield from self._chain(jobs[1:], *self._read(found.plan))

    def contradict(self, told: Explanation) -> Iterator[str]:
        """Yield what is not so in the explanation of a ticket that is left out, or whose place nothing ties."""
        job = self.row[told.ticket]
        if told.state == "skipped":
            yield from self._contradict_skipped(told, job)
        for way in told.ways:
            yield from self._contradict_way(told, way)

    def _contradict_skipped(self, told: Explanation, job: int) -> Iterator[str]:
        """Check verdict, standings and what is lacking."""
        codes = {reason.code for reason in told.reasons}
        is_plain = "pinned" not in codes and not self.plan.broken_pins  # a broken pin frees whole shifts
        alone = self.alone(job)
        if (told.verdict == "impossible") == alone and told.verdict != "not_found" and is_plain:
            yield f"{told.ticket}: {told.verdict}, but alone it has {'a' if alone else 'no'} place"
        best: dict[str, Decimal] = {}
        for found in self.places(job):
            best[found.engineer] = min(found.total, best.get(found.engineer, found.total))
        least = min(best.values(), default=None)
        must = self.request.tickets[job].skip_cost is None
        if least is not None and told.verdict != "not_found" and (must or least < self.total - CENTS):
            yield f"{told.ticket}: {told.verdict}, but a place changes the total by {least - self.total}"
        reason = told.reasons[0]
        gap = reason.gap if told.verdict == reason.code == "displaced" else None
        slack = CENTS if self.request.tickets[job].crew == 1 else Decimal("Infinity")  # crews begin as soon as they can
        if least is not None and gap is not None and not -CENTS <= gap.value - (least - self.total) <= slack:
            yield f"{told.ticket}: {gap.value} CNY too dear was told, it is {least - self.total}"
        for one in told.standings:
            where = f"{told.ticket} by {one.engineer}"
            if (one.kind == "could") != (one.engineer in best):
                yield f"{where}: {one.kind} ({one.reason.text}), but places cost {best.get(one.engineer)}"
            elif one.cost_cny is not None and not -CENTS <= one.cost_cny - (best[one.engineer] - self.total) <= slack:
                yield f"{where}: {one.cost_cny} CNY was told, it is {best[one.engineer] - self.total}"
            elif one.reason.code == "part" and one.reason.gap is not None:
                yield from self._contradict_part(
                    job, one.engineer, int(one.reason.gap.value), where, full=one.kind == "full"
                )

    def _contradict_part(self, job: int, engineer: str, quantity: int, where: str, *, full: bool) -> Iterator[str]:
        """Check how many of a part the van has not."""
        empty: Rows = tuple(() for _ in self.routes)
        missing: set[int] = set()
        for (who, _), tour in self.tour_of.items():
            if who == engineer:
                lacks = self._from_van(self.request.tickets[job], tour, self.stops, self.routes if full else empty)[1]
                missing |= set(lacks.values())
        if quantity not in missing:
            yield f"{where}: {quantity} missing were told, it is {missing}"

    def _contradict_way(self, told: Explanation, way: Way) -> Iterator[str]:
        """Judge the plan that proves a way out."""
        where = f"{told.ticket}: {way.text}"
        if way.request is None or way.plan is None:
            yield f"{where}: nothing to prove it with"
            return
        verdict = judge(lower(way.request).request, way.plan)
        if not verdict.legal:
            yield f"{where}: the judge objects: {verdict.violations[:1]}"
        visits = {stop.ticket: (route.engineer, stop.begin) for route in way.plan.routes for stop in route.stops}
        if told.ticket not in visits:
            yield f"{where}: not served"
        if told.state == "skipped" and abs(verdict.total - self.total - way.cost_cny) > CENTS:
            yield f"{where}: costs {way.cost_cny} was told, it is {verdict.total - self.total}"
        planned = {stop.ticket for route in self.plan.routes for stop in route.stops}
        lost = planned - set(visits) - set(way.left_out)
        if lost:
            yield f"{where}: loses {lost}"


def _with(routes: Rows, tour: int, jobs: tuple[int, ...]) -> Rows:
    """Return routes with one tour changed."""
    return (*routes[:tour], jobs, *routes[tour + 1 :])


def _load(ticket: Ticket, parts: dict[str, int], tools: tuple[str, ...]) -> PlanStop:
    """Return a stop that says no more than what a visit uses."""
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return PlanStop("visit", ticket.location, never, never, never, 0, 0, ticket=ticket.id, parts=parts, tools=tools)
