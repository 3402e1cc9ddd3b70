"""Where packs disagree: the same ticket is due at another moment, or earlier than another pack lets anybody call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from zoneinfo import ZoneInfo

from dispatch.calendars.model import Both, Calendars
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import (
    CHANNELS,
    CONTRACTS,
    DEMANDS,
    GRADES,
    STAGES,
    TIERS,
    Facts,
    Limit,
    Pack,
    Stage,
    Unit,
)
from dispatch.policies.packs.strictest import Due, Spoken, find_due
from dispatch.rulebook.line import Language

MONDAY: Final = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
"""Limits are compared for a ticket of this moment: a morning with a whole week of working days before it."""

STAGE_WORDS: Final[dict[Stage, Both]] = {
    Stage.ACKNOWLEDGE: ("首次确认", "acknowledge"),
    Stage.HUMAN_CONTACT: ("人工联系", "human contact"),
    Stage.RESPOND: ("响应", "respond"),
    Stage.ARRIVE: ("上门", "arrive"),
    Stage.INTERIM: ("临时方案", "interim fix"),
    Stage.RESOLVE: ("解决", "resolve"),
    Stage.FOLLOW_UP: ("回访", "follow up"),
}
GRADE_WORDS: Final[dict[Grade, Both]] = {
    Grade.EMERGENCY: ("特急", "emergency"),
    Grade.URGENT: ("紧急", "urgent"),
    Grade.IMPORTANT: ("重要", "important"),
    Grade.GENERAL: ("一般", "general"),
}
TIER_WORDS: Final[dict[Tier, Both]] = {
    Tier.DIAMOND: ("钻石", "diamond"),
    Tier.GOLD: ("黄金", "gold"),
    Tier.SILVER: ("白银", "silver"),
}
UNIT_WORDS: Final[dict[Unit, Both]] = {
    "min": ("分钟", "min"),
    "h": ("小时", "h"),
    "working_days": ("个工作日", "working days"),
}
SPECIAL_WORDS: Final[dict[str, Both]] = {
    "quick": ("快修套餐", "quick package"),
    "phone": ("电话", "phone"),
    "online": ("在线", "online"),
    "mini_program": ("小程序", "mini-program"),
    "mailbox": ("邮箱", "mailbox"),
    "dealer": ("经销商", "dealer"),
    "walk_in": ("上门登记", "walk-in"),
    "device_alarm": ("设备告警", "device alarm"),
    "repair": ("维修", "repair"),
    "replace": ("更换", "replacement"),
    "return": ("退货", "return"),
    "consult": ("咨询", "question"),
    "usage": ("使用指导", "usage help"),
    "complaint": ("投诉", "complaint"),
    "review": ("差评", "negative review"),
    "suggestion": ("建议", "suggestion"),
}
Kind = Literal["latest", "earliest", "window"]
KIND_WORDS: Final[dict[Kind, Both]] = {
    "latest": ("最晚", "at the latest"),
    "earliest": ("最早", "at the earliest"),
    "window": ("一方最早之时已过另一方最晚之时", "earliest of one not before the latest of the other"),
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """A case in which packs give different moments.

    Parameters
    ----------
    stage, kind
        Of which clock; whether its latest moments differ, its earliest ones, or one pack's earliest leaves no time before another's
        latest.
    cases
        Grades and tiers for which it is so.
    special
        The contract, channel or demand of the case; None: an ordinary ticket.
    limits
        The limit that each pack sets, by the pack's id; a pack that sets none is not in it.
    strictest
        The pack whose limit ends first (of earliest moments: last).
    """

    stage: Stage
    kind: Kind
    cases: tuple[tuple[Grade, Tier], ...]
    special: str | None
    limits: tuple[tuple[str, Limit], ...]
    strictest: str

    def say(self, language: Language) -> str:
        """Tell a person, in one line.

        Examples
        --------
        >>> from dispatch.calendars.read import get_calendars
        >>> from dispatch.policies.packs.read import get_pack
        >>> first = list_conflicts([get_pack("002"), get_pack("004")], get_calendars())[0]
        >>> first.say("en")
        'respond, at the latest, emergency, urgent × diamond: 002 30 min (GR-03) · 004 10 min (SL-03) → 004'
        """
        to = 0 if language == "zh" else 1
        comma, colon = ("、", "：") if language == "zh" else (", ", ": ")
        head = [STAGE_WORDS[self.stage][to], KIND_WORDS[self.kind][to], *self._whom(to, comma)]
        told = [f"{pack} {say_limit(limit, language)}" for pack, limit in self.limits]
        return f"{('，' if language == 'zh' else ', ').join(head)}{colon}{' · '.join(told)} → {self.strictest}"

    def _whom(self, to: int, comma: str) -> Iterator[str]:
        """Say grades and tiers, and what is special."""
        if self.special is not None:
            yield SPECIAL_WORDS[self.special][to]
        by_tiers: dict[tuple[Tier, ...], list[Grade]] = {}
        for grade in GRADES:
            tiers = tuple(tier for tier in TIERS if (grade, tier) in self.cases)
            if tiers:
                by_tiers.setdefault(tiers, []).append(grade)
        for tiers, grades in by_tiers.items():
            named = comma.join(GRADE_WORDS[grade][to] for grade in grades)
            whom = comma.join(TIER_WORDS[tier][to] for tier in tiers)
            yield named if len(tiers) == len(TIERS) else f"{named} × {whom}"


def say_limit(limit: Limit, language: Language) -> str:
    """Tell how long a limit lasts and its clause: ``30 min (GR-03)``."""
    to = 0 if language == "zh" else 1
    return f"{limit.within} {UNIT_WORDS[limit.unit][to]} ({limit.source.clause})"


def list_conflicts(packs: Sequence[Pack], calendars: Calendars, at: datetime = MONDAY) -> tuple[Conflict, ...]:
    """List where packs disagree, stage by stage; cases with the same limits are told together.

    A special contract, channel or demand is told where a limit of one of the packs speaks of it.

    Parameters
    ----------
    packs
        Two or more.
    calendars
        Their working days.
    at
        When the ticket that is compared was reported, with its zone.
    """
    found: dict[tuple[object, ...], Conflict] = {}
    for special in (None, *_specials_of(packs)):
        for stage in STAGES:
            for grade in GRADES:
                for tier in TIERS:
                    facts = _special(Facts(grade, tier, at), special)
                    for conflict in _conflicts_of(packs, stage, facts, calendars, special):
                        key = (stage, conflict.kind, special, conflict.limits)
                        known = found.get(key)
                        cases = (*(known.cases if known else ()), *conflict.cases)
                        found[key] = replace(conflict, cases=cases)
    order = {stage: number for number, stage in enumerate(STAGES)}
    return tuple(sorted(found.values(), key=lambda conflict: (conflict.special or "", order[conflict.stage])))


def _specials_of(packs: Sequence[Pack]) -> tuple[str, ...]:
    named = {
        word for pack in packs for limit in pack.limits for word in (*limit.contracts, *limit.channels, *limit.demands)
    }
    return tuple(word for word in (*CONTRACTS, *CHANNELS, *DEMANDS) if word in named)


def _special(facts: Facts, special: str | None) -> Facts:
    for contract in CONTRACTS:
        if contract == special:
            facts = replace(facts, contract=contract)
    for channel in CHANNELS:
        if channel == special:
            facts = replace(facts, channel=channel)
    for demand in DEMANDS:
        if demand == special:
            facts = replace(facts, demand=demand)
    return facts


def _conflicts_of(
    packs: Sequence[Pack], stage: Stage, facts: Facts, calendars: Calendars, special: str | None
) -> Iterator[Conflict]:
    dues = [(pack.id, find_due(pack, stage, facts, calendars)) for pack in packs]
    latest = [(name, due.latest) for name, due in dues if due is not None and due.latest is not None]
    earliest = [(name, one) for name, due in dues if due is not None and (one := _earliest_of(due)) is not None]
    sides: tuple[tuple[Kind, list[tuple[str, Spoken]]], ...] = (("latest", latest), ("earliest", earliest))
    for kind, told in sides:
        if len({one.at for _, one in told}) < 2:  # noqa: PLR2004 - who disagrees are two
            continue
        speaks_of_it = any(_is_about(one.limit, special) for _, one in told)
        if special is not None and not speaks_of_it:
            continue
        first = min if kind == "latest" else max
        strictest = first(told, key=lambda one: one[1].at)[0]
        limits = tuple((name, one.limit) for name, one in told)
        yield Conflict(stage, kind, ((facts.grade, facts.tier),), special, limits, strictest)
    if latest and earliest and special is None:
        end, begin = min(latest, key=lambda one: one[1].at), max(earliest, key=lambda one: one[1].at)
        if end[1].at <= begin[1].at and end[0] != begin[0]:
            limits = ((begin[0], begin[1].limit), (end[0], end[1].limit))
            yield Conflict(stage, "window", ((facts.grade, facts.tier),), special, limits, end[0])


def _earliest_of(due: Due) -> Spoken | None:
    return due.earliest or due.yielded


def _is_about(limit: Limit, special: str | None) -> bool:
    return special in {*limit.contracts, *limit.channels, *limit.demands}
