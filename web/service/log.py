"""Events of the service, one JSON object a line, by ids alone: no name, address, phone number or query is written."""

from __future__ import annotations

import sys
import traceback
from time import perf_counter
from typing import Any, TextIO
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from web.service.parts import get_parts


def make_log(stream: TextIO | None = None) -> Any:  # noqa: ANN401 - structlog's loggers have no type of their own
    """Make a logger that writes to a stream; None: standard error."""
    return structlog.wrap_logger(
        structlog.WriteLogger(stream or sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
    )


def log_requests(app: Flask) -> None:
    """Make ``app`` write an event for every answer; its id stands in the header ``Request-Id``."""

    @app.before_request
    def begin() -> None:
        g.request_id = uuid4().hex
        g.begun_s = perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        request_id = g.get("request_id", "")
        response.headers["Request-Id"] = request_id
        if request.endpoint != "static":
            get_parts().log.info(
                "request.answered",
                request_id=request_id,
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                seconds=round(perf_counter() - g.get("begun_s", perf_counter()), 4),
            )
        return response


def log_failure(error: Exception) -> None:
    """Write where a request failed and by which kind of error; not what the error says, which may hold values."""
    frames = traceback.extract_tb(error.__traceback__)
    get_parts().log.error(
        "request.failed",
        request_id=g.get("request_id", ""),
        endpoint=request.endpoint,
        error=type(error).__name__,
        where=[f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in frames[-6:]],
    )
