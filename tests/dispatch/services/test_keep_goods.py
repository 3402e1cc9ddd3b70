"""Parts, depots and counts from their sheets into the store."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dispatch.domain.engineer import Engineer
from dispatch.domain.part import Delivery, Depot, Part
from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.importers.rows import Settings
from dispatch.services.import_sheet import Kind, Stored, import_sheet, prepare_sheet
from dispatch.storage.store import Store

NOW = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
SETTINGS = Settings(date(2026, 11, 23))
PARTS = "备件号,名称,可替代件\nKT-101,启动电容,KT-109\nKT-109,通用电容,\nBX-301,门封条,"
DEPOTS = "备件库编号,备件库,经度,纬度,开放时间\nCK1,城北备件库,120.16,30.33,7:30-18:00"
STOCK = "存放处,物品,数量,类别,到货时间\n城北备件库,KT-101,6,,\nCK1,启动电容,4,,2026-11-23 10:30\nCK1,真空泵,2,工具,\n王示例,BX-301,2,,\nE1,真空泵,1,工具,"


@pytest.fixture(autouse=True)
def _fill(store: Store) -> None:
    with store.writing() as unit:
        unit.save_all([Region("hz", "杭州"), Engineer("E1", "hz", "王示例"), Engineer("E2", "hz", "李示例")])


def keep(store: Store, kind: Kind, sheet: str, *, now: datetime = NOW) -> Stored:
    return import_sheet(store, prepare_sheet(kind, sheet.encode(), SETTINGS), "hz", by="desk", now=now)


def keep_all(store: Store) -> list[Stored]:
    return [keep(store, kind, sheet) for kind, sheet in (("parts", PARTS), ("depots", DEPOTS), ("stock", STOCK))]  # type: ignore[arg-type]


def depot_of(store: Store) -> Depot:
    with store.reading() as unit:
        return unit.get(Depot, "CK1")


def test_parts_depots_and_counts_are_kept(store: Store) -> None:
    assert [stored.refused for stored in keep_all(store)] == [(), (), ()]
    with store.reading() as unit:
        assert unit.get(Part, "KT-101").substitutes == ("KT-109",)
        engineer = unit.get(Engineer, "E1")
    depot = depot_of(store)
    assert (dict(depot.stock), dict(depot.tools)) == ({"KT-101": 6}, {"真空泵": 2})
    assert depot.deliveries == (Delivery("KT-101", 4, datetime(2026, 11, 23, 2, 30, tzinfo=UTC)),)
    assert (dict(engineer.van), engineer.tools) == ({"BX-301": 2}, ("真空泵",))


def test_the_same_files_twice_change_nothing(store: Store) -> None:
    keep_all(store)
    version = depot_of(store).version
    again = keep_all(store)
    assert [(stored.added, stored.known, stored.refused) for stored in again] == [((), 3, ()), ((), 1, ()), ((), 5, ())]
    assert depot_of(store).version == version


def test_a_count_replaces_the_one_before_and_has_the_deliveries_that_have_come(store: Store) -> None:
    keep_all(store)
    keep(store, "stock", "存放处,物品,数量\nCK1,KT-101,3", now=datetime(2026, 11, 23, 3, tzinfo=UTC))
    assert dict(depot_of(store).stock) == {"KT-101": 3}
    assert depot_of(store).deliveries == ()
    keep(store, "stock", "存放处,物品,数量\nCK1,KT-101,0")
    assert dict(depot_of(store).stock) == {}


def test_a_part_that_is_there_with_other_contents_refuses_its_row(store: Store) -> None:
    keep_all(store)
    assert [note.code for note in keep(store, "parts", "备件号,名称\nKT-101,滤芯").refused] == ["number_taken"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("天边,KT-101,1,,", "unknown_place"),
        ("CK1,XX-1,1,,", "unknown_part"),
        ("E1,KT-101,1,,2026-11-23 10:30", "no_delivery"),
        ("CK1,真空泵,1,工具,2026-11-23 10:30", "no_delivery"),
    ],
)
def test_a_count_of_nothing_known_refuses_its_row_and_stores_nothing(store: Store, row: str, code: str) -> None:
    keep_all(store)
    before = depot_of(store)
    refused = keep(store, "stock", f"存放处,物品,数量,类别,到货时间\nCK1,KT-109,9,,\n{row}")
    assert [note.code for note in refused.refused] == [code]
    assert depot_of(store) == before


def test_a_name_that_two_places_have_is_refused(store: Store) -> None:
    keep_all(store)
    with store.writing() as unit:
        unit.save(Engineer("E3", "hz", "王示例"))
    assert [note.code for note in keep(store, "stock", "存放处,物品,数量\n王示例,KT-101,1").refused] == [
        "several_places"
    ]


def test_a_ticket_s_parts_are_found_by_number_or_name_and_an_unknown_one_is_told(store: Store) -> None:
    keep_all(store)
    stored = keep(
        store, "tickets", "工单号,地址,备件,工具,人数\nT1,西湖区文三路 1 号,启动电容×2；kt-109；压缩机,真空泵,2"
    )
    assert "unknown_part" in [note.code for note in stored.doubts]
    with store.reading() as unit:
        ticket = unit.get(Ticket, "T1")
    assert (dict(ticket.parts), ticket.tools, ticket.crew) == ({"KT-101": 2, "KT-109": 1}, ("真空泵",), 2)


def test_a_depot_of_which_no_place_is_said_has_none(store: Store) -> None:
    keep(store, "depots", "备件库编号,备件库\nCK9,无名库")
    with store.reading() as unit:
        assert unit.get(Depot, "CK9").point is None
