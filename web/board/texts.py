"""Every word that the page's scripts show, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext


def make_texts() -> dict[str, str]:
    """Return the scripts' texts by key, in the language of the current request; ``{x}`` is filled in by the script."""
    return {**_grades(), **_terms(), **_codes(), **_words(), **_facts(), **_views()}


def _grades() -> dict[str, str]:
    return {
        "grade.emergency": gettext("Emergency"),
        "grade.urgent": gettext("Urgent"),
        "grade.important": gettext("Important"),
        "grade.general": gettext("General"),
        "grade.plain": gettext("No grade"),
        "grade.price1": gettext("Skip price: top quarter"),
        "grade.price2": gettext("Skip price: second quarter"),
        "grade.price3": gettext("Skip price: third quarter"),
        "grade.price4": gettext("Skip price: lowest quarter"),
    }


def _terms() -> dict[str, str]:
    return {
        "term.skipped": gettext("Left out"),
        "term.late_arrival": gettext("Late arrival"),
        "term.late_resolution": gettext("Late resolution"),
        "term.travel": gettext("Travel"),
        "term.duration": gettext("Time on duty"),
        "term.overtime": gettext("Overtime"),
        "term.use": gettext("Shifts used"),
        "term.not_preferred": gettext("Not the preferred engineer"),
        "term.overqualified": gettext("Overqualified"),
        "term.balance": gettext("Uneven load"),
        "term.pairs": gettext("Engineer surcharges"),
        "term.change": gettext("Changes to the plan in force"),
    }


def _codes() -> dict[str, str]:
    return {
        "verdict.impossible": gettext("Impossible"),
        "verdict.displaced": gettext("Displaced"),
        "verdict.not_found": gettext("No place found"),
        "verdict.impossible.help": gettext("No legal place, even in an empty plan."),
        "verdict.displaced.help": gettext("Legal, but dearer than what it would displace."),
        "verdict.not_found.help": gettext("The search found no place; a longer one may."),
        "code.skill": gettext("Skill"),
        "code.skill_lapsed": gettext("Skill lapsed"),
        "code.only_never": gettext("Engineer not allowed"),
        "code.pair": gettext("Engineer barred"),
        "code.window": gettext("Window"),
        "code.shift_hours": gettext("Shift hours"),
        "code.overtime": gettext("Overtime"),
        "code.break": gettext("Break"),
        "code.absence": gettext("Absence"),
        "code.busy_limit": gettext("Working time limit"),
        "code.travel_limit": gettext("Travel limit"),
        "code.visits_limit": gettext("Visits limit"),
        "code.part": gettext("Part missing"),
        "code.tool": gettext("Tool missing"),
        "code.crew": gettext("Crew"),
        "code.after": gettext("Order of tickets"),
        "code.same_engineer": gettext("Same engineer"),
        "code.unreachable": gettext("Unreachable"),
        "code.pinned": gettext("Pin"),
        "code.change_budget": gettext("Change budget"),
        "level.1": gettext("junior"),
        "level.2": gettext("intermediate"),
        "level.3": gettext("senior"),
        "level.4": gettext("expert"),
    }


def _words() -> dict[str, str]:
    return {
        "weekday.1": gettext("Mon"),
        "weekday.2": gettext("Tue"),
        "weekday.3": gettext("Wed"),
        "weekday.4": gettext("Thu"),
        "weekday.5": gettext("Fri"),
        "weekday.6": gettext("Sat"),
        "weekday.7": gettext("Sun"),
        "unit.h": gettext("{n} h"),
        "unit.min": gettext("{n} min"),
        "unit.hmin": gettext("{h} h {m} min"),
        "unit.km": gettext("{n} km"),
        "unit.nextday": gettext("+{n}d"),
        "unit.level": gettext("{n} levels"),
        "unit.level.one": gettext("{n} level"),
        "unit.qty": gettext("{n} pcs"),
        "unit.qty.one": gettext("{n} pc"),
        "list.comma": gettext(", "),
        "kind.visit": gettext("Visit"),
        "kind.travel": gettext("Travel"),
        "kind.wait": gettext("Waiting"),
        "kind.break": gettext("Break"),
        "kind.pickup": gettext("Pick-up"),
        "kind.start": gettext("Start"),
        "kind.end": gettext("End"),
        "kind.absence": gettext("Absence"),
        "kind.late": gettext("Late"),
        "kind.overtime": gettext("Overtime"),
        "kind.shift": gettext("Shift"),
        "late.by": gettext("{t} late"),
        "late.count": gettext("{n} late"),
        "late.sum": gettext("{t} in all"),
        "late.none": gettext("On time"),
        "anytime": gettext("any time"),
        "same_place": gettext("none, same place"),
        "must": gettext("must be served"),
        "skip_price": gettext("skip price {c}"),
        "more": gettext("{n} more reasons"),
        "more.one": gettext("{n} more reason"),
        "close": gettext("Close"),
        "all_days": gettext("All days"),
        "day_more": gettext("Hold Ctrl or Shift to show several days"),
    }


