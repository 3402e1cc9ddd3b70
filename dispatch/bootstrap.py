"""Where the service is put together: settings from the environment, and every concrete class named once.

Settings are read and checked as a whole before anything is opened; ``docs/settings.md`` lists them and a test compares.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final, Literal, cast, get_args

from dispatch.data_file import DataError
from dispatch.domain.errors import DatabaseUnknown
from dispatch.format.faults import ABSENT, Fault
from dispatch.format.model import GreatCircle
from dispatch.places.geocoders.amap import AMap
from dispatch.places.geocoders.baidu import Baidu
from dispatch.places.geocoders.nominatim import Nominatim
from dispatch.places.geocoding import Asking, Cache, Geocoder, MemoryCache
from dispatch.policies.packs.read import DEFAULT as STRICT
from dispatch.policies.packs.read import PACKS, get_pack
from dispatch.policies.tables.model import PRESETS, Book, PresetName
from dispatch.policies.tables.read import get_book
from dispatch.storage.database import DEFAULT, make_folder
from dispatch.storage.store import Store
from dispatch.travel.cached import Cached
from dispatch.travel.fallback import Fallback
from dispatch.travel.osrm import Osrm
from dispatch.travel.road_graph import RoadFileError, RoadGraph, read_network
from dispatch.travel.straight_line import URBAN, StraightLine
from dispatch.travel.travel_times import TravelTimes
from dispatch.travel.ways import KeptWays, Ways

PREFIX: Final = "PAIDAN_"

SETTINGS_FILE: Final = f"{PREFIX}SETTINGS_FILE"

TravelName = Literal["straight_line", "roads", "osrm"]
GeocoderName = Literal["none", "amap", "baidu", "nominatim"]

DEFAULTS: Final[Mapping[str, str]] = {
    "DATABASE_URL": DEFAULT,
    "TRAVEL": "straight_line",
    "DETOUR": str(URBAN.detour),
    "SPEED_KMH": str(URBAN.speed_kmh),
    "ROADS_FILE": "",
    "TRAVEL_CACHE": "var/travel",
    "OSRM_URL": "",
    "GEOCODER": "none",
    "GEOCODER_KEY": "",
    "GEOCODER_SECRET": "",
    "GEOCODER_CITY": "",
    "GEOCODER_AGENT": "",
    "PRESET": "least_change",
    "PACK": STRICT,
    "DASK": "",
}
"""Every setting without its prefix, and what it is when nobody says; empty: not set."""

SECRET: Final = frozenset({"GEOCODER_KEY", "GEOCODER_SECRET"})
"""Settings whose value no message shows."""

DETOUR_RANGE: Final = (Decimal(1), Decimal(10))
SPEED_RANGE_KMH: Final = (Decimal(1), Decimal(200))
NOMINATIM_GAP_S: Final = 1.0
"""Seconds between two questions to the public Nominatim, as its usage policy asks."""


SCHEDULER_TRANSPORTS: Final = frozenset({"tcp", "tls", "ws", "wss"})
PORT_MAX: Final = 65_535
SCHEDULER_EXPECTED: Final = "is no scheduler, expected one like tcp://127.0.0.1:8786"


class SettingsInvalid(ValueError):  # noqa: N818 - named after what happened, as the errors of the service
    """The service is not started: ``faults`` names every setting that is wrong, its value and what was expected."""

    def __init__(self, faults: list[Fault]) -> None:
        """Take the faults in the order of the settings."""
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, faults)))


@dataclass(frozen=True, slots=True)
class Settings:
    """What an installation is set to; ``docs/settings.md`` says what each means."""

    database_url: str = field(repr=False)
    travel: TravelName
    detour: Decimal
    speed_kmh: Decimal
    roads_file: Path | None
    travel_cache: Path
    osrm_url: str | None
    geocoder: GeocoderName
    geocoder_key: str = field(repr=False)
    geocoder_secret: str | None = field(repr=False)
    geocoder_city: str
    geocoder_agent: str
    preset: PresetName
    pack: str
    dask: str | None


@dataclass(frozen=True, slots=True)
class Parts:
    """What services are given.

    Parameters
    ----------
    store
        The database; nothing is connected yet. Close it at the end.
    travel
        Who is asked for travel times; it always answers, if need be by an estimate.
    book
        Limits of the pack in use, prices and weights under the preset.
    geocoder
        Who finds addresses; None: nobody is asked.
    """

    store: Store
    travel: TravelTimes
    book: Book
    geocoder: Geocoder | None
    _cache: Cache = field(default_factory=MemoryCache, repr=False)

    def ask(self) -> Asking | None:
        """Begin a run of questions to the geocoder; answers are remembered from run to run. None: there is none."""
        return None if self.geocoder is None else _begin_asking(self.geocoder, self._cache)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings: from the environment, else from the TOML file that it names, else the defaults.

    Parameters
    ----------
    environ
        Such as ``os.environ``. A value of spaces alone counts as not set.

    Raises
    ------
    SettingsInvalid
        With all faults.

    Examples
    --------
    >>> settings = read_settings({"PAIDAN_PRESET": "cost_first"})
    >>> settings.travel, settings.preset
    ('straight_line', 'cost_first')
    """
    reader = _Reader(environ)
    travel = cast("TravelName", reader.word("TRAVEL", get_args(TravelName)))
    geocoder = cast("GeocoderName", reader.word("GEOCODER", get_args(GeocoderName)))
    settings = Settings(
        database_url=reader.address(),
        travel=travel,
        detour=reader.number("DETOUR", DETOUR_RANGE),
        speed_kmh=reader.number("SPEED_KMH", SPEED_RANGE_KMH),
        roads_file=reader.file("ROADS_FILE", needed=travel == "roads"),
        travel_cache=Path(reader.text("TRAVEL_CACHE")),
        osrm_url=reader.osrm(needed=travel == "osrm"),
        geocoder=geocoder,
        geocoder_key=reader.text("GEOCODER_KEY", needed=geocoder in {"amap", "baidu"}),
        geocoder_secret=reader.text("GEOCODER_SECRET") or None,
        geocoder_city=reader.text("GEOCODER_CITY"),
        geocoder_agent=reader.text("GEOCODER_AGENT", needed=geocoder == "nominatim"),
        preset=cast("PresetName", reader.word("PRESET", PRESETS)),
        pack=reader.pack(),
        dask=reader.scheduler(),
    )
    if reader.faults:
        raise SettingsInvalid(reader.faults)
    return settings


