"""What the documents promise is there: links, files, make targets, commands."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from dispatch.domain.errors import ERRORS
from dispatch.format.read import read_request
from dispatch.planning.lower import lower
from tests.architecture.sources import ROOT, documents, modules_under, relative
from web.command.main import paidan
from web.errors import KINDS

LINK = re.compile(r"(?<!`)\[[^\]]*\]\(([^)\s]+)\)|<img[^>]+src=\"([^\"]+)\"")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:^|`|&& )(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)(?=[\s`]|$)", re.MULTILINE)


def anchor_of(heading: str) -> str:
    """Return the anchor that a heading gets on the usual hosts."""
    kept = re.sub(r"[^\w\s-]", "", heading.strip().lower().replace("`", ""))
    return re.sub(r"\s", "-", kept)


def anchors_in(document: Path) -> set[str]:
    """Return the anchors of a document's headings."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    return {anchor_of(heading) for heading in re.findall(r"^#+\s+(.*)$", text, re.MULTILINE)}


def make_targets() -> set[str]:
    """Return the targets that the Makefile declares."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE))


def described_targets() -> set[str]:
    """Return the targets that ``make help`` lists."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):.*## ", text, re.MULTILINE))


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_link_leads_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    dead = []
    for link, image in LINK.findall(text):
        target = link or image
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        where = (document.parent / name).resolve() if name else document
        if not where.exists() or (anchor and where.suffix == ".md" and anchor not in anchors_in(where)):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_make_target_that_is_named_exists(document: Path) -> None:
    assert set(MAKE.findall(document.read_text(encoding="utf-8"))) <= make_targets()


def test_no_make_target_has_two_recipes() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^([a-z][a-z-]*):", text, re.MULTILINE)
    assert sorted(targets) == sorted(set(targets))


@pytest.mark.parametrize("target", ["help", "demo", "test", "check", "cover", "bench", "screenshots", "clean"])
def test_the_promised_make_targets_are_listed_by_help(target: str) -> None:
    assert target in described_targets()


def test_both_readmes_begin_with_the_two_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        first_screen = "\n".join((ROOT / name).read_text(encoding="utf-8").splitlines()[:30])
        assert "make demo" in first_screen, name
        assert "make test" in first_screen, name


def code_blocks(name: str, language: str) -> list[str]:
    """Return the blocks of one language in a document."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def test_the_example_request_of_the_format_is_one_that_can_be_planned() -> None:
    (example,) = code_blocks("docs/planning-format.md", "json")
    request = read_request(example)
    assert [ticket.id for ticket in request.tickets] == ["T1", "T2", "T3"]
    assert lower(request).problem.n_jobs == len(request.tickets)


def test_the_examples_of_the_library_page_are_true() -> None:
    text = "".join(code_blocks("docs/library.md", "pycon"))
    example = doctest.DocTestParser().get_doctest(text, {}, "library.md", "docs/library.md", 0)
    assert len(example.examples) > 15
    assert doctest.DocTestRunner().run(example).failed == 0


def test_the_python_of_the_readme_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = code_blocks("docs/planning-format.md", "json")
    (tmp_path / "day.json").write_text(example, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    (code,) = code_blocks("README.md", "python")
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own words, so that they stay true
    assert capsys.readouterr().out == "3 tickets for 2 engineers\n"


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
    context = click.Context(paidan)
    missing = []
    for name, command in commands_of(paidan, context):
        wanted = [f"paidan {name}", *(option for parameter in command.params for option in parameter.opts)]
        missing += [f"{name} {word}" for word in wanted if word.startswith(("paidan", "--")) and f"`{word}" not in page]
    assert missing == []


def commands_of(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield the commands of a group and of the groups in it, by the words one types."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {inner}", found) for inner, found in commands_of(command, context))
        else:
            yield name, command


def test_every_command_of_the_documents_is_one_of_ours() -> None:
    known = set(paidan.list_commands(click.Context(paidan)))
    for document in documents():
        text = document.read_text(encoding="utf-8")
        named = set(re.findall(r"(?:`|bin/)paidan ([a-z]+)", text))
        assert named <= known, relative(document)


def test_every_code_of_a_fault_or_an_error_is_listed_and_no_other() -> None:
    page = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9_]+)` \|", page, re.MULTILINE)
    assert len(listed) == len(set(listed))
    assert set(listed) == codes_of_faults() | {error.code for error in ERRORS} | set(KINDS)


REFUSING = {"Fault", "refuse", "_refuse", "_refuse_file"}
"""Calls whose first argument is a fault's code."""


def codes_of_faults() -> set[str]:
    """Return the codes with which the sources refuse a document; a module's ``CODE`` may stand for the word."""
    found = set()
    for folder in ("dispatch/format", "dispatch/planning", "web/command"):
        for path in modules_under(folder):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = {
                target.id: node.value
                for node in tree.body
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and called(node) in REFUSING and node.args:
                    first = node.args[0]
                    code = named.get(first.id, first) if isinstance(first, ast.Name) else first
                    if isinstance(code, ast.Constant) and isinstance(code.value, str):
                        found.add(code.value)
    return found


def called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_decision_is_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    records = {path.name for path in folder.glob("[0-9]*.md")}
    assert records
    assert {name for name in records if f"({name})" not in index} == set()


def test_planning_anew_has_one_word_in_chinese() -> None:
    other = "重新" + "规划"
    texts = [*modules_under("dispatch"), *modules_under("web"), *ROOT.glob("web/translations/*/LC_MESSAGES/*.po")]
    texts += [document for document in documents() if document.name != "words.md"]
    assert [relative(path) for path in texts if other in path.read_text(encoding="utf-8")] == []
