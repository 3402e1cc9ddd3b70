"""Arbitrary valid documents of the planning format, every key of it: small in number, wild in value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dispatch.format.model import (
    ONE,
    TERMS,
    After,
    Break,
    BrokenPin,
    Deadline,
    Depot,
    Engineer,
    Finished,
    Gap,
    GreatCircle,
    Inbound,
    Interval,
    Location,
    Matrix,
    Objective,
    Pair,
    Part,
    Peak,
    Plan,
    Previous,
    PreviousVisit,
    Reason,
    Request,
    Route,
    Shift,
    Skipped,
    SolverNote,
    Stop,
    Ticket,
    Travel,
    Weights,
    Whereabouts,
)
from dispatch.format.parsers import LARGEST
from dispatch.format.plan_shapes import GAP_UNITS, REASON_CODES, STATUSES, STOP_KINDS, VERDICTS
from dispatch.format.request_shapes import PINS, STATES

FIRST_MOMENT = datetime(2026, 11, 23, tzinfo=UTC)
OFFSETS = tuple(timezone(timedelta(minutes=minutes)) for minutes in (480, 0, -210, 345, 1439))
DAYS = 5

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
wholes = st.one_of(st.integers(0, 7200), st.integers(0, LARGEST))
prices = st.integers(0, 10**11).map(lambda cents: Decimal(cents).scaleb(-2))
factors = st.integers(1, 10**6).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
levels = st.dictionaries(names, st.integers(1, 4), max_size=3)
quantities = st.dictionaries(names, wholes, max_size=2)
tools = st.lists(names, unique=True, max_size=2).map(tuple)
decimals = st.decimals(min_value=-(10**6), max_value=10**6, places=6)


@st.composite
def moments(draw: st.DrawFn, first_s: int = 0) -> datetime:
    """Draw a moment of a few days, in any offset; ``first_s`` counts from the first one."""
    seconds = draw(st.integers(first_s, DAYS * 86400))
    return (FIRST_MOMENT + timedelta(seconds=seconds)).astimezone(draw(st.sampled_from(OFFSETS)))


def _ordered(pair: tuple[datetime, datetime]) -> Interval:
    """Put two moments in order."""
    return min(pair), max(pair)


intervals: SearchStrategy[Interval] = st.tuples(moments(), moments()).map(_ordered)
interval_lists = st.lists(intervals, max_size=2).map(tuple)
deadlines = st.builds(Deadline, by=moments(), cost=prices, cost_per_h=prices)


@st.composite
def peaks(draw: st.DrawFn) -> tuple[Peak, ...]:
    """Draw peaks that don't overlap on any day; the last may pass midnight."""
    minutes = sorted(draw(st.lists(st.integers(0, 1439), unique=True, max_size=4)))
    if len(minutes) % 2:
        minutes.pop()
    if minutes and draw(st.booleans()):
        minutes.append(minutes.pop(0))
    weekdays = st.lists(st.integers(1, 7), unique=True, min_size=1).map(tuple)
    slower = st.integers(1000, 10**6).map(lambda thousandths: Decimal(thousandths).scaleb(-3))
    return tuple(
        Peak(time(*divmod(first, 60)), time(*divmod(last, 60)), draw(slower), draw(weekdays))
        for first, last in zip(minutes[::2], minutes[1::2], strict=True)
    )


@st.composite
def travels(draw: st.DrawFn, size: int) -> Travel:
    """Draw either model for ``size`` locations."""
    if draw(st.booleans()):
        return GreatCircle(draw(factors), draw(factors), draw(peaks()))
    cells = st.lists(
        st.lists(st.none() | st.tuples(wholes, wholes), min_size=size, max_size=size), min_size=size, max_size=size
    )
    table = draw(cells)
    seconds = tuple(tuple(None if cell is None else cell[0] for cell in row) for row in table)
    metres = tuple(tuple(None if cell is None else cell[1] for cell in row) for row in table)
    return Matrix(seconds, metres, draw(peaks()))


@st.composite
def parts(draw: st.DrawFn) -> dict[str, Part]:
    """Draw spare parts, none its own substitute."""
    known = draw(st.lists(names, unique=True, max_size=3))
    return {
        name: Part(
            draw(st.none() | texts),
            tuple(draw(st.lists(names.filter(name.__ne__), unique=True, max_size=2))),
        )
        for name in known
    }


@st.composite
def shifts(draw: st.DrawFn, places: Sequence[str]) -> tuple[Shift, ...]:
    """Draw the shifts of one engineer; they don't overlap."""
    ends = sorted(draw(st.lists(moments(), unique=True, max_size=4)))
    ids = draw(st.lists(names, unique=True, min_size=2, max_size=2))
    breaks = st.builds(lambda interval, duration_s: Break(*interval, duration_s), intervals, wholes)
    return tuple(
        Shift(
            id=id_,
            start=start,
            end=end,
            start_location=draw(st.sampled_from(places)),
            end_location=draw(st.none() | st.sampled_from(places)),
            overtime_s=draw(wholes),
            max_visits=draw(st.none() | wholes),
            max_travel_s=draw(st.none() | wholes),
            breaks=tuple(draw(st.lists(breaks, max_size=2))),
            absences=draw(interval_lists),
        )
        for id_, start, end in zip(ids, ends[::2], ends[1::2], strict=False)
    )


