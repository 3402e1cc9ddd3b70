"""Run the public sets and judge every answer by the set's own rules.

``python -m benchmarks.sets`` runs what ``--out`` does not hold yet for this commit, writes after every run, and prints how many of how
many were run and how far from the best known they are; stop it and start it again as you like. The instances are not ours to give: their
folder is told by ``--data`` or the variable ``PAIDAN_SETS``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine, list_versions, read_commit
from benchmarks.sets import SETS
from benchmarks.sets.instance import Answer, Instance, Setting
from benchmarks.sets.summary import format_summary, summarise
from benchmarks.whole_file import write_whole
from dispatch.planning.unsupported import Unsupported

VARIABLE = "PAIDAN_SETS"
OUT = Path(__file__).parent.parent / "results" / "sets.json"
THREADS = 2
SHOWN_FAULTS = 5
NO_DATA = 2


def main(arguments: Sequence[str] | None = None) -> None:
    """Run what the arguments ask for and print the table.

    Raises
    ------
    SystemExit
        With code 2 when the folder of the instances is not told or does not hold a set that is asked for.
    """
    options = _read_options(arguments)
    folder = _find_folder(options.data)
    asked: list[tuple[Instance, float]] = []
    for name in options.sets:
        adapter = SETS[name]
        instances = adapter.list_instances(folder)
        if not instances:
            _refuse(f"{folder} holds no instance of {name}")
        chosen = [instance for instance in instances if _is_chosen(instance.name, options.instances)]
        asked += [(instance, options.seconds or adapter.SECONDS) for instance in chosen]
    results = Results(options.out)
    runs = [
        (instance, Setting(seconds, options.threads, seed, options.relaxed and instance.relaxed is not None))
        for seed in options.seeds
        for instance, seconds in asked
    ]
    if not options.summary:
        run_missing(results, runs)
    summary = summarise(results.runs, runs)
    results.write(summary)
    print(format_summary(summary))


class Results:
    """The file of results; what is in it for other commits is kept until the same run is made anew."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commit = read_commit()
        self.document: dict[str, Any] = {"runs": {}, "summary": {}}
        if path.exists():
            self.document = json.loads(path.read_text(encoding="utf-8"))

    @property
    def runs(self) -> dict[str, dict[str, Any]]:
        """Return the runs by key."""
        runs: dict[str, dict[str, Any]] = self.document["runs"]
        return runs

    def has(self, key: str) -> bool:
        """Tell whether a run was made with these sources and came to an answer."""
        known = self.runs.get(key)
        return known is not None and known["commit"] == self.commit and known["status"] == "ok"

    def add(self, key: str, entry: dict[str, Any]) -> None:
        """Keep a run and write the file."""
        self.runs[key] = {"commit": self.commit, **entry}
        self.write({})

    def write(self, summary: dict[str, Any]) -> None:
        """Write the file in one step: a run that is stopped leaves a whole one."""
        self.document |= {"machine": describe_machine(), "versions": list_versions()}
        self.document["summary"] |= summary
        write_whole(self.path, self.document)


def key_of(instance: Instance, setting: Setting) -> str:
    """Name a run in the results."""
    relaxed = " relaxed" if setting.relaxed else ""
    return f"{instance.set_name} {instance.name} {setting.seconds:g} s {setting.threads} threads seed {setting.seed}{relaxed}"


def run_missing(results: Results, runs: list[tuple[Instance, Setting]]) -> None:
    """Run what there is no answer for yet, one after the other, and tell how far it is."""
    for number, (instance, setting) in enumerate(runs, 1):
        key = key_of(instance, setting)
        if results.has(key):
            continue
        began_s, load = time.perf_counter(), os.getloadavg()[0]
        entry = {"set": instance.set_name, "name": instance.name, "group": instance.group, **asdict(setting)}
        try:
            entry |= describe(instance, instance.run(setting))
            said = f"{entry['value']:.{instance.digits}f}" + ("" if entry["legal"] else ", not legal")
            said += "" if entry["gap"] is None else f", gap {100 * entry['gap']:.2f} %"
        except Unsupported as unsupported:
            paths = sorted(
                {fault.path.partition("[")[0] + fault.path.rpartition("]")[2] for fault in unsupported.faults}
            )
            entry |= {"status": "unsupported", "message": ", ".join(paths)}
            said = f"cannot be planned yet: {entry['message']}"
        results.add(key, {**entry, "load_before": round(load, 2)})
        print(f"{number} of {len(runs)}: {key}: {said} ({time.perf_counter() - began_s:.0f} s)", flush=True)


def describe(instance: Instance, answer: Answer) -> dict[str, Any]:
    """Say what came of a run; routes are kept where they are better than what is known, or where nothing is."""
    judged = answer.judged
    legal = not judged.faults and not answer.format_faults
    keep_routes = legal and (instance.known is None or instance.is_better(judged))
    return {
        "status": "ok",
        "value": round(judged.value, 4),
        "more": {name: round(figure, 4) for name, figure in judged.more.items()},
        "known": instance.known,
        "known_as": instance.known_as,
        "also_known": instance.also_known,
        "more_is_better": instance.more_is_better,
        "gap": instance.gap(judged.value),
        "better": legal and instance.is_better(judged),
        "legal": legal,
        "faults": list(judged.faults[:SHOWN_FAULTS]),
        "format_faults": list(answer.format_faults[:SHOWN_FAULTS]),
        "solve_s": round(answer.solve_s, 3),
        "cpu_s": round(answer.cpu_s, 3),
        "iterations": answer.iterations,
        "routes": [[worker, *stops] for worker, stops in answer.routes] if keep_routes else None,
    }


def _find_folder(told: Path | None) -> Path:
    """Return the folder of the sets."""
    folder = told or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if folder is None:
        _refuse(
            f"the public instances are not part of this project: say where they are, --data FOLDER or {VARIABLE}=FOLDER"
        )
    elif not folder.is_dir():
        _refuse(f"there is no folder {folder}")
    assert folder is not None
    return folder


def _refuse(sentence: str) -> None:
    print(f"benchmarks.sets: {sentence}", file=sys.stderr)
    raise SystemExit(NO_DATA)


def _is_chosen(name: str, patterns: list[str]) -> bool:
    return not patterns or any(fnmatchcase(name, pattern) for pattern in patterns)


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sets", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--set", dest="sets", type=_read_names, default=list(SETS), help=",".join(SETS))
    parser.add_argument("--instances", type=_read_names, default=[], help="names with * and ?, such as r1*-m2,c101-m*")
    parser.add_argument("--seconds", type=float, default=None, help="for each plan; each set has its own default")
    parser.add_argument("--seeds", type=_read_seeds, default=[0], help="0-4 or 0,3: the search's seeds")
    parser.add_argument("--threads", type=int, default=THREADS)
    parser.add_argument("--relaxed", action="store_true", help="leave out parts and tools; the checker does not")
    parser.add_argument("--summary", action="store_true", help="run nothing, sum up what there is")
    parser.add_argument("--data", type=Path, default=None, help=f"folder of the sets; else {VARIABLE}")
    parser.add_argument("--out", type=Path, default=OUT, help="where the results are kept")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.sets if name not in SETS]
    if unknown:
        parser.error(f"--set: there is no {', '.join(unknown)}; there are {', '.join(SETS)}")
    return options


def _read_names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


def _read_seeds(text: str) -> list[int]:
    seeds: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        seeds += range(int(first), int(last or first) + 1)
    return seeds
