"""``paidan db``: the database itself."""

from __future__ import annotations

from typing import Final

import click

from dispatch.domain.errors import DispatchError
from web.command.database import database_option, opened
from web.command.options import debug_option, json_option

EXIT_REFUSED: Final = 1
"""The database cannot be used."""


@click.group()
@debug_option
def db() -> None:
    """Keep the database in step with the program."""


@db.command()
@database_option
@json_option
@debug_option
def upgrade(database: str, as_json: bool) -> int:
    """Bring the tables to what this program needs; what is there stays. Back it up first.

    Exit codes: 0 done, 1 the database cannot be used, 2 invalid input.
    """
    with opened(database, as_json=as_json) as store:
        try:
            store.migrate()
        except DispatchError as error:
            click.echo(f"{error.say('en')}; {error.advise('en')}", err=True)
            return EXIT_REFUSED
    click.echo("The database has the tables of this program.")
    return 0
