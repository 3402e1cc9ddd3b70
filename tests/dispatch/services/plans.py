"""Plans of the Monday, made and kept as the service does."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial

from dispatch.domain.plan import Revision
from dispatch.planning import Stop, solve
from dispatch.policies.tables.read import get_book
from dispatch.services.make_plan import plan_now
from dispatch.storage.store import Store
from dispatch.travel.straight_line import StraightLine
from tests.dispatch.planning.days import DAY, at

quick = partial(solve, stop=Stop(iterations=200), threads=1)
"""A real search, short and always the same."""


def plan(store: Store, id: str, now: str = "07:30", day: date = DAY) -> Revision:  # noqa: A002 - the field is called so
    """Plan a day and keep the plan under an id."""
    return plan_at(store, id, at(now), day)


def plan_at(store: Store, id: str, now: datetime, day: date = DAY) -> Revision:  # noqa: A002 - the same
    """Plan a day at a moment that need not be of the Monday."""
    return plan_now(
        store,
        "hz",
        day,
        travel=StraightLine(),
        book=get_book("least_change"),
        clock=lambda: now,
        solve=quick,
        revision_id=id,
        made_by="d1",
    ).revision
