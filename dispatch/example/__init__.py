"""Realistic days of one city, invented: plain ones, and rich ones with everything that the planning format can say.

>>> from dispatch.example import make_rich
>>> request = make_rich(engineers=10, tickets=60, features={"parts"})
>>> len(request.depots), any(ticket.crew > 1 for ticket in request.tickets)
(2, False)
"""

from __future__ import annotations

from dispatch.example.city import FIRST_DAY, GRADES, MAX_DAYS, NOW, make_request
from dispatch.example.rich import FEATURES, list_rich_features, make_rich

__all__ = ["FEATURES", "FIRST_DAY", "GRADES", "MAX_DAYS", "NOW", "list_rich_features", "make_request", "make_rich"]
