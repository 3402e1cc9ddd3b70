"""Soft deadlines as the search takes them, and what being late costs: arrival and resolution are priced alike."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from dispatch.format.model import Deadline
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import cents_of, grains_of
from solver.problem import FAR_S, grains_per_s


def lay_out(
    lowering: Lowering, deadlines: Iterable[Deadline | None]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return each ticket's deadline as three columns, int64[n_tickets].

    Returns
    -------
    by_s
        Seconds from the start of the horizon, included: this second is in time; ``FAR_S`` where there is none.
    once, rate
        Grains at once, and grains for each second late.
    """
    rows = [
        (FAR_S, 0, 0)
        if deadline is None
        else (lowering.at_s(deadline.by), grains_of(deadline.cost), grains_per_s(cents_of(deadline.cost_per_h)))
        for deadline in deadlines
    ]
    by_s, once, rate = (column.copy() for column in np.array(rows, np.int64).reshape(-1, 3).T)
    return by_s, once, rate


def price_lateness(deadline: Deadline, late_s: int) -> int:
    """Return the grains of being late by whole seconds, at least one: ``cost`` + late_s × ``cost_per_h`` ÷ 3600.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from decimal import Decimal
    >>> price_lateness(Deadline(datetime(2026, 11, 23, tzinfo=UTC), Decimal(5), Decimal(36)), 100) == grains_of(
    ...     Decimal(6)
    ... )
    True
    """
    return grains_of(deadline.cost) + late_s * grains_per_s(cents_of(deadline.cost_per_h))
