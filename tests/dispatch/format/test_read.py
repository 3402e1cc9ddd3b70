"""Whole documents: read what was written, and say all that is wrong at once."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from dispatch.format.faults import InvalidDocument
from dispatch.format.model import BrokenPin, Gap, Reason, Skipped
from dispatch.format.read import read_plan, read_request
from dispatch.format.write import write_plan, write_request
from tests import builders


def test_a_request_comes_back_as_it_was_written() -> None:
    world = builders.request(tickets=[builders.ticket(windows=[builders.between("09:00", "11:00")], crew=2)])
    assert read_request(write_request(world)) == world


def test_bytes_are_read_as_utf_8() -> None:
    world = builders.request(engineers=[builders.engineer("王工", skills={"空调": 3})])
    assert read_request(write_request(world).encode()) == world


def test_a_plan_comes_back_as_it_was_written() -> None:
    stops = [
        builders.stop("start", "home", "08:00", "08:00", "08:00"),
        builders.stop("visit", "lake", "08:10", "08:10", "09:10", ticket="t1", travel_s=600, travel_m=2500),
        builders.stop("end", "home", "09:20", "09:20", "09:20", travel_s=600, travel_m=2500),
    ]
    reason = Reason("skill", "no one can", "wang", Gap(Decimal(2), "level"))
    plan = builders.plan(
        [builders.route(stops)],
        {"travel": "25.00"},
        skipped=(Skipped("t2", "impossible", (reason,)),),
        broken_pins=(BrokenPin("t3", "window", "too late"),),
    )
    assert read_plan(write_plan(plan)) == plan


def test_all_faults_are_told_at_once() -> None:
    document = json.loads(write_request(builders.request()))
    document["locations"][1]["lat"] = 120
    document["tickets"][0]["windows"] = [["2026-11-23T11:00:00+08:00", "2026-11-23T09:00:00+08:00"]]
    document["tickets"][0]["location"] = "moon"
    document["ticket"] = []
    with pytest.raises(InvalidDocument) as refused:
        read_request(json.dumps(document))
    assert [str(fault) for fault in refused.value.faults] == [
        "locations[1].lat: is out of range (120), expected degrees from -90 to 90",
        'tickets[0].windows[0]: ends before it begins (["2026-11-23T11:00:00+08:00", "2026-11-23T09:00:00+08:00"]), expected from ≤ to',
        "ticket: is an unknown key ([]), expected tickets, did you mean that?",
        'tickets[0].location: names an unknown location ("moon"), expected one of locations',
    ]


def test_the_request_in_the_description_of_the_format_is_valid() -> None:
    text = (Path(__file__).parents[3] / "docs" / "planning-format.md").read_text(encoding="utf-8")
    documents = [block for block in re.findall(r"```json\n(.*?)```", text, re.DOTALL) if '"version"' in block]
    assert documents
    for document in documents:
        assert read_request(document).tickets
