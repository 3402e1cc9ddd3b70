"""What the format can say and this version cannot plan: refused by name, all at once, never planned wrongly.

Harmless, and therefore taken: an engineer's own ``van`` and ``tools`` and the names in ``parts``, as long as no ticket
needs a part or a tool; and an empty ``previous``.
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
    if request.depots:
        yield _fault("depots", f"{len(request.depots)} depots", "no depots")
    for row, ticket in enumerate(request.tickets):
        path = f"tickets[{row}]"
        if ticket.parts:
            yield _fault(f"{path}.parts", dict(ticket.parts), "no parts")
        if ticket.tools:
            yield _fault(f"{path}.tools", list(ticket.tools), "no tools")
        if ticket.crew != 1:
            yield _fault(f"{path}.crew", ticket.crew, "1")
        if ticket.after:
            yield _fault(f"{path}.after", [after.ticket for after in ticket.after], "no predecessors")
        if ticket.same_engineer_as is not None:
            yield _fault(f"{path}.same_engineer_as", ticket.same_engineer_as, "null")
    if request.previous is not None and request.previous != Previous():
        yield _fault("previous", "a plan in force", "none")


def _fault(path: str, value: object, expected: str) -> Fault:
    """Say that a key cannot be planned."""
    return Fault(CODE, path, value, f"this version cannot plan this key, expected {expected}")
