"""Answers that were given to a request with an idempotency key, kept so that the same request is not carried out twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dispatch.domain.checks import check_record

KEPT: Final = timedelta(hours=24)
"""How long an answer is kept."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered.

    Parameters
    ----------
    key, actor
        The key, and whose it is: two people may use the same one.
    fingerprint
        Of what was asked: the same key for something else is refused.
    status
        Of the answer, such as 201.
    body
        Of the answer; it may speak of people, so it stays out of ``repr``.
    """

    key: str
    actor: str
    fingerprint: str
    given_at: datetime
    status: int
    body: str = field(repr=False)

    def __post_init__(self) -> None:
        check_record(self, status=(100, 599))
