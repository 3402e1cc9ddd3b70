"""Which way a ticket may go: every change of state that there is, as data; each that is not listed is refused by name.

The line::

    new → acknowledged → graded → (remote) → ready → planned → dispatched → accepted → travelling → on site → working
        → (interim | waiting for parts | waiting for customer | needs help) → fixed → signed → follow-up → closed → archived

and beside it cancelled, reopened (back to graded) and with a partner.

>>> list_next(TicketState.SIGNED)
(<TicketState.FOLLOW_UP: 'follow_up'>, <TicketState.REOPENED: 'reopened'>)
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from dispatch.domain.errors import IllegalTransition, ImpossibleRecord
from dispatch.domain.ticket import TicketState

S = TicketState

_OUT: Final = (S.WITH_PARTNER, S.CANCELLED)
"""Ways off the line while the work is not done."""

_ENDS: Final = (S.INTERIM, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, S.NEEDS_HELP)
"""How work can stop without being done; of a crew each may say another, and what is waited for can change."""

TRANSITIONS: Final[Mapping[TicketState, tuple[TicketState, ...]]] = MappingProxyType(
    {
        S.NEW: (S.ACKNOWLEDGED, S.CANCELLED),
        S.ACKNOWLEDGED: (S.GRADED, S.CANCELLED),
        S.GRADED: (S.REMOTE, S.READY, *_OUT),
        # solved without a visit, or waited for before anybody goes; else somebody has to go after all
        S.REMOTE: (S.READY, S.INTERIM, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, S.FIXED, *_OUT),
        # a plan is published without being kept as planned first
        S.READY: (S.PLANNED, S.DISPATCHED, S.REMOTE, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, *_OUT),
        S.PLANNED: (S.DISPATCHED, S.READY, S.REMOTE, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, *_OUT),
        # back to ready when a new plan leaves it out; who had accepted it before and gets it back sets out at once
        S.DISPATCHED: (S.ACCEPTED, S.TRAVELLING, S.READY, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, *_OUT),
        # dispatched again when it goes to another engineer
        S.ACCEPTED: (S.TRAVELLING, S.DISPATCHED, S.READY, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER, *_OUT),
        # who breaks down turns back, or asks for help
        S.TRAVELLING: (S.ON_SITE, S.READY, S.NEEDS_HELP, *_OUT),
        # the phone has no step for beginning: finishing says how it ended at once
        S.ON_SITE: (S.WORKING, *_ENDS, S.FIXED, *_OUT),
        S.WORKING: (*_ENDS, S.FIXED, *_OUT),
        S.INTERIM: (*(one for one in _ENDS if one is not S.INTERIM), S.READY, S.FIXED, *_OUT),
        S.WAITING_FOR_PARTS: (*(one for one in _ENDS if one is not S.WAITING_FOR_PARTS), S.READY, S.FIXED, *_OUT),
        S.WAITING_FOR_CUSTOMER: (*(one for one in _ENDS if one is not S.WAITING_FOR_CUSTOMER), S.READY, S.FIXED, *_OUT),
        # help that comes goes to work
        S.NEEDS_HELP: (S.WORKING, *(one for one in _ENDS if one is not S.NEEDS_HELP), S.READY, S.FIXED, *_OUT),
        # what was solved remotely nobody signs
        S.FIXED: (S.SIGNED, S.FOLLOW_UP, S.REOPENED),
        S.SIGNED: (S.FOLLOW_UP, S.REOPENED),
        S.FOLLOW_UP: (S.CLOSED, S.REOPENED),
        S.CLOSED: (S.ARCHIVED, S.REOPENED),
        S.ARCHIVED: (),
        S.CANCELLED: (S.REOPENED, S.ARCHIVED),
        S.REOPENED: (S.GRADED, S.CANCELLED),
        # the partner solves it, or hands it back to be graded again
        S.WITH_PARTNER: (S.FIXED, S.GRADED, S.CANCELLED),
    }
)
"""State to the states that may follow it; a state never follows itself."""

BEGINNINGS: Final = (S.NEW, S.ACKNOWLEDGED, S.GRADED, S.READY)
"""States in which a ticket may be taken in: from the mailbox nobody has answered; on the phone all may be said at once."""

BY_PLAN: Final = frozenset({S.PLANNED, S.DISPATCHED})
"""States that only a plan gives: set by hand, nobody would be told to go there."""

NEEDS_REASON: Final = frozenset({S.CANCELLED, S.REOPENED, S.WITH_PARTNER, S.WAITING_FOR_PARTS, S.WAITING_FOR_CUSTOMER})
"""States that a person has to give a reason for: others will ask why."""

WORK_WAS_FIXED: Final = frozenset({S.FIXED, S.SIGNED, S.FOLLOW_UP, S.CLOSED})
"""Reopened from one of these, a ticket was not fixed the first time."""

WORDS: Final[Mapping[TicketState, tuple[str, str]]] = MappingProxyType(
    {
        S.NEW: ("新建", "new"),
        S.ACKNOWLEDGED: ("已确认", "acknowledged"),
        S.GRADED: ("已定级", "graded"),
        S.REMOTE: ("远程处理", "handled remotely"),
        S.READY: ("待派", "to be dispatched"),
        S.PLANNED: ("待发布", "to be published"),
        S.DISPATCHED: ("已派", "dispatched"),
        S.ACCEPTED: ("已接单", "accepted"),
        S.TRAVELLING: ("已出发", "on the way"),
        S.ON_SITE: ("已到达", "on site"),
        S.WORKING: ("处理中", "at work"),
        S.INTERIM: ("临时方案", "interim solution"),
        S.WAITING_FOR_PARTS: ("待件", "waiting for parts"),
        S.WAITING_FOR_CUSTOMER: ("待客户", "waiting for the customer"),
        S.NEEDS_HELP: ("请求支援", "needs help"),
        S.FIXED: ("已修复", "fixed"),
        S.SIGNED: ("客户已签字", "signed by the customer"),
        S.FOLLOW_UP: ("待回访", "to be followed up"),
        S.CLOSED: ("已关闭", "closed"),
        S.ARCHIVED: ("已归档", "archived"),
        S.CANCELLED: ("已取消", "cancelled"),
        S.REOPENED: ("重开", "reopened"),
        S.WITH_PARTNER: ("外部", "with a partner"),
    }
)
"""What people call a state, in Chinese and English."""


def list_next(state: TicketState) -> tuple[TicketState, ...]:
    """Return the states that may follow one, in the order in which a page offers them."""
    return TRANSITIONS[state]


def list_next_by_hand(state: TicketState) -> tuple[TicketState, ...]:
    """Return the states that a person may set; the others come with a plan."""
    return tuple(one for one in TRANSITIONS[state] if one not in BY_PLAN)


def check_transition(ticket_id: str, before: TicketState, after: TicketState, *, by_hand: bool = False) -> None:
    """Refuse a change of state that is not listed, or that a person cannot make.

    Raises
    ------
    IllegalTransition
        Names both states, the ticket and what is possible from here.

    Examples
    --------
    >>> check_transition("WX1", TicketState.CLOSED, TicketState.SIGNED)
    Traceback (most recent call last):
        ...
    dispatch.domain.errors.IllegalTransition: ticket WX1 cannot go from closed to signed by the customer; possible from here: archived, reopened
    """
    possible = list_next_by_hand(before) if by_hand else list_next(before)
    if after not in possible:
        raise IllegalTransition(
            ticket_id,
            (before, *WORDS[before]),
            (after, *WORDS[after]),
            tuple((one, *WORDS[one]) for one in possible),
        )


def check_beginning(state: TicketState) -> None:
    """Refuse a state in which no ticket is taken in.

    Raises
    ------
    ImpossibleRecord
        Says which there are.
    """
    if state not in BEGINNINGS:
        raise ImpossibleRecord(
            "Ticket.state",
            (
                f"新工单的状态应为 {'、'.join(WORDS[one][0] for one in BEGINNINGS)}",
                f"one of {', '.join(BEGINNINGS)} for a new ticket",
            ),
            (WORDS[state][0], str(state)),
        )
