"""``paidan schema``: what a request or a plan may say, for editors and validators."""

from __future__ import annotations

import json
import sys

import click

from web.command.documents import write_text
from web.command.options import debug_option


@click.command()
@click.argument("kind", type=click.Choice(["request", "plan"]))
@debug_option
def schema(kind: str) -> None:
    """Write the JSON Schema (2020-12) of a request or a plan to standard output."""
    from dispatch.format.schema import make_plan_schema, make_request_schema  # noqa: PLC0415 - loaded when asked for

    made = make_request_schema() if kind == "request" else make_plan_schema()
    write_text(sys.stdout, json.dumps(made, ensure_ascii=False, indent=2) + "\n")
