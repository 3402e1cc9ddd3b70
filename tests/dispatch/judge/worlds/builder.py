"""Write planning-format documents tersely: moments, stops, routes, and edits of a worked-out world.

Nothing here knows a rule of the format: no price, no leg and no sum is computed. Every number is the author's.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]

DROP = object()
"""As the value of an edit: take that key or entry away."""

NO_TERMS: Mapping[str, float] = dict.fromkeys(
    (
        "skipped",
        "late_arrival",
        "late_resolution",
        "travel",
        "duration",
        "overtime",
        "use",
        "not_preferred",
        "overqualified",
        "balance",
        "pairs",
        "change",
    ),
    0.0,
)
"""Every row of the format's Objective table, in CNY; a world names only those that are not zero."""


def at(clock: str) -> str:
    """Spell a moment: ``08:15`` or ``08:15:30`` is Monday 2026-11-23, ``+08:15`` the Tuesday after, ``-`` the Sunday.

    Examples
    --------
    >>> at("+00:03:20")
    '2026-11-24T00:03:20+08:00'
    """
    day = {"+": 24, "-": 22}.get(clock[0], 23)
    clock = clock.lstrip("+-")
    return f"2026-11-{day}T{clock if clock.count(':') == 2 else clock + ':00'}+08:00"


def span(from_: str, to: str) -> list[str]:
    """Make a window, an opening time, an absence or a promise of two clocks."""
    return [at(from_), at(to)]


def stop(line: str, **extra: object) -> Document:
    """Make one stop of ``kind name location arrive begin leave travel_s travel_m``.

    ``name`` is the ticket, the depot or the index of the break; ``-`` for start and end.
    """
    kind, name, location, arrive, begin, leave, travel_s, travel_m = line.split()
    named: Document = {}
    if kind == "break":
        named = {"break": int(name)}
    elif kind not in {"start", "end"}:
        named = {{"visit": "ticket", "pickup": "depot"}[kind]: name}
    return {
        "kind": kind,
        **named,
        **extra,
        "location": location,
        "arrive": at(arrive),
        "begin": at(begin),
        "leave": at(leave),
        "travel_s": int(travel_s),
        "travel_m": int(travel_m),
    }


def route(shift: str, sums: tuple[int, int, int, int, int], *stops: str | Document) -> Document:
    """Make a route; ``shift`` is ``engineer/shift``, ``sums`` are travel_s, travel_m, work_s, wait_s, overtime_s."""
    engineer, shift = shift.split("/")
    return {
        "engineer": engineer,
        "shift": shift,
        "stops": [stop(each) if isinstance(each, str) else each for each in stops],
        **dict(zip(("travel_s", "travel_m", "work_s", "wait_s", "overtime_s"), sums, strict=True)),
    }


def left_out(ticket: str, verdict: str, code: str, **more: object) -> Document:
    """Make an entry of ``skipped`` with one reason."""
    return {"ticket": ticket, "verdict": verdict, "reasons": [{"code": code, "text": "not in this plan", **more}]}


def plan(routes: list[Document], skipped: list[Document] | None = None, **more: object) -> Document:
    """Make a plan without its objective, which each case states for itself."""
    return {
        "version": 1,
        "status": "ok",
        "objective": {},
        "routes": routes,
        "skipped": skipped or [],
        "broken_pins": [],
        "solver": {"engine": "by hand", "seed": 0, "seconds": 0.0, "iterations": 0, "threads": 1},
        **more,
    }


@dataclass(frozen=True)
class World:
    """A worked-out request and its legal plan; ``terms`` are those that are not zero, CNY to the cent."""

    name: str
    title: str
    why: str
    request: Document
    plan: Document
    terms: Mapping[str, float]
    total: float
    cases: list[Case] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """A world with one thing changed.

    Parameters
    ----------
    name : str
        File name, without the world's name before it.
    why : str
        What was changed and what follows, with its arithmetic.
    edits : mapping
        ``request.…`` or ``plan.…`` path to its new value, see :func:`edit`.
    codes : str
        The violations that a judge must find, exactly these, separated by blanks; empty when the plan stays legal.
    terms : mapping or None
        The terms that differ from the world's; None when the plan is too broken to have a price.
    total : float or None
        The total when it differs from the world's.
    """

    name: str
    why: str
    edits: Mapping[str, object]
    codes: str = ""
    terms: Mapping[str, float] | None = field(default_factory=dict)
    total: float | None = None


def _is_named(entry: Document, name: str) -> bool:
    """Whether a list's entry goes by that name: an id, a ticket, an engineer, or ``engineer/shift``."""
    if "/" in name:
        return f"{entry.get('engineer')}/{entry.get('shift')}" == name
    key = next((key for key in ("id", "ticket", "engineer") if key in entry), None)
    return key is not None and entry[key] == name


def edit(document: Document, path: str, value: object) -> None:
    """Set, add or drop what ``path`` names, in place.

    Steps are keys, ``[3]`` (an index), ``[name]`` (the entry of that id, ticket or engineer), ``[a/b]`` (route of
    engineer a in shift b) and, at the end, ``[+]`` (append) or ``[<3]`` (insert before index 3).

    Raises
    ------
    LookupError
        When a step leads nowhere: a case must not edit what is not there.
    """
    steps = re.findall(r"\[([^\]]+)\]|([^.\[\]]+)", path)
    here: Any = document
    for number, (entry, key) in enumerate(steps):
        step: int | str = key
        if entry.startswith("<"):
            here.insert(int(entry[1:]), value)
            return
        if entry == "+":
            here.append(value)
            return
        if entry and isinstance(here, list):
            found = [n for n, each in enumerate(here) if isinstance(each, dict) and _is_named(each, entry)]
            step = int(entry) if re.fullmatch(r"-?\d+", entry) else found[0]
        elif entry:
            step = entry
        if number < len(steps) - 1:
            here = here[step]
        elif value is DROP:
            del here[step]
        else:
            here[step] = value


def build(world: World, case: Case | None = None) -> Document:
    """Make the document of one case file; without ``case`` that of the world itself, which is legal."""
    document: Document = {"request": copy.deepcopy(world.request), "plan": copy.deepcopy(world.plan)}
    terms: dict[str, float] | None = {**NO_TERMS, **world.terms}
    total: float | None = world.total
    stated: Document = {"total": total, "terms": dict(terms or {})}
    codes: list[str] = []
    if case is not None:
        codes = sorted(case.codes.split())
        if case.terms is None:
            terms = total = None
        else:
            terms = {**NO_TERMS, **world.terms, **case.terms}
            total = world.total if case.total is None else case.total
            stated = {"total": total, "terms": dict(terms)}
    document["plan"]["objective"] = stated
    for path, value in case.edits.items() if case else ():
        edit(document, path, copy.deepcopy(value) if value is not DROP else DROP)
    return {
        "title": world.title if case is None else f"{world.title}: {case.name.replace('_', ' ')}",
        "why": [line.rstrip() for line in (case or world).why.strip().splitlines()],
        **document,
        "expect": {"legal": not codes, "codes": codes, "terms": terms, "total": total},
    }