def make_parts(settings: Settings) -> Parts:
    """Make what services are given; the road graph is read, nothing else is opened.

    Raises
    ------
    SettingsInvalid
        The road graph cannot be read.
    """
    return Parts(
        store=make_store(settings),
        travel=make_travel(settings),
        book=get_book(settings.preset, settings.pack),
        geocoder=_make_geocoder(settings),
    )


def make_store(settings: Settings) -> Store:
    """Make the store; the folder of a database that is a file is made too."""
    make_folder(settings.database_url)
    return Store(settings.database_url)


@dataclass(frozen=True, slots=True)
class Moving:
    """Who knows how long it is, and which way.

    Parameters
    ----------
    travel
        Who is asked for travel times; it always answers, if need be by an estimate.
    ways
        Who is asked for ways to draw; None: nobody knows any.
    """

    travel: TravelTimes
    ways: Ways | None


def make_travel(settings: Settings) -> TravelTimes:
    """Make the provider of travel times; roads and OSRM fall back to straight lines.

    Raises
    ------
    SettingsInvalid
        The road graph cannot be read.
    """
    return make_moving(settings).travel


def make_moving(settings: Settings) -> Moving:
    """Make the provider of travel times and that of ways to draw, over one road graph or one server.

    Raises
    ------
    SettingsInvalid
        The road graph cannot be read.
    """
    estimate = StraightLine(GreatCircle(settings.detour, settings.speed_kmh))
    if settings.travel == "roads" and settings.roads_file is not None:
        try:
            roads = RoadGraph(read_network(settings.roads_file))
        except (RoadFileError, OSError) as error:
            expected = f"cannot be read: {error}, expected a graph of `paidan roads build`"
            fault = Fault("file_unreadable", f"{PREFIX}ROADS_FILE", str(settings.roads_file), expected)
            raise SettingsInvalid([fault]) from error
        travel = Fallback(Cached(roads, settings.travel_cache), estimate, patience_s=None)
        return Moving(travel, KeptWays(roads, patience_s=None))
    if settings.travel == "osrm" and settings.osrm_url is not None:
        server = Osrm(settings.osrm_url)
        return Moving(Fallback(server, estimate), KeptWays(server))
    return Moving(estimate, None)


def make_ask(settings: Settings) -> Callable[[], Asking | None]:
    """Return what begins a run of questions to the geocoder that is set, for whoever needs nothing else."""
    geocoder, cache = _make_geocoder(settings), MemoryCache()
    return lambda: None if geocoder is None else _begin_asking(geocoder, cache)


def _begin_asking(geocoder: Geocoder, cache: Cache) -> Asking:
    """Begin a run of questions, no faster than the service wants them."""
    return Asking(geocoder, cache, least_gap_s=NOMINATIM_GAP_S if isinstance(geocoder, Nominatim) else 0.0)


def _make_geocoder(settings: Settings) -> Geocoder | None:
    """Make the geocoder that is set."""
    if settings.geocoder == "amap":
        return AMap(settings.geocoder_key, city=settings.geocoder_city)
    if settings.geocoder == "baidu":
        return Baidu(settings.geocoder_key, security_key=settings.geocoder_secret)
    if settings.geocoder == "nominatim":
        return Nominatim(settings.geocoder_agent)
    return None


