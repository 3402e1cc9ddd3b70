"""The door of the requirements: TOML to dataclasses, or all faults at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from dispatch.data_file import DataReader

State = Literal["built", "later", "outside"]
STATES: Final[tuple[State, ...]] = ("built", "later", "outside")
DOCUMENTS: Final = ("000", "001", "002", "003", "004")
ID: Final = re.compile(r"[A-Z]{2}-\d\d")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One rule of the service documents.

    Parameters
    ----------
    id, document
        The clause's id, and the document in which it stands.
    number
        Its number, where it has one.
    says
        What it asks, in our own words.
    state
        Built, to be built later, or outside of what this is for.
    where
        Of what is built: paths of the project, perhaps with ``#name`` of what proves it in the file.
    note
        Of what is not: what it needs, or why it is no part of this.
    """

    id: str
    document: str
    number: str
    says: str
    state: State
    where: tuple[str, ...]
    note: str


def read_requirements(text: str) -> tuple[Requirement, ...]:
    """Read the rows, in their order; ids are unique, what is built says where, what is not says what it needs or why.

    Raises
    ------
    DataError
        With all faults.
    """
    reader = DataReader(text)
    top = reader.attempt(lambda: reader.keys("", reader.document, ("rows",))) or {}
    found: dict[str, Requirement] = {}
    for path, value in reader.attempt(lambda: reader.items("rows", top.get("rows", []))) or []:
        row = reader.attempt(lambda path=path, value=value: _read_row(reader, path, value))  # type: ignore[misc]
        if row is None:
            continue
        if row.id in found:
            reader.fault(f"{path}.id", "the only row of its id", row.id)
        found[row.id] = row
    reader.refuse()
    return tuple(found.values())


def _read_row(reader: DataReader, path: str, value: object) -> Requirement:
    row = reader.keys(path, value, ("id", "document", "says", "state"), ("number", "where", "note"))
    name = reader.text(f"{path}.id", row["id"])
    if not ID.fullmatch(name):
        reader.fault(f"{path}.id", "an id such as GR-03", name)
    state = reader.word(f"{path}.state", row["state"], STATES)
    needed, other = ("where", "note") if state == "built" else ("note", "where")
    if needed not in row:
        raise reader.stop(f"{path}.{needed}", f"there, for what is {state}", None)
    if other in row:
        reader.fault(f"{path}.{other}", f"left out, for what is {state}", row[other])
    where = tuple(reader.text(at, entry) for at, entry in reader.items(f"{path}.where", row.get("where", [])))
    if state == "built" and not where:
        reader.fault(f"{path}.where", "a list that is not empty", row["where"])
    return Requirement(
        id=name,
        document=reader.word(f"{path}.document", row["document"], DOCUMENTS),
        number=reader.text(f"{path}.number", row["number"]) if "number" in row else "",
        says=reader.text(f"{path}.says", row["says"]),
        state=state,
        where=where,
        note=reader.text(f"{path}.note", row["note"]) if "note" in row else "",
    )


@cache
def get_requirements() -> tuple[Requirement, ...]:
    """Read the requirements that come with the program, once."""
    return read_requirements(files("dispatch.requirements").joinpath("rows.toml").read_text(encoding="utf-8"))
