"""Every residents' page in a real browser: a journey on a phone, and the accessibility check."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page

from linli.modules.cases.models import Case
from linli.platform.access.public import Actor, acting
from linli.platform.pages.testing import LOOKS, Look, axe, browser, opened, served
from linli.sites.portal.tests.conftest import SECRET, close, draw, jpeg
from tests.cast import Cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
# Set to a folder to keep a picture of every page.
PICTURES = os.environ.get("LINLI_PICTURES", "")


@pytest.fixture
def drawn(committed_cast: Cast) -> Cast:
    draw(committed_cast)
    return committed_cast


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def site() -> Iterator[str]:
    with served() as address:
        yield address


@dataclass
class Walk:
    """A page in one look, and what is wrong with what it shows."""

    page: Page
    site: str
    look: Look
    faults: list[str]
    width: str = "phone"

    def see(self, name: str) -> None:
        """Check what is shown now, and keep a picture of it where pictures are wanted."""
        self.page.wait_for_selector("html[data-ready]")
        if PICTURES:
            folder = Path(PICTURES)
            folder.mkdir(parents=True, exist_ok=True)
            target = folder / f"{name}-{self.width}-{self.look.name}.png"
            self.page.screenshot(path=target, full_page=True)
        self.faults += [f"{name} {self.look.name}: {fault}" for fault in axe(self.page)]
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            self.faults.append(f"{name} {self.look.name}: {wide} px too wide")

    def go(self, path: str, name: str) -> None:
        self.page.goto(f"{self.site}{path}")
        self.see(name)

    def press(self, selector: str) -> None:
        self.page.click(selector)
        self.page.wait_for_load_state()


def photo_file(tmp_path: Path) -> Path:
    path = tmp_path / "lane.jpg"
    path.write_bytes(jpeg((1200, 900)))
    return path


def report(walk: Walk, tmp_path: Path, *, seen: bool = True) -> str:
    """The whole journey; gives the number."""

    def see(name: str) -> None:
        if seen:
            walk.see(name)

    page = walk.page
    page.goto(f"{walk.site}/")
    see("home")
    walk.press("a.act.main")
    see("kind")
    walk.press('a[href="/report/kinds/A/"]')
    see("kinds")
    walk.press('button[value="A01"]')
    see("stop")
    walk.press(".stop form button")
    page.wait_for_selector("[data-point] canvas")
    page.click("[data-point] .view canvas")
    page.wait_for_function("document.querySelector('[name=lng]').value")
    page.fill("[name=place]", SECRET["place"])
    see("where")
    walk.press(".form-actions .button.primary")
    page.fill("[name=text]", SECRET["text"])
    see("what")
    walk.press(".form-actions .button.primary")
    page.set_input_files("input[name=photos]", photo_file(tmp_path))
    page.wait_for_selector("[data-files-list] img")
    see("photos")
    walk.press(".form-actions .button.primary")
    if seen:
        walk.go("/report/photos/", "photos-kept")
        assert page.is_visible(".kept img")
        walk.press(".form-actions .button.primary")
    if page.url.endswith("/report/same/"):
        see("same")
        walk.press("form[action='/report/same/'] button")
    page.fill("[name=phone]", SECRET["phone"])
    page.fill("[name=name]", SECRET["name"])
    see("contact")
    walk.press(".form-actions .button.primary")
    see("check")
    walk.press("form[action='/report/check/'] button")
    see("receipt")
    return page.url.split("/")[4]


def case_with(number: str) -> Case:
    """The case as stored. The browser's context has a connection of its own: it is not kept."""
    try:
        with acting(Actor.system("test")):
            return Case.objects.select_related("category", "unit").get(number=number)
    finally:
        connection.close()


def closed(cast: Cast, case: Case) -> None:
    """`close`, leaving no connection behind."""
    try:
        close(cast, case)
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=lambda one: one.name)
def test_a_journey_on_a_phone(
    drawn: Cast, chromium: Browser, site: str, look: Look, tmp_path: Path
) -> None:
    with opened(chromium, f"{site}/", look, "phone") as page:
        walk = Walk(page, site, look, [])
        number = report(walk, tmp_path)
        case = case_with(number)
        assert case.unit.name == "第一网格"
        assert case.text == SECRET["text"]
        walk.go(f"/case/{number}/", "case-own")
        for act in ("add", "withdraw", "contact"):
            walk.go(f"/case/{number}/{act}/", f"case-{act}")
        closed(drawn, case)
        walk.go(f"/case/{number}/", "case-closed")
        walk.go(f"/case/{number}/reopen/", "case-reopen")
        walk.go(f"/case/{number}/rate/", "case-rate")
        page.keyboard.press("Escape")
        page.focus("[name=stars][value='1']")
        for _turn in range(4):
            page.keyboard.press("ArrowRight")
        page.fill("[name=words]", "很快")
        walk.press(".form-actions .button.primary")
        walk.see("case-rated")
        assert case_with(number).rating == 5
        page.context.clear_cookies(name="linli_receipts")
        walk.go(f"/case/{number}/", "case-stranger")
        walk.go(f"/case/{number}/code/", "case-code")
        assert walk.faults == []
        assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("look", LOOKS, ids=lambda one: one.name)
