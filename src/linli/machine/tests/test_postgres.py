from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from linli.machine import roles
from linli.machine.errors import MachineError
from linli.machine.places import ROOT, child_environment
from linli.machine.postgres import LONGEST_SOCKET_DIRECTORY, Cluster

pytestmark = pytest.mark.machine

START = """
import sys
from pathlib import Path
from linli.machine.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]))
print(cluster.start(mine="mine" in sys.argv), flush=True)
sys.stdin.read()
cluster.close()
"""


def starter(home: Path, *args: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, str(home), *args],
        cwd=ROOT,
        env=child_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def until(check: object, seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not check():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def test_starts_attaches_and_stops_with_the_last_user(home: Path) -> None:
    first, second = Cluster(home), Cluster(home)
    assert first.start() is True
    assert second.start() is False
    first.close()
    assert second.postmaster() is not None
    second.close()
    assert second.postmaster() is None


def test_committed_rows_survive_kill_of_the_server(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect(roles.OWNER, "linli") as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    pid = cluster.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: cluster.postmaster() is None)
    assert cluster.start() is True
    with cluster.connect(roles.APP, "linli") as connection:
        assert connection.execute("SELECT n FROM kept").fetchall() == [(7,)]


def test_a_process_id_taken_by_another_program_is_no_server(cluster: Cluster) -> None:
    cluster.start()
    pid_file = (cluster.data / "postmaster.pid").read_text().split("\n")
    pid = cluster.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    until(lambda: cluster.postmaster() is None)
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *pid_file[1:]]))
    assert cluster.postmaster() is None
    assert cluster.start() is True


def test_of_many_who_start_at_once_one_starts(home: Path) -> None:
    racers = [starter(home) for _ in range(4)]
    assert sorted(said(racer) for racer in racers) == ["False", "False", "False", "True"]
    for racer in racers:
        racer.communicate()
        assert racer.returncode == 0
    assert Cluster(home).postmaster() is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's help is Linux's")
def test_a_killed_supervisor_takes_its_server_along(home: Path) -> None:
    process = starter(home, "mine")
    assert said(process) == "True"
    process.kill()
    process.wait()
    cluster = Cluster(home)
    until(lambda: cluster.postmaster() is None)
    assert cluster.start() is True


def test_roles_are_bound(cluster: Cluster) -> None:
    cluster.start()
    with cluster.connect(roles.OWNER, "linli") as owner:
        owner.execute("CREATE TABLE thing (n int)")
    with cluster.connect(roles.APP, "linli") as app:
        app.execute("INSERT INTO thing VALUES (1)")
        for refused in (
            "CREATE TABLE mine (n int)",
            "TRUNCATE thing",
            "DROP TABLE thing",
            "ALTER TABLE thing DISABLE ROW LEVEL SECURITY",
            "CREATE DATABASE mine",
            f"SET ROLE {roles.OWNER}",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(refused)
        row = app.execute(
            "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False)


def test_a_wrong_password_is_refused(cluster: Cluster) -> None:
    cluster.start()
    parameters = cluster.parameters(roles.APP, "linli") | {"password": "guess"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**parameters)


def test_nothing_of_the_server_is_open_to_others(cluster: Cluster) -> None:
    cluster.start()
    for path in (cluster.home, cluster.data, cluster.sockets, cluster.home / "passwords"):
        assert path.stat().st_mode & 0o077 == 0, path
    for path in (cluster.home / "passwords").iterdir():
        assert path.stat().st_mode & 0o177 == 0, path


def test_data_of_another_major_version_is_refused(cluster: Cluster) -> None:
    (cluster.data / "PG_VERSION").write_text("15\n")
    with pytest.raises(MachineError, match="PostgreSQL 15"):
        cluster.start()


def test_long_or_odd_paths_get_a_short_socket_directory(tmp_path: Path) -> None:
    for home in (tmp_path / ("x" * 90), tmp_path / "with space, comma"):
        sockets = Cluster(home).sockets
        assert len(str(sockets)) <= LONGEST_SOCKET_DIRECTORY
        assert " " not in str(sockets)


def test_closing_a_server_that_was_never_made_is_nothing(tmp_path: Path) -> None:
    Cluster(tmp_path / "none").close()
