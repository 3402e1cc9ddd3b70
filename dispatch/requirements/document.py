"""The requirements as a document: a table for each group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dispatch.requirements.read import STATES, Requirement

HEAD: Final = """\
# Requirements 服务标准逐条对照

What the service documents 000 to 004 ask, a rule a row, in our own words, and how far this project is with it. Made from
[`rows.toml`](../dispatch/requirements/rows.toml) by `python -m dispatch.requirements`; edit there.

- **built** 已实现: the code or data that keeps it, at the paths named
- **later** 待实现: what it still needs
- **outside** 不在范围: why it is no part of this
"""

GROUPS: Final[Mapping[str, str]] = {
    "IN": "Intake and channels 受理与渠道",
    "GR": "Grades 定级",
    "SL": "Limits and tiers 时限与客户等级",
    "DP": "Dispatch and responsibility 派单与责任",
    "PT": "Spare parts 备件",
    "KP": "Key figures and warnings 指标与预警",
    "FU": "Follow-up 回访",
    "AR": "Archive 归档",
    "PR": "Privacy 隐私",
    "KB": "Knowledge 知识",
    "RV": "Revision 修订",
    "EM": "Emergencies and escalation 应急与升级",
}
"""By the first letters of an id, in the order of the document."""


def write_document(rows: Sequence[Requirement]) -> str:
    """Write the document.

    Examples
    --------
    >>> row = Requirement("GR-03", "002", "30 min", "Urgent.", "built", ("docs/tour.md#Three floors",), "")
    >>> print(write_document([row]).splitlines()[-1])
    | GR-03 | 002 | 30 min | Urgent. | built | [`docs/tour.md`](tour.md) |
    """
    return "\n".join((HEAD, _counts(rows), *_tables(rows))).rstrip("\n") + "\n"


def _counts(rows: Sequence[Requirement]) -> str:
    counts = ", ".join(f"{sum(row.state == state for row in rows)} {state}" for state in STATES)
    return f"{len(rows)} rules: {counts}.\n"


def _tables(rows: Sequence[Requirement]) -> Iterator[str]:
    for letters, title in GROUPS.items():
        listed = [row for row in rows if row.id.startswith(f"{letters}-")]
        if listed:
            yield f"## {title}\n\n| id | document | number | asks | state | where, what it needs, or why |\n|---|---|---|---|---|---|"
            for row in listed:
                about = ", ".join(map(_link, row.where)) or row.note
                yield f"| {row.id} | {row.document} | {row.number or '–'} | {row.says} | {row.state} | {about} |"
            yield ""


def _link(where: str) -> str:
    """Link a path from the folder of documents."""
    path = where.partition("#")[0]
    target = path.removeprefix("docs/") if path.startswith("docs/") else f"../{path}"
    return f"[`{path}`]({target})"
