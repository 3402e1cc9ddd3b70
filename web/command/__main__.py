"""``python -m web.command``: the same as ``paidan``."""

from __future__ import annotations

from web.command.main import main

if __name__ == "__main__":
    main()
