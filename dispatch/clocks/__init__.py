"""The seven clocks of a ticket: when each stage is due and why, what is met, at risk or breached, and who must hear of it.

Pure functions: facts in, answers out. When a stage is due is said by the pack in use (:mod:`dispatch.policies.packs.strictest`).
"""

from __future__ import annotations

from dispatch.clocks.calls import list_calls
from dispatch.clocks.model import Call, Clock, TicketFacts, Verdict
from dispatch.clocks.moves import list_moves
from dispatch.clocks.read import read_clock, read_clocks

__all__ = ["Call", "Clock", "TicketFacts", "Verdict", "list_calls", "list_moves", "read_clock", "read_clocks"]
