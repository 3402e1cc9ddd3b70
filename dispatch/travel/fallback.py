"""An estimate where a provider fails: nobody waits for a dead server, and the plan says what it rests on."""

from __future__ import annotations

import numpy as np

from dispatch.domain.errors import TravelUnavailable
from dispatch.travel.patience import PATIENCE_S, Patience
from dispatch.travel.travel_times import NO_WAY, Points, Travel, TravelTimes


class Fallback:
    """Ask a provider; where it is dead, slow or talks nonsense, use another's estimate and say so.

    A provider that fails as a whole is replaced as a whole. One that answers but knows no way between some points (one is
    off its map, say) is replaced for these legs alone: one bad point never spoils the others. Whichever it is, the answer's
    ``is_estimate`` marks each leg, and its ``notes`` say it in a sentence.

    A provider that was too slow is left to finish in the background, and is not asked again before it has.

    Parameters
    ----------
    provider
        Who is asked first. Whatever it raises besides ``TravelUnavailable`` is a fault of ours and comes through.
    estimate
        Who answers otherwise; it must always be able to.
    patience_s
        Seconds to wait for the provider; None = as long as it takes, for one on this machine that only computes.
    """

    def __init__(self, provider: TravelTimes, estimate: TravelTimes, *, patience_s: float | None = PATIENCE_S) -> None:
        self.provider = provider
        self.estimate = estimate
        self._patience = Patience(patience_s)

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    @property
    def is_estimate(self) -> bool:
        """Whether the provider's figures are estimates; the answer says it leg by leg."""
        return self.provider.is_estimate

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Give seconds and metres from each origin to each destination, within the patience and the estimate's time."""
        try:
            travel = self._patience.wait_for(lambda: self.provider.matrix(origins, destinations), self.provider.name)
            _check_shape(travel, (len(origins), len(destinations)))
        except TravelUnavailable as error:
            guess = self.estimate.matrix(origins, destinations)
            note = f"{self.provider.name}: {error.reason}; all travel is estimated by {self.estimate.name}"
            return Travel(guess.travel_s, guess.travel_m, is_estimate=True, notes=(note, *guess.notes))
        return self._fill(travel, origins, destinations)

    def _fill(self, travel: Travel, origins: Points, destinations: Points) -> Travel:
        """Put the estimate where there is no way."""
        missing = travel.travel_s == NO_WAY
        if not missing.any():
            return travel
        guess = self.estimate.matrix(origins, destinations)
        note = (
            f"{self.provider.name}: no way for {int(missing.sum())} of {missing.size} legs; "
            f"these are estimated by {self.estimate.name}"
        )
        return Travel(
            np.where(missing, guess.travel_s, travel.travel_s),
            np.where(missing, guess.travel_m, travel.travel_m),
            is_estimate=missing | travel.is_estimate,
            notes=(*travel.notes, note),
        )


def _check_shape(travel: Travel, shape: tuple[int, int]) -> None:
    """Refuse an answer to another question."""
    if travel.travel_s.shape != shape:
        reason = f"answered {travel.travel_s.shape} legs where {shape} were asked for"
        raise TravelUnavailable(reason, "回答的行程数与所问的不符")
