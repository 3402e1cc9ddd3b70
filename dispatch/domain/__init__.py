"""What the service is about: regions, customers, tickets, engineers, plans, events. Standard library only.

Every record is a frozen dataclass that checks itself when it is made and raises
:class:`~dispatch.domain.errors.ImpossibleRecord`; behind that door nobody checks again. What can be edited has a
``version``: 0 before it is stored, one more with every save.
"""
