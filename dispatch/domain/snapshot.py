"""Everything that planning one region's day depends on, read at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dispatch.domain.customer import Asset, Customer, Site
from dispatch.domain.engineer import Absence, Engineer, Shift
from dispatch.domain.part import Depot, Part
from dispatch.domain.plan import Publication, Revision
from dispatch.domain.region import Outlet, Region
from dispatch.domain.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One region's day; every tuple is sorted by id.

    Parameters
    ----------
    tickets
        All that are open in the region, and those that the plan in force visits, whatever has become of them.
    customers, sites, assets
        Those of the tickets.
    engineers
        Those of the region who are active, and those who have a shift in it on this day.
    shifts
        In the region, beginning on the day as the region's zone has it: a shift is planned with the day on which it begins.
    absences
        Of these engineers, sharing time with the day or with one of these shifts.
    publication, plan
        The plan in force; None: none was published.
    night_shifts
        In the region, begun before the day and reaching into it: the plan of the day before uses them, not this one's.
    parts
        All that there are.
    depots
        Those of the region.
    """

    region: Region
    day: date
    outlets: tuple[Outlet, ...]
    customers: tuple[Customer, ...]
    sites: tuple[Site, ...]
    assets: tuple[Asset, ...]
    tickets: tuple[Ticket, ...]
    engineers: tuple[Engineer, ...]
    shifts: tuple[Shift, ...]
    absences: tuple[Absence, ...]
    publication: Publication | None = None
    plan: Revision | None = None
    night_shifts: tuple[Shift, ...] = ()
    parts: tuple[Part, ...] = ()
    depots: tuple[Depot, ...] = ()
