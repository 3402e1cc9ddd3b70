from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from dispatch.domain import errors
from dispatch.domain.errors import ERRORS, LANGUAGES, Change, DispatchError, PlanOvertaken, StaleEdit
from tests.architecture.sources import ROOT

ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def documented() -> dict[str, str]:
    """Return the service's errors in docs/errors.md: code to what to do."""
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    _, _, section = page.partition("## Between parts of the service")
    return {code: todo for code, _, _, todo in ROW.findall(section.partition("\n## ")[0])}


def test_the_page_lists_every_error_with_its_hint_and_no_other() -> None:
    assert documented() == {error.code: error.hint_en for error in ERRORS}


def test_every_class_is_listed_and_drawn_in_the_tree_with_its_code() -> None:
    classes = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, DispatchError) and value is not DispatchError
    ]
    assert sorted(error.__name__ for error in classes) == sorted(error.__name__ for error in ERRORS)
    source = Path(str(errors.__file__)).read_text(encoding="utf-8")
    drawn = re.findall(r"[├└]── (\w+) +(\w+)", ast.get_docstring(ast.parse(source)) or "")
    assert drawn == [(error.__name__, error.code) for error in ERRORS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_speaks_both_languages(language: str) -> None:
    error = PlanOvertaken("hz", date(2026, 11, 23), base_number=3, current_number=4)
    assert "hz" in error.say(language)
    assert "4" in error.say(language)
    assert error.advise(language)
    assert error.say("zh") != error.say("en") == str(error)


def test_a_stale_edit_names_fields_and_hides_values() -> None:
    change = Change("phone", "13800000000", "13911111111")
    error = StaleEdit("Customer", "C1", version=1, stored=None, stored_version=2, changes=(change,))
    assert "phone" in str(error)
    assert "138" not in f"{error} {error!r} {error.changes}"
