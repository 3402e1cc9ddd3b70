"""Re-planning a bad morning: one on the way, two pins that cannot be kept, a told crew of which one remains.

Legs (either way): home-s1 900 s 6 km, home-s2 1200 s 8 km, home-s3 1800 s 15 km, home-far 5400 s 60 km, s1-s2 600 s 3 km,
s1-s3 1500 s 12 km, s2-s3 900 s 5 km, others 6000 s 70 km. It is Monday 09:00.

he, at s1 to 09:20: +600 = 09:30 s2, T1, to which he is travelling: he is in its `never`, its window ended 08:30 and his
  certificate lapsed at 09:00; none of it binds. 1800 s = 10:00, +900 = 10:15 s3, B1 pinned at 10:30 (wait 900) though its
  window begins 13:00: its start can be reached, so it is kept; 3600 s = 11:30, +1800 = 12:00 home.
  travel 3300 s, 3+5+15 = 23 km, work 5400, wait 900.
jiang, not listed: at home from 09:00, +5400 = 10:30 far. B2 was pinned at 10:00: 10:30:00 is the earliest after it. 3600 s =
  11:30, +5400 = 13:00 home. The shift ended at 11:00 without overtime, allows 3600 s of travel and owes a break at 11:00-12:00:
  none of it binds a route with a broken pin. travel 10 800 s, 120 km, work 3600, overtime 7200.
lu, shen: 15:15 home, +900 = 15:30 s1, C1 1800 s = 16:00, +900 = 16:15 home. 1800 s, 12 km, work 1800 each.

late_arrival  T1 begins 09:30, by 09:00: 5 at once
travel        3300+10 800+1800+1800 = 17 700 s = 295, 23+120+12+12 = 167 km: 462
overtime      2 h = 180
balance       he 8700 s: 0.5 x 5.840278 = 2.9201; jiang 4 h: 8; lu, shen 1 h: 0.5 each; 11.9201
change        T1 never; B1 kept; B2 30 - 10 = 20 min x 30/h = 10; C1 told to lu and jiang, promised 14:00-15:00, now lu and
              shen (lu remains: the same) at 15:30: 15 x 3 = 45, once; 55
total         5+462+180+11.9201+55 = 713.9201
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, left_out, plan, route, span, stop

HOME = {"start_location": "home", "end_location": "home"}
LATE_SHIFT = {"id": "mon", "start": at("13:00"), "end": at("18:00"), **HOME}

REQUEST = {
    "version": 1,
    "now": at("09:00"),
    "locations": [
        {"id": "home", "lat": 22.5, "lon": 114.0},
        {"id": "s1", "lat": 22.53, "lon": 114.05},
        {"id": "s2", "lat": 22.54, "lon": 114.06},
        {"id": "s3", "lat": 22.6, "lon": 114.1},
        {"id": "far", "lat": 23.0, "lon": 114.4},
    ],
    "travel": {
        "model": "matrix",
        "seconds": [
            [0, 900, 1200, 1800, 5400],
            [900, 0, 600, 1500, 6000],
            [1200, 600, 0, 900, 6000],
            [1800, 1500, 900, 0, 6000],
            [5400, 6000, 6000, 6000, 0],
        ],
        "metres": [
            [0, 6000, 8000, 15000, 60000],
            [6000, 0, 3000, 12000, 70000],
            [8000, 3000, 0, 5000, 70000],
            [15000, 12000, 5000, 0, 70000],
            [60000, 70000, 70000, 70000, 0],
        ],
    },
    "engineers": [
        {
            "id": "he",
            "skills": {"gas": 3},
            "skills_until": {"gas": at("09:00")},
            "shifts": [{"id": "mon", "start": at("08:00"), "end": at("17:00"), **HOME}],
        },
        {
            "id": "jiang",
            "skills": {},
            "shifts": [
                {
                    "id": "mon",
                    "start": at("08:00"),
                    "end": at("11:00"),
                    **HOME,
                    "max_travel_s": 3600,
                    "breaks": [{"from": at("11:00"), "to": at("12:00"), "duration_s": 1800}],
                }
            ],
        },
        {"id": "lu", "skills": {"elec": 2}, "shifts": [LATE_SHIFT]},
        {"id": "shen", "skills": {}, "shifts": [LATE_SHIFT]},
    ],
    "tickets": [
        {
            "id": "T1",
            "location": "s2",
            "duration_s": 1800,
            "requires": {"gas": 3},
            "windows": [span("08:00", "08:30")],
            "never": ["he"],
            "arrive": {"by": at("09:00"), "cost": 5, "cost_per_h": 0},
            "skip_cost": 100,
        },
        {
            "id": "B1",
            "location": "s3",
            "duration_s": 3600,
            "requires": {},
            "windows": [span("13:00", "14:00")],
            "skip_cost": 100,
        },
        {"id": "B2", "location": "far", "duration_s": 3600, "requires": {}, "skip_cost": 100},
        {"id": "C1", "location": "s1", "duration_s": 1800, "requires": {"elec": 2}, "crew": 2, "skip_cost": 100},
    ],
    "previous": {
        "engineers": [{"engineer": "he", "shift": "mon", "location": "s1", "from": at("09:20")}],
        "visits": [
            {
                "ticket": "T1",
                "engineer": "he",
                "shift": "mon",
                "start": at("09:00"),
                "state": "travelling",
                "pin": "none",
            },
            {
                "ticket": "B1",
                "engineer": "he",
                "shift": "mon",
                "start": at("10:30"),
                "state": "planned",
                "pin": "start",
            },
            {
                "ticket": "B2",
                "engineer": "jiang",
                "shift": "mon",
                "start": at("10:00"),
                "state": "planned",
                "pin": "start",
            },
            *(
                {
                    "ticket": "C1",
                    "engineer": name,
                    "shift": "mon",
                    "start": at("14:00"),
                    "state": "told",
                    "pin": "none",
                    "promised": span("14:00", "15:00"),
                }
                for name in ("lu", "jiang")
            ),
        ],
    },
}

BROKEN_B1 = {"ticket": "B1", "code": "window", "text": "the customer is there from 13:00"}
BROKEN_B2 = {"ticket": "B2", "code": "unreachable", "text": "jiang cannot be there by 10:00"}


def afternoon(engineer: str) -> dict[str, object]:
    """Make the route of lu or shen to C1 and home."""
    return route(
        f"{engineer}/mon",
        (1800, 12000, 1800, 0, 0),
        "start - home 15:15 15:15 15:15 0 0",
        "visit C1 s1 15:30 15:30 16:00 900 6000",
        "end - home 16:15 16:15 16:15 900 6000",
    )


PLAN = plan(
    [
        route(
            "he/mon",
            (3300, 23000, 5400, 900, 0),
            "start - s1 09:20 09:20 09:20 0 0",
            "visit T1 s2 09:30 09:30 10:00 600 3000",
            "visit B1 s3 10:15 10:30 11:30 900 5000",
            "end - home 12:00 12:00 12:00 1800 15000",
        ),
        route(
            "jiang/mon",
            (10800, 120000, 3600, 0, 7200),
            "start - home 09:00 09:00 09:00 0 0",
            "visit B2 far 10:30 10:30 11:30 5400 60000",
            "end - home 13:00 13:00 13:00 5400 60000",
        ),
        afternoon("lu"),
        afternoon("shen"),
    ],
    broken_pins=[BROKEN_B1, BROKEN_B2],
)

WORLD = World(
    name="pins",
    title="Travelling, pins that cannot be kept, a told crew",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"late_arrival": 5, "travel": 462, "overtime": 180, "balance": 11.92, "change": 55},
    total=713.92,
)

WAS = "request.previous.visits"
B1, T1 = "request.tickets[B1]", "request.tickets[T1]"
HE, JIANG = "plan.routes[he/mon]", "plan.routes[jiang/mon]"
NO_WINDOW: dict[str, object] = {f"{B1}.windows": []}
PLAIN_T1: dict[str, object] = {f"{T1}.windows": [], f"{T1}.never": [], "request.engineers[he].skills_until": {}}

WORLD.cases.extend(
    [
        Case(
            "busy_limit_does_not_bind",
            "jiang may be busy 3600 s and is 14 400 s: limits do not bind that route.",
            {"request.engineers[jiang].max_busy_s": 3600},
        ),
        Case(
            "visits_limit_does_not_bind",
            "One more limit: no visits at all.",
            {"request.engineers[jiang].shifts[mon].max_visits": 0},
        ),
        Case(
            "absence_still_binds",
            "jiang is away 12:00-12:30, on the way home; absences are not among what a broken pin sets aside.",
            {"request.engineers[jiang].shifts[mon].absences": [span("12:00", "12:30")]},
            "absence",
        ),
        Case(
            "other_routes_stay_bound",
            "lu's route has no broken pin: its shift ends at 16:14:59.",
            {
                "request.engineers[lu].shifts": [{**LATE_SHIFT, "end": at("16:14:59"), "overtime_s": 0}],
                "plan.routes[lu/mon].overtime_s": 1,
            },
            "shift_end",
            None,
        ),
        Case(
            "travelling_not_first",
            "T1 is an ordinary planned visit here, he is on the way to B1 and goes to T1 first. B1 is not "
            "pinned, its state frees it of its window. T1's start 09:00 becomes 09:30: 30 - 10 = 20 min = 10. Change 65, total "
            "723.9201.",
            {
                **PLAIN_T1,
                f"{WAS}[T1].state": "planned",
                f"{WAS}[B1].state": "travelling",
                f"{WAS}[B1].pin": "none",
                "plan.broken_pins": [BROKEN_B2],
            },
            "travelling",
            {"change": 65},
            723.92,
        ),
        Case(
            "travelling_after_a_break",
            "he takes a break at s1 09:20-09:25 before he drives on to T1: not first. He waits 300 s less for B1.",
            {
                "request.engineers[he].shifts[mon].breaks": [
                    {"from": at("09:20"), "to": at("10:00"), "duration_s": 300}
                ],
                f"{HE}.stops[1]": stop("visit T1 s2 09:35 09:35 10:05 600 3000"),
                f"{HE}.stops[2]": stop("visit B1 s3 10:20 10:30 11:30 900 5000"),
                f"{HE}.stops[<1]": stop("break 0 s1 09:20 09:20 09:25 0 0"),
                f"{HE}.wait_s": 600,
            },
            "travelling",
        ),
        Case(
            "travelling_to_another",
            "lu was on the way to T1 (an ordinary ticket here), he did it. Travelling ones are never priced.",
            {**PLAIN_T1, f"{WAS}[T1].engineer": "lu"},
            "travelling",
        ),
        Case(
            "travelling_needs_its_parts",
            "Parts do bind one on the way: T1 needs a seal, nobody has one.",
            {f"{T1}.parts": {"seal": 1}},
            "part",
        ),
        Case(
            "travelling_obeys_release",
            "T1's release is 09:30:01: windows, skills and bans alone are set aside.",
            {f"{T1}.release": at("09:30:01")},
            "release",
        ),
        Case(
            "travelling_through_a_ban",
            "A pair that forbids he at T1 is a ban as well.",
            {f"{T1}.pairs": [{"engineer": "he", "cost": 0, "forbid": True, "code": "x"}]},
        ),
        Case(
            "not_travelling_so_bound",
            "T1 is planned only, so its window, its never and his certificate bind. Start 09:00 to "
            "09:30 costs 10: change 65, total 723.9201.",
            {f"{WAS}[T1].state": "planned"},
            "window only_never skill_lapsed",
            {"change": 65},
            723.92,
        ),
        Case(
            "none_of_the_crew_remains",
            "C1 was told to he and jiang: 3 x 80 more. Change 295, total 953.9201.",
            {f"{WAS}[3].engineer": "he"},
            terms={"change": 295},
            total=953.92,
        ),
        Case(
            "told_crew_skipped",
            "C1 is left out: once 3 x 200, skipped 100. Travel 14 100 s = 235, 143 km: 378; balance 10.9201; "
            "change 10 + 600 = 610; 100+5+378+180+10.9201+610 = 1283.9201.",
            {
                "plan.routes[lu/mon]": DROP,
                "plan.routes[shen/mon]": DROP,
                "plan.skipped": [left_out("C1", "displaced", "displaced")],
            },
            terms={"skipped": 100, "travel": 378, "balance": 10.92, "change": 610},
            total=1283.92,
        ),
        Case(
            "crew_is_one_change",
            "C1 was lu's and shen's at 14:00 and is moved by 90 min: one change, 1 allowed. B2 is moved by "
            "30 min, not more.",
            {f"{WAS}[4].engineer": "shen", "request.previous.max_changes": 1},
        ),
        Case(
            "crew_is_one_change_too_many",
            "The same, none allowed.",
            {f"{WAS}[4].engineer": "shen", "request.previous.max_changes": 0},
            "change_budget",
        ),
        Case(
            "one_of_the_crew_is_gone",
            "C1 was told to lu and kong, who is ill: lu remains, the start costs 45 as before.",
            {f"{WAS}[4].engineer": "kong"},
        ),
        Case(
            "travelling_though_not_in_only",
            "T1 is only for lu: a ban, which does not bind him who is on the way.",
            {f"{T1}.only": ["lu"]},
        ),
    ]
)
