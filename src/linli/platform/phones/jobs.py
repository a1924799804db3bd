"""Codes are sent by the worker, again and again while they are valid; proofs are kept for a day."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.jobs.public import every, job
from linli.platform.notices.gateway import NotTaken, Refused, send
from linli.platform.phones.codes import message
from linli.platform.phones.models import PhoneProof

log = structlog.get_logger(__name__)

SYSTEM = Actor.system("phones")
# Longer than a proven number counts.
KEPT = timedelta(hours=25)


@job(queue="texts", retries=6, whole=False)
def send_code_later(*, proof_id: str) -> None:
    """Send the code of a proof, unless it was sent, has come back, or is over.

    No row is locked meanwhile: a slow gateway must not keep somebody from typing the code. Killed
    between sending and recording, it is sent again under the same id, which the gateway knows.
    """
    pk, at = UUID(proof_id), timezone.now()
    with acting(SYSTEM):
        proof = PhoneProof.objects.filter(pk=pk, sent_at=None, refused=False).first()
    if proof is None or not proof.is_open(at):
        return
    try:
        send(message(proof.pk, proof.phone, language=proof.language))
    except Refused as error:
        log.warning("text message refused", fault=error.sentence)
        _record(pk, refused=True, fault=error.sentence)
    except NotTaken as error:
        log.warning("text message not taken", fault=error.sentence)
        _record(pk, fault=error.sentence)
        raise
    else:
        _record(pk, sent_at=timezone.now(), fault="")


@every("41 * * * *")
def forget_proofs_later() -> None:
    """Drop numbers a day old."""
    with acting(SYSTEM):
        PhoneProof.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()


def _record(pk: UUID, **facts: object) -> None:
    with acting(SYSTEM):
        PhoneProof.objects.filter(pk=pk).update(**facts)
