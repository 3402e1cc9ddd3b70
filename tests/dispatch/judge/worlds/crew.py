"""A crew of two, its parts split, a lent tool, stock that comes in at 10:30, overtime used up to the second.

Legs (either way): home-depot 600 s 5 km, home-alpha 1200 s 10 km, home-beta 900 s 7 km, depot-alpha 900 s 8 km,
depot-beta 1200 s 9 km, alpha-beta 600 s 4 km.

Engineers in this order: zhao (hvac 1, factor 1.2), li (hvac 3). CREW requires hvac 2, so the lead is li.
li    10:20 home, 10:30 depot: belt-x of the delivery of 10:30:00, a filter, the hoist; +300 s handling = 10:35,
      +900 = 10:50 alpha, CREW begins 11:30 (wait 2400), 3600 s = 12:30, break 1800 s = 13:00, +1200 = 13:20 home.
      travel 600+900+1200 = 2700 s, 5+8+10 = 23 km; work 300+3600 = 3900; wait 2400.
zhao  08:00 home, +900 = 08:15 beta, SMALL 1800 x 1.2 = 2160 s = 08:51, +600 = 09:01 alpha, CREW begins 11:30
      (wait 2 h 29 min = 8940 s), 3600 x 1.2 = 4320 s = 12:42, +1200 = 13:02 home; shift ends 12:30: overtime 1920 s,
      which is just what he may. travel 2700 s, 7+4+10 = 21 km; work 2160+4320 = 6480.
CREW needs 2 belts and a filter: zhao brings a belt of his van, li a belt-x (a substitute) and the filter.

skipped          LEFT 80.00
late_arrival     SMALL begins 08:15, by 08:10: 10 + 300 s x 60/h = 10 + 5 = 15.00
late_resolution  CREW: its last man ends 12:42, by 12:30: 720 s x 50/h = 10.00
travel           5400 s x 60/h = 90, 44 km x 1 = 44: 134.00
duration         10:20-13:20 = 10800 s and 08:00-13:02 = 18120 s: 28920 s x 12/h = 96.40
overtime         1920 s x 90/h = 48.00
use              2 x 7 = 14.00
not_preferred    CREW prefers zhao, the lead is li: 40.00
overqualified    CREW: li 3 - 2 = 1 level: 5.00; SMALL requires nothing
balance          li 6600 s: 0.5 x (11/6)^2 = 1.68056 -> 1.6806; zhao 9180 s = 2.55 h: 3.25125 -> 3.2513; 4.9319
pairs            CREW with zhao 3.50 and with li 2.00 = 5.50; SMALL's pair is with li, who does not serve it
total            80+15+10+134+96.40+48+14+40+5+4.9319+5.50 = 452.8319
"""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, World, at, left_out, plan, route, span, stop

SECONDS = [[0, 600, 1200, 900], [600, 0, 900, 1200], [1200, 900, 0, 600], [900, 1200, 600, 0]]
METRES = [[0, 5000, 10000, 7000], [5000, 0, 8000, 9000], [10000, 8000, 0, 4000], [7000, 9000, 4000, 0]]

