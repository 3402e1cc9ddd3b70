from __future__ import annotations

import io
import time
import zipfile

import pytest

from dispatch.importers.bounds import (
    CELLS,
    COLUMNS,
    ENTRIES,
    FILE_BYTES,
    INFLATED_BYTES,
    LINES,
    ROWS,
    TAGS,
    find_archive_fault,
    find_rows_fault,
)
from dispatch.importers.cells import letter_of
from dispatch.importers.tickets import read_tickets
from tests.dispatch.importers.sheets import SETTINGS, codes, xlsx_of


def archive_of(entries: dict[str, bytes]) -> bytes:
    """Return a packed archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def fault_of(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        fault = find_archive_fault(archive, len(data))
    return fault.code if fault else None


def test_a_small_file_that_inflates_to_hundreds_of_megabytes_is_refused_at_once() -> None:
    piece = b"<row><c t='inlineStr'><is><t>aaaaaaaaaaaaaaaa</t></is></c></row>" * 1000
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(3300):
            part.write(piece)
    data = buffer.getvalue()
    assert 500_000 < len(data) < 900_000
    before_s = time.process_time()
    imported = read_tickets(data, SETTINGS)
    assert time.process_time() - before_s < 0.5
    assert codes(imported) == ["inflates_too_much"]
    assert "212 MB" in imported.faults[0].text("en")


def test_what_inflates_far_is_refused_by_its_ratio_though_it_is_below_the_limit() -> None:
    assert fault_of(archive_of({"xl/a.bin": bytes(INFLATED_BYTES // 2)})) == "inflates_too_much"
    assert fault_of(archive_of({"xl/a.bin": bytes(1_000_000)})) is None


@pytest.mark.parametrize(("more", "code"), [(0, None), (1, "too_many_entries")])
def test_entries_are_allowed_up_to_the_limit(more: int, code: str | None) -> None:
    assert fault_of(archive_of({f"{n}.bin": b"" for n in range(ENTRIES + more)})) == code


def test_tags_are_counted_before_anything_is_parsed() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a.xml", b"<c/>" * (TAGS // 2))
        archive.writestr("b.xml", b"<c/>" * (TAGS // 2))
    assert fault_of(buffer.getvalue()) is None
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("c.xml", b"<c/>")
    assert fault_of(buffer.getvalue()) == "too_many_cells"


def test_a_directory_that_lies_about_a_size_does_not_help() -> None:
    data = bytearray(archive_of({"a.xml": bytes(1000).replace(b"\0", b" ")}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert codes(read_tickets(bytes(data), SETTINGS)) == ["broken_workbook"]


def test_a_file_above_the_limit_is_not_looked_into() -> None:
    assert codes(read_tickets(b"a" * (FILE_BYTES + 1), SETTINGS)) == ["file_too_large"]


def test_a_workbook_with_more_rows_than_are_read_is_refused() -> None:
    rows = [["地址"], *(["路 1 号"] for _ in range(ROWS))]
    assert codes(read_tickets(xlsx_of(*rows), SETTINGS)) == ["too_many_rows"]


def workbook_with(rows: bytes) -> bytes:
    """Return a workbook with an address in its second row, and what else is given as the sheet's own XML."""
    with zipfile.ZipFile(io.BytesIO(xlsx_of(["地址"], ["路 1 号"]))) as archive:
        entries = {entry: archive.read(entry) for entry in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    entries[sheet] = entries[sheet].replace(b"</sheetData>", rows + b"</sheetData>")
    return archive_of(entries)


def test_a_workbook_with_far_too_many_rows_is_refused_before_it_is_parsed() -> None:
    cells = b"<c><v>1</v></c>" * 20
    data = workbook_with(b"".join(b'<row r="%d">%s</row>' % (line, cells) for line in range(3, 24_000)))
    before_s = time.process_time()
    assert codes(read_tickets(data, SETTINGS)) == ["too_many_rows"]
    assert time.process_time() - before_s < 1


def test_blank_rows_below_a_sheet_are_passed_over_up_to_a_limit() -> None:
    blank = b"".join(b'<row r="%d"/>' % line for line in range(3, LINES))
    assert codes(read_tickets(workbook_with(blank), SETTINGS)) == []
    assert codes(read_tickets(workbook_with(blank + b'<row r="300000"/>' * 3), SETTINGS)) == ["too_many_cells"]


def test_rows_whose_values_are_empty_are_no_rows_too_many() -> None:
    empty = b'<row r="2"><c t="str"><f>A1</f><v></v></c><c t="inlineStr"><is><t></t></is></c></row>'
    assert find_rows_fault(io.BytesIO(empty * (ROWS + 9))) is None
    for filled in (empty.replace(b"<v></v>", b"<v>0</v>"), empty.replace(b"<t></t>", b"<t>a</t>")):
        fault = find_rows_fault(io.BytesIO(filled * (ROWS + 9)))
        assert fault is not None
        assert fault.code == "too_many_rows"


def test_blank_lines_and_cells_of_a_text_file_are_bounded_too() -> None:
    head = "地址\n路 1 号\n".encode()
    assert codes(read_tickets(head + b"\n" * (LINES - 2), SETTINGS)) == []
    refused = read_tickets(head + b"\n" * (LINES - 1), SETTINGS)
    assert codes(refused) == ["too_many_rows"]
    assert f"{LINES}" in refused.faults[0].text("en")
    assert codes(read_tickets(head + b"," * (CELLS + 1), SETTINGS)) == ["too_many_cells"]


def test_cells_far_to_the_right_are_not_read() -> None:
    imported = read_tickets(xlsx_of(["地址", "客户", *["x"] * (COLUMNS + 5)], ["路 1 号"]), SETTINGS)
    assert imported.doubts[-3].letter == letter_of(COLUMNS - 1)
