"""``paidan solve``: a request file in, a plan file out."""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Final

import click

from dispatch.format.faults import Fault, InvalidDocument
from dispatch.format.read import read_request
from dispatch.format.write import write_plan
from web.command.documents import Refusal, find_output_faults, name_document, read_bytes, write_output, write_text
from web.command.options import Seconds, debug_option, json_option
from web.command.searching import cancelling, count_cores, watch

if TYPE_CHECKING:
    from dispatch.format.model import Request

PREFIX: Final = "PAIDAN_"
DEFAULT_SECONDS: Final = 10.0
BOUND_SECONDS: Final = 20.0


@click.command()
@click.argument("request_file", metavar="REQUEST")
@click.option("-o", "--output", metavar="PLAN", help="File for the plan; standard output when not told.")
@click.option("--seconds", type=Seconds(), help="How long to search; 10 when --iterations is not told either.")
@click.option("--iterations", type=click.IntRange(min=0), help="How many steps to search; no time limit by itself.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Of the random numbers.")
@click.option("--threads", type=click.IntRange(1, 1024), help="How many cores to use; all when not told.")
@click.option(
    "--bound",
    "bound_s",
    type=Seconds(),
    is_flag=False,
    flag_value=BOUND_SECONDS,
    metavar="[SECONDS]",
    help="Prove how good the plan is: a total that no plan undercuts, and the gap to it; 20 more seconds when not told.",
)
@click.option(
    "--dask",
    metavar="ADDRESS",
    help="A Dask scheduler whose workers help with a large request; what PAIDAN_DASK says when not told.",
)
@json_option
@debug_option
def solve(
    request_file: str,
    output: str | None,
    seconds: float | None,
    iterations: int | None,
    seed: int,
    threads: int | None,
    bound_s: float | None,
    dask: str | None,
    as_json: bool,
) -> int:
    """Plan REQUEST (- for standard input), a file in planning format 1.

    The same --iterations, --seed and --threads without --seconds give the same plan every time. Interrupted, it
    writes the best plan so far. Exit codes: 0 planned, 1 infeasible (the plan says why), 2 invalid input.
    """
    scheduler = _find_scheduler(dask, as_json=as_json)
    request = _read(request_file, output, as_json=as_json)
    read_s = time.monotonic()
    if seconds is None and iterations is None:
        seconds = DEFAULT_SECONDS
    cancel = threading.Event()
    with cancelling(cancel):
        # The search loads here, with its compiled kernels: a faulty file is told at once
        from dispatch.planning import Stop, Unsupported  # noqa: PLC0415
        from dispatch.planning import solve as search  # noqa: PLC0415

        stop = Stop(seconds=seconds, iterations=iterations)
        threads = threads or count_cores()
        try:
            plan = watch(
                lambda on_best: search(
                    request,
                    stop=stop,
                    seed=seed,
                    threads=threads,
                    on_best=on_best,
                    cancel=cancel,
                    bound_s=bound_s,
                    dask=scheduler,
                    on_note=lambda told: write_text(sys.stderr, told.say("en") + "\n"),
                    since=read_s,
                )
            )
        except Unsupported as error:
            raise Refusal(error.faults, as_json=as_json) from error
        write_output(output, write_plan(plan))
    return 0 if plan.status == "ok" else 1


def _find_scheduler(told: str | None, *, as_json: bool) -> str | None:
    """Return the Dask scheduler that was named, else the one that is set; None: none."""
    names = {f"{PREFIX}DASK", f"{PREFIX}SETTINGS_FILE"}
    if told is None and not any(os.environ.get(name, "").strip() for name in names):
        return None
    # Settings load the database and more: only where there are any
    from dispatch.bootstrap import SCHEDULER_EXPECTED, SettingsInvalid, is_scheduler, read_settings  # noqa: PLC0415

    if told is not None:
        if not is_scheduler(told):
            raise Refusal([Fault("impossible_value", "--dask", told, SCHEDULER_EXPECTED)], as_json=as_json)
        return told
    try:
        return read_settings(os.environ).dask
    except SettingsInvalid as error:
        raise Refusal(error.faults, as_json=as_json) from error


def _read(request_file: str, output: str | None, *, as_json: bool) -> Request:
    """Read the request, and look whether the plan can be written, before seconds are spent on it."""
    faults = find_output_faults(output)
    request: Request | None = None
    try:
        request = read_request(read_bytes(request_file, "REQUEST"))
    except (InvalidDocument, Refusal) as error:
        faults[:0] = name_document(error.faults, "REQUEST")
    if request is None or faults:
        raise Refusal(faults, as_json=as_json)
    return request
