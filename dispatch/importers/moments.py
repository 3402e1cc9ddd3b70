"""Reads days and times of day as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from dispatch.importers.cells import Cell, text_of
from dispatch.importers.remarks import Doubt, Unclear

PARTS_OF_DAY: Final[Mapping[str, tuple[time, time]]] = {
    "凌晨": (time(0), time(6)),
    "清晨": (time(6), time(9)),
    "早上": (time(8), time(12)),
    "早晨": (time(8), time(12)),
    "上午": (time(8), time(12)),
    "中午": (time(11, 30), time(13, 30)),
    "下午": (time(12), time(18)),
    "傍晚": (time(17), time(19)),
    "晚上": (time(18), time(21)),
    "am": (time(8), time(12)),
    "pm": (time(12), time(18)),
    "morning": (time(8), time(12)),
    "afternoon": (time(12), time(18)),
    "evening": (time(18), time(21)),
}
"""What a part of the day means where no hour is said; an assumption, told as a doubt."""

FAR_DAYS: Final = 366
POINT_MINUTES: Final = 60
"""A single moment is a window of so many minutes from it on."""
LAST: Final = time(23, 59, 59)
FIRST_SERIAL: Final = 36526
LAST_SERIAL: Final = 73050
"""Serial numbers of Excel for 2000-01-01 and 2099-12-31."""

_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - Excel's days have no zone
_LATER_PARTS: Final = frozenset({"下午", "傍晚", "晚上", "pm"})
_ANY_TIME: Final = frozenset(
    {
        "全天",
        "随时",
        "均可",
        "都可以",
        "不限",
        "任意",
        "任意时间",
        "尽快",
        "无",
        "any",
        "anytime",
        "allday",
        "asap",
        "-",
        "/",
    }
)
_YMD: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_DMY: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
_SHORT: Final = re.compile(r"(\d{2})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)(?!\d)")
_MD_ZH: Final = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_MD: Final = re.compile(r"(\d{1,2})/(\d{1,2})(?![\d/])")
_COMPACT: Final = re.compile(r"(20\d{2})(\d{2})(\d{2})(?!\d)")
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?$")
_RELATIVE: Final = re.compile(
    r"大?[今明后昨前][天日晚早]|下午班|[下本这上]*(?:周|星期|礼拜)[一二三四五六日天末]|下周|本周|tomorrow|today|yesterday|next|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_WEEKDAY: Final = re.compile(r"^\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?")
_PART: Final = "|".join(PARTS_OF_DAY)
_CLOCK: Final = re.compile(
    rf"(?P<part>{_PART})?\s*(?P<h>\d{{1,2}})\s*(?P<mark>[:点时]\s*(?:(?P<m>\d{{1,2}})\s*分?|(?P<half>半)|整)?(?::\d{{2}}(?:\.\d+)?)?)?"
    r"\s*(?P<ap>am|pm)?$"
)
_RANGE: Final = re.compile(r"\s*(?:-|–|—|―|~|〜|至|到|\bto\b)+\s*")
_NUMERALS: Final = {
    "十二": "12",
    "十一": "11",
    "十": "10",
    **{c: str(n) for n, c in enumerate("一二三四五六七八九", 1)},
    "两": "2",
}
_SPOKEN: Final = re.compile(rf"({'|'.join(_NUMERALS)})(?=\s*(?:点|时|个|小时|到|至|-|~))")


@dataclass(frozen=True, slots=True)
class When:
    """What a cell says about a moment.

    ``day`` None: it names no day. ``hours`` None: it names no hours; both ends are times of day, the second later
    than the first unless it is on the next day. ``style`` tells how the day was written.
    """

    day: date | None = None
    hours: tuple[time, time] | None = None
    style: str | None = None
    doubts: tuple[Doubt, ...] = ()


def arabic(text: str) -> str:
    """Write spoken hours with digits.

    Examples
    --------
    >>> arabic("下午两点到十一点"), arabic("一小时")
    ('下午2点到11点', '1小时')
    """
    return _SPOKEN.sub(lambda match: _NUMERALS[match.group(1)], text)


def read_when(cell: Cell, today: date, *, typed: bool = False, overnight: bool = False) -> When:
    """Read a day, hours, or both.

    Parameters
    ----------
    cell
        What stands there; not blank.
    today
        The planned day: a day without a year is the one nearest to it.
    typed
        Whether the file tells dates from numbers, so that a bare serial number is a doubt.
    overnight
        Whether hours may end before they begin, that is on the next day, and early hours are meant as they stand.

    Returns
    -------
    When
        The day and the hours as far as they are said, and what was guessed.

    Raises
    ------
    Unclear
        With the code of what is wrong.

    Examples
    --------
    >>> read_when("11/23 下午2点-4点", date(2026, 11, 20)).hours
    (datetime.time(14, 0), datetime.time(16, 0))
    >>> read_when("2026年11月23日 14:30", date(2026, 11, 20)).day
    datetime.date(2026, 11, 23)
    """
    if isinstance(cell, datetime):
        doubts: list[Doubt] = []
        hours = None if cell.time() == time() else _from_point(cell.time(), text_of(cell), doubts)
        return When(_near(cell.date(), text_of(cell), today, doubts), hours, "Excel", tuple(doubts))
    if isinstance(cell, date):
        doubts = []
        return When(_near(cell, text_of(cell), today, doubts), None, "Excel", tuple(doubts))
    if isinstance(cell, time):
        doubts = []
        return When(None, _from_point(cell, text_of(cell), doubts), None, tuple(doubts))
    if isinstance(cell, timedelta):
        raise Unclear("bad_window")
    if isinstance(cell, float) and 0 < cell < 1:
        doubts = []
        return When(None, _from_point(_clock_of(cell), text_of(cell), doubts), None, tuple(doubts))
    return _read_text(arabic(text_of(cell)).lower(), today, typed=typed, overnight=overnight)


def _read_text(text: str, today: date, *, typed: bool, overnight: bool) -> When:
    """Read what people typed."""
    doubts: list[Doubt] = []
    if _SERIAL.match(text):
        return _from_serial(float(text), text, today, is_told=typed or text.isdigit())
    day, style, rest = _split_day(text, today, doubts)
    if day is None and _RELATIVE.search(text):
        raise Unclear("relative_date")
    rest = _WEEKDAY.sub("", rest).strip(" ,t") if day is not None else rest
    if day is not None:
        day = _near(day, text, today, doubts)
    if not rest or rest.replace(" ", "") in _ANY_TIME:
        return When(day, None, style, tuple(doubts))
    return When(day, _read_hours(rest, text, doubts, overnight=overnight), style, tuple(doubts))


def _split_day(text: str, today: date, doubts: list[Doubt]) -> tuple[date | None, str | None, str]:
    """Read the day that a text begins with, and give how it is written and the rest of the text."""
    if match := _YMD.match(text):
        year, month, day = (int(part) for part in match.groups())
        style = "2026年11月23日" if "年" in match.group() else "2026/11/23" if "/" in match.group() else "2026-11-23"
        return _day_of(year, month, day), style, text[match.end() :]
    if match := _COMPACT.match(text):
        year, month, day = (int(part) for part in match.groups())
        return _day_of(year, month, day), "20261123", text[match.end() :]
    if match := _DMY.match(text):
        first, second, year = (int(match[place]) for place in (1, 3, 4))
        is_day_first = first > 12 >= second  # noqa: PLR2004 - months
        found = _day_of(year, second, first) if is_day_first else _day_of(year, first, second)
        if is_day_first:
            doubts.append(Doubt("day_first", {"day": found.isoformat()}))
        elif second <= 12 and first != second:  # noqa: PLR2004
            doubts.append(Doubt("ambiguous_date", {"day": found.isoformat()}))
        return found, "23/11/2026" if is_day_first else "11/23/2026", text[match.end() :]
    if match := _SHORT.match(text):
        year, month, day = int(match[1]), int(match[3] or match[5]), int(match[4] or match[6])
        found = _day_of(2000 + year, month, day)
        doubts.append(Doubt("short_year", {"day": found.isoformat()}))
        return found, "26-11-23", text[match.end() :]
    if match := _MD_ZH.match(text) or _MD.match(text):
        month, day = (int(part) for part in match.groups())
        found = _nearest(month, day, today)
        if abs((found - today).days) > 60:  # noqa: PLR2004 - nearer days are not in doubt
            doubts.append(Doubt("no_year", {"day": found.isoformat()}))
        return found, "11月23日" if "月" in match.group() else "11/23", text[match.end() :]
    return None, None, text


def _day_of(year: int, month: int, day: int) -> date:
    """Return a day of the calendar."""
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear("impossible_date") from None


def _nearest(month: int, day: int, today: date) -> date:
    """Return the day of that month and number that is nearest to today."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:
            continue
    if not found:
        raise Unclear("impossible_date")
    return min(found, key=lambda near: abs((near - today).days))


