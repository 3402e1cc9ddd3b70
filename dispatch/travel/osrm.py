"""An OSRM server, asked over HTTP for tables of seconds and metres, and for ways (services ``table``, ``route``, version 1)."""

from __future__ import annotations

import http.client
import json
import math
import ssl
import time
from collections.abc import Callable
from typing import Any, Final, NoReturn
from urllib.parse import quote, urlsplit

import numpy as np
from numpy.typing import NDArray

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.geometry import same_place
from dispatch.travel.travel_times import LEG_MAX, NO_WAY, SNAP_MAX_M, Points, Travel
from dispatch.travel.ways import Drawn, thin_out

TIMEOUT_S: Final = 3.0
"""How long one table may take, all its requests together."""

POINTS_MAX: Final = 100
"""Points in one request: what OSRM allows (``--max-table-size``) when it is not told otherwise."""

_BYTES_MAX: Final = 64 << 20
_PIECE: Final = 1 << 16
_NO_ROUTE: Final = ("NoRoute", "NoSegment")
"""What the server says of a leg that has no way."""
_NUMBERS: Final = {int, float, type(None)}


class Osrm:
    """Ask an OSRM server; large tables in several requests over one connection.

    Formulas: seconds are rounded up, metres to the nearest. ``null`` is no way, and so is every leg of a point that the
    server moved by more than ``snap_max_m`` to reach a road, where it tells.

    Parameters
    ----------
    url
        Of the server, such as ``http://127.0.0.1:5000``; a path before ``/table`` may follow.
    profile
        The server's word for a kind of travel.
    timeout_s
        For one table, all its requests together.
    points_max
        Most points in one request, origins and destinations together, 2 or more.
    snap_max_m
        Farthest that a point may be from a road, metres, included.
    clock
        Seconds that only grow.

    Raises
    ------
    ValueError
        The URL is not one of http or https with a host; or fewer than 2 points to a request.
    """

    name = "osrm"
    is_estimate = False

    def __init__(
        self,
        url: str,
        *,
        profile: str = "driving",
        timeout_s: float = TIMEOUT_S,
        points_max: int = POINTS_MAX,
        snap_max_m: float = SNAP_MAX_M,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
            raise ValueError(f"{url!r} is not the address of a server, expected one like http://127.0.0.1:5000")
        if points_max < 2:  # noqa: PLR2004 - an origin and a destination
            raise ValueError(f"points_max must be at least 2, got {points_max}")
        self._is_safe = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._profile = quote(profile, safe="")
        self.timeout_s = timeout_s
        self.points_max = points_max
        self.snap_max_m = snap_max_m
        self._clock = clock

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Give the server's seconds and metres from each origin to each destination.

        Raises
        ------
        TravelUnavailable
            No connection, no answer in time, or an answer that is not what was asked for.
        """
        travel_s = np.full((len(origins), len(destinations)), NO_WAY, np.int64)
        travel_m = travel_s.copy()
        ends_at = self._clock() + self.timeout_s
        connection = self._connect()
        half = self.points_max // 2
        try:
            for row in range(0, len(origins), half):
                for column in range(0, len(destinations), half):
                    rows, columns = slice(row, row + half), slice(column, column + half)
                    piece = self._ask(connection, origins.pick(rows), destinations.pick(columns), ends_at)
                    travel_s[rows, columns], travel_m[rows, columns] = piece
        except (OSError, http.client.HTTPException) as error:
            raise TravelUnavailable(*_describe(error)) from error
        finally:
            connection.close()
        same = same_place(origins, destinations)
        travel_s[same] = travel_m[same] = 0
        return Travel(travel_s, travel_m, is_estimate=False)

    def _connect(self) -> http.client.HTTPConnection:
        """Prepare a connection; it is opened by the first request."""
        if self._is_safe:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self.timeout_s, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self.timeout_s)

    def _ask(
        self, connection: http.client.HTTPConnection, origins: Points, destinations: Points, ends_at: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ask for one piece of a table."""
        status, answer = self._get(connection, "table", _write_query(origins, destinations), ends_at)
        _refuse_others(status, answer)
        shape = (len(origins), len(destinations))
        seconds, metres = (_read_table(answer, key, shape) for key in ("durations", "distances"))
        unknown = np.isnan(seconds)
        if (unknown != np.isnan(metres)).any():
            _refuse("answered a way with a duration and no distance, or the other way round")
        unknown |= self._find_far(answer, "sources", shape[0])[:, None]
        unknown |= self._find_far(answer, "destinations", shape[1])[None, :]
        whole_s = np.where(unknown, NO_WAY, np.ceil(np.where(unknown, 0, seconds)))
        whole_m = np.where(unknown, NO_WAY, np.rint(np.where(unknown, 0, metres)))
        return whole_s.astype(np.int64), whole_m.astype(np.int64)

    def find_ways(self, origins: Points, destinations: Points) -> Drawn:
        """Find the way from each origin to the destination of the same row, one request each over one connection.

        Where time runs out, or the server fails, after some were found, these are given with the reason why the others are
        not. A leg to or from a point that the server had to move by more than ``snap_max_m`` has no way.

        Raises
        ------
        TravelUnavailable
            Nothing was found, and not because there is no way.
        """
        lines: list[Points | None] = []
        trouble = None
        ends_at = self._clock() + self.timeout_s
        connection = self._connect()
        try:
            for row in range(len(origins)):
                line = self._find_way(connection, origins.pick([row]), destinations.pick([row]), ends_at)
                lines.append(line)  # one by one: those before a failure are kept
        except (OSError, http.client.HTTPException) as error:
            trouble = TravelUnavailable(*_describe(error))
        except TravelUnavailable as error:
            trouble = error
        finally:
            connection.close()
        if trouble is not None and not any(lines):
            raise trouble
        return Drawn((*lines, *[None] * (len(origins) - len(lines))), trouble)

    def _find_way(
        self, connection: http.client.HTTPConnection, origin: Points, destination: Points, ends_at: float
    ) -> Points | None:
        """Ask for one way."""
        query = f"{';'.join([*_pairs(origin), *_pairs(destination)])}?overview=full&geometries=geojson&steps=false"
        status, answer = self._get(connection, "route", query, ends_at)
        if answer.get("code") in _NO_ROUTE:
            return None
        _refuse_others(status, answer)
        routes = answer.get("routes")
        route = routes[0] if isinstance(routes, list) and routes else None
        line = _read_line(route.get("geometry") if isinstance(route, dict) else None)
        if self._find_far(answer, "waypoints", 2).any():
            return None
        ends = [np.concatenate(parts) for parts in zip(*map(_degrees, (origin, line, destination)), strict=True)]
        return thin_out(Points(*ends))

    def _get(
        self, connection: http.client.HTTPConnection, service: str, query: str, ends_at: float
    ) -> tuple[int, dict[str, Any]]:
        """Ask one of the server's services; return the status and what it says."""
        self._let_wait(connection, ends_at)
        path = f"{self._base}/{service}/v1/{self._profile}/{query}"
        connection.request("GET", path, headers={"Accept": "application/json"})
        response = connection.getresponse()
        body = bytearray()
        while piece := response.read1(_PIECE):
            body += piece
            if len(body) > _BYTES_MAX:
                _refuse("answered more than a table can hold")
            self._let_wait(connection, ends_at)
        response.close()  # read to its end: the connection can be used again
        return response.status, _read_json(bytes(body))

    def _let_wait(self, connection: http.client.HTTPConnection, ends_at: float) -> None:
        """Let the connection wait for what is left of the time, and no longer."""
        left_s = ends_at - self._clock()
        if left_s <= 0:
            raise TimeoutError
        connection.timeout = left_s
        if connection.sock is not None:
            connection.sock.settimeout(left_s)

    def _find_far(self, answer: dict[str, Any], key: str, count: int) -> NDArray[np.bool_]:
        """Tell which points the server had to move too far; one that does not say how far moved none."""
        waypoints = answer.get(key)
        if not isinstance(waypoints, list) or len(waypoints) != count:
            return np.zeros(count, np.bool_)
        return np.array([self._is_far(waypoint) for waypoint in waypoints], np.bool_)

    def _is_far(self, waypoint: object) -> bool:
        """Tell whether a point was moved too far."""
        moved_m = waypoint.get("distance") if isinstance(waypoint, dict) else None
        return isinstance(moved_m, int | float) and moved_m > self.snap_max_m


def _refuse_others(status: int, answer: dict[str, Any]) -> None:
    """Refuse an answer that is none of those wanted."""
    code = answer.get("code")
    if status != http.HTTPStatus.OK or code != "Ok":
        _refuse(f"answered {status} {code if isinstance(code, str) else 'without a code'}"[:100])


def _degrees(points: Points) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return points.lat_deg, points.lon_deg


def _read_line(geometry: object) -> Points:
    """Read GeoJSON's line: longitude before latitude."""
    pairs = geometry.get("coordinates") if isinstance(geometry, dict) else None
    fits = isinstance(pairs, list) and all(
        isinstance(pair, list) and len(pair) == 2 and {type(part) for part in pair} <= {int, float}  # noqa: PLR2004 - longitude and latitude
        for pair in pairs
    )
    if not fits or not pairs:
        _refuse("answered a way that is no line")
    try:
        return Points([lat for _, lat in pairs], [lon for lon, _ in pairs])
    except (ValueError, OverflowError):
        _refuse("answered a way that leaves the Earth")


def _write_query(origins: Points, destinations: Points) -> str:
    """Write what follows the profile in the address: longitude before latitude, to a centimetre."""
    both = [*_pairs(origins), *_pairs(destinations)]
    sources = ";".join(map(str, range(len(origins))))
    targets = ";".join(map(str, range(len(origins), len(both))))
    return f"{';'.join(both)}?sources={sources}&destinations={targets}&annotations=duration,distance"


def _pairs(points: Points) -> list[str]:
    return [f"{lon:.7f},{lat:.7f}" for lat, lon in zip(points.lat_deg.tolist(), points.lon_deg.tolist(), strict=True)]


def _read_json(body: bytes) -> dict[str, Any]:
    """Read an object; NaN and Infinity, which are no JSON, are nonsense."""
    try:
        answer = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _refuse("answered something that is no JSON")
    if not isinstance(answer, dict):
        _refuse("answered something that is no object")
    return answer


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _read_table(answer: dict[str, Any], key: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Read a table of numbers, null as NaN."""
    rows = answer.get(key)
    fits = (
        isinstance(rows, list)
        and len(rows) == shape[0]
        and all(isinstance(row, list) and len(row) == shape[1] and set(map(type, row)) <= _NUMBERS for row in rows)
    )
    if not fits:
        _refuse(f"answered {key} that are no table of {shape[0]} × {shape[1]} numbers")
    try:
        table = np.array([[math.nan if cell is None else cell for cell in row] for row in rows or []], np.float64)
    except OverflowError:
        _refuse(f"answered {key} beyond all bounds")
    if (np.isinf(table) | (table < 0) | (table > LEG_MAX)).any():
        _refuse(f"answered {key} below 0 or beyond all bounds")
    return table.reshape(shape)


def _refuse(reason: str) -> NoReturn:
    raise TravelUnavailable(reason, "回答不是所问的内容")


def _describe(error: Exception) -> tuple[str, str]:
    """Say in both languages what went wrong on the way to the server, without its address or what was asked."""
    if isinstance(error, TimeoutError):
        return "gave no answer in time", "没有及时回答"
    if isinstance(error, ConnectionRefusedError):
        return "is not there: the connection was refused", "无法连接"
    if isinstance(error, http.client.HTTPException):
        return f"answered no proper HTTP ({type(error).__name__})", "回答不是 HTTP"
    return f"cannot be reached: {getattr(error, 'strerror', None) or type(error).__name__}", "无法连接"
