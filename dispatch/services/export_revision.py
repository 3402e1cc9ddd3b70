"""Export a revision: the request and the plan as they were kept, which ``paidan check`` reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from dispatch.storage.store import Reading


@dataclass(frozen=True, slots=True)
class Exported:
    """Two documents of planning format 1, and names for their files.

    Visits that were done or under way when the plan was made are in neither: they are history, which the format leaves out.
    """

    request_name: str
    plan_name: str
    request_json: str = field(repr=False)
    plan_json: str = field(repr=False)


def export_revision(unit: Reading, revision_id: str) -> Exported:
    """Export a revision, published or not.

    Raises
    ------
    NotFound
        There is no such revision.
    """
    revision = unit.get_revision(revision_id)
    stem = f"{_plain(revision.region_id)}-{revision.day.isoformat()}-{_plain(revision.id)}"
    return Exported(f"{stem}.request.json", f"{stem}.plan.json", revision.request_json, revision.plan_json)


def _plain(text: str) -> str:
    """Return an id as part of a file's name: letters and digits of any script, the rest as ``_``.

    Examples
    --------
    >>> _plain("杭州/西湖 1")
    '杭州_西湖_1'
    """
    return "".join(char if char.isalnum() or char in "-_" else "_" for char in text)
