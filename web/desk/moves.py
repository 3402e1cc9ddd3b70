"""Move a visit by hand: look what it breaks and costs, then keep it."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from dispatch.domain.errors import DispatchError, MoveIllegal, NotFound
from dispatch.domain.plan import Revision
from dispatch.domain.region import Region
from dispatch.services.by_hand import keep_if_shown
from dispatch.services.edit_records import make_id
from dispatch.services.live_day import LiveDay, read_live_day, watch_day
from dispatch.services.move_visit import Move, look_at_move
from dispatch.storage.store import Reading
from web.board.data import Json
from web.board.pages import get_lang
from web.desk.board import call, make_live_board, say_names
from web.desk.day import clock_of
from web.desk.forms import read_whole, tell_cost
from web.service.parts import get_parts
from web.who import who

moves = Blueprint("moves", __name__)


@moves.get("/board/move")
def page() -> str:
    """Show where a visit could go; with a shift, what that would break and cost."""
    asked = request.args
    place = asked.get("place", "")
    with get_parts().store.reading() as unit:
        return show(
            unit,
            asked.get("revision", ""),
            asked.get("ticket", ""),
            asked.get("shift") or None,
            place=int(place) if place.isdecimal() and len(place) < len("10000") else None,
        )


@moves.post("/board/move")
def confirm() -> Response | tuple[str, int]:
    """Keep the move as a new revision, unless the plan has changed meanwhile or a clause is broken."""
    parts, form = get_parts(), request.form
    revision_id, ticket_id, shift_id = form.get("revision", ""), form.get("ticket", ""), form.get("shift", "")
    place = read_whole("place", 0, 9999)
    now = parts.clock()
    with parts.store.reading() as unit:
        revision = unit.get_revision(revision_id)
        if watch_day(unit, revision.region_id, revision.day).shown_id != revision_id:
            return show_overtaken(unit, revision, ticket_id, shift_id), 409
        move = look_at_move(unit, revision_id, ticket_id, shift_id, place=place, now=now).judged()
    try:
        with parts.store.writing() as unit:
            kept = keep_if_shown(unit, move, revision_id=make_id(), made_by=who().id, at=now)
    except MoveIllegal as refused:
        with parts.store.reading() as unit:
            return show(unit, revision_id, ticket_id, shift_id, place=place, refused=refused), 409
    if kept is None:
        with parts.store.reading() as unit:
            return show_overtaken(unit, revision, ticket_id, shift_id), 409
    back = url_for("day.page", region=revision.region_id, day=revision.day, _anchor=f"ticket={ticket_id}")
    return redirect(back, 303)


def show_overtaken(unit: Reading, old: Revision, ticket_id: str, shift_id: str) -> str:
    """Say that the plan has changed meanwhile, and look at the same move on the plan as it is now."""
    text = gettext(
        "Somebody else has changed the plan meanwhile. Nothing was moved; below is your move on the plan as it is now."
    )
    shown_id = watch_day(unit, old.region_id, old.day).shown_id
    return show(unit, shown_id or "", ticket_id, shift_id, said=text)


def show(
    unit: Reading,
    revision_id: str,
    ticket_id: str,
    shift_id: str | None,
    *,
    place: int | None = None,
    refused: DispatchError | None = None,
    said: str = "",
) -> str:
    """Render the page."""
    parts, lang = get_parts(), get_lang()
    now = parts.clock()
    revision = unit.get_revision(revision_id)
    live = read_live_day(unit, revision.region_id, revision.day, now=now, revision_id=revision_id)
    board = make_live_board(live, lang=lang, now=now)
    region = live.day.snapshot.region
    if ticket_id not in board["tickets"]:
        raise NotFound("Ticket", ticket_id)
    stops = _stops_of(live)
    own = next((shift for shift, tickets in stops.items() if ticket_id in [ticket for ticket, _ in tickets]), None)
    move = None
    if shift_id is not None and ticket_id not in live.fresh:
        move = look_at_move(unit, revision_id, ticket_id, shift_id, place=place, now=now)
    names = {engineer["id"]: engineer["name"] for engineer in board["engineers"]}
    shifts = [
        {
            "id": shift.id,
            "engineer": names[engineer.id],
            "hours": f"{shift.start:%H:%M}–{shift.end:%H:%M}",
            "visits": len(stops.get(shift.id, [])),
            "own": shift.id == own,
        }
        for engineer in live.request.engineers
        for shift in engineer.shifts
    ]
    return render_template(
        "desk/move.html",
        revision=revision,
        ticket=board["tickets"][ticket_id],
        is_fresh=ticket_id in live.fresh,
        shifts=shifts,
        chosen=shift_id or own,
        own=own,
        move=None if move is None else _tell_move(move, board, region, lang),
        places=[] if move is None else _places(stops.get(move.shift_id, []), move, board),
        refused=None if refused is None else refused.advise(lang),
        said=said,
        in_work=live.day.job is not None and not live.day.job.has_ended,
        spot={"region": revision.region_id, "day": revision.day.isoformat()},
    )


def _stops_of(live: LiveDay) -> dict[str, list[tuple[str, str]]]:
    """Return the visits of every shift: ticket, and when work begins."""
    return {
        route.shift: [(stop.ticket, f"{stop.begin:%H:%M}") for stop in route.stops if stop.ticket is not None]
        for route in live.plan.routes
    }


def _tell_move(move: Move, board: Json, region: Region, lang: str) -> Json:
    """Describe what a move would do."""
    cost = move.cost_cny
    return {
        "shift": move.shift_id,
        "place": move.place,
        "engineer": next(one["name"] for one in board["engineers"] if one["id"] == move.engineer_id),
        "is_legal": move.is_legal,
        "broken": [say_names(zh if lang == "zh" else en, board) for zh, en in move.broken],
        "cost": tell_cost(cost),
        "saves": cost is not None and cost < 0,
        "begin": None if move.begin_at is None else clock_of(move.begin_at, region),
        "changed": [call(id_, board) for id_ in move.changed],
    }


def _places(stops: list[tuple[str, str]], move: Move, board: Json) -> list[Json]:
    """Return the visits of the shift without the moved one, each with the place before it; at last the end."""
    others = [(ticket, begin) for ticket, begin in stops if ticket != move.ticket_id]
    rows: list[Json] = [
        {"place": place, "label": board["tickets"][ticket].get("label", ticket), "id": ticket, "begin": begin}
        for place, (ticket, begin) in enumerate(others)
    ]
    return [*rows, {"place": len(others), "label": None, "id": None, "begin": None}]
