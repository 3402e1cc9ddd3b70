"""A realistic request with everything that the planning format can say, or with single features of it.

The plain day of :mod:`dispatch.example.city` comes first and has skills, windows, deadlines, wishes, breaks, peaks and
absences; each feature adds to it with random numbers of its own, so that one is the same whatever others are there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from random import Random

from dispatch.example.city import make_request
from dispatch.example.links import add_after, add_crews, add_same_engineer
from dispatch.example.supplies import add_parts, add_tools
from dispatch.format.model import Request

FEATURES = ("parts", "tools", "crews", "after", "same_engineer", "limits")
"""What can be added to a plain day, in the order in which it is."""


def make_rich(
    engineers: int = 30,
    tickets: int = 240,
    days: int = 1,
    seed: int = 0,
    features: Collection[str] | None = None,
) -> Request:
    """Make a realistic request with some features.

    Parameters
    ----------
    engineers, tickets, days, seed
        As for :func:`~dispatch.example.make_request`.
    features
        Of :data:`FEATURES`; None: all of them.

        ``parts``
            Twelve parts with substitutes, of which a third of the tickets needs some; vans with stock; two depots with
            opening hours, stock and deliveries during the day.
        ``tools``
            Three tools, some engineers' own, some lent by the depots.
        ``crews``
            A few tickets for two and three engineers.
        ``after``
            Tickets that follow others, with and without gaps, in chains, the next day.
        ``same_engineer``
            Tickets with the lead of another one.
        ``limits``
            A few engineers with ``max_busy_s``, a few shifts with ``max_travel_s``.

    Raises
    ------
    ValueError
        When a number is out of its range or a feature is unknown.
    """
    chosen = _choose(features)
    request = make_request(engineers, tickets, days, seed)
    steps: dict[str, Callable[[Random, Request], Request]] = {
        "parts": partial(add_parts, days=days),
        "tools": partial(add_tools, days=days),
        "crews": add_crews,
        "after": partial(add_after, days=days),
        "same_engineer": add_same_engineer,
        "limits": _add_limits,
    }
    for feature in FEATURES:
        if feature in chosen:
            request = steps[feature](Random(f"{seed}/{feature}"), request)  # noqa: S311 - no secret is drawn
    return request


def _choose(features: Collection[str] | None) -> frozenset[str]:
    """Give the features that are meant."""
    if features is None:
        return frozenset(FEATURES)
    unknown = sorted(set(features) - set(FEATURES))
    if unknown:
        message = f"features must be of {', '.join(FEATURES)}, got {', '.join(unknown)}"
        raise ValueError(message)
    return frozenset(features)


def _add_limits(random: Random, request: Request) -> Request:
    """Bound the working time of one engineer in eight and the driving of another."""
    engineers = list(request.engineers)
    some = random.sample(range(len(engineers)), max(2, len(engineers) // 4) if len(engineers) > 1 else 1)
    for place, row in enumerate(some):
        engineer = engineers[row]
        if place % 2 == 0:
            engineers[row] = replace(engineer, max_busy_s=3600 * random.randint(6, 8) * len(engineer.shifts))
        else:
            shifts = tuple(replace(shift, max_travel_s=60 * random.choice((90, 120, 150))) for shift in engineer.shifts)
            engineers[row] = replace(engineer, shifts=shifts)
    return replace(request, engineers=tuple(engineers))
