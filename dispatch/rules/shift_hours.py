"""Shift hours: a route starts no earlier than its shift and ends no later than ``end`` + ``overtime_s``.

Routes of one engineer do not overlap: a route ends before the engineer's next shift begins, whatever its overtime.

>>> LATE_END.say("zh", {"engineer": "张伟", "shift": "D1", "over": "5 分钟"})
'张伟 的班次 D1 超出可加班时间 5 分钟'
"""

from __future__ import annotations

from itertools import pairwise

from dispatch.format.model import Plan, Request
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering, optional_limits
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import FAR_S
from solver.terms import Term, TourLimit

CODE = "shift_hours"
OBJECTIVE: str | None = None

EARLY_START = Sentence(
    "shift_hours.start",
    zh="{engineer} 的班次 {shift} 提前 {early} 出发",
    en="{engineer} leaves {early} before shift {shift} starts",
)
LATE_END = Sentence(
    "shift_hours.end",
    zh="{engineer} 的班次 {shift} 超出可加班时间 {over}",
    en="{engineer}'s route in shift {shift} ends {over} after its latest end",
)


def terms(lowering: Lowering) -> list[Term]:
    """Bound the end of each tour by its overtime and by the next tour's start."""
    last_s = optional_limits(
        (lowering.at_s(tour.shift.end) + tour.shift.overtime_s for tour in lowering.tours), otherwise=FAR_S
    )
    for row, (tour, after) in enumerate(pairwise(lowering.tours)):
        if tour.engineer_row == after.engineer_row:
            last_s[row] = min(last_s[row], lowering.at_s(after.start_at))
    return [TourLimit(last_s=last_s)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each route that starts too early or ends too late."""
    told = []
    for driven in list_routes(request, plan):
        early_s = whole_s(driven.route.stops[0].leave, driven.shift.start)
        over_s = whole_s(driven.shift.end, driven.route.stops[-1].arrive) - driven.shift.overtime_s
        about = {"engineer": driven.engineer.id, "shift": driven.shift.id}
        if early_s > 0:
            told.append(
                Line(
                    CODE,
                    EARLY_START,
                    {**about, "early": Seconds(early_s)},
                    breach=True,
                    engineer=about["engineer"],
                    shift=about["shift"],
                )
            )
        if over_s > 0 and not driven.is_broken:
            told.append(
                Line(
                    CODE,
                    LATE_END,
                    {**about, "over": Seconds(over_s)},
                    breach=True,
                    engineer=about["engineer"],
                    shift=about["shift"],
                )
            )
    return told
