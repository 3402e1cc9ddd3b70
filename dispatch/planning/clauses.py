"""What forbids a ticket in a shift beside the visits planned, and what would allow it: one entry a clause.

An entry knows the clause in two forms: *cells* of the packed problem, in which the kernels try how much wider it would have to
be, and the *request* in which it is that much wider, which is planned and judged like any other. The first serves to look
quickly, the second to prove. A clause that is added to the format is added to :data:`CLAUSES`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.format.model import Engineer, Interval, Request, Shift, Ticket
from dispatch.planning.lower import Lowered
from dispatch.rulebook.line import Sentence
from dispatch.rules import only_never, pairs, skill
from solver.places import Places
from solver.problem import FAR_S
from solver.relax import (
    Cells,
    break_later,
    end_later,
    finish_later,
    fit,
    no_absences,
    open_window,
    serve_more,
    travel_more,
    work_more,
)

CLOCK: Final = "%m-%d %H:%M"

OVERTIME_MOST_S: Final = 4 * 3600
"""More than this nobody is asked to stay on."""

WAIT_MOST_S: Final = 2 * 3600
"""By more than this no break is put off."""

MORE_MOST_S: Final = 12 * 3600
"""More than this no limit of travel or work is raised by."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One ticket that is not served, and one shift of the plan."""

    lowered: Lowered
    places: Places
    job: int
    tour: int

    @property
    def ticket(self) -> Ticket:
        """Return the ticket."""
        return self.lowered.request.tickets[self.job]

    @property
    def engineer(self) -> Engineer:
        """Return whose shift it is."""
        return self.lowered.engineer(self.tour)

    @property
    def shift(self) -> Shift:
        """Return the shift."""
        return self.lowered.tours[self.tour].shift

    @property
    def params(self) -> dict[str, object]:
        """Return the names that every sentence may say."""
        return {"engineer": self.engineer.id, "shift": self.shift.id, "ticket": self.ticket.id}


@dataclass(frozen=True, slots=True)
class Option:
    """One clause that may be wider in one spot.

    Parameters
    ----------
    code
        Of the format's reasons.
    obstacle, way
        What is said of the clause as it is, and of the wider one; ``gap`` in them is how much.
    unit
        Of the amount: ``s``, ``qty`` or ``level``; None: there is none, the clause holds or does not.
    most
        By so much it may be wider.
    cells, relax
        What an amount changes in the packed problem, and in the request.
    least
        No smaller amount makes a difference.
    params
        What the sentences say beside the spot's names.
    tell
        What the sentences say of an amount beside ``gap``.
    ban
        Whether it forbids the engineer whatever the time; such a clause is told elsewhere.
    """

    code: str
    obstacle: Sentence
    way: Sentence
    unit: str | None
    most: int
    cells: Callable[[int], Cells]
    relax: Callable[[int], Request]
    least: int = 1
    params: Mapping[str, object] = field(default_factory=dict)
    tell: Callable[[int], Mapping[str, object]] = lambda _: {}
    ban: bool = False


Clause = Callable[[Spot], Iterator[Option]]
"""Gives the ways in which one clause may be wider in a spot."""

