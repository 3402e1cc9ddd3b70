"""What cannot be planned: refused by name, all at once, never planned wrongly."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.format.faults import Fault


class Unsupported(ValueError):  # noqa: N818 - the request is what is unsupported; "Error" would say less
    """A valid request that this version cannot plan; ``faults`` names every key that is in the way."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in the order in which they are to be read."""
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
