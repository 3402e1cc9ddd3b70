from __future__ import annotations

import pytest
from flask import Flask

from web.errors import RequestRefused
from web.who import HEADER, Looker, Role, find_looker, remember, who


@pytest.fixture
def app() -> Flask:
    made = Flask(__name__)
    made.secret_key = "k" * 32
    return made


@pytest.mark.parametrize("looker", [Looker(), Looker(Role.MANAGER), Looker(Role.ENGINEER, "E:7")])
def test_who_is_looking_is_remembered_and_can_be_said_by_a_program(app: Flask, looker: Looker) -> None:
    with app.test_request_context("/"):
        assert who() == Looker(Role.DISPATCHER)
        remember(looker)
        assert who() == looker
    with app.test_request_context("/", headers={HEADER: looker.id}):
        assert who() == looker


@pytest.mark.parametrize("text", ["", "king", "engineer", "engineer:", "engineer: ", "manager:E1", "dispatcher "])
def test_what_names_nobody_is_nobody(text: str) -> None:
    assert find_looker(text) is None


def test_a_program_that_names_nobody_is_refused(app: Flask) -> None:
    with app.test_request_context("/", headers={HEADER: "king"}), pytest.raises(RequestRefused) as refused:
        who()
    assert refused.value.wrongs[0].pointer == f"#{HEADER}"
