"""Why a ticket is left out or late, why this engineer and not that one, and what would change it: of any legal plan.

Everything is looked up in the plan as it is, with the kernels of the search, and what is told of money or of another plan was
judged. A ticket that is late is treated as one that is left out of a request in which it had to be on time, at the price of
coming as it does now: so the same words tell both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

import numpy as np

from dispatch.format.model import Engineer, Gap, Plan, Reason, Request, Route, Stop, Ticket
from dispatch.planning.as_planned import over_budget, tell_bound
from dispatch.planning.clauses import TIGHT_LATE, Spot
from dispatch.planning.diagnose import TOO_LATE, ban_of, time_reason
from dispatch.planning.lower import Lowered, lower
from dispatch.planning.proving import Case, Proof, View, is_late, prove
from dispatch.planning.reasons import (
    CLOSED,
    DEAR_SWAP,
    GONE,
    MAYBE,
    MUST_SWAP,
    Clock,
    Near,
    alone_reason,
    tell_skipped,
    windows_gone,
)
from dispatch.planning.retell import retell
from dispatch.planning.shortages import tied_reason
from dispatch.planning.tied_clauses import list_options
from dispatch.planning.ways import Way, list_ways
from dispatch.rulebook.line import Language, Seconds, Sentence
from dispatch.rulebook.money import cny_of
from solver.arrays import pack
from solver.places import Place, Places
from solver.problem import Problem
from solver.relax import find_least
from solver.tied_ask import TiedPlaces

NEAR_STAFF: Final = 24
"""So many engineers are told one by one, the nearest first; who is barred for good comes last."""

State = Literal["skipped", "late", "served"]

COULD = Sentence(
    "standing.could",
    zh="{engineer} 可在班次 {shift} 上门，总成本变化 {cost} 元",
    en="{engineer} could come in shift {shift}: {cost} CNY on the whole",
)
SERVES = Sentence("standing.serves", zh="{engineer} 在班次 {shift} 上门", en="{engineer} comes in shift {shift}")
FULL = Sentence(
    "standing.full",
    zh="{engineer} 的班次 {shift} 排不进，让出 {out} 才行，总成本变化 {cost} 元",
    en="{engineer}'s shift {shift} is full: only instead of {out}, {cost} CNY on the whole",
)
BUSY = Sentence(
    "standing.busy",
    zh="{engineer} 的现有安排里没有合法位置，让出一单也不够",
    en="{engineer} has no legal place among the visits planned, not even with one visit less",
)
LATE_PLACE = Sentence(
    "late.place",
    zh="{engineer} 可在班次 {shift} 准时上门，但比现在多花 {gap} 元",
    en="{engineer} could be on time in shift {shift}, for {gap} CNY more than now",
)
LATE_CHEAPER = Sentence(
    "late.cheaper",
    zh="{engineer} 可在班次 {shift} 准时上门，且比现在省 {gap} 元：重新规划即可",
    en="{engineer} could be on time in shift {shift} and save {gap} CNY: plan anew",
)
LATE_SWAP = Sentence(
    "late.swap",
    zh="{engineer} 的班次 {shift} 须让出 {out} 才能准时，反而多花 {gap} 元",
    en="{engineer} could be on time in shift {shift} instead of {out}, for {gap} CNY more",
)
LATE_MUST = Sentence(
    "late.must",
    zh="{engineer} 的班次 {shift} 须让出必须上门的 {out} 才能准时",
    en="{engineer} could be on time in shift {shift} only instead of {out}, which must be served",
)
LATE_MAYBE = Sentence(
    "late.maybe",
    zh="{engineer} 的班次 {shift} 若重新安排也许能准时，本次未找到",
    en="{engineer} might be on time in shift {shift} if it were arranged anew, which was not found",
)
PROMISE_LATE = Sentence(
    "late.after",
    zh="{engineer} 最早 {begin} 才能开工，比承诺时限晚 {gap}",
    en="{engineer} can begin at {begin} at the earliest, {gap} after the promise",
)
TIGHT_PROMISE = Sentence(
    "late.tight",
    zh="{engineer} 的班次 {shift} 按现有安排，最早也比承诺时限晚 {gap}",
    en="beside the visits planned, {engineer} could begin in shift {shift} no sooner than {gap} after the promise",
)
PROMISE_GONE = Sentence(
    "late.gone",
    zh="承诺时限 {to} 比最早可开工时间早 {gap}",
    en="the promise ended at {to}, {gap} before work may begin",
)
OF_PROMISE: Final = (
    (TOO_LATE, PROMISE_LATE),
    (TIGHT_LATE, TIGHT_PROMISE),
    (GONE, PROMISE_GONE),
    (CLOSED, PROMISE_GONE),
    (DEAR_SWAP, LATE_SWAP),
    (MUST_SWAP, LATE_MUST),
    (MAYBE, LATE_MAYBE),
)
"""What is said of a ticket that is left out, and of one that is late."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one engineer stands to a ticket in this plan.

    Parameters
    ----------
    kind
        ``serves`` it; ``could`` (a legal place); ``full`` (no legal place beside the visits planned, but one in an empty
        shift); ``barred`` (not even in an empty shift).
    reason
        The first thing that forbids, with what is missing; of ``could`` and ``serves`` code ``displaced`` with the price.
    cost_cny
        ``could``: what the whole plan would cost more, the price of leaving out (or of being late as now) taken off.
    """

    engineer: str
    kind: Literal["serves", "could", "full", "barred"]
    reason: Reason
    cost_cny: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Rival:
    """The next best engineer of a ticket that is served.

    Parameters
    ----------
    cost_cny, terms
        What the plan would cost more with this engineer, the other visits in their order, and of which terms.
    """

    engineer: str
    shift: str
    begin: datetime
    cost_cny: Decimal
    terms: Mapping[str, Decimal]
    moved: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """What there is to say of one ticket.

    Parameters
    ----------
    verdict, reasons
        Of a ticket that is left out: as the format has them. Of one that is late: of being on time. Of others: None, none.
    engineer, shift, begin
        Who comes when; None: nobody.
    standings
        How each engineer stands to it; those who are not told are counted in ``others``.
    rival
        The runner-up; None: nobody else could come, or nobody comes at all.
    ways
        What would change it, proven.
    looked
        Whether places were looked at; False: this is what the plan itself tells, and no more.
    """

    ticket: str
    state: State
    verdict: str | None
    reasons: tuple[Reason, ...]
    engineer: str | None
    shift: str | None
    begin: datetime | None
    standings: tuple[Standing, ...]
    others: int
    rival: Rival | None
    ways: tuple[Way, ...]
    looked: bool = True

    def as_json(self) -> dict[str, object]:
        """Return the explanation for programs and pages."""
        return {
            "ticket": self.ticket,
            "state": self.state,
            "verdict": self.verdict,
            "reasons": [_reason_json(reason) for reason in self.reasons],
            "engineer": self.engineer,
            "shift": self.shift,
            "begin": None if self.begin is None else self.begin.isoformat(),
            "engineers": [
                {
                    "engineer": one.engineer,
                    "kind": one.kind,
                    "cost_cny": None if one.cost_cny is None else f"{one.cost_cny:.2f}",
                    "reason": _reason_json(one.reason),
                }
                for one in self.standings
            ],
            "others": self.others,
            "runner_up": None
            if self.rival is None
            else {
                "engineer": self.rival.engineer,
                "shift": self.rival.shift,
                "begin": self.rival.begin.isoformat(),
                "cost_cny": f"{self.rival.cost_cny:.2f}",
                "terms": {term: f"{cny:.2f}" for term, cny in self.rival.terms.items()},
                "moved": list(self.rival.moved),
            },
            "ways": [way.as_json() for way in self.ways],
            "looked": self.looked,
        }


def list_told(plan: Plan, lang: Language) -> list[Explanation]:
    """Return what a plan itself tells of the tickets that it leaves out, in a language."""
    return [
        Explanation(
            skipped.ticket,
            "skipped",
            skipped.verdict,
            tuple(replace(reason, text=retell(reason.text, lang)) for reason in skipped.reasons),
            engineer=None,
            shift=None,
            begin=None,
            standings=(),
            others=0,
            rival=None,
            ways=(),
            looked=False,
        )
        for skipped in plan.skipped
    ]


class NotTimed(ValueError):  # noqa: N818 - the plan is what is not timed
    """This plan cannot be looked at place by place.

    A route is not legal as the search times it, as when it leaves late to owe a break less; or the search could not have settled what ties
    its visits, as when one of them has parts from two depots.
    """


class Explainer:
    """Explains the tickets of one plan.

    Parameters
    ----------
    request, plan
        A plan that the judge finds legal.
    lang
        Language of the sentences.

    Raises
    ------
    Unsupported
        The request uses what cannot be planned.
    NotTimed
        A route's order of visits is not legal as the search times it, or it does not settle what ties them as the search does.
    """

    def __init__(self, request: Request, plan: Plan, lang: Language = "zh") -> None:
        self.plan, self.lang = plan, lang
        self.lowered = lower(request)
        self.request = self.lowered.request  # without what is finished
        view = View.of(self.lowered, pack(self.lowered.problem), plan)
        if view is None or view.count_left_out(plan):
            message = "the search cannot time this plan's routes as they stand"
            raise NotTimed(message)
        self._view = view
        self._places = view.open()
        self._near = Near(self.lowered)
        self._rows = {ticket.id: row for row, ticket in enumerate(self.request.tickets)}
        self._visits: dict[str, tuple[Route, Stop]] = {
            stop.ticket: (route, stop) for route in plan.routes for stop in route.stops if stop.ticket is not None
        }

    @property
    def is_tied(self) -> bool:
        """Whether visits are tied to each other, or to a plan in force."""
        return self._view.is_tied

    def list_wanting(self) -> list[str]:
        """Return the tickets that are left out or late, in the order of the request."""
        return [ticket.id for ticket in self.request.tickets if self._state_of(ticket) != "served"]

    def explain(self, ticket_id: str, seconds: float | None = None) -> Explanation:
        """Explain one ticket.

        Parameters
        ----------
        seconds
            For it all; what is not found by then is not told. None: as long as it takes.

        Raises
        ------
        KeyError
            The request has no such ticket, or it is finished.
        """
        job = self._rows[ticket_id]
        clock = Clock(seconds)
        state = self._state_of(self.request.tickets[job])
        if state == "skipped":
            return self._skipped(job, clock)
        return self._late(job, clock) if state == "late" else self._served(job, clock)

    def _state_of(self, ticket: Ticket) -> State:
        found = self._visits.get(ticket.id)
        if found is None:
            return "skipped"
        return "late" if is_late(ticket, found[1]) else "served"

    def _skipped(self, job: int, clock: Clock) -> Explanation:
        """Explain a ticket that is left out."""
        bound = tell_bound(self.lowered, self._places, clock, self.lang)
        told = bound.get(job) or tell_skipped(self.lowered, self._places, job, self.lang)
        case = Case(self.lowered, self._places, job, self._view)
        standings, others = self._standings(case, clock)
        ways = list_ways(case, self._near, clock, self.lang)
        return Explanation(
            told.ticket, "skipped", told.verdict, told.reasons, None, None, None, standings, others, None, tuple(ways)
        )

    def _late(self, job: int, clock: Clock) -> Explanation:
        """Explain a ticket that is served late: as one that has to be on time, at the price of coming as now."""
        route, visit = self._visits[self.request.tickets[job].id]
        own = self._without(job)
        ways: list[Way] = []
        verdict: str = "not_found"
        reasons: tuple[Reason, ...] = ()
        standings: tuple[Standing, ...] = ()
        others = 0
        if own is not None:
            places, price = own
            strict = make_strict(self.lowered, job, price)
            on_time = _again(strict, places)
            case = Case(strict, on_time, job, self._view)
            verdict, reasons = self._on_time(case)
            standings, others = self._standings(case, clock, late=True)
            ways = list_ways(case, self._near, clock, self.lang, original=self.request)
        return Explanation(
            self.request.tickets[job].id,
            "late",
            verdict,
            reasons,
            route.engineer,
            route.shift,
            visit.begin,
            standings,
            others,
            self._rival(job, route),
            tuple(ways),
        )

    def _on_time(self, case: Case) -> tuple[str, tuple[Reason, ...]]:
        """Tell impossible, displaced and not found apart, of being on time."""
        place = case.places.find_place(case.job)
        if place is None:
            told = tell_skipped(case.lowered, case.places, case.job, self.lang)
            return told.verdict, tuple(map(self._of_promise, told.reasons))
        spot = Spot(case.lowered, case.places, case.job, place.tour)
        over = place.grains - case.limit_grains
        params = {**spot.params, "gap": cny_of(abs(over))}
        if over < 0:
            return "not_found", (Reason("not_found", LATE_CHEAPER.say(self.lang, params), spot.engineer.id),)
        text = LATE_PLACE.say(self.lang, params)
        return "displaced", (Reason("displaced", text, spot.engineer.id, Gap(cny_of(over), "CNY")),)

    def _of_promise(self, reason: Reason) -> Reason:
        """Say of being on time what was said of a window that stands for the promise, or of coming at all."""
        for sentence, promise in OF_PROMISE:
            params = sentence.read(reason.text)
            if params is not None:
                return replace(reason, text=promise.say(self.lang, params))
        return reason

    def _served(self, job: int, clock: Clock) -> Explanation:
        """Explain a ticket that is served on time: why by this engineer."""
        route, visit = self._visits[self.request.tickets[job].id]
        own = self._without(job)
        standings: tuple[Standing, ...] = ()
        others = 0
        if own is not None:
            case = Case(self.lowered, own[0], job, self._view)
            standings, others = self._standings(case, clock, price=own[1], serving=route)
        return Explanation(
            self.request.tickets[job].id,
            "served",
            None,
            (),
            route.engineer,
            route.shift,
            visit.begin,
            standings,
            others,
            self._rival(job, route),
            (),
        )

    def _without(self, job: int) -> tuple[Places, int] | None:
        """Return the plan without a ticket, and what serving it costs now; None: without it a route is not legal."""
        places = self._view.open()
        saved = places.take_out(job)
        return None if saved is None else (places, -saved)

    def _rival(self, job: int, route: Route) -> Rival | None:
        """Return the cheapest place with another engineer, the other visits in their order."""
        own = self._without(job)
        if own is None:
            return None
        case = Case(self.lowered, own[0], job, self._view)
        best: tuple[Place, Spot] | None = None
        for tour in range(len(self.lowered.tours)):
            spot = Spot(self.lowered, case.places, job, tour)
            place = None if spot.engineer.id == route.engineer else case.places.find_in(job, tour)
            if place is not None and (best is None or place.grains < best[0].grains):
                best = place, spot
        if best is None:
            return None
        spot = best[1]
        proof = self._judged(case, spot, route)
        if proof is None:
            return None
        return Rival(spot.engineer.id, spot.shift.id, proof.begin, proof.cost_cny, proof.terms, proof.moved)

    def _judged(self, case: Case, spot: Spot, route: Route) -> Proof | None:
        """Judge the plan in which another engineer comes."""
        return prove(case, self.request, spot.engineer.id, spot.shift.id, others=[route.engineer])

    # ----------------------------------------------------------------------------------------------- engineer by engineer

    def _standings(
        self, case: Case, clock: Clock, *, price: int | None = None, serving: Route | None = None, late: bool = False
    ) -> tuple[tuple[Standing, ...], int]:
        """Tell how the nearest engineers stand to a ticket, those who could first, and count the others."""
        told: list[Standing] = []
        if windows_gone(case.lowered, case.job, self.lang) is not None:
            return (), 0  # it holds for everybody, and is told once
        workers = list(self._near.workers(case.job))
        if price is None:  # of what must be served nothing comes off: leaving it out has no price in CNY
            price = 0 if case.lowered.problem.job_mandatory[case.job] else case.limit_grains
        for worker in workers:
            if clock.is_over():
                break
            engineer = self.request.engineers[worker]
            if serving is not None and engineer.id == serving.engineer:
                params: dict[str, object] = {"engineer": engineer.id, "shift": serving.shift}
                told.append(
                    Standing(engineer.id, "serves", Reason("displaced", SERVES.say(self.lang, params), engineer.id))
                )
                continue
            standing = self._standing(case, worker, price)
            told.append(replace(standing, reason=self._of_promise(standing.reason)) if late else standing)
        order = ("serves", "could", "full", "barred")
        told.sort(key=lambda one: (order.index(one.kind), one.cost_cny or Decimal(0)))
        return tuple(told[:NEAR_STAFF]), len(workers) - min(len(told), NEAR_STAFF)

    def _standing(self, case: Case, worker: int, limit: int) -> Standing:
        """Tell the first thing that keeps one engineer from a ticket; ``limit``: what it costs without him, grains."""
        lowered, engineer = case.lowered, case.lowered.request.engineers[worker]
        ban = ban_of(lowered.request.tickets[case.job], lowered, worker, self.lang)
        if ban is not None:
            return Standing(engineer.id, "barred", ban)
        tours = _tours_of(lowered.problem, worker)
        places = [place for tour in tours if (place := case.places.find_in(case.job, tour)) is not None]
        if places:
            place = min(places, key=lambda each: each.grains)
            if not case.places.keeps_budget(case.job, place):
                return Standing(engineer.id, "full", over_budget(lowered, place, self.lang))
            cost = cny_of(place.grains - limit)
            spot = Spot(lowered, case.places, case.job, place.tour)
            text = COULD.say(self.lang, {**spot.params, "cost": f"{cost:+.2f}"})
            return Standing(engineer.id, "could", Reason("displaced", text, engineer.id, Gap(abs(cost), "CNY")), cost)
        legal = lowered.problem.couplings is None or case.places.tours_alone(case.job)[list(tours)].any()
        alone = time_reason(lowered, case.job, worker, self.lang) if lowered.problem.couplings is None else None
        if not legal:
            alone = alone_reason(lowered, case.places, case.job, worker, self.lang)
        if alone is not None:
            return Standing(engineer.id, "barred", alone)
        tight = self._tight(case, tours)
        return Standing(engineer.id, "full", tight or self._crowded(case, engineer, tours))

    def _tight(self, case: Case, tours: range) -> Reason | None:
        """Return the one clause without which there would be a place beside the visits planned: the one that misses least."""
        best: tuple[tuple[bool, int], Reason] | None = None
        for tour in tours:
            spot = Spot(case.lowered, case.places, case.job, tour)
            for option in list_options(spot):
                found = find_least(case.places, case.job, tour, option.cells, option.most)
                if found is None or option.ban:
                    continue
                amount = found[0]
                gap = Seconds(amount) if option.unit == "s" else amount
                params = {**spot.params, **option.params, **option.tell(amount), "gap": gap}
                missing = None if option.unit is None else Gap(Decimal(amount), option.unit)
                reason = Reason(option.code, option.obstacle.say(self.lang, params), spot.engineer.id, missing)
                rank = option.unit != "s", amount
                if best is None or rank < best[0]:
                    best = rank, reason
        return None if best is None else best[1]

    def _crowded(self, case: Case, engineer: Engineer, tours: range) -> Reason:
        """Tell the visit that would have to go."""
        swaps = [swap for tour in tours if (swap := case.places.find_swap(case.job, tour)) is not None]
        tied = [
            reason
            for tour in tours
            if (reason := tied_reason(case.lowered, case.places, case.job, tour, self.lang, beside=True))
        ]
        if not swaps and tied:
            return tied[0]
        if not swaps:
            return Reason("displaced", BUSY.say(self.lang, {"engineer": engineer.id}), engineer.id)
        swap = min(swaps, key=lambda each: each.grains)
        spot = Spot(case.lowered, case.places, case.job, swap.tour)
        out = self.request.tickets[swap.out].id
        cost = cny_of(swap.grains)
        must = bool(case.lowered.problem.job_mandatory[swap.out])
        text = FULL.say(self.lang, {**spot.params, "out": out, "cost": "—" if must else f"{cost:+.2f}"})
        return Reason("displaced", text, engineer.id, None if must else Gap(abs(cost), "CNY"))


def make_strict(lowered: Lowered, job: int, price_grains: int) -> Lowered:
    """Return a request in which one ticket has to be on time, or be left out at a price.

    Its windows end when it has to begin; its work ends by when it has to end, with whomever.
    """
    request, problem = lowered.request, lowered.problem
    ticket = request.tickets[job]
    windows = ticket.windows
    if ticket.arrive is not None:
        by = ticket.arrive.by
        opens = max(request.now, ticket.release or request.now)
        whole = windows or ((min(opens, by), by),)
        windows = tuple((low, min(high, by)) for low, high in whole if low <= by) or ((by, by),)
    strict = replace(
        request, tickets=tuple(replace(one, windows=windows) if one is ticket else one for one in request.tickets)
    )
    again = lower(strict)
    problem = again.problem
    finish_by_s = problem.finish_by_s[problem.job_profile[job]].copy()
    if ticket.resolve is not None:
        finish_by_s = np.minimum(finish_by_s, max(0, again.lowering.at_s(ticket.resolve.by)))
    profile = problem.job_profile.copy()
    profile[job] = len(problem.fit_grains)
    skip, must = problem.job_skip_grains.copy(), problem.job_mandatory.copy()
    skip[job], must[job] = max(0, price_grains), False
    changed = replace(
        problem,
        job_profile=profile,
        fit_grains=np.vstack([problem.fit_grains, problem.fit_grains[problem.job_profile[job]]]),
        finish_by_s=np.vstack([problem.finish_by_s, finish_by_s]),
        job_skip_grains=skip,
        job_mandatory=must,
    )
    return replace(again, problem=changed)


def _again(lowered: Lowered, places: Places) -> Places:
    """Return the same tours in a request that asks for more."""
    arrays = pack(lowered.problem)
    if isinstance(places, TiedPlaces):
        return TiedPlaces(lowered.problem, places.routes, arrays, places.held)
    return Places(lowered.problem, places.routes, arrays)


def _tours_of(problem: Problem, worker: int) -> range:
    """Return the tours of a worker."""
    return range(int(problem.worker_tour_first[worker]), int(problem.worker_tour_first[worker + 1]))


def _reason_json(reason: Reason) -> dict[str, object]:
    """Return a reason as the format has it."""
    gap = None if reason.gap is None else {"value": float(reason.gap.value), "unit": reason.gap.unit}
    return {"code": reason.code, "engineer": reason.engineer, "gap": gap, "text": reason.text}
