from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from dispatch.data_file import DataError
from dispatch.policies.packs.read import PACKS, get_pack
from dispatch.policies.tables.read import get_presets, get_table
from dispatch.requirements.document import write_document
from dispatch.requirements.read import Requirement, get_requirements, read_requirements

ROOT = Path(__file__).resolve().parents[3]
TEXT = files("dispatch.requirements").joinpath("rows.toml").read_text(encoding="utf-8")
ROWS = get_requirements()

COUNTS = {
    "IN": 15,
    "GR": 10,
    "SL": 25,
    "DP": 20,
    "PT": 9,
    "KP": 27,
    "FU": 9,
    "AR": 2,
    "PR": 2,
    "KB": 1,
    "RV": 2,
    "EM": 13,
}
OUTSIDE = (
    "IN-07 IN-08 IN-13 SL-18 SL-19 SL-20 SL-23 KP-06 KP-12 KP-13 KP-14 KP-20 KP-21 KP-25 FU-08 FU-09 "
    "EM-01 EM-03 EM-04 EM-09 EM-10 EM-12"
)


def test_every_rule_of_the_documents_has_its_row() -> None:
    expected = [f"{letters}-{number:02d}" for letters, count in COUNTS.items() for number in range(1, count + 1)]
    assert [row.id for row in ROWS] == expected


def test_only_what_was_agreed_is_outside() -> None:
    assert [row.id for row in ROWS if row.state == "outside"] == OUTSIDE.split()


@pytest.mark.parametrize("row", [row for row in ROWS if row.state == "built"], ids=lambda row: row.id)
def test_what_is_built_is_where_it_is_said_to_be(row: Requirement) -> None:
    for where in row.where:
        path, _, name = where.partition("#")
        assert (ROOT / path).is_file(), where
        assert name in (ROOT / path).read_text(encoding="utf-8"), where


def test_the_document_is_the_one_that_is_made_from_the_rows() -> None:
    current = (ROOT / "docs" / "requirements.md").read_text(encoding="utf-8")
    assert current == write_document(ROWS), "run: python -m dispatch.requirements"
    assert re.findall(r"^\| ([A-Z]{2}-\d\d) ", current, re.MULTILINE) == [row.id for row in ROWS]


def test_every_clause_that_a_value_comes_from_is_one_of_the_rows() -> None:
    named = set(get_table().clauses)
    for preset in get_presets().values():
        named |= set(preset.clauses)
    for name in PACKS:
        pack = get_pack(name)
        named |= pack.clauses() | {goal.clause for goal in pack.goals}
        rules = (*pack.grades, *pack.tiers, *pack.pauses.values(), *pack.warnings, *pack.escalations)
        named |= {rule.source.clause for rule in rules}
    assert named - {row.id for row in ROWS} == set()


def test_a_clause_of_a_pack_stands_in_the_packs_own_document() -> None:
    documents = {row.id: row.document for row in ROWS}
    for name in ("002", "004"):
        assert {documents[clause] for clause in get_pack(name).clauses()} == {name}


def faults_of(text: str) -> str:
    with pytest.raises(DataError) as caught:
        read_requirements(text)
    return "\n".join(caught.value.faults)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "IN-02"', 'id = "IN-01"', "rows[1].id must be the only row of its id, got 'IN-01'"),
        ('id = "IN-02"', 'id = "IN-2"', "rows[1].id must be an id such as GR-03, got 'IN-2'"),
        ('document = "000"', 'document = "005"', "rows[0].document must be one of 000, 001, 002, 003, 004, got '005'"),
        ('state = "later"\n', 'state = "soon"\n', "rows[0].state must be one of built, later, outside, got 'soon'"),
        ('state = "later"\n', 'state = "built"\n', "rows[0].where must be there, for what is built, got None"),
        ('state = "built"\n', 'state = "later"\n', "must be there, for what is later, got None"),
        (
            'state = "later"\n',
            'state = "later"\nwhere = ["README.md"]\n',
            "rows[0].where must be left out, for what is later",
        ),
        ('number = "6 channels"', 'number = ""', "rows[1].number must be a text, got ''"),
    ],
)
def test_a_faulty_row_is_told_with_place_value_and_what_was_expected(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    assert fault in faults_of(TEXT.replace(old, new, 1))


@pytest.mark.parametrize("text", ["", "rows = 3", "no toml"])
def test_any_other_document_is_refused_with_a_reason(text: str) -> None:
    assert faults_of(text)
