"""Records of a region's day to a request: the only thing that the search, the judge and ``paidan check`` ever read.

**Which tickets.** Those in a state of :data:`~dispatch.domain.ticket.PLANNED_STATES` that may begin on this day: released before it ends and, where
appointments were made, with one that it touches. A ticket without any point is left out and told; so is one whose
appointments are all over. Tickets handled remotely, waiting, with a partner or finished are not planned, nor are those that
the plan in force of another day visits and whose engineer still may: the shift is not over.

**Which shifts.** Those of active engineers that begin on this day and are not over: one that goes on after midnight is
planned with the day on which it begins, and with no other. Where plans in force of other days or regions have visits of the
same engineer, from setting out to the first until the last is over, the engineer is as absent. A shift begins at its own start point, else at the engineer's
home, else at the outlet; where none is known the middle of the tickets stands for it, and a note says so.

**In the middle of the day.** What is done or under way
(:mod:`dispatch.planning.under_way`) is *carried*: these visits are no part of the request and are put back when its plan is
kept. The rest of such a shift begins where and when the last of them ends, but not before ``now``; its visits count against
``max_visits``, and breaks that were taken are not owed again.

**The plan in force.** What it still has to come is the request's ``previous``, so that nothing changes without need: *told* where an engineer was
sent, else *planned*. Leaving such a ticket out costs more, and so do another engineer and a start more than ten minutes off.

**Parts.** Vans, depots and tools are written as far as a planned ticket needs them (:mod:`dispatch.planning.supplies`).

**Pins.** A visit of the plan in force that a person gave to an engineer stays with that engineer (the format's ``only``) while
that engineer has a shift.

People are in a request by their ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain.customer import Tier
from dispatch.domain.engineer import Engineer as EngineerRecord
from dispatch.domain.engineer import Pause
from dispatch.domain.engineer import Shift as ShiftRecord
from dispatch.domain.place import FoundBy, Point, middle_of
from dispatch.domain.plan import OtherVisit, Pin, Visit
from dispatch.domain.snapshot import Snapshot
from dispatch.domain.ticket import HELD_STATES, PLANNED_STATES, TOLD_STATES
from dispatch.domain.ticket import Ticket as TicketRecord
from dispatch.format.model import (
    Break,
    Engineer,
    Interval,
    Previous,
    PreviousVisit,
    Request,
    Shift,
    Ticket,
)
from dispatch.planning import notes as say
from dispatch.planning.areas import RADII_M, WITHIN
from dispatch.planning.notes import Note
from dispatch.planning.places import Locations, travel_between
from dispatch.planning.supplies import Supplies
from dispatch.planning.under_way import Rest, Span, breaks_taken, list_carried, rests_of, spans_of
from dispatch.policies import apply_all
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import Promise, is_of_packs, make_promise
from dispatch.policies.tables.model import Book, Case
from dispatch.rulebook.line import Sentence
from dispatch.travel.travel_times import TravelTimes

DISTRICT_KM: Final = f"{WITHIN * RADII_M[FoundBy.DISTRICT] / 1000:.1f}"
"""What two places in one district are apart on average, as the crow flies."""


@dataclass(frozen=True, slots=True)
class MadeRequest:
    """A request and what goes beside it.

    Parameters
    ----------
    request
        What is to be planned; ids of tickets, engineers and shifts are those of the records.
    notes
        What the dispatcher should know of how it was made.
    carried
        Visits that are done or under way, by shift, ``place`` from 0: the first of their shifts, outside the request.
    pinned
        Engineer of each planned ticket that a person has pinned, by the ticket's id.
    """

    request: Request
    notes: tuple[Note, ...]
    carried: tuple[Visit, ...]
    pinned: Mapping[str, str]


def make_request(
    snapshot: Snapshot,
    *,
    travel: TravelTimes,
    book: Book,
    now: datetime,
    elsewhere: Sequence[OtherVisit] = (),
) -> MadeRequest:
    """Make the request of a region's day; pure, but for what ``travel`` does to answer.

    Parameters
    ----------
    snapshot
        The day's records; stored or not makes no difference.
    travel
        Who is asked for travel times; give one that falls back, else its failure comes through.
    book
        Limits, prices and weights.
    now
        A moment with a zone; nothing starts before it. It may lie before, in or after the day.
    elsewhere
        Visits of other plans in force that are not over. Tickets that are dispatched there are left there, and the engineers'
        time is theirs.

    Raises
    ------
    TravelUnavailable
        ``travel`` cannot answer.
    """
    clock = _Clock.of(snapshot, now)
    tickets = {ticket.id: ticket for ticket in snapshot.tickets}
    points = _points_of(snapshot)
    carried = list_carried(snapshot.plan, tickets, now)
    notes = _Notes()
    told = {other.visit.ticket_id for other in elsewhere if other.is_told}
    there = [ticket.id for ticket in snapshot.tickets if ticket.id in told]
    settled = {visit.ticket_id for visit in carried} | set(there)
    chosen = _choose_tickets(snapshot, points, clock, settled, notes)
    notes.tell(say.ELSEWHERE, there)
    locations = Locations()
    middle = middle_of([points[ticket.id] for ticket in chosen]) if chosen else None
    supplies = Supplies(snapshot, chosen, carried, clock)
    crew = _Crew(snapshot, clock, carried, points, middle, locations, spans_of(elsewhere, now), supplies)
    engineers = crew.list_engineers(notes)
    pinned = _pins_of(snapshot, {ticket.id for ticket in chosen}, {engineer.id for engineer in engineers})
    written = tuple(
        _write_ticket(ticket, locations.name_of(ticket, points[ticket.id]), clock, pinned) for ticket in chosen
    )
    depots = supplies.list_depots(locations)
    ways = travel_between(locations.list_all(), locations.list_radii_m(), travel)
    request = Request(
        clock.up(now), locations.list_all(), ways.travel, engineers, written, parts=supplies.parts, depots=depots
    )
    request = apply_all(request, _cases_of(snapshot, chosen, book, clock), book)
    vague = [ticket.id for ticket in chosen if not points[ticket.id].is_exact]
    notes.tell(say.APPROXIMATE, vague)
    if ways.widened:
        notes.listed.append(Note(say.WIDENED, {"count": len(vague), "district_km": DISTRICT_KM}, tuple(vague)))
    notes.tell(say.PINNED, sorted(pinned))
    notes.tell(say.CARRIED, [visit.ticket_id for visit in carried])
    if supplies.without_place:
        notes.listed.append(Note(say.DEPOT_NOWHERE, {"count": len(supplies.without_place)}))
    if not any(engineer.shifts for engineer in engineers):
        notes.listed.append(Note(say.NO_SHIFTS))
    coming = _coming_of(snapshot, tickets, {ticket.id for ticket in chosen}, clock)
    if coming:
        request = replace(request, previous=Previous(visits=coming))
    return MadeRequest(request, (*notes.listed, *ways.notes), carried, pinned)


class _Notes:
    """Notes as they come; one about nobody is not told."""

    def __init__(self) -> None:
        self.listed: list[Note] = []

    def tell(self, sentence: Sentence, tickets: Sequence[str] = (), engineers: Sequence[str] = ()) -> None:
        """Add a sentence about tickets or engineers, whose count it says."""
        if tickets or engineers:
            params = {"count": len(tickets) or len(engineers)}
            self.listed.append(Note(sentence, params, tuple(tickets), tuple(engineers)))


@dataclass(frozen=True, slots=True)
class _Clock:
    """The day as the region has it, and whole seconds in its offset."""

    now: datetime
    zone: ZoneInfo
    offset: timezone
    begins_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, snapshot: Snapshot, now: datetime) -> _Clock:
        """Take the day, widened by shifts that reach beyond it."""
        first, last = snapshot.region.bounds_of(snapshot.day)
        begins_at = min([first, *(shift.start_at for shift in snapshot.shifts)])
        ends_at = max([last, *(shift.end_at + timedelta(seconds=shift.overtime_s) for shift in snapshot.shifts)])
        offset = timezone(first.utcoffset() or timedelta())
        return cls(now, ZoneInfo(snapshot.region.zone), offset, max(begins_at, now), ends_at)

    def down(self, moment: datetime) -> datetime:
        """Return a moment in the day's offset, without the fraction of its second."""
        return moment.astimezone(self.offset).replace(microsecond=0)

    def up(self, moment: datetime) -> datetime:
        """Return the first whole second from a moment on, in the day's offset."""
        whole = self.down(moment)
        return whole if whole == moment else whole + timedelta(seconds=1)

    def inside(self, from_at: datetime, to_at: datetime) -> Interval | None:
        """Return the whole seconds inside a span; None when there is none."""
        first, last = self.up(from_at), self.down(to_at)
        return (first, last) if first <= last else None


