"""The worker: takes jobs up, waits out a database that went away, stops when told."""

from __future__ import annotations

import asyncio
import logging
import signal

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import close_old_connections
from procrastinate import App
from procrastinate.contrib.django import utils
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from procrastinate.psycopg_connector import PsycopgConnector

from linli.platform.jobs.registry import app

log = logging.getLogger(__name__)

# A worker that sent no sign of life for this long is dead, and its jobs are taken up again.
HEARTBEAT, DEAD_AFTER, RESCUE_EVERY = 3.0, 12.0, 3.0
# A job that took its worker down this often is not given to another.
DEADLY = 5
FINISH_WITHIN = 20.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0


def run(*, concurrency: int | None = None) -> None:
    """Work until SIGTERM or SIGINT; running jobs may finish (20 s).

    `concurrency` is how many jobs run at once, settings.JOBS_AT_ONCE when not given. The
    connection must be a direct one (or a pool in session mode): the worker listens on it. While
    the database is away the worker waits and tries again.
    """
    asyncio.run(_work(concurrency or settings.JOBS_AT_ONCE))


async def _work(concurrency: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    pause = FIRST_PAUSE
    while not stop.is_set():
        started = loop.time()
        try:
            await _shift(concurrency, stop)
        except (ConnectorException, psycopg.Error, OSError) as error:
            log.warning("The database does not answer, trying again: %s", error)
        if loop.time() - started > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        await _wait(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def _shift(concurrency: int, stop: asyncio.Event) -> None:
    """One worker from its registration until it is told to stop or loses the database."""
    # Periodic jobs are queued through Django's connection, which stays closed once it broke.
    await sync_to_async(close_old_connections)()
    connector = PsycopgConnector(
        kwargs=utils.connector_params("default"), min_size=1, max_size=concurrency + 3
    )
    # Not `replace_connector`: jobs queued by jobs must stay in Django's transaction.
    working = app.with_connector(connector)
    working.periodic_defaults = app.periodic_defaults
    async with working.open_async():
        shift = asyncio.create_task(
            working.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
                shutdown_graceful_timeout=FINISH_WITHIN,
            )
        )
        rescue = asyncio.create_task(_rescue_now_and_then(working))
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({shift, rescue, told}, return_when=asyncio.FIRST_COMPLETED)
        for task in (shift, rescue, told):
            task.cancel()
        results = await asyncio.gather(shift, rescue, told, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _rescue_now_and_then(working: App) -> None:
    while True:
        await rescue(working)
        await asyncio.sleep(RESCUE_EVERY)


async def rescue(working: App) -> int:
    """Queue again what dead workers left half done; returns how many jobs."""
    manager = working.job_manager
    rescued = 0
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
        # A periodic job has its next tick; a deadly one must not take down every worker.
        if job.queueing_lock or job.attempts >= DEADLY:
            await manager.finish_job(job, Status.FAILED, delete_job=bool(job.queueing_lock))
        else:
            log.warning("Taking up %s again: its worker died", job.call_string)
            await manager.retry_job(job)
        rescued += 1
    return rescued


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
