from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from dispatch.domain.errors import ERRORS, Change, ImpossibleRecord, PlanOvertaken, StaleEdit
from dispatch.domain.place import Point
from dispatch.domain.region import Region
from web.errors import KINDS, STATUSES, answer_to, to_json


def test_every_status_is_of_an_error_of_the_domain_and_no_code_has_two_meanings() -> None:
    assert set(STATUSES) <= {error.code for error in ERRORS}
    assert set(STATUSES) & set(KINDS) == set()


def test_every_kind_speaks_both_languages() -> None:
    for kind in KINDS.values():
        params = {"name": "n", "reason": "r"}
        assert kind.say("zh", params) != kind.say("en", params)
        assert kind.advise("zh") != kind.advise("en")


def test_an_impossible_record_points_at_the_field() -> None:
    answer = answer_to(ImpossibleRecord("Ticket.duration_s", "≥ 0", -5), "en")
    assert (answer.status, answer.faults[0]["pointer"]) == (422, "/duration_s")


def test_an_edit_that_met_another_says_what_differs() -> None:
    stored = Region("hz", "杭州市", version=2)
    error = StaleEdit(
        "Region",
        "hz",
        version=1,
        stored=stored,
        stored_version=2,
        changes=(Change("name", "杭城", "杭州市"),),
    )
    answer = answer_to(error, "zh")
    assert answer.status == 409
    assert answer.as_json()["details"] == {
        "version": 1,
        "stored_version": 2,
        "changes": [{"name": "name", "edited": "杭城", "stored": "杭州市"}],
    }


def test_an_overtaken_plan_says_by_which() -> None:
    answer = answer_to(PlanOvertaken("hz", date(2026, 11, 23), base_number=1, current_number=3), "en")
    assert (answer.status, answer.details) == (409, {"base_number": 1, "current_number": 3})


def test_values_of_records_become_json() -> None:
    point = Point(30.2, 120.1)
    assert to_json({"at": datetime(2026, 11, 23, tzinfo=UTC), "where": (point, None)}) == {
        "at": "2026-11-23T00:00:00+00:00",
        "where": [{"lat_deg": 30.2, "lon_deg": 120.1, "precision": "exact", "found_by": "coordinates"}, None],
    }
    assert to_json(replace(point, lat_deg=1.0))["lat_deg"] == 1.0
