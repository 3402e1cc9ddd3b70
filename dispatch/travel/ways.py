"""Ways to draw on a map: who is asked for them, what comes back, and how a line is thinned out."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.errors import TravelUnavailable
from dispatch.geometry import EARTH_RADIUS_M
from dispatch.travel.patience import PATIENCE_S, Patience
from dispatch.travel.travel_times import Points

TOLERANCE_M: Final = 8.0
"""How far a thinned line may be from what it stands for, metres: less than a street is wide on a map of a city."""

LINE_POINTS_MAX: Final = 100
"""Most points of one line."""

LEGS_MAX: Final = 1000
"""Most legs that are looked for in one run; those after them are drawn straight."""

KEPT_MAX: Final = 4000
"""Most lines that are kept in memory, 1.6 kB each at most."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known of some legs.

    Parameters
    ----------
    lines
        One for each leg: from the origin to the destination, both included, at least two points; None: no way is known,
        draw it straight and say so.
    trouble
        Why some are missing that could be there another time; None: all was answered.
    """

    lines: tuple[Points | None, ...]
    trouble: TravelUnavailable | None = None


class Ways(Protocol):
    """Who knows ways. All that are known here follow OpenStreetMap's data: whoever draws them names it."""

    @property
    def name(self) -> str:
        """A short word for logs and pages, such as ``roads``."""
        ...

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Find the way from each origin to the destination of the same row.

        Raises
        ------
        TravelUnavailable
            It cannot answer at all. A leg without a way is no error.
        """
        ...


class KeptWays:
    """Give what was found before, ask for the rest, and give nothing where that fails: nobody waits for a dead server.

    Parameters
    ----------
    provider
        Who is asked.
    patience_s
        Seconds to wait for it in one run; None = as long as it takes.
    kept_max
        How many lines are remembered; the one not used for longest goes first.
    """

    def __init__(self, provider: Ways, *, patience_s: float | None = PATIENCE_S, kept_max: int = KEPT_MAX) -> None:
        self.provider = provider
        self.kept_max = kept_max
        self._patience = Patience(patience_s)
        self._kept: OrderedDict[_Leg, Points | None] = OrderedDict()
        self._asking = threading.Lock()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Find the way from each origin to the destination of the same row; never raises ``TravelUnavailable``."""
        return self.find_within(None, origins, destinations)

    def find_within(self, most_s: float | None, origins: Points, destinations: Points) -> Drawn:
        """Find ways, and wait no longer than ``most_s`` seconds where patience would last longer; None: all of it."""
        legs = list(zip(_list_pairs(origins), _list_pairs(destinations), strict=True))
        trouble = None
        ends_at = None if most_s is None else time.monotonic() + most_s
        # Two pages that open together: the second finds what was found for the first
        is_free = self._asking.acquire(
            timeout=-1 if most_s is None or self._patience.patience_s is None else max(0.0, most_s)
        )
        try:
            missing = [leg for leg in dict.fromkeys(legs) if leg not in self._kept][:LEGS_MAX]
            if missing:
                trouble = self._ask(missing, None if ends_at is None else ends_at - time.monotonic())
        finally:
            if is_free:
                self._asking.release()
        with self._lock:
            return Drawn(tuple(self._use(leg) for leg in legs), trouble)

    def _ask(self, legs: Sequence[_Leg], most_s: float | None) -> TravelUnavailable | None:
        """Ask for legs and keep the answer; return why it is not whole, if it is not."""
        ends = [Points(*np.array([leg[end] for leg in legs]).T) for end in (0, 1)]
        try:
            drawn = self._patience.wait_for(lambda: self.provider.find_ways(*ends), self.provider.name, most_s)
        except TravelUnavailable as error:
            return error
        with self._lock:
            for leg, line in zip(legs, drawn.lines, strict=True):
                if line is not None or drawn.trouble is None:
                    self._kept[leg] = line
            while len(self._kept) > self.kept_max:
                self._kept.popitem(last=False)
        return drawn.trouble

    def _use(self, leg: _Leg) -> Points | None:
        if leg in self._kept:
            self._kept.move_to_end(leg)
        return self._kept.get(leg)


class HurriedWays:
    """Ways of which one run has to be done in what is left of some seconds.

    Parameters
    ----------
    ways
        Who is asked; one on this machine that only computes takes as long as it takes.
    most_s
        Seconds that are left; none: nobody is asked, and what was found before is given.
    """

    def __init__(self, ways: KeptWays, most_s: float) -> None:
        self._ways = ways
        self._most_s = most_s

    @property
    def name(self) -> str:
        """The provider's name."""
        return self._ways.name

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Find the way from each origin to the destination of the same row; never raises ``TravelUnavailable``."""
        return self._ways.find_within(self._most_s, origins, destinations)


def hurry(ways: Ways, most_s: float) -> Ways:
    """Return ways of which one run waits for a server no longer than some seconds."""
    return HurriedWays(ways, most_s) if isinstance(ways, KeptWays) else ways


_Pair = tuple[float, float]
_Leg = tuple[_Pair, _Pair]


def _list_pairs(points: Points) -> list[_Pair]:
    return list(zip(points.lat_deg.tolist(), points.lon_deg.tolist(), strict=True))


def thin_out(line: Points, *, tolerance_m: float = TOLERANCE_M, points_max: int = LINE_POINTS_MAX) -> Points:
    """Leave points out of a line that do not show on a map; its ends stay.

    As Douglas and Peucker do (1973, https://doi.org/10.3138/FM57-6770-U75U-7727), on a plane; where more than ``points_max``
    would be left, the tolerance is doubled until they are not.

    Parameters
    ----------
    tolerance_m
        How far what is left out may be from what stays, metres, included.
    points_max
        2 or more.

    Examples
    --------
    >>> bent = Points([30.0, 30.00001, 30.0, 30.1], [120.0, 120.1, 120.2, 120.2])
    >>> thin_out(bent).lon_deg.tolist()
    [120.0, 120.2, 120.2]
    """
    if len(line) <= 2:  # noqa: PLR2004 - both ends
        return line
    lat, lon = np.radians(line.lat_deg), np.radians(line.lon_deg)
    plane_m = EARTH_RADIUS_M * np.stack([(lon - lon[0]) * np.cos(lat[0]), lat - lat[0]], axis=1)
    while True:
        kept = _choose(plane_m, tolerance_m)
        if len(kept) <= points_max:
            return line.pick(kept)
        tolerance_m *= 2


def _choose(plane_m: NDArray[np.float64], tolerance_m: float) -> list[int]:
    """Return the rows that stay."""
    kept = {0, len(plane_m) - 1}
    spans = [(0, len(plane_m) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:  # noqa: PLR2004 - nothing in between
            continue
        off_m = _distance_m(plane_m[first + 1 : last], plane_m[first], plane_m[last])
        farthest = int(np.argmax(off_m))
        if off_m[farthest] > tolerance_m:
            middle = first + 1 + farthest
            kept.add(middle)
            spans += [(first, middle), (middle, last)]
    return sorted(kept)


def _distance_m(
    points: NDArray[np.float64], begin: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Measure how far points are from a segment, float64[n]."""
    along = end - begin
    length = float(along @ along)
    share = np.zeros(len(points)) if length == 0 else np.clip((points - begin) @ along / length, 0, 1)
    return np.asarray(np.hypot(*(points - begin - share[:, None] * along).T), np.float64)
