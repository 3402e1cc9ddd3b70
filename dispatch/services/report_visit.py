"""What an engineer reports from the road: accepted, departed, arrived, finished.

Each engineer goes through the four in this order, once a visit; a crew's engineers each report their own. The ticket follows
whoever is furthest. Reports are events and nothing else: what an engineer has reported is read from them.

An engineer's visits to one ticket on one day are numbered from 1. The next one begins when the ticket is dispatched again in a
plan of that day after the one before was finished, or broken off: it had waited for parts, say, and they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NoReturn

from dispatch.domain.errors import IllegalStep, IllegalTransition, ImpossibleRecord, KeyReused
from dispatch.domain.event import Event
from dispatch.domain.ticket import OUTCOMES_OF_VISITS, Ticket, TicketState
from dispatch.services.change_state import STATE_CHANGED, move_tickets
from dispatch.storage.store import Writing


class Step(StrEnum):
    """接单, 出发, 到达, 完成."""

    ACCEPT = "accept"
    DEPART = "depart"
    ARRIVE = "arrive"
    FINISH = "finish"


STEPS: Final = tuple(Step)
"""In the order in which they come."""

EVENTS: Final[Mapping[Step, str]] = {
    Step.ACCEPT: "VisitAccepted",
    Step.DEPART: "VisitDeparted",
    Step.ARRIVE: "VisitArrived",
    Step.FINISH: "VisitFinished",
}
WORDS_ZH: Final[Mapping[Step, str]] = {
    Step.ACCEPT: "接单",
    Step.DEPART: "出发",
    Step.ARRIVE: "到达",
    Step.FINISH: "完成",
}
BEFORE_THE_ROAD: Final = frozenset({Step.ACCEPT, Step.DEPART})
"""Steps of visits that a new plan may still give to somebody else; who has set out keeps theirs."""

STATES: Final[Mapping[Step, TicketState]] = {
    Step.ACCEPT: TicketState.ACCEPTED,
    Step.DEPART: TicketState.TRAVELLING,
    Step.ARRIVE: TicketState.ON_SITE,
}
"""What a ticket becomes by a step; finishing says itself."""

DISPATCHED: Final = "TicketDispatched"
"""What is written down when a plan is published that sends an engineer to a ticket; ``day`` is the plan's."""

_BROKEN_OFF: Final = (TicketState.TRAVELLING.value, TicketState.READY.value)
"""From which state to which a ticket goes when the engineer turns back."""

_UNDER_WAY: Final = (TicketState.ACCEPTED, TicketState.TRAVELLING, TicketState.ON_SITE, TicketState.WORKING)
_STEP_OF: Final = {name: step for step, name in EVENTS.items()}


@dataclass(frozen=True, slots=True)
class Report:
    """One step as it was written down; ``device_at`` is what the engineer's device said, ``at`` when it reached us.

    ``visit_number`` counts the engineer's visits to the ticket on that day.
    """

    ticket_id: str
    engineer_id: str
    day: date
    step: Step
    at: datetime
    device_at: datetime
    key: str
    outcome: TicketState | None = None
    visit_number: int = 1


def report_visit(
    unit: Writing,
    engineer_id: str,
    ticket_id: str,
    day: date,
    step: Step,
    *,
    device_at: datetime,
    key: str,
    now: datetime,
    outcome: TicketState | None = None,
    visit_number: int | None = None,
) -> tuple[Ticket, Report]:
    """Write down a step; return the ticket as it is now, and the report.

    The same report sent again, by the same key, is answered as the first time and changes nothing.

    Parameters
    ----------
    day
        Whose published plan has the visit.
    device_at
        When it happened, by the device's clock; it may come later, after a while without a network.
    key
        Made by the device, one for each thing that it reports.
    outcome
        How the visit ended, one of :data:`~dispatch.domain.ticket.OUTCOMES_OF_VISITS`; only with finishing, None: fixed.
    visit_number
        Which of the engineer's visits to the ticket on that day it is about; None: the last one. Who names it is safe from a
        report of an earlier visit being taken for one of a later.

    Raises
    ------
    IllegalStep
        It is not this engineer's, not the next step, of a visit that is finished, or the ticket is settled.
    KeyReused
        The key was used for another step, ticket, visit or outcome.
    NotFound
        There is no such ticket.
    StaleEdit
        Somebody edited the ticket in the same moment; send it again.
    """
    ticket = unit.get(Ticket, ticket_id)
    ends_as = _check_outcome(step, outcome)
    events = unit.list_ticket_events([ticket_id])
    known = [report for report in read_reports(events) if report.engineer_id == engineer_id]
    number = find_visit_number(events, engineer_id, ticket_id, day)
    wanted = Report(ticket_id, engineer_id, day, step, now, device_at, key, ends_as, visit_number or number)
    for report in known:
        if report.key == key:
            same = replace(wanted, visit_number=visit_number or report.visit_number)
            if replace(report, at=now, device_at=device_at) != same:
                raise KeyReused(key)
            return ticket, report
    if wanted.visit_number < number:
        _refuse(ticket, step, "这次上门已经完成", "this visit is finished")
    if wanted.visit_number > number:
        _refuse(ticket, step, "还没有安排这次上门", "this visit is not planned yet")
    _check_turn(ticket, step, [one for one in known if one.day == day and one.visit_number == number])
    if step in BEFORE_THE_ROAD and ticket_id not in {
        visit.ticket_id for _, visit in unit.list_visits_in_force(engineer_id, day)
    }:
        _refuse(ticket, step, "不在您当天已发布的行程中", "it is not in this engineer's published day")
    after = _state_after(ticket, step, ends_as)
    actor = f"engineer:{engineer_id}"
    try:
        (saved,) = move_tickets(unit, [(ticket, after)], cause=EVENTS[step], by=actor, now=now, device_at=device_at)
    except IllegalTransition as refused:
        _refuse(ticket, step, refused.say("zh"), refused.say("en"))
    unit.add_event(_event_of(wanted, saved))
    return saved, wanted