# -- tickets ------------------------------------------------------------------------------------------------------


def _points_of(snapshot: Snapshot) -> dict[str, Point]:
    """Return where each ticket is: its own point, else its site's; those without either are left out."""
    sites = {site.id: site for site in snapshot.sites}
    found: dict[str, Point] = {}
    for ticket in snapshot.tickets:
        site = sites.get(ticket.site_id) if ticket.site_id is not None else None
        point = ticket.point or (site.point if site is not None else None)
        if point is not None:
            found[ticket.id] = point
    return found


def _choose_tickets(
    snapshot: Snapshot, points: Mapping[str, Point], clock: _Clock, settled: set[str], notes: _Notes
) -> list[TicketRecord]:
    """Return the tickets that are to be planned, and tell which are not though one might expect it."""
    mine = [
        ticket
        for ticket in snapshot.tickets
        if ticket.region_id == snapshot.region.id and ticket.id not in settled and ticket.is_open
    ]
    wanted = [
        ticket
        for ticket in mine
        if ticket.state in PLANNED_STATES and (ticket.release_at is None or ticket.release_at < clock.ends_at)
    ]
    over = [
        ticket
        for ticket in wanted
        if ticket.windows and all(_is_over(window.to_at, clock) for window in ticket.windows)
    ]
    today = [ticket for ticket in wanted if not ticket.windows or _windows_of(ticket, clock)]
    notes.tell(say.NOWHERE, [ticket.id for ticket in today if ticket.id not in points])
    notes.tell(say.APPOINTMENT_OVER, [ticket.id for ticket in over])
    notes.tell(say.HELD, [ticket.id for ticket in mine if ticket.state in HELD_STATES])
    return [ticket for ticket in today if ticket.id in points]


