from __future__ import annotations

from pathlib import Path

import pytest

from dispatch.domain.region import Region
from dispatch.domain.ticket import Ticket
from dispatch.storage.store import Store
from web.command import main


def run(*arguments: object) -> int:
    with pytest.raises(SystemExit) as end:
        main([*map(str, arguments)])
    return int(end.value.code or 0)


@pytest.fixture
def database(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'desk.db'}"
    assert run("db", "upgrade", "--database", address) == 0
    store = Store(address)
    with store.writing() as unit:
        unit.save(Region("hz", "杭州"))
    store.close()
    return address


def test_a_sheet_is_stored_once(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text("地址\n西湖区文三路 1 号\n西湖区文三路 2 号\n", "utf-8")
    assert run("import", "tickets", sheet, "--database", database) == 0
    assert "tickets: 2 added, 0 there before" in capsys.readouterr().out
    assert run("import", "tickets", sheet, "--database", database, "--region", "hz", "--partly") == 0
    assert "tickets: 0 added, 2 there before" in capsys.readouterr().out
    store = Store(database)
    with store.reading() as unit:
        assert len(unit.list_all(Ticket)) == 2
    store.close()


def test_refused_rows_are_told_and_nothing_is_stored(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text("地址,等级\n西湖区文三路 1 号,一般\n西湖区文三路 2 号,十万火急\n", "utf-8")
    assert run("import", "tickets", sheet, "--database", database) == 2
    answer = capsys.readouterr()
    assert "0 added" in answer.out
    assert 'FILE row 3, column B "等级"' in answer.err


def test_a_region_that_is_not_there_and_a_database_without_tables_are_told(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "tickets.csv"
    sheet.write_text("地址\n西湖区文三路 1 号\n", "utf-8")
    assert run("import", "tickets", sheet, "--database", database, "--region", "nb") == 2
    assert "--region: is not there" in capsys.readouterr().err
    assert run("import", "tickets", sheet, "--database", f"sqlite:///{tmp_path / 'empty.db'}") == 1
    assert "the database has the tables of" in capsys.readouterr().err
    assert run("import", "tickets", sheet, "--database", "mysql://x") == 2
