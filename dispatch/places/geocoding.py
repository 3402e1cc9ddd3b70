"""Asking a geocoder: what it is, what it answers, what is remembered, and when to stop asking.

A geocoder is asked for an address alone. Its answers are kept in a cache that the caller gives; failures are not. A
service that is down or slow costs a few seconds once, not once a row.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Literal, Protocol

from dispatch.domain.place import Point

TIMEOUT_S = 3.0
"""How long one question may take."""

Trouble = Literal["timed_out", "unreachable", "refused", "quota", "unreadable", "no_time"]
"""Why there is no answer; ``no_time``: the run's seconds were used up before, so that nobody was asked."""


class GeocoderError(Exception):
    """A geocoder could not be asked, or did not answer in its own way.

    ``trouble`` says why. The message holds neither the key nor the address.
    """

    def __init__(self, geocoder: str, trouble: Trouble) -> None:
        super().__init__(f"{geocoder}: {trouble}")
        self.geocoder = geocoder
        self.trouble: Trouble = trouble


@dataclass(frozen=True, slots=True)
class Answer:
    """What a geocoder says: a point, and whether it is that of the door, the building or the crossing."""

    point: Point
    exact: bool


class Geocoder(Protocol):
    """A service that finds addresses."""

    @property
    def name(self) -> str:
        """Name for people and for the cache."""
        ...

    def find(self, address: str) -> Answer | None:
        """Find an address; None when the service knows none.

        Raises
        ------
        GeocoderError
            When there is no answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer in a cache; None inside means that the service was asked and knew nothing."""

    answer: Answer | None


class Cache(Protocol):
    """What remembers answers; an address may be stored as a hash, it is only ever looked up whole."""

    def find(self, geocoder: str, address: str) -> Kept | None:
        """Return what was kept, None if nothing was."""
        ...

    def keep(self, geocoder: str, address: str, answer: Answer | None) -> None:
        """Remember an answer, also that there was none."""
        ...


class MemoryCache:
    """A cache for one run: nothing is stored."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Kept] = {}

    def find(self, geocoder: str, address: str) -> Kept | None:
        """Return what was kept, None if nothing was."""
        return self._kept.get((geocoder, address))

    def keep(self, geocoder: str, address: str, answer: Answer | None) -> None:
        """Remember an answer, also that there was none."""
        self._kept[geocoder, address] = Kept(answer)


class Asking:
    """One run of questions to a geocoder: cached, spaced, and given up when it does not answer.

    Parameters
    ----------
    geocoder, cache
        Whom to ask, and what remembers.
    most_failures
        After so many failures in a row nobody is asked any more, at least 1; a refused key or a used-up quota ends it at
        once.
    budget_s
        Seconds that all questions together may take; what is not asked then is said to be so.
    is_strict
        Whether a question that is not answered when the budget is used up is left alone, instead of waited for.
    least_gap_s
        Seconds between two questions: 1 for the public Nominatim, as its usage policy asks.
    clock, wait
        Monotonic seconds and how to wait; tests give their own.
    """

    def __init__(
        self,
        geocoder: Geocoder,
        cache: Cache | None = None,
        *,
        most_failures: int = 2,
        budget_s: float = 30.0,
        least_gap_s: float = 0.0,
        is_strict: bool = False,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        if most_failures < 1 or budget_s < 0 or least_gap_s < 0:
            raise ValueError(
                "most_failures must be ≥ 1, budget_s and least_gap_s ≥ 0, "
                f"got {most_failures}, {budget_s} and {least_gap_s}"
            )
        self._geocoder = geocoder
        self._cache: Cache = MemoryCache() if cache is None else cache
        self._most_failures = most_failures
        self._left_s = budget_s
        self._least_gap_s = least_gap_s
        self._is_strict = is_strict
        self._clock = clock
        self._wait = wait
        self._failures = 0
        self._last_at: float | None = None
        self.trouble: Trouble | None = None
        """Why nobody is asked any more; None while questions are asked."""

    @property
    def name(self) -> str:
        """Name of the geocoder."""
        return self._geocoder.name

    def within(self, budget_s: float) -> Asking:
        """Begin another run, with the same answers remembered, that takes no longer than a budget in all."""
        return Asking(
            self._geocoder,
            self._cache,
            most_failures=self._most_failures,
            budget_s=budget_s,
            least_gap_s=self._least_gap_s,
            is_strict=True,
            clock=self._clock,
            wait=self._wait,
        )

    def find(self, address: str) -> Answer | None:
        """Find an address in the cache or by asking.

        Raises
        ------
        GeocoderError
            When it is not in the cache and there is no answer, or nobody is asked any more.
        """
        kept = self._cache.find(self.name, address)
        if kept is not None:
            return kept.answer
        if self._left_s <= 0:
            self.trouble = self.trouble or "no_time"
        if self.trouble is not None:
            is_late = self._left_s <= 0 and self.trouble == "timed_out"
            raise GeocoderError(self.name, "no_time" if is_late else self.trouble)
        answer = self._ask(address)
        self._cache.keep(self.name, address, answer)
        return answer

    def _ask(self, address: str) -> Answer | None:
        began_at = self._clock()
        if self._last_at is not None and began_at < self._last_at + self._least_gap_s:
            gap_s = self._last_at + self._least_gap_s - began_at
            if self._is_strict and gap_s >= self._left_s:
                self.trouble = "no_time"
                raise GeocoderError(self.name, self.trouble)
            self._wait(gap_s)
        self._last_at = self._clock()
        try:
            answer = self._find_in_time(address, began_at) if self._is_strict else self._geocoder.find(address)
        except GeocoderError as error:
            self._failures += 1
            if self._failures >= self._most_failures or error.trouble in {"refused", "quota"}:
                self.trouble = error.trouble
            raise
        finally:
            self._left_s -= self._clock() - began_at
        self._failures = 0
        return answer

    def _find_in_time(self, address: str, began_at: float) -> Answer | None:
        """Ask in a thread of its own and wait until the budget is used up."""
        answer: Future[Answer | None] = Future()

        def run() -> None:
            try:
                answer.set_result(self._geocoder.find(address))
            except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for the answer
                answer.set_exception(error)

        # A daemon: a service that never answers must not keep the process alive.
        threading.Thread(target=run, name=f"geocoder: {self.name}", daemon=True).start()
        try:
            return answer.result(max(0.0, self._left_s - (self._clock() - began_at)))
        except TimeoutError:
            self.trouble = "timed_out"
            raise GeocoderError(self.name, self.trouble) from None