def _is_over(to_at: datetime, clock: _Clock) -> bool:
    """Tell whether a window ends before anybody can begin."""
    return to_at < clock.begins_at


def _windows_of(ticket: TicketRecord, clock: _Clock) -> tuple[Interval, ...]:
    """Return the windows that the rest of the day touches."""
    touching = (
        clock.inside(window.from_at, window.to_at)
        for window in ticket.windows
        if not _is_over(window.to_at, clock) and window.from_at < clock.ends_at
    )
    return tuple(window for window in touching if window is not None)


def _write_ticket(ticket: TicketRecord, location: str, clock: _Clock, pinned: Mapping[str, str]) -> Ticket:
    """Write a ticket; deadlines and the price of leaving it out are the policies'."""
    return Ticket(
        id=ticket.id,
        location=location,
        duration_s=ticket.duration_s,
        requires=dict(ticket.skills),
        skip_cost=None,
        windows=_windows_of(ticket, clock),
        release=None if ticket.release_at is None else clock.up(ticket.release_at),
        only=(pinned[ticket.id],) if ticket.id in pinned and ticket.crew == 1 else None,
        parts={part: quantity for part, quantity in ticket.parts.items() if quantity},
        tools=ticket.tools,
        crew=ticket.crew,
    )


def _cases_of(snapshot: Snapshot, chosen: Iterable[TicketRecord], book: Book, clock: _Clock) -> dict[str, Case]:
    """Return what the policies are told of each ticket; a ticket without a customer is of the lowest tier."""
    tiers = {customer.id: customer.tier for customer in snapshot.customers}
    customer_of_site = {site.id: site.customer_id for site in snapshot.sites}
    cases = {}
    for ticket in chosen:
        customer_id = ticket.customer_id or customer_of_site.get(ticket.site_id or "")
        tier = tiers.get(customer_id or "", Tier.SILVER)
        reported_at = ticket.reported_at.astimezone(clock.zone)
        facts = Facts(ticket.grade, tier, reported_at, region_id=ticket.region_id)
        cases[ticket.id] = Case(facts, _promise_of(ticket, facts, book, clock), clock.ends_at)
    return cases


def _promise_of(record: TicketRecord, facts: Facts, book: Book, clock: _Clock) -> Promise:
    """Return what a person promised, else, and for what a person left open, what the pack in use promises; in whole seconds."""
    by_person = not is_of_packs(record.promise_source)
    arrive_by, resolve_by = (record.arrive_by_at, record.resolve_by_at) if by_person else (None, None)
    if arrive_by is None or resolve_by is None:
        windows = tuple((window.from_at, window.to_at) for window in record.windows)
        made = make_promise(book.pack, facts, book.calendars, windows, record.release_at)
        arrive_by, resolve_by = arrive_by or made.arrive_by, resolve_by or made.resolve_by
    arrive_by, resolve_by = (None if by is None else clock.down(by) for by in (arrive_by, resolve_by))
    return Promise(arrive_by, resolve_by, record.promise_source)


