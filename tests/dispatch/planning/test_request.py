"""From records to a request."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.domain.customer import Site
from dispatch.domain.engineer import Absence, Certificate, Pause
from dispatch.domain.errors import TravelUnavailable
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Pin
from dispatch.domain.region import Outlet
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import HELD_STATES, PLANNED_STATES, Grade, Ticket, TicketState, Window
from dispatch.format.model import GreatCircle, Matrix
from dispatch.format.read import read_request
from dispatch.format.write import write_request
from dispatch.planning import Stop, solve
from dispatch.planning.notes import Note
from dispatch.planning.places import TABLE_MAX
from dispatch.planning.request import MadeRequest
from dispatch.travel.fallback import Fallback
from dispatch.travel.straight_line import URBAN, StraightLine
from dispatch.travel.travel_times import Points, Travel
from tests.dispatch.planning.days import (
    HILLS,
    HOME,
    LAKE,
    STATION,
    at,
    codes,
    engineer,
    make,
    other_visit,
    shift,
    snapshot,
    ticket,
    visit,
)


class Roads:
    """A provider whose every leg is ten minutes and three kilometres."""

    name = "roads"
    is_estimate = False

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        apart = origins.lat_deg[:, None] != destinations.lat_deg[None, :]
        return Travel(np.where(apart, 600, 0), np.where(apart, 3000, 0), is_estimate=False)


class Dead:
    """A provider that never answers."""

    name = "dead"
    is_estimate = False

    def matrix(self, origins: Points, destinations: Points) -> Travel:  # noqa: ARG002 - the protocol's
        raise TravelUnavailable("is not there", "无法连接")


def test_ids_are_those_of_the_records_and_nothing_private_is_in_the_document() -> None:
    whole = ticket(
        "T1", contact_name="李雷", phone="13700000000", address="文三路 1 号", door_note="门铃坏了", fault="漏水"
    )
    text = write_request(make(snapshot([whole])).request)
    request = read_request(text)
    assert [one.id for one in request.tickets] == ["T1"]
    assert [(one.id, [each.id for each in one.shifts]) for one in request.engineers] == [
        ("E1", ["E1-mon"]),
        ("E2", ["E2-mon"]),
    ]
    for private in ("李雷", "13700000000", "文三路", "门铃", "漏水", "名字", "13800000000", "王芳", "13900000000"):
        assert private not in text


def test_the_same_point_is_one_location() -> None:
    request = make(snapshot([ticket("T1"), ticket("T2"), ticket("T3", STATION), ticket("T4", HOME)])).request
    assert [(place.lat, place.lon) for place in request.locations] == [
        (HOME.lat_deg, HOME.lon_deg),
        (LAKE.lat_deg, LAKE.lon_deg),
        (STATION.lat_deg, STATION.lon_deg),
    ]
    assert [one.location for one in request.tickets] == ["L2", "L2", "L3", "L1"]


@pytest.mark.parametrize("state", TicketState)
def test_a_ticket_is_planned_in_the_states_in_which_somebody_has_to_go(state: TicketState) -> None:
    made = make(snapshot([ticket("T1", state=state)]))
    assert [one.id for one in made.request.tickets] == (["T1"] if state in PLANNED_STATES else [])
    assert ("held" in codes(made)) == (state in HELD_STATES)


def test_a_ticket_without_any_point_is_left_out_and_told() -> None:
    made = make(snapshot([ticket("T1", None), ticket("T2")]))
    assert [one.id for one in made.request.tickets] == ["T2"]
    assert codes(made)["nowhere"] == ("T1",)


def test_a_ticket_is_at_its_site_unless_it_has_a_point_of_its_own() -> None:
    site = Site("S", "C", "hz", "文三路 1 号", point=STATION)
    day = snapshot([ticket("T1", None, site_id="S"), ticket("T2", HILLS, site_id="S")], sites=(site,))
    request = make(day).request
    place = {one.id: one for one in request.locations}
    assert [place[one.location].lat for one in request.tickets] == [STATION.lat_deg, HILLS.lat_deg]


def test_an_approximate_point_is_planned_and_told() -> None:
    vague = Point(30.3, 120.2, Precision.APPROXIMATE, FoundBy.DISTRICT)
    made = make(snapshot([ticket("T1", vague)]))
    assert [one.id for one in made.request.tickets] == ["T1"]
    assert codes(made)["approximate"] == ("T1",)


def test_a_ticket_of_another_day_is_left_out_and_one_whose_appointment_is_over_is_told() -> None:
    today = (Window(at("09:00"), at("10:00")),)
    tomorrow = (Window(at("09:00", 1), at("10:00", 1)),)
    day = snapshot(
        [
            ticket("both", windows=(*today, *tomorrow)),
            ticket("over", windows=today),
            ticket("tomorrow", windows=tomorrow),
            ticket("released", release_at=at("00:00", 1)),
            ticket("free"),
        ]
    )
    assert [one.id for one in make(day, "10:00").request.tickets] == ["both", "over", "free"]
    late = make(day, "10:01")
    assert [one.id for one in late.request.tickets] == ["free"]
    assert codes(late)["appointment_over"] == ("over",)


def test_a_window_of_another_day_is_not_in_the_request() -> None:
    windows = (Window(at("09:00"), at("10:00")), Window(at("09:00", 1), at("10:00", 1)))
    written = make(snapshot([ticket("T1", windows=windows)])).request.tickets[0]
    assert written.windows == ((at("09:00"), at("10:00")),)


def test_limits_come_from_grade_and_tier_where_nothing_was_promised() -> None:
    written = make(snapshot([ticket("T1", grade=Grade.URGENT)])).request.tickets[0]
    assert written.arrive is not None
    assert written.resolve is not None
    assert (written.arrive.by, written.resolve.by) == (at("11:00"), at("07:00", 1))
    assert written.arrive.cost == 180  # gold


def test_leaving_a_ticket_out_costs_its_price_and_what_it_will_be_late_when_the_day_is_over() -> None:
    tickets = [ticket("calm"), ticket("urgent", grade=Grade.URGENT), ticket("old", arrive_by_at=at("12:00", -3))]
    calm, urgent, old = make(snapshot(tickets)).request.tickets
    assert calm.skip_cost == Decimal("247.50")  # due on Wednesday at seven: a whole day is left
    assert urgent.skip_cost == 1800 + 180 + 13 * 120  # arrival by eleven, resolution not before tomorrow
    assert old.skip_cost == 330 + 30 + 84 * Decimal("7.5")


def test_a_ticket_that_can_wait_costs_less_to_leave_out_the_longer_it_can() -> None:
    dues = [at("23:59"), at("23:59", 1), at("00:00", 2), at("23:59", 3), at("00:00", 4)]
    tickets = [
        ticket(f"T{number}", arrive_by_at=due, resolve_by_at=due, promise_source="电话")
        for number, due in enumerate(dues)
    ]
    prices = [written.skip_cost for written in make(snapshot(tickets)).request.tickets]
    assert prices[0] is not None
    assert prices[0] > 330  # due today: late by a minute when the day is over
    assert prices[1:] == [330, Decimal("247.50"), Decimal("247.50"), 165]


def test_where_the_pack_has_no_limit_there_is_no_deadline_but_what_a_person_promised() -> None:
    by_hand = ticket("T2", resolve_by_at=at("17:00"))
    plain, promised = make(snapshot([ticket("T1"), by_hand]), pack="004").request.tickets
    assert plain.resolve is None
    assert plain.arrive is not None
    assert promised.resolve is not None
    assert (promised.resolve.by, promised.resolve.cost) == (at("17:00"), 30)


def test_the_pack_in_use_sets_what_no_person_promised() -> None:
    by_strict = ticket("T1", grade=Grade.URGENT, arrive_by_at=at("11:00"), resolve_by_at=at("07:00", 1))
    of_pack, of_person = replace(by_strict, promise_source="SL-07 GR-03"), replace(by_strict, id="T2")

    def arrivals(pack: str) -> list[datetime]:
        written = make(snapshot([of_pack, of_person]), pack=pack).request.tickets
        return [one.arrive.by for one in written if one.arrive is not None]

    assert arrivals("strict") == [at("11:00"), at("11:00")]
    assert arrivals("002") == [at("15:00"), at("11:00")]


def test_a_promise_of_a_pack_counts_from_all_windows_of_the_ticket_not_from_todays_alone() -> None:
    windows = (Window(at("09:00", -1), at("10:00", -1)), Window(at("14:00"), at("16:00")))
    missed = replace(ticket("T1", grade=Grade.URGENT, windows=windows), reported_at=at("07:00", -2))
    written = make(snapshot([replace(missed, promise_source="SL-07 GR-03")])).request.tickets[0]
    assert written.arrive is not None
    assert written.arrive.by == at("10:00", -1)


def test_a_ticket_that_is_late_already_is_visited_all_the_same() -> None:
    request = make(snapshot([ticket("old", arrive_by_at=at("12:00", -20))])).request
    assert solve(request, stop=Stop(iterations=20), threads=1).skipped == ()


def test_a_promise_counts_as_it_was_made_at_the_table_s_price() -> None:
    promised = ticket("T1", grade=Grade.URGENT, arrive_by_at=at("09:30"))
    written = make(snapshot([promised])).request.tickets[0]
    assert written.arrive is not None
    assert written.resolve is not None
    assert (written.arrive.by, written.arrive.cost) == (at("09:30"), 180)
    assert written.resolve.by == at("07:00", 1)


def test_a_shift_begins_at_its_own_start_else_at_home_else_at_the_outlet_else_in_the_middle_which_is_told() -> None:
    crew = [engineer("E1"), engineer("E2"), engineer("E3", home=None, outlet_id="O"), engineer("E4", home=None)]
    shifts = [shift("E1", start=STATION), shift("E2"), shift("E3"), shift("E4")]
    tickets = [ticket("T1"), ticket("T2", STATION), ticket("T3", HILLS)]
    made = make(snapshot(tickets, crew, shifts, outlets=(Outlet("O", "hz", "西湖", HILLS),)))
    place = {one.id: (one.lat, one.lon) for one in made.request.locations}
    starts = [place[one.shifts[0].start_location] for one in made.request.engineers]
    assert starts == [
        (STATION.lat_deg, STATION.lon_deg),
        (HOME.lat_deg, HOME.lon_deg),
        (HILLS.lat_deg, HILLS.lon_deg),
        (LAKE.lat_deg, LAKE.lon_deg),
    ]
    assert codes(made)["start_guessed"] == ("E4",)


def test_without_tickets_an_engineer_without_a_start_point_is_left_out_and_told() -> None:
    made = make(snapshot([], [engineer("E1", home=None)]))
    assert made.request.engineers == ()
    assert codes(made) == {"start_unknown": ("E1",), "no_shifts": (), "travel_estimated": ()}


def test_who_has_left_has_no_shift_or_one_that_is_over_is_not_planned() -> None:
    crew = [engineer("gone", active=False), engineer("off"), engineer("early"), engineer("E1")]
    shifts = [shift("gone"), shift("early", "06:00", "12:00"), shift("E1")]
    made = make(snapshot([ticket("T1")], crew, shifts), "12:00")
    assert [one.id for one in made.request.engineers] == ["E1"]


def test_of_overlapping_shifts_the_earlier_one_is_used_and_that_is_told() -> None:
    shifts = [shift("E1", "12:00", "20:00", id="late"), shift("E1"), shift("E1", "18:00", "22:00", id="night")]
    made = make(snapshot([ticket("T1")], [engineer("E1")], shifts))
    assert [one.id for one in made.request.engineers[0].shifts] == ["E1-mon", "night"]
    assert codes(made)["shifts_overlap"] == ("E1",)


def test_absences_and_breaks_stand_in_the_shift() -> None:
    pauses = (Pause(at("11:30"), at("13:00"), 1800),)
    absences = (
        Absence("A1", "E1", at("14:00"), at("15:00")),
        Absence("A2", "E1", at("20:00"), at("21:00")),
        Absence("A3", "E2", at("08:00"), at("18:00")),
    )
    day = snapshot([ticket("T1")], [engineer("E1")], [shift("E1", pauses=pauses)], absences=absences)
    written = make(day).request.engineers[0].shifts[0]
    assert written.absences == ((at("14:00"), at("15:00")),)
    assert [(one.from_, one.to, one.duration_s) for one in written.breaks] == [(at("11:30"), at("13:00"), 1800)]


def test_a_skill_lapses_with_the_last_certificate_that_it_rests_on() -> None:
    certificates = (
        Certificate("空调", valid_until_at=at("12:00")),
        Certificate("空调", valid_until_at=at("15:00")),
        Certificate("锅炉", valid_until_at=at("12:00")),
        Certificate("电工", valid_until_at=at("12:00")),
        Certificate("电工"),
    )
    crew = [engineer("E1", skills={"空调": 3, "电工": 1}, certificates=certificates)]
    assert make(snapshot([ticket("T1")], crew)).request.engineers[0].skills_until == {"空调": at("15:00")}


def test_straight_lines_are_the_format_s_own_estimate_and_said_so() -> None:
    made = make(snapshot([ticket("T1")]))
    assert made.request.travel == URBAN
    assert "travel_estimated" in codes(made)


def test_roads_are_a_table_and_nothing_is_said() -> None:
    made = make(snapshot([ticket("T1")]), travel=Fallback(Roads(), StraightLine(), patience_s=None))
    assert made.request.travel == Matrix(((0, 600), (600, 0)), ((0, 3000), (3000, 0)))
    assert codes(made) == {}


def test_roads_that_fail_become_the_format_s_own_estimate_and_the_dispatcher_is_told_why() -> None:
    made = make(snapshot([ticket("T1")]), travel=Fallback(Dead(), StraightLine(), patience_s=None))
    assert made.request.travel == URBAN
    said = {note.code: note.say("zh") for note in made.notes}
    assert said["travel_note"].startswith("行程时间来源「dead」的提示：dead: is not there")
    assert said["travel_estimated"] == "行程按直线 × 1.3、时速 28 公里估算，未沿道路"


def test_no_table_is_written_above_its_limit() -> None:
    far = [ticket(f"T{i}", Point(30 + i / 10_000, 120.1)) for i in range(TABLE_MAX)]
    made = make(snapshot(far), travel=Fallback(Roads(), StraightLine(), patience_s=None))
    assert len(made.request.locations) == TABLE_MAX + 1
    assert isinstance(made.request.travel, GreatCircle)
    assert "too_many_places" in codes(made)


def test_in_the_middle_of_the_day_what_is_done_or_under_way_is_carried_and_the_rest_begins_after_it() -> None:
    tickets = [
        ticket("done", STATION, state=TicketState.FIXED),
        ticket("working", HILLS, state=TicketState.WORKING),
        ticket("next", state=TicketState.ACCEPTED),
    ]
    visits = [
        visit("done", "E1", "08:30", "09:00", 0),
        visit("working", "E1", "10:00", "11:00", 1),
        visit("next", "E1", "12:00", "13:00", 2),
    ]
    made = make(snapshot(tickets, [engineer("E1")], [shift("E1", max_visits=5)], visits), "10:30")
    assert [(one.ticket_id, one.place) for one in made.carried] == [("done", 0), ("working", 1)]
    assert [one.id for one in made.request.tickets] == ["next"]
    rest = made.request.engineers[0].shifts[0]
    place = {one.id: (one.lat, one.lon) for one in made.request.locations}
    assert (rest.start, place[rest.start_location]) == (at("11:00"), (HILLS.lat_deg, HILLS.lon_deg))
    assert rest.max_visits == 3
    assert codes(made)["carried"] == ("done", "working")


@pytest.mark.parametrize(
    ("state", "now", "begins", "ends"),
    [
        (TicketState.FIXED, "09:30", "09:00", "09:30"),  # done earlier than planned
        (TicketState.FIXED, "12:00", "09:00", "10:00"),
        (TicketState.TRAVELLING, "08:30", "09:00", "10:00"),
        (TicketState.TRAVELLING, "09:20", "09:20", "10:20"),  # late on the way
        (TicketState.ON_SITE, "08:50", "08:50", "09:50"),  # early there
        (TicketState.WORKING, "08:50", "08:50", "09:50"),  # begun early
        (TicketState.WORKING, "10:15", "09:00", "10:15"),  # longer than planned
    ],
)
def test_times_of_what_is_carried_do_not_contradict_its_state(
    state: TicketState, now: str, begins: str, ends: str
) -> None:
    day = snapshot([ticket("T1", state=state)], [engineer("E1")], visits=[visit("T1", "E1", "09:00", "10:00")])
    made = make(day, now)
    assert [(one.begin_at, one.leave_at) for one in made.carried] == [(at(begins), at(ends))]
    assert made.request.engineers[0].shifts[0].start == max(at(ends), at(now))


@pytest.mark.parametrize("state", [TicketState.CLOSED, TicketState.WAITING_FOR_PARTS])
def test_what_a_desk_may_have_settled_is_carried_only_if_the_visit_was_to_have_begun(state: TicketState) -> None:
    day = snapshot([ticket("T1", state=state)], visits=[visit("T1", "E1", "09:00", "10:00")])
    assert make(day, "08:59").carried == ()
    assert [one.ticket_id for one in make(day, "09:00").carried] == ["T1"]


def test_a_cancelled_visit_is_neither_carried_nor_planned() -> None:
    day = snapshot([ticket("T1", state=TicketState.CANCELLED)], visits=[visit("T1", "E1", "09:00", "10:00")])
    made = make(day, "09:30")
    assert (made.carried, made.request.tickets) == ((), ())


def test_a_pinned_visit_stays_with_its_engineer_while_that_one_is_there() -> None:
    pinned = visit("T1", "E1", "09:00", "10:00", pin=Pin.ENGINEER)
    made = make(snapshot([ticket("T1"), ticket("T2")], visits=[pinned, visit("T2", "E1", "11:00", "12:00", 1)]))
    assert [one.only for one in made.request.tickets] == [("E1",), None]
    assert (made.pinned, codes(made)["pinned"]) == ({"T1": "E1"}, ("T1",))
    gone = make(snapshot([ticket("T1")], shifts=[shift("E2")], visits=[pinned]))
    assert (gone.request.tickets[0].only, gone.pinned) == (None, {})


def test_a_ticket_dispatched_in_another_day_s_plan_is_not_planned_twice() -> None:
    tickets = [ticket("T1", state=TicketState.DISPATCHED), ticket("T2"), ticket("T3")]
    states = {"T1": TicketState.DISPATCHED, "T3": TicketState.READY, "T9": TicketState.DISPATCHED}
    made = make(
        snapshot(tickets),
        elsewhere=[other_visit(visit(id_, "E9", "20:00", "21:00"), state) for id_, state in states.items()],
    )
    assert [one.id for one in made.request.tickets] == ["T2", "T3"]
    assert codes(made)["elsewhere"] == ("T1",)


def test_visits_of_another_plan_take_their_engineer_s_time_from_setting_out_until_the_last_is_over() -> None:
    others = [
        other_visit(visit("N1", "E1", "07:00", "07:40", shift_id="n", travel_s=600), TicketState.FIXED),
        other_visit(visit("N2", "E1", "08:00", "08:30", shift_id="n", travel_s=600), TicketState.ACCEPTED),
        other_visit(visit("N3", "E1", "09:00", "09:20", shift_id="n", travel_s=300), TicketState.DISPATCHED),
        other_visit(visit("N4", "E1", "19:00", "20:00", shift_id="late"), TicketState.DISPATCHED),
    ]
    made = make(snapshot([ticket("T1")]), elsewhere=others)
    first, second = made.request.engineers
    assert first.shifts[0].absences == ((at("07:50"), at("09:20")),)
    assert second.shifts[0].absences == ()
    assert codes(made)["busy_elsewhere"] == ("E1",)


def test_who_is_still_at_work_for_another_plan_is_taken_until_now_at_least() -> None:
    late = other_visit(visit("N1", "E1", "07:00", "07:40", shift_id="n"), TicketState.WORKING)
    made = make(snapshot([ticket("T1")]), "08:15", elsewhere=[late])
    assert made.request.engineers[0].shifts[0].absences == ((at("07:00"), at("08:15")),)


def test_night_shifts_of_the_day_before_are_told_while_they_last() -> None:
    night = shift("E1", "00:00", "06:00", id="night")
    day = replace(snapshot([ticket("T1")]), night_shifts=(replace(night, start_at=at("22:00", -1)),))
    assert codes(make(day, "00:30"))["night_before"] == ("E1",)
    assert "night_before" not in codes(make(day, "06:00"))


def test_without_shifts_the_dispatcher_is_told() -> None:
    assert "no_shifts" in codes(make(snapshot([ticket("T1")], shifts=[])))


def test_moments_are_whole_seconds_in_the_region_s_offset() -> None:
    odd = at("07:30").replace(microsecond=1)
    made = make(snapshot([ticket("T1", release_at=odd)]), odd)
    assert made.request.now.isoformat() == "2026-11-23T07:30:01+08:00"
    assert made.request.tickets[0].release == made.request.now
    assert made.request.engineers[0].shifts[0].start.isoformat() == "2026-11-23T08:00:00+08:00"


clocks = st.integers(0, 36 * 60).map(lambda minute: at(f"{minute // 60 % 24:02}:{minute % 60:02}", minute // 1440))


@st.composite
def days(draw: st.DrawFn) -> Snapshot:
    """Draw a day in which anything may have become of the tickets of the plan in force."""
    points = st.sampled_from([None, HOME, LAKE, STATION, HILLS])
    spans = st.tuples(clocks, clocks).filter(lambda span: span[0] < span[1])
    tickets = [
        ticket(
            f"T{i}",
            draw(points),
            state=draw(st.sampled_from(TicketState)),
            windows=tuple(Window(*span) for span in draw(st.lists(spans, max_size=2))),
            release_at=draw(st.none() | clocks),
            arrive_by_at=draw(st.none() | clocks),
        )
        for i in range(draw(st.integers(0, 6)))
    ]
    crew = [engineer(f"E{i}", home=draw(points), active=draw(st.booleans())) for i in range(draw(st.integers(0, 3)))]
    shifts = []
    for one in crew:
        for turn, span in enumerate(draw(st.lists(spans, min_size=1, max_size=2))):
            pauses = tuple(Pause(*pause, 600) for pause in draw(st.lists(spans, max_size=1)))
            more = {
                "pauses": pauses,
                "start": draw(points),
                "end": draw(points),
                "max_visits": draw(st.none() | st.just(1)),
            }
            made = shift(one.id, id=f"{one.id}-{turn}", **more)
            shifts.append(replace(made, start_at=span[0], end_at=span[1], overtime_s=draw(st.integers(0, 7200))))
    visits = []
    for place, one in enumerate(tickets):
        if shifts and draw(st.booleans()):
            where = draw(st.sampled_from(shifts))
            first, last = draw(spans)
            given = visit(one.id, where.engineer_id, "08:00", "08:00", place, pin=draw(st.sampled_from(Pin)))
            visits.append(replace(given, shift_id=where.id, arrive_at=first, begin_at=first, leave_at=last))
    absences = tuple(Absence(f"A{i}", one.id, *draw(spans)) for i, one in enumerate(crew))
    return snapshot(tickets, crew, shifts, visits, absences=absences)


@given(days(), clocks)
@settings(deadline=None)
def test_any_day_at_any_time_becomes_a_valid_request(day: Snapshot, now: datetime) -> None:
    made = make(day, now)
    assert read_request(write_request(made.request)) == made.request
    planned = {one.id for one in made.request.tickets}
    assert not planned & {one.ticket_id for one in made.carried}
    ends = {one.shift_id: one.leave_at for one in made.carried}
    for one in made.request.engineers:
        for rest in one.shifts:
            assert rest.id not in ends or rest.start >= max(now, ends[rest.id])


def test_a_note_is_kept_as_its_code_both_sentences_and_ids() -> None:
    note = next(note for note in make(snapshot([ticket("T1", None)])).notes if note.code == "nowhere")
    assert isinstance(note, Note)
    assert note.as_json() == {
        "code": "nowhere",
        "zh": "1 张工单没有位置，未排：请补地址或在地图上标点",
        "en": "1 tickets have no place and are not planned: add an address or set the pin",
        "tickets": ["T1"],
        "engineers": [],
    }


def vague_ticket(id: str, address: str = "余杭区") -> Ticket:  # noqa: A002 - the field is called so
    """Make a ticket of which only the district is known, at the district's centre."""
    return ticket(id, Point(30.3, 120.2, Precision.APPROXIMATE, FoundBy.DISTRICT), address=address)


