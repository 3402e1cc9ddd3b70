"""``paidan example``: a realistic request to try things with."""

from __future__ import annotations

import sys

import click

from dispatch.example import FEATURES, list_rich_features, make_rich
from web.command.documents import write_text
from web.command.options import debug_option


@click.command()
@click.option("--engineers", type=click.IntRange(min=1), default=30, show_default=True, help="How many engineers.")
@click.option("--tickets", type=click.IntRange(min=0), default=240, show_default=True, help="How many tickets.")
@click.option("--days", type=click.IntRange(1, 14), default=1, show_default=True, help="Days from Monday on.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed, another day.")
@click.option("--rich", is_flag=True, help="All features; a plan in force (previous) only for even seeds.")
@click.option(
    "--with",
    "features",
    type=click.Choice(FEATURES),
    multiple=True,
    help="A single feature; may be given several times.",
)
@debug_option
def example(engineers: int, tickets: int, days: int, seed: int, *, rich: bool, features: tuple[str, ...]) -> None:
    """Write a realistic request of one city to standard output; the same options give the same request.

    All people and tickets in it are invented. Without --rich and --with it is a plain day: skills, appointments,
    deadlines, wishes, breaks, absences and rush hours.
    """
    from dispatch.format.write import write_request  # noqa: PLC0415 - loaded when asked for

    chosen = {*features, *(list_rich_features(seed) if rich else ())}
    request = make_rich(engineers, tickets, days, seed, chosen)
    write_text(sys.stdout, write_request(request))
