"""Why an engineer cannot serve a ticket even with nothing else to do: the first clause that forbids it, and by how much.

Bans of the pair come first. What is left is a matter of time: one shift, one ticket, timed by the slow twin with some
clauses lifted. A clause that forbids the visit all by itself is told first. Where it takes several together, the one is
told without which the visit would be possible: a break or an absence before others, then the one that misses least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from dispatch.format.model import Gap, Reason, Ticket
from dispatch.planning.legs import lower_peaks
from dispatch.planning.lower import Lowered
from dispatch.rulebook.line import Language, Seconds, Sentence
from dispatch.rules import only_never, pairs, skill
from solver.problem import FAR_S, I64, Peaks, Problem, Timed
from solver.reference import time_tour

CLOCK = "%m-%d %H:%M"
DAY_S = 86_400
LEG_MOST_S = (1 << 31) - 1
"""No leg is longer."""

NO_SHIFT = Sentence(
    "no_shift", zh="{engineer} 在计划期内没有可用班次", en="{engineer} has no shift left in the time that is planned"
)
UNREACHABLE = Sentence(
    "unreachable",
    zh="{engineer} 的班次 {shift} 无路可达 {ticket}，或到后无路返回",
    en="{engineer} has no way to {ticket}, or none back, in shift {shift}",
)
TOO_LATE = Sentence(
    "window.late",
    zh="{engineer} 最早 {begin} 才能开工，比可上门时段晚 {gap}",
    en="{engineer} can begin at {begin} at the earliest, {gap} after the window",
)
TOO_EARLY = Sentence(
    "window.early",
    zh="{engineer} 的班次 {shift} 等不到可上门时段，相差 {gap}",
    en="{engineer}'s shift {shift} does not last until the window, {gap} are missing",
)
LAPSED = Sentence(
    "skill_lapsed",
    zh="{engineer} 所需技能于 {until} 到期，最早 {end} 才能完工，晚 {gap}",
    en="{engineer} could end at {end} at the earliest, {gap} after a needed skill lapses at {until}",
)
BREAK = Sentence(
    "break",
    zh="{engineer} 的班次 {shift} 须按时休息，与 {ticket} 冲突",
    en="{engineer} owes a break in shift {shift} that {ticket} leaves no room for",
)
ABSENCE = Sentence(
    "absence",
    zh="{engineer} 在班次 {shift} 请假，与 {ticket} 冲突",
    en="{engineer} is absent in shift {shift} when {ticket} would have to be served",
)
VISITS = Sentence(
    "visits_limit",
    zh="{engineer} 的班次 {shift} 最多上门 {limit} 单",
    en="{engineer} may have {limit} visits in shift {shift}",
)
TRAVEL = Sentence(
    "travel_limit",
    zh="{engineer} 的班次 {shift} 行程上限不够，差 {gap}",
    en="{engineer} may not travel as far as this in shift {shift}: {gap} are missing",
)
SHIFT = Sentence(
    "shift_hours",
    zh="{engineer} 的班次 {shift} 须于 {last} 前结束，最早 {end} 才能结束，超出 {gap}",
    en="{engineer}'s shift {shift} ends at {last}, the visit would keep it until {end}: {gap} too long",
)
OVERTIME = Sentence(
    "overtime",
    zh="{engineer} 的班次 {shift} 加班最晚到 {last}，最早 {end} 才能结束，超出 {gap}",
    en="{engineer}'s shift {shift} may run until {last} with overtime, the visit would keep it until {end}: {gap} too long",
)
BUSY = Sentence(
    "busy_limit",
    zh="{engineer} 的总工时上限不够，差 {gap}",
    en="{engineer} may not be busy for so long: {gap} are missing",
)

SENTENCES = {
    "window": TOO_LATE,
    "skill_lapsed": LAPSED,
    "break": BREAK,
    "absence": ABSENCE,
    "visits_limit": VISITS,
    "travel_limit": TRAVEL,
    "shift_hours": SHIFT,
    "busy_limit": BUSY,
}
ORDER = tuple(SENTENCES)
"""Clauses of time in the order in which they are told."""


def ban_of(ticket: Ticket, lowered: Lowered, worker: int, lang: Language) -> Reason | None:
    """Return why this engineer may not serve this ticket whatever the time, or None."""
    engineer = lowered.request.engineers[worker]
    missing = skill.list_missing(ticket, engineer)
    if missing:
        worst = max(missing, key=lambda params: int(str(params["need"])) - int(str(params["have"])))
        levels = int(str(worst["need"])) - int(str(worst["have"]))
        return Reason("skill", skill.MISSING.say(lang, worst), engineer.id, Gap(Decimal(levels), "level"))
    sentence = only_never.find_ban(ticket, engineer)
    if sentence is not None:
        params: dict[str, object] = {"engineer": engineer.id, "ticket": ticket.id}
        return Reason("only_never", sentence.say(lang, params), engineer.id)
    pair = pairs.find_ban(ticket, engineer)
    if pair is not None:
        return Reason("pair", pairs.FORBIDDEN_PAIR.say(lang, pairs.params_of(ticket, pair)), engineer.id)
    return None


def time_reason(
    lowered: Lowered, job: int, worker: int, lang: Language, tick: Callable[[], None] = lambda: None
) -> Reason | None:
    """Return why an engineer who may serve a ticket has no time for it, alone; None if one of his shifts has.

    Of several shifts the one that comes closest is told: the smallest gap in seconds, those without a gap last. ``tick`` is called before each
    of them.
    """
    problem = lowered.problem
    engineer = lowered.request.engineers[worker]
    tours = range(int(problem.worker_tour_first[worker]), int(problem.worker_tour_first[worker + 1]))
    if not tours:
        return Reason("shift_hours", NO_SHIFT.say(lang, {"engineer": engineer.id}), engineer.id)
    found: list[Reason] = []
    for tour in tours:
        tick()
        reason = _in_tour(lowered, job, tour, lang)
        if reason is None:
            return None
        found.append(reason)
    return min(found, key=_closeness)


def _closeness(reason: Reason) -> tuple[int, Decimal, bool]:
    """Order reasons by how little is missing; of two alike the one that is not the customer's to change."""
    if reason.gap is None:
        return 2, Decimal(0), False
    return int(reason.gap.unit != "s"), reason.gap.value, reason.code == "window"


