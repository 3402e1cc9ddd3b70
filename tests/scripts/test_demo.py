from __future__ import annotations

import socket

import pytest

from tests.scripts.loading import load_script


class BecameError(Exception):
    """The script would have become this command."""


def fake_become(*arguments: str) -> None:
    raise BecameError(*arguments)


def test_a_taken_port_is_said_in_one_line_with_another_to_type() -> None:
    demo = load_script("demo")
    with socket.socket() as door:
        door.bind((demo.HOST, 0))
        door.listen()
        port = str(door.getsockname()[1])
        fault = demo.fault_of_port(port)
    assert fault is not None
    assert fault.startswith(f"Port {port} cannot be used")
    assert "make demo PORT=8080" in fault
    assert "\n" not in fault


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", ""])
def test_what_is_no_port_is_refused_in_one_line(port: str) -> None:
    fault = load_script("demo").fault_of_port(port)
    assert fault is not None
    assert "1 to 65535" in fault


def test_a_taken_port_stops_the_demo_before_anything_is_planned(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    demo = load_script("demo")
    monkeypatch.setattr(demo, "fault_of_port", lambda _: "taken")
    monkeypatch.setattr(demo, "become", fake_become)
    monkeypatch.delenv("SERVE", raising=False)
    assert demo.main() == 1
    assert capsys.readouterr().err == "taken\n"


def test_without_serving_no_port_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = load_script("demo")
    monkeypatch.setattr(demo, "fault_of_port", lambda _: "taken")
    monkeypatch.setattr(demo, "become", fake_become)
    monkeypatch.setenv("SERVE", "0")
    with pytest.raises(BecameError) as became:
        demo.main()
    assert became.value.args == ("demo", "--folder", str(demo.FOLDER), "--no-serve")


def test_it_serves_on_the_port_that_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    demo = load_script("demo")
    monkeypatch.setattr(demo, "fault_of_port", lambda _: None)
    monkeypatch.setattr(demo, "become", fake_become)
    monkeypatch.setenv("SERVE", "1")
    monkeypatch.setenv("PORT", "8123")
    with pytest.raises(BecameError) as became:
        demo.main()
    assert became.value.args == ("demo", "--folder", str(demo.FOLDER), "--port", "8123")
