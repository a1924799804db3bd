"""Web and worker killed in the middle of two hundred reports: nothing given is lost or doubled."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client

from linli.machine.places import ROOT
from linli.modules.cases.models import Case
from linli.modules.cases.rules import Verb
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.notices.models import Notice
from tests.cast import Cast

REPORTS = 200
CLIENTS = 16
FORM = "/desk/cases/new/report/"
TAKEN = re.compile(r"/desk/cases/(\d{14,16})/")

pytestmark = [pytest.mark.machine, pytest.mark.slow]


class Processes:
    """One web process and one worker on the database of the test."""

    def __init__(self, env: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.env = env
        self.web = self.worker = self.start_worker()
        self.start()

    def start(self) -> None:
        self.web = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1",
             "--port", str(self.port), "--blocking-threads", "4", "--no-ws", "--log-level",
             "warning", "linli.sites.wsgi:application"],
            cwd=ROOT, env=self.env, start_new_session=True,
        )  # fmt: skip

    def start_worker(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "linli", "worker"],
            cwd=ROOT, env=self.env, start_new_session=True,
        )  # fmt: skip

    def kill(self) -> None:
        for process in (self.web, self.worker):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def restart(self) -> None:
        self.kill()
        self.worker = self.start_worker()
        self.start()

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except OSError:
            return False


@pytest.fixture
def processes(database_env: dict[str, str]) -> Iterator[Processes]:
    env = {**database_env, "LINLI_ALLOWED_HOSTS": "127.0.0.1", "LINLI_MODE": "test"}
    started = Processes(env)
    yield started
    started.kill()


def until(check: object, seconds: float, what: str) -> None:
    deadline = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def report(port: int, session: str, unit: str, stop: Event) -> str:
    """Send one form until a number comes back, as a patient clerk would."""
    fields = {
        "channel": "phone", "category": "B01", "text": "垃圾桶满了没有清运", "unit": unit,
        "submission": str(uuid4()), "csrfmiddlewaretoken": "a" * 32,
    }  # fmt: skip
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={'a' * 32}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": f"127.0.0.1:{port}",
    }
    while not stop.is_set():
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.request("POST", FORM, urlencode(fields), headers)
            answer = connection.getresponse()
            body = answer.read()
            found = TAKEN.search(answer.headers.get("Location", ""))
            if found:
                return found[1]
            assert answer.status >= 500, (answer.status, body[:500])
        except (OSError, http.client.HTTPException):
            time.sleep(0.3)
    return ""


def test_every_number_given_exists_once_and_is_told(
    processes: Processes, committed_cast: Cast
) -> None:
    browser = Client()
    browser.force_login(
        committed_cast.clerk, backend="linli.platform.access.login.NameOrPhoneBackend"
    )
    session = browser.cookies["sessionid"].value
    until(processes.answers, 30, "the web process starts")
    stop = Event()
    unit = str(committed_cast.community.pk)
    with ThreadPoolExecutor(CLIENTS) as pool:
        sent = [
            pool.submit(report, processes.port, session, unit, stop) for _number in range(REPORTS)
        ]
        until(lambda: sum(one.done() for one in sent) >= REPORTS // 3, 60, "a third was sent")
        processes.restart()
        until(lambda: all(one.done() for one in sent), 120, "all were sent")
        stop.set()
    given = [one.result() for one in sent]
    with acting(Actor.system("test")):
        stored = list(Case.objects.values_list("number", flat=True))
    assert len(set(given)) == REPORTS, "no number was given twice"
    assert set(given) <= set(stored), "every number given exists"
    assert len(stored) == REPORTS, "and no form made two cases"

    def told() -> bool:
        with acting(Actor.system("test")):
            subjects = Notice.objects.filter(verb=Verb.REPORT).values("subject_id").distinct()
            return subjects.count() == REPORTS

    until(told, 120, "every report was told to whoever files it")
