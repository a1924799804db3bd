from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from linli.machine.places import ROOT

pytestmark = pytest.mark.machine

SCRIPT = ROOT / "linli"

# Stands for Python: notes how it was called and does what the script relies on.
PYTHON = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
    *"-m venv"*) for last; do :; done; mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;
    *"-m pip --python"*) printf '#!/bin/sh\\necho "uv $*" >>"$CALLS"\\n' >"$VENV/bin/uv"
        chmod +x "$VENV/bin/uv" ;;
    *"-m linli"*) exit "${CODE:-0}" ;;
esac
"""


class Checkout:
    def __init__(self, place: Path) -> None:
        self.place = place / "a checkout"
        (self.place / "requirements").mkdir(parents=True)
        for name in ("app", "test", "bootstrap"):
            self.lock(name, "first")
        shutil.copy(SCRIPT, self.place / "linli")
        tools = place / "tools"
        tools.mkdir()
        (tools / "python3").write_text(PYTHON)
        (tools / "python3").chmod(0o755)
        self.calls = place / "calls"
        self.env = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "HOME": str(place),
            "CALLS": str(self.calls),
            "VENV": str(self.place / ".venv"),
        }

    def lock(self, name: str, text: str) -> None:
        (self.place / "requirements" / f"{name}.lock").write_text(text)

    def run(self, *args: str, **env: str) -> list[str]:
        self.calls.unlink(missing_ok=True)
        done = subprocess.run(
            [self.place / "linli", *args],
            env=self.env | env,
            cwd=self.place.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        self.code = done.returncode
        self.said = done.stderr
        calls = self.calls.read_text().splitlines()
        return [line.split(" --quiet")[0] for line in calls if not line.startswith("-c")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def syncs(calls: list[str]) -> int:
    return sum(call.startswith("uv pip sync") for call in calls)


def test_the_second_start_installs_nothing(checkout: Checkout) -> None:
    assert syncs(checkout.run("demo", "--port", "9")) == 1
    assert checkout.run("demo", "--port", "9") == ["-m linli demo --port 9"]
    assert checkout.said == ""


def test_a_changed_lock_is_installed(checkout: Checkout) -> None:
    checkout.run("demo")
    checkout.lock("app", "second")
    calls = checkout.run("demo")
    assert syncs(calls) == 1
    assert not any("-m venv" in call or "-m pip --python" in call for call in calls)


def test_what_tests_need_is_only_installed_for_tests(checkout: Checkout) -> None:
    checkout.run("demo")
    assert syncs(checkout.run("test")) == 1
    assert syncs(checkout.run("demo")) == 0
    assert syncs(checkout.run("check")) == 0
    checkout.lock("test", "second")
    assert syncs(checkout.run("test")) == 1


def test_an_interrupted_installation_is_done_again(checkout: Checkout) -> None:
    checkout.run("demo")
    (checkout.place / ".venv" / "linli-app").unlink()
    assert syncs(checkout.run("demo")) == 1


def test_the_lock_of_a_dead_process_is_passed_over(checkout: Checkout) -> None:
    lock = checkout.place / ".venv.lock"
    lock.mkdir()
    (lock / "pid").write_text("4194305\n")
    assert syncs(checkout.run("demo")) == 1
    assert not lock.exists()


def test_the_return_code_is_that_of_the_command(checkout: Checkout) -> None:
    checkout.run("test", CODE="3")
    assert checkout.code == 3


def test_an_unwritable_home_is_no_obstacle(checkout: Checkout) -> None:
    assert syncs(checkout.run("demo", HOME="/nowhere")) == 1


def test_messages_speak_chinese(checkout: Checkout) -> None:
    checkout.run("demo", LANG="zh_CN.UTF-8")
    assert "正在安装" in checkout.said
