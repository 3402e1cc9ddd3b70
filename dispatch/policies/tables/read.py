"""The door of the tables: TOML to dataclasses, or all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from dispatch.calendars.read import get_calendars
from dispatch.data_file import DataReader
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.format.model import Weights
from dispatch.policies.packs.model import BASES, GRADES, TIERS, Source
from dispatch.policies.packs.read import DEFAULT, get_pack
from dispatch.policies.tables.model import (
    PRESETS,
    Book,
    Clause,
    LatePrice,
    Preset,
    PresetName,
    Row,
    SkipPrice,
    Table,
    Waiting,
)

MOST_CNY = Decimal(1_000_000)
MOST_FACTOR = Decimal(100)
MOST_SLACK_H = 24 * 366


class _Reader(DataReader):
    """Reads tables whose values name clauses that the document lists."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.named: set[str] = set()

    def source(self, path: str, value: Mapping[str, Any], clauses: Mapping[str, Clause]) -> Source:
        """Return where a value comes from; the clause has to be listed."""
        clause = self.word(f"{path}.clause", value["clause"], tuple(clauses))
        self.named.add(clause)
        return Source(clause, self.word(f"{path}.basis", value["basis"], BASES))

    def clauses(self) -> dict[str, Clause]:
        """Return the clauses by their id."""
        listed = self.document.get("clauses")
        if not isinstance(listed, dict):
            raise self.stop("clauses", "a table", listed)
        found = {}
        for name, value in listed.items():
            path = f"clauses.{name}"
            about = self.keys(path, value, ("document", "quote"))
            found[name] = Clause(
                self.text(f"{path}.document", about["document"]), self.text(f"{path}.quote", about["quote"])
            )
        return found

    def finish(self, clauses: Mapping[str, Clause]) -> None:
        """Raise if there was a fault, or a clause that nothing comes from."""
        if not self.faults:
            for name in clauses.keys() - self.named:
                self.fault(f"clauses.{name}", "the source of a value", "none")
        self.refuse()


def read_table(text: str) -> Table:
    """Read prices.

    Beyond shapes and ranges, a better tier or a more urgent grade has no lower price, leaving out costs more than being an
    hour late in both, and the longer a ticket can wait, the less it costs to leave.

    Raises
    ------
    DataError
        With all faults.
    """
    reader = _Reader(text)
    clauses = reader.attempt(reader.clauses) or {}
    top = reader.attempt(lambda: reader.keys("", reader.document, ("clauses", "rows", "waiting"))) or {}
    listed = top.get("rows", [])
    if not isinstance(listed, list):
        reader.fault("rows", "a list", listed)
        listed = []
    rows: dict[tuple[Grade, Tier], Row] = {}
    for number, value in enumerate(listed):
        path = f"rows[{number}]"
        row = reader.attempt(lambda value=value, path=path: _read_row(reader, path, value, clauses))  # type: ignore[misc]
        if row is None:
            continue
        if (row.grade, row.tier) in rows:
            reader.fault(path, "the only row of its grade and tier", f"{row.grade} {row.tier}")
        rows[row.grade, row.tier] = row
        _check_row(reader, path, row)
    if not reader.faults:
        _check_order(reader, rows)
    waiting = _read_waiting(reader, top.get("waiting", []), clauses) if top else ()
    reader.finish(clauses)
    return Table(clauses, rows, waiting)


def _read_waiting(reader: _Reader, value: object, clauses: Mapping[str, Clause]) -> tuple[Waiting, ...]:
    found = []
    for path, entry in reader.attempt(lambda: reader.items("waiting", value)) or []:
        step = reader.attempt(lambda path=path, entry=entry: _read_step(reader, path, entry, clauses))  # type: ignore[misc]
        if step is not None:
            found.append(step)
    if not found or (found[0].slack_h, found[0].percent) != (0, 100):
        reader.fault("waiting[0]", "slack_h 0 with percent 100", [(step.slack_h, step.percent) for step in found[:1]])
    for number, (one, other) in enumerate(pairwise(found), start=1):
        if other.slack_h <= one.slack_h:
            reader.fault(f"waiting[{number}].slack_h", f"more than {one.slack_h}", other.slack_h)
        if other.percent > one.percent:
            reader.fault(f"waiting[{number}].percent", f"no more than {one.percent}", other.percent)
    return tuple(found)


def _read_step(reader: _Reader, path: str, value: object, clauses: Mapping[str, Clause]) -> Waiting:
    step = reader.keys(path, value, ("slack_h", "percent", "clause", "basis"))
    return Waiting(
        reader.whole(f"{path}.slack_h", step["slack_h"], 0, MOST_SLACK_H),
        reader.whole(f"{path}.percent", step["percent"], 1, 100),
        reader.source(path, step, clauses),
    )


def _read_row(reader: _Reader, path: str, value: object, clauses: Mapping[str, Clause]) -> Row:
    parts = ("late_arrival", "late_resolution", "skip")
    row = reader.keys(path, value, ("grade", "tier", *parts))
    return Row(
        grade=reader.word(f"{path}.grade", row["grade"], GRADES),
        tier=reader.word(f"{path}.tier", row["tier"], TIERS),
        late_arrival=_read_late(reader, f"{path}.late_arrival", row["late_arrival"], clauses),
        late_resolution=_read_late(reader, f"{path}.late_resolution", row["late_resolution"], clauses),
        skip=_read_skip(reader, f"{path}.skip", row["skip"], clauses),
    )


