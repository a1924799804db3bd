"""Sending what was queued, again and again until the mail server has it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.jobs.registry import batches, every, job
from linli.platform.notices import mail
from linli.platform.notices.models import Delivery, Notice

SYSTEM = Actor.system("notices")
# A batch has its own attempts; what still waits after them is taken up here.
LEFT_OVER = timedelta(minutes=20)
KEPT = timedelta(days=365)


@job(queue="mail", retries=6, whole=False)
def deliver_later(*, delivery_ids: list[str]) -> None:
    """Send these e-mails, one job a batch."""
    outcome = mail.deliver([UUID(one) for one in delivery_ids], at=timezone.now())
    if outcome.waiting:
        raise mail.NotAllSent


@every("*/10 * * * *", queue="mail")
def deliver_left_over_later() -> None:
    """Try what outlived its job, for three days; then say so."""
    at = timezone.now()
    with acting(SYSTEM):
        mail.give_up(at=at)
        left = mail.waiting(before=at - LEFT_OVER)
    for batch in batches(left):
        if mail.deliver(batch, at=at).waiting:
            return


@every("27 19 * * *")
def forget_notices_later() -> None:
    """Drop notices and e-mails a year old: what happened stands in the entries."""
    old = timezone.now() - KEPT
    with acting(SYSTEM):
        Notice.objects.filter(created_at__lt=old).delete()
        Delivery.objects.filter(queued_at__lt=old).delete()
