"""What tours have settled between them, looked at from outside: every pick-up serves somebody, and comes before whom it serves."""

from __future__ import annotations

from collections import Counter

from solver.arrays import P_PICKUPS, P_TOOLS, Arrays
from solver.mechanisms.coupling import read_block, read_held
from solver.problem import Couplings
from solver.state import H_LENT, H_USERS, State
from solver.tours import read_routes


def list_faults(arrays: Arrays, state: State, couplings: Couplings) -> list[str]:
    """List what does not fit together in a chain's tours and its block."""
    routes = read_routes(arrays, state)
    place = {job: (tour, position) for tour, route in enumerate(routes) for position, job in enumerate(route)}
    faults: list[str] = []
    users: Counter[int] = Counter()
    for pickup, ticket in [*_list_parts(arrays, state, couplings, faults), *_list_tools(arrays, state, couplings)]:
        users[pickup] += 1
        if pickup not in place or place[pickup][0] != place[ticket][0] or place[pickup] > place[ticket]:
            faults.append(f"pick-up {pickup} does not come before {ticket}, which needs it")
    first = int(arrays.d[P_PICKUPS])
    for pickup in range(first, couplings.first_pickup + len(couplings.pickup_depot)):
        counted = int(state[int(state[H_USERS]) + pickup - first])
        if counted != users[pickup]:
            faults.append(f"pick-up {pickup} serves {users[pickup]}, counted are {counted}")
        if (pickup in place) != (counted > 0):
            faults.append(f"pick-up {pickup} is made for {counted}")
    return faults


def _list_parts(arrays: Arrays, state: State, couplings: Couplings, faults: list[str]) -> list[tuple[int, int]]:
    """List (pick-up, ticket) for everything that is fetched, and note who has too little."""
    held = read_held(arrays, state, couplings, read_block(state))
    brought: Counter[int] = Counter()
    for ticket, _, quantity, _ in held.parts:
        brought[ticket] += quantity
    for ticket in [job for route in read_routes(arrays, state) for job in route if job < couplings.n_tickets]:
        needs = couplings.need_quantity[couplings.need_first[ticket] : couplings.need_first[ticket + 1]]
        if brought[ticket] != needs.sum():
            faults.append(f"{ticket} has {brought[ticket]} of {needs.sum()} parts")
    return [(pickup, ticket) for ticket, _, _, pickup in held.parts if pickup >= 0]


def _list_tools(arrays: Arrays, state: State, couplings: Couplings) -> list[tuple[int, int]]:
    """List (pick-up, ticket) for every tool that is lent."""
    routes, tools = read_routes(arrays, state), int(arrays.d[P_TOOLS])
    lent = state[int(state[H_LENT]) :][: 2 * tools * len(routes)].reshape(len(routes), tools, 2)
    return [
        (int(lent[tour, tool, 0]), ticket)
        for tour, route in enumerate(routes)
        for ticket in route
        if ticket < couplings.n_tickets
        for tool in couplings.tool[couplings.tool_first[ticket] : couplings.tool_first[ticket + 1]].tolist()
        if not couplings.own_tool[tour, tool]
    ]
