"""Policies: what the business wants, written into a request; one file each.

A policy reads the packs (:mod:`dispatch.policies.packs`), the tables (:mod:`dispatch.policies.tables`) and a few facts of each ticket, and fills fields of the request; from
there on the request speaks for itself. Whoever adds one writes the file and its twin test, and lists it in
:data:`POLICIES`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from dispatch.format.model import Request
from dispatch.policies import arrival, resolution, skip, weights
from dispatch.policies.tables.model import Book, Case


class Policy(Protocol):
    """A policy: a module with these names."""

    CODE: str
    """Name of the policy, that of its file."""

    FIELDS: tuple[str, ...]
    """The fields of the request that it writes, as the format calls them; no two policies write the same."""

    def apply(self, request: Request, cases: Mapping[str, Case], book: Book) -> Request:
        """Return the request with its fields filled; tickets without a case stay as they are."""
        ...


POLICIES: tuple[Policy, ...] = (
    arrival,
    resolution,
    skip,
    weights,
)


def apply_all(request: Request, cases: Mapping[str, Case], book: Book) -> Request:
    """Return the request as all of :data:`POLICIES` leave it; they do not depend on their order.

    Parameters
    ----------
    request
        What was read of the day, with tickets' windows and releases.
    cases
        What is known of each ticket by its id, and what was promised; tickets that are not in it stay as they are.
    book
        Prices, preset, pack and calendars.
    """
    for policy in POLICIES:
        request = policy.apply(request, cases, book)
    return request
