from __future__ import annotations

import stat
from pathlib import Path

import pytest

from web.service.secret import WeakKeyError, get_secret_key


def test_a_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    file = tmp_path / "paidan.db.key"
    key = get_secret_key(file)
    assert len(key) >= 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert get_secret_key(file) == key
    assert get_secret_key(tmp_path / "other.key") != key


def test_a_key_that_is_given_comes_first_and_nothing_is_written(tmp_path: Path) -> None:
    assert get_secret_key(tmp_path / "key", "0123456789abcdef") == "0123456789abcdef"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["", "0123456789abcde"])
def test_a_weak_key_is_refused_by_name(tmp_path: Path, given: str) -> None:
    with pytest.raises(WeakKeyError, match="PAIDAN_SECRET_KEY"):
        get_secret_key(tmp_path / "key", given)
    (tmp_path / "key").write_text(given, "ascii")
    with pytest.raises(WeakKeyError, match=r"key: \d+ characters"):
        get_secret_key(tmp_path / "key")
