"""Jobs: work queued as a row in the same transaction as the change that asks for it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import close_old_connections, connection
from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.jobs import Job as StoredJob
from psycopg.types.json import Jsonb

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.changes.trail import plain

app: App = procrastinate_app

P = ParamSpec("P")
T = TypeVar("T")

SUFFIX = "_later"
QUEUE = """
SELECT (procrastinate_defer_jobs_v1(ARRAY[
    ROW(%s, %s, 0, %s, NULL, %s, NULL)::procrastinate_job_to_defer_v1
]))[1]
"""
FIRST_WAIT, LONGEST_WAIT, GROWTH = 5, 3600, 3
SYSTEM = Actor.system("jobs")

_jobs: dict[str, Job[Any]] = {}


class Backoff(BaseRetryStrategy):
    """Waits 5 s, 15 s, 45 s … at most an hour between attempts; gives up after `retries`."""

    def __init__(self, retries: int) -> None:
        self.retries = retries

    def get_retry_decision(
        self,
        *,
        exception: BaseException,  # noqa: ARG002  every failure is worth another attempt
        job: StoredJob,
    ) -> RetryDecision | None:
        """When to try again, or None to give up."""
        if job.attempts >= self.retries:
            return None
        return RetryDecision(retry_in={"seconds": wait_after(job.attempts)})


def wait_after(attempts: int) -> int:
    """Seconds between the attempt number `attempts` (from 0) and the next."""
    return int(min(FIRST_WAIT * GROWTH ** min(attempts, 10), LONGEST_WAIT))


class Job(Generic[P]):
    """A function that the worker calls later. Calling the job queues it; `now` does it at once."""

    def __init__(
        self,
        body: Callable[P, None],
        *,
        queue: str,
        retries: int,
        whole: bool,
        cron: str = "",
        alone: bool = False,
    ) -> None:
        self.body, self.whole, self.cron = body, whole, cron
        self.name = f"{body.__module__}.{body.__name__}"
        refuse_bad_form(body)
        # A periodic job runs alone, waits at most once, and is not retried: the next tick comes.
        self.lock = self.name if cron or alone else None
        self.task = app.task(
            name=self.name,
            queue=queue,
            retry=False if cron else Backoff(retries),
            lock=self.lock,
            queueing_lock=self.name if cron else None,
        )(self._work)
        if cron:
            app.periodic(cron=cron, periodic_id=self.name)(self.task)
        _jobs[self.name] = self

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> int:
        """Queue the job in the running transaction; returns the number of its row."""
        if args:
            raise TypeError(f"{self.name} takes keywords only")
        if self.cron:
            return int(self.task.defer(**plain(kwargs)))
        return self._queue(plain(kwargs))

    def now(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Do the work at once, as the worker would."""
        self._run(*args, **kwargs)

    def _queue(self, arguments: dict[str, Any]) -> int:
        """What `task.defer` does for a job that may wait twice, in one plain statement.

        Every change of a case queues a job: this is half a millisecond of each.
        """
        with connection.cursor() as cursor:
            row: list[Any] = [self.task.queue, self.name, self.lock, Jsonb(arguments)]
            cursor.execute(QUEUE, row)
            return int(cursor.fetchone()[0])

    def _work(self, *args: Any, **kwargs: Any) -> None:
        """`_run` in a thread of the worker, whose connection may have broken since the last job."""
        close_old_connections()
        self._run(*args, **kwargs)

    def _run(self, *args: Any, **kwargs: Any) -> None:
        kwargs.pop("timestamp", None)  # what a periodic job gets: the tick it was queued for
        if not self.whole:
            self.body(*args, **kwargs)
            return
        with acting(SYSTEM):
            self.body(*args, **kwargs)


def job(
    *, queue: str = "default", retries: int = 8, whole: bool = True, alone: bool = False
) -> Callable[[Callable[P, None]], Job[P]]:
    """Make a job of a function named `…_later` that takes keywords only (values JSON can carry).

    It runs as the system. `whole` runs the body in one transaction; give False when it opens its
    own, one a piece of work. `alone` lets one of its kind run at a time, so that long work never
    takes up every hand of the worker. It may run twice (a worker can die between work and record),
    so it must look at what is left to do, never assume.
    """

    def enter(body: Callable[P, None]) -> Job[P]:
        return Job(body, queue=queue, retries=retries, whole=whole, alone=alone)

    return enter


def every(
    cron: str, *, queue: str = "clock", whole: bool = False
) -> Callable[[Callable[[], None]], Job[[]]]:
    """Make a job queued at every tick of `cron` (minute hour day month weekday, in UTC).

    It never runs twice at once; ticks missed while no worker ran are made up by one run.
    """

    def enter(body: Callable[[], None]) -> Job[[]]:
        return Job(body, queue=queue, retries=0, whole=whole, cron=cron)

    return enter


def all_jobs() -> dict[str, Job[Any]]:
    """Every job of the installation, by name."""
    return dict(_jobs)


def batches(items: Sequence[T], size: int = 500) -> Iterator[list[T]]:
    """`items` in lists of at most `size`: one job a batch, not one a person."""
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def refuse_bad_form(body: Callable[..., None]) -> None:
    """Raise TypeError unless the name ends in `_later` and every parameter is keyword-only."""
    if not body.__name__.endswith(SUFFIX):
        raise TypeError(f"the job {body.__name__} must end in {SUFFIX}")
    for parameter in inspect.signature(body).parameters.values():
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY:
            raise TypeError(f"the job {body.__name__} must take {parameter.name} by keyword only")
