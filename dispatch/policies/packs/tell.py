"""A pack in words: its values, one a line, each with the clause that it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dispatch.calendars.model import Both
from dispatch.policies.packs.conflicts import (
    GRADE_WORDS,
    SPECIAL_WORDS,
    STAGE_WORDS,
    TIER_WORDS,
    UNIT_WORDS,
    say_limit,
)
from dispatch.policies.packs.model import Basis, Colour, GoalKind, Limit, Pack, Reason, Role
from dispatch.rulebook.line import Language

BASIS_WORDS: Final[dict[Basis, Both]] = {
    "stated": ("原文", "stated"),
    "derived": ("推出", "derived"),
    "ours": ("自定", "ours"),
}
ROLE_WORDS: Final[dict[Role, Both]] = {
    "responsible": ("责任人", "the responsible person"),
    "supervisor": ("主管", "the supervisor"),
    "service_manager": ("售后服务经理", "the service manager"),
    "regional_manager": ("区域经理", "the regional manager"),
}
REASON_WORDS: Final[dict[Reason, Both]] = {
    "waiting_for_customer": ("待客户", "waiting for the customer"),
    "waiting_for_parts": ("待件", "waiting for parts"),
}
COLOUR_WORDS: Final[dict[Colour, Both]] = {"blue": ("蓝", "blue"), "yellow": ("黄", "yellow"), "red": ("红", "red")}
GOAL_WORDS: Final[dict[GoalKind, Both]] = {
    "example": ("举例", "an example"),
    "baseline": ("现状", "a baseline"),
    "competitor": ("竞品", "a competitor's figure"),
    "mean": ("均值目标", "a mean"),
}


def tell_pack(pack: Pack, language: Language) -> Iterator[str]:
    """Tell the values of a pack, one a line, the title first.

    Examples
    --------
    >>> from dispatch.policies.packs.read import get_pack
    >>> list(tell_pack(get_pack("002"), "en"))[:2]
    ['002 (1) Service standard 002', "  emergency: Personal safety, or a strategic customer's line is down (GR-06)"]
    """
    to = 0 if language == "zh" else 1
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    yield f"{pack.id} ({pack.version}) {(pack.title_zh, pack.title_en)[to]}"
    for grade in pack.grades:
        yield f"  {GRADE_WORDS[grade.grade][to]}{colon}{(grade.means_zh, grade.means_en)[to]} ({grade.source.clause})"
    for tier in pack.tiers:
        sum_from = (
            f"年消费{('超过', '不少于')[not tier.above]} {tier.from_cny} 元",
            f"{('above', 'from')[not tier.above]} {tier.from_cny} CNY a year",
        )
        yield f"  {TIER_WORDS[tier.tier][to]}{colon}{sum_from[to]} ({tier.source.clause})"
    for limit in pack.limits:
        about = comma.join((STAGE_WORDS[limit.stage][to], *_whom(limit, to)))
        yield f"  {about}{colon}{comma.join((say_limit(limit, language), *_more(limit, to)))}"
    for stage, rule in pack.pauses.items():
        reasons = comma.join(REASON_WORDS[reason][to] for reason in rule.reasons)
        yield f"  {(f'{STAGE_WORDS[stage][0]}可暂停', f'{STAGE_WORDS[stage][1]} stands while')[to]}{colon}{reasons} ({rule.source.clause})"
    for warning in pack.warnings:
        head = (f"{COLOUR_WORDS[warning.colour][0]}色预警", f"{warning.colour} warning")[to]
        stages = "".join(f"{comma}{STAGE_WORDS[stage][to]}" for stage in warning.stages)
        yield f"  {head}{stages}{colon}{warning.after_percent} % → {ROLE_WORDS[warning.to][to]} ({warning.source.clause})"
    for escalation in pack.escalations:
        of = [STAGE_WORDS[stage][to] for stage in escalation.stages]
        of += [GRADE_WORDS[grade][to] for grade in escalation.grades]
        head = comma.join((("超时升级", "escalation")[to], *of))
        after = (f"超时后 {escalation.after_min} 分钟", f"{escalation.after_min} min after the deadline")[to]
        yield f"  {head}{colon}{after} → {ROLE_WORDS[escalation.to][to]} ({escalation.source.clause})"
    if pack.follow_up is not None:
        head = ("回访时间窗", "follow-up window")[to]
        least = (
            f"不足 {pack.follow_up.least_min} 分钟时只看最晚",
            f"under {pack.follow_up.least_min} min only the latest moment counts",
        )
        yield f"  {head}{colon}{least[to]} ({pack.follow_up.source.clause})"
    for goal in pack.goals:
        head = f"{('目标，不是时限', 'a goal, no limit')[to]}{comma}{GOAL_WORDS[goal.kind][to]}{comma}{STAGE_WORDS[goal.stage][to]}"
        yield f"  {head}{colon}{goal.within} {UNIT_WORDS[goal.unit][to]} ({goal.clause})"


def _whom(limit: Limit, to: int) -> Iterator[str]:
    """Say to whom a limit applies."""
    for words in (
        [GRADE_WORDS[grade][to] for grade in limit.grades],
        [TIER_WORDS[tier][to] for tier in limit.tiers],
        [SPECIAL_WORDS[word][to] for word in (*limit.contracts, *limit.channels, *limit.demands)],
    ):
        if words:
            yield "/".join(words)


def _more(limit: Limit, to: int) -> Iterator[str]:
    """Say what else holds of a limit."""
    yield BASIS_WORDS[limit.source.basis][to]
    if limit.bound == "earliest":
        yield ("不得早于", "not before")[to]
    if limit.calendar == "working" and limit.unit != "working_days":
        yield ("工作时间", "working time")[to]
    if limit.or_interim:
        yield ("或有临时方案", "or an interim fix")[to]
