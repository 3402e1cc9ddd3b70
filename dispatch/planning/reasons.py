"""Why a ticket is left out: a verdict and reasons that were verified before they are told.

``impossible``: no shift could take the ticket even in an empty plan, tried one by one with the search's own kernels. The
reasons name the engineers who come closest, at most :data:`TOLD_MAX`, and count the others.

``displaced``: some shift could, but every place in the plan, tried one by one, costs more than leaving the ticket out, or
asks for visits that are worth more. The reasons say which, and what is missing in CNY. Of shifts in which something would
have to go, the nearest :data:`NEAR_TOURS` are tried.

``not_found``: a cheaper plan with the ticket may exist and was not found, or time was over before every place was tried.

Before anything is told, :func:`settle` takes every place and every exchange that turns out to be cheaper.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from dispatch.format.model import Gap, Reason, Skipped
from dispatch.planning.diagnose import ban_of, needs_no_early_start, time_reason
from dispatch.planning.lower import Lowered
from dispatch.planning.shortages import (
    AFTER,
    find_before,
    find_lack,
    lacking_at_all,
    may_need_two_stops,
    needs_two_stops,
    tied_reason,
)
from dispatch.rulebook.line import Language, Seconds, Sentence
from dispatch.rulebook.money import cny_of
from dispatch.rulebook.visits import whole_s
from solver.places import OutOfTime, Place, Places
from solver.problem import EARTH_RADIUS_M, I64, Tables

TOLD_MAX = 6
"""So many engineers are told for one ticket; the others are counted."""

DIAGNOSED_MAX = 24
"""Of the engineers who may serve a ticket and have no time for it, so many (the nearest) are looked at one by one."""

NEAR_TOURS = 12
"""So many shifts are tried for what would have to go; the nearest by their start and visits."""

LACKS_TOLD = 3
"""So many engineers are told who lack a part or a tool of a ticket that is displaced."""

ROUNDS = 8
"""Of looking for cheaper places and exchanges."""

NOBODY = Sentence("nobody", zh="请求中没有可用的班次", en="there is no shift in the time that is planned")
GONE = Sentence(
    "window.gone",
    zh="可上门时段已于 {to} 全部结束，早于现在 {gap}",
    en="the last window ended at {to}, {gap} before now",
)
CLOSED = Sentence(
    "window.closed",
    zh="可上门时段于 {to} 全部结束，早于最早可开始时间 {gap}",
    en="the last window ends at {to}, {gap} before the release",
)
OTHERS = {
    "skill": Sentence("others.skill", zh="另有 {n} 名工程师技能不符", en="{n} other engineers lack a skill"),
    "only_never": Sentence(
        "others.only_never", zh="另有 {n} 名工程师不在可派之列", en="{n} other engineers may not come"
    ),
    "pair": Sentence("others.pair", zh="另有 {n} 名工程师被规则禁止", en="a rule forbids {n} other engineers"),
    "not_found": Sentence(
        "others.time",
        zh="另有 {n} 名工程师也没有合法位置，未逐一说明",
        en="{n} other engineers have no legal place either, not told one by one",
    ),
}
DEAR_PLACE = Sentence(
    "displaced.place",
    zh="可由 {engineer} 在班次 {shift} 上门，但需多花 {price} 元，高于不排的代价 {skip} 元",
    en="{engineer} could come in shift {shift} for {price} CNY, more than the {skip} CNY of leaving it out",
)
DEAR_SWAP = Sentence(
    "displaced.swap",
    zh="{engineer} 的班次 {shift} 须让出 {out} 才排得进，反而多花 {gap} 元",
    en="{engineer} could come in shift {shift} instead of {out}, for {gap} CNY more",
)
MUST_SWAP = Sentence(
    "displaced.must",
    zh="{engineer} 的班次 {shift} 须让出必须上门的 {out} 才排得进",
    en="{engineer} could come in shift {shift} only instead of {out}, which must be served",
)
MAYBE = Sentence(
    "not_found.maybe",
    zh="{engineer} 的班次 {shift} 若重新安排也许排得进，本次未找到",
    en="{engineer} might come in shift {shift} if it were arranged anew, which was not found",
)
NO_TIME = Sentence(
    "not_found.time", zh="计算时间已到，未逐一核对所有位置", en="time was over before every place had been tried"
)
LATER = Sentence(
    "not_found.later",
    zh="{engineer} 的班次 {shift} 若晚些出发也许排得进，本次未找到",
    en="{engineer} might come in shift {shift} if the route left later, which was not found",
)


class Clock:
    """The time that is left to find improvements and reasons, step by step."""

    def __init__(self, seconds: float | None) -> None:
        """Start the clock; None: no limit."""
        self._until = None if seconds is None else time.monotonic() + seconds
        self._asked: float | None = None
        self._longest_s = 0.0

    def is_over(self) -> bool:
        """Tell whether the time is over: whether a step as long as the longest since the first call would end too late."""
        now = time.monotonic()
        if self._asked is not None:
            self._longest_s = max(self._longest_s, now - self._asked)
        self._asked = now
        return self._until is not None and now + self._longest_s >= self._until

    def check(self) -> None:
        """Raise :class:`OutOfTime` once :meth:`is_over`."""
        if self.is_over():
            raise OutOfTime


def settle(lowered: Lowered, places: Places, clock: Clock) -> None:
    """Take every place that is cheaper than leaving a ticket out, and every exchange that pays, until none is left.

    The dearest tickets come first; mandatory ones are dearer than all others. Exchanges are looked for in the nearest
    :data:`NEAR_TOURS` shifts. ``places`` changes.
    """
    with places.ticking(clock.check), suppress(OutOfTime):
        _settle(lowered, places, clock)


def _settle(lowered: Lowered, places: Places, clock: Clock) -> None:
    """Settle until none is left or time is over."""
    near = Near(lowered)
    for _ in range(ROUNDS):
        changed = False
        for job in _unserved(places):
            if clock.is_over():
                return
            place = places.find_place(job)
            must = bool(lowered.problem.job_mandatory[job])
            if place is not None and (must or place.grains < places.skip_grains(job)):
                changed = places.insert(job, place) or changed
        for job in _unserved(places):
            if clock.is_over():
                return
            swaps = [places.find_swap(job, tour) for tour in near.tours(job, places.tours_alone(job), places.routes)]
            best = min((swap for swap in swaps if swap is not None), key=lambda swap: swap.grains, default=None)
            if best is not None and best.grains < 0:
                changed = places.exchange(job, best) or changed
        if not changed:
            return


def explain(lowered: Lowered, places: Places, clock: Clock, lang: Language = "zh") -> dict[int, Skipped]:
    """Return verdict and reasons of each ticket left out, by row.

    Parameters
    ----------
    lowered, places
        The problem and the tours of the plan, which do not change.
    clock
        Once it is over, the tickets that are left are told as not found for want of time. Impossible ones come first, then
        the dearest.
    lang
        Language of the sentences.
    """
    teller = _Teller(lowered, places, Near(lowered), lang)
    left = _unserved(places)
    legal: dict[int, NDArray[np.bool_]] = {}
    untold = "not_found", [Reason("not_found", NO_TIME.say(lang, {}))]
    told = dict.fromkeys(left, untold)
    with places.ticking(clock.check), suppress(OutOfTime):
        for job in left:
            clock.check()
            legal[job] = places.tours_alone(job)
    impossible_first = sorted(legal, key=lambda job: bool(legal[job].any()))
    with places.ticking(clock.check), suppress(OutOfTime):
        for job in impossible_first:
            clock.check()
            told[job] = teller.tell(job, legal[job])
    return {
        job: Skipped(lowered.request.tickets[job].id, verdict, tuple(reasons))
        for job, (verdict, reasons) in told.items()
    }


def tell_skipped(lowered: Lowered, places: Places, job: int, lang: Language = "zh") -> Skipped:
    """Return verdict and reasons of one ticket that these tours leave out; a cheaper place that it has is told as not found."""
    verdict, reasons = _Teller(lowered, places, Near(lowered), lang).tell(job, places.tours_alone(job))
    return Skipped(lowered.request.tickets[job].id, verdict, tuple(reasons))


def windows_gone(lowered: Lowered, job: int, lang: Language) -> Reason | None:
    """Return the reason that holds for everybody: the windows end before now or before the release; None: one is left."""
    request = lowered.request
    ticket = request.tickets[job]
    if not ticket.windows:
        return None
    last = max(high for _, high in ticket.windows)
    released = request.now if ticket.release is None else max(request.now, ticket.release)
    if last >= released:
        return None
    gap_s = whole_s(last, released)
    sentence = GONE if released == request.now else CLOSED
    params: dict[str, object] = {"to": last.strftime("%m-%d %H:%M"), "gap": Seconds(gap_s)}
    return Reason("window", sentence.say(lang, params), gap=Gap(Decimal(gap_s), "s"))


def alone_reason(lowered: Lowered, places: Places, job: int, worker: int, lang: Language) -> Reason | None:
    """Return why an engineer who may serve a ticket cannot, alone: for want of time, or of what ties it to others."""
    reason = time_reason(lowered, job, worker, lang, places.tick)
    if reason is not None or lowered.problem.couplings is None:
        return reason
    first = lowered.problem.worker_tour_first
    told = [
        tied_reason(lowered, places, job, tour, lang, beside=False)
        for tour in range(int(first[worker]), int(first[worker + 1]))
    ]
    return next((one for one in told if one is not None), None)


def _unserved(places: Places) -> list[int]:
    """Return the jobs that are not served, the dearest first."""
    served = {job for jobs in places.routes for job in jobs}
    left = [job for job in range(places.problem.n_tickets) if job not in served]
    return sorted(left, key=lambda job: (-places.skip_grains(job), job))


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells why one ticket after another is left out."""

    lowered: Lowered
    places: Places
    near: Near
    lang: Language

    def tell(self, job: int, legal: NDArray[np.bool_]) -> tuple[str, list[Reason]]:
        """Return verdict and reasons; ``legal`` tells the shifts that could take the ticket alone."""
        if not legal.any():
            return self._impossible(job)
        before = find_before(self.lowered, self.places, job)
        if before is not None:
            return self._behind(before)
        place = self.places.find_place(job)
        if place is not None:
            return self._dear(job, place)
        return self._crowded(job, legal)

    # ------------------------------------------------------------------------------------------------- impossible

    def _impossible(self, job: int) -> tuple[str, list[Reason]]:
        """Tell who comes closest to a ticket that no shift can take."""
        lowered, ticket = self.lowered, self.lowered.request.tickets[job]
        if not lowered.tours:
            return "impossible", [Reason("shift_hours", NOBODY.say(self.lang, {}))]
        gone = windows_gone(lowered, job, self.lang) or lacking_at_all(lowered, job, self.lang)
        if gone is not None:
            return "impossible", [gone]
        before = find_before(lowered, self.places, job)
        if before is not None and not self.places.tours_alone(before).any():
            return self._behind(before)
        bans: list[tuple[Decimal, Reason]] = []
        free: list[int] = []
        for worker in self.near.workers(job):
            ban = ban_of(ticket, lowered, worker, self.lang)
            if ban is None:
                free.append(worker)
            else:
                bans.append((ban.gap.value if ban.gap else Decimal(0), ban))
        reasons = [
            reason
            for worker in free[:DIAGNOSED_MAX]
            if (reason := alone_reason(lowered, self.places, job, worker, self.lang)) is not None
        ]
        unsure = self._two_stops(job)
        if unsure is not None:
            return "not_found", [unsure]
        late = self._later(job, reasons)
        if late is not None:
            return "not_found", [late]
        reasons.sort(key=lambda reason: (reason.gap is None, reason.gap.value if reason.gap else Decimal(0)))
        told = reasons[:TOLD_MAX]
        bans.sort(key=lambda item: item[0])
        told += [reason for _, reason in bans[: TOLD_MAX - len(told)]]
        named = {reason.engineer for reason in told}
        others = Counter(reason.code for _, reason in bans if reason.engineer not in named)
        others["not_found"] += len(free) - sum(lowered.request.engineers[worker].id in named for worker in free)
        told += [Reason(code, OTHERS[code].say(self.lang, {"n": count})) for code, count in others.items() if count > 0]
        return "impossible", told

    def _two_stops(self, job: int) -> Reason | None:
        """Return who might come by way of two depots, which the search does not plan."""
        lowered, ticket = self.lowered, self.lowered.request.tickets[job]
        for tour, row in enumerate(lowered.tours if may_need_two_stops(lowered, job) else ()):
            self.places.tick()
            if (
                ban_of(ticket, lowered, row.engineer_row, self.lang) is None
                and time_reason(lowered, job, row.engineer_row, self.lang, self.places.tick) is None
                and needs_two_stops(lowered, self.places, job, tour)
            ):
                return self._maybe(tour)
        return None

    def _behind(self, before: int) -> tuple[str, list[Reason]]:
        """Tell that a ticket comes after one that is left out; the verdict is that one's."""
        verdict, _ = self.tell(before, self.places.tours_alone(before))
        text = AFTER.say(self.lang, {"other": self.lowered.request.tickets[before].id})
        return verdict, [Reason("after", text)]

    def _later(self, job: int, reasons: Sequence[Reason]) -> Reason | None:
        """Return a shift that could take the ticket if it left later: such a ticket is not impossible."""
        owing = {reason.engineer for reason in reasons}
        for tour, row in enumerate(self.lowered.tours):
            engineer = self.lowered.request.engineers[row.engineer_row].id
            if row.shift.breaks and engineer in owing:
                self.places.tick()
            if row.shift.breaks and engineer in owing and needs_no_early_start(self.lowered, job, tour):
                return Reason("not_found", LATER.say(self.lang, self._about(tour)), engineer)
        return None

    # -------------------------------------------------------------------------------------------------- displaced

    def _dear(self, job: int, place: Place) -> tuple[str, list[Reason]]:
        """Tell the cheapest place, which costs no less than leaving the ticket out."""
        over = place.grains - self.places.skip_grains(job)
        if over < 0:
            return "not_found", [self._maybe(place.tour)]
        skip = int(self.lowered.problem.job_skip_grains[job])
        params = {**self._about(place.tour), "price": cny_of(place.grains), "skip": cny_of(skip)}
        text = DEAR_PLACE.say(self.lang, params)
        return "displaced", [self._displaced(place.tour, text, over)]

    def _crowded(self, job: int, legal: NDArray[np.bool_]) -> tuple[str, list[Reason]]:
        """Tell what would have to go so that a ticket without a legal place gets one."""
        tours = self.near.tours(job, legal, self.places.routes)
        verdict, reasons = self._displacing(job, tours)
        lacks = [
            (tour, lack) for tour in tours if (lack := find_lack(self.lowered, self.places, job, tour)) is not None
        ]
        told = [lack.say(self.lowered, tour, self.lang) for tour, lack in lacks[:LACKS_TOLD]]
        is_gone = len(lacks) == len(tours) and all(lack.depot is None for _, lack in lacks)
        return verdict, [*told, *reasons] if is_gone else [*reasons, *told]

    def _displacing(self, job: int, tours: Sequence[int]) -> tuple[str, list[Reason]]:
        """Tell the visit, or all of a shift, that would have to go."""
        swaps = [swap for tour in tours if (swap := self.places.find_swap(job, tour)) is not None]
        if swaps:
            best = min(swaps, key=lambda swap: swap.grains)
            if best.grains < 0:
                return "not_found", [self._maybe(best.tour)]
            params = {**self._about(best.tour), "out": self.lowered.request.tickets[best.out].id}
            if self.lowered.problem.job_mandatory[best.out] and not self.lowered.problem.job_mandatory[job]:
                return "displaced", [self._displaced(best.tour, MUST_SWAP.say(self.lang, params), None)]
            text = DEAR_SWAP.say(self.lang, {**params, "gap": cny_of(best.grains)})
            return "displaced", [self._displaced(best.tour, text, best.grains)]
        return self._full(job, tours)

    def _full(self, job: int, tours: Sequence[int]) -> tuple[str, list[Reason]]:
        """Tell the route that would have to be emptied, where one visit less is not enough."""
        best: tuple[int, int] | None = None
        for tour in tours:
            change = self.places.change_emptied(job, tour)
            if change is not None and (best is None or change < best[0]):
                best = change, tour
        if best is None or best[0] < 0:
            return "not_found", [self._maybe(tours[0] if best is None else best[1])]
        change, tour = best
        out = self.places.tickets_in(tour)
        params = {**self._about(tour), "out": "、".join(self.lowered.request.tickets[row].id for row in out)}
        mandatory = self.lowered.problem.job_mandatory
        if mandatory[list(out)].any() and not mandatory[job]:
            return "displaced", [self._displaced(tour, MUST_SWAP.say(self.lang, params), None)]
        text = DEAR_SWAP.say(self.lang, {**params, "gap": cny_of(change)})
        return "displaced", [self._displaced(tour, text, change)]

    def _displaced(self, tour: int, text: str, grains: int | None) -> Reason:
        """Write a reason of being displaced."""
        gap = None if grains is None else Gap(cny_of(grains), "CNY")
        return Reason("displaced", text, self.lowered.engineer(tour).id, gap)

    def _maybe(self, tour: int) -> Reason:
        """Write that a better plan may exist."""
        text = MAYBE.say(self.lang, self._about(tour))
        return Reason("not_found", text, self.lowered.engineer(tour).id)

    def _about(self, tour: int) -> dict[str, object]:
        """Return the names of a shift."""
        return {"engineer": self.lowered.engineer(tour).id, "shift": self.lowered.tours[tour].shift.id}


