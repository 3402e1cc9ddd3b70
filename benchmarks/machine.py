"""Where and with what a measurement was made."""

from __future__ import annotations

import os
import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

DISTRIBUTIONS = ("numba", "numpy", "ortools", "pyvroom", "pyvrp", "vrp-cli")
RESULTS = ":(exclude)benchmarks/results"
"""What a measurement writes does not change what is measured."""


def describe_machine() -> dict[str, Any]:
    """Describe processor, cores, memory, system and Python."""
    return {
        "cpu": _read_cpu_model(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def list_versions() -> dict[str, str]:
    """List the versions of the engines and of what our kernels need; what is missing is left out."""
    versions = {}
    for name in DISTRIBUTIONS:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    return versions


def read_commit() -> str:
    """Read the commit that is checked out, with ``+`` when its sources were changed; ``unknown`` outside a repository."""
    root = Path(__file__).parent.parent
    status = ["git", "status", "--porcelain", "--untracked-files=no", "--", ".", RESULTS]
    commands = (["git", "rev-parse", "--short=12", "HEAD"], status)
    try:
        commit, changes = (
            subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()
            for command in commands
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+" if changes else commit


def _read_cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()
