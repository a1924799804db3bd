"""The pages of the desk in a real Chromium: every look, nothing for the accessibility check to say.

With LINLI_SHOTS naming a folder, every page is also photographed there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding
from linli.platform.access.scope import acting
from linli.platform.desk.tests import sample  # noqa: F401  registers the sample
from linli.platform.pages import testing
from tests.cast import Cast

SHOTS = os.environ.get("LINLI_SHOTS", "")
LIST = "/desk/sample-holdings/"
PAGES = {
    "home": "/desk/",
    "followed": "/desk/?tray=followed",
    "list": LIST,
    "filtered": f"{LIST}?starts_from=2019-01-01&q=王&sort=ends",
    "nothing": f"{LIST}?q=nobody",
    "row": LIST + "{row}/",
    "form": LIST + "{row}/release/",
    "export": f"{LIST}export/",
    "print": f"{LIST}print/",
    "search": "/desk/search/?q=x",
    "trail": "/desk/trail/",
    "exports": "/desk/exports/",
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


def cookies_of(account: Account, origin: str) -> dict[str, Any]:
    """The session of somebody who is signed in, for a browser."""
    client = Client()
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": value, "domain": "127.0.0.1"}
    extra = {"path": "/", "expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    del origin
    return {"cookies": [cookie | extra], "origins": []}


@pytest.mark.browser
@pytest.mark.parametrize("look", testing.LOOKS, ids=lambda look: look.name)
def test_every_page_reads_well(committed_cast: Cast, chromium: Browser, look: testing.Look) -> None:
    cast = committed_cast
    with acting(Actor.system()):
        row = Holding.objects.get(account=cast.grid_worker).pk
    faults: list[str] = []
    with testing.served() as address:
        state = cookies_of(cast.street_officer, address)
        for name, path in PAGES.items():
            url = address + path.format(row=row)
            widths = ("desktop", "tablet") if SHOTS else ("desktop",)
            for width in widths:
                with testing.opened(chromium, url, look, width, storage_state=state) as page:
                    if SHOTS:
                        target = Path(SHOTS, f"{name}-{width}-{look.name}.png")
                        page.screenshot(path=target)
                    faults += [f"{name}: {one}" for one in testing.axe(page)]
                    faults += [f"{name}: {one}" for one in page.complaints]  # type: ignore[attr-defined]
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        faults.append(f"{name}: {wide} pixels wider than the window")
    assert not faults, "\n".join(faults)