def legs(made: MadeRequest, metres: bool = False) -> dict[tuple[str, str], int | None]:
    """Return the seconds, or metres, between tickets."""
    travel, locations = made.request.travel, [place.id for place in made.request.locations]
    assert isinstance(travel, Matrix)
    table = travel.metres if metres else travel.seconds
    row = {one.id: locations.index(one.location) for one in made.request.tickets}
    return {(a, b): table[row[a]][row[b]] for a in row for b in row if a != b}


def test_tickets_at_one_districts_centre_are_as_far_apart_as_places_in_it_are_on_average() -> None:
    made = make(snapshot([vague_ticket("T1"), vague_ticket("T2")]))
    # R = √(80.163 km² ÷ π) = 5051 m; 128 R ÷ 45 π × 1.3 = 5946 m, at 28 km/h 765 s
    assert set(legs(made).values()) == {765}
    assert set(legs(made, metres=True).values()) == {5946}
    said = {note.code: note for note in made.notes}
    assert said["widened"].tickets == ("T1", "T2")
    assert "4.6 公里" in said["widened"].say("zh")
    assert "travel_estimated" in said


def test_a_known_place_near_the_centre_is_two_thirds_of_the_areas_radius_away_and_a_far_one_as_far_as_it_is() -> None:
    centre, far = Point(30.3, 120.2), Point(30.3, 120.4)
    made = make(snapshot([vague_ticket("T1"), ticket("near", centre), ticket("far", far)]))
    apart_m = legs(made, metres=True)
    assert apart_m["T1", "near"] == apart_m["near", "T1"] == round(2 / 3 * 5051.4 * 1.3)
    assert apart_m["T1", "far"] == apart_m["near", "far"]


