"""Column types of our own: private text, and moments that are UTC on every database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.sql.operators import OperatorType, is_, is_not
from sqlalchemy.types import TypeDecorator


class Private(TypeDecorator[str]):
    """Text about a person: a name, a phone number, an address, a door note.

    Kept as it is today and encrypted later, without another migration of types. So that nothing comes to rely on its
    being readable by the database, a column of this type cannot be compared, searched or sorted by in SQL; asking whether
    it is null is all right.
    """

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[str]):
        """Refuses what an encrypted column could not answer."""

        def operate(self, op: OperatorType, *other: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - SQLAlchemy's signature
            """Let the question for null through, and nothing else."""
            if op not in {is_, is_not}:
                msg = f"a private column cannot be compared in SQL ({op.__name__}): read the rows and look at them"
                raise TypeError(msg)
            return super().operate(op, *other, **kwargs)

        reverse_operate = operate

    comparator_factory = Comparator

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy\'s signature
        """Write as it is."""
        return value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy\'s signature
        """Read as it is."""
        return value


class UtcMoment(TypeDecorator[datetime]):
    """A moment: any zone goes in, UTC comes out; one without a zone is refused.

    SQLite keeps no zones, so there the text is UTC's; PostgreSQL has a type for it.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write as UTC.

        Raises
        ------
        TypeError
            If the moment has no zone.
        """
        if value is None:
            return None
        if value.utcoffset() is None:
            msg = f"a moment needs a zone: {value.isoformat()}"
            raise TypeError(msg)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy\'s signature
        """Read as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
