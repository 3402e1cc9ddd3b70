"""Resolution: until when the work has to be done, and what it costs to be late.

Formula: ``by`` = the strictest limit for resolving of the pack in use, in hours round the clock or in working days; moved by as much as a
later appointment moves the arrival. ``cost`` and ``cost_per_h`` = the table's prices × the preset's ``late_factor``. Where no limit
applies there is no deadline.

Source: the clauses of the pack (GR-03, GR-04, GR-05, SL-03, SL-10, SL-12, EM-07; prices SL-17 in ``tables/prices.toml``).

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
from datetime import datetime

from dispatch.format.model import Deadline, Request, Ticket
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import make_promise
from dispatch.policies.tables.model import Book

CODE = "resolution"
FIELDS: tuple[str, ...] = ("tickets.resolve",)


def apply(request: Request, facts: Mapping[str, Facts], book: Book) -> Request:
    """Write ``resolve`` of each ticket whose facts are known."""
    tickets = tuple(
        replace(ticket, resolve=promise_of(ticket, facts[ticket.id], book)) if ticket.id in facts else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def promise_of(ticket: Ticket, facts: Facts, book: Book) -> Deadline | None:
    """Return the promise to resolve of one ticket, for its windows and release; None: no limit applies."""
    promise = make_promise(book.pack, facts, book.calendars, ticket.windows, ticket.release)
    return None if promise.resolve_by is None else price_by(promise.resolve_by, facts, book)


def price_by(by: datetime, facts: Facts, book: Book) -> Deadline:
    """Return the promise to resolve by a moment, with what it costs to be late."""
    price = book.row_of(facts).late_resolution
    return Deadline(by, book.late(price.cost), book.late(price.cost_per_h))
