"""The door of calendars: TOML to dataclasses, or all faults at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final

from dispatch.calendars.model import DAY_KINDS, Calendar, Calendars, DayKind, Hours, SpecialDay
from dispatch.data_file import DataReader

HOURS: Final = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)\Z")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS: Final = (1970, 2200)
MOST_FREE_DAYS: Final = 60
"""A calendar without a working day in so many days is broken."""


def read_calendars(text: str) -> Calendars:
    """Read calendars, and which region keeps which.

    Hours are ``"09:00-12:00"``, in order and apart; ``24:00`` ends with the day. Special days lie in years that the calendar
    calls certain, holidays on days that would be worked or not, make-up days on days that would be free.

    Raises
    ------
    DataError
        With all faults.
    """
    reader = DataReader(text)
    top = reader.attempt(lambda: reader.keys("", reader.document, ("default", "calendars"), ("regions",))) or {}
    listed = top.get("calendars", {})
    if not isinstance(listed, dict):
        reader.fault("calendars", "a table", listed)
        listed = {}
    found: dict[str, Calendar] = {}
    for name, value in listed.items():
        made = reader.attempt(lambda name=name, value=value: _read_calendar(reader, name, value))  # type: ignore[misc]
        if made is not None:
            found[name] = made
    names = tuple(listed)
    default = reader.attempt(lambda: reader.word("default", top.get("default"), names)) if top else None
    regions = _read_regions(reader, top.get("regions", {}), names)
    reader.refuse()
    return Calendars(found, default or "", regions)


def _read_regions(reader: DataReader, value: object, names: Sequence[str]) -> dict[str, str]:
    if not isinstance(value, dict):
        reader.fault("regions", "a table", value)
        return {}
    found = {}
    for region, name in value.items():
        word = reader.attempt(lambda region=region, name=name: reader.word(f"regions.{region}", name, names))  # type: ignore[misc]
        if word is not None:
            found[region] = word
    return found


def _read_calendar(reader: DataReader, name: str, value: object) -> Calendar:
    path = f"calendars.{name}"
    wanted = ("title_zh", "title_en", "week")
    about = reader.keys(path, value, wanted, ("make_up", "certain_through", "source", "days"))
    week = _read_week(reader, f"{path}.week", about["week"])
    if not week:
        reader.fault(f"{path}.week", "a table with a weekday that is worked", about["week"])
    years = about.get("certain_through")
    certain = None if years is None else reader.whole(f"{path}.certain_through", years, *YEARS)
    make_up = _read_hours(reader, f"{path}.make_up", about["make_up"]) if "make_up" in about else ()
    days = _read_days(reader, f"{path}.days", about.get("days", []), certain)
    for day, special in days.items():
        at = f"{path}.days {day}"
        if special.kind == "make_up" and not make_up:
            reader.fault(at, "a holiday, as the calendar has no make_up hours", "make_up")
        if special.kind == "make_up" and day.isoweekday() in week:
            reader.fault(at, "a weekday that is free, to be a make-up day", WEEKDAYS[day.isoweekday() - 1])
    _check_gaps(reader, path, days, week)
    return Calendar(
        id=name,
        title_zh=reader.text(f"{path}.title_zh", about["title_zh"]),
        title_en=reader.text(f"{path}.title_en", about["title_en"]),
        week=week,
        make_up=make_up,
        days=days,
        certain_through=certain,
        source=reader.text(f"{path}.source", about["source"]) if "source" in about else "",
    )


def _read_week(reader: DataReader, path: str, value: object) -> dict[int, tuple[Hours, ...]]:
    listed = reader.keys(path, value, (), WEEKDAYS)
    week = {}
    for number, weekday in enumerate(WEEKDAYS, start=1):
        if weekday in listed:
            at = f"{path}.{weekday}"
            hours = reader.attempt(lambda at=at, weekday=weekday: _read_hours(reader, at, listed[weekday]))  # type: ignore[misc]
            if hours:
                week[number] = hours
    return week


def _read_hours(reader: DataReader, path: str, value: object) -> tuple[Hours, ...]:
    entries = reader.items(path, value)
    if not entries:
        raise reader.stop(path, "a list that is not empty", value)
    found = [_read_span(reader, at, entry) for at, entry in entries]
    for one, other in pairwise(found):
        if one.end is None or one.end > other.begin:
            raise reader.stop(path, "hours in order that do not overlap", value)
    return tuple(found)


def _read_span(reader: DataReader, path: str, value: object) -> Hours:
    expected = 'hours such as "09:00-12:00"'
    match = HOURS.match(value) if isinstance(value, str) else None
    if match is None:
        raise reader.stop(path, expected, value)
    numbers = [int(part) for part in match.groups()]
    begin, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if numbers[1] > 59 or numbers[3] > 59 or begin >= end or end > 24 * 60:  # noqa: PLR2004 - minutes of an hour, hours of a day
        raise reader.stop(path, f"{expected}, the end after the begin", value)
    return Hours(time(begin // 60, begin % 60), None if end == 24 * 60 else time(end // 60, end % 60))


def _read_days(reader: DataReader, path: str, value: object, certain: int | None) -> dict[date, SpecialDay]:
    found: dict[date, SpecialDay] = {}
    for at, entry in reader.items(path, value):
        read = reader.attempt(lambda at=at, entry=entry: _read_day(reader, at, entry))  # type: ignore[misc]
        if read is None:
            continue
        first, last, special = read
        if certain is None or last.year > certain:
            reader.fault(f"{at}.to", f"in a year that is certain, {certain} at the latest", str(last))
        for ordinal in range(first.toordinal(), last.toordinal() + 1):
            day = date.fromordinal(ordinal)
            if day in found:
                reader.fault(at, f"the only entry of {day}", special.kind)
            found[day] = special
    return found


def _read_day(reader: DataReader, path: str, value: object) -> tuple[date, date, SpecialDay]:
    entry: Mapping[str, Any] = reader.keys(path, value, ("from", "kind", "title_zh", "title_en"), ("to",))
    first, last = entry["from"], entry.get("to", entry["from"])
    for key, day in (("from", first), ("to", last)):
        if type(day) is not date:
            raise reader.stop(f"{path}.{key}", "a date such as 2026-10-01", day)
    if not 0 <= (last - first).days <= MOST_FREE_DAYS:
        raise reader.stop(f"{path}.to", f"from {first} to {MOST_FREE_DAYS} days later", str(last))
    kind: DayKind = reader.word(f"{path}.kind", entry["kind"], DAY_KINDS)
    titles = (reader.text(f"{path}.{key}", entry[key]) for key in ("title_zh", "title_en"))
    return first, last, SpecialDay(kind, *titles)


def _check_gaps(
    reader: DataReader, path: str, days: Mapping[date, SpecialDay], week: Mapping[int, tuple[Hours, ...]]
) -> None:
    """Note holidays that leave no working day for longer than a calendar may."""
    if not days:
        return
    free = 0
    for ordinal in range(min(days).toordinal(), max(days).toordinal() + 8):
        day = date.fromordinal(ordinal)
        special = days.get(day)
        worked = special.kind == "make_up" if special else day.isoweekday() in week
        free = 0 if worked else free + 1
        if free == MOST_FREE_DAYS + 1:
            reader.fault(f"{path}.days", f"with a working day at least every {MOST_FREE_DAYS} days", str(day))


@cache
def get_calendars() -> Calendars:
    """Read the calendars that come with the program, once."""
    text = files("dispatch.calendars.tables").joinpath("calendars.toml").read_text(encoding="utf-8")
    return read_calendars(text)
