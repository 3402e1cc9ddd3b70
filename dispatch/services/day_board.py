"""What the live board shows of a region's day, read at one moment in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch.domain.job import Job
from dispatch.domain.plan import Publication, Revision
from dispatch.domain.snapshot import Snapshot
from dispatch.services.report_visit import Report, read_reports
from dispatch.storage.days import RevisionLine
from dispatch.storage.store import Reading


@dataclass(frozen=True, slots=True)
class DayBoard:
    """A region's day.

    Parameters
    ----------
    snapshot
        Engineers, shifts, absences, tickets, and the plan in force.
    publications
        All of the day, by number.
    revisions
        All of the day, the newest first, without their documents.
    draft
        The newest revision, if it was made on top of the plan in force and is not published yet; else None.
    jobs
        Of the day, the last one asked for first.
    reports
        What engineers reported that day of the snapshot's tickets, in order.
    last_event
        The largest number among the events that were read; it rises when anything is reported.
    """

    snapshot: Snapshot
    publications: tuple[Publication, ...]
    revisions: tuple[RevisionLine, ...]
    draft: Revision | None
    jobs: tuple[Job, ...]
    reports: tuple[Report, ...]
    last_event: int

    @property
    def job(self) -> Job | None:
        """The last job that was asked for."""
        return self.jobs[0] if self.jobs else None


def read_day_board(unit: Reading, region_id: str, day: date) -> DayBoard:
    """Read the board.

    Raises
    ------
    NotFound
        There is no such region.
    """
    snapshot = unit.snapshot(region_id, day)
    revisions = tuple(unit.list_revisions(region_id, day))
    current = 0 if snapshot.publication is None else snapshot.publication.number
    newest = revisions[0] if revisions else None
    is_draft = newest is not None and newest.number is None and newest.base_number == current
    events = unit.list_ticket_events([ticket.id for ticket in snapshot.tickets])
    return DayBoard(
        snapshot=snapshot,
        publications=tuple(unit.list_publications(region_id, day)),
        revisions=revisions,
        draft=unit.find_revision(newest.id) if newest is not None and is_draft else None,
        jobs=tuple(unit.list_jobs(region_id, day)),
        reports=tuple(report for report in read_reports(events) if report.day == day),
        last_event=max((event.number for event in events), default=0),
    )
