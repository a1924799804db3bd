"""The pages of a large export in a real Chromium: progress without a reload, every look.

With LINLI_SHOTS naming a folder, every page is also photographed there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect

from linli.platform.desk import actions
from linli.platform.desk.models import ExportRule, Fault
from linli.platform.desk.progress import Progress
from linli.platform.desk.tests.test_large_exports import URL, make, order_of, signed_in
from linli.platform.notices.tests.test_look import session_of
from linli.platform.pages import testing
from tests.cast import Cast

SHOTS = os.environ.get("LINLI_SHOTS", "")
pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with testing.browser() as started:
        yield started


@pytest.fixture
def clerk(committed_cast: Cast, settings: Any, tmp_path: Path) -> Client:
    settings.MEDIA_ROOT = tmp_path / "media"
    ExportRule.objects.create(starts=date(2020, 1, 1), most_rows=1, source="test")
    return signed_in(committed_cast.clerk)


def ask(client: Client, form: str = "csv") -> str:
    given = {"form": form, "purpose": "第四季度消防通道专项整治月报"}
    return str(client.post(f"{URL}export/", given)["Location"])


def begun(url: str, done: int) -> None:
    """The worker is at it."""
    order = actions.begin_export(export_id=order_of(url).pk, at=timezone.now())
    assert order is not None
    assert order.run is not None
    with Progress(order.pk, order.run) as progress:
        progress.expect(61_234)
        progress.told = 0
        progress.tick(done)


def test_progress_moves_without_a_reload_and_ends_at_the_file(
    committed_cast: Cast, clerk: Client, chromium: Browser
) -> None:
    url = ask(clerk)
    with testing.served() as address:
        state = session_of(committed_cast.clerk)
        look = testing.Look(language="en")
        with testing.opened(chromium, address + url, look, storage_state=state) as page:
            expect(page.locator("#progress")).to_contain_text("waits its turn")
            page.locator("#cancel-export").focus()
            begun(url, 12_000)
            expect(page.locator("#progress")).to_contain_text("12,000 of 61,234")
            expect(page.locator("#cancel-export")).to_be_focused()
            make(url)
            expect(page.locator("h1")).to_contain_text("Your export is ready")
            with page.expect_download() as waiting:
                page.get_by_role("link", name="Download").click()
            assert waiting.value.suggested_filename.endswith(".csv")
            assert "王小芳" in Path(waiting.value.path()).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("look", testing.LOOKS, ids=lambda look: look.name)
def test_every_page_reads_well(
    committed_cast: Cast, clerk: Client, chromium: Browser, look: testing.Look
) -> None:
    failed, ready, under_way = ask(clerk, "xlsx"), ask(clerk), ""
    begun(failed, 10)
    actions.fail_export(order_of(failed), Fault.TOO_LONG, at=timezone.now())
    make(ready)
    under_way = ask(clerk)
    begun(under_way, 12_000)
    pages = {
        "making": under_way, "ready": ready, "failed": failed, "own": "/desk/my-exports/",
        "form": f"{URL}export/",
    }  # fmt: skip
    faults: list[str] = []
    widths = ("phone",) if look.mode == "elderly" else ("desktop",)
    with testing.served() as address:
        state = session_of(committed_cast.clerk)
        for name, path in pages.items():
            for width in ("desktop", "phone") if SHOTS else widths:
                with testing.opened(
                    chromium, address + path, look, width, storage_state=state
                ) as page:
                    if SHOTS:
                        target = Path(SHOTS, f"export-{name}-{width}-{look.name}.png")
                        page.screenshot(path=target)
                    faults += [f"{name}: {one}" for one in testing.axe(page)]
                    faults += [f"{name}: {one}" for one in page.complaints]  # type: ignore[attr-defined]
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        faults.append(f"{name} {width}: {wide} pixels wider than the window")
    assert not faults, "\n".join(faults)
