from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dispatch.domain.plan import Publication
from dispatch.storage.mapping import PAIRS, Pair
from dispatch.storage.store import Store
from dispatch.storage.tables import EDITABLE
from tests.dispatch.storage.records import plans, worlds

POINTS = {
    "outlets": {"point"},
    "sites": {"point"},
    "engineers": {"home"},
    "shifts": {"start", "end"},
    "tickets": {"point"},
    "depots": {"point"},
}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.kind.__name__)
def test_a_pair_leaves_out_no_field_and_no_column(pair: Pair[Any]) -> None:
    names = {field.name for field in fields(pair.kind)}
    points = POINTS.get(pair.table.name, set())
    four = {f"{point}_{part}" for point in points for part in ("lat_deg", "lon_deg", "precision", "found_by")}
    assert {column.name for column in pair.table.columns} == (names - points) | four


def test_every_table_with_a_version_has_its_pair() -> None:
    assert [pair.table for pair in PAIRS] == list(EDITABLE)


@given(data=st.data())
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_what_is_stored_is_what_is_read(store: Store, data: st.DataObject) -> None:
    world = data.draw(worlds())
    plan, published, event = data.draw(plans(world))
    with store.writing() as unit:
        saved = unit.save_all(world)
        unit.add_revision(plan)
        unit.publish(plan.id, at=published.published_at, by=published.published_by)
        noted = unit.add_event(event)
    with store.reading() as unit:
        for record in saved:
            assert record.version == 1
            assert unit.get(type(record), record.id) == record
        assert unit.get_revision(plan.id) == plan
        assert unit.list_publications(plan.region_id, plan.day) == [published]
        assert unit.list_events(subject_kind="Revision", subject_id=plan.id) == [noted]
    assert isinstance(published, Publication)
    assert noted.number > 0
