"""Checking files for viruses, and sweeping out what belongs to no row."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.files import images, scan, store
from linli.platform.files.models import Attachment, State
from linli.platform.jobs.registry import batches, every, job

SYSTEM = Actor.system("files")
LEFT_OVER = timedelta(minutes=10)


@job(queue="files", retries=8, whole=False)
def scan_later(*, attachment_ids: list[str]) -> None:
    """Check these files; what is clean may be served, what is not is removed."""
    for pk in attachment_ids:
        scan_one(UUID(pk))


def scan_one(pk: UUID) -> str | None:
    """Check one file that still waits; returns its state afterwards, None when it does not wait.

    Raises `ScannerFailed` when nothing can be said; the file stays unserved.
    """
    with acting(SYSTEM):
        found = (
            Attachment.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=pk, state=State.PENDING)
            .first()
        )
        if found is None:
            return None
        clean = not scan.is_on() or scan.is_clean(store.path_of(found.stored))
        found.state = State.READY if clean else State.INFECTED
        found.save(update_fields=["state"])
    if found.state == State.INFECTED:
        store.remove(found.stored, images.THUMBS)
    return found.state


@every("*/10 * * * *", queue="files")
def scan_left_over_later() -> None:
    """Check what outlived its job, when the scanner works again."""
    with acting(SYSTEM):
        waiting = Attachment.objects.filter(
            state=State.PENDING, uploaded_at__lt=timezone.now() - LEFT_OVER
        ).order_by("uploaded_at")
        left = list(waiting.values_list("pk", flat=True)[:500])
    for pk in left:
        try:
            scan_one(pk)
        except scan.ScannerFailed:
            return


@every("37 19 * * *", queue="files")
def remove_orphans_later() -> None:
    """Remove files that no row knows: their transaction was rolled back, or their row is gone."""
    remove_orphans()


def remove_orphans() -> int:
    """Remove files a day old without a row, and what interrupted writes left; returns how many."""
    old = list(store.old_files(before=timezone.now() - store.ORPHAN_AFTER))
    removed = 0
    for batch in batches(old, 1000):
        names = {path: path.name.lstrip(".").partition(".")[0] for path in batch}
        with acting(SYSTEM):
            known = set(
                Attachment.objects.filter(stored__in=set(names.values()))
                .exclude(state=State.INFECTED)
                .values_list("stored", flat=True)
            )
        for path, name in names.items():
            if name not in known or path.name.endswith(store.PART):
                path.unlink(missing_ok=True)
                removed += 1
    return removed