def test_where_every_place_is_known_or_far_from_the_area_straight_lines_stay_one_line() -> None:
    far = Point(31.3, 121.2, Precision.APPROXIMATE, FoundBy.DISTRICT)
    made = make(snapshot([ticket("T1", far), ticket("T2")]))
    assert made.request.travel == URBAN
    assert "widened" not in codes(made)


def test_two_tickets_at_one_door_that_nobody_has_found_are_at_one_place() -> None:
    door = "余杭区文一西路969号"
    made = make(snapshot([vague_ticket("T1", door), vague_ticket("T2", f" {door}"), vague_ticket("T3", "余杭区")]))
    apart = legs(made)
    assert apart["T1", "T2"] == 0
    assert apart["T1", "T3"] == 765


def test_tickets_of_which_the_district_alone_is_written_are_not_at_one_place() -> None:
    made = make(snapshot([vague_ticket("T1", "余杭区"), vague_ticket("T2", "余杭区")]))
    assert made.request.tickets[0].location != made.request.tickets[1].location


def test_roads_are_no_shorter_within_an_area_than_the_estimate_of_its_mean_distance() -> None:
    made = make(
        snapshot([vague_ticket("T1"), vague_ticket("T2"), ticket("T3")]),
        travel=Fallback(Roads(), StraightLine(), patience_s=None),
    )
    apart = legs(made)
    assert apart["T1", "T2"] == 765
    assert apart["T1", "T3"] == 600
    assert legs(made, metres=True)["T1", "T3"] == round(2 / 3 * 5051.4 * 1.3)