def test_pages_with_faults_and_the_other_ways(
    drawn: Cast, chromium: Browser, site: str, look: Look, tmp_path: Path
) -> None:
    with opened(chromium, f"{site}/", look, "phone") as page:
        walk = Walk(page, site, look, [])
        first = report(walk, tmp_path, seen=False)
        walk.go("/", "home-again")
        walk.go("/ways/", "ways")
        walk.go("/paper/", "paper")
        walk.go(f"/paper/?place={drawn.community.key}", "paper-chosen")
        walk.go("/case/", "look-up")
        walk.go("/case/?number=20261120100002", "look-up-wrong")
        walk.go("/leave/", "leave")
        walk.go("/report/?q=灯", "kind-found")
        page.goto(f"{site}/report/kinds/A/")
        walk.press('button[value="A01"]')
        walk.press(".stop form button")
        page.goto(f"{site}/report/where/place/")
        walk.see("place")
        walk.go(f"/report/where/place/?in={drawn.street.key}", "place-below")
        page.goto(f"{site}/report/where/")
        walk.press(".form-actions .button.primary")
        walk.see("where-wrong")
        page.wait_for_selector("[data-point] canvas")
        page.click("[data-point] .view canvas")
        page.wait_for_function("document.querySelector('[name=lng]').value")
        walk.press(".form-actions .button.primary")
        page.fill("[name=text]", "长" * 2100)
        walk.press(".form-actions .button.primary")
        walk.see("what-wrong")
        page.fill("[name=text]", "通道又堵了")
        walk.press(".form-actions .button.primary")
        bad = tmp_path / "program.jpg"
        bad.write_bytes(b"MZ" + b"\0" * 3000)
        page.set_input_files("input[name=photos]", bad)
        walk.press(".form-actions .button.primary")
        walk.see("photos-wrong")
        walk.press(".form-actions .button.primary")
        assert page.url.endswith("/report/same/")
        walk.see("same")
        walk.go(f"/report/follow/{first}/", "follow")
        page.goto(f"{site}/report/same/")
        walk.press("form[action='/report/same/'] button")
        page.fill("[name=phone]", "12")
        walk.press(".form-actions .button.primary")
        walk.see("contact-wrong")
        assert walk.faults == []


@pytest.mark.slow
def test_without_scripts_the_whole_way_works(
    drawn: Cast, chromium: Browser, site: str, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False, locale="zh-CN")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/report/kinds/B/")
    page.click('button[value="B01"]')
    assert not page.is_visible(".needs-script")
    page.click('a[href="/report/where/place/"]')
    page.click("text=浒山街道")
    page.click("text=青少年宫路社区")
    page.fill("[name=place]", "七号楼旁")
    page.click(".form-actions .button.primary")
    page.fill("[name=text]", "垃圾成堆，没人来收")
    page.click(".form-actions .button.primary")
    page.set_input_files("input[name=photos]", photo_file(tmp_path))
    page.click(".form-actions .button.primary")
    page.click("button[name=anonymous]")
    page.click("form[action='/report/check/'] button")
    number = page.url.split("/")[4]
    assert page.is_visible(".ticket-number")
    assert case_with(number).unit.name == "青少年宫路社区"
    context.close()


@pytest.mark.slow
def test_targets_and_letters_of_the_elderly_version(
    drawn: Cast, chromium: Browser, site: str, tmp_path: Path
) -> None:
    small = (
        "[...document.querySelectorAll('main a.button, main button, main a.act, main input.input')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 59.5"
        " && !e.closest('.map, .trap')).map(e => e.outerHTML.slice(0, 120))"
    )
    letters = (
        "[...document.querySelectorAll('main *')].filter(e => e.offsetParent"
        " && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())"
        " && parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 120))"
    )
    for size in ("18", "30"):
        look = Look(mode="elderly", size=size)
        with opened(chromium, f"{site}/", look, "phone") as page:
            walk = Walk(page, site, look, [])
            for path in ("/", "/report/", "/report/kinds/A/", "/case/", "/ways/", "/paper/"):
                walk.go(path, f"elderly{path.replace('/', '-')}")
                assert page.evaluate(small) == [], path
                assert page.evaluate(letters) == [], path
            assert walk.faults == []


@pytest.mark.slow
def test_wide_screens(drawn: Cast, chromium: Browser, site: str, tmp_path: Path) -> None:
    look = LOOKS[0]
    with opened(chromium, f"{site}/", look, "desktop") as page:
        walk = Walk(page, site, look, [], width="desktop")
        number = report(walk, tmp_path)
        walk.go(f"/case/{number}/", "case-own")
        walk.go("/", "home-again")
        assert walk.faults == []


def test_the_receipt_becomes_a_picture(
    drawn: Cast, chromium: Browser, site: str, tmp_path: Path
) -> None:
    with opened(chromium, f"{site}/", LOOKS[0], "phone") as page:
        number = report(Walk(page, site, LOOKS[0], []), tmp_path, seen=False)
        with page.expect_download() as waiting:
            page.click("[data-ticket-save]")
        saved = tmp_path / "receipt.png"
        waiting.value.save_as(saved)
        assert waiting.value.suggested_filename == f"{number}.png"
        assert saved.read_bytes().startswith(b"\x89PNG")
        if PICTURES:
            (Path(PICTURES) / "receipt-picture.png").write_bytes(saved.read_bytes())
