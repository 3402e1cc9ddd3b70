"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from dispatch.services.day_board import read_day_board
from dispatch.services.jobs import is_left_alone
from dispatch.services.live_day import count_day
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
        alone = board.job is not None and is_left_alone(unit, board.job, get_parts().clock())
    return render_template(
        "service/home.html",
        looking=looking,
        day=count_day(board),
        state=describe(board, board.draft or board.snapshot.plan),
        in_work=board.job is not None and not board.job.has_ended and not alone,
    )
