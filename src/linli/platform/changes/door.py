"""The one door through which rows are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime
from typing import Any

from django.db import models

from linli.kernel.errors import NotFound, Stale
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.changes.changeable import Changeable
from linli.platform.changes.listeners import tell
from linli.platform.changes.models import Entry
from linli.platform.changes.rehearsal import rehearsed
from linli.platform.changes.statements import insert, locked
from linli.platform.changes.trail import columns, entry_for, moved_columns, told


class Draft:
    """What the entry of a running change will tell beside the moved columns."""

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}
        # Told to listeners only, never stored.
        self.aside: dict[str, Any] = {}
        self.entry: Entry | None = None


@contextmanager
def change(
    row: Changeable, *, by: Actor, verb: str, at: datetime, expected: int | None = None
) -> Iterator[Draft]:
    """Change one row: lock, reread, check the verb before and after, save what moved, tell.

    `row` is brought up to date in place before the body runs. `expected` is the version the
    caller saw. Raises `NotFound` when the row is out of the actor's sight, `Forbidden` when the
    verb is not held where the row lies or would lie, `Stale` when somebody else was faster.
    """
    live = rehearsed(row) is None
    with acting_as_needed(by) if live else nullcontext():
        if live:
            reread(row)
        if expected is not None and row.version != expected:
            raise Stale
        by.require(verb, row)  # type: ignore[arg-type]
        before = columns(row)
        draft = Draft()
        yield draft
        by.require(verb, row)  # type: ignore[arg-type]
        after = moved_columns(before, columns(row))
        if after:
            row.version += 1
            after["version"] = row.version
            if live and not type(row)._base_manager.filter(pk=row.pk).update(**after):
                raise NotFound
        _record(row, draft, by=by, verb=verb, at=at, moved=told(row, before, after))


@contextmanager
def create(row: Changeable, *, by: Actor, verb: str, at: datetime) -> Iterator[Draft]:
    """Store a new row: check the verb where it will lie, insert, tell.

    The body runs before the row is stored and may still fill it.
    """
    live = rehearsed(row) is None
    with acting_as_needed(by) if live else nullcontext():
        draft = Draft()
        yield draft
        by.require(verb, row)  # type: ignore[arg-type]
        if live:
            row.save(force_insert=True)
        _record(row, draft, by=by, verb=verb, at=at, moved={})


def note(
    row: Changeable, *, by: Actor, verb: str, at: datetime, facts: dict[str, Any] | None = None
) -> Entry:
    """Leave an entry on a row that itself does not move (a look at a secret, a download)."""
    with acting_as_needed(by) if rehearsed(row) is None else nullcontext():
        by.require(verb, row)  # type: ignore[arg-type]
        draft = Draft()
        draft.facts.update(facts or {})
        return _record(row, draft, by=by, verb=verb, at=at, moved={})


def reread(row: Changeable) -> None:
    """Lock the row and bring it up to date in place; keeps loaded relations that still hold."""
    model = type(row)
    stored = locked(model, row.pk)
    if stored is None:
        raise NotFound
    for field in model._meta.concrete_fields:
        fresh = getattr(stored, field.attname)
        if getattr(row, field.attname) != fresh:
            setattr(row, field.attname, fresh)
            if isinstance(field, models.ForeignKey) and field.is_cached(row):
                field.delete_cached_value(row)


def _record(
    row: Changeable, draft: Draft, *, by: Actor, verb: str, at: datetime, moved: dict[str, Any]
) -> Entry:
    entry = entry_for(row, by=by, verb=verb, at=at, moved=moved, facts=draft.facts)
    draft.entry = entry
    rehearsal = rehearsed(row)
    if rehearsal is not None:
        rehearsal.entries.append(entry)
        return entry
    insert(entry)
    entry.aside = draft.aside  # type: ignore[attr-defined]
    tell(entry, row, by)
    return entry
