"""What the others of a crew bring: parts and tools that its lead has not, where the plan in force leaves no choice of who comes.

The search supplies a crew from its lead's van and one depot. Where all of a crew are pinned, frozen or on the way, what the lead lacks
and another has is settled beforehand: it comes out of that one's van, and the lead's search needs it no more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dispatch.format.model import Engineer, Request, Ticket
from dispatch.rulebook.lowering import Lowering


@dataclass(frozen=True, slots=True)
class Brought:
    """What others than leads bring.

    Parameters
    ----------
    parts
        (ticket, member, engineer, needed part, part brought, quantity): rows of tickets and engineers, 1 for the first member beside the lead.
    tools
        (ticket, member, tool).
    """

    parts: tuple[tuple[int, int, int, str, str, int], ...] = ()
    tools: tuple[tuple[int, int, str], ...] = ()
    by_part: Mapping[tuple[int, str], int] = field(default_factory=dict)

    def served(self, tickets: Container[int]) -> Brought:
        """Return what is brought to some tickets."""
        parts = tuple(one for one in self.parts if one[0] in tickets)
        return replace(self, parts=parts, tools=tuple(one for one in self.tools if one[0] in tickets))

    def quantity(self, ticket: int, part: str) -> int:
        """Return how much of a part that a ticket needs is brought."""
        return self.by_part.get((ticket, part), 0)

    def lead_tools(self, row: int, ticket: Ticket) -> tuple[str, ...]:
        """Return the tools of a ticket that nobody but its lead brings."""
        brought = {tool for owner, _, tool in self.tools if owner == row}
        return tuple(tool for tool in ticket.tools if tool not in brought)


NOTHING = Brought()


def find_brought(request: Request, lowering: Lowering) -> Brought:
    """Return what others than leads bring to crews that are held as a whole.

    Parameters
    ----------
    request
        Without stand-ins; its tickets are the first of the numbered ones.
    lowering
        The same numbered.
    """
    vans = {engineer.id: Counter(engineer.van) for engineer in request.engineers}
    in_hand = {
        (tour.engineer_row, tour.shift.id): tour.where.tools for tour in lowering.tours if tour.where is not None
    }
    parts: list[tuple[int, int, int, str, str, int]] = []
    tools: list[tuple[int, int, str]] = []
    for row, ticket in enumerate(request.tickets):
        crew = lowering.crew_of(ticket) if ticket.crew > 1 and (ticket.parts or ticket.tools) else ()
        if len(crew) != ticket.crew or not all(one.is_held or one.is_on_the_way for one in crew):
            continue
        rows = [lowering.engineer_row[one.row.engineer] for one in crew]
        staff: Sequence[Engineer] = [request.engineers[each] for each in rows]
        for part, quantity in ticket.parts.items():
            others = request.parts[part].substitutes if part in request.parts else ()
            options = tuple(dict.fromkeys((part, *others)))
            lacking = quantity - sum(vans[staff[0].id][option] for option in options)
            for member, engineer in enumerate(staff[1:], start=1):
                for option in options:
                    taken = min(max(0, lacking), vans[engineer.id][option])
                    if taken:
                        vans[engineer.id][option] -= taken
                        lacking -= taken
                        parts.append((row, member, rows[member], part, option, taken))
        hands = [
            {*engineer.tools, *in_hand.get((each, one.row.shift), ())}
            for engineer, each, one in zip(staff, rows, crew, strict=True)
        ]
        for tool in dict.fromkeys(ticket.tools):
            owner = next((member for member, own in enumerate(hands) if tool in own), 0)
            if owner:
                tools.append((row, owner, tool))
    by_part: Counter[tuple[int, str]] = Counter()
    for row, _, _, part, _, taken in parts:
        by_part[row, part] += taken
    return Brought(tuple(parts), tuple(tools), by_part)
