"""Who alone may come, and who may never: ``only`` and ``never`` of a ticket. Both are hard.

>>> NOT_ONLY.say("en", {"engineer": "wang", "ticket": "T1"})
'wang is not among those who alone may serve T1'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Engineer, Plan, Request, Ticket
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.visits import list_visits
from solver.terms import Forbid, Term

CODE = "only_never"
OBJECTIVE: str | None = None

NOT_ONLY = Sentence(
    "only_never.only",
    zh="{engineer} 不在 {ticket} 的指定人员之列",
    en="{engineer} is not among those who alone may serve {ticket}",
)
NEVER = Sentence("only_never.never", zh="{ticket} 指明不派 {engineer}", en="{ticket} says that {engineer} never comes")


def terms(lowering: Lowering) -> list[Term]:
    """Forbid the pairs that ``only`` leaves out and ``never`` names."""
    row, cases = lowering.cases(lambda fit: (fit.only, fit.never))
    mask = np.zeros((len(cases), lowering.n_workers), np.bool_)
    for case, (only, never) in enumerate(cases):
        if only is not None:
            mask[case] = True
            mask[case, lowering.rows_of(only)] = False
        mask[case, lowering.rows_of(never)] = True
    return [Forbid(row, mask)] if mask.any() else []


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each visit by somebody who may not come."""
    return [
        Line(
            CODE,
            sentence,
            {"engineer": visit.engineer.id, "ticket": visit.ticket.id},
            breach=True,
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_visits(request, plan)
        if not visit.is_free and (sentence := find_ban(visit.ticket, visit.engineer)) is not None
    ]


def find_ban(ticket: Ticket, engineer: Engineer) -> Sentence | None:
    """Return why an engineer may not serve a ticket, or None."""
    if engineer.id in ticket.never:
        return NEVER
    return NOT_ONLY if ticket.only is not None and engineer.id not in ticket.only else None
