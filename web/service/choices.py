"""What a reader picks once: the language, and, until there are accounts, who they are."""

from __future__ import annotations

from flask import Blueprint, redirect, request, session
from werkzeug.wrappers import Response

from web.board.pages import LANGUAGES
from web.errors import RequestRefused, Wrong
from web.who import find_looker, remember

choices = Blueprint("choices", __name__)


@choices.post("/language")
def pick_language() -> Response:
    """Keep the language for this reader."""
    lang = request.form.get("lang", "")
    if lang not in LANGUAGES:
        raise RequestRefused([Wrong("impossible_value", "/lang", {"name": "lang", "reason": ", ".join(LANGUAGES)})])
    session["lang"] = lang
    return redirect(find_way_back(), 303)


@choices.post("/who")
def pick_who() -> Response:
    """Keep who is looking."""
    looker = find_looker(request.form.get("who", ""))
    if looker is None:
        reason = "dispatcher, manager, engineer:ID"
        raise RequestRefused([Wrong("impossible_value", "/who", {"name": "who", "reason": reason})])
    remember(looker)
    return redirect(find_way_back(), 303)


def find_way_back() -> str:
    """Return the page of this service that the form names; the first page if it names anything else."""
    back = request.form.get("back", "")
    own = back.startswith("/") and not back.startswith("//") and "\\" not in back and back.isprintable()
    return back if own else "/"
