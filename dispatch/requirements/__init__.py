"""What the service documents ask, rule by rule, and how far the project is with each.

``rows.toml`` is the data; ``python -m dispatch.requirements`` writes ``docs/requirements.md`` from it.
"""
