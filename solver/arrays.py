"""The problem packed for the kernels: one bundle of few tables, a row an object, a named column a field.

The meaning of every number is in :mod:`solver.problem`; here is only where it lies. Few wide tables instead of many narrow
ones: a compiled call hands over fewer arrays, and what is read together lies together.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.jit import INLINE, njit
from solver.problem import FAR_S, FORBIDDEN, I32, I64, Couplings, Problem, Tables

F64 = NDArray[np.float64]

FAR_DAYS_S = 90 * 86_400
"""A begin lies no farther than so many seconds from its tolerance, for the purpose of a price above all others."""

# the first numbers of Arrays.d: prices, sizes, and where each table begins
(
    P_RATE_S,
    P_RATE_M,
    P_RATE_DURATION,
    P_RATE_OVERTIME,
    P_USE,
    P_BALANCE,
    P_SPHERE,
    P_UNIT,
    P_PLAIN,
    P_LABELS,
    P_SLOWEST,
    P_JOBS,
    P_TOURS,
    P_WORKERS,
    P_PLACES,
    P_KINDS,
    P_PEAKS,
    P_NEAR,
    P_MODES,
    H_JOB,
    H_WINDOW,
    H_FIT,
    H_FINISH,
    H_WORKER,
    H_TOUR,
    H_PAUSE,
    H_ABSENCE,
    H_SPEED,
    H_PEAK,
    H_SERVICE,
    H_NEAR,
    P_CHANGE,
    H_CHANGE,
    P_SPANS,
    P_HALF,
    P_COUPLED,
    P_TICKETS,
    P_PICKUPS,
    P_PARTS,
    P_TOOLS,
    P_LOTS,
    P_NEEDS,
    H_CREW,
    H_CREW_JOB,
    H_CREW_ROW,
    H_CAPABLE,
    H_OWNER,
    H_AFTER,
    H_AFTER_JOB,
    H_AFTER_GAP,
    H_NEXT,
    H_NEXT_JOB,
    H_GROUP,
    H_GROUP_FIRST,
    H_GROUP_JOB,
    H_NEED,
    H_NEED_PART,
    H_NEED_QUANTITY,
    H_NEED_ROW,
    H_TOOL,
    H_TOOL_ID,
    H_OPTION,
    H_OPTION_PART,
    H_VAN_START,
    H_OWN,
    H_LOT_FIRST,
    H_LOT_AT,
    H_LOT_START,
    H_LOT_DAY,
    H_DAY,
    H_PICKUP,
    H_DEPOT,
    H_PICKUP_TOUR,
    H_IS_COUPLED,
    H_WORTH,
) = range(75)
N_HEAD = 80
WORTH_MOST = 1 << 50
"""What depends on a ticket counts up to so many grains, so that sums of prices hold it."""
N_JOB, N_TOUR, N_CHANGE = 18, 16, 9

# columns of a job
(
    J_PLACE,
    J_SKIP,
    J_PROFILE,
    J_WINDOW,
    J_WINDOW_END,
    J_OPENS,
    J_CLOSES,
    J_ARRIVE_BY,
    J_ARRIVE_ONCE,
    J_ARRIVE_RATE,
    J_RESOLVE_BY,
    J_RESOLVE_ONCE,
    J_RESOLVE_RATE,
    J_ABLE,
    J_WORK,
    J_SOFT,
) = range(16)

# columns of what a plan in force asks of a job; there are rows only where there is such a plan
M_HOME, M_AWAY, M_FIRST, M_FROM, M_TO, M_MOVE_RATE, M_COUNTED, M_CALM_FROM, M_CALM_TO = range(9)

# columns of a tour
(
    T_WORKER,
    T_START,
    T_END,
    T_LAST,
    T_START_PLACE,
    T_END_PLACE,
    T_MAX_JOBS,
    T_MAX_TRAVEL,
    T_BREAK,
    T_BREAK_END,
    T_ABSENCE,
    T_ABSENCE_END,
    T_KIND,
    T_SPEED,
) = range(14)

# columns of a worker
W_MAX_BUSY, W_TOUR, W_TOUR_END = range(3)

_ROW_BITS = 21
_NO_WAY_KEY = 1 << 40
"""Neighbours are sorted by whole numbers: nearness in seconds, then the row in so many bits; where there is no way they come last."""

# columns of a peak
K_CLOCK, K_PROGRESS, K_RATE = range(3)


class Arrays(NamedTuple):
    """What the kernels read; nothing here changes during a search.

    Three flat arrays, because a compiled call pays for every array it hands over (with one array a table a chain ran ten times
    slower). ``d`` int64: single numbers (``P_``), then where each table begins (``H_``), then the tables, row by row;
    ``g`` int32: legs [n_speeds, n_places, n_places, 2] in seconds and metres from 0 on (none when computed), service [n_jobs, n_kinds, 2] without and
    with set-up, near [n_jobs, n_near] jobs by nearness, itself first; ``f`` float64: the detour, then unit vectors [n_places, 3]
    when legs are computed. The functions ``at_…`` say where a row begins. Columns: ``J_`` of a job (``J_OPENS``/``J_CLOSES``: the first
    window's begin and the last one's end; ``J_ABLE``: number of able workers; ``J_WORK``: median service; ``J_SOFT``: whether the begin or end has
    a price), ``M_`` of what a plan in force asks of it (:class:`solver.problem.Change`), ``T_`` of a tour, ``W_`` of a worker, ``K_`` of a peak.
    """

    d: I64
    g: I32
    f: F64


@njit(**INLINE)
def at_job(a: Any, j: int) -> int:
    """Return where job ``j`` begins in ``d``."""
    return a.d[H_JOB] + j * N_JOB


@njit(**INLINE)
def at_change(a: Any, j: int) -> int:
    """Return where what a plan in force asks of job ``j`` begins in ``d``; only where there is one (``P_CHANGE``)."""
    return a.d[H_CHANGE] + j * N_CHANGE


@njit(**INLINE)
def at_tour(a: Any, t: int) -> int:
    """Return where tour ``t`` begins in ``d``."""
    return a.d[H_TOUR] + t * N_TOUR


@njit(**INLINE)
def at_worker(a: Any, w: int) -> int:
    """Return where worker ``w`` begins in ``d``."""
    return a.d[H_WORKER] + w * 4


@njit(**INLINE)
def at_window(a: Any, row: int) -> int:
    """Return where a window (from, to) begins in ``d``."""
    return a.d[H_WINDOW] + row * 2


@njit(**INLINE)
def at_fit(a: Any, profile: int, w: int) -> int:
    """Return where the price of a pair stands in ``d``."""
    return a.d[H_FIT] + profile * a.d[P_WORKERS] + w


@njit(**INLINE)
def fit_of(a: Any, j: int, w: int) -> int:
    """Return the price of job ``j`` for worker ``w``, at home or away; negative where forbidden."""
    grains = a.d[at_fit(a, a.d[at_job(a, j) + J_PROFILE], w)]
    if a.d[P_CHANGE] != 0 and grains >= 0 and a.d[at_change(a, j) + M_HOME] != w:
        away = a.d[at_change(a, j) + M_AWAY]
        grains = grains + away if away >= 0 else away
    return grains


@njit(**INLINE)
def at_finish(a: Any, profile: int, w: int) -> int:
    """Return where the latest end of a pair's service stands in ``d``."""
    return a.d[H_FINISH] + profile * a.d[P_WORKERS] + w


