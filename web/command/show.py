"""``paidan show``: one plan as a page in the browser."""

from __future__ import annotations

import os
from typing import Final

import click

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.model import Plan, Request
from dispatch.format.read import read_plan, read_request
from web.command.documents import STREAM, Refusal, name_document, read_bytes
from web.command.options import debug_option, json_option

EXIT_PORT: Final = 1
"""The port is taken."""


@click.command()
@click.argument("plan_file", metavar="PLAN")
@click.argument("request_file", metavar="[REQUEST]", required=False)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="First language.")
@json_option
@debug_option
def show(plan_file: str, request_file: str | None, port: int, host: str, lang: str, as_json: bool) -> int:
    """Serve PLAN as a read-only page until interrupted.

    With REQUEST, the file that was planned, the page also shows positions on the map, windows, deadlines and skills.
    Routes follow roads where the settings name a road graph or an OSRM server.
    One of the two may be - for standard input. Exit codes: 0 ended, 1 the port is taken, 2 invalid input.
    """
    if plan_file == STREAM and request_file == STREAM:
        message = "PLAN and REQUEST cannot both come from standard input."
        raise click.UsageError(message)
    plan, request = _read(plan_file, request_file, as_json=as_json)
    # Flask loads here: a faulty file is told at once
    from dispatch.bootstrap import SettingsInvalid, make_moving, read_settings  # noqa: PLC0415
    from web.app import serve  # noqa: PLC0415
    from web.board.guard import LOCAL_HOSTS  # noqa: PLC0415
    from web.serving import CannotServeError  # noqa: PLC0415

    if host not in LOCAL_HOSTS:
        wrong = "can be reached from elsewhere, and the page has no sign-in"
        raise Refusal(
            [Fault("host_not_local", "--host", host, f"{wrong}, expected one of {', '.join(LOCAL_HOSTS)}")],
            as_json=as_json,
        )
    try:
        ways = make_moving(read_settings(os.environ)).ways
    except SettingsInvalid as error:
        raise Refusal(list(error.faults), as_json=as_json) from None
    try:
        serve(plan, request, host=host, port=port, lang=lang, ways=ways, announce=_announce)
    except CannotServeError as error:
        click.echo(str(error), err=True)
        return EXIT_PORT
    return 0


def _announce(address: str) -> None:
    """Say where the page is."""
    click.echo(f"The plan is on {address}  (Ctrl+C ends it)")


def _read(plan_file: str, request_file: str | None, *, as_json: bool) -> tuple[Plan, Request | None]:
    """Read the plan and, when it is given, its request; tell the faults of both at once."""
    faults: list[Fault] = []
    request: Request | None = None
    plan: Plan | None = None
    if request_file is not None:
        try:
            request = read_request(read_bytes(request_file, "REQUEST"))
        except (InvalidDocument, Refusal) as error:
            faults += name_document(error.faults, "REQUEST")
    try:
        plan = read_plan(read_bytes(plan_file, "PLAN"), request)
    except (InvalidDocument, Refusal) as error:
        faults += name_document(error.faults, "PLAN")
    if plan is None or faults:
        raise Refusal(faults, as_json=as_json)
    return plan, request
