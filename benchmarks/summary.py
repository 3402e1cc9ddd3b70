"""What a race says: each cell's best legal answers, ratios to the best peer, medians, spreads, geometric means."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import geometric_mean, median
from typing import Any

from benchmarks.cell import OURS

Entry = dict[str, Any]


def find_best(entry: Entry, engine: str) -> Entry | None:
    """Find an engine's legal result with the lowest total in a cell; None when it has none."""
    results = entry["engines"].get(engine, {}).get("results", [])
    return min((result for result in results if result["legal"]), key=lambda result: result["total"], default=None)


def find_best_peer(entry: Entry) -> Entry | None:
    """Find the best legal result of all peers in a cell."""
    found = (find_best(entry, engine) for engine in entry["engines"] if engine != OURS)
    return min((result for result in found if result), key=lambda result: result["total"], default=None)


def summarise(cells: dict[str, Entry]) -> dict[str, Any]:
    """Summarise cells.

    ``ratio`` is our total ÷ that of the best legal peer of the same cell: below 1 we are better. ``groups`` has
    median, least and greatest over the seeds of a family, size and budget; ``families`` and ``all`` have geometric
    means.
    """
    groups: dict[str, list[Entry]] = {}
    for entry in cells.values():
        name = f"{entry['family']} {entry['engineers']}x{entry['tickets']} {entry['seconds']:g} s"
        groups.setdefault(name, []).append(entry)
    families: dict[str, list[Entry]] = {}
    for entry in cells.values():
        families.setdefault(f"{entry['family']} {entry['seconds']:g} s", []).append(entry)
    return {
        "groups": {name: _summarise_group(entries) for name, entries in groups.items()},
        "families": {name: _geometric(_list_ratios(entries)) for name, entries in families.items()},
        "all": _geometric(_list_ratios(cells.values())),
        "engines": {engine: _count(cells.values(), engine) for engine in _list_engines(cells.values())},
    }


def format_summary(summary: dict[str, Any]) -> str:
    """Write a summary as tables for a terminal or a Markdown file."""
    engines = list(summary["engines"])
    lines = [
        "| requests | " + " | ".join(engines) + " | ours ÷ best peer: median (least to greatest) |",
        "| --- |" + " ---: |" * (len(engines) + 1),
    ]
    for name, group in summary["groups"].items():
        totals = [_number(group["totals"].get(engine), 0) for engine in engines]
        ratio = group["ratio"]
        spread = "–" if ratio is None else f"{ratio['median']:.3f} ({ratio['least']:.3f} to {ratio['greatest']:.3f})"
        lines.append(f"| {name} | " + " | ".join(totals) + f" | {spread} |")
    lines += ["", "Median totals in CNY of the better setting's legal answers; – where there is none.", ""]
    for name, mean in {**summary["families"], "all": summary["all"]}.items():
        lines.append(f"Geometric mean of ours ÷ best peer, {name}: {_number(mean, 4)}")
    lines += ["", "| engine | answers | legal | failed, crashed, killed | late | worst overrun, s |"]
    lines.append("| --- | ---: | ---: | ---: | ---: | ---: |")
    for engine, count in summary["engines"].items():
        lines.append(
            f"| {engine} | {count['answers']} | {count['legal']} | {count['without_answer']} | {count['late']} "
            f"| {count['worst_overrun_s']:.1f} |"
        )
    return "\n".join(lines)


def _summarise_group(entries: list[Entry]) -> dict[str, Any]:
    engines = _list_engines(entries)
    best = {engine: [result for entry in entries if (result := find_best(entry, engine))] for engine in engines}
    ratios = _list_ratios(entries)
    spread = {"median": median(ratios), "least": min(ratios), "greatest": max(ratios)} if ratios else None
    return {
        "cells": len(entries),
        "totals": {engine: median(result["total"] for result in found) for engine, found in best.items() if found},
        "skipped_costs": {
            engine: median(result["skipped_cost"] for result in found) for engine, found in best.items() if found
        },
        "travel_costs": {
            engine: median(result["travel_cost"] for result in found) for engine, found in best.items() if found
        },
        "ratio": spread,
    }


def _list_ratios(entries: Iterable[Entry]) -> list[float]:
    ratios = []
    for entry in entries:
        mine, theirs = find_best(entry, OURS), find_best_peer(entry)
        if mine and theirs:
            ratios.append(mine["total"] / theirs["total"])
    return ratios


def _list_engines(entries: Iterable[Entry]) -> list[str]:
    return list(dict.fromkeys(engine for entry in entries for engine in entry["engines"]))


def _count(entries: Iterable[Entry], engine: str) -> dict[str, Any]:
    results = [result for entry in entries for result in entry["engines"].get(engine, {}).get("results", [])]
    return {
        "answers": sum(result["status"] == "ok" for result in results),
        "legal": sum(bool(result["legal"]) for result in results),
        "without_answer": sum(result["status"] != "ok" for result in results),
        "late": sum(bool(result["late"]) for result in results),
        "worst_overrun_s": max((result["overrun_s"] or 0.0 for result in results), default=0.0),
    }


def _geometric(ratios: list[float]) -> float | None:
    return geometric_mean(ratios) if ratios else None


def _number(value: float | None, digits: int) -> str:
    return "–" if value is None else f"{value:.{digits}f}"
