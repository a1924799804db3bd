"""The clockwork of the platform: what happens by itself, and how often."""

from __future__ import annotations

from django.db import connection
from django.utils import timezone

from linli.platform.changes.forgetting import forget_old
from linli.platform.changes.seals import seal
from linli.platform.flow.alarms import ring
from linli.platform.jobs.registry import every

FAILED_KEPT = "30 days"


@every("* * * * *")
def ring_alarms_later() -> None:
    """Remind of and raise what is due, each row in its own transaction."""
    ring(at=timezone.now())


@every("*/5 * * * *")
def seal_entries_later() -> None:
    """Chain the entries written since the last seal."""
    seal(at=timezone.now())


@every("17 19 * * *")
def forget_entries_later() -> None:
    """Empty entries whose time is over, at night (19:17 UTC is 03:17 in China)."""
    forget_old(at=timezone.now())


@every("47 19 * * *")
def clear_failed_jobs_later() -> None:
    """Drop jobs given up a month ago, so that the count of failed jobs tells of today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status IN ('failed', 'cancelled', 'aborted')"
            " AND NOT EXISTS (SELECT FROM procrastinate_events event"
            " WHERE event.job_id = procrastinate_jobs.id AND event.at > now() - %s::interval)",
            [FAILED_KEPT],
        )
