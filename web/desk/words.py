"""Words of the desk: states, grades, ways of finding a place, jobs, people who do things."""

from __future__ import annotations

from flask_babel import gettext

from dispatch.domain.job import Job, JobState
from dispatch.domain.place import FoundBy
from dispatch.domain.ticket import Grade, TicketState
from dispatch.services.change_state import BY_HAND
from dispatch.services.publish_plan import TAKEN_BACK
from dispatch.services.report_visit import DISPATCHED, EVENTS


def name_grade(grade: Grade) -> str:
    """Return what a grade is called."""
    told: dict[object, str] = {
        Grade.EMERGENCY: gettext("Emergency"),
        Grade.URGENT: gettext("Urgent"),
        Grade.IMPORTANT: gettext("Important"),
        Grade.GENERAL: gettext("General"),
    }
    return told[grade]


def name_level(level: int) -> str:
    """Return what a skill level is called."""
    told: dict[int, str] = {
        1: gettext("junior"),
        2: gettext("intermediate"),
        3: gettext("senior"),
        4: gettext("expert"),
    }
    return told[level]


def name_found_by(found_by: FoundBy) -> str:
    """Return how a point was found."""
    told: dict[FoundBy, str] = {
        FoundBy.SITE: gettext("the customer's known site"),
        FoundBy.COORDINATES: gettext("coordinates"),
        FoundBy.GEOCODER: gettext("the geocoder"),
        FoundBy.DISTRICT: gettext("the district in the address"),
        FoundBy.REGION: gettext("nothing but the region"),
        FoundBy.HAND: gettext("a person, by hand"),
    }
    return told[found_by]


def name_state(state: TicketState) -> str:
    """Return what a ticket's state is called."""
    told: dict[object, str] = {
        TicketState.NEW: gettext("new"),
        TicketState.ACKNOWLEDGED: gettext("acknowledged"),
        TicketState.GRADED: gettext("graded"),
        TicketState.REMOTE: gettext("handled remotely"),
        TicketState.READY: gettext("to be dispatched"),
        TicketState.PLANNED: gettext("to be published"),
        TicketState.DISPATCHED: gettext("dispatched"),
        TicketState.ACCEPTED: gettext("accepted"),
        TicketState.TRAVELLING: gettext("on the way"),
        TicketState.ON_SITE: gettext("on site"),
        TicketState.WORKING: gettext("at work"),
        TicketState.INTERIM: gettext("interim solution"),
        TicketState.WAITING_FOR_PARTS: gettext("waiting for parts"),
        TicketState.WAITING_FOR_CUSTOMER: gettext("waiting for the customer"),
        TicketState.NEEDS_HELP: gettext("needs help"),
        TicketState.FIXED: gettext("fixed"),
        TicketState.SIGNED: gettext("signed by the customer"),
        TicketState.FOLLOW_UP: gettext("to be followed up"),
        TicketState.CLOSED: gettext("closed"),
        TicketState.ARCHIVED: gettext("archived"),
        TicketState.CANCELLED: gettext("cancelled"),
        TicketState.REOPENED: gettext("reopened"),
        TicketState.WITH_PARTNER: gettext("with a partner"),
    }
    return told[state]


def name_cause(cause: str) -> str:
    """Return what brought a change of state about; a person's own doing is said by who did it alone."""
    told: dict[str, str] = {
        BY_HAND: "",
        DISPATCHED: gettext("a plan was published"),
        TAKEN_BACK: gettext("a new plan leaves it out"),
    } | dict.fromkeys(EVENTS.values(), gettext("reported from the road"))
    return told.get(cause, cause)


def name_person(by: str) -> str:
    """Return what somebody who did something is called: a role, or an engineer by id."""
    known: dict[str, str] = {"dispatcher": gettext("Dispatcher"), "manager": gettext("Manager")}
    return known.get(by) or by.removeprefix("engineer:")


def name_field(name: str) -> str:
    """Return what a ticket's field is called on the page."""
    told: dict[object, str] = {
        "grade": gettext("Grade"),
        "state": gettext("State"),
        "product": gettext("Product"),
        "fault": gettext("What is wrong"),
        "duration_s": gettext("Duration"),
        "skills": gettext("Skills needed"),
        "windows": gettext("Appointment"),
        "contact_name": gettext("Contact"),
        "phone": gettext("Phone"),
        "address": gettext("Address"),
        "door_note": gettext("Note"),
        "point": gettext("Place"),
    }
    return told.get(name, name)


def name_job_state(job: Job) -> str:
    """Return what a planning job is doing."""
    told: dict[JobState, str] = {
        JobState.QUEUED: gettext("Waiting for its turn"),
        JobState.RUNNING: gettext("Planning"),
        JobState.CANCELLING: gettext("Being cancelled"),
        JobState.DONE: gettext("Planned"),
        JobState.FAILED: gettext("Planning failed"),
        JobState.CANCELLED: gettext("Planning was cancelled"),
    }
    return told[job.state]
