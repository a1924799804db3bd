"""Tables of the mechanism: the calendar, and who follows what."""

from __future__ import annotations

from django.db import models

from linli.kernel.ids import new_id
from linli.platform.flow.calendar_models import (
    CalendarDay,
    CalendarVersion,
    CalendarYear,
    WorkHours,
)

__all__ = ["CalendarDay", "CalendarVersion", "CalendarYear", "Follow", "WorkHours"]


class Follow(models.Model):
    """A person follows a row and is told of every move."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("access.Account", on_delete=models.CASCADE, related_name="+")
    subject_type = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_id"])]
        constraints = [
            models.UniqueConstraint(fields=["account", "subject_id"], name="follow_once")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.subject_type} {self.subject_id}"
