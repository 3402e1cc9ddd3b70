"""Prices of the format as exact whole numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from solver.problem import GRAINS_PER_CENT

CENT = Decimal("0.01")


def cents_of(cny: Decimal) -> int:
    """Return a price of the format in whole cents.

    Raises
    ------
    ValueError
        If it has more than two decimals, which the format's reader refuses.

    Examples
    --------
    >>> cents_of(Decimal("12.5"))
    1250
    """
    cents = cny * 100
    if cents != int(cents):
        raise ValueError(f"a price has at most two decimals, got {cny}")
    return int(cents)


def grains_of(cny: Decimal) -> int:
    """Return a price of the format in grains."""
    return cents_of(cny) * GRAINS_PER_CENT


def cny_of(grains: int) -> Decimal:
    """Return grains in CNY, to the cent, half up.

    Examples
    --------
    >>> cny_of(9_000), cny_of(8_999), cny_of(-9_000)
    (Decimal('0.01'), Decimal('0.00'), Decimal('-0.01'))
    """
    return (Decimal(grains) / (100 * GRAINS_PER_CENT)).quantize(CENT, ROUND_HALF_UP)
