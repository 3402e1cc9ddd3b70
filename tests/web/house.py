"""A dispatch desk in processes of its own, asked over HTTP while one of them is killed, and all that it ever acknowledged.

A request that got no answer is sent again with its key, as a client would; then everything is compared by asking the desk.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

from tests.dispatch.services.processes import BOUND_S, ROOT, children_of, is_alive, wait_for
from web.command.main import run as run_command
from web.command.options import Session

Kind = Literal["search", "worker", "server"]
KINDS: Final[tuple[Kind, ...]] = ("search", "worker", "server")

ZONE: Final = ZoneInfo("Asia/Shanghai")
REGION, ASIDE = "hz", "xs"
"""The region that is planned, and the one for which tickets come in all the time: they do not make the plan longer."""

N_TICKETS: Final = 8
SECONDS: Final = 3
"""Of a search that is killed; all others take one second."""

LEASE_S: Final = 4.0
HANDS: Final = 2
"""How many take in tickets at the same time."""


class UnansweredError(Exception):
    """Nobody knows whether it was done: no answer, or one that says to ask again."""


@dataclass(frozen=True)
class Wish:
    """A POST with its key, to be sent as often as is needed."""

    path: str
    body: str
    key: str

    @classmethod
    def of(cls, path: str, **body: object) -> Wish:
        """Return one with a key of its own."""
        return cls(path, json.dumps(body) if body else "", uuid4().hex)


@dataclass(frozen=True)
class Round:
    """What happened in a round.

    Parameters
    ----------
    is_missed
        The search was over before the kill.
    unanswered, acknowledged
        Requests that were under way at the kill and got no answer, and all that had theirs before, of this round and the others.
    recovered_s
        From the kill to the end of the job that was in work.
    """

    is_missed: bool
    state: str
    attempt: int
    unanswered: int
    acknowledged: int
    recovered_s: float
    seconds: float


class Desk:
    """``paidan serve`` with its worker: begun when needed, asked over HTTP."""

    def __init__(self, database: str, folder: Path) -> None:
        """Take where the database is, and a folder for what processes write."""
        self._database, self._folder = database, folder
        self._secret = uuid4().hex
        self._process: subprocess.Popen[str] | None = None
        self._address = ""

    def begin(self) -> None:
        """Begin it if it is not there, and read its address."""
        if self._process is not None:
            return
        arguments = ["serve", "--port", "0", "--database", self._database, "--lease", f"{LEASE_S:g}"]
        with (self._folder / "desk.log").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "web.command", *arguments],
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "PAIDAN_SECRET_KEY": self._secret},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        found = re.search(r"http://(127\.0\.0\.1:\d+)/", said)
        assert found, (said, (self._folder / "desk.log").read_text(encoding="utf-8")[-2000:])
        self._address = found.group(1)

    @property
    def pid(self) -> int:
        """Of the server."""
        assert self._process is not None
        return self._process.pid

    def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal and wait until it is gone."""
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(BOUND_S)
        finally:
            self._process.kill()
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def call(self, method: str, path: str, body: str = "", key: str = "") -> tuple[int, str]:
        """Ask; return status and text.

        Raises
        ------
        UnansweredError
            There was no whole answer, or the desk says that its database could not be asked.
        """
        connection = HTTPConnection(self._address, timeout=BOUND_S)
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        try:
            connection.request(method, f"/api/v1{path}", body or None, headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, HTTPException) as error:
            raise UnansweredError(path) from error
        finally:
            connection.close()
        if status == 503:
            raise UnansweredError(path)
        return status, text

    def get(self, path: str, **query: object) -> Any:  # noqa: ANN401 - a document
        """Get what must be there."""

        def ask() -> tuple[int, str] | None:
            with suppress(UnansweredError):
                return self.call("GET", f"{path}?{urlencode(query)}" if query else path)
            return None

        status, text = wait_for(ask)
        assert status == 200, text
        return json.loads(text)


