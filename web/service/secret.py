"""The key that signs sessions: given, or made once and kept where only its owner can read it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

LEAST: Final = 16
"""Fewest characters of a key that is given."""


class WeakKeyError(ValueError):
    """The key that was given, or found, is too short to sign anything."""


def get_secret_key(file: Path, given: str | None = None) -> str:
    """Return the key.

    Parameters
    ----------
    file
        Where it is kept if none is given; made at the first start, for its owner's eyes only.
    given
        ``PAIDAN_SECRET_KEY``; several processes on several machines need the same.

    Raises
    ------
    WeakKeyError
        Shorter than 16 characters.
    OSError
        The file cannot be read or made.
    """
    if given is not None:
        return _check(given, "PAIDAN_SECRET_KEY")
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _check(file.read_text("ascii").strip(), str(file))
    key = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(key)
    return key


def _check(key: str, where: str) -> str:
    """Return the key if it is long enough."""
    if len(key) < LEAST:
        raise WeakKeyError(f"{where}: {len(key)} characters, expected at least {LEAST} that nobody can guess")
    return key
