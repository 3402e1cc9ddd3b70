"""Results are written whole or not at all: whoever is stopped in the middle leaves the file as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write_whole(path: Path, document: dict[str, Any]) -> None:
    """Write a document as JSON in one step, its folder made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draft.replace(path)
