from __future__ import annotations

import re
import string

import pytest

from dispatch.importers.remarks import Remark
from dispatch.importers.sentences import DOUBTS, FILE_FAULTS, ROW_FAULTS, SENTENCES
from tests.dispatch.importers.sheets import FIXTURES


def names_in(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def facts_in(template: str) -> set[str]:
    return {name.removesuffix("_zh").removesuffix("_en") for name in names_in(template)}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_sentence_stands_in_both_languages_with_the_same_facts(code: str) -> None:
    zh, en = SENTENCES[code]
    assert re.search(r"[\u4e00-\u9fff]", zh)
    assert re.match(r"[A-Z\"{]", en)
    assert facts_in(zh) == facts_in(en)


def test_every_code_stands_in_the_document_and_no_other() -> None:
    page = (FIXTURES.parent / "docs" / "sheets.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z0-9_]+)` \|", page, re.MULTILINE) == list(SENTENCES)


def test_no_code_stands_in_two_tables() -> None:
    assert len(SENTENCES) == len(FILE_FAULTS) + len(ROW_FAULTS) + len(DOUBTS)


def test_a_remark_about_a_row_or_a_file_names_no_column() -> None:
    assert Remark("no_place", 4).where() == "第 4 行"
    assert Remark("empty_file").where("en") == ""