class House:
    """A desk with a plan in force, and everything that was acknowledged."""

    def __init__(self, database: str, folder: Path) -> None:
        """Take where the database is, and a folder for what is written."""
        self.desk = Desk(database, folder)
        self._folder = folder
        self._day = (datetime.now(ZONE) + timedelta(days=1)).date()  # all of it is still to come
        self._answers: dict[Wish, str] = {}
        self._n_compared = 0
        self._number = 0
        self._lock = threading.Lock()

    def open(self) -> None:
        """Take in two engineers and some tickets, plan, and publish the plan."""
        self.desk.begin()
        start = datetime.combine(self._day, clock_time(8, 30), ZONE)
        for region in (REGION, ASIDE):
            self._insist(Wish.of("/regions", id=region, name=region))
        for name in ("E1", "E2"):
            self._insist(Wish.of("/engineers", id=name, region_id=REGION, name=name))
            hours = {"start_at": start.isoformat(), "end_at": (start + timedelta(hours=9)).isoformat()}
            self._insist(Wish.of("/shifts", engineer_id=name, region_id=REGION, start=make_point(0), **hours))
        for row in range(N_TICKETS):
            self._insist(wish_for_ticket(REGION, row))
        self.publish(self.wait_for_end(self.ask(1)))

    def close(self) -> None:
        """End the desk."""
        self.desk.end()

    def send(self, wish: Wish) -> dict[str, Any]:
        """Send a wish; the first answer is the one that counts, every later one has to be the same.

        Raises
        ------
        UnansweredError
            There was no answer.
        """
        status, text = self.desk.call("POST", wish.path, wish.body, wish.key)
        assert status == 201, (wish, text)
        with self._lock:
            assert self._answers.setdefault(wish, text) == text, (wish, text)
        made: dict[str, Any] = json.loads(text)
        return made

    def ask(self, seconds: int = SECONDS) -> str:
        """Ask for a plan; what comes back was promised."""
        made: str = self._insist(self.wish_for_plan(seconds))["id"]
        return made

    def wish_for_plan(self, seconds: int) -> Wish:
        """Return a wish for a plan that nobody has heard of yet."""
        return Wish.of("/planning-jobs", region_id=REGION, day=self._day.isoformat(), seconds=seconds)

    def look(self, job: str) -> dict[str, Any]:
        """Return a job as it is now."""
        found: dict[str, Any] = self.desk.get(f"/planning-jobs/{job}")
        return found

    def wait_for_end(self, job: str) -> str:
        """Wait until a job has ended; return its id."""
        wait_for(lambda: self.look(job)["ended_at"])
        return job

    def play(self, kind: Kind, delay_s: float = 0.3) -> Round:
        """Play one round: a ticket comes in, the day is planned anew, one process is killed, and the house recovers.

        ``delay_s``: from when the search is known to have a plan to the kill.
        """
        began_s = time.monotonic()
        self.desk.begin()
        self._insist(wish_for_ticket(REGION, len(self._answers)))
        job = self.ask()
        seen = wait_for(lambda: now if (now := self.look(job))["planned"] is not None or now["ended_at"] else None)
        hands = [Hand(self._take_in) for _ in range(HANDS)]
        threading.Event().wait(delay_s)
        (worker,) = wait_for(lambda: children_of(self.desk.pid))
        searches = children_of(worker)
        before = len(self._answers)
        other = self.wish_for_plan(1)
        asker = Hand(lambda: self._try_once(other))
        killed_s = time.monotonic()
        self._kill(kind, worker, searches)
        unanswered = [wish for hand in [*hands, asker] for wish in hand.stop()]
        if kind == "server":
            self.desk.begin()
        wait_for(lambda: not any(is_alive(pid) for pid in self._lost(kind, worker, searches)))
        for wish in unanswered:
            self._insist(wish)
        next_job = self._insist(other)["id"]
        if kind != "search":
            self._cancel(next_job)
        ended = self.look(self.wait_for_end(job))
        recovered_s = time.monotonic() - killed_s
        after = self.look(self.wait_for_end(next_job))
        assert after["state"] == "done" or (kind != "search" and after["state"] == "cancelled"), after
        is_missed = bool(seen["ended_at"]) or self._is_missed(kind, ended)
        self.check()
        self.publish(next_job if kind == "search" else job)
        self.check()
        if kind == "worker":
            self.desk.end()  # else it would wait longer from death to death before it begins the worker again
        return Round(
            is_missed=is_missed,
            state=ended["state"],
            attempt=ended["attempt"],
            unanswered=len(unanswered),
            acknowledged=before,
            recovered_s=round(recovered_s, 2),
            seconds=round(time.monotonic() - began_s, 2),
        )

    def check(self, *, wholly: bool = False) -> None:
        """Compare what was acknowledged with what the desk has: each key one record, each answer as it was.

        All records are looked at. Keys are sent again that were not yet, ``wholly``: all.
        """
        self.desk.begin()
        for wish in list(self._answers)[0 if wholly else self._n_compared :]:
            self._insist(wish)
        self._n_compared = len(self._answers)
        of_region = {"region_id": REGION, "day": self._day.isoformat()}
        jobs = {job["id"]: job for job in self.desk.get("/planning-jobs", **of_region)["items"]}
        assert sorted(jobs) == self._list_ids("/planning-jobs"), "not one job a key"
        revisions = self.desk.get("/revisions", **of_region)["items"]
        done = [name for name, job in jobs.items() if job["state"] == "done"]
        assert Counter(revision["job_id"] for revision in revisions) == Counter(done), (revisions, done)
        assert max((revision["number"] or 0 for revision in revisions), default=0) == self._number, revisions
        kept = {ticket["id"]: ticket for region in (REGION, ASIDE) for ticket in self._list_tickets(region)}
        assert sorted(kept) == self._list_ids("/tickets"), "not one ticket a key"
        for wish, text in self._answers.items():
            told = json.loads(text)
            if wish.path == "/tickets" and told["region_id"] == ASIDE:
                assert kept[told["id"]] == told, (kept[told["id"]], told)

    def publish(self, revision: str) -> None:
        """Publish a plan; it and its request have to be found legal."""
        made = self._insist(Wish.of(f"/revisions/{revision}/publication"))
        self._number += 1
        assert made["number"] == self._number
        documents = self.desk.get(f"/revisions/{revision}/documents")
        files = [self._folder / name for name in ("request.json", "plan.json")]
        for file, part in zip(files, ("request", "plan"), strict=True):
            file.write_text(documents[part], encoding="utf-8")
        check_files(*files)

    def _insist(self, wish: Wish) -> dict[str, Any]:
        """Send a wish until it has its answer."""

        def send() -> dict[str, Any] | None:
            try:
                return self.send(wish)
            except UnansweredError:
                return None

        return wait_for(send)

    def _cancel(self, job: str) -> None:
        """Cancel a job; asked again it is the same."""

        def ask() -> bool:
            with suppress(UnansweredError):
                status, text = self.desk.call("POST", f"/planning-jobs/{job}/cancellation")
                assert status == 200, text
                return True
            return False

        wait_for(ask)

    def _take_in(self) -> list[Wish]:
        """Take in a ticket aside; return what was not answered."""
        return self._try_once(wish_for_ticket(ASIDE, 1))

    def _try_once(self, wish: Wish) -> list[Wish]:
        """Send a wish; return it if it was not answered."""
        try:
            self.send(wish)
        except UnansweredError:
            return [wish]
        return []

    def _kill(self, kind: Kind, worker: int, searches: list[int]) -> None:
        """Kill, as a power cut would."""
        if kind == "server":
            self.desk.end(signal.SIGKILL)
        else:
            for pid in searches if kind == "search" else [worker]:
                with suppress(ProcessLookupError):  # a search that has just ended: the round is missed
                    os.kill(pid, signal.SIGKILL)

    @staticmethod
    def _lost(kind: Kind, worker: int, searches: list[int]) -> list[int]:
        """Return the processes that must not outlive the one that was killed."""
        return searches if kind == "search" else [worker, *searches]

    @staticmethod
    def _is_missed(kind: Kind, ended: dict[str, Any]) -> bool:
        """Tell whether the search was over before the kill; anything but that and what is promised is refused."""
        if kind != "search":
            assert ended["state"] == "done", ended
            return bool(ended["attempt"] == 1)
        if ended["state"] == "failed":
            assert ended["failure"] == "search_died", ended
            assert ended["detail"] == {"code": "signal", "params": {"name": "SIGKILL"}}, ended
            return False
        assert ended["state"] == "done", ended
        return True

    def _list_ids(self, path: str) -> list[str]:
        """Return the ids that were acknowledged at an address."""
        return sorted(json.loads(text)["id"] for wish, text in self._answers.items() if wish.path == path)

    def _list_tickets(self, region: str) -> list[dict[str, Any]]:
        """List all tickets of a region, page by page."""
        found: list[dict[str, Any]] = []
        after: str | None = ""
        while after is not None:
            page = self.desk.get("/tickets", region_id=region, limit=1000, after=after)
            found += page["items"]
            after = page["next"]
        return found


