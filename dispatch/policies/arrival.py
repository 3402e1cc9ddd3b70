"""Arrival: until when somebody has to be there, and what it costs to be late.

Formula: ``by`` = the strictest limit for arriving of the pack in use; where the customer can be visited only later, the end of the
first window, or the release + the limit. ``cost`` and ``cost_per_h`` = the table's prices × the preset's ``late_factor``. Where no limit
applies there is no deadline.

Source: the clauses of the pack (SL-03, SL-07, SL-08, GR-03 to GR-05; prices SL-17 in ``tables/prices.toml``).

>>> from datetime import datetime, timezone
>>> from dispatch.policies.tables.read import get_book
>>> reported_at = datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
>>> ticket = Ticket("T1", "L1", duration_s=1800, requires={}, skip_cost=None)
>>> promise = promise_of(ticket, Facts("urgent", "silver", reported_at), get_book("least_change"))
>>> promise.by.isoformat(), str(promise.cost), str(promise.cost_per_h)
('2026-11-23T12:00:00+00:00', '120.00', '80.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from dispatch.format.model import Deadline, Request, Ticket
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import make_promise
from dispatch.policies.tables.model import Book

CODE = "arrival"
FIELDS: tuple[str, ...] = ("tickets.arrive",)


def apply(request: Request, facts: Mapping[str, Facts], book: Book) -> Request:
    """Write ``arrive`` of each ticket whose facts are known."""
    tickets = tuple(
        replace(ticket, arrive=promise_of(ticket, facts[ticket.id], book)) if ticket.id in facts else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def promise_of(ticket: Ticket, facts: Facts, book: Book) -> Deadline | None:
    """Return the promise to arrive of one ticket, for its windows and release; None: no limit applies."""
    promise = make_promise(book.pack, facts, book.calendars, ticket.windows, ticket.release)
    return None if promise.arrive_by is None else price_by(promise.arrive_by, facts, book)


def price_by(by: datetime, facts: Facts, book: Book) -> Deadline:
    """Return the promise to arrive by a moment, with what it costs to be late."""
    price = book.row_of(facts).late_arrival
    return Deadline(by, book.late(price.cost), book.late(price.cost_per_h))
