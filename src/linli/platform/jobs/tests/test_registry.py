"""The form of jobs, their row in the caller's transaction, and the figures of the queue."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction

from linli.platform.access.models import Role
from linli.platform.access.scope import current_actor
from linli.platform.jobs import registry
from linli.platform.jobs.public import Job, all_jobs, batches, every, health, job
from linli.platform.jobs.registry import app, refuse_bad_form, wait_after

done: list[Any] = []


@pytest.fixture
def jobs_of_tests() -> Iterator[None]:
    """Takes back what a test registers."""
    tasks, periodic = dict(app.tasks), dict(app.periodic_registry.periodic_tasks)
    known = dict(registry._jobs)
    done.clear()
    yield
    app.tasks.clear()
    app.tasks.update(tasks)
    app.periodic_registry.periodic_tasks.clear()
    app.periodic_registry.periodic_tasks.update(periodic)
    registry._jobs.clear()
    registry._jobs.update(known)


def waiting() -> list[tuple[str, dict[str, Any]]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT task_name, args FROM procrastinate_jobs ORDER BY id")
        return [(name, args) for name, args in cursor.fetchall()]


@pytest.mark.django_db
def test_calling_a_job_queues_it_and_keys_become_text(jobs_of_tests: None) -> None:
    @job()
    def count_later(*, ids: list[UUID]) -> None:
        done.append(ids)

    one = uuid4()
    count_later(ids=[one])
    assert done == []
    assert len(waiting()) == 1
    assert "'ids': ['" + str(one) in str(waiting()[0][1]).replace('"', "'")


@pytest.mark.django_db
def test_a_job_of_a_change_that_failed_was_never_queued(jobs_of_tests: None) -> None:
    @job()
    def count_later() -> None:
        done.append(1)

    def change_that_fails() -> None:
        with transaction.atomic():
            count_later()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_that_fails()
    assert waiting() == []


@pytest.mark.django_db
def test_a_job_runs_as_the_system_in_one_transaction(jobs_of_tests: None) -> None:
    @job()
    def look_later(*, slug: str) -> None:
        Role.objects.create(slug=slug, name="x")
        done.append((current_actor(), connection.in_atomic_block))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        look_later.now(slug="half-done")
    actor, atomic = done[0]
    assert actor.all_verbs
    assert atomic
    assert not Role.objects.filter(slug="half-done").exists()


def test_a_job_has_the_form_of_a_job() -> None:
    def without_suffix(*, a: int) -> None: ...
    def positional_later(a: int) -> None: ...

    for body in (without_suffix, positional_later):
        with pytest.raises(TypeError):
            refuse_bad_form(body)


def test_every_job_of_the_installation_has_a_home_and_the_form() -> None:
    assert all_jobs()
    for name, found in all_jobs().items():
        module, _, attribute = name.rpartition(".")
        assert isinstance(getattr(importlib.import_module(module), attribute), Job)
        assert inspect.getdoc(found.body), name


def test_the_clockwork_is_complete() -> None:
    ticking = {name.rpartition(".")[2] for name, one in all_jobs().items() if one.cron}
    assert ticking >= {
        "ring_alarms_later",
        "seal_entries_later",
        "forget_entries_later",
        "deliver_left_over_later",
        "scan_left_over_later",
        "remove_orphans_later",
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["ring_alarms_later", "seal_entries_later", "forget_entries_later", "clear_failed_jobs_later"],
)
def test_the_clockwork_turns(name: str) -> None:
    all_jobs()[f"linli.platform.jobs.jobs.{name}"].now()


@pytest.mark.django_db
def test_a_periodic_job_waits_at_most_once(jobs_of_tests: None) -> None:
    @every("* * * * *")
    def tick_later() -> None:
        done.append(1)

    tick_later()
    with pytest.raises(Exception, match="queueing lock"), transaction.atomic():
        tick_later()
    assert len(waiting()) == 1
    tick_later.task.func(timestamp=17)
    assert done == [1]


@pytest.mark.django_db
def test_a_job_that_works_alone_may_wait_twice_and_runs_once_at_a_time(jobs_of_tests: None) -> None:
    @job(alone=True)
    def write_long_later(*, line: str) -> None:
        done.append(line)

    write_long_later(line="one")
    write_long_later(line="two")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        taken = []
        for _hand in range(2):
            cursor.execute("SELECT id FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
            taken.append(cursor.fetchone()[0])
    assert taken[0] is not None
    assert taken[1] is None


def test_waits_grow_to_an_hour() -> None:
    waits = [wait_after(attempt) for attempt in range(12)]
    assert waits[:4] == [5, 15, 45, 135]
    assert waits[-1] == 3600


def test_batches_cover_everything_once() -> None:
    parts = list(batches(list(range(1201)), 500))
    assert [len(part) for part in parts] == [500, 500, 201]
    assert [item for part in parts for item in part] == list(range(1201))


@pytest.mark.django_db
def test_health_tells_how_long_the_oldest_job_has_waited(jobs_of_tests: None) -> None:
    @job()
    def slow_later() -> None: ...

    assert health().waiting == 0
    assert health().oldest.total_seconds() == 0
    number = slow_later()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '90 seconds' WHERE job_id = %s",
            [number],
        )
    found = health()
    assert found.waiting == 1
    assert 89 < found.oldest.total_seconds() < 120
    assert found.failed == 0
    assert found.workers == 0
