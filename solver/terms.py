"""The shapes in which rules speak to the search, and :func:`fold`, which makes one problem of them.

A rule of the business is a price or a ban that adds up over stops, legs, pairs, tours or workers. Each shape below is
one way of adding up; a rule gives any number of them, several rules may give the same shape. The compiled search meets
the folded :class:`~solver.problem.Problem` alone, never a rule and never a shape.

Shapes of pairs speak about *profiles*: a profile is a class of jobs that each worker fits equally. They are small tables
with a row for each case the rule tells apart, and ``row`` says which case a profile is:
``table[row[profile], worker]``. Many profiles share few cases, so that thousands of profiles × thousands of workers
are never written out by a rule.

All prices are grains, all moments whole seconds from the start of the horizon, all arrays integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.problem import FAR_S, FORBIDDEN, I32, I64, OPEN, Change, Peaks, Problem, Sphere, Tables

Bools = NDArray[np.bool_]
Kind = TypeVar("Kind")

_BLOCK = 256  # profiles folded at once: bounds what a shape of pairs costs in memory


class TermError(ValueError):
    """A shape that does not fit the skeleton: a broken promise between parts, never a user's mistake."""


# ------------------------------------------------------------------------------------------------------------- pairs


@dataclass(frozen=True, slots=True)
class Forbid:
    """Pairs that may not be.

    ``row`` int[n_profiles], ``mask`` bool[n_cases, n_workers].
    """

    row: I32
    mask: Bools


@dataclass(frozen=True, slots=True)
class PairPrice:
    """The price of a worker serving a job; prices of several terms add up.

    ``row`` int[n_profiles], ``grains`` int64[n_cases, n_workers] ≥ 0.
    """

    row: I32
    grains: I64


@dataclass(frozen=True, slots=True)
class FinishBy:
    """The moment by which a worker's service of a job ends, included; the earliest of several terms counts.

    ``row`` int[n_profiles], ``by_s`` int64[n_cases, n_workers], :data:`~solver.problem.FAR_S` for no limit.
    """

    row: I32
    by_s: I64


# -------------------------------------------------------------------------------------------------------------- jobs


@dataclass(frozen=True, slots=True)
class Windows:
    """When services may begin, both ends included; at most one term of a problem.

    The windows of job j are rows ``first[j]`` to ``first[j + 1]`` (not included) of ``from_s`` and ``to_s``, at least
    one, sorted and disjoint. ``first`` int64[n_jobs + 1].
    """

    first: I64
    from_s: I64
    to_s: I64


@dataclass(frozen=True, slots=True)
class LateStart:
    """The price of beginning after ``by_s``: ``once_grains`` and ``grains_per_s``; int64[n_jobs]; at most one term."""

    by_s: I64
    once_grains: I64
    grains_per_s: I64


@dataclass(frozen=True, slots=True)
class LateEnd:
    """The price of ending after ``by_s``, as :class:`LateStart`; at most one term."""

    by_s: I64
    once_grains: I64
    grains_per_s: I64


@dataclass(frozen=True, slots=True)
class SkipPrice:
    """The price of leaving a job out, ``grains`` int64[n_jobs] ≥ 0; prices of several terms add up."""

    grains: I64


@dataclass(frozen=True, slots=True)
class Mandatory:
    """Jobs that must be served, ``mask`` bool[n_jobs]."""

    mask: Bools


# ------------------------------------------------------------------------------------------------------------- rates


@dataclass(frozen=True, slots=True)
class LegRate:
    """The price of each second and each metre of a leg; rates of several terms add up."""

    grains_per_s: int
    grains_per_m: int


@dataclass(frozen=True, slots=True)
class TourRate:
    """The price of each second of a used tour, and of each second of overtime; rates of several terms add up."""

    duration_grains_per_s: int
    overtime_grains_per_s: int


@dataclass(frozen=True, slots=True)
class TourPrice:
    """The price of using a tour at all; prices of several terms add up."""

    grains: int


@dataclass(frozen=True, slots=True)
class WorkerSquare:
    """The price of a worker's squared hours of legs and services, in cents; prices of several terms add up."""

    cents_per_h2: int


# ------------------------------------------------------------------------------------------------- limits and pauses


@dataclass(frozen=True, slots=True)
class TourLimit:
    """Limits of tours, each int64[n_tours] or None for none; the tightest of several terms counts.

    ``last_s`` latest end, ``max_jobs`` number of jobs, ``max_travel_s`` seconds of legs.
    """

    last_s: I64 | None = None
    max_jobs: I64 | None = None
    max_travel_s: I64 | None = None


