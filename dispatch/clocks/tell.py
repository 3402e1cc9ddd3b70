"""A clock, and a move, in sentences: how it stands, when it is due and why this limit, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from dispatch.calendars.working_time import merge_spans
from dispatch.clocks.model import Clock, Verdict
from dispatch.clocks.moves import Move
from dispatch.policies.packs.conflicts import STAGE_WORDS, say_limit
from dispatch.policies.packs.model import Stage
from dispatch.policies.packs.strictest import Due, Spoken, lasts
from dispatch.rulebook.line import Language, Seconds, Sentence

VERDICTS: Final = {
    Verdict.NOT_STARTED: Sentence("clock_not_started", zh="{stage}：未开始", en="{stage}: not started"),
    Verdict.NO_LIMIT: Sentence("clock_no_limit", zh="{stage}：无时限", en="{stage}: no limit"),
    Verdict.RUNNING: Sentence(
        "clock_running", zh="{stage}：计时中，最晚 {by}，剩 {left}", en="{stage}: running, due {by}, {left} left"
    ),
    Verdict.AT_RISK: Sentence(
        "clock_at_risk", zh="{stage}：有风险，最晚 {by}，剩 {left}", en="{stage}: at risk, due {by}, {left} left"
    ),
    Verdict.PAUSED: Sentence(
        "clock_paused", zh="{stage}：已暂停，最晚 {by}，剩 {left}", en="{stage}: paused, due {by}, {left} left"
    ),
    Verdict.MET: Sentence("clock_met", zh="{stage}：按时，{met}", en="{stage}: met, {met}"),
    Verdict.BREACHED: Sentence(
        "clock_breached", zh="{stage}：超时 {late}，最晚 {by}", en="{stage}: breached by {late}, due {by}"
    ),
}
OPEN: Final = Sentence("clock_open", zh="{stage}：计时中，没有最晚时刻", en="{stage}: running, without a deadline")
EARLY: Final = Sentence(
    "clock_early", zh="{stage}：早了 {early}，不得早于 {from_at}", en="{stage}: {early} too early, not before {from_at}"
)
WHY: Final = Sentence("clock_why", zh="依据：{limit}", en="by {limit}")
OTHERS: Final = Sentence("clock_others", zh="其他条款：{limits}", en="other clauses: {limits}")
NOT_BEFORE: Final = Sentence("clock_not_before", zh="不得早于 {at}：{limit}", en="not before {at}: {limit}")
YIELDED: Final = Sentence(
    "clock_yielded",
    zh="{limit} 的最早时刻让位：留给最晚时刻的时间太短",
    en="the earliest moment of {limit} gives way: it leaves too little time",
)
SATISFIED: Final = Sentence(
    "clock_satisfied", zh="临时方案已满足：{limits}", en="satisfied by the interim fix: {limits}"
)
PAUSED: Final = Sentence("clock_paused_for", zh="已扣除暂停 {length}", en="pauses of {length} left out")
MOVED: Final = Sentence(
    "clock_moved", zh="{ticket} {stage}：{before} → {after}", en="{ticket} {stage}: {before} → {after}"
)
NOTHING: Final = Sentence("clock_nothing", zh="无时限", en="no limit")


def tell_clock(clock: Clock, lang: Language) -> tuple[str, ...]:
    """Tell how a clock stands, then why: the clause that sets it, those that spoke besides, pauses, and what is uncertain.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> from dispatch.calendars.read import get_calendars
    >>> from dispatch.clocks import TicketFacts, read_clock
    >>> from dispatch.policies.packs.model import Facts, Stage
    >>> from dispatch.policies.packs.read import get_pack
    >>> friday = datetime(2026, 9, 18, 17, 50, tzinfo=ZoneInfo("Asia/Shanghai"))
    >>> ticket = TicketFacts("WX1", Facts("general", "silver", friday))
    >>> print(
    ...     "; ".join(tell_clock(read_clock(ticket, Stage.RESPOND, get_pack("002+004"), get_calendars(), friday), "en"))
    ... )
    respond: running, due 2026-09-18 21:50, 4 h left; by 4 h (GR-05); other clauses: 6 h (SL-06), 24 h (SL-07)
    """
    return (_stands(clock, lang), *(_why(clock.due, lang) if clock.due is not None else ()))


def tell_move(move: Move, lang: Language) -> str:
    """Tell what moves, in one line.

    Examples
    --------
    >>> from dispatch.policies.packs.model import Stage
    >>> tell_move(Move("WX1", Stage.INTERIM, None, None), "zh")
    'WX1 临时方案：无时限 → 无时限'
    """
    told = {"before": _due(move.before, lang), "after": _due(move.after, lang)}
    return MOVED.say(lang, {"ticket": move.ticket_id, "stage": _stage(move.stage, lang), **told})


def _stands(clock: Clock, lang: Language) -> str:
    stage = _stage(clock.stage, lang)
    due = clock.due
    if clock.early_min and due is not None and due.earliest is not None:
        params = {"early": Seconds(60 * clock.early_min), "from_at": _at(due.earliest.at)}
        return EARLY.say(lang, {"stage": stage, **params})
    if clock.verdict in {Verdict.RUNNING, Verdict.AT_RISK, Verdict.PAUSED} and (due is None or due.by_at is None):
        return OPEN.say(lang, {"stage": stage})
    zone = None if clock.start_at is None else clock.start_at.tzinfo
    return VERDICTS[clock.verdict].say(
        lang,
        {
            "stage": stage,
            "by": "" if due is None or due.by_at is None else _at(due.by_at),
            "left": Seconds(60 * (clock.left_min or 0)),
            "late": Seconds(60 * clock.late_min),
            "met": "" if clock.met_at is None else _at(clock.met_at.astimezone(zone)),
        },
    )


def _why(due: Due, lang: Language) -> Iterator[str]:
    if due.latest is not None:
        yield WHY.say(lang, {"limit": say_limit(due.latest.limit, lang)})
    if due.others:
        yield OTHERS.say(lang, {"limits": _limits(due.others, lang)})
    if due.earliest is not None:
        yield NOT_BEFORE.say(lang, {"at": _at(due.earliest.at), "limit": say_limit(due.earliest.limit, lang)})
    if due.yielded is not None:
        yield YIELDED.say(lang, {"limit": say_limit(due.yielded.limit, lang)})
    if due.satisfied:
        yield SATISFIED.say(lang, {"limits": _limits(due.satisfied, lang)})
    if due.paused:
        length = sum(int(lasts(span.from_at, span.to_at).total_seconds()) for span in merge_spans(due.paused))
        yield PAUSED.say(lang, {"length": Seconds(length)})
    if due.warning is not None:
        yield due.warning[0 if lang == "zh" else 1]


def _due(due: Due | None, lang: Language) -> str:
    if due is None or due.latest is None:
        return NOTHING.say(lang, {})
    return f"{_at(due.latest.at)} ({due.latest.limit.source.clause})"


def _limits(spoken: Sequence[Spoken], lang: Language) -> str:
    return ("、" if lang == "zh" else ", ").join(say_limit(one.limit, lang) for one in spoken)


def _stage(stage: Stage, lang: Language) -> str:
    return STAGE_WORDS[stage][0 if lang == "zh" else 1]


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"
