"""OSRM over HTTP: the reply of its documentation, tables in pieces, and every kind of nonsense."""

from __future__ import annotations

import json
import socket
import threading
from itertools import chain, repeat
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pytest

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.fallback import Fallback
from dispatch.travel.osrm import Osrm
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import NO_WAY, Points
from tests.dispatch.travel.servers import Reply, answer_as_osrm, read_question, reply, serving

RECORDED = Path(__file__).parents[3] / "fixtures" / "osrm" / "table.json"
"""The reply to the request that OSRM's documentation of ``table`` shows, hints left out."""
BERLIN = Points([52.517037, 52.529407, 52.523219], [13.388860, 13.397634, 13.428555])
ONE = Points([30.0], [120.0])
TWO = Points([30.1, 30.2], [120.1, 120.2])
LONG_S = 60.0


def ask(answer: Reply, origins: Points = ONE, destinations: Points = TWO) -> tuple[list[list[int]], list[list[int]]]:
    """Ask a server that has one reply."""
    with serving(lambda _path: answer) as (url, _):
        travel = Osrm(url, timeout_s=LONG_S).matrix(origins, destinations)
    return travel.travel_s.tolist(), travel.travel_m.tolist()


def test_the_reply_of_osrms_documentation_is_read_seconds_up_and_metres_to_the_nearest() -> None:
    with serving(lambda _path: (200, RECORDED.read_bytes())) as (url, asked):
        travel = Osrm(url, timeout_s=LONG_S).matrix(BERLIN, BERLIN)
    assert travel.travel_s.tolist() == [[0, 193, 383], [199, 0, 284], [345, 223, 0]]
    assert travel.travel_m.tolist() == [[0, 1887, 3791], [1824, 0, 2838], [3275, 2362, 0]]
    assert not travel.is_estimate.any()
    (path,) = asked
    assert path.startswith("/table/v1/driving/13.3888600,52.5170370;13.3976340,52.5294070;13.4285550,52.5232190;13.38")
    assert path.endswith("?sources=0;1;2&destinations=3;4;5&annotations=duration,distance")


def test_a_large_table_is_asked_for_in_pieces_no_larger_than_the_server_allows() -> None:
    rng = np.random.default_rng(3)
    many = Points(30 + rng.uniform(0, 0.1, 25), 120 + rng.uniform(0, 0.1, 25))
    with serving(answer_as_osrm) as (url, asked):
        pieces = Osrm(url, points_max=10, timeout_s=LONG_S).matrix(many, many)
        n_pieces = len(asked)
        whole = Osrm(url, points_max=50, timeout_s=LONG_S).matrix(many, many)
    assert (pieces.travel_s == whole.travel_s).all()
    assert (pieces.travel_m == whole.travel_m).all()
    assert (n_pieces, len(asked)) == (25, 26)
    for path in asked[:n_pieces]:
        assert sum(map(len, read_question(path))) <= 10


def test_null_is_no_way_and_a_fallback_estimates_it() -> None:
    answer = reply({"code": "Ok", "durations": [[None, 5]], "distances": [[None, 6]]})
    assert ask(answer) == ([[NO_WAY, 5]], [[NO_WAY, 6]])
    with serving(lambda _path: answer) as (url, _):
        travel = Fallback(Osrm(url, timeout_s=LONG_S), StraightLine(), patience_s=None).matrix(ONE, TWO)
    assert travel.is_estimate.tolist() == [[True, False]]
    assert travel.travel_s.tolist() == [[int(StraightLine().matrix(ONE, TWO).travel_s[0, 0]), 5]]


def test_a_point_that_the_server_moved_too_far_has_no_way() -> None:
    near, far = {"distance": 1000}, {"distance": 1000.1}
    tables = {"code": "Ok", "durations": [[1, 5]], "distances": [[1, 6]]}
    assert ask(reply({**tables, "sources": [near], "destinations": [far, near]}))[0] == [[NO_WAY, 5]]
    assert ask(reply({**tables, "sources": [far], "destinations": [near, near]}))[0] == [[NO_WAY, NO_WAY]]
    assert ask(reply({**tables, "sources": [None], "destinations": [far]}))[0] == [[1, 5]]


def test_the_way_to_the_very_same_point_is_nothing_whatever_the_server_says() -> None:
    assert ask(reply({"code": "Ok", "durations": [[3]], "distances": [[9]]}), ONE, ONE) == ([[0]], [[0]])


