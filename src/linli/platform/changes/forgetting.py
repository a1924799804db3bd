"""Entries forget what they tell, by the rule of their verb; the chain holds all the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import Keep, all_verbs

FIVE_YEARS = timedelta(days=5 * 365 + 1)


def forget_old(*, at: datetime) -> int:
    """Empty the entries whose verb keeps five years and whose time is over; returns how many."""
    verbs = [info.name for info in all_verbs().values() if info.keep == Keep.FIVE_YEARS]
    return _forget("verb = ANY(%s) AND at < %s", [verbs, at - FIVE_YEARS], at=at)


def forget_subject(subject_id: UUID, *, at: datetime) -> int:
    """Empty the entries of a row that was anonymised, where the verb goes with its subject."""
    verbs = [info.name for info in all_verbs().values() if info.keep != Keep.FOREVER]
    return _forget("verb = ANY(%s) AND subject_id = %s", [verbs, subject_id], at=at)


def _forget(condition: str, parameters: list[Any], *, at: datetime) -> int:
    """The table's trigger lets exactly this change through: payload emptied, nothing else moved."""
    with acting(Actor.system("forget")), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE changes_entry SET moved = '{}', facts = '{}', forgotten_at = %s"  # noqa: S608
            f" WHERE forgotten_at IS NULL AND {condition}",
            [at, *parameters],
        )
        return int(cursor.rowcount)
