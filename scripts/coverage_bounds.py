"""Fail where the tests reach too little: 90 % of everything, all of the judge, in lines and in branches.

Reads the file that ``coverage json`` writes: ``coverage_bounds.py var/coverage.json``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

BOUNDS = (
    ("dispatch, solver and web", ("dispatch/", "solver/", "web/"), 90),
    ("dispatch/judge", ("dispatch/judge/",), 100),
)
"""A name, the folders that it stands for, and the least percentage, reached exactly or exceeded, of lines and of branches."""

COUNTS = (("lines", "covered_lines", "num_statements"), ("branches", "covered_branches", "num_branches"))


def compare(measured: Mapping[str, Any]) -> tuple[list[str], bool]:
    """Say what was reached in each place of :data:`BOUNDS`, a line each, and whether that is enough everywhere.

    Parameters
    ----------
    measured
        What ``coverage json`` wrote, of a run that measured branches.

    Returns
    -------
    tuple
        A place without any line, or measured without branches, is not enough: there the measurement went wrong.
    """
    said, enough = [], True
    for name, folders, bound in BOUNDS:
        files = [file["summary"] for path, file in measured["files"].items() if path.startswith(folders)]
        parts = []
        for kind, reached_key, there_key in COUNTS:
            reached, there = (sum(summary.get(key, 0) for summary in files) for key in (reached_key, there_key))
            fine = there > 0 and 100 * reached >= bound * there
            enough = enough and fine
            percent = f"{100 * reached / there:.2f} %" if there else "nothing"
            parts.append(f"{percent} of {there} {kind}{'' if fine else ' TOO FEW'}")
        said.append(f"{name}: {', '.join(parts)} (at least {bound} %)")
    return said, enough


def main(arguments: list[str]) -> int:
    """Print what was reached; return 1 where it is not enough."""
    said, enough = compare(json.loads(Path(arguments[0]).read_text(encoding="utf-8")))
    print("\n".join(said))
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
