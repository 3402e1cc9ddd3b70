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
from dispatch.example.morning import add_previous
from dispatch.example.supplies import add_parts, add_tools
from dispatch.format.model import Request

FEATURES = ("parts", "tools", "crews", "after", "same_engineer", "limits", "previous")
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
        Of :data:`FEATURES`; None: :func:`list_rich_features`.

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
        ``previous``
            It is the middle of the morning; a plan is in force, with visits in every state, pins, what is finished
            and where everyone is; somebody is ill, a work takes longer, tickets are new or cancelled. See
            :func:`~dispatch.example.morning.make_morning` for how that plan goes on.

    Raises
    ------
    ValueError
        When a number is out of its range or a feature is unknown.
    """
    chosen = _choose(list_rich_features(seed) if features is None else features)
    request = make_request(engineers, tickets, days, seed)
    steps: dict[str, Callable[[Random, Request], Request]] = {
        "parts": partial(add_parts, days=days),
        "tools": partial(add_tools, days=days),
        "crews": add_crews,
        "after": partial(add_after, days=days),
        "same_engineer": add_same_engineer,
        "limits": _add_limits,
        "previous": add_previous,
    }
    for feature in FEATURES:
        if feature in chosen:
            request = steps[feature](random_for(seed, feature), request)
    return request


def list_rich_features(seed: int) -> tuple[str, ...]:
    """List the features of a rich request: all, but a plan in force only for even seeds."""
    return FEATURES if seed % 2 == 0 else tuple(each for each in FEATURES if each != "previous")


def random_for(seed: int, feature: str) -> Random:
    """Give the random numbers of a feature."""
    return Random(f"{seed}/{feature}")  # noqa: S311 - no secret is drawn


def _choose(features: Collection[str]) -> frozenset[str]:
    """Refuse what is no feature."""
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