@njit(**INLINE)
def at_pause(a: Any, row: int) -> int:
    """Return where a break (from, to, duration) begins in ``d``."""
    return a.d[H_PAUSE] + row * 3


@njit(**INLINE)
def at_absence(a: Any, row: int) -> int:
    """Return where an absence (from, to) begins in ``d``."""
    return a.d[H_ABSENCE] + row * 2


@njit(**INLINE)
def at_peak(a: Any, row: int) -> int:
    """Return where a piece of the speed profile begins in ``d``."""
    return a.d[H_PEAK] + row * 3


@njit(**INLINE)
def at_service(a: Any, j: int, kind: int) -> int:
    """Return where the service of a job by a kind of worker (without, with set-up) begins in ``g``."""
    return a.d[H_SERVICE] + (j * a.d[P_KINDS] + kind) * 2


@njit(**INLINE)
def at_near(a: Any, j: int) -> int:
    """Return where the neighbours of a job begin in ``g``."""
    return a.d[H_NEAR] + j * a.d[P_NEAR]


def mandatory_grains(problem: Problem, dearest: int) -> int:
    """Return the search's price of leaving out a mandatory job: above all that serving it can cost, so far as sums hold it.

    Serving one job can cost at most the whole span at every rate, all lateness there is, and ten times the ``dearest`` other job.
    """
    if not problem.n_jobs or not problem.n_tours:
        return 10**12
    span_s = int(problem.tour_last_s.max() - problem.tour_start_s.min()) + 1
    rate = problem.travel_grains_per_s + problem.duration_grains_per_s + problem.overtime_grains_per_s
    rate += 50 * problem.travel_grains_per_m
    late = sum(
        int(once.sum()) + span_s * int(by.sum())
        for once, by in (
            (problem.arrive_once_grains, problem.arrive_grains_per_s),
            (problem.resolve_once_grains, problem.resolve_grains_per_s),
        )
    )
    fit = int(problem.fit_grains.max(initial=0))
    if problem.change is not None:
        fit += int(problem.change.away_grains.max(initial=0))
        late += 2 * (span_s + FAR_DAYS_S) * int(problem.change.grains_per_s.sum())
    most = 10 * dearest + span_s * rate + late + fit + problem.use_grains
    return int(min(max(10**12, most), 2**60 // (problem.n_jobs + 1)))


def pack(problem: Problem, known: tuple[Problem, Arrays] | None = None, *, with_near: bool = True) -> Arrays:
    """Pack a problem for the kernels.

    ``J_SKIP`` of a mandatory job is a price above all that any job can cost, so that the search leaves it out only where
    there is no place; of a mandatory job that must stay at home (a pin), one above all other mandatory jobs together.

    Parameters
    ----------
    problem
        The problem.
    known
        A problem like it and what that was packed to: legs are taken over where both have the same table (the very object), the
        neighbours too where the jobs are at the same places, and all of ``g`` where they last as long. Nothing else differs.
    with_near
        Whether jobs' neighbours are told: who only times tours needs none, and they are dear to find.
    """
    n, tours, workers = problem.n_jobs, problem.n_tours, problem.n_workers
    tables = isinstance(problem.legs, Tables)
    window = np.stack([problem.window_from_s, problem.window_to_s], axis=1).reshape(-1, 2)
    able = (problem.fit_grains >= 0).sum(axis=1) if workers else np.zeros(len(problem.fit_grains), np.int64)
    finite = problem.job_skip_grains[~problem.job_mandatory]
    mandatory = mandatory_grains(problem, int(finite.max(initial=0)))
    job = np.zeros((n, N_JOB), np.int64)
    if n:
        job[:, J_PLACE] = problem.job_place
        job[:, J_SKIP] = np.where(problem.job_mandatory, mandatory, problem.job_skip_grains)
        held = _is_held(problem)
        others = int((problem.job_mandatory & ~held).sum())
        job[held, J_SKIP] = min(mandatory * (others + 1), 2**60 // (2 * (int(held.sum()) + 1)))
        job[:, J_PROFILE] = problem.job_profile
        job[:, J_WINDOW] = problem.window_first[:-1]
        job[:, J_WINDOW_END] = problem.window_first[1:]
        job[:, J_OPENS] = problem.window_from_s[problem.window_first[:-1]]
        job[:, J_CLOSES] = problem.window_to_s[problem.window_first[1:] - 1]
        job[:, J_ARRIVE_BY] = problem.arrive_by_s
        job[:, J_ARRIVE_ONCE] = problem.arrive_once_grains
        job[:, J_ARRIVE_RATE] = problem.arrive_grains_per_s
        job[:, J_RESOLVE_BY] = problem.resolve_by_s
        job[:, J_RESOLVE_ONCE] = problem.resolve_once_grains
        job[:, J_RESOLVE_RATE] = problem.resolve_grains_per_s
        job[:, J_ABLE] = able[problem.job_profile]
        job[:, J_WORK] = np.median(problem.service_s, axis=1) if problem.service_s.shape[1] else 0
        job[:, J_SOFT] = (problem.arrive_by_s < FAR_S) | (problem.resolve_by_s < FAR_S)
    asked = _pack_change(problem, job)
    tour = np.zeros((tours, N_TOUR), np.int64)
    if tours:
        columns: tuple[I64, ...] = (
            problem.tour_worker,
            problem.tour_start_s,
            problem.tour_end_s,
            problem.tour_last_s,
            problem.tour_start_place,
            problem.tour_end_place,
            problem.tour_max_jobs,
            problem.tour_max_travel_s,
            problem.break_first[:-1],
            problem.break_first[1:],
            problem.absence_first[:-1],
            problem.absence_first[1:],
            problem.worker_kind[problem.tour_worker],
            problem.worker_speed[problem.tour_worker],
        )
        for column, values in enumerate(columns):
            tour[:, column] = values
    worker = np.stack(
        [
            problem.worker_max_busy_s,
            problem.worker_tour_first[:-1],
            problem.worker_tour_first[1:],
            problem.worker_max_busy_s,
        ],
        axis=1,
    ).astype(np.int64)
    peak = np.stack([problem.peaks.clock_s, problem.peaks.progress, problem.peaks.rate], axis=1).reshape(-1, 3)
    breaks = np.diff(problem.break_first)
    par = np.zeros(N_HEAD, np.int64)
    par[P_RATE_S] = problem.travel_grains_per_s
    par[P_RATE_M] = problem.travel_grains_per_m
    par[P_RATE_DURATION] = problem.duration_grains_per_s
    par[P_RATE_OVERTIME] = problem.overtime_grains_per_s
    par[P_USE] = problem.use_grains
    par[P_BALANCE] = problem.balance_cents_per_h2
    par[P_SPHERE] = not tables
    par[P_UNIT] = problem.peaks.unit
    par[P_MODES] = 2 if asked[:, M_MOVE_RATE].any() else 1
    par[P_HALF] = int(breaks.max(initial=0)) + 1
    par[P_LABELS] = par[P_HALF] * par[P_MODES]
    par[P_CHANGE] = problem.change is not None
    par[P_SLOWEST] = -(-1000 * problem.peaks.unit // int(problem.peaks.rate.min())) if len(peak) else 1000
    par[P_PLAIN] = (
        par[P_LABELS] == 1
        and len(peak) == 0
        and len(problem.absence_from_s) == 0
        and len(window) == n
        and not job[:, J_SOFT].any()
        and not asked[:, M_COUNTED].any()
        and bool((asked[:, M_FIRST] < 0).all())
        and problem.duration_grains_per_s == 0
        and (problem.overtime_grains_per_s == 0 or bool((problem.tour_last_s <= problem.tour_end_s).all()))
        and bool((problem.service_s == problem.service_setup_s).all())
    )
    par[P_SPANS] = (
        problem.duration_grains_per_s > 0
        and par[P_LABELS] == 1
        and len(peak) == 0
        and len(problem.absence_from_s) == 0
        and len(window) == n
        and not job[:, J_SOFT].any()
        and problem.change is None
        and bool((problem.service_s == problem.service_setup_s).all())
    )
    service = np.stack([problem.service_s, problem.service_setup_s], axis=2).astype(np.int32)
    leg, ball, detour, speed = _pack_legs(problem, known)
    near = _near(problem, ball, known) if with_near else np.empty((n, 0), np.int32)
    par[P_JOBS], par[P_TOURS], par[P_WORKERS] = n, tours, workers
    par[P_TICKETS] = par[P_PICKUPS] = n
    par[P_PLACES] = leg.shape[1]
    par[P_KINDS], par[P_PEAKS], par[P_NEAR] = service.shape[1], len(peak), near.shape[1]
    pause = np.stack([problem.break_from_s, problem.break_to_s, problem.break_duration_s], axis=1)
    absence = np.stack([problem.absence_from_s, problem.absence_to_s], axis=1)
    tables_of_d = {
        H_JOB: job,
        H_WINDOW: window,
        H_FIT: problem.fit_grains,
        H_FINISH: problem.finish_by_s,
        H_WORKER: worker,
        H_TOUR: tour,
        H_PAUSE: pause,
        H_ABSENCE: absence,
        H_SPEED: speed,
        H_PEAK: peak,
        H_CHANGE: asked,
    }
    if problem.couplings is not None:
        tables_of_d |= pack_couplings(problem.couplings, job[:, J_SKIP], par)
        par[P_PLAIN] = 0
    at = N_HEAD
    for head, table in tables_of_d.items():
        par[head] = at
        at += table.size
    par[H_SERVICE] = leg.size
    par[H_NEAR] = leg.size + service.size
    return Arrays(
        d=np.concatenate([par, *(table.astype(np.int64).ravel() for table in tables_of_d.values())]),
        g=_join(leg, service, near, known),
        f=np.concatenate([detour, ball.ravel()]),
    )


def _is_held(problem: Problem) -> NDArray[np.bool_]:
    """Tell which jobs must be served before any other mandatory one: those that must stay at home; bool[n_jobs]."""
    change = problem.change
    if change is None:
        return np.zeros(problem.n_jobs, np.bool_)
    return problem.job_mandatory & (change.away_grains == FORBIDDEN) & (change.home_worker >= 0)


def _pack_change(problem: Problem, job: I64) -> I64:
    """Pack what the plan in force asks of each job, and note in ``job`` what follows from it; without one there are no rows."""
    change = problem.change
    if change is None:
        return np.zeros((0, N_CHANGE), np.int64)
    priced = change.grains_per_s > 0
    job[:, J_SOFT] |= priced
    job[:, J_ABLE] = np.where((change.away_grains == FORBIDDEN) & (change.home_worker >= 0), 1, job[:, J_ABLE])
    asked = np.zeros((problem.n_jobs, N_CHANGE), np.int64)
    asked[:, M_HOME] = change.home_worker
    asked[:, M_AWAY] = change.away_grains
    asked[:, M_FIRST] = change.first_tour
    asked[:, M_FROM] = np.where(priced, change.from_s, -FAR_S)
    asked[:, M_TO] = np.where(priced, change.to_s, FAR_S)
    asked[:, M_MOVE_RATE] = change.grains_per_s
    asked[:, M_COUNTED] = change.counted
    asked[:, M_CALM_FROM] = change.calm_from_s
    asked[:, M_CALM_TO] = change.calm_to_s
    return asked


def pack_couplings(couplings: Couplings, skip_grains: I64, par: I64) -> dict[int, NDArray[Any]]:
    """Return the tables of couplings by where they begin, and note their sizes in ``par``; ``skip_grains`` int64[n_jobs]."""
    c = couplings
    m = c.n_tickets
    par[P_COUPLED], par[P_TICKETS], par[P_PICKUPS] = 1, m, c.first_pickup
    par[P_PARTS], par[P_TOOLS], par[P_LOTS] = c.n_parts, c.n_tools, len(c.lot_at_s)
    owner = np.repeat(np.arange(m), np.diff(c.crew_first))
    before = np.repeat(np.arange(m), np.diff(c.after_first))
    order = np.argsort(c.after_job, kind="stable")
    following = np.zeros(m + 1, np.int64)
    np.cumsum(np.bincount(c.after_job, minlength=m), out=following[1:])
    groups = int(c.group.max(initial=-1)) + 1
    members = np.argsort(c.group, kind="stable")[int((c.group < 0).sum()) :]
    group_first = np.zeros(groups + 1, np.int64)
    np.cumsum(np.bincount(c.group[c.group >= 0], minlength=groups), out=group_first[1:])
    needs = (np.diff(c.need_first) > 0) | (np.diff(c.tool_first) > 0)
    need_row = np.where(needs, np.cumsum(needs) - 1, -1)
    par[P_NEEDS] = int(needs.sum())
    linked = np.zeros(m, np.bool_)
    linked[c.after_job] = True
    coupled = needs | linked | (np.diff(c.after_first) > 0) | (np.diff(c.crew_first) > 0) | (c.group >= 0)
    return {
        H_CREW: c.crew_first,
        H_CREW_JOB: c.crew_job,
        H_CREW_ROW: c.crew_row,
        H_CAPABLE: c.capable,
        H_OWNER: owner,
        H_AFTER: c.after_first,
        H_AFTER_JOB: c.after_job,
        H_AFTER_GAP: c.after_gap_s,
        H_NEXT: following,
        H_NEXT_JOB: before[order],
        H_GROUP: c.group,
        H_GROUP_FIRST: group_first,
        H_GROUP_JOB: members,
        H_NEED: c.need_first,
        H_NEED_PART: c.need_part,
        H_NEED_QUANTITY: c.need_quantity,
        H_NEED_ROW: need_row,
        H_TOOL: c.tool_first,
        H_TOOL_ID: c.tool,
        H_OPTION: c.option_first,
        H_OPTION_PART: c.option_part,
        H_VAN_START: c.van,
        H_OWN: c.own_tool,
        H_LOT_FIRST: c.lot_first,
        H_LOT_AT: c.lot_at_s,
        H_LOT_START: c.lot_quantity,
        H_LOT_DAY: c.lot_day,
        H_DAY: c.tour_day,
        H_PICKUP: c.pickup_first,
        H_DEPOT: c.pickup_depot,
        H_PICKUP_TOUR: np.repeat(np.arange(len(c.tour_day)), np.diff(c.pickup_first)),
        H_IS_COUPLED: coupled,
        H_WORTH: _worth(skip_grains[:m], following, before[order]),
    }


def _worth(skip_grains: I64, following: I64, next_job: I64) -> I64:
    """Return what leaving out everything costs that comes after each ticket, and after that: none of it is served without the ticket."""
    worth = np.zeros(len(skip_grains), np.int64)
    for j in np.flatnonzero(np.diff(following)).tolist():
        found: set[int] = set()
        ahead = [j]
        while ahead:
            i = ahead.pop()
            new = set(next_job[following[i] : following[i + 1]].tolist()) - found
            found |= new
            ahead.extend(new)
        worth[j] = min(int(skip_grains[list(found)].sum()), WORTH_MOST)
    return worth


def _has_legs_of(problem: Problem, known: tuple[Problem, Arrays] | None) -> bool:
    """Say whether a known problem has the very same table of legs."""
    return known is not None and isinstance(problem.legs, Tables) and known[0].legs is problem.legs


def _pack_legs(problem: Problem, known: tuple[Problem, Arrays] | None) -> tuple[I32, F64, F64, I64]:
    legs = problem.legs
    if isinstance(legs, Tables):
        n_speeds, places = legs.leg_s.shape[0], legs.leg_m.shape[0]
        shape = (n_speeds, places, places, 2)
        if known is not None and _has_legs_of(problem, known):
            leg = known[1].g[: known[1].d[H_SERVICE]].reshape(shape)
        else:
            leg = np.empty(shape, np.int32)
            leg[..., 0] = legs.leg_s
            leg[..., 1] = legs.leg_m[None]
            leg[:, range(places), range(places)] = 0  # within one place, whatever the table says
        return leg, np.zeros((0, 3)), np.ones(1), np.ones((n_speeds, 2), np.int64)
    ball = np.stack(
        [
            np.cos(legs.lat_rad) * np.cos(legs.lon_rad),
            np.cos(legs.lat_rad) * np.sin(legs.lon_rad),
            np.sin(legs.lat_rad),
        ],
        axis=1,
    )
    speed = np.stack([legs.speed_num, legs.speed_den], axis=1).astype(np.int64)
    return np.zeros((1, 1, 1, 2), np.int32), ball, np.array([legs.detour]), speed


def _join(leg: I32, service: I32, near: I32, known: tuple[Problem, Arrays] | None) -> I32:
    """Lay legs, service and neighbours end to end; where nothing of them differs from what is known, that is taken."""
    if known is not None and np.may_share_memory(leg, known[1].g) and np.may_share_memory(near, known[1].g):
        first = int(known[1].d[H_SERVICE])
        if np.array_equal(known[1].g[first : int(known[1].d[H_NEAR])], service.ravel()):
            return known[1].g
    return np.concatenate([leg.ravel(), service.ravel(), near.ravel()])


def _near(problem: Problem, ball: F64, known: tuple[Problem, Arrays] | None) -> I32:
    """Sort each job's neighbours by nearness, then by row: all of them up to 1 000 jobs, else the nearest 300."""
    n = problem.n_jobs
    keep = n if n <= 1_000 else 300
    if known is not None and _has_legs_of(problem, known) and np.array_equal(known[0].job_place, problem.job_place):
        return known[1].g[int(known[1].d[H_NEAR]) :].reshape(n, keep)
    place = problem.job_place.astype(np.int64)
    if isinstance(problem.legs, Tables):
        near = np.empty((n, keep), np.int32)
        grid = problem.legs.leg_s[0].copy()
        np.fill_diagonal(grid, 0)
        for start in range(0, n, 500):
            rows = np.arange(start, min(n, start + 500))
            out, back = grid[np.ix_(place[rows], place)].astype(np.int64), grid[np.ix_(place, place[rows])].T
            keys = np.where((out < 0) | (back < 0), _NO_WAY_KEY, out + back) << _ROW_BITS
            keys[np.arange(len(rows)), rows] = 0
            keys |= np.arange(n)
            keys[np.arange(len(rows)), rows] -= 1 << _ROW_BITS
            if keep < n:
                keys = np.partition(keys, keep - 1, axis=1)[:, :keep]
            keys.sort(axis=1)
            near[rows] = keys & ((1 << _ROW_BITS) - 1)
        return near
    if keep < n:
        return _nearest(ball[place], keep)
    distance = -(ball[place] @ ball[place].T)
    np.fill_diagonal(distance, -1e12)
    return np.argsort(distance, axis=1, kind="stable").astype(np.int32)


def _nearest(points: F64, keep: int) -> I32:
    """Return the nearest ``keep`` of many points for each of them, itself first."""
    from scipy.spatial import cKDTree  # noqa: PLC0415 - half a second, for large problems alone

    near: I32 = cKDTree(points).query(points, k=keep)[1].astype(np.int32)
    own = np.arange(len(points), dtype=np.int32)
    # of several points at one place any may come first, or the point itself be none of the nearest
    at = np.where((near == own[:, None]).any(axis=1), (near == own[:, None]).argmax(axis=1), keep - 1)
    near[own, at] = near[:, 0]
    near[:, 0] = own
    return near
