from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dispatch.calendars.read import get_calendars
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import Promise, is_of_packs, make_promise
from dispatch.policies.packs.read import get_pack

BERLIN = ZoneInfo("Europe/Berlin")


def at(clock: str, day: int = 0) -> datetime:
    """Give a moment of a Monday in Shanghai, or of a later day."""
    return datetime.fromisoformat(f"2026-11-{23 + day}T{clock}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def promise(
    *windows: tuple[datetime, datetime], release_at: datetime | None = None, grade: Grade = Grade.URGENT
) -> Promise:
    """Promise for a ticket of Monday at eight; an urgent one is due at noon, and solved by the next morning at eight."""
    facts = Facts(grade, Tier.SILVER, at("08:00"))
    return make_promise(get_pack(), facts, get_calendars(), windows, release_at)


def test_a_window_that_opens_by_the_limit_moves_nothing() -> None:
    assert promise((at("12:00"), at("14:00"))) == promise()


def test_a_window_that_opens_after_the_limit_moves_it_to_its_end() -> None:
    moved = promise((at("12:00:01"), at("14:00")))
    assert (moved.arrive_by, moved.resolve_by) == (at("14:00"), at("10:00", day=1))


def test_of_several_windows_the_first_counts_whatever_their_order() -> None:
    assert promise((at("16:00"), at("18:00")), (at("13:00"), at("15:00"))).arrive_by == at("15:00")


def test_a_release_after_the_limit_begins_it_anew() -> None:
    assert promise(release_at=at("12:00")).arrive_by == at("12:00")
    assert promise(release_at=at("12:00:01")).arrive_by == at("16:00:01")


def test_a_release_into_a_window_counts_from_where_both_allow() -> None:
    assert promise((at("10:00"), at("14:00")), release_at=at("12:30")).arrive_by == at("14:00")


def test_a_window_that_is_over_before_the_release_does_not_count() -> None:
    over, coming = (at("09:00"), at("10:00")), (at("14:00"), at("16:00"))
    assert promise(over, coming, release_at=at("11:00")).arrive_by == at("16:00")
    assert promise(over, release_at=at("11:00")).arrive_by == at("12:00")


def test_the_source_names_the_clauses_arriving_first_and_each_once() -> None:
    assert promise().source == "SL-07 GR-03"
    diamond = make_promise(get_pack(), Facts(Grade.URGENT, Tier.DIAMOND, at("08:00")), get_calendars())
    assert diamond.source == "SL-03"


def test_a_pack_that_says_nothing_promises_nothing() -> None:
    friday = datetime(2026, 9, 18, 17, 50, tzinfo=BERLIN)
    made = make_promise(get_pack("004"), Facts(Grade.GENERAL, Tier.SILVER, friday), get_calendars())
    assert (made.arrive_by, made.resolve_by, made.source) == (friday + timedelta(hours=48), None, "SL-07")


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
