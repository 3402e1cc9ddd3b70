"""The pages of the phone: the day, a step that is reported, a change that was read."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from dispatch.domain.errors import DispatchError, NotFound, StaleEdit
from dispatch.domain.ticket import TicketState
from dispatch.services.my_day import MyDay, find_today, read_my_day, read_version
from dispatch.services.report_visit import STEPS, Step, report_visit
from web.board.pages import get_lang
from web.clock import parse_day
from web.errors import RequestRefused, Wrong, answer_to
from web.phone.seen import get_seen, remember_seen
from web.phone.texts import list_outcomes, make_texts
from web.phone.ways import make_amap, make_call, make_geo
from web.service.layout import get_looking, refuse_day
from web.service.parts import get_parts
from web.who import Looker, who

phone = Blueprint("phone", __name__, url_prefix="/my-day")

TRIES: Final = 3
"""How often a report is tried that met another edit of its ticket."""

LONGEST_KEY: Final = 64
LONGEST_NUMBER: Final = 3
"""Digits of which visit to a ticket it is on a day."""


@phone.get("")
def page() -> Response:
    """Show the day of the engineer who is looking; whoever is none picks one."""
    looker = who()
    if looker.engineer_id is None:
        return _ask_who()
    try:
        mine = _read(looker.engineer_id, _day_of(request.args.get("day", ""), "?day"))
    except NotFound:
        return _ask_who()
    if get_seen(looker.engineer_id, mine.day.day) is None:
        remember_seen(looker.engineer_id, mine.day.day, mine.version)
    return _show(mine)


@phone.get("/version")
def version() -> Response:
    """Tell which plans a day comes from, so that the page notices another one."""
    engineer_id = _get_engineer()
    day = _need_day(request.args.get("day", ""), "?day")
    with get_parts().store.reading() as unit:
        return jsonify(version=read_version(unit, engineer_id, day))


@phone.post("/seen")
def see() -> AnyResponse:
    """Keep that the changes of a version were read."""
    day = _need_day(request.form.get("day", ""), "/day")
    remember_seen(_get_engineer(), day, request.form.get("version", ""))
    return redirect(url_for("phone.page", day=day.isoformat()), 303)


@phone.post("/report")
def report() -> AnyResponse:
    """Write down a step of the engineer who is looking; the same one sent again is written down once."""
    engineer_id = _get_engineer()
    if request.form.get("engineer", engineer_id) != engineer_id:
        raise RequestRefused([_impossible("engineer", engineer_id)])
    day = _need_day(request.form.get("day", ""), "/day")
    try:
        _write_down(engineer_id, day)
    except DispatchError as error:
        answer = answer_to(error, get_lang())
        response = _show(_read(engineer_id, day), fault=answer.faults[0])
        response.status_code = answer.status
        return response
    return redirect(url_for("phone.page", day=day.isoformat()), 303)


def _write_down(engineer_id: str, day: date) -> None:
    """Report what the form says; one that met an edit of the same moment is tried again."""
    form, parts = request.form, get_parts()
    step = _step_of(form.get("step", ""))
    outcome = _outcome_of(form.get("outcome", "")) if step is Step.FINISH else None
    visit_number = _number_of(form.get("visit", ""))
    key = form.get("key", "")
    if not 0 < len(key) <= LONGEST_KEY:
        raise RequestRefused([_impossible("key", f"1 … {LONGEST_KEY}")])
    for attempt in range(TRIES):
        now = parts.clock()
        try:
            with parts.store.writing() as unit:
                report_visit(
                    unit,
                    engineer_id,
                    form.get("ticket", ""),
                    day,
                    step,
                    device_at=now if parts.drill else _moment_of(form.get("device_at", ""), now),
                    key=key,
                    now=now,
                    outcome=outcome,
                    visit_number=visit_number,
                )
        except StaleEdit:
            if attempt == TRIES - 1:
                raise
        else:
            return


def _read(engineer_id: str, day: date | None) -> MyDay:
    """Read a day, with what changed since this device has looked at it."""
    parts = get_parts()
    now = parts.clock()
    with parts.store.reading() as unit:
        wanted = day or find_today(unit, engineer_id, now)
        return read_my_day(unit, engineer_id, day=wanted, seen=get_seen(engineer_id, wanted), now=now)


def _show(mine: MyDay, fault: dict[str, str] | None = None) -> Response:
    """Draw the day."""
    zone = ZoneInfo(mine.region.zone)

    def at(moment: datetime) -> str:
        here = moment.astimezone(zone)
        return f"{here:%H:%M}" if here.date() == mine.day.day else f"{here.month}/{here.day} {here:%H:%M}"

    def goods(part: str) -> str:
        name = mine.day.part_names.get(part)
        return f"{name} {part}" if name else part

    text = render_template(
        "phone/day.html",
        goods=goods,
        mine=mine,
        fault=fault,
        at=at,
        make_key=lambda: uuid4().hex,
        steps=STEPS,
        outcomes=list_outcomes(),
        words=make_texts(),
        make_call=make_call,
        make_geo=make_geo,
        make_amap=make_amap,
        day_before=mine.day.day - timedelta(days=1),
        day_after=mine.day.day + timedelta(days=1),
    )
    return Response(text, mimetype="text/html")


def _ask_who() -> Response:
    """Let an engineer say who they are."""
    return Response(render_template("phone/ask.html", looking=get_looking()), mimetype="text/html")


def _get_engineer() -> str:
    """Return the id of the engineer who is looking.

    Raises
    ------
    RequestRefused
        It is somebody else.
    """
    looker: Looker = who()
    if looker.engineer_id is None:
        raise RequestRefused([_impossible("who", "engineer:ID")])
    return looker.engineer_id


def _need_day(text: str, pointer: str) -> date:
    """Read a day that must be there."""
    day = _day_of(text, pointer)
    if day is None:
        raise RequestRefused([Wrong("missing_key", pointer, {"name": "day"})])
    return day


def _day_of(text: str, pointer: str) -> date | None:
    """Read a day, None if none is named."""
    try:
        return parse_day(text) if text else None
    except ValueError:
        raise refuse_day(pointer) from None


def _step_of(text: str) -> Step:
    try:
        return Step(text)
    except ValueError:
        raise RequestRefused([_impossible("step", ", ".join(STEPS))]) from None


def _outcome_of(text: str) -> TicketState | None:
    """Read how a visit ended; None: as it should. What is no way to end is refused by the service."""
    try:
        return TicketState(text) if text else None
    except ValueError:
        raise RequestRefused([_impossible("outcome", ", ".join(name for name, _ in list_outcomes()))]) from None


def _number_of(text: str) -> int | None:
    """Read which visit to the ticket it is; a page of an earlier version does not say."""
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER and int(text) >= 1):
        raise RequestRefused([_impossible("visit", "≥ 1")])
    return int(text)


def _moment_of(text: str, now: datetime) -> datetime:
    """Read when the device says that it was; without scripts, or with a clock that is ahead, it is now."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now
    return min(moment, now) if moment.tzinfo is not None else now


def _impossible(name: str, reason: str) -> Wrong:
    return Wrong("impossible_value", f"/{name}", {"name": name, "reason": reason})
