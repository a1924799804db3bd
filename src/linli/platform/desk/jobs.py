"""What lists do by themselves: forgetting what came of acts on ticked rows."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.desk.models import Batch
from linli.platform.jobs.public import every

SYSTEM = Actor.system("desk")
BATCH_KEPT = timedelta(days=1)


@every("7 * * * *")
def forget_batches_later() -> None:
    """Drop what came of acts on ticked rows a day ago; what was done stands in the entries."""
    with acting(SYSTEM):
        Batch.objects.filter(at__lt=timezone.now() - BATCH_KEPT).delete()