def is_scheduler(address: str) -> bool:
    """Say whether a text is the address of a Dask scheduler: transport, host and port.

    Examples
    --------
    >>> is_scheduler("tcp://10.0.0.1:8786"), is_scheduler("10.0.0.1:8786"), is_scheduler("tcp://10.0.0.1:no")
    (True, False, False)
    """
    transport, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    return transport in SCHEDULER_TRANSPORTS and bool(host) and port.isdecimal() and 0 < int(port) <= PORT_MAX


class _Reader:
    """Reads settings and notes every fault."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.faults: list[Fault] = []
        self._values = dict(DEFAULTS)
        self._values |= self._read_file(environ.get(SETTINGS_FILE, "").strip())
        given = {name: environ.get(PREFIX + name, "").strip() for name in DEFAULTS}
        self._values |= {name: value for name, value in given.items() if value}

    def text(self, name: str, *, needed: bool = False) -> str:
        """Return a setting as it is; empty: not set."""
        value = self._values[name]
        if needed and not value:
            self._fault("missing_key", name, ABSENT, "is missing, expected a value for what else is set")
        return value

    def word(self, name: str, known: tuple[str, ...]) -> str:
        """Return one of some words."""
        value = self._values[name]
        if value not in known:
            self._fault("impossible_value", name, value, f"is none of those known, expected one of {', '.join(known)}")
        return value

    def number(self, name: str, span: tuple[Decimal, Decimal]) -> Decimal:
        """Return a number within a span, with at most three decimals."""
        value = self._values[name]
        low, high = span
        try:
            number = Decimal(value)
            fits = low <= number <= high and number == number.quantize(Decimal("0.001"))
        except InvalidOperation:
            number, fits = low, False
        if not fits:
            expected = f"expected a number from {low} to {high} with at most three decimals"
            self._fault("impossible_value", name, value, f"is out of range, {expected}")
        return number

    def file(self, name: str, *, needed: bool) -> Path | None:
        """Return a file that is there; None: not set."""
        value = self.text(name, needed=needed)
        if not value:
            return None
        if not Path(value).is_file():
            self._fault("file_missing", name, value, "does not exist, expected a file that can be read")
        return Path(value)

    def address(self) -> str:
        """Return the database's address; its password stays out of the fault."""
        value = self._values["DATABASE_URL"]
        try:
            Store(value).close()
        except DatabaseUnknown as error:
            self._fault("database_unknown", "DATABASE_URL", error.params["address"], error.advise("en"))
        return value

    def osrm(self, *, needed: bool) -> str | None:
        """Return the address of an OSRM server; None: not set."""
        value = self.text("OSRM_URL", needed=needed)
        if not value:
            return None
        try:
            Osrm(value)
        except ValueError:
            self._fault("impossible_value", "OSRM_URL", value, "is no server, expected one like http://127.0.0.1:5000")
        return value

    def pack(self) -> str:
        """Return the policy packs in use."""
        value = self._values["PACK"]
        try:
            get_pack(value)
        except DataError:
            known = f"{', '.join(PACKS)}, or several such as 002+004"
            self._fault("impossible_value", "PACK", value, f"is no policy pack, expected one of {known}")
        return value

    def scheduler(self) -> str | None:
        """Return the address of a Dask scheduler; None: not set."""
        value = self.text("DASK")
        if not value:
            return None
        if not is_scheduler(value):
            self._fault("impossible_value", "DASK", value, SCHEDULER_EXPECTED)
        return value

    def _read_file(self, name: str) -> dict[str, str]:
        """Read the settings file: names in small letters without the prefix, values as text or numbers."""
        if not name:
            return {}
        path = "SETTINGS_FILE"
        try:
            document = tomllib.loads(Path(name).read_text(encoding="utf-8"), parse_float=str)
        except FileNotFoundError:
            self._fault("file_missing", path, name, "does not exist, expected a file that can be read")
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            self._fault("file_unreadable", path, name, f"cannot be read: {error}, expected a TOML file")
            return {}
        found: dict[str, str] = {}
        for key, value in document.items():
            if key.upper() not in DEFAULTS or key != key.lower():
                known = ", ".join(map(str.lower, DEFAULTS))
                self._fault("unknown_key", path, key, f"is no setting, expected one of {known}")
            elif not isinstance(value, str | int) or isinstance(value, bool):
                self._fault("wrong_type", path, key, "is neither text nor a number, expected one of them")
            else:
                found[key.upper()] = str(value).strip()
        return found

    def _fault(self, code: str, name: str, value: object, message: str) -> None:
        """Note a fault; what is secret is not shown."""
        shown = "…" if name in SECRET and value is not ABSENT else value
        self.faults.append(Fault(code, PREFIX + name, shown, message))
