"""How large a file may be, looked at before anything of it is unpacked for real.

A workbook is a zip archive. Its directory tells what it inflates to; Python's reader never gives more of an entry than
the directory says, so these sums bind. Then the entries are inflated once, in pieces that are thrown away, to count
tags: what a parser must keep in memory grows with them.
"""

from __future__ import annotations

from typing import Final
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


def _mb(size: int) -> int:
    """Return whole megabytes, rounded up."""
    return -(-size // MB)
