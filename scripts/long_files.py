"""Name the files that have grown long: a warning for the review, never a failure.

More than 600 lines usually means two ideas.
"""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("dispatch", "solver", "web", "tests", "benchmarks", "scripts")
LIMIT_LINES = 600


def find_long_files(root: Path) -> list[str]:
    """List the files above the limit, each with its number of lines, longest first."""
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix not in {".py", ".js", ".css", ".html"} or "/vendor/" in name:
                continue
            lines = path.read_text(encoding="utf-8").count("\n")
            if lines > LIMIT_LINES:
                found.append((-lines, name))
    return [f"{name} ({-lines} lines)" for lines, name in sorted(found)]


def main() -> None:
    """Print the warning, if there is one."""
    long = find_long_files(ROOT)
    if long:
        print(f"longer than {LIMIT_LINES} lines, perhaps two ideas: {', '.join(long)}")


if __name__ == "__main__":
    main()
