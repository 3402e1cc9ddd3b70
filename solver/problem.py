"""The problem as the search sees it: rows of integers, documented once, here.

*Jobs*, *workers*, *tours* (one worker's shift) and *places* are row numbers; time is whole seconds from the start of
the horizon; money is whole *grains* (:data:`GRAINS_PER_CENT` to the cent, so that prices in whole cents per hour and
per kilometre are exact).

What a tour is and costs
------------------------
A tour ``t`` of worker ``w`` that serves jobs ``j1 … jm`` leaves ``tour_start_place[t]`` at ``depart_s`` ≥
``tour_start_s[t]``, and reaches ``tour_end_place[t]`` (or, if that is :data:`OPEN`, ends where and when ``jm`` ends).
An unused tour (no job) costs nothing and breaks nothing.

*Legs.* From place a to b leaving at x: ``base = leg seconds of speed_of(w)``; without peaks the arrival is ``x + base``;
with peaks it is the earliest whole second at which the progress since x reaches ``base`` (see :class:`Peaks`). Within
one place a leg is 0 s, 0 m, whatever a table says. A leg with ``base < 0`` is no way: forbidden. The travel seconds of a tour
are those from departures to arrivals.

*Service.* ``j`` lasts ``service_s[j, kind]``, or ``service_setup_s[j, kind]`` unless the stop before is a job at the same
place (a break or the start between or before means that the set-up is due), ``kind = worker_kind[w]``. It begins inside
one of its windows, both ends included, and ends no later than ``finish_by_s[job_profile[j], w]``.

*Breaks* of the tour are taken in the order of their rows (sorted by ``to``, then ``from``), each at most once. A break
begins inside ``[from, to]``, as early as it can, either before a leg (where the worker is) or after it (before the
service); waiting for ``from`` is allowed. A tour that departs before ``to`` and ends after ``to`` owes the break; one that
ends at or before ``to``, or departs at or after ``to``, does not. A break before the first leg comes after the departure: the
clock of the tour runs.

*Absences*: no leg and no service overlaps one (sharing an end point only is no overlap; a service of 0 s strictly
inside one is, a leg of 0 s never). A service that would is put off until the absence ends, and so is a leg from the start: the tour leaves
later. From anywhere else a leg leaves at once, since nobody waits after work or a break: one that would overlap is
forbidden, and with it the label. Waiting and breaks may overlap.

*Limits*: the tour ends by ``tour_last_s``, has at most ``tour_max_jobs`` jobs, its legs take at most
``tour_max_travel_s``; over all tours of the worker legs and services take at most ``worker_max_busy_s``.

*Timing rule.* Everything happens as early as possible. The state after a stop is, for each number k of breaks settled so
far, a label (time, late grains, travel seconds, service seconds). At the start only k = number of breaks with ``to`` ≤
``depart_s`` lives. From label k0 a job is reached with p breaks before the leg and q after it, k = k0 + p + q; of all ways to
reach (stop, k), tried in the order k0, p, q ascending, the first with the least (time, late grains, travel + service
seconds) is kept. A label k whose service ends after ``to`` of break k is dropped. The end place is reached with p breaks before the leg
(none after it; none at all where the end is :data:`OPEN`); of the labels that owe no break and keep ``tour_last_s`` and
``tour_max_travel_s`` the first (k0, p ascending) with the least cost is the tour.

With ``duration_grains_per_s`` > 0 the departure is then put off, and the cheaper of the two timings is taken (the
early one where equal). Going back from the end, which stays: a leg arrives no later than the latest begin after it, and (unless
of 0 s) than the begin of the first absence that began at or after its old arrival; it leaves at the last second from which it
does; a service begins no later than its window's ``to``, than
``finish_by_s`` and the first absence that began at or after its old end allow, than ``arrive_by_s`` if it kept it (else than it did), than
``resolve_by_s`` allows if it kept it (else than it did); a break no later than its ``to``. The tour is then timed anew, by the rule above, from the latest departure so found.

*Changes* (:class:`Change`, where a plan is in force). A worker who is not the job's *home* pays ``away_grains`` on top of the
fit, or may not serve it. A begin b outside the job's tolerance costs, with lateness, ``grains_per_s`` for each second to its
nearest end: ``max(0, from_s − b, b − to_s)``. So a tour is timed twice: *waiting*, where a service whose earliest legal begin
b0 lies before ``from_s`` begins at the earliest legal moment from ``min(from_s, end of the window of b0)`` on, and *at once*, as
early as possible like everything else. The cheaper of the two counts, waiting where equal; the tour never waits at some jobs and
not at others. A job with ``first_tour`` is served in that tour, before all others, no break before it.

*Budget.* A counted job is changed when it is not served, is served by another worker than its home, or begins outside
``[calm_from_s, calm_to_s]``. No more than ``budget`` jobs are changed; which timing a tour has is chosen by cost alone.

*Cost* in grains: fit of each pair + lateness + travel_s × ``travel_grains_per_s`` + travel_m × ``travel_grains_per_m`` +
(end − depart) × ``duration_grains_per_s`` + max(0, end − ``tour_end_s``) × ``overtime_grains_per_s`` +
``use_grains``. Lateness of a begin b: if b > by: once + (b − by) × rate; resolution the same for the end of service.

*Balance*: for each worker, busy = legs + services of all tours; ``balance_grains(busy)``.

*Total* = Σ tours + Σ workers' balance + Σ ``job_skip_grains`` of jobs not served (mandatory ones counted apart).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

I64 = NDArray[np.int64]
I32 = NDArray[np.int32]

GRAINS_PER_CENT = 18_000
GRAINS_PER_CNY = 100 * GRAINS_PER_CENT

FAR_S = 1 << 40
"""A moment, or a limit in seconds, that is never reached."""

FORBIDDEN = -1
"""Instead of a price: this pair may not be."""

OPEN = -1
"""Instead of a place: the tour ends at its last stop."""

NO_WAY = -1
"""Instead of seconds: there is no way."""

TABLE_PLACES_MAX = 2_500
"""Up to so many places legs are held in tables; beyond, the kernel computes them from coordinates."""

EARTH_RADIUS_M = 6_371_008.8


def grains_per_s(cents_per_h: int) -> int:
    """Return the exact grains per second of a price in whole cents per hour."""
    return cents_per_h * (GRAINS_PER_CENT // 3600)


def grains_per_m(cents_per_km: int) -> int:
    """Return the exact grains per metre of a price in whole cents per kilometre."""
    return cents_per_km * (GRAINS_PER_CENT // 1000)


def balance_grains(busy_s: int, cents_per_h2: int) -> int:
    """Price one worker's busy seconds: hours² × price, rounded half up to 0.0001 CNY (180 grains)."""
    per_10_000 = 3600 * 3600  # one 0.0001 CNY is one hundredth of a cent
    return (busy_s * busy_s * cents_per_h2 * 100 * 2 + per_10_000) // (2 * per_10_000) * 180


