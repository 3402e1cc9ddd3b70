"""One day with two breaks, an absence in its middle, set-ups and a window's last second.

Legs: home-p 900 s 6 km, p-q 1200 s 8 km (either way), q-home 1500 s 10 km. It is Monday 18:00, the shift is Tuesday's.

du: 08:00 home, 08:15 p, A1 300 + 5400 = 5700 s = 09:50, +1200 = 10:10 q, away 10:10-11:00, A3 begins 11:00 (wait 3000),
1800 s = 11:30, break 0 (11:30-12:30, 1800 s) at q = 12:00, A2 at q: the stop before is a break, so set-up 600 + 1200 =
1800 s = 12:30, +1200 = 12:50 p, break 1 (13:00-14:00, 900 s) there, before A4: begins 13:00 (wait 600) = 13:15, A4 in the last
second of its window, set-up 300 + 600 = 900 s = 13:30, +900 = 13:45 home.
travel 900+1200+1200+900 = 4200 s, 6+8+8+6 = 28 km; work 5700+1800+1800+900 = 10 200; wait 3600.

skipped  A5 45.50
travel   70 + 28 = 98
balance  14 400 s = 4 h: 8
total    151.50
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, left_out, plan, route, span, stop

REQUEST = {
    "version": 1,
    "now": at("18:00"),
    "locations": [
        {"id": "home", "lat": 30.5, "lon": 114.3},
        {"id": "p", "lat": 30.52, "lon": 114.33},
        {"id": "q", "lat": 30.56, "lon": 114.38},
    ],
    "travel": {
        "model": "matrix",
        "seconds": [[0, 900, 1500], [900, 0, 1200], [1500, 1200, 0]],
        "metres": [[0, 6000, 10000], [6000, 0, 8000], [10000, 8000, 0]],
    },
    "engineers": [
        {
            "id": "du",
            "skills": {},
            "shifts": [
                {
                    "id": "tue",
                    "start": at("+08:00"),
                    "end": at("+16:00"),
                    "start_location": "home",
                    "end_location": "home",
                    "breaks": [
                        {"from": at("+11:30"), "to": at("+12:30"), "duration_s": 1800},
                        {"from": at("+13:00"), "to": at("+13:30"), "duration_s": 900},
                    ],
                    "absences": [span("+10:10", "+11:00")],
                }
            ],
        }
    ],
    "tickets": [
        {"id": "A1", "location": "p", "duration_s": 5400, "setup_s": 300, "requires": {}, "skip_cost": 50},
        {"id": "A2", "location": "q", "duration_s": 1200, "setup_s": 600, "requires": {}, "skip_cost": 50},
        {"id": "A3", "location": "q", "duration_s": 1800, "requires": {}, "skip_cost": 50},
        {
            "id": "A4",
            "location": "p",
            "duration_s": 600,
            "setup_s": 300,
            "requires": {},
            "windows": [span("+12:00", "+13:15")],
            "skip_cost": 50,
        },
        {"id": "A5", "location": "p", "duration_s": 600, "requires": {"roof": 1}, "skip_cost": 45.5},
    ],
}

PLAN = plan(
    [
        route(
            "du/tue",
            (4200, 28000, 10200, 3600, 0),
            "start - home +08:00 +08:00 +08:00 0 0",
            "visit A1 p +08:15 +08:15 +09:50 900 6000",
            "visit A3 q +10:10 +11:00 +11:30 1200 8000",
            "break 0 q +11:30 +11:30 +12:00 0 0",
            "visit A2 q +12:00 +12:00 +12:30 0 0",
            "break 1 p +12:50 +13:00 +13:15 1200 8000",
            "visit A4 p +13:15 +13:15 +13:30 0 0",
            "end - home +13:45 +13:45 +13:45 900 6000",
        )
    ],
    [left_out("A5", "impossible", "skill", engineer="du", gap={"value": 1, "unit": "level"})],
)

WORLD = World(
    name="gaps",
    title="Two breaks, an absence in the middle, set-ups",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"skipped": 45.5, "travel": 98, "balance": 8},
    total=151.5,
)

SHIFT = "request.engineers[du].shifts[tue]"
DU = "plan.routes[du/tue]"

WORLD.cases.extend(
    [
        Case(
            "leg_into_the_absence",
            "Away from 10:09:59, arrived 10:10:00.",
            {f"{SHIFT}.absences": [span("+10:09:59", "+11:00")]},
            "absence",
        ),
        Case(
            "work_in_the_absence",
            "Away to 11:00:01, work from 11:00:00.",
            {f"{SHIFT}.absences": [span("+10:10", "+11:00:01")]},
            "absence",
        ),
        Case(
            "absence_inside_the_work",
            "Away 08:30-08:31, in the middle of A1.",
            {f"{SHIFT}.absences[+]": span("+08:30", "+08:31")},
            "absence",
        ),
        Case(
            "absence_before_the_route",
            "Away 07:00-08:00 and after 13:45:00.",
            {f"{SHIFT}.absences": [span("+07:00", "+08:00"), span("+10:10", "+11:00"), span("+13:45", "+16:00")]},
        ),
        Case(
            "window_s_last_second_missed",
            "To 13:14:59, begun 13:15:00.",
            {"request.tickets[A4].windows": [span("+12:00", "+13:14:59")]},
            "window",
        ),
        Case(
            "set_up_after_a_break",
            "A2 has a set-up of 601: 1801 s are due, a break is no visit at the same location.",
            {"request.tickets[A2].setup_s": 601},
            "timing",
        ),
        Case(
            "second_break_too_late",
            "Break 1 from 12:50 to 12:59:59, begun 13:00.",
            {f"{SHIFT}.breaks[1].from": at("+12:50"), f"{SHIFT}.breaks[1].to": at("+12:59:59")},
            "break",
        ),
        Case(
            "third_break_owed",
            "A break 13:30-13:44:59 is owed and not taken: home is 13:45:00.",
            {f"{SHIFT}.breaks[+]": {"from": at("+13:30"), "to": at("+13:44:59"), "duration_s": 60}},
            "break",
        ),
        Case(
            "third_break_not_owed",
            "To 13:45:00: home by then.",
            {f"{SHIFT}.breaks[+]": {"from": at("+13:30"), "to": at("+13:45"), "duration_s": 60}},
        ),
        Case(
            "break_before_the_route",
            "A break 07:00-08:00, over as the route begins 08:00:00.",
            {
                f"{SHIFT}.start": at("+06:00"),
                f"{SHIFT}.breaks[+]": {"from": at("+07:00"), "to": at("+08:00"), "duration_s": 60},
            },
        ),
        Case(
            "break_owed_from_the_first_second",
            "To 08:00:01: the route runs from before it to after it.",
            {
                f"{SHIFT}.start": at("+06:00"),
                f"{SHIFT}.breaks[+]": {"from": at("+07:00"), "to": at("+08:00:01"), "duration_s": 60},
            },
            "break",
        ),
        Case(
            "a_day_for_nothing_more",
            "A5 left out at 45.50; a plan that says 45.48 is forgiven.",
            {"plan.objective.terms.skipped": 45.48},
        ),
        Case(
            "skipped_three_cents_off", "45.47 for 45.50.", {"plan.objective.terms.skipped": 45.47}, "objective.skipped"
        ),
        Case(
            "unneeded_tool",
            "Unlisted tools: A3 needs a ladder that du owns.",
            {
                "request.engineers[du].tools": ["ladder"],
                "request.tickets[A3].tools": ["ladder"],
                f"{DU}.stops[2].tools": ["ladder"],
            },
        ),
        Case(
            "break_taken_twice",
            "Break 0 again at home's door: 13:30-14:00 at p, home 14:15.",
            {
                f"{DU}.stops[7]": stop("end - home +14:15 +14:15 +14:15 900 6000"),
                f"{DU}.stops[<7]": stop("break 0 p +13:30 +13:30 +14:00 0 0"),
                f"{SHIFT}.breaks[0].to": at("+13:30"),
            },
            "structure",
            None,
        ),
        Case(
            "break_that_is_none",
            "A stop takes break 2 of 2.",
            {
                f"{DU}.stops[7]": stop("end - home +14:00 +14:00 +14:00 900 6000"),
                f"{DU}.stops[<7]": stop("break 2 p +13:30 +13:30 +13:45 0 0"),
            },
            "structure",
            None,
        ),
        Case(
            "mandatory_left_out",
            "A5 must be served and is not, yet the status is ok. Its price is none: 106.00.",
            {"request.tickets[A5].skip_cost": None},
            "status",
            {"skipped": 0},
            106.0,
        ),
        Case(
            "mandatory_left_out_and_said",
            "The same, status infeasible.",
            {"request.tickets[A5].skip_cost": None, "plan.status": "infeasible"},
            "",
            {"skipped": 0},
            106.0,
        ),
        Case(
            "nothing_planned_at_all",
            "No route: all five are skipped, 4 x 50 + 45.50 = 245.50; nobody travels.",
            {"plan.routes": [], "plan.skipped": [left_out(f"A{n}", "displaced", "displaced") for n in range(1, 6)]},
            "",
            {"skipped": 245.5, "travel": 0, "balance": 0},
            245.5,
        ),
        Case(
            "end_missing",
            "The route has no end stop.",
            {f"{DU}.stops[7]": DROP, f"{DU}.travel_s": 3300, f"{DU}.travel_m": 22000},
            "structure",
            None,
        ),
    ]
)
