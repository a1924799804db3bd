"""The pictures of the README, taken from a running demonstration.

`.venv/bin/python -m linli.demo.screenshots http://127.0.0.1:8000 docs/screenshots`
"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page

from linli.demo.password import PASSWORD
from linli.platform.pages.testing import browser

DESK, PHONE = (1440, 900), (390, 844)
SETTLED = 2_500  # milliseconds until a map has drawn


def take(address: str, folder: Path) -> None:
    """A community worker's first page, a case, and a resident's phone."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as chromium:
        desk = page(chromium, address, DESK)
        sign_in(desk, address, "worker")
        shoot(desk, folder / "desk.png")
        desk.goto(f"{address}/desk/cases/?state=filed")
        desk.goto(address + str(desk.locator("a.row-link").first.get_attribute("href")))
        shoot(desk, folder / "case.png")
        phone = page(chromium, address, PHONE)
        phone.goto(f"{address}/")
        shoot(phone, folder / "phone.png")


def page(chromium: Browser, address: str, size: tuple[int, int]) -> Page:
    """A page in Chinese, light, of this size."""
    context = chromium.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="zh-CN", reduced_motion="reduce"
    )
    context.add_cookies([{"name": "django_language", "value": "zh-hans", "url": address}])
    return context.new_page()


def sign_in(shown: Page, address: str, name: str) -> None:
    """Sign in with a demonstration account."""
    shown.goto(f"{address}/accounts/login/")
    shown.fill("input[name=login]", name)
    shown.fill("input[type=password]", PASSWORD)
    shown.press("input[type=password]", "Enter")
    shown.wait_for_url("**/desk/**")


def shoot(shown: Page, path: Path) -> None:
    """Wait until the page stands still, then keep it."""
    shown.wait_for_load_state("networkidle")
    shown.wait_for_timeout(SETTLED)
    shown.screenshot(path=path)


if __name__ == "__main__":
    take(sys.argv[1].rstrip("/"), Path(sys.argv[2]))
