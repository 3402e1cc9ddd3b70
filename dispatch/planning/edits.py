"""What a person would change in a plan: edits, each at a given place or at the best one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Where:
    """A place for a visit; what is not told is the engine's to choose, the cheapest legal way.

    Parameters
    ----------
    engineer
        Who comes.
    shift
        In which of the engineer's shifts.
    position
        Among the visits of the shift without this one, from 0; beyond the last is the end.
    begin
        The moment at which work begins, or as soon after it as can be.
    """

    engineer: str | None = None
    shift: str | None = None
    position: int | None = None
    begin: datetime | None = None


ANYWHERE = Where()


@dataclass(frozen=True, slots=True)
class Insert:
    """Visit a ticket that is left out."""

    ticket: str
    where: Where = ANYWHERE


@dataclass(frozen=True, slots=True)
class Move:
    """Visit a ticket at another place, or at the best one; a ticket that is left out is inserted."""

    ticket: str
    where: Where = ANYWHERE


@dataclass(frozen=True, slots=True)
class Remove:
    """Leave a visited ticket out."""

    ticket: str


@dataclass(frozen=True, slots=True)
class Swap:
    """Let two tickets change places; if one of them is left out, the other one is then.

    ``exact``: each stands exactly where the other stood; otherwise it has the best place in the other's shift.
    """

    ticket: str
    other: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """Hold a ticket with an engineer, from now on and in every later plan of the request that comes of it.

    Without a place it stays where it is. An engineer who may not visit the ticket is no pin: the breach is told.
    """

    ticket: str
    where: Where = ANYWHERE


Edit = Insert | Move | Remove | Swap | Pin
