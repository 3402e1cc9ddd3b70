"""Journeys through a morning peak and one past midnight, factors that need exact decimals, a repeated place.

Legs: home-s1 3000 s 20 km, s1-s2 1500 s 9 km (s2-s1: no way), s2-home and home-s2 2000 s 15 km, s1-home 3100 s 21 km.
Peaks: 07:30-09:00 x 1.5 on Monday to Friday; 22:00-00:30 x 2 for a peak that begins on a Monday.

sun (speed x 1.1; service net x 1.1, cool x 1.25), shift 07:00-12:00:
  07:00 home -> s1 3000 x 1.1 = 3300 s: 1800 before the peak, the other 1500 x 1.5 = 2250 in it: 4050 s, 08:07:30.
  M   1772 x 1.1 = 1949.2 -> 1950 s: 08:40:00.
  s1 -> s2 1500 x 1.1 = 1650 s: 1200 s to 09:00 advance 800, then 850: 2050 s, 09:14:10.
  N   3600 x 1.1 = 3960 s exactly: 10:20:10.
  O   at the same place, so without its set-up of 600; net and cool, the larger factor 1.25: 1800 x 1.25 = 2250: 10:57:40.
  s2 -> home 2000 x 1.1 = 2200 s: 11:34:20.
  travel 4050+2050+0+2200 = 8300 s, 20+9+15 = 44 km, work 1950+3960+2250 = 8160, no wait.
qian, shift 21:00-06:00 with an open end:
  21:30 home -> s1 3000 s: 1800 to 22:00, 1200 x 2 = 2400 in the peak: 4200 s, 22:40.
  P   5000 s: 00:03:20 on Tuesday.
  s1 -> s2 1500 s: 1600 s to 00:30 advance 800, then 700: 2300 s, 00:41:40.
  Q   3000 + set-up 600 = 3600 s: 01:41:40, which is the end of the route.
  travel 6500 s, 29 km, work 8600.

late_resolution  Q ends 01:41:40, by 01:00: 20 + 2500 s x 30/h = 20 + 20.8333 = 40.8333
travel           14 800 s x 60/h = 246.6667, 73 km: 319.6667
not_preferred    P prefers sun: 40
overqualified    M net 3 - 2 = 1; N 0; O (3 - 1) + (2 - 2) = 2; P, Q 0: 3 levels = 15
balance          sun 16 460 s: 0.5 x 20.905216 = 10.4526; qian 15 100 s: 0.5 x 17.593364 = 8.7967; 19.2493
total            40.83333+319.66667+40+15+19.2493 = 434.7493
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import Case, World, at, plan, route, stop

REQUEST = {
    "version": 1,
    "now": at("07:00"),
    "locations": [
        {"id": "home", "lat": 30.0, "lon": 120.0},
        {"id": "s1", "lat": 30.1, "lon": 120.0},
        {"id": "s2", "lat": 30.1, "lon": 120.1},
    ],
    "travel": {
        "model": "matrix",
        "seconds": [[0, 3000, 2000], [3100, 0, 1500], [2000, None, 0]],
        "metres": [[0, 20000, 15000], [21000, 0, 9000], [15000, None, 0]],
        "peaks": [
            {"from": "07:30", "to": "09:00", "factor": 1.5, "weekdays": [1, 2, 3, 4, 5]},
            {"from": "22:00", "to": "00:30", "factor": 2, "weekdays": [1]},
        ],
    },
    "engineers": [
        {
            "id": "sun",
            "skills": {"net": 3, "cool": 2},
            "service_factor": {"net": 1.1, "cool": 1.25},
            "speed_factor": 1.1,
            "shifts": [
                {
                    "id": "day",
                    "start": at("07:00"),
                    "end": at("12:00"),
                    "start_location": "home",
                    "end_location": "home",
                }
            ],
        },
        {
            "id": "qian",
            "skills": {"net": 2},
            "shifts": [{"id": "night", "start": at("21:00"), "end": at("+06:00"), "start_location": "home"}],
        },
    ],
    "tickets": [
        {"id": "M", "location": "s1", "duration_s": 1772, "requires": {"net": 2}, "skip_cost": 100},
        {"id": "N", "location": "s2", "duration_s": 3600, "requires": {"net": 3}, "skip_cost": 100},
        {
            "id": "O",
            "location": "s2",
            "duration_s": 1800,
            "setup_s": 600,
            "requires": {"net": 1, "cool": 2},
            "skip_cost": 100,
        },
        {"id": "P", "location": "s1", "duration_s": 5000, "requires": {"net": 2}, "skip_cost": 100, "prefer": ["sun"]},
        {
            "id": "Q",
            "location": "s2",
            "duration_s": 3000,
            "setup_s": 600,
            "requires": {},
            "resolve": {"by": at("+01:00"), "cost": 20, "cost_per_h": 30},
            "skip_cost": 100,
        },
    ],
}

PLAN = plan(
    [
        route(
            "sun/day",
            (8300, 44000, 8160, 0, 0),
            "start - home 07:00 07:00 07:00 0 0",
            "visit M s1 08:07:30 08:07:30 08:40 4050 20000",
            "visit N s2 09:14:10 09:14:10 10:20:10 2050 9000",
            "visit O s2 10:20:10 10:20:10 10:57:40 0 0",
            "end - home 11:34:20 11:34:20 11:34:20 2200 15000",
        ),
        route(
            "qian/night",
            (6500, 29000, 8600, 0, 0),
            "start - home 21:30 21:30 21:30 0 0",
            "visit P s1 22:40 22:40 +00:03:20 4200 20000",
            "visit Q s2 +00:41:40 +00:41:40 +01:41:40 2300 9000",
            "end - s2 +01:41:40 +01:41:40 +01:41:40 0 0",
        ),
    ]
)

SUN = "request.engineers[sun]"
DAY = "plan.routes[sun/day]"
PEAKS = "request.travel.peaks"


def home_leg(seconds: int, metres: int = 15000) -> dict[str, object]:
    """Let sun's way home, 2200 s and 15 000 m, take these."""
    minute, second = divmod(57 * 60 + 40 + seconds, 60)
    clock = f"{10 + minute // 60}:{minute % 60:02}:{second:02}"
    return {
        f"{DAY}.stops[4]": stop(f"end - home {clock} {clock} {clock} {seconds} {metres}"),
        f"{DAY}.travel_s": 6100 + seconds,
        f"{DAY}.travel_m": 29000 + metres,
    }


