"""Every verdict and reason evaluated again: generated requests, planned for a moment, explained, and contradicted by a slow twin.

``python -m benchmarks.reasons`` draws 1 000 small requests, three of five without ties, one with parts, tools, crews and order, one with a
plan in force, keeps every outcome in ``--out`` and can be taken up again; ``--requests N`` is the short form, ``--seconds S`` stops after a while. A contradiction
(:mod:`benchmarks.reason_twin`) is a bug; the command then ends with 1.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.reason_twin import Twin
from benchmarks.tied_twin import TiedTwin
from benchmarks.whole_file import write_whole
from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from dispatch.planning.explain import Explainer, Explanation, NotTimed
from dispatch.planning.solve import solve
from solver.search import Stop
from tests.dispatch.planning import mornings, tied_worlds, worlds

RESULTS = Path(__file__).parent / "results" / "reasons.json"
FIRST_SEED = 1001
ITERATIONS = 60
KINDS = ("plain", "plain", "plain", "tied", "in force")
SAVED_EVERY = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Examine what the arguments ask for, print the counts, and return 1 if anything was contradicted."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reasons", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=None, help="stop after so long; the next run goes on")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the outcomes are kept")
    options = parser.parse_args(arguments)
    began, commit = time.monotonic(), read_commit()
    kept: dict[str, Any] = {}
    if options.out.exists():
        known = json.loads(options.out.read_text(encoding="utf-8"))
        kept = known["requests"] if known["commit"] == commit else {}
    seeds = range(FIRST_SEED, FIRST_SEED + options.requests)
    for count, seed in enumerate(seed for seed in seeds if str(seed) not in kept):
        if options.seconds is not None and time.monotonic() - began > options.seconds:
            break
        kept[str(seed)] = examine(seed)
        if count % SAVED_EVERY == 0:
            _write(options.out, commit, kept, options.requests)
    summary = _write(options.out, commit, kept, options.requests)
    print(json.dumps(summary, ensure_ascii=False, indent=1))
    return 1 if summary["contradicted"] else 0


def examine(seed: int) -> dict[str, Any]:
    """Plan and explain the request of a seed; return what was told, counted, and every contradiction."""
    request = make_request(seed)
    plan = solve(request, stop=Stop(iterations=ITERATIONS), threads=1)
    told: Counter[str] = Counter(f"verdict {skipped.verdict}" for skipped in plan.skipped)
    wrong: list[str] = [] if judge(request, plan).legal else ["the plan is not legal"]
    try:
        explainer = Explainer(request, plan)
    except NotTimed:
        return {"kind": kind_of(seed), "told": {"not looked at": 1}, "wrong": wrong}
    ask = _ask_tied if explainer.is_tied else _ask_plain
    contradict = ask(request, plan)
    if not explainer.is_tied:
        twin = Twin(request, plan)
        wrong += [said for skipped in plan.skipped for said in twin.contradict(skipped)]
    for ticket in explainer.lowered.request.tickets:
        found = explainer.explain(ticket.id)
        told[found.state] += 1
        told.update(f"{one.kind} {one.reason.code}" for one in found.standings)
        told.update(f"way {way.code}" for way in found.ways)
        told["runner-up"] += found.rival is not None
        told["left out without a way"] += found.state == "skipped" and not found.ways
        wrong += contradict(found)
    return {"kind": kind_of(seed), "told": dict(sorted(told.items())), "wrong": wrong}


def kind_of(seed: int) -> str:
    """Return what kind of request a seed draws."""
    return KINDS[seed % len(KINDS)]


def make_request(seed: int) -> Request:
    """Draw the request of a seed."""
    makers = {"plain": worlds.seeded, "tied": tied_worlds.seeded, "in force": mornings.seeded}
    return makers[kind_of(seed)](seed)


def _ask_plain(request: Request, plan: Plan) -> Callable[[Explanation], list[str]]:
    """Return what contradicts explanations where nothing is tied."""
    twin = Twin(request, plan)
    return lambda found: [] if found.state == "late" else list(twin.contradict_all(found))


def _ask_tied(request: Request, plan: Plan) -> Callable[[Explanation], list[str]]:
    """Return what contradicts explanations where visits are tied to each other or to a plan in force."""
    twin = TiedTwin(request, plan)
    return lambda found: list(twin.contradict(found))


def _write(path: Path, commit: str, kept: dict[str, Any], wanted: int) -> dict[str, Any]:
    """Write the file in one step and return its summary."""
    told: Counter[str] = Counter()
    for outcome in kept.values():
        told.update(outcome["told"])
    summary = {
        "examined": len(kept),
        "of": wanted,
        "kinds": dict(Counter(outcome["kind"] for outcome in kept.values())),
        "contradicted": sum(bool(outcome["wrong"]) for outcome in kept.values()),
        "told": dict(sorted(told.items())),
    }
    document = {
        "machine": describe_machine(),
        "commit": commit,
        "versions": list_versions(),
        "first_seed": FIRST_SEED,
        "iterations": ITERATIONS,
        "summary": summary,
        "requests": kept,
    }
    write_whole(path, document)
    return summary


if __name__ == "__main__":
    sys.exit(main())
