"""Say in another language why a ticket is left out.

A plan's document holds each reason's sentence once, in the language of whoever asked for the plan. Its code and gap are data
and need no telling, but not all is in them: which skill, whose place it would take, how many others. So the names are read back
from the sentence, and said again. A sentence that is none of ours (a plan may come from another engine) stays as it is.
"""

from __future__ import annotations

from typing import Final

from dispatch.planning import as_planned, diagnose, reasons, shortages, what_if
from dispatch.rulebook.line import Language, Sentence
from dispatch.rules import only_never, pairs, skill

EARLIER: Final = (
    Sentence(
        "tied.part_taken",
        zh="备件 {part} 及其替代件除已用外只剩 {has} 件，需要 {need} 件",
        en="needs {need} of part {part}; with its substitutes only {has} are not used elsewhere",
    ),
    Sentence(
        "tied.crew_time",
        zh="需要 {need} 名工程师同时开始，本次未找到共同的时间",
        en="needs {need} engineers at once; no common time was found",
    ),
    Sentence("tied.not_found", zh="本次未找到比不排更省的位置", en="no place cheaper than leaving it out was found"),
)
"""What plans that are kept may say, and no plan says any more."""

SENTENCES: Final[tuple[Sentence, ...]] = (
    skill.MISSING,
    only_never.NOT_ONLY,
    only_never.NEVER,
    pairs.FORBIDDEN_PAIR,
    diagnose.NO_SHIFT,
    diagnose.UNREACHABLE,
    diagnose.TOO_LATE,
    diagnose.TOO_EARLY,
    diagnose.LAPSED,
    diagnose.BREAK,
    diagnose.ABSENCE,
    diagnose.VISITS,
    diagnose.TRAVEL,
    diagnose.SHIFT,
    diagnose.OVERTIME,
    diagnose.BUSY,
    reasons.NOBODY,
    reasons.GONE,
    reasons.CLOSED,
    *reasons.OTHERS.values(),
    reasons.DEAR_PLACE,
    reasons.DEAR_SWAP,
    reasons.MUST_SWAP,
    reasons.MAYBE,
    reasons.NO_TIME,
    reasons.LATER,
    shortages.PART,
    shortages.TOOL,
    shortages.CREW,
    shortages.CREW_APART,
    shortages.AFTER,
    shortages.AFTER_LATE,
    shortages.SAME,
    shortages.PART_NONE,
    shortages.PART_AT,
    shortages.PART_FETCH,
    shortages.TOOL_NONE,
    shortages.TOOL_FETCH,
    what_if.TAKEN_OUT,
    as_planned.UNREACHED,
    as_planned.NO_BUDGET,
    *EARLIER,
)
"""Every sentence that a skipped ticket's reasons say."""


def retell(text: str, lang: Language) -> str:
    """Return a reason's sentence in a language; one that is none of ours as it is.

    Examples
    --------
    >>> retell("E2 缺少技能：空调 2 级（现 1 级）", "en")
    'E2 lacks a skill: 空调 level 2 (has 1)'
    >>> retell("路上堵车", "en")
    '路上堵车'
    """
    for sentence in SENTENCES:
        params = sentence.read(text)
        if params is not None:
            return sentence.say(lang, params)
    return text
