"""``paidan import``: a sheet into the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from dispatch.domain.errors import DispatchError, NotFound
from dispatch.domain.place import CoordinateSystem
from dispatch.format.faults import ABSENT, Fault
from dispatch.importers.rows import Settings
from web.command.database import database_option, opened
from web.command.documents import Refusal, read_bytes
from web.command.options import debug_option, json_option
from web.command.try_ import Day

if TYPE_CHECKING:
    from dispatch.services.import_sheet import Kind, Stored

EXIT_REFUSED: Final = 1
"""The database cannot be used, or there is no such region."""
EXIT_FAULTS: Final = 2
"""Rows were refused."""


@click.command("import")
@click.argument(
    "kind",
    type=click.Choice(["tickets", "engineers", "shifts", "customers", "parts", "depots", "stock"]),
    metavar="KIND",
)
@click.argument("file", metavar="FILE")
@click.option("--region", metavar="REGION", help="Id of the region; the only one when there is just one.")
@click.option("--date", "day", type=Day(), metavar="DAY", help="What hours without a day are meant for; today.")
@click.option(
    "--system",
    type=click.Choice([system.value for system in CoordinateSystem]),
    default=CoordinateSystem.WGS_84.value,
    show_default=True,
    help="Of the sheet's coordinates: gcj-02 for AMap and Tencent, bd-09 for Baidu.",
)
@click.option("--partly", is_flag=True, help="Store the good rows though others are refused.")
@database_option
@json_option
@debug_option
def import_(
    kind: Kind,
    file: str,
    region: str | None,
    day: date | None,
    system: str,
    partly: bool,
    database: str,
    as_json: bool,
) -> int:
    """Store a sheet (.xlsx or .csv) of KIND tickets, engineers, shifts, customers, parts, depots or stock.

    All of it or nothing, unless --partly; the same file twice adds nothing. Exit codes: 0 stored, 1 the database cannot be
    used, 2 rows were refused (with --partly the others are stored).
    """
    data = read_bytes(file, "FILE")
    from dispatch.domain.region import Region  # noqa: PLC0415 - the store loads here: a missing file is told at once
    from dispatch.services.import_sheet import import_sheet, prepare_sheet  # noqa: PLC0415
    from dispatch.services.regions import pick_day  # noqa: PLC0415

    now = datetime.now(UTC)
    with opened(database, as_json=as_json) as store:
        try:
            store.check_tables()
            with store.reading() as unit:
                regions = unit.list_all(Region)
            found = [one for one in regions if one.id == region] if region is not None else regions
            if len(found) != 1:
                raise _refuse_region(region, [one.id for one in regions], as_json=as_json)
            zone = ZoneInfo(found[0].zone)
            settings = Settings(day or pick_day(found[0], now), zone, CoordinateSystem(system))
            stored = import_sheet(
                store, prepare_sheet(kind, data, settings), found[0].id, by="", now=now, partly=partly
            )
        except NotFound as error:
            raise _refuse_region(region, [], as_json=as_json) from error
        except DispatchError as error:
            click.echo(f"{error.say('en')}; {error.advise('en')}", err=True)
            return EXIT_REFUSED
    _tell(stored, kind)
    if stored.refused:
        faults = [
            Fault(note.code, f"FILE {note.where('en')}".rstrip(), ABSENT, note.say("en")) for note in stored.refused
        ]
        raise Refusal(faults, as_json=as_json)
    return 0


def _refuse_region(region: str | None, known: list[str], *, as_json: bool) -> Refusal:
    wrong = "is not there" if region is not None else "is not told"
    message = f"{wrong}, expected one of {', '.join(known) or 'the regions of the database, and it has none'}"
    return Refusal(
        [Fault("unknown_reference", "--region", ABSENT if region is None else region, message)], as_json=as_json
    )


def _tell(stored: Stored, kind: str) -> None:
    """Say what was added, and what is in doubt."""
    click.echo(f"{kind}: {len(stored.added)} added, {stored.known} there before, {len(stored.refused)} faults")
    for note in stored.doubts:
        click.echo(f"  {note.where('zh')} {note.say('zh')}".rstrip())
