"""What an engineer's phone shows: the own day, and what changed in it since it was last looked at."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.plan import Visit
from dispatch.domain.region import Region
from dispatch.services.compare_plans import TOLERANCE
from dispatch.services.engineer_day import Break, Call, EngineerDay, PickUp, read_engineer_day
from dispatch.services.regions import pick_day
from dispatch.services.report_visit import Step
from dispatch.storage.store import Reading


@dataclass(frozen=True, slots=True)
class DayChanges:
    """What is otherwise than in the plans that were looked at before.

    Parameters
    ----------
    added, dropped
        Tickets that came, in the order of the day, and tickets that went, by id.
    moved
        Ticket to when it was to begin; it begins more than :data:`~dispatch.services.compare_plans.TOLERANCE` earlier or later.
    """

    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    moved: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.added or self.dropped or self.moved)


@dataclass(frozen=True, slots=True)
class MyDay:
    """The day for the phone.

    Parameters
    ----------
    day
        The published day.
    region
        The engineer's own: its zone is that of the times that are shown.
    today
        Today, as :func:`find_today` has it.
    version
        Names the plans that the day comes from; another one means that another plan was published.
    changes
        What is otherwise than in the version that was seen; none, if none was.
    now
        When it is read.
    """

    day: EngineerDay
    region: Region
    today: date
    version: str
    changes: DayChanges
    now: datetime

    @property
    def finished(self) -> tuple[Call, ...]:
        """Visits that are over, or have nothing more to report."""
        return tuple(call for call in self.day.calls if call.next_step is None)

    @property
    def coming(self) -> tuple[Call, ...]:
        """Visits that are not over: the first one is the next."""
        return tuple(call for call in self.day.calls if call.next_step is not None)

    @property
    def agenda(self) -> tuple[Call | Break | PickUp, ...]:
        """The visits that are not over, and between them the breaks and pick-ups.

        A break stands there until it is over, or so are the visits before it; a pick-up until the engineer sets off to the
        visit after it.
        """
        coming = list(self.coming)
        entries: list[Call | Break | PickUp] = []
        others: list[Break | PickUp] = [*self.day.breaks, *self.day.pickups]
        for other in sorted(others, key=lambda one: one.begin_at):
            before = [call for call in coming if call.visit.begin_at < other.begin_at]
            coming = coming[len(before) :]
            entries += before
            if not self._is_fetched(other) if isinstance(other, PickUp) else entries or other.leave_at > self.now:
                entries.append(other)
        return (*entries, *coming)

    def _is_fetched(self, pickup: PickUp) -> bool:
        """Tell whether an engineer has left a depot, as far as the reports tell."""
        after = next((call for call in self.day.calls if call.visit.begin_at >= pickup.leave_at), None)
        if after is None:
            return pickup.leave_at <= self.now
        return after.next_step not in {Step.ACCEPT, Step.DEPART}


def read_my_day(unit: Reading, engineer_id: str, *, day: date, seen: str | None, now: datetime) -> MyDay:
    """Read an engineer's day.

    Parameters
    ----------
    seen
        The version that was looked at before; None: none was. One that is not known counts as a day without visits.
    now
        A moment with a zone.

    Raises
    ------
    NotFound
        There is no such engineer.
    """
    region = _region_of(unit, engineer_id)
    today = find_today(unit, engineer_id, now)
    found = read_engineer_day(unit, engineer_id, day)
    version = version_of(found)
    changes = DayChanges()
    if seen is not None and seen != version:
        changes = _compare(_visits_of(unit, engineer_id, found.day, seen.split("+")), found.calls)
    return MyDay(found, region, today, version, changes, now)


def find_today(unit: Reading, engineer_id: str, now: datetime) -> date:
    """Return today, as the clocks of an engineer's region have it; after midnight the day of the night shift under way.

    A night shift is under way until it ends, or until its last visit in force was to be over if that is later.

    Raises
    ------
    NotFound
        There is no such engineer.
    """
    today = pick_day(_region_of(unit, engineer_id), now)
    before = today - timedelta(days=1)
    visits = [visit for _, visit in unit.list_visits_in_force(engineer_id, before)]
    shifts = unit.list_all(Shift, id={visit.shift_id for visit in visits})
    ends = [*(visit.leave_at for visit in visits), *(shift.end_at for shift in shifts)]
    return before if any(end > now for end in ends) else today


def read_version(unit: Reading, engineer_id: str, day: date) -> str:
    """Return the version of an engineer's day, without reading what is in it."""
    return _version({publication.revision_id for publication, _ in unit.list_visits_in_force(engineer_id, day)})


def version_of(day: EngineerDay) -> str:
    """Return the version of a day that was read: a name of the plans that it comes from, empty when there is none."""
    return _version({publication.revision_id for publication in day.publications})


def _region_of(unit: Reading, engineer_id: str) -> Region:
    return unit.get(Region, unit.get(Engineer, engineer_id).region_id)


def _version(revision_ids: Collection[str]) -> str:
    return "+".join(sorted(revision_ids))


def _visits_of(unit: Reading, engineer_id: str, day: date, revision_ids: Collection[str]) -> dict[str, Visit]:
    """Return an engineer's visits in revisions of a day."""
    found = [unit.find_revision(revision_id) for revision_id in revision_ids if revision_id]
    return {
        visit.ticket_id: visit
        for revision in found
        if revision is not None and revision.day == day
        for visit in revision.visits
        if visit.engineer_id == engineer_id
    }


def _compare(was: Mapping[str, Visit], calls: Collection[Call]) -> DayChanges:
    """Compare the visits that were seen with those of today."""
    now = {call.visit.ticket_id: call.visit for call in calls}
    return DayChanges(
        added=tuple(id_ for id_ in now if id_ not in was),
        dropped=tuple(sorted(id_ for id_ in was if id_ not in now)),
        moved={
            id_: was[id_].begin_at
            for id_, visit in now.items()
            if id_ in was and abs(visit.begin_at - was[id_].begin_at) > TOLERANCE
        },
    )
