"""The plan in force with the stops at depots that it must have had: ``previous`` tells who comes when, not where parts and tools come from.

A shift whose visits begin to the second as they were planned without any stop had none: what it needs was in the van. In every other
shift that lacks something, each depot is tried before each visit up to the first that lacks it; a stop with which all visits begin as they were
planned is the one that was made, else the cheapest is taken. Where one stop does not do, two and three are tried. A ticket that lacks something even so,
or has no room any more, is left out: the search may put it back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import combinations_with_replacement, islice, product

import numpy as np

from dispatch.format.model import Objective, Plan, Route, SolverNote, Stop
from dispatch.planning.lower import Lowered
from dispatch.rulebook.visits import whole_s
from solver.arrays import Arrays
from solver.mechanisms.coupling import FREE
from solver.problem import Couplings, Held, Timed
from solver.tours import time_tour

TRIALS_PER_TOUR = 60
"""So many ways of fetching are timed for each shift, on average; once they are used up what has been found so far is taken."""

STOPS_MAX = 3
"""So many stops at depots in one shift are found again."""

DEALS = 64
"""So many ways of dealing what is lacking to the stops of a tour are looked at."""


@dataclass(frozen=True, slots=True)
class _Lack:
    """What a ticket lacks: so many of a part (with what serves in its place), or a tool; ``at`` is its place in the tour."""

    at: int
    ticket: int
    quantity: int
    part: int = -1
    tool: int = -1


@dataclass(frozen=True, slots=True)
class _Fetch:
    """A stop at a depot before place ``at`` of a tour, no earlier than ``from_s``."""

    node: int
    depot: int
    at: int
    from_s: int = FREE[0]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a stop takes, by item: (ticket, part, quantity), and tools; ``begin_s`` is its moment."""

    fetch: _Fetch
    begin_s: int
    parts: tuple[tuple[int, int, int], ...]
    tools: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way through a tour: jobs and stops, timed; ``rank`` is less where it is more like what was planned, then where it costs less."""

    rank: tuple[bool, int, int]
    timed: Timed
    taken: tuple[_Taken, ...]


@dataclass(slots=True)
class _Stock:
    """What is left: in vans by worker and part; at depots by moment, and what has been taken from them."""

    couplings: Couplings
    van: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    taken: dict[tuple[int, int], list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    lent: Counter[tuple[int, int, int]] = field(default_factory=Counter)

    def lots(self, depot: int, item: int) -> list[tuple[int, int, int]]:
        """List (moment, quantity, day) of an item at a depot."""
        c = self.couplings
        cell = depot * c.n_items + item
        rows = range(int(c.lot_first[cell]), int(c.lot_first[cell + 1]))
        return [(int(c.lot_at_s[row]), int(c.lot_quantity[row]), int(c.lot_day[row])) for row in rows]

    def left(self, depot: int, part: int, at_s: int) -> int:
        """Return how many of a part can be taken from a depot at a moment, so that nobody who comes later lacks any."""
        lots, taken = self.lots(depot, part), self.taken[depot, part]
        moments = [at_s, *(moment for moment, _ in taken if moment > at_s)]
        return min(
            sum(quantity for moment, quantity, _ in lots if moment <= until)
            - sum(quantity for moment, quantity in taken if moment <= until)
            for until in moments
        )

    def has_tool(self, depot: int, tool: int, day: int) -> bool:
        """Tell whether a depot has a tool to lend on a day."""
        has = sum(quantity for _, quantity, on in self.lots(depot, self.couplings.n_parts + tool) if on == day)
        return self.lent[depot, tool, day] < has

    def options(self, part: int) -> list[int]:
        """List what serves for a part, itself first."""
        c = self.couplings
        return [int(each) for each in c.option_part[int(c.option_first[part]) : int(c.option_first[part + 1])]]


def plan_in_force(lowered: Lowered, arrays: Arrays) -> Plan:
    """Write the plan in force as a plan, with its stops at depots.

    Only what :func:`dispatch.planning.settled.read_settled` reads is filled in: kinds, tickets, depots, parts, tools and times.

    Parameters
    ----------
    lowered, arrays
        A problem whose visits are tied to each other, and the same packed.
    """
    couplings = lowered.problem.couplings
    assert couplings is not None  # noqa: S101 - for the type: only requests with ties come here
    return _Fetcher(lowered, arrays, couplings).write()


class _Fetcher:
    """Finds the stops, tour by tour."""

    def __init__(self, lowered: Lowered, arrays: Arrays, couplings: Couplings) -> None:
        self.lowered, self.arrays, self.couplings = lowered, arrays, couplings
        self.now = lowered.request.now
        self.stock = _Stock(couplings, couplings.van.copy())
        self.used: dict[int, Counter[int]] = defaultdict(Counter)
        self.left_out: set[int] = set()
        self.tours: list[list[int]] = [[] for _ in lowered.tours]
        self.start_s: dict[int, int] = {}
        self.on_the_way: set[int] = set()
        self.held: set[int] = set()
        self.trials = TRIALS_PER_TOUR * len(lowered.tours)
        self.hold_s = np.empty((lowered.problem.n_jobs, 3), np.int64)
        self.hold_s[:] = FREE
        self._read()
        self._hold()

    # ------------------------------------------------------------------------------------------------ what was planned

    def _read(self) -> None:
        """Put the visits of the plan in force into their tours, in their order."""
        lowering = self.lowered.lowering
        tour_row = {(self.lowered.engineer(row).id, tour.shift.id): row for row, tour in enumerate(self.lowered.tours)}
        order: list[list[tuple[bool, int, int]]] = [[] for _ in self.lowered.tours]
        for row, ticket in enumerate(self.lowered.request.tickets):
            crew = lowering.crew_of(ticket)
            keys = [tour_row.get((one.row.engineer, one.row.shift)) for one in crew]
            if ticket.id in lowering.pins.lost or len(crew) != ticket.crew or None in keys:
                continue
            for job, one in zip(self.lowered.jobs_of(row), crew, strict=True):
                self.start_s[job] = max(0, whole_s(self.now, one.row.start))
                self.on_the_way |= {job} if one.is_on_the_way else set()
                self.held |= {job} if one.is_held else set()
                tour = tour_row[one.row.engineer, one.row.shift]
                order[tour].append((not one.is_on_the_way, self.start_s[job], job))
        self.tours = [[job for _, _, job in sorted(own)] for own in order]

    def _hold(self) -> None:
        """Hold crews to their moment, and what is ordered to a border between the two."""
        c = self.couplings
        for row in range(len(self.lowered.request.tickets)):
            if row not in self.start_s:
                continue
            start_s, jobs = self.start_s[row], self.lowered.jobs_of(row)
            if len(jobs) > 1:
                self.hold_s[jobs, :2] = start_s
            for at in range(int(c.after_first[row]), int(c.after_first[row + 1])):
                self.hold_s[row, 0] = start_s
                before = self.lowered.jobs_of(int(c.after_job[at]))
                self.hold_s[before, 2] = np.minimum(self.hold_s[before, 2], start_s - int(c.after_gap_s[at]))

    # ---------------------------------------------------------------------------------------------------------- tours

    def write(self) -> Plan:
        """Find the stops of all tours and write them."""
        found: dict[int, _Way] = {}
        open_tours: list[int] = []
        for tour, jobs in enumerate(self.tours):
            way = self._time(tour) if jobs else None
            if way is not None and (not self._lacks(tour) or (not way.rank[0] and self._is_in_van(tour))):
                self._use_van(tour)
                found[tour] = way
            elif jobs:
                open_tours.append(tour)
        for tour in sorted(open_tours, key=lambda row: (int(self.lowered.problem.tour_start_s[row]), row)):
            way = self._find(tour)
            if way is not None:
                found[tour] = way
        routes = tuple(self._route(tour, way) for tour, way in sorted(found.items()))
        note = SolverNote("", 0, Decimal(0), 0, 1)
        return Plan("ok", Objective(Decimal(0), {}), routes, (), note)

    def _find(self, tour: int) -> _Way | None:
        """Find the best way through a tour; tickets that lack something in every way are left out, the last first."""
        while True:
            self.tours[tour] = [job for job in self.tours[tour] if self.lowered.what(job)[0] not in self.left_out]
            lacks = self._use_van(tour)
            best: _Way | None = None
            for way in self._ways(tour, lacks) if lacks else [self._time(tour)]:
                if way is not None and (best is None or way.rank < best.rank):
                    best = way
            if best is not None:
                self._take(tour, best)
                return best
            if self._time(tour) is None:
                self._give_back(tour)
                if not self._shorten(tour):
                    return None
            elif lacks:
                self.left_out.add(lacks[-1].ticket)
                self._give_back(tour)
            else:
                return None

    def _give_back(self, tour: int) -> None:
        """Put what a tour has from its van back into it, to be dealt anew."""
        worker = self.lowered.tours[tour].engineer_row
        for job in self.tours[tour]:
            for part, quantity in self.used.pop(job, Counter()).items():
                self.stock.van[worker, part] += quantity

    def _shorten(self, tour: int) -> bool:
        """Leave out what makes a tour impossible: who is on the way or held comes in first, then the others by their start."""
        place = {job: at for at, job in enumerate(self.tours[tour])}
        kept: list[int] = []
        for job in sorted(place, key=lambda job: (job not in self.on_the_way, job not in self.held, place[job])):
            longer = sorted([*kept, job], key=place.__getitem__)
            if self._is_possible(tour, longer) or (self._loosen(job) and self._is_possible(tour, longer)):
                kept = longer
            else:
                ticket, _ = self.lowered.what(job)
                self.left_out |= {ticket} if ticket is not None else set()
        is_shorter = len(kept) < len(place)
        self.tours[tour] = kept
        return is_shorter and bool(kept)

    def _is_possible(self, tour: int, jobs: list[int]) -> bool:
        """Tell whether some jobs of a tour can be timed."""
        self.tours[tour] = jobs
        return self._time(tour) is not None

    def _loosen(self, job: int) -> bool:
        """Leave out what comes after a job that has to be over for it, and tell whether there is any."""
        if self.hold_s[job, 2] == FREE[2]:
            return False
        ticket, _ = self.lowered.what(job)
        c = self.couplings
        for row in self.start_s:
            if row < len(self.lowered.request.tickets):
                before = c.after_job[int(c.after_first[row]) : int(c.after_first[row + 1])].tolist()
                self.left_out |= {row} if ticket in before else set()
        self.hold_s[job, 2] = FREE[2]
        return True

    def _ways(self, tour: int, lacks: Sequence[_Lack]) -> Iterator[_Way]:
        """Yield ways with one stop, two and three, until all visits begin as they were planned: at once, then waiting for deliveries."""
        for count in range(1, STOPS_MAX + 1):
            for is_waiting in (False, True):
                is_found = False
                for fetches in self._single(tour, lacks) if count == 1 else self._stops(tour, lacks, count):
                    for way in self._waits(tour, fetches, lacks) if is_waiting else (self._time(tour, fetches, lacks),):
                        if way is not None:
                            is_found = is_found or not way.rank[0]
                            yield way
                    if self.trials <= 0:
                        break
                if is_found:
                    return

    def _stops(self, tour: int, lacks: Sequence[_Lack], count: int) -> Iterator[list[_Fetch]]:
        """Yield the ways of fetching everything at so many stops, as late as they can be first."""
        first, last = min(lack.at for lack in lacks), max(lack.at for lack in lacks)
        nodes = self._nodes(tour)
        for depots in product(nodes, repeat=count):
            turns = [depots[:row].count(depot) for row, depot in enumerate(depots)]
            if any(turn >= len(nodes[depot]) for turn, depot in zip(turns, depots, strict=True)):
                continue
            for begin in range(first, -1, -1):
                for others in combinations_with_replacement(range(begin, last + 1), count - 1):
                    places = (begin, *others)
                    yield [
                        _Fetch(nodes[depot][turn], depot, at)
                        for depot, turn, at in zip(depots, turns, places, strict=True)
                    ]

    def _single(self, tour: int, lacks: Sequence[_Lack]) -> Iterator[list[_Fetch]]:
        """Yield the ways of fetching everything at one stop, or at two at one depot, one right after the other."""
        again = {depot: rows[1] for depot, rows in self._nodes(tour).items() if len(rows) > 1}
        several = len(lacks) > 1 or lacks[0].quantity > 1
        for (fetch,) in self._stops(tour, lacks, 1):
            yield [fetch]
            if several and fetch.depot in again:
                yield [fetch, replace(fetch, node=again[fetch.depot])]

    def _nodes(self, tour: int) -> dict[int, list[int]]:
        """Return the rows of the stops that a tour may make, by depot."""
        c = self.couplings
        rows: dict[int, list[int]] = defaultdict(list)
        for row in range(int(c.pickup_first[tour]), int(c.pickup_first[tour + 1])):
            rows[int(c.pickup_depot[row])].append(c.first_pickup + row)
        return rows

    def _waits(self, tour: int, fetches: Sequence[_Fetch], lacks: Sequence[_Lack]) -> Iterator[_Way | None]:
        """Yield ways in which one of the stops waits for a delivery."""
        options = {option for lack in lacks if lack.part >= 0 for option in self.stock.options(lack.part)}
        for row, fetch in enumerate(fetches):
            lots = (lot for option in options for lot in self.stock.lots(fetch.depot, option))
            for moment in sorted({moment for moment, _, _ in lots if moment > 0}):
                held = replace(fetch, from_s=moment)
                yield self._time(tour, [*fetches[:row], held, *fetches[row + 1 :]], lacks)

    def _time(self, tour: int, fetches: Sequence[_Fetch] = (), lacks: Sequence[_Lack] = ()) -> _Way | None:
        """Time a tour with some stops; None where it is not possible, or a depot has too little."""
        self.trials -= len(fetches) > 0
        jobs = list(self.tours[tour])
        for fetch in reversed(fetches):
            jobs.insert(fetch.at, fetch.node)
            self.hold_s[fetch.node, 0] = fetch.from_s
        held = Held(np.empty(0, np.int64), self.hold_s, (), ())
        timed = time_tour(self.lowered.problem, tour, tuple(jobs), self.arrays, held)
        if timed is None:
            return None
        begins = {event.row: event.begin_s for event in timed.events if event.kind == "visit"}
        taken = self._takes(tour, fetches, lacks, begins)
        if taken is None:
            return None
        own = [(begins[job], self.start_s[job]) for job in self.tours[tour]]
        differs = any(begin_s != start_s for begin_s, start_s in own)
        return _Way((differs, sum(begin_s > start_s for begin_s, start_s in own), timed.cost_grains), timed, taken)

    # ---------------------------------------------------------------------------------------------------------- stock

    def _takes(
        self, tour: int, fetches: Sequence[_Fetch], lacks: Sequence[_Lack], begins: dict[int, int]
    ) -> tuple[_Taken, ...] | None:
        """Return what each stop takes at its moment; None where that cannot be had, or one of them takes nothing."""
        choices = [[row for row, fetch in enumerate(fetches) if fetch.at <= lack.at] for lack in lacks]
        for chosen in islice(product(*choices), DEALS):
            if len(set(chosen)) < len(fetches):
                continue
            taken: list[_Taken] = []
            for row, fetch in enumerate(fetches):
                own = [lack for lack, at in zip(lacks, chosen, strict=True) if at == row]
                stop = self._takes_at(tour, fetch, own, begins, taken)
                if stop is None:
                    break
                taken.append(stop)
            else:
                return tuple(taken)
        return None

    def _takes_at(
        self, tour: int, fetch: _Fetch, lacks: Sequence[_Lack], begins: dict[int, int], before: Sequence[_Taken]
    ) -> _Taken | None:
        """Return what one stop takes behind those before it; None where its depot has too little."""
        day = int(self.couplings.tour_day[tour])
        lent = {tool for stop in before if stop.fetch.depot == fetch.depot for tool in stop.tools}
        parts: list[tuple[int, int, int]] = []
        gone: Counter[int] = Counter()
        for stop in before:
            if stop.fetch.depot == fetch.depot:
                for _, part, quantity in stop.parts:
                    gone[part] += quantity
        for lack in lacks:
            if lack.tool >= 0:
                if lack.tool in lent or not self.stock.has_tool(fetch.depot, lack.tool, day):
                    return None
                continue
            rest = lack.quantity
            for option in self.stock.options(lack.part):
                take = min(rest, max(0, self.stock.left(fetch.depot, option, begins[fetch.node]) - gone[option]))
                if take:
                    rest -= take
                    gone[option] += take
                    parts.append((lack.ticket, option, take))
            if rest:
                return None
        tools = tuple(sorted({lack.tool for lack in lacks if lack.tool >= 0}))
        return _Taken(fetch, begins[fetch.node], tuple(parts), tools)

    def _take(self, tour: int, way: _Way) -> None:
        """Take what a way fetches from the depots."""
        for taken in way.taken:
            depot = taken.fetch.depot
            for ticket, part, quantity in taken.parts:
                self.stock.taken[depot, part].append((taken.begin_s, quantity))
                self.used[ticket][part] += quantity
            for tool in taken.tools:
                self.stock.lent[depot, tool, int(self.couplings.tour_day[tour])] += 1

    def _lacks(self, tour: int) -> list[_Lack]:
        """List what the tickets of a tour need: parts, and tools that are not at hand; a tool once, for the first."""
        c = self.couplings
        lacks: list[_Lack] = []
        lent: set[int] = set()
        for at, job in enumerate(self.tours[tour]):
            if job >= len(self.lowered.request.tickets):
                continue
            needs = range(int(c.need_first[job]), int(c.need_first[job + 1]))
            lacks += [_Lack(at, job, int(c.need_quantity[need]), part=int(c.need_part[need])) for need in needs]
            for tool in c.tool[int(c.tool_first[job]) : int(c.tool_first[job + 1])].tolist():
                if not c.own_tool[tour, tool] and tool not in lent:
                    lent.add(tool)
                    lacks.append(_Lack(at, job, 1, tool=tool))
        return lacks

    def _is_in_van(self, tour: int) -> bool:
        """Tell whether a van has everything that its tour needs."""
        return not self._deal(tour, self.stock.van[self.lowered.tours[tour].engineer_row].copy(), {})

    def _use_van(self, tour: int) -> list[_Lack]:
        """Take what a van has, and return what is lacking."""
        used: dict[int, Counter[int]] = defaultdict(Counter)
        lacks = self._deal(tour, self.stock.van[self.lowered.tours[tour].engineer_row], used)
        for ticket, counts in used.items():
            self.used[ticket].update(counts)
        return lacks

    def _deal(
        self, tour: int, van: np.ndarray[tuple[int], np.dtype[np.int64]], used: dict[int, Counter[int]]
    ) -> list[_Lack]:
        """Deal a van's parts to the tickets of a tour, first to those that take no other part; return what is lacking, in order."""
        lacks: list[_Lack] = []
        wishes = sorted(self._lacks(tour), key=lambda lack: len(self.stock.options(lack.part)) if lack.part >= 0 else 0)
        for lack in wishes:
            rest = lack.quantity
            for option in self.stock.options(lack.part) if lack.part >= 0 else ():
                take = min(rest, int(van[option]))
                if take > 0:
                    van[option] -= take
                    rest -= take
                    used.setdefault(lack.ticket, Counter())[option] += take
            if rest:
                lacks.append(_Lack(lack.at, lack.ticket, rest, lack.part, lack.tool))
        return sorted(lacks, key=lambda lack: (lack.at, lack.part, lack.tool))

    # -------------------------------------------------------------------------------------------------------- writing

    def _route(self, tour: int, way: _Way) -> Route:
        """Write a tour's visits and stops."""
        at = {taken.fetch.node: taken for taken in way.taken}
        stops = tuple(
            stop
            for event in way.timed.events
            if event.kind == "visit"
            for stop in self._stop(event.row, event.begin_s, event.leave_s, at.get(event.row))
        )
        return Route(self.lowered.engineer(tour).id, self.lowered.tours[tour].shift.id, stops, 0, 0, 0, 0, 0)

    def _stop(self, job: int, begin_s: int, leave_s: int, taken: _Taken | None) -> Iterator[Stop]:
        """Write a visit or a stop at a depot; a ticket that is left out has none."""
        parts, tools = self.lowered.items
        ticket, depot = self.lowered.what(job)
        begin, leave = self.lowered.moment(begin_s), self.lowered.moment(leave_s)
        request = self.lowered.request
        if depot is not None and taken is not None:
            counts: Counter[str] = Counter()
            for _, part, quantity in taken.parts:
                counts[parts[part]] += quantity
            names = tuple(tools[tool] for tool in taken.tools)
            yield Stop(
                "pickup", "", begin, begin, leave, depot=request.depots[depot].id, parts=dict(counts), tools=names
            )
        elif ticket is not None and ticket not in self.left_out:
            used = {parts[part]: quantity for part, quantity in self.used[job].items()} if job == ticket else {}
            yield Stop("visit", "", begin, begin, leave, ticket=request.tickets[ticket].id, parts=used)