TIGHT_SHIFT = Sentence(
    "tight.shift",
    zh="{engineer} 的班次 {shift} 排上 {ticket} 后超出最晚结束时间 {gap}",
    en="with {ticket} beside the visits planned, {engineer}'s shift {shift} would be {gap} too long",
)
MORE_OVERTIME = Sentence(
    "way.overtime",
    zh="允许 {engineer} 的班次 {shift} 多加班 {gap}",
    en="let {engineer} work {gap} more overtime in shift {shift}",
)
TIGHT_LATE = Sentence(
    "tight.late",
    zh="{engineer} 的班次 {shift} 按现有安排，最早也比可上门时段晚 {gap}",
    en="beside the visits planned, {engineer} could begin in shift {shift} no sooner than {gap} after the window",
)
WINDOW_LATER = Sentence(
    "way.window_later",
    zh="可上门时段延长 {gap}，到 {to}（由 {engineer} 上门）",
    en="let the window last {gap} longer, until {to} ({engineer} would come)",
)
TIGHT_EARLY = Sentence(
    "tight.early",
    zh="{engineer} 的班次 {shift} 按现有安排，只能比可上门时段早 {gap} 开工",
    en="beside the visits planned, {engineer} could begin in shift {shift} only {gap} before the window",
)
WINDOW_EARLIER = Sentence(
    "way.window_earlier",
    zh="可上门时段提前 {gap}，从 {from_} 起（由 {engineer} 上门）",
    en="let the window begin {gap} earlier, at {from_} ({engineer} would come)",
)
TIGHT_LAPSE = Sentence(
    "tight.lapse",
    zh="{engineer} 按现有安排，完工比所需技能到期晚 {gap}",
    en="beside the visits planned, {engineer} would end {gap} after a needed skill lapses",
)
LAPSE_LATER = Sentence(
    "way.lapse", zh="{engineer} 的技能证书续期到 {to}", en="renew {engineer}'s certificate until {to}"
)
TIGHT_VISITS = Sentence(
    "tight.visits",
    zh="{engineer} 的班次 {shift} 已排满 {limit} 单",
    en="{engineer} has the {limit} visits in shift {shift} that are allowed",
)
MORE_VISITS = Sentence(
    "way.visits",
    zh="允许 {engineer} 的班次 {shift} 多上门 {gap} 单",
    en="let {engineer} make {gap} more visits in shift {shift}",
)
TIGHT_TRAVEL = Sentence(
    "tight.travel",
    zh="{engineer} 的班次 {shift} 排上 {ticket} 后超出行程上限 {gap}",
    en="with {ticket} beside the visits planned, {engineer} would travel {gap} more in shift {shift} than is allowed",
)
MORE_TRAVEL = Sentence(
    "way.travel",
    zh="{engineer} 的班次 {shift} 行程上限放宽 {gap}",
    en="let {engineer} travel {gap} more in shift {shift}",
)
TIGHT_BUSY = Sentence(
    "tight.busy",
    zh="{engineer} 排上 {ticket} 后超出总工时上限 {gap}",
    en="with {ticket} beside the visits planned, {engineer} would be busy {gap} longer than is allowed",
)
MORE_BUSY = Sentence("way.busy", zh="{engineer} 的总工时上限放宽 {gap}", en="let {engineer} be busy {gap} longer")
TIGHT_BREAK = Sentence(
    "tight.break",
    zh="{engineer} 的班次 {shift} 排上 {ticket} 后休息要推迟 {gap}",
    en="with {ticket} beside the visits planned, {engineer}'s break in shift {shift} would begin {gap} too late",
)
BREAK_LATER = Sentence(
    "way.break",
    zh="{engineer} 的班次 {shift} 的休息最晚可推迟 {gap}，到 {to}",
    en="let {engineer}'s break in shift {shift} begin {gap} later, until {to}",
)
TIGHT_ABSENCE = Sentence(
    "tight.absence",
    zh="{engineer} 在班次 {shift} 请假，排不进 {ticket}",
    en="an absence in {engineer}'s shift {shift} leaves no room for {ticket}",
)
NO_ABSENCE = Sentence(
    "way.absence", zh="{engineer} 在班次 {shift} 不请假", en="{engineer} is not absent in shift {shift}"
)
BARRED = Sentence("tight.barred", zh="{engineer} 不能上门 {ticket}", en="{engineer} may not come to {ticket}")
SKILLED = Sentence(
    "way.skill",
    zh="{engineer} 的{skill}达到 {need} 级（现 {have} 级）",
    en="{engineer} reaches level {need} in {skill} (has {have})",
)
ALLOWED = Sentence("way.allow", zh="允许 {engineer} 上门 {ticket}", en="allow {engineer} to come to {ticket}")
UNRULED = Sentence(
    "way.pair",
    zh="不按规则禁止 {engineer} 上门 {ticket}",
    en="lift the rule that forbids {engineer} at {ticket}",
)