def needs_no_early_start(lowered: Lowered, job: int, tour: int) -> bool:
    """Tell whether a ticket fits alone into a shift that leaves late enough to owe fewer breaks.

    The search leaves at the start of a shift, and may then owe a break that a later departure would not: such a ticket
    is not impossible, though the search does not plan it.
    """
    alone = _alone(lowered, job, tour)
    later = {int(to_s) for to_s in alone.break_to_s if int(to_s) > int(alone.tour_start_s[0])}
    return any(_timed(replace(alone, tour_start_s=np.array([to_s], np.int64)), frozenset()) for to_s in sorted(later))


# ------------------------------------------------------------------------------------------------------- one shift


@dataclass(frozen=True, slots=True)
class _Case:
    """One ticket alone in one shift."""

    lowered: Lowered
    alone: Problem
    tour: int
    job: int

    def timed(self, keep: frozenset[str]) -> Timed | None:
        """Time the visit with these clauses in force alone."""
        return _timed(self.alone, frozenset(ORDER) - keep)


def _in_tour(lowered: Lowered, job: int, tour: int, lang: Language) -> Reason | None:
    """Return why a ticket does not fit into an empty shift, or None if it does."""
    case = _Case(lowered, _alone(lowered, job, tour), tour, job)
    everything = frozenset(ORDER)
    if case.timed(everything) is not None:
        return None
    free = case.timed(frozenset())
    if free is None:
        return _tell(case, "unreachable", None, lang)
    for code in ORDER:
        if case.timed(frozenset({code})) is None:
            return _tell(case, code, free, lang)
    lifted = [(code, timed) for code in ORDER if (timed := case.timed(everything - {code})) is not None]
    if lifted:
        reasons = [_tell(case, code, timed, lang, everything - {code}) for code, timed in lifted]
        return next((reason for reason in reasons if reason.gap is None), min(reasons, key=_closeness))
    kept: frozenset[str] = frozenset()
    timed = free
    for code in ORDER:  # none by itself and none alone to blame: the first with which it becomes too much
        longer = case.timed(kept | {code})
        if longer is None:
            return _tell(case, code, timed, lang, kept)
        kept, timed = kept | {code}, longer
    raise AssertionError("with every clause in force the visit is not possible")


