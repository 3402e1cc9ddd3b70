"""Documents in and out: files or standard streams, faults on standard error, output whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, Final

import click

from dispatch.format.faults import Fault
from dispatch.format.strict_json import SIZE_LIMIT

STREAM: Final = "-"
"""Stands for standard input, or standard output, in place of a file's name."""


class Refusal(click.ClickException):
    """Invalid input: all its faults, one a line, and exit code 2."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault], *, as_json: bool = False) -> None:
        """Take the faults in the order in which they are to be read."""
        self.faults = tuple(faults)
        self.as_json = as_json
        super().__init__(f"{len(self.faults)} faults")

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the faults to standard error."""
        if self.as_json:
            text = json.dumps([fault.as_json() for fault in self.faults], ensure_ascii=False, indent=1)
        else:
            text = "\n".join(map(str, self.faults))
        write_text(sys.stderr if file is None else file, text + "\n")


def write_text(stream: IO[str], text: str) -> None:
    """Write text as UTF-8 whatever the locale says, so that a Chinese name never stops a command."""
    binary = getattr(stream, "buffer", None)
    if binary is None:
        stream.write(text)
        return
    stream.flush()
    binary.write(text.encode("utf-8", "backslashreplace"))
    binary.flush()


def read_bytes(name: str, what: str) -> bytes:
    """Read a document's bytes.

    Parameters
    ----------
    name
        Of the file; ``-`` is standard input.
    what
        ``REQUEST`` or ``PLAN``, the path of a fault.

    Raises
    ------
    Refusal
        The file is missing, a folder, not to be read, or too large.
    """
    try:
        if name == STREAM:
            return sys.stdin.buffer.read(SIZE_LIMIT + 1)
        with Path(name).open("rb") as file:
            return file.read(SIZE_LIMIT + 1)
    except (OSError, ValueError) as error:
        raise Refusal([_tell_unreadable(error, name, what)]) from error


def find_input_faults(name: str, what: str) -> list[Fault]:
    """Look whether a file that another reader opens by its name can be read.

    Parameters
    ----------
    name
        Of the file.
    what
        Its name in the usage, the path of a fault.
    """
    try:
        with Path(name).open("rb"):
            return []
    except (OSError, ValueError) as error:
        return [_tell_unreadable(error, name, what)]


def name_document(faults: Iterable[Fault], what: str) -> list[Fault]:
    """Call a fault's document by its name in the usage, where the format would only say ``$``."""
    return [replace(fault, path=what) if fault.path == "$" else fault for fault in faults]


def _tell_unreadable(error: OSError | ValueError, name: str, what: str) -> Fault:
    """Say why a file cannot be read."""
    if isinstance(error, FileNotFoundError):
        return Fault("file_missing", what, name, "does not exist, expected a file that can be read")
    if isinstance(error, IsADirectoryError):
        return Fault("file_unreadable", what, name, "is a folder, expected a file that can be read")
    reason = (getattr(error, "strerror", None) or str(error)).lower()
    return Fault("file_unreadable", what, name, f"cannot be read: {reason}, expected a file that can be read")


def find_output_faults(name: str | None, option: str = "--output") -> list[Fault]:
    """Look, before any work is done, whether a file can be written here.

    Parameters
    ----------
    name
        Of the file; None and ``-`` are standard output.
    option
        That named it, the path of a fault.
    """
    if name is None or name == STREAM:
        return []
    target = Path(name)
    folder = target.resolve().parent
    if target.is_dir():
        return [Fault("output_unwritable", option, name, "is a folder, expected the name of a file")]
    if not folder.is_dir():
        return [
            Fault("output_unwritable", option, name, "is in a folder that does not exist, expected an existing one")
        ]
    place = target if _is_special(target) else folder
    if not os.access(place, os.W_OK):
        return [Fault("output_unwritable", option, name, "cannot be written, expected a folder with write permission")]
    return []


def write_output(name: str | None, text: str) -> None:
    """Write a document: to standard output, or to a file that is replaced in one step.

    A reader of the file sees the old document or the new one, never half of it, and a failure leaves the old one.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    if name is None or name == STREAM:
        write_text(sys.stdout, text)
        return
    target = Path(name).resolve()
    if _is_special(target):
        target.write_text(text, encoding="utf-8")
        return
    write_file(target, text.encode())


def write_file(target: Path, data: bytes) -> None:
    """Replace a file in one step; a failure leaves the old one.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_find_mode(target))
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _is_special(target: Path) -> bool:
    """Tell whether this is a device or a pipe, which is written to and not replaced."""
    try:
        return not stat.S_ISREG(target.stat().st_mode)
    except OSError:
        return False


def _find_mode(target: Path) -> int:
    """Give the permissions of the file that is replaced, else those of any new file."""
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
