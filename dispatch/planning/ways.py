"""What would get a ticket into a plan: the smallest single relaxations, each proven by planning it and judging the plan.

First the kernels look how much wider each clause (:mod:`dispatch.planning.clauses`) would have to be in each near shift. Of each
kind the smallest is taken, in whole minutes, written as a request, and planned from the plan as start: the ticket goes where it is
cheapest in that shift. The judge prices that plan and the one before; what it finds illegal is never told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from dispatch.format.model import Engineer, Gap, Plan, Request, Ticket
from dispatch.planning.clauses import Option, Spot, with_ticket
from dispatch.planning.proving import Case, Proof, prove, prove_whole
from dispatch.planning.reasons import Clock, Near
from dispatch.planning.tied_clauses import list_options
from dispatch.rulebook.line import Language, Seconds, Sentence
from dispatch.rulebook.money import CENT, cny_of
from solver.places import Place
from solver.relax import find_least

LOOKED_AT: Final = 60
"""So many shifts are looked at, the nearest by their start and visits."""

PROVEN_MOST: Final = 2
"""Of each kind so many are tried until one is proven."""

MORE_CHANGES_MOST: Final = 3
"""By more visits than this no budget of changes is raised."""

UNPINNED_MOST: Final = 4
"""So many pins of near shifts are let go of, one after another."""

WORTH = Sentence(
    "way.worth",
    zh="未排代价提高到 {price} 元（现 {skip} 元），由 {engineer} 上门",
    en="make leaving it out cost {price} CNY (now {skip} CNY): {engineer} would come",
)
INSTEAD = Sentence(
    "way.instead",
    zh="{engineer} 的班次 {shift} 让出 {out}",
    en="{engineer} comes in shift {shift} instead of {out}",
)
MORE_CHANGES = Sentence(
    "way.change_budget",
    zh="允许多变动 {gap} 次上门（上限 {limit} 次），由 {engineer} 上门",
    en="let {gap} more visits be changed ({limit} in all): {engineer} would come",
)
UNPINNED = Sentence(
    "way.pinned",
    zh="解除 {other} 对 {who} 的锁定，由 {engineer} 上门",
    en="unpin {other} from {who}: {engineer} would come",
)
EXTRA = Sentence(
    "way.engineer",
    zh="增加一名工程师，班次和出发点同 {engineer}{brings}",
    en="one more engineer, with hours and start as {engineer}{brings}",
)
EXTRA_SKILLED = Sentence(
    "way.engineer_skilled",
    zh="增加一名具备 {skills} 的工程师，班次和出发点同 {engineer}{brings}",
    en="one more engineer who has {skills}, with hours and start as {engineer}{brings}",
)


@dataclass(frozen=True, slots=True)
class Way:
    """One relaxation with which a ticket is served; proven: that plan is legal and was judged.

    Parameters
    ----------
    code
        What is relaxed: a code of the format's reasons, or ``worth``, ``instead``, ``engineer``.
    text
        It in a sentence.
    engineer, shift
        Who would come, and in which shift; an engineer who is not there yet is one like this.
    begin
        When the work would begin.
    gap
        How much is relaxed; None: no amount.
    cost_cny
        What the whole plan would cost more, prices of leaving out included; below 0 it saves.
    moved
        Tickets whose times or engineers would change.
    left_out
        Tickets that would be left out instead.
    by
        Who would come, in the relaxed request: one more engineer has a new id there.
    request
        The relaxed request.
    plan
        The plan that proves it; of the whole request where visits are tied, else of the part that changes.
    """

    code: str
    text: str
    engineer: str
    shift: str
    begin: datetime
    gap: Gap | None
    cost_cny: Decimal
    moved: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    by: str = ""
    request: Request | None = field(default=None, repr=False, compare=False)
    plan: Plan | None = field(default=None, repr=False, compare=False)

    def as_json(self) -> dict[str, object]:
        """Return the way for programs and pages."""
        return {
            "code": self.code,
            "text": self.text,
            "engineer": self.engineer,
            "shift": self.shift,
            "begin": self.begin.isoformat(),
            "gap": None if self.gap is None else {"value": float(self.gap.value), "unit": self.gap.unit},
            "cost_cny": f"{self.cost_cny:.2f}",
            "moved": list(self.moved),
            "left_out": list(self.left_out),
        }


# ----------------------------------------------------------------------------------------------------------------- ways


@dataclass(frozen=True, slots=True)
class _Found:
    """How much wider one clause has to be in one shift."""

    spot: Spot
    option: Option
    amount: int
    place: Place


def list_ways(case: Case, near: Near, clock: Clock, lang: Language, original: Request | None = None) -> list[Way]:
    """Return the ways in which a ticket would be served, those that pay first, then the cheapest.

    Parameters
    ----------
    near
        Which shifts are near.
    clock
        Once it is over no more are looked for.
    original
        What was planned, where the case asks for more: that the ticket be on time.
    """
    finder = _Finder(case, near, clock, lang, original)
    ways = [*finder.wider(), *finder.others()]
    return sorted(ways, key=lambda way: (bool(way.left_out), way.cost_cny > 0, way.cost_cny))


@dataclass(frozen=True, slots=True)
class _Finder:
    """Looks for ways."""

    case: Case
    near: Near
    clock: Clock
    lang: Language
    original: Request | None

    def wider(self) -> Iterator[Way]:
        """Give the smallest relaxation of each clause, if one is proven."""
        kinds: dict[str, list[_Found]] = {}
        for found in self._look():
            kinds.setdefault(found.option.way.code, []).append(found)
        for rows in kinds.values():
            rows.sort(key=lambda found: (found.amount, found.place.grains))
            for found in rows[:PROVEN_MOST]:
                if self.clock.is_over():
                    return
                way = self._prove(found)
                if way is not None:
                    yield way
                    break

    def _look(self) -> Iterator[_Found]:
        """Look how much wider each clause would have to be in each near shift: so that it pays, else so that it is legal."""
        case, places = self.case, self.case.places
        limit = case.limit_grains
        has_place = places.find_place(case.job) is not None
        for tour in self.near.all_tours(case.job, places.routes)[:LOOKED_AT]:
            if self.clock.is_over():
                return
            spot = Spot(case.lowered, places, case.job, tour)
            for option in list_options(spot):
                found = None
                for below in (limit,) if has_place else (limit, None):
                    if option.least == option.most:
                        place = places.find_in(case.job, tour, option.cells(option.most))
                        is_found = place is not None and (option.ban or below is None or place.grains < below)
                        found = (option.most, place) if place is not None and is_found else None
                    else:
                        found = find_least(places, case.job, tour, option.cells, option.most, below)
                    if found is not None:
                        break
                if found is not None:
                    yield _Found(spot, option, *found)

    def _prove(self, found: _Found) -> Way | None:
        """Prove a relaxation in whole minutes."""
        spot, option, amount = found.spot, found.option, found.amount
        if option.unit == "s":
            amount = min(-(-amount // 60) * 60, option.most)
        relaxed = option.relax(amount)
        proof = prove(self.case, relaxed, spot.engineer.id, spot.shift.id, original=self.original)
        if proof is None:
            return None
        gap = Seconds(amount) if option.unit == "s" else amount
        params = {**spot.params, **option.params, **option.tell(amount), "gap": gap}
        return self._way(
            option.code,
            option.way.say(self.lang, params),
            spot,
            relaxed,
            proof,
            gap=None if option.unit is None else Gap(Decimal(amount), option.unit),
        )

    def others(self) -> Iterator[Way]:
        """Give what no clause is about: a higher price of leaving out, another visit left out, one more engineer."""
        for kind in (self._worth, self._instead, self._extra, self._more_changes, self._unpin):
            if self.clock.is_over():
                return
            way = kind()
            if way is not None:
                yield way

    def _worth(self) -> Way | None:
        """Make leaving the ticket out dearer than its cheapest place."""
        case, request = self.case, self.case.lowered.request
        place = case.places.find_place(case.job)
        skip = request.tickets[case.job].skip_cost
        if place is None or skip is None or self.original is not None or place.grains < case.limit_grains:
            return None
        worth = cny_of(place.grains) + CENT
        spot = Spot(case.lowered, case.places, case.job, place.tour)
        relaxed = with_ticket(request, replace(spot.ticket, skip_cost=worth))
        proof = prove(case, relaxed, spot.engineer.id, spot.shift.id)
        if proof is None:
            return None
        params = {**spot.params, "price": worth, "skip": f"{skip:.2f}"}
        text = WORTH.say(self.lang, params)
        return self._way("worth", text, spot, relaxed, proof, gap=Gap(worth - skip, "CNY"))

    def _instead(self) -> Way | None:
        """Leave another ticket out, that need not be served: the cheapest of the near shifts."""
        case, problem = self.case, self.case.lowered.problem
        if self.original is not None:
            return None
        legal = case.places.tours_alone(case.job)
        swaps = [
            swap
            for tour in self.near.tours(case.job, legal, case.places.routes)
            if (swap := case.places.find_swap(case.job, tour)) is not None and not problem.job_mandatory[swap.out]
        ]
        if not swaps:
            return None
        swap = min(swaps, key=lambda each: each.grains)
        spot = Spot(case.lowered, case.places, case.job, swap.tour)
        out = case.lowered.request.tickets[swap.out].id
        proof = prove(case, case.lowered.request, spot.engineer.id, spot.shift.id, left_out=[out])
        if proof is None:
            return None
        text = INSTEAD.say(self.lang, {**spot.params, "out": out})
        return self._way("instead", text, spot, case.lowered.request, proof, left_out=(out,))

    def _extra(self) -> Way | None:
        """Let one more engineer work: like one whose shift begins near, with the skills that the ticket needs."""
        case, request = self.case, self.case.lowered.request
        ticket = request.tickets[case.job]
        if ticket.only is not None:
            return None
        likes: dict[str, int] = {}
        for tour in self.near.all_tours(case.job, case.places.routes):
            likes.setdefault(case.lowered.engineer(tour).id, tour)
        able = case.places.tours_alone(case.job)
        tours = sorted(likes.values(), key=lambda tour: not able[tour])[:3]
        for tour in tours:
            if self.clock.is_over():
                return None
            spot = Spot(case.lowered, case.places, case.job, tour)
            for brings in ("", "brings") if ticket.parts or ticket.tools else ("",):
                extra = _like(spot.engineer, ticket, {one.id for one in request.engineers}, is_equipped=bool(brings))
                relaxed = replace(request, engineers=(*request.engineers, extra))
                if ticket.crew > 1:
                    proof = prove_whole(case, relaxed, original=self.original)
                else:
                    proof = prove(case, relaxed, extra.id, spot.shift.id, original=self.original)
                if proof is None:
                    continue
                text = self._say_extra(spot, brings)
                return self._way(
                    "engineer", text, spot, relaxed, proof, by=extra.id if ticket.crew == 1 else proof.where[0]
                )
        return None

    def _say_extra(self, spot: Spot, brings: str) -> str:
        """Say what one more engineer has to know, and to bring along."""
        ticket = spot.ticket
        level, comma, joined = (
            (" level {1}", ", ", " and brings ") if self.lang == "en" else (" {1} 级", "、", "，自带 ")
        )
        skills = comma.join(("{0}" + level).format(name, need) for name, need in ticket.requires.items())
        if brings:
            items = [*(f"{part} × {quantity}" for part, quantity in ticket.parts.items()), *ticket.tools]
            brings = joined + comma.join(items)
        return (EXTRA_SKILLED if skills else EXTRA).say(self.lang, {**spot.params, "skills": skills, "brings": brings})

    def _more_changes(self) -> Way | None:
        """Let more visits be changed than may be: the fewest that will do."""
        request = self.case.lowered.request
        budget = None if request.previous is None else request.previous.max_changes
        if request.previous is None or budget is None:
            return None
        for more in range(1, MORE_CHANGES_MOST + 1):
            if self.clock.is_over():
                return None
            relaxed = replace(request, previous=replace(request.previous, max_changes=budget + more))
            proof = prove_whole(self.case, relaxed, original=self.original)
            if proof is not None and self._helps(proof):
                spot = self._spot_of(proof)
                text = MORE_CHANGES.say(self.lang, {**spot.params, "gap": more, "limit": budget + more})
                return self._way("change_budget", text, spot, relaxed, proof, gap=Gap(Decimal(more), "qty"))
        return None

    def _unpin(self) -> Way | None:
        """Let go of a pin: the ticket's own, or one in a near shift, whose visit then goes where it is cheapest."""
        request = self.case.lowered.request
        if request.previous is None:
            return None
        pinned = [one for one in request.previous.visits if one.pin != "none" or one.state == "travelling"]
        own = [one for one in pinned if one.ticket == self.case.ticket_id]
        near = self.near.all_tours(self.case.job, self.case.places.routes)
        tours = [(self.case.lowered.engineer(tour).id, self.case.lowered.tours[tour].shift.id) for tour in near]
        others = [
            one for where in tours for one in pinned if (one.engineer, one.shift) == where and one.state != "travelling"
        ]
        come = {stop.ticket for route in self.case.without.routes for stop in route.stops}
        best: tuple[Way, Decimal] | None = None
        for one in own or [one for one in others if one.ticket in come][:UNPINNED_MOST]:
            if self.clock.is_over():
                break
            freed = replace(one, pin="none", state="planned")
            visits = tuple(freed if each is one else each for each in request.previous.visits)
            relaxed = replace(request, previous=replace(request.previous, visits=visits))
            if own:
                proof = prove_whole(self.case, relaxed, original=self.original)
            else:
                where = one.engineer, one.shift
                proof = prove_whole(self.case, relaxed, where, moved=one.ticket, original=self.original)
            if proof is None or (best is not None and proof.cost_cny >= best[1]):
                continue
            spot = self._spot_of(proof)
            text = UNPINNED.say(self.lang, {**spot.params, "other": one.ticket, "who": one.engineer})
            best = self._way("pinned", text, spot, relaxed, proof), proof.cost_cny
        return None if best is None else best[0]

    def _helps(self, proof: Proof) -> bool:
        """Tell whether a plan serves the ticket more cheaply than it is left out."""
        return self.original is not None or proof.cost_cny < 0 or self.case.lowered.problem.job_mandatory[self.case.job]

    def _spot_of(self, proof: Proof) -> Spot:
        """Return where a plan serves the ticket."""
        lowered = self.case.lowered
        rows = range(len(lowered.tours))
        tour = next(row for row in rows if (lowered.engineer(row).id, lowered.tours[row].shift.id) == proof.where)
        return Spot(lowered, self.case.places, self.case.job, tour)

    def _way(
        self,
        code: str,
        text: str,
        spot: Spot,
        relaxed: Request,
        proof: Proof,
        *,
        gap: Gap | None = None,
        left_out: tuple[str, ...] = (),
        by: str = "",
    ) -> Way:
        """Return a way that is proven."""
        return Way(
            code,
            text,
            spot.engineer.id,
            spot.shift.id,
            proof.begin,
            gap,
            proof.cost_cny,
            proof.moved,
            left_out,
            by or spot.engineer.id,
            relaxed,
            proof.plan,
        )


def _like(engineer: Engineer, ticket: Ticket, taken: set[str], *, is_equipped: bool) -> Engineer:
    """Return one more engineer, like another: as skilled as a ticket asks at least, and as quick, with an empty van or what it needs."""
    number = 1
    while f"{engineer.id}+{number}" in taken:
        number += 1
    skills = {name: max(level, engineer.skills.get(name, 0)) for name, level in ticket.requires.items()}
    return replace(
        engineer,
        id=f"{engineer.id}+{number}",
        name=None,
        skills={**engineer.skills, **skills},
        skills_until={},
        max_busy_s=None,
        van=dict(ticket.parts) if is_equipped else {},
        tools=ticket.tools if is_equipped else (),
    )
