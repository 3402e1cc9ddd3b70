"""Every section of the API, listed by hand, and the pages that tell of them."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template

from web.api.contract import make_contract
from web.api.days import revisions, visits
from web.api.planning import planning
from web.api.records import RECORDS, pins
from web.api.section import Section
from web.api.states import states

SECTIONS: Final[tuple[Section, ...]] = (*RECORDS, pins, states, visits, planning, revisions)
"""In the order of the contract."""

about = Blueprint("api_about", __name__, url_prefix="/api/v1")


@cache
def get_contract() -> dict[str, Any]:
    """Return the OpenAPI document."""
    return make_contract(operation for section in SECTIONS for operation in section.operations)


@about.get("/openapi.json")
def contract() -> Response:
    """Send the contract."""
    return jsonify(get_contract())


@about.get("/docs")
def docs() -> str:
    """Show the contract to people, without a script of anybody else's."""
    return render_template("service/api.html", contract=get_contract())
