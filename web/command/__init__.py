"""The command line: ``paidan COMMAND``; each command is one file, loaded when it is asked for.

Nothing here imports the compiled kernels or a solver: ``paidan --help`` answers at once.
"""

from __future__ import annotations

from web.command.main import main

__all__ = ["main"]
