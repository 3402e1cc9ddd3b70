"""How large a file may be, looked at before anything of it is unpacked for real.

A workbook is a zip archive. Its directory tells what it inflates to; Python's reader never gives more of an entry than
the directory says, so these sums bind. Then the entries are inflated once, in pieces that are thrown away, to count
tags: what a parser must keep in memory grows with them.
"""

from __future__ import annotations

from typing import IO, Final
from zipfile import ZipFile

from dispatch.importers.remarks import Remark

MB: Final = 1_000_000
FILE_BYTES: Final = 20 * MB
INFLATED_BYTES: Final = 40 * MB
"""All entries together; 10 000 rows of 20 columns inflate to some 9 MB."""
RATIO: Final = 100
"""Times the size of the file; ordinary sheets stay below 20. Looked at above :data:`SMALL_BYTES`."""
SMALL_BYTES: Final = 4 * MB
ENTRIES: Final = 500
TAGS: Final = 3_000_000
"""Tags of all entries, opening and closing: 20 000 rows of 30 columns have some 2.4 million."""
ROWS: Final = 20_000
COLUMNS: Final = 200
"""Cells further right are not read."""
LINES: Final = 200_000
"""Rows of a sheet, blank ones included: these are not kept, but it takes time to pass over them."""
CELLS: Final = ROWS * COLUMNS
"""Cells of a text file, blank ones included."""

_PIECE: Final = 1 << 20
_FORBIDDEN: Final = (b"<!DOCTYPE", b"<!ENTITY")


def find_size_fault(data: bytes) -> Remark | None:
    """Return what is wrong with the size of a file, packed or not; None when it may be read."""
    if not data.strip():
        return Remark("empty_file")
    if len(data) > FILE_BYTES:
        return Remark("file_too_large", params={"size": _mb(len(data)), "limit": FILE_BYTES // MB})
    return None


def find_archive_fault(archive: ZipFile, packed_bytes: int) -> Remark | None:
    """Return what is wrong with an archive's directory and entries; None when a parser may have it.

    Entries with a document type are refused: no sheet has one, and it is how small texts are made to swell.

    Raises
    ------
    zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError
        When an entry cannot be inflated.
    """
    entries = archive.infolist()
    if len(entries) > ENTRIES:
        return Remark("too_many_entries", params={"count": len(entries), "limit": ENTRIES})
    inflated = sum(entry.file_size for entry in entries)
    if inflated > INFLATED_BYTES or (inflated > SMALL_BYTES and inflated > RATIO * packed_bytes):
        params = {"size": _mb(inflated), "limit": INFLATED_BYTES // MB, "ratio": RATIO}
        return Remark("inflates_too_much", params=params)
    tags = 0
    for entry in entries:
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as stream:
            tail = b""
            while piece := stream.read(_PIECE):
                tags += piece.count(b"<")
                joined = tail + piece
                if tags > TAGS:
                    return Remark("too_many_cells")
                if b"\0" in piece or any(word in joined for word in _FORBIDDEN):
                    return Remark("broken_workbook")
                tail = piece[-16:]
    return None


def find_rows_fault(sheet: IO[bytes]) -> Remark | None:
    """Return what is wrong with the number of a worksheet's rows; None when a parser may have it.

    A parser needs seconds to come to the row that is one too many, this needs a moment: it looks at tags alone. What it does not
    see, such as rows whose only texts are blank ones shared with other sheets, or tags with a prefix, is left to the parser.
    """
    lines = filled = 0
    rest = b""
    while piece := sheet.read(_PIECE):
        *rows, rest = (rest + piece).split(b"<row ")
        lines += len(rows)
        filled += sum(_is_filled(row) for row in rows)
        if filled > ROWS:
            return Remark("too_many_rows", params={"limit": ROWS})
        if lines > LINES:
            return Remark("too_many_cells")
    return None


def _is_filled(row: bytes) -> bool:
    """Tell whether a row's XML has a value that is not empty, or a text of its own."""
    return row.count(b"<v>") > row.count(b"<v></v>") or row.count(b"<t>") > row.count(b"<t></t>")


def _mb(size: int) -> int:
    """Return whole megabytes, rounded up."""
    return -(-size // MB)