def _tell(case: _Case, code: str, timed: Timed | None, lang: Language, beside: frozenset[str] = frozenset()) -> Reason:
    """Write a reason from a timing in which its clause was lifted, and of the others those ``beside`` were in force."""
    lowered, problem = case.lowered, case.alone
    engineer, shift = lowered.engineer(case.tour), lowered.tours[case.tour].shift
    params: dict[str, object] = {
        "engineer": engineer.id,
        "shift": shift.id,
        "ticket": lowered.request.tickets[case.job].id,
    }
    if timed is None:
        return Reason(code, UNREACHABLE.say(lang, params), engineer.id)
    sentence, gap_s = SENTENCES[code], 0
    if code == "visits_limit":
        limit = int(problem.tour_max_jobs[0])
        return Reason(code, VISITS.say(lang, {**params, "limit": limit}), engineer.id, Gap(Decimal(1 - limit), "qty"))
    if code == "window" or code in WIDEN:
        gap_s, to_s, is_early = _least(case, code, timed, beside)
        if code == "window":
            sentence = TOO_EARLY
        if code == "window" and not is_early:
            sentence = TOO_LATE
            params["begin"] = lowered.moment(to_s + gap_s).strftime(CLOCK)
        elif code == "skill_lapsed":
            until_s = int(problem.finish_by_s[0, int(problem.tour_worker[0])])
            params["until"] = lowered.moment(until_s).strftime(CLOCK)
            params["end"] = lowered.moment(until_s + gap_s).strftime(CLOCK)
        elif code == "shift_hours":
            last_s = int(problem.tour_last_s[0])
            code, sentence = ("overtime", OVERTIME) if shift.overtime_s else (code, sentence)
            params["last"] = lowered.moment(last_s).strftime(CLOCK)
            params["end"] = lowered.moment(last_s + gap_s).strftime(CLOCK)
    gap = Gap(Decimal(gap_s), "s") if gap_s else None
    return Reason(code, sentence.say(lang, {**params, "gap": Seconds(gap_s)}), engineer.id, gap)


def _least(case: _Case, code: str, timed: Timed, beside: frozenset[str]) -> tuple[int, int, bool]:
    """Return by how little a clause would have to be wider: seconds, for windows the end that moves, and whether it is the beginning that moves.

    ``timed`` is possible without the clause, so the clause that would just allow it is wide enough; less may be.
    """
    problem = case.alone
    most_s = _missing_s(case, code, timed) + 1
    if code != "window":
        return _bisect(lambda by_s: WIDEN[code](problem, by_s), code, beside, most_s), 0, False
    best = (most_s, 0, True)
    for wider, to_s, is_early in _wider_windows(case):
        found_s = _bisect(lambda by_s, wider=wider: _with_windows(problem, *wider(by_s)), code, beside, best[0])  # type: ignore[misc]
        if found_s < best[0]:
            best = found_s, to_s, is_early
    return best


def _bisect(wider: Callable[[int], Problem], code: str, beside: frozenset[str], enough_s: int) -> int:
    """Return the least seconds by which a clause has to be wider; ``enough_s`` are enough, or no answer."""
    low_s, high_s = 0, enough_s
    while high_s - low_s > 1:
        middle_s = (low_s + high_s) // 2
        if _timed(wider(middle_s), frozenset(ORDER) - beside - {code}) is None:
            low_s = middle_s
        else:
            high_s = middle_s
    return high_s


Windows = list[tuple[int, int]]


def _windows(case: _Case) -> tuple[Windows, int]:
    """Return a ticket's windows in seconds as it has them, and when work may begin at the earliest."""
    lowering, ticket = case.lowered.lowering, case.lowered.request.tickets[case.job]
    if not ticket.windows or ticket.id in lowering.pins.free | lowering.pins.begins.keys():
        rows = zip(case.alone.window_from_s.tolist(), case.alone.window_to_s.tolist(), strict=True)
        return [(from_s, to_s) for from_s, to_s in rows], 0 if ticket.windows else _release_s(case)
    return [(lowering.at_s(low), lowering.at_s(high)) for low, high in ticket.windows], _release_s(case)


