"""The race against other engines, and what else is measured: requests, peers, judgement, tables."""
