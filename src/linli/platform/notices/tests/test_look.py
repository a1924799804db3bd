"""The pages of notices in a real Chromium: every look, nothing for the accessibility check to say.

With LINLI_SHOTS naming a folder, every page is also photographed there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.translation import gettext_lazy
from playwright.sync_api import Browser

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.access.scope import acting
from linli.platform.notices import actions
from linli.platform.notices.public import tell_accounts
from linli.platform.pages import testing
from tests.cast import Cast

SHOTS = os.environ.get("LINLI_SHOTS", "")
PAGES = {"notices": "/desk/notices/", "preferences": "/desk/notices/preferences/"}
TEXT = gettext_lazy("案件 3302 8226 1109 00%(n)s 已派给您，请在 %(due)s 前办结")
MORE = gettext_lazy("消防通道堵塞 · 浒山街道青少年宫路社区三北大街 " * 3)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


def session_of(account: Account) -> dict[str, Any]:
    """The session of somebody who is signed in, for a browser."""
    client = Client()
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "127.0.0.1"}
    extra = {"path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [cookie | extra], "origins": []}


def tell_some(cast: Cast) -> None:
    """Four new notices, and four the grid worker has read."""
    now = timezone.now()
    with acting(Actor.system("test")):
        for number in range(8):
            tell_accounts(
                [cast.grid_worker],
                verb="access.view_staff",
                subject=cast.community,
                text=TEXT,
                body=MORE if number % 2 else "",
                params={"n": number, "due": now + timedelta(hours=number)},
                url="/desk/",
                at=now - timedelta(hours=number * 5),
            )
    with acting(cast.actor("grid_worker")) as actor:
        actions.mark_all_read(actor=actor, at=now - timedelta(hours=16))


@pytest.mark.browser
@pytest.mark.parametrize("look", testing.LOOKS, ids=lambda look: look.name)
def test_every_page_reads_well(committed_cast: Cast, chromium: Browser, look: testing.Look) -> None:
    cast = committed_cast
    tell_some(cast)
    faults: list[str] = []
    with testing.served() as address:
        state = session_of(cast.grid_worker)
        for name, path in PAGES.items():
            for width in ("desktop", "phone") if SHOTS else ("phone",):
                with testing.opened(
                    chromium, address + path, look, width, storage_state=state
                ) as page:
                    if SHOTS:
                        page.screenshot(path=Path(SHOTS, f"{name}-{width}-{look.name}.png"))
                    faults += [f"{name}: {one}" for one in testing.axe(page)]
                    faults += [f"{name}: {one}" for one in page.complaints]  # type: ignore[attr-defined]
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        faults.append(f"{name} {width}: {wide} pixels wider than the window")
    assert not faults, "\n".join(faults)
