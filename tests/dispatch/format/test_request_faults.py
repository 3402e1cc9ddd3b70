"""Everything that the format calls an error is told, with its path; and at the boundary nothing is."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import pytest

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.model import GreatCircle
from dispatch.format.parsers import LARGEST
from dispatch.format.read import read_request

Json = Any
"""A document, taken apart."""


MORNING: Final = "2026-11-23T08:00:00+08:00"
NOON: Final = "2026-11-23T12:00:00+08:00"
EVENING: Final = "2026-11-23T18:00:00+08:00"

BASE: Final[dict[str, Any]] = {
    "version": 1,
    "now": MORNING,
    "locations": [{"id": "home", "lat": 30.25, "lon": 120.16}, {"id": "lake", "lat": 30, "lon": 120}],
    "travel": {"model": "great_circle", "detour": 1.3, "speed_kmh": 28, "peaks": []},
    "parts": {"fan": {"name": "fan", "substitutes": ["blower"]}},
    "depots": [
        {
            "id": "store",
            "location": "home",
            "open": [[MORNING, EVENING]],
            "handling_s": 300,
            "stock": {"fan": 2},
            "inbound": [{"part": "fan", "qty": 1, "at": NOON}],
            "tools": {"ladder": 1},
        }
    ],
    "engineers": [
        {
            "id": "wang",
            "skills": {"ac": 3},
            "skills_until": {"ac": EVENING},
            "van": {"fan": 1},
            "tools": ["meter"],
            "service_factor": {"ac": 0.9},
            "speed_factor": 1.1,
            "max_busy_s": 36000,
            "shifts": [
                {
                    "id": "mon",
                    "start": MORNING,
                    "end": EVENING,
                    "start_location": "home",
                    "end_location": None,
                    "overtime_s": 0,
                    "max_visits": 9,
                    "max_travel_s": 9000,
                    "breaks": [{"from": NOON, "to": EVENING, "duration_s": 1800}],
                    "absences": [[NOON, EVENING]],
                },
                {
                    "id": "tue",
                    "start": "2026-11-24T08:00:00+08:00",
                    "end": "2026-11-24T18:00:00+08:00",
                    "start_location": "home",
                },
            ],
        },
        {"id": "li", "skills": {}, "shifts": []},
    ],
    "tickets": [
        {
            "id": "t1",
            "location": "lake",
            "duration_s": 3600,
            "setup_s": 0,
            "requires": {"ac": 2},
            "parts": {"fan": 1},
            "tools": ["ladder"],
            "windows": [[MORNING, NOON]],
            "release": MORNING,
            "arrive": {"by": NOON, "cost": 5, "cost_per_h": 1.25},
            "resolve": {"by": EVENING},
            "skip_cost": 500,
            "crew": 1,
            "only": ["wang"],
            "never": ["li"],
            "prefer": ["wang"],
            "pairs": [{"engineer": "wang", "cost": 1, "forbid": False, "code": "x"}],
            "after": [{"ticket": "t0", "gap_s": 60}],
            "same_engineer_as": "t0",
        },
        {"id": "t2", "location": "lake", "duration_s": 3600, "requires": {}, "skip_cost": None},
    ],
    "previous": {
        "engineers": [
            {
                "engineer": "wang",
                "shift": "mon",
                "location": "lake",
                "from": MORNING,
                "breaks_done": [0],
                "tools": ["ladder"],
            }
        ],
        "finished": [{"ticket": "t0", "end": MORNING, "engineer": "wang"}],
        "visits": [
            {
                "ticket": "t1",
                "engineer": "wang",
                "shift": "mon",
                "start": NOON,
                "state": "told",
                "pin": "none",
                "promised": [MORNING, NOON],
            }
        ],
        "freeze_until": NOON,
        "max_changes": 3,
    },
    "weights": {"travel_per_h": 61.5},
}
GONE: Final = object()
"""In place of a value: the key is left out."""


def set_at(document: Json, path: str, value: object) -> None:
    """Put a value at a path such as ``tickets[0].crew``."""
    *steps, last = [
        int(step) if step.isdigit() else step for step in path.replace("[", ".").replace("]", "").split(".")
    ]
    for step in steps:
        document = document[step]
    if value is GONE:
        del document[last]
    elif isinstance(document, list) and last == len(document):
        document.append(value)
    else:
        document[last] = value


def change(*changes: tuple[str, object]) -> str:
    """Write the base request with some values put in."""
    document = copy.deepcopy(BASE)
    for path, value in changes:
        set_at(document, path, value)
    return json.dumps(document)


def find_faults(text: str) -> list[Fault]:
    """Read, and give what was wrong."""
    try:
        read_request(text)
    except InvalidDocument as error:
        return list(error.faults)
    return []


def tell(faults: Iterable[Fault]) -> list[tuple[str, str]]:
    """Give code and path of each fault."""
    return [(fault.code, fault.path) for fault in faults]


def test_the_base_request_is_valid() -> None:
    assert find_faults(json.dumps(BASE)) == []


def list_paths(node: Json, path: str = "") -> list[str]:
    """List the paths of all values inside a document."""
    if isinstance(node, dict):
        inside = [(f"{path}.{key}" if path else key, value) for key, value in node.items()]
    elif isinstance(node, list):
        inside = [(f"{path}[{index}]", value) for index, value in enumerate(node)]
    else:
        inside = []
    return [below for name, value in inside for below in (name, *list_paths(value, name))]


@pytest.mark.parametrize("path", [path for path in list_paths(BASE) if not path.endswith(".forbid")])
def test_what_is_of_no_possible_type_is_told_by_its_path_and_hides_no_other_fault(path: str) -> None:
    elsewhere = "weights.travel_per_h" if not path.startswith("weights") else "locations[0].lat"
    told = tell(find_faults(change((elsewhere, -1000), (path, True))))
    expected = {("wrong_type", path), ("impossible_value", elsewhere)}
    assert expected <= set(told)
    assert len(told) == len(set(told))
    # where an entry with an id could not be read, what refers to it is told as well, and nothing else is
    assert {code for code, where in told if (code, where) not in expected} <= {"unknown_reference"}


SINGLE: Final = [
    # wrong types
    ("tickets", {}, "wrong_type"),
    ("tickets[0]", [], "wrong_type"),
    ("tickets[0].id", 7, "wrong_type"),
    ("tickets[0].id", "", "impossible_value"),
    ("tickets[0].duration_s", "3600", "wrong_type"),
    ("tickets[0].duration_s", True, "wrong_type"),
    ("tickets[0].duration_s", None, "wrong_type"),
    ("tickets[0].duration_s", 0.5, "wrong_type"),
    ("tickets[0].duration_s", -1, "impossible_value"),
    ("tickets[0].duration_s", LARGEST + 1, "impossible_value"),
    ("tickets[0].windows", None, "wrong_type"),
    ("tickets[0].requires", ["ac"], "wrong_type"),
    ("tickets[0].pairs[0].forbid", 1, "wrong_type"),
    ("tickets[0].pairs[0].engineer", GONE, "missing_key"),
    ("tickets[0].pairs[0].cost", "1", "wrong_type"),
    ("tickets[0].skip_cost", False, "wrong_type"),
    ("tickets[0].tools", "ladder", "wrong_type"),
    ("engineers[0].name", 5, "wrong_type"),
    ("previous", [], "wrong_type"),
    ("depots", None, "wrong_type"),
    # version and keys
    ("version", 2, "unknown_version"),
    ("version", "1", "wrong_type"),
    ("version", True, "wrong_type"),
    ("version", GONE, "missing_key"),
    ("now", GONE, "missing_key"),
    ("engineers", GONE, "missing_key"),
    ("tickets[1].skip_cost", GONE, "missing_key"),
    ("tickets[1].requires", GONE, "missing_key"),
    ("engineers[0].shifts[0].start_location", GONE, "missing_key"),
    ("travel.model", GONE, "missing_key"),
    ("travel.speed_kmh", GONE, "missing_key"),
    ("depots[0].open", GONE, "missing_key"),
    ("previous.visits[0].pin", GONE, "missing_key"),
    ("tickets[0].resolve.by", GONE, "missing_key"),
    ("comment", "hello", "unknown_key"),
    ("tickets[0].duration", 3600, "unknown_key"),
    ("weights.travel", 1, "unknown_key"),
    ("travel.radius", 1, "unknown_key"),
    # numbers
    ("locations[0].lat", 90.0001, "impossible_value"),
    ("locations[0].lat", -91, "impossible_value"),
    ("locations[0].lon", 180.5, "impossible_value"),
    ("locations[0].lon", None, "wrong_type"),
    ("tickets[0].skip_cost", 0.005, "too_many_decimals"),
    ("tickets[0].skip_cost", -0.01, "impossible_value"),
    ("tickets[0].skip_cost", 1_000_000_000.01, "impossible_value"),
    ("tickets[0].arrive.cost_per_h", 1.234, "too_many_decimals"),
    ("weights.balance_per_h2", -1, "impossible_value"),
    ("engineers[0].speed_factor", 1.0001, "too_many_decimals"),
    ("engineers[0].speed_factor", 0, "impossible_value"),
    ("engineers[0].speed_factor", -1, "impossible_value"),
    ("engineers[0].service_factor", 0, "impossible_value"),
    ("engineers[0].service_factor.ac", 1.2345, "too_many_decimals"),
    ("engineers[0].service_factor", "fast", "wrong_type"),
    ("engineers[0].skills.ac", 0, "impossible_value"),
    ("engineers[0].skills.ac", 5, "impossible_value"),
    ("tickets[0].requires.ac", 5, "impossible_value"),
    ("tickets[0].requires.ac", 2.5, "wrong_type"),
    ("tickets[0].crew", 0, "impossible_value"),
    ("tickets[0].parts.fan", -1, "impossible_value"),
    ("depots[0].stock.fan", -1, "impossible_value"),
    ("depots[0].tools.ladder", 1.5, "wrong_type"),
    ("engineers[0].van.fan", -1, "impossible_value"),
    ("engineers[0].shifts[0].max_visits", -1, "impossible_value"),
    ("travel.speed_kmh", 0, "impossible_value"),
    ("travel.speed_kmh", -28, "impossible_value"),
    ("travel.detour", 0, "impossible_value"),
    ("travel.detour", 1.3001, "too_many_decimals"),
    # times
    ("now", "2026-11-23T08:00:00", "bad_time"),
    ("now", "2026-11-23T08:00:00.5+08:00", "bad_time"),
    ("now", "2026-11-23T08:00:00.000+08:00", "bad_time"),
    ("now", "2026-11-23 08:00:00+08:00", "bad_time"),
    ("now", "2026-11-23T08:00+08:00", "bad_time"),
    ("now", "2026-11-23T08:00:00+0800", "bad_time"),
    ("now", "2026-11-23T24:00:00+08:00", "bad_time"),
    ("now", "2026-11-23T08:00:60+08:00", "bad_time"),
    ("now", "2026-02-30T08:00:00+08:00", "bad_time"),
    ("now", "2026-11-23T08:00:00+24:00", "bad_time"),
    ("now", "２０２６-11-23T08:00:00+08:00", "bad_time"),
    ("now", " 2026-11-23T08:00:00+08:00", "bad_time"),
    ("now", "2026-11-23T08:00:00+08:00\n", "bad_time"),
    ("now", "1969-12-31T08:00:00+08:00", "impossible_value"),
    ("now", "2200-01-01T08:00:00+08:00", "impossible_value"),
    ("now", 1795392000, "wrong_type"),
    ("tickets[0].windows[0]", [NOON, MORNING], "impossible_value"),
    ("tickets[0].windows[0]", [NOON], "wrong_length"),
    ("tickets[0].windows[0]", [MORNING, NOON, EVENING], "wrong_length"),
    ("tickets[0].windows[0]", {"from": MORNING, "to": NOON}, "wrong_type"),
    ("engineers[0].shifts[0].absences[0]", [EVENING, NOON], "impossible_value"),
    ("depots[0].open[0]", [EVENING, NOON], "impossible_value"),
    ("previous.visits[0].promised", [EVENING, NOON], "impossible_value"),
    ("depots[0].inbound[0].at", MORNING, "impossible_value"),
    ("previous.engineers[0].from", "2026-11-23T07:59:59+08:00", "impossible_value"),
    # ids and references
    ("tickets[1].id", "t1", "duplicate_id"),
    ("engineers[2]", {"id": "wang", "skills": {}, "shifts": []}, "duplicate_id"),
    ("locations[2]", {"id": "home", "lat": 30, "lon": 120}, "duplicate_id"),
    ("depots[1]", {"id": "store", "location": "home", "open": []}, "duplicate_id"),
    ("engineers[0].shifts[1].id", "mon", "duplicate_id"),
    ("tickets[0].location", "moon", "unknown_reference"),
    ("depots[0].location", "moon", "unknown_reference"),
    ("engineers[0].shifts[0].start_location", "moon", "unknown_reference"),
    ("engineers[0].shifts[0].end_location", "moon", "unknown_reference"),
    ("tickets[0].only[0]", "zhao", "unknown_reference"),
    ("tickets[0].never[0]", "zhao", "unknown_reference"),
    ("tickets[0].prefer[0]", "zhao", "unknown_reference"),
    ("tickets[0].pairs[0].engineer", "zhao", "unknown_reference"),
    ("tickets[0].after[0].ticket", "t9", "unknown_reference"),
    ("tickets[0].same_engineer_as", "t9", "unknown_reference"),
    ("engineers[0].skills_until.tv", NOON, "unknown_reference"),
    ("previous.engineers[0].engineer", "zhao", "unknown_reference"),
    ("previous.engineers[0].shift", "wed", "unknown_reference"),
    ("previous.engineers[0].location", "moon", "unknown_reference"),
    ("previous.engineers[0].breaks_done[0]", 1, "unknown_reference"),
    ("tickets[0].after[0]", {"ticket": "t1"}, "self_reference"),
    ("tickets[0].same_engineer_as", "t1", "self_reference"),
    ("parts.fan.substitutes[0]", "fan", "self_reference"),
    ("tickets[0].only", [], "impossible_value"),
    ("tickets[0].never[1]", "li", "duplicate_entry"),
    ("tickets[0].tools[1]", "ladder", "duplicate_entry"),
    ("previous.engineers[0].breaks_done[1]", 0, "duplicate_entry"),
    ("previous.finished[1]", {"ticket": "t0", "end": MORNING, "engineer": "wang"}, "duplicate_id"),
    ("previous.finished[0].engineer", GONE, "missing_key"),
    # words
    ("travel.model", "teleport", "impossible_value"),
    ("travel.model", 1, "wrong_type"),
    ("previous.visits[0].state", "asleep", "impossible_value"),
    ("previous.visits[0].pin", "both", "impossible_value"),
]


@pytest.mark.parametrize(("path", "value", "code"), SINGLE)
def test_one_thing_wrong_is_one_fault_at_its_path(path: str, value: object, code: str) -> None:
    (fault,) = find_faults(change((path, value)))
    assert fault.path in {path, f"{path}.id", f"{path}.ticket"}
    assert fault.code == code
    assert ", expected " in str(fault)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("locations[0].lat", 90),
        ("locations[0].lat", -90.0),
        ("locations[0].lon", 180),
        ("locations[0].lon", -180),
        ("tickets[0].duration_s", 0),
        ("tickets[0].duration_s", LARGEST),
        ("tickets[0].duration_s", 3600.0),
        ("tickets[0].skip_cost", 0),
        ("tickets[0].skip_cost", 1_000_000_000),
        ("tickets[0].skip_cost", 0.01),
        ("tickets[0].windows[0]", [NOON, NOON]),
        ("tickets[0].windows", []),
        ("tickets[0].only", None),
        ("tickets[0].release", None),
        ("tickets[0].arrive", None),
        ("tickets[0].crew", 9),
        ("tickets[0].pairs[1]", {"engineer": "wang", "cost": 2}),
        ("tickets[0].requires", {"unknown skill": 4}),
        ("tickets[0].parts", {"part named nowhere": 1}),
        ("engineers[0].skills.ac", 4),
        ("engineers[0].speed_factor", 0.001),
        ("engineers[0].shifts[1].start", EVENING),
        ("engineers[0].max_busy_s", None),
        ("travel.speed_kmh", 0.001),
        ("travel.detour", GONE),
        ("depots[0].inbound[0].at", "2026-11-23T08:00:01+08:00"),
        ("previous.engineers[0].from", MORNING),
        ("previous", None),
        ("previous.finished[0].ticket", "t1"),
        ("previous.visits[0].ticket", "cancelled"),
        ("previous.visits[0].engineer", "ill"),
        ("previous.visits[0].shift", "gone"),
        ("now", "2026-11-23T00:00:00Z"),
        ("now", "2026-11-22T19:30:00-04:30"),
        ("now", "1970-01-01T00:00:00+00:00"),
        ("version", 1.0),
        ("weights", {}),
        ("parts", {}),
    ],
)
def test_what_is_just_inside_the_bounds_is_taken(path: str, value: object) -> None:
    changes = [(path, value)]
    if path.startswith("previous") and (value is None or path.endswith("finished[0].ticket")):
        changes += [("tickets[0].after", []), ("tickets[0].same_engineer_as", None)]
    assert find_faults(change(*changes)) == []


def test_an_absent_detour_is_1() -> None:
    travel = read_request(change(("travel.detour", GONE))).travel
    assert isinstance(travel, GreatCircle)
    assert travel.detour == 1


def test_prices_and_factors_are_exact() -> None:
    request = read_request(change(("tickets[0].skip_cost", 0.1), ("engineers[0].speed_factor", 1.1)))
    assert request.tickets[0].skip_cost == Decimal("0.1")
    assert request.engineers[0].speed_factor * 3600 == 3960


def test_zeros_at_the_end_are_no_decimals() -> None:
    text = json.dumps(BASE).replace('"skip_cost": 500', '"skip_cost": 500.1000000')
    assert read_request(text).tickets[0].skip_cost == Decimal("500.1")


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 5000])
def test_numbers_that_are_none_are_named_by_path(number: str) -> None:
    text = json.dumps(BASE).replace('"skip_cost": 500', f'"skip_cost": {number}')
    assert tell(find_faults(text)) == [("not_a_number", "tickets[0].skip_cost")]


@pytest.mark.parametrize("number", ["1e300", "123456789012345678", "1e-300"])
def test_numbers_out_of_all_proportion_are_refused_at_once(number: str) -> None:
    for key in ('"skip_cost": 500', '"duration_s": 3600, "setup_s"', '"lat": 30.25'):
        name = key.split('"')[1]
        text = json.dumps(BASE).replace(key, key.replace(key.split(": ")[1].split(",")[0], number), 1)
        faults = find_faults(text)
        if name == "lat" and number == "1e-300":
            assert faults == []
        else:
            (fault,) = faults
            assert fault.path.endswith(name)


def test_swapped_coordinates_are_recognised() -> None:
    (fault,) = find_faults(change(("locations[0].lat", 120.16), ("locations[0].lon", 30.25)))
    assert fault.path == "locations[0].lat"
    assert "swapped" in fault.message


def test_a_latitude_that_no_swap_explains_gives_no_such_hint() -> None:
    for lat, lon in ((200, 30), (120, 120)):
        faults = find_faults(change(("locations[0].lat", lat), ("locations[0].lon", lon)))
        assert not any("swapped" in fault.message for fault in faults)


@pytest.mark.parametrize(
    ("key", "near"),
    [("duration", "duration_s"), ("Location", "location"), ("requirements", "requires"), ("window", "windows")],
)
def test_an_unknown_key_brings_the_nearest_known_one(key: str, near: str) -> None:
    (fault,) = find_faults(change((f"tickets[1].{key}", 1)))
    assert f"expected {near}, did you mean that?" in fault.message


def test_an_unknown_key_like_no_other_brings_all_known_ones() -> None:
    (fault,) = find_faults(change(("travel.zzz", 1)))
    assert fault.message == "is an unknown key, expected one of model, speed_kmh, detour, peaks"


def test_an_unknown_key_is_found_beside_a_missing_one() -> None:
    faults = find_faults(change(("tickets[1].duration_s", GONE), ("tickets[1].duration", 3600)))
    assert tell(faults) == [("missing_key", "tickets[1].duration_s"), ("unknown_key", "tickets[1].duration")]


def test_an_unknown_reference_names_its_kind() -> None:
    (fault,) = find_faults(change(("tickets[0].only[0]", "zhao")))
    assert str(fault) == 'tickets[0].only[0]: names an unknown engineer ("zhao"), expected one of engineers'


def test_no_reference_is_blamed_when_what_it_refers_to_could_not_be_read() -> None:
    assert tell(find_faults(change(("locations", 5)))) == [("wrong_type", "locations")]
    assert tell(find_faults(change(("engineers", 5)))) == [("wrong_type", "engineers")]
    assert tell(find_faults(change(("tickets", 5)))) == [("wrong_type", "tickets")]


def test_faults_of_many_kinds_are_told_together() -> None:
    faults = find_faults(
        change(
            ("now", "soon"),
            ("locations[0].lat", 120),
            ("engineers[0].shifts[1].id", "mon"),
            ("tickets[0].duration_s", -1),
            ("tickets[1].location", "moon"),
            ("tickets[1].colour", "red"),
        )
    )
    assert {fault.path for fault in faults} == {
        "now",
        "locations[0].lat",
        "engineers[0].shifts[1].id",
        "tickets[0].duration_s",
        "tickets[1].location",
        "tickets[1].colour",
    }


def test_shifts_of_one_engineer_overlap_from_the_first_second() -> None:
    path = "engineers[0].shifts[1].start"
    assert find_faults(change((path, EVENING))) == []
    faults = find_faults(change((path, "2026-11-23T17:59:59+08:00")))
    assert tell(faults) == [("overlap", "engineers[0].shifts[1]")]


def test_the_overlap_is_seen_across_offsets_and_in_any_order() -> None:
    shifts = [
        {"id": str(row), "start": start, "end": end, "start_location": "home"}
        for row, (start, end) in enumerate(
            [
                (NOON, EVENING),
                ("2026-11-23T00:00:00+00:00", "2026-11-23T04:00:01+00:00"),
            ]
        )
    ]
    faults = find_faults(change(("engineers[1].shifts", shifts)))
    assert tell(faults) == [("overlap", "engineers[1].shifts[1]")]


def test_shifts_of_two_engineers_may_overlap() -> None:
    shift = {"id": "mon", "start": MORNING, "end": EVENING, "start_location": "home"}
    assert find_faults(change(("engineers[1].shifts", [shift]))) == []


def test_a_shift_that_ends_before_it_starts_is_told_once() -> None:
    faults = find_faults(change(("engineers[0].shifts[1].end", MORNING)))
    assert tell(faults) == [("impossible_value", "engineers[0].shifts[1]")]


def test_a_break_that_ends_before_it_begins_is_told() -> None:
    faults = find_faults(change(("engineers[0].shifts[0].breaks[0].to", MORNING)))
    assert tell(faults) == [("impossible_value", "engineers[0].shifts[0].breaks[0]")]


def test_a_cycle_of_tickets_is_told_once_where_it_closes() -> None:
    ring = [
        {**BASE["tickets"][1], "id": f"r{row}", "after": [{"ticket": "t2"}, {"ticket": f"r{(row + 1) % 3}"}]}
        for row in range(3)
    ]
    faults = find_faults(change(("tickets", [*BASE["tickets"], *ring])))
    assert tell(faults) == [("cycle", "tickets[4].after[1]")]
    assert faults[0].value == ["r0", "r1", "r2"]


def test_two_ways_to_one_ticket_are_no_cycle() -> None:
    chain = [
        {**BASE["tickets"][1], "id": "a"},
        {**BASE["tickets"][1], "id": "b", "after": [{"ticket": "a"}]},
        {**BASE["tickets"][1], "id": "c", "after": [{"ticket": "a"}, {"ticket": "b"}, {"ticket": "a"}]},
    ]
    assert find_faults(change(("tickets", [*BASE["tickets"], *chain]))) == []


def test_a_chain_of_many_tickets_needs_no_deep_stack() -> None:
    chain = [
        {**BASE["tickets"][1], "id": f"c{row}", "after": [{"ticket": f"c{row + 1}"}] if row < 4_999 else []}
        for row in range(5_000)
    ]
    assert find_faults(change(("tickets", [*BASE["tickets"], *chain]))) == []


def test_an_engineer_cannot_be_at_two_places() -> None:
    entry = {**BASE["previous"]["engineers"][0], "location": "home"}
    faults = find_faults(change(("previous.engineers[1]", entry)))
    assert tell(faults) == [("duplicate_entry", "previous.engineers[1].engineer")]


def test_a_visit_is_listed_once_for_each_engineer_and_a_crew_in_one_state() -> None:
    visit = BASE["previous"]["visits"][0]
    assert find_faults(change(("previous.visits[1]", {**visit, "engineer": "li"}))) == []
    assert tell(find_faults(change(("previous.visits[1]", visit)))) == [("duplicate_entry", "previous.visits[1]")]
    faults = find_faults(change(("previous.visits[1]", {**visit, "engineer": "li", "state": "planned"})))
    assert tell(faults) == [("contradiction", "previous.visits[1].state")]


def test_an_engineer_travels_to_one_ticket_at_a_time() -> None:
    visit = {**BASE["previous"]["visits"][0], "state": "travelling"}
    other = {**visit, "ticket": "t2"}
    faults = find_faults(change(("previous.visits", [visit, other])))
    assert tell(faults) == [("contradiction", "previous.visits[1].state")]
    for elsewhere in ({"ticket": "cancelled"}, {"shift": "tue"}, {"engineer": "ill"}, {"state": "told"}):
        assert find_faults(change(("previous.visits", [visit, {**other, **elsewhere}]))) == []


def test_a_finished_ticket_needs_an_engineer_only_where_somebody_wants_the_same_one() -> None:
    changes = [("previous.finished[0].engineer", GONE), ("tickets[0].same_engineer_as", None)]
    assert find_faults(change(*changes)) == []


def test_far_too_many_faults_end_the_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dispatch.format.parsers.MOST_FAULTS", 10)
    faults = find_faults(change(("tickets", [1] * 50)))
    assert [fault.code for fault in faults] == ["wrong_type"] * 10 + ["too_many_faults"]
