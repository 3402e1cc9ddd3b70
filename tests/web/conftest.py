"""A served board and a real browser that tells everything that went wrong in it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from dispatch.format.model import Plan, Request
from dispatch.travel.ways import Ways
from web.app import make_app

DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

Open = Callable[..., AbstractContextManager[Page]]


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One headless Chromium for the session."""
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve ``app`` on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def open_board(browser: Browser) -> Open:
    """Open a plan in the browser; leaving fails on console errors, page errors, foreign requests, CSP violations."""

    @contextmanager
    def opened(
        plan: Plan,
        request: Request | None,
        lang: str = "zh",
        size: dict[str, int] = DESKTOP,
        address: str = "",
        ways: Ways | None = None,
    ) -> Generator[Page]:
        faults: list[str] = []
        with serving(make_app(plan, request, lang, ways)) as base:
            options: dict[str, Any] = {"is_mobile": True, "has_touch": True} if size == PHONE else {}
            context = browser.new_context(viewport=size, reduced_motion="reduce", **options)
            context.add_init_script(
                "document.addEventListener('securitypolicyviolation', "
                "(event) => console.error('CSP ' + event.violatedDirective + ' ' + event.blockedURI));"
            )
            page = context.new_page()
            page.on("console", lambda line: faults.append(line.text) if line.type in {"error", "warning"} else None)
            page.on("pageerror", lambda fault: faults.append(str(fault)))
            page.on("request", lambda asked: None if asked.url.startswith(base) else faults.append(asked.url))
            page.on("response", lambda got: faults.append(f"{got.status} {got.url}") if got.status >= 400 else None)
            page.goto(f"{base}/{address}")
            page.wait_for_selector("body[data-ready=yes]")
            yield page
            context.close()
        assert faults == []

    return opened
