"""Broken pins that a plan lists, less those that it keeps after all."""

from __future__ import annotations

from dataclasses import replace

from dispatch.format.model import Plan, Request
from dispatch.judge import judge


def list_broken(request: Request, plan: Plan) -> Plan:
    """Take listings off that set nothing aside.

    Which pins break is decided from what is held alone (:mod:`dispatch.planning.pins`). Beside a visit that nothing holds there may be a place
    after all: behind it, at the same place, set-up is saved. The judge says which listings were needless.

    Parameters
    ----------
    request, plan
        The plan of the whole request, as it will be written.

    Returns
    -------
    Plan
        The same visits; the listings as they were unless the plan is legal with fewer.
    """
    if not plan.broken_pins:
        return plan
    needless = {each.path for each in judge(request, plan).violations if each.code == "broken_pins"}
    kept = tuple(pin for row, pin in enumerate(plan.broken_pins) if f"broken_pins[{row}]" not in needless)
    if len(kept) == len(plan.broken_pins):
        return plan
    shorter = replace(plan, broken_pins=kept)
    return shorter if judge(request, shorter).legal else plan
