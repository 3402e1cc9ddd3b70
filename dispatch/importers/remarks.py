"""What an importer says about a cell, a row or a file: a stable code, where, and a sentence in two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from dispatch.importers.sentences import SENTENCES

Language = Literal["zh", "en"]
Params = Mapping[str, object]
NO_PARAMS: Final[Params] = MappingProxyType({})
VALUE_LENGTH: Final = 60
"""Characters of a value that a remark quotes at most."""


class Unclear(ValueError):  # noqa: N818 - what was read is unclear; nothing failed
    """A value that cannot be read; caught where the row is read, so that all faults of a row are told together."""

    def __init__(self, code: str, **params: object) -> None:
        """Take the code of a sentence and what fills it."""
        self.code = code
        self.params: Params = params
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that was read by guessing: the code of a sentence and what fills it."""

    code: str
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to be told about a file.

    Parameters
    ----------
    code
        Stable word for programs; all are in ``SENTENCES``.
    line
        Row as the spreadsheet counts, from 1; None when the whole file is meant.
    column, letter
        Heading of the column as the file has it, and its letter; None when the whole row or file is meant.
    value
        What stands there, at most :data:`VALUE_LENGTH` characters; None when nothing does.
    params
        What fills the sentence.

    Examples
    --------
    >>> remark = Remark("unknown_grade", 7, "等级", "D", "十万火急")
    >>> remark.where("en"), remark.where("zh")
    ('row 7, column D "等级"', '第 7 行 D 列「等级」')
    >>> print(remark.text("en"))
    "十万火急" is no grade. Write 特急, 紧急, 重要 or 一般 (emergency, urgent, important, general)
    """

    code: str
    line: int | None = None
    column: str | None = None
    letter: str | None = None
    value: str | None = None
    params: Params = field(default_factory=dict)

    def text(self, lang: Language = "zh") -> str:
        """Return the sentence in a language."""
        template = SENTENCES[self.code][0 if lang == "zh" else 1]
        return template.format_map({"value": self.value or "", "column": self.column or "", **self.params})

    def where(self, lang: Language = "zh") -> str:
        """Return the row and column as a person says them; empty for the whole file."""
        if self.line is None:
            return ""
        if lang == "zh":
            return f"第 {self.line} 行" + (f" {self.letter} 列「{self.column}」" if self.letter else "")
        return f"row {self.line}" + (f', column {self.letter} "{self.column}"' if self.letter else "")


def shorten(text: str) -> str:
    """Cut a value to the length that a remark quotes, unprintable characters left out.

    Examples
    --------
    >>> len(shorten("x" * 1000))
    60
    """
    cut = text if len(text) <= VALUE_LENGTH else text[: VALUE_LENGTH - 1] + "…"
    return "".join(char if char.isprintable() else " " for char in cut)
