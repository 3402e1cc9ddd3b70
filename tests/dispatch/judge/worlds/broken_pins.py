"""More of the world of ``pins``: what a pin is, when it may be broken, and what then still binds."""

from __future__ import annotations

from tests.dispatch.judge.worlds.builder import DROP, Case, at, left_out, route, span, stop
from tests.dispatch.judge.worlds.pins import B1, BROKEN_B2, HE, JIANG, NO_WINDOW, WAS


def broken_by(rule: str, why: str, edits: dict[str, object], *, priced: bool = True) -> Case:
    """B1's pin is broken by another rule than its window; everything else stays."""
    return Case(
        f"pin_broken_by_{rule}",
        f"B1 has no window, but {why}: it cannot be kept legally, is listed, and the rule does not bind it.",
        {**NO_WINDOW, **edits, "plan.broken_pins[B1].code": "window" if rule == "release" else rule},
        terms={} if priced else None,
    )


CASES = [
    broken_by("only_never", "he is in its never", {f"{B1}.never": ["he"]}),
    broken_by(
        "pair",
        "the pair with he is a ban",
        {f"{B1}.pairs": [{"engineer": "he", "cost": 0, "forbid": True, "code": "x"}]},
    ),
    broken_by("skill", "he lacks the elec 2 that it requires", {f"{B1}.requires": {"elec": 2}}, priced=False),
    broken_by("skill_lapsed", "his gas 3, which it requires, lapsed at 09:00", {f"{B1}.requires": {"gas": 3}}),
    broken_by("part", "nobody has the bolt that it needs", {f"{B1}.parts": {"bolt": 1}}),
    broken_by("tool", "nobody has the crane that it needs", {f"{B1}.tools": ["crane"]}),
    broken_by("release", "its release is 10:30:01", {f"{B1}.release": at("10:30:01")}),
    Case("listed_though_kept", "B1 has no window: its pin is kept, yet it is listed.", NO_WINDOW, "broken_pins"),
    Case(
        "kept_and_not_listed",
        "B1 has no window: its pin is kept, and only B2 is listed.",
        {**NO_WINDOW, "plan.broken_pins": [BROKEN_B2]},
    ),
    Case(
        "broken_and_not_listed",
        "B1's pin breaks its window and is not listed; only listed ones are free of windows.",
        {"plan.broken_pins": [BROKEN_B2]},
        "broken_pins window",
    ),
    Case(
        "reachable_start_not_kept",
        "B1 can be reached by 10:30, so its start had to be kept; it begins 10:35. The change of 5 min costs nothing.",
        {
            f"{HE}.stops[2]": stop("visit B1 s3 10:15 10:35 11:35 900 5000"),
            f"{HE}.wait_s": 1200,
            f"{HE}.stops[3]": stop("end - home 12:05 12:05 12:05 1800 15000"),
        },
        "pin",
    ),
    Case(
        "earliest_after_missed",
        "B2 can begin at 10:30 and begins at 10:40: 40 - 10 = 30 min x 30/h = 15 for 10; overtime "
        "7800 s = 195. Total 713.9201 + 5 + 15 = 733.9201.",
        {
            f"{JIANG}.stops[1]": stop("visit B2 far 10:30 10:40 11:40 5400 60000"),
            f"{JIANG}.wait_s": 600,
            f"{JIANG}.stops[2]": stop("end - home 13:10 13:10 13:10 5400 60000"),
            f"{JIANG}.overtime_s": 7800,
        },
        "pin",
        {"change": 60, "overtime": 195},
        733.92,
    ),
    Case(
        "pin_moved_to_another",
        "B1 was pinned to lu at 13:30 and is done by he, outside its window and lu's pin. Start 10:30 "
        "for 13:30: 3 h - 10 min = 170 min x 30/h = 85, engineer 80. Its window is 10:00-14:00 here. Change 220, total "
        "878.9201.",
        {
            f"{WAS}[B1].engineer": "lu",
            f"{WAS}[B1].start": at("13:30"),
            f"{B1}.windows": [span("10:00", "14:00")],
            "plan.broken_pins": [BROKEN_B2],
        },
        "pin",
        {"change": 220},
        878.92,
    ),
    Case(
        "pin_that_no_way_leads_to",
        "There is no way to far: B2 is skipped with code pinned, and listed. Travel 6900 s = 115, "
        "47 km: 162; balance 3.9201; skipped 100; change 200 + 45 = 245; 100+5+162+3.9201+245 = 515.9201.",
        {
            "request.travel.seconds[0][4]": None,
            "request.travel.metres[0][4]": None,
            JIANG: DROP,
            "plan.skipped": [left_out("B2", "impossible", "pinned", engineer="jiang")],
        },
        terms={"skipped": 100, "travel": 162, "overtime": 0, "balance": 3.92, "change": 245},
        total=515.92,
    ),
    Case(
        "pin_skipped_though_reachable",
        "B2 could begin at 10:30, yet it is skipped: a pinned visit is not. Priced as where "
        "no way leads to it: 515.9201.",
        {JIANG: DROP, "plan.skipped": [left_out("B2", "impossible", "pinned", engineer="jiang")]},
        "pin",
        {"skipped": 100, "travel": 162, "overtime": 0, "balance": 3.92, "change": 245},
        515.92,
    ),
    Case(
        "frozen_and_not_to_be_kept",
        "B1 was planned only, but before the freeze's end 10:31 and with a window from 13:00: listed like a pin.",
        {f"{WAS}[B1].pin": "none", "request.previous.freeze_until": at("10:31")},
    ),
    Case(
        "neither_frozen_nor_pinned",
        "The same, the freeze ends 10:30:00: B1 (10:30:00) is bound by nothing and may not be listed; its window binds.",
        {f"{WAS}[B1].pin": "none", "request.previous.freeze_until": at("10:30")},
        "broken_pins window",
    ),
    Case(
        "pinned_engineer_broken",
        "B1 is pinned to he alone, who is in its never: engineer and start are kept all the same.",
        {**NO_WINDOW, f"{B1}.never": ["he"], f"{WAS}[B1].pin": "engineer"},
    ),
    Case(
        "pinned_engineer_broken_start_moved",
        "The same, begun 10:35 though 10:30 can be reached.",
        {
            **NO_WINDOW,
            f"{B1}.never": ["he"],
            f"{WAS}[B1].pin": "engineer",
            f"{HE}.stops[2]": stop("visit B1 s3 10:15 10:35 11:35 900 5000"),
            f"{HE}.wait_s": 1200,
            f"{HE}.stops[3]": stop("end - home 12:05 12:05 12:05 1800 15000"),
        },
        "pin",
    ),
    Case(
        "pinned_crew_kept",
        "C1 was pinned to lu and shen at 15:30: kept, no price. Change 10, total 668.9201.",
        {
            f"{WAS}[3].start": at("15:30"),
            f"{WAS}[3].pin": "start",
            f"{WAS}[4].engineer": "shen",
            f"{WAS}[4].start": at("15:30"),
            f"{WAS}[4].pin": "start",
            f"{WAS}[3].promised": span("15:00", "16:00"),
            f"{WAS}[4].promised": span("15:00", "16:00"),
        },
        terms={"change": 10},
        total=668.92,
    ),
    Case(
        "pinned_crew_moved",
        "C1 was pinned to lu and shen at 14:00 (could be kept), is at 15:30.",
        {f"{WAS}[3].pin": "start", f"{WAS}[4].engineer": "shen", f"{WAS}[4].pin": "start"},
        "pin",
    ),
    Case(
        "two_pins_for_one_moment",
        "D1 (10 min at s3) is pinned to he at 10:45, B1 (no window) at 10:30: each could be kept alone, "
        "not both. B1 is, D1 begins at the earliest after it: 11:30, home 12:10. Change of D1: 45 - 10 = 35 min x 30/h = 17.50, "
        "in all 72.50; he 9300 s: 0.5 x 6.673611 = 3.3368, balance 12.3368; total 5+462+180+12.3368+72.50 = 731.8368.",
        {
            **NO_WINDOW,
            "request.tickets[+]": {
                "id": "D1",
                "location": "s3",
                "duration_s": 600,
                "requires": {},
                "skip_cost": 100,
            },
            f"{WAS}[+]": {
                "ticket": "D1",
                "engineer": "he",
                "shift": "mon",
                "start": at("10:45"),
                "state": "planned",
                "pin": "start",
            },
            f"{HE}.stops[3]": stop("end - home 12:10 12:10 12:10 1800 15000"),
            f"{HE}.stops[<3]": stop("visit D1 s3 11:30 11:30 11:40 0 0"),
            f"{HE}.work_s": 6000,
            "plan.broken_pins[B1]": {"ticket": "D1", "code": "unreachable", "text": "he is at B1 to 11:30"},
        },
        "",
        {"balance": 12.34, "change": 72.5},
        731.84,
    ),
    Case(
        "pin_broken_by_shift_end",
        "B1 has no window, but he's shift ends 11:50 and he would be home 12:00, pinned to the start: "
        "listed, 600 s of overtime more: 7800 s = 195, total 728.9201.",
        {
            **NO_WINDOW,
            "request.engineers[he].shifts[mon].end": at("11:50"),
            f"{HE}.overtime_s": 600,
            "plan.broken_pins[B1].code": "shift_hours",
        },
        terms={"overtime": 195},
        total=728.92,
    ),
    Case(
        "pin_not_broken_at_the_shift_end",
        "B1 has no window, he's shift ends 12:00:00: kept, not listed.",
        {**NO_WINDOW, "request.engineers[he].shifts[mon].end": at("12:00"), "plan.broken_pins": [BROKEN_B2]},
    ),
    Case(
        "pin_skipped_with_another_code",
        "There is no way to far, but B2 is skipped with code unreachable: a pinned visit is "
        "skipped with code pinned alone. 515.9201 as above.",
        {
            "request.travel.seconds[0][4]": None,
            "request.travel.metres[0][4]": None,
            JIANG: DROP,
            "plan.skipped": [left_out("B2", "impossible", "unreachable", engineer="jiang")],
        },
        "pin",
        {"skipped": 100, "travel": 162, "overtime": 0, "balance": 3.92, "change": 245},
        515.92,
    ),
    Case(
        "pin_behind_another_visit",
        "jiang first spends 10 min at home on E1, so B2 begins 10:40 and not at 10:30, the earliest. "
        "30 min x 30/h = 15 for 10: change 60; overtime 7800 s = 195; jiang 15 000 s: 0.5 x 17.361111 = 8.6806, balance "
        "12.6007; total 5+462+195+12.6007+60 = 734.6007.",
        {
            "request.tickets[+]": {
                "id": "E1",
                "location": "home",
                "duration_s": 600,
                "requires": {},
                "skip_cost": 10,
            },
            JIANG: route(
                "jiang/mon",
                (10800, 120000, 4200, 0, 7800),
                "start - home 09:00 09:00 09:00 0 0",
                "visit E1 home 09:00 09:00 09:10 0 0",
                "visit B2 far 10:40 10:40 11:40 5400 60000",
                "end - home 13:10 13:10 13:10 5400 60000",
            ),
        },
        "pin",
        {"overtime": 195, "balance": 12.6, "change": 60},
        734.6,
    ),
    Case(
        "pin_behind_another_visit_though_on_the_way",
        "B1 (no window) was pinned at 10:30 and could be kept after T1; he does E1 in "
        "between and begins B1 at 10:55, listed. 25 - 10 = 15 min = 7.50: change 62.50; he 11 100 s: 0.5 x 9.506944 = 4.7535, "
        "balance 13.7535; total 5+462+180+13.7535+62.50 = 723.2535.",
        {
            **NO_WINDOW,
            "request.tickets[+]": {
                "id": "E1",
                "location": "s2",
                "duration_s": 2400,
                "requires": {},
                "skip_cost": 10,
            },
            f"{HE}.stops[2]": stop("visit B1 s3 10:55 10:55 11:55 900 5000"),
            f"{HE}.stops[3]": stop("end - home 12:25 12:25 12:25 1800 15000"),
            f"{HE}.stops[<2]": stop("visit E1 s2 10:00 10:00 10:40 0 0"),
            f"{HE}.wait_s": 0,
            f"{HE}.work_s": 7800,
        },
        "pin",
        {"balance": 13.75, "change": 62.5},
        723.25,
    ),
    Case(
        "pinned_crew_moved_and_listed",
        "C1 was pinned to lu and shen at 14:00, could be kept, is at 15:30 and listed.",
        {
            f"{WAS}[3].pin": "start",
            f"{WAS}[4].engineer": "shen",
            f"{WAS}[4].pin": "start",
            "plan.broken_pins[+]": {"ticket": "C1", "code": "not_found", "text": "moved"},
        },
        "pin",
    ),
    Case(
        "pinned_to_an_engineer_who_could_later",
        "B1 is pinned to he, not to a start, and its window is 13:00-14:00, when he is free: "
        "the pin can be kept legally, so it may not be listed and its window binds.",
        {f"{WAS}[B1].pin": "engineer"},
        "broken_pins window",
    ),
    Case(
        "broken_pin_wants_the_same_engineer",
        "B1 has the engineer of C1, whose lead is lu; he has B1. same_engineer_as is not "
        "among what a broken pin sets aside.",
        {f"{B1}.same_engineer_as": "C1"},
        "same_engineer",
    ),
]