@dataclass(frozen=True, slots=True)
class Tables:
    """Legs held in tables, for at most :data:`TABLE_PLACES_MAX` places.

    ``leg_s`` int32[n_speeds, n_places, n_places] whole seconds [speed, origin, destination], :data:`NO_WAY` where there
    is none; ``leg_m`` int32[n_places, n_places] whole metres (0 where there is no way).
    """

    leg_s: I32
    leg_m: I32


@dataclass(frozen=True, slots=True)
class Sphere:
    """Legs computed from coordinates.

    ``lat_rad``, ``lon_rad`` float64[n_places]; metres = haversine × ``detour``, to the nearest, seconds = ceil(metres ×
    ``speed_num[k]`` ÷ ``speed_den[k]``), int64[n_speeds].
    """

    lat_rad: NDArray[np.float64]
    lon_rad: NDArray[np.float64]
    detour: float
    speed_num: I64
    speed_den: I64


@dataclass(frozen=True, slots=True)
class Peaks:
    """How journeys advance with time: piecewise constant speed, in whole units of progress.

    Between ``clock_s[g]`` (included) and ``clock_s[g + 1]`` a journey advances ``rate[g]`` units a second; ``unit`` units
    are one second of free travel; ``progress[g]`` is the sum up to ``clock_s[g]``. The first entry lies before any
    departure, the last one is open. A leg of ``base`` s leaving at x arrives at the least whole t with
    progress(t) ≥ progress(x) + base × unit. No peaks: empty arrays. Ichoua, Gendreau and Potvin (2003),
    doi 10.1016/S0377-2217(02)00147-9.
    """

    clock_s: I64 = field(default_factory=lambda: np.empty(0, np.int64))
    progress: I64 = field(default_factory=lambda: np.empty(0, np.int64))
    rate: I64 = field(default_factory=lambda: np.empty(0, np.int64))
    unit: int = 1


@dataclass(frozen=True, slots=True)
class Change:
    """What the plan in force asks of each job; the module says what it means.

    ``home_worker`` is -1 where nobody is at home; ``away_grains`` is 0 where that is no matter, :data:`FORBIDDEN` where nobody
    but the home may come. ``first_tour`` is -1 for all jobs but those on the way. Without a price of the begin ``grains_per_s`` is 0.
    ``budget`` is :data:`FAR_S` where any number of jobs may change; then none is counted.
    """

    home_worker: I32  # [n_jobs]
    away_grains: I64  # [n_jobs]
    first_tour: I32  # [n_jobs]
    from_s: I64  # [n_jobs] the tolerance, both ends included
    to_s: I64  # [n_jobs]
    grains_per_s: I64  # [n_jobs]
    calm_from_s: I64  # [n_jobs] both ends included
    calm_to_s: I64  # [n_jobs]
    counted: NDArray[np.bool_]  # [n_jobs]
    budget: int = FAR_S


