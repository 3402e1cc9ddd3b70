"""Words of the phone page that are looked up by what the records say."""

from __future__ import annotations

from flask_babel import gettext

from dispatch.domain.ticket import TicketState


def make_texts() -> dict[str, str]:
    """Return words by ``kind.value``: steps, steps that are done, grades."""
    return {
        "step.accept": gettext("Accept"),
        "step.depart": gettext("Set off"),
        "step.arrive": gettext("I am there"),
        "step.finish": gettext("Finish"),
        "done.accept": gettext("Accepted"),
        "done.depart": gettext("On the way"),
        "done.arrive": gettext("There"),
        "done.finish": gettext("Finished"),
        "grade.emergency": gettext("Emergency"),
        "grade.urgent": gettext("Urgent"),
        "grade.important": gettext("Important"),
        "grade.general": gettext("General"),
        "weekday.1": gettext("Mon"),
        "weekday.2": gettext("Tue"),
        "weekday.3": gettext("Wed"),
        "weekday.4": gettext("Thu"),
        "weekday.5": gettext("Fri"),
        "weekday.6": gettext("Sat"),
        "weekday.7": gettext("Sun"),
    }


def list_outcomes() -> tuple[tuple[TicketState, str], ...]:
    """Return how a visit can end, the usual way first, each with its words."""
    return (
        (TicketState.FIXED, gettext("Repaired")),
        (TicketState.INTERIM, gettext("Working for now")),
        (TicketState.WAITING_FOR_PARTS, gettext("Waits for parts")),
        (TicketState.WAITING_FOR_CUSTOMER, gettext("Waits for the customer")),
        (TicketState.NEEDS_HELP, gettext("I need help")),
    )
