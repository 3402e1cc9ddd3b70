"""Changes of the plan in force (``previous``): another engineer, a start outside its tolerance, leaving the visit out.

Price, once for a planned visit, three times for a told one, never for one on the way: ``change_engineer`` where none of the
earlier engineers comes; ``change_start_per_h`` × seconds ÷ 3600 from the begin to the nearest end of the tolerance
(``promised``, else 600 s around the earlier start); ``change_skip`` where it is left out. A crew is one visit, told what its
first row is. A mandatory ticket that is left out has its price in the ledger alone: the search counts such tickets apart.

The search is told more: who is on the way comes first in the tour, pins and frozen visits stay with their engineer and are
not left out, and how many visits may change (``max_changes``): another engineer, another day, a start moved by more than 30
minutes, or left out. A start in another day's night is counted as another day whatever the shift: never fewer than are changed.
Of a crew the search prices and counts its lead: where another leads and one of the others remains, it counts a change that is none.

>>> MOVED.say("zh", {"ticket": "T1", "span": "5 分钟"})
'T1 的上门时间超出约定范围 5 分钟'
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta

import numpy as np
from numpy.typing import NDArray

from dispatch.format.model import Plan, Request
from dispatch.rulebook.in_force import CALM, Coming, in_force
from dispatch.rulebook.line import Line, Seconds, Sentence
from dispatch.rulebook.lowering import Lowering, helper_id
from dispatch.rulebook.money import cents_of, grains_of
from dispatch.rulebook.visits import Visit, list_visits, whole_s
from solver.problem import FAR_S, FORBIDDEN, Change, grains_per_s
from solver.terms import Mandatory, SkipPrice, Term

CODE = "change"
OBJECTIVE: str | None = "change"

OTHER = Sentence(
    "change.engineer",
    zh="{ticket} 由 {before} 改派给 {engineer}",
    en="{ticket} is given to {engineer} instead of {before}",
)
MOVED = Sentence(
    "change.start",
    zh="{ticket} 的上门时间超出约定范围 {span}",
    en="{ticket} begins {span} outside what was planned or promised",
)
DROPPED = Sentence(
    "change.skip", zh="{ticket} 原已排定，本计划未排入", en="{ticket} was planned before and is left out of this plan"
)


def terms(lowering: Lowering) -> list[Term]:
    """Tell prices, homes, who is on the way and the budget; nothing where no visit is still to come."""
    known, pins = lowering.known, lowering.pins
    if not known.coming:
        return []
    weights = lowering.request.weights
    tickets = lowering.request.tickets
    n = len(tickets)
    tour_row = {
        (lowering.request.engineers[tour.engineer_row].id, tour.shift.id): row
        for row, tour in enumerate(lowering.tours)
    }
    home, first = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    away, skip, rate = (np.zeros(n, np.int64) for _ in range(3))
    spans = np.zeros((n, 4), np.int64)
    counted, held = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    row_of = {ticket.id: job for job, ticket in enumerate(tickets)}
    for job, ticket in enumerate(tickets):
        rows = lowering.crew_of(ticket)
        if not rows:
            continue
        coming = rows[0]
        skip[job] = grains_of(weights.change_skip) * coming.factor
        rate[job] = grains_per_s(cents_of(weights.change_start_per_h)) * coming.factor
        away[job] = grains_of(weights.change_engineer) * coming.factor
        home[job] = lowering.engineer_row.get(coming.row.engineer, -1)
        if ticket.id in pins.lost:
            home[job], away[job] = -1, FORBIDDEN
        for member, one in enumerate(rows[: ticket.crew]):
            place = job if member == 0 else row_of[helper_id(ticket.id, member)]
            if ticket.id not in pins.lost and (one.is_held or one.is_on_the_way):
                held[job], away[place] = True, FORBIDDEN
                home[place] = lowering.engineer_row[one.row.engineer]
                if one.is_on_the_way:
                    first[place] = tour_row.get((one.row.engineer, one.row.shift), -1)
        spans[job] = [lowering.at_s(moment) for moment in (*coming.tolerance, *_calm(coming, lowering.request.now))]
        counted[job] = known.max_changes is not None and ticket.id not in pins.uncounted
    return [
        SkipPrice(skip),
        Mandatory(_with_those_before(lowering, held, row_of)),
        Change(
            home_worker=home,
            away_grains=away,
            first_tour=first,
            from_s=spans[:, 0].copy(),
            to_s=spans[:, 1].copy(),
            grains_per_s=rate,
            calm_from_s=spans[:, 2].copy(),
            calm_to_s=spans[:, 3].copy(),
            counted=counted,
            budget=FAR_S if known.max_changes is None else min(known.max_changes, FAR_S),
        ),
    ]


def _with_those_before(lowering: Lowering, held: NDArray[np.bool_], row_of: Mapping[str, int]) -> NDArray[np.bool_]:
    """Return what is held, and what has to be over before: without it what is held would be left out."""
    wanted = held.copy()
    rows = np.flatnonzero(held).tolist()
    while rows:
        for one in lowering.request.tickets[rows.pop()].after:
            row = row_of.get(one.ticket)
            if row is not None and not wanted[row]:
                wanted[row] = True
                rows.append(row)
    return wanted


def lines(request: Request, plan: Plan) -> list[Line]:
    """Price each visit of the plan in force that the plan changes."""
    known = in_force(request)
    if not known.coming:
        return []
    skipped = {skip.ticket for skip in plan.skipped}
    visits: dict[str, list[Visit]] = {}
    for visit in list_visits(request, plan):
        visits.setdefault(visit.ticket.id, []).append(visit)
    told = []
    for ticket_id, rows in known.coming.items():
        told += _lines_of(request, ticket_id, rows, visits.get(ticket_id, []), is_skipped=ticket_id in skipped)
    return [line for line in told if line.grains]


def _lines_of(
    request: Request, ticket_id: str, rows: tuple[Coming, ...], visits: list[Visit], *, is_skipped: bool
) -> list[Line]:
    """Price what became of one visit, or of one crew."""
    weights, coming = request.weights, rows[0]
    if is_skipped:
        price = grains_of(weights.change_skip) * coming.factor
        return [Line(CODE, DROPPED, {"ticket": ticket_id}, price, ticket=ticket_id)]
    if not visits:
        return []
    told = []
    engineers = [visit.engineer.id for visit in visits]
    if not {coming.row.engineer for coming in rows} & {*engineers}:
        params: dict[str, object] = {"ticket": ticket_id, "engineer": engineers[0], "before": coming.row.engineer}
        price = grains_of(weights.change_engineer) * coming.factor
        told.append(Line(CODE, OTHER, params, price, ticket=ticket_id, engineer=engineers[0]))
    span_s = outside_s(coming, visits[0].stop.begin)
    price = span_s * grains_per_s(cents_of(weights.change_start_per_h)) * coming.factor
    params = {"ticket": ticket_id, "span": Seconds(span_s)}
    told.append(Line(CODE, MOVED, params, price, ticket=ticket_id, engineer=engineers[0]))
    return told


def outside_s(coming: Coming, begin: datetime) -> int:
    """Return the seconds from a begin to the nearest end of a visit's tolerance, 0 inside."""
    first, last = coming.tolerance
    return max(whole_s(begin, first), whole_s(last, begin), 0)


def _calm(coming: Coming, now: datetime) -> tuple[datetime, datetime]:
    """Return from when until when a start is no change: 30 minutes either way, within the same local day."""
    start = coming.row.start.astimezone(now.tzinfo)
    midnight = datetime.combine(start.date(), time(0), start.tzinfo)
    return max(start - CALM, midnight), min(start + CALM, midnight + timedelta(days=1, seconds=-1))
