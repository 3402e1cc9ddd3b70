"""Skip: what it costs to leave a ticket out of the plan.

Formula: ``skip_cost`` = the table's price for grade and tier × the preset's ``skip_factor``. Planning takes off what the ticket can wait
beyond the day (``waiting`` in the table), and adds what it will have been late by the day's end
(:mod:`dispatch.planning.request`).

Source: KP-22 (a visit costs about 200 CNY), by grade and tier as ``tables/prices.toml`` says.

>>> from datetime import datetime, timezone
>>> from dispatch.policies.tables.read import get_book
>>> facts = Facts("emergency", "gold", datetime(2026, 11, 23, 8, tzinfo=timezone.utc))
>>> str(price_of(facts, get_book("least_change"))), str(price_of(facts, get_book("deadlines_first")))
('4500.00', '9000.00')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dispatch.format.model import Request
from dispatch.policies.packs.model import Facts
from dispatch.policies.tables.model import Book

CODE = "skip"
FIELDS: tuple[str, ...] = ("tickets.skip_cost",)


def apply(request: Request, facts: Mapping[str, Facts], book: Book) -> Request:
    """Write ``skip_cost`` of each ticket whose facts are known."""
    tickets = tuple(
        replace(ticket, skip_cost=price_of(facts[ticket.id], book)) if ticket.id in facts else ticket
        for ticket in request.tickets
    )
    return replace(request, tickets=tickets)


def price_of(facts: Facts, book: Book) -> Decimal:
    """Return what leaving out one ticket that is due costs, CNY."""
    return book.skip(book.row_of(facts).skip.cost)
