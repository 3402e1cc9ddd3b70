from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.format.model import Ticket
from dispatch.policies.arrival import promise_of
from dispatch.policies.packs.model import Facts
from tests.builders import at, between, ticket
from tests.dispatch.policies.desk import book, facts


def by(asked: Facts, one: Ticket | None = None, pack: str = "strict") -> datetime | None:
    promise = promise_of(one or ticket(), asked, book(pack=pack))
    return None if promise is None else promise.by


@pytest.mark.parametrize(
    ("grade", "tier", "hours"),
    [
        ("emergency", "diamond", 1),
        ("emergency", "gold", 2),
        ("emergency", "silver", 2),
        ("urgent", "diamond", 1),
        ("urgent", "gold", 4),
        ("urgent", "silver", 4),
        ("important", "diamond", 24),
        ("important", "gold", 24),
        ("important", "silver", 24),
        ("general", "diamond", 48),
        ("general", "gold", 48),
        ("general", "silver", 48),
    ],
)
def test_the_limit_counts_from_the_report_by_grade_and_tier(grade: Grade, tier: Tier, hours: int) -> None:
    assert by(facts(grade, tier)) == at("08:00") + timedelta(hours=hours)


def test_a_window_that_opens_by_the_limit_moves_nothing() -> None:
    asked = facts("urgent")  # by 12:00
    assert by(asked, ticket(windows=[between("12:00", "14:00")])) == at("12:00")


def test_a_window_that_opens_after_the_limit_moves_it_to_its_end() -> None:
    asked = facts("urgent")
    assert by(asked, ticket(windows=[between("12:00:01", "14:00")])) == at("14:00")


def test_of_several_windows_the_first_counts_whatever_their_order() -> None:
    asked = facts("urgent")
    windows = [between("16:00", "18:00"), between("13:00", "15:00")]
    assert by(asked, ticket(windows=windows)) == at("15:00")


def test_a_release_after_the_limit_begins_it_anew() -> None:
    asked = facts("urgent")
    assert by(asked, ticket(release=at("12:00"))) == at("12:00")
    assert by(asked, ticket(release=at("12:00:01"))) == at("16:00:01")


def test_a_release_into_a_window_counts_from_where_both_allow() -> None:
    asked = facts("urgent")
    into = ticket(windows=[between("10:00", "14:00")], release=at("12:30"))
    assert by(asked, into) == at("14:00")


def test_a_window_that_is_over_before_the_release_does_not_count() -> None:
    asked = facts("urgent")
    windows = [between("09:00", "10:00"), between("14:00", "16:00")]
    assert by(asked, ticket(windows=windows, release=at("11:00"))) == at("16:00")
    assert by(asked, ticket(windows=windows[:1], release=at("11:00"))) == at("12:00")


def test_prices_follow_grade_tier_and_preset_to_the_cent() -> None:
    asked = facts("general", "gold")
    plain = promise_of(ticket(), asked, book())
    assert plain is not None
    assert (plain.cost, plain.cost_per_h) == (Decimal(30), Decimal("7.50"))
    cheap = promise_of(ticket(), asked, book("cost_first"))
    assert cheap is not None
    assert (cheap.cost, cheap.cost_per_h) == (Decimal(15), Decimal("3.75"))


def test_the_pack_in_use_sets_the_limit() -> None:
    assert by(facts("urgent"), pack="002") == at("16:00")
    assert by(facts("general"), pack="002") == at("08:00", day=2)
    assert by(facts("general"), pack="002+004") == at("08:00", day=2)
    assert by(facts("general", reported_at=at("08:00", day=4)), pack="002+004") == at("08:00", day=6)
