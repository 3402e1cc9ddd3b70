"""Take a visit out of the plan, or end its pin: look what that does, then keep it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final, Literal

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from dispatch.domain.errors import ChangeIllegal, DispatchError
from dispatch.domain.plan import Revision
from dispatch.services.by_hand import ByHand, keep_if_shown
from dispatch.services.edit_records import make_id
from dispatch.services.live_day import read_live_day, watch_day
from dispatch.services.take_out_visit import look_at_take_out
from dispatch.services.unpin_visit import Unpin, look_at_unpin
from dispatch.storage.store import Reading
from web.board.data import Json
from web.board.pages import get_lang
from web.desk.board import call, make_live_board, say_names
from web.desk.forms import tell_cost
from web.service.parts import get_parts
from web.who import who

Act = Literal["take-out", "unpin"]
ACTS: Final[dict[str, Act]] = {"take-out": "take-out", "unpin": "unpin"}

releases = Blueprint("releases", __name__)


@releases.get("/board/visit/<act>")
def page(act: str) -> str:
    """Show what taking a visit out, or ending its pin, would do."""
    with get_parts().store.reading() as unit:
        return show(unit, _act_of(act), request.args.get("revision", ""), request.args.get("ticket", ""))


@releases.post("/board/visit/<act>")
def confirm(act: str) -> Response | tuple[str, int]:
    """Keep it as a new revision, unless the plan has changed meanwhile or a clause is broken."""
    named = _act_of(act)
    parts = get_parts()
    revision_id, ticket_id = request.form.get("revision", ""), request.form.get("ticket", "")
    now = parts.clock()
    with parts.store.reading() as unit:
        revision = unit.get_revision(revision_id)
        if watch_day(unit, revision.region_id, revision.day).shown_id != revision_id:
            return show_overtaken(unit, named, revision, ticket_id), 409
        looked = _look(unit, named, revision_id, ticket_id, now).judged()
    try:
        with parts.store.writing() as unit:
            kept = keep_if_shown(unit, looked, revision_id=make_id(), made_by=who().id, at=now)
    except ChangeIllegal as refused:
        with parts.store.reading() as unit:
            return show(unit, named, revision_id, ticket_id, refused=refused), 409
    if kept is None:
        with parts.store.reading() as unit:
            return show_overtaken(unit, named, revision, ticket_id), 409
    back = url_for("day.page", region=revision.region_id, day=revision.day, _anchor=f"ticket={ticket_id}")
    return redirect(back, 303)


def show_overtaken(unit: Reading, act: Act, old: Revision, ticket_id: str) -> str:
    """Render the page for the plan as it is now, when nothing was done on the one before."""
    shown_id = watch_day(unit, old.region_id, old.day).shown_id
    return show(unit, act, shown_id or "", ticket_id, is_overtaken=True)


def show(
    unit: Reading,
    act: Act,
    revision_id: str,
    ticket_id: str,
    *,
    refused: DispatchError | None = None,
    is_overtaken: bool = False,
) -> str:
    """Render the page; ``is_overtaken``: somebody else has changed the plan, and nothing was done."""
    parts, lang = get_parts(), get_lang()
    now = parts.clock()
    revision = unit.get_revision(revision_id)
    live = read_live_day(unit, revision.region_id, revision.day, now=now, revision_id=revision_id)
    board = make_live_board(live, lang=lang, now=now)
    visit = next((one for one in revision.visits if one.ticket_id == ticket_id), None)
    is_gone = is_overtaken and (visit is None or (act == "unpin" and ticket_id not in live.pinned))
    looked = None if is_gone else _look(unit, act, revision_id, ticket_id, now)
    said = ""
    if is_overtaken:
        said = gettext(
            "Somebody else has changed the plan meanwhile. Nothing was done; below is the same on the plan as it is now."
        )
    if is_gone:
        said = gettext("Somebody else has changed the plan meanwhile: there is nothing left to do.")
    return render_template(
        "desk/release.html",
        act=act,
        revision=revision,
        ticket=board["tickets"].get(ticket_id, {"id": ticket_id, "grade": "plain"}),
        looked=None if looked is None else _tell(looked, board, lang),
        refused=None if refused is None else refused.advise(lang),
        said=said,
        in_work=live.day.job is not None and not live.day.job.has_ended,
        spot={"region": revision.region_id, "day": revision.day.isoformat()},
    )


def _act_of(act: str) -> Act:
    """Return what is asked for; another address leads nowhere."""
    if act not in ACTS:
        abort(404)
    return ACTS[act]


def _look(unit: Reading, act: Act, revision_id: str, ticket_id: str, now: datetime) -> ByHand:
    if act == "take-out":
        return look_at_take_out(unit, revision_id, ticket_id, now=now)
    return look_at_unpin(unit, revision_id, ticket_id)


def _tell(looked: ByHand, board: Json, lang: str) -> Json:
    """Describe what it would do."""
    cost = Decimal(0) if isinstance(looked, Unpin) else looked.cost_cny
    names = {one["id"]: one["name"] for one in board["engineers"]}
    return {
        "engineer": names.get(looked.engineer_id, looked.engineer_id),
        "is_legal": looked.is_legal,
        "broken": [say_names(zh if lang == "zh" else en, board) for zh, en in looked.broken],
        "cost": tell_cost(cost),
        "saves": cost is not None and cost < 0,
        "changed": [call(id_, board) for id_ in looked.changed],
    }