@dataclass(frozen=True, slots=True)
class WorkerLimit:
    """The limit of a worker's legs and services over all tours, ``max_busy_s`` int64[n_workers]."""

    max_busy_s: I64


@dataclass(frozen=True, slots=True)
class Breaks:
    """Breaks of tours as :class:`Windows` of jobs, sorted by (``to_s``, ``from_s``); at most one term."""

    first: I64
    from_s: I64
    to_s: I64
    duration_s: I64


@dataclass(frozen=True, slots=True)
class Absences:
    """Absences of tours as :class:`Windows` of jobs, sorted and disjoint, ends may touch; at most one term."""

    first: I64
    from_s: I64
    to_s: I64


Term = (
    Forbid
    | PairPrice
    | FinishBy
    | Windows
    | LateStart
    | LateEnd
    | SkipPrice
    | Mandatory
    | LegRate
    | TourRate
    | TourPrice
    | WorkerSquare
    | TourLimit
    | WorkerLimit
    | Breaks
    | Absences
    | Change
)


@dataclass(frozen=True, slots=True)
class Skeleton:
    """What is no rule: where jobs are and how long they take, who works when and from where, and the ways between.

    The fields are those of :class:`~solver.problem.Problem`; ``n_profiles`` is the number of rows of its pair tables.
    """

    legs: Tables | Sphere
    peaks: Peaks
    job_place: I32
    job_profile: I32
    n_profiles: int
    service_s: I32
    service_setup_s: I32
    worker_kind: I32
    worker_speed: I32
    worker_tour_first: I64
    tour_worker: I32
    tour_start_s: I64
    tour_end_s: I64
    tour_start_place: I32
    tour_end_place: I32

    @property
    def n_places(self) -> int:
        """Return the number of places."""
        return len(self.legs.leg_m) if isinstance(self.legs, Tables) else len(self.legs.lat_rad)


