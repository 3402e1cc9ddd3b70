"""Plans by hand for the tests of rules: one visit, or a few, without any search."""

from __future__ import annotations

from types import ModuleType

from dispatch.format.model import Plan, Request, Skipped, Stop
from dispatch.planning.lower import lower
from solver.problem import Problem
from tests.builders import at, plan, route, stop


def visit(begin: str, leave: str, ticket: str = "t1", location: str = "lake", travel_s: int = 0) -> Stop:
    """Make a visit that waits for nothing."""
    return stop("visit", location, begin, begin, leave, ticket=ticket, travel_s=travel_s)


def day(
    *stops: Stop, start: str = "08:00", end: str = "17:00", engineer: str = "wang", shift: str = "mon", home_s: int = 0
) -> Plan:
    """Make a plan of one route from and to ``home``."""
    ends = stop("start", "home", start, start, start), stop("end", "home", end, end, end, travel_s=home_s)
    return plan([route([ends[0], *stops, ends[1]], engineer, shift)])


def left_out(*tickets: str) -> Plan:
    """Make a plan that serves nothing."""
    return plan(skipped=tuple(Skipped(ticket, "not_found") for ticket in tickets))


def breaches(rule: ModuleType, request: Request, made: Plan) -> list[str]:
    """Return the sentences' codes of the breaches a rule tells."""
    return [line.sentence.code for line in rule.lines(request, made) if line.breach]


def prices(rule: ModuleType, request: Request, made: Plan) -> list[str]:
    """Return the prices that a rule tells, in CNY."""
    return [str(line.cny) for line in rule.lines(request, made)]


def problem_of(request: Request) -> Problem:
    """Lower a request."""
    return lower(request).problem


def seconds(clock: str) -> int:
    """Return a time of Monday in the seconds of a problem whose now is 07:00."""
    return int((at(clock) - at("07:00")).total_seconds())
