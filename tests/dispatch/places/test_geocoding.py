from __future__ import annotations

import threading

import pytest

from dispatch.domain.place import Point
from dispatch.places.geocoding import Answer, Asking, GeocoderError, MemoryCache
from tests.dispatch.places.fakes import FakeClock, FakeGeocoder

DOOR = Answer(Point(30.28, 120.12), exact=True)


def test_the_same_address_is_asked_once() -> None:
    geocoder = FakeGeocoder({"a": DOOR})
    asking = Asking(geocoder)
    assert [asking.find("a"), asking.find("a")] == [DOOR, DOOR]
    assert geocoder.asked == ["a"]


def test_that_nothing_is_known_is_remembered_too() -> None:
    geocoder = FakeGeocoder()
    asking = Asking(geocoder)
    assert [asking.find("a"), asking.find("a")] == [None, None]
    assert geocoder.asked == ["a"]


def test_a_cache_outlives_a_run() -> None:
    cache = MemoryCache()
    Asking(FakeGeocoder({"a": DOOR}), cache).find("a")
    later = FakeGeocoder()
    assert Asking(later, cache).find("a") == DOOR
    assert later.asked == []


def test_a_failure_is_not_remembered() -> None:
    geocoder = FakeGeocoder({"a": "timed_out"})
    asking = Asking(geocoder)
    with pytest.raises(GeocoderError):
        asking.find("a")
    geocoder.answers = {"a": DOOR}
    assert asking.find("a") == DOOR


def test_after_two_failures_in_a_row_nobody_is_asked_any_more() -> None:
    geocoder = FakeGeocoder({"a": "timed_out", "b": "unreachable"})
    asking = Asking(geocoder)
    for address in "abcd":
        with pytest.raises(GeocoderError):
            asking.find(address)
    assert geocoder.asked == ["a", "b"]
    assert asking.trouble == "unreachable"


def test_an_answer_between_two_failures_begins_the_count_anew() -> None:
    geocoder = FakeGeocoder({"a": "timed_out", "b": DOOR, "c": "timed_out", "d": DOOR})
    asking = Asking(geocoder)
    for address in "ac":
        with pytest.raises(GeocoderError):
            asking.find(address)
        asking.find("b" if address == "a" else "d")
    assert asking.trouble is None


@pytest.mark.parametrize("trouble", ["refused", "quota"])
def test_a_refused_key_or_a_used_up_quota_ends_it_at_once(trouble: str) -> None:
    geocoder = FakeGeocoder({"a": trouble})  # type: ignore[dict-item]
    asking = Asking(geocoder)
    for address in "ab":
        with pytest.raises(GeocoderError, match=trouble):
            asking.find(address)
    assert geocoder.asked == ["a"]


def test_what_is_cached_is_answered_even_when_nobody_is_asked_any_more() -> None:
    asking = Asking(FakeGeocoder({"a": DOOR, "b": "quota"}))
    asking.find("a")
    with pytest.raises(GeocoderError):
        asking.find("b")
    assert asking.find("a") == DOOR


def test_when_the_seconds_are_used_up_the_rest_is_not_asked() -> None:
    clock = FakeClock()
    geocoder = FakeGeocoder(dict.fromkeys("abc", DOOR), clock=clock, takes_s=2)
    asking = Asking(geocoder, budget_s=4, clock=clock, wait=clock.wait)
    asking.find("a")
    asking.find("b")
    with pytest.raises(GeocoderError, match="no_time"):
        asking.find("c")
    assert geocoder.asked == ["a", "b"]


def test_questions_keep_their_distance_and_cached_ones_do_not_wait() -> None:
    clock = FakeClock()
    asking = Asking(FakeGeocoder(), least_gap_s=1, clock=clock, wait=clock.wait)
    asking.find("a")
    asking.find("a")
    clock.now_s += 0.25
    asking.find("b")
    clock.now_s += 1
    asking.find("c")
    assert clock.waits == [0.75]


@pytest.mark.parametrize("wrong", [{"most_failures": 0}, {"budget_s": -1.0}, {"least_gap_s": -0.1}])
def test_impossible_settings_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Asking(FakeGeocoder(), **wrong)  # type: ignore[arg-type]


def test_a_strict_run_leaves_a_question_that_outlasts_the_budget_and_asks_nothing_more() -> None:
    begun, released = threading.Event(), threading.Event()

    class Hanging:
        name = "hanging"

        def find(self, _address: str) -> Answer | None:
            begun.set()
            released.wait(60)
            return DOOR

    asking = Asking(Hanging(), MemoryCache(), budget_s=60).within(0.05)
    for address, trouble in (("a", "timed_out"), ("b", "no_time"), ("c", "no_time")):
        with pytest.raises(GeocoderError, match=trouble):
            asking.find(address)
    assert begun.is_set()
    assert asking.trouble == "timed_out"
    released.set()


def test_a_run_within_a_budget_remembers_for_those_after_it() -> None:
    geocoder = FakeGeocoder({"a": DOOR})
    asking = Asking(geocoder)
    assert asking.within(60).find("a") == DOOR
    assert asking.find("a") == DOOR
    assert geocoder.asked == ["a"]


def test_a_strict_run_does_not_wait_for_a_turn_that_comes_too_late() -> None:
    clock = FakeClock()
    geocoder = FakeGeocoder({"a": DOOR, "b": DOOR})
    asking = Asking(geocoder, least_gap_s=1, clock=clock, wait=clock.wait).within(0.5)
    assert asking.find("a") == DOOR
    with pytest.raises(GeocoderError, match="no_time"):
        asking.find("b")
    assert geocoder.asked == ["a"]
