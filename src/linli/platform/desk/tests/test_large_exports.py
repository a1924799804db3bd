"""Lists too long to be sent at once: made by the worker, for one person, for some days."""

from __future__ import annotations

import csv
import os
import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.models import Account, Holding
from linli.platform.access.rules import Verb
from linli.platform.access.scope import acting
from linli.platform.changes.models import Entry
from linli.platform.desk import actions, exports, jobs
from linli.platform.desk.models import Export, ExportRule, Fault, LargeExport, Making
from linli.platform.desk.progress import Progress, Stopped
from linli.platform.desk.register import register
from linli.platform.desk.rules import Verb as Desk
from linli.platform.desk.tests import sample  # noqa: F401  registers the list
from linli.platform.notices.models import Notice
from tests.cast import Cast

URL = "/desk/sample-holdings/"
FILL = """
INSERT INTO changes_entry (id, at, verb, subject_type, subject_id, unit_key, actor_name,
    post_title, on_behalf_of, channel, moved, facts, digest)
SELECT gen_random_uuid(), now() - n * interval '1 second', 'cases.file', 'cases.case',
    gen_random_uuid(), %s, '王小芳', '社区工作者', '', 'desk', '{}', '{}', ''
  FROM generate_series(1, %s) n
"""
OWN = "/desk/my-exports/"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "exports"


@pytest.fixture
def world(committed_cast: Cast) -> Cast:
    """The cast, committed; one row is sent at once, more are made by the worker."""
    few()
    return committed_cast


def few(**more: Any) -> None:
    ExportRule.objects.create(starts=date(2020, 1, 1), most_rows=1, source="test", **more)


def signed_in(account: Account, language: str = "en") -> Client:
    client = Client(headers={"accept-language": language})
    client.force_login(account, backend="linli.platform.access.login.NameOrPhoneBackend")
    return client


def text(response: HttpResponseBase) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def body(response: HttpResponseBase) -> bytes:
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def ask(client: Client, form: str = "csv", query: str = "") -> str:
    """Ask for the export; the address of its page."""
    given = {"form": form, "purpose": "monthly report"}
    response = client.post(f"{URL}export/?{query}", given)
    assert response.status_code == 302, text(response)
    return str(response["Location"])


def order_of(url: str) -> LargeExport:
    with acting(Actor.system()):
        return LargeExport.objects.get(pk=UUID(url.split("/")[-2]))


def make(url: str) -> LargeExport:
    jobs.make_export_later.now(export_id=url.split("/")[-2])
    return order_of(url)


def as_system(query: Callable[[], Any]) -> Any:
    with acting(Actor.system()):
        return query()


def test_a_long_list_is_made_fetched_and_on_record(world: Cast, media: Path) -> None:
    client = signed_in(world.clerk)
    url = ask(client, query="starts_from=2019-01-01&q=")
    assert "Your export is being made" in text(client.get(url))
    assert as_system(Export.objects.count) == 0, "nothing has left yet"
    order = make(url)
    assert (order.state, order.rows_done) == (Making.READY, 3)
    assert "Your export is ready" in text(client.get(url))
    response = client.get(f"{url}file/")
    assert "no-store" in response["Cache-Control"]
    assert "attachment" in response["Content-Disposition"]
    lines = list(csv.reader(body(response).decode("utf-8-sig").splitlines()))
    assert lines[1][0].startswith("Exported by 王小芳 · 青少年宫路社区 · 社区工作者 on ")
    assert lines[2] == ["Purpose: monthly report"]
    assert "2019" in lines[3][0]
    assert {line[0] for line in lines[5:]} == {"王小芳", "沈丽华", "李强"}
    record = as_system(Export.objects.get)
    assert (record.rows, record.purpose, record.query) == (
        3, "monthly report", "starts_from=2019-01-01",
    )  # fmt: skip
    entries = as_system(lambda: list(Entry.objects.filter(subject_id=record.pk).order_by("seq")))
    assert [entry.verb for entry in entries] == [Desk.EXPORT, Desk.EXPORT]
    assert {entry.account_id for entry in entries} == {world.clerk.pk}
    assert entries[0].facts["rows"] == 3
    assert entries[1].facts["fetched"] == order.name, "each fetching is an entry too"


def test_a_notice_says_that_it_is_ready(world: Cast) -> None:
    url = ask(signed_in(world.clerk))
    make(url)
    with acting(world.actor("clerk")):
        notice = Notice.objects.get()
    assert notice.url == url
    assert "“Holdings” is ready: 3 rows" in notice.title


def test_a_workbook_holds_numbers_and_days_as_such(world: Cast, tmp_path: Path) -> None:
    client = signed_in(world.clerk, "zh-hans")
    url = ask(client, form="xlsx")
    make(url)
    made = tmp_path / "made.xlsx"
    made.write_bytes(body(client.get(f"{url}file/")))
    sheet = openpyxl.load_workbook(made).worksheets[0]
    rows: list[list[Any]] = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert "王小芳" in rows[1][0]
    assert rows[1][0].startswith("导出人"), "in the language of whoever asked"
    head = next(n for n, line in enumerate(rows) if line[0] == "Account")
    assert rows[head + 1][3].date() == date(2020, 1, 1)


