"""The search in a process of its own: ``python -m dispatch.services.solve_child``.

In on standard input: a task, one line of JSON with ``request`` (a document of planning format 1, as text), ``seconds``,
``iterations`` (null: no limit), ``threads`` (null: one a core), ``dask`` (address of a Dask scheduler, null: none), ``lang`` and ``alive_s``; then a line every now and then, which
means that the worker is alive and still has the job. When none came for ``alive_s`` seconds, or the input ends, this
process ends on the spot: no search outlives its worker.

Out on standard output, one line of JSON each: ``{"event": "ready"}`` once its kernels are loaded, from when the task's seconds
count; ``{"event": "progress", "total": "120.50", "seconds": 1.5, "planned": 7,
"skipped": 2}`` whenever there is a better plan, ``{"event": "note", "code": CODE, "text": TEXT, "trouble": true}`` for what the operator should know of the
Dask cluster, and at last one of ``{"event": "plan", "plan": TEXT, …}``, ``{"event":
"refused", "code": CODE, "path": PATH, "count": 1}``: the first fault of the request, and how many there are.
"""

from __future__ import annotations

import json
import os
import select
import sys
import threading
import time
from decimal import Decimal
from typing import Any, Final

LEFT_ALONE: Final = 75
"""Exit code of a search that lost its worker (``EX_TEMPFAIL`` of sysexits.h)."""

TELL_S: Final = 0.1
"""Least time between two tellings of progress."""

_CHUNK: Final = 1 << 20


class Teller:
    """Writes events, and nothing else gets between their lines: what libraries print goes to standard error."""

    def __init__(self) -> None:
        """Take standard output away from everyone else."""
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._told_s = -TELL_S

    def tell(self, event: str, **values: object) -> None:
        """Write one event."""
        self._out.write(json.dumps({"event": event, **values}, ensure_ascii=False) + "\n")
        self._out.flush()

    def tell_progress(self, total: Decimal, seconds: float, planned: int, skipped: int) -> None:
        """Write that there is a better plan, unless the last one was told a moment ago."""
        if time.monotonic() - self._told_s >= TELL_S:
            self.tell("progress", total=str(total), seconds=seconds, planned=planned, skipped=skipped)
            self._told_s = time.monotonic()


def main() -> int:
    """Do one task; return the exit code."""
    teller = Teller()
    task = read_task(0)
    threading.Thread(target=watch, args=(0, float(task["alive_s"])), name="watch", daemon=True).start()
    # The search loads after the watch has begun: that takes seconds where the kernels are not compiled yet
    from dispatch.format.faults import InvalidDocument  # noqa: PLC0415
    from dispatch.format.read import read_request  # noqa: PLC0415
    from dispatch.format.write import write_plan  # noqa: PLC0415
    from dispatch.planning import Stop, Unsupported, solve  # noqa: PLC0415
    from solver.warm import main as load_kernels  # noqa: PLC0415

    # Each kernel is loaded when it first runs: a second or more, which would be missing in a search of a few
    load_kernels()
    teller.tell("ready")
    try:
        request = read_request(task["request"])
        n_tickets = len(request.tickets)

        def on_best(total: Decimal, seconds: float, _iterations: int, left_out: int) -> None:
            teller.tell_progress(total, seconds, n_tickets - left_out, left_out)

        stop = Stop(seconds=task["seconds"], iterations=task["iterations"])
        plan = solve(
            request,
            stop=stop,
            on_best=on_best,
            threads=task["threads"],
            lang=task["lang"],
            dask=task["dask"],
            on_note=lambda told: teller.tell(
                "note", code=told.sentence.code, text=told.say("en"), trouble=told.is_trouble
            ),
        )
    except (InvalidDocument, Unsupported) as error:
        first = error.faults[0]
        teller.tell("refused", code=first.code, path=first.path, count=len(error.faults))
        return 0
    skipped = len(plan.skipped)
    teller.tell(
        "plan",
        plan=write_plan(plan),
        total=str(plan.objective.total),
        seconds=float(plan.solver.seconds),
        planned=n_tickets - skipped,
        skipped=skipped,
    )
    return 0


def read_task(stream: int) -> dict[str, Any]:
    """Read the first line of a stream; what comes behind it only says that the worker is alive."""
    held = bytearray()
    while b"\n" not in held:
        chunk = os.read(stream, _CHUNK)
        if not chunk:
            sys.exit(LEFT_ALONE)
        held += chunk
    task: dict[str, Any] = json.loads(held.partition(b"\n")[0])
    return task


def watch(stream: int, alive_s: float) -> None:
    """End this process as soon as nothing has come for a while, or nothing can come any more."""
    while True:
        ready, _, _ = select.select([stream], [], [], alive_s)
        if not ready or not os.read(stream, _CHUNK):
            os._exit(LEFT_ALONE)


if __name__ == "__main__":
    sys.exit(main())
