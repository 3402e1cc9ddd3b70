from __future__ import annotations

import dataclasses
from collections import Counter

import pytest

from dispatch.importers.drafts import EngineerDraft, TicketDraft
from dispatch.importers.engineers import read_engineers
from dispatch.importers.reading import Imported
from dispatch.importers.tickets import read_tickets
from tests.dispatch.importers.sheets import FIXTURES, SETTINGS

DISTRICTS = frozenset({"上城区", "拱墅区", "西湖区", "滨江区", "萧山区", "余杭区", "临平区", "钱塘区"})
DAY = dataclasses.replace(SETTINGS, districts=DISTRICTS)


@pytest.fixture(scope="module")
def tickets() -> Imported[TicketDraft]:
    return read_tickets((FIXTURES / "messy" / "tickets.xlsx").read_bytes(), DAY)


def test_of_120_rows_three_repeat_others_five_are_refused_and_the_rest_is_read(tickets: Imported[TicketDraft]) -> None:
    told = Counter(doubt.code for doubt in tickets.doubts)
    assert (len(tickets.drafts), len(tickets.refused), told["repeated_row"]) == (112, 5, 3)


def test_each_refused_row_is_told_where_and_why(tickets: Imported[TicketDraft]) -> None:
    assert [(fault.code, fault.letter) for row in tickets.refused for fault in row.faults] == [
        ("relative_date", "J"),
        ("impossible_date", "J"),
        ("bad_duration", "K"),
        ("phone_shortened", "E"),
        ("unknown_grade", "I"),
    ]


def test_merged_cells_hold_for_all_their_rows(tickets: Imported[TicketDraft]) -> None:
    by_line = {draft.line: draft for draft in tickets.drafts}
    block = [by_line[line] for line in (9, 10, 11)]
    assert block[0].customer
    assert len({(draft.customer, draft.place, draft.phone) for draft in block}) == 1
    assert len({draft.number for draft in block}) > 1


def test_every_ticket_has_an_address_in_a_known_district_and_plain_digits(tickets: Imported[TicketDraft]) -> None:
    for draft in tickets.drafts:
        assert draft.place.address is not None
        assert draft.place.address.startswith("杭州市")
        assert f"{draft.place.district}".removesuffix("区") + "区" in DISTRICTS
        assert not set("０１２３４５６７８９") & set(draft.place.address + (draft.phone or ""))


def test_wrong_districts_and_ways_of_writing_days_are_told(tickets: Imported[TicketDraft]) -> None:
    told = Counter(doubt.code for doubt in tickets.doubts)
    assert told["district_mismatch"] == 3
    assert told["two_date_styles"] >= 2
    assert {"other_sheets", "total_row", "guessed_grade", "default_duration", "default_grade"} <= set(told)


def test_text_like_a_formula_in_a_note_stays_text(tickets: Imported[TicketDraft]) -> None:
    assert "=加急" in {draft.note for draft in tickets.drafts}


def test_the_engineers_of_the_day_are_read() -> None:
    engineers: Imported[EngineerDraft] = read_engineers((FIXTURES / "messy" / "engineers.csv").read_bytes(), DAY)
    assert engineers.is_whole
    assert len(engineers.drafts) == 16
    assert Counter(doubt.code for doubt in engineers.doubts) == {"default_shift": 5}
