"""How much of what a ticket needs is covered by the parts used there, substitutes counted one for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping


def covered(
    need: Mapping[str, int], used: Mapping[str, int], substitutes: Callable[[str], tuple[str, ...]]
) -> int:
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
    takers = {piece: [part for part in need if piece == part or piece in substitutes(part)] for piece in used}
    given: dict[tuple[str, str], int] = {}
    open_need = dict(need)

    def give(piece: str, most: int, tried: set[str]) -> int:
        """Place up to ``most`` pieces of one part, moving others to their alternatives where that makes room."""
        for part in takers[piece]:
            if part in tried:
                continue
            tried.add(part)
            placed = min(most, open_need[part])
            if placed:
                open_need[part] -= placed
            else:
                for other in takers:
                    held = given.get((other, part), 0)
                    if other != piece and held:
                        placed = give(other, min(most, held), tried)
                        given[other, part] = held - placed
                        if placed:
                            break
            if placed:
                given[piece, part] = given.get((piece, part), 0) + placed
                return placed
        return 0

    total = 0
    for piece, quantity in used.items():
        left = quantity
        while left > 0:
            placed = give(piece, left, set())
            if not placed:
                break
            left -= placed
            total += placed
    return total
