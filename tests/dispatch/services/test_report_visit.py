from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.event import listen

from dispatch.domain.customer import Customer, Site
from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.errors import IllegalStep, ImpossibleRecord, KeyReused, NotFound
from dispatch.domain.plan import Revision, Visit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.change_state import STATE_CHANGED, change_state, read_changes
from dispatch.services.day_board import read_day_board
from dispatch.services.engineer_day import read_engineer_day
from dispatch.services.publish_plan import publish_plan
from dispatch.services.report_visit import STEPS, Step, read_reports, report_visit
from dispatch.storage.store import Store

DAY = date(2026, 11, 23)
EIGHT = datetime(2026, 11, 23, tzinfo=UTC)
PLAN = '{"routes": [{"shift": "D1", "stops": [{"type": "start"}, {"type": "visit", "ticket": "T1", "parts": {"fan": 2}}]}]}'


@pytest.fixture
def desk(store: Store) -> Store:
    """E1 and E2 visit T1 together at nine, E1 goes on to T2; T3 is not planned."""
    hour = timedelta(hours=1)
    with store.writing() as unit:
        unit.save_all(
            [
                Region("hz", "杭州"),
                Customer("C", "王芳", "13900000000"),
                Site("S", "C", "hz", "文三路 1 号", door_note="按门铃"),
                *(Engineer(f"E{i}", "hz", f"工程师{i}") for i in (1, 2)),
                *(Shift(f"D{i}", f"E{i}", "hz", EIGHT, EIGHT + 9 * hour) for i in (1, 2)),
                Ticket("T1", "hz", EIGHT, site_id="S", state=TicketState.DISPATCHED),
                Ticket("T2", "hz", EIGHT, state=TicketState.DISPATCHED, phone="13700000000", address="体育场路 2 号"),
                Ticket("T3", "hz", EIGHT, state=TicketState.READY),
            ]
        )
        visits = (
            Visit("T1", "E1", "D1", 0, EIGHT + hour, EIGHT + hour, EIGHT + 2 * hour),
            Visit("T2", "E1", "D1", 1, EIGHT + 3 * hour, EIGHT + 3 * hour, EIGHT + 4 * hour),
            Visit("T1", "E2", "D2", 0, EIGHT + hour, EIGHT + hour, EIGHT + 2 * hour),
        )
        unit.add_revision(Revision("R1", "hz", DAY, 0, EIGHT, "d1", "{}", PLAN, None, visits))
        unit.publish("R1", at=EIGHT, by="d1")
    return store


def report(
    store: Store,
    step: Step,
    ticket: str = "T1",
    engineer: str = "E1",
    *,
    key: str | None = None,
    outcome: TicketState | None = None,
    visit_number: int | None = None,
) -> TicketState:
    with store.writing() as unit:
        saved, _ = report_visit(
            unit,
            engineer,
            ticket,
            DAY,
            step,
            device_at=EIGHT,
            key=key or f"{engineer}-{ticket}-{step}",
            now=EIGHT + timedelta(minutes=5),
            outcome=outcome,
            visit_number=visit_number,
        )
    return saved.state


def test_a_visit_goes_through_its_four_steps(desk: Store) -> None:
    assert [report(desk, step) for step in STEPS] == [
        TicketState.ACCEPTED,
        TicketState.TRAVELLING,
        TicketState.ON_SITE,
        TicketState.FIXED,
    ]
    with desk.reading() as unit:
        told = unit.list_ticket_events(["T1"])
    events = [event for event in told if event.name != STATE_CHANGED]
    assert [event.name for event in events] == ["VisitAccepted", "VisitDeparted", "VisitArrived", "VisitFinished"]
    assert {event.actor for event in events} == {"engineer:E1"}
    assert {event.at for event in events} == {EIGHT + timedelta(minutes=5)}
    assert {event.details["device_at"] for event in told} == {EIGHT.isoformat()}
    changes = read_changes(told)
    assert [change.cause for change in changes] == [event.name for event in events]
    assert [change.before for change in changes[1:]] == [change.after for change in changes[:-1]]
    assert {(change.by, change.at, change.device_at) for change in changes} == {
        ("engineer:E1", EIGHT + timedelta(minutes=5), EIGHT)
    }


