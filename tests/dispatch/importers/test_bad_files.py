from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from dispatch.importers.sentences import FILE_FAULTS, ROW_FAULTS
from tests.dispatch.importers.sheets import FIXTURES, READERS, SETTINGS, codes

BAD_FILES = sorted(path for path in (FIXTURES / "bad_files").iterdir() if "__" in path.name and path.is_file())
TOO_LARGE_TO_KEEP = {"file_too_large", "too_many_rows", "too_many_cells"}
"""Kinds whose files are made where they are tested."""
MAKE = runpy.run_path(str(FIXTURES / "bad_files" / "make.py"))


@pytest.mark.parametrize("path", BAD_FILES, ids=lambda path: path.name)
def test_a_bad_file_is_told_exactly_what_is_wrong_with_it(path: Path) -> None:
    kind, code = path.stem.split("__")
    imported = READERS[kind](path.read_bytes(), SETTINGS)
    assert codes(imported) == [code]
    if code in ROW_FAULTS:
        assert [row.line for row in imported.refused] == [3 if code == "duplicate_number" else 2]


def test_every_kind_of_fault_has_a_bad_file() -> None:
    kept = {path.stem.split("__")[1] for path in BAD_FILES}
    assert kept | TOO_LARGE_TO_KEEP == {*FILE_FAULTS, *ROW_FAULTS} | TOO_LARGE_TO_KEEP
    assert len(kept) >= 20


def test_the_script_makes_the_files_that_are_kept() -> None:
    made = dict(MAKE["list_bad_files"]())
    assert sorted(made) == [path.name for path in BAD_FILES]
    for path in BAD_FILES:
        if path.suffix == ".csv":
            assert made[path.name] == path.read_bytes(), path.name
