"""Rows with a clock: what is stored of it so that lists sort and alarms ring."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class Alarm(models.IntegerChoices):
    """What rings next."""

    HALF = 0, _("half of the time is used")
    MOST = 1, _("four fifths of the time are used")
    DUE = 2, _("time is up")
    LONG_OVERDUE = 3, _("still not done")


class Clocked(models.Model):
    """A row whose present state must end by a moment.

    The columns repeat what `clock.derive` computes from the row's entries and may be recomputed
    at any time (a calendar year is published late, a rule is corrected).
    """

    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    # The promise crosses a year whose calendar is not published yet.
    due_provisional = models.BooleanField(default=False, editable=False)
    paused_at = models.DateTimeField(null=True, editable=False)
    alarm_at = models.DateTimeField(null=True, editable=False)
    alarm_step = models.PositiveSmallIntegerField(choices=Alarm, default=Alarm.HALF, editable=False)
    # How far up the tree overdue work has been raised; 0: not raised.
    raised_to = models.PositiveSmallIntegerField(default=0, editable=False)

    # What is stored anew when the clock is reckoned anew.
    clock_columns: ClassVar[tuple[str, ...]] = ("due_at", "due_provisional", "alarm_at")

    class Meta:
        abstract = True

    def clock_was_set(self) -> None:
        """For rows that keep a copy of the promise elsewhere."""

    def is_overdue(self, at: datetime) -> bool:
        """Whether the time is up at that moment, the clock running."""
        return self.due_at is not None and self.paused_at is None and self.due_at <= at
