"""The door of packs: TOML to dataclasses, or all faults at once; and how packs are joined."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final, TypeVar

from dispatch.data_file import DataError, DataReader
from dispatch.domain.customer import Tier
from dispatch.domain.ticket import Grade
from dispatch.policies.packs.model import (
    BASES,
    BOUNDS,
    CALENDAR_NAMES,
    CHANNELS,
    COLOURS,
    CONTRACTS,
    DEMANDS,
    GOAL_KINDS,
    GRADES,
    REASONS,
    ROLES,
    STAGES,
    TIERS,
    UNITS,
    EscalationRule,
    Goal,
    GradeRule,
    Limit,
    Pack,
    PauseRule,
    Source,
    Stage,
    TierRule,
    WarningRule,
    Window,
)

PACKS: Final = ("002", "004", "strict")
"""The packs that come with the program."""
DEFAULT: Final = "strict"
JOIN: Final = "+"
"""``002+004``: both together."""

MOST: Final = 10_000
MOST_CNY: Final = Decimal(1_000_000_000)
MOST_MIN: Final = 60 * 24 * 60
"""An escalation comes at most 60 days after the deadline."""

Entry = TypeVar("Entry")


def read_pack(text: str, get: Callable[[str], Pack] | None = None) -> Pack:
    """Read a pack.

    Beyond shapes and ranges: working days count working days, only a follow-up has an earliest moment, only resolving is satisfied
    by an interim fix, no limit stands twice, warnings come in the order of their colours, and a better tier or a more urgent grade
    has no longer limit.

    Parameters
    ----------
    text
        A TOML document.
    get
        Finds a pack that is included; None: those that come with the program.

    Raises
    ------
    DataError
        With all faults.
    """
    reader = DataReader(text)
    get = get or get_pack
    lists = ("grades", "tiers", "limits", "goals", "warnings", "escalations")
    wanted = ("id", "version", "title_zh", "title_en")
    top = reader.attempt(lambda: reader.keys("", reader.document, wanted, (*lists, "includes", "pauses", "follow_up")))
    if top is None:
        raise DataError(reader.faults)
    name = reader.attempt(lambda: reader.text("id", top["id"])) or ""
    if JOIN in name:
        reader.fault("id", f"a name without {JOIN}", name)
    own = Pack(
        id=name,
        version=reader.attempt(lambda: reader.whole("version", top["version"], 1, MOST)) or 1,
        title_zh=reader.attempt(lambda: reader.text("title_zh", top["title_zh"])) or "",
        title_en=reader.attempt(lambda: reader.text("title_en", top["title_en"])) or "",
        grades=_list(reader, "grades", top, _read_grade),
        tiers=_list(reader, "tiers", top, _read_tier),
        limits=_list(reader, "limits", top, _read_limit),
        goals=_list(reader, "goals", top, _read_goal),
        pauses=_read_pauses(reader, top.get("pauses", {})),
        warnings=_list(reader, "warnings", top, _read_warning),
        escalations=_list(reader, "escalations", top, _read_escalation),
        follow_up=reader.attempt(lambda: _read_window(reader, top["follow_up"])) if "follow_up" in top else None,
    )
    included = _read_included(reader, top.get("includes"), get) if "includes" in top else ()
    _check_limits(reader, own.limits)
    _check_tiers(reader, own.tiers)
    made = join(own, included)
    _check_warnings(reader, made.warnings)
    if not reader.faults:
        _check_order(reader, made.limits)
    reader.refuse()
    return made


@cache
def get_pack(name: str = DEFAULT) -> Pack:
    """Return a pack that comes with the program, or several together, such as ``002+004``.

    Raises
    ------
    DataError
        There is no such pack.

    Examples
    --------
    >>> get_pack("002+004").title_en
    'Service standard 002 + Service programme 004'
    """
    names = name.split(JOIN)
    unknown = [part for part in names if part not in PACKS]
    if unknown or len(set(names)) < len(names):
        raise DataError([f"pack must be one of {', '.join(PACKS)}, or several joined by {JOIN}, got {name!r}"])
    packs = [read_pack(_bundled(part)) for part in names]
    if len(packs) == 1:
        return packs[0]
    title_zh, title_en = (f" {JOIN} ".join(getattr(pack, key) for pack in packs) for key in ("title_zh", "title_en"))
    both = Pack(name, max(pack.version for pack in packs), title_zh, title_en, (), (), (), (), packs[0].pauses, (), ())
    return join(both, packs)


def join(own: Pack, others: Sequence[Pack]) -> Pack:
    """Return a pack with all that others ask besides; a clock stands only where each of them lets it."""
    if not others:
        return own
    packs = (own, *others)
    pauses = {}
    for stage, rule in own.pauses.items():
        reasons = [
            reason
            for reason in rule.reasons
            if all(stage in pack.pauses and reason in pack.pauses[stage].reasons for pack in others)
        ]
        if reasons:
            pauses[stage] = PauseRule(tuple(reasons), rule.source)
    windows = [pack.follow_up for pack in packs if pack.follow_up is not None]
    return Pack(
        id=own.id,
        version=own.version,
        title_zh=own.title_zh,
        title_en=own.title_en,
        grades=_first_of((rule for pack in packs for rule in pack.grades), lambda rule: rule.grade),
        tiers=_first_of((rule for pack in packs for rule in pack.tiers), lambda rule: rule.tier),
        limits=tuple(limit for pack in packs for limit in pack.limits),
        goals=tuple(goal for pack in packs for goal in pack.goals),
        pauses=pauses,
        warnings=tuple(rule for pack in packs for rule in pack.warnings),
        escalations=tuple(rule for pack in packs for rule in pack.escalations),
        follow_up=windows[0] if windows else None,
    )


def _first_of(rules: Iterable[Entry], name_of: Callable[[Entry], object]) -> tuple[Entry, ...]:
    found: dict[object, Entry] = {}
    for rule in rules:
        found.setdefault(name_of(rule), rule)
    return tuple(found.values())


def _bundled(name: str) -> str:
    return files("dispatch.policies.packs").joinpath(f"{name}.toml").read_text(encoding="utf-8")


# -- entries ------------------------------------------------------------------------------------------------------


def _list(
    reader: DataReader, key: str, top: Mapping[str, Any], read: Callable[[DataReader, str, object], Entry]
) -> tuple[Entry, ...]:
    entries = reader.attempt(lambda: reader.items(key, top.get(key, []))) or []
    found = []
    for path, value in entries:
        entry = reader.attempt(lambda path=path, value=value: read(reader, path, value))  # type: ignore[misc]
        if entry is not None:
            found.append(entry)
    return tuple(found)


def _source(reader: DataReader, path: str, entry: Mapping[str, Any]) -> Source:
    return Source(reader.text(f"{path}.clause", entry["clause"]), reader.word(f"{path}.basis", entry["basis"], BASES))


def _some(
    reader: DataReader, path: str, entry: Mapping[str, Any], key: str, words: Sequence[Entry]
) -> tuple[Entry, ...]:
    return reader.words(f"{path}.{key}", entry[key], words) if key in entry else ()


def _read_limit(reader: DataReader, path: str, value: object) -> Limit:
    to_whom = ("grades", "tiers", "contracts", "channels", "demands")
    wanted = ("stage", "within", "unit", "clause", "basis")
    entry = reader.keys(path, value, wanted, ("bound", "calendar", "or_interim", *to_whom))
    stage = reader.word(f"{path}.stage", entry["stage"], STAGES)
    unit = reader.word(f"{path}.unit", entry["unit"], UNITS)
    usual = "working" if unit == "working_days" else "round_the_clock"
    calendar = reader.word(f"{path}.calendar", entry.get("calendar", usual), CALENDAR_NAMES)
    if unit == "working_days" and calendar != "working":
        reader.fault(f"{path}.calendar", "working, where working days are counted", calendar)
    bound = reader.word(f"{path}.bound", entry.get("bound", "latest"), BOUNDS)
    if bound == "earliest" and stage is not Stage.FOLLOW_UP:
        reader.fault(f"{path}.bound", "latest for every stage but follow_up", bound)
    or_interim = entry.get("or_interim", False)
    if not isinstance(or_interim, bool):
        raise reader.stop(f"{path}.or_interim", "true or false", or_interim)
    if or_interim and stage is not Stage.RESOLVE:
        reader.fault(f"{path}.or_interim", "false for every stage but resolve", or_interim)
    return Limit(
        stage=stage,
        bound=bound,
        within=reader.whole(f"{path}.within", entry["within"], 1, MOST),
        unit=unit,
        calendar=calendar,
        source=_source(reader, path, entry),
        grades=_some(reader, path, entry, "grades", GRADES),
        tiers=_some(reader, path, entry, "tiers", TIERS),
        contracts=_some(reader, path, entry, "contracts", CONTRACTS),
        channels=_some(reader, path, entry, "channels", CHANNELS),
        demands=_some(reader, path, entry, "demands", DEMANDS),
        or_interim=or_interim,
    )


def _read_goal(reader: DataReader, path: str, value: object) -> Goal:
    entry = reader.keys(path, value, ("kind", "stage", "within", "unit", "clause"))
    return Goal(
        kind=reader.word(f"{path}.kind", entry["kind"], GOAL_KINDS),
        stage=reader.word(f"{path}.stage", entry["stage"], STAGES),
        within=reader.whole(f"{path}.within", entry["within"], 1, MOST),
        unit=reader.word(f"{path}.unit", entry["unit"], UNITS),
        clause=reader.text(f"{path}.clause", entry["clause"]),
    )


def _read_grade(reader: DataReader, path: str, value: object) -> GradeRule:
    entry = reader.keys(path, value, ("grade", "means_zh", "means_en", "clause", "basis"))
    return GradeRule(
        grade=reader.word(f"{path}.grade", entry["grade"], GRADES),
        means_zh=reader.text(f"{path}.means_zh", entry["means_zh"]),
        means_en=reader.text(f"{path}.means_en", entry["means_en"]),
        source=_source(reader, path, entry),
    )


def _read_tier(reader: DataReader, path: str, value: object) -> TierRule:
    entry = reader.keys(path, value, ("tier", "from_cny", "above", "clause", "basis"))
    if not isinstance(entry["above"], bool):
        raise reader.stop(f"{path}.above", "true or false", entry["above"])
    return TierRule(
        tier=reader.word(f"{path}.tier", entry["tier"], TIERS),
        from_cny=reader.number(f"{path}.from_cny", entry["from_cny"], decimals=2, most=MOST_CNY),
        above=entry["above"],
        source=_source(reader, path, entry),
    )


def _read_warning(reader: DataReader, path: str, value: object) -> WarningRule:
    entry = reader.keys(path, value, ("colour", "after_percent", "to", "clause", "basis"), ("stages",))
    return WarningRule(
        colour=reader.word(f"{path}.colour", entry["colour"], COLOURS),
        after_percent=reader.whole(f"{path}.after_percent", entry["after_percent"], 1, 99),
        to=reader.word(f"{path}.to", entry["to"], ROLES),
        source=_source(reader, path, entry),
        stages=_some(reader, path, entry, "stages", STAGES),
    )


def _read_escalation(reader: DataReader, path: str, value: object) -> EscalationRule:
    entry = reader.keys(path, value, ("to", "after_min", "clause", "basis"), ("stages", "grades"))
    return EscalationRule(
        to=reader.word(f"{path}.to", entry["to"], ROLES),
        after_min=reader.whole(f"{path}.after_min", entry["after_min"], 0, MOST_MIN),
        source=_source(reader, path, entry),
        stages=_some(reader, path, entry, "stages", STAGES),
        grades=_some(reader, path, entry, "grades", GRADES),
    )


def _read_pauses(reader: DataReader, value: object) -> dict[Stage, PauseRule]:
    listed = reader.attempt(lambda: reader.keys("pauses", value, (), STAGES)) or {}
    found = {}
    for stage in STAGES:
        if stage in listed:
            rule = reader.attempt(lambda stage=stage: _read_pause(reader, f"pauses.{stage}", listed[stage]))  # type: ignore[misc]
            if rule is not None:
                found[stage] = rule
    return found


def _read_pause(reader: DataReader, path: str, value: object) -> PauseRule:
    entry = reader.keys(path, value, ("reasons", "clause", "basis"))
    return PauseRule(reader.words(f"{path}.reasons", entry["reasons"], REASONS), _source(reader, path, entry))


def _read_window(reader: DataReader, value: object) -> Window:
    entry = reader.keys("follow_up", value, ("least_min", "clause", "basis"))
    return Window(
        reader.whole("follow_up.least_min", entry["least_min"], 1, MOST_MIN), _source(reader, "follow_up", entry)
    )


def _read_included(reader: DataReader, value: object, get: Callable[[str], Pack]) -> tuple[Pack, ...]:
    found = []
    for path, name in reader.attempt(lambda: reader.items("includes", value)) or []:
        word = reader.attempt(lambda path=path, name=name: reader.text(path, name))  # type: ignore[misc]
        if word is None:
            continue
        try:
            found.append(get(word))
        except DataError as error:
            reader.fault(path, "a pack that can be read", f"{name}: {error}")
    return tuple(found)


# -- what makes sense ---------------------------------------------------------------------------------------------


def _check_limits(reader: DataReader, limits: Sequence[Limit]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for number, limit in enumerate(limits):
        to_whom = (limit.grades, limit.tiers, limit.contracts, limit.channels, limit.demands)
        key = (limit.stage, limit.bound, limit.source.clause, *to_whom)
        if key in seen:
            reader.fault(f"limits[{number}]", f"another than limits[{seen[key]}] in stage, clause or whom", limit.stage)
        seen.setdefault(key, number)


def _check_tiers(reader: DataReader, tiers: Sequence[TierRule]) -> None:
    ordered = sorted(tiers, key=lambda rule: TIERS.index(rule.tier))
    for better, worse in pairwise(ordered):
        if better.from_cny <= worse.from_cny:
            reader.fault(f"tiers {better.tier}", f"more than {worse.tier}, {worse.from_cny}", str(better.from_cny))


def _check_warnings(reader: DataReader, warnings: Sequence[WarningRule]) -> None:
    for mild, urgent in ((one, other) for one in warnings for other in warnings):
        shared = not mild.stages or not urgent.stages or set(mild.stages) & set(urgent.stages)
        milder = COLOURS.index(mild.colour) < COLOURS.index(urgent.colour)
        if shared and milder and mild.after_percent >= urgent.after_percent:
            expected = f"before {urgent.colour}, {urgent.after_percent}"
            reader.fault(f"warnings {mild.colour} after_percent", expected, mild.after_percent)


def _check_order(reader: DataReader, limits: Sequence[Limit]) -> None:
    """Note where a better tier or a more urgent grade has to wait longer."""
    plain = [
        limit
        for limit in limits
        if limit.bound == "latest" and not limit.contracts and not limit.channels and not limit.demands
    ]
    for stage in STAGES:
        least = {(grade, tier): _least(stage, grade, tier, plain) for grade in GRADES for tier in TIERS}
        pairs = [((grade, better), (grade, worse)) for grade in GRADES for better, worse in pairwise(TIERS)]
        pairs += [((urgent, tier), (calm, tier)) for tier in TIERS for urgent, calm in pairwise(GRADES)]
        for first, second in pairs:
            if least[first] > least[second]:
                got = "none" if least[first] == float("inf") else f"{least[first] / 3600:g} h"
                expected = f"no longer than that of {second[0]} {second[1]}, {least[second] / 3600:g} h"
                reader.fault(f"{stage} of {first[0]} {first[1]}", expected, got)


def _least(stage: Stage, grade: Grade, tier: Tier, limits: Sequence[Limit]) -> float:
    return min(
        (
            limit.nominal_s
            for limit in limits
            if limit.stage is stage
            and (not limit.grades or grade in limit.grades)
            and (not limit.tiers or tier in limit.tiers)
        ),
        default=float("inf"),
    )
