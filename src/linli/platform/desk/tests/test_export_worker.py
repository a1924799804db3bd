"""A large export by a real worker: killed and made again, cancelled at work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import psycopg
import pytest
from django.test import Client

from linli.machine.places import ROOT
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.desk.models import Export, Making
from linli.platform.desk.tests.test_large_exports import FILL, body, order_of, signed_in
from linli.platform.notices.models import Notice
from tests.cast import Cast

pytestmark = [pytest.mark.machine, pytest.mark.slow]

ROWS = 120_000
PROGRAM = """
import django; django.setup()
from linli.platform.jobs import worker
worker.run(concurrency=2)
"""
Worker = subprocess.Popen[bytes]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media" / "exports"


@pytest.fixture
def clerk(
    committed_cast: Cast, media: Path, owner_connection: psycopg.Connection[tuple[Any, ...]]
) -> Client:
    """The clerk's browser; the trail of the community holds 120,000 entries."""
    owner_connection.execute(FILL, [committed_cast.community.key, ROWS])
    return signed_in(committed_cast.clerk)


@pytest.fixture
def start_worker(database_env: dict[str, str], media: Path) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start() -> Worker:
        env = {"DJANGO_SETTINGS_MODULE": "linli.settings", "LINLI_MEDIA_DIR": str(media.parent)}
        worker = subprocess.Popen(
            [sys.executable, "-c", PROGRAM], cwd=ROOT, env={**database_env, **env}
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait(30)


def ask(client: Client, form: str) -> str:
    given = {"form": form, "purpose": "yearly report"}
    return str(client.post("/desk/trail/export/", given)["Location"])


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def at_work(url: str) -> bool:
    order = order_of(url)
    assert order.state in (Making.WAITING, Making.MAKING), "too fast for this test"
    return order.rows_done > 0


def test_killed_in_the_middle_it_is_made_again_from_the_start(
    committed_cast: Cast,
    clerk: Client,
    start_worker: Callable[[], Worker],
    media: Path,
    tmp_path: Path,
) -> None:
    url = ask(clerk, "xlsx")
    worker = start_worker()
    until(lambda: at_work(url))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(30)
    assert order_of(url).state == Making.MAKING
    left = list(media.iterdir())
    assert len(left) == 1, "the place where the killed attempt was at work"

    start_worker()
    until(lambda: order_of(url).state == Making.READY)
    order = order_of(url)
    with acting(Actor.system("test")):
        assert Export.objects.count() == 1
    assert order.rows_done >= ROWS
    assert {path.name for path in media.iterdir()} == {left[0].name, order.stored}
    made = tmp_path / "made.xlsx"
    made.write_bytes(body(clerk.get(f"{url}file/")))
    sheet = openpyxl.load_workbook(made, read_only=True).worksheets[0]
    assert sum(1 for line in sheet.iter_rows(min_row=6, values_only=True) if line[0]) >= ROWS
    with acting(committed_cast.actor("clerk")):
        assert Notice.objects.filter(subject_id=order.pk).count() == 1


def test_cancelled_in_the_middle_it_stops_and_leaves_nothing(
    clerk: Client, start_worker: Callable[[], Worker], media: Path
) -> None:
    url = ask(clerk, "csv")
    start_worker()
    until(lambda: at_work(url))
    clerk.post(f"{url}cancel/")
    until(lambda: not list(media.iterdir()))
    assert order_of(url).state == Making.CANCELLED
    with acting(Actor.system("test")):
        assert not Export.objects.exists()
