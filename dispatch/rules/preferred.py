"""Preferred engineers: a served ticket with ``prefer`` whose engineer is not in it costs ``not_preferred``.

>>> OTHER.say("en", {"engineer": "wang", "ticket": "T1"})
'wang is not one of the engineers T1 prefers'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import grains_of
from dispatch.rulebook.visits import list_leads
from solver.terms import PairPrice, Term

CODE = "preferred"
OBJECTIVE: str | None = "not_preferred"

OTHER = Sentence(
    "preferred.other",
    zh="{engineer} 不是 {ticket} 的首选工程师",
    en="{engineer} is not one of the engineers {ticket} prefers",
)


def terms(lowering: Lowering) -> list[Term]:
    """Price each pair of a ticket that prefers somebody with somebody else."""
    price = grains_of(lowering.request.weights.not_preferred)
    row, cases = lowering.cases(lambda fit: fit.prefer)
    if not price or not any(cases):
        return []
    grains = np.zeros((len(cases), lowering.n_workers), np.int64)
    for case, prefer in enumerate(cases):
        if prefer:
            grains[case] = price
            grains[case, lowering.rows_of(prefer)] = 0
    return [PairPrice(row, grains)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each visit by somebody who is not preferred."""
    price = grains_of(request.weights.not_preferred)
    return [
        Line(
            CODE,
            OTHER,
            {"engineer": visit.engineer.id, "ticket": visit.ticket.id},
            price,
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_leads(request, plan)
        if visit.ticket.prefer and visit.engineer.id not in visit.ticket.prefer
    ]
