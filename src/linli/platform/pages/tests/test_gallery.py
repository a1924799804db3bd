"""Every component, in every mode and language: nothing the accessibility check or the CSP minds."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from linli.platform.pages.testing import LOOKS, Look, axe, opened

pytestmark = pytest.mark.browser

PAGES = ["/gallery", "/gallery/portal", "/gallery/bare", "/gallery/error/409"]
SHAPES = [("desktop", look) for look in LOOKS] + [
    ("phone", look)
    for look in (
        Look(language="en"),
        Look(mode="elderly"),
        Look(mode="elderly", size="30", theme="dark", language="en"),
    )
]
TOO_SMALL = """least => [...document.querySelectorAll(
  'button, a.button, summary, .nav-item, .choice, .input, .select, .act')]
  .filter(one => one.checkVisibility() && !one.closest(`.maplibregl-map, .sr-only, .tree, .table,
    .filter-chip, .tabs, .segments, .map-twin, .chart-twin, .menu-list`))
  .filter(one => !one.matches('.sr-only, .skip, .row-link'))
  .filter(one => one.getBoundingClientRect().height < least)
  .map(one => one.outerHTML.slice(0, 90) + ' ' + one.getBoundingClientRect().height)"""
SMALL_LETTERS = """least => [...document.body.querySelectorAll('*')]
  .filter(one => [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
  .filter(one => one.checkVisibility() && !one.closest('svg, script, .maplibregl-map, .sr-only'))
  .filter(one => parseFloat(getComputedStyle(one).fontSize) < least)
  .map(one => one.outerHTML.slice(0, 90) + ' ' + getComputedStyle(one).fontSize)"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("width", "look"), SHAPES, ids=[f"{w}-{one.name}" for w, one in SHAPES])
def test_nothing_found_in_any_look(
    gallery: str, chromium: Browser, path: str, width: str, look: Look
) -> None:
    with opened(chromium, gallery + path, look, width) as page:
        settle(page)
        assert axe(page) == []
        assert complaints(page) == []
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, "the page must not scroll sideways"


@pytest.mark.parametrize("path", ["/gallery/portal", "/gallery/bare", "/gallery"])
@pytest.mark.parametrize("size", ["18", "30"])
def test_elderly_targets_and_letters(gallery: str, chromium: Browser, path: str, size: str) -> None:
    with opened(chromium, gallery + path, Look(mode="elderly", size=size), "phone") as page:
        settle(page)
        assert page.evaluate(TOO_SMALL, 60) == []
        assert page.evaluate(SMALL_LETTERS, 18) == []


def test_resident_targets(gallery: str, chromium: Browser) -> None:
    with opened(chromium, gallery + "/gallery/portal", Look(), "phone") as page:
        settle(page)
        assert page.evaluate(TOO_SMALL, 44) == []


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


def complaints(page: Page) -> list[str]:
    """What the page said to the console, but for the status an error page is there to have."""
    said: list[str] = page.complaints  # type: ignore[attr-defined]
    return [text for text in said if "status of 409" not in text]
