from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from dispatch.domain.engineer import Engineer
from dispatch.domain.errors import ImpossibleRecord
from dispatch.domain.part import Delivery, Depot, Opening, Part, days_between
from dispatch.domain.ticket import Ticket

MONDAY = date(2026, 11, 23)
HANGZHOU = ZoneInfo("Asia/Shanghai")
SEVEN = datetime(2026, 11, 22, 23, tzinfo=UTC)


def test_a_depot_is_open_at_the_hours_of_the_weekday_by_the_regions_clocks() -> None:
    depot = Depot(
        "CK1",
        "hz",
        "城北",
        openings=(Opening(time(7, 30), time(12)), Opening(time(9), time(11), weekdays=(6, 7))),
    )
    ((first, last),) = depot.hours_on(MONDAY, HANGZHOU)
    assert (first.isoformat(), last.isoformat()) == ("2026-11-23T07:30:00+08:00", "2026-11-23T12:00:00+08:00")
    assert len(list(depot.hours_on(date(2026, 11, 28), HANGZHOU))) == 2


def test_days_between_are_counted_with_both_ends() -> None:
    assert len(list(days_between(MONDAY, date(2026, 11, 25)))) == 3
    assert list(days_between(MONDAY, MONDAY)) == [MONDAY]


@pytest.mark.parametrize(
    ("words", "make"),
    [
        ("Part.substitutes", lambda: Part("P1", substitutes=("P2", "P1"))),
        ("Opening.to_clock", lambda: Opening(time(12), time(9))),
        ("Opening.weekdays", lambda: Opening(time(9), time(12), weekdays=(0,))),
        ("Delivery.quantity", lambda: Delivery("P1", 0, SEVEN)),
        ("Depot.handling_s", lambda: Depot("CK1", "hz", "城北", handling_s=-1)),
        ("Depot.tools", lambda: Depot("CK1", "hz", "城北", tools={"真空泵": -1})),
        ("Engineer.van", lambda: Engineer("E1", "hz", "王示例", van={"P1": -1})),
        ("Ticket.parts", lambda: Ticket("T1", "hz", SEVEN, parts={"P1": -1})),
        ("Ticket.crew", lambda: Ticket("T1", "hz", SEVEN, crew=0)),
        ("Ticket.crew", lambda: Ticket("T1", "hz", SEVEN, crew=21)),
    ],
)
def test_what_cannot_be_is_refused_by_name(words: str, make: object) -> None:
    assert callable(make)
    with pytest.raises(ImpossibleRecord, match=words):
        make()
