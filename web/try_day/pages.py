"""A drop zone: the user's own sheets planned on the spot, nothing stored; the files can be had for an hour."""

from __future__ import annotations

import io
import threading
from typing import Final, cast

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from dispatch.domain.place import CoordinateSystem
from dispatch.importers.bounds import FILE_BYTES
from dispatch.planning import Stop
from dispatch.policies.tables.read import get_book
from dispatch.services.drafted import Language
from dispatch.services.read_sheets import ReadDay, Wish
from dispatch.services.regions import pick_day
from dispatch.services.try_day import Trial, try_day
from dispatch.travel.straight_line import StraightLine
from web.board.pages import get_lang
from web.service.body import allow_body
from web.service.parts import get_parts
from web.try_day.page import get_policy, write_page
from web.try_day.shelf import Kept, Shelf
from web.try_day.workbook import write_workbook

SECONDS: Final = 10.0
WAIT_S: Final = 30.0
"""How long a trial waits for another one: a search takes all cores."""
BODY_BYTES: Final = 2 * FILE_BYTES + 100_000
KEY: Final = "paidan-trials"

trials = Blueprint("trials", __name__)
_searching = threading.Lock()


@trials.get("/try")
def ask() -> str:
    """Ask for the sheets."""
    return render_template("try/ask.html")


@trials.post("/try")
@allow_body(BODY_BYTES)
def plan() -> tuple[str, int] | AnyResponse:
    """Plan what was sent."""
    tickets = _sent("tickets")
    if not tickets:
        return render_template("try/ask.html", nothing=True), 422
    if not _searching.acquire(timeout=WAIT_S):
        return render_template("try/ask.html", busy=True), 503
    try:
        outcome = _try(tickets, _sent("engineers"))
    finally:
        _searching.release()
    if not isinstance(outcome, Trial):
        return render_template("try/ask.html", notes=(*outcome.refused, *outcome.elsewhen), lang=get_lang()), 422
    lang = cast("Language", get_lang())
    kept = Kept(
        outcome.read.day.isoformat(),
        write_page(outcome, lang).encode(),
        write_workbook(outcome, lang),
        outcome.read.rows,
        outcome.planned,
        outcome.left_out,
        len({note.line for note in outcome.read.refused if note.sheet == "tickets"}),
        get_parts().clock(),
    )
    return redirect(url_for("trials.result", token=_shelf().put(kept)), 303)


@trials.get("/try/<token>")
def result(token: str) -> str:
    """Say what became of the sheets, and give the files."""
    return render_template("try/result.html", kept=_find(token), token=token)


@trials.get("/try/<token>/plan.html")
def page(token: str) -> Response:
    """Give the page, to be looked at or, with ``?save=1``, to be kept."""
    kept = _find(token)
    name = f"plan-{kept.day}.html"
    response = send_file(io.BytesIO(kept.page), "text/html", as_attachment="save" in request.args, download_name=name)
    response.headers["Content-Security-Policy"] = f"{get_policy()}; frame-ancestors 'none'"
    response.headers["Cache-Control"] = "no-store"
    return response


@trials.get("/try/<token>/plan.xlsx")
def workbook(token: str) -> Response:
    """Give the workbook."""
    kept = _find(token)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    response = send_file(io.BytesIO(kept.workbook), kind, as_attachment=True, download_name=f"plan-{kept.day}.xlsx")
    response.headers["Cache-Control"] = "no-store"
    return response


def _try(tickets: bytes, engineers: bytes | None) -> Trial | ReadDay:
    named = request.form.get("system", "")
    system = next((one for one in CoordinateSystem if one.value == named), CoordinateSystem.WGS_84)
    return try_day(
        tickets,
        engineers or None,
        Wish(pick_day(None, get_parts().clock()), system=system),
        travel=StraightLine(),
        book=get_book("deadlines_first"),
        stop=Stop(seconds=float(current_app.config.get("TRIAL_SECONDS", SECONDS))),
        lang=cast("Language", get_lang()),
    )


def _sent(name: str) -> bytes:
    """Return a file of the form, one byte more than is read at most; empty: none was chosen."""
    file = request.files.get(name)
    return b"" if file is None else file.stream.read(FILE_BYTES + 1)


def _find(token: str) -> Kept:
    kept = _shelf().find(token)
    if kept is None:
        abort(404)
    return kept


def _shelf() -> Shelf:
    """Return the application's own shelf."""
    shelf: Shelf = current_app.extensions.setdefault(KEY, Shelf(get_parts().clock))
    return shelf
