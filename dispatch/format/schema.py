"""JSON Schema 2020-12 of request and plan, for editors, validators and code generators.

A schema cannot say everything: references, overlaps, cycles, decimals and the order of times are checked by
:mod:`dispatch.format.read` alone, which is the door.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Final

from dispatch.format.model import TERMS, Weights
from dispatch.format.numbers import HIGHEST_FACTOR, HIGHEST_LEVEL, HIGHEST_SPEED
from dispatch.format.parsers import DEAREST, LARGEST
from dispatch.format.plan_shapes import GAP_UNITS, REASON_CODES, STATUSES, STOP_KINDS, VERDICTS
from dispatch.format.request_shapes import PINS, STATES

Schema = dict[str, object]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_WEIGHT_TEXTS: Final[Mapping[str, str]] = {
    "travel_per_h": "CNY per hour of travel.",
    "travel_per_km": "CNY per kilometre of travel.",
    "duration_per_h": "CNY per hour from leaving the start to reaching the end of a route.",
    "overtime_per_h": "CNY per hour past a shift's end.",
    "use_shift": "CNY for each shift that is used.",
    "not_preferred": "CNY for a served ticket whose lead is not in `prefer`.",
    "overqualified_per_level": "CNY for each level that the lead has above a required minimum.",
    "balance_per_h2": "CNY per squared hour of an engineer's travel, visits and pick-ups.",
    "change_engineer": "CNY for a visit that gets another engineer; three times as much once the customer knows.",
    "change_start_per_h": "CNY per hour that a visit's start leaves its tolerance; three times as much likewise.",
    "change_skip": "CNY for a visit that is skipped now; three times as much likewise.",
}


def make_request_schema() -> Schema:
    """Make the schema of a request."""
    return {
        "$schema": DIALECT,
        "title": "Request in planning format 1",
        **_object(
            "Everything a plan depends on.",
            {
                "version": {"const": 1, "description": "Version of the format."},
                "now": _time("Nothing starts before this."),
                "locations": _list(_location(), "Places; tables of travel are in this order."),
                "travel": {
                    "description": "How long and how far between locations.",
                    "oneOf": [_great_circle(), _matrix()],
                },
                "engineers": _list(_engineer(), "Who works; the lead of a crew is the first who has what it needs."),
                "tickets": _list(_ticket(), "What is to be done."),
            },
            {
                "parts": _map(_part(), "Spare parts by name; a part named elsewhere need not be listed."),
                "depots": _list(_depot(), "Stock points."),
                "previous": _nullable(_previous()),
                "weights": _object(
                    "Prices of the objective's terms.",
                    {},
                    {
                        weight.name: {**_price(_WEIGHT_TEXTS[weight.name]), "default": float(str(weight.default))}
                        for weight in fields(Weights)
                    },
                ),
            },
        ),
    }


def make_plan_schema() -> Schema:
    """Make the schema of a plan."""
    terms = {term: _sum(f"The term `{term}`, CNY.") for term in TERMS}
    return {
        "$schema": DIALECT,
        "title": "Plan in planning format 1",
        **_object(
            "Who visits which ticket, when, with which parts; and what is left out, and why.",
            {
                "version": {"const": 1, "description": "Version of the format."},
                "status": _word(STATUSES, "`infeasible` when a ticket that must be served is left out."),
                "objective": _object(
                    "What the plan costs.",
                    {"total": _sum("Sum of the terms, CNY."), "terms": _object("CNY by term.", {}, terms)},
                ),
                "routes": _list(_route(), "One for each shift that is used."),
                "skipped": _list(_skipped(), "Tickets that are left out."),
                "solver": _solver(),
            },
            {"broken_pins": _list(_broken_pin(), "Pins that could not be kept.")},
        ),
    }


# -- building blocks ----------------------------------------------------------------------------------------------


def _object(description: str, required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """Describe an object with fixed keys."""
    return {
        "type": "object",
        "description": description,
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _map(values: Schema, description: str) -> Schema:
    """Describe an object with free keys."""
    return {
        "type": "object",
        "description": description,
        "propertyNames": {"minLength": 1},
        "additionalProperties": values,
    }


def _list(entries: Schema, description: str, *, unique: bool = False, filled: bool = False) -> Schema:
    """Describe a list."""
    schema: Schema = {"type": "array", "description": description, "items": entries}
    if unique:
        schema["uniqueItems"] = True
    if filled:
        schema["minItems"] = 1
    return schema


def _nullable(schema: Schema) -> Schema:
    """Let null stand for "none"."""
    return {"anyOf": [schema, {"type": "null"}]}


def _text(description: str) -> Schema:
    """Describe any text."""
    return {"type": "string", "description": description}


def _name(description: str) -> Schema:
    """Describe an id or another name."""
    return {"type": "string", "minLength": 1, "description": description}


def _names(description: str, *, filled: bool = False) -> Schema:
    """Describe a list of different names."""
    return _list({"type": "string", "minLength": 1}, description, unique=True, filled=filled)


def _word(words: Sequence[str], description: str) -> Schema:
    """Describe one of a few words."""
    return {"enum": list(words), "description": description}


def _time(description: str) -> Schema:
    """Describe a moment."""
    return {
        "type": "string",
        "format": "date-time",
        "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})$",
        "description": f"{description} ISO 8601 with offset and whole seconds.",
    }


def _time_of_day(description: str) -> Schema:
    """Describe a time of day."""
    return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "description": f"{description} HH:MM."}


def _interval(description: str) -> Schema:
    """Describe ``[from, to]``."""
    return {
        "type": "array",
        "description": f"{description} [from, to], both included.",
        "prefixItems": [_time("From."), _time("To, not before from.")],
        "items": False,
        "minItems": 2,
    }


def _intervals(description: str) -> Schema:
    """Describe a list of intervals."""
    return _list(_interval("One of them."), description)


def _whole(description: str, lowest: int = 0, highest: int = LARGEST) -> Schema:
    """Describe a whole number."""
    return {"type": "integer", "minimum": lowest, "maximum": highest, "description": description}


def _price(description: str) -> Schema:
    """Describe a price."""
    limits: Schema = {"type": "number", "minimum": 0, "maximum": int(DEAREST)}
    return {**limits, "description": f"{description} At most two decimals."}


def _sum(description: str) -> Schema:
    """Describe a sum of prices."""
    return {"type": "number", "minimum": 0, "description": f"{description} At most two decimals."}


def _factor(description: str, lowest: int | None = None) -> Schema:
    """Describe a factor."""
    limit: Schema = {"exclusiveMinimum": 0} if lowest is None else {"minimum": lowest}
    highest = int(HIGHEST_FACTOR)
    return {"type": "number", **limit, "maximum": highest, "description": f"{description} At most three decimals."}


def _quantities(description: str) -> Schema:
    """Describe quantities by name."""
    return _map(_whole("Pieces."), description)


def _levels(description: str) -> Schema:
    """Describe levels by skill."""
    text = "1 junior 初级, 2 intermediate 中级, 3 senior 高级, 4 expert 专家."
    return _map(_whole(text, 1, HIGHEST_LEVEL), description)


# -- the request --------------------------------------------------------------------------------------------------


def _location() -> Schema:
    """Describe a location."""
    return _object(
        "A named point.",
        {
            "id": _name("Unique among locations."),
            "lat": {"type": "number", "minimum": -90, "maximum": 90, "description": "Latitude, WGS-84 degrees."},
            "lon": {"type": "number", "minimum": -180, "maximum": 180, "description": "Longitude, WGS-84 degrees."},
        },
    )


def _peaks() -> Schema:
    """Describe the peaks."""
    peak = _object(
        "A time of day in which journeys advance at 1/factor of their speed.",
        {
            "from": _time_of_day("Included; local time of now's offset."),
            "to": _time_of_day("Not included; before from it passes midnight."),
            "factor": _factor("How much slower.", lowest=1),
        },
        {
            "weekdays": _list(
                _whole("ISO weekday.", 1, 7),
                "Days on which the peak begins; all when absent.",
                unique=True,
                filled=True,
            )
        },
    )
    return _list(peak, "Peaks; they don't overlap.")


def _great_circle() -> Schema:
    """Describe travel by straight lines."""
    speed: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": int(HIGHEST_SPEED)}
    return _object(
        "Straight lines × detour at one speed.",
        {
            "model": {"const": "great_circle", "description": "The model."},
            "speed_kmh": {**speed, "description": "Kilometres per hour. At most three decimals."},
        },
        {"detour": _factor("Metres = haversine × this; 1 when absent."), "peaks": _peaks()},
    )


def _matrix() -> Schema:
    """Describe travel by tables."""
    return _object(
        "Tables in the order of locations; null in both where there is no way.",
        {
            "model": {"const": "matrix", "description": "The model."},
            "seconds": _table("Seconds"),
            "metres": _table("Metres"),
        },
        {"peaks": _peaks()},
    )


def _table(unit: str) -> Schema:
    """Describe a square table."""
    cell: Schema = {"type": ["integer", "null"], "minimum": 0, "maximum": LARGEST}
    return _list(_list(cell, "To each location."), f"{unit} from each location.")


def _part() -> Schema:
    """Describe a spare part."""
    return _object(
        "A spare part.",
        {},
        {
            "name": _nullable(_text("For people.")),
            "substitutes": _names("Parts that may be used in its stead, one for one."),
        },
    )


def _depot() -> Schema:
    """Describe a depot."""
    inbound = _object(
        "A delivery.",
        {"part": _name("What."), "qty": _whole("Pieces."), "at": _time("To be had from this on, after now.")},
    )
    return _object(
        "A stock point.",
        {
            "id": _name("Unique among depots."),
            "location": _name("Where."),
            "open": _intervals("A pick-up begins inside one of them."),
        },
        {
            "handling_s": _whole("Seconds of a pick-up, whatever is taken."),
            "stock": _quantities("Pieces of each part at now."),
            "inbound": _list(inbound, "Deliveries to come."),
            "tools": _quantities("Pieces of each tool; lent, each is back for the next day."),
        },
    )


def _engineer() -> Schema:
    """Describe an engineer."""
    by_skill = _map(_factor("Multiplies durations."), "By skill; the largest among a ticket's skills counts.")
    return _object(
        "Who works.",
        {
            "id": _name("Unique among engineers."),
            "skills": _levels("Level of each skill."),
            "shifts": _list(_shift(), "They don't overlap."),
        },
        {
            "name": _nullable(_text("For people.")),
            "skills_until": _map(_time("Work that needs the skill ends by this."), "When skills lapse."),
            "van": _quantities("Pieces of each part in the van at now."),
            "tools": _names("Own tools."),
            "service_factor": {
                "description": "Multiplies durations.",
                "anyOf": [_factor("For all work; 1 when absent."), by_skill],
            },
            "speed_factor": _factor("Multiplies the seconds of each leg; 1 when absent."),
            "max_busy_s": _nullable(_whole("Seconds of travel, visits and pick-ups in the whole plan, at most.")),
        },
    )


def _shift() -> Schema:
    """Describe a shift."""
    pause = _object(
        "A break.",
        {
            "from": _time("It begins no earlier."),
            "to": _time("It begins no later."),
            "duration_s": _whole("Seconds."),
        },
    )
    return _object(
        "One day's route.",
        {
            "id": _name("Unique among the engineer's shifts."),
            "start": _time("The route starts no earlier."),
            "end": _time("The route ends by this, but for overtime."),
            "start_location": _name("Where the route starts."),
        },
        {
            "end_location": _nullable(_name("Where the route ends; null: at the last stop.")),
            "overtime_s": _whole("Seconds that the route may run past end."),
            "max_visits": _nullable(_whole("Visits, at most.")),
            "max_travel_s": _nullable(_whole("Seconds of travel, at most.")),
            "breaks": _list(pause, "Breaks that are owed."),
            "absences": _intervals("No leg and no work overlaps them."),
        },
    )


def _deadline(event: str) -> Schema:
    """Describe a soft limit."""
    return _nullable(
        _object(
            f"A soft limit for {event}.",
            {"by": _time("The limit.")},
            {"cost": _price("CNY at once when late."), "cost_per_h": _price("CNY for each hour late.")},
        )
    )


def _ticket() -> Schema:
    """Describe a ticket."""
    pair = _object(
        "A price or a ban for one engineer here.",
        {"engineer": _name("Whom.")},
        {
            "cost": _price("CNY when this engineer serves the ticket."),
            "forbid": {"type": "boolean", "description": "Whether this engineer may not serve the ticket."},
            "code": _nullable(_text("Which rule of the business says so.")),
        },
    )
    after = _object(
        "An earlier ticket.",
        {"ticket": _name("Which.")},
        {"gap_s": _whole("Seconds from its end to this ticket's begin, at least.")},
    )
    return _object(
        "What is to be done.",
        {
            "id": _name("Unique among tickets."),
            "location": _name("Where."),
            "duration_s": _whole("Seconds on site for an engineer of factor 1."),
            "requires": _levels("Minimum level of each skill, all of them in one engineer."),
            "skip_cost": _nullable(_price("CNY for leaving the ticket out; null: it must be served.")),
        },
        {
            "setup_s": _whole("Seconds added unless the stop before is a visit at the same location."),
            "parts": _quantities("Pieces of each part that are used up."),
            "tools": _names("Tools that are needed on site."),
            "windows": _intervals("Work begins inside one of them; none: any time."),
            "release": _nullable(_time("Work begins no earlier.")),
            "arrive": _deadline("the begin of the work"),
            "resolve": _deadline("the end of the work"),
            "crew": _whole("Engineers needed, beginning together; 1 when absent.", 1),
            "only": _nullable(_names("Engineers, one of whom it has to be, each of a crew.", filled=True)),
            "never": _names("Engineers who may not come."),
            "prefer": _names("Engineers who had best be the lead."),
            "pairs": _list(pair, "Prices and bans for single engineers."),
            "after": _list(after, "Tickets that have to be done before; no cycle."),
            "same_engineer_as": _nullable(_name("A ticket that has the same lead, if both are served.")),
        },
    )


def _previous() -> Schema:
    """Describe the plan in force."""
    whereabouts = _object(
        "Where an engineer is in a running shift.",
        {
            "engineer": _name("Who."),
            "shift": _name("Which shift."),
            "location": _name("Where the rest of the route starts."),
            "from": _time("It starts no earlier; not before now."),
        },
        {
            "breaks_done": _list(_whole("Index in the shift's breaks."), "Breaks already taken.", unique=True),
            "tools": _names("Lent tools in hand."),
        },
    )
    finished = _object(
        "A ticket done or under way.",
        {"ticket": _name("Which."), "end": _time("When it ends or ended.")},
        {"engineer": _nullable(_name("Its lead, where same_engineer_as names the ticket."))},
    )
    visit = _object(
        "A visit that is planned and still to come.",
        {
            "ticket": _name("Which; ignored when it is gone."),
            "engineer": _name("Who; a crew is listed once for each engineer."),
            "shift": _name("In which shift."),
            "start": _time("When the work is to begin."),
            "state": _word(STATES, "`told`: the customer knows; `travelling`: on the way."),
            "pin": _word(PINS, "A person's decision: the engineer stays, or engineer and start."),
        },
        {"promised": _nullable(_interval("What the customer was promised."))},
    )
    return _object(
        "The plan in force.",
        {},
        {
            "engineers": _list(whereabouts, "One entry for each engineer in a running shift."),
            "finished": _list(finished, "Tickets done or under way."),
            "visits": _list(visit, "Visits still to come."),
            "freeze_until": _nullable(_time("Visits that start before it stay as they are.")),
            "max_changes": _nullable(_whole("Visits that may change, at most.")),
        },
    )


# -- the plan -----------------------------------------------------------------------------------------------------


def _route() -> Schema:
    """Describe a route."""
    return _object(
        "What one engineer does in one shift.",
        {
            "engineer": _name("Who."),
            "shift": _name("In which shift."),
            "stops": _list(_stop(), "From start to end, in order."),
            "travel_s": _whole("Seconds of travel."),
            "travel_m": _whole("Metres of travel."),
            "work_s": _whole("Seconds of visits and pick-ups."),
            "wait_s": _whole("Seconds between arriving and beginning."),
            "overtime_s": _whole("Seconds past the shift's end."),
        },
    )


def _stop() -> Schema:
    """Describe a stop."""
    return _object(
        "A stop of a route.",
        {
            "kind": _word(STOP_KINDS, "What happens here."),
            "location": _name("Where."),
            "arrive": _time("When the leg before ends."),
            "begin": _time("When the work begins."),
            "leave": _time("When the work ends."),
            "travel_s": _whole("Seconds of the leg that led here."),
            "travel_m": _whole("Metres of the leg that led here."),
        },
        {
            "ticket": _nullable(_name("Of a visit.")),
            "depot": _nullable(_name("Of a pick-up.")),
            "parts": _quantities("Pieces used at a visit, or taken at a pick-up."),
            "tools": _names("Tools used at a visit, or lent at a pick-up."),
            "break": _nullable(_whole("Index in the shift's breaks.")),
        },
    )


def _skipped() -> Schema:
    """Describe a ticket that is left out."""
    gap = _object(
        "By how much it fails.",
        {
            "value": {"type": "number", "description": "In the unit."},
            "unit": _word(GAP_UNITS, "Seconds, metres, levels, pieces or CNY."),
        },
    )
    reason = _object(
        "Why, for one engineer or for all.",
        {"code": _word(REASON_CODES, "The clause."), "text": _text("One sentence.")},
        {"engineer": _nullable(_name("For whom.")), "gap": _nullable(gap)},
    )
    return _object(
        "A ticket that is left out.",
        {
            "ticket": _name("Which."),
            "verdict": _word(VERDICTS, "Impossible even in an empty plan; dearer than what it displaces; not found."),
            "reasons": _list(reason, "Why."),
        },
    )


def _broken_pin() -> Schema:
    """Describe a pin that could not be kept."""
    return _object(
        "A pin that could not be kept.",
        {"ticket": _name("Which."), "code": _name("The clause in the way."), "text": _text("One sentence.")},
    )


def _solver() -> Schema:
    """Describe how the plan came about."""
    number: Schema = {"type": "number"}
    return _object(
        "How the plan came about.",
        {
            "engine": _text("Name and version."),
            "seed": {"type": "integer", "description": "Of the random numbers."},
            "seconds": {"type": "number", "minimum": 0, "description": "How long it took."},
            "iterations": {"type": "integer", "minimum": 0, "description": "Steps of the search."},
            "threads": _whole("Cores used."),
        },
        {
            "bound": _nullable({**number, "description": "Proven lower bound of the total, CNY."}),
            "gap": _nullable({**number, "description": "How far the total is from the bound, as a fraction."}),
        },
    )
