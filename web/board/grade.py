"""The grade a ticket is coloured by: the format has none, so a naming convention or its price stands in."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

PREFIXES: Mapping[str, str] = {"TJ": "emergency", "JJ": "urgent", "ZY": "important", "YB": "general"}
"""First letters of a ticket's id (特急, 紧急, 重要, 一般) and the grade they stand for."""

_PREFIX = re.compile(r"(TJ|JJ|ZY|YB)-")
_QUARTERS = ("price1", "price2", "price3", "price4")


@dataclass(frozen=True, slots=True)
class Grades:
    """What colours the tickets: ``scheme`` is ``prefix``, ``price`` or ``none``; ``by_ticket`` maps id to grade."""

    scheme: str
    by_ticket: Mapping[str, str]


def make_grades(prices: Mapping[str, Decimal | None], other_ids: Iterable[str] = ()) -> Grades:
    """Grade tickets by the first letters of their ids, else by the quarter that their skip price lies in.

    The quarter is told by the share of tickets with a known price that are cheaper; the dearest are always in the top.

    Parameters
    ----------
    prices
        Ticket id → skip cost in CNY; None is a ticket that must be served and counts as the dearest.
    other_ids
        Tickets of which only the id is known (a plan without its request).

    Returns
    -------
    Grades
        Scheme ``prefix`` as soon as one id follows the convention (ids that do not are ``plain``); scheme ``price``
        with grades ``price1`` (dearest) … ``price4`` when the prices differ; otherwise ``none``, all ``plain``.

    Examples
    --------
    >>> make_grades({"TJ-0001": None, "x": None}).by_ticket
    {'TJ-0001': 'emergency', 'x': 'plain'}
    >>> make_grades({"a": Decimal(10), "b": Decimal(90)}).by_ticket
    {'a': 'price4', 'b': 'price1'}
    """
    ids = dict.fromkeys([*prices, *other_ids])
    found = {ticket: match.group(1) for ticket in ids if (match := _PREFIX.match(ticket))}
    if found:
        return Grades("prefix", {ticket: PREFIXES[found[ticket]] if ticket in found else "plain" for ticket in ids})
    known = sorted(price for price in prices.values() if price is not None)
    if not known or set(prices.values()) == {known[0]}:
        return Grades("none", dict.fromkeys(ids, "plain"))
    graded = {
        ticket: "price1"
        if price is None or price == known[-1]
        else _QUARTERS[3 - 4 * bisect_left(known, price) // len(known)]
        for ticket, price in prices.items()
    }
    return Grades("price", {ticket: graded.get(ticket, "plain") for ticket in ids})
