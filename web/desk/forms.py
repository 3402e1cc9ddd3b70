"""Read what a page's form sends, and say what it would cost."""

from __future__ import annotations

import math
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from flask import request
from flask_babel import gettext

from web.errors import RequestRefused, Wrong

E = TypeVar("E", bound=StrEnum)

LONGEST: Final = 12
"""Digits of a number; Python refuses to read thousands of them."""


def read_whole(name: str, least: int, most: int, called: str = "") -> int:
    """Read a whole number; ``called`` is what the page calls it.

    Raises
    ------
    RequestRefused
        It is none, or out of range.
    """
    text = request.form.get(name, "").strip()
    if not (text.isdecimal() and len(text) <= LONGEST and least <= int(text) <= most):
        raise RequestRefused(
            [_refuse(name, called, gettext("it must be a whole number from %(a)s to %(b)s", a=least, b=most))]
        )
    return int(text)


def read_degrees(name: str, most: int, called: str) -> float:
    """Read degrees; both ends of ± ``most`` are included.

    Raises
    ------
    RequestRefused
        It is no number, or out of range.
    """
    try:
        value = float(request.form.get(name, ""))
    except ValueError:
        value = math.nan
    if not -most <= value <= most:
        raise RequestRefused(
            [_refuse(name, called, gettext("it must be degrees from %(a)s to %(b)s", a=-most, b=most))]
        )
    return value


def read_choice(name: str, kind: type[E], called: str) -> E:
    """Read one of a few words; ``called`` is what the page calls the field.

    Raises
    ------
    RequestRefused
        It is none of them; which there are is told.
    """
    try:
        return kind(request.form.get(name, ""))
    except ValueError:
        raise RequestRefused(
            [_refuse(name, called, gettext("it must be one of: %(words)s", words=", ".join(kind)))]
        ) from None


def _refuse(name: str, called: str, reason: str) -> Wrong:
    """Say what was expected."""
    return Wrong("impossible_value", f"/{name}", {"name": called or name, "reason": reason})


def tell_cost(cost_cny: Decimal | None) -> str | None:
    """Return what a change costs as a person reads it, with its sign; None where it is not known.

    Examples
    --------
    >>> tell_cost(Decimal("-1234.5")), tell_cost(Decimal("0"))
    ('− ¥ 1,234.50', '+ ¥ 0.00')
    """
    return None if cost_cny is None else f"{'−' if cost_cny < 0 else '+'} ¥ {abs(cost_cny):,.2f}"
