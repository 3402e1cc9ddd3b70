"""A trial as one file of HTML: it asks nothing of anybody, from wherever it is opened."""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from itertools import groupby
from typing import cast
from zoneinfo import ZoneInfo

from flask import Flask, render_template
from flask_babel import Babel, gettext

from dispatch.format.model import Stop
from dispatch.services.drafted import Language, Note
from dispatch.services.try_day import ROADS_S, Trial
from dispatch.travel.ways import Ways, hurry
from web.board.boundaries import read_boundaries
from web.board.data import Json
from web.board.texts import make_texts
from web.board.ways import describe_ways
from web.try_day.board import APPROXIMATE_CODES, is_approximate, make_trial_board, routes_by_name, visits_of
from web.try_day.bundle import STATIC, bundle_scripts, bundle_styles


def write_page(trial: Trial, lang: Language = "zh", ways: Ways | None = None) -> str:
    """Write a trial as a self-contained page; where somebody knows ways, routes follow them.

    Scripts, styles, map and data are inside. Its policy names the one script and the one style by their hashes and allows
    no request at all, so that not even a name in a sheet could make one.
    """
    app = Flask("paidan", root_path=str(STATIC.parent))
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False, "separators": (",", ":")}
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(STATIC.parent / "translations")
    Babel(app, default_locale=lang, locale_selector=lambda: lang)
    with app.test_request_context("/"):
        return render_template("trial.html", **_describe(trial, lang, ways))


def get_policy() -> str:
    """Return what the page may do: run its own script, show its own style, ask nobody."""
    script, style = _digest(bundle_scripts()), _digest(bundle_styles())
    return f"default-src 'none'; script-src '{script}'; style-src '{style}'; img-src data:; base-uri 'none'; form-action 'none'"


def _describe(trial: Trial, lang: Language, ways: Ways | None) -> Json:
    """Return all that the template shows."""
    board = make_trial_board(trial, lang)
    texts = make_texts()
    scripts, styles = bundle_scripts(), bundle_styles()
    read = trial.read
    groups = list_groups(trial, lang)
    return {
        "lang": lang,
        "board": board,
        "ways": _draw_ways(trial, board, ways, lang),
        "boundaries": _boundaries(board["boundaries"]),
        "texts": texts,
        "scripts": scripts,
        "styles": styles,
        "policy": get_policy(),
        "day": read.day.isoformat(),
        "rows": read.rows,
        "planned": trial.planned,
        "left_out": trial.left_out,
        "refused_rows": len({note.line for note in read.refused if note.sheet == "tickets"}),
        "elsewhen": read.elsewhen,
        "rough": sum(map(is_approximate, trial.snapshot.tickets)),
        "sheets": list_sheets(trial, board, texts),
        "groups": groups,
        "to_check": sum(len(group["rows"]) for group in groups[:-2]),
    }


def _draw_ways(trial: Trial, board: Json, ways: Ways | None, lang: Language) -> Json | None:
    """Find the board's ways in the time that travel has left; who did not answer a moment ago is not waited for again."""
    if ways is None or not trial.follows_roads:
        return None
    return describe_ways(board, hurry(ways, ROADS_S - trial.travel_s), lang)


def list_sheets(trial: Trial, board: Json, texts: dict[str, str]) -> list[Json]:
    """Return each engineer's day as a list for people."""
    zone = ZoneInfo(trial.snapshot.region.zone)
    return [
        {
            "name": name,
            "hours": f"{_clock(route.stops[0].leave, zone)}–{_clock(route.stops[-1].arrive, zone)}",
            "km": round(route.travel_m / 1000),
            "stops": [_line(stop, board["tickets"][stop.ticket], texts, zone) for stop in visits_of(route)],
        }
        for name, route in routes_by_name(trial)
    ]


def _line(stop: Stop, about: Json, texts: dict[str, str], zone: ZoneInfo) -> Json:
    phone = about["phone"] or ""
    return {
        **about,
        "begin": _clock(stop.begin, zone),
        "leave": _clock(stop.leave, zone),
        "grade_name": texts[f"grade.{about['grade']}"],
        "dial": "".join(char for char in phone if char.isdigit() or char == "+"),
    }


def list_groups(trial: Trial, lang: Language) -> list[Json]:
    """Return what a person should look at, most urgent first; the last two groups are for knowledge alone."""
    read = trial.read
    lines = {ticket: draft.line for ticket, draft in read.drafts.items()}
    skipped = [
        {
            "where": _row(lines[left.ticket], lang),
            "text": _join(
                [_name(trial, left.ticket), *dict.fromkeys(reason.text for reason in left.reasons)][:4], lang
            ),
        }
        for left in trial.plan.skipped
    ]
    doubts = [note for note in read.doubts if note.code not in APPROXIMATE_CODES]
    rough = [note for note in read.doubts if note.code in APPROXIMATE_CODES]
    return [
        _group(gettext("Rows that were not read"), [_told(note, lang) for note in read.refused]),
        _group(gettext("Read, but not planned"), skipped),
        _group(gettext("For another day"), [_told(note, lang) for note in read.elsewhen]),
        _group(gettext("Rows in doubt"), _by_row(doubts, lang), gettext("They are in the plan as they were read.")),
        _group(
            gettext("Rough places (≈)"),
            _by_sentence(rough, lang),
            gettext("Coordinates in the sheet, or a geocoder, make them exact."),
        ),
        _group(gettext("What was assumed"), [_told(note, lang) for note in read.assumed]),
    ]


def _group(title: str, rows: list[Json], told: str = "") -> Json:
    return {"title": title, "help": told, "rows": rows}


def _told(note: Note, lang: Language) -> Json:
    return {"where": _where(note, lang), "text": note.say(lang)}


def _by_row(notes: list[Note], lang: Language) -> list[Json]:
    """Return one entry a row, its sentences together."""
    rows = []
    for (sheet, line), told in groupby(notes, key=lambda note: (note.sheet, note.line)):
        listed = list(told)
        where = _where(listed[0], lang) if len(listed) == 1 else _sheet(sheet, _row(line, lang))
        rows.append({"where": where, "text": _join([note.say(lang) for note in listed], lang)})
    return rows


def _by_sentence(notes: list[Note], lang: Language) -> list[Json]:
    """Return one entry a sentence, its rows together."""
    lines: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        lines.setdefault((note.sheet, note.say(lang)), []).append(str(note.line))
    comma = "、" if lang == "zh" else ", "
    return [
        {
            "where": _sheet(sheet, gettext("%(count)s rows", count=len(rows))),
            "text": f"{sentence}{gettext(': ')}{comma.join(rows)}",
        }
        for (sheet, sentence), rows in lines.items()
    ]


def _where(note: Note, lang: Language) -> str:
    return _sheet(note.sheet, note.where(lang))


def _sheet(sheet: str, where: str) -> str:
    return f"{gettext('Engineers')} · {where}" if sheet == "engineers" and where else where


def _row(line: int | None, lang: Language) -> str:
    return Note("", "", "", "", line).where(lang)


def _join(sentences: list[str], lang: Language) -> str:
    return ("；" if lang == "zh" else "; ").join(sentence.rstrip("。.") for sentence in sentences)


def _name(trial: Trial, id: str) -> str:  # noqa: A002 - the field of every record is called so
    customer = trial.read.drafts[id].customer
    return f"{id} {customer}" if customer else id


def _clock(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%H:%M}"


def _boundaries(name: str | None) -> Json | None:
    return None if name is None else cast("Json", json.loads(read_boundaries(name)))


def _digest(text: str) -> str:
    """Return how a policy names a text."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
