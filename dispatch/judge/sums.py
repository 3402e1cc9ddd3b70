"""What a route says about itself: the sums over its stops."""

from __future__ import annotations

from dispatch.judge.findings import Findings
from dispatch.judge.routes import ResolvedRoute


def check_sums(routes: list[ResolvedRoute], findings: Findings) -> None:
    """Compare a route's five sums with its stops, to the second and to the metre."""
    for route in routes:
        stated = route.route
        sums = {
            "travel_s": (stated.travel_s, route.travel_s),
            "travel_m": (stated.travel_m, route.travel_m),
            "work_s": (stated.work_s, route.work_s),
            "wait_s": (stated.wait_s, sum(stop.begin_s - stop.arrive_s for stop in route.stops)),
            "overtime_s": (stated.overtime_s, route.overtime_s),
        }
        for key, (says, adds_up_to) in sums.items():
            if says != adds_up_to:
                findings.add("sums", f"{route.path}.{key}", f"The stops add up to {adds_up_to}, not {says}.")
