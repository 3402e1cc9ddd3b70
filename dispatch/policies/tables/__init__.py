"""The tables that policies read: prices and weights as data, each value with the clause it comes from.

``prices.toml`` has a row for each grade and tier, ``presets.toml`` what a dispatcher chooses from. Both are checked when they are
read; a table with a fault is not used at all. Limits stand in :mod:`dispatch.policies.packs`.
"""
