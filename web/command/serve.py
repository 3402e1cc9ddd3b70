"""``paidan serve``: the dispatch desk and its API over a database, on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Final, TextIO

import click

from dispatch.bootstrap import Moving, SettingsInvalid, make_ask, make_moving, read_settings
from dispatch.domain.errors import DatabaseUnknown, DispatchError, StorageOutOfStep
from dispatch.format.faults import Fault
from dispatch.places.geocoding import Asking
from dispatch.storage.database import make_folder
from dispatch.storage.store import Store
from web.clock import make_clock
from web.command.database import database_option
from web.command.documents import Refusal
from web.command.options import clock_option, debug_option, json_option, lease_option
from web.service.app import make_service
from web.service.log import make_log
from web.service.parts import ask_nobody
from web.service.secret import WeakKeyError, get_secret_key
from web.serving import CannotServeError, refuse_far_host, serve_app
from web.supervise import LEASE_S, keep_running, worker_command

EXIT_REFUSED: Final = 1
"""The port is taken, or the database cannot be used as it is."""

SQLITE: Final = "sqlite:///"


@click.command()
@database_option
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="First language.")
@click.option(
    "--worker/--no-worker", "with_worker", default=True, show_default=True, help="Plan here what is asked for."
)
@lease_option
@clock_option
@json_option
@debug_option
def serve(
    database: str,
    port: int,
    host: str,
    lang: str,
    with_worker: bool,
    lease_s: float,
    clock_ahead_s: int,
    as_json: bool,
) -> int:
    """Serve the dispatch desk, and its API under /api/v1, until interrupted.

    A process beside it plans what is asked for; with --no-worker that is left to `paidan worker`.

    A database without tables gets them; one with the tables of another version is left alone. Exit codes: 0 ended,
    1 the port is taken or the database cannot be used, 2 invalid input.
    """
    try:
        refuse_far_host(host)
    except CannotServeError:
        wrong = "can be reached from elsewhere, and there is no sign-in yet, expected 127.0.0.1, localhost or ::1"
        raise Refusal([Fault("host_not_local", "--host", host, wrong)], as_json=as_json) from None
    try:
        make_folder(database)
        store = Store(database)
    except DatabaseUnknown as error:
        raise Refusal(
            [Fault("database_unknown", "--database", database, error.advise("en"))], as_json=as_json
        ) from None
    try:
        settings = read_settings({**os.environ, "PAIDAN_DATABASE_URL": database})
        return serve_desk(
            store,
            database,
            host=host,
            port=port,
            lang=lang,
            with_worker=with_worker,
            lease_s=lease_s,
            clock_ahead_s=clock_ahead_s,
            ask=make_ask(settings),
            moving=make_moving(settings),
            pack=settings.pack,
        )
    except SettingsInvalid as error:
        raise Refusal(list(error.faults), as_json=as_json) from None
    finally:
        store.close()


def serve_desk(
    store: Store,
    database: str,
    *,
    host: str,
    port: int,
    lang: str,
    with_worker: bool,
    lease_s: float = LEASE_S,
    clock_ahead_s: int = 0,
    ask: Callable[[], Asking | None] = ask_nobody,
    moving: Moving,
    pack: str,
    log_to: TextIO | None = None,
) -> int:
    """Serve a store until interrupted, with a worker beside if wanted.

    ``ask`` begins questions to a geocoder; ``moving`` knows travel times and ways; ``pack`` is whose limits trials keep; ``log_to`` gets the server's events, None: standard error.
    """
    try:
        key = get_secret_key(_find_key_file(database), os.environ.get("PAIDAN_SECRET_KEY"))
        _bring_tables(store)
        clock = make_clock(clock_ahead_s)
        log = make_log(log_to)
        app = make_service(
            store,
            secret_key=key,
            lang=lang,
            clock=clock,
            drill=clock_ahead_s != 0,
            ask=ask,
            log=log,
            travel=moving.travel,
            ways=moving.ways,
            pack=pack,
        )
        command = worker_command(database, clock_ahead_s, lease_s)
        worker = keep_running(command, _tell_death) if with_worker else nullcontext()
        with worker:
            serve_app(app, host=host, port=port, announce=_announce)
    except (CannotServeError, WeakKeyError) as error:
        click.echo(str(error), err=True)
        return EXIT_REFUSED
    except DispatchError as error:
        click.echo(f"{error.say('en')}; {error.advise('en')}", err=True)
        return EXIT_REFUSED
    return 0


def _tell_death(code: int) -> None:
    """Say that the worker ended on its own; it is begun again."""
    make_log().warning("worker.died", code=code)


def _find_key_file(database: str) -> Path:
    """Return where the key is kept: beside a database that is a file, else in this folder."""
    if database.startswith(SQLITE):
        file = Path(database.removeprefix(SQLITE).partition("?")[0])
        return file.with_name(f"{file.name}.key")
    return Path("paidan.key")


def _bring_tables(store: Store) -> None:
    """Make the tables where there are none at all.

    Raises
    ------
    StorageOutOfStep
        The tables are there, and of another version.
    """
    try:
        store.check_tables()
    except StorageOutOfStep as error:
        if error.found is not None:
            raise
        store.migrate()


def _announce(address: str) -> None:
    """Say where the service is."""
    click.echo(f"The dispatch desk is on {address}  (Ctrl+C ends it)")