REQUEST = {
    "version": 1,
    "now": at("07:30"),
    "locations": [
        {"id": "home", "lat": 31.2, "lon": 121.4},
        {"id": "depot", "lat": 31.21, "lon": 121.42},
        {"id": "alpha", "lat": 31.25, "lon": 121.5},
        {"id": "beta", "lat": 31.23, "lon": 121.45},
    ],
    "travel": {"model": "matrix", "seconds": SECONDS, "metres": METRES},
    "parts": {"belt": {"name": "drive belt", "substitutes": ["belt-x"]}},
    "depots": [
        {
            "id": "D",
            "location": "depot",
            "open": [span("09:00", "12:00")],
            "handling_s": 300,
            "stock": {"filter": 1},
            "inbound": [{"part": "belt-x", "qty": 1, "at": at("10:30")}],
            "tools": {"hoist": 1},
        }
    ],
    "engineers": [
        {
            "id": "zhao",
            "skills": {"hvac": 1},
            "van": {"belt": 1},
            "service_factor": 1.2,
            "shifts": [
                {
                    "id": "mon",
                    "start": at("08:00"),
                    "end": at("12:30"),
                    "start_location": "home",
                    "end_location": "home",
                    "overtime_s": 1920,
                }
            ],
        },
        {
            "id": "li",
            "skills": {"hvac": 3, "elec": 2},
            "shifts": [
                {
                    "id": "mon",
                    "start": at("08:00"),
                    "end": at("17:00"),
                    "start_location": "home",
                    "end_location": "home",
                    "breaks": [{"from": at("12:00"), "to": at("13:00"), "duration_s": 1800}],
                }
            ],
        },
    ],
    "tickets": [
        {
            "id": "CREW",
            "location": "alpha",
            "duration_s": 3600,
            "requires": {"hvac": 2},
            "parts": {"belt": 2, "filter": 1},
            "tools": ["hoist"],
            "windows": [span("11:30", "12:00")],
            "release": at("09:00"),
            "resolve": {"by": at("12:30"), "cost": 0, "cost_per_h": 50},
            "skip_cost": 500,
            "crew": 2,
            "prefer": ["zhao"],
            "pairs": [
                {"engineer": "zhao", "cost": 3.5, "forbid": False, "code": "far"},
                {"engineer": "li", "cost": 2, "forbid": False, "code": "far"},
            ],
        },
        {
            "id": "SMALL",
            "location": "beta",
            "duration_s": 1800,
            "requires": {},
            "arrive": {"by": at("08:10"), "cost": 10, "cost_per_h": 60},
            "skip_cost": 100,
            "pairs": [{"engineer": "li", "cost": 99, "forbid": False, "code": "far"}],
        },
        {"id": "LEFT", "location": "beta", "duration_s": 600, "requires": {"gas": 4}, "skip_cost": 80},
    ],
    "weights": {"duration_per_h": 12, "use_shift": 7},
}

PLAN = plan(
    [
        route(
            "zhao/mon",
            (2700, 21000, 6480, 8940, 1920),
            "start - home 08:00 08:00 08:00 0 0",
            "visit SMALL beta 08:15 08:15 08:51 900 7000",
            stop("visit CREW alpha 09:01 11:30 12:42 600 4000", parts={"belt": 1}),
            "end - home 13:02 13:02 13:02 1200 10000",
        ),
        route(
            "li/mon",
            (2700, 23000, 3900, 2400, 0),
            "start - home 10:20 10:20 10:20 0 0",
            stop("pickup D depot 10:30 10:30 10:35 600 5000", parts={"belt-x": 1, "filter": 1}, tools=["hoist"]),
            stop("visit CREW alpha 10:50 11:30 12:30 900 8000", parts={"belt-x": 1, "filter": 1}, tools=["hoist"]),
            "break 0 alpha 12:30 12:30 13:00 0 0",
            "end - home 13:20 13:20 13:20 1200 10000",
        ),
    ],
    [left_out("LEFT", "impossible", "skill", engineer="li", gap={"value": 4, "unit": "level"})],
)

T = "request.tickets[CREW]"
D = "request.depots[D]"
ZHAO, LI = "plan.routes[zhao/mon]", "plan.routes[li/mon]"
LI_BREAK = "request.engineers[li].shifts[mon].breaks[0]"
HOME_EARLY = {
    f"{LI}.stops[3]": DROP,
    f"{LI}.stops[-1]": stop("end - home 12:50 12:50 12:50 1200 10000"),
}

WORLD = World(
    name="crew",
    title="Crew of two, split parts, lent tool, inbound stock",
    why=__doc__,
    request=REQUEST,
    plan=PLAN,
    terms={
        "skipped": 80,
        "late_arrival": 15,
        "late_resolution": 10,
        "travel": 134,
        "duration": 96.4,
        "overtime": 48,
        "use": 14,
        "not_preferred": 40,
        "overqualified": 5,
        "balance": 4.93,
        "pairs": 5.5,
    },
    total=452.83,
)

SHORT = "Home at 12:50: 30 min less of li's day, duration 96.40 - 6.00 = 90.40, total 446.8319."
SHORT_TERMS = {"duration": 90.4}

