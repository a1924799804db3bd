"""Dated limits of stages, read once a minute and process."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.utils import timezone

from linli.kernel.worktime import Kind, Span
from linli.modules.cases.models import TimeRule

SECONDS_KEPT = 60


def stage_limit(name: str, *, on: datetime) -> Span | None:
    """The limit called `name` in force on that day; None when there is none."""
    day = timezone.localdate(on)
    minute = int(timezone.now().timestamp()) // SECONDS_KEPT
    for rule_name, starts, ends, span in _rules(minute):
        if rule_name == name and starts <= day and (ends is None or day < ends):
            return span
    return None


def forget_limits() -> None:
    """Read the table anew at the next question."""
    _rules.cache_clear()


@lru_cache(maxsize=1)
def _rules(minute: int) -> list[tuple[str, date, date | None, Span]]:  # noqa: ARG001  the cache's key
    return [
        (rule.name, rule.starts, rule.ends, Span(rule.amount, Kind(rule.kind)))
        for rule in TimeRule.objects.order_by("name", "-starts")
    ]
