from __future__ import annotations

from dispatch.calendars.read import get_calendars
from dispatch.policies.packs.conflicts import list_conflicts
from dispatch.policies.packs.read import get_pack
from dispatch.policies.packs.tell import tell_pack

CONFLICTS = list_conflicts([get_pack("002"), get_pack("004")], get_calendars())
EN = [conflict.say("en") for conflict in CONFLICTS]
ZH = [conflict.say("zh") for conflict in CONFLICTS]


def test_where_packs_disagree_each_limit_its_clause_and_the_strictest_are_told() -> None:
    assert "respond, at the latest, general × silver: 002 4 h (GR-05) · 004 6 h (SL-06) → 002" in EN
    assert "响应，最晚，一般 × 白银：002 4 小时 (GR-05) · 004 6 小时 (SL-06) → 002" in ZH
    assert "resolve, at the latest, complaint, general: 002 5 working days (GR-05) · 004 4 h (EM-07) → 004" in EN
    assert "上门，最晚，快修套餐，一般：002 2 个工作日 (GR-05) · 004 4 小时 (SL-08) → 004" in ZH
    assert "follow up, at the latest, emergency, urgent: 002 12 h (FU-01) · 004 24 h (FU-02) → 002" in EN


def test_a_call_that_one_pack_forbids_until_another_is_over_is_told() -> None:
    told = [line for line in EN if line.startswith("follow up, earliest of one not before")]
    assert len(told) == 1
    assert told[0].endswith("important, general: 002 24 h (FU-01) · 004 24 h (FU-02) → 004")


def test_the_pack_that_only_one_has_a_limit_in_is_no_conflict() -> None:
    assert not [line for line in EN if line.startswith("acknowledge")]


def test_a_pack_agrees_with_itself() -> None:
    assert list_conflicts([get_pack("002"), get_pack("002")], get_calendars()) == ()


def test_three_packs_are_compared_together() -> None:
    three = list_conflicts([get_pack("002"), get_pack("004"), get_pack("strict")], get_calendars())
    assert (
        "respond, at the latest, emergency, urgent × gold, silver: "
        "002 30 min (GR-03) · 004 2 h (SL-07) · strict 15 min (GR-02) → strict"
    ) in [conflict.say("en") for conflict in three]


def test_a_pack_in_words_has_a_line_for_each_value() -> None:
    for name in ("002", "004", "strict"):
        pack = get_pack(name)
        lists = (pack.grades, pack.tiers, pack.limits, pack.pauses, pack.warnings, pack.escalations, pack.goals)
        for language in ("zh", "en"):
            told = list(tell_pack(pack, language))  # type: ignore[arg-type]
            assert len(told) == 1 + sum(map(len, lists)) + (pack.follow_up is not None)
    assert "  解决，特急/紧急：24 小时 (GR-03)，原文，或有临时方案" in list(tell_pack(get_pack("002"), "zh"))
    assert "  a goal, no limit, a competitor's figure, arrive: 2 h (SL-09)" in list(tell_pack(get_pack("004"), "en"))
