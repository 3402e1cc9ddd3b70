"""What every test shares: hypothesis without a clock, real databases, Chromium where there is one, skips that say how to run."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.stores import address, empty_postgres, migrated_postgres, migrated_sqlite, postgres, store

__all__ = ["address", "empty_postgres", "migrated_postgres", "migrated_sqlite", "postgres", "store"]

CHROMIUM_HINT = "Chromium is missing: as root, apt-get install -y --no-install-recommends chromium fonts-noto-cjk"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

settings.register_profile(
    "paidan",
    deadline=None,  # first calls compile
    derandomize=True,  # the same examples each time: a red test stays red
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("paidan")


def pytest_configure(config: pytest.Config) -> None:
    """Let the kernels' 64-bit arithmetic wrap around in silence where they run without the compiler.

    Random numbers and fingerprints of routes overflow on purpose. Compiled code says nothing; NumPy's scalars, which take
    its place under ``NUMBA_DISABLE_JIT``, warn.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") != "0":
        config.addinivalue_line("filterwarnings", r"ignore:overflow encountered in scalar:RuntimeWarning:solver\.")


def find_chromium() -> str | None:
    """Find a Chromium to drive: the one ``PAIDAN_CHROMIUM`` names, else the first on the path."""
    named = os.environ.get("PAIDAN_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; the test is skipped by name where there is none."""
    found = find_chromium()
    if found is None:
        pytest.skip(CHROMIUM_HINT)
    return found


def _skips_fail() -> bool:
    """Tell whether a skipped test counts as a failure: wherever ``CI`` is set."""
    return os.environ.get("CI", "").lower() not in {"", "0", "false"}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where ``CI`` is set: there, everything must run."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _skips_fail():
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and with CI set a skip is a failure\n{call.excinfo}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a whole file that skips itself."""
    report = yield
    if report.skipped and _skips_fail():
        report.outcome = "failed"
        report.longrepr = f"{collector.nodeid} skips itself, and with CI set a skip is a failure"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say, just above the summary line, how to get what skipped tests were missing."""
    hints = {
        hint
        for report in terminalreporter.stats.get("skipped", [])
        for hint in [str(report.longrepr)]
        if CHROMIUM_HINT in hint
    }
    if hints:
        terminalreporter.write_line(f"{len(hints)} browser test place(s) skipped. {CHROMIUM_HINT}", yellow=True)