@dataclass(frozen=True, slots=True)
class Couplings:
    """What ties tours to each other: crews, order, the same worker, parts and tools; numbers of rows, all int64.

    Jobs 0 to ``n_tickets`` − 1 are *tickets*: only these are left out or served. Behind them come *helpers*, the further places
    in a ticket's crew, and then *pick-ups*, which a tour may make at a depot: both stand in tours like jobs, but their skip
    price is nothing. Items are parts (0 to ``n_parts`` − 1) and, behind them, tools. A *lot* is what a depot has of an item
    from a moment on: what of a part is there at first, each delivery, or what it may lend of a tool on one day. Because whoever
    picks up at a later moment may take what was there before, stock that never falls below zero is the same as every pick-up
    having its lots, and no lot being taken twice.

    Ragged lists as in :class:`Problem`; ``group`` and ``crew_row`` are −1 for none.
    """

    n_tickets: int
    crew_first: I64  # [n_tickets + 1]
    crew_job: I64  # helpers of each ticket, in order; helper rows are n_tickets … first_pickup − 1
    crew_row: I64  # [n_tickets] row of capable, −1 without a crew
    capable: I64  # [n_crews, n_workers] 1 where the worker has what leading the crew requires
    after_first: I64  # [n_tickets + 1]
    after_job: I64  # tickets that must be over before
    after_gap_s: I64  # and for how long
    group: I64  # [n_tickets] tickets of one group have the same (leading) worker
    need_first: I64  # [n_tickets + 1]
    need_part: I64
    need_quantity: I64
    tool_first: I64  # [n_tickets + 1]
    tool: I64  # 0 … n_tools − 1
    option_first: I64  # [n_parts + 1]
    option_part: I64  # what serves in place of each part, itself first
    van: I64  # [n_workers, n_parts]
    own_tool: I64  # [n_tours, n_tools] 1 where the tool is at hand from the start
    lot_first: I64  # [n_depots × (n_parts + n_tools) + 1] lots of an item at a depot, by moment
    lot_at_s: I64
    lot_quantity: I64
    lot_day: I64  # for tools; −1 for parts
    tour_day: I64  # [n_tours]
    first_pickup: int
    pickup_first: I64  # [n_tours + 1] pick-ups of each tour, less first_pickup
    pickup_depot: I64  # [n_pickups]

    @property
    def n_parts(self) -> int:
        """Return the number of parts."""
        return len(self.option_first) - 1

    @property
    def n_tools(self) -> int:
        """Return the number of tools."""
        return int(self.own_tool.shape[1])

    @property
    def n_items(self) -> int:
        """Return the number of parts and tools."""
        return self.n_parts + self.n_tools

    @property
    def n_pickups(self) -> int:
        """Return the number of pick-ups that tours may make."""
        return len(self.pickup_depot)


