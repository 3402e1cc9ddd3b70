"""What the tests of single clauses share: a town whose journeys are round figures, and a table of cases.

::

    minutes    home  lake  station  hills        a minute is 500 m
    home          0    10       20     30
    lake         10     0       15     20
    station      20    15        0     25
    hills        30    20       25      0

``wang`` works from 08:00 to 18:00 from and to ``home``; it is 07:00. So whoever serves ``t1`` at the lake arrives at
08:10, leaves at 09:10 and is home at 09:20.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dispatch.format.model import Plan, Request
from dispatch.judge import judge
from tests.builders import matrix, request

MINUTES = [[0, 10, 20, 30], [10, 0, 15, 20], [20, 15, 0, 25], [30, 20, 25, 0]]


def town(*args: Any, minutes: Any = MINUTES, peaks: Any = (), **more: Any) -> Request:  # noqa: ANN401
    """Make a request in this town."""
    return request(*args, travel=matrix(minutes, peaks=tuple(peaks)), **more)


@dataclass(frozen=True)
class Case:
    """A plan and the codes that the judge has to name, no other; legal when there are none."""

    name: str
    request: Request
    plan: Plan
    codes: tuple[str, ...] = ()

    def check(self) -> None:
        """Compare what the judge says."""
        verdict = judge(self.request, self.plan)
        said = tuple(sorted({violation.code for violation in verdict.violations}))
        assert said == tuple(sorted(self.codes)), verdict.violations
        assert verdict.legal == (not self.codes)


def each(*cases: Case) -> pytest.MarkDecorator:
    """Run a test once for each case, under its name."""
    return pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in cases])
