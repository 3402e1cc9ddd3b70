"""What the format can say and this version cannot plan: refused by name, all at once, never planned wrongly.

An empty ``previous`` is harmless, and taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dispatch.format.faults import Fault
from dispatch.format.model import Previous, Request

CODE = "unsupported"


class Unsupported(ValueError):  # noqa: N818 - the request is what is unsupported; "Error" would say less
    """A valid request that this version cannot plan; ``faults`` names every key that is in the way."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in the order in which they are to be read."""
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def require_supported(request: Request) -> None:
    """Refuse a request that uses what cannot be planned yet.

    Raises
    ------
    Unsupported
        With one fault for each key, in the order of the format.
    """
    faults = list(_find(request))
    if faults:
        raise Unsupported(faults)


def _find(request: Request) -> Iterator[Fault]:
    """Give a fault for each key that cannot be planned."""
    if request.previous is not None and request.previous != Previous():
        yield _fault("previous", "a plan in force", "none")


def _fault(path: str, value: object, expected: str) -> Fault:
    """Say that a key cannot be planned."""
    return Fault(CODE, path, value, f"this version cannot plan this key, expected {expected}")