@dataclass(frozen=True, slots=True)
class Held:
    """What a solution of a problem with :class:`Couplings` has settled between its tours.

    ``block`` is the search's own memory of it (:mod:`solver.mechanisms.coupling`), from which another search goes on.
    ``hold_s`` int64[n_jobs, 3]: a job begins no earlier, no later, and ends no later; ``parts`` lists (ticket, item, quantity, pick-up or
    −1 for the van); ``tools`` lists (tour, tool, pick-up that lends it).
    """

    block: I64
    hold_s: I64
    parts: tuple[tuple[int, int, int, int], ...]
    tools: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything the search knows; see the module for the meaning, each field for its shape.

    Ragged lists are held flat with ``first`` offsets: the windows of job j are rows ``window_first[j]`` up to, not
    including, ``window_first[j + 1]``. Windows, breaks and absences are sorted; windows and absences are disjoint.
    Tours are sorted by worker, then by start; tours of one worker do not overlap, ``tour_last_s`` included.
    """

    legs: Tables | Sphere
    peaks: Peaks

    # jobs
    job_place: I32  # [n_jobs]
    job_skip_grains: I64  # [n_jobs] ≥ 0; 0 where mandatory
    job_mandatory: NDArray[np.bool_]  # [n_jobs]
    job_profile: I32  # [n_jobs] row of fit_grains and finish_by_s
    window_first: I64  # [n_jobs + 1]; every job has at least one window
    window_from_s: I64  # [n_windows]
    window_to_s: I64  # [n_windows], FAR_S for no end
    arrive_by_s: I64  # [n_jobs], FAR_S for no limit
    arrive_once_grains: I64  # [n_jobs]
    arrive_grains_per_s: I64  # [n_jobs]
    resolve_by_s: I64  # [n_jobs]
    resolve_once_grains: I64  # [n_jobs]
    resolve_grains_per_s: I64  # [n_jobs]
    service_s: I32  # [n_jobs, n_kinds]
    service_setup_s: I32  # [n_jobs, n_kinds]

    # pairs
    fit_grains: I64  # [n_profiles, n_workers] price of the pair, or FORBIDDEN
    finish_by_s: I64  # [n_profiles, n_workers]

    # workers
    worker_kind: I32  # [n_workers] column of service_s
    worker_speed: I32  # [n_workers] row of leg_s
    worker_max_busy_s: I64  # [n_workers]
    worker_tour_first: I64  # [n_workers + 1] tours of w: rows first[w] … first[w + 1] − 1

    # tours
    tour_worker: I32  # [n_tours]
    tour_start_s: I64  # [n_tours] earliest departure (shift start or now)
    tour_end_s: I64  # [n_tours] overtime begins
    tour_last_s: I64  # [n_tours] latest end
    tour_start_place: I32  # [n_tours]
    tour_end_place: I32  # [n_tours] or OPEN
    tour_max_jobs: I64  # [n_tours]
    tour_max_travel_s: I64  # [n_tours]
    break_first: I64  # [n_tours + 1]
    break_from_s: I64  # [n_breaks]
    break_to_s: I64  # [n_breaks]
    break_duration_s: I64  # [n_breaks]
    absence_first: I64  # [n_tours + 1]
    absence_from_s: I64  # [n_absences]
    absence_to_s: I64  # [n_absences]

    # prices
    travel_grains_per_s: int
    travel_grains_per_m: int
    duration_grains_per_s: int
    overtime_grains_per_s: int
    use_grains: int
    balance_cents_per_h2: int

    change: Change | None = None
    """None: there is no plan in force."""
    couplings: Couplings | None = None
    """None: nothing ties tours to each other."""

    @property
    def n_jobs(self) -> int:
        """Return the number of jobs, helpers and pick-ups included."""
        return len(self.job_place)

    @property
    def n_tickets(self) -> int:
        """Return the number of jobs that are served or left out."""
        return self.n_jobs if self.couplings is None else self.couplings.n_tickets

    @property
    def n_workers(self) -> int:
        """Return the number of workers."""
        return len(self.worker_kind)

    @property
    def n_tours(self) -> int:
        """Return the number of tours."""
        return len(self.tour_worker)


def pair_grains(problem: Problem, job: int, worker: int) -> int:
    """Return the price of a worker serving a job, at home or away, or :data:`FORBIDDEN`."""
    grains = int(problem.fit_grains[problem.job_profile[job], worker])
    change = problem.change
    if change is None or grains == FORBIDDEN or int(change.home_worker[job]) == worker:
        return grains
    away = int(change.away_grains[job])
    return FORBIDDEN if away == FORBIDDEN else grains + away


@dataclass(frozen=True, slots=True)
class Event:
    """One thing a tour does, as the timing rule places it; seconds and metres.

    ``kind`` is ``start``, ``visit``, ``break`` or ``end``; ``row`` is the job (visit), or the break's index in the tour;
    ``place`` is where. ``travel_s``, ``travel_m`` led here: of several events at one stop (breaks after the leg, the visit)
    the first has them, the others 0, and each arrives when the one before it is left. ``row`` of the start and the end is −1;
    at the start all three times are the departure, at the end they are the arrival there (:data:`OPEN`: the last leave).
    """

    kind: str
    row: int
    place: int
    arrive_s: int
    begin_s: int
    leave_s: int
    travel_s: int
    travel_m: int


@dataclass(frozen=True, slots=True)
class Timed:
    """A tour with its timing and price. ``cost_grains`` is without balance.

    An unused tour costs 0, has no events, departs and ends at its ``tour_start_s``. A tour with a forbidden pair or too many
    jobs has no timing at all (None instead of this); ``worker_max_busy_s`` is no matter of one tour.
    """

    cost_grains: int
    travel_s: int
    service_s: int
    depart_s: int
    end_s: int
    events: tuple[Event, ...]


Routes = tuple[tuple[int, ...], ...]
"""Jobs in order, by tour."""


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes by tour, what is left out, and what it costs.

    ``routes[t]`` lists jobs in order; ``unserved`` is sorted; ``total_grains`` is without the mandatory jobs' price
    (they have none): ``mandatory_unserved`` counts them.
    """

    routes: tuple[tuple[int, ...], ...]
    unserved: tuple[int, ...]
    total_grains: int
    mandatory_unserved: int
    iterations: int = 0
    seconds: float = 0.0
    threads: int = 1
    seed: int = 0
    held: Held | None = None
