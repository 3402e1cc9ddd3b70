"""Make a realistic request of one city: appliance repair in Hangzhou, any number of engineers, tickets and days.

For demonstrations, tests and first steps. People and tickets are invented; districts are real. The same arguments
give the same request on every machine. Grades, tiers and their limits follow the service standards that the product
implements (arrival and resolution within hours by grade, shorter for better customers); prices are plausible CNY.

What a request holds: skills with levels, certificates that lapse, service and speed factors, lunch breaks, absences,
overtime, early and late shifts, rest days, appointments (some with an alternative), releases, arrival and resolution
deadlines, skip costs by grade and tier, set-up times, familiar and refused engineers, prices and bans for pairs, and
rush hours. Spare parts, tools, crews, linked tickets and plans in force are not in it.
"""

# ruff: noqa: PLR2004, S311 - the shares of an invented world stand where they are drawn, and no secret is drawn

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from random import Random

from dispatch.example_data.hangzhou import DISTRICTS, E_BIKE_DISTRICTS, GIVEN_NAMES, SURNAMES, District
from dispatch.format.model import (
    Break,
    Deadline,
    Engineer,
    GreatCircle,
    Interval,
    Location,
    Pair,
    Peak,
    Request,
    Shift,
    Ticket,
)

BEIJING = timezone(timedelta(hours=8))
FIRST_DAY = datetime(2026, 11, 23, tzinfo=BEIJING)
"""Monday, midnight, on which every example begins."""
NOW = FIRST_DAY + timedelta(hours=8)
MAX_DAYS = 14
LEADS_FROM = 8
"""A team of this size has an expert for each product family."""

KM_PER_DEGREE = 111.195
"""One degree of latitude, for a sphere of 6 371 008.8 m."""


@dataclass(frozen=True, slots=True)
class Grade:
    """How urgent: shares are per cent of all tickets, limits in hours from the report, prices in CNY.

    ``appointments`` is the share of tickets, in per cent, whose customer has a time window.
    """

    prefix: str
    name: str
    share: int
    skip_cost: int
    arrive_h: int
    resolve_h: int
    late_cost: int
    late_cost_per_h: int
    reported_up_to_h: int
    appointments: int


GRADES = (
    Grade("TJ", "特急", 3, 3000, 2, 8, 300, 200, 1, 0),
    Grade("JJ", "紧急", 12, 1200, 4, 24, 120, 80, 3, 15),
    Grade("ZY", "重要", 30, 500, 24, 72, 60, 20, 22, 55),
    Grade("YB", "一般", 55, 220, 48, 120, 20, 5, 40, 75),
)


@dataclass(frozen=True, slots=True)
class Tier:
    """How good a customer: ``skip_factor`` multiplies skip costs and late costs, ``limit_factor`` the limits."""

    name: str
    share: int
    skip_factor: Decimal
    limit_factor: Decimal


