"""What a plan changes against the one in force, and publishing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from flask import Blueprint, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from dispatch.domain.errors import DispatchError, PlanOutdated, PlanOvertaken
from dispatch.domain.plan import Publication, Revision
from dispatch.rulebook.line import Language
from dispatch.services.compare_plans import Comparison, Moved, compare_plans
from dispatch.services.edit_records import make_id
from dispatch.services.live_day import LiveDay, read_live_day
from dispatch.services.publish_plan import publish_plan
from dispatch.storage.store import Reading
from web.board.data import Json
from web.board.pages import get_lang
from web.board.texts import make_texts
from web.desk.board import make_live_board, tell_record
from web.desk.day import USUAL_SECONDS, clock_of
from web.desk.words import name_person
from web.service.parts import get_parts
from web.who import who

changes = Blueprint("changes", __name__)


@changes.get("/board/changes/<id>")
def page(id: str) -> str:  # noqa: A002 - as addresses have it
    """Show what publishing a plan would change."""
    with get_parts().store.reading() as unit:
        return show(unit, id)


@changes.post("/board/publish/<id>")
def publish(id: str) -> Response | tuple[str, int]:  # noqa: A002 - the same
    """Publish a plan; if somebody was faster or tickets have moved on, say what happened and what to do."""
    parts = get_parts()
    try:
        with parts.store.writing() as unit:
            revision = unit.get_revision(id)
            publish_plan(unit, id, by=who().id, at=parts.clock())
    except (PlanOvertaken, PlanOutdated) as refused:
        with parts.store.reading() as unit:
            return show(unit, id, refused), 409
    return redirect(url_for("day.page", region=revision.region_id, day=revision.day), 303)


def show(unit: Reading, revision_id: str, refused: DispatchError | None = None) -> str:
    """Render the comparison."""
    parts, lang = get_parts(), get_lang()
    now = parts.clock()
    revision = unit.get_revision(revision_id)
    live = read_live_day(unit, revision.region_id, revision.day, now=now, revision_id=revision_id)
    compared = compare_plans(unit, revision_id)
    labels = _Labels(live, make_live_board(live, lang=lang, now=now))
    force = live.in_force
    published = next((one for one in live.day.publications if one.revision_id == revision_id), None)
    return render_template(
        "desk/changes.html",
        revision=revision,
        force=force,
        published=published,
        can_publish=published is None and revision.base_number == (force.number if force else 0),
        refused=None if refused is None else _tell_refusal(refused, live, force, lang),
        sides=_sides(compared),
        covers=_tell_cover(compared),
        groups=_groups(compared, labels, lang),
        spot={"region": revision.region_id, "day": revision.day.isoformat()},
        made=clock_of(revision.made_at, live.day.snapshot.region),
        made_by=name_person(revision.made_by),
        key=make_id(),
        seconds=USUAL_SECONDS,
        own_number=revision_number(live, revision),
    )


def revision_number(live: LiveDay, revision: Revision) -> int | None:
    """Return a revision's number if it was published."""
    return {line.id: line.number for line in live.day.revisions}.get(revision.id)


def _tell_refusal(refused: DispatchError, live: LiveDay, force: Publication | None, lang: str) -> Json:
    """Say why publishing was refused, who was faster, and what can be done."""
    told = {"what": refused.say(lang), "hint": refused.advise(lang), "who": ""}
    if isinstance(refused, PlanOvertaken) and force is not None:
        told["who"] = gettext(
            "%(by)s published plan %(number)s at %(time)s.",
            by=name_person(force.published_by),
            number=force.number,
            time=clock_of(force.published_at, live.day.snapshot.region),
        )
    return told


