from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from importlib.resources import files

import pytest

from dispatch.data_file import DataError
from dispatch.format.model import Weights
from dispatch.policies.packs.model import BASES, GRADES, TIERS
from dispatch.policies.tables.model import PRESETS
from dispatch.policies.tables.read import get_book, get_presets, get_table, read_presets, read_table

PRICES = files("dispatch.policies.tables").joinpath("prices.toml").read_text(encoding="utf-8")
WAYS = files("dispatch.policies.tables").joinpath("presets.toml").read_text(encoding="utf-8")


def faults_of(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read_table(text)
    return "\n".join(caught.value.faults)


def with_row(number: int, old: str, new: str) -> str:
    """Replace something in one row, which has to hold it."""
    head, *rows = PRICES.split("[[rows]]")
    assert old in rows[number]
    rows[number] = rows[number].replace(old, new, 1)
    return "[[rows]]".join([head, *rows])


def test_there_is_a_row_for_each_grade_and_tier_and_each_value_names_a_clause_with_its_words() -> None:
    table = get_table()
    assert set(table.rows) == {(grade, tier) for grade in GRADES for tier in TIERS}
    for row in table.rows.values():
        for value in (row.late_arrival, row.late_resolution, row.skip):
            assert table.clauses[value.source.clause].quote
            assert value.source.basis in BASES


def test_no_price_claims_that_a_clause_states_it() -> None:
    for row in get_table().rows.values():
        assert {value.source.basis for value in (row.late_arrival, row.late_resolution, row.skip)} == {"ours"}


def test_each_preset_gives_every_weight_with_its_clause() -> None:
    presets = get_presets()
    assert tuple(presets) == PRESETS
    for preset in presets.values():
        assert set(preset.sources) >= set(Weights.__dataclass_fields__)
        assert all(source.clause in preset.clauses for source in preset.sources.values())


@pytest.mark.parametrize(
    ("number", "old", "new", "fault"),
    [
        (1, 'clause = "SL-17"', 'clause = "SL-99"', "rows[1].late_arrival.clause must be one of KP-22, SL-17"),
        (1, 'basis = "ours"', 'basis = "sure"', "rows[1].late_arrival.basis must be one of stated, derived, ours"),
        (2, 'grade = "emergency"', 'grade = "huge"', "rows[2].grade must be one of"),
        (2, 'tier = "silver"', 'tier = "gold"', "rows[2] must be the only row of its grade and tier"),
        (2, 'tier = "silver"\n', "", "rows[2].tier must be there"),
        (2, 'tier = "silver"', 'tier = "silver"\ncolour = "red"', "rows[2].colour must be one of grade, tier"),
        (3, "cost = 240", "cost = -1", "rows[3].late_arrival.cost must be from 0 to 1000000"),
        (3, "cost = 240", "cost = 0.001", "with at most 2 decimals"),
        (3, "cost = 240", "cost = nan", "rows[3].late_arrival.cost"),
        (3, "cost = 240", "cost = inf", "rows[3].late_arrival.cost"),
        (3, "cost = 240", 'cost = "240"', "rows[3].late_arrival.cost must be a number"),
        (11, "cost = 220", "cost = 50", "rows[11].skip.cost must be more than an hour late in both, 50, got '50'"),
        (10, "cost = 330", "cost = 219", "general gold: skip.cost must be no lower than that of general silver"),
        (8, "cost = 500", "cost = 219", "important silver: skip.cost must be no lower than that of general silver"),
    ],
)
def test_a_faulty_row_is_told_with_its_path_value_and_limit(number: int, old: str, new: str, fault: str) -> None:
    assert fault in faults_of(with_row(number, old, new))


def test_just_within_the_bounds_is_taken() -> None:
    assert read_table(with_row(11, "cost = 220", "cost = 50.01"))


def test_all_faults_are_told_at_once() -> None:
    text = with_row(0, "cost = 600", "cost = -1").replace('tier = "silver"', 'tier = "tin"')
    assert len(faults_of(text).splitlines()) == 5


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("slack_h = 0", "slack_h = 1", "waiting[0] must be slack_h 0 with percent 100, got [(1, 100)]"),
        ("percent = 100", "percent = 99", "waiting[0] must be slack_h 0 with percent 100, got [(0, 99)]"),
        ("slack_h = 24", "slack_h = 0", "waiting[1].slack_h must be more than 0, got 0"),
        ("slack_h = 24", "slack_h = 24.5", "waiting[1].slack_h must be a whole number from 0 to 8784"),
        ("percent = 75", "percent = 49", "waiting[2].percent must be no more than 49, got 50"),
        ("percent = 75", "percent = 0", "waiting[1].percent must be a whole number from 1 to 100, got 0"),
        ('percent = 75\nclause = "KP-22"', 'percent = 75\nclause = "KP-2"', "waiting[1].clause must be one of"),
    ],
)
def test_what_waiting_takes_off_begins_with_nothing_and_falls(old: str, new: str, fault: str) -> None:
    assert old in PRICES
    assert fault in faults_of(PRICES.replace(old, new, 1))


def test_a_ticket_that_can_wait_is_cheaper_to_leave() -> None:
    book = get_book("least_change")
    prices = [
        str(book.wait(Decimal("100.01"), timedelta(minutes=minutes))) for minutes in (-60, 1439, 1440, 4319, 4320)
    ]
    assert prices == ["100.01", "100.01", "75.01", "75.01", "50.01"]


def test_a_missing_row_is_told() -> None:
    assert "rows must be complete with general silver" in faults_of(PRICES.rpartition("[[rows]]")[0])


def test_a_clause_that_nothing_comes_from_is_told() -> None:
    text = PRICES.replace("[clauses.KP-22]", '[clauses.XX-01]\ndocument = "009"\nquote = "…"\n\n[clauses.KP-22]')
    assert faults_of(text) == "clauses.XX-01 must be the source of a value, got 'none'"


@pytest.mark.parametrize("text", ["", "rows = 3", "clauses = 1\nrows = []", "not toml", "rows = [1, 2]\n[clauses]"])
def test_any_other_document_is_refused_with_a_reason(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "late_factor = { value = 2,",
            "late_factor = { value = 2.5,",
            "skip_factor.value must be no less than late_factor, 2.5",
        ),
        ("late_factor = { value = 2,", "late_factor = { value = 0.0001,", "with at most 3 decimals"),
        ("late_factor = { value = 2,", "late_factor = { value = 101,", "from 0 to 100"),
        ("use_shift = {", "use_shoe = {", "presets.deadlines_first.use_shoe must be one of"),
        ("use_shift = {", "use_shoe = {", "presets.deadlines_first.use_shift must be there"),
        ("[presets.cost_first]", "[presets.joy_first]", "presets.cost_first must be there"),
        ('title_zh = "时限优先"', 'title_zh = " "', "presets.deadlines_first.title_zh must be a text"),
        ("overtime_per_h = { value = 60,", "overtime_per_h = { value = -60,", "overtime_per_h.value must be from 0"),
    ],
)
def test_a_faulty_preset_is_told(old: str, new: str, fault: str) -> None:
    assert old in WAYS
    with pytest.raises(DataError) as caught:
        read_presets(WAYS.replace(old, new, 1))
    assert fault in "\n".join(caught.value.faults)
