"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from dispatch.services.day_board import DayBoard, read_day_board
from web.board.data import Json
from web.desk.day import describe
from web.service.layout import get_looking
from web.service.parts import get_parts

home = Blueprint("home", __name__)


@home.get("/")
def page() -> str:
    """Show how the day of the region stands, the other regions, and where sheets can be tried."""
    looking = get_looking()
    if looking.region is None:
        return render_template("service/home.html", looking=looking, day=None)
    with get_parts().store.reading() as unit:
        board = read_day_board(unit, looking.region.id, looking.day)
    return render_template("service/home.html", looking=looking, day=sum_up(board))


def sum_up(board: DayBoard) -> Json:
    """Count what a dispatcher asks first: who works, what is planned, what waits."""
    shown = board.draft or board.snapshot.plan
    visits = () if shown is None else shown.visits
    visited = {visit.ticket_id for visit in visits}
    waiting = [ticket for ticket in board.snapshot.tickets if ticket.is_open and ticket.id not in visited]
    return {
        "state": describe(board, shown),
        "job": board.job is not None and not board.job.has_ended,
        "engineers": len({shift.engineer_id for shift in board.snapshot.shifts}),
        "visits": len(visited),
        "waiting": len(waiting),
        "pressing": sum(ticket.grade in {"emergency", "urgent"} for ticket in waiting),
    }
