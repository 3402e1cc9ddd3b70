"""What is known about a place, and what was found: clues, sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dispatch.domain.place import Point

Language = Literal["zh", "en"]


def is_somewhere(point: Point) -> bool:
    """Tell whether a point is anywhere but at 0, 0: what empty cells become, in the Gulf of Guinea."""
    return not point.lat_deg == point.lon_deg == 0


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence for people, in Chinese and English, with a stable code for programs.

    It names places, coordinates and distances of the row; it never holds a name or a phone number.
    """

    code: str
    zh: str
    en: str

    def say(self, lang: Language) -> str:
        """Return the sentence in one language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Clues:
    """What is known about where a ticket is; everything may be missing.

    Parameters
    ----------
    address
        As written in the sheet; it may hold anything.
    site
        Where the customer's site is known to be, confirmed. Do not pass what was itself found approximately.
    point
        The row's own coordinates; approximate: so few decimals that they name no door.
    """

    address: str = ""
    site: Point | None = None
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Where a ticket is taken to be.

    Parameters
    ----------
    point
        There always is one. It knows how it was found, and is approximate when it stands for an area, not for a door: to be
        marked until a person moves the pin.
    why
        How it was found, in a sentence.
    district
        Code of the district it lies in, None outside the region's districts.
    doubts
        What does not fit together, one sentence each; empty: nothing.
    suggestion
        A point that a person should be offered instead (swapped coordinates), None mostly.
    """

    point: Point
    why: Remark
    district: str | None = None
    doubts: tuple[Remark, ...] = field(default_factory=tuple)
    suggestion: Point | None = None
