"""Take the screenshots anew: ``python docs/screenshots/take.py var/demo`` (needs Chromium).

Four PNG files beside this one: the desk's board on a desktop and the engineer's page on a phone, in Chinese and in English. They
are taken over a copy of the demonstration's database, which stays as it is.
"""

# ruff: noqa: INP001 - a script, run by path

from __future__ import annotations

import io
import logging
import shutil
import sys
import tempfile
import threading
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from dispatch.demo.make import DATABASE, REGION, database_in, find_demo, find_moment
from dispatch.domain.plan import Revision
from dispatch.storage.store import Store
from web.service.app import make_service
from web.service.log import make_log

HERE = Path(__file__).parent


def open_page(browser: Browser, address: str, lang: str, *, phone: bool = False) -> Page:
    """Open a page in a language that is kept for the pages after it."""
    page = browser.new_page(
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
    )
    page.set_default_timeout(120_000)
    page.goto(address)
    page.locator(f"button[name=lang][value={lang}]").click()
    page.locator(f"button[value={lang}][aria-current]").wait_for()
    return page


def save(page: Page, name: str) -> None:
    """Write one screenshot, with nothing pointed at."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.png")


def take(browser: Browser, address: str, engineer_id: str) -> None:
    """Take all four."""
    page = open_page(browser, f"{address}/board", "zh")
    page.locator("body[data-ready=yes]").wait_for()
    save(page, "board-zh")
    page = open_page(browser, f"{address}/board", "en")
    page.locator("body[data-ready=yes]").wait_for()
    page.locator(".row .visit").nth(9).click()
    page.evaluate("document.activeElement.blur()")
    save(page, "board-en")
    for lang in ("zh", "en"):
        page = open_page(browser, f"{address}/my-day", lang, phone=True)
        page.locator(f".people [value='engineer:{engineer_id}']").click()
        page.locator(".calls").wait_for()
        save(page, f"phone-{lang}")


def pick_engineer(revision: Revision) -> str:
    """Return an engineer with a full day."""
    counts: dict[str, int] = {}
    for visit in revision.visits:
        counts[visit.engineer_id] = counts.get(visit.engineer_id, 0) + 1
    return max(sorted(counts), key=lambda engineer_id: counts[engineer_id])


def main(folder: str) -> None:
    """Serve a copy of the demonstration on a free port and take the screenshots."""
    demo = find_demo(Path(folder))
    if demo is None:
        sys.exit(f"{folder}: no demonstration there. Type: make demo SERVE=0")
    moment = find_moment(demo)
    with tempfile.TemporaryDirectory() as copied:
        shutil.copy(demo.folder / DATABASE, copied)
        store = Store(database_in(Path(copied)))
        with store.reading() as unit:
            publication = unit.find_published(REGION.id, demo.day)
            if publication is None:
                sys.exit(f"{folder}: nothing is published there")
            engineer_id = pick_engineer(unit.get_revision(publication.revision_id))
        app: Flask = make_service(
            store, secret_key="pictures" * 4, clock=lambda: moment, log=make_log(io.StringIO()), drill=True
        )
        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # no line a request
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            take(browser, f"http://127.0.0.1:{server.server_port}", engineer_id)
            browser.close()
        store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