def fold(skeleton: Skeleton, terms: Sequence[Term]) -> Problem:
    """Fold shapes into one problem.

    Parameters
    ----------
    skeleton
        What is no rule.
    terms
        Shapes in any order; what none of them speaks about is free, unlimited and allowed.

    Raises
    ------
    TermError
        If an array has another shape or type than its class says, a number is out of range, a list is not sorted, or
        a shape that may come once comes twice; the message names the shape, the field, what was found and expected.
    """
    _check_skeleton(skeleton)
    n_jobs, n_tours, n_workers = len(skeleton.job_place), len(skeleton.tour_worker), len(skeleton.worker_kind)
    fit_grains, finish_by_s = _fold_pairs(skeleton, terms)
    windows = _only(Windows, terms) or _open_windows(n_jobs)
    _check_ragged(windows, n_jobs, (windows.from_s, windows.to_s), at_least=1)
    _check_windows(windows)
    start = _fold_lateness(_only(LateStart, terms), n_jobs)
    end = _fold_lateness(_only(LateEnd, terms), n_jobs)
    mandatory = np.zeros(n_jobs, np.bool_)
    skip_grains = np.zeros(n_jobs, np.int64)
    for must in _each(Mandatory, terms):
        mandatory |= _array(must, "mask", must.mask, (n_jobs,), np.bool_)
    for skip in _each(SkipPrice, terms):
        skip_grains += _array(skip, "grains", skip.grains, (n_jobs,), np.int64, at_least=0)
    skip_grains[mandatory] = 0
    last_s, max_jobs, max_travel_s = (np.full(n_tours, FAR_S) for _ in range(3))
    for limit in _each(TourLimit, terms):
        for name, tightest in (("last_s", last_s), ("max_jobs", max_jobs), ("max_travel_s", max_travel_s)):
            values = getattr(limit, name)
            if values is not None:
                floor = None if name == "last_s" else 0
                np.minimum(tightest, _array(limit, name, values, (n_tours,), np.int64, floor), out=tightest)
    max_busy_s = np.full(n_workers, FAR_S)
    for busy in _each(WorkerLimit, terms):
        np.minimum(max_busy_s, _array(busy, "max_busy_s", busy.max_busy_s, (n_workers,), np.int64, 0), out=max_busy_s)
    breaks = _only(Breaks, terms) or Breaks(_no_rows(n_tours), *(np.empty(0, np.int64) for _ in range(3)))
    _check_ragged(breaks, n_tours, (breaks.from_s, breaks.to_s, breaks.duration_s))
    _check_breaks(breaks)
    absences = _only(Absences, terms) or Absences(_no_rows(n_tours), np.empty(0, np.int64), np.empty(0, np.int64))
    _check_ragged(absences, n_tours, (absences.from_s, absences.to_s))
    _check_absences(absences)
    change = _only(Change, terms)
    if change is not None:
        _check_change(change, n_jobs, n_workers, n_tours)
    return Problem(
        legs=skeleton.legs,
        peaks=skeleton.peaks,
        job_place=skeleton.job_place,
        job_skip_grains=skip_grains,
        job_mandatory=mandatory,
        job_profile=skeleton.job_profile,
        window_first=windows.first,
        window_from_s=windows.from_s,
        window_to_s=windows.to_s,
        arrive_by_s=start[0],
        arrive_once_grains=start[1],
        arrive_grains_per_s=start[2],
        resolve_by_s=end[0],
        resolve_once_grains=end[1],
        resolve_grains_per_s=end[2],
        service_s=skeleton.service_s,
        service_setup_s=skeleton.service_setup_s,
        fit_grains=fit_grains,
        finish_by_s=finish_by_s,
        worker_kind=skeleton.worker_kind,
        worker_speed=skeleton.worker_speed,
        worker_max_busy_s=max_busy_s,
        worker_tour_first=skeleton.worker_tour_first,
        tour_worker=skeleton.tour_worker,
        tour_start_s=skeleton.tour_start_s,
        tour_end_s=skeleton.tour_end_s,
        tour_last_s=last_s,
        tour_start_place=skeleton.tour_start_place,
        tour_end_place=skeleton.tour_end_place,
        tour_max_jobs=max_jobs,
        tour_max_travel_s=max_travel_s,
        break_first=breaks.first,
        break_from_s=breaks.from_s,
        break_to_s=breaks.to_s,
        break_duration_s=breaks.duration_s,
        absence_first=absences.first,
        absence_from_s=absences.from_s,
        absence_to_s=absences.to_s,
        travel_grains_per_s=_sum(LegRate, "grains_per_s", terms),
        travel_grains_per_m=_sum(LegRate, "grains_per_m", terms),
        duration_grains_per_s=_sum(TourRate, "duration_grains_per_s", terms),
        overtime_grains_per_s=_sum(TourRate, "overtime_grains_per_s", terms),
        use_grains=_sum(TourPrice, "grains", terms),
        balance_cents_per_h2=_sum(WorkerSquare, "cents_per_h2", terms),
        change=change,
    )


def _fold_pairs(skeleton: Skeleton, terms: Sequence[Term]) -> tuple[I64, I64]:
    """Add up prices, bans and limits of pairs, a block of profiles at a time."""
    shape = (skeleton.n_profiles, len(skeleton.worker_kind))
    fit_grains = np.zeros(shape, np.int64)
    finish_by_s = np.full(shape, FAR_S)
    forbids, prices, limits = _each(Forbid, terms), _each(PairPrice, terms), _each(FinishBy, terms)
    for forbid in forbids:
        _check_cases(forbid, "mask", forbid.mask, shape, np.bool_)
    for price in prices:
        _check_cases(price, "grains", price.grains, shape, np.int64, at_least=0)
    for limit in limits:
        _check_cases(limit, "by_s", limit.by_s, shape, np.int64)
    for low in range(0, shape[0], _BLOCK):
        block = slice(low, low + _BLOCK)
        fit, finish = fit_grains[block], finish_by_s[block]
        for price in prices:
            fit += price.grains[price.row[block]]
        for limit in limits:
            np.minimum(finish, limit.by_s[limit.row[block]], out=finish)
        for forbid in forbids:
            fit[forbid.mask[forbid.row[block]]] = FORBIDDEN
    return fit_grains, finish_by_s


def _fold_lateness(term: LateStart | LateEnd | None, n_jobs: int) -> tuple[I64, I64, I64]:
    """Return (by, once, per second) of each job."""
    if term is None:
        return np.full(n_jobs, FAR_S), np.zeros(n_jobs, np.int64), np.zeros(n_jobs, np.int64)
    return (
        _array(term, "by_s", term.by_s, (n_jobs,), np.int64),
        _array(term, "once_grains", term.once_grains, (n_jobs,), np.int64, at_least=0),
        _array(term, "grains_per_s", term.grains_per_s, (n_jobs,), np.int64, at_least=0),
    )


# ------------------------------------------------------------------------------------------------------------ checks


