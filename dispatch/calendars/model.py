"""Calendars: round the clock, or working days with their hours, holidays and make-up days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from typing import Final, Literal

DayKind = Literal["holiday", "make_up"]
DAY_KINDS: Final[tuple[DayKind, ...]] = ("holiday", "make_up")

Both = tuple[str, str]
"""The same in Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of a day that are worked: from ``begin``, included, to ``end``, not included; None ends with the day."""

    begin: time
    end: time | None


WHOLE_DAY: Final = (Hours(time(0), None),)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A date that is not what its weekday says: a holiday, or a make-up working day 调休."""

    kind: DayKind
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days, and which hours of them, are worked.

    Parameters
    ----------
    id, title_zh, title_en
        For programs and for people.
    week
        Weekday, 1 Monday to 7 Sunday, to the hours that are worked; a weekday that is not in it is free.
    make_up
        Hours of a make-up working day, whatever its weekday.
    days
        Dates that are not what their weekdays say.
    certain_through
        The last year whose holidays and make-up days are announced; None: nothing has to be.
    source
        Who announced them.

    Examples
    --------
    >>> from dispatch.calendars.read import get_calendars
    >>> china = get_calendars().calendars["cn"]
    >>> china.is_working_day(date(2026, 10, 1)), china.is_working_day(date(2026, 10, 10))
    (False, True)
    """

    id: str
    title_zh: str
    title_en: str
    week: Mapping[int, tuple[Hours, ...]]
    make_up: tuple[Hours, ...] = ()
    days: Mapping[date, SpecialDay] = field(default_factory=dict)
    certain_through: int | None = None
    source: str = ""

    @property
    def is_round_the_clock(self) -> bool:
        """Whether every hour of every day is worked."""
        return not self.days and all(self.week.get(weekday) == WHOLE_DAY for weekday in range(1, 8))

    def hours_of(self, day: date) -> tuple[Hours, ...]:
        """Return the hours of a date that are worked; empty: it is free."""
        special = self.days.get(day)
        if special is not None:
            return self.make_up if special.kind == "make_up" else ()
        return self.week.get(day.isoweekday(), ())

    def is_working_day(self, day: date) -> bool:
        """Tell whether any hour of a date is worked."""
        return bool(self.hours_of(day))

    def warn_of(self, moment: datetime, zone: tzinfo) -> Both | None:
        """Return what has to be said of a moment in a year that is not announced yet, in Chinese and English.

        Examples
        --------
        >>> from zoneinfo import ZoneInfo
        >>> from dispatch.calendars.read import get_calendars
        >>> china, zone = get_calendars().calendars["cn"], ZoneInfo("Asia/Shanghai")
        >>> china.warn_of(datetime(2026, 12, 31, 23, 59, tzinfo=zone), zone)
        >>> china.warn_of(datetime(2027, 1, 1, tzinfo=zone), zone)[1]
        'holidays and make-up days of 2027 are not announced yet (calendar cn is certain through 2026): this moment may move'
        """
        year = moment.astimezone(zone).year
        if self.certain_through is None or year <= self.certain_through:
            return None
        last = self.certain_through
        return (
            f"{year} 年的节假日与调休尚未公布（日历 {self.id} 只确定到 {last} 年），该时刻可能变动",
            (
                f"holidays and make-up days of {year} are not announced yet (calendar {self.id} is certain "
                f"through {last}): this moment may move"
            ),
        )


ROUND_THE_CLOCK: Final = Calendar("round_the_clock", "全天候", "Round the clock", dict.fromkeys(range(1, 8), WHOLE_DAY))


@dataclass(frozen=True, slots=True)
class Calendars:
    """All calendars, and which region keeps which.

    Parameters
    ----------
    calendars
        By id.
    default
        The calendar of a region that is not named.
    regions
        Region's id to calendar's id.
    """

    calendars: Mapping[str, Calendar]
    default: str
    regions: Mapping[str, str] = field(default_factory=dict)

    def working_days_of(self, region_id: str | None) -> Calendar:
        """Return the calendar of working days that a region keeps; None: nobody said which region."""
        return self.calendars[self.regions.get(region_id or "", self.default)]
