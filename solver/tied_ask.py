"""What else would fit into given tours that are tied to each other, and what it would displace: asked after a search, for people.

What is settled between the tours stays settled (:mod:`solver.mechanisms.coupling`): crews begin when they do, stock that was taken is
taken, and what comes after another ticket does so as before. Beside that every place is tried: each stop at a depot that a tour makes
already, and one more at each depot wherever it may stand; for a crew every moment at which one of them could begin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.arrays import (
    H_LOT_START,
    H_VAN_START,
    P_LOTS,
    P_PARTS,
    P_WORKERS,
    Arrays,
    fit_of,
)
from solver.kernel import refresh
from solver.mechanisms.coupling import (
    read_block,
    read_held,
    roll_back,
)
from solver.places import Place, Places, Swap, go_on
from solver.problem import FAR_S, I64, Couplings, Held, Problem
from solver.state import (
    C_COST,
    C_JOURNAL,
    H_LENT,
    H_LOT,
    H_VAN,
    INF,
)
from solver.tied_finds import (
    find_crew,
    find_one,
    list_moments,
    serve_ticket,
    take_ticket,
)
from solver.tied_places import earliest_after, end_of_crew, wanted_worker
from solver.together import begin_iteration
from solver.tours import load_routes, make_state

MOMENTS_MAX = 4096
"""So many common beginnings of a crew are kept, at most."""


FEW_MOMENTS = 100
"""Of so many it is asked what follows when somebody waits for one of them."""


@dataclass(frozen=True, slots=True)
class TiedPlace(Place):
    """A legal place where tours are tied.

    ``pickup`` fetches what the van has not (None: nothing is fetched), after ``behind`` (None: first; -1: it is in the tour already). A crew
    begins at ``moment_s``; ``helpers`` are the tours of the others and the job that each comes after.
    """

    pickup: int | None = None
    behind: int | None = None
    moment_s: int | None = None
    helpers: tuple[tuple[int, int | None], ...] = ()


class TiedPlaces(Places):
    """Tied tours of a problem, to be asked what else would fit; as :class:`solver.places.Places`.

    Parameters
    ----------
    problem, routes, arrays
        As there; jobs are tickets, helpers and pick-ups.
    held
        What the routes have settled between them.

    Raises
    ------
    ValueError
        If a tour is not legal.
    """

    def __init__(self, problem: Problem, routes: Sequence[Sequence[int]], arrays: Arrays, held: Held) -> None:
        if problem.couplings is None:
            raise ValueError("nothing ties these tours")
        self.problem, self.arrays = problem, arrays
        self._couplings: Couplings = problem.couplings
        self._state, self._empty = make_state(arrays, 0), make_state(arrays, 0)
        nothing: list[Sequence[int]] = [()] * problem.n_tours
        load_routes(arrays, self._empty, nothing)
        if not load_routes(arrays, self._state, tuple(map(tuple, routes)), block=held.block):
            raise ValueError("a tour of these routes is not legal")
        self._routes: tuple[tuple[int, ...], ...] | None = None
        self.tick = go_on

    @property
    def held(self) -> Held:
        """Return what the tours have settled between them now."""
        return read_held(self.arrays, self._state, self._couplings, read_block(self._state))

    def tours_alone(self, job: int) -> NDArray[np.bool_]:
        """Tell for each tour whether a ticket alone would be legal in it were every tour empty; bool[n_tours].

        A ticket that comes after others begins no earlier than these could be over, each of them alone.
        """
        legal = np.zeros(self.problem.n_tours, np.bool_)
        from_s = self._over_s(job)
        if from_s < FAR_S:
            for tour in range(self.problem.n_tours):
                self.tick()
                legal[tour] = self._find(self._empty, job, tour, from_s) is not None
        return legal

    def _over_s(self, job: int) -> int:
        """Return when those that a ticket comes after could be over, were each alone; FAR_S: one of them never."""
        c, from_s = self._couplings, -FAR_S
        for row in range(int(c.after_first[job]), int(c.after_first[job + 1])):
            before, ends = int(c.after_job[row]), [FAR_S]
            since = self._over_s(before)
            for tour in range(self.problem.n_tours) if since < FAR_S else ():
                self.tick()
                kept = self._empty.copy()
                place = self._find(self._empty, before, tour, since)
                if place is not None and self._serve(self._empty, before, place, since):
                    ends.append(int(end_of_crew(self.arrays, self._empty, np.int64(before))))
                self._empty[:] = kept
            from_s = max(from_s, min(ends) + int(c.after_gap_s[row]) if min(ends) < FAR_S else FAR_S)
        return from_s

    def find_place(self, job: int) -> TiedPlace | None:
        """Return the cheapest legal place of an unserved ticket, of all there are, or None."""
        best: TiedPlace | None = None
        for tour in range(self.problem.n_tours):
            self.tick()
            best = self._find(self._state, job, tour, below=int(INF) if best is None else best.grains) or best
        return best

    def find_in(self, job: int, tour: int, cells: Mapping[int, int] | None = None) -> TiedPlace | None:
        """Return the cheapest legal place of an unserved ticket in one tour, with its lead there, or None.

        Parameters
        ----------
        cells
            Numbers of ``arrays.d`` that are others meanwhile (:mod:`solver.relax`); of stock, what is left changes by as much.
        """
        if not cells:
            return self._find(self._state, job, tour)
        d, state = self.arrays.d, self._state
        was = {at: int(d[at]) for at in cells}
        stock = {left: value - was[at] for at, value in cells.items() if (left := self._stock_of(at)) is not None}
        for at, value in cells.items():
            d[at] = value
        for left, more in stock.items():
            state[left] += more
        found = self._find(state, job, tour) if refresh(self.arrays, state, np.int64(tour)) else None
        for at, value in was.items():
            d[at] = value
        for left, more in stock.items():
            state[left] -= more
        refresh(self.arrays, state, np.int64(tour))
        return found

    def _stock_of(self, at: int) -> int | None:
        """Return where in the state stands what is left of the stock in a cell of the problem; None: it is none."""
        d, s = self.arrays.d, self._state
        for first, size, left in (
            (int(d[H_VAN_START]), int(d[P_WORKERS] * d[P_PARTS]), int(s[H_VAN])),
            (int(d[H_LOT_START]), int(d[P_LOTS]), int(s[H_LOT])),
        ):
            if first <= at < first + size:
                return left + at - first
        return None

    def _find(
        self, state: I64, job: int, tour: int, from_s: int | None = None, *, below: int = int(INF)
    ) -> TiedPlace | None:
        """Return the cheapest place in a state that adds less than ``below``; ``from_s`` is when those before the ticket are over, None: as served."""
        a, j, t = self.arrays, np.int64(job), np.int64(tour)
        worker = int(self.problem.tour_worker[tour])
        if fit_of(a, j, np.int64(worker)) < 0:
            return None
        state[C_JOURNAL] = 0
        wanted = int(wanted_worker(a, state, j))
        since = earliest_after(a, state, j) if from_s is None else np.int64(from_s)
        if since == FAR_S or (wanted >= 0 and wanted != worker):
            return None
        crew = range(int(self._couplings.crew_first[job]), int(self._couplings.crew_first[job + 1]))
        if crew:
            return self._find_crew(state, job, tour, since, len(crew), below)
        value, after, pickup, behind = (int(one) for one in find_one(a, state, j, t, since, np.int64(below)))
        roll_back(state, np.int64(0))
        if after < 0:
            return None
        return TiedPlace(value, tour, self._job(after), *self._stop(pickup, behind))

    def _stop(self, pickup: int, behind: int) -> tuple[int | None, int | None]:
        """Return a pick-up and the job that it comes after, as a place has them."""
        if pickup < 0:
            return None, None
        return pickup, -1 if behind < 0 else self._job(behind)

    def _find_crew(self, state: I64, job: int, tour: int, since: Any, helpers: int, below: int) -> TiedPlace | None:
        """Return the cheapest common beginning of a crew whose lead is in a tour, where it adds less than ``below``."""
        a, j, t = self.arrays, np.int64(job), np.int64(tour)
        moments = np.empty(MOMENTS_MAX, np.int64)

        def begins_from(from_s: Any) -> list[int]:
            count = int(list_moments(a, state, j, t, from_s, moments))
            roll_back(state, np.int64(0))
            return [int(moment) for moment in np.unique(moments[:count])]

        known = begins_from(since)
        if len(known) <= FEW_MOMENTS:  # where one of them has to wait for another, he may have to wait for longer
            known = sorted({*known, *(later for moment in known for later in begins_from(np.int64(moment)))})
        best: TiedPlace | None = None
        tours, afters, prices = np.empty((3, helpers), np.int64)
        for moment in known:
            bound = np.int64(below if best is None else best.grains)
            found = find_crew(a, state, j, t, since, np.int64(moment), bound, tours, afters, prices)
            roll_back(state, np.int64(0))
            value, after, pickup, behind = (int(one) for one in found)
            if after >= 0:
                others = tuple((int(other), self._job(int(node))) for other, node in zip(tours, afters, strict=True))
                best = TiedPlace(value, tour, self._job(after), *self._stop(pickup, behind), moment, others)
        return best

    def stock_left(self) -> tuple[I64, I64]:
        """Return what is left in vans, int64[n_workers, n_parts], and of lots, int64[n_lots]."""
        d, s, c = self.arrays.d, self._state, self._couplings
        workers, lots = int(d[P_WORKERS]), int(d[P_LOTS])
        van = s[int(s[H_VAN]) : int(s[H_VAN]) + workers * c.n_parts].reshape(workers, c.n_parts)
        return van.copy(), s[int(s[H_LOT]) : int(s[H_LOT]) + lots].copy()

    def is_lent(self, tour: int, tool: int) -> bool:
        """Tell whether a stop of a tour fetches a tool already."""
        return bool(self._state[int(self._state[H_LENT]) + 2 * (tour * self._couplings.n_tools + tool)] >= 0)

    def group_of(self, job: int) -> list[int]:
        """Return the other tickets that want the same worker as a ticket."""
        group = self._couplings.group
        return [] if group[job] < 0 else [int(one) for one in np.flatnonzero(group == group[job]) if one != job]

    def take_out(self, job: int) -> int | None:
        """Serve a ticket no more, with its crew and the stops that nobody needs then; the others stay settled.

        Returns what the total changes by, without the price of leaving it out; None: a tour is not legal without it, and these
        tours are of no use any more.
        """
        self._routes = None
        before = int(self._state[C_COST])
        if not take_ticket(self.arrays, self._state, np.int64(job)):
            return None
        return int(self._state[C_COST]) - before - self.skip_grains(job)

    def can_go(self, job: int) -> bool:
        """Tell whether nothing else goes with a ticket: nobody comes after it."""
        c, served = self._couplings, {one for jobs in self.routes for one in jobs}
        rows = np.flatnonzero(c.after_job == job)
        owners = np.searchsorted(c.after_first, rows, side="right") - 1
        return not served & set(owners.tolist())

    def find_swap(self, job: int, tour: int) -> Swap | None:
        """Return the cheapest way to serve an unserved ticket in a tour instead of one of its tickets, or None."""
        best: Swap | None = None
        before, saved, kept = int(self._state[C_COST]), self.skip_grains(job), self._state.copy()
        for out in self.tickets_in(tour):
            self.tick()
            if not self.can_go(out):
                continue
            place = self._find(self._state, job, tour) if self.take_out(out) is not None else None
            change = int(self._state[C_COST]) - before - saved
            if place is not None and (best is None or change + place.grains < best.grains):
                best = Swap(change + place.grains, tour, out, place.after)
            self._put_back(kept)
        return best

    def change_emptied(self, job: int, tour: int) -> int | None:
        """Return what the total would change by if a tour served this ticket instead of all of its own; None if that is not legal."""
        self.tick()
        before, kept = int(self._state[C_COST]), self._state.copy()
        change = None
        if all(self.can_go(out) and self.take_out(out) is not None for out in self.tickets_in(tour)):
            place = self._find(self._state, job, tour)
            if place is not None:
                change = int(self._state[C_COST]) - before + place.grains - self.skip_grains(job)
        self._put_back(kept)
        return change

    def tickets_in(self, tour: int) -> list[int]:
        """Return the tickets of a tour, a crew's where its lead is."""
        return [job for job in self.routes[tour] if job < self._couplings.n_tickets]

    def insert(self, job: int, place: Place) -> bool:
        """Serve a ticket at a place that was found since the last change; False: more would be changed than may be."""
        return self._insert(job, place, self._changed())

    def _insert(self, job: int, place: Place, changed: int) -> bool:
        """Serve a ticket as :meth:`insert`, where so many were ``changed`` before."""
        if not isinstance(place, TiedPlace):
            raise TypeError("a place of tied tours is asked for")
        kept = self._state.copy()
        if not self._serve(self._state, job, place):
            raise ValueError(f"job {job} does not fit into tour {place.tour}: the place is out of date")
        self._routes = None
        if self.problem.change is not None and self._changed() > max(self.problem.change.budget, changed):
            self._put_back(kept)
            return False
        return True

    def exchange(self, job: int, swap: Swap) -> bool:
        """Serve a ticket instead of another; False as for :meth:`insert`, or where that ticket cannot go."""
        kept, changed = self._state.copy(), self._changed()
        place = self._find(self._state, job, swap.tour) if self.take_out(swap.out) is not None else None
        if place is not None and self._insert(job, place, changed):
            return True
        self._put_back(kept)
        return False

    def keeps_budget(self, job: int, place: Place) -> bool:
        """Tell whether no more jobs are changed than may be once a ticket is served at a place; the tours stay as they are."""
        kept = self._state.copy()
        keeps = self.insert(job, place)
        self._put_back(kept)
        return keeps

    def _put_back(self, kept: I64) -> None:
        """Put the tours back as they were."""
        self._state[:] = kept
        self._routes = None

    def _serve(self, state: I64, job: int, place: TiedPlace, from_s: int | None = None) -> bool:
        """Serve a ticket at a place in a state."""
        a, n = self.arrays, self.problem.n_jobs
        begin_iteration(state)
        j = np.int64(job)
        since = earliest_after(a, state, j) if from_s is None else np.int64(from_s)

        def node(after: int | None, tour: int) -> Any:
            return np.int64(n + tour if after is None else after)

        pickup = np.int64(-1 if place.pickup is None else place.pickup)
        stays = place.pickup is None or place.behind == -1
        behind = np.int64(-1) if stays else node(place.behind, place.tour)
        tours = np.array([tour for tour, _ in place.helpers], np.int64)
        afters = np.array([node(after, tour) for tour, after in place.helpers], np.int64)
        moment = np.int64(-1 if place.moment_s is None else place.moment_s)
        where = node(place.after, place.tour)
        return bool(
            serve_ticket(
                a, state, j, np.int64(place.tour), where, pickup, behind, since, moment, tours, afters, from_s is None
            )
        )
