"""The board's addresses: the page, its data, and whether it is up."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from functools import cache
from typing import Final, Literal

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from flask_babel import get_locale
from werkzeug.exceptions import HTTPException

from dispatch.travel.ways import Ways
from web.board.data import Json
from web.board.texts import make_texts
from web.board.ways import describe_ways

LANGUAGES = ("zh", "en")

OTHER: Final = {"zh": re.compile(r"\b[a-z]{2,}\b"), "en": re.compile(r"[\u3400-\u9fff]")}
"""What a sentence has that may not be in a language: every one of ours in the other language has it, and names may have it too."""


def make_pages(board: Json, ways: Ways | None = None) -> Blueprint:
    """Serve ``board``, as made by :func:`web.board.data.make_board`, at ``/``, ``/board.json`` and ``/healthz``.

    Where somebody knows ways, they are at ``/ways.json``. Why tickets are left out is said in the language of the page.
    """
    pages = Blueprint("board", __name__)

    @cache
    def pack(lang: Literal["zh", "en"]) -> tuple[bytes, bytes, str]:
        """Return the data in a language, plain and packed, and its tag."""
        body = json.dumps(_tell(board, lang), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        return body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:32]

    @pages.get("/")
    def page() -> Response:
        text = render_template(
            "board.html", board=board, texts=make_texts(), lang=get_lang(), knows_ways=ways is not None
        )
        response = Response(text, mimetype="text/html")
        response.add_etag()
        response.cache_control.no_cache = True
        response.make_conditional(request)
        return response

    @pages.get("/board.json")
    def data() -> Response:
        body, packed, etag = pack(get_lang())
        zipped = request.accept_encodings["gzip"] > 0
        response = Response(packed if zipped else body, mimetype="application/json")
        if zipped:
            response.content_encoding = "gzip"
        response.set_etag(f"{etag}-gz" if zipped else etag)
        response.vary.add("Accept-Encoding")
        response.cache_control.no_cache = True
        response.make_conditional(request)
        return response

    @pages.get("/ways.json")
    def ways_of_all() -> Response:
        if ways is None:
            return jsonify(ways=[], trouble="")
        return jsonify(describe_ways(board, ways, get_lang()))

    @pages.get("/healthz")
    def healthz() -> Response:
        response = Response('{"status":"ok"}\n', mimetype="application/json")
        response.cache_control.no_store = True
        return response

    @pages.app_errorhandler(HTTPException)
    def error(fault: HTTPException) -> tuple[str, int]:
        return render_template("error.html", fault=fault, lang=get_lang()), fault.code or 500

    return pages


def _tell(board: Json, lang: Literal["zh", "en"]) -> Json:
    """Return a board whose reasons and broken pins are said in a language; sentences of another engine stay as they are."""
    reasons = [reason for left in board["skipped"] for reason in left["reasons"]]
    if not any(OTHER[lang].search(entry["text"]) for entry in (*reasons, *board["broken_pins"])):
        return board
    # The sentences stand with what makes them, and the solver loads with these, for seconds: not to open a page in its language
    from dispatch.planning.retell import retell  # noqa: PLC0415

    skipped = [
        left | {"reasons": [reason | {"text": retell(reason["text"], lang)} for reason in left["reasons"]]}
        for left in board["skipped"]
    ]
    pins = [pin | {"text": retell(pin["text"], lang)} for pin in board["broken_pins"]]
    return board | {"skipped": skipped, "broken_pins": pins}


def get_lang() -> Literal["zh", "en"]:
    """Return the language of the current page."""
    return "zh" if str(get_locale() or current_app.config["BABEL_DEFAULT_LOCALE"]) == "zh" else "en"


def choose_language() -> str:
    """Return the language that the address asks for (``?lang=en``), else the one the page was started with."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else str(current_app.config["BABEL_DEFAULT_LOCALE"])
