"""What shapes have in common: strictness, the values that no record can have, and the way to the domain's records."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Final, Self, TypeVar, get_type_hints

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
    create_model,
    model_validator,
)

from dispatch.domain.checks import LARGEST
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.region import list_zones

S = TypeVar("S", bound="Shape")

FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
LAST: Final = datetime(2200, 1, 1, tzinfo=UTC)
"""Moments and days that a plan may speak of; beyond them calendars overflow."""

SHORTEST_S: Final = 1
LONGEST_S: Final = 86_400
"""Seconds that work on one ticket may take: what is longer is several visits."""

STORED: Final = {"stored": True}
"""The context in which a record that is stored becomes a shape."""


class Unfit(ValueError):  # noqa: N818 - named after what is wrong, as the domain's errors are
    """A value that no record can have, in Chinese and English."""

    def __init__(self, said_zh: str, said_en: str) -> None:
        """Take what it should be."""
        self.said = {"zh": said_zh, "en": said_en}
        super().__init__(said_en)


def _check_moment(moment: datetime, info: ValidationInfo) -> datetime:
    """Refuse moments that no plan speaks of, but tell what is stored; all are in UTC from here on, read or told."""
    if info.context is not STORED and not FIRST <= moment <= LAST:
        raise Unfit("应为 1970-01-01 至 2200-01-01", "from 1970-01-01 to 2200-01-01")
    return moment.astimezone(UTC)


def _check_day(day: date) -> date:
    """Refuse days that no plan speaks of."""
    if not FIRST.date() <= day < LAST.date():
        raise Unfit("应为 1970-01-01 至 2199-12-31", "from 1970-01-01 to 2199-12-31")
    return day


def _check_text(text: str) -> str:
    """Refuse text that no database holds."""
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unfit("应为不含零字符和残缺字符的文本", "text without broken or zero characters")
    return text


def _check_zone(zone: str, info: ValidationInfo) -> str:
    """Refuse zones that are none, or another one on each machine; what is stored is told as it is."""
    if info.context is not STORED and zone not in list_zones():
        raise Unfit("应为 IANA 时区名，如 Asia/Shanghai", "an IANA time zone such as Asia/Shanghai")
    return zone


def _check_duration(duration_s: int, info: ValidationInfo) -> int:
    """Refuse work that takes no time, or more than a day; what is stored is told as it is."""
    if info.context is not STORED and not SHORTEST_S <= duration_s <= LONGEST_S:
        raise Unfit(f"应为 {SHORTEST_S} 至 {LONGEST_S} 秒", f"from {SHORTEST_S} to {LONGEST_S} seconds")
    return duration_s


Moment = Annotated[AwareDatetime, AfterValidator(_check_moment)]
"""A moment with its offset, such as 2026-11-23T08:00:00+08:00."""
Day = Annotated[date, AfterValidator(_check_day)]
Whole = Annotated[int, Field(ge=0, le=LARGEST)]
Version = Annotated[
    int, Field(ge=1, le=LARGEST, description="The version that was read; see the header of docs/api.md.")
]
Text = Annotated[str, AfterValidator(_check_text)]
Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$"), AfterValidator(_check_text)]
Zone = Annotated[str, AfterValidator(_check_text), AfterValidator(_check_zone)]
Duration = Annotated[
    int,
    Field(ge=0, le=LARGEST, description=f"From {SHORTEST_S} to {LONGEST_S} s."),
    AfterValidator(_check_duration),
]
"""How long work at one place takes."""
Level = Annotated[int, Field(ge=1, le=4)]
Skills = dict[Annotated[Text, Field(min_length=1)], Level]
"""A skill without a name could not be planned, nor could the whole day of whoever has it."""

Quantities = dict[Annotated[Text, Field(min_length=1)], Whole]
"""Part or tool to how many."""
Names = tuple[Annotated[Text, Field(min_length=1)], ...]


class Shape(BaseModel):
    """A JSON object with exactly these keys; ``DOMAIN`` is the record that it is of, where there is one."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False, from_attributes=True)
    DOMAIN: ClassVar[type[Any] | None] = None

    @model_validator(mode="after")
    def _check_record(self) -> Self:
        """Refuse what the record would refuse, where it stands."""
        if self.DOMAIN is not None and not hasattr(self.DOMAIN, "version"):
            try:
                self.to_domain()
            except ImpossibleRecord as error:
                raise Unfit(error.say("zh"), error.say("en")) from None
        return self

    def to_fields(self, without: Iterable[str] = ()) -> dict[str, Any]:
        """Return the keys that were sent, in the domain's own types."""
        return {name: _to_domain(getattr(self, name)) for name in self.model_fields_set - set(without)}

    def to_domain(self) -> Any:  # noqa: ANN401 - of each shape's own record
        """Return the record."""
        assert self.DOMAIN is not None  # noqa: S101 - only such shapes are asked
        return self.DOMAIN(**self.to_fields())

    @classmethod
    def of(cls, record: object) -> Self:
        """Return the shape of a record."""
        return cls.model_validate(record, context=STORED)


def _to_domain(value: object) -> object:
    """Turn shapes inside a value into records."""
    if isinstance(value, Shape):
        return value.to_domain()
    if isinstance(value, tuple):
        return tuple(_to_domain(entry) for entry in value)
    return value


def make_edit(new: type[S], name: str, *, without: Iterable[str] = ()) -> type[Shape]:
    """Make the shape of an edit: the version that it began from, and any of a new record's keys; what is left out stays."""
    hints = get_type_hints(new, include_extras=True)
    left_out = {"id", *without}
    optional: dict[str, Any] = {
        field: (hints[field], Field(default_factory=lambda: None))
        for field in new.model_fields
        if field not in left_out
    }
    return create_model(
        name,
        __base__=Shape,
        __doc__=f"Any of a {new.DOMAIN.__name__}'s keys." if new.DOMAIN else None,
        version=(Version, ...),
        **optional,
    )
