"""``paidan check``: whether a plan is legal and costs what it says."""

from __future__ import annotations

import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import click

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.json_layout import Literal, lay_out
from dispatch.format.model import TERMS, Plan, Request
from dispatch.format.read import read_plan, read_request
from web.command.documents import STREAM, Refusal, name_document, read_bytes, write_text
from web.command.options import debug_option, json_option

if TYPE_CHECKING:
    from dispatch.judge import Verdict

TOLERANCE_CNY: Final = Decimal("0.02")
"""What the format forgives in the total."""


@click.command()
@click.argument("request_file", metavar="REQUEST")
@click.argument("plan_file", metavar="PLAN")
@json_option
@debug_option
def check(request_file: str, plan_file: str, as_json: bool) -> int:
    """Judge PLAN against REQUEST: every broken clause, and the objective recomputed term by term.

    One of the two may be - for standard input. Exit codes: 0 legal and the total agrees, 1 not, 2 invalid input.
    """
    if request_file == STREAM and plan_file == STREAM:
        message = "REQUEST and PLAN cannot both come from standard input."
        raise click.UsageError(message)
    request, plan = read_both(request_file, plan_file, as_json=as_json)
    from dispatch.judge import judge  # noqa: PLC0415 - a faulty file is told before the judge is fetched

    verdict = judge(request, plan)
    legal = verdict.legal and abs(verdict.total - plan.objective.total) <= TOLERANCE_CNY
    text = _write_json(plan, verdict, legal=legal) if as_json else _write_lines(plan, verdict, legal=legal)
    write_text(sys.stdout, text)
    return 0 if legal else 1


def read_both(request_file: str, plan_file: str, *, as_json: bool) -> tuple[Request, Plan]:
    """Read both documents and tell the faults of both at once."""
    faults: list[Fault] = []
    request: Request | None = None
    plan: Plan | None = None
    try:
        request = read_request(read_bytes(request_file, "REQUEST"))
    except (InvalidDocument, Refusal) as error:
        faults += name_document(error.faults, "REQUEST")
    try:
        plan = read_plan(read_bytes(plan_file, "PLAN"), request)
    except (InvalidDocument, Refusal) as error:
        faults += name_document(error.faults, "PLAN")
    if request is None or plan is None:
        raise Refusal(faults, as_json=as_json)
    return request, plan


def _write_json(plan: Plan, verdict: Verdict, *, legal: bool) -> str:
    """Write the verdict for programs."""
    return (
        lay_out(
            {
                "legal": legal,
                "violations": [
                    {"code": broken.code, "path": broken.path, "text": broken.text} for broken in verdict.violations
                ],
                "objective": {
                    "total": Literal(f"{verdict.total:.2f}"),
                    "terms": {term: Literal(f"{verdict.terms[term]:.2f}") for term in TERMS},
                },
                "plan_total": Literal(f"{plan.objective.total:.2f}"),
            }
        )
        + "\n"
    )


def _write_lines(plan: Plan, verdict: Verdict, *, legal: bool) -> str:
    """Write the verdict for people: broken clauses first, then the objective."""
    lines = [f"{broken.path}: {broken.text} [{broken.code}]" for broken in verdict.violations]
    count = len(lines)
    lines.append("legal" if legal else f"not legal: {count} violation{'' if count == 1 else 's'}")
    lines += ["", f"{'objective, CNY':<16}{'recomputed':>16}{'the plan says':>16}"]
    rows = [(term, verdict.terms[term], plan.objective.terms[term]) for term in TERMS]
    for name, recomputed, said in [*rows, ("total", verdict.total, plan.objective.total)]:
        mark = "" if abs(recomputed - said) <= TOLERANCE_CNY else "  differs"
        lines.append(f"{name:<16}{recomputed:>16.2f}{said:>16.2f}{mark}")
    return "\n".join(lines) + "\n"
