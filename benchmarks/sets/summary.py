"""Results of the sets in figures: how many were run, how many are legal, how far from the best known they are."""

from __future__ import annotations

from statistics import mean
from typing import Any

from benchmarks.sets.instance import Instance, Setting


def summarise(entries: dict[str, dict[str, Any]], runs: list[tuple[Instance, Setting]]) -> dict[str, Any]:
    """Sum up the runs that were asked for, for each set and budget, over all and by group.

    Parameters
    ----------
    entries
        What was run, by key.
    runs
        What was asked for.

    Returns
    -------
    dict
        For each set with its seconds: ``n`` of ``of`` runs with an answer, ``legal``, means of the gaps, and ``better``, the instances
        whose best value is better than what was known.
    """
    from benchmarks.sets.run import key_of  # noqa: PLC0415 - the runner sums up, and names the runs

    asked: dict[str, list[tuple[Instance, dict[str, Any] | None]]] = {}
    for instance, setting in runs:
        title = f"{instance.set_name} {setting.seconds:g} s" + (" relaxed" if setting.relaxed else "")
        asked.setdefault(title, []).append((instance, entries.get(key_of(instance, setting))))
    return {title: _sum_up(rows) for title, rows in asked.items()}


def _sum_up(rows: list[tuple[Instance, dict[str, Any] | None]]) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for instance, entry in rows:
        members = groups.setdefault(instance.group, [])
        if entry is not None and entry["status"] == "ok":
            members.append(entry)
    done = [entry for members in groups.values() for entry in members]
    waiting = sorted({entry["message"] for _, entry in rows if entry is not None and entry["status"] == "unsupported"})
    better = sorted({entry["name"] for entry in done if entry["better"]})
    return {
        "n": len(done),
        "of": len(rows),
        "all": _figures(done),
        "groups": {name: _figures(members) for name, members in groups.items()},
        "better": better,
        "cannot_be_planned_yet": waiting,
    }


def _figures(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of some runs; gaps are those of legal answers, in shares, positive where ours is worse."""
    legal = [entry for entry in entries if entry["legal"]]
    by_name: dict[str, list[float]] = {}
    for entry in legal:
        if entry["gap"] is not None:
            by_name.setdefault(entry["name"], []).append(entry["gap"])
    figures: dict[str, Any] = {"n": len(entries), "legal": len(legal)}
    if legal:
        figures["mean_value"] = round(mean(entry["value"] for entry in legal), 4)
    if by_name:
        figures["mean_gap"] = mean(mean(gaps) for gaps in by_name.values())
        figures["mean_gap_of_best_seed"] = mean(min(gaps) for gaps in by_name.values())
        figures["worst_gap"] = max(max(gaps) for gaps in by_name.values())
    for name in sorted({name for entry in legal for name in entry["more"]}):
        figures[f"mean_{name}"] = round(mean(entry["more"][name] for entry in legal), 3)
    for name in sorted({name for entry in legal for name in entry["also_known"]}):
        figures[f"mean_known_{name}"] = round(mean(entry["also_known"][name] for entry in legal), 3)
    return figures


def format_summary(summary: dict[str, Any]) -> str:
    """Write the figures as a table for a terminal or a Markdown file."""
    lines = [
        "| set | run | legal | mean value | mean gap | best seed | worst |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for title, figures in summary.items():
        lines.append(_line(f"**{title}**", figures["all"], f"{figures['n']} of {figures['of']}"))
        lines += [_line(f"{title}, {name}", group, str(group["n"])) for name, group in figures["groups"].items()]
    for title, figures in summary.items():
        for name, group in figures["groups"].items():
            if "mean_known_rejected" in group:
                means = (
                    f"{group['mean_rejected']:.2f} rejected on average, reference {group['mean_known_rejected']:.2f}"
                )
                lines.append(f"{title}, {name}: {means}.")
        if figures["better"]:
            lines.append(f"{title}, better than the reference: {', '.join(figures['better'])}.")
        if figures["cannot_be_planned_yet"]:
            lines.append(f"{title}, cannot be planned yet: {'; '.join(figures['cannot_be_planned_yet'])}.")
    return "\n".join(lines)


def _line(title: str, figures: dict[str, Any], count: str) -> str:
    value = f"{figures['mean_value']:.2f}" if "mean_value" in figures else "–"
    gaps = [f"{100 * figures[name]:.2f} %" if name in figures else "–" for name in GAPS]
    return f"| {title} | {count} | {figures['legal']} | {value} | {' | '.join(gaps)} |"


GAPS = ("mean_gap", "mean_gap_of_best_seed", "worst_gap")
