from __future__ import annotations

from dispatch.calendars.read import get_calendars
from dispatch.clocks import list_moves
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Stage
from dispatch.policies.packs.read import get_pack
from tests.dispatch.clocks.desk import REPORTED, at, ticket

CALENDARS = get_calendars()
BOTH = {"before": get_pack("002"), "after": get_pack("002"), "calendars": CALENDARS, "now": REPORTED}


def test_nothing_moves_where_nothing_changes() -> None:
    assert list_moves([ticket()], **BOTH) == ()  # type: ignore[arg-type]


def test_another_pack_moves_deadlines_and_clauses_and_says_which() -> None:
    moves = list_moves([ticket()], before=get_pack("002"), after=get_pack("004"), calendars=CALENDARS, now=REPORTED)
    assert [
        (move.stage.value, move.before and move.before.clause, move.after and move.after.clause) for move in moves
    ] == [
        ("acknowledge", "IN-05", None),
        ("respond", "GR-03", "SL-07"),
        ("arrive", "GR-03", "SL-07"),
        ("interim", "GR-03", None),
        ("resolve", "GR-03", None),
    ]
    respond = moves[1]
    assert respond.before is not None
    assert respond.after is not None
    assert (respond.before.by_at, respond.after.by_at) == (at("2026-09-18T18:20"), at("2026-09-18T19:50"))


def test_another_grade_moves_only_the_tickets_that_get_it() -> None:
    one, other = ticket(), ticket()
    moves = list_moves([one, other], **BOTH, grades={"WX2": Grade.GENERAL})  # type: ignore[arg-type]
    assert moves == ()
    regraded = list_moves([one], **BOTH, grades={"WX1": Grade.GENERAL})  # type: ignore[arg-type]
    assert [move.stage.value for move in regraded] == ["respond", "arrive", "interim", "resolve"]
    assert regraded[2].after is None
    resolve = regraded[3].after
    assert resolve is not None
    assert (resolve.by_at, resolve.clause) == (at("2026-09-24T17:50"), "GR-05")


def test_what_was_reached_does_not_move_any_more() -> None:
    answered = ticket({Stage.RESPOND: REPORTED})
    moves = list_moves([answered], **BOTH, grades={"WX1": Grade.GENERAL})  # type: ignore[arg-type]
    assert [move.stage.value for move in moves] == ["arrive", "interim", "resolve"]


def test_a_follow_up_moves_once_the_ticket_is_solved() -> None:
    solved = ticket({Stage.RESOLVE: REPORTED})
    moves = list_moves([solved], **BOTH, grades={"WX1": Grade.GENERAL})  # type: ignore[arg-type]
    assert [move.stage.value for move in moves] == ["follow_up"]
