from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dispatch.domain.customer import Customer, Tier
from dispatch.domain.errors import AlreadyThere, ImpossibleRecord, NotFound, StaleEdit, StillNeeded
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.services.edit_records import add_record, edit_record, make_id, remove_record
from dispatch.storage.store import Store

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def add(store: Store, record: Customer | Region | Ticket) -> None:
    with store.writing() as unit:
        add_record(unit, record, by="d1", now=NOW)


def test_what_is_changed_is_written_down_without_the_values(store: Store) -> None:
    add(store, Customer("C", "王芳"))
    with store.writing() as unit:
        saved = edit_record(
            unit,
            Customer,
            "C",
            version=1,
            changes={"name": "王小芳", "tier": Tier.GOLD, "phone": None},
            by="d1",
            now=NOW,
        )
    assert (saved.version, saved.name, saved.tier) == (2, "王小芳", Tier.GOLD)
    with store.reading() as unit:
        added, edited = unit.list_events(subject_kind="Customer")
    assert (added.name, edited.name, edited.actor) == ("CustomerAdded", "CustomerEdited", "d1")
    assert edited.details == {"version": 2, "fields": "name, tier"}


def test_of_two_edits_the_second_is_told_what_differs_and_nothing_is_lost(store: Store) -> None:
    add(store, Customer("C", "王芳"))
    with store.writing() as unit:
        edit_record(unit, Customer, "C", version=1, changes={"name": "王小芳"}, by="d1", now=NOW)
    with pytest.raises(StaleEdit) as refused, store.writing() as unit:
        edit_record(unit, Customer, "C", version=1, changes={"name": "王大芳"}, by="d2", now=NOW)
    assert [(change.name, change.edited, change.stored) for change in refused.value.changes] == [
        ("name", "王大芳", "王小芳")
    ]
    with store.reading() as unit:
        assert unit.get(Customer, "C").name == "王小芳"
        assert len(unit.list_events(subject_kind="Customer")) == 2


def test_what_cannot_be_or_is_not_there_is_refused(store: Store) -> None:
    add(store, Region("hz", "杭州"))
    with pytest.raises(AlreadyThere):
        add(store, Region("hz", "杭州"))
    with pytest.raises(StillNeeded):
        add(store, Ticket("T", "nowhere", NOW))
    with pytest.raises(NotFound), store.writing() as unit:
        edit_record(unit, Region, "nb", version=1, changes={}, by="d1", now=NOW)
    with pytest.raises(ImpossibleRecord), store.writing() as unit:
        edit_record(unit, Region, "hz", version=1, changes={"zone": "Mars"}, by="d1", now=NOW)


def test_a_record_is_removed_if_it_is_the_one_that_was_seen(store: Store) -> None:
    add(store, Region("hz", "杭州"))
    add(store, Ticket("T", "hz", NOW))
    with pytest.raises(StillNeeded), store.writing() as unit:
        remove_record(unit, Region, "hz", version=1, by="d1", now=NOW)
    with pytest.raises(StaleEdit), store.writing() as unit:
        remove_record(unit, Ticket, "T", version=2, by="d1", now=NOW)
    with store.writing() as unit:
        remove_record(unit, Ticket, "T", version=1, by="d1", now=NOW)
    with store.reading() as unit:
        assert unit.find(Ticket, "T") is None
        assert unit.list_events(subject_kind="Ticket")[-1].name == "TicketRemoved"


def test_made_ids_are_never_the_same() -> None:
    assert make_id() != make_id()
