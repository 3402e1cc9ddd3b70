"""A drop zone: the user's own sheets planned on the spot, nothing stored unless it is asked for; the files can be had for an hour."""

from __future__ import annotations

import io
import threading
from typing import Final

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response as AnyResponse

from dispatch.domain.place import CoordinateSystem
from dispatch.domain.region import Region
from dispatch.importers.bounds import FILE_BYTES
from dispatch.planning import Stop
from dispatch.policies.tables.read import get_book
from dispatch.services.drafted import Note
from dispatch.services.edit_records import make_id
from dispatch.services.keep_trial import KeptTrial, keep_trial, prepare_trial, sheets_of
from dispatch.services.read_sheets import ReadDay, Wish
from dispatch.services.regions import list_regions, pick_day, pick_region
from dispatch.services.try_day import Trial, try_day
from web.board.pages import get_lang
from web.service.body import allow_body
from web.service.layout import get_looking
from web.service.parts import get_parts
from web.try_day.page import get_policy, write_page
from web.try_day.shelf import Kept, Shelf
from web.try_day.workbook import write_workbook
from web.who import who

SECONDS: Final = 10.0
WAIT_S: Final = 30.0
"""How long a trial waits for another one: a search takes all cores."""
BODY_BYTES: Final = 2 * FILE_BYTES + 100_000
KEY: Final = "paidan-trials"
LONGEST_NAME: Final = 100
"""Characters of a region's name."""

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
    tickets, engineers = _sent("tickets"), _sent("engineers")
    if not tickets:
        return render_template("try/ask.html", nothing=True), 422
    if not _searching.acquire(timeout=WAIT_S):
        return render_template("try/ask.html", busy=True), 503
    try:
        outcome = _try(tickets, engineers)
    finally:
        _searching.release()
    if not isinstance(outcome, Trial):
        return render_template("try/ask.html", notes=(*outcome.refused, *outcome.elsewhen), lang=get_lang()), 422
    lang = get_lang()
    kept = Kept(
        outcome.read.day.isoformat(),
        write_page(outcome, lang, get_parts().ways).encode(),
        write_workbook(outcome, lang),
        outcome.read.rows,
        outcome.planned,
        outcome.left_out,
        len({note.line for note in outcome.read.refused if note.sheet == "tickets"}),
        get_parts().clock(),
        faults=outcome.read.refused,
        assumed=outcome.read.assumed,
        sheets=sheets_of(outcome, tickets, engineers, _system()),
    )
    return redirect(url_for("trials.result", token=_shelf().put(kept)), 303)


@trials.get("/try/<token>")
def result(token: str) -> str:
    """Say what became of the sheets, give the files, and offer to store what was read."""
    return _show(token)


@trials.post("/try/<token>/keep")
def keep(token: str) -> tuple[str, int] | AnyResponse:
    """Store what was read, and go to the board of that day."""
    kept, parts = _find(token), get_parts()
    if kept.sheets is None:
        return _show(token), 409
    name = request.form.get("region_name", "").strip()
    with parts.store.reading() as unit:
        region = pick_region(list_regions(unit), request.form.get("region") or None)
    if region is None and not 0 < len(name) <= LONGEST_NAME:
        return _show(token, nameless=True), 422
    done = keep_trial(
        parts.store,
        kept.sheets,
        prepare_trial(kept.sheets, parts.ask()),
        region or Region(make_id(), name),
        by=who().id,
        now=parts.clock(),
        with_assumed="assumed" in request.form,
        anyway="anyway" in request.form,
    )
    if not done.is_stored:
        return _show(token, clashes=done.clashes), 409
    _shelf().mark_stored(token, done.region_id)
    flash({"text": _tell_kept(done), "more": url_for("trials.result", token=token) if kept.faults else ""})  # type: ignore[arg-type]
    return redirect(url_for("day.page", region=done.region_id, day=kept.day), 303)


def _show(token: str, *, clashes: tuple[Note, ...] = (), nameless: bool = False) -> str:
    """Render the page of a trial."""
    kept, looking = _find(token), get_looking()
    assumed = kept.sheets.assumed if kept.sheets else ()
    return render_template(
        "try/result.html", kept=kept, token=token, looking=looking, people=assumed, clashes=clashes, nameless=nameless
    )


def _tell_kept(done: KeptTrial) -> str:
    """Say what was stored."""
    told = [ngettext("%(num)d ticket stored", "%(num)d tickets stored", done.added)]
    if done.engineers.added:
        told.append(ngettext("%(num)d engineer stored", "%(num)d engineers stored", len(done.engineers.added)))
    known = done.tickets.known + done.engineers.known
    if known:
        told.append(ngettext("%(num)d row was there before", "%(num)d rows were there before", known))
    return str(gettext(", ").join(told) + gettext("."))


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


def _system() -> CoordinateSystem:
    """Return the coordinate system that was picked."""
    named = request.form.get("system", "")
    return next((one for one in CoordinateSystem if one.value == named), CoordinateSystem.WGS_84)


def _try(tickets: bytes, engineers: bytes | None) -> Trial | ReadDay:
    parts = get_parts()
    return try_day(
        tickets,
        engineers or None,
        Wish(pick_day(None, parts.clock()), system=_system(), geocoder=parts.ask()),
        travel=parts.travel,
        book=get_book("deadlines_first", parts.pack),
        stop=Stop(seconds=float(current_app.config.get("TRIAL_SECONDS", SECONDS))),
        lang=get_lang(),
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
