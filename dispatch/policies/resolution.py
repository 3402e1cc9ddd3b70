"""Resolution: until when the work has to be done, and what it costs to be late.

Formula: ``by`` = report + the table's limit for grade and tier, in hours round the clock or in working days; moved by as much as a
later appointment moves the arrival. ``cost`` and ``cost_per_h`` = the table's prices × the preset's ``late_factor``.

Source: the clauses named in ``tables/limits.toml`` (GR-03, GR-04, GR-05, SL-03, SL-09, SL-14; prices SL-17).

>>> from datetime import datetime, timezone
>>> from dispatch.policies.tables.read import get_book
>>> friday = datetime(2026, 11, 27, 8, tzinfo=timezone.utc)
>>> ticket = Ticket("T1", "L1", duration_s=1800, requires={}, skip_cost=None)
>>> promise = promise_of(ticket, Facts("general", "silver", friday), get_book("least_change"))
>>> promise.by.isoformat(), str(promise.cost), str(promise.cost_per_h)
('2026-12-04T08:00:00+00:00', '20.00', '5.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch.format.model import Deadline, Request, Ticket
from dispatch.policies.tables.clock import promises
from dispatch.policies.tables.model import Book, Facts

CODE = "resolution"
FIELDS: tuple[str, ...] = ("tickets.resolve",)


def apply(request: Request, facts: Mapping[str, Facts], book: Book) -> Request:
    """Write ``resolve`` of each ticket whose facts are known."""
    tickets = tuple(
        replace(ticket, resolve=promise_of(ticket, facts[ticket.id], book)) if ticket.id in facts else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def promise_of(ticket: Ticket, facts: Facts, book: Book) -> Deadline:
    """Return the promise to resolve of one ticket, for its windows and release."""
    _, resolve_by = promises(ticket, facts, book)
    price = book.row_of(facts).late_resolution
    return Deadline(resolve_by, book.late(price.cost), book.late(price.cost_per_h))
