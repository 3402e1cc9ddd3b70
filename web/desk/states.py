"""Change a ticket's state at the desk; what cannot be is told beside what was typed."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from dispatch.domain.errors import DispatchError, IllegalTransition, ImpossibleRecord, StaleEdit
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.change_state import change_state
from web.board.pages import get_lang
from web.desk.forms import read_choice, read_whole
from web.desk.ticket_form import Filled, show_ticket
from web.desk.tickets import show
from web.desk.words import name_state
from web.service.layout import get_looking
from web.service.parts import get_parts
from web.who import who

states = Blueprint("states", __name__)


@states.post("/tickets/<path:id>/state")  # numbers of other people's sheets may hold a slash
def change(id: str) -> Response | tuple[str, int]:  # noqa: A002 - as addresses have it
    """Change the ticket's state."""
    parts = get_parts()
    version = read_whole("version", 0, 1 << 30)
    after = read_choice("state", TicketState, gettext("New state"))
    why = request.form.get("why", "")
    try:
        with parts.store.writing() as unit:
            moved = change_state(unit, id, after, version=version, why=why, by=who().id, now=parts.clock())
    except (IllegalTransition, ImpossibleRecord, StaleEdit) as refused:
        return show_refused(id, refused, {"picked": after.value, "why": why})
    text = gettext("%(ticket)s is now: %(state)s.", ticket=id, state=name_state(moved.state))
    flash({"text": text, "more": ""})  # type: ignore[arg-type]
    return redirect(url_for("tickets.page", id=id, region=moved.region_id, day=get_looking().day), 303)


def show_refused(id: str, refused: DispatchError, typed: dict[str, str]) -> tuple[str, int]:  # noqa: A002 - as above
    """Show the ticket as it is now, why what was sent cannot be, and what was typed."""
    with get_parts().store.reading() as unit:
        ticket = unit.get(Ticket, id)
        region = unit.get(Region, ticket.region_id)
        told = {"text": refused.say(get_lang()), "hint": refused.advise(get_lang()), **typed}
        page = show(unit, region, Filled(show_ticket(ticket, region)), ticket, refused=told)
    return page, 422 if isinstance(refused, ImpossibleRecord) else 409
