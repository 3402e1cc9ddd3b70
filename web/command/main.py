"""The command ``paidan`` and what no command may forget: exit codes, one line a fault, never a traceback."""

from __future__ import annotations

import importlib
import importlib.metadata
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from keyword import iskeyword
from types import MappingProxyType
from typing import Final

import click

from web.command.options import Session, debug_option

EXIT_IO: Final = 74
"""What the system refused while writing (``EX_IOERR`` of sysexits.h)."""
EXIT_BROKEN: Final = 70
"""A fault of the program itself (``EX_SOFTWARE`` of sysexits.h)."""
EXIT_INTERRUPTED: Final = 130
"""128 + SIGINT, as shells have it."""
EXIT_BROKEN_PIPE: Final = 141
"""128 + SIGPIPE: whoever was reading the output has left."""

COMMANDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "demo": ("web.command.demo", "Make a realistic day, plan it and serve it."),
        "solve": ("web.command.solve", "Plan a request file."),
        "check": ("web.command.check", "Judge a plan against its request."),
        "explain": ("web.command.explain", "Why a ticket is left out or late, and what would change it."),
        "plan": ("web.command.plan", "Plan a region's day from the database."),
        "serve": ("web.command.serve", "Serve the dispatch desk on this machine."),
        "worker": ("web.command.worker", "Plan what is asked for at the dispatch desk."),
        "show": ("web.command.show", "Show a plan as one page."),
        "try": ("web.command.try_", "Plan your own sheets into one page."),
        "import": ("web.command.import_", "Store a sheet in the database."),
        "db": ("web.command.db", "Bring the database's tables up to date."),
        "example": ("web.command.example", "Write a realistic request."),
        "packs": ("web.command.packs", "What the service standards ask, and where they disagree."),
        "roads": ("web.command.roads", "Build a road graph from a map extract."),
        "schema": ("web.command.schema", "Write the JSON Schema of a request or a plan."),
    }
)
"""Name of each command: the module that has a click command of that name, and its line in the help.

Where the name is a word of Python's own, the function has an underscore after it.
"""


class ReaderLeftError(Exception):
    """A broken pipe, by a name that click does not take for its own: it would end with 1, "not legal"."""


class LazyGroup(click.Group):
    """A group that knows its commands by name and loads one when it is called."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command.

        Raises
        ------
        ReaderLeftError
            When nobody reads the output any more.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderLeftError from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; one that cannot even be loaded has read no option yet, not even that for the traceback."""
        try:
            return super().resolve_command(ctx, args)
        except Exception:
            ctx.ensure_object(Session).debug |= "--debug" in args
            raise

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """Load a command.

        Raises
        ------
        click.ClickException
            When a package that this command alone needs is not installed.
        """
        if cmd_name not in COMMANDS:
            return None
        module_name = COMMANDS[cmd_name][0]
        try:
            module = importlib.import_module(module_name)
        except ModuleNotFoundError as error:
            message = f"{cmd_name}: {error.name} is not installed; `make setup` installs all that paidan needs"
            raise click.ClickException(message) from error
        command: click.Command = getattr(module, f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """List the commands from the table, without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _show_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    """Print the version and leave."""
    if value:
        try:
            version = importlib.metadata.version("paidan")
        except importlib.metadata.PackageNotFoundError:
            version = "(not installed: run from its source)"
        click.echo(f"paidan {version}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="The version.")
@debug_option
def paidan() -> None:
    """Plan the day of field engineers: who visits which ticket, when, with which parts.

    Requests and plans are files in planning format 1. Exit codes: 2 means that the input is invalid; every fault is
    told on standard error, one a line: what is wrong, where, and what was expected.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``paidan`` and end the process with its exit code.

    Parameters
    ----------
    arguments
        Of the command line; None = those of the process.
    """
    session = Session()
    try:
        code = run(arguments, session)
        sys.stdout.flush()
    except (BrokenPipeError, ReaderLeftError):
        _forget_output()
        code = EXIT_BROKEN_PIPE
    sys.exit(code)


def run(arguments: Sequence[str] | None, session: Session) -> int:
    """Run a command and give its exit code; whatever goes wrong becomes one line on standard error."""
    try:
        result = paidan.main(
            args=None if arguments is None else list(arguments),
            prog_name="paidan",
            standalone_mode=False,
            obj=session,
        )
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("paidan: interrupted", err=True)
        return EXIT_INTERRUPTED
    except (BrokenPipeError, ReaderLeftError):
        raise
    except OSError as error:
        _show_traceback(session)
        click.echo(f"paidan: {_describe(error)}", err=True)
        return EXIT_IO
    except Exception as error:  # noqa: BLE001 - the last door: a user gets a sentence, not a traceback
        _show_traceback(session)
        hint = "" if session.debug else "; --debug shows where"
        click.echo(f"paidan: internal error, please report it: {type(error).__name__}: {error}{hint}", err=True)
        return EXIT_BROKEN
    return result if isinstance(result, int) else 0


def _describe(error: OSError) -> str:
    """Say what the system refused."""
    name = f"{error.filename}: " if error.filename else ""
    return f"{name}{error.strerror or error}"


def _show_traceback(session: Session) -> None:
    """Show where it happened, to those who asked for it."""
    if session.debug:
        traceback.print_exc()


def _forget_output() -> None:
    """Let nothing more be written to a pipe without a reader, not even when Python ends."""
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (BrokenPipeError, ValueError):
            os.dup2(silence, stream.fileno())
