"""The demonstration: ``paidan demo`` with what ``make demo`` was told.

Run by ``make demo`` with the interpreter of ``.venv``. ``PORT`` is where to serve, ``SERVE=0`` ends before serving. A port that
cannot be used is told before anything is planned.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "demo"
PAIDAN = Path(sys.executable).parent / "paidan"
HOST = "127.0.0.1"


def fault_of_port(text: str) -> str | None:
    """Return what is wrong with the port, in one line; None when it can be served on."""
    if not text.isdecimal() or not 1 <= int(text) <= 65535:  # noqa: PLR2004 - the range of ports
        return f"PORT must be a number from 1 to 65535, got {text}. Type: make demo PORT=8080"
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, int(text)))
        except OSError as fault:
            other = 8080 if text != "8080" else 8081
            return f"Port {text} cannot be used ({fault.strerror}). Type: make demo PORT={other}"
    return None


def become(*arguments: str) -> NoReturn:
    """Become ``paidan``, so that Ctrl-C and SIGTERM reach it."""
    os.execv(PAIDAN, [str(PAIDAN), *arguments])  # noqa: S606 - our own command, no shell


def main() -> int:
    """Run the demonstration; return the exit status if it does not begin."""
    port = os.environ.get("PORT", "8000")
    if os.environ.get("SERVE", "1") == "0":
        become("demo", "--folder", str(FOLDER), "--no-serve")
    if (fault := fault_of_port(port)) is not None:
        print(fault, file=sys.stderr)
        return 1
    become("demo", "--folder", str(FOLDER), "--port", port)


if __name__ == "__main__":
    sys.exit(main())
