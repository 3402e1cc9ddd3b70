"""Options that several commands share, and their types."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import click

from web.supervise import LEASE_S

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(slots=True)
class Session:
    """What holds for one run of ``paidan``."""

    debug: bool = False


def _set_debug(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    """Remember the wish; the option may stand before or after the command."""
    if value:
        ctx.ensure_object(Session).debug = True


def debug_option(command: Command) -> Command:
    """Give a command ``--debug``."""
    return click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=_set_debug,
        help="Show the traceback of an internal error.",
    )(command)


def json_option(command: Command) -> Command:
    """Give a command ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Tell the result, or the faults, as JSON.")(command)


def clock_option(command: Command) -> Command:
    """Give a command ``--clock-ahead``."""
    return click.option(
        "--clock-ahead",
        "clock_ahead_s",
        default=0,
        metavar="S",
        type=click.IntRange(-3_200_000_000, 3_200_000_000),
        help="Seconds by which the service's clock is ahead of this machine's (negative: behind), for drills.",
    )(command)


def lease_option(command: Command) -> Command:
    """Give a command ``--lease``."""
    return click.option(
        "--lease",
        "lease_s",
        default=LEASE_S,
        show_default=True,
        metavar="S",
        type=click.FloatRange(1, 3600),
        help="Seconds without a sign of life after which another worker takes over.",
    )(command)


class Seconds(click.ParamType[float]):
    """A finite number of seconds, 0 or more."""

    name = "seconds"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Refuse what is no number, not finite, or negative."""
        try:
            seconds = float(str(value))
        except ValueError:
            seconds = math.nan
        if not math.isfinite(seconds) or seconds < 0:
            self.fail(f"{value!r} is not a number of seconds, 0 or more.", param, ctx)
        return seconds
