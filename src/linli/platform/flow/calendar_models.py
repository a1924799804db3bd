"""Tables of the work calendar: published years, their special days, office hours."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from linli.kernel.ids import new_id
from linli.kernel.measures import Windows

SATURDAY = 6


class CalendarYear(models.Model):
    """A year whose holidays are published; days of other years count by the plain week."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    published_at = models.DateTimeField(_("published"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["year"]
        verbose_name = _("calendar year")
        verbose_name_plural = _("calendar years")

    def __str__(self) -> str:
        return str(self.year)


class CalendarDay(models.Model):
    """A day that departs from the plain week."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        MAKEUP_WORKDAY = "makeup_workday", _("make-up working day")

    date = models.DateField(_("date"), primary_key=True)
    year = models.ForeignKey(CalendarYear, on_delete=models.CASCADE, related_name="days")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60, blank=True)

    class Meta:
        ordering = ["date"]
        verbose_name = _("special day")
        verbose_name_plural = _("special days")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["holiday", "makeup_workday"]), name="calendar_day_kind"
            ),
            models.CheckConstraint(
                condition=Q(year=ExtractYear(F("date"))), name="calendar_day_in_its_year"
            ),
            models.CheckConstraint(
                condition=Q(kind="holiday") | Q(date__iso_week_day__gte=SATURDAY),
                name="calendar_makeup_on_weekend",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.name_zh}"


class WorkHours(models.Model):
    """Office hours from a day on, as `[["08:00", "12:00"], …]`; the first row holds earlier too."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    starts_on = models.DateField(_("in force from"), unique=True)
    windows = models.JSONField(_("hours"))
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        ordering = ["starts_on"]
        verbose_name = _("office hours")
        verbose_name_plural = _("office hours")

    def __str__(self) -> str:
        return f"{self.starts_on} {self.windows}"

    def as_times(self) -> Windows:
        """The hours as the work calendar takes them."""
        return tuple(
            (time.fromisoformat(opens), time.fromisoformat(closes))
            for opens, closes in self.windows
        )


class CalendarVersion(models.Model):
    """One row; its token changes with everything above, so that every process notices.

    A random token and not a count: a count would come back after a rolled-back transaction.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=new_id)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="calendar_version_single")]

    def __str__(self) -> str:
        return str(self.token)
