"""Rows lived through in memory: the same actions, nothing asked of the database until the end.

A row under rehearsal passes through the same door as any other (verbs are required, columns
compared, entries made), but its entries and the rows that hang on it are gathered instead of
stored. Whoever rehearses stores everything at once afterwards; listeners are not called.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import models

from linli.platform.access.scope import open_subject
from linli.platform.changes.models import Entry

MARK = "_rehearsal"


@dataclass(slots=True)
class Rehearsal:
    """What a row in memory has gathered, in order."""

    entries: list[Entry] = field(default_factory=list)
    beside: list[models.Model] = field(default_factory=list)


def rehearse(row: models.Model) -> Rehearsal:
    """From now on the row lives in memory."""
    rehearsal = row.__dict__[MARK] = Rehearsal()
    return rehearsal


def rehearsed(row: models.Model) -> Rehearsal | None:
    """What the row has gathered, or None for a row of the database."""
    return row.__dict__.get(MARK)


def store_beside(row: models.Model, other: models.Model) -> None:
    """Store a new row that hangs on `row`, a row the actor has just read or made."""
    rehearsal = rehearsed(row)
    if rehearsal is not None:
        rehearsal.beside.append(other)
        return
    open_subject(row.pk)
    other.save(force_insert=True)
