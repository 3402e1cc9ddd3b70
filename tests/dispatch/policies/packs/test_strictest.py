from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.calendars.read import get_calendars
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Facts, Pack, Pause, Stage
from dispatch.policies.packs.read import get_pack
from dispatch.policies.packs.strictest import Due, find_due

CALENDARS = get_calendars()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


FRIDAY = at("2026-09-18T17:50")
BEFORE_NATIONAL_DAY = at("2026-09-30T16:00")


def due(pack: str, stage: Stage, facts: Facts, **more: object) -> Due:
    found = find_due(get_pack(pack), stage, facts, CALENDARS, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def facts(grade: Grade = Grade.URGENT, tier: Tier = Tier.SILVER, reported_at: datetime = FRIDAY) -> Facts:
    return Facts(grade, tier, reported_at)


def clauses(found: Due) -> list[str]:
    return [spoken.limit.source.clause for spoken in found.others]


def test_urgent_on_friday_evening_under_002() -> None:
    respond = due("002", Stage.RESPOND, facts())
    assert (respond.by_at, respond.clause) == (at("2026-09-18T18:20"), "GR-03")
    resolve = due("002", Stage.RESOLVE, facts())
    assert (resolve.by_at, resolve.clause) == (at("2026-09-19T17:50"), "GR-03")


def test_urgent_on_friday_evening_under_the_strict_pack() -> None:
    respond = due("strict", Stage.RESPOND, facts())
    assert (respond.by_at, respond.clause) == (at("2026-09-18T18:05"), "GR-02")


@pytest.mark.parametrize("pack", ["002", "strict"])
def test_general_before_national_day_has_five_working_days_with_the_make_up_saturday(pack: str) -> None:
    resolve = due(pack, Stage.RESOLVE, facts(Grade.GENERAL, reported_at=BEFORE_NATIONAL_DAY))
    assert (resolve.by_at, resolve.clause) == (at("2026-10-13T16:00"), "GR-05")
    assert resolve.warning is None


@pytest.mark.parametrize(
    ("grade", "tier", "hours", "clause", "other", "other_hours"),
    [
        (Grade.GENERAL, Tier.SILVER, 4, "GR-05", "SL-06", 6),
        (Grade.IMPORTANT, Tier.GOLD, 2, "GR-04", "SL-05", 4),
    ],
)
def test_both_packs_together_show_both_clauses(
    grade: Grade, tier: Tier, hours: int, clause: str, other: str, other_hours: int
) -> None:
    found = due("002+004", Stage.RESPOND, facts(grade, tier))
    assert (found.by_at, found.clause) == (FRIDAY + timedelta(hours=hours), clause)
    assert (found.others[0].limit.source.clause, found.others[0].at) == (other, FRIDAY + timedelta(hours=other_hours))


def test_a_contract_a_channel_and_a_demand_add_their_limits() -> None:
    plain = facts(Grade.GENERAL)
    quick = replace(plain, contract="quick")
    assert (due("004", Stage.ARRIVE, plain).clause, due("004", Stage.ARRIVE, quick).clause) == ("SL-07", "SL-08")
    assert find_due(get_pack("004"), Stage.HUMAN_CONTACT, plain, CALENDARS) is None
    online = replace(plain, channel="online")
    assert due("004", Stage.HUMAN_CONTACT, online).by_at == FRIDAY + timedelta(minutes=30)
    complaint = replace(plain, demand="complaint")
    resolve = due("strict", Stage.RESOLVE, complaint)
    assert (resolve.by_at, resolve.clause, clauses(resolve)) == (
        FRIDAY + timedelta(hours=4),
        "EM-07",
        ["SL-10", "EM-08", "GR-05"],
    )


def test_limits_are_compared_by_the_moment_they_give() -> None:
    thursday, friday = at("2026-11-26T10:00"), at("2026-11-27T10:00")
    in_the_week = due("002+004", Stage.ARRIVE, facts(Grade.GENERAL, reported_at=at("2026-11-23T10:00")))
    over_the_weekend = due("002+004", Stage.ARRIVE, facts(Grade.GENERAL, reported_at=thursday))
    assert in_the_week.by_at == at("2026-11-25T10:00")
    assert (over_the_weekend.by_at, over_the_weekend.clause) == (at("2026-11-28T10:00"), "SL-07")
    assert over_the_weekend.others[0].at == at("2026-11-30T10:00")
    assert due("002", Stage.ARRIVE, facts(Grade.GENERAL, reported_at=friday)).by_at == at("2026-12-01T10:00")


def test_a_deadline_in_a_year_that_is_not_announced_says_so() -> None:
    late = due("002", Stage.RESOLVE, facts(Grade.GENERAL, reported_at=at("2026-12-28T10:00")))
    assert late.by_at == at("2027-01-04T10:00")
    assert late.warning is not None
    assert "2027" in late.warning[1]
    assert due("002", Stage.RESOLVE, facts(reported_at=at("2026-12-31T10:00"))).warning is None


def wait(reason: str, begin: str, end: str | None) -> Pause:
    return Pause(at(begin), None if end is None else at(end), reason)  # type: ignore[arg-type]


def test_a_pause_counts_only_where_the_pack_lets_the_clock_stand() -> None:
    customer = wait("waiting_for_customer", "2026-09-18T20:00", "2026-09-18T23:00")
    parts = wait("waiting_for_parts", "2026-09-19T08:00", "2026-09-19T10:00")

    def by(pack: str, stage: Stage) -> datetime | None:
        return due(pack, stage, facts(), pauses=(customer, parts)).by_at

    assert by("002", Stage.RESOLVE) == at("2026-09-19T22:50")
    assert by("strict", Stage.RESOLVE) == at("2026-09-19T20:50")
    assert by("002", Stage.RESPOND) == at("2026-09-18T18:20")


def test_a_pause_that_has_not_ended_lasts_until_now() -> None:
    open_ended = wait("waiting_for_customer", "2026-09-18T20:00", None)
    found = due("002", Stage.RESOLVE, facts(), pauses=(open_ended,), now=at("2026-09-18T21:30"))
    assert found.by_at == at("2026-09-19T19:20")
    with pytest.raises(ValueError, match="needs now"):
        due("002", Stage.RESOLVE, facts(), pauses=(open_ended,))


def test_an_interim_fix_in_time_satisfies_the_clause_that_says_so() -> None:
    in_time = due("002", Stage.RESOLVE, facts(), interim_at=at("2026-09-19T17:50"))
    assert (in_time.latest, [one.limit.source.clause for one in in_time.satisfied]) == (None, ["GR-03"])
    too_late = due("002", Stage.RESOLVE, facts(), interim_at=at("2026-09-19T17:51"))
    assert too_late.clause == "GR-03"


def test_the_earliest_call_gives_way_where_nothing_would_be_left() -> None:
    done = at("2026-09-21T10:00")
    general = facts(Grade.GENERAL)
    both = due("strict", Stage.FOLLOW_UP, general, start_at=done)
    assert (both.earliest, both.by_at, both.clause) == (None, at("2026-09-22T10:00"), "FU-02")
    assert both.yielded is not None
    alone = due("002", Stage.FOLLOW_UP, general, start_at=done)
    assert alone.earliest is not None
    assert (alone.earliest.at, alone.by_at) == (at("2026-09-22T10:00"), at("2026-09-24T10:00"))
    assert due("strict", Stage.FOLLOW_UP, facts(), start_at=done).by_at == at("2026-09-21T22:00")


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("grade", Grade)
@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize("special", [{}, {"contract": "quick"}, {"channel": "online"}, {"demand": "complaint"}])
def test_the_strict_pack_is_never_later_than_any_other(
    stage: Stage, grade: Grade, tier: Tier, special: dict[str, str]
) -> None:
    asked = replace(facts(grade, tier, BEFORE_NATIONAL_DAY), **special)  # type: ignore[arg-type]
    strict = find_due(get_pack("strict"), stage, asked, CALENDARS)
    for name in ("002", "004", "002+004"):
        other = find_due(get_pack(name), stage, asked, CALENDARS)
        if other is not None and other.by_at is not None:
            assert strict is not None
            assert strict.by_at is not None
            assert strict.by_at <= other.by_at


def test_a_clock_that_no_limit_speaks_of_is_not_due() -> None:
    assert find_due(get_pack("004"), Stage.RESOLVE, facts(Grade.GENERAL), CALENDARS) is None


def test_of_two_that_give_one_moment_the_stated_one_sets_it() -> None:
    pack: Pack = get_pack("002+004")
    found = find_due(pack, Stage.RESPOND, replace(facts(Grade.GENERAL), contract="quick"), CALENDARS)
    assert found is not None
    assert found.clause == "SL-08"
    derived = due("002", Stage.INTERIM, facts(Grade.EMERGENCY))
    assert (derived.clause, clauses(derived)) == ("GR-03", ["EM-02"])