GOOD = {"code": "Ok", "durations": [[1, 2]], "distances": [[1, 2]]}
NONSENSE: dict[str, Reply] = {
    "NaN": reply({**GOOD, "durations": [[float("nan"), 1]]}),
    "infinite": reply({**GOOD, "distances": [[float("inf"), 1]]}),
    "beyond floats": (200, b'{"code":"Ok","durations":[[1e999,1]],"distances":[[1,1]]}'),
    "beyond integers": (200, b'{"code":"Ok","durations":[[1' + b"0" * 400 + b',1]],"distances":[[1,1]]}'),
    "negative": reply({**GOOD, "durations": [[-1, 1]]}),
    "absurdly long": reply({**GOOD, "distances": [[1 << 31, 1]]}),
    "text": reply({**GOOD, "durations": [["1", 1]]}),
    "true": reply({**GOOD, "durations": [[True, 1]]}),
    "too few rows": reply({**GOOD, "durations": []}),
    "too many rows": reply({**GOOD, "durations": [[1, 2], [1, 2]]}),
    "too short a row": reply({**GOOD, "durations": [[1]]}),
    "no rows": reply({**GOOD, "durations": [1, 2]}),
    "no table": reply({**GOOD, "durations": {}}),
    "no distances": reply({"code": "Ok", "durations": [[1, 2]]}),
    "null in one table": reply({**GOOD, "durations": [[None, 2]]}),
    "a list": reply([1]),
    "a page": (200, b"<html>502</html>"),
    "not UTF-8": (200, b'{"code":"\xff"}'),
    "nothing": (200, b""),
    "nested deeply": (200, b"[" * 100_000),
    "no code": reply({"durations": [[1, 2]], "distances": [[1, 2]]}),
    "another code": reply({**GOOD, "code": "NoTable"}),
    "code of a wrong type": reply({**GOOD, "code": 7}),
    "too big": reply({"code": "TooBig", "message": "Too many table coordinates"}, 400),
    "busy": reply({**GOOD}, 503),
    "elsewhere": (302, b""),
}


@pytest.fixture(scope="module")
def nonsense() -> object:
    """Serve every kind of nonsense, each under a path of its own."""

    def answer(path: str) -> Reply:
        return list(NONSENSE.values())[int(path.split("/")[1].removeprefix("n"))]

    with serving(answer) as (url, _):
        yield url


@pytest.mark.parametrize("kind", NONSENSE)
def test_nonsense_is_refused_and_a_fallback_estimates(nonsense: str, kind: str) -> None:
    osrm = Osrm(f"{nonsense}/n{list(NONSENSE).index(kind)}/", timeout_s=LONG_S)
    with pytest.raises(TravelUnavailable, match=r": the provider answered "):
        osrm.matrix(ONE, TWO)
    travel = Fallback(osrm, StraightLine(), patience_s=None).matrix(ONE, TWO)
    assert travel.is_estimate.all()
    assert (travel.travel_s == StraightLine().matrix(ONE, TWO).travel_s).all()
    assert travel.notes[0].startswith("osrm: answered ")


def test_a_server_that_is_not_there_is_told_as_such() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody else can be there
        osrm = Osrm(f"http://127.0.0.1:{taken.getsockname()[1]}", timeout_s=LONG_S)
        with pytest.raises(TravelUnavailable, match="is not there: the connection was refused"):
            osrm.matrix(ONE, TWO)


def test_a_server_without_a_certificate_is_not_taken_for_a_safe_one() -> None:
    with serving(answer_as_osrm) as (url, asked):
        osrm = Osrm(url.replace("http:", "https:"), timeout_s=LONG_S)
        with pytest.raises(TravelUnavailable, match="cannot be reached: "):
            osrm.matrix(ONE, TWO)
    assert asked == []


def test_a_server_that_says_nothing_is_left_in_time() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(TravelUnavailable, match="gave no answer in time"):
            Osrm(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout_s=0.05).matrix(ONE, TWO)


def test_a_server_that_answers_byte_by_byte_is_left_in_time() -> None:
    ticks = chain([0.0, 0.0, 1.0, 2.9], repeat(3.0))  # begin, first request, then a little later at each piece
    with serving(lambda _path: (200, b" " * 1_000_000)) as (url, _):
        osrm = Osrm(url, timeout_s=3.0, clock=lambda: next(ticks))
        with pytest.raises(TravelUnavailable, match="gave no answer in time"):
            osrm.matrix(ONE, TWO)


def test_what_is_no_http_is_refused() -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def talk() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1 << 16)
                connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")

        talking = threading.Thread(target=talk)
        talking.start()
        with pytest.raises(TravelUnavailable, match="answered no proper HTTP"):
            Osrm(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout_s=LONG_S).matrix(ONE, TWO)
        talking.join()


def test_more_than_a_table_can_hold_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.travel.osrm._BYTES_MAX", 1000)
    with pytest.raises(TravelUnavailable, match="more than a table can hold"):
        ask((200, b" " * 100_000))


def test_reasons_name_neither_points_nor_server() -> None:
    with serving(lambda _path: reply({"code": "NoTable"}, 400)) as (url, _):
        with pytest.raises(TravelUnavailable) as refused:
            Osrm(url, timeout_s=LONG_S).matrix(ONE, TWO)
        assert refused.value.reason == "answered 400 NoTable"
        assert str(urlsplit(url).port) not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:5000", "ftp://host", "http://", "http://host?x=1", "http://host#x", "file:///etc/passwd"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="is not the address of a server"):
        Osrm(url)


def test_a_request_holds_two_points_at_least() -> None:
    with pytest.raises(ValueError, match="at least 2, got 1"):
        Osrm("http://host", points_max=1)


def test_a_profile_and_a_path_before_it_are_part_of_the_address() -> None:
    with serving(answer_as_osrm) as (url, asked):
        Osrm(f"{url}/osrm/", profile="ebike", timeout_s=LONG_S).matrix(ONE, TWO)
    assert asked[0].startswith("/osrm/table/v1/ebike/120.0000000,30.0000000;")


def test_the_recording_is_a_whole_reply() -> None:
    assert set(json.loads(RECORDED.read_text(encoding="utf-8"))) >= {"code", "durations", "distances", "sources"}
