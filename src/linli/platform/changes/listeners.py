"""Others hear of a verb, in the same transaction as the change that did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from linli.platform.access.actor import Actor
from linli.platform.changes.models import Entry

Listener = Callable[[Entry, Any, Actor], None]

_listeners: dict[str, list[Listener]] = defaultdict(list)


def listens_to(*verbs: str) -> Callable[[Listener], Listener]:
    """Call the function with `(entry, row, by)` whenever one of the verbs was done."""

    def enter(listener: Listener) -> Listener:
        for verb in verbs:
            _listeners[str(verb)].append(listener)
        return listener

    return enter


def tell(entry: Entry, row: Any, by: Actor) -> None:
    """Call everybody who listens to the entry's verb."""
    for listener in _listeners.get(entry.verb, ()):
        listener(entry, row, by)


def heard_verbs() -> frozenset[str]:
    """The verbs somebody listens to."""
    return frozenset(_listeners)
