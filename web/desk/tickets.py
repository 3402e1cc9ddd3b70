"""Tickets at the desk: take one in, change it, put its pin where it belongs."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from dispatch.domain.errors import ImpossibleRecord, NotFound, StaleEdit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.services.find_place import find_point
from dispatch.services.intake_call import Taken, find_caller, find_place_of_call, intake_call
from dispatch.services.intake_ticket import change_ticket, set_point
from dispatch.services.regions import list_engineers
from dispatch.storage.store import Reading
from web.board.data import Json
from web.board.pages import get_lang
from web.desk.course import show_course
from web.desk.forms import read_degrees, read_whole
from web.desk.ticket_form import (
    CUSTOMER,
    Filled,
    Values,
    blank,
    differing,
    list_choices,
    pack,
    read_call,
    read_form,
    show_ticket,
    show_value,
    unpack,
)
from web.desk.words import name_field, name_found_by, name_state
from web.service.layout import get_looking
from web.service.parts import get_parts
from web.who import who

tickets = Blueprint("tickets", __name__)


@tickets.get("/tickets/new")
def new() -> str:
    """Show the empty form."""
    looking = get_looking()
    if looking.region is None:
        return render_template("desk/no_region.html")
    with get_parts().store.reading() as unit:
        return show(unit, looking.region, Filled(blank(looking.day)))


@tickets.post("/tickets")
def take_in() -> Response | tuple[str, int]:
    """Keep a new ticket, with its customer and site where these are not known; its point is found in the usual order."""
    looking, parts = get_looking(), get_parts()
    if looking.region is None:
        raise NotFound("Region", "–")
    region = looking.region
    filled = read_call(request.form, region)
    taken = None if filled.faults else _take_in(filled, region)
    if taken is not None:
        flash({"text": _tell_taken(taken, filled.values[CUSTOMER]), "more": ""})  # type: ignore[arg-type]
        return redirect(back_to_board(region.id, looking.day, taken.ticket.id), 303)
    with parts.store.reading() as unit:
        return show(unit, region, filled), 422


def _take_in(filled: Filled, region: Region) -> Taken | None:
    """Keep what was typed; None: it cannot be, and the form says why."""
    parts, fields, name = get_parts(), filled.fields, filled.values[CUSTOMER]
    try:
        with parts.store.reading() as unit:
            caller = find_caller(unit, region.id, name, phone=fields["phone"], address=fields["address"])
            if caller.is_unclear:
                filled.faults["phone"] = gettext("Several customers are called so: their phone number tells which.")
                return None
            point = find_place_of_call(unit, region.id, caller, fields["address"], parts.ask())
        with parts.store.writing() as unit:
            return intake_call(unit, region.id, fields, customer_name=name, point=point, by=who().id, now=parts.clock())
    except ImpossibleRecord as refused:
        filled.faults["form"] = refused.say(get_lang())
        return None


def _tell_taken(taken: Taken, name: str) -> str:
    """Say what was made with the ticket."""
    id_ = taken.ticket.id
    if taken.is_new_customer:
        text = gettext("%(ticket)s taken in. %(name)s is a new customer.", ticket=id_, name=name)
    elif taken.is_new_site:
        text = gettext("%(ticket)s taken in. %(name)s is known, the place is new.", ticket=id_, name=name)
    else:
        text = gettext("%(ticket)s taken in. %(name)s and the place are known.", ticket=id_, name=name)
    if taken.ticket.point is None or not taken.ticket.point.is_exact:
        text = gettext("%(told)s The place is only roughly known (≈).", told=text)
    return str(text)


@tickets.get("/tickets/<path:id>")  # numbers of other people's sheets may hold a slash
def page(id: str) -> str:  # noqa: A002 - as addresses have it
    """Show the form of a ticket."""
    with get_parts().store.reading() as unit:
        ticket = unit.get(Ticket, id)
        region = unit.get(Region, ticket.region_id)
        return show(unit, region, Filled(show_ticket(ticket, region)), ticket)


@tickets.post("/tickets/<path:id>")
def change(id: str) -> Response | tuple[str, int]:  # noqa: A002 - the same
    """Keep what was typed anew; when somebody else was faster, show what differs and keep what was typed."""
    parts = get_parts()
    version = read_whole("version", 0, 1 << 30)
    with parts.store.reading() as unit:
        ticket = unit.get(Ticket, id)
        region = unit.get(Region, ticket.region_id)
    filled = read_form(request.form, region)
    was = unpack(request.form.get("was", ""))
    differs: Json | None = None
    if not filled.faults:
        named = differing(filled.values, was)
        edited = {name: value for name, value in filled.fields.items() if name in named}
        try:
            if "address" in edited:
                with parts.store.reading() as unit:
                    edited["point"] = find_point(unit, region.id, edited, parts.ask())
            if edited:
                with parts.store.writing() as unit:
                    change_ticket(unit, id, version=version, changes=edited, by=who().id, now=parts.clock())
        except ImpossibleRecord as refused:
            filled.faults["form"] = refused.say(get_lang())
        except StaleEdit as refused:
            differs = tell_differences(refused, was, region)
            if isinstance(refused.stored, Ticket):
                merge(filled, named, refused.stored, region)
        else:
            return redirect(back_to_board(region.id, get_looking().day, id), 303)
    with parts.store.reading() as unit:
        ticket = unit.get(Ticket, id)
        was = show_ticket(ticket, region) if differs else was
        version = ticket.version if differs else version
        return show(unit, region, filled, ticket, was=was, version=version, differs=differs), 409 if differs else 422


@tickets.post("/tickets/<path:id>/point")
def move_pin(id: str) -> Response | tuple[str, int]:  # noqa: A002 - the same
    """Put the ticket's pin where somebody dragged it, or typed."""
    parts = get_parts()
    version = read_whole("version", 0, 1 << 30)
    lat_deg = read_degrees("lat_deg", 90, gettext("Latitude"))
    lon_deg = read_degrees("lon_deg", 180, gettext("Longitude"))
    try:
        with parts.store.writing() as unit:
            pinned = set_point(
                unit, id, version=version, lat_deg=lat_deg, lon_deg=lon_deg, by=who().id, now=parts.clock()
            )
    except StaleEdit as refused:
        with parts.store.reading() as unit:
            ticket = unit.get(Ticket, id)
            region = unit.get(Region, ticket.region_id)
            values = show_ticket(ticket, region)
            differs = tell_differences(refused, {}, region)
            typed = (f"{lat_deg:g}", f"{lon_deg:g}")
            return show(unit, region, Filled(values), ticket, differs=differs, typed=typed), 409
    text = gettext("%(ticket)s is put there, exact from now on.", ticket=id)
    if pinned.site is not None:
        text = gettext("%(told)s So is its site: the next ticket there begins with this place.", told=text)
    flash({"text": text, "more": ""})  # type: ignore[arg-type]
    return redirect(back_to_board(pinned.ticket.region_id, get_looking().day, id), 303)


