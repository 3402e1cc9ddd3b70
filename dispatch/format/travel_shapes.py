"""Locations and travel: degrees, great circles, tables, and the peaks in which journeys are slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from decimal import Decimal
from typing import Any, Final

from dispatch.format.faults import ABSENT
from dispatch.format.model import GreatCircle, Location, Matrix, Peak
from dispatch.format.numbers import FACTOR_PLACES, HIGHEST_FACTOR, HIGHEST_SPEED, find_overlaps, read_factor
from dispatch.format.parsers import (
    BAD,
    LARGEST,
    Parsed,
    Parser,
    Reading,
    Shape,
    identifier,
    is_good,
    list_of,
    nullable,
    number,
    whole,
    word,
)
from dispatch.format.paths import Path, write_path

MODELS: Final = ("great_circle", "matrix")
CELL_FAULTS: Final = 100
"""Faulty cells of one table that are told one by one."""

_LAT_DEG: Final = 90
_LON_DEG: Final = 180
_DAY_MIN: Final = 24 * 60
_WEEK_MIN: Final = 7 * _DAY_MIN


def _read_degrees(reading: Reading, value: object, path: Path) -> Parsed:
    """Read degrees; their range is checked with both at hand."""
    degrees = _number_of_degrees(reading, value, path)
    return BAD if degrees is BAD else float(degrees)


_number_of_degrees: Final = number("degrees")


def _check_location(reading: Reading, location: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse degrees out of range; say so when the two seem to have changed places."""
    lat, lon = location.lat, location.lon
    swapped = ""
    if is_good(lat, lon) and _LAT_DEG < abs(lat) <= _LON_DEG and abs(lon) <= _LAT_DEG:
        swapped = "; lat and lon seem to be swapped"
    if is_good(lat) and not abs(lat) <= _LAT_DEG:
        message = f"is out of range, expected degrees from -90 to 90{swapped}"
        reading.refuse("impossible_value", (path, "lat"), raw["lat"], message)
    if is_good(lon) and not abs(lon) <= _LON_DEG:
        message = "is out of range, expected degrees from -180 to 180"
        reading.refuse("impossible_value", (path, "lon"), raw["lon"], message)


LOCATION: Final = Shape(
    "a location",
    Location,
    {"id": identifier("location"), "lat": _read_degrees, "lon": _read_degrees},
    check=_check_location,
)


def _read_time_of_day(reading: Reading, value: object, path: Path) -> Parsed:
    """Read ``HH:MM``."""
    expected = "a time of day like 07:30"
    if type(value) is not str:
        return reading.refuse_type(path, value, expected)
    if not _TIME_OF_DAY.fullmatch(value):
        return reading.refuse("bad_time", path, value, f"is not such a time, expected {expected}")
    return time.fromisoformat(value)


_TIME_OF_DAY: Final = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _check_peak(reading: Reading, peak: Parsed, raw: dict[str, Any], path: Path) -> None:
    """Refuse a peak without an end."""
    if is_good(peak.from_, peak.to) and peak.from_ == peak.to:
        message = "is no time at all, expected from and to that differ (to before from passes midnight)"
        reading.refuse("impossible_value", path, [raw["from"], raw["to"]], message)


PEAK: Final = Shape(
    "a peak",
    Peak,
    {
        "from": _read_time_of_day,
        "to": _read_time_of_day,
        "factor": number("a peak's factor", places=FACTOR_PLACES, lowest=Decimal(1), highest=HIGHEST_FACTOR),
    },
    {"weekdays": list_of(whole("weekday", 1, 7), "ISO weekdays, 1 to 7", unique=True, filled=True)},
    check=_check_peak,
)


def _read_peaks(reading: Reading, value: object, path: Path) -> Parsed:
    """Read peaks; no two may overlap, on any day of the week."""
    peaks = _list_of_peaks(reading, value, path)
    if peaks is BAD:
        return BAD
    pieces: list[tuple[int, int, int]] = []
    for index, peak in enumerate(peaks):
        if peak is BAD or not is_good(peak.from_, peak.to, peak.weekdays):
            continue
        from_min = peak.from_.hour * 60 + peak.from_.minute
        to_min = peak.to.hour * 60 + peak.to.minute
        for weekday in set(peak.weekdays):
            if weekday is not BAD:
                begin = (weekday - 1) * _DAY_MIN + from_min
                end = begin + (to_min - from_min) % _DAY_MIN
                pieces.append((begin, min(end, _WEEK_MIN), index))
                pieces.append((0, end - _WEEK_MIN, index))
    told: set[tuple[int, int]] = set()
    for first, second in find_overlaps([piece for piece in pieces if piece[0] < piece[1]]):
        if (first, second) not in told:
            told.add((first, second))
            message = f"overlaps {write_path((path, first))}, expected peaks that don't overlap"
            found = [f"{edge:%H:%M}" for edge in (peaks[second].from_, peaks[second].to)]
            reading.refuse("overlap", (path, second), found, message)
    return peaks


