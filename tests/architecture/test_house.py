"""The order of the house: rules listed and tested, tests where one looks for them, no machine's paths, no stubs."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

from dispatch.kpis import KPIS
from dispatch.policies import POLICIES
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


def test_no_file_speaks_of_a_machine_path() -> None:
    found = {relative(path): MACHINE_PATH.findall(path.read_text(encoding="utf-8")) for path in text_files()}
    assert {name: paths for name, paths in found.items() if paths} == {}


def test_nothing_is_left_to_be_done_later() -> None:
    found = {relative(path): STUB.findall(path.read_text(encoding="utf-8")) for path in python_files()}
    assert {name: stubs for name, stubs in found.items() if stubs} == {}


def test_every_source_postpones_annotations() -> None:
    without = []
    for path in sources():
        body = ast.parse(path.read_text(encoding="utf-8")).body
        imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
        futures = {node.module for node in imports if isinstance(node, ast.ImportFrom)}
        if imports and "__future__" not in futures and path.name != "__init__.py":
            without.append(relative(path))
    assert without == []


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


def listed(modules: tuple[object, ...]) -> list[str]:
    """Return the sorted names of listed modules, without their packages."""
    return sorted(str(vars(module)["__name__"]).rsplit(".", maxsplit=1)[-1] for module in modules)


def test_every_rule_is_listed_in_the_order_written_by_hand() -> None:
    assert listed(RULES) == [path.stem for path in modules_under("dispatch/rules")]


def test_every_key_figure_is_listed_in_the_order_written_by_hand() -> None:
    assert listed(KPIS) == [path.stem for path in modules_under("dispatch/kpis")]


def test_every_policy_is_listed_in_the_order_written_by_hand() -> None:
    assert listed(POLICIES) == [path.stem for path in modules_under("dispatch/policies")]


@pytest.mark.parametrize("path", modules_under("dispatch/rules"), ids=relative)
def test_every_rule_speaks_to_the_search_and_to_people_and_shows_an_example(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    assert {"terms", "lines"} <= named
    assert ">>> " in text


@pytest.mark.parametrize("path", modules_under("dispatch/rules"), ids=relative)
def test_every_rule_has_its_twin_test(path: Path) -> None:
    assert (ROOT / "tests" / "dispatch" / "rules" / f"test_{path.name}").is_file()


@pytest.mark.parametrize("path", modules_under("dispatch/kpis"), ids=relative)
def test_every_key_figure_has_its_twin_test_and_tells_formula_source_and_an_example(path: Path) -> None:
    assert (ROOT / "tests" / "dispatch" / "kpis" / f"test_{path.name}").is_file()
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert [word for word in ("Formulas", "\nSource: ", "\n>>> ") if word not in told] == []


@pytest.mark.parametrize("path", modules_under("dispatch/importers"), ids=relative)
def test_every_importer_has_its_twin_test_an_example_and_bad_files(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "\nIMPORTER: Final" in text:
        assert (ROOT / "tests" / "dispatch" / "importers" / f"test_{path.name}").is_file()
        assert ">>> " in (ast.get_docstring(ast.parse(text)) or "")
        assert list((ROOT / "fixtures" / "bad_files").glob(f"{path.stem}__*"))


@pytest.mark.parametrize("path", modules_under("dispatch/policies"), ids=relative)
def test_every_policy_has_its_twin_test_and_tells_formula_source_and_an_example(path: Path) -> None:
    assert (ROOT / "tests" / "dispatch" / "policies" / f"test_{path.name}").is_file()
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert [word for word in ("Formula", "\nSource: ", "\n>>> ") if word not in told] == []


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


BROUGHT_ALONG = {"werkzeug", "jinja2", "markupsafe", "babel"}
"""Packages that are part of what Flask and Flask-Babel are, and come with them."""


def declared(*, extra: str | None = None) -> set[str]:
    """Return the import names of the packages that running needs, or of an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["dependencies"] if extra is None else project["optional-dependencies"][extra]
    return {re.split(r"[<>=!~ \[;]", line)[0].replace("-", "_") for line in lines}


def imported_by(paths: list[Path]) -> set[str]:
    """Return the packages of others that files import."""
    found = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - set(PACKAGES) - {"tests", "benchmarks"}


def test_every_package_that_the_sources_import_is_declared_and_no_other() -> None:
    assert imported_by(sources()) - BROUGHT_ALONG == declared() | declared(extra="dask")


def test_every_package_that_the_tests_import_is_declared() -> None:
    tests = [path for path in python_files() if relative(path).startswith("tests/")]
    assert imported_by(tests) - BROUGHT_ALONG <= declared() | declared(extra="test")


@pytest.mark.parametrize("path", sorted((ROOT / "changelog.d").glob("*.md")), ids=relative)
def test_a_change_for_users_is_a_list_of_sentences(path: Path) -> None:
    if path.name != "README.md":
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines
        assert all(line.startswith(("- ", "  ")) for line in lines)


SETS_STATES = {"dispatch/services/change_state.py"}
"""The one door through which a ticket's state changes."""


def sets_state(path: Path) -> bool:
    """Tell whether a module that knows tickets gives a record a state."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dispatch.domain.ticket"
        for alias in node.names
    }
    if "Ticket" not in imported:
        return False
    by_name = any(
        isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in {"replace", "Ticket", "TicketRecord"}
        and any(keyword.arg == "state" for keyword in node.keywords)
        for node in ast.walk(tree)
    )
    by_key = any(
        isinstance(key, ast.Constant) and key.value == "state" and "TicketState" in imported
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for key in node.keys
    )
    return by_name or by_key


def test_the_state_of_a_ticket_changes_through_one_door() -> None:
    folders = ("dispatch/services/", "dispatch/demo/", "dispatch/storage/", "web/")
    found = {relative(path) for path in sources() if relative(path).startswith(folders) and sets_state(path)}
    assert found == SETS_STATES
