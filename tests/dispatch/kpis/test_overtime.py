from __future__ import annotations

import pytest

from dispatch.kpis import overtime
from tests.builders import plan, route


@pytest.mark.parametrize(
    ("each_s", "total_s", "routes"), [((), 0, 0), ((0,), 0, 0), ((1,), 1, 1), ((1800, 0, 600), 2400, 2)]
)
def test_overtime_is_added_up_and_routes_that_have_some_are_counted(
    each_s: tuple[int, ...], total_s: int, routes: int
) -> None:
    made = plan([route([], overtime_s=overtime_s) for overtime_s in each_s])
    assert overtime.measure(made, None) == {"overtime_s": total_s, "overtime_routes": routes}
