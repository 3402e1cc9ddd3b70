"""The board of a region's day: what is planned, what is in work, and the way to a new plan."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as Answer

from dispatch.domain.job import MOST_SECONDS, Job, JobState
from dispatch.domain.plan import Publication, Revision
from dispatch.domain.region import Region
from dispatch.planning.notes import TRAVEL_ESTIMATED
from dispatch.services.day_board import DayBoard
from dispatch.services.edit_records import make_id
from dispatch.services.jobs import cancel_job, is_left_alone, plan_day
from dispatch.services.live_day import read_live_day, watch_day
from dispatch.storage.store import Reading
from web.board.data import Json
from web.board.pages import get_lang
from web.board.texts import make_texts
from web.board.ways import describe_ways
from web.desk.board import make_live_board
from web.desk.forms import read_whole
from web.desk.words import name_job_state, name_person
from web.service.layout import get_looking
from web.service.parts import get_parts
from web.who import who

day = Blueprint("day", __name__)

USUAL_SECONDS = 10


@day.get("/board")
def page() -> str:
    """Show the newest plan of the day that is not published, else the one in force, else the open tickets."""
    looking = get_looking()
    if looking.region is None:
        return render_template("desk/no_region.html")
    parts, lang = get_parts(), get_lang()
    now = parts.clock()
    with parts.store.reading() as unit:
        live = read_live_day(
            unit, looking.region.id, looking.day, now=now, revision_id=request.args.get("revision") or None
        )
        job = _tell_job(unit, live.day.job, looking.region, now)
    return render_template(
        "desk/board.html",
        live=live,
        board=make_live_board(live, lang=lang, now=now),
        texts=make_texts() | make_desk_texts(),
        state=describe(live.day, live.shown),
        job=job,
        mark=mark_of(live.day.job, live.shown.id if live.shown else None, live.in_force),
        key=make_id(),
        seconds=USUAL_SECONDS,
        most_seconds=MOST_SECONDS,
        notes=[note.say(lang) for note in live.notes if note.code != TRAVEL_ESTIMATED.code or parts.ways is None],
        spot={"region": looking.region.id, "day": looking.day.isoformat()},
        knows_ways=parts.ways is not None,
    )


@day.get("/board/ways.json")
def ways() -> Response:
    """Tell an open board the ways of the routes that it shows; each is looked for once, whoever asks."""
    looking, parts, lang = get_looking(), get_parts(), get_lang()
    if looking.region is None or parts.ways is None:
        return jsonify(ways=[], trouble="")
    now = parts.clock()
    with parts.store.reading() as unit:
        live = read_live_day(
            unit, looking.region.id, looking.day, now=now, revision_id=request.args.get("revision") or None
        )
    board = make_live_board(live, lang=lang, now=now)
    return jsonify(describe_ways(board, parts.ways, lang))


@day.get("/board/watch.json")
def watch() -> Response:
    """Tell an open board how far planning is, and whether it shows what there is now."""
    looking = get_looking()
    parts = get_parts()
    if looking.region is None:
        return jsonify(job=None, mark="")
    with parts.store.reading() as unit:
        seen = watch_day(unit, looking.region.id, looking.day)
        job = _tell_job(unit, seen.job, looking.region, parts.clock())
    return jsonify(job=job, mark=_mark(seen.job, seen.shown_id, seen.number))


@day.post("/board/plan")
def plan() -> Answer:
    """Ask for the day to be planned; while it is being planned already, that is shown instead."""
    looking = get_looking()
    parts = get_parts()
    region_id = looking.region.id if looking.region else ""
    seconds = read_whole("seconds", 1, MOST_SECONDS, gettext("Seconds"))
    with parts.store.writing() as unit:
        key = request.form.get("key") or make_id()
        plan_day(unit, region_id, looking.day, seconds=seconds, by=who().id, key=key, now=parts.clock())
    return redirect(url_for("day.page", region=region_id, day=looking.day), 303)


@day.post("/board/jobs/<id>/cancel")
def cancel(id: str) -> Answer:  # noqa: A002 - as addresses have it
    """Ask for planning to stop."""
    parts = get_parts()
    with parts.store.writing() as unit:
        job = cancel_job(unit, id, by=who().id, now=parts.clock())
    return redirect(url_for("day.page", region=job.region_id, day=job.day), 303)


def describe(board: DayBoard, shown: Revision | None) -> Json:
    """Say which plan is shown: its kind, and a sentence."""
    force, region = board.snapshot.publication, board.snapshot.region
    told: Json = {"kind": "none", "text": gettext("This day has no plan yet."), "number": force.number if force else 0}
    if shown is None:
        return told
    made = {"time": clock_of(shown.made_at, region), "by": name_person(shown.made_by)}
    if force is not None and force.revision_id == shown.id:
        facts = {"number": force.number, "time": clock_of(force.published_at, region)}
        facts["by"] = name_person(force.published_by)
        text = gettext("Plan %(number)s is in force, published %(time)s by %(by)s.", **facts)
        return told | {"kind": "in_force", "text": text}
    base = force.number if force else 0
    lines = {line.id: line.number for line in board.revisions}
    number = lines.get(shown.id)
    if number is not None:
        text = gettext("This is plan %(number)s, which another has replaced.", number=number)
        return told | {"kind": "old", "text": text}
    if shown.base_number != base:
        text = gettext("A plan made %(time)s by %(by)s, on top of one that another has replaced.", **made)
        return told | {"kind": "overtaken", "text": text}
    if shown.job_id is None:
        text = gettext("Changed by hand %(time)s by %(by)s, not published.", **made)
        return told | {"kind": "by_hand", "text": text}
    return told | {"kind": "draft", "text": gettext("Planned %(time)s for %(by)s, not published.", **made)}


def _tell_job(unit: Reading, job: Job | None, region: Region, now: datetime) -> Json | None:
    """Describe the last job of a day while it matters: in work, failed or cancelled."""
    if job is None or job.state is JobState.DONE:
        return None
    told = _describe_job(job, region, now)
    if is_left_alone(unit, job, now):
        told["state"] = "alone"
        told["title"] = gettext("Nobody works on plans at the moment")
        told["lines"] = [
            gettext("this job waits and is planned as soon as a worker runs"),
            gettext("begin “paidan serve” anew, or “paidan worker” beside it: the terminal says why it ended"),
        ]
    return told


def _describe_job(job: Job, region: Region, now: datetime) -> Json:
    """Describe how far a job is."""
    elapsed_s = 0 if job.started_at is None else min(job.seconds, max(0, round((now - job.started_at).total_seconds())))
    lines = []
    if job.state in {JobState.RUNNING, JobState.CANCELLING}:
        lines.append(gettext("%(done)s of %(all)s s", done=elapsed_s, all=job.seconds))
        if job.best_cny is not None:
            lines.append(gettext("best cost ¥ %(cost)s", cost=f"{job.best_cny:,.2f}"))
            lines.append(gettext("%(planned)s planned, %(skipped)s left out", planned=job.planned, skipped=job.skipped))
        else:
            lines.append(gettext("no plan found yet"))
    elif job.state is JobState.FAILED:
        lines += [job.explain_failure(get_lang()) or "", gettext("The old plan stands.")]
    elif job.state is JobState.CANCELLED:
        lines.append(gettext("The old plan stands."))
    at = job.ended_at or job.started_at or job.created_at
    return {
        "id": job.id,
        "state": job.state.value,
        "in_work": not job.has_ended,
        "title": name_job_state(job),
        "by": gettext("asked for by %(by)s, %(time)s", by=name_person(job.made_by), time=clock_of(at, region)),
        "lines": lines,
        "elapsed_s": elapsed_s,
        "seconds": job.seconds,
        "cancel": url_for("day.cancel", id=job.id)
        if not job.has_ended and job.state is not JobState.CANCELLING
        else "",
    }


def mark_of(job: Job | None, shown_id: str | None, force: Publication | None) -> str:
    """Return what changes when an open board is no longer what there is."""
    return _mark(job, shown_id, force.number if force else 0)


def _mark(job: Job | None, shown_id: str | None, number: int) -> str:
    ended = "" if job is None or not job.has_ended else f"{job.id}.{job.state}"
    return f"{shown_id}/{number}/{ended}"


def clock_of(moment: datetime, region: Region) -> str:
    """Return hours and minutes as a region's clocks have them."""
    return f"{moment.astimezone(ZoneInfo(region.zone)):%H:%M}"


