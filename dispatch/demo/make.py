"""Make the demonstration's day by the real road: tables, sheets, importers, records, request, search, revision, publication.

What is in the folder afterwards: ``sheets/`` as people would send them, ``paidan.db``, and the published revision as
``request.json`` and ``plan.json``, which ``paidan check`` judges. A stamp is written last: a day that was interrupted is begun
anew, one that is whole is left alone, whatever a visitor has done with it since.

The demonstration's clock stands while nobody is there: it goes on from the last thing that happened (:func:`find_moment`), so
that the morning is still the morning when days have passed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Final

from dispatch.demo.sheets import SHANGHAI, DemoSheet, make_sheets
from dispatch.domain.engineer import Pause, Shift
from dispatch.domain.place import Point
from dispatch.domain.region import Region
from dispatch.domain.ticket import Grade
from dispatch.importers.rows import Settings
from dispatch.policies.tables.model import Book
from dispatch.services.edit_records import add_record, edit_record
from dispatch.services.export_revision import export_revision
from dispatch.services.import_sheet import import_sheet, prepare_sheet
from dispatch.services.intake_ticket import intake_ticket
from dispatch.services.make_plan import Solve, plan_now
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Store
from dispatch.travel.travel_times import TravelTimes

REGION: Final = Region("hz", "杭州")
ACTOR: Final = "dispatcher"
DATABASE: Final = "paidan.db"
REQUEST: Final = "request.json"
PLAN: Final = "plan.json"
STAMP: Final = "made-from.txt"

PLANNED_AT: Final = time(8, 0)
PUBLISHED_AT: Final = time(8, 10)
CALLED_AT: Final = time(8, 12)
OVER_AT: Final = time(12, 0)
"""Past noon there is little left to try: the next visit begins with a new day."""

OVERTIME_S: Final = 3600
LUNCH: Final = (time(11, 30), time(13, 0), 2700)

URGENT: Final = {
    "grade": Grade.EMERGENCY,
    "product": "药品冷藏柜",
    "fault": "温度升到 15 度还在升，疫苗要转移",
    "duration_s": 3600,
    "skills": {"冰箱": 2},
    "contact_name": "药房 沈主任",
    "phone": "0571-00000120",
    "address": "杭州市上城区秋涛北路 99 号 示例社区卫生服务中心",
    "door_note": "急诊通道进，药房在一楼右手",
    "point": Point(30.2611, 120.1925),
}
"""The call that came in after the plan was published: it waits for *Re-plan*."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What was made, or found: in which folder, which day it holds, and whether it was made just now."""

    folder: Path
    day: date
    is_new: bool


def database_in(folder: Path) -> str:
    """Return the address of the demonstration's database in a folder."""
    return f"sqlite:///{folder / DATABASE}"


