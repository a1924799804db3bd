"""Progress on the terminal: a line a step with its time, a bar for long work."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from linli.machine.words import gettext as _

console = Console(stderr=True, highlight=False, soft_wrap=True)

NOTEWORTHY = 0.3


def tell(message: str, **params: object) -> None:
    """One line to the operator."""
    console.print(f"[dim]linli:[/dim] {_(message, **params)}")


@contextmanager
def step(message: str, **params: object) -> Iterator[None]:
    """Say what is being done before it is done, and how long it took when that was noticeable."""
    text = _(message, **params)
    began = time.monotonic()
    console.print(f"[dim]linli:[/dim] {text}")
    yield
    took = time.monotonic() - began
    if took > NOTEWORTHY:
        console.print(f"[dim]linli:   {took:.1f} s[/dim]")


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A function `(what, done, total)` that draws one bar a `what`, or lines off a terminal."""
    if not console.is_terminal:
        yield _plain()
        return
    columns = (
        TextColumn("[dim]linli:[/dim]   {task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks: dict[str, TaskID] = {}

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(in_words(what), total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report


def _plain() -> Callable[[str, int, int], None]:
    said: dict[str, int] = {}

    def report(what: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if said.get(what) != tenth:
            said[what] = tenth
            print(f"linli:   {in_words(what)} {done}/{total}", file=sys.stderr, flush=True)

    return report


def in_words(what: str) -> str:
    """What long work calls its steps, in the operator's language; any other name as it is."""
    words = {
        "city": _("the city and its people"),
        "cases": _("a year of cases"),
        "photos": _("photographs"),
        "notices": _("notices"),
        "read": _("lines read"),
        "store": _("units stored"),
    }
    return words.get(what, what)
