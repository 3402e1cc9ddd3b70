"""``paidan show``: one plan as a page in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from dispatch.format.faults import Fault

Document = TypeVar("Document")

INVALID = 2
FAILED = 1


@click.command("show")
@click.argument("plan", type=click.Path(path_type=Path), metavar="PLAN")
@click.argument("request_file", type=click.Path(path_type=Path), metavar="[REQUEST]", required=False)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="First language.")
@click.option("--json", "as_json", is_flag=True, help="Tell what is wrong with a file as a JSON list.")
def show(plan: Path, request_file: Path | None, port: int, host: str, lang: str, *, as_json: bool) -> None:
    """Serve PLAN as a read-only page until interrupted.

    With REQUEST, the file that was planned, the page also shows positions on the map, windows, deadlines and skills.
    """
    # Flask and the reader load here, so that `paidan --help` answers at once.
    from dispatch.format.read import read_plan, read_request  # noqa: PLC0415
    from web.app import CannotServeError, serve  # noqa: PLC0415

    request = _read(request_file, "REQUEST", read_request, as_json=as_json) if request_file else None
    document = _read(plan, "PLAN", lambda data: read_plan(data, request), as_json=as_json)
    try:
        serve(document, request, host=host, port=port, lang=lang, announce=_announce)
    except CannotServeError as fault:
        click.echo(str(fault), err=True)
        raise SystemExit(INVALID if str(fault).startswith("host") else FAILED) from None


def _announce(address: str) -> None:
    click.echo(f"The plan is on {address}  (Ctrl+C ends it)")


def _read(path: Path, name: str, read: Callable[[bytes], Document], *, as_json: bool) -> Document:
    """Read one file, or tell all that is wrong with it and leave with exit code 2."""
    from dispatch.format.faults import Fault, InvalidDocument  # noqa: PLC0415

    try:
        data = path.read_bytes()
    except OSError as fault:
        why = (fault.strerror or "cannot be read").lower()
        _refuse([Fault("unreadable", name, str(path), f"{why}, expected a file of planning format 1")], as_json=as_json)
    try:
        return read(data)
    except InvalidDocument as invalid:
        _refuse(invalid.faults, as_json=as_json)


def _refuse(faults: Sequence[Fault], *, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps([fault.as_json() for fault in faults], ensure_ascii=False, indent=2), err=True)
    else:
        for fault in faults:
            click.echo(str(fault), err=True)
    raise SystemExit(INVALID)