_list_of_peaks: Final = list_of(PEAK, "peaks")


def _make_great_circle(speed_kmh: Parsed, detour: Parsed = Decimal(1), peaks: Parsed = ()) -> GreatCircle:
    """Build the model; without ``detour`` journeys are straight."""
    return GreatCircle(detour=detour, speed_kmh=speed_kmh, peaks=peaks)


_model_word: Final = word("travel model", MODELS)

GREAT_CIRCLE: Final = Shape(
    "great_circle travel",
    _make_great_circle,
    {
        "model": _model_word,
        "speed_kmh": number("km/h", places=FACTOR_PLACES, above=Decimal(0), highest=HIGHEST_SPEED),
    },
    {"detour": read_factor, "peaks": _read_peaks},
    unnamed=frozenset(("model",)),
)


def _table_of(unit: str) -> Parser:
    """Make a parser of square tables of whole numbers and null, one row and column for each location."""
    read_cell = nullable(whole(unit))

    def read_table(reading: Reading, value: object, path: Path) -> Parsed:
        if type(value) is not list:
            return reading.refuse_type(path, value, "a square table [[…], …], one row for each location")
        size = len(value) if reading.size is None else reading.size
        if len(value) != size:
            message = f"has not one row for each of the {size} locations, expected {size} rows"
            reading.refuse("wrong_length", path, len(value), message)
        most = len(reading.faults) + CELL_FAULTS
        rows = []
        for index, row in enumerate(value):
            rows.append(_read_row(reading, row, (path, index), read_cell, size, most))
            if len(reading.faults) >= most:
                message = f"has {CELL_FAULTS} faults or more, expected {unit} or null in each cell"
                return reading.refuse("too_many_faults", path, CELL_FAULTS, message)
        return tuple(rows)

    return read_table


def _read_row(reading: Reading, row: object, path: Path, read_cell: Parser, size: int, most: int) -> Parsed:
    """Read a row at once when all is well; when something is wrong with it, cell by cell until there are ``most`` faults."""
    if type(row) is not list:
        return reading.refuse_type(path, row, "a list, a row of the table")
    if len(row) != size:
        message = f"has not one entry for each of the {size} locations, expected {size} entries"
        return reading.refuse("wrong_length", path, len(row), message)
    types = set(map(type, row))
    if types <= _CELL_TYPES:
        known = [cell for cell in row if cell is not None] if type(None) in types else row
        if not known or (min(known) >= 0 and max(known) <= LARGEST):
            return tuple(row)
    cells = []
    for index, cell in enumerate(row):
        cells.append(read_cell(reading, cell, (path, index)))
        if len(reading.faults) >= most:
            break
    return tuple(cells)


_CELL_TYPES: Final = {int, type(None)}


def _check_matrix(reading: Reading, matrix: Parsed, _raw: dict[str, Any], path: Path) -> None:
    """Refuse a way that has a time and no length, or a length and no time."""
    if not is_good(matrix.seconds, matrix.metres):
        return
    told = 0
    for index, (seconds, metres) in enumerate(zip(matrix.seconds, matrix.metres, strict=False)):
        if seconds is BAD or metres is BAD or (None not in seconds and None not in metres):
            continue
        for column in _find_lone_nulls(seconds, metres):
            told += 1
            if told > CELL_FAULTS:
                message = f"has more than {CELL_FAULTS} cells with null in one table only, expected null in both"
                reading.refuse("too_many_faults", path, told, message)
                return
            here, there = ("seconds", "metres") if seconds[column] is None else ("metres", "seconds")
            where = (((path, here), index), column)
            message = f"is null but not in {there}, expected null in both tables or in none"
            reading.refuse("impossible_value", where, None, message)


def _find_lone_nulls(seconds: Sequence[Any], metres: Sequence[Any]) -> list[int]:
    """Find the columns in which just one of two rows has null."""
    pairs = zip(seconds, metres, strict=False)
    return [column for column, (one, other) in enumerate(pairs) if (one is None) != (other is None)]


MATRIX: Final = Shape(
    "matrix travel",
    Matrix,
    {"model": _model_word, "seconds": _table_of("seconds"), "metres": _table_of("metres")},
    {"peaks": _read_peaks},
    check=_check_matrix,
    unnamed=frozenset(("model",)),
)


def read_travel(reading: Reading, value: object, path: Path) -> Parsed:
    """Read either model of travel."""
    if not isinstance(value, dict):
        return reading.refuse_type(path, value, "an object with a model of travel")
    if value.get("model") == "matrix":
        return MATRIX(reading, value, path)
    if value.get("model") == "great_circle":
        return GREAT_CIRCLE(reading, value, path)
    if "model" in value:
        return _model_word(reading, value["model"], (path, "model"))
    return reading.refuse("missing_key", (path, "model"), ABSENT, f"is missing, expected one of {', '.join(MODELS)}")
