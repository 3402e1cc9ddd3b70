"""Great-circle legs along a meridian, work that follows a crew's last man, one lead for two tickets.

a 30.0, b 30.1, c 30.25 degrees north on one meridian: 6 371 008.8 m x pi / 180 = 111 195.08 m a degree.
a-b 11 119.508 x 1.3 = 14 455.36 -> 14 455 m, x 3.6 / 28 = 1858.5 -> 1859 s.
b-c 16 679.262 x 1.3 = 21 683.04 -> 21 683 m, x 3.6 / 28 = 2787.8 -> 2788 s.

tang (plc 4), 08:00 at a, 08:30:59 b: G1 1800 s = 09:00:59; +2788 = 09:47:27 c: G2 1000 s = 10:04:07; open end.
  travel 4647 s, 36 138 m, work 2800.
song (factor 1.25), the same way to b: G1 2250 s = 09:08:29; +1859 = 09:39:28 back at a. travel 3718 s, 28 910 m, work 2250.
G2 follows G1 by 2338 s: 09:08:29, the end of the last man, + 38 min 58 s = 09:47:27, to the second. Its lead is that of G1:
tang, the first in order. It has two windows, the second from 09:47:27.

late_arrival   G2 begins 09:47:27, by 09:47:26: 12.34 + 1 s x 36/h = 12.35
travel         8365 s = 139.41667, 65.048 km: 204.46467
not_preferred  G2 prefers song: 40; G1 prefers tang: 0
overqualified  G2 plc 4 - 1 = 3 levels: 15; G1 requires nothing
balance        tang 7447 s: 0.5 x 4.279152 = 2.1396; song 5968 s: 0.5 x 2.748227 = 1.3741; 3.5137
pairs          G1 with tang 1.25, with song 0.75: 2
total          12.35+204.46467+40+15+3.5137+2 = 277.32837: 277.33, though the terms to the cent add up to 277.32
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import Case, World, at, plan, route, span

REQUEST = {
    "version": 1,
    "now": at("08:00"),
    "locations": [
        {"id": "a", "lat": 30.0, "lon": 120.0},
        {"id": "b", "lat": 30.1, "lon": 120.0},
        {"id": "c", "lat": 30.25, "lon": 120.0},
    ],
    "travel": {"model": "great_circle", "detour": 1.3, "speed_kmh": 28},
    "engineers": [
        {
            "id": "tang",
            "skills": {"plc": 4},
            "shifts": [{"id": "mon", "start": at("08:00"), "end": at("17:00"), "start_location": "a"}],
        },
        {
            "id": "song",
            "skills": {},
            "service_factor": 1.25,
            "shifts": [
                {"id": "mon", "start": at("08:00"), "end": at("17:00"), "start_location": "a", "end_location": "a"}
            ],
        },
    ],
    "tickets": [
        {
            "id": "G1",
            "location": "b",
            "duration_s": 1800,
            "requires": {},
            "crew": 2,
            "resolve": {"by": at("09:08:29"), "cost": 50, "cost_per_h": 0},
            "prefer": ["tang"],
            "pairs": [
                {"engineer": "tang", "cost": 1.25, "forbid": False, "code": "familiar"},
                {"engineer": "song", "cost": 0.75, "forbid": False, "code": "familiar"},
            ],
            "skip_cost": 100,
        },
        {
            "id": "G2",
            "location": "c",
            "duration_s": 1000,
            "requires": {"plc": 1},
            "windows": [span("08:00", "09:00"), span("09:47:27", "10:00")],
            "arrive": {"by": at("09:47:26"), "cost": 12.34, "cost_per_h": 36},
            "prefer": ["song"],
            "after": [{"ticket": "G1", "gap_s": 2338}],
            "same_engineer_as": "G1",
            "skip_cost": 100,
        },
    ],
}

PLAN = plan(
    [
        route(
            "tang/mon",
            (4647, 36138, 2800, 0, 0),
            "start - a 08:00 08:00 08:00 0 0",
            "visit G1 b 08:30:59 08:30:59 09:00:59 1859 14455",
            "visit G2 c 09:47:27 09:47:27 10:04:07 2788 21683",
            "end - c 10:04:07 10:04:07 10:04:07 0 0",
        ),
        route(
            "song/mon",
            (3718, 28910, 2250, 0, 0),
            "start - a 08:00 08:00 08:00 0 0",
            "visit G1 b 08:30:59 08:30:59 09:08:29 1859 14455",
            "end - a 09:39:28 09:39:28 09:39:28 1859 14455",
        ),
    ]
)

WORLD = World(
    name="meridian",
    title="Great circles, a crew's last man, one lead for two tickets",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={
        "late_arrival": 12.35,
        "travel": 204.46,
        "not_preferred": 40,
        "overqualified": 15,
        "balance": 3.51,
        "pairs": 2,
    },
    total=277.33,
)

G1, G2 = "request.tickets[G1]", "request.tickets[G2]"

WORLD.cases.extend(
    [
        Case("gap_a_second_longer", "09:08:29 + 2339 s = 09:47:28.", {f"{G2}.after[0].gap_s": 2339}, "after"),
        Case(
            "gap_counts_from_the_last_man",
            "From tang's own end 09:00:59 the gap of 2788 s would be over; from song's it is not.",
            {f"{G2}.after[0].gap_s": 2788},
            "after",
        ),
        Case(
            "crew_resolved_a_second_late",
            "By 09:08:28, the last man ends 09:08:29: 50 at once; total 327.3284.",
            {f"{G1}.resolve.by": at("09:08:28")},
            terms={"late_resolution": 50},
            total=327.33,
        ),
        Case(
            "arrival_just_in_time",
            "By 09:47:27: not late; total 264.9784.",
            {f"{G2}.arrive.by": at("09:47:27")},
            terms={"late_arrival": 0},
            total=264.98,
        ),
        Case(
            "lead_by_skill",
            "G1 requires plc 1 now, tang still leads; overqualified + 3 levels = 30, total 292.3284.",
            {f"{G1}.requires": {"plc": 1}},
            terms={"overqualified": 30},
            total=292.33,
        ),
        Case(
            "lead_is_not_the_same",
            "song has mech 1, which G1 requires: its lead is song, G2's is tang. G1 prefers tang: +40, total 317.3284.",
            {f"{G1}.requires": {"mech": 1}, "request.engineers[song].skills": {"mech": 1}},
            "same_engineer",
            {"not_preferred": 80},
            317.33,
        ),
        Case(
            "first_window_over",
            "Only the window 08:00-09:00 is left.",
            {f"{G2}.windows": [span("08:00", "09:00")]},
            "window",
        ),
        Case("window_to_the_second", "To 09:47:27.", {f"{G2}.windows": [span("08:00", "09:47:27")]}),
        Case("slower_world", "25 km/h: 2082 s to b.", {"request.travel.speed_kmh": 25}, "travel"),
        Case(
            "longer_detour",
            "Detour 1.301: a-b 14 466.5 -> 14 466 m and 1860 s, 11 m and 1 s more.",
            {"request.travel.detour": 1.301},
            "travel",
        ),
        Case(
            "slightly_slower_world",
            "27.99 km/h: 14 455 x 3.6 / 27.99 = 1859.2 -> 1860 s, 21 683 x 3.6 / 27.99 = 2788.8 -> "
            "2789 s: 1 s a leg, forgiven; priced as the stops say.",
            {"request.travel.speed_kmh": 27.99},
        ),
    ]
)
