"""How much one shift or one engineer may carry: visits, travel, and busy time over the whole plan."""

from __future__ import annotations

from dispatch.judge.findings import Findings, Leniency, join
from dispatch.judge.previous import Earliers
from dispatch.judge.routes import ResolvedRoute


def check_limits(routes: list[ResolvedRoute], earliers: Earliers, findings: Findings) -> None:
    """Judge ``visits_limit``, ``travel_limit`` and ``busy_limit``, each of which may be reached but not passed."""
    busy_s: dict[str, int] = {}
    leniencies: dict[str, list[Leniency]] = {}
    for route in routes:
        own = earliers.route_leniency(route)
        leniencies.setdefault(route.engineer.id, []).append(own)
        busy_s[route.engineer.id] = busy_s.get(route.engineer.id, 0) + route.travel_s + route.work_s
        visits = sum(stop.stop.kind == "visit" for stop in route.stops)
        most_visits, most_travel_s = route.shift.max_visits, route.shift.max_travel_s
        if most_visits is not None and visits > most_visits:
            findings.add_unless(
                own, "visits_limit", route.path, f"The route has {visits} visits; at most {most_visits} are allowed."
            )
        if most_travel_s is not None and route.travel_s > most_travel_s:
            findings.add_unless(
                own,
                "travel_limit",
                route.path,
                f"The route travels {route.travel_s} s; at most {most_travel_s} s are allowed.",
            )
    for engineer in {route.engineer.id: route.engineer for route in routes}.values():
        limit_s = engineer.max_busy_s
        if limit_s is not None and busy_s[engineer.id] > limit_s:
            findings.add_unless(
                join(leniencies[engineer.id]),
                "busy_limit",
                "routes",
                f"{engineer.id} is busy for {busy_s[engineer.id]} s over the whole plan; at most {limit_s} s are "
                "allowed.",
            )
