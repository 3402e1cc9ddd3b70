"""What every page of the service has around it: language, who is looking, and the region and day that are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request, session
from flask_babel import gettext

from dispatch.domain.engineer import Engineer
from dispatch.domain.region import Region
from dispatch.services.regions import list_engineers, list_regions, pick_day, pick_region
from web.board.pages import LANGUAGES, get_lang
from web.clock import parse_day
from web.errors import RequestRefused, Wrong
from web.service.parts import get_parts
from web.who import who


@dataclass(frozen=True, slots=True)
class Looking:
    """The region and day of the address, ``?region=hz&day=2026-11-23``; the first region and its today when it says none.

    ``region`` is None where there is no region at all.
    """

    regions: tuple[Region, ...]
    region: Region | None
    day: date
    engineers: tuple[Engineer, ...]


def get_looking() -> Looking:
    """Return what the current page looks at; read once a request.

    Raises
    ------
    NotFound
        There is no such region.
    RequestRefused
        The day is no date.
    """
    if "looking" not in g:
        parts = get_parts()
        named = request.args.get("day", "")
        try:
            day = parse_day(named) if named else None
        except ValueError:
            raise refuse_day("?day") from None
        with parts.store.reading() as unit:
            regions = list_regions(unit)
            region = pick_region(regions, request.args.get("region") or None)
            engineers = () if region is None else list_engineers(unit, region.id)
        g.looking = Looking(regions, region, day or pick_day(region, parts.clock()), engineers)
    found: Looking = g.looking
    return found


def refuse_day(pointer: str) -> RequestRefused:
    """Return the refusal of what is no day, for a page's reader."""
    reason = gettext("it must be one such as 2026-11-23, from 1970 to 2199")
    return RequestRefused([Wrong("impossible_value", pointer, {"name": gettext("Day"), "reason": reason})])


def choose_language() -> str:
    """Return the language: the address's, the one that was picked, a program's own, else the first."""
    default = str(current_app.config["BABEL_DEFAULT_LOCALE"])
    for wanted in (request.args.get("lang"), session.get("lang")):
        if wanted in LANGUAGES:
            return str(wanted)
    if request.path.startswith("/api/"):
        return request.accept_languages.best_match(LANGUAGES, default) or default
    return default


def add_layout(app: Flask) -> None:
    """Give every template ``lang``, and what is asked only when it is called: looker, looking, drill."""

    @app.context_processor
    def say_what_layout_needs() -> dict[str, Any]:
        return {"lang": get_lang(), "get_looker": who, "get_looking": get_looking, "tell_drill": tell_drill}


def tell_drill() -> str | None:
    """Return day and time of a clock that is not the world's, by the region's zone; None: it is the world's."""
    parts = get_parts()
    if not parts.drill:
        return None
    region = get_looking().region
    here = parts.clock().astimezone(ZoneInfo(region.zone if region else "Asia/Shanghai"))
    return f"{here:%Y-%m-%d %H:%M}"