# ------------------------------------------------------------------------------------------------------------ who


def _skill(spot: Spot) -> Iterator[Option]:
    """Raise the one skill that is too low."""
    missing = skill.list_missing(spot.ticket, spot.engineer)
    if len(missing) != 1 or _is_barred(spot) or _is_ruled_out(spot):
        return
    name, need, have = (missing[0][key] for key in ("skill", "need", "have"))
    levels = int(str(need)) - int(str(have))
    skills = {**spot.engineer.skills, str(name): int(str(need))}
    yield Option(
        "skill",
        skill.MISSING,
        SKILLED,
        "level",
        levels,
        lambda _: fit(spot.places.arrays, spot.job, spot.tour, 0),
        lambda _: with_engineer(spot.lowered.request, replace(spot.engineer, skills=skills)),
        least=levels,
        params=missing[0],
        ban=True,
    )


def _only_never(spot: Spot) -> Iterator[Option]:
    """Let an engineer come whom the ticket's lists keep out."""
    ticket, engineer = spot.ticket, spot.engineer
    if not _is_barred(spot) or skill.list_missing(ticket, engineer) or _is_ruled_out(spot):
        return
    only = ticket.only if ticket.only is None or engineer.id in ticket.only else (*ticket.only, engineer.id)
    allowed = replace(ticket, only=only, never=tuple(one for one in ticket.never if one != engineer.id))
    yield _ban(spot, "only_never", ALLOWED, allowed)


def _pair(spot: Spot) -> Iterator[Option]:
    """Lift the business's rules that forbid an engineer here."""
    ticket, engineer = spot.ticket, spot.engineer
    if not _is_ruled_out(spot) or skill.list_missing(ticket, engineer) or _is_barred(spot):
        return
    freed = tuple(replace(pair, forbid=False) if pair.engineer == engineer.id else pair for pair in ticket.pairs)
    yield _ban(spot, "pair", UNRULED, replace(ticket, pairs=freed))


def _ban(spot: Spot, code: str, way: Sentence, allowed: Ticket) -> Option:
    """Return the option of a ban that holds or does not."""
    return Option(
        code,
        BARRED,
        way,
        None,
        1,
        lambda _: fit(spot.places.arrays, spot.job, spot.tour, 0),
        lambda _: with_ticket(spot.lowered.request, allowed),
        ban=True,
    )


def _is_barred(spot: Spot) -> bool:
    return only_never.find_ban(spot.ticket, spot.engineer) is not None


def _is_ruled_out(spot: Spot) -> bool:
    return pairs.find_ban(spot.ticket, spot.engineer) is not None


# ------------------------------------------------------------------------------------------------------------ when


def _window(spot: Spot) -> Iterator[Option]:
    """Widen one of the ticket's windows, to either side."""
    if not spot.ticket.windows:
        return
    problem, job = spot.lowered.problem, spot.job
    first, end = int(problem.window_first[job]), int(problem.window_first[job + 1])
    earliest_s = 0 if spot.ticket.release is None else max(0, spot.lowered.lowering.at_s(spot.ticket.release))
    last_s = int(problem.tour_last_s[spot.tour])
    for row in range(first, end):
        from_s, to_s = int(problem.window_from_s[row]), int(problem.window_to_s[row])
        if from_s == FAR_S:  # all of them are over
            to_s = spot.lowered.lowering.at_s(max(high for _, high in spot.ticket.windows))
            from_s = earliest_s
        closed_s = int(problem.window_from_s[row + 1]) if row + 1 < end else last_s + 1
        yield _wider(spot, row, (from_s, to_s), closed_s - to_s - 1, early=False)
        opened_s = int(problem.window_to_s[row - 1]) if row > first else earliest_s - 1
        yield _wider(spot, row, (from_s, to_s), from_s - opened_s - 1, early=True)


