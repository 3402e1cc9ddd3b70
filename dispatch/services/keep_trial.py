"""Keep what a trial has read: its sheets go into the store together, the way that any sheet goes.

The sheets themselves are read again, not the trial's records: those belong to a region and a morning that nobody stores. So a
row that was tried and one that was imported are the same row, and none of them is added twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256

from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.errors import AlreadyThere
from dispatch.domain.place import CoordinateSystem
from dispatch.domain.region import Region
from dispatch.importers.rows import Settings
from dispatch.places.geocoding import Asking
from dispatch.services.drafted import Note
from dispatch.services.edit_records import add_record
from dispatch.services.import_sheet import ATTEMPTS, Prepared, Stored, keep_sheet, prepare_sheet
from dispatch.services.try_day import PLACES_S, Trial
from dispatch.storage.store import Store, Writing


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was tried, so that it can be kept.

    Parameters
    ----------
    tickets, engineers
        The files; None: there was no sheet of engineers.
    day
        The planned day, whose shifts the engineers get.
    system
        Coordinate system of the sheets' points.
    assumed
        The engineers whom the trial assumed for want of a sheet, each with the shift of the day.
    """

    tickets: bytes = field(repr=False)
    engineers: bytes | None = field(repr=False)
    day: date
    system: CoordinateSystem
    assumed: tuple[tuple[Engineer, Shift], ...] = field(default=(), repr=False)

    @property
    def size_bytes(self) -> int:
        """How much the files hold."""
        return len(self.tickets) + len(self.engineers or b"")


@dataclass(frozen=True, slots=True)
class KeptTrial:
    """What became of the sheets.

    Parameters
    ----------
    region_id
        Where they were to be kept.
    tickets, engineers
        As the import tells it; without a sheet of engineers, those who were assumed, if they were asked for.
    clashes
        Rows that could be read and meet something else under the same number. When there is one and it was not said to go on
        without them, nothing at all was stored.
    is_stored
        Whether the rest was stored.
    """

    region_id: str
    tickets: Stored
    engineers: Stored
    clashes: tuple[Note, ...]
    is_stored: bool

    @property
    def added(self) -> int:
        """How many tickets are new."""
        return len(self.tickets.added)


class _ClashError(Exception):
    """Ends the unit, so that nothing of it is kept."""

    def __init__(self, kept: KeptTrial) -> None:
        super().__init__("rows clash")
        self.kept = kept


def sheets_of(trial: Trial, tickets: bytes, engineers: bytes | None, system: CoordinateSystem) -> Sheets:
    """Return what has to be remembered of a trial for keeping it."""
    shifts = {shift.engineer_id: shift for shift in trial.snapshot.shifts}
    people = () if engineers else tuple((one, shifts[one.id]) for one in trial.snapshot.engineers)
    return Sheets(tickets, engineers or None, trial.read.day, system, people)


def prepare_trial(sheets: Sheets, geocoder: Asking | None = None) -> tuple[Prepared, ...]:
    """Read the sheets as an import does, and look for their places; this may take seconds, so no unit is open meanwhile.

    A geocoder has the seconds that it had when the sheets were tried, and what it answered then is remembered.
    """
    if geocoder is not None:
        geocoder = geocoder.within(PLACES_S)
    settings = Settings(sheets.day, system=sheets.system)
    people = () if sheets.engineers is None else (prepare_sheet("engineers", sheets.engineers, settings, geocoder),)
    return (*people, prepare_sheet("tickets", sheets.tickets, settings, geocoder))


def keep_trial(
    store: Store,
    sheets: Sheets,
    prepared: Sequence[Prepared],
    region: Region,
    *,
    by: str,
    now: datetime,
    with_assumed: bool = False,
    anyway: bool = False,
) -> KeptTrial:
    """Store what was read in one unit: all of it or nothing. Rows that were refused when they were tried stay out.

    Parameters
    ----------
    sheets, prepared
        What was tried, and what :func:`prepare_trial` has made of it.
    region
        Where it belongs; one that is not stored yet is made with it.
    with_assumed
        Keep the engineers whom the trial assumed, too.
    anyway
        Store the rest though some rows meet something else under their number.

    Raises
    ------
    NotFound
        There is no such region.
    """
    for attempt in range(ATTEMPTS):
        try:
            with store.writing() as unit:
                return _keep(unit, sheets, prepared, region, by=by, now=now, with_assumed=with_assumed, anyway=anyway)
        except _ClashError as refused:
            return refused.kept
        except AlreadyThere:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("every attempt returns or raises")


def _keep(
    unit: Writing,
    sheets: Sheets,
    prepared: Sequence[Prepared],
    region: Region,
    *,
    by: str,
    now: datetime,
    with_assumed: bool,
    anyway: bool,
) -> KeptTrial:
    """Store in a unit, or raise so that it keeps nothing."""
    if region.version == 0:
        add_record(unit, region, by=by, now=now)
    people = _keep_assumed(unit, sheets, region, by=by, now=now) if with_assumed else Stored()
    clashes: list[Note] = []
    stored: dict[str, Stored] = {"engineers": people}
    for sheet in prepared:
        kept = keep_sheet(unit, sheet, region.id, by=by, now=now, partly=True)
        faults = len(sheet.imported.faults) + sum(len(row.faults) for row in sheet.imported.refused)
        clashes += kept.refused[faults:]
        stored[sheet.kind] = kept
    is_stored = anyway or not clashes
    done = KeptTrial(region.id, stored["tickets"], stored["engineers"], tuple(clashes), is_stored)
    if not is_stored:
        raise _ClashError(done)
    return done


def _keep_assumed(unit: Writing, sheets: Sheets, region: Region, *, by: str, now: datetime) -> Stored:
    """Store the engineers whom a trial assumed; one of the same name that was kept before is the same."""
    added: list[str] = []
    for person, shift in sheets.assumed:
        id_ = f"E{sha256(f'{region.id} {person.name}'.encode()).hexdigest()[:12]}"
        if unit.find(Engineer, id_) is None:
            add_record(unit, replace(person, id=id_, region_id=region.id), by=by, now=now)
            added.append(id_)
        day_id = f"{id_}-{sheets.day:%Y%m%d}"
        if unit.find(Shift, day_id) is None:
            add_record(unit, replace(shift, id=day_id, engineer_id=id_, region_id=region.id), by=by, now=now)
    return Stored(tuple(added), len(sheets.assumed) - len(added))
