"""Proving a number in a real browser: in every look, by thumb and without scripts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from linli.modules.cases.models import Category
from linli.platform.access.public import acting
from linli.platform.notices.tests.gatewayserver import Gateway, listening, point_to
from linli.platform.pages.testing import LOOKS, Look, browser, opened, served
from linli.sites.portal.tests.conftest import SECRET, draw
from linli.sites.portal.tests.test_look import PHONE as SCREEN
from linli.sites.portal.tests.test_look import Walk, case_with
from linli.sites.portal.tests.test_phone import PHONE, SYSTEM, work
from tests.cast import Cast

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def drawn(committed_cast: Cast) -> Cast:
    draw(committed_cast)
    with acting(SYSTEM):
        changed = Category.objects.filter(code="F01")
        changed.update(anonymous_allowed=False, needs_proven_phone=True)
    connection.close()
    return committed_cast


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as started:
        yield started


@pytest.fixture
def gateway(settings: Any) -> Iterator[Gateway]:
    with listening() as started:
        point_to(settings, started.url)
        yield started


def code(gateway: Gateway) -> str:
    """The code that arrives on the phone."""
    work()
    connection.close()
    return gateway.code()


@pytest.mark.parametrize("look", LOOKS, ids=lambda one: one.name)
def test_a_number_is_proven_on_a_phone(
    drawn: Cast, chromium: Browser, gateway: Gateway, look: Look
) -> None:
    with served() as site, opened(chromium, f"{site}/", look, "phone") as page:
        walk = Walk(page, site, look, [])
        page.goto(f"{site}/report/kinds/F/")
        walk.press('button[value="F01"]')
        page.goto(f"{site}/report/where/place/?in={drawn.street.key}")
        walk.press(f'button[value="{drawn.community.key}"]')
        walk.press(".form-actions .button.primary")
        page.fill("[name=text]", "物业不修门禁，晚上谁都能进")
        walk.press(".form-actions .button.primary")
        walk.press(".form-actions .button.primary")
        walk.see("contact-code-needed")
        page.fill("[name=phone]", PHONE)
        page.fill("[name=name]", SECRET["name"])
        walk.press(".form-actions .button.primary")
        walk.see("phone-code")
        page.fill("[name=phone_code]", "12")
        walk.press(".form-actions .button.primary")
        walk.see("phone-code-wrong")
        page.fill("[name=phone_code]", code(gateway))
        walk.press(".form-actions .button.primary")
        walk.see("check-proven")
        walk.press("form[action='/report/check/'] button")
        walk.see("receipt-proven")
        number = page.url.split("/")[4]
        assert case_with(number).category.code == "F01"
        page.context.clear_cookies(name="linli_receipts")
        page.context.clear_cookies(name="sessionid")
        walk.go("/case/", "look-up-codes")
        walk.press('a[href="/phone/"]')
        walk.see("own-number")
        page.fill("[name=phone]", PHONE)
        walk.press("form[action='/phone/'] button")
        page.fill("[name=phone_code]", code(gateway))
        walk.press(".form-actions .button.primary")
        walk.see("own-reports")
        walk.press(f'main a[href="/case/{number}/"]')
        walk.see("case-by-phone")
        assert "物业不修门禁" in page.inner_text("main")
        walk.go("/phone/", "own-number-proven")
        walk.go(f"/case/{number}/contact/", "change-contact-codes")
        assert walk.faults == []
        assert [one for one in page.complaints if "422" not in one] == []  # type: ignore[attr-defined]


@pytest.mark.parametrize("look", LOOKS[:2], ids=lambda one: one.name)
def test_without_a_gateway_such_a_kind_leads_to_the_telephone(
    drawn: Cast, chromium: Browser, look: Look
) -> None:
    with served() as site, opened(chromium, f"{site}/", look, "phone") as page:
        walk = Walk(page, site, look, [])
        page.goto(f"{site}/report/kinds/F/")
        walk.press('button[value="F01"]')
        walk.see("in-person")
        assert page.is_visible('main a[href="tel:12345"]')
        assert walk.faults == []


def test_without_scripts_a_code_is_asked_for_and_typed(
    drawn: Cast, chromium: Browser, gateway: Gateway, tmp_path: Path
) -> None:
    with served() as site:
        context = chromium.new_context(
            viewport=SCREEN,  # type: ignore[arg-type]
            java_script_enabled=False,
            locale="zh-CN",
        )
        page = context.new_page()
        page.goto(f"{site}/report/kinds/B/")
        page.click('button[value="B01"]')
        page.goto(f"{site}/report/where/place/?in={drawn.street.key}")
        page.click(f'button[value="{drawn.community.key}"]')
        page.click(".form-actions .button.primary")
        page.fill("[name=text]", "垃圾成堆，没人来收")
        page.click(".form-actions .button.primary")
        page.click(".form-actions .button.primary")
        page.fill("[name=phone]", PHONE)
        page.check("[name=prove]")
        page.click(".form-actions .button.primary")
        page.click("button[name=again]")
        page.fill("[name=phone_code]", code(gateway))
        page.click(".form-actions .button.primary")
        page.click("form[action='/report/check/'] button")
        assert page.is_visible(".ticket-number")
        page.goto(f"{site}/phone/reports/")
        assert page.is_visible(".place-row")
        page.click("form[action='/phone/forget/'] button")
        assert page.is_visible("[name=phone]")
        context.close()


def test_targets_and_letters_of_the_elderly_version(
    drawn: Cast, chromium: Browser, gateway: Gateway
) -> None:
    small = (
        "[...document.querySelectorAll('main a.button, main button, main a.act, main input.input')]"
        ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 59.5)"
        ".map(e => e.outerHTML.slice(0, 120))"
    )
    letters = (
        "[...document.querySelectorAll('main *')].filter(e => e.offsetParent"
        " && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())"
        " && parseFloat(getComputedStyle(e).fontSize) < 18).map(e => e.outerHTML.slice(0, 120))"
    )
    look = Look(mode="elderly", size="30")
    with served() as site, opened(chromium, f"{site}/phone/", look, "phone") as page:
        walk = Walk(page, site, look, [])
        for turn in range(3):
            walk.see(f"elderly-phone-{turn}")
            assert page.evaluate(small) == []
            assert page.evaluate(letters) == []
            if page.query_selector("[name=phone]") is not None:
                page.fill("[name=phone]", PHONE)
                walk.press("form[action='/phone/'] button")
            elif page.query_selector("[name=phone_code]") is not None:
                page.fill("[name=phone_code]", code(gateway))
                walk.press(".form-actions .button.primary")
        assert page.url.endswith("/phone/reports/")
        assert walk.faults == []
