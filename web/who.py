"""Who is looking. Until there are accounts, that is picked on the page, and programs say it in a header."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import request, session

from web.errors import RequestRefused, Wrong

HEADER: Final = "Paidan-Who"
"""Where a program says on whose behalf it asks: ``dispatcher``, ``manager`` or ``engineer:ID``."""


class Role(StrEnum):
    """What somebody is here for: 调度员, 工程师, 主管."""

    DISPATCHER = "dispatcher"
    ENGINEER = "engineer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Looker:
    """Somebody who looks; an engineer is one of the engineers."""

    role: Role = Role.DISPATCHER
    engineer_id: str | None = None

    @property
    def id(self) -> str:
        """What is written down as the one who did it.

        Examples
        --------
        >>> Looker(Role.ENGINEER, "E7").id, Looker().id
        ('engineer:E7', 'dispatcher')
        """
        return f"{self.role}:{self.engineer_id}" if self.engineer_id else str(self.role)


def who() -> Looker:
    """Return who is looking.

    Raises
    ------
    RequestRefused
        The header says something else than who.
    """
    named = request.headers.get(HEADER)
    if named is None:
        return find_looker(str(session.get("who", ""))) or Looker()
    looker = find_looker(named)
    if looker is None:
        reason = "dispatcher, manager or engineer:ID"
        raise RequestRefused([Wrong("impossible_value", f"#{HEADER}", {"name": HEADER, "reason": reason})])
    return looker


def find_looker(text: str) -> Looker | None:
    """Read what :attr:`Looker.id` wrote; None if it did not.

    Examples
    --------
    >>> find_looker("engineer:E7"), find_looker("engineer"), find_looker("king")
    (Looker(role=<Role.ENGINEER: 'engineer'>, engineer_id='E7'), None, None)
    """
    role, _, engineer_id = text.partition(":")
    if role == Role.ENGINEER and engineer_id.strip():
        return Looker(Role.ENGINEER, engineer_id)
    if text in {Role.DISPATCHER, Role.MANAGER}:
        return Looker(Role(text))
    return None


def remember(looker: Looker) -> None:
    """Keep who is looking in the session."""
    session["who"] = looker.id
