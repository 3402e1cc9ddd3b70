"""Write the demonstration's request: 30 engineers and 240 tickets of Hangzhou.

``python -m dispatch.demo FILE`` writes it as planning format 1; the same file comes out every time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from dispatch.example import make_request
from dispatch.format.write import write_request

ENGINEERS = 30
TICKETS = 240
SEED = 20261123


def main(arguments: list[str]) -> int:
    """Write the request to the one file named; return the exit code, 2 when the call is not understood."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m dispatch.demo FILE\n")
        return 2
    Path(arguments[0]).write_text(write_request(make_request(ENGINEERS, TICKETS, seed=SEED)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
