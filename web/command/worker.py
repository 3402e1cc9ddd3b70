"""``paidan worker``: works on planning jobs until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import click

from dispatch.bootstrap import SettingsInvalid, make_parts, read_settings
from dispatch.domain.errors import DispatchError
from dispatch.services.day_planner import DayPlanner
from dispatch.services.worker import Terms, Worker
from web.clock import make_clock
from web.command.documents import Refusal
from web.command.options import clock_option, debug_option, json_option, lease_option
from web.service.log import make_log

EXIT_REFUSED: Final = 1
"""The database cannot be used as it is."""


@click.command()
@click.option(
    "--database",
    help="sqlite:///PATH or postgresql://USER@HOST/NAME, instead of the one that is set.",
)
@lease_option
@click.option("--threads", type=click.IntRange(1, 1024), help="How many cores a search uses; all when not told.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="Of a plan's sentences.")
@click.option("--while-input", is_flag=True, help="End when standard input ends: whoever began this is gone then.")
@clock_option
@json_option
@debug_option
def worker(
    database: str | None,
    lease_s: float,
    threads: int | None,
    lang: str,
    while_input: bool,
    clock_ahead_s: int,
    as_json: bool,
) -> int:
    """Plan what is asked for on the board or by the API, one job after the other, until interrupted.

    Several may work on one database; each region has one job in work at a time. Interrupted, it puts its job back into the
    queue. Exit codes: 0 ended, 1 the database cannot be used, 2 invalid settings.
    """
    try:
        settings = read_settings(os.environ if database is None else {**os.environ, "PAIDAN_DATABASE_URL": database})
        parts = make_parts(settings)
    except SettingsInvalid as error:
        raise Refusal(list(error.faults), as_json=as_json) from None
    made = Worker(
        parts.store,
        DayPlanner(parts.travel, parts.book),
        name=f"{socket.gethostname()}:{os.getpid()}",
        log=make_log(),
        terms=replace(Terms(), lease_s=lease_s, threads=threads, lang=lang, dask=settings.dask),
        clock=make_clock(clock_ahead_s),
    )
    try:
        parts.store.check_tables()
        with _stopping(made):
            if while_input:
                threading.Thread(target=_wait_for_end, args=(made,), daemon=True).start()
            made.run()
    except DispatchError as error:
        click.echo(f"{error.say('en')}; {error.advise('en')}", err=True)
        return EXIT_REFUSED
    finally:
        parts.store.close()
    return 0


@contextmanager
def _stopping(made: Worker) -> Iterator[None]:
    """Let SIGINT and SIGTERM stop a worker."""
    before = {
        number: signal.signal(number, lambda _number, _frame: made.stop()) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_end(made: Worker) -> None:
    """Stop a worker when standard input ends."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    made.stop()