@pytest.mark.parametrize("done", range(4))
@pytest.mark.parametrize("step", STEPS)
def test_a_step_out_of_turn_is_refused_by_name(desk: Store, done: int, step: Step) -> None:
    for earlier in STEPS[:done]:
        report(desk, earlier)
    if step is STEPS[done]:
        report(desk, step)
        return
    with pytest.raises(IllegalStep, match=f"T1 cannot be reported as {step}: the next step is {STEPS[done]}"):
        report(desk, step, key="another")


def test_a_finished_visit_takes_no_more_steps(desk: Store) -> None:
    for step in STEPS:
        report(desk, step)
    with pytest.raises(IllegalStep, match="this visit is finished"):
        report(desk, Step.FINISH, key="another")


def wait_for_parts_and_dispatch_again(desk: Store, day: date = DAY) -> None:
    """E1 finishes T2, which waits for parts; they come, and a plan of a day sends E1 there again."""
    for step in STEPS[:3]:
        report(desk, step, "T2")
    report(desk, Step.FINISH, "T2", outcome=TicketState.WAITING_FOR_PARTS)
    hour = timedelta(hours=1)
    with desk.writing() as unit:
        unit.save(replace(unit.get(Ticket, "T2"), state=TicketState.READY))
        in_force = unit.find_published("hz", day)
        visit = Visit("T2", "E1", "D1", 0, EIGHT + 5 * hour, EIGHT + 5 * hour, EIGHT + 6 * hour)
        base = 0 if in_force is None else in_force.number
        unit.add_revision(Revision("R2", "hz", day, base, EIGHT + 3 * hour, "d1", "{}", PLAN, None, (visit,)))
        publish_plan(unit, "R2", by="d1", at=EIGHT + 4 * hour)


def test_a_ticket_that_is_visited_again_on_the_same_day_is_reported_again(desk: Store) -> None:
    wait_for_parts_and_dispatch_again(desk)
    with desk.reading() as unit:
        (call,) = read_engineer_day(unit, "E1", DAY).calls
    assert (call.visit_number, call.reports, call.next_step) == (2, (), Step.ACCEPT)
    seen = [report(desk, step, "T2", key=f"again-{step}", visit_number=2) for step in STEPS]
    assert seen == [TicketState.ACCEPTED, TicketState.TRAVELLING, TicketState.ON_SITE, TicketState.FIXED]
    with desk.reading() as unit:
        (call,) = read_engineer_day(unit, "E1", DAY).calls
        told = read_reports(unit.list_ticket_events(["T2"]))
    assert ([one.step for one in call.reports], call.next_step) == (list(STEPS), None)
    assert [one.visit_number for one in told] == [1, 1, 1, 1, 2, 2, 2, 2]
    with pytest.raises(IllegalStep, match="this visit is finished"):
        report(desk, Step.ACCEPT, "T2", key="third")


def test_a_report_of_the_first_visit_is_not_taken_for_one_of_the_second(desk: Store) -> None:
    wait_for_parts_and_dispatch_again(desk)
    with desk.reading() as unit:
        before = unit.get(Ticket, "T2"), unit.list_events()
    for number in (None, 1):  # sent again from the phone's waiting list
        for step in STEPS[:3]:
            report(desk, step, "T2", visit_number=number)
        report(desk, Step.FINISH, "T2", outcome=TicketState.WAITING_FOR_PARTS, visit_number=number)
    with pytest.raises(IllegalStep, match="this visit is finished"):
        report(desk, Step.ACCEPT, "T2", key="another device", visit_number=1)
    with pytest.raises(IllegalStep, match="not planned yet"):
        report(desk, Step.ACCEPT, "T2", key="ahead", visit_number=3)
    with pytest.raises(KeyReused):
        report(desk, Step.ACCEPT, "T2", visit_number=2)
    with desk.reading() as unit:
        assert (unit.get(Ticket, "T2"), unit.list_events()) == before


def test_who_has_turned_back_is_sent_again_on_a_visit_of_its_own(desk: Store) -> None:
    for step in STEPS[:2]:
        report(desk, step, "T2")
    with desk.writing() as unit:
        ticket = unit.get(Ticket, "T2")
        change_state(unit, "T2", TicketState.READY, version=ticket.version, why="车坏了", by="d1", now=EIGHT)
    with pytest.raises(IllegalStep, match="cannot go from to be dispatched to on site; possible from here: "):
        report(desk, Step.ARRIVE, "T2")
    hour = timedelta(hours=1)
    with desk.writing() as unit:
        visit = Visit("T2", "E1", "D1", 0, EIGHT + 5 * hour, EIGHT + 5 * hour, EIGHT + 6 * hour)
        unit.add_revision(Revision("R2", "hz", DAY, 1, EIGHT + hour, "d1", "{}", PLAN, None, (visit,)))
        publish_plan(unit, "R2", by="d1", at=EIGHT + hour)
    with pytest.raises(IllegalStep, match="this visit is finished"):
        report(desk, Step.ARRIVE, "T2", visit_number=1)
    seen = [report(desk, step, "T2", key=f"again-{step}", visit_number=2) for step in STEPS]
    assert seen[-1] is TicketState.FIXED


