"""What lists have done later: large exports made and deleted, what came of acts forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.desk.models import Batch, LargeExport
from linli.platform.jobs.public import every, job

SYSTEM = Actor.system("desk")
BATCH_KEPT = timedelta(days=1)
# An attempt that told nothing for so long has died with its job.
SILENT = timedelta(days=1)
ENDED_KEPT = timedelta(days=30)


@job(queue="exports", retries=3, whole=False, alone=True)
def make_export_later(*, export_id: str) -> None:
    """Make one large export; killed, it is made from the start."""
    from linli.platform.desk.making import make

    make(UUID(export_id))


@every("7 * * * *")
def forget_batches_later() -> None:
    """Drop what came of acts on ticked rows a day ago; what was done stands in the entries."""
    with acting(SYSTEM):
        Batch.objects.filter(at__lt=timezone.now() - BATCH_KEPT).delete()


@every("17 * * * *", queue="exports")
def clear_exports_later() -> None:
    """Delete files whose days are over, and what killed or given-up attempts left."""
    from linli.platform.desk import actions, export_files

    now = timezone.now()
    actions.expire_exports(at=now)
    actions.give_up_exports(before=now - SILENT, at=now)
    actions.forget_exports(before=now - ENDED_KEPT)
    with acting(SYSTEM):
        known = set(LargeExport.objects.exclude(stored="").values_list("stored", flat=True))
    export_files.sweep(known=known, before=now - SILENT)