def _release_s(case: _Case) -> int:
    """Return when work on the ticket may begin at the earliest."""
    release = case.lowered.request.tickets[case.job].release
    return 0 if release is None else max(0, case.lowered.lowering.at_s(release))


def _wider_windows(case: _Case) -> Iterator[tuple[Callable[[int], tuple[Windows, int]], int, bool]]:
    """Give the ways in which windows and release may be wider by some seconds, with the end that moves, and whether a beginning does."""
    windows, opens_s = _windows(case)

    def one(row: int, early: int, late: int) -> Callable[[int], tuple[Windows, int]]:
        from_s, to_s = windows[row]
        return lambda by_s: (
            [*windows[:row], (from_s - early * by_s, to_s + late * by_s), *windows[row + 1 :]],
            opens_s,
        )

    for row, (_, to_s) in enumerate(windows):
        yield one(row, 0, 1), to_s, False
        yield one(row, 1, 0), to_s, True
    yield lambda by_s: (windows, opens_s - by_s), 0, True
    yield lambda by_s: ([(from_s - by_s, to_s) for from_s, to_s in windows], opens_s - by_s), 0, True


def _with_windows(problem: Problem, windows: Windows, opens_s: int) -> Problem:
    """Return a problem of one visit with other windows, clipped and joined as the rule does."""
    joined: Windows = []
    earliest_s = max(0, opens_s)
    for from_s, to_s in sorted((max(low_s, earliest_s), high_s) for low_s, high_s in windows if high_s >= earliest_s):
        if joined and from_s <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], to_s)
        else:
            joined.append((from_s, to_s))
    rows = np.array(joined or [(FAR_S, FAR_S)], np.int64)
    return replace(
        problem, window_first=np.array([0, len(rows)]), window_from_s=rows[:, 0].copy(), window_to_s=rows[:, 1].copy()
    )


def _missing_s(case: _Case, code: str, timed: Timed) -> int:
    """Return how much wider a clause would have to be for just this timing."""
    problem = case.alone
    visit = next(event for event in timed.events if event.kind == "visit")
    worker = int(problem.tour_worker[0])
    if code == "window":
        windows, opens_s = _windows(case)
        late_s = [visit.begin_s - to_s for _, to_s in windows if to_s < visit.begin_s]
        early_s = [max(from_s, opens_s) - visit.begin_s for from_s, _ in windows if from_s > visit.begin_s]
        return (
            min([*late_s, *early_s, DAY_S * 400])
            if visit.begin_s >= opens_s
            else max([*early_s, opens_s - visit.begin_s])
        )
    missing_s = {
        "skill_lapsed": visit.leave_s - int(problem.finish_by_s[0, worker]),
        "shift_hours": timed.end_s - int(problem.tour_last_s[0]),
        "travel_limit": timed.travel_s - int(problem.tour_max_travel_s[0]),
        "busy_limit": timed.travel_s + timed.service_s - int(problem.worker_max_busy_s[worker]),
    }
    return missing_s[code]


def _timed(alone: Problem, lift: frozenset[str]) -> Timed | None:
    """Time the one visit with some clauses lifted."""
    problem = alone
    for code in lift & LIFTS.keys():
        problem = LIFTS[code](problem)
    timed = time_tour(problem, 0, [0])
    if timed is None or "busy_limit" in lift:
        return timed
    limit_s = int(problem.worker_max_busy_s[int(problem.tour_worker[0])])
    return timed if timed.travel_s + timed.service_s <= limit_s else None


_NONE = np.empty(0, np.int64)
_NO_ROWS = np.zeros(2, np.int64)
_FAR = np.array([FAR_S], np.int64)

LIFTS: dict[str, Callable[[Problem], Problem]] = {
    "window": lambda problem: replace(
        problem, window_first=np.array([0, 1]), window_from_s=np.zeros(1, np.int64), window_to_s=_FAR
    ),
    "skill_lapsed": lambda problem: replace(problem, finish_by_s=np.full_like(problem.finish_by_s, FAR_S)),
    "break": lambda problem: replace(
        problem, break_first=_NO_ROWS, break_from_s=_NONE, break_to_s=_NONE, break_duration_s=_NONE
    ),
    "absence": lambda problem: replace(problem, absence_first=_NO_ROWS, absence_from_s=_NONE, absence_to_s=_NONE),
    "visits_limit": lambda problem: replace(problem, tour_max_jobs=_FAR),
    "travel_limit": lambda problem: replace(problem, tour_max_travel_s=_FAR),
    "shift_hours": lambda problem: replace(problem, tour_last_s=_FAR),
}
"""How each clause is lifted from a problem of one visit."""


