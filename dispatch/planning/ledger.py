"""The ledger of a plan added up, and what becomes of it when a few routes change.

What a rule says is asked of the rule itself. One that can be told engineer by engineer (:data:`dispatch.rules.ALONE`) is asked
about the engineers and tickets that a change is about, before and after; any other about the whole plan.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dispatch.format.model import TERMS, Plan, Request
from dispatch.rulebook.line import Line
from dispatch.rules import ALONE, RULES


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some engineers with all their routes, and some tickets, of a request and a plan.

    The tickets are at least those that these routes visit.
    """

    request: Request
    plan: Plan


@dataclass(frozen=True, slots=True)
class Ledger:
    """What each rule says of a plan.

    Parameters
    ----------
    grains
        Sum of the prices, a number for each of :data:`dispatch.rules.RULES`; exact.
    breaches
        The lines that tell a breach, for each rule.
    """

    grains: tuple[int, ...]
    breaches: tuple[tuple[Line, ...], ...]

    @property
    def broken(self) -> tuple[Line, ...]:
        """Return every breach, in the order of the rules."""
        return tuple(line for lines in self.breaches for line in lines)

    def by_term(self) -> dict[str, int]:
        """Return the exact grains of each term of the format's table."""
        sums = dict.fromkeys(TERMS, 0)
        for rule, grains in zip(RULES, self.grains, strict=True):
            if rule.OBJECTIVE is not None:
                sums[rule.OBJECTIVE] += grains
        return sums

    def changed(self, before: Excerpt, after: Excerpt, whole: Excerpt) -> Ledger:
        """Return the ledger after a change.

        Parameters
        ----------
        before, after
            The engineers and tickets that the change is about, as they were and as they are.
        whole
            The request and the plan as they are.
        """
        grains, breaches = [], []
        for rule, old_grains, old_breaches in zip(RULES, self.grains, self.breaches, strict=True):
            if rule in ALONE:
                gone = rule.lines(before.request, before.plan)
                come = rule.lines(after.request, after.plan)
                held = list(old_breaches)
                for line in gone:
                    if line.breach:
                        held.remove(line)
                grains.append(old_grains + sum(line.grains for line in come) - sum(line.grains for line in gone))
                breaches.append((*held, *(line for line in come if line.breach)))
            else:
                told = rule.lines(whole.request, whole.plan)
                grains.append(sum(line.grains for line in told))
                breaches.append(tuple(line for line in told if line.breach))
        return Ledger(tuple(grains), tuple(breaches))


def read_ledger(request: Request, plan: Plan) -> Ledger:
    """Ask every rule about a whole plan."""
    told = [rule.lines(request, plan) for rule in RULES]
    return Ledger(
        tuple(sum(line.grains for line in lines) for lines in told),
        tuple(tuple(line for line in lines if line.breach) for lines in told),
    )


def excerpt(request: Request, plan: Plan, engineers: Iterable[int], tickets: Iterable[int]) -> Excerpt:
    """Return some engineers of a request with their routes, and some tickets, whether left out or visited; told by their rows."""
    part = replace(
        request,
        engineers=tuple(request.engineers[row] for row in sorted(engineers)),
        tickets=tuple(request.tickets[row] for row in sorted(tickets)),
    )
    who, what = {one.id for one in part.engineers}, {one.id for one in part.tickets}
    return Excerpt(
        part,
        replace(
            plan,
            routes=tuple(route for route in plan.routes if route.engineer in who),
            skipped=tuple(skipped for skipped in plan.skipped if skipped.ticket in what),
        ),
    )