class Hand:
    """Does the same over and over until it is told to stop or does not succeed."""

    def __init__(self, act: Callable[[], list[Wish]]) -> None:
        """Begin; ``act`` returns what it did not succeed in."""
        self._failed: list[Wish] = []
        self._errors: list[BaseException] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=partial(self._run, act), daemon=True)
        self._thread.start()

    def stop(self) -> list[Wish]:
        """Stop; return what has had no answer."""
        self._over.set()
        self._thread.join(BOUND_S)
        assert not self._thread.is_alive()
        if self._errors:
            raise self._errors[0]
        return self._failed

    def _run(self, act: Callable[[], list[Wish]]) -> None:
        """Do it."""
        try:
            while not (self._over.is_set() or self._failed):
                self._failed = act()
        except BaseException as error:  # noqa: BLE001 - told by the thread that waits
            self._errors.append(error)


def wish_for_ticket(region: str, row: int) -> Wish:
    """Return a ticket to be taken in."""
    return Wish.of("/tickets", region_id=region, fault=f"{region} {row}", point=make_point(row), duration_s=900)


def make_point(row: int) -> dict[str, float]:
    """Return a place in town."""
    return {"lat_deg": round(30.2 + 0.01 * (row % 9), 4), "lon_deg": round(120.1 + 0.013 * (row * 5 % 7), 4)}


def check_files(request: Path, plan: Path) -> None:
    """Have ``paidan check`` judge a plan."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = run_command(["check", str(request), str(plan)], Session())
    assert code == 0, said.getvalue()
