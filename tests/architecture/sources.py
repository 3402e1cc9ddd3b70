"""What the architecture tests look at: the project's own files, as git would list them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("dispatch", "solver", "web")
MADE_OR_FOREIGN = {"__pycache__", "node_modules", "var", "build", "dist", "htmlcov", "static"}
"""Folders that runs make, or that hold other people's files."""


def _is_own(path: Path) -> bool:
    """Tell whether a path is the project's own: no hidden folder (but ``.ci``), nothing made, nothing vendored."""
    folders = path.relative_to(ROOT).parts[:-1]
    return not any(part in MADE_OR_FOREIGN or (part.startswith(".") and part != ".ci") for part in folders)


@cache
def own_files() -> tuple[Path, ...]:
    """List the project's own files, sorted."""
    found: list[Path] = []
    for top in ROOT.iterdir():
        if top.is_file():
            found.append(top)
        elif not top.name.startswith(".") or top.name == ".ci":
            found.extend(path for path in top.rglob("*") if path.is_file() and _is_own(path))
    return tuple(sorted(path for path in found if _is_own(path) and path.name != ".git"))


def text_files() -> list[Path]:
    """List the project's own files that hold text."""
    kinds = {".py", ".md", ".toml", ".sh", ".html", ".js", ".css", ".json", ".lock", ".po", ".txt", ".yml", ".mk", ""}
    return [path for path in own_files() if path.suffix in kinds]


def documents() -> list[Path]:
    """List the documents that people read."""
    return [path for path in own_files() if path.suffix == ".md"]


def modules_under(folder: str) -> list[Path]:
    """List the modules right inside a folder of the sources, ``__init__`` and ``__main__`` left out."""
    return sorted(path for path in (ROOT / folder).glob("*.py") if not path.name.startswith("__"))


def relative(path: Path) -> str:
    """Return a path as seen from the project's folder."""
    return path.relative_to(ROOT).as_posix()
