"""What was tried, kept for an hour in memory under a name that nobody can guess; nothing is written anywhere.

The sheets wait here too, in case they are to be kept: a browser cannot send a file again by itself after another page was shown,
and what is kept has to be what was tried, byte for byte. They are few, bounded, and gone with the process.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from dispatch.services.drafted import Note
from dispatch.services.keep_trial import Sheets

KEEP: Final = timedelta(hours=1)
MOST: Final = 20
"""Trials at once; the oldest goes first. A page of 10 000 tickets has some 10 MB."""

SHEET_BYTES: Final = 64 * (1 << 20)
"""Sheets at once; beyond it the oldest trials can be looked at and no longer be kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The two files of a trial and what is said of them.

    Parameters
    ----------
    refused
        Rows of tickets that were not read.
    faults
        What is wrong with rows and files.
    assumed
        What the trial filled in for the whole day; it is not in the sheets.
    sheets
        What could be stored; None: no longer.
    stored_in
        The region in which they were stored; empty: they are not.
    """

    day: str
    page: bytes
    workbook: bytes
    rows: int
    planned: int
    left_out: int
    refused: int
    kept_at: datetime
    faults: tuple[Note, ...] = ()
    assumed: tuple[Note, ...] = ()
    sheets: Sheets | None = None
    stored_in: str = ""


class Shelf:
    """Keeps trials.

    Examples
    --------
    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 23, tzinfo=UTC)
    >>> shelf = Shelf(lambda: now)
    >>> token = shelf.put(Kept("2026-11-23", b"", b"", 1, 1, 0, 0, now))
    >>> shelf.find(token).rows, shelf.find("guessed")
    (1, None)
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, kept: Kept) -> str:
        """Keep a trial; return its name."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._forget_old()
            self._kept[token] = kept
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
            self._forget_sheets()
        return token

    def find(self, token: str) -> Kept | None:
        """Return a trial, None once its hour is over."""
        with self._lock:
            self._forget_old()
            return self._kept.get(token)

    def mark_stored(self, token: str, region_id: str) -> None:
        """Remember where a trial's sheets were stored."""
        with self._lock:
            if token in self._kept:
                self._kept[token] = replace(self._kept[token], stored_in=region_id)

    def _forget_sheets(self) -> None:
        """Let go of the oldest sheets while there are too many bytes of them."""
        left = sum(kept.sheets.size_bytes for kept in self._kept.values() if kept.sheets is not None)
        for token, kept in list(self._kept.items()):
            if left <= SHEET_BYTES:
                return
            if kept.sheets is not None:
                left -= kept.sheets.size_bytes
                self._kept[token] = replace(kept, sheets=None)

    def _forget_old(self) -> None:
        now = self._clock()
        for token in [token for token, kept in self._kept.items() if now - kept.kept_at >= KEEP]:
            del self._kept[token]
