"""One cell of the race: one request, one budget of seconds, one engine; solved in a child, judged here."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.child import Outcome, Task, run_children
from benchmarks.families import make_plain
from benchmarks.peers import ADAPTERS, get_peer
from benchmarks.plain import Tours, lower_plain, make_plan
from dispatch.format.model import Plan, Request
from dispatch.judge import judge

OURS = "ours"
THREADS = 2
LATE_FACTOR, LATE_S = 1.1, 2.0
"""An answer later than 1.1 × the budget + 2 s is noted as late, the promise that we make ourselves."""
KILL_FACTOR, KILL_S = 4.0, 300.0
"""A child is killed after 4 × the budget + 5 minutes, in which it also starts, builds and compiles."""
SHOWN_VIOLATIONS = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """A request of the race and the seconds for it; ``search_seed`` is the search's own, for engines that take one."""

    family: str
    engineers: int
    tickets: int
    seed: int
    seconds: float
    search_seed: int = 0

    @property
    def key(self) -> str:
        """Name the cell in the results."""
        again = f" search {self.search_seed}" if self.search_seed else ""
        return f"{self.family} {self.engineers}x{self.tickets} seed {self.seed} {self.seconds:g} s{again}"

    def make_request(self) -> Request:
        """Make the cell's request."""
        return make_plain(self.family, self.engineers, self.tickets, self.seed)


@dataclass(frozen=True, slots=True)
class Result:
    """What an engine made of a cell; costs are CNY as the judge recomputed them.

    ``solve_s`` is wall time of the search alone, ``cpu_s`` the CPU time that it got meanwhile over all its threads (much
    less than threads × ``solve_s`` means that others were at work), ``build_s`` wall time for the engine's own model;
    ``late``: see ``LATE_S``.
    ``legal`` is None when there is no plan to judge.
    """

    engine: str
    setting: str
    status: str
    message: str = ""
    legal: bool | None = None
    violations: tuple[str, ...] = ()
    total: float | None = None
    skipped_cost: float | None = None
    travel_cost: float | None = None
    served: int | None = None
    build_s: float | None = None
    solve_s: float | None = None
    cpu_s: float | None = None
    overrun_s: float | None = None
    late: bool | None = None
    peak_mb: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the result as a JSON object."""
        return asdict(self)


def run_engine(cell: Cell, engine: str) -> list[Result]:
    """Run one engine on a cell, all its settings, and judge what it answers.

    Raises
    ------
    KeyError
        When there is no such engine.
    """
    kill_after_s = KILL_FACTOR * cell.seconds + KILL_S
    if engine == OURS:
        (outcome,) = run_children([Task(solve_ours, (cell,), kill_after_s)])
        return [_judge(cell, engine, "default", outcome)]
    peer = get_peer(engine)
    tasks = [Task(solve_peer, (cell, engine, setting), kill_after_s) for setting in peer.settings]
    if peer.threads >= THREADS:
        outcomes = [outcome for task in tasks for outcome in run_children([task])]
    else:
        outcomes = run_children(tasks)
    return [_judge(cell, engine, setting, outcome) for setting, outcome in zip(peer.settings, outcomes, strict=True)]


def solve_peer(cell: Cell, engine: str, setting: str) -> tuple[Tours, float, float, float]:
    """Solve a cell with a peer, in a child: (tours, seconds to build, seconds to solve, CPU seconds to solve)."""
    peer = get_peer(engine)
    plain = lower_plain(cell.make_request())
    began_s = time.perf_counter()
    model = peer.build(plain, setting)
    built_s, cpu_s = time.perf_counter(), time.process_time()
    tours = peer.solve(model, cell.seconds, cell.search_seed, min(THREADS, peer.threads))
    return tours, built_s - began_s, time.perf_counter() - built_s, time.process_time() - cpu_s


def solve_ours(cell: Cell) -> tuple[Plan, float, float, float]:
    """Solve a cell with our planner, in a child: (plan, 0, seconds to solve, CPU seconds to solve).

    A tiny request is planned first, so that the kernels come compiled from the cache, as they do in service.
    """
    from dispatch.planning import Stop, solve  # noqa: PLC0415 - peers run without the kernels

    solve(make_plain("loose", 2, 4, 0), stop=Stop(iterations=10), seed=0, threads=THREADS)
    request = cell.make_request()
    began_s, cpu_s = time.perf_counter(), time.process_time()
    plan = solve(request, stop=Stop(seconds=cell.seconds), seed=cell.search_seed, threads=THREADS)
    return plan, 0.0, time.perf_counter() - began_s, time.process_time() - cpu_s


def pick_best(results: list[Result]) -> Result | None:
    """Pick the legal result with the lowest total; None when there is none."""
    legal = [result for result in results if result.legal and result.total is not None]
    return min(legal, key=lambda result: result.total or 0.0, default=None)


def list_engines() -> list[str]:
    """List all engines of the race, ours first."""
    return [OURS, *ADAPTERS]


def _judge(cell: Cell, engine: str, setting: str, outcome: Outcome) -> Result:
    if outcome.status != "ok":
        return Result(engine, setting, outcome.status, outcome.message, peak_mb=outcome.peak_mb)
    answer, build_s, solve_s, cpu_s = outcome.value
    request = cell.make_request()
    plan = answer
    if not isinstance(plan, Plan):
        plan = make_plan(request, lower_plain(request), answer, engine, solve_s)
    verdict = judge(request, plan)
    return Result(
        engine=engine,
        setting=setting,
        status="ok",
        legal=verdict.legal,
        violations=tuple(
            f"{violation.code} {violation.path}: {violation.text}"
            for violation in verdict.violations[:SHOWN_VIOLATIONS]
        ),
        total=float(verdict.total),
        skipped_cost=float(verdict.terms["skipped"]),
        travel_cost=float(verdict.terms["travel"]),
        served=cell.tickets - len(plan.skipped),
        build_s=round(build_s, 3),
        solve_s=round(solve_s, 3),
        cpu_s=round(cpu_s, 3),
        overrun_s=round(max(0.0, solve_s - cell.seconds), 3),
        late=solve_s > LATE_FACTOR * cell.seconds + LATE_S,
        peak_mb=outcome.peak_mb,
    )
