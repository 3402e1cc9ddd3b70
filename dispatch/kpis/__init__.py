"""Key figures of a plan, one file each: what a dispatcher reads before the routes.

A key figure reads the plan, and the request where it needs one; it loads neither the search nor a rule, so that showing a
plan stays light. Each file says its formula and where it comes from. Whoever adds one writes the file and its twin test,
and lists it in :data:`KPIS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dispatch.format.model import Plan, Request
from dispatch.kpis import engineers_used, lateness, overtime, tickets_served, travel, working_time


class Kpi(Protocol):
    """A key figure, or a few that are read together: a module with these names."""

    FIGURES: tuple[str, ...]
    """Names of its figures, counts without a unit, all others with it; no two key figures share a name."""

    def measure(self, plan: Plan, request: Request | None) -> Mapping[str, int | None]:
        """Measure each of :data:`FIGURES`; None where it cannot be known without the request."""
        ...


KPIS: tuple[Kpi, ...] = (
    tickets_served,
    lateness,
    engineers_used,
    travel,
    working_time,
    overtime,
)


def measure_all(plan: Plan, request: Request | None) -> dict[str, int | None]:
    """Return every key figure by its name, in the order of :data:`KPIS`.

    Parameters
    ----------
    plan
        A plan as read by ``dispatch.format.read``, legal or not.
    request
        The request it answers; without it some figures are None.
    """
    figures: dict[str, int | None] = {}
    for kpi in KPIS:
        figures.update(kpi.measure(plan, request))
    return figures
