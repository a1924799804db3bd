"""Signing in with a second factor in a real browser, from the first sign-in to the next."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from linli.platform.pages.testing import Look, axe, browser, opened, served
from tests.cast import PASSWORD, make_cast

pytestmark = pytest.mark.browser


def code(key: str) -> str:
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def test_a_second_factor_from_set_up_to_the_next_sign_in(
    committed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    make_cast()
    with served() as address, browser() as chromium:
        url = f"{address}/accounts/login/"
        with opened(chromium, url, Look(language="en"), "phone") as page:
            page.get_by_label("User name or phone number").fill("cast_clerk")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{address}/desk/**")

            page.goto(f"{address}/accounts/security/")
            assert axe(page) == []
            page.get_by_role("link", name="Set up").click()
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Continue").click()
            page.wait_for_url("**/accounts/totp/activate/")
            assert page.locator(".qr svg path").count() == 1
            assert axe(page) == []
            page.get_by_text("The camera does not work").click()
            key = page.locator(".secret-key").inner_text().replace(" ", "")
            page.get_by_label("The six digits the app shows now").fill(code(key))
            page.get_by_role("button", name="Switch on").click()

            page.wait_for_url("**/accounts/recovery-codes/")
            codes = page.locator(".recovery-codes li").all_inner_texts()
            assert len(codes) == 10
            assert axe(page) == []
            with page.expect_download() as download:
                page.get_by_role("link", name="Download").click()
            kept = download.value.path().read_text(encoding="utf-8")
            assert all(one.replace(" ", "") in kept for one in codes)
            page.get_by_role("link", name="I have kept them").click()
            assert page.get_by_text("switched on").is_visible()

            page.goto(f"{address}/accounts/logout/")
            page.get_by_role("button", name="Sign out").click()
            page.wait_for_url("**/accounts/login/")
            page.get_by_label("User name or phone number").fill("cast_clerk")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/accounts/code/**")
            assert axe(page) == []
            page.get_by_label("Code from your phone").fill(codes[3])
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url(f"{address}/desk/**")
            assert page.complaints == []  # type: ignore[attr-defined]
