"""Who asks for service, where, and for which equipment. Private fields stay out of ``repr``, and so out of logs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.domain.checks import check_record
from dispatch.domain.place import Point


class Tier(StrEnum):
    """What a customer is entitled to: 钻石, 黄金, 白银."""

    DIAMOND = "diamond"
    GOLD = "gold"
    SILVER = "silver"


@dataclass(frozen=True, slots=True)
class Customer:
    """A person or a firm.

    Examples
    --------
    >>> Customer("C1", name="王芳", phone="13800000000")
    Customer(id='C1', tier=<Tier.SILVER: 'silver'>, version=0)
    """

    id: str
    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    tier: Tier = Tier.SILVER
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)


@dataclass(frozen=True, slots=True)
class Site:
    """A place of a customer's that is visited; ``phone`` and ``contact_name`` are of whoever opens the door."""

    id: str
    customer_id: str
    region_id: str
    address: str = field(repr=False)
    point: Point | None = field(default=None, repr=False)
    door_note: str | None = field(default=None, repr=False)
    contact_name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)


@dataclass(frozen=True, slots=True)
class Asset:
    """A piece of equipment at a site; ``serial`` is the maker's number."""

    id: str
    site_id: str
    product: str
    model: str | None = None
    serial: str | None = None
    version: int = 0

    def __post_init__(self) -> None:
        check_record(self)
