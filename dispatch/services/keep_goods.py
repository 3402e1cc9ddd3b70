"""Parts, depots and counts of a sheet into records.

A count says what is there: it replaces the count before, and deliveries of the same part that have come by now are in it. A
delivery that is known already is not added again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime

from dispatch.domain.engineer import Engineer
from dispatch.domain.part import Delivery, Depot, Opening, Part
from dispatch.domain.region import Region
from dispatch.importers.drafts import DepotDraft, PartDraft, StockDraft
from dispatch.places.found import Found
from dispatch.storage.store import Reading

Fault = tuple[str, str, str]
"""Code, and the sentence in Chinese and English."""


def part_of(draft: PartDraft) -> Part:
    """Make a part of a draft."""
    return Part(draft.number, draft.name, draft.substitutes)


def depot_of(draft: DepotDraft, region: Region, found: Found | None) -> Depot:
    """Make a depot of a draft, without stock; one of which no place is said has none."""
    has_place = draft.place.address or draft.place.point or draft.place.district
    return Depot(
        draft.number or f"CK{draft.digest[:12]}",
        region.id,
        draft.name,
        draft.place.address or "",
        found.point if found is not None and has_place else None,
        tuple(Opening(first, last) for first, last in draft.hours),
        draft.handling_s,
    )


def says_the_same(stored: Part | Depot, new: Part | Depot, apart: Iterable[str]) -> bool:
    """Tell whether two records say the same, some fields left aside."""
    names = {field.name for field in fields(new)} - {*apart, "version"}
    return all(getattr(stored, name) == getattr(new, name) for name in names)


class Named:
    """Records by their number and by their name."""

    def __init__(self, records: Iterable[tuple[str, str]]) -> None:
        self._ids: dict[str, set[str]] = {}
        for id, name in records:  # noqa: A001 - the field of every record is called so
            for word in {id, name} - {""}:
                self._ids.setdefault(word.casefold(), set()).add(id)

    def find(self, word: str) -> set[str]:
        """Return the ids of those that a word may mean."""
        return self._ids.get(word.casefold(), set())


class Counting:
    """Depots and engineers of a region while a sheet's counts come in.

    Attributes
    ----------
    changed
        Those that are not as they were.
    """

    def __init__(self, unit: Reading, region: Region, now: datetime) -> None:
        depots = unit.list_all(Depot, region_id=region.id)
        engineers = unit.list_all(Engineer, region_id=region.id)
        parts = unit.list_all(Part)
        self._depots = {depot.id: depot for depot in depots}
        self._engineers = {engineer.id: engineer for engineer in engineers}
        self._places = Named([(one.id, one.name) for one in depots] + [(one.id, one.name) for one in engineers])
        self._parts = Named((part.id, part.name) for part in parts)
        self._now = now
        self.changed: dict[str, Depot | Engineer] = {}

    def take(self, draft: StockDraft) -> Fault | str:
        """Take one row; return the id of what it changes, nothing when it does not, or what is wrong with it."""
        where = self._places.find(draft.where)
        if len(where) != 1:
            zh = "没有备件库或工程师" if not where else "有几个备件库或工程师叫"
            en = "there is no depot or engineer" if not where else "several depots or engineers are called"
            code = "several_places" if where else "unknown_place"
            return code, f"{zh}「{draft.where}」", f'{en} "{draft.where}"'
        (place,) = where
        item = {draft.item} if draft.is_tool else self._parts.find(draft.item)
        if len(item) != 1:
            zh = "没有备件" if not item else "有几种备件叫"
            en = "there is no part" if not item else "several parts are called"
            code = "several_parts" if item else "unknown_part"
            return code, f"{zh}「{draft.item}」，请写备件号", f'{en} "{draft.item}": write its number'
        before: Depot | Engineer = self._depots[place] if place in self._depots else self._engineers[place]
        if draft.at is not None and (isinstance(before, Engineer) or draft.is_tool):
            return (
                "no_delivery",
                "只有备件库的备件可以写到货时间",
                "only parts come to a depot later: leave out when it arrives",
            )
        after = self._count(before, draft, *item)
        if after == before:
            return ""
        self.changed[place] = after
        if isinstance(after, Depot):
            self._depots[place] = after
        else:
            self._engineers[place] = after
        return place

    def _count(self, before: Depot | Engineer, draft: StockDraft, item: str) -> Depot | Engineer:
        if isinstance(before, Engineer):
            if draft.is_tool:
                others = tuple(tool for tool in before.tools if tool != item)
                keeps = item in before.tools and draft.quantity > 0
                return before if keeps else replace(before, tools=(*others, item) if draft.quantity else others)
            return replace(before, van=_with(before.van, item, draft.quantity))
        if draft.is_tool:
            return replace(before, tools=_with(before.tools, item, draft.quantity))
        if draft.at is not None:
            delivery = Delivery(item, draft.quantity, draft.at)
            known = any(
                (each.part_id, each.quantity, each.at) == (item, draft.quantity, draft.at) for each in before.deliveries
            )
            coming = before.deliveries if known else (*before.deliveries, delivery)
            return replace(before, deliveries=tuple(sorted(coming, key=lambda each: (each.at, each.part_id))))
        left = tuple(each for each in before.deliveries if each.part_id != item or each.at > self._now)
        return replace(before, stock=_with(before.stock, item, draft.quantity), deliveries=left)


def _with(quantities: Mapping[str, int], item: str, quantity: int) -> dict[str, int]:
    """Return quantities with one set; what there is none of is left out."""
    return {name: count for name, count in {**quantities, item: quantity}.items() if count}
