"""Certificates lapse: work that needs a skill ends by the engineer's ``skills_until`` for it.

Planning format, ``engineers.skills_until``; the moment itself is still in time.

>>> LAPSED.say("en", {"engineer": "zhang", "skill": "gas", "until": "12:00", "late": "5 min"})
"zhang's skill gas lapses at 12:00, 5 min before the work ends"
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering
from dispatch.rulebook.visits import list_leads, whole_s
from solver.problem import FAR_S
from solver.terms import FinishBy, Term

CODE = "skill_lapse"
OBJECTIVE: str | None = None

LAPSED = Sentence(
    "skill_lapse.lapsed",
    zh="{engineer} 的技能 {skill} 于 {until} 到期，早于完工 {late}",
    en="{engineer}'s skill {skill} lapses at {until}, {late} before the work ends",
)


def terms(lowering: Lowering) -> list[Term]:
    """Bound the end of service by the first lapse of a required skill."""
    until: dict[str, list[tuple[int, int]]] = {}
    for row, engineer in enumerate(lowering.request.engineers):
        for skill, moment in engineer.skills_until.items():
            until.setdefault(skill, []).append((row, lowering.at_s(moment)))
    if not until:
        return []
    row_of, cases = lowering.cases(
        lambda fit: () if fit.is_free else tuple(skill for skill, _ in fit.requires if skill in until)
    )
    by_s = np.full((len(cases), lowering.n_workers), FAR_S)
    for case, skills in enumerate(cases):
        for skill in skills:
            for worker, moment_s in until[skill]:
                by_s[case, worker] = min(by_s[case, worker], moment_s)
    return [FinishBy(row_of, by_s)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each visit that ends after a skill it needs has lapsed."""
    return [
        Line(
            CODE,
            LAPSED,
            {
                "engineer": visit.engineer.id,
                "skill": skill,
                "until": until.strftime("%m-%d %H:%M"),
                "late": Seconds(whole_s(until, visit.stop.leave)),
            },
            breach=True,
            ticket=visit.ticket.id,
            engineer=visit.engineer.id,
        )
        for visit in list_leads(request, plan)
        if not visit.is_free
        for skill, until in visit.engineer.skills_until.items()
        if skill in visit.ticket.requires and visit.stop.leave > until
    ]
