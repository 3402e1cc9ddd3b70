"""Whether the service is up and its database answers."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from web.service.parts import get_parts

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """Answer ok, or fail as any other page would: 503 with the reason's code."""
    get_parts().store.check_tables()
    return jsonify(status="ok")
