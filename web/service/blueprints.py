"""Every blueprint of the service, listed by hand; their addresses do not overlap."""

from __future__ import annotations

from typing import Final

from flask import Blueprint

from web.api.all_sections import SECTIONS, about
from web.desk.changes import changes
from web.desk.day import day
from web.desk.explain import explain
from web.desk.moves import moves
from web.desk.releases import releases
from web.desk.states import states
from web.desk.tickets import tickets
from web.phone.pages import phone
from web.service.choices import choices
from web.service.health import health
from web.service.home import home
from web.try_day.pages import trials

PAGES: Final[tuple[Blueprint, ...]] = (
    health,
    home,
    choices,
    trials,
    day,
    changes,
    explain,
    moves,
    releases,
    states,  # before the tickets' own, whose numbers may hold a slash
    tickets,
    phone,
)
"""For people; what they send is held to the form's token."""

API: Final[tuple[Blueprint, ...]] = (about, *(section.blueprint for section in SECTIONS))
"""For programs, under ``/api/v1``."""