class _Labels:
    """What people call tickets and engineers."""

    def __init__(self, live: LiveDay, board: Json) -> None:
        self._live = live
        self._tickets = board["tickets"]
        self._records = {record.id: record for record in live.day.snapshot.tickets}
        self._names = {engineer.id: engineer.name for engineer in live.day.snapshot.engineers}
        self._region = live.day.snapshot.region
        self._visits = {visit.ticket_id: visit for visit in live.shown.visits} if live.shown else {}

    def ticket(self, id: str) -> Json:  # noqa: A002 - the field is called so
        """Return number, label and grade of a ticket."""
        about = self._tickets.get(id, {})
        if not about and id in self._records:
            about = tell_record(self._live, self._records[id])
        return {"id": id, "label": about.get("label", id), "grade": about.get("grade", "plain")}

    def list_why_absent(self, ids: Iterable[str], lang: Language) -> list[str]:
        """Say why tickets are not even left out by the plan: it does not know them, for planning does not take them."""
        absent = {id_ for id_ in ids if id_ not in self._tickets}
        told = [(note, absent.intersection(note.tickets)) for note in self._live.notes]
        return [replace(note, params={**note.params, "count": len(of)}).say(lang) for note, of in told if of]

    def engineer(self, id: str) -> str:  # noqa: A002 - the same
        """Return an engineer's name."""
        return self._names.get(id, id)

    def added(self, id: str) -> Json:  # noqa: A002 - the same
        """Describe a ticket that comes in."""
        visit = self._visits[id]
        return {
            **self.ticket(id),
            "now": f"{self.engineer(visit.engineer_id)} {clock_of(visit.begin_at, self._region)}",
        }

    def moved(self, move: Moved, *, named: bool) -> Json:
        """Describe a visit that moves; to another engineer when ``named``."""
        was, now = clock_of(move.was_at, self._region), clock_of(move.at, self._region)
        if named:
            was, now = f"{self.engineer(move.was_engineer)} {was}", f"{self.engineer(move.engineer)} {now}"
        else:
            now = f"{now} {self.engineer(move.engineer)}"
        return {**self.ticket(move.ticket_id), "was": was, "now": now}


def _groups(compared: Comparison, labels: _Labels, lang: Language) -> list[Json]:
    """Return what changes, kind by kind."""
    return [
        {"code": "added", "title": gettext("Added"), "rows": [labels.added(id_) for id_ in compared.added]},
        {
            "code": "dropped",
            "title": gettext("Dropped"),
            "rows": [labels.ticket(id_) for id_ in compared.dropped],
            "notes": labels.list_why_absent(compared.dropped, lang),
        },
        {
            "code": "reassigned",
            "title": gettext("To another engineer"),
            "rows": [labels.moved(move, named=True) for move in compared.reassigned],
        },
        {
            "code": "retimed",
            "title": gettext("At another time"),
            "rows": [labels.moved(move, named=False) for move in compared.retimed],
        },
    ]


def _sides(compared: Comparison) -> list[Json]:
    """Return the figures of both plans side by side: name, before, after."""
    texts = make_texts()
    before, after = compared.before, compared.after
    rows: list[Json] = [
        {"name": gettext("Visits"), "was": None if before is None else before.n_visits, "now": after.n_visits},
        _figure(gettext("Unplanned"), compared, "skipped"),
        _figure(gettext("Late"), compared, "late"),
        _amount(gettext("Cost"), None if before is None else before.total_cny, after.total_cny, is_sum=True),
    ]
    visits, *others = rows
    terms = {**({} if before is None else before.terms_cny), **after.terms_cny}
    for term in terms:
        was, now = None if before is None else before.terms_cny.get(term, Decimal(0)), after.terms_cny.get(term)
        if was or now:
            others.append(_amount(texts.get(f"term.{term}", term), was, now or Decimal(0)))
    if not compared.is_alike:
        others = [{**row, "delta": None} for row in others]
    return [visits, *others]


def _tell_cover(compared: Comparison) -> str | None:
    """Say of which part of the day the figures are; None: of the whole day."""
    if compared.is_whole_day or compared.before is None:
        return None
    if compared.is_alike:
        told: str = gettext(
            "Visits are of the whole day. Cost and the other figures are of the rest of it: %(count)s visits were done or under "
            "way already, the same in both plans.",
            count=compared.after.n_carried,
        )
    else:
        told = gettext(
            "Visits are of the whole day. Cost and the other figures are of what each plan still had to do when it was made: "
            "%(was)s visits of the plan in force were done or under way by then, %(now)s of this one. They are of different parts "
            "of the day, so no difference is shown.",
            was=compared.before.n_carried,
            now=compared.after.n_carried,
        )
    return told


def _figure(name: str, compared: Comparison, key: str) -> Json:
    """Return a count of both plans."""
    return {
        "name": name,
        "was": None if compared.before is None else compared.before.figures.get(key),
        "now": compared.after.figures.get(key),
    }


def _amount(name: str, was: Decimal | None, now: Decimal, *, is_sum: bool = False) -> Json:
    """Return an amount of both plans."""
    return {
        "name": name,
        "was": None if was is None else f"¥ {was:,.2f}",
        "now": f"¥ {now:,.2f}",
        "delta": None if was is None else f"{now - was:+,.2f}" if now != was else "0",
        "is_sum": is_sum,
    }
