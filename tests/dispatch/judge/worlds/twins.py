"""Places that have a twin next door, 0 s and 0 m away: stops can stand at the wrong place and still be timed well.

home and door, shop and gate, site and yard are twins. Legs: home-shop 600 s 3 km, shop-site 900 s 6 km, home-site 1200 s 8 km.
It is Monday 08:00.

mei: 08:00 home, 08:10 shop: a seal at depot D, 300 s = 08:15, 08:30 site: W1 3600 s = 09:30, break 900 s = 09:45, 10:05 home.
  travel 600+900+1200 = 2700 s, 3+6+8 = 17 km, work 3900.
fang: leaves home 08:50 (the shift began 08:00: waiting there is no wait), 09:00 shop: a seal-b, come 09:00:00, 300 s = 09:05,
  09:20 site: W2 uses the seal-b, 1800 s = 09:50; open end. travel 1500 s, 9 km, work 2100.
W3 must be served but needs a part that is nowhere: infeasible. W4 is left out for 30.

skipped   30 (W3 has no price)
travel    4200 s = 70, 26 km: 96
duration  mei 125 min, fang 60 min (08:50-09:50): 185 min x 6/h = 18.50
balance   mei 6600 s: 1.6806; fang 1 h: 0.5; 2.1806
total     30+96+18.50+2.1806 = 146.6806
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, left_out, plan, route, span, stop

S = [[0, 600, 1200], [600, 0, 900], [1200, 900, 0]]
M = [[0, 3000, 8000], [3000, 0, 6000], [8000, 6000, 0]]
PLACES = ("home", "door", "shop", "gate", "site", "yard")

REQUEST = {
    "version": 1,
    "now": at("08:00"),
    "locations": [{"id": place, "lat": 30.0 + row // 2 / 10, "lon": 120.0} for row, place in enumerate(PLACES)],
    "travel": {
        "model": "matrix",
        "seconds": [[S[row // 2][column // 2] for column in range(6)] for row in range(6)],
        "metres": [[M[row // 2][column // 2] for column in range(6)] for row in range(6)],
    },
    "parts": {"seal": {"name": "door seal", "substitutes": ["seal-b"]}},
    "depots": [
        {
            "id": "D",
            "location": "shop",
            "open": [span("08:00", "10:00")],
            "handling_s": 300,
            "stock": {"seal": 1},
            "inbound": [{"part": "seal-b", "qty": 1, "at": at("09:00")}],
        }
    ],
    "engineers": [
        {
            "id": "mei",
            "skills": {},
            "shifts": [
                {
                    "id": "mon",
                    "start": at("08:00"),
                    "end": at("17:00"),
                    "start_location": "home",
                    "end_location": "home",
                    "breaks": [{"from": at("09:00"), "to": at("10:05"), "duration_s": 900}],
                }
            ],
        },
        {
            "id": "fang",
            "skills": {},
            "shifts": [
                {"id": "mon", "start": at("08:00"), "end": at("17:00"), "start_location": "home"},
                {"id": "tue", "start": at("+08:00"), "end": at("+17:00"), "start_location": "home"},
            ],
        },
    ],
    "tickets": [
        {"id": "W1", "location": "site", "duration_s": 3600, "requires": {}, "parts": {"seal": 1}, "skip_cost": 90},
        {"id": "W2", "location": "site", "duration_s": 1800, "requires": {}, "parts": {"seal": 1}, "skip_cost": 90},
        {"id": "W3", "location": "site", "duration_s": 60, "requires": {}, "parts": {"valve": 1}, "skip_cost": None},
        {"id": "W4", "location": "site", "duration_s": 7200, "requires": {}, "skip_cost": 30},
    ],
    "weights": {"duration_per_h": 6},
}

PLAN = plan(
    [
        route(
            "mei/mon",
            (2700, 17000, 3900, 0, 0),
            "start - home 08:00 08:00 08:00 0 0",
            stop("pickup D shop 08:10 08:10 08:15 600 3000", parts={"seal": 1}),
            stop("visit W1 site 08:30 08:30 09:30 900 6000", parts={"seal": 1}),
            "break 0 site 09:30 09:30 09:45 0 0",
            "end - home 10:05 10:05 10:05 1200 8000",
        ),
        route(
            "fang/mon",
            (1500, 9000, 2100, 0, 0),
            "start - home 08:00 08:00 08:50 0 0",
            stop("pickup D shop 09:00 09:00 09:05 600 3000", parts={"seal-b": 1}),
            stop("visit W2 site 09:20 09:20 09:50 900 6000", parts={"seal-b": 1}),
            "end - site 09:50 09:50 09:50 0 0",
        ),
    ],
    [
        left_out("W3", "impossible", "part", gap={"value": 1, "unit": "qty"}),
        left_out("W4", "displaced", "displaced", gap={"value": 104, "unit": "CNY"}),
    ],
    status="infeasible",
)

WORLD = World(
    name="twins",
    title="Twin places, a pick-up of fresh stock, a mandatory ticket left out",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"skipped": 30, "travel": 96, "duration": 18.5, "balance": 2.18},
    total=146.68,
)

MEI, FANG = "plan.routes[mei/mon]", "plan.routes[fang/mon]"
D = "request.depots[D]"
IDLE = (0, 0, 0, 0, 0)

WORLD.cases.extend(
    [
        Case(
            "visit_next_door",
            "W1 is at the yard, its ticket at the site.",
            {f"{MEI}.stops[2].location": "yard", f"{MEI}.stops[3].location": "yard"},
            "structure",
        ),
        Case(
            "pick_up_next_door",
            "The depot is in the shop, the pick-up at the gate.",
            {f"{MEI}.stops[1].location": "gate"},
            "structure",
        ),
        Case(
            "break_next_door",
            "A break at the yard, between the site and home.",
            {f"{MEI}.stops[3].location": "yard"},
            "structure",
        ),
        Case(
            "start_next_door",
            "The route starts at the door, the shift at home.",
            {f"{MEI}.stops[0].location": "door"},
            "route_start",
        ),
        Case(
            "end_next_door",
            "The route ends at the door, the shift at home.",
            {f"{MEI}.stops[4].location": "door"},
            "structure",
        ),
        Case(
            "open_end_elsewhere",
            "An open end repeats the last place, the site; here it is the yard.",
            {f"{FANG}.stops[3].location": "yard"},
            "structure",
        ),
        Case(
            "break_index_unknown",
            "Break 7 of 1; the real one is not owed, as mei is home by its last moment.",
            {f"{MEI}.stops[3].break": 7},
            "structure",
            None,
        ),
        Case(
            "route_for_nothing",
            "fang drives nowhere on Tuesday: a route without visit or pick-up.",
            {
                "plan.routes[+]": route(
                    "fang/tue", IDLE, "start - home +08:00 +08:00 +08:00 0 0", "end - home +08:00 +08:00 +08:00 0 0"
                )
            },
            "structure",
            None,
        ),
        Case(
            "route_for_a_pick_up",
            "fang only picks a seal up on Tuesday, left over: legal, and a used shift: +600 s = 10, +3 km, "
            "10 min + 5 min x 6/h = 1.50; fang 4500 s: 0.5 x 1.5625 = 0.7813 (+0.2813). Total 161.4619.",
            {
                "plan.routes[+]": route(
                    "fang/tue",
                    (600, 3000, 300, 0, 0),
                    "start - home +08:00 +08:00 +08:00 0 0",
                    stop("pickup D shop +08:10 +08:10 +08:15 600 3000", parts={"seal": 1}),
                    "end - shop +08:15 +08:15 +08:15 0 0",
                ),
                f"{D}.stock": {"seal": 2},
                f"{D}.open[+]": span("+08:00", "+10:00"),
            },
            terms={"travel": 109, "duration": 20, "balance": 2.46},
            total=161.46,
        ),
        Case(
            "unknown_shift",
            "fang has no Sunday shift.",
            {
                "plan.routes[+]": route(
                    "fang/sun",
                    (600, 3000, 300, 0, 0),
                    "start - home +08:00 +08:00 +08:00 0 0",
                    "pickup D shop +08:10 +08:10 +08:15 600 3000",
                    "end - shop +08:15 +08:15 +08:15 0 0",
                ),
                f"{D}.open[+]": span("+08:00", "+10:00"),
            },
            "structure",
            None,
        ),
        Case(
            "unknown_engineer",
            "Nobody is called qin.",
            {
                "plan.routes[+]": route(
                    "qin/mon",
                    (600, 3000, 300, 0, 0),
                    "start - home 09:00 09:00 09:00 0 0",
                    "pickup D shop 09:10 09:10 09:15 600 3000",
                    "end - shop 09:15 09:15 09:15 0 0",
                )
            },
            "structure",
            None,
        ),
        Case(
            "two_routes_for_one_shift",
            "fang's Monday again from home at 11:00, for W4.",
            {
                "plan.routes[+]": route(
                    "fang/mon",
                    (1200, 8000, 7200, 0, 0),
                    "start - home 11:00 11:00 11:00 0 0",
                    "visit W4 site 11:20 11:20 13:20 1200 8000",
                    "end - site 13:20 13:20 13:20 0 0",
                ),
                "plan.skipped[W4]": DROP,
            },
            "structure",
            None,
        ),
        Case(
            "fresh_stock_a_second_late",
            "The seal-b comes 09:00:01.",
            {f"{D}.inbound[0].at": at("09:00:01")},
            "depot_stock",
        ),
        Case(
            "too_early_though_enough_in_all",
            "mei takes 2 seals at 08:10, of the 1 that is there and the 1 of 09:00.",
            {f"{MEI}.stops[1].parts": {"seal": 2}, f"{D}.inbound[+]": {"part": "seal", "qty": 1, "at": at("09:00")}},
            "depot_stock",
        ),
        Case(
            "van_stock_is_not_shared",
            "mei has the seal-b in her van, fang picks none up and uses one.",
            {"request.engineers[mei].van": {"seal-b": 1}, f"{FANG}.stops[1].parts": {}},
            "van_stock",
        ),
        Case(
            "original_part_for_the_substitute",
            "W1 asks for a seal-b: a seal is no substitute for it.",
            {"request.tickets[W1].parts": {"seal-b": 1}},
            "part",
        ),
        Case("ok_with_a_mandatory_ticket_out", "W3 must be served.", {"plan.status": "ok"}, "status"),
        Case(
            "wait_at_home_is_no_wait",
            "fang's 50 minutes at home are before leaving the start, not between arrive and begin.",
            {f"{FANG}.wait_s": 3000},
            "sums",
        ),
        Case(
            "duration_from_the_shift_s_start",
            "Counted from 08:00, fang's day would be 110 min: 23.50.",
            {"plan.objective.terms.duration": 23.5},
            "objective.duration",
        ),
        Case(
            "parts_that_must_be_matched",
            "W1 needs a seal and a seal-b, mei uses a seal-b (for the seal) and a seal-c (for the "
            "seal-b); matched the other way round, the seal-c would be left over.",
            {
                "request.parts": {"seal": {"substitutes": ["seal-b"]}, "seal-b": {"substitutes": ["seal-c"]}},
                "request.tickets[W1].parts": {"seal": 1, "seal-b": 1},
                "request.engineers[mei].van": {"seal-b": 1, "seal-c": 1},
                f"{MEI}.stops[2].parts": {"seal-b": 1, "seal-c": 1},
            },
        ),
        Case(
            "parts_that_cannot_be_matched",
            "A seal-c twice: one stands in for the seal-b, none for the seal.",
            {
                "request.parts": {"seal": {"substitutes": ["seal-b"]}, "seal-b": {"substitutes": ["seal-c"]}},
                "request.tickets[W1].parts": {"seal": 1, "seal-b": 1},
                "request.engineers[mei].van": {"seal-c": 2},
                f"{MEI}.stops[2].parts": {"seal-c": 2},
            },
            "part",
        ),
        Case(
            "break_while_still_at_home",
            "fang owes a break that may begin 08:10-08:30 only if her route runs by then; she leaves home at 08:50.",
            {
                "request.engineers[fang].shifts[mon].breaks": [
                    {"from": at("08:10"), "to": at("08:30"), "duration_s": 60}
                ]
            },
        ),
        Case(
            "absence_while_still_at_home",
            "fang is away 08:00-08:50 and leaves home 08:50:00.",
            {"request.engineers[fang].shifts[mon].absences": [span("08:00", "08:50")]},
        ),
        Case(
            "absence_as_she_leaves_home",
            "Away to 08:50:01.",
            {"request.engineers[fang].shifts[mon].absences": [span("08:00", "08:50:01")]},
            "absence",
        ),
        Case(
            "skips_a_stranger",
            "No ticket is called W9.",
            {"plan.skipped[+]": left_out("W9", "displaced", "displaced")},
            "structure",
            None,
        ),
        Case(
            "break_where_she_is_going",
            "mei drives home first, 09:50, and takes the break there: a break's place is that of the stop "
            "before or after it.",
            {
                f"{MEI}.stops[3]": stop("break 0 home 09:50 09:50 10:05 1200 8000"),
                f"{MEI}.stops[4]": stop("end - home 10:05 10:05 10:05 0 0"),
            },
        ),
        Case(
            "part_used_the_moment_it_is_there",
            "A depot E at the site: mei picks up 08:20-08:25 and begins W1 at 08:25:00, when the "
            "seal is in her van; break 09:25, home 10:00. 3900 s = 65, 25 km: 90; 120 + 60 min: 18; mei 6300 s: 0.5 x 3.0625 = "
            "1.53125 -> 1.5313, balance 2.0313; total 140.0313.",
            {
                "request.depots[+]": {
                    "id": "E",
                    "location": "site",
                    "open": [span("08:00", "10:00")],
                    "handling_s": 300,
                    "stock": {"seal": 1},
                },
                MEI: route(
                    "mei/mon",
                    (2400, 16000, 3900, 0, 0),
                    "start - home 08:00 08:00 08:00 0 0",
                    stop("pickup E site 08:20 08:20 08:25 1200 8000", parts={"seal": 1}),
                    stop("visit W1 site 08:25 08:25 09:25 0 0", parts={"seal": 1}),
                    "break 0 site 09:25 09:25 09:40 0 0",
                    "end - home 10:00 10:00 10:00 1200 8000",
                ),
            },
            terms={"travel": 90, "duration": 18, "balance": 2.03},
            total=140.03,
        ),
    ]
)
