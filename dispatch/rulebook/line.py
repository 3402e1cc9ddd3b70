"""What a rule tells people: a line of the ledger, with its price, its breach and its sentence in two languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from string import Formatter
from typing import Literal

from dispatch.rulebook.money import cny_of

Language = Literal["zh", "en"]

_SPAN = re.compile(r"(?:(\d+) (?:小时|h))?(?:\b ?(\d+) (?:分钟|min))?(?:\b ?(\d+) (?:秒|s))?")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence in Chinese and English, with names in braces for what differs.

    ``code`` is stable, for programs.

    Examples
    --------
    >>> late = Sentence("late", zh="迟到 {late}", en="{late} late")
    >>> late.say("zh", {"late": "5 分钟"})
    '迟到 5 分钟'
    """

    code: str
    zh: str
    en: str

    def read(self, text: str) -> dict[str, object] | None:
        """Return what the names stand for in a text that this sentence has said in either language; None: it has not.

        Examples
        --------
        >>> late = Sentence("late", zh="{who} 迟到 {late}", en="{who} is {late} late")
        >>> late.say("en", late.read("E1 迟到 1 小时 5 分钟"))
        'E1 is 1 h 5 min late'
        >>> late.read("E1 早到") is None
        True
        """
        for template in (self.zh, self.en):
            sign, pattern = _pattern_of(template)
            found = pattern.fullmatch(text) if sign in text else None
            if found is not None:
                return {name: Seconds.read(value) or value for name, value in found.groupdict().items()}
        return None

    def say(self, lang: Language, params: Mapping[str, object]) -> str:
        """Fill in the names; spans of seconds (``Seconds``) are written in the language."""
        template = self.zh if lang == "zh" else self.en
        return template.format_map({name: _word(value, lang) for name, value in params.items()})


@dataclass(frozen=True, slots=True)
class Seconds:
    """A span of whole seconds in a sentence.

    Examples
    --------
    >>> Seconds(5400).say("zh"), Seconds(5400).say("en"), Seconds(65).say("en"), Seconds(0).say("zh")
    ('1 小时 30 分钟', '1 h 30 min', '1 min 5 s', '0 秒')
    """

    value: int

    @classmethod
    def read(cls, text: str) -> Seconds | None:
        """Read a span as :meth:`say` writes it, in either language; None: it is none.

        Examples
        --------
        >>> Seconds.read("1 小时 30 分钟"), Seconds.read("1 min 5 s"), Seconds.read("30")
        (Seconds(value=5400), Seconds(value=65), None)
        """
        found = _SPAN.fullmatch(text)
        if found is None or not text:
            return None
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return cls(3600 * hours + 60 * minutes + seconds)

    def say(self, lang: Language) -> str:
        """Write hours, minutes and seconds, without those that are 0."""
        hours, rest = divmod(self.value, 3600)
        minutes, seconds = divmod(rest, 60)
        units = ("小时", "分钟", "秒") if lang == "zh" else ("h", "min", "s")
        said = [f"{n} {unit}" for n, unit in zip((hours, minutes, seconds), units, strict=True) if n]
        return " ".join(said) or f"0 {units[2]}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the ledger.

    Parameters
    ----------
    rule
        Code of the rule.
    sentence, params
        What it says.
    grains
        Price, exact; 0 for a breach that has none.
    breach
        Whether the plan breaks the rule here.
    ticket, engineer, shift
        What the line is about; None where it is about more than one.
    """

    rule: str
    sentence: Sentence
    params: Mapping[str, object] = field(default_factory=dict)
    grains: int = 0
    breach: bool = False
    ticket: str | None = None
    engineer: str | None = None
    shift: str | None = None

    @property
    def cny(self) -> Decimal:
        """Return the price to the cent."""
        return cny_of(self.grains)

    def text(self, lang: Language = "zh") -> str:
        """Return the sentence in a language."""
        return self.sentence.say(lang, self.params)


@cache
def _pattern_of(template: str) -> tuple[str, re.Pattern[str]]:
    """Return the longest of a template's own words, and the pattern of what it says; a name that comes twice is the same."""
    parts: list[str] = []
    sign = ""
    seen: set[str] = set()
    for words, name, _, _ in Formatter().parse(template):
        parts.append(re.escape(words))
        sign = max(sign, words, key=len)
        if name:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
    return sign, re.compile("".join(parts), re.DOTALL)


def _word(value: object, lang: Language) -> object:
    """Write one value of a sentence."""
    return value.say(lang) if isinstance(value, Seconds) else value
