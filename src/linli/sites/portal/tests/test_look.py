"""Every residents' page in a real browser: a journey on a phone, and the accessibility check."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.db import connection
from playwright.sync_api import Browser, Page, expect

from linli.modules.cases.models import Case
from linli.platform.access.public import Actor, acting
from linli.platform.pages import testing
from linli.platform.pages.testing import LOOKS, Look, browser, opened, served
from linli.sites.portal.tests.conftest import SECRET, close, draw, jpeg
from tests.cast import Cast
from tests.named import name_of, named_addresses

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
# Set to a folder to keep a picture of every page.
PICTURES = os.environ.get("LINLI_PICTURES", "")
WIDE = {"width": 1440, "height": 900}
# The server draws the elderly version itself; the dark one is the normal one in other colours.
JOURNEYS = [look for look in LOOKS if look.theme == "light"]
FILE_WORDS = {"lane", "program", "jpg", "JPEG", "PNG", "WebP"}
# Data, a file, or an act and the way back; the last five are looked at in test_phone_look.
NO_PAGES = {
    f"portal:{name}"
    for name in (
        "areas", "photo", "choose", "start_over", "forget_number",
        "phone", "in_person", "own_number", "phone_code", "own_reports",
    )
}  # fmt: skip


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
    """A page in one look, or in several worn in turn, and what is wrong with what it shows."""

    page: Page
    site: str
    look: Look
    faults: list[str]
    width: str = "phone"
    also: tuple[Look, ...] = ()
    seen: set[str] = field(default_factory=set)

    def see(self, name: str) -> None:
        """Check what is shown now, and keep a picture of it where pictures are wanted."""
        self.page.wait_for_selector("html[data-ready]")
        self.seen.add(name_of(self.page.url))
        self._found(name, self.look, self._read() + testing.axe(self.page))
        self._keep(name, self.look)
        for other in self.also:
            testing.wear(self.page, other)
            self._found(name, other, testing.axe(self.page) + testing.too_wide(self.page))
            self._keep(name, other)
        if self.also:
            testing.wear(self.page, self.look)
            self.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            self._found(name, self.look, [f"1440 {one}" for one in testing.too_wide(self.page)])
            self.page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    def _read(self) -> list[str]:
        said: list[str] = self.page.complaints  # type: ignore[attr-defined]
        faults = testing.untitled(self.page) + testing.too_wide(self.page)
        # A page with a fault in its form is answered so.
        faults += [text for text in said if "status of 422" not in text]
        if self.look.language == "zh-hans":
            strange = testing.latin_words(self.page) - FILE_WORDS
            faults += [f"not in Chinese: {sorted(strange)}"] if strange else []
        said.clear()
        return faults

    def _found(self, name: str, look: Look, faults: list[str]) -> None:
        self.faults += [f"{name} {look.name}: {fault}" for fault in faults]

    def _keep(self, name: str, look: Look) -> None:
        if PICTURES:
            target = Path(PICTURES) / f"{name}-{self.width}-{look.name}.png"
            target.parent.mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=target, full_page=True)

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
    expect(page.locator("[name=lng]")).not_to_have_value("")
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
@pytest.mark.parametrize("look", JOURNEYS, ids=lambda one: one.name)
def test_every_page_on_a_phone(
    drawn: Cast, chromium: Browser, site: str, look: Look, tmp_path: Path
) -> None:
    dark = Look(theme="dark", language=look.language)
    with opened(chromium, f"{site}/", look, "phone") as page:
        walk = Walk(page, site, look, [], also=(dark,) if look.mode == "normal" else ())
        number = report(walk, tmp_path)
        case = case_with(number)
        assert case.unit.name == "第一网格"
        assert case.text == SECRET["text"]
        see_the_other_ways(walk, drawn)
        see_faults(walk, drawn, number, tmp_path)
        see_the_case(walk, drawn, case)
        assert walk.faults == [], "\n".join(walk.faults)
        named = {name for name in named_addresses() if name.startswith("portal:")}
        assert named - walk.seen == NO_PAGES, "pages nobody looked at"


def see_the_other_ways(walk: Walk, cast: Cast) -> None:
    """What stands around the journey."""
    walk.go("/", "home-again")
    walk.go("/ways/", "ways")
    walk.go("/paper/", "paper")
    walk.go(f"/paper/?place={cast.community.key}", "paper-chosen")
    walk.go("/case/", "look-up")
    walk.go("/case/?number=20261120100002", "look-up-wrong")
    walk.go("/leave/", "leave")
    walk.go("/report/?q=灯", "kind-found")


def see_faults(walk: Walk, cast: Cast, first: str, tmp_path: Path) -> None:
    """The same once more, with everything done wrong."""
    page, site = walk.page, walk.site
    page.goto(f"{site}/report/kinds/A/")
    walk.press('button[value="A01"]')
    walk.press(".stop form button")
    walk.go("/report/where/place/", "place")
    walk.go(f"/report/where/place/?in={cast.street.key}", "place-below")
    page.goto(f"{site}/report/where/")
    walk.press(".form-actions .button.primary")
    walk.see("where-wrong")
    page.wait_for_selector("[data-point] canvas")
    page.click("[data-point] .view canvas")
    expect(page.locator("[name=lng]")).not_to_have_value("")
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


def see_the_case(walk: Walk, cast: Cast, case: Case) -> None:
    """The report by its number, from the first day to the rating, and as a stranger reads it."""
    page, here = walk.page, f"/case/{case.number}/"
    walk.go(here, "case-own")
    for act in ("add", "withdraw", "contact"):
        walk.go(f"{here}{act}/", f"case-{act}")
    closed(cast, case)
    walk.go(here, "case-closed")
    walk.go(f"{here}reopen/", "case-reopen")
    walk.go(f"{here}rate/", "case-rate")
    page.keyboard.press("Escape")
    page.focus("[name=stars][value='1']")
    for _turn in range(4):
        page.keyboard.press("ArrowRight")
    page.fill("[name=words]", "很快")
    walk.press(".form-actions .button.primary")
    walk.see("case-rated")
    assert case_with(case.number).rating == 5
    page.context.clear_cookies(name="linli_receipts")
    walk.go(here, "case-stranger")
    walk.go(f"{here}code/", "case-code")


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
