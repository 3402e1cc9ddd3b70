"""Geocoders that answer from a table, and a clock that stands still until something waits."""

from __future__ import annotations

from collections.abc import Mapping

from dispatch.places.geocoding import Answer, GeocoderError, Trouble


class FakeGeocoder:
    """Answers from a table; a word instead of an answer is the trouble it has."""

    name = "Fake"

    def __init__(
        self,
        answers: Mapping[str, Answer | Trouble] | None = None,
        *,
        clock: FakeClock | None = None,
        takes_s: float = 0,
    ) -> None:
        self.answers = answers or {}
        self.asked: list[str] = []
        self._clock = clock
        self._takes_s = takes_s

    def find(self, address: str) -> Answer | None:
        """Answer, and note that one was asked."""
        self.asked.append(address)
        if self._clock is not None:
            self._clock.now_s += self._takes_s
        answer = self.answers.get(address)
        if isinstance(answer, str):
            raise GeocoderError(self.name, answer)
        return answer


class FakeClock:
    """Seconds that pass when somebody waits."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.waits: list[float] = []

    def __call__(self) -> float:
        """Return the time."""
        return self.now_s

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.waits.append(seconds)
        self.now_s += seconds
