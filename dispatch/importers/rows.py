"""Reads one row, field by field: every fault and every doubt is kept, none stops the others."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from dispatch.domain.place import CoordinateSystem, Point
from dispatch.importers.amounts import (
    make_point,
    read_degrees,
    read_duration_s,
    read_pair,
    read_phone,
)
from dispatch.importers.cells import Cell, Formula, Row, is_error, text_of
from dispatch.importers.drafts import Interval, Place
from dispatch.importers.headings import Column, Headings
from dispatch.importers.moments import When, read_when
from dispatch.importers.remarks import Doubt, Remark, Unclear, shorten

T = TypeVar("T")

TEXT_LENGTH: Final = 500
LONGEST_SHIFT_HOURS: Final = 16
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
LEVELS: Final[Mapping[str, int]] = {"初级": 1, "中级": 2, "高级": 3, "专家": 4, "初": 1, "中": 2, "高": 3}

_DISTRICT: Final = re.compile(
    r"(?:^|[市省\W])([^\W\da-z市省路街道弄巷村镇号]{2,4}?(?<![小园社校厂景])[区县]|(?<=市)[^\W\da-z市省路街道弄巷村镇号]{2,3}市)",
    re.IGNORECASE,
)
"""The district in an address; housing estates and parks end alike and are none."""
_SKILL: Final = re.compile(r"(?P<name>.+?)\s*(?:[:/(]\s*)?(?P<level>初级|中级|高级|专家|\d+)\s*级?\)?$")


@dataclass(frozen=True, slots=True)
class Settings:
    """What a file does not say and the caller does.

    Parameters
    ----------
    day
        The planned day: days without a year are read near it, hours without a day on it.
    zone
        Zone of the hours in the file.
    system
        Coordinate system of the points in the file; drafts carry it and keep the numbers as they are.
    duration_s
        Taken for a ticket without duration.
    shift_begin, shift_end
        Taken for an engineer without hours.
    districts
        Known districts; another one is doubted. Empty: none is.
    """

    day: date
    zone: ZoneInfo = SHANGHAI
    system: CoordinateSystem = CoordinateSystem.WGS_84
    duration_s: int = 1800
    shift_begin: time = time(8, 30)
    shift_end: time = time(17, 30)
    districts: frozenset[str] = frozenset()


@dataclass
class Styles:
    """How days were written so far, by column."""

    seen: dict[str, list[str]] = field(default_factory=dict)


class RowReader:
    """One row, read field by field.

    Every reading method returns None for a blank cell and for one with a fault; faults are kept in ``faults``.
    """

    def __init__(self, row: Row, headings: Headings, settings: Settings, styles: Styles, *, typed: bool) -> None:
        self.line = row.line
        self.settings = settings
        self.faults: list[Remark] = []
        self.doubts: list[Remark] = []
        self._row = row
        self._columns = headings.columns
        self._styles = styles
        self._typed = typed
        self._texts: dict[str, str] = {}
        self._tell_unusable()

    def knows(self, key: str) -> bool:
        """Tell whether the file has a column for a field."""
        return key in self._columns

    def has(self, key: str) -> bool:
        """Tell whether the cell of a field is filled."""
        return bool(self.raw(key))

    def raw(self, key: str) -> str:
        """Return a cell's text, normalised."""
        if key not in self._texts:
            self._texts[key] = text_of(self._cell(key))
        return self._texts[key]

    def digest(self, kind: str) -> str:
        """Return what tells this row from others: SHA-256 of its kind and filled cells by field."""
        filled = {key: text for key in sorted(self._columns) if (text := self.raw(key))}
        said = json.dumps([kind, filled], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def fault(self, code: str, key: str | None = None, **params: object) -> None:
        """Keep a fault, of a field or of the row."""
        self.faults.append(self._remark(code, key, params))

    def doubt(self, code: str, key: str | None = None, **params: object) -> None:
        """Keep a doubt, of a field or of the row."""
        self.doubts.append(self._remark(code, key, params))

    def text(self, key: str) -> str | None:
        """Read text."""
        text = self.raw(key)
        if len(text) > TEXT_LENGTH:
            self.fault("text_too_long", key, length=len(text), limit=TEXT_LENGTH)
            return None
        return text or None

    def needed(self, key: str) -> str | None:
        """Read text that must be there."""
        if not self.has(key):
            self.fault("missing_value", key)
        return self.text(key)

    def phone(self, key: str = "phone") -> str | None:
        """Read a phone number, kept as text."""
        return self._read(key, read_phone)

    def duration_s(self, key: str) -> int | None:
        """Read a duration in whole seconds."""
        self._doubt_number_as_text(key)
        column = self._columns.get(key)
        return self._read(key, lambda cell: read_duration_s(cell, in_hours=column is not None and column.in_hours))

    def when(self, key: str, *, needs_day: bool = False, overnight: bool = False) -> When | None:
        """Read a day, hours, or both; a column that changes its way of writing days is doubted once for each way."""

        def read(cell: Cell) -> tuple[When, tuple[Doubt, ...]]:
            try:
                when = read_when(cell, self.settings.day, typed=self._typed, overnight=overnight)
            except Unclear as unclear:
                if needs_day and unclear.code in {"bad_window", "hours_or_date"}:
                    raise Unclear("bad_date") from None
                raise
            if needs_day and when.day is None:
                raise Unclear("bad_date")
            return when, when.doubts

        when = self._read(key, read)
        if when is not None and when.style is not None:
            seen = self._styles.seen.setdefault(key, [])
            if when.style not in seen:
                if seen:
                    self.doubt("two_date_styles", key, before=seen[0], now=when.style)
                seen.append(when.style)
        return when

    def day(self, key: str) -> date | None:
        """Read a day; hours alone are none."""
        when = self.when(key, needs_day=True)
        return when.day if when is not None else None

    def clock(self, key: str) -> time | None:
        """Read one time of day."""

        def read(cell: Cell) -> tuple[time, tuple[Doubt, ...]]:
            when = read_when(cell, self.settings.day, overnight=True)
            if when.hours is None or not any(doubt.code == "window_from_point" for doubt in when.doubts):
                raise Unclear("bad_window")
            return when.hours[0], ()

        return self._read(key, read)

    def choice(self, key: str, exact: Mapping[str, T], guesses: Mapping[str, T], fault: str) -> tuple[T | None, bool]:
        """Read one of some words; the second value tells whether it was a guess."""
        text = self.raw(key).lower().replace(" ", "")
        if not text or self._has_fault(key):
            return None, False
        if text in exact:
            return exact[text], False
        if text in guesses:
            return guesses[text], True
        self.fault(fault, key)
        return None, False

    def skills(self, key: str = "skills") -> dict[str, int]:
        """Read skills with their levels, 1 where none is said."""
        skills: dict[str, int] = {}
        for said in re.split(r"[,;、|\n+]|\s和\s|和", self.text(key) or ""):
            name, level = said.strip(), 1
            match = _SKILL.match(name)
            if match:
                name, word = match["name"].strip(" :/("), match["level"]
                level = LEVELS[word] if word in LEVELS else int(word[:3])
                if not 1 <= level <= 4:  # noqa: PLR2004 - junior to expert
                    self.fault("bad_skill_level", key, value=shorten(said.strip()))
                    continue
            if name:
                skills[name] = max(level, skills.get(name, 1))
        return skills

    def place(self) -> Place:
        """Read address, district and point."""
        address, district = self.text("address"), self.text("district")
        point, is_guessed = self._point()
        known = self.settings.districts
        said = _DISTRICT.search(address) if address else None
        if said and district is not None and not _fits(district, {said[1]}):
            self.doubt("district_mismatch", "district", district=said[1])
            district = said[1]
        elif district is not None and known and not _fits(district, known):
            self.doubt("unknown_district", "district")
        elif said and district is None and (not known or _fits(said[1], known)):
            district = said[1]
        return Place(address, district, point, is_guessed)

    def interval(self, day: date, begin: time, end: time) -> Interval:
        """Return moments of the file's zone; an end that is not later is on the next day."""
        first = datetime.combine(day, begin, self.settings.zone)
        last = datetime.combine(day if end > begin else day + timedelta(days=1), end, self.settings.zone)
        return first, last

    def shift(self, day: date, begin: time, end: time, key: str) -> Interval:
        """Return the hours of a shift; one that ends before it begins ends on the next day, with a doubt."""
        if begin == end:
            self.fault("shift_empty", key)
        hours = self.interval(day, begin, end)
        if end < begin:
            self.doubt("over_midnight", key, end=f"{end:%H:%M}")
        length_s = (hours[1] - hours[0]).total_seconds()
        if begin != end and length_s > LONGEST_SHIFT_HOURS * 3600:
            self.fault("shift_too_long", key, hours=f"{length_s / 3600:g}", limit=LONGEST_SHIFT_HOURS)
        return hours

    def _point(self) -> tuple[Point | None, bool]:
        """Read the point from two columns or from one."""
        lon: float | None
        lat: float | None
        if self.has("lon") or self.has("lat"):
            if self.has("lon") != self.has("lat"):
                self.fault("half_point", "lon" if self.has("lon") else "lat")
                return None, False
            lon, lat = self._degrees("lon"), self._degrees("lat")
            key = "lon"
        else:
            pair = self._read("point", lambda cell: (read_pair(cell), ()))
            lon, lat = pair if pair is not None else (None, None)
            key = "point"
        if lon is None or lat is None:
            return None, False
        try:
            point, doubts = make_point(lon, lat, self.settings.system)
        except Unclear as unclear:
            is_lat = unclear.params.get("what_en") == "latitude" and "lat" in self._columns
            self.fault(unclear.code, "lat" if is_lat and key == "lon" else key, **unclear.params)
            return None, False
        for doubt in doubts:
            self.doubt(doubt.code, key, **doubt.params)
        return point, any(doubt.code == "swapped_point" for doubt in doubts)

    def _degrees(self, key: str) -> float | None:
        """Read degrees."""
        self._doubt_number_as_text(key)
        return self._read(key, lambda cell: (read_degrees(cell), ()))

    def _read(self, key: str, read: Callable[[Cell], tuple[T, tuple[Doubt, ...]]]) -> T | None:
        """Read a filled cell; what is unclear becomes a fault of it."""
        if not self.has(key) or self._has_fault(key):
            return None
        try:
            value, doubts = read(self._cell(key))
        except Unclear as unclear:
            self.fault(unclear.code, key, **unclear.params)
            return None
        for doubt in doubts:
            self.doubt(doubt.code, key, **doubt.params)
        return value

    def _cell(self, key: str) -> Cell:
        """Return the cell of a field."""
        column = self._columns.get(key)
        if column is None or column.index >= len(self._row.cells):
            return None
        return self._row.cells[column.index]

    def _tell_unusable(self) -> None:
        """Name cells that hold no value: formulas without a result, error values."""
        for key in self._columns:
            cell = self._cell(key)
            if isinstance(cell, Formula):
                self.fault("formula", key)
            elif isinstance(cell, str) and is_error(cell.strip()):
                self.fault("error_value", key)

    def _has_fault(self, key: str) -> bool:
        """Tell whether a fault of a field's cell is known already."""
        column = self._columns.get(key)
        return column is not None and any(fault.letter == column.letter for fault in self.faults)

    def _doubt_number_as_text(self, key: str) -> None:
        """Tell that a file with numbers holds this one as text."""
        cell = self._cell(key)
        if self._typed and isinstance(cell, str) and re.fullmatch(r"[+-]?\d+(\.\d+)?", text_of(cell)):
            self.doubt("number_as_text", key)

    def _remark(self, code: str, key: str | None, params: Mapping[str, object]) -> Remark:
        """Say where."""
        column: Column | None = self._columns.get(key) if key is not None else None
        if column is None:
            return Remark(code, self.line, params=params)
        value = shorten(self.raw(column.field.key)) or None
        return Remark(code, self.line, column.heading, column.letter, value, params)


def _fits(district: str, names: frozenset[str] | set[str]) -> bool:
    """Tell whether a district is one of some, with or without the word for district behind it and the city before."""
    bare = re.sub(r"^.*市(?=.)|[区县市]$", "", district)
    return any(bare == re.sub(r"[区县市]$", "", name) for name in names)