WORLD = World(
    name="peaks",
    title="Peaks, one past midnight, and factors",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"late_resolution": 40.83, "travel": 319.67, "not_preferred": 40, "overqualified": 15, "balance": 19.25},
    total=434.75,
)

WORLD.cases.extend(
    [
        Case(
            "leg_a_second_long",
            "2201 s for 2200: forgiven. Priced as the stops say: travel 319.66667 + 60/3600 = 319.6833; balance of sun "
            "16 461 s: 270 964 521 / 12 960 000 x 0.5 = 10.45388 -> 10.4539 (+0.0013). Total 434.7493+0.01667+0.0013 = "
            "434.7673.",
            home_leg(2201),
            terms={"travel": 319.68},
            total=434.77,
        ),
        Case(
            "leg_a_second_short",
            "2199 s for 2200: forgiven. Travel 319.65; balance of sun 16 459 s: 270 898 681 / 12 960 000 x 0.5 = 10.45134 "
            "-> 10.4513 (-0.0013). Total 434.7493-0.01667-0.0013 = 434.7313.",
            home_leg(2199),
            terms={"travel": 319.65},
            total=434.73,
        ),
        Case(
            "leg_two_seconds_long",
            "2202 s for 2200. Travel 319.7000; balance of sun 16 462 s: 270 997 444 / 12 960 000 x 0.5 = 10.45515 -> "
            "10.4552 (+0.0026). Total 434.7493+0.03333+0.0026 = 434.7852.",
            home_leg(2202),
            "travel",
            {"travel": 319.7},
            434.79,
        ),
        Case(
            "leg_two_seconds_short",
            "2198 s for 2200. Travel 319.6333; balance of sun 16 458 s: 270 865 764 / 12 960 000 x 0.5 = 10.45007 -> "
            "10.4501 (-0.0025). Total 434.7493-0.03333-0.0025 = 434.7135.",
            home_leg(2198),
            "travel",
            {"travel": 319.63},
            434.71,
        ),
        Case("leg_a_metre_off", "15 001 m: forgiven. 0.001 CNY more: 319.66767, 434.7503.", home_leg(2200, 15001)),
        Case("leg_two_metres_off", "15 002 m. 0.002 CNY more: 319.66867, 434.7513.", home_leg(2200, 15002), "travel"),
        Case(
            "peak_on_another_weekday",
            "The night's peak is Tuesday's: both of qian's legs would be faster.",
            {f"{PEAKS}[1].weekdays": [2]},
            "travel",
        ),
        Case(
            "peak_s_weekday_is_that_of_its_begin",
            "On Monday and Tuesday: the peak of Monday night alone is met, nothing changes.",
            {f"{PEAKS}[1].weekdays": [1, 2]},
        ),
        Case("weekend_peak_only", "The morning's peak is at weekends.", {f"{PEAKS}[0].weekdays": [6, 7]}, "travel"),
        Case(
            "peak_that_ends_at_the_leaving",
            "A peak 06:00-07:00 and one 20:30-21:30: sun leaves at 07:00:00, qian at 21:30:00, neither is slowed.",
            {
                f"{PEAKS}[+]": {"from": "06:00", "to": "07:00", "factor": 3, "weekdays": [1]},
                f"{PEAKS}[<0]": {"from": "20:30", "to": "21:30", "factor": 3},
            },
        ),
        Case(
            "peak_that_begins_at_the_leaving",
            "A peak 21:30-22:00 x 2, its beginning included: qian would advance 900 s to 22:00, 2100 x 2 more: 23:40.",
            {f"{PEAKS}[+]": {"from": "21:30", "to": "22:00", "factor": 2}},
            "travel",
        ),
        Case(
            "no_way",
            "s1 to s2 is closed too, yet both drive it.",
            {"request.travel.seconds[1][2]": None, "request.travel.metres[1][2]": None},
            "travel",
        ),
        Case(
            "certificate_to_the_last_second",
            "net to 10:57:40, when O ends.",
            {SUN + ".skills_until": {"net": at("10:57:40")}},
        ),
        Case(
            "certificate_a_second_short",
            "net to 10:57:39, O ends 10:57:40.",
            {SUN + ".skills_until": {"net": at("10:57:39")}},
            "skill_lapsed",
        ),
        Case(
            "certificate_of_no_matter",
            "elec lapsed at 08:00; no ticket here needs it.",
            {SUN + ".skills.elec": 1, SUN + ".skills_until": {"elec": at("08:00")}},
        ),
        Case(
            "visits_just_enough", "3 visits of 3; pick-ups and breaks are none.", {SUN + ".shifts[day].max_visits": 3}
        ),
        Case("visits_one_too_many", "3 visits, 2 allowed.", {SUN + ".shifts[day].max_visits": 2}, "visits_limit"),
        Case("travel_just_enough", "8300 s of 8300.", {SUN + ".shifts[day].max_travel_s": 8300}),
        Case(
            "travel_a_second_over", "8300 s, 8299 allowed.", {SUN + ".shifts[day].max_travel_s": 8299}, "travel_limit"
        ),
        Case("busy_just_enough", "8300 + 8160 = 16 460 s.", {SUN + ".max_busy_s": 16460}),
        Case("busy_a_second_over", "16 460 s, 16 459 allowed.", {SUN + ".max_busy_s": 16459}, "busy_limit"),
        Case("now_a_second_later", "sun left at 07:00:00.", {"request.now": at("07:00:01")}, "now"),
        Case(
            "shift_begins_a_second_later",
            "sun left at 07:00:00.",
            {SUN + ".shifts[day].start": at("07:00:01")},
            "route_start",
        ),
        Case("shift_ends_at_the_end", "11:34:20, no overtime.", {SUN + ".shifts[day].end": at("11:34:20")}),
        Case(
            "shift_ends_a_second_before",
            "11:34:19 and no overtime allowed: 1 s over, priced 90/3600 = 0.025 and stated so; total 434.7743.",
            {SUN + ".shifts[day].end": at("11:34:19"), DAY + ".overtime_s": 1},
            "shift_end",
            None,
        ),
        Case(
            "set_up_left_out",
            "P has a set-up of 600 and the stop before is the start: 5600 s, not 5000.",
            {"request.tickets[P].setup_s": 600},
            "timing",
        ),
        Case(
            "set_up_takes_the_factor",
            "M 1672 + set-up 100 = 1772, x 1.1 = 1949.2 -> 1950: the set-up is added to the duration, and durations are "
            "multiplied.",
            {"request.tickets[M].duration_s": 1672, "request.tickets[M].setup_s": 100},
        ),
        Case(
            "duration_rounded_up",
            "M 1773 x 1.1 = 1950.3 -> 1951, the plan says 1950.",
            {"request.tickets[M].duration_s": 1773},
            "timing",
        ),
        Case(
            "duration_at_the_rounding",
            "M 1771 x 1.1 = 1948.1 -> 1949, the plan says 1950.",
            {"request.tickets[M].duration_s": 1771},
            "timing",
        ),
        Case(
            "factor_one_where_not_named",
            "N requires only pump, for which sun has no factor: 3960 s of work x 1.",
            {
                "request.tickets[N].requires": {"pump": 3},
                SUN + ".skills.pump": 3,
                "request.tickets[N].duration_s": 3960,
            },
        ),
        Case(
            "wait_after_work",
            "sun stays a minute after O (work_s says so), then drives 2200 s.",
            {
                DAY + ".stops[3].leave": at("10:58:40"),
                DAY + ".work_s": 8220,
                DAY + ".stops[4]": stop("end - home 11:35:20 11:35:20 11:35:20 2200 15000"),
            },
            "timing",
            None,
        ),
        Case(
            "arrives_later_than_the_leg_says",
            "The way home takes 2200 s; the end says a minute more.",
            {DAY + ".stops[4]": stop("end - home 11:35:20 11:35:20 11:35:20 2200 15000")},
            "timing",
            {},
        ),
        Case(
            "peaks_in_another_offset",
            "now is told in UTC, so the peaks are: 23:30-01:00 of a Sunday and 14:00-16:30 of a Monday.",
            {
                "request.now": "2026-11-22T23:00:00+00:00",
                PEAKS: [
                    {"from": "23:30", "to": "01:00", "factor": 1.5, "weekdays": [7]},
                    {"from": "14:00", "to": "16:30", "factor": 2, "weekdays": [1]},
                ],
            },
        ),
        Case(
            "peaks_left_in_the_old_offset",
            "now is told in UTC, the peaks stand: 07:30 UTC is 15:30 here.",
            {"request.now": "2026-11-22T23:00:00+00:00"},
            "travel",
        ),
        Case(
            "way_within_a_place",
            "Within one location a leg is 0, whatever the table says.",
            {"request.travel.seconds[2][2]": 60, "request.travel.metres[2][2]": 100},
        ),
        Case(
            "factor_below_one",
            "O requires cool only, at 0.5 here: 4500 x 0.5 = 2250 s. Overqualified M 1, O 0: 5; total 424.7493.",
            {
                "request.tickets[O].requires": {"cool": 2},
                "request.tickets[O].duration_s": 4500,
                SUN + ".service_factor.cool": 0.5,
            },
            terms={"overqualified": 5},
            total=424.75,
        ),
        Case(
            "larger_of_a_half_and_none",
            "O requires cool (0.5) and aux (not named: 1): 2250 x 1. Overqualified 5; total 424.7493.",
            {
                "request.tickets[O].requires": {"cool": 2, "aux": 1},
                "request.tickets[O].duration_s": 2250,
                SUN + ".service_factor.cool": 0.5,
                SUN + ".skills.aux": 1,
            },
            terms={"overqualified": 5},
            total=424.75,
        ),
        Case(
            "two_peaks_on_one_leg",
            "qian's speed x 0.9: 2700 s to s1; a peak 21:30-21:40 x 2: 600 s advance 300, 1200 to 22:00, the "
            "other 1200 x 2 = 2400: 22:40 again. s1-s2 1350 s: 1600 advance 800, then 550: 2150 s, 00:39:10, wait 150. Travel "
            "317.1667; qian 14 950 s: 0.5 x 17.245563 = 8.6228 (balance 19.0754); total 432.0754.",
            {
                f"{PEAKS}[+]": {"from": "21:30", "to": "21:40", "factor": 2},
                "request.engineers[qian].speed_factor": 0.9,
                "plan.routes[qian/night].stops[2]": stop("visit Q s2 +00:39:10 +00:41:40 +01:41:40 2150 9000"),
                "plan.routes[qian/night].travel_s": 6350,
                "plan.routes[qian/night].wait_s": 150,
            },
            terms={"travel": 317.17, "balance": 19.08},
            total=432.08,
        ),
        Case(
            "arrives_a_second_after_the_leg",
            "10:57:40 + 2200 s = 11:34:20; the end says 11:34:21. A second is forgiven in what a leg "
            "takes, not in the sum.",
            {DAY + ".stops[4]": stop("end - home 11:34:21 11:34:21 11:34:21 2200 15000")},
            "timing",
        ),
    ]
)
