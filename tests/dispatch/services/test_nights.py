"""Shifts over midnight: planned once, with the day on which they begin, and nobody at two places at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.domain.customer import Customer, Tier
from dispatch.domain.engineer import Shift
from dispatch.domain.errors import PlanOutdated
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState, Window
from dispatch.services.my_day import find_today, read_my_day
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from tests.dispatch.planning.days import DAY, HILLS, HOME, LAKE, STATION, at, engineer, ticket
from tests.dispatch.services.desk import set_state
from tests.dispatch.services.plans import plan_at

TUESDAY = DAY + timedelta(days=1)
PLACES = (LAKE, STATION, HILLS, HOME)


def shift_of(id: str, engineer_id: str, first: datetime, last: datetime) -> Shift:  # noqa: A002 - the field is called so
    """Make a shift."""
    return Shift(id, engineer_id, "hz", first, last)


def begin(store: Store, tickets: Iterable[Ticket], shifts: Sequence[Shift]) -> None:
    """Save Hangzhou with these tickets and shifts."""
    with store.writing() as unit:
        unit.save_all(
            [
                Region("hz", "杭州"),
                Customer("C", "王芳", "13900000000", Tier.GOLD),
                *(engineer(name) for name in sorted({shift.engineer_id for shift in shifts})),
                *shifts,
                *tickets,
            ]
        )


def night(store: Store) -> None:
    """E1 works from 22:00 of the Monday to 6:00, E2 on Tuesday by day; N1 and N2 can be visited after midnight alone."""
    late = Window(at("00:30", 1), at("05:00", 1))
    begin(
        store,
        [ticket("N1", LAKE, windows=(late,)), ticket("N2", STATION, windows=(late,)), ticket("D1", HILLS)],
        [
            shift_of("E1-night", "E1", at("22:00"), at("06:00", 1)),
            shift_of("E2-tue", "E2", at("08:00", 1), at("18:00", 1)),
        ],
    )


def publish(store: Store, id: str, now: datetime) -> None:  # noqa: A002 - the field is called so
    """Publish a revision."""
    with store.writing() as unit:
        publish_plan(unit, id, by="d1", at=now)


def plan_and_publish(store: Store, id: str, day: date, now: datetime) -> Revision:  # noqa: A002 - the same
    """Plan a day and publish it."""
    made = plan_at(store, id, now, day)
    publish(store, id, now)
    return made


def tickets_of(visits: Iterable[Visit]) -> list[str]:
    """Return whom the visits go to, by id."""
    return sorted(visit.ticket_id for visit in visits)


@pytest.mark.parametrize("now", [at("21:00"), at("00:30", 1), at("04:00", 1)])
def test_what_a_night_shift_is_sent_to_after_midnight_is_not_planned_again_with_the_next_day(
    store: Store, now: datetime
) -> None:
    night(store)
    first = plan_and_publish(store, "R1", DAY, at("20:00"))
    assert {"N1", "N2"} <= set(tickets_of(first.visits))
    second = plan_at(store, "R2", now, TUESDAY)
    assert {visit.shift_id for visit in second.visits} <= {"E2-tue"}
    assert not {"N1", "N2"} & set(tickets_of(second.visits))


def test_a_night_shift_is_in_the_plan_of_the_day_on_which_it_begins_alone(store: Store) -> None:
    night(store)
    assert plan_at(store, "R1", at("20:00"), TUESDAY).visits == plan_at(store, "R2", at("07:00", 1), TUESDAY).visits
    assert {visit.shift_id for visit in plan_at(store, "R3", at("20:00")).visits} == {"E1-night"}


def test_a_night_shift_under_way_is_planned_anew_after_midnight_with_the_day_before(store: Store) -> None:
    night(store)
    first = plan_and_publish(store, "R1", DAY, at("20:00"))
    plan_and_publish(store, "R2", TUESDAY, at("21:00"))
    begun = next(visit for visit in first.visits if visit.ticket_id == "N1")
    set_state(store, "N1", TicketState.WORKING)
    now = max(begun.begin_at + timedelta(minutes=5), at("00:30", 1))
    with store.writing() as unit:
        unit.save(ticket("N3", HOME, windows=(Window(now, at("05:30", 1)),)))
    again = plan_and_publish(store, "R3", DAY, now)
    assert {"N1", "N2", "N3"} <= set(tickets_of(again.visits))
    assert "N3" not in tickets_of(plan_at(store, "R4", now, TUESDAY).visits)


def test_what_a_night_shift_has_not_done_by_its_end_is_planned_with_the_next_day(store: Store) -> None:
    night(store)
    plan_and_publish(store, "R1", DAY, at("20:00"))
    with store.writing() as unit:
        unit.save(replace(unit.get(Ticket, "N1"), windows=()))
    assert "N1" not in tickets_of(plan_at(store, "R2", at("05:55", 1), TUESDAY).visits)
    assert "N1" in tickets_of(plan_at(store, "R3", at("06:00", 1), TUESDAY).visits)


def test_an_engineer_s_next_shift_begins_after_the_night_s_last_visit(store: Store) -> None:
    begin(
        store,
        [ticket("N1", LAKE, duration_s=7200, windows=(Window(at("04:30", 1), at("05:00", 1)),))],
        [
            replace(shift_of("E1-night", "E1", at("22:00"), at("05:00", 1)), overtime_s=7200),
            shift_of("E1-tue", "E1", at("05:30", 1), at("14:00", 1)),
        ],
    )
    (late,) = plan_and_publish(store, "R1", DAY, at("20:00")).visits
    with store.writing() as unit:
        unit.save(ticket("D1", LAKE, windows=(Window(at("05:30", 1), at("13:00", 1)),)))
    assert late.leave_at > at("06:00", 1)
    (next_one,) = plan_and_publish(store, "R2", TUESDAY, at("05:00", 1)).visits
    assert next_one.arrive_at - timedelta(seconds=next_one.travel_s) >= late.leave_at


def test_two_plans_that_would_have_an_engineer_at_two_places_are_not_both_published(store: Store) -> None:
    begin(
        store,
        [ticket("N1", LAKE, duration_s=7200, windows=(Window(at("04:30", 1), at("05:00", 1)),))],
        [
            replace(shift_of("E1-night", "E1", at("22:00"), at("05:00", 1)), overtime_s=7200),
            shift_of("E1-tue", "E1", at("05:30", 1), at("14:00", 1)),
        ],
    )
    plan_at(store, "R1", at("20:00"), DAY)
    with store.writing() as unit:
        unit.save(ticket("D1", STATION, windows=(Window(at("05:30", 1), at("06:00", 1)),)))
    plan_at(store, "R2", at("20:00"), TUESDAY)
    publish(store, "R1", at("20:00"))
    with pytest.raises(PlanOutdated) as refused:
        publish(store, "R2", at("20:00"))
    assert refused.value.tickets == ("D1",)


def test_the_phone_shows_the_night_until_it_is_over(store: Store) -> None:
    night(store)
    plan_and_publish(store, "R1", DAY, at("20:00"))
    seen = {}
    for clock in ("00:10", "05:50", "06:00"):
        with store.reading() as unit:
            now = at(clock, 1)
            seen[clock] = read_my_day(unit, "E1", day=find_today(unit, "E1", now), seen=None, now=now)
    assert [mine.day.day for mine in seen.values()] == [DAY, DAY, TUESDAY]
    assert [mine.today for mine in seen.values()] == [DAY, DAY, TUESDAY]
    assert {"N1", "N2"} <= set(tickets_of(call.visit for call in seen["00:10"].day.calls))


@st.composite
def two_days(draw: st.DrawFn) -> tuple[list[Ticket], list[Shift]]:
    """Draw shifts of two engineers over two days, some over midnight, and tickets around midnight."""
    shifts: list[Shift] = []
    for name in ("E1", "E2"):
        free_from = at("18:00")
        for number in range(2):
            first = free_from + timedelta(hours=draw(st.integers(0, 4)))
            last = first + timedelta(hours=draw(st.integers(7, 10)))
            overtime_s = draw(st.sampled_from([0, 7200]))
            shifts.append(Shift(f"{name}-{number}", name, "hz", first, last, overtime_s=overtime_s))
            free_from = last
    tickets = []
    for number in range(draw(st.integers(4, 8))):
        opens = at("18:00") + timedelta(minutes=draw(st.integers(0, 24 * 60)))
        windows = (Window(opens, opens + timedelta(hours=6)),)
        place = PLACES[draw(st.integers(0, 3))]
        duration_s = draw(st.sampled_from([1800, 7200]))
        tickets.append(ticket(f"T{number}", place, duration_s=duration_s, windows=windows))
    return tickets, shifts


@settings(max_examples=15, deadline=None)
@given(two_days(), st.lists(st.integers(0, 9), min_size=2, max_size=4))
def test_no_ticket_is_visited_twice_and_nobody_is_at_two_places_at_once(
    world: tuple[list[Ticket], list[Shift]], gaps_h: list[int]
) -> None:
    with TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'paidan.db'}")
        store.migrate()
        begin(store, *world)
        now = at("17:00")
        for number, gap_h in enumerate(gaps_h):
            plan_and_publish(store, f"R{number}", (DAY, TUESDAY)[number % 2], now)
            check(store, now)
            now += timedelta(hours=gap_h)
        store.close()


def check(store: Store, now: datetime) -> None:
    """Look at what both plans in force have still to come."""
    with store.reading() as unit:
        published = [unit.find_published("hz", day) for day in (DAY, TUESDAY)]
        visits = [visit for one in published if one is not None for visit in unit.get_revision(one.revision_id).visits]
        ends = {shift.id: shift.end_at + timedelta(seconds=shift.overtime_s) for shift in unit.list_all(Shift)}
    coming = [visit for visit in visits if max(visit.leave_at, ends[visit.shift_id]) > now]
    for one, other in combinations(coming, 2):
        assert one.ticket_id != other.ticket_id
        if one.engineer_id == other.engineer_id:
            first, second = sorted((one, other), key=lambda visit: visit.begin_at)
            assert first.leave_at <= second.arrive_at - timedelta(seconds=second.travel_s)
