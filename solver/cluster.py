"""Hands on other machines: a cluster of Dask workers that has this package installed.

What is sent is one territory, packed small; what comes back is its routes, and the whole prices them before it takes them over. A task
ends by itself after its seconds, and a task that is done twice, late or never does no harm. Whatever goes wrong is noted in
``trouble`` and answered by working here.
"""

from __future__ import annotations

import contextlib
import logging
import pickle
import threading
import time
import uuid
import zlib
from collections.abc import Callable
from typing import Any

from solver.errand import Brought, Errand, run_errand

PATIENCE_S = 10.0
"""An errand that is so much later than it should be does not come back any more."""

SILENT_S = 6.0
"""After so long without an answer the threads here work as well."""

LOOK_S = 0.5
"""How often the scheduler is asked for its workers."""

GONE_S = 5.0
"""A scheduler that has not answered for so long is gone."""

FETCH_S = 1.0
"""An answer that is there is small: it is fetched in no time, or its worker is gone."""

POLL_S = 0.05
CLOSE_S = 2.0

_ENDED: set[str] = set()
"""Runs that are over: what is still on its way for them ends at once."""


class ClusterUnavailable(Exception):  # noqa: N818 - named after what happened
    """There is no cluster to work with; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        """Take the reason."""
        self.reason = reason
        super().__init__(reason)


class Cluster:
    """The hands of a Dask cluster for one search; close it at the end.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``. Whoever answers there runs our code, and we believe what it says is
        an answer: name only schedulers that are yours.
    connect_s
        How long to try.

    Attributes
    ----------
    trouble
        What went wrong last; None: nothing.
    answers
        How many errands came back.

    Raises
    ------
    ClusterUnavailable
        ``distributed`` is not installed, nobody answers at the address, or no worker is there.
    """

    def __init__(self, address: str, connect_s: float) -> None:
        try:
            import distributed  # noqa: PLC0415 - an optional package, and a second to load
        except ImportError as error:
            raise ClusterUnavailable("distributed is not installed (pip install 'paidan[dask]')") from error
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            make: Any = distributed.Client  # untyped
            self._client = make(address, timeout=connect_s, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ClusterUnavailable(_name(error)) from error
        self.trouble: str | None = None
        self.answers = 0
        self._run = uuid.uuid4().hex
        self._is_over = threading.Event()
        self._heard_s = self._opened_s = time.monotonic()
        self._answered_s = -SILENT_S
        try:
            self._hands = self._ask()
        except Exception as error:
            self.close()
            raise ClusterUnavailable(_name(error)) from error
        if self._hands == 0:
            self.close()
            raise ClusterUnavailable("the scheduler has no worker")
        threading.Thread(target=self._watch, name="cluster", daemon=True).start()

    def count(self) -> int:
        """Return how many errands can be worked on at once now: the threads of all workers."""
        return self._hands if time.monotonic() - self._heard_s < GONE_S else 0

    def is_answering(self) -> bool:
        """Say whether an errand came back lately."""
        return self.count() > 0 and time.monotonic() - self._answered_s < SILENT_S

    def run(self, errand: Errand, cancelled: Callable[[], bool]) -> Brought | None:
        """Have an errand run by one of the workers; None: it did not come back, and ``trouble`` says why."""
        try:
            future = self._client.submit(run_packed, pack_errand(errand), self._run, pure=False)
            return self._await(future, (errand.seconds or 0.0) + PATIENCE_S, cancelled)
        except Exception as error:  # noqa: BLE001 - whatever a cluster does, a plan is made here
            self.trouble = _name(error)
            time.sleep(POLL_S)
            return None

    def close(self) -> None:
        """Let go of the cluster; what is still running there ends by itself."""
        self._is_over.set()
        closer = threading.Thread(target=self._let_go, name="cluster end", daemon=True)
        closer.start()
        closer.join(CLOSE_S)

    def _await(self, future: Any, patience_s: float, cancelled: Callable[[], bool]) -> Brought | None:
        """Wait for an answer, as long as it makes sense."""
        until_s = time.monotonic() + patience_s
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not done.wait(POLL_S):
            is_late = time.monotonic() > until_s
            if is_late:
                self.trouble = f"no answer within {patience_s:.0f} s"
            if is_late or cancelled() or self.count() == 0:
                future.cancel()
                return None
        answer = future.result(timeout=FETCH_S)
        brought: Brought = pickle.loads(zlib.decompress(answer))  # noqa: S301 - of a cluster that the operator named
        self._answered_s = time.monotonic()
        self.answers += 1
        return brought

    def _ask(self) -> int:
        """Ask the scheduler how many threads its workers have."""
        threads: dict[str, int] = self._client.nthreads()
        return sum(threads.values())

    def _watch(self) -> None:
        """Keep the number of hands up to date."""
        while not self._is_over.wait(LOOK_S):
            try:
                hands = self._ask()
            except Exception as error:  # noqa: BLE001 - a scheduler that is gone is noticed by its silence
                self.trouble = _name(error)
                continue
            if hands < self._hands:
                self.trouble = f"{self._hands - hands} of {self._hands} hands are gone"
            self._hands, self._heard_s = hands, time.monotonic()

    def _let_go(self) -> None:
        """Tell the workers that this run is over, and close the connection."""
        with contextlib.suppress(Exception):
            self._client.run(end_run, self._run, on_error="ignore")
        with contextlib.suppress(Exception):
            self._client.close(timeout=CLOSE_S)


def pack_errand(errand: Errand) -> bytes:
    """Pack an errand for the way: mostly small whole numbers, so a fifth of its size."""
    return zlib.compress(pickle.dumps(errand, pickle.HIGHEST_PROTOCOL), 1)


def run_packed(packed: bytes, run: str) -> bytes:
    """Run an errand that came packed; this is what a worker does."""
    errand: Errand = pickle.loads(zlib.decompress(packed))  # noqa: S301 - from the scheduler this worker belongs to
    brought = run_errand(errand, lambda: run in _ENDED)
    return zlib.compress(pickle.dumps(brought, pickle.HIGHEST_PROTOCOL), 1)


def end_run(run: str) -> None:
    """Note on a worker that a run is over."""
    _ENDED.add(run)


def _name(error: BaseException) -> str:
    """Return an error in one short line."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[0][:200]}" if said else type(error).__name__
