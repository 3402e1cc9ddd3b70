"""Team orienteering with time windows by its own rules: at most m tours, each customer at most once, back before the depot closes.

Vansteenwegen, Souffriau, Vanden Berghe, Van Oudheusden (2009), *Iterated local search for the team orienteering problem with time
windows*, doi 10.1016/j.cor.2009.03.008: distances are cut, not rounded, to one decimal (Solomon's instances) or two (Cordeau's). Here
everything is counted in whole hundredths, so that no digit is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from math import isqrt

HUNDRED = 100


def check(
    text: str, routes: Iterable[tuple[int, tuple[int, ...]]], tours: int, decimals: int
) -> tuple[float, list[str], dict[str, float]]:
    """Judge routes of an instance's file.

    Parameters
    ----------
    text
        The file: two lines of head, then a line a node: number, x, y, duration, profit, …, opening, closing; 0 is the depot.
    routes
        A tour's number and its customers in order, for each used tour.
    tours
        How many tours there may be.
    decimals
        To how many distances are cut.

    Returns
    -------
    tuple
        Collected profit, faults, and the number of tours used and customers visited.
    """
    nodes = {}
    for line in text.splitlines()[2:]:
        cells = [Decimal(cell) for cell in line.split()]
        if cells:
            nodes[int(cells[0])] = (*cells[1:5], *cells[-2:])
    faults: list[str] = []
    profit = Decimal(0)
    visits: Counter[int] = Counter()
    used = []
    for tour, stops in routes:
        used.append(tour)
        at, clock = 0, _hundredths(nodes[0][4])
        for stop in (*stops, 0):
            if stop not in nodes:
                faults.append(f"tour {tour} visits {stop}, which there is not")
                continue
            _, _, duration, gain, opens, closes = nodes[stop]
            clock = max(clock + _leg(nodes[at], nodes[stop], decimals), _hundredths(opens))
            if clock > _hundredths(closes):
                faults.append(f"tour {tour} begins at {stop} at {clock / HUNDRED:g}, which closes at {closes}")
            clock += _hundredths(duration)
            profit += gain
            at = stop
        visits.update(stops)
    faults += [f"customer {node} is visited {count} times" for node, count in visits.items() if count > 1 or node == 0]
    if len(used) > tours or len(set(used)) < len(used):
        faults.append(f"{len(used)} routes of {len(set(used))} tours, there may be {tours}")
    return float(profit), faults, {"tours": float(len(used)), "visited": float(len(visits))}


def _leg(origin: tuple[Decimal, ...], destination: tuple[Decimal, ...], decimals: int) -> int:
    """Return the distance of two nodes, cut, in hundredths: the whole root of a whole square of thousandths."""
    x, y = (int((destination[axis] - origin[axis]) * 1000) for axis in (0, 1))
    step = int(10 ** (3 - decimals))
    return isqrt(x * x + y * y) // step * step // 10


def _hundredths(value: Decimal) -> int:
    whole = value * HUNDRED
    if whole != int(whole):
        raise ValueError(f"expected at most two decimals, got {value}")
    return int(whole)
