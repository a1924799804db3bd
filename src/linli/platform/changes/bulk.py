"""The bulk twins of the door: many rows of one kind, one verb, in sets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.changes.changeable import Changeable
from linli.platform.changes.models import Entry
from linli.platform.changes.trail import columns, entry_for, moved_columns, told

Row = TypeVar("Row", bound=Changeable)
BATCH = 2_000


def bulk_create(
    rows: Sequence[Row],
    *,
    by: Actor,
    verb: str,
    at: datetime | Callable[[Row], datetime],
    facts: Callable[[Row], Mapping[str, Any]] | None = None,
) -> list[Row]:
    """Store many new rows with an entry each; all or none.

    Listeners are not called: whoever creates rows in bulk tells the people concerned once.
    """
    with acting_as_needed(by):
        for row in rows:
            by.require(verb, row)  # type: ignore[arg-type]
        if not rows:
            return []
        type(rows[0])._base_manager.bulk_create(rows, batch_size=BATCH)
        record(
            entry_for(
                row,
                by=by,
                verb=verb,
                at=at(row) if callable(at) else at,
                moved={},
                facts=facts(row) if facts else {},
            )
            for row in rows
        )
        return list(rows)


def bulk_change(
    rows: models.QuerySet[Any],
    *,
    by: Actor,
    verb: str,
    at: datetime,
    alter: Callable[[Any], None],
    facts: Callable[[Any], Mapping[str, Any]] | None = None,
) -> int:
    """Lock the rows, let `alter` change each, save what moved, with an entry for each moved row."""
    with acting_as_needed(by):
        locked = list(rows.select_for_update(of=("self",)))
        entries: list[Entry] = []
        fields: set[str] = set()
        moved_rows: list[Changeable] = []
        for row in locked:
            by.require(verb, row)
            before = columns(row)
            alter(row)
            by.require(verb, row)
            after = moved_columns(before, columns(row))
            if not after:
                continue
            row.version += 1
            fields |= set(after) | {"version"}
            moved_rows.append(row)
            entries.append(
                entry_for(
                    row,
                    by=by,
                    verb=verb,
                    at=at,
                    moved=told(row, before, after),
                    facts=facts(row) if facts else {},
                )
            )
        if moved_rows:
            model = type(moved_rows[0])
            names = [f.name for f in model._meta.concrete_fields if f.attname in fields]
            model._base_manager.bulk_update(moved_rows, names, batch_size=BATCH)
            record(entries)
        return len(moved_rows)


def record(entries: Iterable[Entry]) -> int:
    """Store entries in batches, in the order given."""
    total = 0
    batch: list[Entry] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            Entry.objects.bulk_create(batch)
            total += len(batch)
            batch = []
    if batch:
        Entry.objects.bulk_create(batch)
        total += len(batch)
    return total
