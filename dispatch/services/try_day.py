"""A plan for the user's own sheets: read, planned, judged; nothing is stored."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from dispatch.domain.snapshot import Snapshot
from dispatch.format.model import Plan
from dispatch.judge import judge
from dispatch.planning import Stop, solve
from dispatch.planning.notes import TRAVEL_ESTIMATED, TRAVEL_NOTE
from dispatch.planning.request import MadeRequest, make_request
from dispatch.planning.solve import OnBest
from dispatch.policies.tables.model import Book
from dispatch.rulebook.line import Language
from dispatch.services.drafted import Note
from dispatch.services.read_sheets import ReadDay, Wish, read_sheets
from dispatch.travel.patience import PATIENCE_S
from dispatch.travel.travel_times import TravelTimes

PLACES_S: Final = 3.0
"""Seconds that a geocoder may take for all addresses of a trial together; those after them are put at their district's centre."""

ROADS_S: Final = PATIENCE_S
"""Seconds that a server of roads may take for a trial in all: for travel, and for the ways that are drawn of what is left."""

LEAST_SEARCH_S: Final = 1.0
"""Seconds that the search has at least, however long places and travel took."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A day that was read and planned.

    Parameters
    ----------
    read
        What became of the sheets.
    snapshot
        The day's records.
    made
        The request and what its maker tells.
    plan
        Legal, as the judge found.
    travel_s
        Seconds that asking for travel took; what is left of :data:`ROADS_S` is for drawing ways.
    """

    read: ReadDay
    snapshot: Snapshot
    made: MadeRequest
    plan: Plan
    travel_s: float = 0.0

    @property
    def planned(self) -> int:
        """How many tickets are in the plan."""
        return len(self.snapshot.tickets) - self.left_out

    @property
    def follows_roads(self) -> bool:
        """Whether travel came from who knows the roads, but for single legs; False: it is all estimated."""
        return all(note.code != TRAVEL_ESTIMATED.code for note in self.made.notes)

    @property
    def left_out(self) -> int:
        """How many tickets that were read are not in the plan."""
        planned = {stop.ticket for route in self.plan.routes for stop in route.stops if stop.kind == "visit"}
        return sum(ticket.id not in planned for ticket in self.snapshot.tickets)


def try_day(
    tickets: bytes,
    engineers: bytes | None,
    wish: Wish,
    *,
    travel: TravelTimes,
    book: Book,
    stop: Stop,
    lang: Language = "zh",
    on_best: OnBest | None = None,
    cancel: threading.Event | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Trial | ReadDay:
    """Plan a day from its sheets as of the morning of that day.

    Parameters
    ----------
    tickets, engineers, wish
        As :func:`~dispatch.services.read_sheets.read_sheets` takes them.
    travel, book
        Who is asked for travel times; limits, prices and weights.
    stop
        How long the trial may take; what finding places (:data:`PLACES_S` at most) and asking for travel took, the search
        has less, but for :data:`LEAST_SEARCH_S`.
    lang
        Language of the reasons why a ticket is left out.
    on_best, cancel
        As :func:`~dispatch.planning.solve.solve` takes them.
    clock
        Seconds that only grow.

    Returns
    -------
    Trial or ReadDay
        The latter when nothing in the sheets is usable; its ``refused`` says why.
    """
    began_at = clock()
    if wish.geocoder is not None:
        wish = replace(wish, geocoder=wish.geocoder.within(PLACES_S))
    read = read_sheets(tickets, engineers, wish)
    if read.snapshot is None or read.begins_at is None:
        return read
    read_at = clock()
    made = make_request(read.snapshot, travel=travel, book=book, now=read.begins_at)
    made_at = clock()
    if stop.seconds is not None:
        left_s = max(LEAST_SEARCH_S, float(stop.seconds) - (made_at - began_at))
        stop = replace(stop, seconds=min(float(stop.seconds), left_s))
    plan = solve(made.request, stop=stop, lang=lang, on_best=on_best, cancel=cancel)
    verdict = judge(made.request, plan)
    if not verdict.legal:
        broken = "; ".join(f"{fault.path}: {fault.text}" for fault in verdict.violations)
        raise RuntimeError(f"the judge refuses the plan that was made: {broken}")
    told = replace(read, assumed=(*read.assumed, *_tell_travel(made)))
    return Trial(told, read.snapshot, made, plan, made_at - read_at)


def _tell_travel(made: MadeRequest) -> list[Note]:
    """Say what is not as it should be with travel: a provider that did not answer, or knows no way somewhere."""
    told = [note for note in made.notes if note.code == TRAVEL_NOTE.code]
    return [Note("tickets", note.code, note.say("zh"), note.say("en")) for note in told]
