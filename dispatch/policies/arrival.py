"""Arrival: until when somebody has to be there, and what it costs to be late.

Formula: ``by`` = report + the table's limit for grade and tier; where the customer can be visited only later, the end of the
first window, or the release + the limit. ``cost`` and ``cost_per_h`` = the table's prices × the preset's ``late_factor``.

Source: the clauses named in ``tables/limits.toml`` (SL-03, SL-07, SL-08, SL-09, SL-14; prices SL-17).

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

from dispatch.format.model import Deadline, Request, Ticket
from dispatch.policies.tables.clock import promises
from dispatch.policies.tables.model import Book, Facts

CODE = "arrival"
FIELDS: tuple[str, ...] = ("tickets.arrive",)


def apply(request: Request, facts: Mapping[str, Facts], book: Book) -> Request:
    """Write ``arrive`` of each ticket whose facts are known."""
    tickets = tuple(
        replace(ticket, arrive=promise_of(ticket, facts[ticket.id], book)) if ticket.id in facts else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def promise_of(ticket: Ticket, facts: Facts, book: Book) -> Deadline:
    """Return the promise to arrive of one ticket, for its windows and release."""
    arrive_by, _ = promises(ticket, facts, book)
    price = book.row_of(facts).late_arrival
    return Deadline(arrive_by, book.late(price.cost), book.late(price.cost_per_h))
