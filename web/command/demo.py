"""``paidan demo``: a realistic day through the real road, planned, published and served."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from web.clock import make_clock
from web.command.documents import Refusal
from web.command.options import Seconds, debug_option
from web.command.searching import count_cores

if TYPE_CHECKING:
    from dispatch.format.model import Plan, Request

FOLDER: Final = Path("var") / "demo"
LOG: Final = "service.log"
"""Where the server's events go, so that the address stays in sight."""
DEFAULT_SECONDS: Final = 10.0


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=FOLDER,
    show_default=True,
    help="Where the day is kept.",
)
@click.option("--seconds", type=Seconds(), help="How long to search; 10 when --iterations is not told either.")
@click.option("--iterations", type=click.IntRange(min=0), help="How many steps to search; no time limit by itself.")
@click.option("--serve/--no-serve", "serving", default=True, show_default=True, help="Serve it when it is made.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free one.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="First language.")
@debug_option
def demo(folder: Path, seconds: float | None, iterations: int | None, serving: bool, port: int, lang: str) -> int:
    """Make a realistic day of Hangzhou, plan it, publish the morning and serve the dispatch desk.

    30 engineers and 240 tickets are written as sheets, imported, planned and published; one urgent ticket comes in later
    and waits for your re-plan. People are invented. The day is made once: the second time it is served at once, and its
    clock goes on where it stood. Exit codes: 0 ended, 1 the port is taken, 2 invalid settings.
    """
    # The store and the tables load here: --help is immediate
    from dispatch.bootstrap import SettingsInvalid, make_ask, make_moving, read_settings  # noqa: PLC0415
    from dispatch.demo.make import bring_demo, database_in, find_moment  # noqa: PLC0415
    from dispatch.demo.sheets import SHANGHAI  # noqa: PLC0415
    from dispatch.policies.tables.read import get_book  # noqa: PLC0415
    from dispatch.storage.store import Store  # noqa: PLC0415

    database = database_in(folder)
    try:
        settings = read_settings({**os.environ, "PAIDAN_DATABASE_URL": database})
        moving = make_moving(settings)
    except SettingsInvalid as error:
        raise Refusal(list(error.faults)) from None
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS

    def search(request: Request) -> Plan:
        from dispatch.planning import Stop, solve  # noqa: PLC0415 - the kernels load only when a day is made

        # The kernels are compiled before the seconds begin to count
        solve(request, stop=Stop(iterations=1), seed=0, threads=1)
        return solve(request, stop=Stop(seconds=seconds, iterations=iterations), seed=0, threads=count_cores())

    made = bring_demo(
        folder,
        today=datetime.now(SHANGHAI).date(),
        travel=moving.travel,
        book=get_book(settings.preset, settings.pack),
        solve=search,
        tell=lambda line: click.echo(f"· {line}"),
    )
    if not made.is_new:
        click.echo(f"· {made.day}: there already, as it was left · 已有，接着上次")
    if not serving:
        return 0
    from web.command.serve import serve_desk  # noqa: PLC0415 - the pages load when they are served

    ahead_s = int((find_moment(made) - datetime.now(UTC)).total_seconds())
    now = make_clock(ahead_s)().astimezone(SHANGHAI)
    click.echo(f"· its clock goes on from {now:%Y-%m-%d %H:%M} · 演示时钟从 {now:%Y-%m-%d %H:%M} 走起")
    store = Store(database)
    try:
        with (folder / LOG).open("a", encoding="utf-8") as log_to:
            return serve_desk(
                store,
                database,
                host="127.0.0.1",
                port=port,
                lang=lang,
                with_worker=True,
                clock_ahead_s=ahead_s,
                ask=make_ask(settings),
                moving=moving,
                pack=settings.pack,
                log_to=log_to,
            )
    finally:
        store.close()
