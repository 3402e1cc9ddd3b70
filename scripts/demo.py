"""The demonstration: make a realistic day of one city, plan it, have the plan judged, and serve it.

Run by ``make demo`` with the interpreter of ``.venv``. ``PORT`` is where to serve, ``SERVE=0`` ends before serving. The
day and its plan stay in ``var/demo``: a second run plans again only when the sources have changed.
"""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "demo"
REQUEST = FOLDER / "request.json"
PLAN = FOLDER / "plan.json"
STAMP = FOLDER / "made-from.txt"
PAIDAN = Path(sys.executable).parent / "paidan"
SECONDS = 10
HOST = "127.0.0.1"


def say(text: str) -> None:
    """Tell the person who is waiting what is going on."""
    print(f"· {text}", flush=True)


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


def key_of_sources() -> str:
    """Return a hash over all that the day and its plan depend on."""
    seen = hashlib.sha256()
    for package in ("dispatch", "solver"):
        for file in sorted((ROOT / package).rglob("*")):
            if file.suffix in {".py", ".toml"}:
                seen.update(f"{file.relative_to(ROOT)}\n".encode())
                seen.update(file.read_bytes())
    seen.update((ROOT / "uv.lock").read_bytes())
    return seen.hexdigest()


def make_day_and_plan() -> int:
    """Write the day's request and its plan, and have the plan judged; return the exit status."""
    key = key_of_sources()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == key and REQUEST.exists() and PLAN.exists():
        say(f"the day and its plan are there ({PLAN.relative_to(ROOT)})")
        return 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    STAMP.unlink(missing_ok=True)
    steps: list[tuple[str, list[str | Path]]] = [
        ("making a day of Hangzhou: 30 engineers, 240 tickets", [sys.executable, "-m", "dispatch.demo", REQUEST]),
        (f"planning it ({SECONDS} s)", [PAIDAN, "solve", REQUEST, "-o", PLAN, "--seconds", str(SECONDS)]),
        ("having the plan judged", [PAIDAN, "check", REQUEST, PLAN]),
    ]
    for text, command in steps:
        say(text)
        status = subprocess.run(command, cwd=ROOT, check=False).returncode
        if status != 0:
            return status
    STAMP.write_text(key, encoding="utf-8")
    return 0


def serve(port: str) -> NoReturn:
    """Become the server of the plan's page, so that Ctrl-C and SIGTERM reach it."""
    show = [PAIDAN, "show", PLAN, REQUEST, "--port", port]
    os.execv(PAIDAN, [str(word) for word in show])  # noqa: S606 - our own command, no shell


def main() -> int:
    """Run the demonstration; return the exit status."""
    serving = os.environ.get("SERVE", "1") != "0"
    port = os.environ.get("PORT", "8000")
    if serving and (fault := fault_of_port(port)) is not None:
        print(fault, file=sys.stderr)
        return 1
    status = make_day_and_plan()
    if status == 0 and serving:
        serve(port)
    return status


if __name__ == "__main__":
    sys.exit(main())
