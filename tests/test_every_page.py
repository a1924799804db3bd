"""Every page of the desk in a real Chromium: three modes, two languages, nothing to complain of.

The pages are walked from the registers, the navigation and the named addresses, so that a new one
cannot be forgotten. LINLI_PICTURES names a folder to keep a picture of each.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from linli.platform.pages import testing
from linli.platform.pages.testing import LOOKS, Look
from tests.cast import Cast
from tests.day import a_day
from tests.named import name_of, named_addresses
from tests.sights import Sight, clients, desk_sights, storage_of
from tests.test_registers import all_registers

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.slow]

PICTURES = os.environ.get("LINLI_PICTURES", "")
BY_LANGUAGE = {
    language: [look for look in LOOKS if look.language == language]
    for language in ("zh-hans", "en")
}
# Looked at where they are made: the residents' pages and the gallery of components.
ELSEWHERE = ("portal:", "pages:gallery")
# Addresses that answer with no page of their own: data, files, or an act and the way back.
NO_PAGES = {
    "access_capacity", "files:file", "files:thumb", "notices:open", "notices:read",
    "notices:read_all", "notices:read_some", "pages:preferences", "desk:case-points",
    "desk:divisions.shapes", "desk:*.keep_view", "desk:*.drop_view", "desk:*.follow",
    "desk:fetch_export", "desk:cancel_export", "desk:again_export",
}  # fmt: skip
# Latin words on Chinese pages: those people in the field say so, and names of products, accounts
# and files that the day of the cast brings along.
LATIN = {
    "CSV", "Excel", "PDF", "GeoJSON", "FeatureCollection", "GPS", "WGS", "GCJ", "BD", "IP", "QR",
    "km", "Delete", "Microsoft", "Authenticator", "FreeOTP", "NIST", "GB", "SP", "Blocked", "fire",
    "lane", "jpg", "code", "name", "cast", "city", "officer", "wang", "xiaofang",
}  # fmt: skip
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
COLOURS = ["color-contrast", "link-in-text-block"]


# Of these every register has its own; acts are walked one by one.
OF_EVERY_REGISTER = ("row", "print", "export")


def collapsed(name: str) -> str:
    """The name of an address; of a register's further addresses one stands for all."""
    register, dot, part = name.rpartition(".")
    known = dot and register.removeprefix("desk:") in {one.name for one in all_registers()}
    return f"desk:*.{part}" if known and part not in OF_EVERY_REGISTER else name


class Walk:
    """One person after the other through the pages, in one language."""

    def __init__(self, chromium: Browser, site: str, cast: Cast, looks: list[Look]) -> None:
        self.site, self.cast, self.looks = site, cast, looks
        self.clients = clients(cast)
        self.pages = {who: self._open(chromium, who) for who in self.clients}
        self.faults: list[str] = []
        self.seen: set[str] = set()

    def _open(self, chromium: Browser, who: str) -> Page:
        context = chromium.new_context(
            viewport=DESK,
            locale="zh-CN" if self.looks[0].language == "zh-hans" else "en-GB",
            reduced_motion="reduce",
            storage_state=storage_of(self.clients[who]),  # type: ignore[arg-type]
        )
        first = self.looks[0]
        chosen = {"django_language": first.language, "linli_theme": "light"}
        context.add_cookies([{"name": k, "value": v, "url": self.site} for k, v in chosen.items()])
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda m: said.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.said = said  # type: ignore[attr-defined]
        return page

    def see(self, sight: Sight) -> None:
        """Open it and look at it in every mode; a twin in one alone."""
        client, page = self.clients[sight.who], self.pages[sight.who]
        if sight.prepare:
            sight.prepare(client, self.cast)
        page.said.clear()  # type: ignore[attr-defined]
        answer = page.goto(self.site + sight.path)
        status = answer.status if answer else 0
        page.wait_for_selector("html[data-ready]")
        self.seen.add(collapsed(name_of(page.url)))
        if sight.press:
            sight.press(page)
            page.wait_for_selector("html[data-ready]")
            self.seen.add(collapsed(name_of(page.url)))
        elif status != sight.status:
            self._fault(sight, f"answered {status}")
        self._read(sight, page)
        if sight.twin:
            self._look(sight, page, self.looks[0])
            return
        for look in self.looks:
            testing.wear(page, look)
            self._look(sight, page, look)
        # The grid worker opens the same pages on a phone.
        testing.wear(page, self.looks[0])
        page.set_viewport_size(PHONE)
        self._fault(sight, *(f"390 {fault}" for fault in testing.too_wide(page)))
        page.set_viewport_size(DESK)

    def _read(self, sight: Sight, page: Page) -> None:
        faults = testing.untitled(page)
        if self.looks[0].language == "zh-hans":
            strange = testing.latin_words(page) - LATIN
            faults += [f"not in Chinese: {sorted(strange)}"] if strange else []
        if sight.status == 200 and not sight.press:
            faults += page.said  # type: ignore[attr-defined]
        self._fault(sight, *faults)

    def _look(self, sight: Sight, page: Page, look: Look) -> None:
        if PICTURES:
            name = re.sub(r"[^\w-]+", "-", str(sight)).strip("-")
            page.screenshot(path=Path(PICTURES, f"{name}-{look.name}.png"))
        # Another theme is another set of colours; everything else was looked at before.
        faults = testing.axe(page, COLOURS if look.theme == "dark" else ())
        faults += testing.too_wide(page)
        self._fault(sight, *(f"{look.name} {fault}" for fault in faults))

    def _fault(self, sight: Sight, *faults: str) -> None:
        self.faults += [f"{sight}: {fault}" for fault in faults]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


@pytest.mark.parametrize("language", BY_LANGUAGE)
def test_every_page_of_the_desk_reads_well(
    committed_cast: Cast, chromium: Browser, settings: Any, tmp_path: Path, language: str
) -> None:
    settings.MEDIA_ROOT = tmp_path
    a_day(committed_cast)
    whole = language == "zh-hans"
    with testing.served() as site:
        walk = Walk(chromium, site, committed_cast, BY_LANGUAGE[language])
        for sight in list(desk_sights(committed_cast)):
            if whole or not sight.twin:
                walk.see(sight)
    assert not walk.faults, "\n".join(walk.faults)
    named = {collapsed(name) for name in named_addresses() if not name.startswith(ELSEWHERE)}
    assert not whole or named - walk.seen <= NO_PAGES, "pages nobody looked at"