WORLD.cases.extend(
    [
        Case(
            "overtime_one_second_spare",
            "1921 s allowed, 1920 used.",
            {"request.engineers[zhao].shifts[mon].overtime_s": 1921},
        ),
        Case(
            "overtime_one_second_over",
            "1919 s allowed, 1920 used.",
            {"request.engineers[zhao].shifts[mon].overtime_s": 1919},
            "shift_end",
        ),
        Case("inbound_a_second_earlier", "In the depot at 10:29:59.", {f"{D}.inbound[0].at": at("10:29:59")}),
        Case(
            "inbound_a_second_too_late",
            "The belt-x comes at 10:30:01, the pick-up begins at 10:30:00.",
            {f"{D}.inbound[0].at": at("10:30:01")},
            "depot_stock",
        ),
        Case("filter_out_of_stock", "No filter in the depot, one leaves it.", {f"{D}.stock": {}}, "depot_stock"),
        Case("depot_closes_at_the_begin", "Open to 10:30:00, both ends.", {f"{D}.open": [span("09:00", "10:30")]}),
        Case(
            "depot_just_closed",
            "Open to 10:29:59, begun 10:30:00.",
            {f"{D}.open": [span("09:00", "10:29:59")]},
            "depot_open",
        ),
        Case(
            "depot_not_yet_open",
            "Open from 10:30:01, begun 10:30:00.",
            {f"{D}.open": [span("10:30:01", "12:00")]},
            "depot_open",
        ),
        Case("no_hoist_to_lend", "The depot has no hoist and lends one.", {f"{D}.tools": {}}, "tool_lent"),
        Case(
            "hoist_left_at_the_depot",
            "The pick-up takes no hoist, nobody owns one.",
            {f"{LI}.stops[1].tools": []},
            "tool",
        ),
        Case(
            "hoist_is_zhao_s_own",
            "No loan needed: zhao owns a hoist and uses it at CREW.",
            {
                "request.engineers[zhao].tools": ["hoist"],
                f"{LI}.stops[1].tools": [],
                f"{LI}.stops[2].tools": [],
                f"{ZHAO}.stops[2].tools": ["hoist"],
            },
        ),
        Case(
            "hoist_in_the_wrong_hands",
            "zhao uses the hoist at CREW, but li has it.",
            {f"{LI}.stops[2].tools": [], f"{ZHAO}.stops[2].tools": ["hoist"]},
            "tool",
        ),
        Case(
            "van_without_belt",
            "zhao uses a belt that his van does not have.",
            {"request.engineers[zhao].van": {}},
            "van_stock",
        ),
        Case("one_belt_short", "zhao uses none: 1 of 2 belts.", {f"{ZHAO}.stops[2].parts": {}}, "part"),
        Case(
            "one_belt_too_many",
            "zhao uses 2, li 1: 3 of 2 belts.",
            {"request.engineers[zhao].van": {"belt": 2}, f"{ZHAO}.stops[2].parts": {"belt": 2}},
            "part",
        ),
        Case("no_substitute", "belt-x may not stand in for a belt.", {"request.parts": {}}, "part"),
        Case(
            "substitute_of_a_substitute",
            "belt <- belt-y <- belt-x: by its substitutes, not by theirs.",
            {"request.parts": {"belt": {"substitutes": ["belt-y"]}, "belt-y": {"substitutes": ["belt-x"]}}},
            "part",
        ),
        Case("window_of_one_second", "Window 11:30:00 to 11:30:00.", {f"{T}.windows": [span("11:30", "11:30")]}),
        Case(
            "window_a_second_too_late",
            "Window from 11:30:01.",
            {f"{T}.windows": [span("11:30:01", "12:00")]},
            "window",
        ),
        Case(
            "window_just_over",
            "Window to 11:29:59, begun 11:30.",
            {f"{T}.windows": [span("11:00", "11:29:59")]},
            "window",
        ),
        Case(
            "between_two_windows",
            "Neither in 09:00-11:29:59 nor in 11:30:01-12:00.",
            {f"{T}.windows": [span("09:00", "11:29:59"), span("11:30:01", "12:00")]},
            "window",
        ),
        Case("released_at_the_begin", "Release 11:30:00.", {f"{T}.release": at("11:30")}),
        Case("released_a_second_later", "Release 11:30:01.", {f"{T}.release": at("11:30:01")}, "release"),
        Case("only_both", "Both of the crew are in only.", {f"{T}.only": ["li", "zhao"]}),
        Case("only_the_lead", "zhao is in the crew, not in only.", {f"{T}.only": ["li"]}, "only_never"),
        Case("never_the_second_man", "zhao is in never.", {f"{T}.never": ["zhao"]}, "only_never"),
        Case("banned_second_man", "The pair with zhao is a ban.", {f"{T}.pairs[zhao].forbid": True}, "pair"),
        Case(
            "single_engineer_without_level",
            "SMALL requires hvac 2, zhao has 1.",
            {"request.tickets[SMALL].requires": {"hvac": 2}},
            "skill",
            None,
        ),
        Case(
            "crew_without_a_lead", "CREW requires hvac 4: nobody has it.", {f"{T}.requires": {"hvac": 4}}, "crew", None
        ),
        Case(
            "skills_of_two_men_do_not_add_up",
            "hvac 3 is li's, net 1 is zhao's: no one has both.",
            {f"{T}.requires": {"hvac": 3, "net": 1}, "request.engineers[zhao].skills.net": 1},
            "crew",
            None,
        ),
        Case(
            "lead_is_the_first_who_can",
            "CREW requires hvac 1: zhao, first in order, is the lead. Preferred: -40. Overqualified 1 - 1 = 0: -5. "
            "452.8319 - 45 = 407.8319.",
            {f"{T}.requires": {"hvac": 1}},
            terms={"not_preferred": 0, "overqualified": 0},
            total=407.83,
        ),
        Case(
            "crew_not_together",
            "zhao begins 11:31, ends 12:43, is home 13:03. Overtime 1980 s = 49.50, resolution 780 s x 50/h = 10.8333, "
            "duration +60 s = 96.60; 452.8319 + 1.50 + 0.8333 + 0.20 = 455.3652. 1980 s of overtime are allowed here.",
            {
                "request.engineers[zhao].shifts[mon].overtime_s": 1980,
                f"{ZHAO}.stops[2].begin": at("11:31"),
                f"{ZHAO}.stops[2].leave": at("12:43"),
                f"{ZHAO}.stops[3]": stop("end - home 13:03 13:03 13:03 1200 10000"),
                f"{ZHAO}.wait_s": 9000,
                f"{ZHAO}.overtime_s": 1980,
            },
            "crew",
            {"late_resolution": 10.83, "overtime": 49.5, "duration": 96.6},
            455.37,
        ),
        Case(
            "crew_of_three_has_two",
            "Three engineers are asked for, two come.",
            {f"{T}.crew": 3},
            "crew",
            None,
        ),
        Case(
            "served_by_one_too_many",
            "One engineer is asked for (and no skill), two come.",
            {f"{T}.crew": 1, f"{T}.requires": {}},
            "served",
            None,
        ),
        Case("break_begins_at_its_last_second", "To 12:30:00, begun 12:30:00.", {LI_BREAK + ".to": at("12:30")}),
        Case("break_a_second_late", "To 12:29:59, begun 12:30.", {LI_BREAK + ".to": at("12:29:59")}, "break"),
        Case("break_begins_at_its_first_second", "From 12:30:00.", {LI_BREAK + ".from": at("12:30")}),
        Case("break_a_second_early", "From 12:30:01.", {LI_BREAK + ".from": at("12:30:01")}, "break"),
        Case("break_too_short", "1801 s are owed, 1800 taken.", {LI_BREAK + ".duration_s": 1801}, "break"),
        Case(
            "break_not_owed_yet",
            "Home before the break's last moment 13:00. " + SHORT,
            dict(HOME_EARLY),
            terms=SHORT_TERMS,
            total=446.83,
        ),
        Case(
            "break_not_owed_at_the_limit",
            "Home at 12:50:00, the break may begin to 12:50:00: the route does not run to after it. " + SHORT,
            {**HOME_EARLY, LI_BREAK + ".to": at("12:50")},
            terms=SHORT_TERMS,
            total=446.83,
        ),
        Case(
            "break_owed_and_missing",
            "Home at 12:50:00, the break may begin to 12:49:59 and is not taken. " + SHORT,
            {**HOME_EARLY, LI_BREAK + ".to": at("12:49:59")},
            "break",
            SHORT_TERMS,
            446.83,
        ),
        Case(
            "absence_while_waiting",
            "li is away 10:50-11:30, from her arrival to the begin of work: only end points are shared.",
            {"request.engineers[li].shifts[mon].absences": [span("10:50", "11:30")]},
        ),
        Case(
            "absence_a_second_into_the_leg",
            "Away from 10:49:59, the leg ends 10:50:00.",
            {"request.engineers[li].shifts[mon].absences": [span("10:49:59", "11:30")]},
            "absence",
        ),
        Case(
            "absence_a_second_into_the_work",
            "Away to 11:30:01, work begins 11:30:00.",
            {"request.engineers[li].shifts[mon].absences": [span("10:50", "11:30:01")]},
            "absence",
        ),
        Case(
            "absence_on_the_break",
            "Away 12:30-13:00: a break is neither leg nor work.",
            {"request.engineers[li].shifts[mon].absences": [span("12:30", "13:00")]},
        ),
        Case(
            "resolution_in_time",
            "By 12:42:00, the last man's end: 442.8319.",
            {f"{T}.resolve.by": at("12:42")},
            terms={"late_resolution": 0},
            total=442.83,
        ),
        Case(
            "resolution_a_second_late",
            "By 12:41:59: the cost of 25 at once, 1 s x 50/h = 0.0139; 467.8458.",
            {f"{T}.resolve": {"by": at("12:41:59"), "cost": 25, "cost_per_h": 50}},
            terms={"late_resolution": 25.01},
            total=467.85,
        ),
        Case(
            "work_before_arrival",
            "li leaves home at 10:21 and is at the depot at 10:31, but picks up at 10:30: waits 2400 - 60 = 2340 s. Her day is "
            "a minute shorter: duration 96.20, total 452.6319.",
            {
                f"{LI}.stops[0]": stop("start - home 10:21 10:21 10:21 0 0"),
                f"{LI}.stops[1].arrive": at("10:31"),
                f"{LI}.wait_s": 2340,
            },
            "timing",
            {"duration": 96.2},
            452.63,
        ),
        Case("left_nowhere", "LEFT is neither served nor skipped.", {"plan.skipped": []}, "served", None),
        Case(
            "served_and_skipped",
            "SMALL is both.",
            {"plan.skipped[+]": left_out("SMALL", "displaced", "displaced")},
            "served",
            None,
        ),
        Case(
            "skipped_twice",
            "LEFT twice in skipped.",
            {"plan.skipped[+]": left_out("LEFT", "displaced", "displaced")},
            "served",
            None,
        ),
        Case("infeasible_without_reason", "No mandatory ticket is left out.", {"plan.status": "infeasible"}, "status"),
        Case("travel_sum_a_second_off", "li's route says 2701 s, its stops 2700.", {f"{LI}.travel_s": 2701}, "sums"),
        Case("metres_sum_off", "zhao's route says 21 001 m.", {f"{ZHAO}.travel_m": 21001}, "sums"),
        Case("work_sum_off", "Breaks are no work: 3900, not 5700.", {f"{LI}.work_s": 5700}, "sums"),
        Case("wait_sum_off", "2399 for 2400.", {f"{LI}.wait_s": 2399}, "sums"),
        Case("overtime_sum_off", "1919 for 1920.", {f"{ZHAO}.overtime_s": 1919}, "sums"),
        Case("term_two_cents_off", "134.02 for 134.00.", {"plan.objective.terms.travel": 134.02}),
        Case("total_two_cents_off", "452.85 for 452.83.", {"plan.objective.total": 452.85}),
        Case("total_three_cents_off", "452.86 for 452.83.", {"plan.objective.total": 452.86}, "objective.total"),
        *(
            Case(
                f"wrong_{term}",
                f"{term} is {right:.2f}, the plan says {right + 0.03:.2f}: 0.02 is forgiven, 0.03 not.",
                {f"plan.objective.terms.{term}": round(right + 0.03, 2)},
                f"objective.{term}",
            )
            for term, right in WORLD.terms.items()
        ),
        Case("wrong_change", "Nothing was planned before.", {"plan.objective.terms.change": 0.03}, "objective.change"),
        Case(
            "lead_whose_certificate_lapses",
            "zhao has hvac 2 and is first, so he is the lead; it lapses at 12:41:59, a second before "
            "his end. Preferred: -40, overqualified 2 - 2 = 0: -5; 407.8319.",
            {
                "request.engineers[zhao].skills.hvac": 2,
                "request.engineers[zhao].skills_until": {"hvac": at("12:41:59")},
            },
            "skill_lapsed",
            {"not_preferred": 0, "overqualified": 0},
            407.83,
        ),
        Case(
            "lead_whose_certificate_lasts",
            "The same to 12:42:00.",
            {"request.engineers[zhao].skills.hvac": 2, "request.engineers[zhao].skills_until": {"hvac": at("12:42")}},
            "",
            {"not_preferred": 0, "overqualified": 0},
            407.83,
        ),
        Case(
            "second_man_s_certificate",
            "zhao's hvac 1 lapsed at 09:00: the skills are asked of one engineer, the lead li.",
            {"request.engineers[zhao].skills_until": {"hvac": at("09:00")}},
        ),
        Case(
            "absence_in_the_pick_up",
            "li is away 10:31-10:32, in the middle of her pick-up: a pick-up is work.",
            {"request.engineers[li].shifts[mon].absences": [span("10:31", "10:32")]},
            "absence",
        ),
        Case(
            "only_lead_s_certificate_lapses",
            "li alone has hvac 2; it lapses at 12:29:59, she ends 12:30:00.",
            {"request.engineers[li].skills_until": {"hvac": at("12:29:59")}},
            "skill_lapsed",
        ),
    ]
)
