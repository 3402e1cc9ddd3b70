"""Why a ticket is left out or late, why this engineer comes, and what would help: asked for on the board, told by name."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext

from dispatch.domain.region import Region
from dispatch.planning.explain import Explanation, Rival
from dispatch.planning.ways import Way
from dispatch.services.explain_ticket import explain_ticket
from dispatch.services.live_day import read_live_day
from web.board.data import Json
from web.board.pages import get_lang
from web.board.texts import make_texts
from web.desk.board import call, make_live_board, say_names
from web.desk.day import clock_of
from web.desk.forms import tell_cost
from web.service.parts import get_parts

explain = Blueprint("explain", __name__)


@explain.get("/board/explain")
def page() -> Response:
    """Explain one ticket of a revision, for the board's scripts."""
    asked, lang, now = request.args, get_lang(), get_parts().clock()
    with get_parts().store.reading() as unit:
        revision = unit.get_revision(asked.get("revision", ""))
        told = explain_ticket(unit, revision.id, asked.get("ticket", ""), lang=lang)
        live = read_live_day(unit, revision.region_id, revision.day, now=now, revision_id=revision.id)
        board = make_live_board(live, lang=lang, now=now)
    return jsonify(_tell(told, board, live.day.snapshot.region))


def _tell(told: Explanation, board: Json, region: Region) -> Json:
    """Tell an explanation with the names of people."""
    return {
        "state": told.state,
        "looked": told.looked,
        "reasons": [say_names(reason.text, board) for reason in told.reasons] if told.state == "late" else [],
        "engineers": [
            {"name": _name(one.engineer, board), "kind": one.kind, "text": say_names(one.reason.text, board)}
            for one in told.standings
            if one.kind != "serves"
        ],
        "others": told.others,
        "runner_up": None if told.rival is None else _tell_rival(told.rival, board, region),
        "ways": [_tell_way(way, board, region) for way in told.ways],
    }


def _tell_way(way: Way, board: Json, region: Region) -> Json:
    """Tell what would help, what it costs and what moves."""
    return {
        "text": say_names(way.text, board),
        "cost": tell_cost(way.cost_cny),
        "saves": way.cost_cny < 0,
        "when": _when(way.engineer, way.begin, board, region)
        if way.code != "engineer"
        else clock_of(way.begin, region),
        "moved": [call(id_, board) for id_ in way.moved],
        "left_out": [call(id_, board) for id_ in way.left_out],
    }


def _tell_rival(rival: Rival, board: Json, region: Region) -> Json:
    """Tell who else could come, and the difference term by term."""
    words = make_texts()
    return {
        "text": _when(rival.engineer, rival.begin, board, region),
        "cost": tell_cost(rival.cost_cny),
        "saves": rival.cost_cny < 0,
        "terms": [f"{words[f'term.{term}']} {cny:+.2f}" for term, cny in rival.terms.items()],
        "moved": [call(id_, board) for id_ in rival.moved],
    }


def _when(engineer_id: str, begin: datetime, board: Json, region: Region) -> str:
    """Say who would come, and when."""
    return str(gettext("%(name)s at %(time)s", name=_name(engineer_id, board), time=clock_of(begin, region)))


def _name(engineer_id: str, board: Json) -> str:
    """Return an engineer's name."""
    return next((str(one["name"]) for one in board["engineers"] if one["id"] == engineer_id), engineer_id)
