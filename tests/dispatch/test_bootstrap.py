"""Settings: all faults at once, and the parts that they name."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from dispatch.bootstrap import DEFAULTS, PREFIX, SettingsInvalid, make_parts, make_travel, read_settings
from dispatch.domain.region import Region
from dispatch.places.geocoders.amap import AMap
from dispatch.places.geocoders.baidu import Baidu
from dispatch.places.geocoders.nominatim import Nominatim
from dispatch.travel.cached import Cached
from dispatch.travel.fallback import Fallback
from dispatch.travel.osrm import Osrm
from dispatch.travel.road_graph import RoadNetwork
from dispatch.travel.straight_line import StraightLine
from dispatch.travel.travel_times import Points
from tests.architecture.sources import ROOT


def faults(environ: dict[str, str]) -> dict[str, str]:
    """Return what is wrong with settings: name to code."""
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(environ)
    return {fault.path: fault.code for fault in refused.value.faults}


def test_the_page_lists_every_setting_with_its_default_and_no_other() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(PAIDAN_\w+)` \| (?:`([^`]+)`|–) \|", page, re.MULTILINE)
    assert dict(rows) == {PREFIX + name: value for name, value in DEFAULTS.items()}


def test_without_any_setting_there_is_a_database_in_a_file_and_straight_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    parts = make_parts(read_settings({}))
    parts.store.migrate()
    with parts.store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    parts.store.close()
    assert (tmp_path / "var" / "paidan.db").is_file()
    assert isinstance(parts.travel, StraightLine)
    assert (parts.book.preset.name, parts.geocoder, parts.ask()) == ("least_change", None, None)


def test_all_faults_are_told_at_once() -> None:
    environ = {
        "PAIDAN_DATABASE_URL": "mysql://u:geheim@h/d",
        "PAIDAN_TRAVEL": "roads",
        "PAIDAN_DETOUR": "0.9",
        "PAIDAN_SPEED_KMH": "fast",
        "PAIDAN_OSRM_URL": "ftp://x",
        "PAIDAN_GEOCODER": "amap",
        "PAIDAN_PRESET": "cheap",
        "PAIDAN_PACK": "002+005",
        "PAIDAN_DASK": "10.0.0.1:8786",
    }
    assert faults(environ) == {
        "PAIDAN_DATABASE_URL": "database_unknown",
        "PAIDAN_DETOUR": "impossible_value",
        "PAIDAN_SPEED_KMH": "impossible_value",
        "PAIDAN_ROADS_FILE": "missing_key",
        "PAIDAN_OSRM_URL": "impossible_value",
        "PAIDAN_GEOCODER_KEY": "missing_key",
        "PAIDAN_PRESET": "impossible_value",
        "PAIDAN_PACK": "impossible_value",
        "PAIDAN_DASK": "impossible_value",
    }
    with pytest.raises(SettingsInvalid) as refused:
        read_settings(environ)
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize("pack", ["002", "004", "strict", "002+004"])
def test_the_pack_in_use_is_a_setting(tmp_path: Path, pack: str) -> None:
    environ = {"PAIDAN_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}", "PAIDAN_PACK": pack}
    parts = make_parts(read_settings(environ))
    parts.store.close()
    assert parts.book.pack.id == pack


def test_when_nobody_says_the_strict_pack_is_in_use() -> None:
    assert read_settings({}).pack == "strict"


@pytest.mark.parametrize("name", ["PAIDAN_TRAVEL", "PAIDAN_GEOCODER"])
def test_a_word_that_is_not_known_is_refused(name: str) -> None:
    assert faults({name: "teleport"}) == {name: "impossible_value"}


@pytest.mark.parametrize(
    ("detour", "fits"), [("0.999", False), ("1", True), ("10", True), ("10.001", False), ("1.0001", False)]
)
def test_the_ends_of_a_range_are_included(detour: str, fits: bool) -> None:
    if fits:
        assert read_settings({"PAIDAN_DETOUR": detour}).detour == Decimal(detour)
    else:
        assert faults({"PAIDAN_DETOUR": detour}) == {"PAIDAN_DETOUR": "impossible_value"}


def test_a_file_may_hold_settings_and_the_environment_goes_first(tmp_path: Path) -> None:
    file = tmp_path / "paidan.toml"
    file.write_text('preset = "cost_first"\ndetour = 1.4\nspeed_kmh = 30\n', encoding="utf-8")
    settings = read_settings({"PAIDAN_SETTINGS_FILE": str(file), "PAIDAN_SPEED_KMH": "25", "PAIDAN_TRAVEL": " "})
    assert (settings.preset, settings.detour, settings.speed_kmh) == ("cost_first", Decimal("1.4"), Decimal(25))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("speed = 30", "unknown_key"),
        ("detour = [1]", "wrong_type"),
        ("PRESET = 'x'", "unknown_key"),
        ("=", "file_unreadable"),
    ],
)
def test_a_settings_file_with_a_fault_is_refused(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "paidan.toml"
    file.write_text(text, encoding="utf-8")
    assert faults({"PAIDAN_SETTINGS_FILE": str(file)}) == {"PAIDAN_SETTINGS_FILE": code}


def test_a_settings_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert faults({"PAIDAN_SETTINGS_FILE": str(tmp_path / "no.toml")}) == {"PAIDAN_SETTINGS_FILE": "file_missing"}


def test_roads_are_cached_and_fall_back_to_straight_lines(tmp_path: Path) -> None:
    graph = tmp_path / "roads.npz"
    two = np.array([30.25, 30.26]), np.array([120.15, 120.15])
    edges = np.array([1, 0], np.int32), np.array([60_000, 60_000], np.int32), np.array([111_200, 111_200], np.int32)
    RoadNetwork(*two, np.array([0, 1, 2], np.int64), *edges).write(graph)
    environ = {
        "PAIDAN_TRAVEL": "roads",
        "PAIDAN_ROADS_FILE": str(graph),
        "PAIDAN_TRAVEL_CACHE": str(tmp_path / "cache"),
    }
    travel = make_travel(read_settings(environ))
    assert isinstance(travel, Fallback)
    assert isinstance(travel.provider, Cached)
    points = Points([30.25, 30.26, 31.0], [120.15, 120.15, 121.0])
    answer = travel.matrix(points, points)
    assert answer.travel_s[0, 1] == 60
    assert answer.is_estimate.tolist() == [[False, False, True], [False, False, True], [True, True, False]]
    assert list((tmp_path / "cache").iterdir())


def test_a_file_that_is_no_road_graph_is_said_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "roads.npz"
    file.write_bytes(b"no graph")
    settings = read_settings({"PAIDAN_TRAVEL": "roads", "PAIDAN_ROADS_FILE": str(file)})
    with pytest.raises(SettingsInvalid, match="PAIDAN_ROADS_FILE"):
        make_parts(settings)


def test_osrm_falls_back_to_straight_lines() -> None:
    travel = make_travel(read_settings({"PAIDAN_TRAVEL": "osrm", "PAIDAN_OSRM_URL": "http://127.0.0.1:5000"}))
    assert isinstance(travel, Fallback)
    assert isinstance(travel.provider, Osrm)
    assert isinstance(travel.estimate, StraightLine)


@pytest.mark.parametrize(
    ("environ", "kind"),
    [
        ({"PAIDAN_GEOCODER": "amap", "PAIDAN_GEOCODER_KEY": "k"}, AMap),
        ({"PAIDAN_GEOCODER": "baidu", "PAIDAN_GEOCODER_KEY": "k"}, Baidu),
        ({"PAIDAN_GEOCODER": "nominatim", "PAIDAN_GEOCODER_AGENT": "the desk of Hangzhou"}, Nominatim),
    ],
)
def test_the_geocoder_that_is_set_is_asked(tmp_path: Path, environ: dict[str, str], kind: type) -> None:
    settings = read_settings({**environ, "PAIDAN_DATABASE_URL": f"sqlite:///{tmp_path / 'a.db'}"})
    parts = make_parts(settings)
    assert isinstance(parts.geocoder, kind)
    asking = parts.ask()
    assert asking is not None
    assert asking.name == kind.name  # type: ignore[attr-defined]
    assert "'k'" not in repr(settings)
