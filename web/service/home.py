"""The first page."""

from __future__ import annotations

from flask import Blueprint, render_template

from web.service.layout import get_looking

home = Blueprint("home", __name__)


@home.get("/")
def page() -> str:
    """Show what there is to look at."""
    return render_template("service/home.html", looking=get_looking())
