"""What a revision changes against the plan in force: what a dispatcher reads before publishing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from dispatch.domain.plan import Revision, Visit
from dispatch.format.read import read_plan, read_request
from dispatch.kpis import measure_all
from dispatch.services.publish_plan import find_in_force
from dispatch.storage.store import Reading

TOLERANCE: Final = timedelta(seconds=600)
"""A start that moves by no more is no change: what the planning format grants a visit that was promised nothing."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A ticket that both plans visit, by another engineer or at another time."""

    ticket_id: str
    was_engineer: str
    engineer: str
    was_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """One plan in figures.

    Parameters
    ----------
    total_cny, terms_cny, figures
        Of the plan's document: without visits that were carried, which are history to it. A plan made in the middle of a
        day therefore weighs the rest of that day alone.
    n_visits
        All visits, of the whole day.
    carried
        Tickets of the visits that were carried: done or under way when the plan was made; by id, a crew's more than once.
    """

    revision_id: str
    n_visits: int
    carried: tuple[str, ...]
    total_cny: Decimal
    terms_cny: Mapping[str, Decimal]
    figures: Mapping[str, int | None]

    @property
    def n_carried(self) -> int:
        """How many visits are in no total or figure."""
        return len(self.carried)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A revision against the plan in force.

    Parameters
    ----------
    before
        The plan in force; None: none was published, and everything is added.
    after
        The revision.
    added, dropped
        Tickets that only the revision, or only the plan in force, visits; by id.
    reassigned
        Tickets that go to another engineer.
    retimed
        Tickets of the same engineer that begin more than :data:`TOLERANCE` earlier or later.
    """

    before: Side | None
    after: Side
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    reassigned: tuple[Moved, ...]
    retimed: tuple[Moved, ...]

    @property
    def is_whole_day(self) -> bool:
        """Whether totals and figures are of all visits of the day, in both plans."""
        return not self.after.carried and (self.before is None or not self.before.carried)

    @property
    def is_alike(self) -> bool:
        """Whether totals and figures of both plans are of the same part of the day, so that they can be subtracted."""
        return self.before is None or self.before.carried == self.after.carried


def compare_plans(unit: Reading, revision_id: str) -> Comparison:
    """Compare a revision with the plan in force of its region and day.

    Raises
    ------
    NotFound
        There is no such revision.
    """
    revision = unit.get_revision(revision_id)
    force = find_in_force(unit, revision)
    was = {} if force is None else {visit.ticket_id: visit for visit in force.visits}
    will = {visit.ticket_id: visit for visit in revision.visits}
    moved = [_move(was[id_], will[id_]) for id_ in sorted(was.keys() & will.keys())]
    return Comparison(
        before=None if force is None else _side(force),
        after=_side(revision),
        added=tuple(sorted(will.keys() - was.keys())),
        dropped=tuple(sorted(was.keys() - will.keys())),
        reassigned=tuple(move for move in moved if move.engineer != move.was_engineer),
        retimed=tuple(
            move for move in moved if move.engineer == move.was_engineer and abs(move.at - move.was_at) > TOLERANCE
        ),
    )


def _move(was: Visit, will: Visit) -> Moved:
    """Put two visits of one ticket beside each other."""
    return Moved(will.ticket_id, was.engineer_id, will.engineer_id, was.begin_at, will.begin_at)


def _side(revision: Revision) -> Side:
    """Sum up a revision."""
    request = read_request(revision.request_json)
    plan = read_plan(revision.plan_json, request)
    planned = {stop.ticket for route in plan.routes for stop in route.stops if stop.kind == "visit"}
    return Side(
        revision_id=revision.id,
        n_visits=len(revision.visits),
        carried=tuple(sorted(visit.ticket_id for visit in revision.visits if visit.ticket_id not in planned)),
        total_cny=plan.objective.total,
        terms_cny=plan.objective.terms,
        figures=measure_all(plan, request),
    )
