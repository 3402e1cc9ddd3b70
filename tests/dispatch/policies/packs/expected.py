"""Every number of the packs with its clause, written by hand from the standards; no pack was read for it."""

from __future__ import annotations

from typing import Final

LIMITS: Final = {
    "002": """
        acknowledge | | 10 min | IN-05
        respond | emergency urgent | 30 min | GR-03
        respond | emergency urgent | 30 min | IN-11
        respond | important | 2 h | GR-04
        respond | general | 4 h | GR-05
        arrive | emergency | 4 h | GR-03 derived
        arrive | urgent | 8 h | GR-03 derived
        arrive | important | 24 h | GR-04 derived
        arrive | general | 2 working_days | GR-05 derived
        interim | emergency urgent | 24 h | GR-03
        interim | emergency | 24 h | EM-02 derived
        resolve | emergency urgent | 24 h | GR-03 or interim
        resolve | important | 72 h | GR-04
        resolve | general | 5 working_days | GR-05
        follow_up | important general | earliest 24 h | FU-01
        follow_up | important general | 72 h | FU-01
        follow_up | emergency urgent | 12 h | FU-01
    """,
    "004": """
        acknowledge | online mini_program | 10 min | IN-06
        human_contact | online mini_program | 30 min | IN-06
        human_contact | review | 1 h | SL-11
        respond | emergency urgent diamond | 10 min | SL-03
        respond | complaint | 1 h | EM-07
        respond | quick | 2 h | SL-08
        respond | emergency urgent | 2 h | SL-07
        respond | gold | 4 h | SL-05
        respond | diamond | 4 h | SL-05 derived
        respond | silver | 6 h | SL-06
        respond | important general | 24 h | SL-07
        arrive | emergency urgent diamond | 1 h | SL-03 derived
        arrive | emergency | 2 h | SL-07 derived
        arrive | quick | 4 h | SL-08
        arrive | urgent | 4 h | SL-07 derived
        arrive | important general | 48 h | SL-07 derived
        resolve | emergency urgent diamond | 2 h | SL-03
        resolve | review | 2 h | SL-12
        resolve | complaint | 4 h | EM-07
        resolve | complaint | 48 h | EM-08
        follow_up | | 24 h | FU-02
        follow_up | complaint | 24 h | EM-07
        follow_up | review | 24 h | SL-12
    """,
    "strict": """
        respond | emergency urgent | 15 min | GR-02
        respond | important general | 2 h | GR-02
        respond | complaint | 24 h | SL-10
        respond | suggestion | 168 h | SL-25
        resolve | complaint | 48 h | SL-10
    """,
}

OTHERS: Final = {
    "002": """
        version 1
        pause | arrive | waiting_for_customer | SL-24
        pause | interim | waiting_for_customer | SL-24
        pause | resolve | waiting_for_customer waiting_for_parts | SL-24
        warning | yellow | 75 | responsible | SL-24
        warning | red | 90 | supervisor | SL-24
        escalation | | 0 | supervisor | GR-07
        escalation | emergency urgent important | 30 | service_manager | GR-08
        escalation | general | 240 | service_manager | SL-24
        grade | emergency | GR-06
        grade | urgent | GR-03
        grade | important | GR-04
        grade | general | GR-05
    """,
    "004": """
        version 1
        tier | diamond | above 50000 | SL-04
        tier | gold | from 10000 | SL-05
        tier | silver | from 0 | SL-06
        goal | mean | respond | 2 h | SL-01
        goal | competitor | respond | 30 min | SL-09
        goal | competitor | arrive | 2 h | SL-09
        goal | competitor | resolve | 24 h | SL-09
        pause | arrive | waiting_for_customer | PT-06
        pause | resolve | waiting_for_customer waiting_for_parts | PT-06
        warning | blue | 50 | responsible | KP-10
        warning | yellow | 75 | responsible | KP-10
        warning | red | 90 | supervisor | KP-10
        escalation | emergency urgent | 60 | regional_manager | EM-11
        follow_up at least 60 | FU-02
    """,
    "strict": """
        version 1
        goal | example | respond | 2 h | GR-01
        goal | example | respond | 15 min | GR-01
        goal | example | respond | 24 h | SL-13
        goal | example | resolve | 48 h | SL-14
        goal | example | respond | 10 min | SL-15
        goal | baseline | respond | 48 h | KP-26
        goal | baseline | resolve | 72 h | KP-26
        pause | arrive | waiting_for_customer | SL-17
        pause | resolve | waiting_for_customer | SL-17
    """,
}

NEVER_A_LIMIT: Final = ("SL-09", "SL-13", "SL-14", "SL-15", "GR-01", "KP-26")
"""Examples, baselines and others' figures: goals."""


def lines(text: str) -> set[str]:
    """Return the lines of a table, each once."""
    return {" ".join(line.split()) for line in text.splitlines() if line.strip()}


def expected_of(name: str) -> set[str]:
    """Return every line of a pack; strict has those of 002 and 004 besides, and its own pauses and version."""
    own = lines(LIMITS[name]) | lines(OTHERS[name])
    if name != "strict":
        return own
    taken = {line for other in ("002", "004") for line in lines(LIMITS[other]) | lines(OTHERS[other])}
    return own | {line for line in taken if not line.startswith(("version", "pause"))}