@st.composite
def engineers(draw: st.DrawFn, id_: str, places: Sequence[str]) -> Engineer:
    """Draw an engineer."""
    skills = draw(levels)
    lapses = st.dictionaries(st.sampled_from(sorted(skills)), moments()) if skills else st.just({})
    return Engineer(
        id=id_,
        skills=skills,
        shifts=draw(shifts(places)),
        name=draw(st.none() | texts),
        skills_until=draw(lapses),
        van=draw(quantities),
        tools=draw(tools),
        service_factor=draw(st.just(ONE) | factors | st.dictionaries(names, factors, max_size=2)),
        speed_factor=draw(st.just(ONE) | factors),
        max_busy_s=draw(st.none() | wholes),
    )


@st.composite
def depots(draw: st.DrawFn, id_: str, places: Sequence[str], now: datetime) -> Depot:
    """Draw a depot; deliveries come after ``now``."""
    waits = st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds))
    inbound = st.builds(lambda part, qty, wait: Inbound(part, qty, now + wait), names, wholes, waits)
    return Depot(
        id=id_,
        location=draw(st.sampled_from(places)),
        open=draw(interval_lists),
        handling_s=draw(wholes),
        stock=draw(quantities),
        inbound=tuple(draw(st.lists(inbound, max_size=2))),
        tools=draw(quantities),
    )


@st.composite
def tickets(
    draw: st.DrawFn, id_: str, places: Sequence[str], staff: Sequence[str], earlier: Sequence[str], leads: Sequence[str]
) -> Ticket:
    """Draw a ticket; ``earlier`` may come before it, ``leads`` may have its lead."""
    some = st.lists(st.sampled_from(staff), unique=True, max_size=2) if staff else st.just([])
    pairs = st.builds(Pair, engineer=st.sampled_from(staff or [""]), cost=prices, forbid=st.booleans(), code=texts)
    after = st.builds(After, ticket=st.sampled_from(earlier or [""]), gap_s=wholes)
    return Ticket(
        id=id_,
        location=draw(st.sampled_from(places)),
        duration_s=draw(wholes),
        requires=draw(levels),
        skip_cost=draw(st.none() | prices),
        setup_s=draw(wholes),
        parts=draw(quantities),
        tools=draw(tools),
        windows=draw(interval_lists),
        release=draw(st.none() | moments()),
        arrive=draw(st.none() | deadlines),
        resolve=draw(st.none() | deadlines),
        crew=draw(st.integers(1, 3)),
        only=tuple(draw(some)) or None,
        never=tuple(draw(some)),
        prefer=tuple(draw(some)),
        pairs=tuple(draw(st.lists(pairs, max_size=2))) if staff else (),
        after=tuple(draw(st.lists(after, max_size=2))) if earlier else (),
        same_engineer_as=draw(st.none() | st.sampled_from(leads)) if leads else None,
    )


@st.composite
def whereabouts(draw: st.DrawFn, staff: Sequence[Engineer], places: Sequence[str], now: datetime) -> Whereabouts:
    """Draw where one of the engineers is, in one of his shifts."""
    engineer = draw(st.sampled_from(staff))
    shift = draw(st.sampled_from(engineer.shifts))
    indices = st.lists(st.integers(0, len(shift.breaks) - 1), unique=True) if shift.breaks else st.just([])
    return Whereabouts(
        engineer=engineer.id,
        shift=shift.id,
        location=draw(st.sampled_from(places)),
        from_=now + timedelta(seconds=draw(st.integers(0, 86400))),
        breaks_done=tuple(draw(indices)),
        tools=draw(tools),
    )


@st.composite
def previous_visits(draw: st.DrawFn, ids: Sequence[str]) -> tuple[PreviousVisit, ...]:
    """Draw visits of the plan in force, of tickets that are there or gone, each by one or two engineers."""
    visits: list[PreviousVisit] = []
    for ticket in draw(st.lists(st.sampled_from(ids) if ids else names, unique=True, max_size=2)):
        state = draw(st.sampled_from(STATES[:2]))
        crew = draw(st.lists(names, unique=True, min_size=1, max_size=2))
        visits.extend(
            PreviousVisit(
                ticket=ticket,
                engineer=engineer,
                shift=draw(names),
                start=draw(moments()),
                state=state,
                pin=draw(st.sampled_from(PINS)),
                promised=draw(st.none() | intervals),
            )
            for engineer in crew
        )
    if draw(st.booleans()):
        taken = {visit.ticket for visit in visits}
        ticket = draw(names.filter(lambda name: name not in taken))
        visits.append(PreviousVisit(ticket, draw(names), draw(names), draw(moments()), "travelling"))
    return tuple(visits)


