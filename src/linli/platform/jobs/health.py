"""How the queue is doing, in four figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

ALIVE_SECONDS = 30

QUERY = """
SELECT
    (SELECT extract(epoch FROM now() - min(greatest(job.scheduled_at, event.at)))
       FROM procrastinate_jobs job
       JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
      WHERE job.status = 'todo' AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())),
    (SELECT count(*) FROM procrastinate_jobs
      WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())),
    (SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'),
    (SELECT count(*) FROM procrastinate_workers
      WHERE last_heartbeat > now() - make_interval(secs => %s))
"""


@dataclass(frozen=True, slots=True)
class Health:
    """`oldest`: for how long the oldest job that could run has waited; `failed`: given up."""

    oldest: timedelta
    waiting: int
    failed: int
    workers: int


def health() -> Health:
    """The queue as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(QUERY, [ALIVE_SECONDS])
        oldest, waiting, failed, workers = cursor.fetchone()
    return Health(
        oldest=timedelta(seconds=float(oldest or 0)),
        waiting=waiting,
        failed=failed,
        workers=workers,
    )
