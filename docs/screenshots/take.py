"""Take the board's screenshots anew: ``python docs/screenshots/take.py PLAN REQUEST`` (needs Chromium).

Four PNG files beside this one: the board on a desktop and on a phone, in Chinese and in English.
"""

# ruff: noqa: INP001 - a script, run by path

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from dispatch.format.read import read_plan, read_request
from web.app import make_app

HERE = Path(__file__).parent


def open_page(browser: Browser, address: str, lang: str, *, phone: bool = False) -> Page:
    """Open the board and wait until it is drawn."""
    page = browser.new_page(
        viewport={"width": 390, "height": 844} if phone else {"width": 1440, "height": 900},
        device_scale_factor=2 if phone else 1,
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
    )
    page.goto(f"{address}/?lang={lang}")
    page.wait_for_selector("body[data-ready=yes]")
    return page


def save(page: Page, name: str) -> None:
    """Write one screenshot, with nothing pointed at."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.png")


def take(browser: Browser, address: str) -> None:
    """Take all four."""
    page = open_page(browser, address, "zh")
    page.locator("[data-tab=unplanned]").click()
    save(page, "board-zh")
    page = open_page(browser, address, "en")
    page.locator(".row .visit").nth(9).click()
    page.evaluate("document.activeElement.blur()")
    save(page, "board-en")
    page = open_page(browser, address, "zh", phone=True)
    page.locator(".card").nth(1).click()
    page.locator(".card").nth(1).evaluate("card => card.scrollIntoView({block: 'start'})")
    save(page, "phone-zh")
    page = open_page(browser, address, "en", phone=True)
    page.locator(".card").nth(2).click()
    page.locator(".stop-line[data-ticket]").nth(1).click()
    save(page, "phone-en")


def main(plan_file: str, request_file: str) -> None:
    """Serve the plan on a free port and take the screenshots."""
    request = read_request(Path(request_file).read_bytes())
    plan = read_plan(Path(plan_file).read_bytes(), request)
    server = make_server("127.0.0.1", 0, make_app(plan, request), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser, f"http://127.0.0.1:{server.server_port}")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
