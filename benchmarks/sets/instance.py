"""One instance of a set as the runner sees it, and how it is run."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from benchmarks.sets.measures import Route, routes_of
from dispatch.format.model import Request
from dispatch.judge import judge


@dataclass(frozen=True, slots=True)
class Judged:
    """What a checker says of routes.

    Attributes
    ----------
    value
        The set's own objective, of the routes as they are.
    faults
        What breaks the set's rules, a sentence each; none: the routes are legal.
    more
        Further figures of the set, such as how many requests were rejected.
    """

    value: float
    faults: tuple[str, ...] = ()
    more: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Setting:
    """How an instance is run; in a day that is played, ``seconds`` is for each plan."""

    seconds: float
    threads: int
    seed: int
    relaxed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a run: routes, what the set's checker and the format's judge say, and what it took."""

    routes: list[Route]
    judged: Judged
    format_faults: tuple[str, ...]
    solve_s: float
    cpu_s: float
    iterations: int


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance: its request, how its routes are judged, and what is known.

    Attributes
    ----------
    set_name, name
        Where it comes from; together they are unique.
    group
        Instances that are summed up together, such as those with the same number of routes.
    make_request
        Reads the instance's file.
    check
        Judges routes by the set's rules.
    known
        The value to compare with, None where there is none; ``known_as`` says what it is.
    more_is_better
        Whether the objective is a profit.
    also_known
        Further values to compare with, by what they are.
    relaxed
        Leaves out of a request what may not be plannable yet; None where nothing can be left out.
    digits
        With how many decimals a value is published: a smaller difference is none.
    play
        Runs the instance where one plan does not do.
    """

    set_name: str
    name: str
    group: str
    make_request: Callable[[], Request]
    check: Callable[[list[Route]], Judged]
    known: float | None = None
    known_as: str = ""
    more_is_better: bool = False
    also_known: dict[str, float] = field(default_factory=dict)
    relaxed: Callable[[Request], Request] | None = None
    digits: int = 2
    play: Callable[[Setting], Answer] | None = None

    def gap(self, value: float) -> float | None:
        """Return by which share a value is worse than what is known; below 0: better."""
        if not self.known:
            return None
        return (self.known - value if self.more_is_better else value - self.known) / self.known

    def is_better(self, judged: Judged) -> bool:
        """Say whether a result is better than what is known: fewer rejected, where that is told, or by at least a published digit."""
        if self.known is None:
            return False
        if "rejected" in self.also_known and judged.more["rejected"] != self.also_known["rejected"]:
            return judged.more["rejected"] < self.also_known["rejected"]
        gain = judged.value - self.known if self.more_is_better else self.known - judged.value
        return gain >= float(10**-self.digits)

    def run(self, setting: Setting) -> Answer:
        """Run the instance.

        Raises
        ------
        dispatch.planning.unsupported.Unsupported
            If the request uses what cannot be planned yet.
        """
        return plan_once(self, setting) if self.play is None else self.play(setting)


def plan_once(instance: Instance, setting: Setting) -> Answer:
    """Plan an instance's request and have the routes judged, by the format's rules and by the set's own."""
    from dispatch.planning import Stop, solve  # noqa: PLC0415 - reading and judging load no kernels

    load_kernels()
    request = instance.make_request()
    if setting.relaxed and instance.relaxed is not None:
        request = instance.relaxed(request)
    began_s, cpu_s = time.perf_counter(), time.process_time()
    plan = solve(request, stop=Stop(seconds=setting.seconds), seed=setting.seed, threads=setting.threads)
    took_s, took_cpu_s = time.perf_counter() - began_s, time.process_time() - cpu_s
    verdict = judge(request, plan)
    routes = routes_of(plan)
    return Answer(
        routes=routes,
        judged=instance.check(routes),
        format_faults=tuple(f"{fault.code} {fault.path}: {fault.text}" for fault in verdict.violations),
        solve_s=took_s,
        cpu_s=took_cpu_s,
        iterations=plan.solver.iterations,
    )


@cache
def load_kernels() -> None:
    """Have every kernel compiled or loaded, once: that is not part of anyone's seconds."""
    from solver.warm import main  # noqa: PLC0415 - reading and judging load no kernels

    main()