def test_a_report_of_a_crew_that_comes_after_the_end_is_kept_and_moves_nothing(desk: Store) -> None:
    for step in STEPS[:3]:
        report(desk, step, engineer="E1")
    report(desk, Step.ACCEPT, engineer="E2")
    assert report(desk, Step.FINISH, engineer="E1", outcome=TicketState.WAITING_FOR_PARTS) == "waiting_for_parts"
    for step in STEPS[1:3]:
        assert report(desk, step, engineer="E2") is TicketState.WAITING_FOR_PARTS
    assert report(desk, Step.FINISH, engineer="E2", outcome=TicketState.FIXED) is TicketState.FIXED
    with desk.reading() as unit:
        assert len(read_reports(unit.list_ticket_events(["T1"]))) == 8


def test_a_visit_on_another_day_begins_no_second_one_today(desk: Store) -> None:
    wait_for_parts_and_dispatch_again(desk, DAY + timedelta(days=1))
    with desk.reading() as unit:
        today = read_engineer_day(unit, "E1", DAY).calls[-1]
        (tomorrow,) = read_engineer_day(unit, "E1", DAY + timedelta(days=1)).calls
    assert (today.ticket.id, today.visit_number, today.next_step) == ("T2", 1, None)
    assert (tomorrow.visit_number, tomorrow.next_step) == (1, Step.ACCEPT)


def test_the_same_report_sent_again_changes_nothing(desk: Store) -> None:
    for step in (Step.ACCEPT, Step.DEPART):
        report(desk, step)
    with desk.reading() as unit:
        before = unit.get(Ticket, "T1"), unit.list_events()
    assert report(desk, Step.ACCEPT) is TicketState.TRAVELLING
    assert report(desk, Step.DEPART) is TicketState.TRAVELLING
    with desk.reading() as unit:
        assert (unit.get(Ticket, "T1"), unit.list_events()) == before


def test_a_key_is_good_for_one_report(desk: Store) -> None:
    report(desk, Step.ACCEPT, key="k")
    with pytest.raises(KeyReused):
        report(desk, Step.DEPART, key="k")


def test_only_engineers_whom_the_published_plan_sends_report(desk: Store) -> None:
    for ticket, engineer in (("T2", "E2"), ("T3", "E1")):
        with pytest.raises(IllegalStep, match="not in this engineer's published day"):
            report(desk, Step.ACCEPT, ticket, engineer)
    with pytest.raises(NotFound):
        report(desk, Step.ACCEPT, "T9")


def test_a_crew_reports_each_on_their_own_and_the_ticket_follows_the_furthest(desk: Store) -> None:
    for step in (Step.ACCEPT, Step.DEPART):
        report(desk, step, engineer="E1")
    assert report(desk, Step.ACCEPT, engineer="E2") is TicketState.TRAVELLING
    for step in (Step.ARRIVE, Step.FINISH):
        report(desk, step, engineer="E1")
    with pytest.raises(IllegalStep, match="the ticket is fixed"):
        report(desk, Step.DEPART, engineer="E2")


def test_the_second_of_a_crew_finishes_after_the_first(desk: Store) -> None:
    for step in STEPS[:3]:
        report(desk, step, engineer="E1")
        report(desk, step, engineer="E2")
    assert report(desk, Step.FINISH, engineer="E1") is TicketState.FIXED
    assert report(desk, Step.FINISH, engineer="E2") is TicketState.FIXED


def test_a_cancelled_ticket_is_not_accepted(desk: Store) -> None:
    with desk.writing() as unit:
        unit.save(replace(unit.get(Ticket, "T1"), state=TicketState.CANCELLED))
    with pytest.raises(IllegalStep, match="the ticket is cancelled"):
        report(desk, Step.ACCEPT)


