from __future__ import annotations

from pathlib import Path

from tests.scripts.loading import load_script


def test_a_file_is_long_above_the_limit_and_not_at_it(tmp_path: Path) -> None:
    script = load_script("long_files")
    for folder in script.FOLDERS:
        (tmp_path / folder).mkdir()
    (tmp_path / "web" / "at.py").write_text("\n" * 600, encoding="utf-8")
    (tmp_path / "web" / "above.py").write_text("\n" * 601, encoding="utf-8")
    (tmp_path / "solver" / "kernel.py").write_text("\n" * 2000, encoding="utf-8")
    (tmp_path / "web" / "vendor").mkdir()
    (tmp_path / "web" / "vendor" / "map.js").write_text("\n" * 2000, encoding="utf-8")
    assert script.find_long_files(tmp_path) == ["solver/kernel.py (2000 lines)", "web/above.py (601 lines)"]
