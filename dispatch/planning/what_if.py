"""What a change of a plan would break and cost: only the routes that it touches are timed, only what it is about is told.

The routes are timed by the search's own clock, as early as possible. Where the clauses forbid a place, its route is timed as if
they did not (no skills, no limits, windows that stay open), so that the plan can be shown, and told by the rules' own sentences
what it breaks. Routes that no edit touches stay as they are in the plan, to the second.

Prices and breaches are those of the rules' lines (:mod:`dispatch.planning.ledger`). The first question about a plan reads its
whole ledger and asks the judge once whether it is legal; of one that is not, the judge is asked again after each change,
since it may see what no rule tells.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from dispatch.format.model import TERMS, Objective, Plan, Previous, Reason, Request, Route, Skipped, SolverNote
from dispatch.judge import judge
from dispatch.planning.edits import Edit, Insert, Pin, Remove, Swap, Where
from dispatch.planning.ledger import Ledger, excerpt, read_ledger
from dispatch.planning.lower import Lowered
from dispatch.planning.open_clock import OPEN_S, open_clock
from dispatch.planning.read_back import Loads, write_route
from dispatch.planning.tied_changes import Rows, helpers_of, place_among, read_rows
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.money import cny_of
from dispatch.rules import skip
from solver.arrays import H_JOB, H_WINDOW, J_CLOSES, J_OPENS, J_WINDOW, J_WINDOW_END, N_JOB, Arrays
from solver.problem import FAR_S
from solver.tours import time_tour
from solver.trial import Trial

ENGINE: Final = "by hand"

TRIED_PLACES: Final = 12
"""Where visits are tied to each other, so many of the cheapest places are judged for a ticket."""

KEPT_PLANS: Final = 8
"""Of so many plans the ledger is kept."""

UNREACHABLE: Final = Sentence(
    "by_hand.unreachable",
    zh="{ticket} 放在此处，路线无法按时间排出（没有路、跨越请假，或休息无处可放）",
    en="with {ticket} here the route cannot be timed: no way, an absence, or no room for a break",
)
UNTIMED: Final = Sentence(
    "by_hand.untimed",
    zh="去掉 {ticket} 后，路线无法按时间排出（没有路、跨越请假，或休息无处可放）",
    en="without {ticket} the route cannot be timed: no way, an absence, or no room for a break",
)
CREW: Final = Sentence(
    "by_hand.crew",
    zh="{ticket} 需要多人同时上门，不能单独改动：请重排",
    en="{ticket} is a crew's: it cannot be placed by hand, re-plan instead",
)
NOT_FOUND: Final = Sentence(
    "by_hand.not_found",
    zh="为 {ticket} 试了最省的 {tried} 个位置，没有合规的",
    en="none of the {tried} cheapest places for {ticket} is legal",
)
NOWHERE: Final = Sentence(
    "by_hand.nowhere",
    zh="{ticket} 在任何班次中都没有合规的位置",
    en="there is no legal place for {ticket} in any shift",
)
TAKEN_OUT: Final = Sentence("by_hand.taken_out", zh="由人手动移出方案", en="taken out of the plan by hand")
JUDGED: Final = Sentence("by_hand.judged", zh="裁判：{text}", en="the judge: {text}")


@dataclass(frozen=True, slots=True)
class Landed:
    """Where an edit's ticket is visited in the end: the place among the visits of its shift counts from 0."""

    engineer: str
    shift: str
    position: int
    begin: datetime


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a list of edits would do.

    Parameters
    ----------
    request
        The engine's, with the pins of the edits.
    plan
        The plan afterwards; None: it cannot be timed, or a ticket has no place.
    broken
        A line with its sentence for every breach in it, whether the edits or someone before made it.
    terms, total
        What the objective and its terms differ by, CNY: the judge's figure afterwards less that of before, each to the cent; empty
        and None without a plan. Below 0 it is saved.
    landed
        For each edit where its ticket stands in the end; None: it is left out.
    """

    request: Request
    plan: Plan | None
    broken: tuple[Line, ...]
    terms: Mapping[str, Decimal]
    total: Decimal | None
    landed: tuple[Landed | None, ...]

    @property
    def is_legal(self) -> bool:
        """Whether the judge would find the plan legal.

        One that leaves out what must be served is legal and ``infeasible``; the breach is told all the same.
        """
        return self.plan is not None and _only_mandatory(self.broken)


@dataclass(slots=True)
class _Known:
    """A plan that was asked about: jobs by tour, its ledger, and whether the ledger tells all that the judge would."""

    plan: Plan
    rows: Rows
    routes: tuple[tuple[int, ...], ...]
    tour_of: dict[int, int]
    ledger: Ledger
    is_explained: bool
    trial: Trial | None = None


class _NoPlan(Exception):  # noqa: N818 - it ends a draft, it is no fault of anybody
    """There is no plan after these edits, for a reason that is told."""

    def __init__(self, line: Line) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True)
class _Draft:
    """A plan under change: jobs of the tours that the edits touched, what is held, who was touched last."""

    known: _Known
    routes: dict[int, list[int]]
    tour_of: dict[int, int]
    held: dict[int, tuple[int, int]]
    pins: dict[int, str]
    last: dict[int, int]

    def jobs(self, tour: int) -> list[int]:
        """Return the jobs of a tour, to be changed."""
        if tour not in self.routes:
            self.routes[tour] = list(self.known.routes[tour])
        return self.routes[tour]

    def take(self, job: int) -> int | None:
        """Take a job out; return its place in its tour, None if it is left out already."""
        tour = self.tour_of.pop(job, None)
        self.held.pop(job, None)
        if tour is None:
            return None
        jobs = self.jobs(tour)
        place = jobs.index(job)
        del jobs[place]
        self.last[tour] = job
        return place

    def put(self, job: int, tour: int, place: int) -> None:
        """Put a job that is left out into a tour."""
        jobs = self.jobs(tour)
        jobs.insert(min(max(place, 0), len(jobs)), job)
        self.tour_of[job] = tour
        self.last[tour] = job

    def copy(self) -> _Draft:
        """Return a draft that may be changed alone."""
        routes = {tour: list(jobs) for tour, jobs in self.routes.items()}
        return _Draft(self.known, routes, dict(self.tour_of), dict(self.held), dict(self.pins), dict(self.last))


class Asker:
    """Tell what changes of plans of one request would do.

    One question is answered at a time, whoever asks.

    Parameters
    ----------
    lowered, arrays
        The request; the arrays are left alone.
    asked
        The request before what is finished was taken out of it; None: the one that was lowered.
    """

    def __init__(self, lowered: Lowered, arrays: Arrays, asked: Request | None = None) -> None:
        self.lowered = self._lowered = lowered
        self._request = lowered.request
        self._asked = asked or lowered.request
        self._lock = threading.Lock()
        self._is_tied = is_tied(lowered)
        self._helpers = helpers_of(lowered)
        self._strict = Arrays(arrays.d.copy(), arrays.g, arrays.f)
        self._open_clock = open_clock(lowered, arrays)
        self._job_row = {ticket.id: row for row, ticket in enumerate(self._request.tickets)}
        self._mandatory = {ticket.id for ticket in self._request.tickets if ticket.skip_cost is None}
        self._tours_of: dict[str, list[int]] = {one.id: [] for one in self._request.engineers}
        for row in range(len(lowered.tours)):
            self._tours_of[lowered.engineer(row).id].append(row)
        self._tour_row = {(lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(lowered.tours)}
        self._known: dict[int, _Known] = {}

    def what_if(self, plan: Plan, edits: Sequence[Edit]) -> WhatIf:
        """Apply edits in their order and tell what comes of all of them; see :meth:`dispatch.planning.engine.Engine.what_if`."""
        with self._lock:
            known = self._know(plan)
            draft = _Draft(known, {}, dict(known.tour_of), {}, {}, {})
            try:
                for edit in edits:
                    self._apply(draft, edit)
                return self._tell(draft, edits)
            except _NoPlan as told:
                return WhatIf(self._pinned(draft), None, (told.line,), {}, None, (None,) * len(edits))

    # --- what is known of a plan ---

    def _know(self, plan: Plan) -> _Known:
        """Return what is known of a plan; the first time it is read and judged."""
        known = self._known.pop(id(plan), None)
        if known is None:
            rows = read_rows(self._lowered, plan)
            ledger = read_ledger(self._asked, plan)
            is_explained = not self._is_tied and judge(self._asked, plan).legal
            known = _Known(plan, rows, rows.routes, _owners(rows.routes), ledger, is_explained)
        self._keep(known)
        return known

    def _keep(self, known: _Known) -> None:
        """Keep what is known of a plan, and forget the plan that nobody has asked about for the longest time."""
        while len(self._known) >= KEPT_PLANS:
            del self._known[next(iter(self._known))]
        self._known[id(known.plan)] = known

    # --- edits ---

    def _apply(self, draft: _Draft, edit: Edit) -> None:
        """Apply one edit to a draft."""
        job = self._job_row[edit.ticket]
        if job in self._helpers and not (isinstance(edit, Remove) or (isinstance(edit, Pin) and edit.where == Where())):
            raise _NoPlan(Line(ENGINE, CREW, {"ticket": edit.ticket}, breach=True, ticket=edit.ticket))
        if isinstance(edit, Swap):
            self._swap(draft, job, self._job_row[edit.other], is_exact=edit.exact)
            return
        if isinstance(edit, Insert) and job in draft.tour_of:
            raise ValueError(f"{edit.ticket} is visited already: move it")
        if isinstance(edit, Remove):
            if draft.take(job) is None:
                raise ValueError(f"{edit.ticket} is left out already")
            for helper in self._helpers.get(job, ()):
                draft.take(helper)
            return
        if isinstance(edit, Pin) and edit.where == Where():
            if job not in draft.tour_of:
                raise ValueError(f"{edit.ticket} is left out: name the engineer whom it is held with")
        else:
            tours = self._tours_at(edit.where)
            draft.take(job)
            self._place(draft, job, tours, edit.where)
        if isinstance(edit, Pin):
            draft.pins[job] = self._lowered.engineer(draft.tour_of[job]).id

    def _tours_at(self, where: Where) -> list[int] | None:
        """Return the tours that a place names; None: it may be any."""
        if where.engineer is None:
            if where.shift is not None or where.position is not None:
                raise ValueError("a shift or a position asks for the engineer")
            return None
        if where.shift is not None:
            return [self._tour_row[where.engineer, where.shift]]
        tours = self._tours_of[where.engineer]
        if not tours:
            raise KeyError(where.engineer)
        if where.position is not None and len(tours) > 1:
            raise ValueError(f"{where.engineer} has {len(tours)} shifts: a position asks for one")
        return tours

    def _swap(self, draft: _Draft, job: int, other: int, *, is_exact: bool) -> None:
        """Let two jobs change places; one of them may be left out."""
        tours = draft.tour_of.get(job), draft.tour_of.get(other)
        if job == other or tours == (None, None):
            raise ValueError("a swap is of two tickets, of which at least one is visited")
        if is_exact:
            places = [
                None if tour is None else draft.jobs(tour).index(one)
                for tour, one in zip(tours, (job, other), strict=True)
            ]
            if tours[0] == tours[1] and places[0] is not None and places[1] is not None and tours[0] is not None:
                jobs = draft.jobs(tours[0])
                jobs[places[0]], jobs[places[1]] = other, job
                draft.last[tours[0]] = job
                return
        draft.take(job)
        draft.take(other)
        for one, tour, row in ((job, tours[1], 1), (other, tours[0], 0)):
            if tour is not None and is_exact:
                draft.put(one, tour, places[row] or 0)
            elif tour is not None:
                self._place(draft, one, [tour], Where())

    def _place(self, draft: _Draft, job: int, tours: Sequence[int] | None, where: Where) -> None:
        """Put a job that is left out at a place, or at the best of some tours; None: of all."""
        spans: list[tuple[int, int] | None] = [None]
        if where.begin is not None:
            from_s = self._lowered.lowering.at_s(where.begin)
            spans = [(from_s, from_s), (from_s, max(from_s, self._closes_s(job)))]
        if where.position is not None and tours is not None:
            self._place_at(draft, job, tours[0], where.position, spans)
            return
        for span in spans:
            if span is not None:
                draft.held[job] = span
            if self._is_tied:
                if self._place_tied(draft, job, tours):
                    return
                continue
            with self._holding(draft.held):
                trial = draft.known.trial or Trial(self._strict, draft.known.routes)
                draft.known.trial = trial
                trial.change(draft.routes)
                found = trial.find_place(job, range(len(self._lowered.tours)) if tours is None else tours)
            if found is not None:
                draft.put(job, *found)
                return
        if tours is None:
            ticket, sentence = self._request.tickets[job].id, NOT_FOUND if self._is_tied else NOWHERE
            raise _NoPlan(Line(ENGINE, sentence, {"ticket": ticket, "tried": TRIED_PLACES}, breach=True, ticket=ticket))
        self._place_badly(draft, job, tours)

    def _place_at(
        self, draft: _Draft, job: int, tour: int, place: int, spans: Sequence[tuple[int, int] | None]
    ) -> None:
        """Put a job at one place, beginning when it is wanted if that can be."""
        draft.put(job, tour, place_among(draft.jobs(tour), max(place, 0), len(self._request.tickets), self._helpers))
        for span in spans:
            if span is not None:
                draft.held[job] = span
                with self._holding(draft.held):
                    if time_tour(self._lowered.problem, tour, tuple(draft.jobs(tour)), self._strict) is not None:
                        return

    def _place_tied(self, draft: _Draft, job: int, tours: Sequence[int] | None) -> bool:
        """Put a job at the cheapest place, of those that its route alone allows, that the judge finds legal; say whether there is one."""
        problem, held = self._lowered.problem, draft.known.rows.held
        found: list[tuple[int, int, int]] = []
        with self._holding(draft.held):
            for tour in range(len(self._lowered.tours)) if tours is None else tours:
                jobs = draft.routes.get(tour, draft.known.routes[tour])
                was = time_tour(problem, tour, tuple(jobs), self._strict, held)
                for place in range(len(jobs) + 1):
                    timed = time_tour(problem, tour, (*jobs[:place], job, *jobs[place:]), self._strict, held)
                    if timed is not None:
                        found.append((timed.cost_grains - (0 if was is None else was.cost_grains), tour, place))
        for _, tour, place in sorted(found)[:TRIED_PLACES]:
            tried = draft.copy()
            tried.put(job, tour, place)
            if not self._tell(tried, (), keep=False).broken:
                draft.put(job, tour, place)
                return True
        return False

    def _place_badly(self, draft: _Draft, job: int, tours: Sequence[int]) -> None:
        """Put a job where it breaks least, and of such places where it costs least."""
        best: tuple[tuple[int, Decimal], int, int] | None = None
        for tour in tours:
            for place in range(len(draft.jobs(tour)) + 1):
                tried = draft.copy()
                tried.put(job, tour, place)
                try:
                    told = self._tell(tried, (), keep=False)
                    rank = (len(told.broken), told.total or Decimal(0))
                except _NoPlan:
                    rank = (1, Decimal("Infinity"))
                if best is None or rank < best[0]:
                    best = rank, tour, place
        if best is not None:
            draft.put(job, best[1], best[2])

    def _closes_s(self, job: int) -> int:
        """Return the end of a job's last window."""
        problem = self._lowered.problem
        return int(problem.window_to_s[problem.window_first[job + 1] - 1])

    @contextmanager
    def _holding(self, held: Mapping[int, tuple[int, int]]) -> Iterator[None]:
        """Let jobs begin only in given spans for a while."""
        was = []
        for arrays in (self._strict, self._open_clock[1]):
            d = arrays.d
            for job, (from_s, to_s) in held.items():
                at = int(d[H_JOB]) + job * N_JOB
                row = int(d[H_WINDOW]) + 2 * int(d[at + J_WINDOW])
                late_s = to_s if arrays is self._strict else min(FAR_S, to_s + OPEN_S)
                where = [at + J_WINDOW_END, at + J_OPENS, at + J_CLOSES, row, row + 1]
                was.append((d, where, d[where].copy()))
                d[where] = [d[at + J_WINDOW] + 1, from_s, late_s, from_s, late_s]
        try:
            yield
        finally:
            for d, where, values in reversed(was):
                d[where] = values

    # --- what comes of it ---

    def _tell(self, draft: _Draft, edits: Sequence[Edit], *, keep: bool = True) -> WhatIf:
        """Time the tours of a draft, write its plan and read the ledger."""
        known, request = draft.known, self._pinned(draft)
        touched = {
            tour: jobs
            for tour, jobs in draft.routes.items()
            if tuple(jobs) != known.routes[tour] or any(job in draft.held for job in jobs)
        }
        timed = self._time(draft, touched)
        plan = self._write(known, draft, touched, timed)
        engineers = {self._lowered.tours[tour].engineer_row for tour in touched}
        engineers |= {
            self._lowered.tours[draft.tour_of[job]].engineer_row for job in draft.pins if job in draft.tour_of
        }
        tickets = set(draft.pins)
        for engineer in engineers:
            for tour in self._tours_of[self._request.engineers[engineer].id]:
                tickets.update(known.routes[tour], draft.routes.get(tour, ()))
        tickets = {job for job in tickets if job < len(self._request.tickets)}
        if self._is_tied:
            ledger = read_ledger(request, plan)
        else:
            before = excerpt(self._asked, known.plan, engineers, tickets)
            after = excerpt(request, plan, engineers, tickets)
            ledger = known.ledger.changed(before, after, replace(after, request=request, plan=plan))
        was, now = known.ledger.by_term(), ledger.by_term()
        total = sum(now.values())
        plan = replace(plan, objective=Objective(cny_of(total), {term: cny_of(now[term]) for term in TERMS}))
        broken = ledger.broken
        if not known.is_explained and _only_mandatory(broken):
            seen = judge(request, plan).violations
            broken += tuple(Line(ENGINE, JUDGED, {"text": one.text}, breach=True) for one in seen)
        if keep and request is self._asked:
            routes = list(known.routes)
            for tour, jobs in touched.items():
                routes[tour] = tuple(jobs)
            rows = read_rows(self._lowered, plan) if self._is_tied else replace(known.rows, routes=tuple(routes))
            self._keep(_Known(plan, rows, rows.routes, _owners(rows.routes), ledger, known.is_explained))
        return WhatIf(
            request,
            plan,
            broken,
            {term: cny_of(now[term]) - cny_of(was[term]) for term in TERMS},
            cny_of(total) - cny_of(sum(was.values())),
            tuple(self._landed(draft, plan, edit) for edit in edits),
        )

    def _time(self, draft: _Draft, touched: Mapping[int, Sequence[int]]) -> dict[int, Route]:
        """Time tours, by the clock that keeps every clause or by the one that keeps few."""
        timed, rows = {}, draft.known.rows
        clocks = [(self._lowered, self._strict, rows.held), (*self._open_clock, None)]
        if rows.held is not None:
            clocks.insert(1, (self._lowered, self._strict, None))
        with self._holding(draft.held):
            for tour, jobs in touched.items():
                if not jobs:
                    continue
                route = None
                loads = self._loads(draft, tour, jobs)
                for lowered, arrays, held in clocks:
                    try:
                        route = write_route(lowered, tour, jobs, partial(time_tour, arrays=arrays, held=held), loads)
                        break
                    except ValueError:  # this clock cannot time it
                        continue
                if route is None:
                    job = draft.last[tour]
                    ticket = self._request.tickets[job].id
                    sentence = UNREACHABLE if job in jobs else UNTIMED
                    raise _NoPlan(Line(ENGINE, sentence, {"ticket": ticket}, breach=True, ticket=ticket))
                timed[tour] = route
        return timed

    def _loads(self, draft: _Draft, tour: int, jobs: Sequence[int]) -> Loads:
        """Return what the jobs of a tour use and take: what they did, or what the ticket asks for."""
        known, tickets = draft.known, self._request.tickets
        loads = {}
        for job in jobs if self._lowered.problem.couplings is not None else ():
            was = known.rows.loads.get((known.tour_of.get(job, -1), job))
            asked = (dict(tickets[job].parts), tickets[job].tools) if job < len(tickets) else ({}, ())
            loads[tour, job] = was or asked
        return loads

    def _write(
        self, known: _Known, draft: _Draft, touched: Mapping[int, Sequence[int]], timed: Mapping[int, Route]
    ) -> Plan:
        """Write the plan of a draft, without its objective."""
        request, fresh = self._request, dict(timed)
        routes: list[tuple[int, Route]] = []
        for route in known.plan.routes:
            tour = self._tour_row.get((route.engineer, route.shift), routes[-1][0] if routes else -1)
            if tour not in touched:
                routes.append((tour, route))
            elif tour in fresh:
                routes.append((tour, fresh.pop(tour)))
        for tour, route in sorted(fresh.items()):
            at = next((row for row, (other, _) in enumerate(routes) if other > tour), len(routes))
            routes.insert(at, (tour, route))
        gone = {job for tour in touched for job in known.routes[tour] if job not in draft.tour_of}
        gone = {job for job in gone if job < len(request.tickets)}
        come = {request.tickets[job].id for jobs in touched.values() for job in jobs if job not in known.tour_of}
        skipped = known.plan.skipped
        if gone or come:
            left_out = {self._job_row.get(one.ticket, -1): one for one in skipped if one.ticket not in come}
            reason = Reason("not_found", TAKEN_OUT.say("zh", {}))
            left_out |= {job: Skipped(request.tickets[job].id, "not_found", (reason,)) for job in gone}
            skipped = tuple(left_out[job] for job in sorted(left_out))
        must = any(one.ticket in self._mandatory for one in skipped)
        return replace(
            known.plan,
            status="infeasible" if must else "ok",
            routes=tuple(route for _, route in routes),
            skipped=skipped,
            solver=SolverNote(ENGINE, seed=0, seconds=Decimal(0), iterations=0, threads=0),
        )

    def _pinned(self, draft: _Draft) -> Request:
        """Return the request with the pins of a draft."""
        pins = {self._request.tickets[job].id: engineer for job, engineer in draft.pins.items()}
        if not pins:
            return self._asked
        tickets = (
            replace(one, only=(pins[one.id],))
            if one.id in pins and (one.only is None or pins[one.id] in one.only)
            else one
            for one in self._asked.tickets
        )
        return replace(self._asked, tickets=tuple(tickets))

    def _landed(self, draft: _Draft, plan: Plan, edit: Edit) -> Landed | None:
        """Return where an edit's ticket stands."""
        tour = draft.tour_of.get(self._job_row[edit.ticket])
        if tour is None:
            return None
        engineer, shift = self._lowered.engineer(tour).id, self._lowered.tours[tour].shift.id
        route = next(one for one in plan.routes if (one.engineer, one.shift) == (engineer, shift))
        visits = [stop for stop in route.stops if stop.ticket is not None]
        position = next(row for row, stop in enumerate(visits) if stop.ticket == edit.ticket)
        return Landed(engineer, shift, position, visits[position].begin)


def is_tied(lowered: Lowered) -> bool:
    """Tell whether a change of one route may be one of another route too: visits tied to each other, or to a plan in force."""
    problem, previous = lowered.problem, lowered.request.previous
    has_plan = previous is not None and previous != Previous()
    return problem.couplings is not None or problem.change is not None or has_plan


def _owners(routes: Sequence[Sequence[int]]) -> dict[int, int]:
    """Return the tour of each job that is visited."""
    return {job: tour for tour, jobs in enumerate(routes) for job in jobs}


def _only_mandatory(broken: Sequence[Line]) -> bool:
    """Tell whether nothing is broken but that a ticket is left out which must be served: the judge calls such a plan infeasible."""
    return all(line.sentence is skip.MANDATORY for line in broken)
