"""A nation in one request: 1 000 engineers, 10 000 tickets, 120 seconds, two cores.

``python -m benchmarks.nation`` plans it twice through ``paidan solve``: by threads, and by two Dask workers of one thread each on this machine, of
which one is killed in the middle. It tells when the first plan was there, how the total fell (a progress that a terminal would be
shown), when the plan was written, the peak memory of every process, how many answers came back from the workers, and whether ``paidan check`` finds
the plan legal. It fails where a plan is late or not legal, a process takes more than 2 GB, or the first plan takes more than 10 s. ``--short``: 200 × 2 000 in 10 s.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.bounds import Rows
from benchmarks.limits import OVER_FACTOR, OVER_S, THREADS, is_legal, measure_reading_s
from benchmarks.race import RESULTS
from dispatch.example import make_request
from dispatch.format.write import write_request

SEED = 732
FULL, SHORT = (1_000, 10_000, 120.0), (200, 2_000, 10.0)
FIRST_PLAN_S, MOST_MB = 10.0, 2_000
KILL_AT = 0.5
"""When a worker is killed, as a part of the seconds."""

CHILD = """
import json, resource, sys, time
began = time.perf_counter()
from dispatch.format.read import read_request
from dispatch.format.write import write_plan
request = read_request(sys.stdin.buffer.read())
read = time.perf_counter()
from dispatch.planning import Stop, solve
told = []
def on_best(total, seconds, iterations, left_out):
    told.append([round(time.perf_counter() - read, 2), float(total), left_out])
notes = []
seconds = float(sys.argv[2]) - max(time.perf_counter() - read - 1.0, 0.0) / 1.1
plan = solve(request, stop=Stop(seconds=seconds), threads=int(sys.argv[3]), on_best=on_best,
             dask=sys.argv[4] or None, on_note=lambda note: notes.append(note.say("en")))
open(sys.argv[1], "w", encoding="utf-8").write(write_plan(plan))
print(json.dumps({"read_s": round(read - began, 2), "written_s": round(time.perf_counter() - read, 2), "told": told,
    "notes": notes, "iterations": plan.solver.iterations, "total": float(plan.objective.total), "skipped": len(plan.skipped),
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}))
"""
"""The same calls as ``paidan solve`` makes, with an ear for progress."""

Row = dict[str, Any]


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Run a scheduler and workers of one thread each on this machine; their address, and the workers' processes."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-m", "distributed.cli." + command[0], *command[1:]],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).parents[1],
        )
        started.append(process)
        return process

    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "scheduler.json")
        try:
            start("dask_scheduler", "--scheduler-file", file, "--port", "0", "--no-dashboard", "--host", "127.0.0.1")
            until_s = time.monotonic() + 60
            while not Path(file).exists() and time.monotonic() < until_s:
                time.sleep(0.1)
            address = json.loads(Path(file).read_text(encoding="utf-8"))["address"]
            options = (
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--memory-limit",
                "2GB",
                "--local-directory",
                folder,
            )
            hands = [start("dask_worker", address, *options) for _ in range(workers)]
            _wait_for(address, workers)
            yield address, hands
        finally:
            for process in started:
                process.kill()
                process.wait()


def _wait_for(address: str, workers: int) -> None:
    """Wait until the workers are there and have loaded their kernels."""
    from distributed import Client  # noqa: PLC0415 - only where a cluster is asked for

    from solver.warm import main as load_kernels  # noqa: PLC0415 - the same

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=60)
        client.run(load_kernels)


def measure(engineers: int, tickets: int, seconds: float, *, dask: bool) -> Row:
    """Plan the nation once."""
    document = write_request(make_request(engineers, tickets, 1, SEED)).encode()
    reading_s = measure_reading_s(document)
    if not dask:
        return {**_plan(document, seconds, "", None), "reading_s": round(reading_s, 2)}
    with cluster(2) as (address, hands):
        peaks = _Peaks([one.pid for one in hands])
        killer = threading.Timer(KILL_AT * seconds, hands[0].send_signal, [signal.SIGKILL])
        row = _plan(document, seconds, address, killer)
        row |= {"killed_after_s": KILL_AT * seconds, "workers_peak_mb": peaks.stop(), "reading_s": round(reading_s, 2)}
        return row


def _plan(document: bytes, seconds: float, address: str, killer: threading.Timer | None) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        command = [sys.executable, "-c", CHILD, str(path), f"{seconds:g}", str(THREADS), address]
        if killer is not None:
            killer.start()
        ended = subprocess.run(command, input=document, stdout=subprocess.PIPE, check=True)
        row: Row = json.loads(ended.stdout)
        row["legal"] = is_legal(document, path)
    told = row.pop("told")
    row["first_plan_s"] = told[0][0]
    step = seconds / 12
    row["totals"] = [
        one for at, one in enumerate(told) if at + 1 == len(told) or one[0] // step < told[at + 1][0] // step
    ]
    row["allowed_s"] = round(OVER_FACTOR * seconds + OVER_S, 2)
    row["late"] = row["written_s"] > row["allowed_s"]
    return row


class _Peaks:
    """The most memory that some processes have had, asked of the system now and then."""

    def __init__(self, pids: Sequence[int]) -> None:
        self.peaks = dict.fromkeys(pids, 0)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(0.2):
            for pid in self.peaks:
                try:
                    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
                except OSError:
                    continue
                found = [int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")]
                self.peaks[pid] = max(self.peaks[pid], *found, 0)

    def stop(self) -> list[int]:
        """Return the peaks in MB."""
        self._over.set()
        self._thread.join()
        return list(self.peaks.values())


def is_broken(row: Row) -> bool:
    """Say whether a run broke a promise."""
    too_large = max(row["peak_mb"], *row.get("workers_peak_mb", [0])) > MOST_MB
    return bool(row["late"] or not row["legal"] or row["first_plan_s"] > FIRST_PLAN_S or too_large)


def main(arguments: Sequence[str] | None = None) -> None:
    """Plan a nation by threads and by Dask, and print what was seen."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nation", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--short", action="store_true", help="200 × 2 000 in 10 s")
    parser.add_argument("--out", type=Path, default=RESULTS / "nation.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    engineers, tickets, seconds = SHORT if options.short else FULL
    rows = Rows(options.out)
    for how in ("threads", "dask"):
        key = f"{engineers}x{tickets} {seconds:g} s by {how}"
        rows.measure(key, lambda dask=how == "dask": measure(engineers, tickets, seconds, dask=dask))  # type: ignore[misc]
    current = rows.current()
    broken = [key for key, row in current.items() if is_broken(row)]
    rows.write({"measured": f"{len(current)} of 2", "seed": SEED, "broken": broken, "load_after": os.getloadavg()[0]})
    for key, row in current.items():
        print(key, json.dumps(row, ensure_ascii=False))
    if broken:
        sys.exit(1)


if __name__ == "__main__":
    main()
