"""A database with the Monday's records in it."""

from __future__ import annotations

from dataclasses import replace

from dispatch.domain.customer import Customer, Tier
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.storage.store import Store
from tests.dispatch.planning.days import HILLS, HOME, LAKE, STATION, engineer, shift, ticket


def fill(store: Store) -> None:
    """Save two engineers with a shift each, and four tickets between them."""
    with store.writing() as unit:
        unit.save_all(
            [
                Region("hz", "杭州"),
                Customer("C", "王芳", "13900000000", Tier.GOLD),
                *(engineer(id) for id in ("E1", "E2")),  # noqa: A001 - the field is called so
                *(shift(id) for id in ("E1", "E2")),  # noqa: A001 - the same
                ticket("T1", LAKE),
                ticket("T2", STATION),
                ticket("T3", HILLS),
                ticket("T4", HOME),
            ]
        )


def set_state(store: Store, ticket_id: str, state: TicketState) -> None:
    """Report a state of a ticket."""
    with store.writing() as unit:
        unit.save(replace(unit.get(Ticket, ticket_id), state=state))
