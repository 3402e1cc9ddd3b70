"""The engineer's phone page: my day in order, and what I report of it."""
