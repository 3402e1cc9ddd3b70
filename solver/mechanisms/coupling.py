"""What ties tours to each other, kept so that a tour can still be timed and priced alone.

The rule is that of :class:`solver.problem.Couplings`. Everything between tours is *settled* when a ticket is placed, and stands in
one block of a chain's memory:

* a *hold* of each job: it begins no earlier than ``O_FROM``, no later than ``O_TO``, and ends no later than ``O_END``. Those of a crew
  begin at one settled moment; a ticket that comes after another begins from a moment by which that one is held to be over;
* for each part and tool of a ticket where it comes from: the van, or a lot of a depot and the pick-up that fetches it. A pick-up begins
  no earlier than its lots are there.

So no tour can break what another relies on, and the clock stays that of one tour. All changes of the block go through a journal
(:func:`put`), and are rolled back with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from solver.arrays import (
    H_DAY,
    H_DEPOT,
    H_LOT_AT,
    H_LOT_DAY,
    H_LOT_FIRST,
    H_LOT_START,
    H_NEED,
    H_NEED_PART,
    H_NEED_QUANTITY,
    H_NEED_ROW,
    H_OPTION,
    H_OPTION_PART,
    H_OWN,
    H_PICKUP_TOUR,
    H_TOOL,
    H_TOOL_ID,
    H_TOUR,
    H_VAN_START,
    N_TOUR,
    P_COUPLED,
    P_JOBS,
    P_LOTS,
    P_NEEDS,
    P_PARTS,
    P_PICKUPS,
    P_TICKETS,
    P_TOOLS,
    P_TOURS,
    P_WORKERS,
    T_WORKER,
    Arrays,
    at_tour,
)
from solver.jit import INLINE, JIT, njit
from solver.problem import FAR_S, I64, Couplings, Held
from solver.state import (
    C_BLOCK,
    C_COST,
    C_JOURNAL,
    D_RANK,
    D_TOUR,
    H_CANDIDATES,
    H_DETOUR,
    H_EXTRA,
    H_FIXED,
    H_HOLD,
    H_JOURNAL,
    H_KEPT,
    H_LENT,
    H_LOT,
    H_ON,
    H_SUPPLY,
    H_USERS,
    H_VAN,
    H_WAS,
    N_HOLD,
    O_END,
    O_FROM,
    O_TO,
    STALE,
    State,
    at_hold,
    at_node,
)

FREE = (-FAR_S, FAR_S, FAR_S)
"""The hold of a job that nothing holds."""

SLOTS = 8
"""From so many sources, at most, comes what one ticket needs: (item, or items + lot; quantity; pick-up or −1) each."""

SLOT_SOURCE, SLOT_QUANTITY, SLOT_NODE = range(3)
N_SLOT = 3


def coupling_sizes(a: Arrays) -> dict[int, int]:
    """Return how much room each table of a chain's block needs; the block is H_HOLD up to, not including, H_KEPT."""
    d = a.d
    if not d[P_COUPLED]:
        return {H_HOLD: 0, H_KEPT: 0}
    n, tickets, tours = int(d[P_JOBS]), int(d[P_TICKETS]), int(d[P_TOURS])
    sizes = {
        H_HOLD: n * N_HOLD,
        H_ON: tickets,
        H_SUPPLY: int(d[P_NEEDS]) * SLOTS * N_SLOT,
        H_VAN: int(d[P_WORKERS] * d[P_PARTS]),
        H_LOT: int(d[P_LOTS]),
        H_LENT: tours * int(d[P_TOOLS]) * 2,
        H_USERS: n - int(d[P_PICKUPS]),
        H_EXTRA: tickets,
    }
    block = sum(sizes.values())
    return sizes | {
        H_KEPT: block,
        H_JOURNAL: 2 * (20_000 + 80 * n),
        H_CANDIDATES: 3 * tours + 16,
        H_WAS: tickets,
        H_DETOUR: n - int(d[P_PICKUPS]),
        H_FIXED: n,
    }