def merge(filled: Filled, named: set[str], ticket: Ticket, region: Region) -> None:
    """Leave what was typed, and take what somebody else stored in the fields that were not touched."""
    now = show_ticket(ticket, region)
    for name in filled.values:
        if ("duration_s" if name == "minutes" else name) not in named:
            filled.values[name] = now[name]


def tell_differences(refused: StaleEdit, was: Values, region: Region) -> Json:
    """Say what somebody else changed, and where it meets what was typed."""
    stored = refused.stored
    rows = [
        {
            "name": name_field(change.name),
            "yours": show_value(change.name, change.edited, region),
            "stored": show_value(change.name, change.stored, region),
        }
        for change in refused.changes
    ]
    theirs: list[str] = []
    if isinstance(stored, Ticket) and was:
        theirs = [name_field(name) for name in sorted(differing(show_ticket(stored, region), was))]
    return {"rows": rows, "theirs": theirs, "what": refused.say(get_lang())}


def show(
    unit: Reading,
    region: Region,
    filled: Filled,
    ticket: Ticket | None = None,
    *,
    was: Values | None = None,
    version: int | None = None,
    differs: Json | None = None,
    typed: tuple[str, str] | None = None,
    refused: Json | None = None,
) -> str:
    """Render the form; ``refused`` is what was sent from another part of the page, and why it cannot be."""
    values = filled.values
    rows: dict[str, Any] = {
        "skills": [*values["skills"], *([["", "2"]] if values["skills"] != [["", "2"]] else [])],
        "windows": values["windows"] or [[get_looking().day.isoformat(), "", ""]],
    }
    known = sorted({skill for engineer in list_engineers(unit, region.id) for skill in engineer.skills})
    point = None if ticket is None or ticket.point is None else ticket.point
    return render_template(
        "desk/ticket.html",
        region=region,
        ticket=ticket,
        state=None if ticket is None else name_state(ticket.state),
        values=values | rows,
        faults=filled.faults,
        differs=differs,
        was=pack(was if was is not None else values),
        version=version if version is not None else (ticket.version if ticket else 0),
        point=point,
        found=None if point is None else name_found_by(point.found_by),
        typed=typed or (None if point is None else (f"{point.lat_deg:.6f}", f"{point.lon_deg:.6f}")),
        known_skills=known,
        refused=refused or {},
        course=None if ticket is None else show_course(unit, ticket, region),
        spot={"region": region.id, "day": get_looking().day.isoformat()},
        **list_choices(),
    )


def back_to_board(region_id: str, day: date, ticket_id: str) -> str:
    """Return the board's address with the ticket chosen."""
    return url_for("day.page", region=region_id, day=day, _anchor=f"ticket={ticket_id}")
