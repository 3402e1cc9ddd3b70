"""Whether ``paidan solve`` keeps its seconds, whatever the size, and what it writes is legal.

``python -m benchmarks.limits`` runs ``paidan solve`` as a process with S = 1 up to 50 × 400, S = 5 up to 200 × 2 000 and S = 20 for all sizes
up to 1 000 engineers × 10 000 tickets; each plain, rich (every feature) and over several days. A plan has to be written 1.1 × S + 2 s
after the request was read and checked, and ``paidan check`` has to find it legal. The request goes through standard input: it has been read when the
process has taken all of it and so many seconds have passed as reading and checking it takes here, just before. Each row says of which commit it is and what
load the machine had before it, and the CPU seconds the process got: late with little of them is the machine's fault; a run that was stopped goes on where it was. It fails where a plan is late or not legal.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.bounds import Rows
from benchmarks.race import RESULTS
from dispatch.example import list_rich_features, make_rich
from dispatch.format.read import read_request
from dispatch.format.write import write_request

SEED = 731
THREADS = 2
OVER_FACTOR, OVER_S = 1.1, 2.0
"""The promise: 1.1 × S + 2 s."""

SMALL, MIDDLE, ALL = (50, 400), (200, 2_000), (1_000, 10_000)
SIZES = ((1, 5), (10, 60), (30, 240), SMALL, (100, 800), MIDDLE, (500, 5_000), ALL)
SHORT_SIZES = ((10, 60), SMALL)
SECONDS = ((1.0, SMALL), (5.0, MIDDLE), (20.0, ALL))
"""Seconds, and up to which size they are tried."""

PIPE_BYTES = 1 << 18
"""More than a pipe holds."""

KINDS = ("plain", "rich", "days")
DAYS = 5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """One run: a kind of request, its size, and the seconds given."""

    kind: str
    engineers: int
    tickets: int
    seconds: float

    @property
    def key(self) -> str:
        """Name the run in the results."""
        return f"{self.kind} {self.engineers}x{self.tickets} S={self.seconds:g}"

    def write(self) -> str:
        """Write the request; over several days there are as many engineer-days as engineers in the name, or five."""
        rich = list_rich_features(SEED) if self.kind == "rich" else ()
        days = DAYS if self.kind == "days" else 1
        engineers = max(1, self.engineers // DAYS) if self.kind == "days" else self.engineers
        return write_request(make_rich(engineers, self.tickets, days, SEED, {*rich}))


def list_cases(*, short: bool) -> list[Case]:
    """List all runs, the quick ones first."""
    return [
        Case(kind, *size, seconds)
        for seconds, largest in SECONDS[: 1 if short else None]
        for size in (SHORT_SIZES if short else SIZES)
        if size <= largest
        for kind in KINDS
    ]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a process ended, seconds from taking the whole request to the end, CPU seconds, and peak MB (its children apart)."""

    ended: subprocess.CompletedProcess[bytes]
    took_s: float
    cpu_s: float
    peak_mb: float


def solve_by_process(document: bytes, plan: Path, seconds: float, more: Sequence[str] = ()) -> Ran:
    """Run ``paidan solve`` on a document."""
    command = [sys.executable, "-P", "-m", "web.command", "solve", "-", "-o", str(plan), "--seconds", f"{seconds:g}"]
    with subprocess.Popen(
        [*command, "--threads", str(THREADS), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        said: list[bytes] = []
        stderr = process.stderr
        listener = threading.Thread(target=lambda: said.append(stderr.read()), daemon=True)
        listener.start()
        process.stdin.write(document + b" " * PIPE_BYTES)  # so that it is not taken before it is read
        process.stdin.close()
        taken_s = time.perf_counter()
        _, status, usage = os.wait4(process.pid, 0)
        ended_s = time.perf_counter()
        process.returncode = os.waitstatus_to_exitcode(status)
        listener.join()
    ended = subprocess.CompletedProcess(command, process.returncode, b"", b"".join(said))
    return Ran(ended, ended_s - taken_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure_reading_s(document: bytes) -> float:
    """Return how long reading and checking takes here and now."""
    began_s = time.perf_counter()
    read_request(document)
    return time.perf_counter() - began_s


def is_legal(request: bytes, plan: Path) -> bool:
    """Ask ``paidan check``."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.json"
        path.write_bytes(request)
        command = [sys.executable, "-P", "-m", "web.command", "check", str(path), str(plan)]
        return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


def measure(case: Case) -> Row:
    """Run one case."""
    document = case.write().encode()
    reading_s = measure_reading_s(document)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.json"
        ran = solve_by_process(document, path, case.seconds)
        ended = ran.ended
        fine = ended.returncode in {0, 1} and path.exists()
        note = json.loads(path.read_text(encoding="utf-8")) if fine else {}
        legal = fine and is_legal(document, path)
    written_s = ran.took_s - reading_s
    return {
        "seed": SEED,
        "seconds": case.seconds,
        "written_s": round(written_s, 2),
        "allowed_s": round(OVER_FACTOR * case.seconds + OVER_S, 2),
        "reading_s": round(reading_s, 2),
        "late": written_s > OVER_FACTOR * case.seconds + OVER_S,
        "legal": legal,
        "exit": ended.returncode,
        "total": note.get("objective", {}).get("total"),
        "skipped": len(note.get("skipped", ())),
        "iterations": note.get("solver", {}).get("iterations"),
        "cpu_s": round(ran.cpu_s, 2),
        "peak_mb": round(ran.peak_mb),
        "said": ended.stderr.decode(errors="replace")[-300:],
    }


def summarise(rows: dict[str, Row], cases: Sequence[Case]) -> Row:
    """Tell how many of how many were measured, and what broke a promise."""
    measured = [case.key for case in cases if case.key in rows]
    spare = [rows[key]["allowed_s"] - rows[key]["written_s"] for key in measured]
    return {
        "measured": f"{len(measured)} of {len(cases)}",
        "late": [key for key in measured if rows[key]["late"]],
        "not_legal": [key for key in measured if not rows[key]["legal"]],
        "least_spare_s": round(min(spare), 2) if spare else None,
        "most_mb": max((rows[key]["peak_mb"] for key in measured), default=None),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what this commit has not run yet, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.limits", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--short", action="store_true", help="S = 1 at two sizes")
    parser.add_argument("--only", default="", help="only runs with this in their name, such as 'S=20' or 'rich'")
    parser.add_argument("--out", type=Path, default=RESULTS / "limits.json", help="where the results are kept")
    options = parser.parse_args(arguments)
    cases = [case for case in list_cases(short=options.short) if options.only in case.key]
    rows = Rows(options.out)
    for case in cases:
        rows.measure(case.key, lambda one=case: measure(one))  # type: ignore[misc]
    summary = summarise(rows.current(), cases)
    rows.write(summary)
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    if summary["late"] or summary["not_legal"]:
        sys.exit(1)


if __name__ == "__main__":
    main()