def bring_demo(
    folder: Path,
    *,
    today: date,
    travel: TravelTimes,
    book: Book,
    solve: Solve,
    tell: Callable[[str], None] = lambda _: None,
) -> Demo:
    """Return the demonstration in a folder; make it if it is not there, was made by other sources, or is over.

    Parameters
    ----------
    folder
        Is made; what an earlier demonstration left in it is replaced.
    today
        The day to make.
    travel, book
        As planning has them.
    solve
        The search.
    tell
        Is given a line on each step.
    """
    found = find_demo(folder)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    for name in (STAMP, DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm"):
        (folder / name).unlink(missing_ok=True)
    store = Store(database_in(folder))
    try:
        store.migrate()
        _Maker(store, today, tell).make(folder, travel, book, solve)
    finally:
        store.close()
    (folder / STAMP).write_text(f"{key_of_sources()}\n{today.isoformat()}\n", encoding="utf-8")
    return Demo(folder, today, is_new=True)


def find_demo(folder: Path) -> Demo | None:
    """Return the demonstration in a folder, None if there is none that can be gone on with."""
    stamp = folder / STAMP
    if not stamp.is_file() or not (folder / DATABASE).is_file():
        return None
    key, _, rest = stamp.read_text(encoding="utf-8").partition("\n")
    if key != key_of_sources():
        return None
    demo = Demo(folder, date.fromisoformat(rest.strip()), is_new=False)
    return None if find_moment(demo) >= _at(demo.day, OVER_AT) else demo


def find_moment(demo: Demo) -> datetime:
    """Return when the last thing happened: from there the demonstration's clock goes on."""
    store = Store(database_in(demo.folder))
    try:
        with store.reading() as unit:
            return max(event.at for event in unit.list_events())
    finally:
        store.close()


def key_of_sources() -> str:
    """Return a hash over what the day is made of: the demonstration's own sources and the tables' versions."""
    here = Path(__file__).parent
    versions = here.parent / "storage" / "migrations" / "versions"
    days, words = here.parent / "example", here.parent / "example_data"
    files = [*here.glob("*.py"), *days.glob("*.py"), *words.glob("*.py"), *versions.glob("v*.py")]
    seen = hashlib.sha256()
    for file in sorted(files):
        seen.update(file.name.encode())
        seen.update(file.read_bytes())
    return seen.hexdigest()


def _at(day: date, clock: time) -> datetime:
    """Return a moment of the day."""
    return datetime.combine(day, clock, SHANGHAI)


class _Maker:
    """Walks the road once."""

    def __init__(self, store: Store, day: date, tell: Callable[[str], None]) -> None:
        self._store = store
        self._day = day
        self._tell = tell

    def make(self, folder: Path, travel: TravelTimes, book: Book, solve: Solve) -> None:
        """Import, plan, publish, and let the urgent call come in."""
        sheets = make_sheets(self._day)
        (folder / "sheets").mkdir(exist_ok=True)
        with self._store.writing() as unit:
            add_record(unit, REGION, by=ACTOR, now=sheets[0].at)
        for sheet in sheets:
            (folder / "sheets" / sheet.file).write_bytes(sheet.data)
            self._import(sheet)
        self._give_lunch(sheets[0].at)
        self._tell("planning the morning · 规划早班")
        ticks = iter((_at(self._day, PLANNED_AT), _at(self._day, PUBLISHED_AT)))
        made = plan_now(
            self._store,
            REGION.id,
            self._day,
            travel=travel,
            book=book,
            clock=lambda: next(ticks),
            solve=solve,
            revision_id=f"{self._day:%Y%m%d}-morning",
            made_by=ACTOR,
        )
        with self._store.writing() as unit:
            done = publish_plan(unit, made.revision.id, by=ACTOR, at=_at(self._day, PUBLISHED_AT))
            urgent = intake_ticket(unit, REGION.id, URGENT, by=ACTOR, now=_at(self._day, CALLED_AT))
        with self._store.reading() as unit:
            exported = export_revision(unit, made.revision.id)
        (folder / REQUEST).write_text(exported.request_json, encoding="utf-8")
        (folder / PLAN).write_text(exported.plan_json, encoding="utf-8")
        visits, skipped = len(made.revision.visits), len(made.plan.skipped)
        self._tell(f"published: {visits} visits, {skipped} left out · 已发布：上门 {visits} 次，未排 {skipped} 张")
        self._tell(f"urgent and not planned yet: {urgent.id} · 待重排的特急工单：{urgent.id}")
        assert done.dispatched, "a day without a visit is none"  # noqa: S101 - the sheets have tickets and engineers

    def _import(self, sheet: DemoSheet) -> None:
        """Store a sheet as ``paidan import`` does."""
        prepared = prepare_sheet(sheet.kind, sheet.data, Settings(self._day, SHANGHAI))
        stored = import_sheet(self._store, prepared, REGION.id, by=ACTOR, now=sheet.at)
        assert not stored.refused, stored.refused[0].en  # noqa: S101 - our own sheet
        about = sum(note.code in {"place_district", "place_region"} for note in stored.doubts)
        told = f", {about} by address alone · {about} 张只有地址" if about else ""
        self._tell(f"{sheet.file}: {len(stored.added)}{told}")

    def _give_lunch(self, now: datetime) -> None:
        """Give every shift its lunch and the overtime that is allowed, which sheets of engineers have no columns for."""
        begin, end, length_s = LUNCH
        pause = Pause(_at(self._day, begin), _at(self._day, end), length_s)
        with self._store.writing() as unit:
            for shift in unit.list_all(Shift):
                changes = {"pauses": (pause,), "overtime_s": OVERTIME_S}
                edit_record(unit, Shift, shift.id, version=shift.version, changes=changes, by=ACTOR, now=now)