def read_reports(events: Iterable[Event]) -> list[Report]:
    """Return the reports among events, in their order."""
    return [_report_of(event) for event in events if event.name in _STEP_OF]


def find_visit_number(events: Iterable[Event], engineer_id: str, ticket_id: str, day: date) -> int:
    """Return which visit of an engineer to a ticket on a day is the last one, from 1.

    Parameters
    ----------
    events
        Of this ticket at least, in their order.
    """
    number, is_finished = 1, False
    for event in events:
        if event.subject_id == ticket_id and event.name == STATE_CHANGED:
            is_finished |= (event.details["from"], event.details["to"]) == _BROKEN_OFF
        if event.subject_id != ticket_id or event.details.get("day") != day.isoformat():
            continue
        if event.name == EVENTS[Step.FINISH]:
            is_finished |= event.details["engineer_id"] == engineer_id
        elif event.name == DISPATCHED and is_finished:
            number, is_finished = number + 1, False
    return number


def next_step(reports: Iterable[Report]) -> Step | None:
    """Return what comes after these reports of one visit; None: nothing."""
    done = {report.step for report in reports}
    return next((step for step in STEPS if step not in done), None)


def _check_outcome(step: Step, outcome: TicketState | None) -> TicketState | None:
    """Return how it ends, None when it does not end yet."""
    if step is not Step.FINISH:
        if outcome is not None:
            raise ImpossibleRecord("Report.outcome", ("完工之前不填", "none before finishing"), outcome)
        return None
    if outcome is None:
        return TicketState.FIXED
    if outcome not in OUTCOMES_OF_VISITS:
        raise ImpossibleRecord(
            "Report.outcome",
            (f"应为 {'、'.join(sorted(OUTCOMES_OF_VISITS))} 之一", f"one of {', '.join(sorted(OUTCOMES_OF_VISITS))}"),
            outcome,
        )
    return outcome


def _check_turn(ticket: Ticket, step: Step, today: Iterable[Report]) -> None:
    """Refuse a step out of turn, and a new one on a ticket that is settled."""
    turn = next_step(today)
    if turn is None:
        _refuse(ticket, step, "这次上门已经完成", "this visit is finished")
    if turn is not step:
        _refuse(ticket, step, f"下一步应为「{WORDS_ZH[turn]}」", f"the next step is {turn}")
    if not ticket.is_open and step is not Step.FINISH:
        _refuse(ticket, step, f"工单状态为 {ticket.state}", f"the ticket is {ticket.state}")


def _refuse(ticket: Ticket, step: Step, reason_zh: str, reason_en: str) -> NoReturn:
    """Raise IllegalStep."""
    raise IllegalStep(ticket.id, step, WORDS_ZH[step], reason_zh, reason_en)


def _state_after(ticket: Ticket, step: Step, outcome: TicketState | None) -> TicketState:
    """Return the ticket's state after a step: that of whoever is furthest; one of a crew may have ended it already."""
    if outcome is not None:
        return outcome if ticket.is_open else ticket.state
    reached = STATES[step]
    if ticket.state in OUTCOMES_OF_VISITS:
        return ticket.state
    if ticket.state in _UNDER_WAY and _UNDER_WAY.index(ticket.state) > _UNDER_WAY.index(reached):
        return ticket.state
    return reached


def _event_of(report: Report, ticket: Ticket) -> Event:
    """Make the event of a report."""
    return Event(
        EVENTS[report.step],
        report.at,
        "Ticket",
        report.ticket_id,
        ticket.region_id,
        f"engineer:{report.engineer_id}",
        {
            "engineer_id": report.engineer_id,
            "day": report.day.isoformat(),
            "device_at": report.device_at.isoformat(),
            "key": report.key,
            "outcome": report.outcome,
            "visit_number": report.visit_number,
        },
    )


def _report_of(event: Event) -> Report:
    """Read the report that an event was made of."""
    details = event.details
    outcome = details["outcome"]
    return Report(
        event.subject_id,
        str(details["engineer_id"]),
        date.fromisoformat(str(details["day"])),
        _STEP_OF[event.name],
        event.at,
        datetime.fromisoformat(str(details["device_at"])),
        str(details["key"]),
        None if outcome is None else TicketState(str(outcome)),
        int(details.get("visit_number") or 1),
    )
