"""The districts' boundaries that the map draws: those by which places are found, which come with ``dispatch.places``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Final

from flask import Flask, Response, send_from_directory

BOUNDARIES: Final = Path(str(files("dispatch.places"))) / "boundaries"
FOLDER: Final = "map/"
"""Where they stand among the static files of a page."""


def share_boundaries(app: Flask) -> None:
    """Serve the boundaries among an application's static files, like any other of them."""

    def send_static_file(filename: str) -> Response:
        if filename.startswith(FOLDER):
            return send_from_directory(BOUNDARIES, filename.removeprefix(FOLDER))
        return app.send_static_file(filename)

    app.view_functions["static"] = send_static_file


def read_boundaries(name: str) -> str:
    """Read the boundaries of a name as GeoJSON."""
    return (BOUNDARIES / f"{name}.geojson").read_text("utf-8")
