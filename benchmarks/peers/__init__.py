"""Other engines on plain requests: one adapter each, all with the same face."""

from __future__ import annotations

import importlib
import importlib.util

from benchmarks.peers.peer import Peer

ADAPTERS = {
    "VROOM": ("vroom", "benchmarks.peers.vroom_vrp"),
    "OR-Tools": ("ortools", "benchmarks.peers.ortools_routing"),
    "PyVRP": ("pyvrp", "benchmarks.peers.pyvrp_ils"),
    "vrp-cli": ("vrp_cli", "benchmarks.peers.vrp_cli_pragmatic"),
}
"""Engine → (the package that must be installed, the adapter's module)."""


def list_installed() -> list[str]:
    """List the engines that this Python has; `make setup-bench` installs all."""
    return [name for name, (package, _) in ADAPTERS.items() if importlib.util.find_spec(package) is not None]


def get_peer(name: str) -> Peer:
    """Load an engine's adapter, and with it the engine.

    Raises
    ------
    KeyError
        When there is no such adapter.
    ImportError
        When the engine is not installed; `make setup-bench` does it.
    """
    peer = importlib.import_module(ADAPTERS[name][1]).PEER
    assert isinstance(peer, Peer)
    return peer
