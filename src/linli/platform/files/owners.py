"""Rows that files may hang on, and how to find one for a reader."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from linli.platform.access.actor import Actor
from linli.platform.access.scoped import Scoped

Finder = Callable[[Actor, UUID], Scoped | None]

_finders: dict[str, Finder] = {}


def owner(label: str) -> Callable[[Finder], Finder]:
    """Make the rows of a model (`cases.case`) owners of files.

    The function gets an actor and an id and returns the row if this actor may see the row and
    its files, else None. Files are served only after it returned the row.
    """

    def enter(find: Finder) -> Finder:
        _finders[label.lower()] = find
        return find

    return enter


def find_owner(label: str, actor: Actor, pk: UUID) -> Any:
    """The row as this actor may see it, else None; None as well for a model nobody declared."""
    find = _finders.get(label.lower())
    return find(actor, pk) if find else None


def owners() -> frozenset[str]:
    """The labels of every model that may own files."""
    return frozenset(_finders)
