"""Write ``docs/requirements.md`` of the project that this is run in."""

from __future__ import annotations

from pathlib import Path

from dispatch.requirements.document import write_document
from dispatch.requirements.read import get_requirements

if __name__ == "__main__":
    Path("docs/requirements.md").write_text(write_document(get_requirements()), encoding="utf-8")
