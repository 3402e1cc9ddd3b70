"""The judge behind ``paidan check``: proves a plan against its request from the two documents alone.

It recomputes every clause of "What makes a plan legal" and of "Re-planning" and every term of the objective, exactly,
and shares nothing with the search but the dataclasses of the format. What it read into the format where the format
leaves a choice is listed in ``docs/judge.md``.

A violation's ``code`` names the broken clause:

``structure``
    The plan is not built as one: stops don't lead from a start to an end, a name stands for nothing, a shift has two
    routes, a route has neither visit nor pick-up, a break is unknown or taken twice, a stop is at the wrong place.
``served``
    A ticket is neither served nor skipped, both, skipped twice, visited more often than its crew asks for, or in the
    plan though it is done or under way.
``crew``
    Too few engineers, one of them twice, not beginning together, or none who has what the ticket requires.
``skill``, ``skill_lapsed``
    The single engineer lacks a skill or its level; it lapses before the work ends (of a crew: its lead's).
``only_never``, ``pair``
    The engineer is not among ``only``, is among ``never``, or forbidden by a pair.
``window``, ``release``, ``after``, ``same_engineer``
    Work begins outside all windows, before the release, too early after another ticket or though that one is skipped;
    two tickets that want one lead have two.
``travel``
    A leg takes or measures something else than ``travel`` gives for its departure, or there is no way.
``timing``
    Arrival is not departure plus travel, work begins before arrival, or lasts other than it should.
``overlap``, ``now``, ``route_start``, ``shift_end``
    Two routes of one engineer overlap; a route leaves before ``now``; before its shift (or before ``from``), or from
    elsewhere; it ends after the shift and its overtime.
``visits_limit``, ``travel_limit``, ``busy_limit``, ``absence``, ``break``
    A limit of the shift or of the engineer is passed; a leg or work overlaps an absence; a break is missing, at the
    wrong time, or not of its length.
``part``, ``van_stock``, ``depot_stock``, ``depot_open``, ``tool``, ``tool_lent``
    Parts used are not those needed; a van or a depot gives what it does not have; a pick-up begins while the depot is
    closed; a tool is missing; a depot lends more of a tool in a day than it has.
``pin``, ``freeze``, ``travelling``, ``broken_pins``, ``change_budget``
    A pinned, frozen or travelling visit is not where it has to be; the list of broken pins leaves one out or has one
    too many; more visits change than may.
``status``, ``sums``, ``objective.TERM``, ``objective.total``
    What the plan says of itself is wrong: its status, a route's sums, a term, the total.
"""

from dispatch.judge.findings import Violation
from dispatch.judge.verdict import Verdict, judge

__all__ = ["Verdict", "Violation", "judge"]
