"""Six whole days by hand: every time and every price below was worked out on paper, none by a program.

They are set in the town of :mod:`tests.dispatch.judge.court`, prices are the format's defaults unless told.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from decimal import Decimal

import pytest

from dispatch.format.model import (
    After,
    Deadline,
    Depot,
    Finished,
    Inbound,
    Pair,
    Part,
    Peak,
    Plan,
    Previous,
    PreviousVisit,
    Request,
    Weights,
    Whereabouts,
)
from dispatch.judge import judge
from tests.builders import at, between, engineer, lunch, plan, route, shift, stop, ticket
from tests.dispatch.judge.court import town
from tests.dispatch.judge.writer import broken, skip


def crew_day() -> tuple[Request, Plan]:
    """Let two men share three fuses, one of them a substitute, one just come in, and a hoist that the store lends.

    wang: home 08:00, 20 min to the store at the station, 08:20; the fuse is in at 08:30, so he waits; 5 min; 15 min to
    the lake, 08:50; both begin in the window at 09:30; 90 min, 11:00; home 11:10. Travel 20 + 15 + 10 = 45 min,
    22.5 km; work 5 + 90 = 95 min; wait 10 + 40 = 50 min.
    li: leaves 09:10, lake 09:20, waits 10 min; 5400 × 1.1 = 5940 s = 99 min, 11:09; home 11:19. Travel 20 min, 10 km.

    travel            65 min = 65.00, 32.5 km = 32.50: 97.50
    late_resolution   the last leaves at 11:09, 9 min late: 30 + 40 × 0.15 = 36.00
    not_preferred     wang leads, for he comes first and has ac 3; li is preferred: 40.00
    overqualified     3 - 2 = 1 level: 5.00
    balance           wang 140 min: 0.5 × 2.3333² = 2.7222; li 20 + 99 = 119 min: 0.5 × 1.98333² = 1.9668; 4.6890
    total             97.50 + 36 + 40 + 5 + 4.6890 = 183.1890
    """
    store = Depot(
        "store",
        "station",
        (between("08:00", "18:00"),),
        handling_s=300,
        stock={"fuse_plus": 1},
        inbound=(Inbound("fuse", 1, at("08:30")),),
        tools={"hoist": 1},
    )
    big = ticket(
        "big",
        duration_s=5400,
        requires={"ac": 2},
        crew=2,
        parts={"fuse": 3},
        tools=["hoist"],
        windows=[between("09:30", "10:00")],
        prefer=["li"],
        resolve=Deadline(at("11:00"), Decimal(30), Decimal(40)),
    )
    people = [engineer("wang"), engineer("li", skills={"ac": 2}, van={"fuse": 1}, service_factor=Decimal("1.1"))]
    world = town([big], people, depots=(store,), parts={"fuse": Part(substitutes=("fuse_plus",))})
    taken = {"fuse": 1, "fuse_plus": 1}
    wang = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop(
            "pickup",
            "station",
            "08:20",
            "08:30",
            "08:35",
            depot="store",
            parts=taken,
            tools=("hoist",),
            travel_s=1200,
            travel_m=10_000,
        ),
        stop(
            "visit",
            "lake",
            "08:50",
            "09:30",
            "11:00",
            ticket="big",
            parts=taken,
            tools=("hoist",),
            travel_s=900,
            travel_m=7500,
        ),
        stop("end", "home", "11:10", "11:10", "11:10", travel_s=600, travel_m=5000),
    ]
    li = [
        stop("start", "home", "09:10", "09:10", "09:10"),
        stop("visit", "lake", "09:20", "09:30", "11:09", ticket="big", parts={"fuse": 1}, travel_s=600, travel_m=5000),
        stop("end", "home", "11:19", "11:19", "11:19", travel_s=600, travel_m=5000),
    ]
    terms = {
        "travel": "97.50",
        "late_resolution": "36.00",
        "not_preferred": "40.00",
        "overqualified": "5.00",
        "balance": "4.69",
    }
    return world, _total(plan([route(wang), route(li, "li")], terms), "183.19")


def peak_day() -> tuple[Request, Plan]:
    """Drive out of a peak, wait for a window, eat where the work was, and come home late.

    It is 08:30; until 09:00 journeys take 1.5 times as long. wang leaves at 08:50: ten minutes of peak are 400 s of the
    1200 s to the station, 800 s are left: 09:13:20, 1400 s. Half an hour, 09:43:20; 25 min to the hills, 10:08:20; the
    window opens at 11:00 (wait 51:40 = 3100 s); an hour; break at 12:00 for 30 min; 30 min home, 13:00, 30 min after
    the shift.

    late_arrival   800 s late: 10 + 60 × 0.2222 = 23.3333
    travel         1400 + 1500 + 1800 = 4700 s = 78.3333; 10 + 12.5 + 15 = 37.5 km: 115.8333
    duration       08:50 to 13:00, 4.1667 h × 20 = 83.3333
    overtime       0.5 h × 90 = 45.00
    use            12.00
    balance        4700 + 1800 + 3600 = 10 100 s: 0.5 × 2.80556² = 3.9356
    total          23.3333 + 115.8333 + 83.3333 + 45 + 12 + 3.9356 = 283.4356
    """
    tickets = [
        ticket("first", "station", 1800, arrive=Deadline(at("09:00"), Decimal(10), Decimal(60))),
        ticket("second", "hills", windows=[between("08:00", "09:00"), between("11:00", "12:00")]),
    ]
    people = [engineer("wang", [shift(end="12:30", overtime_s=1800, breaks=(lunch("12:00", "12:30"),))])]
    world = town(
        tickets,
        people,
        now="08:30",
        peaks=[Peak(time(7, 30), time(9), Decimal("1.5"), (1, 2, 3, 4, 5))],
        weights=Weights(duration_per_h=Decimal(20), use_shift=Decimal(12)),
    )
    wang = [
        stop("start", "home", "08:50", "08:50", "08:50"),
        stop("visit", "station", "09:13:20", "09:13:20", "09:43:20", ticket="first", travel_s=1400, travel_m=10_000),
        stop("visit", "hills", "10:08:20", "11:00", "12:00", ticket="second", travel_s=1500, travel_m=12_500),
        stop("break", "hills", "12:00", "12:00", "12:30", break_=0),
        stop("end", "home", "13:00", "13:00", "13:00", travel_s=1800, travel_m=15_000),
    ]
    terms = {
        "late_arrival": "23.33",
        "travel": "115.83",
        "duration": "83.33",
        "overtime": "45.00",
        "use": "12.00",
        "balance": "3.94",
    }
    return world, _total(plan([route(wang, overtime_s=1800)], terms), "283.44")


def bad_morning() -> tuple[Request, Plan]:
    """Re-plan at 10:00: one on the way, a pin that comes too late, a told visit moved, another left out.

    wang is free at the station at 10:10 and on the way to a: 15 min, 10:25, though its window is long over; half an
    hour, 10:55. b was pinned at 11:00 in the hills: 20 min, 11:15 is the earliest; an hour, 12:15. c was told to li for
    10:30 to 11:30: 25 min to the station, 12:40; half an hour, 13:10; 20 min home, 13:30.

    skipped   d: 60.00
    travel    15 + 20 + 25 + 20 = 80 min = 80.00; 40 km: 120.00
    balance   80 + 30 + 60 + 30 = 200 min: 0.5 × 3.3333² = 5.5556
    change    a never; b 15 - 10 = 5 min × 30/h = 2.50; c 80 + 70 min × 30/h = 115, told: 345; d 200; 547.50
    total     60 + 120 + 5.5556 + 547.50 = 733.0556
    """
    tickets = [
        ticket("a", "lake", 1800, windows=[between("08:00", "09:00")]),
        ticket("b", "hills"),
        ticket("c", "station", 1800),
        ticket("d", "hills", skip_cost=Decimal(60)),
    ]
    previous = Previous(
        engineers=(Whereabouts("wang", "mon", "station", at("10:10")),),
        visits=(
            PreviousVisit("a", "wang", "mon", at("09:00"), "travelling"),
            PreviousVisit("b", "wang", "mon", at("11:00"), "planned", "start"),
            PreviousVisit("c", "li", "mon", at("10:30"), "told", promised=between("10:30", "11:30")),
            PreviousVisit("d", "li", "mon", at("14:00"), "planned"),
            PreviousVisit("cancelled", "li", "mon", at("12:00"), "told", "start"),
        ),
    )
    world = town(tickets, [engineer("wang"), engineer("li")], now="10:00", previous=previous)
    wang = [
        stop("start", "station", "10:10", "10:10", "10:10"),
        stop("visit", "lake", "10:25", "10:25", "10:55", ticket="a", travel_s=900, travel_m=7500),
        stop("visit", "hills", "11:15", "11:15", "12:15", ticket="b", travel_s=1200, travel_m=10_000),
        stop("visit", "station", "12:40", "12:40", "13:10", ticket="c", travel_s=1500, travel_m=12_500),
        stop("end", "home", "13:30", "13:30", "13:30", travel_s=1200, travel_m=10_000),
    ]
    terms = {"skipped": "60.00", "travel": "120.00", "balance": "5.56", "change": "547.50"}
    told = plan([route(wang)], terms, skipped=(skip("d"),), broken_pins=(broken("b", "unreachable"),))
    return world, _total(told, "733.06")


def absent_morning() -> tuple[Request, Plan]:
    """Wait an absence out at the customer's, save a set-up, and eat at home at the end of the day.

    It is 09:00; wang is free at home at 09:15, his first break is done. Lake 09:25: (2400 + 600) × 1.25 = 3750 s,
    10:27:30. The next ticket is there too, without set-up and without a skill: 2400 s, which would run into the absence
    from 10:45 to 11:15; so he waits 47:30 = 2850 s. 11:15 to 11:55. Home 12:05, and there his second break until 12:35.

    travel         20 min = 20.00, 10 km = 10.00
    overqualified  3 - 1 = 2 levels: 10.00
    balance        1200 + 3750 + 2400 = 7350 s: 0.5 × 2.041667² = 2.0842
    total          42.0842
    """
    tickets = [
        ticket("first", "lake", 2400, setup_s=600, requires={"ac": 1}),
        ticket("second", "lake", 2400, setup_s=600),
    ]
    day = shift(breaks=(lunch("09:30", "10:00"), lunch("12:00", "12:30")), absences=(between("10:45", "11:15"),))
    world = town(
        tickets,
        [engineer("wang", [day], service_factor={"ac": Decimal("1.25")})],
        now="09:00",
        previous=Previous(engineers=(Whereabouts("wang", "mon", "home", at("09:15"), breaks_done=(0,)),)),
    )
    wang = [
        stop("start", "home", "09:15", "09:15", "09:15"),
        stop("visit", "lake", "09:25", "09:25", "10:27:30", ticket="first", travel_s=600, travel_m=5000),
        stop("visit", "lake", "10:27:30", "11:15", "11:55", ticket="second"),
        stop("break", "home", "12:05", "12:05", "12:35", break_=1, travel_s=600, travel_m=5000),
        stop("end", "home", "12:35", "12:35", "12:35"),
    ]
    terms = {"travel": "30.00", "overqualified": "10.00", "balance": "2.08"}
    return world, _total(plan([route(wang)], terms), "42.08")


def two_days() -> tuple[Request, Plan]:
    """Use one van on two days, and one hoist by two men: li has it on Monday, wang on Tuesday.

    wang on Monday: lake 08:10 to 09:10 with the fuse from his van, home 09:20: 80 min busy. On Tuesday the store at the
    station at 08:20, 5 min for two fuses and the hoist, the ticket next door 08:25 to 09:25, home 09:45: 105 min. In
    all 185 min = 11 100 s, which is all that he may.
    li on Monday: store 08:20 to 08:25, hills 08:50 to 09:50, home 10:20: travel 75 min, 37.5 km, work 65 min.

    travel    20 + 40 + 75 = 135 min = 135.00; 10 + 20 + 37.5 = 67.5 km: 202.50
    use       3 × 7 = 21.00
    balance   wang 0.5 × 3.083333² = 4.7535; li 140 min: 2.7222; 7.4757
    total     230.9757
    """
    store = Depot(
        "store",
        "station",
        (between("08:00", "09:00"), between("08:00", "09:00", day=1)),
        handling_s=300,
        stock={"fuse": 2},
        tools={"hoist": 1},
    )
    tickets = [
        ticket("small", "lake", parts={"fuse": 1}),
        ticket("large", "station", parts={"fuse": 2}, tools=["hoist"]),
        ticket("other", "hills", tools=["hoist"]),
    ]
    people = [engineer("wang", [shift(), shift("tue", day=1)], van={"fuse": 1}, max_busy_s=11_100), engineer("li")]
    world = town(tickets, people, depots=(store,), weights=Weights(use_shift=Decimal(7)))
    monday = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop(
            "visit", "lake", "08:10", "08:10", "09:10", ticket="small", parts={"fuse": 1}, travel_s=600, travel_m=5000
        ),
        stop("end", "home", "09:20", "09:20", "09:20", travel_s=600, travel_m=5000),
    ]
    tuesday = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop(
            "pickup",
            "station",
            "08:20",
            "08:20",
            "08:25",
            depot="store",
            parts={"fuse": 2},
            tools=("hoist",),
            travel_s=1200,
            travel_m=10_000,
        ),
        stop("visit", "station", "08:25", "08:25", "09:25", ticket="large", parts={"fuse": 2}, tools=("hoist",)),
        stop("end", "home", "09:45", "09:45", "09:45", travel_s=1200, travel_m=10_000),
    ]
    day = at("00:00", day=1) - at("00:00")
    tuesday = [
        replace(each, arrive=each.arrive + day, begin=each.begin + day, leave=each.leave + day) for each in tuesday
    ]
    li = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop(
            "pickup",
            "station",
            "08:20",
            "08:20",
            "08:25",
            depot="store",
            tools=("hoist",),
            travel_s=1200,
            travel_m=10_000,
        ),
        stop(
            "visit",
            "hills",
            "08:50",
            "08:50",
            "09:50",
            ticket="other",
            tools=("hoist",),
            travel_s=1500,
            travel_m=12_500,
        ),
        stop("end", "home", "10:20", "10:20", "10:20", travel_s=1800, travel_m=15_000),
    ]
    terms = {"travel": "202.50", "use": "21.00", "balance": "7.48"}
    routes = [route(tuesday, shift="tue"), route(li, "li"), route(monday)]
    return world, _total(plan(routes, terms), "230.98")


def impossible_day() -> tuple[Request, Plan]:
    """Leave out what must be served but may not be, and what comes after it; come back to what li has under way.

    `must` is only for wang, who is forbidden to go; so it is left out, and `next` with it. li is done with `begun` at
    08:30; `again` follows it by half an hour at least, and by himself: lake 08:10, wait 50 min, 09:00 to 10:00. There he
    goes on with `also` at once, without its set-up, until 10:30. Home 10:40.

    skipped         nothing for `must`, which has no price; 45.50
    late_arrival    `also` begins 30 min late: 15.00
    travel          20 min = 20.00, 10 km = 10.00
    not_preferred   40.00
    overqualified   `also` asks for gas 1, li has gas 3: 10.00
    balance         1200 + 3600 + 1800 = 6600 s: 0.5 × 1.83333² = 1.6806
    pairs           12.50
    total           154.6806
    """
    tickets = [
        ticket("must", skip_cost=None, only=["wang"], pairs=[Pair("wang", Decimal(99), forbid=True, code="dog")]),
        ticket("next", skip_cost=Decimal("45.50"), after=[After("must", 600)]),
        ticket(
            "again",
            "lake",
            after=[After("begun", 1800)],
            same_engineer_as="begun",
            pairs=[Pair("li", Decimal("12.50"))],
        ),
        ticket(
            "also",
            "lake",
            1800,
            setup_s=600,
            requires={"gas": 1},
            prefer=["wang"],
            arrive=Deadline(at("09:30"), Decimal(0), Decimal(30)),
        ),
    ]
    world = town(
        tickets,
        [engineer("wang"), engineer("li", skills={"gas": 3})],
        now="08:00",
        previous=Previous(finished=(Finished("begun", at("08:30"), "li"),)),
    )
    li = [
        stop("start", "home", "08:00", "08:00", "08:00"),
        stop("visit", "lake", "08:10", "09:00", "10:00", ticket="again", travel_s=600, travel_m=5000),
        stop("visit", "lake", "10:00", "10:00", "10:30", ticket="also"),
        stop("end", "home", "10:40", "10:40", "10:40", travel_s=600, travel_m=5000),
    ]
    terms = {
        "skipped": "45.50",
        "late_arrival": "15.00",
        "travel": "30.00",
        "not_preferred": "40.00",
        "overqualified": "10.00",
        "balance": "1.68",
        "pairs": "12.50",
    }
    left_out = (skip("must", "impossible", "pair"), skip("next", "impossible", "after"))
    return world, _total(plan([route(li, "li")], terms, skipped=left_out, status="infeasible"), "154.68")


def _total(told: Plan, total: str) -> Plan:
    return replace(told, objective=replace(told.objective, total=Decimal(total)))


DAYS = (crew_day, peak_day, bad_morning, absent_morning, two_days, impossible_day)


@pytest.mark.parametrize("day", DAYS, ids=lambda day: day.__name__)
def test_the_judge_agrees_with_the_paper(day: object) -> None:
    assert callable(day)
    world, told = day()
    verdict = judge(world, told)
    assert verdict.violations == ()
    assert verdict.terms == told.objective.terms
    assert verdict.total == told.objective.total
