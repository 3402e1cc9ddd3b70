"""What a customer is promised for a ticket: until when somebody comes, and until when it is resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from zoneinfo import ZoneInfo

from dispatch.domain.customer import Customer, Site, Tier
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import is_of_packs, make_promise
from dispatch.policies.tables.model import Book
from dispatch.policies.tables.read import get_book
from dispatch.storage.store import Reading

DEPENDS_ON: Final = frozenset({"grade", "customer_id", "site_id", "windows", "release_at", "reported_at"})
"""Fields of a ticket that the pack's promise follows from."""

GIVEN: Final = frozenset({"arrive_by_at", "resolve_by_at"})
"""Fields by which a person promises something else."""


def promise_ticket(unit: Reading, ticket: Ticket, book: Book | None = None) -> Ticket:
    """Return a ticket with the promise of the pack if it has none; one that was given stays as it is.

    A ticket without a customer is of the lowest tier. Both limits count from the report, in the region's zone; an appointment
    that comes later moves them.

    Parameters
    ----------
    book
        Whose pack promises; None: the strict one. Limits are the same under every preset.

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
    facts = Facts(ticket.grade, tier, ticket.reported_at.astimezone(zone), region_id=region.id)
    windows = tuple((window.from_at, window.to_at) for window in ticket.windows)
    made = make_promise(book.pack, facts, book.calendars, windows, ticket.release_at)
    return replace(ticket, arrive_by_at=made.arrive_by, resolve_by_at=made.resolve_by, promise_source=made.source)


def is_of_tables(ticket: Ticket) -> bool:
    """Tell whether a ticket's promise is one that a pack made."""
    return is_of_packs(ticket.promise_source)


def _tier_of(unit: Reading, ticket: Ticket) -> Tier:
    customer_id = ticket.customer_id
    if customer_id is None and ticket.site_id is not None:
        site = unit.find(Site, ticket.site_id)
        customer_id = None if site is None else site.customer_id
    customer = None if customer_id is None else unit.find(Customer, customer_id)
    return Tier.SILVER if customer is None else customer.tier
