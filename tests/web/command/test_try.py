from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.web.try_day.conftest import ENGINEERS, TICKETS
from web.command import main

MESSY = Path(__file__).parents[3] / "fixtures" / "messy"


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main(["try", *map(str, arguments)])
    return int(end.value.code or 0)


@pytest.fixture
def tickets(tmp_path: Path) -> Path:
    path = tmp_path / "tickets.csv"
    path.write_text(TICKETS, "utf-8")
    return path


def test_a_sheet_becomes_a_page_and_a_workbook_and_the_counts_are_told(
    tickets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engineers = tmp_path / "engineers.csv"
    engineers.write_text(ENGINEERS, "utf-8")
    page = tmp_path / "out.html"
    assert run(tickets, engineers, "-o", page, "--seconds", "1", "--date", "2026-11-23") == 0
    told = capsys.readouterr().out
    assert "读了 5 行" in told
    assert "没有读 1 行" in told
    assert "第 6 行 H 列「等级」" in told
    assert str(page) in told
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert openpyxl.load_workbook(page.with_suffix(".xlsx")).sheetnames[0] == "派单"


def test_nothing_usable_ends_with_2_every_fault_told_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text("地址,等级\n西湖区文三路 1 号,十万火急\n西湖区文三路 2 号,快\n", "utf-8")
    page = tmp_path / "out.html"
    assert run(sheet, "-o", page) == 2
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        'TICKETS row 2, column B "等级"',
        'TICKETS row 3, column B "等级"',
    ]
    assert not page.exists()


def test_a_missing_sheet_and_a_folder_that_is_not_there_are_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path / "none.xlsx", "-o", tmp_path / "nowhere" / "out.html") == 2
    told = capsys.readouterr().err
    assert "--output: is in a folder that does not exist" in told
    assert "TICKETS: does not exist" in told


def test_a_day_that_is_none_is_refused(tickets: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tickets, "--date", "2026-02-30") == 2
    assert "is not a day such as 2026-11-23" in capsys.readouterr().err


def test_the_messy_sheet_of_addresses_alone_is_planned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "messy.html"
    assert run(MESSY / "tickets.xlsx", "-o", page, "--seconds", "0.5", "--lang", "en") == 0
    assert "120 rows read" in capsys.readouterr().out
    assert page.stat().st_size < 2_000_000
