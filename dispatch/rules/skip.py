"""Leaving a ticket out: its ``skip_cost``; null means that it must be served.

A mandatory ticket that is left out has no price: the plan is then infeasible, and the line says so.

>>> MANDATORY.say("en", {"ticket": "T1"})
'T1 must be served and is not'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import grains_of
from solver.terms import Mandatory, SkipPrice, Term

CODE = "skip"
OBJECTIVE: str | None = "skipped"

SKIPPED = Sentence("skip.skipped", zh="{ticket} 未排入本计划", en="{ticket} is left out of this plan")
MANDATORY = Sentence("skip.mandatory", zh="{ticket} 必须上门而未排入", en="{ticket} must be served and is not")


def terms(lowering: Lowering) -> list[Term]:
    """Price what may be skipped and name what may not."""
    costs = [ticket.skip_cost for ticket in lowering.request.tickets]
    grains = np.array([0 if cost is None else grains_of(cost) for cost in costs], np.int64)
    return [SkipPrice(grains), Mandatory(np.array([cost is None for cost in costs], np.bool_))]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each ticket that is left out."""
    costs = {ticket.id: ticket.skip_cost for ticket in request.tickets}
    told = []
    for skipped in plan.skipped:
        if skipped.ticket not in costs:
            continue
        cost = costs[skipped.ticket]
        params: dict[str, object] = {"ticket": skipped.ticket}
        if cost is None:
            told.append(Line(CODE, MANDATORY, params, breach=True, ticket=skipped.ticket))
        else:
            told.append(Line(CODE, SKIPPED, params, grains_of(cost), ticket=skipped.ticket))
    return told
