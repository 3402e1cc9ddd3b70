"""Sheets into the store: all of a file or nothing unless told otherwise; the same file twice adds nothing.

What tells that a row was there before: for tickets the row's digest; for customers, shifts and absences without a number an
id made of the digest; for engineers and customers their number. A number that is there with other contents refuses its row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final, Literal

from dispatch.domain.customer import Customer, Site, Tier
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.errors import AlreadyThere
from dispatch.domain.event import Event
from dispatch.domain.part import Depot, Part
from dispatch.domain.place import FoundBy
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.importers.customers import read_customers
from dispatch.importers.depots import read_depots
from dispatch.importers.drafts import (
    CustomerDraft,
    Draft,
    EngineerDraft,
    PartDraft,
    ShiftDraft,
    StockDraft,
    TicketDraft,
)
from dispatch.importers.engineers import read_engineers
from dispatch.importers.parts import read_parts
from dispatch.importers.reading import Imported
from dispatch.importers.rows import Settings
from dispatch.importers.shifts import read_shifts
from dispatch.importers.stock import read_stock
from dispatch.importers.tickets import read_tickets
from dispatch.places.found import Found
from dispatch.places.geocoding import Asking
from dispatch.services.drafted import (
    Note,
    area_of,
    engineer_of,
    locate_drafts,
    note_of,
    notes_of_place,
    shift_of,
    ticket_of,
)
from dispatch.services.edit_records import make_id
from dispatch.services.intake_ticket import PREFIX
from dispatch.services.keep_goods import Counting, Named, depot_of, part_of, says_the_same
from dispatch.services.promise_ticket import promise_for
from dispatch.services.regions import pick_day
from dispatch.storage.mapping import Editable
from dispatch.storage.store import Store, Writing

Kind = Literal["tickets", "engineers", "shifts", "customers", "parts", "depots", "stock"]

ATTEMPTS: Final = 5
"""How often an import is tried that met another one: the second time it sees what the other has added."""

SERIAL_DIGITS: Final = 9
"""Longer ends of a sheet's numbers are no serials of ours."""

_READERS: Final[Mapping[Kind, Callable[[bytes, Settings], Imported[Any]]]] = {
    "tickets": read_tickets,
    "engineers": read_engineers,
    "shifts": read_shifts,
    "customers": read_customers,
    "parts": read_parts,
    "depots": read_depots,
    "stock": read_stock,
}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A sheet that was read and whose places were looked for; nothing is stored yet."""

    kind: Kind
    settings: Settings
    imported: Imported[Any]
    found: tuple[Found | None, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a sheet.

    Parameters
    ----------
    added
        Ids of the new records of the sheet's kind.
    known
        How many rows were there before.
    refused
        Every fault; when there is one and not ``partly``, nothing was stored.
    doubts
        What is in doubt.
    """

    added: tuple[str, ...] = ()
    known: int = 0
    refused: tuple[Note, ...] = ()
    doubts: tuple[Note, ...] = ()


def prepare_sheet(kind: Kind, data: bytes, settings: Settings, geocoder: Asking | None = None) -> Prepared:
    """Read a sheet and look for its places; this may take seconds, so no unit is open meanwhile."""
    imported = _READERS[kind](data, settings)
    placed = [draft for draft in imported.drafts if _has_place(draft)]
    area = area_of(draft.place for draft in placed)
    places = dict(
        zip(
            [draft.line for draft in placed],
            locate_drafts([draft.place for draft in placed], area, geocoder),
            strict=True,
        )
    )
    return Prepared(kind, settings, imported, tuple(places.get(draft.line) for draft in imported.drafts))


