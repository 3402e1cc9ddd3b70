"""The form of a ticket: what it shows of a record, and the record's fields of what was typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from dispatch.domain.place import Point
from dispatch.domain.region import Region
from dispatch.domain.ticket import LEVELS, Grade, Ticket, Window
from web.clock import parse_day
from web.desk.words import name_grade, name_level

Values = dict[str, Any]

TEXTS: Final = ("product", "fault", "contact_name", "phone", "address", "door_note")
CUSTOMER: Final = "customer"
"""Who asks; typed when a ticket is taken in, known afterwards."""
OPTIONAL: Final = frozenset({"contact_name", "phone", "address", "door_note"})
MOST_MINUTES: Final = 24 * 60
LONGEST: Final = 500
"""Characters of a text."""


@dataclass
class Filled:
    """What a form holds: its values as text, what they mean, and what is wrong with them by field."""

    values: Values
    fields: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def blank(day: date) -> Values:
    """Return the values of an empty form."""
    values: Values = dict.fromkeys((*TEXTS, CUSTOMER), "")
    return values | {
        "grade": Grade.GENERAL.value,
        "minutes": "30",
        "skills": [["", "2"]],
        "windows": [[day.isoformat(), "", ""]],
    }


def show_ticket(ticket: Ticket, region: Region) -> Values:
    """Return the values of a ticket's form."""
    zone = ZoneInfo(region.zone)
    values: Values = {name: getattr(ticket, name) or "" for name in TEXTS}
    windows = [
        [f"{start:%Y-%m-%d}", f"{start:%H:%M}", f"{end:%H:%M}"]
        for start, end in ((one.from_at.astimezone(zone), one.to_at.astimezone(zone)) for one in ticket.windows)
    ]
    return values | {
        "grade": ticket.grade.value,
        "minutes": f"{ticket.duration_s / 60:g}",
        "skills": [[skill, str(level)] for skill, level in ticket.skills.items()],
        "windows": windows,
    }


def read_form(form: MultiDict[str, str], region: Region) -> Filled:
    """Read what was typed; every fault is told beside its field."""
    values: Values = {name: form.get(name, "").strip() for name in TEXTS}
    values["grade"] = form.get("grade", "")
    values["minutes"] = form.get("minutes", "").strip()
    values["skills"] = _rows(form, "skill", "level")
    values["windows"] = _rows(form, "window_day", "window_from", "window_to")
    filled = Filled(values)
    for name in TEXTS:
        if len(values[name]) > LONGEST:
            filled.faults[name] = gettext("At most %(n)s characters.", n=LONGEST)
        filled.fields[name] = (values[name] or None) if name in OPTIONAL else values[name]
    if not values["address"]:
        filled.faults["address"] = gettext("Where is it? An address, or at least the district.")
    _read_grade(filled)
    _read_minutes(filled)
    _read_skills(filled)
    _read_windows(filled, ZoneInfo(region.zone))
    return filled


def read_call(form: MultiDict[str, str], region: Region) -> Filled:
    """Read the form of a new ticket: who asks and what is wrong have to be told, too; a contact will do as the customer."""
    filled = read_form(form, region)
    faults, filled.faults = filled.faults, {}
    name = form.get(CUSTOMER, "").strip() or filled.values["contact_name"]
    filled.values[CUSTOMER] = name
    if not name:
        filled.faults[CUSTOMER] = gettext("Who asks? A name.")
    elif len(name) > LONGEST:
        filled.faults[CUSTOMER] = gettext("At most %(n)s characters.", n=LONGEST)
    filled.faults |= faults
    if not filled.values["fault"]:
        filled.faults["fault"] = gettext("What is wrong? A few words.")
    return filled


def differing(now: Values, was: Mapping[str, Any]) -> set[str]:
    """Return the names of a record's fields that were typed anew."""
    names = {"minutes": "duration_s"}
    return {names.get(name, name) for name, value in now.items() if value != was.get(name)}


def pack(values: Values) -> str:
    """Write values so that a form can carry them."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


def unpack(text: str) -> Values:
    """Read what :func:`pack` wrote; nothing if it did not."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def show_value(name: str, value: object, region: Region) -> str:
    """Show a field's value to a person."""
    text = "–" if value in (None, "", (), {}) else str(value)
    if name == "grade":
        text = name_grade(Grade(str(value)))
    elif name == "duration_s" and isinstance(value, int):
        text = str(gettext("%(n)s min", n=f"{value / 60:g}"))
    elif name == "skills" and isinstance(value, Mapping):
        text = ", ".join(f"{skill} {name_level(level)}" for skill, level in value.items()) or "–"
    elif name == "windows" and isinstance(value, tuple):
        zone = ZoneInfo(region.zone)
        spans = [(one.from_at.astimezone(zone), one.to_at.astimezone(zone)) for one in value]
        text = ", ".join(f"{start:%m-%d %H:%M}–{end:%H:%M}" for start, end in spans) or "–"
    elif isinstance(value, Point):
        text = f"{value.lat_deg:.5f}, {value.lon_deg:.5f}"
    return text


def list_choices() -> dict[str, list[tuple[str, str]]]:
    """Return what can be picked: value and word."""
    return {
        "grades": [(grade.value, name_grade(grade)) for grade in Grade],
        "levels": [(str(level), name_level(level)) for level in LEVELS],
    }


def _rows(form: MultiDict[str, str], *names: str) -> list[list[str]]:
    """Return rows of inputs that have the same names."""
    return [[cell.strip() for cell in row] for row in zip(*(form.getlist(name) for name in names), strict=False)]


def _read_grade(filled: Filled) -> None:
    try:
        filled.fields["grade"] = Grade(filled.values["grade"])
    except ValueError:
        filled.faults["grade"] = gettext("Choose a grade.")


def _read_minutes(filled: Filled) -> None:
    try:
        minutes = float(filled.values["minutes"])
    except ValueError:
        minutes = 0
    if 1 <= minutes <= MOST_MINUTES:
        filled.fields["duration_s"] = round(60 * minutes)
    else:
        filled.faults["minutes"] = gettext("Minutes, from 1 to %(n)s.", n=MOST_MINUTES)


def _read_skills(filled: Filled) -> None:
    skills: dict[str, int] = {}
    for skill, level in filled.values["skills"]:
        if not skill:
            continue
        if level not in {str(known) for known in LEVELS} or len(skill) > LONGEST:
            filled.faults["skills"] = gettext("Choose a level for each skill.")
        else:
            skills[skill] = int(level)
    filled.fields["skills"] = skills
    filled.values["skills"] = [row for row in filled.values["skills"] if row[0]]


def _read_windows(filled: Filled, zone: ZoneInfo) -> None:
    windows: list[Window] = []
    kept: list[list[str]] = []
    for day, begin, end in filled.values["windows"]:
        if not (begin or end):
            continue
        kept.append([day, begin, end])
        try:
            when = parse_day(day)
            first, last = (datetime.combine(when, time.fromisoformat(text), zone) for text in (begin, end))
        except ValueError:
            filled.faults["windows"] = gettext("An appointment needs its day, its beginning and its end.")
            continue
        if first >= last:
            filled.faults["windows"] = gettext("An appointment ends after it begins.")
            continue
        windows.append(Window(first, last))
    filled.fields["windows"] = tuple(windows)
    filled.values["windows"] = kept