def _read_late(reader: _Reader, path: str, value: object, clauses: Mapping[str, Clause]) -> LatePrice:
    price = reader.keys(path, value, ("cost", "cost_per_h", "clause", "basis"))
    return LatePrice(
        reader.number(f"{path}.cost", price["cost"], decimals=2, most=MOST_CNY),
        reader.number(f"{path}.cost_per_h", price["cost_per_h"], decimals=2, most=MOST_CNY),
        reader.source(path, price, clauses),
    )


def _read_skip(reader: _Reader, path: str, value: object, clauses: Mapping[str, Clause]) -> SkipPrice:
    price = reader.keys(path, value, ("cost", "clause", "basis"))
    return SkipPrice(
        reader.number(f"{path}.cost", price["cost"], decimals=2, most=MOST_CNY), reader.source(path, price, clauses)
    )


def _check_row(reader: _Reader, path: str, row: Row) -> None:
    hour_late = sum(price.cost + price.cost_per_h for price in (row.late_arrival, row.late_resolution))
    if row.skip.cost <= hour_late:
        reader.fault(f"{path}.skip.cost", f"more than an hour late in both, {hour_late}", str(row.skip.cost))


def _check_order(reader: _Reader, rows: Mapping[tuple[Grade, Tier], Row]) -> None:
    for grade in GRADES:
        for tier in TIERS:
            if (grade, tier) not in rows:
                reader.fault("rows", f"complete with {grade} {tier}", "none")
    if reader.faults:
        return
    for grade in GRADES:
        for better, worse in pairwise(TIERS):
            _check_pair(reader, rows[grade, better], rows[grade, worse])
    for tier in TIERS:
        for urgent, calm in pairwise(GRADES):
            _check_pair(reader, rows[urgent, tier], rows[calm, tier])


def _check_pair(reader: _Reader, first: Row, second: Row) -> None:
    """Note where the row that should come first does not."""
    names = f"{first.grade} {first.tier}", f"{second.grade} {second.tier}"
    for part, key in (
        ("late_arrival", "cost"),
        ("late_arrival", "cost_per_h"),
        ("late_resolution", "cost"),
        ("late_resolution", "cost_per_h"),
        ("skip", "cost"),
    ):
        price = getattr(getattr(first, part), key)
        if price < getattr(getattr(second, part), key):
            reader.fault(f"{names[0]}: {part}.{key}", f"no lower than that of {names[1]}", str(price))


WEIGHTS = tuple(field.name for field in fields(Weights))


def read_presets(text: str) -> dict[PresetName, Preset]:
    """Read what a dispatcher may choose from, in the order of :data:`PRESETS`; every weight has to be given.

    ``skip_factor`` is no less than ``late_factor``, so that being late stays better than not coming.

    Raises
    ------
    DataError
        With all faults.
    """
    reader = _Reader(text)
    clauses = reader.attempt(reader.clauses) or {}
    top = reader.attempt(lambda: reader.keys("", reader.document, ("clauses", "presets"))) or {}
    listed = reader.attempt(lambda: reader.keys("presets", top.get("presets"), PRESETS)) or {}
    found: dict[PresetName, Preset] = {}
    for name in PRESETS:
        if name in listed:
            preset = reader.attempt(lambda name=name: _read_preset(reader, name, listed[name], clauses))  # type: ignore[misc]
            if preset is not None:
                found[name] = preset
    reader.finish(clauses)
    return found


def _read_preset(reader: _Reader, name: PresetName, value: object, clauses: Mapping[str, Clause]) -> Preset:
    path = f"presets.{name}"
    factors = ("late_factor", "skip_factor")
    preset = reader.keys(path, value, ("title_zh", "title_en", *factors, *WEIGHTS))
    numbers: dict[str, Decimal] = {}
    sources: dict[str, Source] = {}
    for key in (*factors, *WEIGHTS):
        at = f"{path}.{key}"
        entry = reader.keys(at, preset[key], ("value", "clause", "basis"))
        most = MOST_FACTOR if key in factors else MOST_CNY
        numbers[key] = reader.number(f"{at}.value", entry["value"], decimals=3 if key in factors else 2, most=most)
        sources[key] = reader.source(at, entry, clauses)
    late_factor, skip_factor = numbers.pop("late_factor"), numbers.pop("skip_factor")
    if skip_factor < late_factor:
        reader.fault(f"{path}.skip_factor.value", f"no less than late_factor, {late_factor}", str(skip_factor))
    return Preset(
        name=name,
        title_zh=reader.text(f"{path}.title_zh", preset["title_zh"]),
        title_en=reader.text(f"{path}.title_en", preset["title_en"]),
        weights=Weights(**numbers),
        late_factor=late_factor,
        skip_factor=skip_factor,
        clauses={source.clause: clauses[source.clause] for source in sources.values()},
        sources=sources,
    )


@cache
def get_table() -> Table:
    """Read the prices that come with the program, once."""
    return read_table(_bundled("prices.toml"))


@cache
def get_presets() -> dict[PresetName, Preset]:
    """Read the presets that come with the program, once."""
    return read_presets(_bundled("presets.toml"))


def get_book(preset: PresetName, pack: str = DEFAULT) -> Book:
    """Return what policies read: the tables, packs and calendars that come with the program.

    Parameters
    ----------
    preset
        What comes first.
    pack
        Whose limits hold: ``002``, ``004`` or ``strict``, or several together, such as ``002+004``.

    Raises
    ------
    DataError
        There is no such pack.
    """
    return Book(get_table(), get_presets()[preset], get_pack(pack), get_calendars())


def _bundled(name: str) -> str:
    return files("dispatch.policies.tables").joinpath(name).read_text(encoding="utf-8")