def _coming_of(
    snapshot: Snapshot, tickets: Mapping[str, TicketRecord], chosen: set[str], clock: _Clock
) -> tuple[PreviousVisit, ...]:
    """Return the visits of the plan in force whose tickets are planned again; crews are planned as if there were none."""
    return tuple(
        PreviousVisit(
            ticket=visit.ticket_id,
            engineer=visit.engineer_id,
            shift=visit.shift_id,
            start=clock.down(visit.begin_at),
            state="told" if tickets[visit.ticket_id].state in TOLD_STATES else "planned",
        )
        for visit in (snapshot.plan.visits if snapshot.plan is not None else ())
        if visit.ticket_id in chosen and tickets[visit.ticket_id].crew == 1
    )


def _pins_of(snapshot: Snapshot, tickets: set[str], engineers: set[str]) -> dict[str, str]:
    """Return the engineer of each planned ticket that the plan in force pins to somebody who is there."""
    visits = snapshot.plan.visits if snapshot.plan is not None else ()
    return {
        visit.ticket_id: visit.engineer_id
        for visit in visits
        if visit.pin is not Pin.NONE and visit.ticket_id in tickets and visit.engineer_id in engineers
    }


# -- engineers ----------------------------------------------------------------------------------------------------


class _Crew:
    """Who works, and when and from where the rest of each shift begins."""

    def __init__(
        self,
        snapshot: Snapshot,
        clock: _Clock,
        carried: Sequence[Visit],
        points: Mapping[str, Point],
        middle: Point | None,
        locations: Locations,
        busy: Mapping[str, Sequence[Span]],
        supplies: Supplies,
    ) -> None:
        self._snapshot = snapshot
        self._clock = clock
        self._rests = rests_of(carried)
        self._points = points
        self._middle = middle
        self._locations = locations
        self._busy = busy
        self._supplies = supplies
        self._outlets = {outlet.id: outlet.point for outlet in snapshot.outlets}
        owed = any(shift.pauses and shift.start_at < clock.now for shift in snapshot.shifts)
        self._taken = breaks_taken(snapshot.plan, clock.now) if owed else frozenset()

    def list_engineers(self, notes: _Notes) -> tuple[Engineer, ...]:
        """List the active engineers who have a shift that is not over."""
        listed: list[Engineer] = []
        overlapping: list[str] = []
        guessed: list[str] = []
        unknown: list[str] = []
        for engineer in self._snapshot.engineers:
            records = [shift for shift in self._snapshot.shifts if shift.engineer_id == engineer.id]
            if not engineer.active or not records:
                continue
            apart = _without_overlaps(records)
            if len(apart) < len(records):
                overlapping.append(engineer.id)
            starts = {shift.id: self._find_start(engineer, shift) for shift in apart}
            if None in starts.values():
                (guessed if self._middle is not None else unknown).append(engineer.id)
            shifts = [
                written
                for shift in apart
                if (start := starts[shift.id] or self._middle) is not None
                and (written := self._write_shift(shift, start)) is not None
            ]
            if shifts:
                listed.append(self._write_engineer(engineer, shifts))
        notes.tell(say.SHIFTS_OVERLAP, engineers=overlapping)
        planned = {shift.id for engineer in listed for shift in engineer.shifts}
        mine = [shift for shift in self._snapshot.shifts if shift.id in planned and self._list_busy(shift)]
        notes.tell(say.BUSY_ELSEWHERE, engineers=sorted({shift.engineer_id for shift in mine}))
        nights = [shift for shift in self._snapshot.night_shifts if shift.end_at > self._clock.now]
        notes.tell(say.NIGHT_BEFORE, engineers=sorted({shift.engineer_id for shift in nights}))
        notes.tell(say.START_GUESSED, engineers=guessed)
        notes.tell(say.START_UNKNOWN, engineers=unknown)
        return tuple(listed)

    def _find_start(self, engineer: EngineerRecord, shift: ShiftRecord) -> Point | None:
        """Return where the rest of a shift begins; None when nobody knows."""
        rest = self._rests.get(shift.id)
        here = None if rest is None else self._points.get(rest.ticket_id)
        return here or shift.start or engineer.home or self._outlets.get(engineer.outlet_id or "")

    def _write_engineer(self, engineer: EngineerRecord, shifts: list[Shift]) -> Engineer:
        """Write an engineer; a skill lapses with the last of the certificates that it rests on."""
        return Engineer(
            id=engineer.id,
            skills=dict(engineer.skills),
            shifts=tuple(shifts),
            skills_until=self._lapses_of(engineer),
            van=self._supplies.van_of(engineer.id, engineer.van),
            tools=self._supplies.tools_of(engineer.id, engineer.tools),
        )

    def _lapses_of(self, engineer: EngineerRecord) -> dict[str, datetime]:
        """Return when skills lapse; those that rest on no certificate, or on one without an end, do not."""
        ends: dict[str, list[datetime | None]] = {}
        for certificate in engineer.certificates:
            if certificate.skill in engineer.skills:
                ends.setdefault(certificate.skill, []).append(certificate.valid_until_at)
        return {
            skill: self._clock.down(max(until for until in untils if until is not None))
            for skill, untils in ends.items()
            if None not in untils
        }

    def _write_shift(self, shift: ShiftRecord, start: Point) -> Shift | None:
        """Write the rest of a shift; None when it is over."""
        clock, rest = self._clock, self._rests.get(shift.id)
        span = clock.inside(self._rest_begins_at(shift, rest), shift.end_at)
        if span is None or span[0] >= span[1] or clock.now >= shift.end_at:
            return None
        return Shift(
            id=shift.id,
            start=span[0],
            end=span[1],
            start_location=self._locations.name(start),
            end_location=None if shift.end is None else self._locations.name(shift.end),
            overtime_s=shift.overtime_s,
            max_visits=_left_of(shift.max_visits, rest),
            breaks=self._list_breaks(shift, span),
            absences=tuple(self._list_absences(shift)),
        )

    def _rest_begins_at(self, shift: ShiftRecord, rest: Rest | None) -> datetime:
        """Return when the rest of a shift may begin."""
        return shift.start_at if rest is None else max(shift.start_at, rest.from_at, self._clock.now)

    def _list_breaks(self, shift: ShiftRecord, span: Interval) -> tuple[Break, ...]:
        """List the breaks that are still owed: not begun yet, and not to begin before the rest of the shift."""
        pauses = [self._write_break(pause) for pause in shift.pauses]
        return tuple(
            pause
            for pause in pauses
            if pause is not None and pause.to >= span[0] and (shift.id, pause) not in self._taken
        )

    def _write_break(self, pause: Pause) -> Break | None:
        """Write a break; None when there is no whole second in which it could begin."""
        span = self._clock.inside(pause.from_at, pause.to_at)
        return None if span is None else Break(*span, pause.duration_s)

    def _list_absences(self, shift: ShiftRecord) -> Iterable[Interval]:
        """Yield when the engineer is absent, or somewhere else, in a shift or its overtime, in whole seconds around it."""
        last = shift.end_at + timedelta(seconds=shift.overtime_s)
        for absence in self._snapshot.absences:
            if absence.engineer_id == shift.engineer_id and absence.from_at < last and absence.to_at > shift.start_at:
                yield self._clock.down(absence.from_at), self._clock.up(absence.to_at)
        for from_at, to_at in self._list_busy(shift):
            yield self._clock.down(from_at), self._clock.up(to_at)

    def _list_busy(self, shift: ShiftRecord) -> list[Span]:
        """List the spans that other plans have of a shift's engineer and that touch the shift or its overtime."""
        last = shift.end_at + timedelta(seconds=shift.overtime_s)
        spans = self._busy.get(shift.engineer_id, ())
        return [(from_at, to_at) for from_at, to_at in spans if from_at < last and to_at > shift.start_at]


def _left_of(max_visits: int | None, rest: Rest | None) -> int | None:
    """Return how many visits a shift may still get."""
    if max_visits is None or rest is None:
        return max_visits
    return max(0, max_visits - rest.n_visits)


def _without_overlaps(shifts: Iterable[ShiftRecord]) -> list[ShiftRecord]:
    """Return the shifts of one engineer by their start, without those that begin before an earlier one ends."""
    apart: list[ShiftRecord] = []
    for shift in sorted(shifts, key=lambda shift: (shift.start_at, shift.id)):
        if not apart or shift.start_at >= apart[-1].end_at:
            apart.append(shift)
    return apart