def _wider(spot: Spot, row: int, window_s: tuple[int, int], most: int, *, early: bool) -> Option:
    """Return the option of one window, of that row of the problem, that is wider to one side."""

    def wider(by: int) -> tuple[int, int]:
        return (window_s[0] - by, window_s[1]) if early else (window_s[0], window_s[1] + by)

    def relax(by: int) -> Request:
        from_s, to_s = wider(by)
        window = spot.lowered.moment(from_s), spot.lowered.moment(to_s)
        windows = _joined([*spot.ticket.windows, window])
        return with_ticket(spot.lowered.request, replace(spot.ticket, windows=windows))

    def tell(by: int) -> Mapping[str, object]:
        from_s, to_s = wider(by)
        return {"from_": spot.lowered.moment(from_s).strftime(CLOCK), "to": spot.lowered.moment(to_s).strftime(CLOCK)}

    return Option(
        "window",
        TIGHT_EARLY if early else TIGHT_LATE,
        WINDOW_EARLIER if early else WINDOW_LATER,
        "s",
        most,
        lambda by: open_window(spot.places.arrays, spot.job, row, *wider(by)),
        relax,
        tell=tell,
    )


def _lapse(spot: Spot) -> Iterator[Option]:
    """Let the needed skills lapse later."""
    problem, engineer = spot.lowered.problem, spot.engineer
    lapses_s = int(problem.finish_by_s[problem.job_profile[spot.job], problem.tour_worker[spot.tour]])
    if lapses_s >= FAR_S:
        return
    needed = {name for name in spot.ticket.requires if name in engineer.skills_until}

    def relax(by: int) -> Request:
        until = spot.lowered.moment(lapses_s + by)
        renewed = {name: max(at, until) if name in needed else at for name, at in engineer.skills_until.items()}
        return with_engineer(spot.lowered.request, replace(engineer, skills_until=renewed))

    yield Option(
        "skill_lapsed",
        TIGHT_LAPSE,
        LAPSE_LATER,
        "s",
        max(0, int(problem.tour_last_s[spot.tour]) - lapses_s),
        lambda by: finish_later(spot.places.arrays, spot.job, spot.tour, by),
        relax,
        tell=lambda by: {"to": spot.lowered.moment(lapses_s + by).strftime(CLOCK)},
    )


# ---------------------------------------------------------------------------------------------- what a route may be


def _overtime(spot: Spot) -> Iterator[Option]:
    """Let the shift run longer, at most until the engineer's next one."""
    problem, tour, shift = spot.lowered.problem, spot.tour, spot.shift
    most = OVERTIME_MOST_S
    if tour + 1 < problem.n_tours and problem.tour_worker[tour + 1] == problem.tour_worker[tour]:
        most = min(most, int(problem.tour_start_s[tour + 1]) - int(problem.tour_last_s[tour]))
    yield Option(
        "overtime" if shift.overtime_s else "shift_hours",
        TIGHT_SHIFT,
        MORE_OVERTIME,
        "s",
        most,
        lambda by: end_later(spot.places.arrays, tour, by),
        lambda by: with_shift(spot, replace(shift, overtime_s=shift.overtime_s + by)),
    )


def _visits(spot: Spot) -> Iterator[Option]:
    """Allow one visit more."""
    limit = spot.shift.max_visits
    if limit is None:
        return
    yield Option(
        "visits_limit",
        TIGHT_VISITS,
        MORE_VISITS,
        "qty",
        max(1, len(spot.places.routes[spot.tour]) + 1 - limit),
        lambda by: serve_more(spot.places.arrays, spot.tour, by),
        lambda by: with_shift(spot, replace(spot.shift, max_visits=limit + by)),
        params={"limit": limit},
    )


def _travel(spot: Spot) -> Iterator[Option]:
    """Allow more travel."""
    limit = spot.shift.max_travel_s
    if limit is None:
        return
    yield Option(
        "travel_limit",
        TIGHT_TRAVEL,
        MORE_TRAVEL,
        "s",
        MORE_MOST_S,
        lambda by: travel_more(spot.places.arrays, spot.tour, by),
        lambda by: with_shift(spot, replace(spot.shift, max_travel_s=limit + by)),
    )


