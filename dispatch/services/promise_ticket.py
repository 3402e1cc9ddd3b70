"""What a customer is promised for a ticket: until when somebody comes, and until when it is resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain.customer import Customer, Site, Tier
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.format.model import Ticket as Asked
from dispatch.policies.tables.clock import promises
from dispatch.policies.tables.model import Book, Facts
from dispatch.policies.tables.read import get_book
from dispatch.storage.store import Reading

DEPENDS_ON: Final = frozenset({"grade", "customer_id", "site_id", "windows", "release_at", "reported_at"})
"""Fields of a ticket that the tables' promise follows from."""

GIVEN: Final = frozenset({"arrive_by_at", "resolve_by_at"})
"""Fields by which a person promises something else."""


def promise_ticket(unit: Reading, ticket: Ticket, book: Book | None = None) -> Ticket:
    """Return a ticket with the promise of the tables if it has none; one that was given stays as it is.

    A ticket without a customer is of the lowest tier. Both limits count from the report, in the region's zone; an appointment
    that comes later moves them.

    Parameters
    ----------
    book
        The tables; None: those that come with the program. Limits are the same under every preset.

    Raises
    ------
    NotFound
        There is no such region.
    """
    return promise_for(ticket, _tier_of(unit, ticket), unit.get(Region, ticket.region_id), book)


def promise_for(ticket: Ticket, tier: Tier, region: Region, book: Book | None = None) -> Ticket:
    """Return a ticket of a customer of a tier with its promise, as :func:`promise_ticket` does; nothing is read.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ticket = Ticket("WX1", "hz", datetime(2026, 11, 23, 0, tzinfo=UTC))
    >>> made = promise_for(ticket, Tier.SILVER, Region("hz", "杭州"))
    >>> made.arrive_by_at > made.reported_at, made.resolve_by_at > made.arrive_by_at
    (True, True)
    """
    if ticket.arrive_by_at is not None or ticket.resolve_by_at is not None:
        return ticket
    book = book or get_book("least_change")
    zone = ZoneInfo(region.zone)
    facts = Facts(ticket.grade, tier, ticket.reported_at.astimezone(zone))
    windows = tuple((window.from_at.astimezone(zone), window.to_at.astimezone(zone)) for window in ticket.windows)
    release = None if ticket.release_at is None else ticket.release_at.astimezone(zone)
    asked = Asked(ticket.id, "", ticket.duration_s, {}, None, windows=windows, release=release)
    arrive_by, resolve_by = promises(asked, facts, book)
    row = book.row_of(facts)
    clauses = " ".join(dict.fromkeys((row.arrive.source.clause, row.resolve.source.clause)))
    return replace(ticket, arrive_by_at=arrive_by, resolve_by_at=resolve_by, promise_source=clauses)


def is_of_tables(ticket: Ticket, book: Book | None = None) -> bool:
    """Tell whether a ticket's promise is one that the tables made."""
    clauses = (book or get_book("least_change")).table.clauses
    return bool(ticket.promise_source) and all(word in clauses for word in (ticket.promise_source or "").split())


def _tier_of(unit: Reading, ticket: Ticket) -> Tier:
    customer_id = ticket.customer_id
    if customer_id is None and ticket.site_id is not None:
        site = unit.find(Site, ticket.site_id)
        customer_id = None if site is None else site.customer_id
    customer = None if customer_id is None else unit.find(Customer, customer_id)
    return Tier.SILVER if customer is None else customer.tier