@st.composite
def previouses(
    draw: st.DrawFn,
    now: datetime,
    places: Sequence[str],
    staff: Sequence[Engineer],
    finished: Sequence[Finished],
    ids: Sequence[str],
) -> Previous:
    """Draw a plan in force."""
    working = [engineer for engineer in staff if engineer.shifts]
    entries = st.lists(whereabouts(working, places, now), max_size=2, unique_by=lambda entry: entry.engineer)
    return Previous(
        engineers=tuple(draw(entries)) if working else (),
        finished=tuple(finished),
        visits=draw(previous_visits(ids)),
        freeze_until=draw(st.none() | moments()),
        max_changes=draw(st.none() | wholes),
    )


weights = st.builds(Weights, **dict.fromkeys(Weights.__dataclass_fields__, prices))


@st.composite
def requests(draw: st.DrawFn) -> Request:
    """Draw a request with any of the format's keys."""
    now = draw(moments())
    ids = draw(st.lists(names, unique=True, min_size=1, max_size=4))
    places = tuple(
        Location(id_, draw(st.floats(-90, 90)), draw(st.floats(-180, 180))) for id_ in draw(st.permutations(ids))
    )
    staff = tuple(draw(engineers(id_, ids)) for id_ in draw(st.lists(names, unique=True, max_size=3)))
    staff_ids = [engineer.id for engineer in staff]
    ticket_ids = draw(st.lists(names, unique=True, max_size=4))
    gone_ids = draw(st.lists(names.filter(lambda name: name not in ticket_ids), unique=True, max_size=2))
    finished = [Finished(id_, draw(moments()), draw(names)) for id_ in gone_ids]
    work = tuple(
        draw(tickets(id_, ids, staff_ids, ticket_ids[:row] + gone_ids, [*ticket_ids[:row], *gone_ids]))
        for row, id_ in enumerate(ticket_ids)
    )
    previous = draw(st.none() | previouses(now, ids, staff, finished, ticket_ids))
    if previous is None and gone_ids:
        previous = Previous(finished=tuple(finished))
    stock_points = draw(st.lists(names, unique=True, max_size=2))
    return Request(
        now=now,
        locations=places,
        travel=draw(travels(len(places))),
        engineers=staff,
        tickets=work,
        parts=draw(parts()),
        depots=tuple(draw(depots(id_, ids, now)) for id_ in stock_points),
        previous=previous,
        weights=draw(st.just(Weights()) | weights),
    )


stops = st.builds(
    Stop,
    kind=st.sampled_from(STOP_KINDS),
    location=names,
    arrive=moments(),
    begin=moments(),
    leave=moments(),
    travel_s=wholes,
    travel_m=wholes,
    ticket=st.none() | names,
    depot=st.none() | names,
    parts=quantities,
    tools=tools,
    break_=st.none() | st.integers(0, 3),
)
routes = st.builds(
    Route,
    engineer=names,
    shift=names,
    stops=st.lists(stops, max_size=3).map(tuple),
    travel_s=wholes,
    travel_m=wholes,
    work_s=wholes,
    wait_s=wholes,
    overtime_s=wholes,
)
gaps = st.one_of(
    st.builds(Gap, decimals, st.sampled_from([unit for unit in GAP_UNITS if unit != "CNY"])),
    st.builds(Gap, prices, st.just("CNY")),
)
reasons = st.builds(
    Reason, code=st.sampled_from(REASON_CODES), text=texts, engineer=st.none() | names, gap=st.none() | gaps
)
skips = st.builds(
    Skipped, ticket=names, verdict=st.sampled_from(VERDICTS), reasons=st.lists(reasons, max_size=2).map(tuple)
)
solver_notes = st.builds(
    SolverNote,
    engine=texts,
    seed=st.integers(-(2**63) + 1, 2**63 - 1),
    seconds=st.decimals(min_value=0, max_value=10**6, places=3),
    iterations=st.integers(0, 2**63 - 1),
    threads=st.integers(0, 64),
    bound=st.none() | prices,
    gap=st.none() | decimals,
)
plans = st.builds(
    Plan,
    status=st.sampled_from(STATUSES),
    objective=st.builds(Objective, total=prices, terms=st.fixed_dictionaries(dict.fromkeys(TERMS, prices))),
    routes=st.lists(routes, max_size=2).map(tuple),
    skipped=st.lists(skips, max_size=2).map(tuple),
    solver=solver_notes,
    broken_pins=st.lists(st.builds(BrokenPin, ticket=names, code=names, text=texts), max_size=2).map(tuple),
)
"""Arbitrary well-formed plans; they need not be legal for any request."""
