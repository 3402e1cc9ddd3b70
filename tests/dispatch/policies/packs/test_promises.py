from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.calendars.read import get_calendars
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import is_of_packs, make_promise
from dispatch.policies.packs.read import get_pack

BERLIN = ZoneInfo("Europe/Berlin")


def test_a_pack_that_says_nothing_promises_nothing() -> None:
    friday = datetime(2026, 9, 18, 17, 50, tzinfo=BERLIN)
    promise = make_promise(get_pack("004"), Facts(Grade.GENERAL, Tier.SILVER, friday), get_calendars())
    assert (promise.arrive_by, promise.resolve_by, promise.source) == (friday + timedelta(hours=48), None, "SL-07")


def test_a_later_appointment_moves_the_solution_by_real_hours_over_the_night_the_clock_changes() -> None:
    evening = datetime(2026, 3, 28, 18, tzinfo=BERLIN)  # arrive by 22:00, resolve by 19:00 the next day
    window = (datetime(2026, 3, 29, 8, tzinfo=BERLIN), datetime(2026, 3, 29, 10, tzinfo=BERLIN))
    facts = Facts(Grade.URGENT, Tier.SILVER, evening)
    plain = make_promise(get_pack(), facts, get_calendars())
    later = make_promise(get_pack(), facts, get_calendars(), [window])
    assert plain.resolve_by == datetime(2026, 3, 29, 19, tzinfo=BERLIN)
    assert later.arrive_by == window[1]
    assert later.resolve_by is not None
    assert later.resolve_by.astimezone(UTC) - plain.resolve_by.astimezone(UTC) == timedelta(hours=11)


def test_a_source_is_a_packs_when_all_its_words_are_clauses() -> None:
    assert is_of_packs("SL-03")
    assert is_of_packs("SL-14 GR-05")
    assert not is_of_packs("")
    assert not is_of_packs("合同 SL-08")
