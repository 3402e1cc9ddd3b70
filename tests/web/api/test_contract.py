from __future__ import annotations

import re

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from web.api.all_sections import SECTIONS, get_contract
from web.errors import Answer, Wrong

CASES = {"short": 4, "long": 15}
"""Cases of each operation, right ones and wrong ones each."""
LEAST = {"short": 300, "long": 1000}
"""Cases in all; an operation that takes nothing has few."""

WATCHED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


def test_the_contract_is_served_and_told_to_people_without_anybody_elses_scripts(client: FlaskClient) -> None:
    served = client.get("/api/v1/openapi.json").get_json()
    assert served == get_contract()
    assert served["openapi"] == "3.1.0"
    page = client.get("/api/v1/docs").text
    for operation in operations():
        assert f'id="{operation}"' in page
    assert not re.search(r'(?:src|href)="(?:https?:)?//', page)


def operations() -> list[str]:
    return [
        operation["operationId"] for operations in get_contract()["paths"].values() for operation in operations.values()
    ]


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    names = operations()
    assert len(names) == len(set(names)) == sum(len(section.operations) for section in SECTIONS)
    for section in SECTIONS:
        for operation in section.operations:
            assert operation.summary.endswith("."), operation.name


def test_every_reference_leads_to_a_shape() -> None:
    contract = get_contract()
    referred = set(re.findall(r"'#/components/schemas/([^']+)'", str(contract)))
    assert referred <= set(contract["components"]["schemas"])


def test_the_shape_of_refusals_is_the_one_that_is_sent() -> None:
    sent = Answer(404, (Wrong("no_such_page").as_json("en"),)).as_json()
    assert set(sent) == set(get_contract()["components"]["schemas"]["Refusal"]["properties"])


@pytest.mark.parametrize("length", ["short", pytest.param("long", marks=pytest.mark.slow)])
def test_whatever_is_sent_the_answer_is_one_of_the_contract(app: Flask, length: str) -> None:
    contract = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    tried = 0
    for found in contract.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @settings(
                max_examples=CASES[length],
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def try_one(case: schemathesis.Case) -> None:
                nonlocal tried
                tried += 1
                case.call_and_validate(checks=WATCHED)

            try_one()
    assert tried >= LEAST[length]
