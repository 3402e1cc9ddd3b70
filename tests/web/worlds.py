"""Plans to show: a day with everything in it, nasty names, nothing at all, and as large as a region gets."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

from dispatch.example import make_request
from dispatch.format.model import (
    BrokenPin,
    Deadline,
    Gap,
    Pair,
    Plan,
    Reason,
    Request,
    Route,
    Skipped,
    Stop,
)
from tests.builders import at, between, engineer, lunch, plan, request, route, shift, stop, ticket

NASTY = "<img src=x onerror=\"document.body.dataset.owned='1'\">'\"&<script>document.body.dataset.owned='2'</script>"
LONG = "欧阳" + "非常长的名字" * 30

World = tuple[Plan, Request]


def make_monday() -> World:
    """Make a plan with a late visit, waiting, a break, overtime, an absence, a second day and three left out."""
    asked = request(
        tickets=[
            ticket("TJ-0001", "lake", arrive=Deadline(at("09:00"), Decimal(300), Decimal(200))),
            ticket("ZY-0002", "station", requires={"ac": 2}, windows=[between("11:00", "12:00")]),
            ticket("YB-0003", "hills", prefer=["li"], pairs=[Pair("wang", Decimal(15), code="familiar")]),
            ticket("JJ-0004", "station", skip_cost=None),
            ticket("YB-0005", "hills"),
            ticket("YB-0006", "hills", windows=[between("09:00", "10:00")]),
            ticket("YB-0007", "lake", windows=[between("09:00", "12:00", day=1)]),
        ],
        engineers=[
            engineer(
                "wang",
                [shift(overtime_s=3600, end="17:00", breaks=(lunch(),)), shift("tue", day=1)],
                name="王建国",
                skills_until={"ac": at("17:00")},
            ),
            engineer(
                "li", [shift(absences=(between("08:00", "10:00"),))], name="李秀英", service_factor=Decimal("1.1")
            ),
        ],
    )
    monday = route(
        [
            stop("start", "home", "08:00", "08:00", "09:10"),
            stop("visit", "lake", "09:20", "09:20", "10:20", ticket="TJ-0001", travel_s=600, travel_m=4000),
            stop("visit", "station", "10:40", "11:00", "12:00", ticket="ZY-0002", travel_s=1200, travel_m=9000),
            stop("break", "station", "12:00", "12:00", "12:30", break_=0),
            stop("visit", "hills", "13:00", "13:00", "14:00", ticket="YB-0003", travel_s=1800, travel_m=12000),
            stop("end", "home", "17:30", "17:30", "17:30", travel_s=12600, travel_m=9000),
        ],
        overtime_s=1800,
    )
    tuesday = Route(
        "wang",
        "tue",
        tuple(
            dataclasses.replace(
                one, **{key: getattr(one, key) + timedelta(days=1) for key in ("arrive", "begin", "leave")}
            )
            for one in (
                stop("start", "home", "08:00", "08:00", "08:50"),
                stop("visit", "lake", "09:00", "09:00", "10:00", ticket="YB-0007", travel_s=600, travel_m=4000),
                stop("end", "home", "10:10", "10:10", "10:10", travel_s=600, travel_m=4000),
            )
        ),
        travel_s=1200,
        travel_m=8000,
        work_s=3600,
        wait_s=0,
        overtime_s=0,
    )
    made = plan(
        [monday, tuesday],
        terms={"skipped": "1000", "late_arrival": "366.67", "travel": "312.50", "overtime": "45"},
        status="infeasible",
        skipped=(
            Skipped("JJ-0004", "impossible", (Reason("skill", "没有工程师会修", None, Gap(Decimal(2), "level")),)),
            Skipped("YB-0005", "displaced", (Reason("displaced", "更贵", None, Gap(Decimal("83.50"), "CNY")),)),
            Skipped("YB-0006", "not_found", (Reason("window", "赶不到", "wang", Gap(Decimal(1500), "s")),)),
        ),
        broken_pins=(BrokenPin("ZY-0002", "window", "锁定的开始时间不在时间窗内"),),
    )
    return made, asked


def make_nasty() -> World:
    """Make a plan whose every name is an attempt to become markup, or longer than any screen."""
    home = dataclasses.replace(request().locations[0], id=NASTY)
    long_home = dataclasses.replace(request().locations[1], id=LONG)
    asked = request(
        locations=(home, long_home),
        tickets=[ticket(NASTY, LONG, requires={NASTY: 1}), ticket(LONG, NASTY)],
        engineers=[
            engineer(NASTY, [shift(NASTY, start_location=NASTY, end_location=NASTY)], name=NASTY, skills={NASTY: 3}),
            engineer(LONG, [shift(LONG, start_location=NASTY, end_location=NASTY)], name=LONG, tools=(LONG,)),
        ],
    )
    made = plan(
        [
            route(
                [
                    stop("start", NASTY, "08:00", "08:00", "08:00"),
                    stop("visit", LONG, "08:30", "08:30", "09:30", ticket=NASTY, travel_s=1800, travel_m=9000),
                    stop("end", NASTY, "10:00", "10:00", "10:00", travel_s=1800, travel_m=9000),
                ],
                engineer=NASTY,
                shift=NASTY,
            )
        ],
        skipped=(Skipped(LONG, "impossible", (Reason("skill", NASTY + LONG, LONG),)),),
        broken_pins=(BrokenPin(NASTY, "window", NASTY),),
    )
    return made, asked


def make_empty() -> World:
    """Make a request that asks nothing of nobody, and its plan."""
    return plan(), request(locations=(), tickets=[], engineers=[])


def make_large(engineers: int = 200, tickets: int = 2000, days: int = 1) -> World:
    """Make a region's day: each engineer gets his share of the tickets, one after the other, legal or not."""
    asked = make_request(engineers, tickets, days)
    shifts = [(person.id, duty) for person in asked.engineers for duty in person.shifts]
    routes = []
    for row, (person, duty) in enumerate(shifts):
        share = asked.tickets[row :: len(shifts)]
        begin = duty.start
        stops = [Stop("start", duty.start_location, begin, begin, begin)]
        for one in share:
            begin += timedelta(minutes=12)
            leave = begin + timedelta(minutes=30)
            stops.append(Stop("visit", one.location, begin, begin, leave, 720, 5000, ticket=one.id))
            begin = leave
        home = duty.end_location or stops[-1].location
        stops.append(Stop("end", home, begin, begin, begin))
        sums = {"travel_s": 720 * len(share), "travel_m": 5000 * len(share), "work_s": 1800 * len(share)}
        if share:
            routes.append(Route(person, duty.id, tuple(stops), **sums, wait_s=0, overtime_s=0))
    return plan(routes, terms={"travel": "12000"}), asked
