"""What the format can say and this version cannot plan: refused by name, all at once, never planned wrongly.

A plan in force is planned, but for crews in it, and but for ``max_changes`` beside parts, tools, crews, or an order or
engineer that ties tickets still to be planned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from dispatch.format.faults import Fault
from dispatch.format.model import Request, Ticket

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
    previous = request.previous
    if previous is None or not previous.visits:
        return
    finished = {entry.ticket for entry in previous.finished}
    left = [ticket for ticket in request.tickets if ticket.id not in finished]
    crews = {ticket.id for ticket in left if ticket.crew > 1}
    for row, visit in enumerate(previous.visits):
        if visit.ticket in crews:
            yield _fault(f"previous.visits[{row}]", "a crew's visit", "visits of one engineer each")
    ties = dict.fromkeys(key for ticket in left for key in _ties(ticket, finished))
    if previous.max_changes is not None and ties:
        yield _fault("previous.max_changes", f"a budget beside {', '.join(ties)}", "null")


def _ties(ticket: Ticket, finished: Collection[str]) -> list[str]:
    """List the keys by which a ticket hangs together with others, or with stock; finished tickets tie nothing."""
    ties = {
        "parts": any(ticket.parts.values()),
        "tools": bool(ticket.tools),
        "crew": ticket.crew > 1,
        "after": any(after.ticket not in finished for after in ticket.after),
        "same_engineer_as": ticket.same_engineer_as is not None and ticket.same_engineer_as not in finished,
    }
    return [key for key, is_tied in ties.items() if is_tied]


def _fault(path: str, value: object, expected: str) -> Fault:
    """Say that a key cannot be planned."""
    return Fault(CODE, path, value, f"this version cannot plan this key, expected {expected}")
