"""A dispatcher's desk for tests of policies: facts, cases and books with ordinary values."""

from __future__ import annotations

from datetime import datetime

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import Facts
from dispatch.policies.packs.promises import Promise, make_promise
from dispatch.policies.tables.model import Book, Case, PresetName
from dispatch.policies.tables.read import get_book
from tests.builders import at


def facts(grade: Grade = Grade.GENERAL, tier: Tier = Tier.SILVER, reported_at: datetime | None = None) -> Facts:
    """Make the facts of a ticket that was reported on Monday at eight."""
    return Facts(grade, tier, at("08:00") if reported_at is None else reported_at)


def case(
    grade: Grade = Grade.GENERAL, tier: Tier = Tier.SILVER, promise: Promise | None = None, pack: str = "strict"
) -> Case:
    """Make the case of such a ticket on a Monday that ends at six; without a promise the pack makes one."""
    known, chosen = facts(grade, tier), book(pack=pack)
    return Case(known, promise or make_promise(chosen.pack, known, chosen.calendars), at("18:00"))


def book(preset: PresetName = "least_change", pack: str = "strict") -> Book:
    """Give the tables under a preset and a pack; by itself a preset that leaves the table's prices as they are."""
    return get_book(preset, pack)
