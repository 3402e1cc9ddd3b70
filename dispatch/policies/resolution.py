"""Resolution: until when the work has to be done, and what it costs to be late.

Formula: ``by`` = what was promised: a person's word, else the strictest limit for resolving of the pack in use, in hours round the clock or in
working days; moved by as much as a later appointment moves the arrival. ``cost`` and ``cost_per_h`` = the table's prices × the preset's
``late_factor``. Where nothing was promised there is no deadline.

Source: the clauses of the pack (GR-03, GR-04, GR-05, SL-03, SL-10, SL-12, EM-07; prices SL-17 in ``tables/prices.toml``).

>>> from datetime import datetime, timezone
>>> from dispatch.policies.packs.model import Facts
>>> from dispatch.policies.packs.promises import make_promise
>>> from dispatch.policies.tables.read import get_book
>>> book, monday = get_book("least_change"), datetime(2026, 11, 23, 8, tzinfo=timezone.utc)
>>> facts = Facts("general", "silver", monday)
>>> deadline = book.resolution_of(Case(facts, make_promise(book.pack, facts, book.calendars), monday))
>>> deadline.by.isoformat(), str(deadline.cost), str(deadline.cost_per_h)
('2026-11-30T08:00:00+00:00', '20.00', '5.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dispatch.format.model import Request
from dispatch.policies.tables.model import Book, Case

CODE = "resolution"
FIELDS: tuple[str, ...] = ("tickets.resolve",)


def apply(request: Request, cases: Mapping[str, Case], book: Book) -> Request:
    """Write ``resolve`` of each ticket whose case is known."""
    tickets = tuple(
        replace(ticket, resolve=book.resolution_of(cases[ticket.id])) if ticket.id in cases else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)
