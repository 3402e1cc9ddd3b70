"""Prices and bans for one engineer at one ticket: how any further rule of the business speaks (``tickets.pairs``).

Several entries for one engineer add up; one ``forbid`` is enough.

>>> PRICED.say("zh", {"engineer": "张伟", "ticket": "T1", "why": "familiar"})
'张伟 上门 T1 的附加费用（familiar）'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Engineer, Pair, Plan, Request, Ticket
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import grains_of
from dispatch.rulebook.visits import list_visits
from solver.terms import Forbid, PairPrice, Term

CODE = "pairs"
OBJECTIVE: str | None = "pairs"

PRICED = Sentence(
    "pairs.priced", zh="{engineer} 上门 {ticket} 的附加费用（{why}）", en="{engineer} at {ticket} has a price ({why})"
)
FORBIDDEN_PAIR = Sentence(
    "pairs.forbidden", zh="规则 {why} 不许 {engineer} 上门 {ticket}", en="rule {why} keeps {engineer} from {ticket}"
)
UNNAMED = "pairs"


def terms(lowering: Lowering) -> list[Term]:
    """Price and forbid the pairs that are named."""
    row, cases = lowering.cases(lambda fit: fit.pairs)
    if not any(cases):
        return []
    mask = np.zeros((len(cases), lowering.n_workers), np.bool_)
    grains = np.zeros((len(cases), lowering.n_workers), np.int64)
    for case, pairs in enumerate(cases):
        for pair in pairs:
            worker = lowering.engineer_row[pair.engineer]
            grains[case, worker] += grains_of(pair.cost)
            mask[case, worker] |= pair.forbid
    return [PairPrice(row, grains), Forbid(row, mask)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell the pairs of a plan that are priced or banned."""
    return [
        Line(
            CODE,
            FORBIDDEN_PAIR if pair.forbid and not visit.is_free else PRICED,
            params_of(visit.ticket, pair),
            grains_of(pair.cost),
            breach=pair.forbid and not visit.is_free,
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_visits(request, plan)
        for pair in visit.ticket.pairs
        if pair.engineer == visit.engineer.id and ((pair.forbid and not visit.is_free) or pair.cost)
    ]


def find_ban(ticket: Ticket, engineer: Engineer) -> Pair | None:
    """Return the entry that keeps an engineer from a ticket, or None."""
    return next((pair for pair in ticket.pairs if pair.forbid and pair.engineer == engineer.id), None)


def params_of(ticket: Ticket, pair: Pair) -> dict[str, object]:
    """Return the names that the sentences of this rule fill in."""
    return {"engineer": pair.engineer, "ticket": ticket.id, "why": pair.code or UNNAMED}
