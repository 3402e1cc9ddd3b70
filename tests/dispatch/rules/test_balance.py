"""Balance."""

from __future__ import annotations

from decimal import Decimal

from dispatch.format.model import Weights
from dispatch.rules import balance
from tests.builders import engineer, plan, request, shift, stop
from tests.dispatch.rules.hands import day, prices, problem_of, visit


def test_hours_of_travel_and_work_are_squared_and_waiting_and_breaks_are_not_counted() -> None:
    pause = stop("break", "lake", "12:00", "12:00", "12:30", break_=0)
    made = day(visit("09:00", "11:00", travel_s=1800), pause, end="13:00", home_s=1800)
    assert prices(balance, request(), made) == ["4.50"]  # 3 h, squared, × 0.5
    assert problem_of(request()).balance_cents_per_h2 == 50


def test_all_shifts_of_an_engineer_count_together() -> None:
    world = request(engineers=[engineer(shifts=[shift("am", "08:00", "12:00"), shift("pm", "13:00", "17:00")])])
    am = day(visit("09:00", "11:00"), shift="am", end="12:00")
    pm = day(visit("14:00", "16:00"), shift="pm", start="13:00")
    assert prices(balance, world, plan([*am.routes, *pm.routes])) == ["8.00"]


def test_each_engineer_is_rounded_half_up_to_a_hundredth_of_a_cent() -> None:
    world = request(weights=Weights(balance_per_h2=Decimal("0.01")))
    grains = []
    for leave in ("09:04:14", "09:04:15", "09:07:20", "09:07:21"):
        grains += [line.grains for line in balance.lines(world, day(visit("09:00", leave)))]
    assert grains == [0, 180, 180, 360]  # 0.0001 CNY from 254.56 s on, 0.0002 from 440.91 s on


def test_where_balance_is_free_nothing_is_told() -> None:
    world = request(weights=Weights(balance_per_h2=Decimal(0)))
    assert balance.lines(world, day(visit("09:00", "10:00"))) == []
