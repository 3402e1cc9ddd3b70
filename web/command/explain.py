"""``paidan explain``: why a ticket is left out or late, why this engineer, and what would change it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import click

from dispatch.format.faults import Fault
from dispatch.rulebook.in_force import to_come
from web.command.check import read_both
from web.command.documents import STREAM, Refusal, write_text
from web.command.options import debug_option, json_option

if TYPE_CHECKING:
    from dispatch.planning.explain import Explanation
    from dispatch.rulebook.line import Language

WORDS: Final = {
    "zh": {
        "skipped": "未排",
        "late": "迟到",
        "served": "已排",
        "impossible": "空班次也排不进",
        "displaced": "被更值得的上门占满",
        "not_found": "没有找到",
        "late.impossible": "空班次也不能准时",
        "late.displaced": "准时的代价更高",
        "late.not_found": "准时的位置没有找到",
        "visit": "{engineer}，{begin} 开工",
        "engineers": "各工程师：",
        "others": "另有 {n} 名工程师未逐一列出",
        "serves": "上门",
        "could": "可以",
        "full": "排满",
        "barred": "不能",
        "runner_up": "次选：{engineer}，{begin} 开工，总成本变化 {cost} 元（{terms}）",
        "nobody": "次选：现有安排里没有别人能上门",
        "ways": "怎样才能改变（逐条试排并核对过）：",
        "no_ways": "没有找到单独一条就能改变的办法",
        "way": "{text}：{engineer} {begin} 上门",
        "moved": "变动 {ids}",
        "left_out": "让出 {ids}",
        "comma": "、",
        "join": "；",
        "fine": "没有未排或迟到的工单",
        "untimed": "该方案不能逐个位置核对（路线的出发时间或备件来源与求解器不同）；只列出方案自带的原因",
    },
    "en": {
        "skipped": "left out",
        "late": "late",
        "served": "served",
        "impossible": "impossible even in an empty plan",
        "displaced": "displaced by visits that are worth more",
        "not_found": "not found",
        "late.impossible": "on time is impossible even in an empty plan",
        "late.displaced": "on time costs more",
        "late.not_found": "a place on time was not found",
        "visit": "{engineer}, begins {begin}",
        "engineers": "Engineer by engineer:",
        "others": "{n} more engineers are not told one by one",
        "serves": "comes",
        "could": "could",
        "full": "full",
        "barred": "cannot",
        "runner_up": "Runner-up: {engineer}, begins {begin}, {cost} CNY on the whole ({terms})",
        "nobody": "Runner-up: nobody else could come beside the visits planned",
        "ways": "What would change it (each planned and judged):",
        "no_ways": "No single change was found that would do",
        "way": "{text}: {engineer} would come at {begin}",
        "moved": "moves {ids}",
        "left_out": "leaves out {ids}",
        "comma": ", ",
        "join": "; ",
        "fine": "no ticket is left out or late",
        "untimed": "this plan cannot be looked at place by place (a route leaves later than the search would, or a visit has its parts from where "
        "the search would not take them): only the plan's own reasons are told",
    },
}

CLOCK: Final = "%m-%d %H:%M"


@click.command()
@click.argument("request_file", metavar="REQUEST")
@click.argument("plan_file", metavar="PLAN")
@click.argument("ticket_id", metavar="[TICKET]", required=False)
@click.option(
    "--lang", default="zh", show_default=True, type=click.Choice(["zh", "en"]), help="Language of the answer."
)
@json_option
@debug_option
def explain(request_file: str, plan_file: str, ticket_id: str | None, lang: str, as_json: bool) -> int:
    """Say why TICKET is left out or late in PLAN, why this engineer comes and not that one, and what would change it.

    Without TICKET every ticket that is left out or late is explained. Whatever is said to help was planned from PLAN as start, and
    judged: with what it costs and which visits it moves. One of the files may be - for standard input. Exit codes: 0 told,
    2 invalid input.
    """
    if request_file == STREAM and plan_file == STREAM:
        message = "REQUEST and PLAN cannot both come from standard input."
        raise click.UsageError(message)
    request, plan = read_both(request_file, plan_file, as_json=as_json)
    if ticket_id is not None and ticket_id not in to_come(request):
        expected = "is no ticket of REQUEST that is still to come, expected the id of one"
        raise Refusal([Fault("unknown_reference", "TICKET", ticket_id, expected)], as_json=as_json)
    # The kernels load here: a faulty file is told at once
    from dispatch.planning.explain import Explainer, NotTimed, list_told  # noqa: PLC0415
    from dispatch.planning.unsupported import Unsupported  # noqa: PLC0415

    language: Language = "zh" if lang == "zh" else "en"
    try:
        explainer = Explainer(request, plan, language)
        found = [explainer.explain(id_) for id_ in ([ticket_id] if ticket_id else explainer.list_wanting())]
        note = ""
    except Unsupported as error:
        raise Refusal(error.faults, as_json=as_json) from error
    except NotTimed:
        found = [one for one in list_told(plan, language) if ticket_id in {None, one.ticket}]
        note = WORDS[lang]["untimed"]
    if as_json:
        text = json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=1) + "\n"
    else:
        parts = [note] if note else []
        parts += ["\n".join(_write(one, WORDS[lang])) for one in found]
        text = "\n\n".join(parts or [WORDS[lang]["fine"]]) + "\n"
    write_text(sys.stdout, text)
    return 0


def _write(told: Explanation, words: dict[str, str]) -> Iterator[str]:
    """Write one explanation, line by line."""
    verdict = words[f"late.{told.verdict}" if told.state == "late" else told.verdict] if told.verdict else ""
    head = [told.ticket, words[told.state], verdict]
    if told.begin is not None:
        head.append(words["visit"].format(engineer=told.engineer, begin=told.begin.strftime(CLOCK)))
    yield " · ".join(filter(None, head))
    for reason in told.reasons:
        yield f"  {reason.text}"
    if told.standings:
        yield f"  {words['engineers']}"
        for one in told.standings:
            yield f"    [{words[one.kind]}] {one.reason.text}"
        if told.others:
            yield f"    {words['others'].format(n=told.others)}"
    yield from _write_rival(told, words)
    if told.state == "served" or not told.looked:
        return
    if not told.ways:
        yield f"  {words['no_ways']}"
        return
    yield f"  {words['ways']}"
    for way in told.ways:
        said = [words["way"].format(text=way.text, engineer=way.engineer, begin=way.begin.strftime(CLOCK))]
        said += [
            words[key].format(ids=words["comma"].join(ids))
            for key in ("left_out", "moved")
            if (ids := getattr(way, key))
        ]
        yield f"    {_signed(way.cost_cny)} {words['join'].join(said)}"


def _write_rival(told: Explanation, words: dict[str, str]) -> Iterator[str]:
    """Write who else could come, and what that would cost."""
    rival = told.rival
    if rival is None:
        if told.state != "skipped":
            yield f"  {words['nobody']}"
        return
    terms = words["comma"].join(f"{term} {_signed(cny)}" for term, cny in rival.terms.items()) or "0"
    said = {"engineer": rival.engineer, "begin": rival.begin.strftime(CLOCK), "cost": _signed(rival.cost_cny)}
    yield "  " + words["runner_up"].format(**said, terms=terms)


def _signed(cny: Decimal) -> str:
    """Write a difference with its sign."""
    return f"{cny:+.2f}"
