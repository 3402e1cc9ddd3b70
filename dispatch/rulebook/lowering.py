"""What a rule sees when it speaks to the search: the request, numbered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np

from dispatch.format.model import Engineer, Pair, Request, Shift, Ticket
from dispatch.rulebook.visits import whole_s
from solver.problem import I32, I64

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fit:
    """Everything about a ticket that decides how well an engineer fits it: tickets alike in it share a *profile*."""

    requires: tuple[tuple[str, int], ...]
    only: tuple[str, ...] | None
    never: tuple[str, ...]
    prefer: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Tour:
    """One shift that is not over: a row of the search's tours."""

    engineer_row: int
    shift: Shift


@dataclass(frozen=True, slots=True)
class Lowering:
    """A request, numbered.

    Parameters
    ----------
    request
        What is lowered. Rows of jobs are those of ``request.tickets``, rows of workers those of ``request.engineers``.
    fits
        One row for each profile.
    tours
        Shifts that are not over, by engineer, then by start.
    engineer_row
        Row of each engineer's id.
    levels
        For each skill the level of each engineer, int64[n_workers], 0 where there is none.
    """

    request: Request
    fits: tuple[Fit, ...]
    tours: tuple[Tour, ...]
    engineer_row: dict[str, int]
    levels: dict[str, I64]

    @property
    def n_workers(self) -> int:
        """Return the number of engineers."""
        return len(self.request.engineers)

    def at_s(self, moment: datetime) -> int:
        """Return whole seconds from the start of the horizon, which is ``now``."""
        return whole_s(self.request.now, moment)

    def cases(self, key: Callable[[Fit], Key]) -> tuple[I32, list[Key]]:
        """Tell apart what a rule tells apart.

        Returns
        -------
        row
            int32[n_profiles], the case of each profile.
        keys
            The key of each case.
        """
        rows, keys = number(map(key, self.fits))
        return rows, keys

    def level(self, skill: str) -> I64:
        """Return the level of each engineer in a skill, int64[n_workers]."""
        found = self.levels.get(skill)
        return np.zeros(self.n_workers, np.int64) if found is None else found

    def rows_of(self, engineer_ids: Iterable[str]) -> list[int]:
        """Return the rows of engineers."""
        return [self.engineer_row[engineer_id] for engineer_id in engineer_ids]


def number(keys: Iterable[Key]) -> tuple[I32, list[Key]]:
    """Give each key a number, in the order in which they first come.

    Examples
    --------
    >>> rows, found = number("abca")
    >>> rows.tolist(), found
    ([0, 1, 2, 0], ['a', 'b', 'c'])
    """
    numbers: dict[Key, int] = {}
    rows = [numbers.setdefault(key, len(numbers)) for key in keys]
    return np.array(rows, np.int32), list(numbers)


def flatten(groups: Sequence[Sequence[Item]]) -> tuple[I64, list[Item]]:
    """Lay groups end to end and return where each begins, int64[n_groups + 1], and all items."""
    first = np.zeros(len(groups) + 1, np.int64)
    np.cumsum([len(group) for group in groups], out=first[1:])
    return first, [item for group in groups for item in group]


def fit_of(ticket: Ticket) -> Fit:
    """Return what decides how well engineers fit a ticket; the order in which lists name them does not."""
    return Fit(
        requires=tuple(sorted(ticket.requires.items())),
        only=None if ticket.only is None else tuple(sorted(ticket.only)),
        never=tuple(sorted(ticket.never)),
        prefer=tuple(sorted(ticket.prefer)),
        pairs=ticket.pairs,
    )


def levels_of(engineers: Sequence[Engineer]) -> dict[str, I64]:
    """Return for each skill the level of each engineer, 0 where there is none."""
    levels: dict[str, I64] = {}
    for row, engineer in enumerate(engineers):
        for skill, level in engineer.skills.items():
            if skill not in levels:
                levels[skill] = np.zeros(len(engineers), np.int64)
            levels[skill][row] = level
    return levels


def optional_limits(values: Iterable[int | None], otherwise: int) -> I64:
    """Return limits as int64, ``otherwise`` where there is none or it is larger still."""
    return np.array([otherwise if value is None else min(value, otherwise) for value in values], np.int64)
