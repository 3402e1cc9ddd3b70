"""Breaks: each begins inside its ``[from, to]``, and a route that runs from before ``to`` to after it owes the break.

A break is taken once at most and lasts its ``duration_s``. A route that ends at or before ``to``, or leaves at or after
it, owes nothing.

>>> OWED.say("zh", {"engineer": "张伟", "shift": "D1", "to": "13:00"})
'张伟 的班次 D1 缺少应在 13:00 前开始的休息'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Break, Plan, Request, Stop
from dispatch.rulebook.in_force import in_force
from dispatch.rulebook.line import Line, Sentence
from dispatch.rulebook.lowering import Lowering, Tour, flatten
from dispatch.rulebook.visits import list_routes, whole_s
from solver.problem import FAR_S
from solver.terms import Breaks, Term

CODE = "breaks"
OBJECTIVE: str | None = None

OWED = Sentence(
    "breaks.owed",
    zh="{engineer} 的班次 {shift} 缺少应在 {to} 前开始的休息",
    en="{engineer} owes a break in shift {shift} that begins by {to}",
)
WRONG = Sentence(
    "breaks.wrong",
    zh="{engineer} 在班次 {shift} 的休息不合规定：应在 {to} 前开始",
    en="{engineer} takes a break in shift {shift} at a wrong time or length, or twice; it begins by {to}",
)


def order_of(tour: Tour) -> list[int]:
    """Return the indices of a tour's breaks in the order in which the search takes them: by ``to``, then ``from``."""
    breaks = tour.shift.breaks
    left = (index for index in range(len(breaks)) if index not in tour.settled)
    return sorted(left, key=lambda index: (breaks[index].to, breaks[index].from_))


def terms(lowering: Lowering) -> list[Term]:
    """Hand each tour its breaks in order."""
    first, breaks = flatten([[tour.shift.breaks[row] for row in order_of(tour)] for tour in lowering.tours])
    rows = [(lowering.at_s(pause.from_), lowering.at_s(pause.to), min(pause.duration_s, FAR_S)) for pause in breaks]
    from_s, to_s, duration_s = (column.copy() for column in np.array(rows, np.int64).reshape(-1, 3).T)
    return [Breaks(first, from_s, to_s, duration_s)]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell breaks that are owed, and breaks at the wrong time or of the wrong length."""
    told = []
    known = in_force(request)
    for driven in list_routes(request, plan):
        if driven.is_broken:
            continue
        where = known.whereabouts.get((driven.engineer.id, driven.shift.id))
        stops, about = driven.route.stops, {"engineer": driven.engineer.id, "shift": driven.shift.id}
        for index, pause in enumerate(driven.shift.breaks):
            taken = [stop for stop in stops if stop.kind == "break" and stop.break_ == index]
            is_done = where is not None and index in where.breaks_done
            owed = stops[0].leave < pause.to < stops[-1].arrive and not is_done
            right = _is_right(taken, pause) and not (is_done and taken)
            sentence = OWED if owed and not taken else None if right else WRONG
            if sentence is not None:
                params = {**about, "to": pause.to.strftime("%m-%d %H:%M")}
                told.append(Line(CODE, sentence, params, breach=True, engineer=about["engineer"], shift=about["shift"]))
    return told


def _is_right(taken: list[Stop], pause: Break) -> bool:
    """Tell whether a break is taken once at most, in time and in full."""
    return len(taken) <= 1 and all(
        pause.from_ <= stop.begin <= pause.to and whole_s(stop.begin, stop.leave) == pause.duration_s for stop in taken
    )
