"""Promises follow the calendar: when a year is published, running clocks are reckoned anew."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.flow import calendar, clock
from linli.platform.flow.moves import flows
from linli.platform.jobs.public import job

BATCH = 500
SYSTEM = Actor.system("calendar")


@job(queue="clock", whole=False)
def reckon_anew_later(*, years: list[int]) -> None:  # noqa: ARG001  told for the log
    """Recompute every provisional promise from its entries."""
    for name in flows():
        model: Any = apps.get_model(name)
        last: UUID | None = UUID(int=0)
        while last is not None:
            last = _reckon_batch(model, after=last)


def _reckon_batch(model: Any, *, after: UUID) -> UUID | None:
    """Reckon the next rows by key; returns the last key, None when there are no more."""
    with acting(SYSTEM):
        rows = list(
            model._base_manager.filter(due_provisional=True, pk__gt=after)
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("pk")[:BATCH]
        )
        for row in rows:
            running = clock.of(row)
            if running is None:
                continue
            clock.apply(row, running, step=row.alarm_step)
            row.clock_was_set()
            model._base_manager.filter(pk=row.pk).update(
                **{column: getattr(row, column) for column in row.clock_columns}
            )
        return rows[-1].pk if rows else None


def on_publication(years: set[int]) -> None:
    """Queue the reckoning; no row may be locked while the calendar is being published."""
    reckon_anew_later(years=sorted(years))


calendar.on_publication.append(on_publication)
