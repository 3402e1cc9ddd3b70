"""What a rule sees when it speaks to the search: the request, numbered."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

import numpy as np

from dispatch.format.model import BrokenPin, Engineer, Interval, Pair, Request, Shift, Ticket, Whereabouts
from dispatch.rulebook.in_force import NOTHING, Coming, InForce
from dispatch.rulebook.visits import whole_s
from solver.problem import I32, I64

Item = TypeVar("Item")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Fit:
    """Everything about a ticket that decides how well an engineer fits it: tickets alike in it share a *profile*.

    ``is_free``: skills don't bind it.
    """

    requires: tuple[tuple[str, int], ...]
    only: tuple[str, ...] | None
    never: tuple[str, ...]
    prefer: tuple[str, ...]
    pairs: tuple[Pair, ...]
    is_free: bool = False


@dataclass(frozen=True, slots=True)
class Tour:
    """One shift that is not over: a row of the search's tours.

    ``where``: where and when the rest of it begins; None: all of it is to come, or nobody said.
    ``settled``: breaks that are done or don't bind, as indices of the shift's.
    """

    engineer_row: int
    shift: Shift
    where: Whereabouts | None = None
    settled: frozenset[int] = frozenset()

    @property
    def start_location(self) -> str:
        """Return where the rest of the route begins."""
        return self.shift.start_location if self.where is None else self.where.location

    @property
    def start_at(self) -> datetime:
        """Return the moment before which the rest of the route does not leave, ``now`` left aside."""
        return self.shift.start if self.where is None else max(self.shift.start, self.where.from_)


@dataclass(frozen=True, slots=True)
class Pins:
    """What was decided about visits that pins, the freeze or an engineer on the way hold.

    Parameters
    ----------
    free
        Tickets that skills, bans and windows don't bind: on the way, or with a broken pin.
    begins
        From when until when work at a ticket begins, where that is held; both included.
    lost
        Tickets with a pin that cannot be visited at all: they are skipped.
    broken
        What the plan lists.
    shifts, busy_s
        Limits widened by as much as broken pins need: shifts by engineer and shift, busy seconds by engineer.
    unrested
        Shifts, by engineer and shift, whose breaks don't bind.
    uncounted
        Tickets whose earlier visits would break a rule even alone: they are no changes.
    """

    free: frozenset[str] = frozenset()
    begins: Mapping[str, Interval] = field(default_factory=dict)
    lost: frozenset[str] = frozenset()
    broken: tuple[BrokenPin, ...] = ()
    shifts: Mapping[tuple[str, str], Shift] = field(default_factory=dict)
    busy_s: Mapping[str, int] = field(default_factory=dict)
    unrested: frozenset[tuple[str, str]] = frozenset()
    uncounted: frozenset[str] = frozenset()


NO_PINS = Pins()
"""Nothing is held."""


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
    known
        The plan in force. Where it frees a ticket or a shift from something, ``request`` and ``tours`` are without that.
    pins
        What was decided about the visits that it holds.
    """

    request: Request
    fits: tuple[Fit, ...]
    tours: tuple[Tour, ...]
    engineer_row: dict[str, int]
    levels: dict[str, I64]
    known: InForce = NOTHING
    pins: Pins = NO_PINS

    @property
    def n_workers(self) -> int:
        """Return the number of engineers."""
        return len(self.request.engineers)

    def at_s(self, moment: datetime) -> int:
        """Return whole seconds from the start of the horizon, which is ``now``."""
        return whole_s(self.request.now, moment)

    def crew_of(self, ticket: Ticket) -> tuple[Coming, ...]:
        """Return the visits of the plan in force to a ticket, that of its lead first: the first who has what it requires."""
        rows = self.known.coming.get(ticket.id, ())
        if len(rows) <= 1:
            return rows
        staff = self.request.engineers

        def turn(one: Coming) -> tuple[bool, int]:
            row = self.engineer_row.get(one.row.engineer, len(staff))
            skills = staff[row].skills if row < len(staff) else {}
            return not all(skills.get(skill, 0) >= level for skill, level in ticket.requires.items()), row

        return tuple(sorted(rows, key=turn))

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


def helper_id(ticket_id: str, member: int) -> str:
    """Return what the stand-in for one more engineer of a crew is called, 1 for the first beside the lead; no ticket is called so."""
    return f"{ticket_id}\n{member}"


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


def fit_of(ticket: Ticket, *, is_free: bool = False) -> Fit:
    """Return what decides how well engineers fit a ticket; the order in which lists name them does not."""
    return Fit(
        requires=tuple(sorted(ticket.requires.items())),
        only=None if ticket.only is None else tuple(sorted(ticket.only)),
        never=tuple(sorted(ticket.never)),
        prefer=tuple(sorted(ticket.prefer)),
        pairs=ticket.pairs,
        is_free=is_free,
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
