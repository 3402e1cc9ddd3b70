"""What is asked of every key figure, on arbitrary worlds planned greedily."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from dispatch.format.model import Plan, Request
from dispatch.kpis import KPIS, Kpi, measure_all
from tests.builders import plan
from tests.dispatch.planning.greedy import plan_greedily
from tests.dispatch.planning.worlds import seeded


@cache
def worlds() -> tuple[tuple[Plan, Request], ...]:
    """Return plans with their requests."""
    return tuple((plan_greedily(asked)[2], asked) for asked in map(seeded, range(60)))


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.__name__.rsplit(".", maxsplit=1)[-1])
def test_it_measures_what_it_names_in_whole_numbers_and_shows_in_some_world(kpi: Kpi) -> None:
    shown: Counter[str] = Counter()
    for made, asked in worlds():
        figures = kpi.measure(made, asked)
        assert tuple(figures) == kpi.FIGURES
        assert all(isinstance(value, int) and value >= 0 for value in figures.values())
        shown.update(name for name, value in figures.items() if value)
    assert set(shown) == set(kpi.FIGURES)


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.__name__.rsplit(".", maxsplit=1)[-1])
def test_without_the_request_it_names_the_same_and_claims_no_more_than_the_plan_says(kpi: Kpi) -> None:
    for made, asked in worlds():
        alone, known = kpi.measure(made, None), kpi.measure(made, asked)
        assert tuple(alone) == kpi.FIGURES
        assert all(value is None or value <= (known[name] or 0) for name, value in alone.items())


@pytest.mark.parametrize("kpi", KPIS, ids=lambda kpi: kpi.__name__.rsplit(".", maxsplit=1)[-1])
def test_an_empty_plan_has_nothing_of_it(kpi: Kpi) -> None:
    assert not any(kpi.measure(plan(), None).values())


def test_no_two_share_a_name_and_all_come_in_their_order() -> None:
    names = [name for kpi in KPIS for name in kpi.FIGURES]
    assert len(set(names)) == len(names)
    made, asked = worlds()[0]
    assert list(measure_all(made, asked)) == names
