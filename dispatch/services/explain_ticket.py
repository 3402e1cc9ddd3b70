"""Explain a ticket of a revision: why it is left out or late, why this engineer comes, and what would change it."""

from __future__ import annotations

from typing import Final

from dispatch.domain.errors import NotFound
from dispatch.format.read import read_plan, read_request
from dispatch.planning.explain import Explainer, Explanation, NotTimed, list_told
from dispatch.planning.unsupported import Unsupported
from dispatch.rulebook.in_force import to_come
from dispatch.rulebook.line import Language
from dispatch.storage.store import Reading

SECONDS: Final = 3.0
"""Somebody waits: what would help and is not found by then is not told."""


def explain_ticket(unit: Reading, revision_id: str, ticket_id: str, *, lang: Language) -> Explanation:
    """Explain a ticket of a revision as it was planned.

    Parameters
    ----------
    lang
        Language of the sentences; engineers and tickets are named by id.

    Raises
    ------
    NotFound
        There is no such revision; or its request has no such ticket, because that came later, was done or under way; or the plan
        serves it and cannot be looked at place by place.
    """
    revision = unit.get_revision(revision_id)
    request, plan = read_request(revision.request_json), read_plan(revision.plan_json)
    if ticket_id not in to_come(request):
        raise NotFound("Ticket", ticket_id)
    try:
        return Explainer(request, plan, lang).explain(ticket_id, SECONDS)
    except (NotTimed, Unsupported):
        told = next((one for one in list_told(plan, lang) if one.ticket == ticket_id), None)
        if told is None:
            raise NotFound("Ticket", ticket_id) from None
        return told
