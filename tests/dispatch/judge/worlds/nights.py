"""Two shifts of one engineer with van stock over both, overtime to the next shift's first second, tools by the day.

Legs (either way): home-depot 600 s 4 km, depot-x 1200 s 9 km, home-x 1500 s 11 km. It is Monday 13:00.

yang, late shift 14:00-22:00, overtime 1800 s: 14:00 home, 14:10 depot (2 pumps, the crane; 600 s) 14:20, 14:40 x,
  K1 14 400 s = 18:40, K2 at the same place, so without its set-up, 12 300 s = 22:05, +1500 = 22:30:00 home.
  travel 600+1200+0+1500 = 3300 s, 4+9+0+11 = 24 km, work 600+14 400+12 300 = 27 300, overtime 1800.
yang, night shift from 22:30: 22:30:00 home, 22:55 x, K3 900 + 3600 = 4500 s = 00:10, 00:35 home, with the second pump.
  travel 3000 s, 22 km, work 4500.
bai (factor 1.5), Tuesday: 08:00 home, 08:10 depot (a pump, the crane; 600 s, factor or not) 08:20, 08:40 x, K4 2400 x 1.5 =
  3600 s = 09:40, 10:05 home. travel 3300 s, 24 km, work 4200.
Pumps: 2 leave on Monday 14:10 (0 stay), 1 comes at 20:00 and leaves on Tuesday 08:10 (0 stay). The one crane is lent on
Monday and, back in the night, on Tuesday.

travel    9600 s x 30/h = 80, 70 km x 0.5 = 35: 115
duration  8 h 30 min + 2 h 05 min + 2 h 05 min = 12.66667 h x 10 = 126.6667
overtime  1800 s x 90/h = 45
use       3 x 25 = 75
balance   yang 38 100 s: 0.25 x 112.006944 = 28.0017; bai 7500 s: 0.25 x 4.340278 = 1.0851; 29.0868
total     115+126.66667+45+75+29.0868 = 390.75347: 390.75, though the terms to the cent add up to 390.76
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, plan, route, span, stop

HOME = {"start_location": "home", "end_location": "home"}

REQUEST = {
    "version": 1,
    "now": at("13:00"),
    "locations": [
        {"id": "home", "lat": 39.9, "lon": 116.4},
        {"id": "depot", "lat": 39.91, "lon": 116.42},
        {"id": "x", "lat": 39.95, "lon": 116.5},
    ],
    "travel": {
        "model": "matrix",
        "seconds": [[0, 600, 1500], [600, 0, 1200], [1500, 1200, 0]],
        "metres": [[0, 4000, 11000], [4000, 0, 9000], [11000, 9000, 0]],
    },
    "depots": [
        {
            "id": "D",
            "location": "depot",
            "open": [span("09:00", "18:00"), span("+08:00", "+18:00")],
            "handling_s": 600,
            "stock": {"pump": 2},
            "inbound": [{"part": "pump", "qty": 1, "at": at("20:00")}],
            "tools": {"crane": 1},
        }
    ],
    "engineers": [
        {
            "id": "yang",
            "skills": {},
            "shifts": [
                {"id": "late", "start": at("14:00"), "end": at("22:00"), **HOME, "overtime_s": 1800},
                {"id": "night", "start": at("22:10"), "end": at("+04:00"), **HOME},
            ],
        },
        {
            "id": "bai",
            "skills": {},
            "service_factor": 1.5,
            "shifts": [{"id": "tue", "start": at("+00:00"), "end": at("+12:00"), **HOME}],
        },
    ],
    "tickets": [
        {
            "id": "K1",
            "location": "x",
            "duration_s": 14400,
            "requires": {},
            "parts": {"pump": 1},
            "tools": ["crane"],
            "skip_cost": 100,
        },
        {"id": "K2", "location": "x", "duration_s": 12300, "setup_s": 900, "requires": {}, "skip_cost": 100},
        {
            "id": "K3",
            "location": "x",
            "duration_s": 3600,
            "setup_s": 900,
            "requires": {},
            "parts": {"pump": 1},
            "skip_cost": 100,
        },
        {
            "id": "K4",
            "location": "x",
            "duration_s": 2400,
            "requires": {},
            "parts": {"pump": 1},
            "tools": ["crane"],
            "skip_cost": 100,
        },
    ],
    "weights": {
        "travel_per_h": 30,
        "travel_per_km": 0.5,
        "duration_per_h": 10,
        "use_shift": 25,
        "balance_per_h2": 0.25,
    },
}

PLAN = plan(
    [
        route(
            "yang/late",
            (3300, 24000, 27300, 0, 1800),
            "start - home 14:00 14:00 14:00 0 0",
            stop("pickup D depot 14:10 14:10 14:20 600 4000", parts={"pump": 2}, tools=["crane"]),
            stop("visit K1 x 14:40 14:40 18:40 1200 9000", parts={"pump": 1}, tools=["crane"]),
            "visit K2 x 18:40 18:40 22:05 0 0",
            "end - home 22:30 22:30 22:30 1500 11000",
        ),
        route(
            "yang/night",
            (3000, 22000, 4500, 0, 0),
            "start - home 22:30 22:30 22:30 0 0",
            stop("visit K3 x 22:55 22:55 +00:10 1500 11000", parts={"pump": 1}),
            "end - home +00:35 +00:35 +00:35 1500 11000",
        ),
        route(
            "bai/tue",
            (3300, 24000, 4200, 0, 0),
            "start - home +08:00 +08:00 +08:00 0 0",
            stop("pickup D depot +08:10 +08:10 +08:20 600 4000", parts={"pump": 1}, tools=["crane"]),
            stop("visit K4 x +08:40 +08:40 +09:40 1200 9000", parts={"pump": 1}, tools=["crane"]),
            "end - home +10:05 +10:05 +10:05 1500 11000",
        ),
    ]
)

WORLD = World(
    name="nights",
    title="Two shifts, van stock over both, tools by the day",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"travel": 115, "duration": 126.67, "overtime": 45, "use": 75, "balance": 29.09},
    total=390.75,
)

D = "request.depots[D]"
LATE, NIGHT, BAI = "plan.routes[yang/late]", "plan.routes[yang/night]", "plan.routes[bai/tue]"

WORLD.cases.extend(
    [
        Case(
            "total_of_rounded_terms",
            "390.76, the sum of the terms to the cent, is 0.01 off: forgiven.",
            {"plan.objective.total": 390.76},
        ),
        Case(
            "routes_overlap_by_a_second",
            "The night's route is a second earlier, its shift long begun: 22:29:59 at home, "
            "while the late one ends there 22:30:00.",
            {
                f"{NIGHT}.stops": [
                    stop("start - home 22:29:59 22:29:59 22:29:59 0 0"),
                    stop("visit K3 x 22:54:59 22:54:59 +00:09:59 1500 11000", parts={"pump": 1}),
                    stop("end - home +00:34:59 +00:34:59 +00:34:59 1500 11000"),
                ]
            },
            "overlap",
        ),
        Case(
            "a_night_shift_starts_when_it_starts",
            "The night shift begins 22:30:01, its route 22:30:00.",
            {"request.engineers[yang].shifts[night].start": at("22:30:01")},
            "route_start",
        ),
        Case(
            "overtime_a_second_over",
            "1799 s allowed.",
            {"request.engineers[yang].shifts[late].overtime_s": 1799},
            "shift_end",
        ),
        Case(
            "pump_comes_at_the_pick_up",
            "The third pump comes on Tuesday 08:10:00, when it is picked up.",
            {f"{D}.inbound[0].at": at("+08:10")},
        ),
        Case("pump_comes_a_second_late", "It comes 08:10:01.", {f"{D}.inbound[0].at": at("+08:10:01")}, "depot_stock"),
        Case(
            "last_pump_gone",
            "One pump in stock, 2 leave on Monday: 1 too many at 14:10, whatever comes later.",
            {f"{D}.stock": {"pump": 1}, f"{D}.inbound[0].qty": 5},
            "depot_stock",
        ),
        Case(
            "pump_too_few_in_the_van",
            "yang takes one pump, K1 uses it; K3 in the night has none.",
            {f"{LATE}.stops[1].parts": {"pump": 1}},
            "van_stock",
        ),
        Case(
            "pump_from_the_start",
            "One of the pumps was in the van at 13:00.",
            {f"{LATE}.stops[1].parts": {"pump": 1}, "request.engineers[yang].van": {"pump": 1}},
        ),
        Case(
            "shift_that_begins_before_midnight",
            "bai's shift begins Monday 23:59:59 (his route on Tuesday): Monday's crane is lent twice.",
            {"request.engineers[bai].shifts[tue].start": at("23:59:59")},
            "tool_lent",
        ),
        Case(
            "two_cranes_on_one_day",
            "The same with two cranes.",
            {"request.engineers[bai].shifts[tue].start": at("23:59:59"), f"{D}.tools": {"crane": 2}},
        ),
        Case(
            "crane_in_the_next_shift",
            "K3 needs the crane too, lent in the late shift: the night shift has none.",
            {"request.tickets[K3].tools": ["crane"], f"{NIGHT}.stops[1].tools": ["crane"]},
            "tool",
        ),
        Case(
            "crane_kept_for_the_next_stop",
            "K2 needs the crane too: it is still in hand.",
            {"request.tickets[K2].tools": ["crane"], f"{LATE}.stops[3].tools": ["crane"]},
        ),
        Case(
            "handling_a_second_short",
            "601 s of handling: bai and yang leave after 600.",
            {f"{D}.handling_s": 601},
            "timing",
        ),
        Case(
            "handling_takes_no_factor",
            "bai's pick-up, were it 600 x 1.5 = 900 s: leave 08:25, then everything is 300 s later. work 4500.",
            {
                f"{BAI}.stops[1].leave": at("+08:25"),
                f"{BAI}.stops[2].arrive": at("+08:45"),
                f"{BAI}.stops[2].begin": at("+08:45"),
                f"{BAI}.stops[2].leave": at("+09:45"),
                f"{BAI}.stops[3]": stop("end - home +10:10 +10:10 +10:10 1500 11000"),
                f"{BAI}.work_s": 4500,
            },
            "timing",
            None,
        ),
        Case(
            "set_up_after_a_visit_elsewhere",
            "K1 has a set-up of 60: the stop before is the depot, 14 460 s are needed.",
            {"request.tickets[K1].setup_s": 60},
            "timing",
        ),
        Case(
            "works_a_second_less",
            "K2 takes 12 301 s, the plan gives it 12 300.",
            {"request.tickets[K2].duration_s": 12301},
            "timing",
        ),
        Case("depot_closed_on_tuesday", "Open on Monday only.", {f"{D}.open[1]": DROP}, "depot_open"),
        Case(
            "visit_uses_more_than_it_needs",
            "K3 needs no pump, yet uses one.",
            {"request.tickets[K3].parts": {}},
            "part",
        ),
        Case(
            "day_is_local_to_now",
            "bai's shift begins 2026-11-23T16:00:00+00:00, which is Tuesday 00:00 where it is now: Tuesday's crane.",
            {"request.engineers[bai].shifts[tue].start": "2026-11-23T16:00:00+00:00"},
        ),
        Case(
            "day_is_local_to_now_too",
            "bai's shift begins 2026-11-24T00:00:00+09:00, which is Monday 23:00 where it is now: "
            "Monday's crane is lent twice.",
            {"request.engineers[bai].shifts[tue].start": "2026-11-24T00:00:00+09:00"},
            "tool_lent",
        ),
        Case(
            "routes_in_another_order",
            "A plan's routes stand in no order: stock goes by time.",
            {"plan.routes": [PLAN["routes"][2], PLAN["routes"][1], PLAN["routes"][0]]},
        ),
        Case(
            "busy_over_both_shifts",
            "3300+27 300+3000+4500 = 38 100 s, just allowed.",
            {"request.engineers[yang].max_busy_s": 38100},
        ),
        Case(
            "busy_over_both_shifts_a_second_over",
            "38 099 s allowed.",
            {"request.engineers[yang].max_busy_s": 38099},
            "busy_limit",
        ),
    ]
)
