"""Waiting for a provider as long as patience lasts, and no longer."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final, TypeVar

from dispatch.domain.errors import TravelUnavailable

PATIENCE_S: Final = 3.0
"""How long a provider may take before something else is done."""

Answered = TypeVar("Answered")


class Patience:
    """Ask in a thread of its own; one who is too slow is left to finish there, and is not asked again before.

    Parameters
    ----------
    patience_s
        Seconds to wait; None = as long as it takes, for one on this machine that only computes.
    """

    def __init__(self, patience_s: float | None = PATIENCE_S) -> None:
        self.patience_s = patience_s
        self._overdue: list[Future[Any]] = []
        self._lock = threading.Lock()

    def wait_for(self, ask: Callable[[], Answered], name: str, most_s: float | None = None) -> Answered:
        """Return what ``ask`` returns, or raise what it raises.

        Parameters
        ----------
        name
            Who is asked, for the thread's name.
        most_s
            Seconds to wait at most where patience would last longer; None: all of it. One who is waited for as long as it takes
            is not hurried.

        Raises
        ------
        TravelUnavailable
            There is no answer in time, an earlier one is still owed, or no time is left to ask.
        """
        if self.patience_s is None:
            return ask()
        limit_s = self.patience_s if most_s is None else min(self.patience_s, most_s)
        if limit_s <= 0:
            raise TravelUnavailable("was not asked: its time was used up before", "没有再问：给它的时间之前已用完")
        with self._lock:
            self._overdue = [answer for answer in self._overdue if not answer.done()]
            if self._overdue:
                raise TravelUnavailable("still owes an earlier answer", "还没有回答上一个问题")
        answer: Future[Answered] = Future()

        def run() -> None:
            try:
                answer.set_result(ask())
            except BaseException as error:  # noqa: BLE001 - raised again by whoever waits for the answer
                answer.set_exception(error)

        # A daemon, unlike the threads of an executor: a server that never answers must not keep the process alive.
        threading.Thread(target=run, name=f"travel: {name}", daemon=True).start()
        try:
            return answer.result(limit_s)
        except TimeoutError:
            with self._lock:
                self._overdue.append(answer)
            within_s = f"{round(limit_s, 2):g}"
            raise TravelUnavailable(f"gave no answer within {within_s} s", f"{within_s} 秒内没有回答") from None
