"""Plan a request: request to problem, search, solution to plan, reasons for what is left out.

:func:`solve` is the library's door for one plan, :class:`Engine` for many of the same day.

>>> from dispatch.example import make_request
>>> plan = solve(make_request(2, 4), stop=Stop(iterations=200), threads=1)
>>> plan.status, len(plan.routes) <= 2
('ok', True)
"""

from dispatch.planning.engine import Engine
from dispatch.planning.routes_of import routes_of
from dispatch.planning.solve import solve
from dispatch.planning.unsupported import Unsupported
from solver.search import Stop

__all__ = ["Engine", "Stop", "Unsupported", "routes_of", "solve"]
