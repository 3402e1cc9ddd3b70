"""The order of the house: rules listed and tested, tests where one looks for them, no machine's paths, no stubs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from dispatch.rules import RULES
from tests.architecture.sources import PACKAGES, ROOT, modules_under, own_files, relative, text_files

MACHINE_PATH = re.compile(r"(?<![\w.~/$}>-])/(?:work|root|tmp|home/\w+|Users/\w+|opt|mnt)/\w")
STUB = re.compile(r"^\s*raise NotImplementedError|\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b", re.MULTILINE)


def sources() -> list[Path]:
    """List the Python files of the three packages."""
    return [path for path in own_files() if path.suffix == ".py" and relative(path).split("/")[0] in PACKAGES]


def python_files() -> list[Path]:
    """List every Python file of the project."""
    return [path for path in own_files() if path.suffix == ".py"]


@pytest.mark.parametrize("path", text_files(), ids=relative)
def test_no_file_speaks_of_a_machine_path(path: Path) -> None:
    assert MACHINE_PATH.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", python_files(), ids=relative)
def test_nothing_is_left_to_be_done_later(path: Path) -> None:
    assert STUB.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sources(), ids=relative)
def test_every_source_postpones_annotations(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    futures = {alias.name for node in imports if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert not imports or "annotations" in futures or path.name == "__init__.py"


def test_every_test_file_is_named_so_that_it_runs() -> None:
    strays = [
        relative(path)
        for path in own_files()
        if relative(path).startswith("tests/")
        and path.suffix == ".py"
        and not path.name.startswith("test_")
        and re.search(r"^(?:async )?def test_", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert strays == []


def test_every_folder_of_tests_mirrors_a_package() -> None:
    allowed = {"architecture", "scenarios", "scripts", "benchmarks"}
    strays = set()
    for path in own_files():
        parts = path.relative_to(ROOT).parts
        if parts[0] == "tests" and len(parts) > 2 and path.name.startswith("test_") and parts[1] not in allowed:
            mirrored = ROOT.joinpath(*parts[1:-1])
            if not (mirrored.is_dir() or mirrored.with_suffix(".py").is_file()):
                strays.add(relative(path.parent))
    assert strays == set()


def test_every_rule_is_listed_in_the_order_written_by_hand() -> None:
    listed = [str(vars(rule)["__name__"]).rsplit(".", maxsplit=1)[-1] for rule in RULES]
    assert sorted(listed) == [path.stem for path in modules_under("dispatch/rules")]


@pytest.mark.parametrize("path", modules_under("dispatch/rules"), ids=relative)
def test_every_rule_speaks_to_the_search_and_to_people_and_shows_an_example(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert {"terms", "lines"} <= named
    assert ">>> " in text


@pytest.mark.parametrize("path", modules_under("dispatch/rules"), ids=relative)
def test_every_rule_has_its_twin_test(path: Path) -> None:
    assert (ROOT / "tests" / "dispatch" / "rules" / f"test_{path.name}").is_file()


def test_the_locks_name_the_public_index_alone() -> None:
    for name in ("uv.lock", "requirements.lock", "requirements-test.lock", "requirements-bench.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        hosts = set(re.findall(r"(?:https?|file)://[^/\"\s]*", text))
        assert hosts <= {"https://pypi.org", "https://files.pythonhosted.org"}, name


def test_the_exported_locks_hold_the_same_versions_as_the_lock() -> None:
    locked = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    versions = {(package["name"], package["version"]) for package in locked}
    for name in ("requirements.lock", "requirements-test.lock", "requirements-bench.lock"):
        exported = re.findall(r"^([a-z0-9-]+)==([^ ;\\]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        assert exported, name
        assert set(exported) <= versions, name


def test_every_package_that_the_sources_import_is_declared() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=!~ \[;]", line)[0].replace("-", "_") for line in declared}
    brought_along = {"werkzeug", "jinja2", "markupsafe", "babel"}
    imported = set()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                imported.add(node.module.split(".")[0])
    foreign = imported - set(sys.stdlib_module_names) - set(PACKAGES)
    assert foreign - names - brought_along == set()
    assert names - foreign == set(), "declared but never imported"
