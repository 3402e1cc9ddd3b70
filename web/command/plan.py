"""``paidan plan``: plan a region's day from the database, and publish it if asked to."""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import click

from dispatch.bootstrap import Parts, SettingsInvalid, make_parts, read_settings
from dispatch.domain.errors import DispatchError, NotFound
from dispatch.domain.region import Region
from dispatch.format.faults import ABSENT, Fault
from dispatch.services.publish_plan import publish_plan
from dispatch.services.regions import list_regions, pick_region
from web.command.documents import Refusal, write_text
from web.command.options import Seconds, debug_option, json_option
from web.command.searching import cancelling, count_cores, watch

if TYPE_CHECKING:
    from dispatch.format.model import Plan, Request
    from dispatch.rulebook.line import Language
    from dispatch.services.make_plan import Made

EXIT_FAILED: Final = 1
"""The database, or another dispatcher's plan, is in the way."""

ACTOR: Final = "command-line"
"""Who made and published the plan, in the events."""

DEFAULT_SECONDS: Final = 10.0

MADE_ZH: Final = "方案 {id}：{day} {region}，上门 {visits} 次，未排 {skipped} 张，费用 {total} 元"
MADE_EN: Final = "plan {id}: {region} on {day}, {visits} visits, {skipped} tickets left out, {total} CNY"
PUBLISHED_ZH: Final = "已发布第 {number} 号方案：通知 {dispatched} 张，撤回 {taken_back} 张"
PUBLISHED_EN: Final = "published as number {number}: {dispatched} tickets dispatched, {taken_back} taken back"


@click.command()
@click.option("--region", metavar="R", help="Its id; the first one when not told.")
@click.option(
    "--date", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="D", help="As 2026-11-23; today when not told."
)
@click.option("--seconds", type=Seconds(), help="How long to search; 10 when --iterations is not told either.")
@click.option("--iterations", type=click.IntRange(min=0), help="How many steps to search; no time limit by itself.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Of the random numbers.")
@click.option("--threads", type=click.IntRange(1, 1024), help="How many cores to use; all when not told.")
@click.option("--publish", is_flag=True, help="Publish the plan: its tickets are dispatched.")
@click.option("--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="Of what is said.")
@json_option
@debug_option
def plan(
    region: str | None,
    day: datetime | None,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    threads: int | None,
    publish: bool,
    lang: Language,
    as_json: bool,
) -> int:
    """Plan a region's day from the database that PAIDAN_DATABASE_URL names, and keep the plan.

    What is done or under way stays as it is. Interrupted, it keeps the best plan so far. Exit codes: 0 planned (and
    published), 1 failed, the plan in force stands, 2 invalid input.
    """
    try:
        settings = read_settings(os.environ)
        parts = make_parts(settings)
    except SettingsInvalid as error:
        raise Refusal(error.faults, as_json=as_json) from error
    try:
        parts.store.check_tables()
        found = _find_region(parts, region, as_json=as_json)
        wanted = datetime.now(ZoneInfo(found.zone)).date() if day is None else day.date()
        if seconds is None and iterations is None:
            seconds = DEFAULT_SECONDS
        made = _make(
            parts,
            found.id,
            wanted,
            seconds,
            iterations,
            seed=seed,
            threads=threads or count_cores(),
            dask=settings.dask,
            lang=lang,
        )
        write_text(sys.stdout, _tell(made, found, wanted, lang))
        if publish:
            with parts.store.writing() as unit:
                done = publish_plan(unit, made.revision.id, by=ACTOR, at=datetime.now(UTC))
            said = (PUBLISHED_ZH if lang == "zh" else PUBLISHED_EN).format(
                number=done.publication.number, dispatched=len(done.dispatched), taken_back=len(done.taken_back)
            )
            write_text(sys.stdout, said + "\n")
    except DispatchError as error:
        write_text(sys.stderr, f"{error.say(lang)}; {error.advise(lang)}\n")
        return EXIT_FAILED
    finally:
        parts.store.close()
    return 0


def _find_region(parts: Parts, region_id: str | None, *, as_json: bool) -> Region:
    """Return the region that was named, or the first one."""
    with parts.store.reading() as unit:
        regions = list_regions(unit)
    try:
        found = pick_region(regions, region_id)
    except NotFound:
        found = None
    if found is None:
        known = ", ".join(region.id for region in regions) or "a database with a region in it"
        value = ABSENT if region_id is None else region_id
        message = f"names no region, expected one of: {known}"
        raise Refusal([Fault("unknown_reference", "--region", value, message)], as_json=as_json)
    return found


def _make(
    parts: Parts,
    region_id: str,
    day: date,
    seconds: float | None,
    iterations: int | None,
    *,
    seed: int,
    threads: int,
    dask: str | None,
    lang: Language,
) -> Made:
    """Plan; the search and its compiled kernels are loaded here, after what can be wrong was told."""
    from dispatch.planning import Stop  # noqa: PLC0415 - as the docstring says
    from dispatch.planning import solve as search  # noqa: PLC0415 - the same
    from dispatch.services.make_plan import plan_now  # noqa: PLC0415 - the same

    cancel = threading.Event()
    stop = Stop(seconds=seconds, iterations=iterations)

    def answer(request: Request) -> Plan:
        return watch(
            lambda on_best: search(
                request,
                stop=stop,
                seed=seed,
                threads=threads,
                on_best=on_best,
                cancel=cancel,
                dask=dask,
                on_note=lambda told: write_text(sys.stderr, told.say(lang) + "\n"),
            )
        )

    with cancelling(cancel):
        return plan_now(
            parts.store,
            region_id,
            day,
            travel=parts.travel,
            book=parts.book,
            clock=lambda: datetime.now(UTC),
            solve=answer,
            revision_id=uuid4().hex,
            made_by=ACTOR,
        )


def _tell(made: Made, region: Region, day: date, lang: Language) -> str:
    """Write what was made, and what the dispatcher should know."""
    said = (MADE_ZH if lang == "zh" else MADE_EN).format(
        id=made.revision.id,
        region=region.name,
        day=day.isoformat(),
        visits=len(made.revision.visits),
        skipped=len(made.plan.skipped),
        total=f"{made.plan.objective.total:.2f}",
    )
    notes = []
    for note in made.notes:
        whom = ", ".join([*note.tickets, *note.engineers])
        notes.append(f"- {note.say(lang)}" + (f" ({whom})" if whom else ""))
    return "\n".join([said, *notes]) + "\n"