def make_desk_texts() -> dict[str, str]:
    """Return what the desk's own script shows."""
    return {
        "desk.move": gettext("Move …"),
        "desk.plan_in": gettext("Give to an engineer …"),
        "desk.take_out": gettext("Take out …"),
        "desk.unpin": gettext("Unpin …"),
        "desk.pinned": gettext("Pinned by hand: planning anew leaves it with this engineer."),
        "desk.edit": gettext("Edit ticket"),
        "desk.help": gettext("What would help?"),
        "desk.why": gettext("Why like this?"),
        "desk.explain.wait": gettext("Looking at every place …"),
        "desk.explain.failed": gettext(
            "That cannot be told in this plan: a route is timed or supplied in a way that the search does not plan."
        ),
        "desk.ways": gettext("Each of these alone would do"),
        "desk.ways.help": gettext("Each was planned into this plan and judged; the other visits stay in their order."),
        "desk.ways.none": gettext("No single change was found that would do."),
        "desk.ways.when": gettext("Then: {when}"),
        "desk.ways.left_out": gettext("Leaves out {who}"),
        "desk.ways.moved": gettext("Other times for {who}"),
        "desk.ways.cost": gettext("{cost} on the whole"),
        "desk.next": gettext("The next best"),
        "desk.next.none": gettext("Nobody else could come beside the visits planned."),
        "desk.stand": gettext("Engineer by engineer"),
        "desk.stand.could": gettext("Could:"),
        "desk.stand.full": gettext("Full:"),
        "desk.stand.barred": gettext("Cannot:"),
        "desk.stand.others": gettext("{n} more are not told one by one"),
        "desk.pin": gettext("Where it is"),
        "desk.pin.help": gettext("Drag the pin on the map, or type the coordinates (WGS-84)."),
        "desk.lat": gettext("Latitude"),
        "desk.lon": gettext("Longitude"),
        "desk.pin.keep": gettext("Keep this place"),
        "desk.pin.name": gettext("Pin of %(ticket)s", ticket="{ticket}"),
    }
