"""``paidan packs``: what the service standards ask, and where they disagree."""

from __future__ import annotations

import sys
from typing import cast

import click

from web.command.documents import write_text
from web.command.options import debug_option


@click.command()
@click.argument("names", nargs=-1, metavar="[PACK]...")
@click.option(
    "--conflicts", is_flag=True, help="Tell only where the packs give different moments, and which is strictest."
)
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="Language.")
@debug_option
def packs(names: tuple[str, ...], conflicts: bool, lang: str) -> None:
    """Tell the limits of policy packs with their clauses: 002, 004, strict, or several together such as 002+004.

    Without a name all of them. Exit codes: 0 told, 2 no such pack.
    """
    # The packs load when asked for: --help is immediate
    from dispatch.calendars.read import get_calendars  # noqa: PLC0415
    from dispatch.data_file import DataError  # noqa: PLC0415
    from dispatch.policies.packs.conflicts import list_conflicts  # noqa: PLC0415
    from dispatch.policies.packs.read import PACKS, get_pack  # noqa: PLC0415
    from dispatch.policies.packs.tell import tell_pack  # noqa: PLC0415
    from dispatch.rulebook.line import Language  # noqa: PLC0415

    try:
        chosen = [get_pack(name) for name in names or PACKS]
    except DataError as error:
        raise click.UsageError(str(error)) from None
    language = cast("Language", lang)
    if conflicts:
        if len(chosen) == 1:
            raise click.UsageError(f"--conflicts needs two packs or more, got {chosen[0].id} alone")
        lines = [conflict.say(language) for conflict in list_conflicts(chosen, get_calendars())]
    else:
        lines = [line for pack in chosen for line in tell_pack(pack, language)]
    write_text(sys.stdout, "".join(f"{line}\n" for line in lines))