def test_the_columns_are_those_the_list_showed(world: Cast) -> None:
    client = signed_in(world.clerk)
    client.get(f"{URL}?columns=account&columns=unit")
    url = ask(client)
    make(url)
    assert "Account,Unit" in body(client.get(f"{url}file/")).decode("utf-8-sig")


def test_nobody_else_sees_it(world: Cast) -> None:
    url = ask(signed_in(world.clerk))
    make(url)
    for other in ("secretary", "street_officer", "stranger"):
        client = signed_in(world.accounts[other])
        # Without a post the whole desk is closed.
        refused = 403 if other == "stranger" else 404
        for part in ("", "file/"):
            assert client.get(f"{url}{part}").status_code == refused
        for part in ("cancel/", "again/"):
            assert client.post(f"{url}{part}").status_code == refused
        assert url not in text(client.get(OWN))
        with acting(world.actor(other)):
            assert not LargeExport.objects.exists(), "the database alone hides it"
    assert Client().get(f"{url}file/").status_code == 302
    assert url in text(signed_in(world.clerk).get(OWN))


def lose_post(cast: Cast, name: str) -> None:
    with acting(Actor.system()):
        Holding.objects.filter(account=cast.accounts[name]).update(ends=timezone.localdate())


def test_whoever_has_lost_the_post_finds_nothing(world: Cast) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    make(url)
    lose_post(world, "clerk")
    assert client.get(url).status_code == 403
    assert client.get(f"{url}file/").status_code == 403


@pytest.mark.parametrize("verb", [Desk.EXPORT, Verb.VIEW_STAFF])
def test_whoever_has_lost_the_right_finds_nothing(world: Cast, verb: str) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    make(url)
    world.deny("clerk", verb)
    assert client.get(f"{url}file/").status_code == 404


def test_the_scope_is_that_of_the_moment_of_making(world: Cast) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    with acting(Actor.system()):
        moved = Holding.objects.get(account=world.grid_worker)
        moved.place_in(world.far_community)
        moved.save()
    make(url)
    told = body(client.get(f"{url}file/")).decode("utf-8-sig")
    assert "李强" not in told
    assert "沈丽华" in told


def test_a_post_lost_before_it_is_made_ends_it(world: Cast, media: Path) -> None:
    url = ask(signed_in(world.clerk))
    lose_post(world, "clerk")
    order = make(url)
    assert (order.state, order.fault) == (Making.FAILED, Fault.NO_POST)
    assert as_system(Export.objects.count) == 0
    assert not media.exists()


def test_it_can_be_cancelled_and_then_nothing_is_made(world: Cast) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    page = text(client.post(f"{url}cancel/", follow=True))
    assert "The export is cancelled." in page
    assert make(url).state == Making.CANCELLED
    assert client.get(f"{url}file/").status_code == 404


def test_another_attempt_ends_the_one_before(world: Cast) -> None:
    url = ask(signed_in(world.clerk))
    now = timezone.now()
    first = actions.begin_export(export_id=order_of(url).pk, at=now)
    second = actions.begin_export(export_id=order_of(url).pk, at=now)
    assert first is not None
    assert second is not None
    assert first.run is not None
    assert second.run is not None
    with Progress(first.pk, first.run) as progress, pytest.raises(Stopped):
        progress.expect(10)
    with Progress(second.pk, second.run) as progress:
        progress.expect(10)
    assert order_of(url).rows_expected == 10
    stored = actions.finish_export(
        first, by=world.actor("clerk"), at=now, rows=1, stored="x.csv", name="x"
    )
    assert not stored


def test_what_is_made_is_not_made_again(world: Cast) -> None:
    url = ask(signed_in(world.clerk))
    order = make(url)
    again = make(url)
    assert (again.stored, again.made_at) == (order.stored, order.made_at)
    assert as_system(Export.objects.count) == 1


def test_progress_is_seen_from_outside(world: Cast) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    order = actions.begin_export(export_id=order_of(url).pk, at=timezone.now())
    assert order is not None
    assert order.run is not None
    with Progress(order.pk, order.run) as progress:
        progress.expect(60_000)
        progress.told = 0
        progress.tick(12_000)
    headers = {"HX-Request": "true", "HX-Target": "progress"}
    block = text(client.get(url, headers=headers))
    assert "<html" not in block
    assert 'hx-trigger="every 2s"' in block
    assert 'value="12000" max="60000"' in block
    assert "12,000 of 60,000" in text(client.get(url)), "by a plain reload as well"


