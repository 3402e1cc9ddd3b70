"""How much of what a ticket needs is covered by the parts used there, substitutes counted one for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def covered(need: Mapping[str, int], used: Mapping[str, int], substitutes: Callable[[str], tuple[str, ...]]) -> int:
    """Give the largest number of needed pieces that the used ones can stand for.

    A used piece stands for one needed piece of its own part, or of a part that names it as a substitute; substitutes
    of substitutes don't count. This is a maximum flow, found by augmenting paths.

    Parameters
    ----------
    need, used
        Pieces by part, at least 0 each.
    substitutes
        Gives the parts that may be used up instead of a part.

    Examples
    --------
    >>> covered({"fuse": 2, "lamp": 1}, {"lamp": 1, "led": 2}, lambda part: ("led",) if part == "fuse" else ())
    3
    """
    flow = _Flow(need, used, substitutes)
    return sum(flow.place_all(piece, quantity) for piece, quantity in used.items())


class _Flow:
    """Pieces placed so far: ``placed[piece, part]`` of one kind stand for so many of a needed part."""

    def __init__(
        self, need: Mapping[str, int], used: Mapping[str, int], substitutes: Callable[[str], tuple[str, ...]]
    ) -> None:
        self.left = dict(need)
        self.parts_for = {
            piece: [part for part in need if piece == part or piece in substitutes(part)] for piece in used
        }
        self.placed: dict[tuple[str, str], int] = {}

    def place_all(self, piece: str, quantity: int) -> int:
        """Place as many of ``quantity`` pieces as possible and give their number."""
        total = 0
        while total < quantity:
            more = self._place(piece, quantity - total, set())
            if not more:
                break
            total += more
        return total

    def _place(self, piece: str, most: int, tried: set[str]) -> int:
        """Place some pieces of one kind, at most ``most``; parts in ``tried`` are not tried again."""
        for part in self.parts_for[piece]:
            if part in tried:
                continue
            tried.add(part)
            room = min(most, self.left[part])
            self.left[part] -= room
            room = room or self._make_room(part, most, tried)
            if room:
                self.placed[piece, part] = self.placed.get((piece, part), 0) + room
                return room
        return 0

    def _make_room(self, part: str, most: int, tried: set[str]) -> int:
        """Move pieces that stand for ``part`` to something else that they can stand for."""
        for other in self.parts_for:
            held = self.placed.get((other, part), 0)
            moved = self._place(other, min(most, held), tried) if held else 0
            if moved:
                self.placed[other, part] = held - moved
                return moved
        return 0
