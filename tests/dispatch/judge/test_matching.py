"""Parts and their substitutes: as many needed pieces as possible are covered."""

from __future__ import annotations

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from dispatch.judge.matching import covered

PARTS = ("a", "b", "c", "d")
QUANTITIES = st.dictionaries(st.sampled_from(PARTS), st.integers(0, 2), max_size=4)
SUBSTITUTES = st.fixed_dictionaries(
    {part: st.sets(st.sampled_from(PARTS)).map(lambda s: tuple(sorted(s))) for part in PARTS}
)


def _slowly(need: dict[str, int], used: dict[str, int], substitutes: dict[str, tuple[str, ...]]) -> int:
    """Try every way to lay the used pieces out, one by one."""
    slots = [part for part, quantity in need.items() for _ in range(quantity)]
    pieces = [piece for piece, quantity in used.items() for _ in range(quantity)]
    reached = {frozenset[int]()}
    for piece in pieces:
        fits = [row for row, part in enumerate(slots) if piece == part or piece in substitutes[part]]
        reached |= {filled | {row} for filled, row in product(reached, fits)}
    return max(len(filled) for filled in reached)


@given(QUANTITIES, QUANTITIES, SUBSTITUTES)
def test_no_layout_covers_more(
    need: dict[str, int], used: dict[str, int], substitutes: dict[str, tuple[str, ...]]
) -> None:
    assert covered(need, used, substitutes.__getitem__) == _slowly(need, used, substitutes)


def test_large_quantities_take_no_longer() -> None:
    million = 10**6
    assert (
        covered({"a": million, "b": million}, {"b": million, "c": 5}, {"a": ("b",), "b": ("c",)}.__getitem__)
        == million + 5
    )
