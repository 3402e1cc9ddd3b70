"""Re-planning over two days: a running shift, van stock that lasts, finished work, told, ill and cancelled visits.

Legs (either way): home-s1 900 s 6 km, home-s2 1200 s 8 km, home-s3 1800 s 15 km, s1-s2 600 s 3 km, s1-s3 1500 s 12 km,
s2-s3 900 s 5 km. It is Monday 10:00.

wu, Monday: at s1 to 10:15 (F1 and the break are done, the meter is in hand), then
  10:15 s1, +600 = 10:25 s2, V1 3600 s = 11:25 (after F1's end 09:50 + 2100 s = 10:25:00; same engineer as F1; fuse, meter),
  +900 = 11:40 s3, V3 3600 s = 12:40, +1800 = 13:10 home. travel 3300 s, 3+5+15 = 23 km, work 7200.
wu, Tuesday: 08:00 home, +900 = 08:15 s1, V2 begins 08:30 (wait 900), 5400 s = 10:00, +900 = 10:15 home. travel 1800 s,
  12 km, work 5400. V2 takes the second and last fuse that the van had on Monday.
zheng, Monday, not listed as running, so at home from 10:00: +900 = 10:15 s1, V4 1800 s = 10:45, +900 = 11:00 home.

Before: V1 wu 10:25 (kept); V2 wu 08:20 (600 s off: inside the tolerance); V3 told, zheng 11:00, promised
10:30-11:15; V4 pinned to feng, who is ill; V5 told and pinned, cancelled; V6 zheng 15:00, now skipped.

skipped        V6 60
travel         6900 s = 115, 47 km: 162
overqualified  V1 3 - 3 = 0, V2 3 - 2, V3 3 - 2, V4 2 - 1: 15
balance        wu 5100 + 12 600 = 17 700 s: 0.5 x 24.173611 = 12.0868; zheng 3600 s: 0.5; 12.5868
change         V3 told: (80 + 11:15 to 11:40 = 25 min x 30/h = 12.50) x 3 = 277.50
               V4 planned: 80 + (15 - 10 = 5 min) 2.50 = 82.50; V6 planned, skipped: 200; 560.00
total          60+162+15+12.5868+560 = 809.5868
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, left_out, plan, route, span, stop

DAY = {"start_location": "home", "end_location": "home"}

REQUEST = {
    "version": 1,
    "now": at("10:00"),
    "locations": [
        {"id": "home", "lat": 22.5, "lon": 114.0},
        {"id": "s1", "lat": 22.53, "lon": 114.05},
        {"id": "s2", "lat": 22.54, "lon": 114.06},
        {"id": "s3", "lat": 22.6, "lon": 114.1},
    ],
    "travel": {
        "model": "matrix",
        "seconds": [[0, 900, 1200, 1800], [900, 0, 600, 1500], [1200, 600, 0, 900], [1800, 1500, 900, 0]],
        "metres": [[0, 6000, 8000, 15000], [6000, 0, 3000, 12000], [8000, 3000, 0, 5000], [15000, 12000, 5000, 0]],
    },
    "engineers": [
        {
            "id": "wu",
            "skills": {"elec": 3},
            "van": {"fuse": 2},
            "shifts": [
                {
                    "id": "mon",
                    "start": at("08:00"),
                    "end": at("17:00"),
                    **DAY,
                    "breaks": [{"from": at("09:30"), "to": at("13:00"), "duration_s": 1200}],
                },
                {"id": "tue", "start": at("+08:00"), "end": at("+12:00"), **DAY},
            ],
        },
        {
            "id": "zheng",
            "skills": {"elec": 2},
            "shifts": [{"id": "mon", "start": at("09:00"), "end": at("18:00"), **DAY}],
        },
    ],
    "tickets": [
        {
            "id": "V1",
            "location": "s2",
            "duration_s": 3600,
            "requires": {"elec": 3},
            "parts": {"fuse": 1},
            "tools": ["meter"],
            "skip_cost": 300,
            "after": [{"ticket": "F1", "gap_s": 2100}],
            "same_engineer_as": "F1",
        },
        {
            "id": "V2",
            "location": "s1",
            "duration_s": 5400,
            "requires": {"elec": 2},
            "parts": {"fuse": 1},
            "windows": [span("+08:30", "+09:00")],
            "skip_cost": 300,
        },
        {"id": "V3", "location": "s3", "duration_s": 3600, "requires": {"elec": 2}, "skip_cost": 300},
        {"id": "V4", "location": "s1", "duration_s": 1800, "requires": {"elec": 1}, "skip_cost": 300},
        {"id": "V6", "location": "s2", "duration_s": 1800, "requires": {"elec": 1}, "skip_cost": 60},
    ],
    "previous": {
        "engineers": [
            {
                "engineer": "wu",
                "shift": "mon",
                "location": "s1",
                "from": at("10:15"),
                "breaks_done": [0],
                "tools": ["meter"],
            }
        ],
        "finished": [{"ticket": "F1", "end": at("09:50"), "engineer": "wu"}],
        "visits": [
            {"ticket": "V1", "engineer": "wu", "shift": "mon", "start": at("10:25"), "state": "planned", "pin": "none"},
            {
                "ticket": "V2",
                "engineer": "wu",
                "shift": "tue",
                "start": at("+08:20"),
                "state": "planned",
                "pin": "none",
            },
            {
                "ticket": "V3",
                "engineer": "zheng",
                "shift": "mon",
                "start": at("11:00"),
                "state": "told",
                "pin": "none",
                "promised": span("10:30", "11:15"),
            },
            {
                "ticket": "V4",
                "engineer": "feng",
                "shift": "mon",
                "start": at("10:30"),
                "state": "planned",
                "pin": "engineer",
            },
            {"ticket": "V5", "engineer": "wu", "shift": "mon", "start": at("14:00"), "state": "told", "pin": "start"},
            {
                "ticket": "V6",
                "engineer": "zheng",
                "shift": "mon",
                "start": at("15:00"),
                "state": "planned",
                "pin": "none",
            },
        ],
        "max_changes": 3,
    },
}

ILL = {"ticket": "V4", "code": "shift_hours", "text": "feng is ill"}

PLAN = plan(
    [
        route(
            "wu/mon",
            (3300, 23000, 7200, 0, 0),
            "start - s1 10:15 10:15 10:15 0 0",
            stop("visit V1 s2 10:25 10:25 11:25 600 3000", parts={"fuse": 1}, tools=["meter"]),
            "visit V3 s3 11:40 11:40 12:40 900 5000",
            "end - home 13:10 13:10 13:10 1800 15000",
        ),
        route(
            "wu/tue",
            (1800, 12000, 5400, 900, 0),
            "start - home +08:00 +08:00 +08:00 0 0",
            stop("visit V2 s1 +08:15 +08:30 +10:00 900 6000", parts={"fuse": 1}),
            "end - home +10:15 +10:15 +10:15 900 6000",
        ),
        route(
            "zheng/mon",
            (1800, 12000, 1800, 0, 0),
            "start - home 10:00 10:00 10:00 0 0",
            "visit V4 s1 10:15 10:15 10:45 900 6000",
            "end - home 11:00 11:00 11:00 900 6000",
        ),
    ],
    [left_out("V6", "displaced", "displaced", gap={"value": 12.5, "unit": "CNY"})],
    broken_pins=[ILL],
)

WORLD = World(
    name="tuesday",
    title="Re-planning over two days",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={"skipped": 60, "travel": 162, "overqualified": 15, "balance": 12.59, "change": 560},
    total=809.59,
)

PREVIOUS = "request.previous"
WAS = PREVIOUS + ".visits"
TICKET = "request.tickets"
ZHENG = "request.engineers[zheng].shifts[mon]"
WU_BREAK = "request.engineers[wu].shifts[mon].breaks[0]"
WIDE = {f"{TICKET}[V2].windows": [span("+08:30", "+09:30")]}
PIN_V1 = {f"{WAS}[V1].pin": "start"}
NEW_V4: dict[str, object] = {f"{WAS}[V4]": DROP, "plan.broken_pins": []}
NEW_V4_WHY = "V4 was not planned before (change 477.50, total 727.0868). "
NEW_V4_TERMS = {"change": 477.5}

WORLD.cases.extend(
    [
        Case(
            "after_a_second_too_early",
            "F1's end 09:50 + 2101 s = 10:25:01.",
            {f"{TICKET}[V1].after[0].gap_s": 2101},
            "after",
        ),
        Case("after_a_second_spare", "F1's end 09:50 + 2099 s = 10:24:59.", {f"{TICKET}[V1].after[0].gap_s": 2099}),
        Case(
            "after_a_skipped_ticket",
            "V2 comes after V6, which is skipped: V2 had to be skipped too.",
            {f"{TICKET}[V2].after": [{"ticket": "V6", "gap_s": 0}]},
            "after",
        ),
        Case(
            "before_what_it_follows",
            "V4 (10:15) comes after V1 (ends 11:25).",
            {f"{TICKET}[V4].after": [{"ticket": "V1", "gap_s": 0}]},
            "after",
        ),
        Case(
            "finished_by_another",
            "F1 was zheng's, V1 is wu's.",
            {PREVIOUS + ".finished[F1].engineer": "zheng"},
            "same_engineer",
        ),
        Case("same_engineer_on_both_days", "V2 has the engineer of V3: wu.", {f"{TICKET}[V2].same_engineer_as": "V3"}),
        Case(
            "same_engineer_broken",
            "V4 (zheng) should have the engineer of V3 (wu).",
            {f"{TICKET}[V4].same_engineer_as": "V3"},
            "same_engineer",
        ),
        Case(
            "same_engineer_as_a_skipped_ticket",
            "V6 is not served, so V4 is free.",
            {f"{TICKET}[V4].same_engineer_as": "V6"},
        ),
        Case(
            "van_empty_on_tuesday",
            "One fuse: used up by V1 on Monday.",
            {"request.engineers[wu].van": {"fuse": 1}},
            "van_stock",
        ),
        Case("meter_not_in_hand", "The meter was not lent.", {PREVIOUS + ".engineers[wu].tools": []}, "tool"),
        Case(
            "meter_back_on_tuesday",
            "Monday's meter is not at hand for V2 on Tuesday.",
            {f"{TICKET}[V2].tools": ["meter"], "plan.routes[wu/tue].stops[1].tools": ["meter"]},
            "tool",
        ),
        Case(
            "free_a_second_later",
            "wu may leave s1 from 10:15:01.",
            {PREVIOUS + ".engineers[wu].from": at("10:15:01")},
            "route_start",
        ),
        Case(
            "rest_begins_elsewhere",
            "wu is at s2, the rest of the route leaves s1.",
            {PREVIOUS + ".engineers[wu].location": "s2"},
            "route_start",
        ),
        Case(
            "not_listed_is_at_the_start_location",
            "zheng's shift starts at s3; not listed, that is where he is.",
            {"request.engineers[zheng].shifts[mon].start_location": "s3"},
            "route_start",
        ),
        Case(
            "break_not_done",
            "The break of 09:30-13:00 is owed, the rest runs to 13:10.",
            {PREVIOUS + ".engineers[wu].breaks_done": []},
            "break",
        ),
        Case(
            "break_over_before_the_rest",
            "To 10:14:59, before wu may leave at 10:15.",
            {PREVIOUS + ".engineers[wu].breaks_done": [], WU_BREAK + ".to": at("10:14:59")},
        ),
        Case(
            "break_over_at_the_rest",
            "To 10:15:00: the rest does not run from before it.",
            {PREVIOUS + ".engineers[wu].breaks_done": [], WU_BREAK + ".to": at("10:15")},
        ),
        Case(
            "break_just_owed",
            "To 10:15:01: the rest runs from 10:15:00 to after it.",
            {PREVIOUS + ".engineers[wu].breaks_done": [], WU_BREAK + ".to": at("10:15:01")},
            "break",
        ),
        Case(
            "pinned_start_moved",
            "V1 was pinned at 10:30 and begins 10:25 (inside the tolerance: no price).",
            {**PIN_V1, f"{WAS}[V1].start": at("10:30")},
            "pin",
        ),
        Case("pinned_start_kept", "V1 is pinned at 10:25:00 and begins then.", PIN_V1),
        Case(
            "pinned_start_moved_a_second",
            "V1 was pinned at 10:25:01 and begins a second before it.",
            {**PIN_V1, f"{WAS}[V1].start": at("10:25:01")},
            "pin",
        ),
        Case(
            "pinned_to_the_engineer_only",
            "V1 keeps wu; its start 10:30 is not pinned.",
            {f"{WAS}[V1].start": at("10:30"), f"{WAS}[V1].pin": "engineer"},
        ),
        Case(
            "pinned_engineer_changed",
            "V3 was pinned to zheng, who could have done it.",
            {f"{WAS}[V3].pin": "engineer"},
            "pin",
        ),
        Case("pinned_visit_skipped", "V6 was pinned to zheng and is skipped.", {f"{WAS}[V6].pin": "engineer"}, "pin"),
        Case(
            "freeze_up_to_the_start",
            "V3 was to start at 11:00:00, not before the freeze's end 11:00:00.",
            {PREVIOUS + ".freeze_until": at("11:00")},
        ),
        Case(
            "freeze_a_second_longer",
            "V3 was to start before 11:00:01: it had to keep engineer and start.",
            {PREVIOUS + ".freeze_until": at("11:00:01")},
            "freeze",
        ),
        Case(
            "frozen_visit_skipped",
            "V6 was to start at 10:35 with zheng, frozen to 10:36, and is skipped.",
            {PREVIOUS + ".freeze_until": at("10:36"), f"{WAS}[V6].start": at("10:35")},
            "freeze",
        ),
        Case(
            "broken_pin_not_listed", "V4's pin to feng is not in broken_pins.", {"plan.broken_pins": []}, "broken_pins"
        ),
        Case(
            "broken_pin_of_no_pin",
            "V3 was neither pinned nor frozen, yet it is listed.",
            {"plan.broken_pins[+]": {"ticket": "V3", "code": "shift_hours", "text": "moved"}},
            "broken_pins",
        ),
        Case(
            "broken_pin_of_one_kept",
            "V1 is pinned and kept, yet it is listed.",
            {**PIN_V1, "plan.broken_pins[+]": {"ticket": "V1", "code": "shift_hours", "text": "moved"}},
            "broken_pins",
        ),
        Case(
            "ill_and_frozen",
            "V4 (10:30) would be frozen to 10:31, but feng is ill: nothing binds it, nothing to list.",
            {PREVIOUS + ".freeze_until": at("10:31"), f"{WAS}[V4].pin": "none", "plan.broken_pins": []},
        ),
        Case(
            "shift_gone",
            "V4 was in a shift of zheng that is gone: another start, the same engineer: 2.50. Change "
            "277.50+2.50+200 = 480, total 729.5868.",
            {f"{WAS}[V4].engineer": "zheng", f"{WAS}[V4].shift": "sunday"},
            terms={"change": 480},
            total=729.59,
        ),
        Case(
            "told_and_ill",
            "V4 was told: three times 82.50 = 247.50. Change 725, total 974.5868.",
            {f"{WAS}[V4].state": "told"},
            terms={"change": 725},
            total=974.59,
        ),
        Case(
            "told_and_skipped",
            "V6 was told: 3 x 200. Change 960, total 1209.5868.",
            {f"{WAS}[V6].state": "told"},
            terms={"change": 960},
            total=1209.59,
        ),
        Case(
            "promise_just_kept",
            "V3 begins 11:40:00, promised to 11:40:00: 3 x 80 = 240. Change 522.50, total 772.0868.",
            {f"{WAS}[V3].promised": span("10:30", "11:40")},
            terms={"change": 522.5},
            total=772.09,
        ),
        Case(
            "promise_missed_by_ten_seconds",
            "3 x 10 s x 30/h = 0.25. Change 522.75, total 772.3368.",
            {f"{WAS}[V3].promised": span("10:30", "11:39:50")},
            terms={"change": 522.75},
            total=772.34,
        ),
        Case(
            "earlier_than_promised",
            "Promised 12:00-13:00, begun 11:40: 20 min x 30/h = 10, x 3 = 30. Change "
            "240+30+82.50+200 = 552.50, total 802.0868.",
            {f"{WAS}[V3].promised": span("12:00", "13:00")},
            terms={"change": 552.5},
            total=802.09,
        ),
        Case(
            "told_without_promise",
            "V3 was told 11:00, no promise: 40 - 10 = 30 min x 30/h = 15, x 3 = 45. Change "
            "240+45+82.50+200 = 567.50, total 817.0868.",
            {f"{WAS}[V3].promised": DROP},
            terms={"change": 567.5},
            total=817.09,
        ),
        Case(
            "ten_seconds_outside_the_tolerance",
            "V2 was at 08:19:50, 610 s before 08:30: 10 s x 30/h = 0.0833. Change 560.0833, total 809.6701.",
            {f"{WAS}[V2].start": at("+08:19:50")},
            terms={"change": 560.08},
            total=809.67,
        ),
        Case(
            "changes_just_enough",
            NEW_V4_WHY + "Changed: V3 and V6; 2 allowed.",
            {**NEW_V4, PREVIOUS + ".max_changes": 2},
            terms=NEW_V4_TERMS,
            total=727.09,
        ),
        Case(
            "changes_one_too_many",
            NEW_V4_WHY + "Changed: V3 and V6; 1 allowed.",
            {**NEW_V4, PREVIOUS + ".max_changes": 1},
            "change_budget",
            terms=NEW_V4_TERMS,
            total=727.09,
        ),
        Case(
            "the_ill_do_not_count",
            "V3 and V6 count. V4 does not: in its old shift it cannot be served at all. 2 allowed.",
            {PREVIOUS + ".max_changes": 2},
        ),
        Case(
            "impossible_where_it_was_does_not_count",
            NEW_V4_WHY + "V3 requires elec 3 now, which zheng lacks: not counted; "
            "V6 counts, 1 allowed. Overqualified V3 3 - 3 = 0: -5, total 722.0868.",
            {**NEW_V4, PREVIOUS + ".max_changes": 1, f"{TICKET}[V3].requires": {"elec": 3}},
            terms={"change": 477.5, "overqualified": 10},
            total=722.09,
        ),
        Case(
            "half_an_hour_does_not_count",
            NEW_V4_WHY + "V2 was at 09:00:00, now 08:30:00: 30 min, not more. 20 min outside "
            "the tolerance: +10, total 737.0868.",
            {**NEW_V4, **WIDE, PREVIOUS + ".max_changes": 2, f"{WAS}[V2].start": at("+09:00")},
            terms={"change": 487.5},
            total=737.09,
        ),
        Case(
            "a_second_over_half_an_hour_counts",
            NEW_V4_WHY + "V2 was at 09:00:01: 30 min 1 s; 3 changes, 2 allowed. 1201 s "
            "outside: +10.0083, change 487.5083, total 737.0951.",
            {**NEW_V4, **WIDE, PREVIOUS + ".max_changes": 2, f"{WAS}[V2].start": at("+09:00:01")},
            "change_budget",
            {"change": 487.51},
            737.10,
        ),
        Case(
            "another_day_counts",
            NEW_V4_WHY + "V2 was in wu's Monday at 14:00 (it has no window here), and is on Tuesday "
            "08:30: 18.5 h - 10 min = 18 h 20 min x 30/h = 550. Change 1027.50, total 1277.0868; 3 changes, 2 allowed.",
            {
                **NEW_V4,
                f"{TICKET}[V2].windows": [],
                PREVIOUS + ".max_changes": 2,
                f"{WAS}[V2].start": at("14:00"),
                f"{WAS}[V2].shift": "mon",
            },
            "change_budget",
            {"change": 1027.5},
            1277.09,
        ),
        Case(
            "travelling_visit_skipped",
            "V6 was on the way: it may not be skipped, and is never priced. Change 360, total 609.5868.",
            {f"{WAS}[V6].state": "travelling"},
            "travelling",
            {"change": 360},
            609.59,
        ),
        Case("wrong_change", "560.03 for 560.00.", {"plan.objective.terms.change": 560.03}, "objective.change"),
        Case("change_two_cents_off", "559.98 for 560.00: forgiven.", {"plan.objective.terms.change": 559.98}),
        Case(
            "finished_ticket_still_listed",
            "F1 stands in tickets as well: it is history, neither served nor skipped.",
            {f"{TICKET}[+]": {"id": "F1", "location": "s1", "duration_s": 600, "requires": {}, "skip_cost": 10}},
        ),
        Case(
            "finished_ticket_skipped",
            "F1 stands in tickets and is skipped: what is done is not in the plan.",
            {
                f"{TICKET}[+]": {"id": "F1", "location": "s1", "duration_s": 600, "requires": {}, "skip_cost": 10},
                "plan.skipped[+]": left_out("F1", "displaced", "displaced"),
            },
            "served",
            None,
        ),
        Case(
            "planned_with_a_promise",
            "V2 was planned 08:20 and promised 08:20-08:25; it begins 08:30: 5 min x 30/h = 2.50. Change "
            "562.50, total 812.0868.",
            {f"{WAS}[V2].promised": span("+08:20", "+08:25")},
            terms={"change": 562.5},
            total=812.09,
        ),
        *(
            Case(
                f"uncounted_by_{rule}",
                f"{NEW_V4_WHY}{why}: alone in its old shift V3 would break a rule, so V6 alone counts; 1 allowed.",
                {**NEW_V4, PREVIOUS + ".max_changes": 1, **edits},
                terms=NEW_V4_TERMS,
                total=727.09,
            )
            for rule, why, edits in (
                ("absence", "zheng is away 11:59-12:10", {f"{ZHENG}.absences": [span("11:59", "12:10")]}),
                (
                    "shift_end",
                    "zheng's shift ends 12:29:59, home would be 12:30 (V6 was at 10:30)",
                    {f"{ZHENG}.end": at("12:29:59"), f"{WAS}[V6].start": at("10:30")},
                ),
                (
                    "part",
                    "V3 needs a chip, of which only wu has one",
                    {
                        f"{TICKET}[V3].parts": {"chip": 1},
                        "request.engineers[wu].van.chip": 1,
                        "plan.routes[wu/mon].stops[2].parts": {"chip": 1},
                    },
                ),
                (
                    "break",
                    "zheng owes a break that must begin 11:10-11:59:59, and V3 would last from 11:00 to 12:00",
                    {f"{ZHENG}.breaks": [{"from": at("11:10"), "to": at("11:59:59"), "duration_s": 600}]},
                ),
            )
        ),
        *(
            Case(
                f"counted_in_spite_of_{rule}",
                f"{NEW_V4_WHY}{why}: V3 could have stayed, it and V6 count; 1 allowed.",
                {**NEW_V4, PREVIOUS + ".max_changes": 1, **edits},
                "change_budget",
                NEW_V4_TERMS,
                727.09,
            )
            for rule, why, edits in (
                (
                    "absence",
                    "zheng is away 12:30-12:40, after he would be home",
                    {f"{ZHENG}.absences": [span("12:30", "12:40")]},
                ),
                (
                    "shift_end",
                    "zheng's shift ends 12:30:00, when he would be home (V6 was at 10:30)",
                    {f"{ZHENG}.end": at("12:30"), f"{WAS}[V6].start": at("10:30")},
                ),
                (
                    "break",
                    "zheng's break may begin 11:10-12:00:00, when V3 would end",
                    {f"{ZHENG}.breaks": [{"from": at("11:10"), "to": at("12:00"), "duration_s": 600}]},
                ),
            )
        ),
    ]
)