@njit(**JIT)
def clear_block(a: Any, s: Any) -> None:
    """Let nothing be settled: every stock is whole, no job is held."""
    for x in range(a.d[P_JOBS]):
        hold = at_hold(s, x)
        s[hold + O_FROM] = -FAR_S
        s[hold + O_TO] = FAR_S
        s[hold + O_END] = FAR_S
        s[s[H_FIXED] + x] = 0
    for j in range(a.d[P_TICKETS]):
        s[s[H_ON] + j] = -1
        s[s[H_EXTRA] + j] = 0
        s[s[H_WAS] + j] = -1
    for row in range(a.d[P_NEEDS] * SLOTS * N_SLOT):
        s[s[H_SUPPLY] + row] = 0
    for row in range(a.d[P_WORKERS] * a.d[P_PARTS]):
        s[s[H_VAN] + row] = a.d[a.d[H_VAN_START] + row]
    for row in range(a.d[P_LOTS]):
        s[s[H_LOT] + row] = a.d[a.d[H_LOT_START] + row]
    for row in range(a.d[P_TOURS] * a.d[P_TOOLS]):
        s[s[H_LENT] + 2 * row] = -1
        s[s[H_LENT] + 2 * row + 1] = 0
    for row in range(a.d[P_JOBS] - a.d[P_PICKUPS]):
        s[s[H_USERS] + row] = 0
        s[s[H_DETOUR] + row] = STALE
    s[C_JOURNAL] = 0


@njit(**JIT)
def take_block(a: Any, s: Any, block: Any) -> None:
    """Take over what another chain has settled, with the prices that stand in it."""
    for row in range(s[C_BLOCK]):
        s[s[H_HOLD] + row] = block[row]
    for j in range(a.d[P_TICKETS]):
        s[C_COST] += s[s[H_EXTRA] + j]
    s[C_JOURNAL] = 0


def read_block(s: State, *, best: bool = False) -> I64:
    """Return a copy of what a chain has settled: at present, or in its best."""
    first = int(s[H_KEPT] if best else s[H_HOLD])
    return s[first : first + int(s[C_BLOCK])].copy()


