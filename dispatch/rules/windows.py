"""Windows: work begins inside one of a ticket's windows, both ends included, and not before its release.

Planning format, ``tickets.windows`` and ``tickets.release``. A ticket without windows may begin at any time.

>>> OUTSIDE.say("en", {"ticket": "T1", "begin": "12:01", "early": "0 s", "late": "1 min"})
'T1 begins at 12:01, outside its windows'
"""

from __future__ import annotations

import numpy as np

from dispatch.format.model import Plan, Request, Ticket
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering, flatten
from dispatch.rulebook.visits import list_visits, whole_s
from solver.problem import FAR_S
from solver.terms import Term, Windows

CODE = "windows"
OBJECTIVE: str | None = None

OUTSIDE = Sentence(
    "windows.outside",
    zh="{ticket} 于 {begin} 开工，不在约定时段内",
    en="{ticket} begins at {begin}, outside its windows",
)
RELEASED = Sentence(
    "windows.release", zh="{ticket} 开工早于可开始时间 {early}", en="{ticket} begins {early} before its release"
)


def terms(lowering: Lowering) -> list[Term]:
    """Clip windows by release and now; a ticket that has none left keeps one that no tour ever reaches."""
    first, windows = flatten([_possible(lowering, ticket) for ticket in lowering.request.tickets])
    pairs = np.array(windows, np.int64).reshape(-1, 2)
    return [Windows(first, pairs[:, 0].copy(), pairs[:, 1].copy())]


def lines(request: Request, plan: Plan) -> list[Line]:
    """Tell each visit that begins outside its windows or before its release."""
    told = []
    for visit in list_visits(request, plan):
        ticket, begin = visit.ticket, visit.stop.begin
        if visit.is_broken:
            continue
        if ticket.windows and not visit.is_on_the_way and not any(low <= begin <= high for low, high in ticket.windows):
            params: dict[str, object] = {"ticket": ticket.id, "begin": begin.strftime("%m-%d %H:%M")}
            told.append(Line(CODE, OUTSIDE, params, breach=True, ticket=ticket.id, engineer=visit.engineer.id))
        if ticket.release is not None and begin < ticket.release:
            params = {"ticket": ticket.id, "early": Seconds(whole_s(begin, ticket.release))}
            told.append(Line(CODE, RELEASED, params, breach=True, ticket=ticket.id, engineer=visit.engineer.id))
    return told


def _possible(lowering: Lowering, ticket: Ticket) -> list[tuple[int, int]]:
    """Return a ticket's windows in seconds: clipped, sorted and disjoint."""
    earliest_s = 0 if ticket.release is None else max(0, lowering.at_s(ticket.release))
    windows = [(lowering.at_s(low), lowering.at_s(high)) for low, high in ticket.windows] or [(0, FAR_S)]
    joined: list[tuple[int, int]] = []
    for from_s, to_s in sorted((max(low, earliest_s), high) for low, high in windows if high >= earliest_s):
        if joined and from_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], to_s))
        else:
            joined.append((from_s, to_s))
    return joined or [(FAR_S, FAR_S)]
