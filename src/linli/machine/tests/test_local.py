from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from linli.machine.errors import MachineError
from linli.machine.local import wait_for

pytestmark = pytest.mark.machine


def test_a_database_that_is_down_is_said_and_waited_for() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(MachineError) as caught:
        wait_for(f"postgresql://a:secret@127.0.0.1:{port}/x", 2)
    assert 1 < time.monotonic() - began < 4
    assert f"127.0.0.1:{port}" in str(caught.value)
    assert "Connection refused" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_wrong_password_is_not_waited_for(test_server: Any) -> None:
    url = test_server.app_url("postgres").replace("linli_app:", "linli_app:wrong")
    began = time.monotonic()
    with pytest.raises(MachineError, match="password authentication failed"):
        wait_for(url, 60)
    assert time.monotonic() - began < 5


def test_one_that_answers_is_taken_at_once(test_server: Any) -> None:
    wait_for(test_server.app_url("postgres"), 60)
