"""The strip of figures on the first page: each module gives its own for the actor's branch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from linli.platform.access.actor import Actor


@dataclass(frozen=True)
class Figure:
    """One number: what, how much, of what, how it stands. `url` leads to the rows behind it.

    `value` is ready to show; `tone` is "", danger, soon or done; `note` says what it is compared
    with.
    """

    name: str
    value: str
    unit: str = ""
    note: str = ""
    tone: str = ""
    url: str = ""
    icon: str = ""


Source = Callable[[Actor], Sequence[Figure]]

_sources: list[tuple[int, Source]] = []


def home_figures(*, order: int = 100) -> Callable[[Source], Source]:
    """Register a function that gives figures of the actor's branch; few and fast queries."""

    def enter(source: Source) -> Source:
        _sources.append((order, source))
        return source

    return enter


def figures_for(actor: Actor) -> list[Figure]:
    """All figures of the first page, in order."""
    ordered = sorted(_sources, key=lambda pair: pair[0])
    return [figure for _order, source in ordered for figure in source(actor)]