def _each(kind: type[Kind], terms: Sequence[Term]) -> list[Kind]:
    """Return the terms of one shape."""
    return [term for term in terms if isinstance(term, kind)]


def _only(kind: type[Kind], terms: Sequence[Term]) -> Kind | None:
    """Return the one term of a shape that may come once, or None."""
    found = _each(kind, terms)
    if len(found) > 1:
        raise TermError(f"{kind.__name__} may come once, came {len(found)} times")
    return found[0] if found else None


def _sum(kind: type[Any], name: str, terms: Sequence[Term]) -> int:
    """Add up one number of all terms of a shape."""
    values = [getattr(term, name) for term in _each(kind, terms)]
    for value in values:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise TermError(f"{kind.__name__}.{name} must be a whole number ≥ 0, got {value!r}")
    return sum(values)


def _array(
    owner: object,
    name: str,
    values: NDArray[Any],
    shape: tuple[int, ...],
    dtype: type[np.generic],
    at_least: int | None = None,
) -> NDArray[Any]:
    """Return the array if it is what its class promises."""
    where = f"{type(owner).__name__}.{name}"
    if values.dtype != dtype:
        raise TermError(f"{where} must hold {dtype.__name__}, holds {values.dtype}")
    if values.shape != shape:
        raise TermError(f"{where} must have shape {shape}, has {values.shape}")
    if at_least is not None and values.size and int(values.min()) < at_least:
        raise TermError(f"{where} must be ≥ {at_least}, got {int(values.min())}")
    return values


def _rows(owner: object, name: str, values: NDArray[Any], length: int, limit: int, *, least: int = 0) -> None:
    """Check that an array of row numbers points into a table of ``limit`` rows."""
    _array(owner, name, values, (length,), np.int32, at_least=least)
    if values.size and int(values.max()) >= limit:
        raise TermError(f"{type(owner).__name__}.{name} must be < {limit}, got {int(values.max())}")


def _check_cases(
    owner: Forbid | PairPrice | FinishBy,
    name: str,
    table: NDArray[Any],
    shape: tuple[int, int],
    dtype: type[np.generic],
    at_least: int | None = None,
) -> None:
    """Check a table of cases × workers and the case of each profile."""
    n_cases = len(table)
    _array(owner, name, table, (n_cases, shape[1]), dtype, at_least)
    _rows(owner, "row", owner.row, shape[0], n_cases)


def _check_ragged(
    owner: Windows | Breaks | Absences, n_owners: int, columns: tuple[I64, ...], at_least: int = 0
) -> None:
    """Check offsets and lengths of a flat list."""
    first = _array(owner, "first", owner.first, (n_owners + 1,), np.int64)
    name = type(owner).__name__
    if first[0] != 0 or (np.diff(first) < at_least).any():
        raise TermError(f"{name}.first must begin at 0 and rise by at least {at_least}")
    for values in columns:
        _array(owner, "from_s, to_s and duration_s", values, (int(first[-1]),), np.int64)


def _inside(first: I64) -> Bools:
    """Tell for each row but the last whether the next row has the same owner."""
    same = np.ones(max(int(first[-1]) - 1, 0), np.bool_)
    edges = first[1:-1] - 1
    same[edges[(edges >= 0) & (edges < len(same))]] = False
    return same


def _check_windows(windows: Windows) -> None:
    """Check that windows are sorted and disjoint."""
    if (windows.to_s < windows.from_s).any():
        raise TermError("Windows must not end before they begin")
    if (_inside(windows.first) & (windows.from_s[1:] <= windows.to_s[:-1])).any():
        raise TermError("Windows of one job must be sorted and disjoint")


def _check_breaks(breaks: Breaks) -> None:
    """Check that breaks are sorted by end, then by beginning."""
    if (breaks.to_s < breaks.from_s).any() or (breaks.duration_s < 0).any():
        raise TermError("Breaks must not end before they begin nor last less than 0 s")
    later = (breaks.to_s[1:] > breaks.to_s[:-1]) | (
        (breaks.to_s[1:] == breaks.to_s[:-1]) & (breaks.from_s[1:] >= breaks.from_s[:-1])
    )
    if (_inside(breaks.first) & ~later).any():
        raise TermError("Breaks of one tour must be sorted by to_s, then by from_s")


def _check_absences(absences: Absences) -> None:
    """Check that absences are sorted and overlap in end points only."""
    if (absences.to_s < absences.from_s).any():
        raise TermError("Absences must not end before they begin")
    if (_inside(absences.first) & (absences.from_s[1:] < absences.to_s[:-1])).any():
        raise TermError("Absences of one tour must be sorted and disjoint")