class Near:
    """Which shifts and engineers are near a ticket, by the way there; an order for looking, no more."""

    def __init__(self, lowered: Lowered) -> None:
        self._problem = lowered.problem
        self._routes: Sequence[Sequence[int]] | None = None
        self._stops = self._first = np.empty(0, np.int64)

    def tours(self, job: int, legal: NDArray[np.bool_], routes: Sequence[Sequence[int]]) -> list[int]:
        """Return the nearest of the legal shifts, by their start and visits, at most :data:`NEAR_TOURS`."""
        if not legal.any():
            return []
        if routes is not self._routes:
            self._read(routes)
        away = self._away(int(self._problem.job_place[job]))
        nearest = np.minimum.reduceat(away[self._stops], self._first)
        order = np.argsort(np.where(legal, nearest, np.inf), kind="stable")
        return [int(tour) for tour in order[: min(NEAR_TOURS, int(legal.sum()))]]

    def all_tours(self, job: int, routes: Sequence[Sequence[int]]) -> list[int]:
        """Return all shifts, the nearest by their start and visits first."""
        if not self._problem.n_tours:
            return []
        if routes is not self._routes:
            self._read(routes)
        away = self._away(int(self._problem.job_place[job]))
        nearest = np.minimum.reduceat(away[self._stops], self._first)
        return [int(tour) for tour in np.argsort(nearest, kind="stable")]

    def _read(self, routes: Sequence[Sequence[int]]) -> None:
        """Lay the places of each tour's start and visits end to end."""
        stops: list[int] = []
        first: list[int] = []
        for tour, jobs in enumerate(routes):
            first.append(len(stops))
            stops.append(int(self._problem.tour_start_place[tour]))
            stops.extend(self._problem.job_place[list(jobs)].tolist())
        self._routes, self._stops, self._first = routes, np.array(stops), np.array(first)

    def workers(self, job: int) -> Iterator[int]:
        """Give all engineers, those whose shifts start nearest first, those without a shift last."""
        nearest = np.full(self._problem.n_workers, np.inf)
        away = self._away(int(self._problem.job_place[job]))
        np.minimum.at(nearest, self._problem.tour_worker, away[self._problem.tour_start_place])
        yield from np.argsort(nearest, kind="stable").tolist()

    def _away(self, place: int) -> NDArray[np.float64]:
        """Return how far each place is from one, in seconds or metres; float64[n_places]."""
        legs = self._problem.legs
        if isinstance(legs, Tables):
            seconds: I64 = legs.leg_s[0, :, place].astype(np.float64)
            return np.where(seconds < 0, np.inf, seconds)
        half_lat = np.sin((legs.lat_rad - legs.lat_rad[place]) / 2)
        half_lon = np.sin((legs.lon_rad - legs.lon_rad[place]) / 2)
        square = half_lat**2 + np.cos(legs.lat_rad) * np.cos(legs.lat_rad[place]) * half_lon**2
        return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.minimum(1.0, np.sqrt(square))))
