"""How the service says no: one JSON shape for programs, one page for people.

The shape: ``code``, ``message``, ``hint``, ``pointer`` (RFC 6901, into the body, or ``?name`` or ``{name}`` of the address,
``#name`` of a header; null when none is at fault), ``faults`` (all of them at once, each with those four; the first stands
above) and ``details`` (what else a program needs: the stored version and the differences of an edit that met another).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from flask import Flask, Response, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from dispatch.domain.errors import DispatchError, IllegalTransition, ImpossibleRecord, PlanOvertaken, StaleEdit
from web.board.pages import get_lang
from web.service.log import log_failure


@dataclass(frozen=True, slots=True)
class Kind:
    """A way in which a request itself is wrong: its status, and what is said."""

    status: int
    sentence_zh: str
    sentence_en: str
    hint_zh: str
    hint_en: str

    def say(self, language: str, params: Mapping[str, object]) -> str:
        """Tell a person what is wrong."""
        return (self.sentence_zh if language == "zh" else self.sentence_en).format(**params)

    def advise(self, language: str) -> str:
        """Tell a person what to do."""
        return self.hint_zh if language == "zh" else self.hint_en


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "bad_request": Kind(
            400, "请求无法理解", "the request cannot be understood", "检查请求后重试", "check the request"
        ),
        "foreign_host": Kind(
            400,
            "本服务只在本机应答",
            "the service answers only on this machine",
            "用 http://127.0.0.1 或 http://localhost 加程序显示的端口打开",
            "open it as http://127.0.0.1 or http://localhost with the port that the program printed",
        ),
        "not_from_this_page": Kind(
            400,
            "表单不是从本页面提交的，或页面已过期",
            "the form was not sent from a page of this service, or the page is too old",
            "刷新页面后重新提交",
            "reload the page and send it again",
        ),
        "foreign_origin": Kind(
            403,
            "请求来自别的网站",
            "the request comes from another site",
            "请从本服务的页面或程序直接发送",
            "send it from a page of this service, or from a program",
        ),
        "not_json": Kind(
            400,
            "请求正文不是合法 JSON：{reason}",
            "the body is no JSON: {reason}",
            "改正后重发",
            "mend it and send it again",
        ),
        "missing_key": Kind(422, "缺少 {name}", "{name} is required", "补上该项", "add it"),
        "unknown_key": Kind(
            422,
            "不认识的项 {name}",
            "{name} is not known here",
            "检查拼写或去掉该项",
            "check the spelling or leave it out",
        ),
        "duplicate_key": Kind(
            400,
            "同一对象中 {name} 出现了两次",
            "{name} comes twice in one object",
            "只留一个",
            "leave one of them out",
        ),
        "unknown_reference": Kind(
            422,
            "{name} 所指的 {reason} 不存在",
            "{name} names {reason}, which is not there",
            "先建立它，或改用已有的编号",
            "make it first, or name one that is there",
        ),
        "wrong_type": Kind(
            422, "{name} 的类型不对：{reason}", "{name} is of the wrong kind: {reason}", "改正该值", "correct it"
        ),
        "impossible_value": Kind(
            422, "{name} 的值不可能：{reason}", "{name} cannot be so: {reason}", "改正该值", "correct it"
        ),
        "zero_character": Kind(
            422,
            "{name} 中含有零字符（%00）",
            "{name} holds a zero character (%00)",
            "去掉该字符",
            "leave it out",
        ),
        "no_such_page": Kind(
            404,
            "没有这个页面",
            "there is no such page",
            "检查地址，或回到首页",
            "check the address, or go to the first page",
        ),
        "method_not_allowed": Kind(
            405, "此地址不支持这种操作", "this address does not do that", "见 /api/v1/docs", "see /api/v1/docs"
        ),
        "too_large": Kind(413, "发送的内容过大", "what was sent is too large", "分批发送", "send it in parts"),
        "not_json_type": Kind(
            415,
            "请求正文的类型必须是 application/json",
            "the body must be sent as application/json",
            "加上 Content-Type: application/json",
            "add Content-Type: application/json",
        ),
        "internal": Kind(
            500,
            "程序出错，未保存任何内容",
            "a fault of the program; nothing was saved",
            "把请求编号 Request-Id 告诉维护人员",
            "tell those who run it the Request-Id",
        ),
    }
)
"""Code to kind: what can be wrong before the business is asked."""

STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "impossible_record": 422,
        "not_found": 404,
        "already_there": 409,
        "still_needed": 409,
        "stale_edit": 409,
        "plan_overtaken": 409,
        "key_reused": 422,
        "storage_refused": 409,
        "storage_unavailable": 503,
        "travel_unavailable": 503,
        "storage_out_of_step": 503,
        "database_unknown": 500,
    }
)
"""Code of a domain's error to status; 409 for one that is not listed: what was asked does not fit what is there."""

