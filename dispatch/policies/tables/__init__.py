"""The tables that policies read: limits, prices and weights as data, each value with the clause it comes from.

``limits.toml`` has a row for each grade and tier, ``presets.toml`` what a dispatcher chooses from. Both are checked when they are
read; a table with a fault is not used at all.
"""
