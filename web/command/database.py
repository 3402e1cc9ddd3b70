"""Which database a command works on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from dispatch.domain.errors import DatabaseUnknown
from dispatch.format.faults import Fault
from dispatch.storage.database import DEFAULT, make_folder
from dispatch.storage.store import Store
from web.command.documents import Refusal

Command = TypeVar("Command", bound=Callable[..., Any])


def database_option(command: Command) -> Command:
    """Give a command ``--database``."""
    return click.option(
        "--database",
        envvar="PAIDAN_DATABASE_URL",
        default=DEFAULT,
        show_default=True,
        help="sqlite:///PATH or postgresql://USER@HOST/NAME; also from PAIDAN_DATABASE_URL.",
    )(command)


@contextmanager
def opened(database: str, *, as_json: bool) -> Iterator[Store]:
    """Open a database and close it.

    Raises
    ------
    Refusal
        The address is of no database that this program knows.
    """
    try:
        make_folder(database)
        store = Store(database)
    except DatabaseUnknown as error:
        raise Refusal(
            [Fault("database_unknown", "--database", database, error.advise("en"))], as_json=as_json
        ) from None
    try:
        yield store
    finally:
        store.close()
