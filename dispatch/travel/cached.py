"""Tables that were computed before, kept in a folder under a digest of the points and of what the provider is made of."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from dispatch.travel.travel_times import Points, Travel, TravelTimes

FILES_MAX: Final = 200
"""Tables kept; the one not used for longest goes first. 400 × 400 points take 2.7 MB."""

VERSION: Final = "1"


class DigestedTimes(TravelTimes, Protocol):
    """A provider that can say whether an old answer would still be its answer."""

    @property
    def digest(self) -> str:
        """Names all that its answers depend on besides the points."""
        ...


class Cached:
    """Answer from a folder what was asked before, else ask a provider and keep its answer.

    The files hold figures alone, no coordinates. A file that is broken is computed anew; a folder that cannot be written
    costs time and a note, nothing else. Several processes may share one folder.

    Parameters
    ----------
    provider
        Who is asked.
    folder
        Where tables are kept; made when it is not there.
    files_max
        How many at most, 1 or more.
    """

    def __init__(self, provider: DigestedTimes, folder: Path, *, files_max: int = FILES_MAX) -> None:
        self.provider = provider
        self.folder = folder
        self.files_max = files_max

    @property
    def name(self) -> str:
        """The provider's name."""
        return self.provider.name

    @property
    def is_estimate(self) -> bool:
        """Whether the provider's figures are estimates."""
        return self.provider.is_estimate

    def matrix(self, origins: Points, destinations: Points) -> Travel:
        """Give seconds and metres from each origin to each destination.

        Raises
        ------
        TravelUnavailable
            Nothing is kept and the provider cannot answer.
        """
        path = self.folder / f"{self._name_file(origins, destinations)}.npz"
        kept = _read(path, (len(origins), len(destinations)))
        if kept is not None:
            return kept
        travel = self.provider.matrix(origins, destinations)
        try:
            self._keep(path, travel)
        except OSError as error:
            note = f"this table could not be kept for the next time: {error.strerror or error}"
            return Travel(travel.travel_s, travel.travel_m, is_estimate=travel.is_estimate, notes=(*travel.notes, note))
        return travel

    def _name_file(self, origins: Points, destinations: Points) -> str:
        """Digest what is asked, of whom."""
        digest = hashlib.sha256(f"{VERSION} {self.provider.digest} {len(origins)}".encode())
        for points in (origins, destinations):
            digest.update(points.lat_deg.data)
            digest.update(points.lon_deg.data)
        return digest.hexdigest()

    def _keep(self, path: Path, travel: Travel) -> None:
        """Write a table in one step, then drop those that were not used for longest."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(suffix=".part", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(
                    file,
                    travel_s=travel.travel_s,
                    travel_m=travel.travel_m,
                    is_estimate=travel.is_estimate,
                    notes=np.array(travel.notes, np.str_),
                )
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        by_age = sorted(self.folder.glob("*.npz"), key=_used_at, reverse=True)
        for old in by_age[self.files_max :]:
            if old != path:
                old.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    """Tell when a table was last used; one that another process has just dropped is the oldest."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _read(path: Path, shape: tuple[int, int]) -> Travel | None:
    """Read a table of a shape; None when it is not there, or broken."""
    try:
        with path.open("rb") as raw:  # NumPy leaves a broken file open
            file = np.load(raw, allow_pickle=False)
            travel = Travel(
                file["travel_s"],
                file["travel_m"],
                is_estimate=file["is_estimate"],
                notes=tuple(str(note) for note in file["notes"]),
            )
        os.utime(path)
    except (OSError, ValueError, KeyError, IndexError, EOFError, zipfile.BadZipFile):
        return None
    return travel if travel.travel_s.shape == shape else None
