"""Technician routing and scheduling by the set's own rules: skills, tools, parts, windows, restocking at the depot; total working time.

Pillac, Guéret, Medaglia (2013), *A parallel matheuristic for the technician routing and scheduling problem*,
doi 10.1007/s11590-012-0567-4. A tour's working time is its return less its departure, which is as late as the slack allows. A visit to
the depot, node 0, takes no time and gives every tool and any number of parts from then on. In the dynamic variant a request has a release
date: no tour may have been sent to it before. What was on the way at each moment is not in the routes; who simulates hands in the
moment at which each visit was decided, if it is to be judged.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

EPSILON = 1e-6
"""What float64 may be off by in a sum of distances."""


@dataclass(frozen=True, slots=True)
class _Node:
    x: float
    y: float
    opens: float
    closes: float
    service: float
    skills: tuple[int, ...]
    tools: tuple[int, ...]
    parts: tuple[int, ...]


def check(text: str, routes: Iterable[tuple[int, tuple[int, ...]]]) -> tuple[float, list[str], dict[str, float]]:
    """Judge routes of an instance's file in which every request is served.

    Parameters
    ----------
    text
        The file.
    routes
        A technician's number and the nodes of the tour in order, 0 for the depot, without the home at both ends.

    Returns
    -------
    tuple
        Total working time, faults, and the number of technicians used and the total distance.
    """
    technicians, requests, depot = _read(text)
    value, faults, more, visits = _judge(technicians, requests, depot, routes)
    faults += [f"request {node} is served {visits[node]} times" for node in requests if visits[node] != 1]
    return value, faults, more


def check_dynamic(
    text: str,
    releases_text: str,
    routes: Iterable[tuple[int, tuple[int, ...]]],
    departures: Mapping[int, float],
    begins: Mapping[int, float],
    returns: Mapping[int, tuple[float, float]],
) -> tuple[float, list[str], dict[str, float]]:
    """Judge a day that was played: requests may be rejected, and nobody leaves for one before its release date.

    Parameters
    ----------
    text, releases_text
        The instance's file and that of its release dates, ``ID RD``; −1: known from the beginning.
    routes
        What was driven; the technician's own number is his home, where he may wait for more: his time goes on.
    departures
        When the technician left for each request, from wherever he was.
    begins
        When service began.
    returns
        For each used technician when he left home and when he was back.

    Returns
    -------
    tuple
        Total working time as it was, faults, and the numbers of rejected requests and used technicians, and the distance.
    """
    technicians, requests, depot = _read(text)
    routes = list(routes)
    _, faults, more, visits = _judge(technicians, requests, depot, routes, by_home=True)
    rows = [line.split() for line in releases_text.splitlines()]
    head = next(row for row, cells in enumerate(rows) if cells[:2] == ["ID", "RD"])
    released = {int(cells[0]): float(cells[1]) for cells in rows[head + 1 :] if cells}
    faults += [f"request {node} is served {visits[node]} times" for node in requests if visits[node] > 1]
    value = 0.0
    for worker, stops in routes:
        home = technicians.get(worker)
        if home is None or worker not in returns:
            faults.append(f"technician {worker} has no times")
            continue
        left, back = returns[worker]
        value += back - left
        if left < home.opens - EPSILON or back > home.closes + EPSILON:
            faults.append(
                f"technician {worker} is out from {left:g} to {back:g}, hours {home.opens:g} to {home.closes:g}"
            )
        places = {**requests, 0: depot, worker: home}
        way = [(stop, places[stop]) for stop in stops if stop in places]
        found = _follow(home, way, left, back, departures, begins)
        found += [
            f"leaves for {stop} at {departures.get(stop, -math.inf):g}, known from {released[stop]:g} on"
            for stop, _ in way
            if stop in requests and departures.get(stop, -math.inf) < released.get(stop, -1.0) - EPSILON
        ]
        faults += [f"technician {worker} {fault}" for fault in found]
    more["rejected"] = float(sum(1 for node in requests if not visits[node]))
    return value, faults, more


def _follow(
    home: _Node,
    way: list[tuple[int, _Node]],
    left: float,
    back: float,
    departures: Mapping[int, float],
    begins: Mapping[int, float],
) -> list[str]:
    """Find where a technician could not have been in time; the depot and his home take no time, their moment is that of driving straight on."""
    faults = []
    at, free = home, left
    for stop, node in way:
        if stop == 0 or node is home:
            free, at = free + _leg(at, node), node
            continue
        leaves, begins_at = departures.get(stop, -math.inf), begins.get(stop, -math.inf)
        if leaves < free - EPSILON or begins_at < leaves + _leg(at, node) - EPSILON:
            faults.append(f"cannot begin at {stop} at {begins_at:g}, leaving at {leaves:g}")
        if not node.opens - EPSILON <= begins_at <= node.closes + EPSILON:
            faults.append(f"begins at {stop} at {begins_at:g}, window {node.opens:g} to {node.closes:g}")
        free, at = begins_at + node.service, node
    if back < free + _leg(at, home) - EPSILON:
        faults.append(f"cannot be back at {back:g}")
    return faults


def _judge(
    technicians: Mapping[int, _Node],
    requests: Mapping[int, _Node],
    depot: _Node,
    routes: Iterable[tuple[int, tuple[int, ...]]],
    *,
    by_home: bool = False,
) -> tuple[float, list[str], dict[str, float], Counter[int]]:
    """Judge what does not depend on when anything was known."""
    faults: list[str] = []
    working, distance = 0.0, 0.0
    visits: Counter[int] = Counter()
    used: list[int] = []
    for worker, stops in routes:
        used.append(worker)
        home = technicians.get(worker)
        if home is None:
            faults.append(f"there is no technician {worker}")
            continue
        places = {**requests, 0: depot} | ({worker: home} if by_home else {})
        known = [stop for stop in stops if stop in places]
        faults += [f"technician {worker} visits {stop}, which is no request" for stop in stops if stop not in known]
        visits.update(stop for stop in known if stop in requests)
        nodes = [places[stop] for stop in known]
        faults += [f"technician {worker}: {fault}" for fault in _check_means(home, known, nodes, depot)]
        time, fault = _working_time(home, nodes)
        faults += [f"technician {worker}: {fault}"] if fault else []
        working += time
        way = [home, *nodes, home]
        distance += sum(_leg(origin, destination) for origin, destination in itertools.pairwise(way))
    if len(set(used)) < len(used):
        faults.append("a technician has two tours")
    return working, faults, {"technicians": float(len(used)), "distance": distance}, visits


def _check_means(home: _Node, stops: list[int], nodes: list[_Node], depot: _Node) -> list[str]:
    """Find what a technician lacks on the way: skills, tools, parts."""
    faults = []
    tools, left, unlimited = set(home.tools), list(home.parts), False
    for stop, node in zip(stops, nodes, strict=True):
        if node is depot:
            unlimited = True
        if node is depot or node is home:
            continue
        if not set(node.skills) <= set(home.skills):
            faults.append(f"no skill for {stop}")
        if not unlimited and not set(node.tools) <= tools:
            faults.append(f"no tool for {stop}")
        left = [have - need for have, need in zip(left, node.parts, strict=True)]
        if not unlimited and min(left, default=0) < 0:
            faults.append(f"no part for {stop}")
    return faults


def _working_time(home: _Node, nodes: list[_Node]) -> tuple[float, str]:
    """Return the shortest time a tour takes, and what is too late; the return is as early as can be, then the departure as late."""
    clock, at, fault = home.opens, home, ""
    for node in (*nodes, home):
        clock = max(clock + _leg(at, node), node.opens)
        if clock > node.closes + EPSILON and not fault:
            fault = f"begins at {clock:.4f}, closes at {node.closes:g}"
        clock += node.service
        at = node
    back, latest, at = clock, clock, home
    for node in reversed(nodes):
        latest = min(latest - _leg(node, at) - node.service, node.closes)
        at = node
    latest -= _leg(home, at)
    return back - latest, fault


def _leg(origin: _Node, destination: _Node) -> float:
    return math.hypot(origin.x - destination.x, origin.y - destination.y)


def _read(text: str) -> tuple[dict[int, _Node], dict[int, _Node], _Node]:
    """Read technicians, requests and the depot."""
    lines = [line for line in text.splitlines() if line.strip()]
    crews = next(row for row, line in enumerate(lines) if line.startswith("CREW COUNT"))
    count = int(lines[crews + 1].split()[0])
    nodes: dict[int, _Node] = {}
    for line in lines:
        cells = line.split()
        if not cells[-1].endswith("]"):
            continue
        numbers, *lists = line.partition("[")
        skills, tools, parts = json.loads("[" + "".join(lists).replace("]", "],").rstrip().rstrip(",") + "]")
        number, x, y, opens, closes, service = (float(cell) for cell in numbers.split())
        nodes[int(number)] = _Node(x, y, opens, closes, service, tuple(skills), tuple(tools), tuple(parts))
    technicians = {number: node for number, node in nodes.items() if 1 <= number <= count}
    return technicians, {number: node for number, node in nodes.items() if number > count}, nodes[0]
