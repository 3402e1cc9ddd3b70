"""Say in another language why a ticket is left out.

A plan's document holds each reason's sentence once, in the language of whoever asked for the plan. Its code and gap are data
and need no telling, but not all is in them: which skill, whose place it would take, how many others. So the names are read back
from the sentence, and said again. A sentence that is none of ours (a plan may come from another engine) stays as it is.
"""

from __future__ import annotations

from typing import Final

from dispatch.planning import as_planned, diagnose, reasons, what_if
from dispatch.rulebook.line import Language, Sentence
from dispatch.rules import only_never, pairs, skill

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
    what_if.TAKEN_OUT,
    as_planned.UNREACHED,
    as_planned.NO_BUDGET,
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
