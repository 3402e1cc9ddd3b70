"""What every provider of travel times is asked, and answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dispatch.format.model import Matrix, Peak

NO_WAY: Final = -1
"""Stands in both tables where there is no way; the planning format has null there."""

LEG_MAX: Final = (1 << 31) - 1
"""Seconds or metres of the longest leg that a table holds, as the planning of requests has it."""

SNAP_MAX_M: Final = 1000
"""A point farther than this from every road a provider knows has no way: it lies off the map, or off the roads."""

Scalar = TypeVar("Scalar", bound=np.generic)

_LAT_DEG: Final = 90.0
_LON_DEG: Final = 180.0


class Points:
    """Points on the Earth, WGS-84, checked once and never changed.

    Parameters
    ----------
    lat_deg, lon_deg
        Degrees, float64[n]; north and east are positive. There may be none.

    Raises
    ------
    ValueError
        Not one longitude for each latitude; or a latitude outside -90 to 90, a longitude outside -180 to 180, or
        either not finite. The message names the first such point.

    Examples
    --------
    >>> len(Points([30.25, 30.27], [120.15, 120.16]))
    2
    """

    __slots__ = ("lat_deg", "lon_deg")

    def __init__(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> None:
        self.lat_deg = _freeze(np.array(lat_deg, np.float64))
        self.lon_deg = _freeze(np.array(lon_deg, np.float64))
        if self.lat_deg.ndim != 1 or self.lat_deg.shape != self.lon_deg.shape:
            message = (
                f"latitudes {self.lat_deg.shape} and longitudes {self.lon_deg.shape} are not one of each per point"
            )
            raise ValueError(message)
        possible = (np.abs(self.lat_deg) <= _LAT_DEG) & (np.abs(self.lon_deg) <= _LON_DEG)  # NaN is not
        if not possible.all():
            bad = int(np.argmin(possible))
            message = f"point {bad} is impossible: latitude {self.lat_deg[bad]}, longitude {self.lon_deg[bad]}"
            raise ValueError(message)

    def __len__(self) -> int:
        return len(self.lat_deg)

    def pick(self, rows: Sequence[int] | NDArray[np.intp] | slice) -> Points:
        """Give some of the points, in the order asked for."""
        return Points(self.lat_deg[rows], self.lon_deg[rows])


class Travel:
    """What a provider answers: seconds and metres from each origin to each destination, not to be changed.

    Parameters
    ----------
    travel_s, travel_m
        int64[n_origins, n_destinations], whole seconds and metres, 0 to :data:`LEG_MAX`, or :data:`NO_WAY` in both.
        From a point to itself both are 0.
    is_estimate
        bool[n_origins, n_destinations] or one for all: the figure follows no road.
    notes
        Sentences for the dispatcher about what is not as it should be; usually none.

    Raises
    ------
    ValueError
        Tables of different shapes, a figure out of range, or :data:`NO_WAY` in one table alone.
    """

    __slots__ = ("is_estimate", "notes", "travel_m", "travel_s")

    def __init__(
        self,
        travel_s: NDArray[np.int64],
        travel_m: NDArray[np.int64],
        *,
        is_estimate: NDArray[np.bool_] | bool,
        notes: tuple[str, ...] = (),
    ) -> None:
        if travel_s.ndim != 2 or travel_s.shape != travel_m.shape:  # noqa: PLR2004 - origins and destinations
            raise ValueError(f"seconds {travel_s.shape} and metres {travel_m.shape} are not two tables of one shape")
        for name, table in (("seconds", travel_s), ("metres", travel_m)):
            if table.dtype != np.int64:
                raise ValueError(f"{name} are {table.dtype}, not int64")
            if table.size and not NO_WAY <= table.min() <= table.max() <= LEG_MAX:
                raise ValueError(f"{name} from {table.min()} to {table.max()} are not all between 0 and {LEG_MAX}")
        if ((travel_s == NO_WAY) != (travel_m == NO_WAY)).any():
            raise ValueError("a way has seconds and no metres, or metres and no seconds")
        self.travel_s = _freeze(travel_s)
        self.travel_m = _freeze(travel_m)
        self.is_estimate = _freeze(np.array(np.broadcast_to(is_estimate, travel_s.shape), np.bool_))
        self.notes = notes

    def as_format(self, peaks: tuple[Peak, ...] = ()) -> Matrix:
        """Write square tables as the ``travel`` block of a request; no way becomes null.

        Examples
        --------
        >>> two = np.array([[0, 60], [NO_WAY, 0]])
        >>> Travel(two, two, is_estimate=False).as_format().seconds
        ((0, 60), (None, 0))
        """
        return Matrix(_with_null(self.travel_s), _with_null(self.travel_m), peaks)


def _with_null(table: NDArray[np.int64]) -> tuple[tuple[int | None, ...], ...]:
    return tuple(tuple(None if cell == NO_WAY else cell for cell in row) for row in table.tolist())


def _freeze(array: NDArray[Scalar]) -> NDArray[Scalar]:
    array.flags.writeable = False
    return array


class TravelTimes(Protocol):
    """A provider of travel times. What it answers does not depend on the time of day: peaks come on top of it."""

    @property
    def name(self) -> str:
        """A short word for logs and pages, such as ``roads``."""
        ...

    @property
    def is_estimate(self) -> bool:
        """Whether its figures are estimates that follow no road."""
        ...

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Give seconds and metres from each origin to each destination.

        Raises
        ------
        TravelUnavailableError
            It cannot answer at all. A single point that it cannot serve is no error: its cells hold :data:`NO_WAY`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """The way between two points, for drawing.

    Parameters
    ----------
    points
        At least two, from the origin to the destination, both included.
    travel_s, travel_m
        What the matrix gives for these two.
    """

    points: Points
    travel_s: int
    travel_m: int
