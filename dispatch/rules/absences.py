"""Absences: no leg and no work overlaps one; sharing an end point only is no overlap. Waiting and breaks may.

>>> OVERLAP.say("zh", {"engineer": "张伟", "shift": "D1", "from": "10:00", "to": "11:00"})
'张伟 在 10:00 至 11:00 缺勤，班次 D1 的行程或作业与之重叠'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Interval, Plan, Request
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering, flatten
from dispatch.rulebook.visits import each_leg, list_routes
from solver.terms import Absences, Term

CODE = "absences"
OBJECTIVE: str | None = None

OVERLAP = Sentence(
    "absences.overlap",
    zh="{engineer} 在 {from} 至 {to} 缺勤，班次 {shift} 的行程或作业与之重叠",
    en="{engineer} is absent from {from} to {to}, and travels or works then in shift {shift}",
)


def terms(lowering: Lowering) -> list[Term]:
    """Hand each tour its absences, sorted, those that overlap joined."""
    first, absences = flatten([_joined(lowering, tour.shift.absences) for tour in lowering.tours])
    pairs = np.array(absences, np.int64).reshape(-1, 2)
    return [Absences(first, pairs[:, 0].copy(), pairs[:, 1].copy())]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each absence in which a route travels or works."""
    told = []
    for driven in list_routes(request, plan):
        if not driven.shift.absences:
            continue
        busy = [(leave, arrive) for leave, arrive, _ in each_leg(driven.route)]
        busy += [(stop.begin, stop.leave) for stop in driven.route.stops if stop.kind in {"visit", "pickup"}]
        about = {"engineer": driven.engineer.id, "shift": driven.shift.id}
        for low, high in driven.shift.absences:
            if any(begin < high and low < end for begin, end in busy):
                params = {**about, "from": low.strftime("%m-%d %H:%M"), "to": high.strftime("%m-%d %H:%M")}
                told.append(Line(CODE, OVERLAP, params, breach=True, engineer=about["engineer"], shift=about["shift"]))
    return told


def _joined(lowering: Lowering, absences: tuple[Interval, ...]) -> list[tuple[int, int]]:
    """Return absences in seconds, sorted, those that overlap (not those that touch) joined."""
    joined: list[tuple[int, int]] = []
    for from_s, to_s in sorted((lowering.at_s(low), lowering.at_s(high)) for low, high in absences):
        if joined and from_s < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to_s))
        else:
            joined.append((from_s, to_s))
    return joined