@pytest.mark.parametrize("outcome", [TicketState.WAITING_FOR_PARTS, TicketState.NEEDS_HELP, TicketState.INTERIM])
def test_a_visit_may_end_otherwise_than_fixed(desk: Store, outcome: TicketState) -> None:
    for step in STEPS[:3]:
        report(desk, step)
    assert report(desk, Step.FINISH, outcome=outcome) is outcome


def test_an_outcome_that_is_none_is_refused(desk: Store) -> None:
    with pytest.raises(ImpossibleRecord, match="none before finishing"):
        report(desk, Step.ACCEPT, outcome=TicketState.FIXED)
    for step in STEPS[:3]:
        report(desk, step)
    with pytest.raises(ImpossibleRecord, match="one of"):
        report(desk, Step.FINISH, outcome=TicketState.ARCHIVED)


def test_an_engineer_sees_the_day_in_order_with_what_to_bring_and_what_may_be_reported(desk: Store) -> None:
    report(desk, Step.ACCEPT)
    with desk.reading() as unit:
        day = read_engineer_day(unit, "E1", DAY)
        other = read_engineer_day(unit, "E2", DAY + timedelta(days=1))
    first, second = day.calls
    assert (first.ticket.id, second.ticket.id) == ("T1", "T2")
    assert (first.contact_name, first.phone, first.address, first.door_note) == (
        "王芳",
        "13900000000",
        "文三路 1 号",
        "按门铃",
    )
    assert (second.phone, second.address) == ("13700000000", "体育场路 2 号")
    assert (first.parts, second.parts) == ({"fan": 2}, {})
    assert (first.next_step, second.next_step, day.next_call) == (Step.DEPART, Step.ACCEPT, first)
    assert [entry.step for entry in first.reports] == [Step.ACCEPT]
    assert ([shift.id for shift in day.shifts], day.publications[0].number) == (["D1"], 1)
    assert (other.calls, other.next_call) == ((), None)
    assert "13900000000" not in repr(first)


def test_the_board_reads_plan_draft_jobs_and_reports(desk: Store) -> None:
    report(desk, Step.ACCEPT)
    with desk.writing() as unit:
        unit.add_revision(Revision("R2", "hz", DAY, 1, EIGHT + timedelta(hours=1), "d1", "{}", "{}"))
        board = read_day_board(unit, "hz", DAY)
    assert board.snapshot.plan is not None
    assert (board.snapshot.plan.id, [entry.id for entry in board.revisions]) == ("R1", ["R2", "R1"])
    assert board.draft is not None
    assert (board.draft.id, board.job) == ("R2", None)
    assert [(entry.engineer_id, entry.step) for entry in board.reports] == [("E1", Step.ACCEPT)]
    assert board.last_event > 0
    with desk.writing() as unit:
        unit.publish("R2", at=EIGHT, by="d1")
        assert read_day_board(unit, "hz", DAY).draft is None


def test_board_and_phone_page_ask_a_fixed_number_of_queries(desk: Store) -> None:
    def count() -> tuple[int, int]:
        with desk.reading() as unit:
            asked: list[str] = []
            listen(unit._connection, "before_cursor_execute", lambda *said: asked.append(said[2]))
            read_day_board(unit, "hz", DAY)
            board = len(asked)
            read_engineer_day(unit, "E1", DAY)
            return board, len(asked) - board

    before = count()
    with desk.writing() as unit:
        unit.save_all([Ticket(f"M{i}", "hz", EIGHT, state=TicketState.READY) for i in range(50)])
        unit.save_all([Shift(f"X{i}", "E1", "hz", EIGHT, EIGHT + timedelta(hours=1)) for i in range(50)])
    for step in STEPS:
        report(desk, step)
    assert count() == before
    board, phone = before
    assert board <= 18
    assert phone <= 12


def test_who_has_accepted_does_not_set_out_once_the_ticket_is_somebody_elses(desk: Store) -> None:
    report(desk, Step.ACCEPT, "T2")
    hour = timedelta(hours=1)
    moved = Visit("T2", "E2", "D2", 0, EIGHT + 3 * hour, EIGHT + 3 * hour, EIGHT + 4 * hour)
    with desk.writing() as unit:
        unit.add_revision(Revision("R2", "hz", DAY, 1, EIGHT, "d1", "{}", PLAN, None, (moved,)))
        unit.publish("R2", at=EIGHT, by="d1")
    with pytest.raises(IllegalStep):
        report(desk, Step.DEPART, "T2")
    with desk.reading() as unit:
        assert unit.get(Ticket, "T2").state is TicketState.ACCEPTED
