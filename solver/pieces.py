"""What is settled between tours, cut into pieces for threads that share a solution, and joined again.

A piece has some tours and tickets of its own (:mod:`solver.search`). Stock that nobody has taken is dealt out, so that no two
pieces take the same. Tickets that are tied to one another across the border stay as they are: those that are served are *fixed*
(never taken out, so that all that is settled with them holds), those that are not are left out of every piece.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from solver.arrays import H_NEED_ROW, P_TICKETS, Arrays
from solver.mechanisms.coupling import N_SLOT, SLOTS
from solver.problem import I64, Couplings, Problem, Routes
from solver.state import H_EXTRA, H_HOLD, H_LENT, H_LOT, H_ON, H_SUPPLY, H_USERS, H_VAN, N_HOLD, State

NOBODY = -1

Piece = tuple[I64, I64]
"""Tours and tickets."""


class Pieces:
    """Cuts and joins the blocks of one problem with couplings.

    Parameters
    ----------
    problem, a
        The problem, and the same packed.
    s
        Any state of it: where each table of the block begins.
    """

    def __init__(self, problem: Problem, a: Arrays, s: State) -> None:
        couplings = problem.couplings
        if couplings is None:
            message = "nothing is settled between the tours of a problem without couplings"
            raise ValueError(message)
        self.couplings = couplings
        self.n_tickets = couplings.n_tickets
        self.tour_worker = problem.tour_worker.astype(np.int64)
        self.origin = int(s[H_HOLD])
        self.tables = {head: int(s[head]) - self.origin for head in (H_ON, H_SUPPLY, H_VAN, H_LOT, H_LENT, H_USERS)}
        self.extra = int(s[H_EXTRA]) - self.origin
        self.lots = slice(self.tables[H_LOT], self.tables[H_LENT])
        self.helper_owner = np.repeat(np.arange(self.n_tickets), np.diff(couplings.crew_first))
        self.pickup_tour = np.repeat(np.arange(problem.n_tours), np.diff(couplings.pickup_first))
        self.need_row = a.d[int(a.d[H_NEED_ROW]) : int(a.d[H_NEED_ROW]) + int(a.d[P_TICKETS])]
        self.ties = _list_ties(couplings)

    def confine(self, routes: Routes, part_of_tour: I64, part_of_ticket: I64) -> NDArray[np.bool_]:
        """Say which tickets are fixed, bool[n_tickets]; unserved ones that are tied across the border belong to no part any more.

        Parameters
        ----------
        routes
            The solution that is cut.
        part_of_tour, part_of_ticket
            int64[n_tours], int64[n_tickets]; the latter is changed.
        """
        fixed = np.zeros(self.n_tickets, np.bool_)
        tour_of: dict[int, int] = {job: t for t, route in enumerate(routes) for job in route}
        first = self.couplings.crew_first
        for tied in self.ties:
            members = [*tied, *(int(job) for j in tied for job in self.couplings.crew_job[first[j] : first[j + 1]])]
            parts = {int(part_of_tour[tour_of[job]]) for job in members if job in tour_of}
            if len(parts) == 1:
                part_of_ticket[tied] = parts.pop()
                continue
            served = [j for j in tied if j in tour_of]
            fixed[served] = True
            part_of_ticket[[j for j in tied if j not in tour_of]] = NOBODY if parts else part_of_ticket[tied[0]]
        return fixed

    def cut(self, block: I64, tickets: I64, share: tuple[int, int]) -> I64:
        """Return what a piece begins with: the block, its share of the stock left, and what its own tickets cost beyond tours.

        ``share`` is the row of the piece among so many; the rows of one cut are all different.
        """
        row, parts = share
        piece = block.copy()
        piece[self.lots] = (block[self.lots] + row) // parts
        extra = np.zeros(self.n_tickets, np.int64)
        extra[tickets] = block[self.extra : self.extra + self.n_tickets][tickets]
        piece[self.extra : self.extra + self.n_tickets] = extra
        return piece

    def join(self, block: I64, found: list[I64], part_of_tour: I64, part_of_ticket: I64) -> I64:
        """Return what is settled when every piece has been changed; ``block`` is what was cut."""
        owner = self._owners(part_of_tour, part_of_ticket)
        joined = block.copy()
        for row, piece in enumerate(found):
            mine = owner == row
            joined[mine] = piece[mine]
        joined[self.lots] = sum(piece[self.lots] for piece in found)
        return joined

    def fixed_jobs(self, routes: Routes, block: I64, fixed: NDArray[np.bool_], n_jobs: int) -> NDArray[np.bool_]:
        """Return which jobs stay where they are, bool[n_jobs]: fixed tickets, their helpers, and the pick-ups that they need."""
        c = self.couplings
        stay = np.zeros(n_jobs, np.bool_)
        stay[: self.n_tickets] = fixed
        stay[self.n_tickets + np.flatnonzero(fixed[self.helper_owner])] = True
        supply = block[self.tables[H_SUPPLY] : self.tables[H_VAN]].reshape(-1, SLOTS, N_SLOT)
        lent = block[self.tables[H_LENT] : self.tables[H_USERS]].reshape(len(routes), c.n_tools, 2)
        for t, route in enumerate(routes):
            for j in (job for job in route if job < self.n_tickets and fixed[job]):
                tools = c.tool[c.tool_first[j] : c.tool_first[j + 1]]
                nodes = lent[t, tools, 0].tolist()
                if self.need_row[j] >= 0:
                    nodes += [node for _, quantity, node in supply[self.need_row[j]].tolist() if quantity]
                stay[[node for node in nodes if node >= c.first_pickup]] = True
        return stay

    def _owners(self, part_of_tour: I64, part_of_ticket: I64) -> I64:
        """Return the part to which each number of the block belongs; stock belongs to nobody."""
        helpers, pickups = part_of_ticket[self.helper_owner], part_of_tour[self.pickup_tour]
        holds = np.repeat(np.concatenate((part_of_ticket, helpers, pickups)), N_HOLD)
        needing = np.flatnonzero(self.need_row >= 0)
        supply = np.full((self.tables[H_VAN] - self.tables[H_SUPPLY]) // (SLOTS * N_SLOT), NOBODY, np.int64)
        supply[self.need_row[needing]] = part_of_ticket[needing]
        part_of_worker = np.full(len(self.couplings.van), NOBODY, np.int64)
        part_of_worker[self.tour_worker] = part_of_tour
        return np.concatenate(
            (
                holds,
                part_of_ticket,
                np.repeat(supply, SLOTS * N_SLOT),
                np.repeat(part_of_worker, self.couplings.n_parts),
                np.full(self.lots.stop - self.lots.start, NOBODY, np.int64),
                np.repeat(part_of_tour, 2 * self.couplings.n_tools),
                pickups,
                part_of_ticket,
            )
        )


def _list_ties(couplings: Couplings) -> list[list[int]]:
    """List the tickets that hang together: by order, by the same worker, or as one crew."""
    n = couplings.n_tickets
    in_group = np.flatnonzero(couplings.group >= 0)
    _, first, group = np.unique(couplings.group[in_group], return_index=True, return_inverse=True)
    one = np.concatenate((np.repeat(np.arange(n), np.diff(couplings.after_first)), in_group))
    other = np.concatenate((couplings.after_job, in_group[first][group]))
    label = np.arange(n)  # of the least ticket that each hangs together with
    while (label[one] != label[other]).any():
        np.minimum.at(label, one, label[other])
        np.minimum.at(label, other, label[one])
    tied = np.zeros(n, np.bool_)
    tied[one] = tied[other] = True
    tied |= np.diff(couplings.crew_first) > 0
    members: dict[int, list[int]] = {}
    for j in np.flatnonzero(tied).tolist():
        members.setdefault(int(label[j]), []).append(j)
    return list(members.values())
