"""A server on this machine's loopback that speaks OSRM's service ``table``, and fakes of providers."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.geometry import table_m
from dispatch.travel.travel_times import Points, Travel

Reply = tuple[int, bytes]
Answering = Callable[[str], Reply]


@contextmanager
def serving(answer: Answering) -> Iterator[tuple[str, list[str]]]:
    """Serve on a free port of loopback; yield the server's address and the paths it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # head and body are two writes

        def do_GET(self) -> None:
            asked.append(self.path)
            status, body = answer(self.path)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked may have left in the middle
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(answer: object, status: int = 200) -> Reply:
    """Write a reply as JSON, NaN included."""
    return status, json.dumps(answer).encode()


def read_question(path: str) -> tuple[Points, Points]:
    """Read a request as OSRM's documentation has it: coordinates, and which of them are sources and destinations."""
    parts = urlsplit(path)
    found = re.fullmatch(r"(?:/\w+)?/table/v1/\w+/([-0-9.,;]+)", parts.path)
    assert found is not None, path
    pairs = [tuple(map(float, pair.split(","))) for pair in found[1].split(";")]
    everything = Points([lat for _, lat in pairs], [lon for lon, _ in pairs])
    query = parse_qs(parts.query, strict_parsing=True)
    assert query["annotations"] == ["duration,distance"]
    sources, destinations = ([int(row) for row in query[key][0].split(";")] for key in ("sources", "destinations"))
    return everything.pick(sources), everything.pick(destinations)


def answer_as_osrm(path: str) -> Reply:
    """Answer any question: 1.4 times the straight line, faster eastwards, in tenths, as OSRM rounds."""
    origins, destinations = read_question(path)
    metres = np.round(table_m(origins, destinations) * 1.4, 1)
    speeds = np.where(destinations.lon_deg[None, :] > origins.lon_deg[:, None], 9.0, 7.0)
    waypoints = [{"location": [0.0, 0.0], "distance": 3.2, "name": "", "hint": ""}]
    return reply(
        {
            "code": "Ok",
            "durations": np.round(metres / speeds, 1).tolist(),
            "distances": metres.tolist(),
            "sources": waypoints * len(origins),
            "destinations": waypoints * len(destinations),
        }
    )


class Scripted:
    """A provider that answers what it is told to."""

    name = "scripted"
    is_estimate = False

    def __init__(self, answer: Callable[[Points, Points], Travel]) -> None:
        self.answer = answer
        self.calls = 0
        self.digest = "scripted"

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Answer, and count."""
        self.calls += 1
        return self.answer(origins, destinations)


def answer_sevens(origins: Points, destinations: Points) -> Travel:
    """Answer 7 s and 70 m for every leg."""
    table: np.ndarray[Any, np.dtype[np.int64]] = np.full((len(origins), len(destinations)), 7, np.int64)
    return Travel(table, table * 10, is_estimate=False)


def fail(_origins: Points, _destinations: Points) -> Travel:
    """Be dead."""
    raise TravelUnavailable("is not there", "无法连接")