TIERS = (
    Tier("diamond", 4, Decimal(2), Decimal("0.5")),
    Tier("gold", 16, Decimal("1.5"), Decimal("0.75")),
    Tier("silver", 80, Decimal(1), Decimal(1)),
)


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of visit: minutes on site from ``least_min`` to ``most_min``, and the certificate it may ask for."""

    share: int
    least_min: int
    most_min: int
    certificate: str | None = None


FAMILIES: dict[str, tuple[int, tuple[Job, ...]]] = {
    "空调": (34, (Job(55, 30, 70), Job(25, 60, 100, "高处作业证"), Job(20, 30, 50))),
    "冰箱": (24, (Job(75, 30, 60), Job(25, 20, 40))),
    "洗衣机": (24, (Job(65, 25, 60), Job(35, 20, 35))),
    "热水器": (18, (Job(60, 30, 60), Job(40, 40, 75, "低压电工证"))),
}
"""Product family → (share of tickets in per cent, its kinds of visit)."""

CERTIFICATES = ("高处作业证", "低压电工证")

PEAKS = (
    Peak(time(7, 30), time(9, 0), Decimal("1.4"), (1, 2, 3, 4, 5)),
    Peak(time(17, 0), time(18, 30), Decimal("1.5"), (1, 2, 3, 4, 5)),
)

VEHICLES = ((Decimal("1.0"), 55), (Decimal("1.15"), 30), (Decimal("1.3"), 15))
"""Speed factor of car, e-bike and truck, with their shares in per cent."""

SLOTS = (
    (time(8, 30), time(10, 30)),
    (time(9, 0), time(12, 0)),
    (time(10, 0), time(12, 0)),
    (time(13, 0), time(15, 0)),
    (time(13, 0), time(17, 0)),
    (time(14, 0), time(16, 0)),
    (time(15, 30), time(17, 30)),
    (time(17, 30), time(19, 0)),
)
"""Appointments that the call centre offers; each is as likely as any other."""

ABSENCES = ((time(8, 30), time(10, 30)), (time(14, 0), time(16, 0)), (time(15, 30), time(19, 30)))
"""Doctor in the morning, training in the afternoon, gone home early: never over lunch."""


def make_request(engineers: int = 30, tickets: int = 240, days: int = 1, seed: int = 0) -> Request:
    """Make a realistic request of one city.

    Parameters
    ----------
    engineers, tickets
        How many; at least 1 and at least 0. Eight tickets for each shift are somewhat more work than fits
        comfortably.
    days
        Length of the horizon, 1 to 14, from Monday 2026-11-23 on. From three days on every engineer has two
        successive rest days a week, so that there are five shifts for seven days.
    seed
        Another seed is another city day; the same arguments give an equal request.

    Raises
    ------
    ValueError
        When a number is out of its range.

    Examples
    --------
    >>> request = make_request(engineers=2, tickets=3)
    >>> len(request.engineers), len(request.tickets), request.now.isoformat()
    (2, 3, '2026-11-23T08:00:00+08:00')
    """
    for name, value, least, most in (
        ("engineers", engineers, 1, None),
        ("tickets", tickets, 0, None),
        ("days", days, 1, MAX_DAYS),
    ):
        if value < least or (most is not None and value > most):
            limit = f"≥ {least}" if most is None else f"from {least} to {most}"
            message = f"{name} must be {limit}, got {value}"
            raise ValueError(message)
    rng = Random(seed)
    homes, staff = _make_engineers(rng, engineers, days)
    sites, work = _make_tickets(rng, tickets, days, staff)
    return Request(
        now=NOW,
        locations=(*homes, *sites),
        travel=GreatCircle(detour=Decimal("1.3"), speed_kmh=Decimal(28), peaks=PEAKS),
        engineers=staff,
        tickets=work,
    )


def _at(day: int, clock: time) -> datetime:
    """Return the moment of ``clock`` on the ``day``-th day, counted from 0."""
    return FIRST_DAY + timedelta(days=day, hours=clock.hour, minutes=clock.minute)


def _make_place(rng: Random, location_id: str, district: District) -> Location:
    north_km, east_km = rng.gauss(0, district.spread_km), rng.gauss(0, district.spread_km)
    lat_deg = district.lat_deg + north_km / KM_PER_DEGREE
    lon_deg = district.lon_deg + east_km / (KM_PER_DEGREE * math.cos(math.radians(district.lat_deg)))
    return Location(location_id, round(lat_deg, 6), round(lon_deg, 6))


def _pick_district(rng: Random) -> District:
    return rng.choices(DISTRICTS, [district.residents for district in DISTRICTS])[0]


def _make_engineers(rng: Random, count: int, days: int) -> tuple[tuple[Location, ...], tuple[Engineer, ...]]:
    width = max(3, len(str(count)))
    homes = []
    staff = []
    for row in range(count):
        number = f"{row + 1:0{width}d}"
        district = _pick_district(rng)
        home = _make_place(rng, f"H{number}", district)
        homes.append(home)
        skills = _make_skills(rng, row, count)
        best = max(skills.values())
        speed = rng.choices([factor for factor, _ in VEHICLES], [share for _, share in VEHICLES])[0]
        if speed == VEHICLES[1][0] and district.name not in E_BIKE_DISTRICTS:
            speed = VEHICLES[0][0]
        staff.append(
            Engineer(
                id=f"E{number}",
                name=rng.choice(SURNAMES) + rng.choice(GIVEN_NAMES),
                skills=skills,
                skills_until=_make_lapses(rng, skills, days),
                service_factor=_make_service_factor(rng, skills),
                speed_factor=speed,
                shifts=_make_shifts(rng, row, home.id, days, learner=best <= 2),
            )
        )
    return tuple(homes), tuple(staff)


def _make_skills(rng: Random, row: int, count: int) -> dict[str, int]:
    """Draw an engineer's families and certificates so that little is impossible.

    A small team knows all families; in a larger one the first of each family is an expert with its certificate.
    """
    families = list(FAMILIES)
    main = families[row % len(families)]
    if count < len(families):
        known = families
    else:
        others = [family for family in families if family != main]
        known = [main, *rng.sample(others, rng.choices((0, 1, 2), (20, 55, 25))[0])]
    skills = {}
    leads = count >= LEADS_FROM and row < len(families)
    for family in known:
        level = rng.choices((1, 2, 3, 4), (12, 40, 34, 14) if family == main else (30, 50, 17, 3))[0]
        skills[family] = 4 if leads and family == main else level
    for certificate, family in zip(CERTIFICATES, ("空调", "热水器"), strict=True):
        if family in skills and (rng.random() < 0.75 or leads):
            skills[certificate] = 1
    return skills


def _make_lapses(rng: Random, skills: dict[str, int], days: int) -> dict[str, datetime]:
    """Let some certificates end within the horizon, some after it."""
    lapses = {}
    for certificate in CERTIFICATES:
        if certificate in skills and rng.random() < 0.3:
            day = rng.randrange(days) if rng.random() < 0.5 else days + rng.randrange(300)
            lapses[certificate] = _at(day, rng.choice((time(12), time(15), time(18))))
    return lapses


def _make_service_factor(rng: Random, skills: dict[str, int]) -> Decimal | dict[str, Decimal]:
    """Make juniors slow and experts quick; one in five is timed for each family apart."""
    usual = {1: Decimal("1.2"), 2: Decimal("1.0"), 3: Decimal("0.95"), 4: Decimal("0.9")}
    families = [family for family in FAMILIES if family in skills]
    if rng.random() < 0.2:
        return {family: usual[skills[family]] for family in families}
    return usual[max(skills[family] for family in families)]


def _make_shifts(rng: Random, row: int, home: str, days: int, *, learner: bool) -> tuple[Shift, ...]:
    late = rng.random() < 0.15
    starts, ends = (time(10, 30), time(19, 30)) if late else (time(8, 30), time(17, 30))
    returns = rng.random() < 0.6
    overtime_s = rng.choice((0, 3600, 5400, 7200))
    rest = {row * 2 % 7, (row * 2 + 1) % 7} if days > 2 else set()
    shifts = []
    for day in range(days):
        absent = rng.random() < 0.08
        absence_from, absence_to = rng.choice(ABSENCES)
        if day % 7 in rest:
            continue
        lunch = Break(_at(day, time(11, 30)), _at(day, time(13)), 2700)
        shifts.append(
            Shift(
                id=f"{(FIRST_DAY + timedelta(days=day)):%Y-%m-%d}",
                start=_at(day, starts),
                end=_at(day, ends),
                start_location=home,
                end_location=home if returns else None,
                overtime_s=overtime_s,
                max_visits=7 if learner else None,
                breaks=(lunch,),
                absences=((_at(day, absence_from), _at(day, absence_to)),) if absent else (),
            )
        )
    return tuple(shifts)


def _make_tickets(
    rng: Random, count: int, days: int, staff: tuple[Engineer, ...]
) -> tuple[tuple[Location, ...], tuple[Ticket, ...]]:
    width = max(4, len(str(count)))
    sites: list[Location] = []
    tickets = []
    numbers = dict.fromkeys((grade.prefix for grade in GRADES), 0)
    team = _Team(staff)
    for _ in range(count):
        if sites and rng.random() < 0.1:
            site = rng.choice(sites)
        else:
            site = _make_place(rng, f"L{len(sites) + 1:0{width}d}", _pick_district(rng))
            sites.append(site)
        grade = rng.choices(GRADES, [grade.share for grade in GRADES])[0]
        numbers[grade.prefix] += 1
        ticket_id = f"{grade.prefix}-{numbers[grade.prefix]:0{width}d}"
        tickets.append(_make_ticket(rng, ticket_id, site.id, grade, days, team))
    return tuple(sites), tuple(tickets)


class _Team:
    """Who could do a work, remembered for each set of requirements."""

    def __init__(self, staff: tuple[Engineer, ...]) -> None:
        self._staff = staff
        self._able: dict[tuple[tuple[str, int], ...], list[str]] = {}

    def list_able(self, requires: dict[str, int]) -> list[str]:
        """Return the ids of all who have the skills at the levels asked for."""
        asked = tuple(requires.items())
        if asked not in self._able:
            self._able[asked] = [
                engineer.id
                for engineer in self._staff
                if all(engineer.skills.get(skill, 0) >= level for skill, level in asked)
            ]
        return self._able[asked]


def _make_ticket(rng: Random, ticket_id: str, site: str, grade: Grade, days: int, team: _Team) -> Ticket:
    tier = rng.choices(TIERS, [tier.share for tier in TIERS])[0]
    family = rng.choices(list(FAMILIES), [share for share, _ in FAMILIES.values()])[0]
    jobs = FAMILIES[family][1]
    job = rng.choices(jobs, [job.share for job in jobs])[0]
    duration_s = 300 * rng.randint(job.least_min // 5, job.most_min // 5)
    requires = {family: rng.choices((1, 2, 3, 4), (40, 42, 15, 3))[0]}
    if job.certificate is not None:
        requires[job.certificate] = 1
    windows = _make_windows(rng, grade, days)
    release = None
    if not windows and grade.prefix in ("ZY", "YB") and rng.random() < 0.3:
        release = _at(rng.randrange(days), rng.choice((time(9), time(10, 30), time(13), time(14, 30))))
    arrive, resolve = _make_deadlines(rng, grade, tier, max((to for _, to in windows), default=release))
    only, never, prefer, pairs = _make_wishes(rng, tier, team.list_able(requires))
    return Ticket(
        id=ticket_id,
        location=site,
        duration_s=duration_s,
        setup_s=rng.choice((0, 180, 300, 480)),
        requires=requires,
        skip_cost=Decimal(grade.skip_cost) * tier.skip_factor,
        windows=windows,
        release=release,
        arrive=arrive,
        resolve=resolve,
        only=only,
        never=never,
        prefer=prefer,
        pairs=pairs,
    )


def _make_windows(rng: Random, grade: Grade, days: int) -> tuple[Interval, ...]:
    """Draw an appointment, with an alternative for one customer in four; no windows for the others."""
    if rng.randrange(100) >= grade.appointments:
        return ()
    choices = 2 if rng.random() < 0.25 else 1
    windows: list[Interval] = []
    for _ in range(choices):
        day = rng.randrange(days)
        opens, closes = rng.choice(SLOTS)
        window = (_at(day, opens), _at(day, closes))
        if all(window[1] < other[0] or window[0] > other[1] for other in windows):
            windows.append(window)
    return tuple(sorted(windows))


def _make_deadlines(rng: Random, grade: Grade, tier: Tier, agreed: datetime | None) -> tuple[Deadline | None, Deadline]:
    """Count the limits from a report before ``NOW``; a customer's later appointment or release moves both."""
    reported = NOW - timedelta(minutes=rng.randint(5, 60 * grade.reported_up_to_h))
    arrive_by = reported + timedelta(minutes=int(60 * grade.arrive_h * tier.limit_factor))
    resolve_by = reported + timedelta(minutes=int(60 * grade.resolve_h * tier.limit_factor))
    if agreed is not None:
        arrive_by = max(arrive_by, agreed)
        resolve_by = max(resolve_by, agreed + timedelta(hours=4))
    cost = grade.late_cost * tier.skip_factor
    per_h = grade.late_cost_per_h * tier.skip_factor
    arrive = Deadline(arrive_by, cost, per_h)
    return (arrive if grade.prefix != "YB" else None), Deadline(resolve_by, cost, per_h)


Wishes = tuple[tuple[str, ...] | None, tuple[str, ...], tuple[str, ...], tuple[Pair, ...]]


def _make_wishes(rng: Random, tier: Tier, able: list[str]) -> Wishes:
    """Draw ``only``, ``never``, ``prefer`` and ``pairs`` for a few tickets, among engineers who could do the work."""
    draw = rng.random()
    if len(able) < 2 or draw >= 0.16:
        return None, (), (), ()
    first, second = rng.sample(able, 2)
    if draw < 0.08:
        return None, (), (first,), ()
    if draw < 0.11:
        return None, (first,), (), ()
    if draw < 0.12 and tier.name != "silver":
        return tuple(sorted((first, second))), (), (), ()
    if draw < 0.14:
        return None, (), (), (Pair(first, cost=Decimal(30), code="dialect"),)
    return None, (), (), (Pair(first, cost=Decimal(15), code="repeat"), Pair(second, forbid=True, code="conflict"))
