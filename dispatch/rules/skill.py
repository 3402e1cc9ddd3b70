"""Skills: a ticket's engineer has every skill it requires, at the level it requires or above.

Planning format, ``tickets.requires`` and ``engineers.skills``: 1 junior 初级, 2 intermediate 中级, 3 senior 高级, 4 expert 专家.

>>> MISSING.say("zh", {"engineer": "张伟", "skill": "空调", "need": 3, "have": 2})
'张伟 缺少技能：空调 3 级（现 2 级）'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Engineer, Plan, Request, Ticket
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.visits import list_leads
from solver.terms import Forbid, Term

CODE = "skill"
OBJECTIVE: str | None = None

MISSING = Sentence(
    "skill.missing",
    zh="{engineer} 缺少技能：{skill} {need} 级（现 {have} 级）",
    en="{engineer} lacks a skill: {skill} level {need} (has {have})",
)


def terms(lowering: Lowering) -> list[Term]:
    """Forbid each pair in which a level is too low."""
    row, cases = lowering.cases(lambda fit: () if fit.is_free else fit.requires)
    mask = np.zeros((len(cases), lowering.n_workers), np.bool_)
    for case, requires in enumerate(cases):
        for skill, level in requires:
            mask[case] |= lowering.level(skill) < level
    return [Forbid(row, mask)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each visit whose engineer lacks a skill."""
    return [
        Line(CODE, MISSING, params, breach=True, ticket=visit.ticket.id, engineer=visit.engineer.id)
        for visit in list_leads(request, plan)
        if not visit.is_free
        for params in list_missing(visit.ticket, visit.engineer)
    ]


def list_missing(ticket: Ticket, engineer: Engineer) -> list[dict[str, object]]:
    """List what an engineer lacks for a ticket: ``engineer``, ``skill``, ``need`` and ``have``."""
    return [
        {"engineer": engineer.id, "skill": skill, "need": need, "have": engineer.skills.get(skill, 0)}
        for skill, need in ticket.requires.items()
        if engineer.skills.get(skill, 0) < need
    ]
