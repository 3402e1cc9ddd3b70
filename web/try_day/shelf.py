"""What was tried, kept for an hour in memory under a name that nobody can guess; nothing is written anywhere."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

KEEP: Final = timedelta(hours=1)
MOST: Final = 20
"""Trials at once; the oldest goes first. A page of 10 000 tickets has some 10 MB."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The two files of a trial and what is said of them."""

    day: str
    page: bytes
    workbook: bytes
    rows: int
    planned: int
    left_out: int
    refused: int
    kept_at: datetime


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
        return token

    def find(self, token: str) -> Kept | None:
        """Return a trial, None once its hour is over."""
        with self._lock:
            self._forget_old()
            return self._kept.get(token)

    def _forget_old(self) -> None:
        now = self._clock()
        for token in [token for token, kept in self._kept.items() if now - kept.kept_at >= KEEP]:
            del self._kept[token]