def test_after_its_days_the_file_is_deleted(world: Cast, media: Path) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    order = make(url)
    assert order.expires_at is not None
    assert order.made_at is not None
    assert order.expires_at - order.made_at == timedelta(days=7)
    jobs.clear_exports_later.now()
    assert client.get(f"{url}file/").status_code == 200
    with acting(Actor.system()):
        LargeExport.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(f"{url}file/").status_code == 404, "over is over, swept or not"
    jobs.clear_exports_later.now()
    assert order_of(url).state == Making.EXPIRED
    assert list(media.iterdir()) == []
    assert "The file of your export is deleted" in text(client.get(url))
    assert as_system(Export.objects.count) == 1, "the record stays"


def test_one_can_delete_the_file_before_its_time(world: Cast, media: Path) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    make(url)
    client.post(f"{url}cancel/")
    assert list(media.iterdir()) == []
    assert client.get(f"{url}file/").status_code == 404


def test_what_killed_attempts_left_is_swept(world: Cast, media: Path) -> None:
    url = ask(signed_in(world.clerk))
    kept = make(url).stored
    for name in ("work-killed", "orphan.csv"):
        left = media / name
        left.mkdir() if name.startswith("work") else left.touch()
        long_ago = (timezone.now() - timedelta(days=2)).timestamp()
        os.utime(left, (long_ago, long_ago))
    jobs.clear_exports_later.now()
    assert [path.name for path in media.iterdir()] == [kept]


def test_one_nobody_works_on_is_given_up_and_said(world: Cast) -> None:
    url = ask(signed_in(world.clerk))
    with acting(Actor.system()):
        LargeExport.objects.update(touched_at=timezone.now() - timedelta(days=2))
    jobs.clear_exports_later.now()
    assert order_of(url).fault == Fault.BROKEN
    page = text(signed_in(world.clerk).get(url))
    assert "could not be made" in page
    assert "Make it again" in page


def test_a_store_that_cannot_be_written_is_said_and_it_can_be_tried_again(
    world: Cast, media: Path
) -> None:
    client = signed_in(world.clerk)
    url = ask(client)
    media.parent.mkdir(parents=True)
    media.touch()
    assert make(url).fault == Fault.NO_ROOM
    assert "no room" in text(client.get(url))
    media.unlink()
    settled = client.post(f"{url}again/")
    assert make(settled["Location"]).state == Making.READY


def test_more_than_a_sheet_holds_is_said_before_and_csv_is_offered(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    few()
    monkeypatch.setattr(exports, "EXCEL_ROWS", 2)
    client = signed_in(cast.clerk)
    form = {"form": "xlsx", "purpose": "monthly report"}
    response = client.post(f"{URL}export/", form)
    assert response.status_code == 422
    page = text(response)
    assert "An Excel sheet holds 1,048,576 rows at most" in page
    assert 'name="form" value="csv"' in page
    assert 'value="monthly report"' in page
    assert client.post(f"{URL}export/", {**form, "form": ["xlsx", "csv"]}).status_code == 302


def test_a_list_that_outgrew_the_sheet_while_waiting_says_so_and_offers_csv(
    world: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(world.clerk)
    url = ask(client, form="xlsx")
    monkeypatch.setattr(exports, "EXCEL_ROWS", 6)
    assert make(url).fault == Fault.TOO_LONG
    assert "Make it as a CSV file" in text(client.get(url))
    settled = client.post(f"{url}again/", {"form": "csv"})
    assert make(settled["Location"]).state == Making.READY


def test_three_at_a_time_are_enough(cast: Cast) -> None:
    few()
    client = signed_in(cast.clerk)
    for _number in range(3):
        ask(client)
    response = client.post(f"{URL}export/", {"form": "csv", "purpose": "one more"})
    assert response.status_code == 422
    assert "still being made" in text(response)


def test_the_rule_may_forbid_more_than_so_many(cast: Cast) -> None:
    few(most_in_all=2)
    response = signed_in(cast.clerk).post(f"{URL}export/", {"form": "csv", "purpose": "x"})
    assert response.status_code == 422
    assert "more than 2 rows" in text(response)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_memory_does_not_grow_with_the_rows(cast: Cast, form: str, tmp_path: Path) -> None:
    rows, actor = 12_000, cast.actor("clerk")
    with acting(Actor.system()), connection.cursor() as cursor:
        cursor.execute(FILL, [cast.community.key, rows])
    peaks = []
    with acting(actor):
        for most in (2_000, rows):
            listing = exports.listing_of(register("trail"), actor, "", ["at", "verb", "actor_name"])
            found = listing.rows().filter(
                seq__in=Entry.objects.order_by("seq").values("seq")[:most]
            )
            tracemalloc.start()
            with (tmp_path / f"{most}.{form}").open("wb") as file:
                origin = exports.Origin("Trail", "", timezone.now(), "", "")
                assert exports.write_to(file, listing, found, origin, form=form) == most
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, peaks