def _near(day: date, text: str, today: date, doubts: list[Doubt]) -> date:
    """Refuse a day that is more than a year away; doubt one that is over."""
    if abs((day - today).days) > FAR_DAYS:
        raise Unclear("far_date", value=text, day=today.isoformat())
    if day < today:
        doubts.append(Doubt("in_the_past", {"day": day.isoformat(), "today": today.isoformat()}))
    return day


def _from_serial(serial: float, text: str, today: date, *, is_told: bool) -> When:
    """Read a serial number of Excel: days since the end of 1899, the time of day behind the point."""
    if not FIRST_SERIAL <= serial <= LAST_SERIAL + 1:
        raise Unclear("bad_date")
    moment = _EPOCH + timedelta(seconds=round(serial * 86400))
    doubts = [Doubt("excel_serial", {"day": text_of(moment)})] if is_told or serial % 1 else []
    hours = None if moment.time() == time() else _from_point(moment.time(), text, doubts)
    return When(_near(moment.date(), text, today, doubts), hours, "Excel", tuple(doubts))


def _clock_of(share: float) -> time:
    """Return the time of day of a share of the day."""
    return (_EPOCH + timedelta(minutes=round(share * 1440))).time()


def _read_hours(rest: str, text: str, doubts: list[Doubt], *, overnight: bool) -> tuple[time, time]:
    """Read hours: a range, a part of the day, one moment, before or after one."""
    pieces = [piece for piece in _RANGE.split(rest) if piece]
    if len(pieces) == 2:  # noqa: PLR2004 - from and to
        return _read_range(pieces[0], pieces[1], text, overnight=overnight)
    if len(pieces) != 1:
        raise Unclear("bad_window")
    (piece,) = pieces
    if piece in PARTS_OF_DAY:
        begin, end = PARTS_OF_DAY[piece]
        doubts.append(_part(begin, end))
        return begin, end
    for suffixes, is_before in ((("之前", "以前", "前"), True), (("之后", "以后", "后"), False)):
        for suffix in suffixes:
            if piece.endswith(suffix):
                moment = _read_clock(piece.removesuffix(suffix), None, is_plain=overnight)
                begin, end = (time(8), moment) if is_before else (moment, time(18))
                if begin >= end:
                    raise Unclear("bad_window")
                doubts.append(_part(begin, end))
                return begin, end
    moment = _read_clock(piece.removesuffix("左右").removesuffix("许"), None, is_plain=overnight)
    return _from_point(moment, text, doubts)