WIDEN: dict[str, Callable[[Problem, int], Problem]] = {
    "skill_lapsed": lambda problem, by_s: replace(problem, finish_by_s=problem.finish_by_s + by_s),
    "travel_limit": lambda problem, by_s: replace(problem, tour_max_travel_s=problem.tour_max_travel_s + by_s),
    "shift_hours": lambda problem, by_s: replace(problem, tour_last_s=problem.tour_last_s + by_s),
    "busy_limit": lambda problem, by_s: replace(problem, worker_max_busy_s=problem.worker_max_busy_s + by_s),
}
"""How each clause of which some time is missing is made wider."""


def _alone(lowered: Lowered, job: int, tour: int) -> Problem:
    """Cut one job and one tour out of a problem; workers, places and prices stay, and peaks go on behind the shift's end."""
    problem = lowered.problem
    one, here = slice(job, job + 1), slice(tour, tour + 1)
    windows = _rows(problem.window_first, job)
    pauses, absences = _rows(problem.break_first, tour), _rows(problem.absence_first, tour)
    profile = int(problem.job_profile[job])
    return replace(
        problem,
        peaks=_peaks_until(lowered, tour, [int(to_s) for to_s in problem.window_to_s[windows]]),
        job_place=problem.job_place[one],
        job_skip_grains=problem.job_skip_grains[one],
        job_mandatory=problem.job_mandatory[one],
        job_profile=np.zeros(1, np.int32),
        window_first=np.array([0, windows.stop - windows.start]),
        window_from_s=problem.window_from_s[windows],
        window_to_s=problem.window_to_s[windows],
        arrive_by_s=problem.arrive_by_s[one],
        arrive_once_grains=problem.arrive_once_grains[one],
        arrive_grains_per_s=problem.arrive_grains_per_s[one],
        resolve_by_s=problem.resolve_by_s[one],
        resolve_once_grains=problem.resolve_once_grains[one],
        resolve_grains_per_s=problem.resolve_grains_per_s[one],
        service_s=problem.service_s[one],
        service_setup_s=problem.service_setup_s[one],
        fit_grains=problem.fit_grains[profile : profile + 1],
        finish_by_s=problem.finish_by_s[profile : profile + 1],
        tour_worker=problem.tour_worker[here],
        tour_start_s=problem.tour_start_s[here],
        tour_end_s=problem.tour_end_s[here],
        tour_last_s=problem.tour_last_s[here],
        tour_start_place=problem.tour_start_place[here],
        tour_end_place=problem.tour_end_place[here],
        tour_max_jobs=problem.tour_max_jobs[here],
        tour_max_travel_s=problem.tour_max_travel_s[here],
        break_first=np.array([0, pauses.stop - pauses.start]),
        break_from_s=problem.break_from_s[pauses],
        break_to_s=problem.break_to_s[pauses],
        break_duration_s=problem.break_duration_s[pauses],
        absence_first=np.array([0, absences.stop - absences.start]),
        absence_from_s=problem.absence_from_s[absences],
        absence_to_s=problem.absence_to_s[absences],
        change=None,
    )


def _peaks_until(lowered: Lowered, tour: int, ends_s: list[int]) -> Peaks:
    """Return the peaks from a shift's start until a day after all that a visit in it may wait for."""
    problem, request = lowered.problem, lowered.request
    if not request.travel.peaks:
        return problem.peaks
    last_s = max([int(problem.tour_last_s[tour]), *(end_s for end_s in ends_s if end_s < FAR_S)])
    span_s = int(problem.tour_start_s[tour]), last_s + DAY_S
    return lower_peaks(request.now, request.travel.peaks, [span_s], LEG_MOST_S)


def _rows(first: I64, owner: int) -> slice:
    """Return the rows of one owner in a flat list."""
    return slice(int(first[owner]), int(first[owner + 1]))