def _check_change(change: Change, n_jobs: int, n_workers: int, n_tours: int) -> None:
    """Check what the plan in force asks of each job."""
    _rows(change, "home_worker", change.home_worker, n_jobs, n_workers, least=-1)
    _array(change, "away_grains", change.away_grains, (n_jobs,), np.int64, at_least=FORBIDDEN)
    _rows(change, "first_tour", change.first_tour, n_jobs, n_tours, least=-1)
    _array(change, "grains_per_s", change.grains_per_s, (n_jobs,), np.int64, at_least=0)
    for name in ("from_s", "to_s", "calm_from_s", "calm_to_s"):
        _array(change, name, getattr(change, name), (n_jobs,), np.int64)
    _array(change, "counted", change.counted, (n_jobs,), np.bool_)
    if (change.to_s < change.from_s).any():
        raise TermError("Change.to_s must not lie before from_s")
    if change.budget < 0:
        raise TermError(f"Change.budget must be ≥ 0, got {change.budget}")


def _check_skeleton(skeleton: Skeleton) -> None:
    """Check every array of a skeleton against the others."""
    n_jobs, n_workers, n_tours = len(skeleton.job_place), len(skeleton.worker_kind), len(skeleton.tour_worker)
    n_places, n_kinds = skeleton.n_places, skeleton.service_s.shape[-1]
    if isinstance(skeleton.legs, Tables):
        n_speeds = len(skeleton.legs.leg_s)
        _array(skeleton.legs, "leg_s", skeleton.legs.leg_s, (n_speeds, n_places, n_places), np.int32, at_least=-1)
        _array(skeleton.legs, "leg_m", skeleton.legs.leg_m, (n_places, n_places), np.int32, at_least=0)
    else:
        n_speeds = len(skeleton.legs.speed_num)
        _array(skeleton.legs, "lat_rad", skeleton.legs.lat_rad, (n_places,), np.float64)
        _array(skeleton.legs, "lon_rad", skeleton.legs.lon_rad, (n_places,), np.float64)
        _array(skeleton.legs, "speed_num", skeleton.legs.speed_num, (n_speeds,), np.int64, at_least=0)
        _array(skeleton.legs, "speed_den", skeleton.legs.speed_den, (n_speeds,), np.int64, at_least=1)
    _rows(skeleton, "job_place", skeleton.job_place, n_jobs, n_places)
    _rows(skeleton, "job_profile", skeleton.job_profile, n_jobs, skeleton.n_profiles)
    _array(skeleton, "service_s", skeleton.service_s, (n_jobs, n_kinds), np.int32, at_least=0)
    _array(skeleton, "service_setup_s", skeleton.service_setup_s, (n_jobs, n_kinds), np.int32, at_least=0)
    _rows(skeleton, "worker_kind", skeleton.worker_kind, n_workers, n_kinds)
    _rows(skeleton, "worker_speed", skeleton.worker_speed, n_workers, n_speeds)
    _rows(skeleton, "tour_worker", skeleton.tour_worker, n_tours, n_workers)
    first = _array(skeleton, "worker_tour_first", skeleton.worker_tour_first, (n_workers + 1,), np.int64, at_least=0)
    owners = np.repeat(np.arange(n_workers), np.diff(first)) if (np.diff(first) >= 0).all() else np.empty(0)
    if first[0] != 0 or first[-1] != n_tours or not np.array_equal(owners, skeleton.tour_worker):
        raise TermError("Skeleton.worker_tour_first must list the tours of tour_worker, sorted by worker")
    _array(skeleton, "tour_start_s", skeleton.tour_start_s, (n_tours,), np.int64)
    _array(skeleton, "tour_end_s", skeleton.tour_end_s, (n_tours,), np.int64)
    _rows(skeleton, "tour_start_place", skeleton.tour_start_place, n_tours, n_places)
    _rows(skeleton, "tour_end_place", skeleton.tour_end_place, n_tours, n_places, least=OPEN)


def _no_rows(n_owners: int) -> I64:
    """Return offsets of a list in which nobody has a row."""
    return np.zeros(n_owners + 1, np.int64)


def _open_windows(n_jobs: int) -> Windows:
    """Return one endless window a job."""
    return Windows(np.arange(n_jobs + 1), np.zeros(n_jobs, np.int64), np.full(n_jobs, FAR_S))