def read_held(a: Arrays, s: State, couplings: Couplings, block: I64) -> Held:
    """Tell what a block says in words of the problem."""
    d = a.d
    origin = int(s[H_HOLD])
    n, parts, tools = int(d[P_JOBS]), int(d[P_PARTS]), int(d[P_TOOLS])

    def table(head: int, size: int) -> I64:
        first = int(s[head]) - origin
        return block[first : first + size]

    supply = table(H_SUPPLY, int(d[P_NEEDS]) * SLOTS * N_SLOT).reshape(-1, SLOTS, N_SLOT)
    lot_item = np.repeat(np.arange(len(couplings.lot_first) - 1) % max(1, parts + tools), np.diff(couplings.lot_first))
    found = []
    need_row = d[int(d[H_NEED_ROW]) : int(d[H_NEED_ROW]) + int(d[P_TICKETS])]
    on = table(H_ON, int(d[P_TICKETS]))
    for ticket in np.flatnonzero((need_row >= 0) & (on >= 0)).tolist():
        for source, quantity, node in supply[int(need_row[ticket])].tolist():
            if quantity:
                item = source if source < parts + tools else int(lot_item[source - parts - tools])
                found.append((ticket, item, quantity, node if source >= parts + tools else -1))
    lent = table(H_LENT, int(d[P_TOURS]) * tools * 2).reshape(-1, 2)
    loans = [(row // tools, row % tools, int(lent[row, 0])) for row in np.flatnonzero(lent[:, 1]).tolist()]
    return Held(block, table(H_HOLD, n * N_HOLD).reshape(-1, N_HOLD).copy(), tuple(found), tuple(loans))


def write_block(
    a: Arrays,
    s: State,
    on: dict[int, int],
    supplies: Sequence[tuple[int, int, int, int]],
    loans: Sequence[tuple[int, int, int, int]],
    hold_s: I64,
    extra: dict[int, int],
) -> I64:
    """Settle what a plan from elsewhere says, and return it as a block.

    Parameters
    ----------
    a, s
        The problem, and a state of it that is overwritten.
    on
        Tour of the lead of each ticket that is served.
    supplies
        (ticket, part or items + lot, quantity, pick-up or −1), at most :data:`SLOTS` for a ticket.
    loans
        (tour, tool, pick-up, users): what is lent, by a pick-up of the tour, to how many of its visits.
    hold_s
        int64[n_jobs, 3], :data:`FREE` where nothing holds a job.
    extra
        Grains of each ticket beyond its tours.
    """
    d = a.d
    parts, tools = int(d[P_PARTS]), int(d[P_TOOLS])
    clear_block(a, s)
    n = int(d[P_JOBS])
    s[s[H_HOLD] : s[H_HOLD] + n * N_HOLD] = hold_s.ravel()
    used: dict[int, int] = {}
    for ticket, tour in on.items():
        s[s[H_ON] + ticket] = tour
    for ticket, grains in extra.items():
        s[s[H_EXTRA] + ticket] = grains
    for ticket, source, quantity, node in supplies:
        slot = used.get(ticket, 0)
        used[ticket] = slot + 1
        at = int(s[H_SUPPLY]) + (int(d[d[H_NEED_ROW] + ticket]) * SLOTS + slot) * N_SLOT
        s[at : at + N_SLOT] = (source, quantity, node)
        if source < parts + tools:
            worker = int(d[int(d[H_TOUR]) + on[ticket] * N_TOUR + T_WORKER])
            s[int(s[H_VAN]) + worker * parts + source] -= quantity
        else:
            s[int(s[H_LOT]) + source - parts - tools] -= quantity
            s[int(s[H_USERS]) + node - int(d[P_PICKUPS])] += 1
    for tour, tool, node, users in loans:
        lent = int(s[H_LENT]) + 2 * (tour * tools + tool)
        s[lent : lent + 2] = (node, users)
        s[int(s[H_USERS]) + node - int(d[P_PICKUPS])] += users
        cell = int(d[H_LOT_FIRST]) + int(d[int(d[H_DEPOT]) + node - int(d[P_PICKUPS])]) * (parts + tools) + parts + tool
        for lot in range(int(d[cell]), int(d[cell + 1])):
            if d[d[H_LOT_DAY] + lot] == d[d[H_DAY] + tour]:
                s[int(s[H_LOT]) + lot] -= 1
    return read_block(s)


# --- journal ---


@njit(**INLINE)
def put(s: Any, at: int, value: int) -> None:
    """Write a number of the block, and note what stood there."""
    row = s[H_JOURNAL] + 2 * s[C_JOURNAL]
    s[row] = at
    s[row + 1] = s[at]
    s[C_JOURNAL] += 1
    s[at] = value


@njit(**JIT)
def roll_back(s: Any, mark: int) -> None:
    """Take back every change of the block since the journal was that long."""
    while s[C_JOURNAL] > mark:
        s[C_JOURNAL] -= 1
        row = s[H_JOURNAL] + 2 * s[C_JOURNAL]
        s[s[row]] = s[row + 1]


@njit(**JIT)
def put_extra(s: Any, j: int, grains: int) -> None:
    """Settle what a ticket costs beyond its tours: a crew whose last leaves late."""
    if s[s[H_EXTRA] + j] != grains:
        s[C_COST] += grains - s[s[H_EXTRA] + j]
        put(s, s[H_EXTRA] + j, grains)


@njit(**JIT)
def roll_back_all(a: Any, s: Any) -> None:
    """Take back every change of the block in this iteration, and of the total what stands in the block."""
    while s[C_JOURNAL] > 0:
        s[C_JOURNAL] -= 1
        row = s[H_JOURNAL] + 2 * s[C_JOURNAL]
        at = s[row]
        if s[H_EXTRA] <= at < s[H_EXTRA] + a.d[P_TICKETS]:
            s[C_COST] += s[row + 1] - s[at]
        s[at] = s[row + 1]


@njit(**JIT)
def let_go(s: Any, x: int) -> None:
    """Let nothing hold a job."""
    hold = at_hold(s, x)
    if s[hold + O_FROM] != -FAR_S:
        put(s, hold + O_FROM, -FAR_S)
    if s[hold + O_TO] != FAR_S:
        put(s, hold + O_TO, FAR_S)
    if s[hold + O_END] != FAR_S:
        put(s, hold + O_END, FAR_S)


# --- stock ---


@njit(**INLINE)
def pickup_tour(a: Any, x: int) -> int:
    """Return the tour that may make pick-up ``x``."""
    return a.d[a.d[H_PICKUP_TOUR] + x - a.d[P_PICKUPS]]


@njit(**INLINE)
def pickup_depot(a: Any, x: int) -> int:
    """Return the depot of pick-up ``x``."""
    return a.d[a.d[H_DEPOT] + x - a.d[P_PICKUPS]]


@njit(**INLINE)
def at_users(a: Any, s: Any, x: int) -> int:
    """Return where the number of those stands for whom pick-up ``x`` is made."""
    return s[H_USERS] + x - a.d[P_PICKUPS]


@njit(**JIT)
def later_node(s: Any, x: int, y: int) -> int:
    """Return the one of two nodes of a tour that comes later."""
    return x if s[at_node(s, x) + D_RANK] >= s[at_node(s, y) + D_RANK] else y


@njit(**JIT)
def next_lot(a: Any, s: Any, x: int, first: int, end: int) -> int:
    """Return the lot of pick-up ``x``'s depot that is there first and has something left, of the options from ``first`` to ``end``; −1: none."""
    items = a.d[P_PARTS] + a.d[P_TOOLS]
    found = np.int64(-1)
    for option in range(first, end):
        cell = a.d[H_LOT_FIRST] + pickup_depot(a, x) * items + a.d[a.d[H_OPTION_PART] + option]
        for lot in range(a.d[cell], a.d[cell + 1]):
            sooner = found < 0 or a.d[a.d[H_LOT_AT] + lot] < a.d[a.d[H_LOT_AT] + found]
            if s[s[H_LOT] + lot] > 0 and sooner:
                found = np.int64(lot)
    return found


@njit(**JIT)
def borrow(a: Any, s: Any, x: int, tool: int, day: int) -> int:
    """Let pick-up ``x`` borrow a tool for a day; return the moment from which it is there, FAR_S where there is none to lend."""
    cell = a.d[H_LOT_FIRST] + pickup_depot(a, x) * (a.d[P_PARTS] + a.d[P_TOOLS]) + a.d[P_PARTS] + tool
    for lot in range(a.d[cell], a.d[cell + 1]):
        if a.d[a.d[H_LOT_DAY] + lot] == day and s[s[H_LOT] + lot] > 0:
            put(s, s[H_LOT] + lot, s[s[H_LOT] + lot] - 1)
            put(s, at_users(a, s, x), s[at_users(a, s, x)] + 1)
            return a.d[a.d[H_LOT_AT] + lot]
    return np.int64(FAR_S)


@njit(**JIT)
def note_slot(s: Any, slots: int, slot: int, source: int, quantity: int, node: int) -> None:
    """Note where some of what a ticket needs comes from."""
    at = slots + slot * N_SLOT
    put(s, at + SLOT_SOURCE, source)
    put(s, at + SLOT_QUANTITY, quantity)
    put(s, at + SLOT_NODE, node)


@njit(**JIT)
def reserve(a: Any, s: Any, j: int, t: int, x: int) -> tuple[bool, int, int]:
    """Settle where the parts and tools of ticket ``j`` come from in tour ``t``: from the van, and else by pick-up ``x`` (−1: none).

    Of a part and its substitutes ``x`` fetches what is there first. Returns whether all is there, the node of the tour behind which the visit has to come, and the moment from which what ``x``
    fetches is at the depot (−FAR_S where it fetches nothing). What failed is to be rolled back by the caller. ``x`` need not be in the
    tour yet; then it is not what the visit has to come behind.
    """
    behind = a.d[P_JOBS] + t
    moment = np.int64(-FAR_S)
    row = a.d[a.d[H_NEED_ROW] + j]
    put(s, s[H_ON] + j, t)
    if row < 0:
        return True, behind, moment
    w = a.d[at_tour(a, t) + T_WORKER]
    slots = s[H_SUPPLY] + row * SLOTS * N_SLOT
    slot = np.int64(0)
    used = False
    for line in range(a.d[a.d[H_NEED] + j], a.d[a.d[H_NEED] + j + 1]):
        part = a.d[a.d[H_NEED_PART] + line]
        rest = a.d[a.d[H_NEED_QUANTITY] + line]
        first, end = a.d[a.d[H_OPTION] + part], a.d[a.d[H_OPTION] + part + 1]
        for option in range(first, end):
            other = a.d[a.d[H_OPTION_PART] + option]
            left = s[H_VAN] + w * a.d[P_PARTS] + other
            take = min(rest, s[left])
            if take > 0 and slot < SLOTS:
                put(s, left, s[left] - take)
                note_slot(s, slots, slot, other, take, np.int64(-1))
                slot += 1
                rest -= take
        while x >= 0 and rest > 0 and slot < SLOTS:
            lot = next_lot(a, s, x, first, end)
            if lot < 0:
                break
            take = min(rest, s[s[H_LOT] + lot])
            put(s, s[H_LOT] + lot, s[s[H_LOT] + lot] - take)
            put(s, at_users(a, s, x), s[at_users(a, s, x)] + 1)
            note_slot(s, slots, slot, a.d[P_PARTS] + a.d[P_TOOLS] + lot, take, x)
            slot += 1
            rest -= take
            used = True
            moment = max(moment, a.d[a.d[H_LOT_AT] + lot])
        if rest > 0:
            return False, behind, moment
    for line in range(a.d[a.d[H_TOOL] + j], a.d[a.d[H_TOOL] + j + 1]):
        tool = a.d[a.d[H_TOOL_ID] + line]
        if a.d[a.d[H_OWN] + t * a.d[P_TOOLS] + tool] != 0:
            continue
        lent = s[H_LENT] + 2 * (t * a.d[P_TOOLS] + tool)
        if s[lent] < 0:
            if x < 0:
                return False, behind, moment
            from_s = borrow(a, s, x, tool, a.d[a.d[H_DAY] + t])
            if from_s == FAR_S:
                return False, behind, moment
            put(s, lent, x)
            put(s, lent + 1, np.int64(1))
            used = True
            moment = max(moment, from_s)
        else:
            y = s[lent]
            put(s, lent + 1, s[lent + 1] + 1)
            put(s, at_users(a, s, y), s[at_users(a, s, y)] + 1)
            if s[at_node(s, y) + D_TOUR] == t:
                behind = later_node(s, behind, y)
    if used and s[at_node(s, x) + D_TOUR] == t:
        behind = later_node(s, behind, x)
    return True, behind, moment


@njit(**JIT)
def release(a: Any, s: Any, j: int) -> None:
    """Give back what a ticket had; pick-ups that nobody needs any more keep their place in the tour until they are looked after."""
    t = s[s[H_ON] + j]
    if t < 0:
        return
    put(s, s[H_ON] + j, np.int64(-1))
    row = a.d[a.d[H_NEED_ROW] + j]
    if row < 0:
        return
    w = a.d[at_tour(a, t) + T_WORKER]
    items = a.d[P_PARTS] + a.d[P_TOOLS]
    for slot in range(SLOTS):
        at = s[H_SUPPLY] + (row * SLOTS + slot) * N_SLOT
        quantity = s[at + SLOT_QUANTITY]
        if quantity == 0:
            continue
        source = s[at + SLOT_SOURCE]
        put(s, at + SLOT_QUANTITY, np.int64(0))
        if source < items:
            left = s[H_VAN] + w * a.d[P_PARTS] + source
            put(s, left, s[left] + quantity)
        else:
            left = s[H_LOT] + source - items
            put(s, left, s[left] + quantity)
            x = s[at + SLOT_NODE]
            put(s, at_users(a, s, x), s[at_users(a, s, x)] - 1)
    for line in range(a.d[a.d[H_TOOL] + j], a.d[a.d[H_TOOL] + j + 1]):
        tool = a.d[a.d[H_TOOL_ID] + line]
        if a.d[a.d[H_OWN] + t * a.d[P_TOOLS] + tool] != 0:
            continue
        lent = s[H_LENT] + 2 * (t * a.d[P_TOOLS] + tool)
        x = s[lent]
        put(s, at_users(a, s, x), s[at_users(a, s, x)] - 1)
        put(s, lent + 1, s[lent + 1] - 1)
        if s[lent + 1] == 0:
            put(s, lent, np.int64(-1))
            give_back(a, s, x, tool, a.d[a.d[H_DAY] + t])


@njit(**JIT)
def give_back(a: Any, s: Any, x: int, tool: int, day: int) -> None:
    """Give a lent tool back to its depot."""
    cell = a.d[H_LOT_FIRST] + pickup_depot(a, x) * (a.d[P_PARTS] + a.d[P_TOOLS]) + a.d[P_PARTS] + tool
    for lot in range(a.d[cell], a.d[cell + 1]):
        if a.d[a.d[H_LOT_DAY] + lot] == day:
            put(s, s[H_LOT] + lot, s[s[H_LOT] + lot] + 1)
            return


@njit(**JIT)
def needs_pickup(a: Any, s: Any, j: int, t: int, x: int) -> bool:
    """Say whether ticket ``j``, served in tour ``t``, has something that pick-up ``x`` fetches."""
    row = a.d[a.d[H_NEED_ROW] + j]
    if row < 0 or s[s[H_ON] + j] != t:
        return False
    items = a.d[P_PARTS] + a.d[P_TOOLS]
    for slot in range(SLOTS):
        at = s[H_SUPPLY] + (row * SLOTS + slot) * N_SLOT
        if s[at + SLOT_QUANTITY] > 0 and s[at + SLOT_SOURCE] >= items and s[at + SLOT_NODE] == x:
            return True
    for line in range(a.d[a.d[H_TOOL] + j], a.d[a.d[H_TOOL] + j + 1]):
        tool = a.d[a.d[H_TOOL_ID] + line]
        own = a.d[a.d[H_OWN] + t * a.d[P_TOOLS] + tool] != 0
        if not own and s[s[H_LENT] + 2 * (t * a.d[P_TOOLS] + tool)] == x:
            return True
    return False
