"""Hands on other machines for one plan: whether they can help, and what is said when they cannot.

Only a large request is shared, with nothing that ties its parts to each other, and by seconds: of iterations nobody could say how
long they take elsewhere. In every other case, and whenever something goes wrong, the plan is made on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from dispatch.rulebook.line import Language, Sentence
from solver.cluster import Cluster, ClusterUnavailable
from solver.problem import FAR_S, Problem
from solver.search import TERRITORIES_FROM, TERRITORIES_WORKERS, Stop, has_territories

CONNECT_S, CONNECT_SHARE = 5.0, 0.2
"""Looking for a cluster takes no longer than that, nor than that part of the seconds."""

SMALL: Final = Sentence(
    "dask_small",
    zh="不足 {jobs} 张工单或 {workers} 名工程师，在本机排程，未用 Dask",
    en="fewer than {jobs} tickets or {workers} engineers: planned on this machine, without Dask",
)
TIED: Final = Sentence(
    "dask_tied",
    zh="工单之间有关联（小组、先后、同一工程师、备件或工具），整体在本机排程，未用 Dask",
    en="crews, order, the same engineer, parts or tools tie routes together: planned as a whole on this machine, without Dask",
)
BUDGET: Final = Sentence(
    "dask_budget",
    zh="变动数有上限，整体在本机排程，未用 Dask",
    en="the number of changes is limited: planned as a whole on this machine, without Dask",
)
COUNTED: Final = Sentence(
    "dask_counted",
    zh="按迭代次数排程，在本机进行，未用 Dask",
    en="a search by iterations is made on this machine, without Dask",
)
UNAVAILABLE: Final = Sentence(
    "dask_unavailable",
    zh="Dask 集群 {address} 不可用（{reason}），已在本机排程",
    en="the Dask cluster {address} cannot be used ({reason}): planned on this machine",
)
TROUBLE: Final = Sentence(
    "dask_trouble",
    zh="Dask 集群 {address} 出过问题（{reason}），共收回结果 {answers} 份，方案仍完整",
    en="the Dask cluster {address} had trouble ({reason}): {answers} answers came back, and the plan is whole all the same",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about the cluster; ``is_trouble``: someone should look after it."""

    sentence: Sentence
    params: Mapping[str, object]

    @property
    def is_trouble(self) -> bool:
        """Whether something went wrong."""
        return self.sentence in {UNAVAILABLE, TROUBLE}

    def say(self, lang: Language) -> str:
        """Return it in a language."""
        return self.sentence.say(lang, self.params)


OnNote = Callable[[Told], object]


@contextmanager
def hands_for(problem: Problem, address: str | None, stop: Stop, on_note: OnNote | None) -> Iterator[Cluster | None]:
    """Give the hands of a cluster for one search; None where it is made on this machine alone.

    Parameters
    ----------
    address
        Of a Dask scheduler; None: none is set, and nothing is said.
    on_note
        Told why the plan is made here, or what went wrong; nothing where all went well.
    """

    def tell(sentence: Sentence, **params: object) -> None:
        if on_note is not None:
            on_note(Told(sentence, params))

    cluster = None
    if address is not None:
        why = _why_not(problem, stop)
        if why is not None:
            tell(why, jobs=TERRITORIES_FROM, workers=TERRITORIES_WORKERS)
        else:
            try:
                cluster = Cluster(address, min(CONNECT_S, CONNECT_SHARE * (stop.seconds or 0.0) + 0.5))
            except ClusterUnavailable as error:
                tell(UNAVAILABLE, address=address, reason=error.reason)
    if cluster is None:
        yield None
        return
    try:
        yield cluster
    finally:
        cluster.close()
        if cluster.trouble is not None:
            tell(TROUBLE, address=address, reason=cluster.trouble, answers=cluster.answers)


def _why_not(problem: Problem, stop: Stop) -> Sentence | None:
    """Return why a search is not shared with other machines; None: it can be."""
    if stop.iterations is not None:
        return COUNTED
    if problem.couplings is not None:
        return TIED
    if problem.change is not None and problem.change.budget < FAR_S:
        return BUDGET
    return None if has_territories(problem) else SMALL
