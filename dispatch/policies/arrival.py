"""Arrival: until when somebody has to be there, and what it costs to be late.

Formula: ``by`` = what was promised: a person's word, else the strictest limit for arriving of the pack in use; where the customer can be visited
only later, the end of the first window, or the release + the limit. ``cost`` and ``cost_per_h`` = the table's prices × the preset's
``late_factor``. Where nothing was promised there is no deadline.

Source: the clauses of the pack (SL-03, SL-07, SL-08, GR-03 to GR-05; prices SL-17 in ``tables/prices.toml``).

>>> from datetime import datetime, timezone
>>> from dispatch.policies.packs.model import Facts
>>> from dispatch.policies.packs.promises import make_promise
>>> from dispatch.policies.tables.read import get_book
>>> book, monday = get_book("least_change"), datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
>>> facts = Facts("urgent", "silver", monday)
>>> deadline = book.arrival_of(Case(facts, make_promise(book.pack, facts, book.calendars), monday))
>>> deadline.by.isoformat(), str(deadline.cost), str(deadline.cost_per_h)
('2026-11-23T12:00:00+00:00', '120.00', '80.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch.format.model import Request
from dispatch.policies.tables.model import Book, Case

CODE = "arrival"
FIELDS: tuple[str, ...] = ("tickets.arrive",)


def apply(request: Request, cases: Mapping[str, Case], book: Book) -> Request:
    """Write ``arrive`` of each ticket whose case is known."""
    tickets = tuple(
        replace(ticket, arrive=book.arrival_of(cases[ticket.id])) if ticket.id in cases else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)