def test_what_lies_off_every_road_stays_without_a_way_though_its_place_is_vague() -> None:
    class Island(Roads):
        """No way leads between different places."""

        def matrix(self, origins: Points, destinations: Points) -> Travel:
            apart = np.where(origins.lat_deg[:, None] != destinations.lat_deg[None, :], -1, 0)
            return Travel(apart, apart, is_estimate=False)

    made = make(snapshot([vague_ticket("T1"), ticket("T2")]), travel=Island())
    assert set(legs(made).values()) == {None}


def test_what_the_plan_in_force_has_still_to_come_is_given_with_what_people_were_told() -> None:
    day = snapshot(
        [
            ticket("sent", state=TicketState.DISPATCHED),
            ticket("planned"),
            ticket("done", state=TicketState.FIXED),
            ticket("crew", crew=2),
            ticket("new"),
        ],
        visits=[
            visit("done", "E1", "08:00", "09:00"),
            visit("sent", "E1", "10:00", "11:00", 1),
            visit("planned", "E2", "10:00", "11:00"),
            visit("crew", "E2", "12:00", "13:00", 1),
        ],
    )
    previous = make(day, "09:30").request.previous
    assert previous is not None
    assert [(one.ticket, one.engineer, one.shift, one.start, one.state, one.pin) for one in previous.visits] == [
        ("sent", "E1", "E1-mon", at("10:00"), "told", "none"),
        ("planned", "E2", "E2-mon", at("10:00"), "planned", "none"),
    ]
    assert make(snapshot([ticket("T1")])).request.previous is None


def test_planning_the_same_day_again_changes_nothing_without_need() -> None:
    tickets = [ticket(f"T{row}", point=place) for row, place in enumerate((LAKE, STATION, HILLS, LAKE, STATION))]
    visits = [visit(f"T{row}", f"E{1 + row % 2}", f"{9 + row}:00", f"{10 + row}:00", row // 2) for row in range(5)]
    made = make(snapshot([*tickets, ticket("urgent", point=HOME)], visits=visits), "08:30")
    plan = solve(made.request, stop=Stop(iterations=300), threads=1)
    assert not plan.skipped
    assert plan.objective.terms["change"] == 0
