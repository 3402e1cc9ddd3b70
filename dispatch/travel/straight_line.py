"""Straight lines × a detour factor at one speed: the planning format's ``great_circle``, always there, always an estimate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dispatch.format.model import GreatCircle
from dispatch.travel.geometry import table_m
from dispatch.travel.travel_times import LEG_MAX, NO_WAY, Points, Travel

URBAN: Final = GreatCircle(detour=Decimal("1.3"), speed_kmh=Decimal(28))
"""What the planning format's own example has: the detour and the speed of a Chinese city by day."""

_S_PER_M_AT_1_KMH: Final = Fraction(36, 10)


class StraightLine:
    """Estimate travel by great circles, to the second and metre as the planning format reads ``model``.

    Formulas: metres = great circle × detour, to the nearest; seconds = metres × 3.6 ÷ km/h, rounded up. A leg longer than
    :data:`~dispatch.travel.travel_times.LEG_MAX` seconds or metres is no way.

    Parameters
    ----------
    model
        Detour factor and speed; its peaks are not used here, they come on top of any table.

    Examples
    --------
    >>> west, east = Points([30.0], [120.0]), Points([30.0], [120.1])
    >>> travel = StraightLine().matrix(west, east)
    >>> int(travel.travel_m[0, 0]), int(travel.travel_s[0, 0])
    (12519, 1610)
    """

    name = "straight line"
    is_estimate = True

    def __init__(self, model: GreatCircle = URBAN) -> None:
        self.model = model

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Estimate seconds and metres from each origin to each destination."""
        whole_m = np.rint(table_m(origins, destinations) * float(self.model.detour))
        longest_m = min(LEG_MAX, int(LEG_MAX / _s_per_m(self.model)))
        too_far = whole_m > longest_m
        travel_m = np.where(too_far, 0, whole_m).astype(np.int64)
        travel_s = drive_s(travel_m, self.model)
        travel_s[too_far] = travel_m[too_far] = NO_WAY
        return Travel(travel_s, travel_m, is_estimate=True)


def drive_s(travel_m: NDArray[np.int64], model: GreatCircle) -> NDArray[np.int64]:
    """Return the seconds that metres take at an estimate's speed, rounded up; int64 of the same shape.

    Parameters
    ----------
    travel_m
        Whole metres from 0 to :data:`~dispatch.travel.travel_times.LEG_MAX`, the detour in them.
    """
    # Exact in 64 bits: below 2³¹ metres times a numerator below 2³², for a speed of at most three decimals.
    s_per_m = _s_per_m(model)
    return np.asarray(-(-travel_m * s_per_m.numerator // s_per_m.denominator), np.int64)


def _s_per_m(model: GreatCircle) -> Fraction:
    return _S_PER_M_AT_1_KMH / Fraction(model.speed_kmh)