def import_sheet(
    store: Store, prepared: Prepared, region_id: str, *, by: str, now: datetime, partly: bool = False
) -> Stored:
    """Store a sheet in one unit; one that meets another import is tried anew.

    Raises
    ------
    NotFound
        There is no such region.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            with store.writing() as unit:
                return keep_sheet(unit, prepared, region_id, by=by, now=now, partly=partly)
        except AlreadyThere:
            continue
    with store.writing() as unit:
        return keep_sheet(unit, prepared, region_id, by=by, now=now, partly=partly)


def keep_sheet(
    unit: Writing, prepared: Prepared, region_id: str, *, by: str, now: datetime, partly: bool = False
) -> Stored:
    """Store a sheet's rows that are new.

    Parameters
    ----------
    partly
        Store the good rows though others are refused.

    Raises
    ------
    NotFound
        There is no such region.
    AlreadyThere
        Another import was faster; try anew.
    """
    region = unit.get(Region, region_id)
    keeper = _Keeper(unit, region, prepared, now)
    getattr(keeper, f"take_{prepared.kind}")()
    faults = [fault for row in prepared.imported.refused for fault in row.faults]
    refused = [note_of(prepared.kind, fault) for fault in (*prepared.imported.faults, *faults)] + keeper.refused
    doubts = [note_of(prepared.kind, doubt) for doubt in prepared.imported.doubts] + keeper.doubts
    if prepared.imported.faults or (refused and not partly):
        return Stored(known=keeper.known, refused=tuple(refused), doubts=tuple(doubts))
    for record in unit.save_all(keeper.new):
        kind = type(record).__name__
        line = keeper.lines.get((kind, record.id))
        details = {} if line is None else {"line": line}
        unit.add_event(Event(f"{kind}Imported", now, kind, record.id, region_id, by, details))
    return Stored(tuple(keeper.added), keeper.known, tuple(refused), tuple(doubts))


class _Keeper:
    """Makes the records of one sheet that are not in the store yet."""

    def __init__(self, unit: Writing, region: Region, prepared: Prepared, now: datetime) -> None:
        self._unit = unit
        self._region = region
        self._kind = prepared.kind
        self._settings = prepared.settings
        self._rows: list[tuple[Any, Found | None]] = list(zip(prepared.imported.drafts, prepared.found, strict=True))
        self._now = now
        self.new: list[Editable] = []
        self.added: list[str] = []
        self.known = 0
        self.refused: list[Note] = []
        self.doubts: list[Note] = []
        self.lines: dict[tuple[str, str], int] = {}
        self._parts = Named(())

    def take_tickets(self) -> None:
        """Take tickets under their number, or the day's next; a customer is found by name, else made."""
        prefix = f"{PREFIX}{pick_day(self._region, self._now):%Y%m%d}"
        last = self._unit.find_last_serial(prefix)  # first: others who number tickets wait from here on
        known = self._unit.find_known_rows(self._region.id, {draft.digest for draft, _ in self._rows})
        rows = [(draft, found) for draft, found in self._rows if draft.digest not in known]
        self.known += len(self._rows) - len(rows)
        numbers = [draft.number for draft, _ in rows if draft.number]
        taken = {ticket.id for ticket in self._unit.list_all(Ticket, id=numbers)} if numbers else set()
        serial = max([last, *_serials(numbers, prefix)])
        customers = self._find_customers(draft.customer for draft, _ in rows)
        needing = any(draft.parts for draft, _ in rows)
        self._parts = Named((part.id, part.name) for part in self._unit.list_all(Part)) if needing else Named(())
        for draft, found in rows:
            if draft.number in taken:
                self._refuse_number(draft)
                continue
            id = draft.number  # noqa: A001 - the field of every record is called so
            if not id:
                serial += 1
                id = f"{prefix}{serial:03d}"  # noqa: A001 - as above
            self._add_ticket(draft, found, id, customers.get(draft.customer or ""))

    def _add_ticket(
        self,
        draft: TicketDraft,
        found: Found | None,
        id: str,  # noqa: A002 - as above
        customer: Customer | None,
    ) -> None:
        assert found is not None, "every ticket has been located"  # noqa: S101 - by prepare_sheet
        ticket = ticket_of(
            draft,
            id,
            self._region,
            found,
            reported_at=self._now,
            customer=customer,
            row_digest=draft.digest,
            parts=self._find_parts(draft),
        )
        site = None if draft.place.address or draft.place.point else self._find_site(customer)
        if site is not None and site.point is not None:
            point = replace(site.point, found_by=FoundBy.SITE)
            ticket = replace(ticket, site_id=site.id, address=site.address, point=point)
        else:
            self.doubts += notes_of_place(self._kind, draft.line, found)
        tier = Tier.SILVER if customer is None else customer.tier
        self._add(promise_for(ticket, tier, self._region), draft.line)

    def _find_parts(self, draft: TicketDraft) -> dict[str, int]:
        """Return what a ticket needs by the parts' ids; what nobody knows is told and not needed."""
        needed: dict[str, int] = {}
        for word, quantity in draft.parts.items():
            found = self._parts.find(word)
            if len(found) == 1:
                (part,) = found
                needed[part] = needed.get(part, 0) + quantity
            else:
                zh = "没有备件" if not found else "有几种备件叫"
                en = "there is no part" if not found else "several parts are called"
                self.doubts.append(
                    Note(
                        self._kind,
                        "several_parts" if found else "unknown_part",
                        f"{zh}「{word}」，没有算作所需备件：请写备件号",
                        f'{en} "{word}", it does not count as needed: write its number',
                        draft.line,
                    )
                )
        return needed

    def take_parts(self) -> None:
        """Take parts under their number."""
        for draft, _ in self._rows:
            self._take_goods(draft, part_of(draft), apart=())

    def take_depots(self) -> None:
        """Take depots under their number."""
        for draft, found in self._rows:
            depot = depot_of(draft, self._region, found)
            is_new = self._take_goods(draft, depot, apart=("point", "stock", "deliveries", "tools"))
            if is_new and found is not None and depot.point is not None:
                self.doubts += notes_of_place(self._kind, draft.line, found)

    def _take_goods(self, draft: Any, record: Part | Depot, *, apart: Sequence[str]) -> bool:  # noqa: ANN401 - of a part or a depot
        """Take a record that is not there; tell whether it is new."""
        stored = self._unit.find(type(record), record.id)
        if stored is None:
            self._add(record, draft.line)
        elif says_the_same(stored, record, apart):
            self.known += 1
        else:
            self._refuse_number(draft)
        return stored is None

    def take_stock(self) -> None:
        """Take counts and deliveries into the depots and vans that they name."""
        counting = Counting(self._unit, self._region, self._now)
        for draft, _ in self._rows:
            taken = counting.take(draft)
            if isinstance(taken, tuple):
                self._refuse(draft, *taken)
            elif not taken:
                self.known += 1
            else:
                self.lines[type(counting.changed[taken]).__name__, taken] = draft.line
                self.added.append(taken)
        self.new.extend(counting.changed.values())

    def take_engineers(self) -> None:
        """Take engineers under their number; each gets the usual hours as the shift of the planned day."""
        for draft, found in self._rows:
            id = draft.number or f"E{draft.digest[:12]}"  # noqa: A001 - as above
            if found is None:
                continue
            engineer = engineer_of(draft, id, self._region, found.point)
            if self._is_new(engineer, draft, apart={"home", "outlet_id", "active", "certificates", "van", "tools"}):
                if _has_place(draft):
                    self.doubts += notes_of_place(self._kind, draft.line, found)
                self._add(engineer, draft.line)
            shift = shift_of(id, self._region, self._settings.day, *draft.shift)
            if self._unit.find(Shift, shift.id) is None:
                self.new.append(shift)

    def take_shifts(self) -> None:
        """Take shifts and absences of engineers whom their number or name tells."""
        named: dict[str, list[Engineer]] = {}
        for engineer in self._unit.list_all(Engineer, region_id=self._region.id):
            for name in {engineer.id, engineer.name}:
                named.setdefault(name, []).append(engineer)
        for draft, _ in self._rows:
            found = named.get(draft.engineer, [])
            if len(found) != 1:
                self._refuse(
                    draft,
                    "unknown_engineer" if not found else "several_engineers",
                    f"没有工程师「{draft.engineer}」" if not found else f"有几位工程师叫「{draft.engineer}」，请写工号",
                    f'there is no engineer "{draft.engineer}"'
                    if not found
                    else f'several engineers are called "{draft.engineer}": write the number',
                )
                continue
            self._add_hours(draft, found[0])

    def _add_hours(self, draft: ShiftDraft, engineer: Engineer) -> None:
        mark = draft.digest[:16]
        if draft.is_absence:
            absence = Absence(f"A{mark}", engineer.id, *draft.hours, reason=draft.note or "")
            if self._unit.find(Absence, absence.id) is None:
                self._add(absence, draft.line)
            else:
                self.known += 1
            return
        shift = Shift(f"S{mark}", engineer.id, self._region.id, *draft.hours, overtime_s=draft.overtime_s)
        if self._unit.find(Shift, shift.id) is None:
            self._add(shift, draft.line)
        else:
            self.known += 1

    def take_customers(self) -> None:
        """Take customers under their number; where a place is named it becomes their site."""
        for draft, found in self._rows:
            id = draft.number or f"C{draft.digest[:16]}"  # noqa: A001 - as above
            customer = Customer(id, draft.name, draft.phone, draft.tier)
            if not self._is_new(customer, draft, apart=set()):
                continue
            self._add(customer, draft.line)
            if found is not None and (draft.place.address or draft.place.point):
                self.doubts += notes_of_place(self._kind, draft.line, found)
                self.new.append(
                    Site(
                        f"{id}-1",
                        id,
                        self._region.id,
                        draft.place.address or "",
                        point=found.point,
                        door_note=draft.note,
                        contact_name=draft.contact,
                        phone=draft.phone,
                    )
                )

    def _is_new(self, record: Engineer | Customer, draft: EngineerDraft | CustomerDraft, *, apart: set[str]) -> bool:
        """Tell whether a record is not there; refuse the row when it is there with other contents."""
        stored = self._unit.find(type(record), record.id)
        if stored is None:
            return True
        names = {field.name for field in fields(record)} - apart - {"version"}
        if all(getattr(stored, name) == getattr(record, name) for name in names):
            self.known += 1
        else:
            self._refuse_number(draft)
        return False

    def _find_customers(self, names: Iterable[str | None]) -> dict[str, Customer]:
        """Return the customer of each name; those whom nobody knows are new, of several alike none is taken."""
        wanted = {name for name in names if name}
        if not wanted:
            return {}
        stored = [customer for customer in self._unit.list_all(Customer) if customer.name in wanted]
        times = Counter(customer.name for customer in stored)
        found = {customer.name: customer for customer in stored if times[customer.name] == 1}
        for name in sorted(wanted - set(times)):
            found[name] = Customer(make_id(), name)
            self.new.append(found[name])
        return found

    def _find_site(self, customer: Customer | None) -> Site | None:
        """Return the one site of a customer in the region, if there is just one."""
        if customer is None or customer.version == 0:
            return None
        sites = self._unit.list_all(Site, customer_id=customer.id, region_id=self._region.id)
        return sites[0] if len(sites) == 1 else None

    def _add(self, record: Editable, line: int) -> None:
        self.new.append(record)
        self.added.append(record.id)
        self.lines[type(record).__name__, record.id] = line

    def _refuse_number(self, draft: Any) -> None:  # noqa: ANN401 - a draft with a number
        self._refuse(
            draft,
            "number_taken",
            f"「{draft.number}」已经存在，内容不同",
            f'"{draft.number}" is there already, with other contents',
        )

    def _refuse(self, draft: Draft, code: str, zh: str, en: str) -> None:
        self.refused.append(Note(self._kind, code, zh, en, draft.line))


def _has_place(draft: Draft) -> bool:
    return not isinstance(draft, (ShiftDraft, PartDraft, StockDraft))


def _serials(numbers: Sequence[str], prefix: str) -> list[int]:
    """Return the serials among numbers of a sheet that begin as ours do."""
    rests = [number.removeprefix(prefix) for number in numbers if number.startswith(prefix)]
    return [int(rest) for rest in rests if rest.isascii() and rest.isdecimal() and len(rest) <= SERIAL_DIGITS]
