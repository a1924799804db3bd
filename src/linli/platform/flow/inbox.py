"""One inbox for a person across modules: mine, my post's queue, what I follow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from time import monotonic
from uuid import UUID

from django.utils.functional import Promise

from linli.platform.access.actor import Actor

Text = str | Promise


class Tray(StrEnum):
    """Why something lies in the inbox."""

    MINE = "mine"  # taken on by this person, or asked of this person
    QUEUE = "queue"  # waits for somebody in this capacity
    FOLLOWED = "followed"  # followed, nothing to do


@dataclass(frozen=True)
class InboxItem:
    """One piece of work. `next_step` says what is to be done, in the reader's language."""

    title: str
    url: str
    number: str = ""
    kind: str = ""
    place: str = ""
    next_step: str = ""
    state: str = ""
    tone: str = "idle"
    due_at: datetime | None = None
    provisional: bool = False
    paused: bool = False
    since: datetime | None = None


Items = Callable[[Actor, Tray, int], Sequence[InboxItem]]
Count = Callable[[Actor, Tray], int]


@dataclass(frozen=True)
class Source:
    """A module's part of the inbox. `more` gives the address of the module's own full list."""

    name: str
    label: Text
    items: Items
    count: Count
    order: int
    more: Callable[[Actor, Tray], str] | None


_sources: dict[str, Source] = {}
_waiting: dict[tuple[UUID | None, UUID | None, UUID | None], tuple[float, int]] = {}
REMEMBERED = 15.0
MOST_REMEMBERED = 5_000


def inbox_source(
    name: str,
    label: Text,
    *,
    count: Count,
    order: int = 100,
    more: Callable[[Actor, Tray], str] | None = None,
) -> Callable[[Items], Items]:
    """Register `items(actor, tray, most)`, the most urgent first, and how many there are."""

    def enter(items: Items) -> Items:
        _sources[name] = Source(name, label, items, count, order, more)
        return items

    return enter


def sources() -> list[Source]:
    """Every module's part, in order."""
    return sorted(_sources.values(), key=lambda one: (one.order, one.name))


@dataclass(frozen=True)
class Inbox:
    """One tray, opened: items of all modules, the overdue first; how many lie in each tray."""

    tray: Tray
    items: Sequence[InboxItem]
    counts: dict[Tray, int]
    more: Sequence[tuple[str, str]]


def inbox(actor: Actor, tray: Tray, *, most: int = 50) -> Inbox:
    """Open a tray: at most `most` items, sorted by deadline, those without one last by age."""
    found = [item for source in sources() for item in source.items(actor, tray, most)]
    found.sort(key=_urgency)
    counts = {one: sum(source.count(actor, one) for source in sources()) for one in Tray}
    more = [(str(source.label), source.more(actor, tray)) for source in sources() if source.more]
    return Inbox(tray, found[:most], counts, more)


def waiting(actor: Actor) -> int:
    """How many things wait: mine and the queue.

    Stands on every page, so that it may be up to `REMEMBERED` seconds old; the inbox itself counts
    anew and `forget_waiting` is called when this person has done something.
    """
    key, now = _capacity(actor), monotonic()
    known = _waiting.get(key)
    if known is not None and known[0] > now:
        return known[1]
    trays = (Tray.MINE, Tray.QUEUE)
    total = sum(source.count(actor, tray) for source in sources() for tray in trays)
    if len(_waiting) >= MOST_REMEMBERED:
        _waiting.clear()
    _waiting[key] = (now + REMEMBERED, total)
    return total


def forget_waiting(actor: Actor) -> None:
    """Count anew on this capacity's next page."""
    _waiting.pop(_capacity(actor), None)


def _capacity(actor: Actor) -> tuple[UUID | None, UUID | None, UUID | None]:
    return actor.account_id, actor.post_id, actor.unit_id


def _urgency(item: InboxItem) -> tuple[bool, bool, float]:
    """Running deadlines first, then paused work, then what has none; by time within each."""
    moment = item.due_at or item.since
    return item.due_at is None, item.paused, moment.timestamp() if moment else 0.0