def _busy(spot: Spot) -> Iterator[Option]:
    """Allow more work in all."""
    limit = spot.engineer.max_busy_s
    if limit is None:
        return
    yield Option(
        "busy_limit",
        TIGHT_BUSY,
        MORE_BUSY,
        "s",
        MORE_MOST_S,
        lambda by: work_more(spot.places.arrays, spot.tour, by),
        lambda by: with_engineer(spot.lowered.request, replace(spot.engineer, max_busy_s=limit + by)),
    )


def _breaks(spot: Spot) -> Iterator[Option]:
    """Let one break begin later, no later than the one after it."""
    problem, tour = spot.lowered.problem, spot.tour
    first, end = int(problem.break_first[tour]), int(problem.break_first[tour + 1])
    for row in range(first, end):
        to_s = int(problem.break_to_s[row])
        most = WAIT_MOST_S if row + 1 == end else min(WAIT_MOST_S, int(problem.break_to_s[row + 1]) - to_s - 1)
        index = spot.lowered.break_index[tour][row - first]

        def relax(by: int, index: int = index) -> Request:
            pauses = list(spot.shift.breaks)
            pauses[index] = replace(pauses[index], to=pauses[index].to + timedelta(seconds=by))
            return with_shift(spot, replace(spot.shift, breaks=tuple(pauses)))

        def cells(by: int, row: int = row) -> Cells:
            return break_later(spot.places.arrays, tour, row - first, by)

        def tell(by: int, to_s: int = to_s) -> Mapping[str, object]:
            return {"to": spot.lowered.moment(to_s + by).strftime(CLOCK)}

        yield Option("break", TIGHT_BREAK, BREAK_LATER, "s", most, cells, relax, tell=tell)


def _absences(spot: Spot) -> Iterator[Option]:
    """Have the engineer there."""
    if not spot.shift.absences:
        return
    yield Option(
        "absence",
        TIGHT_ABSENCE,
        NO_ABSENCE,
        None,
        1,
        lambda _: no_absences(spot.places.arrays, spot.tour),
        lambda _: with_shift(spot, replace(spot.shift, absences=())),
    )


CLAUSES: Final[tuple[Clause, ...]] = (
    _skill,
    _only_never,
    _pair,
    _lapse,
    _window,
    _overtime,
    _visits,
    _travel,
    _busy,
    _breaks,
    _absences,
)
"""In the order in which they are told where equally little is missing."""


def list_options(spot: Spot) -> Iterator[Option]:
    """Give every option of a spot that has any room."""
    for clause in CLAUSES:
        for option in clause(spot):
            if option.most >= option.least:
                yield option


# ---------------------------------------------------------------------------------------------- requests with one change


def with_ticket(request: Request, ticket: Ticket) -> Request:
    """Return a request in which one ticket is another of the same id."""
    return replace(request, tickets=tuple(ticket if one.id == ticket.id else one for one in request.tickets))


def with_engineer(request: Request, engineer: Engineer) -> Request:
    """Return a request in which one engineer is another of the same id."""
    staff = tuple(engineer if one.id == engineer.id else one for one in request.engineers)
    return replace(request, engineers=staff)


def with_shift(spot: Spot, shift: Shift) -> Request:
    """Return a request in which the spot's shift is another of the same id."""
    shifts = tuple(shift if one.id == shift.id else one for one in spot.engineer.shifts)
    return with_engineer(spot.lowered.request, replace(spot.engineer, shifts=shifts))


def _joined(windows: list[Interval]) -> tuple[Interval, ...]:
    """Return windows in order, those that overlap joined."""
    joined: list[Interval] = []
    for from_, to in sorted(windows):
        if joined and from_ <= joined[-1][1]:
            joined[-1] = joined[-1][0], _later(joined[-1][1], to)
        else:
            joined.append((from_, to))
    return tuple(joined)


def _later(one: datetime, other: datetime) -> datetime:
    return max(one, other)
