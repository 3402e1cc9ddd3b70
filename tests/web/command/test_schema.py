"""``paidan schema``: the schema itself, as text that a validator takes."""

from __future__ import annotations

import json

import pytest

from dispatch.format.schema import make_plan_schema, make_request_schema
from tests.web.command.running import Paidan


@pytest.mark.parametrize(("kind", "schema"), [("request", make_request_schema()), ("plan", make_plan_schema())])
def test_the_schema_goes_to_standard_output(paidan: Paidan, kind: str, schema: dict[str, object]) -> None:
    answer = paidan("schema", kind)
    assert (answer.code, answer.err) == (0, "")
    assert json.loads(answer.out) == schema


def test_there_are_two_schemas(paidan: Paidan) -> None:
    answer = paidan("schema", "ticket")
    assert (answer.code, answer.out) == (2, "")
    assert "ticket" in answer.err
