"""Write the judge's case files, ``fixtures/judge/*.json``, from the worked-out worlds beside this file.

``python -m tests.dispatch.judge.make_cases`` writes them all; a test compares the files with what this makes. The
numbers are those of the worlds' docstrings, worked out by hand from the format's text: nothing here prices or judges.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.dispatch.judge.worlds import broken_pins, crew, gaps, meridian, nights, peaks, pins, tuesday, twins
from tests.dispatch.judge.worlds.builder import build

FIXTURES = Path(__file__).parents[3] / "fixtures"
FOLDER = "judge"
WORLDS = (crew.WORLD, peaks.WORLD, tuesday.WORLD, pins.WORLD, nights.WORLD, meridian.WORLD, gaps.WORLD, twins.WORLD)
MORE_CASES = {"pins": broken_pins.CASES}
"""Cases that stand in a file of their own, by their world's name."""
WIDTH = 240
"""So wide that a stop is one line, and a route reads as a table."""


def spell(value: object, indent: str = "") -> str:
    """Spell JSON with what fits on one line on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + len(indent) <= WIDTH or not isinstance(value, (dict, list)) or not value:
        return line
    inner = indent + " "
    if isinstance(value, dict):
        body = [f"{inner}{json.dumps(key)}: {spell(each, inner)}" for key, each in value.items()]
        return "{\n" + ",\n".join(body) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + spell(each, inner) for each in value) + f"\n{indent}]"


def make_cases() -> dict[str, str]:
    """Make every case: its path under ``fixtures`` to its text."""
    files: dict[str, str] = {}
    for world in WORLDS:
        for case in (None, *world.cases, *MORE_CASES.get(world.name, ())):
            name = f"{FOLDER}/{world.name}{'__' + case.name if case else ''}.json"
            if name in files:
                message = f"two cases are called {name}"
                raise ValueError(message)
            files[name] = spell(build(world, case)) + "\n"
    return files


def read_cases() -> dict[str, str]:
    """Read every case file there is: its path under ``fixtures`` to its text."""
    paths = sorted((FIXTURES / FOLDER).glob("*.json"))
    return {path.relative_to(FIXTURES).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def write_cases() -> None:
    """Write every case file and take away those that are no case any more."""
    files = make_cases()
    for old in set(read_cases()) - set(files):
        (FIXTURES / old).unlink()
    for name, text in files.items():
        (FIXTURES / name).parent.mkdir(parents=True, exist_ok=True)
        (FIXTURES / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_cases()
