"""Policy packs: what the service standards ask, as data; each value with the clause that it comes from.

``002.toml`` and ``004.toml`` hold one document each, ``strict.toml`` all values of all documents that are meant as limits. Where
several limits of a pack apply, the strictest wins (:mod:`dispatch.policies.packs.strictest`); where packs disagree,
:mod:`dispatch.policies.packs.conflicts` says so.
"""
