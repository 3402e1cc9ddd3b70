"""Rare hands for rare work: each level above the required minimum costs ``overqualified_per_level``.

Price: Σ over required skills of (engineer's level − minimum) × price.

>>> ABOVE.say("en", {"engineer": "wang", "skill": "air", "have": 4, "need": 2})
'wang has air level 4 where 2 would do'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.money import grains_of
from dispatch.rulebook.visits import list_leads
from solver.terms import PairPrice, Term

CODE = "overqualified"
OBJECTIVE: str | None = "overqualified"

ABOVE = Sentence(
    "overqualified.above",
    zh="{engineer} 的 {skill} 为 {have} 级，只需 {need} 级",
    en="{engineer} has {skill} level {have} where {need} would do",
)


def terms(lowering: Lowering) -> list[Term]:
    """Price levels above the minimum; a level below it is for the rule of skills to forbid."""
    price = grains_of(lowering.request.weights.overqualified_per_level)
    if not price:
        return []
    row, cases = lowering.cases(lambda fit: fit.requires)
    grains = np.zeros((len(cases), lowering.n_workers), np.int64)
    for case, requires in enumerate(cases):
        for skill, level in requires:
            grains[case] += np.maximum(lowering.level(skill) - level, 0) * price
    return [PairPrice(row, grains)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each skill of each visit that is above what is needed."""
    price = grains_of(request.weights.overqualified_per_level)
    return [
        Line(
            CODE,
            ABOVE,
            {"engineer": visit.engineer.id, "skill": skill, "have": have, "need": need},
            (have - need) * price,
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_leads(request, plan)
        for skill, need in visit.ticket.requires.items()
        if (have := visit.engineer.skills.get(skill, 0)) > need
    ]
