"""Reasons evaluated again, slowly and literally: what contradicts them is a bug.

Nothing here uses the kernels, the packed problem or the code that found the reasons. Places are tried one by one with the
slow twin of the clock (:mod:`solver.reference`) on whole problems, lowered from whole requests, and the judge has the last word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from dispatch.format.model import Engineer, Plan, Reason, Request, Shift, Skipped, Ticket
from dispatch.judge import judge
from dispatch.planning.explain import Explanation
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.proving import NOTE
from dispatch.planning.read_back import read_back
from dispatch.planning.routes_of import routes_of
from dispatch.planning.ways import Way
from dispatch.rulebook.money import cny_of
from solver.reference import check, price, time_tour

Routes = list[list[int]]

TIMES = ("window", "skill_lapsed", "shift_hours", "overtime", "travel_limit", "busy_limit", "visits_limit")
"""Clauses of which it is told how much is missing."""

ORDER = (
    "window",
    "skill_lapsed",
    "break",
    "absence",
    "visits_limit",
    "travel_limit",
    "shift_hours",
    "overtime",
    "busy_limit",
)
"""Where it takes several clauses together, they are told in this order."""


class Twin:
    """A request and its plan, to be asked slowly."""

    def __init__(self, request: Request, plan: Plan) -> None:
        self.request = request
        self.lowered = lower(request)
        self.routes: Routes = routes_of(self.lowered, plan)
        self.total = price(self.lowered.problem, self.routes)[0]
        self.row = {ticket.id: row for row, ticket in enumerate(request.tickets)}

    # ------------------------------------------------------------------------------------------------- what is skipped

    def contradict(self, skipped: Skipped) -> Iterator[str]:
        """Yield a sentence for each thing in a verdict and its reasons that is not so."""
        job = self.row[skipped.ticket]
        alone = [tour for tour in range(len(self.routes)) if self._is_legal_alone(self.lowered, job, tour)]
        if (skipped.verdict == "impossible") == bool(alone) and skipped.reasons[0].code != "not_found":
            yield f"{skipped.ticket}: {skipped.verdict}, but alone it fits into {alone}"
        if skipped.verdict == "impossible":
            for reason in skipped.reasons:
                if reason.engineer is not None:
                    yield from self._contradict_bar(skipped.ticket, reason)
            return
        skip = int(self.lowered.problem.job_skip_grains[job])
        must = bool(self.lowered.problem.job_mandatory[job])
        best = min(self._places(self.lowered, self.routes, job), default=None)
        if best is not None and (must or best - self.total + skip < skip):
            yield f"{skipped.ticket}: left out, but a legal place costs {cny_of(best - self.total + skip)}"
        if skipped.verdict == "displaced":
            yield from self._contradict_displaced(skipped, job, best)

    def _contradict_displaced(self, skipped: Skipped, job: int, best: int | None) -> Iterator[str]:
        """Check the price of what would have to go."""
        reason = skipped.reasons[0]
        if best is not None:
            told = None if reason.gap is None else reason.gap.value
            if told != cny_of(best - self.total):
                yield f"{skipped.ticket}: {told} CNY too dear was told, it is {cny_of(best - self.total)}"
            return
        outs = [
            row
            for id_, row in self.row.items()
            if _names(reason.text, id_) and any(row in jobs for jobs in self.routes)
        ]
        if not outs:
            yield f"{skipped.ticket}: {reason.text} names no visit"
            return
        rest = [[row for row in jobs if row not in outs] for jobs in self.routes]
        assert reason.engineer is not None
        tours = [
            tour for tour in self._tours(reason.engineer) if _names(reason.text, self.lowered.tours[tour].shift.id)
        ]
        found = min(self._places(self.lowered, rest, job, tours), default=None)
        if found is None:
            yield f"{skipped.ticket}: without {outs} there is no place either"
        elif reason.gap is not None and reason.gap.value != cny_of(found - self.total):
            yield f"{skipped.ticket}: {reason.gap.value} CNY was told, it is {cny_of(found - self.total)}"
        elif reason.gap is None and not any(self.lowered.problem.job_mandatory[row] for row in outs):
            yield f"{skipped.ticket}: none of {outs} must be served"

    # ------------------------------------------------------------------------------------------------ engineer by engineer

    def contradict_all(self, told: Explanation) -> Iterator[str]:
        """Yield what is not so in an explanation of a ticket that is left out or served on time."""
        job = self.row[told.ticket]
        rest = [[row for row in jobs if row != job] for jobs in self.routes]
        for one in told.standings:
            tours = [tour for tour in range(len(rest)) if self.lowered.engineer(tour).id == one.engineer]
            if one.kind == "serves":
                continue
            best = min(self._places(self.lowered, rest, job, tours), default=None)
            where = f"{told.ticket} by {one.engineer}"
            if (best is not None) != (one.kind == "could"):
                yield f"{where}: {one.kind}, but places cost {best}"
            elif best is not None and one.cost_cny != cny_of(best - self.total):
                yield f"{where}: {one.cost_cny} CNY was told, it is {cny_of(best - self.total)}"
            elif one.kind == "barred":
                yield from self._contradict_bar(told.ticket, one.reason)
            elif one.kind == "full":
                yield from self._contradict_full(told.ticket, one.engineer, one.reason, rest)
        if told.rival is not None:
            yield from self._contradict_rival(told, rest, job)
        for way in told.ways:
            yield from self._contradict_way(told, way, rest)

    def _contradict_full(self, ticket_id: str, engineer_id: str, reason: Reason, rest: Routes) -> Iterator[str]:
        """Check that a clause misses as much as was told beside the visits planned, and no less."""
        where = f"{ticket_id} beside the plan of {engineer_id}: {reason.text}"
        if not any(self._is_legal_alone(self.lowered, self.row[ticket_id], tour) for tour in self._tours(engineer_id)):
            yield f"{where}: full, but not even alone is there a place"
        if reason.gap is None or reason.code == "displaced":
            return
        amount = int(reason.gap.value)
        if not any(
            self.fits(changed, engineer_id, ticket_id, rest)
            for changed in self.widened(ticket_id, engineer_id, reason, amount)
        ):
            yield f"{where}: with that much more it does not fit"
        if amount > 1 and any(
            self.fits(changed, engineer_id, ticket_id, rest)
            for changed in self.widened(ticket_id, engineer_id, reason, amount - 1)
        ):
            yield f"{where}: less would do"

    def _contradict_bar(self, ticket_id: str, reason: Reason) -> Iterator[str]:
        """Check that an engineer cannot serve a ticket even with nothing else to do, because of this."""
        ticket = self.request.tickets[self.row[ticket_id]]
        engineer = next(one for one in self.request.engineers if one.id == reason.engineer)
        where = f"{ticket_id} by {engineer.id}: {reason.text}"
        if any(self._is_legal_alone(self.lowered, self.row[ticket_id], tour) for tour in self._tours(engineer.id)):
            yield f"{where}: barred, but alone there is a place"
        missing = {name: level - engineer.skills.get(name, 0) for name, level in ticket.requires.items()}
        if reason.code == "skill":
            if reason.gap is None or reason.gap.value != max(missing.values(), default=0) or reason.gap.value <= 0:
                yield f"{where}: missing are {missing}"
        elif reason.code == "only_never":
            if engineer.id not in ticket.never and (ticket.only is None or engineer.id in ticket.only):
                yield f"{where}: nobody keeps them apart"
        elif reason.code == "pair":
            if not any(pair.forbid and pair.engineer == engineer.id for pair in ticket.pairs):
                yield f"{where}: no rule forbids it"
        elif reason.gap is not None and reason.code in TIMES:
            yield from self._contradict_gap(ticket, engineer, reason, where)

    def _contradict_gap(self, ticket: Ticket, engineer: Engineer, reason: Reason, where: str) -> Iterator[str]:
        """Check how much is missing, alone: beside all other clauses, beside none, or beside those that are told before it."""
        assert reason.gap is not None
        amount = int(reason.gap.value)
        for shift in engineer.shifts:
            alone = _with(self.request, replace(engineer, shifts=(shift,)))
            first = _bared(alone, ticket.id, engineer.id, ORDER[: ORDER.index(reason.code) + 1])
            for base in (alone, _bared(alone, ticket.id, engineer.id, (reason.code,)), first):
                twin = _again(self, base)
                enough, less = (
                    any(
                        twin.fits(one, engineer.id, ticket.id)
                        for one in twin.widened(ticket.id, engineer.id, reason, by)
                    )
                    for by in (amount, amount - 1)
                )
                if enough and not less:
                    return
        yield f"{where}: {amount} is not what is missing"

    def _contradict_rival(self, told: Explanation, rest: Routes, job: int) -> Iterator[str]:
        """Check who is next, and what that costs."""
        assert told.rival is not None
        others = [tour for tour in range(len(rest)) if self.lowered.engineer(tour).id != told.engineer]
        best = min(self._places(self.lowered, rest, job, others), default=None)
        if best is None or abs(cny_of(best - self.total) - told.rival.cost_cny) > Decimal("0.02"):
            yield f"{told.ticket}: the runner-up costs {told.rival.cost_cny}, tried one by one {best and cny_of(best - self.total)}"
        if abs(sum(told.rival.terms.values()) - told.rival.cost_cny) > Decimal("0.05"):
            yield f"{told.ticket}: the terms of the runner-up do not add up"

    def _contradict_way(self, told: Explanation, way: Way, rest: Routes) -> Iterator[str]:
        """Plan a way out again, in the whole request, and judge the whole plan."""
        where = f"{told.ticket}: {way.text}"
        if way.request is None:
            yield f"{where}: nothing to prove it with"
            return
        changed = lower(way.request)
        names = [ticket.id for ticket in way.request.tickets]
        tours = {(changed.engineer(row).id, changed.tours[row].shift.id): row for row in range(len(changed.tours))}
        routes: Routes = [[] for _ in changed.tours]
        for tour, jobs in enumerate(rest):
            row = tours[self.lowered.engineer(tour).id, self.lowered.tours[tour].shift.id]
            routes[row] = [job for job in jobs if names[job] not in way.left_out]
        own = [row for (engineer, shift), row in tours.items() if (engineer, shift) == (way.by, way.shift)]
        tried = [
            (price(changed.problem, longer)[0], longer)
            for longer in self._longer(routes, names.index(told.ticket), own)
            if not check(changed.problem, longer)
        ]
        if not tried:
            yield f"{where}: there is no place"
            return
        total, longer = min(tried)
        plan = read_back(changed, longer, NOTE, time_tour)
        verdict = judge(way.request, plan)
        if not verdict.legal:
            yield f"{where}: the judge objects: {verdict.violations[:1]}"
        if told.state == "skipped" and abs(cny_of(total - self.total) - way.cost_cny) > Decimal("0.02"):
            yield f"{where}: costs {way.cost_cny} was told, it is {cny_of(total - self.total)}"
        planned = {stop.ticket for route in plan.routes for stop in route.stops}
        lost = {names[job] for jobs in rest for job in jobs} - planned - set(way.left_out)
        if lost:
            yield f"{where}: loses {lost}"

    # ---------------------------------------------------------------------------------------------------------- by hand

    def _tours(self, engineer_id: str) -> list[int]:
        return [tour for tour in range(len(self.routes)) if self.lowered.engineer(tour).id == engineer_id]

    def _is_legal_alone(self, lowered: Lowered, job: int, tour: int) -> bool:
        return not check(lowered.problem, [[job] if row == tour else [] for row in range(len(lowered.tours))])

    def _longer(self, routes: Routes, job: int, tours: Sequence[int] | None = None) -> Iterator[Routes]:
        """Give the routes with a job at each place."""
        for tour in range(len(routes)) if tours is None else tours:
            for position in range(len(routes[tour]) + 1):
                longer = [*routes[tour][:position], job, *routes[tour][position:]]
                yield [*routes[:tour], longer, *routes[tour + 1 :]]

    def _places(self, lowered: Lowered, routes: Routes, job: int, tours: Sequence[int] | None = None) -> Iterator[int]:
        """Give what the plan would cost with a job at each legal place."""
        problem = lowered.problem
        for longer in self._longer(routes, job, tours):
            if not check(problem, longer):
                yield price(problem, longer)[0]

    def fits(self, changed: Request, engineer_id: str, ticket_id: str, routes: Routes | None = None) -> bool:
        """Tell whether a ticket has a legal place with an engineer in a changed request, beside routes or none."""
        lowered = lower(changed)
        routes = routes or [[] for _ in lowered.tours]
        tours = [tour for tour in range(len(routes)) if lowered.engineer(tour).id == engineer_id]
        return any(True for _ in self._places(lowered, routes, self.row[ticket_id], tours))

    def widened(self, ticket_id: str, engineer_id: str, reason: Reason, amount: int) -> Iterator[Request]:
        """Give the requests in which one clause is that much wider: each shift, window, break and side."""
        by = timedelta(seconds=amount)
        ticket = self.request.tickets[self.row[ticket_id]]
        engineer = next(one for one in self.request.engineers if one.id == engineer_id)
        if reason.code == "window":
            for row, (low, high) in enumerate(ticket.windows):
                for wide in ((low - by, high), (low, high + by)):
                    windows = (*ticket.windows[:row], wide, *ticket.windows[row + 1 :])
                    yield _with(self.request, replace(ticket, windows=windows))
            if ticket.release is not None:
                freed = replace(ticket, release=ticket.release - by)
                yield _with(self.request, freed)
                earlier = tuple((low - by, high) for low, high in ticket.windows)
                yield _with(self.request, replace(freed, windows=earlier))
        elif reason.code == "skill_lapsed":
            until = {name: at + by for name, at in engineer.skills_until.items()}
            yield _with(self.request, replace(engineer, skills_until=until))
        elif reason.code == "busy_limit":
            yield _with(self.request, replace(engineer, max_busy_s=(engineer.max_busy_s or 0) + amount))
        else:
            for shift in engineer.shifts:
                for wide_shift in _wider_shifts(shift, reason.code, amount):
                    shifts = tuple(wide_shift if one is shift else one for one in engineer.shifts)
                    yield _with(self.request, replace(engineer, shifts=shifts))


def _wider_shifts(shift: Shift, code: str, amount: int) -> Iterator[Shift]:
    """Give a shift with one of its clauses wider."""
    if code in {"shift_hours", "overtime"}:
        yield replace(shift, overtime_s=shift.overtime_s + amount)
    elif code == "visits_limit" and shift.max_visits is not None:
        yield replace(shift, max_visits=shift.max_visits + amount)
    elif code == "travel_limit" and shift.max_travel_s is not None:
        yield replace(shift, max_travel_s=shift.max_travel_s + amount)
    elif code == "break":
        for row, pause in enumerate(shift.breaks):
            later = replace(pause, to=pause.to + timedelta(seconds=amount))
            yield replace(shift, breaks=(*shift.breaks[:row], later, *shift.breaks[row + 1 :]))


def _bared(request: Request, ticket_id: str, engineer_id: str, codes: Sequence[str]) -> Request:
    """Return a request in which of all clauses of time only these bind a ticket and an engineer."""
    engineers = []
    for one in request.engineers:
        if one.id != engineer_id:
            engineers.append(one)
            continue
        shifts = tuple(
            replace(
                shift,
                breaks=shift.breaks if "break" in codes else (),
                absences=shift.absences if "absence" in codes else (),
                max_visits=shift.max_visits if "visits_limit" in codes else None,
                max_travel_s=shift.max_travel_s if "travel_limit" in codes else None,
                overtime_s=shift.overtime_s if {"shift_hours", "overtime"} & set(codes) else 40 * 86400,
            )
            for shift in one.shifts
        )
        engineers.append(
            replace(
                one,
                shifts=shifts,
                max_busy_s=one.max_busy_s if "busy_limit" in codes else None,
                skills_until=one.skills_until if "skill_lapsed" in codes else {},
            )
        )
    timed = "window" in codes
    tickets = tuple(
        replace(one, windows=one.windows if timed else (), release=one.release if timed else None)
        if one.id == ticket_id
        else one
        for one in request.tickets
    )
    return replace(request, engineers=tuple(engineers), tickets=tickets)


def _again(twin: Twin, request: Request) -> Twin:
    """Return a twin of another request with the same rows."""
    other = object.__new__(Twin)
    other.request, other.routes, other.row = request, twin.routes, twin.row
    other.lowered, other.total = twin.lowered, twin.total
    return other


def _with(request: Request, changed: Ticket | Engineer) -> Request:
    """Return a request with one ticket or engineer changed."""
    if isinstance(changed, Ticket):
        return replace(request, tickets=tuple(changed if one.id == changed.id else one for one in request.tickets))
    return replace(request, engineers=tuple(changed if one.id == changed.id else one for one in request.engineers))


def _names(text: str, id_: str) -> bool:
    """Tell whether a sentence names a ticket."""
    words = text.replace("、", " ").replace(",", " ").split()
    return id_ in words
