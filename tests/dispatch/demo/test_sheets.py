from __future__ import annotations

import re
from collections import Counter
from datetime import date

from dispatch.demo.sheets import SHANGHAI, make_sheets
from dispatch.domain.ticket import Grade
from dispatch.importers.customers import read_customers
from dispatch.importers.depots import read_depots
from dispatch.importers.engineers import read_engineers
from dispatch.importers.parts import read_parts
from dispatch.importers.rows import Settings
from dispatch.importers.shifts import read_shifts
from dispatch.importers.stock import read_stock
from dispatch.importers.tickets import read_tickets

DAY = date(2027, 2, 1)
READERS = {
    "engineers": read_engineers,
    "shifts": read_shifts,
    "customers": read_customers,
    "tickets": read_tickets,
    "parts": read_parts,
    "depots": read_depots,
    "stock": read_stock,
}


def test_the_same_day_gives_the_same_files() -> None:
    assert make_sheets(DAY) == make_sheets(DAY)


def test_every_row_is_one_that_the_importers_take_without_a_fault() -> None:
    for sheet in make_sheets(DAY):
        read = READERS[sheet.kind](sheet.data, Settings(DAY, SHANGHAI))
        assert (read.faults, read.refused) == ((), ())
        assert len(read.drafts) == sheet.rows


def test_all_grades_and_tiers_come_and_some_tickets_have_an_address_alone() -> None:
    settings = Settings(DAY, SHANGHAI)
    sheets = make_sheets(DAY)
    tickets = [
        draft for sheet in sheets if sheet.kind == "tickets" for draft in read_tickets(sheet.data, settings).drafts
    ]
    (customers,) = [read_customers(sheet.data, settings).drafts for sheet in sheets if sheet.kind == "customers"]
    assert set(Counter(ticket.grade for ticket in tickets)) == set(Grade)
    assert {customer.tier.value for customer in customers} == {"diamond", "gold", "silver"}
    alone = [ticket for ticket in tickets if ticket.place.address and ticket.place.point is None]
    assert 20 <= len(alone) <= 50
    assert {ticket.customer for ticket in tickets if not ticket.place.address} <= {
        customer.name for customer in customers
    }


def test_there_are_twelve_parts_two_depots_and_needs_on_a_share_of_the_tickets() -> None:
    settings = Settings(DAY, SHANGHAI)
    drafts = {
        kind: [draft for sheet in make_sheets(DAY) if sheet.kind == kind for draft in read(sheet.data, settings).drafts]
        for kind, read in READERS.items()
    }
    assert (len(drafts["parts"]), len(drafts["depots"])) == (12, 2)
    assert 0.25 <= sum(bool(ticket.parts) for ticket in drafts["tickets"]) / len(drafts["tickets"]) <= 0.4
    assert any(ticket.tools for ticket in drafts["tickets"])
    names = {part.name for part in drafts["parts"]}
    assert {part for ticket in drafts["tickets"] for part in ticket.parts} <= names
    assert any(row.at is not None and row.at.date() == DAY for row in drafts["stock"])
    assert {row.where for row in drafts["stock"]} > {depot.number for depot in drafts["depots"]}


def test_appointments_are_on_the_day() -> None:
    for sheet in make_sheets(DAY):
        if sheet.kind == "tickets":
            windows = [
                draft.window for draft in read_tickets(sheet.data, Settings(DAY, SHANGHAI)).drafts if draft.window
            ]
            assert windows
            assert {moment.astimezone(SHANGHAI).date() for window in windows for moment in window} == {DAY}


def test_no_telephone_number_is_one_that_could_ring() -> None:
    phones = []
    for sheet in make_sheets(DAY):
        drafts = READERS[sheet.kind](sheet.data, Settings(DAY, SHANGHAI)).drafts
        phones += [draft.phone for draft in drafts if getattr(draft, "phone", None)]
    assert phones
    assert all(re.fullmatch(r"0571-0\d{7}", phone) for phone in phones)