_OF_STATUS: Final = MappingProxyType(
    {404: "no_such_page", 405: "method_not_allowed", 413: "too_large", 415: "not_json_type", 500: "internal"}
)
"""Status of Flask's own refusals to our code."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with a request: a code of :data:`KINDS`, where, and what the sentence speaks of."""

    code: str
    pointer: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)

    def as_json(self, language: str) -> dict[str, Any]:
        """Return the fault in the service's shape."""
        kind = KINDS[self.code]
        return {
            "code": self.code,
            "message": kind.say(language, self.params),
            "hint": kind.advise(language),
            "pointer": self.pointer,
        }


class RequestRefused(Exception):  # noqa: N818 - named after what happened, as the domain's errors are
    """A request is wrong in itself; carries all its faults."""

    def __init__(self, wrongs: Sequence[Wrong]) -> None:
        """Take at least one fault, in the order in which they are to be read."""
        self.wrongs = tuple(wrongs)
        super().__init__(", ".join(wrong.code for wrong in self.wrongs))


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal, ready to be sent in either form."""

    status: int
    faults: tuple[dict[str, Any], ...]
    details: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the one shape."""
        return {**self.faults[0], "faults": list(self.faults), "details": dict(self.details)}


def handle_errors(app: Flask) -> None:
    """Make ``app`` answer every error in the service's shape, and log what is a fault of the program."""

    @app.errorhandler(DispatchError)
    def refuse(error: DispatchError) -> Response:
        return _send(answer_to(error, get_lang()))

    @app.errorhandler(RequestRefused)
    def refuse_request(error: RequestRefused) -> Response:
        language = get_lang()
        faults = tuple(wrong.as_json(language) for wrong in error.wrongs)
        return _send(Answer(KINDS[error.wrongs[0].code].status, faults))

    @app.errorhandler(HTTPException)
    def refuse_early(error: HTTPException) -> Response:
        code = _code_of(error)
        status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        response = _send(Answer(status, (Wrong(code).as_json(get_lang()),)))
        for name, value in error.get_headers():
            if name.lower() == "allow":
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def fail(error: Exception) -> Response:
        log_failure(error)
        return _send(Answer(HTTPStatus.INTERNAL_SERVER_ERROR, (Wrong("internal").as_json(get_lang()),)))


def answer_to(error: DispatchError, language: str) -> Answer:
    """Say what one of the domain's errors says."""
    pointer = None
    details: dict[str, Any] = {}
    if isinstance(error, ImpossibleRecord):
        pointer = f"/{error.name.partition('.')[2].replace('.', '/')}"
    elif isinstance(error, StaleEdit):
        details = {
            "version": error.version,
            "stored_version": getattr(error.stored, "version", None),
            "changes": [
                {"name": change.name, "edited": to_json(change.edited), "stored": to_json(change.stored)}
                for change in error.changes
            ],
        }
    elif isinstance(error, PlanOvertaken):
        details = {"base_number": error.base_number, "current_number": error.current_number}
    elif isinstance(error, IllegalTransition):
        details = {"before": error.before, "after": error.after, "possible": list(error.possible)}
    fault = {"code": error.code, "message": error.say(language), "hint": error.advise(language), "pointer": pointer}
    return Answer(STATUSES.get(error.code, HTTPStatus.CONFLICT), (fault,), details)


def to_json(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a record's value as JSON: moments with their zone, records by field.

    Examples
    --------
    >>> to_json(date(2026, 11, 23)), to_json((1, None))
    ('2026-11-23', [1, None])
    """
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, (tuple, list)):
        return [to_json(entry) for entry in value]
    slots = getattr(value, "__dataclass_fields__", None)
    if slots is not None:
        return {name: to_json(getattr(value, name)) for name in slots}
    return value


def _code_of(error: HTTPException) -> str:
    """Return our code for a refusal of Flask's."""
    if isinstance(error, CSRFError):
        return "not_from_this_page"
    if error.description == "Host":
        return "foreign_host"
    return _OF_STATUS.get(error.code or 500, "bad_request")


def wants_json() -> bool:
    """Tell whether a program asks: the API always answers JSON, a page when JSON is all that is wanted."""
    if request.path.startswith("/api/"):
        return True
    accepted = request.accept_mimetypes
    return accepted["application/json"] > accepted["text/html"]


def _send(answer: Answer) -> Response:
    """Send a refusal in the form that is wanted."""
    if wants_json():
        response = jsonify(answer.as_json())
    else:
        response = Response(
            render_template("service/refusal.html", answer=answer, lang=get_lang()), mimetype="text/html"
        )
    response.status_code = answer.status
    response.cache_control.no_store = True
    return response
