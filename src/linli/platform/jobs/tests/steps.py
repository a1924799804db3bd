"""Jobs for the tests of the worker: each leaves lines in a file."""

from __future__ import annotations

import time
from pathlib import Path

from linli.platform.jobs.public import job


@job(queue="steps", retries=3)
def write_later(*, path: str, line: str) -> None:
    """Write a line."""
    say(path, line)


@job(queue="steps", whole=False)
def linger_later(*, path: str, seconds: float) -> None:
    """Say that it began, take time, say that it ended."""
    say(path, "began")
    time.sleep(seconds)
    say(path, "ended")


@job(queue="steps", retries=3, whole=False)
def stumble_later(*, path: str) -> None:
    """Fail the first time."""
    first = not Path(path).exists()
    say(path, "tried")
    if first:
        raise RuntimeError("stumbled")


def say(path: str, line: str) -> None:
    """Add a line to the file."""
    with Path(path).open("a") as out:
        out.write(f"{line}\n")
