"""``paidan try``: a plan for the user's own sheets; nothing is stored."""

from __future__ import annotations

import os
import threading
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from dispatch.domain.place import CoordinateSystem
from dispatch.format.faults import ABSENT, Fault
from dispatch.importers.bounds import FILE_BYTES
from web.command.documents import (
    STREAM,
    Refusal,
    find_output_faults,
    name_document,
    read_bytes,
    write_file,
    write_output,
)
from web.command.options import Seconds, debug_option, json_option
from web.command.searching import cancelling

if TYPE_CHECKING:
    from dispatch.bootstrap import Moving, Settings
    from dispatch.services.drafted import Language, Note
    from dispatch.services.read_sheets import ReadDay, Wish
    from dispatch.services.try_day import Trial
    from dispatch.travel.travel_times import TravelTimes
    from dispatch.travel.ways import Ways

EXIT_NOTHING: Final = 2
"""Nothing in the sheets is usable."""
MOST_LINES: Final = 20
"""Rows that are told on the terminal; the page and the workbook tell all."""


class Day(click.ParamType[date]):
    """A day as 2026-11-23."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Refuse what is no day."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-11-23.", param, ctx)


@click.command("try")
@click.argument("tickets_file", metavar="TICKETS")
@click.argument("engineers_file", metavar="[ENGINEERS]", required=False)
@click.option(
    "-o", "--output", metavar="OUT.html", help="The page, plan-DAY.html if left out; the workbook stands next to it."
)
@click.option("--seconds", type=Seconds(), default=10.0, show_default=True, help="How long to search.")
@click.option(
    "--system",
    type=click.Choice([system.value for system in CoordinateSystem]),
    default=CoordinateSystem.WGS_84.value,
    show_default=True,
    help="Of the sheets' coordinates: gcj-02 for AMap and Tencent, bd-09 for Baidu.",
)
@click.option("--date", "day", type=Day(), metavar="DAY", help="Day to plan; the one that most rows name.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="Of page and workbook.")
@json_option
@debug_option
def try_(
    tickets_file: str,
    engineers_file: str | None,
    output: str | None,
    seconds: float,
    system: str,
    day: date | None,
    lang: Language,
    as_json: bool,
) -> int:
    """Plan a day from your own sheets (.xlsx or .csv); nothing is stored.

    Out come one page that opens anywhere without a network, and the same as a workbook. Without ENGINEERS those whom the
    tickets name are taken, or as many as the work needs. Exit codes: 0 planned, 2 nothing usable in the sheets.
    """
    tickets, engineers = _read(tickets_file, engineers_file, output, as_json=as_json)
    # The search loads here: a file that is missing is told at once
    from dispatch.bootstrap import make_ask  # noqa: PLC0415
    from dispatch.services.read_sheets import Wish  # noqa: PLC0415
    from dispatch.services.try_day import Trial  # noqa: PLC0415

    settings, moving = _set_up(as_json=as_json)
    wish = Wish(datetime.now().astimezone().date(), day, CoordinateSystem(system), make_ask(settings)())
    cancel = threading.Event()
    with cancelling(cancel):
        outcome = _plan(
            tickets,
            engineers,
            wish,
            travel=moving.travel,
            pack=settings.pack,
            seconds=seconds,
            lang=lang,
            cancel=cancel,
        )
    if not isinstance(outcome, Trial):
        raise Refusal(
            [Fault(note.code, _path(note), ABSENT, note.say("en")) for note in (*outcome.refused, *outcome.elsewhen)],
            as_json=as_json,
        )
    page = Path(output or f"plan-{outcome.read.day}.html")
    _write(outcome, page, lang, moving.ways)
    _tell(outcome, page, lang)
    return 0


def _set_up(*, as_json: bool) -> tuple[Settings, Moving]:
    """Read the settings, of which those of travel and of the geocoder hold for a trial too."""
    from dispatch.bootstrap import SettingsInvalid, make_moving, read_settings  # noqa: PLC0415 - as above

    try:
        settings = read_settings(os.environ)
        return settings, make_moving(settings)
    except SettingsInvalid as error:
        raise Refusal(list(error.faults), as_json=as_json) from None


def _read(
    tickets_file: str, engineers_file: str | None, output: str | None, *, as_json: bool
) -> tuple[bytes, bytes | None]:
    """Read both files, and look whether the page can be written; tell all that is wrong at once."""
    faults = find_output_faults(output)
    if output == STREAM:
        faults.append(Fault("output_unwritable", "--output", output, "is no file, expected the name of one"))
    read: list[bytes] = []
    for name, what in ((tickets_file, "TICKETS"), (engineers_file, "ENGINEERS")):
        if name is None:
            continue
        try:
            read.append(read_bytes(name, what)[: FILE_BYTES + 1])
        except Refusal as error:
            faults += name_document(error.faults, what)
    if faults:
        raise Refusal(faults, as_json=as_json)
    return read[0], read[1] if engineers_file is not None else None


def _plan(
    tickets: bytes,
    engineers: bytes | None,
    wish: Wish,
    *,
    travel: TravelTimes,
    pack: str,
    seconds: float,
    lang: Language,
    cancel: threading.Event,
) -> Trial | ReadDay:
    """Plan with the tables that come with the program."""
    from dispatch.planning import Stop  # noqa: PLC0415 - as above
    from dispatch.policies.tables.read import get_book  # noqa: PLC0415
    from dispatch.services.try_day import try_day  # noqa: PLC0415

    return try_day(
        tickets,
        engineers,
        wish,
        travel=travel,
        book=get_book("deadlines_first", pack),
        stop=Stop(seconds=seconds),
        lang=lang,
        cancel=cancel,
    )


def _write(trial: Trial, page: Path, lang: Language, ways: Ways | None) -> None:
    """Write the page and the workbook next to it."""
    from web.try_day.page import write_page  # noqa: PLC0415 - Flask loads when there is a plan
    from web.try_day.workbook import write_workbook  # noqa: PLC0415

    write_output(str(page), write_page(trial, lang, ways))
    write_file(page.with_suffix(".xlsx").resolve(), write_workbook(trial, lang))


def _tell(trial: Trial, page: Path, lang: Language) -> None:
    """Say how many rows became what, and where the files are."""
    read = trial.read
    refused = [note for note in read.refused if note.sheet == "tickets"]
    doubtful = {(note.sheet, note.line) for note in read.doubts if note.line is not None}
    words = {
        "zh": (
            "{day}：读了 {rows} 行，排了 {planned} 单，没排上 {left} 单，没有读 {refused} 行，其他日期 {other} 行，存疑 {doubtful} 行"
        ),
        "en": (
            "{day}: {rows} rows read, {planned} planned, {left} not planned, {refused} not read, {other} for another day, "
            "{doubtful} in doubt"
        ),
    }
    counts = {
        "day": read.day,
        "rows": read.rows,
        "planned": trial.planned,
        "left": trial.left_out,
        "refused": len({note.line for note in refused}),
        "other": len(read.elsewhen),
        "doubtful": len(doubtful),
    }
    click.echo(words[lang].format(**counts))
    for note in (*read.assumed, *read.refused[:MOST_LINES], *read.elsewhen[:MOST_LINES]):
        where = note.where(lang)
        click.echo(f"  {where}{'：' if lang == 'zh' else ': '}{note.say(lang)}" if where else f"  {note.say(lang)}")
    click.echo(str(page))
    click.echo(str(page.with_suffix(".xlsx")))


def _path(note: Note) -> str:
    """Return where a fault is, as the usage names the file."""
    return f"{note.sheet.upper()} {note.where('en')}".rstrip()
