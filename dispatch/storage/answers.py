"""Answers kept under idempotency keys, in the same transaction as what they answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from dispatch.domain.answer import KEPT, Answer
from dispatch.domain.errors import KeyReused
from dispatch.storage.failures import Failure, classify
from dispatch.storage.tables import answers


class WritesAnswers:
    """What a writing unit can do with idempotency keys."""

    _connection: Connection

    def claim_key(self, key: str, actor: str, fingerprint: str, *, now: datetime) -> Answer | None:
        """Take a key before carrying out a request, or return what was answered to the same request before.

        None: the key is this unit's; end with :meth:`keep_answer` in the same unit. Whoever claims the same key at the
        same time waits until this unit is over: kept, and it reads the answer; failed, and the key is its own. Answers
        older than 24 h are forgotten.

        Raises
        ------
        KeyReused
            The key was used with another fingerprint.
        """
        columns = answers.c
        self._connection.execute(delete(answers).where(columns.given_at < now - KEPT))
        row = {"key": key, "actor": actor, "fingerprint": fingerprint, "given_at": now}
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(answers), row)
        except IntegrityError as error:
            if classify(error)[0] is not Failure.TAKEN:
                raise
        else:
            return None
        found = self._connection.execute(select(answers).where(columns.key == key, columns.actor == actor)).mappings()
        known = found.one()
        if known["fingerprint"] != fingerprint or known["status"] is None:
            raise KeyReused(key)
        return Answer(key, actor, fingerprint, known["given_at"], known["status"], known["body"])

    def keep_answer(self, key: str, actor: str, *, status: int, body: str) -> None:
        """Keep the answer under a key that this unit has claimed."""
        statement = update(answers).where(answers.c.key == key, answers.c.actor == actor)
        self._connection.execute(statement.values(status=status, body=body))