def _read_range(first: str, second: str, text: str, *, overnight: bool) -> tuple[time, time]:
    """Read hours from and to; the part of the day may be said once."""
    if first.isdigit() and second.isdigit():
        raise Unclear("hours_or_date")
    if first in PARTS_OF_DAY and second in PARTS_OF_DAY:
        begin, end = PARTS_OF_DAY[first][0], PARTS_OF_DAY[second][1]
    else:
        part = next((name for name in PARTS_OF_DAY if first.startswith(name)), None)
        is_plain = overnight or part is not None
        begin = _read_clock(first, None, is_plain=is_plain, is_bare_ok=True)
        end = _read_clock(second, part if part in _LATER_PARTS else None, is_plain=is_plain, is_bare_ok=True)
        if end <= begin and part is not None and end.hour < 12 and not second.startswith(tuple(PARTS_OF_DAY)):  # noqa: PLR2004
            end = end.replace(hour=end.hour + 12)
    if end <= begin and not overnight:
        raise Unclear("window_backwards", value=text)
    return begin, end


def _read_clock(piece: str, part: str | None, *, is_plain: bool, is_bare_ok: bool = False) -> time:
    """Read one time of day; 24:00 is the day's last second.

    Unless ``is_plain``, an hour from 1 to 5 without its half of the day, or a 0 before it, is unclear.
    """
    match = _CLOCK.match(piece.strip())
    if match is None or not (match["mark"] or match["part"] or match["ap"] or is_bare_ok):
        raise Unclear("bad_window")
    hour = int(match["h"])
    minute = 30 if match["half"] else int(match["m"] or 0)
    said = match["part"] or match["ap"] or part
    if not (is_plain or said) and match["h"] in {"1", "2", "3", "4", "5"}:
        raise Unclear("morning_or_afternoon")
    if (said in _LATER_PARTS and hour < 12) or (said == "中午" and hour < 4):  # noqa: PLR2004 - noon
        hour += 12
    elif said in {"凌晨", "am"} and hour == 12:  # noqa: PLR2004
        hour = 0
    if (hour, minute) == (24, 0):
        return LAST
    if hour > 23 or minute > 59:  # noqa: PLR2004 - clock
        raise Unclear("impossible_time")
    return time(hour, minute)


def _from_point(moment: time, text: str, doubts: list[Doubt]) -> tuple[time, time]:
    """Make a window of one moment."""
    whole = moment.replace(second=0, microsecond=0)
    minutes = min(whole.hour * 60 + whole.minute + POINT_MINUTES, 1439)
    end = time(minutes // 60, minutes % 60) if minutes < 1439 else LAST  # noqa: PLR2004 - the day's last minute
    doubts.append(
        Doubt("window_from_point", {"value": text, "begin": f"{whole:%H:%M}", "end": f"{end:%H:%M}"}),
    )
    return whole, end


def _part(begin: time, end: time) -> Doubt:
    """Tell what a part of the day is taken for."""
    return Doubt("part_of_day", {"begin": f"{begin:%H:%M}", "end": f"{end:%H:%M}"})