def _facts() -> dict[str, str]:
    return {
        "fact.crew": gettext("Crew of {n}"),
        "fact.arrive": gettext("Arrives"),
        "fact.travel": gettext("Way there"),
        "fact.wait": gettext("Waits"),
        "fact.location": gettext("Location"),
        "fact.duration": gettext("Duration"),
        "fact.setup": gettext("{t} of it to set up"),
        "fact.windows": gettext("Windows"),
        "fact.release": gettext("Not before"),
        "fact.arrive_by": gettext("Arrive by"),
        "fact.resolve_by": gettext("Done by"),
        "fact.late_arrive": gettext("Late arrival"),
        "fact.late_resolve": gettext("Late resolution"),
        "fact.late_cost": gettext("Price of lateness"),
        "fact.requires": gettext("Skills needed"),
        "fact.skills": gettext("Skills"),
        "fact.parts": gettext("Parts"),
        "fact.tools": gettext("Tools"),
        "fact.van": gettext("In the van"),
        "fact.skip_cost": gettext("Skip price"),
        "fact.only": gettext("Only"),
        "fact.never": gettext("Never"),
        "fact.prefer": gettext("Preferred"),
        "fact.after": gettext("After"),
        "fact.same": gettext("Same engineer as"),
        "fact.price": gettext("{c} at once, {h} per hour"),
        "fact.surcharge": gettext("Surcharge for this engineer"),
        "fact.shift": gettext("Shift"),
        "fact.overtime_limit": gettext("overtime up to {t}"),
        "fact.visits": gettext("Visits"),
        "fact.work": gettext("On site"),
        "fact.overtime": gettext("Overtime"),
        "fact.gap": gettext("short by {g}"),
        "fact.factor": gettext("Duration factor"),
        "fact.not_preferred": gettext("not a preferred engineer"),
        "fact.until": gettext("until {t}"),
    }


def _views() -> dict[str, str]:
    return {
        "row.visits": gettext("{n} visits"),
        "row.visits.one": gettext("{n} visit"),
        "row.idle": gettext("no visits"),
        "row.label": gettext("{name}: {visits}, {t} travel"),
        "empty.routes": gettext("No routes in this plan."),
        "empty.late": gettext("Nobody is late."),
        "empty.skipped": gettext("Every ticket is in the plan."),
        "empty.search": gettext("Nothing found for “{q}”."),
        "empty.detail": gettext("Choose a visit, an engineer or a ticket to see everything about it."),
        "empty.map": gettext("Positions are not known: the page was opened without the request."),
        "empty.places": gettext("No positions in the request."),
        "broken_pins": gettext("Pins that could not be kept"),
        "failed": gettext("The board could not be loaded. Is the program still running? Reload to try again."),
        "search.engineers": gettext("Engineers"),
        "search.tickets": gettext("Tickets"),
        "search.locations": gettext("Locations"),
        "search.unplanned": gettext("unplanned"),
        "search.count": gettext("{n} results"),
        "search.count.one": gettext("{n} result"),
        "sort.id": gettext("As in the request"),
        "sort.late": gettext("Latest first"),
        "sort.overtime": gettext("Most overtime"),
        "sort.load": gettext("Most work"),
        "map.source": gettext("Boundaries: Tianditu"),
        "map.fit": gettext("Show everything"),
        "map.label": gettext("Map of the routes"),
        "map.in": gettext("Zoom in"),
        "map.out": gettext("Zoom out"),
        "cost.total": gettext("Total"),
        "cost.bound": gettext("Proven lower bound"),
        "solver.line": gettext("{engine}, {seconds} s, {iterations} iterations, {threads} threads, seed {seed}"),
    }
