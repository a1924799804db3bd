"""Real worker processes: stopped, killed, and left by their database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from linli.machine.places import ROOT
from linli.platform.jobs.public import health
from linli.platform.jobs.tests.steps import linger_later, stumble_later, write_later

pytestmark = [pytest.mark.machine, pytest.mark.slow]

PROGRAM = """
import django; django.setup()
from linli.platform.jobs import worker
from linli.platform.jobs.tests import steps
worker.run(concurrency=2)
"""

Worker = subprocess.Popen[bytes]


@pytest.fixture
def start_worker(database_env: dict[str, str]) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start() -> Worker:
        worker = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**database_env, "DJANGO_SETTINGS_MODULE": "linli.settings"},
        )
        started.append(worker)
        return worker

    yield start
    for worker in started:
        if worker.poll() is None:
            worker.kill()
        worker.wait(30)


def lines(path: Path) -> list[str]:
    return path.read_text().split() if path.exists() else []


def until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def statuses() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT status::text, count(*) FROM procrastinate_jobs WHERE queue_name = 'steps'"
            " GROUP BY 1"
        )
        return dict(cursor.fetchall())


def last_tick() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(defer_timestamp), 0) FROM procrastinate_periodic_defers"
        )
        return int(cursor.fetchone()[0])


def test_a_worker_takes_jobs_up_and_finishes_them_when_told_to_stop(
    start_worker: Callable[[], Worker], tmp_path: Path
) -> None:
    worker = start_worker()
    book = tmp_path / "book"
    write_later(path=str(book), line="早")
    until(lambda: lines(book) == ["早"])
    assert health().workers == 1

    linger_later(path=str(book), seconds=1.5)
    until(lambda: "began" in lines(book))
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert lines(book)[-1] == "ended"
    assert statuses() == {}
    assert health().workers == 0


def test_what_a_killed_worker_left_is_done_by_the_next(
    start_worker: Callable[[], Worker], tmp_path: Path
) -> None:
    book = tmp_path / "book"
    linger_later(path=str(book), seconds=2)
    worker = start_worker()
    until(lambda: "began" in lines(book))
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait(30)
    assert statuses() == {"doing": 1}

    start_worker()
    until(lambda: "ended" in lines(book))
    assert lines(book) == ["began", "began", "ended"]
    until(lambda: statuses() == {})


def test_a_job_that_fails_is_tried_again_after_a_while(
    start_worker: Callable[[], Worker], tmp_path: Path
) -> None:
    book = tmp_path / "book"
    stumble_later(path=str(book))
    start_worker()
    until(lambda: lines(book) == ["tried"])
    until(lambda: lines(book) == ["tried", "tried"])
    until(lambda: statuses() == {})
    assert health().failed == 0


def test_a_worker_outlives_its_connections(
    start_worker: Callable[[], Worker],
    tmp_path: Path,
    owner_connection: psycopg.Connection[tuple[Any, ...]],
) -> None:
    book = tmp_path / "book"
    worker = start_worker()
    write_later(path=str(book), line="one")
    until(lambda: lines(book) == ["one"])
    # What was done but not yet put down as done would, rightly, be done once more.
    until(lambda: statuses() == {})
    # The connection that queues periodic jobs is open by now, and breaks too.
    until(lambda: last_tick() > 0)
    before = last_tick()
    connection.close()
    owner_connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    write_later(path=str(book), line="two")
    until(lambda: lines(book) == ["one", "two"])
    until(lambda: last_tick() > before)
    assert worker.poll() is None
