"""What happened, in the order it was written down; events never change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.domain.checks import check_record


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Parameters
    ----------
    name
        Past tense: ``PlanPublished``.
    subject_kind, subject_id
        What it happened to: ``Ticket``, ``WX20261123001``.
    actor
        Who did it, by id; empty: the program itself.
    details
        What else there is to say, by ids and numbers, never a name, phone, address or door note; ``why`` is a reason that a
        person gave, in that person's words.
    number
        Given by the store, rising; 0 before. Two written at once may become readable in the other order.
    """

    name: str
    at: datetime
    subject_kind: str
    subject_id: str
    region_id: str | None = None
    actor: str = ""
    details: Mapping[str, str | int | bool | None] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        check_record(self)
