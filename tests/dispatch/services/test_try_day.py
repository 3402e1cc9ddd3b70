"""A trial with a geocoder and a provider of travel: asked, told, and left in time."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from dispatch.format.model import GreatCircle
from dispatch.places.found import Point
from dispatch.places.geocoding import Answer, Asking
from dispatch.planning import Stop
from dispatch.policies.tables.read import get_book
from dispatch.services import try_day as service
from dispatch.services.read_sheets import Wish
from dispatch.services.try_day import Trial, try_day
from dispatch.travel.fallback import Fallback
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import TravelTimes
from tests.dispatch.places.fakes import FakeClock, FakeGeocoder
from tests.dispatch.travel.servers import Scripted, answer_sevens, fail

DAY = date(2026, 11, 23)
TICKETS = "客户,地址,经度,纬度\n甲,西湖区文三路 1 号,120.12,30.28\n乙,余杭区文一西路 9 号,,\n丙,西湖区天目山路 3 号,,\n"


def run(travel: TravelTimes, geocoder: Asking | None, *, seconds: float | None = None) -> Trial:
    """Plan the three tickets."""
    stop = Stop(iterations=50) if seconds is None else Stop(seconds=seconds, iterations=50)
    wish = Wish(DAY, DAY, geocoder=geocoder)
    made = try_day(TICKETS.encode(), None, wish, travel=travel, book=get_book("deadlines_first"), stop=stop)
    assert isinstance(made, Trial)
    return made


def told(trial: Trial, code: str) -> str:
    """Return what a trial tells of the whole day."""
    return "".join(note.say("zh") for note in trial.read.assumed if note.code == code)


def test_addresses_are_looked_up_travel_is_asked_for_and_what_was_found_how_is_told() -> None:
    asked: list[str] = []

    class OneStreet:
        name = "one street"

        def find(self, address: str) -> Answer | None:
            asked.append(address)
            return Answer(Point(30.29, 120.02), exact=True) if "文一西路" in address else None

    trial = run(Scripted(answer_sevens), Asking(OneStreet()))
    assert len(asked) == 2
    assert told(trial, "places_found") == "位置来源：表中的经纬度 1 单，地址解析 1 单，暂放区县中心 1 单"
    assert not isinstance(trial.made.request.travel, GreatCircle)
    assert trial.follows_roads


def test_without_a_geocoder_nothing_is_said_of_one() -> None:
    assert told(run(StraightLine(), None), "places_found") == ""


def test_dead_providers_are_left_in_time_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "PLACES_S", 0.05)
    released = threading.Event()

    class Hanging:
        name = "hanging"

        def find(self, _address: str) -> Answer | None:
            released.wait(60)
            return None

    trial = run(Fallback(Scripted(fail), StraightLine(), patience_s=60), Asking(Hanging(), budget_s=600))
    released.set()
    assert "hanging 没有及时回答，之后的地址没有再查" in told(trial, "places_found")
    assert "暂放区县中心 2 单" in told(trial, "places_found")
    assert trial.planned == 3
    assert not trial.follows_roads
    assert "scripted: is not there; all travel is estimated by straight line" in told(trial, "travel_note")


def test_answers_that_use_the_time_up_are_taken_and_the_rest_is_told_as_not_asked() -> None:
    clock = FakeClock()
    geocoder = FakeGeocoder(clock=clock, takes_s=3)
    trial = run(StraightLine(), Asking(geocoder, clock=clock, wait=clock.wait))
    assert len(geocoder.asked) == 1
    assert told(trial, "places_found").endswith("暂放区县中心 2 单；查地址的时间已用完，之后的地址没有再查")


def test_how_long_travel_took_is_known_so_that_ways_have_the_rest() -> None:
    moments = iter([100.0, 101.0, 103.5])
    trial = try_day(
        TICKETS.encode(),
        None,
        Wish(DAY, DAY),
        travel=StraightLine(),
        book=get_book("deadlines_first"),
        stop=Stop(iterations=1),
        clock=lambda: next(moments),
    )
    assert isinstance(trial, Trial)
    assert trial.travel_s == 2.5


def test_what_went_before_the_search_is_taken_from_its_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[float] = []
    solve = service.solve

    def note(request: object, *, stop: Stop, **options: object) -> object:
        searched.append(float(stop.seconds or 0))
        return solve(request, stop=Stop(iterations=1), **options)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "solve", note)
    for spent_s, left_s in ((4.0, 6.0), (9.5, 1.0), (0.0, 10.0)):
        moments = iter([100.0, 100.0, 100.0 + spent_s])
        try_day(
            TICKETS.encode(),
            None,
            Wish(DAY, DAY),
            travel=StraightLine(),
            book=get_book("deadlines_first"),
            stop=Stop(seconds=10),
            clock=lambda: next(moments),  # noqa: B023 - used before the next round
        )
        assert searched.pop() == left_s
