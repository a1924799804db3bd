"""Somebody with a browser of their own, for tests that follow a piece of work from hand to hand."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from linli.kernel.geo import Point
from linli.platform.pages.testing import browser, served
from tests.cast import PASSWORD
from tests.town import work_off

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
PICTURES = os.environ.get("LINLI_PICTURES", "")


class Person:
    """Somebody with a browser: opens pages, presses what is written on buttons, reads."""

    def __init__(
        self, chromium: Browser, site: str, name: str, *, at: Point, phone: bool = False
    ) -> None:
        self.site, self.name = site, name
        self.context = chromium.new_context(
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            has_touch=phone,
            locale="zh-CN",
            reduced_motion="reduce",
            geolocation={"longitude": at.lng, "latitude": at.lat},
            permissions=["geolocation"],
        )
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, path: str) -> None:
        """Go there; who is asked to sign in does so."""
        self.page.goto(f"{self.site}{path}")
        if "/accounts/login/" in self.page.url:
            self.page.get_by_label("用户名或手机号").fill(f"cast_{self.name}")
            self.page.get_by_label("密码").fill(PASSWORD)
            self.page.get_by_role("button", name="登录", exact=True).click()
            self.page.wait_for_url(f"{self.site}{path}")
        self.page.wait_for_selector("html[data-ready]")

    def press(self, words: str) -> None:
        """Press the button or link with these words on it; forms may open at the side."""
        self.page.wait_for_selector("html[data-ready]")
        here = self.page.locator("main, #panel.open")
        button = here.get_by_role("button", name=words, exact=True)
        one = button.or_(here.get_by_role("link", name=words, exact=True)).last
        opens_at_the_side = one.get_attribute("data-panel") is not None
        one.click()
        if opens_at_the_side:
            self.page.wait_for_selector("#panel.open form")
        self.page.wait_for_load_state()
        work_off()

    def choose(self, name: str, value: str) -> None:
        """Out of a list, which may be drawn with a search box over it."""
        self.page.locator(f"select[name={name}]").select_option(value, force=True)

    def act_as(self, title: str) -> None:
        """In another of one's capacities."""
        self.open("/desk/")
        self.page.locator("summary.capacity").click()
        self.page.locator("button[name=capacity]", has_text=title).click()
        self.page.wait_for_load_state()

    def give_photo(self, file: Path) -> None:
        self.page.wait_for_selector("html[data-ready]")
        self.page.set_input_files("input[name=photos]", file)
        self.page.wait_for_selector("[data-files-list] img")

    def reads(self, *texts: str) -> None:
        """All of this stands on the page."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(re.compile(in_any_spacing(text)))

    def part(self, title: str) -> Any:
        """The card of that title."""
        return self.page.locator("section.card", has=self.page.get_by_role("heading", name=title))

    def keeps(self, name: str) -> None:
        """A picture of the page where pictures are wanted."""
        if PICTURES:
            self.page.screenshot(path=Path(PICTURES, f"outcome-{name}.png"), full_page=True)


def in_any_spacing(text: str) -> str:
    """The text as a pattern; numbers are shown in groups and words over several lines."""
    return r"\s*".join(re.escape(letter) for letter in text if not letter.isspace())


def photo(folder: Path, name: str, colour: str) -> Path:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), colour).save(out, "JPEG")
    file = folder / name
    file.write_bytes(out.getvalue())
    return file


@contextmanager
def people(*names: str, phones: set[str], at: Point) -> Iterator[dict[str, Person]]:
    """A browser for each; those on the move carry a phone, which knows where it is."""
    with served() as site, browser() as chromium:
        yield {name: Person(chromium, site, name, at=at, phone=name in phones) for name in names}
