"""Skip: what it costs to leave a ticket out of the plan.

Formula: ``skip_cost`` = the table's price for grade and tier × the preset's ``skip_factor`` × the part of it that is left for so much time
between the day's end and the deadline (``waiting`` in the table) + what being late will have come to by the day's end.

Leaving a ticket out does not stop its clock. Without the last part, a ticket that is late enough would be cheaper to leave out than to visit,
every day anew.

Source: KP-22 (a visit costs about 200 CNY), by grade and tier as ``tables/prices.toml`` says.

>>> from datetime import datetime, timedelta, timezone
>>> from dispatch.policies.packs.model import Facts
>>> from dispatch.policies.packs.promises import Promise
>>> from dispatch.policies.tables.read import get_book
>>> evening = datetime(2026, 11, 23, 18, tzinfo=timezone.utc)
>>> facts, due = Facts("emergency", "gold", evening), Promise(evening, None, None)
>>> [str(price_of(Case(facts, due, evening), get_book(name))) for name in ("least_change", "deadlines_first")]
['4500.00', '9000.00']
>>> str(price_of(Case(facts, due, evening - timedelta(days=1)), get_book("least_change")))
'3375.00'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from dispatch.format.model import Deadline, Request
from dispatch.policies.packs.strictest import lasts
from dispatch.policies.tables.model import CENT, Book, Case

CODE = "skip"
FIELDS: tuple[str, ...] = ("tickets.skip_cost",)


def apply(request: Request, cases: Mapping[str, Case], book: Book) -> Request:
    """Write ``skip_cost`` of each ticket whose case is known."""
    tickets = tuple(
        replace(ticket, skip_cost=price_of(cases[ticket.id], book)) if ticket.id in cases else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def price_of(case: Case, book: Book) -> Decimal:
    """Return what leaving out one ticket costs, CNY; one that nobody promised anything can wait longest."""
    promised = [by for by in (case.promise.arrive_by, case.promise.resolve_by) if by is not None]
    slack = min((lasts(case.day_ends_at, by) for by in promised), default=timedelta.max)
    price = book.wait(book.skip(book.row_of(case.facts).skip.cost), slack)
    for deadline in (book.arrival_of(case), book.resolution_of(case)):
        price += _late_by(deadline, case.day_ends_at)
    return price


def _late_by(deadline: Deadline | None, moment: datetime) -> Decimal:
    """Return what a deadline costs at a moment, to the cent."""
    if deadline is None or lasts(deadline.by, moment) <= timedelta():
        return Decimal(0)
    hours = Decimal(int(lasts(deadline.by, moment).total_seconds())) / 3600
    return (deadline.cost + hours * deadline.cost_per_h).quantize(CENT, ROUND_HALF_UP)
