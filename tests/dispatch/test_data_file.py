"""Whatever stands in a data file in place of a value: it is read, or refused with faults; nothing else comes out."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.resources import files

import pytest

from dispatch.calendars.read import read_calendars
from dispatch.data_file import DataError, DataReader
from dispatch.policies.packs.read import read_pack
from dispatch.policies.tables.read import read_presets, read_table
from dispatch.requirements.read import read_requirements

JUNK = (
    "[]",
    "[[]]",
    "[1]",
    "{}",
    '""',
    "-1",
    "true",
    "1.5",
    "nan",
    "2026-10-01",
    "2026-10-01T00:00:00Z",
    "12:00:00",
    '["x"]',
)
FILES: list[tuple[str, str, Callable[[str], object]]] = [
    ("dispatch.policies.packs", "002.toml", read_pack),
    ("dispatch.policies.packs", "004.toml", read_pack),
    ("dispatch.policies.packs", "strict.toml", read_pack),
    ("dispatch.policies.tables", "prices.toml", read_table),
    ("dispatch.policies.tables", "presets.toml", read_presets),
    ("dispatch.calendars.tables", "calendars.toml", read_calendars),
    ("dispatch.requirements", "rows.toml", read_requirements),
]


def is_read_or_refused(read: Callable[[str], object], text: str) -> bool:
    """Tell whether a text is read, or refused with at least one fault."""
    try:
        read(text)
    except DataError as refused:
        return bool(refused.faults)
    return True


@pytest.mark.parametrize(("package", "name", "read"), FILES, ids=[name for _, name, _ in FILES])
@pytest.mark.parametrize("junk", JUNK)
def test_junk_in_place_of_a_value_is_read_or_refused(
    package: str, name: str, read: Callable[[str], object], junk: str
) -> None:
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    places = list(re.finditer(r"^(\w+) = (.*)$", text, re.MULTILINE))
    assert places
    seen: set[str] = set()
    for place in places:
        if place.group(1) in seen:
            continue
        seen.add(place.group(1))
        assert is_read_or_refused(read, f"{text[: place.start(2)]}{junk}{text[place.end(2) :]}"), place.group()


@pytest.mark.parametrize(("package", "name", "read"), FILES, ids=[name for _, name, _ in FILES])
def test_a_line_that_is_missing_is_read_or_refused(package: str, name: str, read: Callable[[str], object]) -> None:
    lines = files(package).joinpath(name).read_text(encoding="utf-8").splitlines()
    for number in range(0, len(lines), 7):
        assert is_read_or_refused(read, "\n".join(lines[:number] + lines[number + 1 :])), lines[number]


def test_a_document_that_is_not_toml_is_refused_as_such() -> None:
    with pytest.raises(DataError, match="not TOML"):
        DataReader("=")


def test_faults_are_told_together_with_path_expectation_and_value() -> None:
    reader = DataReader("a = 1\nb = [3]")
    top = reader.keys("", reader.document, ("a", "b"))
    assert reader.attempt(lambda: reader.text("a", top["a"])) is None
    assert reader.attempt(lambda: reader.words("b", top["b"], ("x", "y"))) is None
    with pytest.raises(DataError) as caught:
        reader.refuse()
    assert caught.value.faults == ("a must be a text, got 1", "b[0] must be one of x, y, got 3")
