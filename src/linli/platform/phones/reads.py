"""What may be asked about a proof by whoever holds its id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.phones.models import MOST_TRIES, PhoneProof

SYSTEM = Actor.system("phones")
# How long a proven number counts as such, as long as a report under way is kept.
COUNTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Pending:
    """A code on its way, or in somebody's hand."""

    phone: str
    asked_at: datetime
    is_open: bool
    tries_left: int
    # The gateway will never deliver it.
    refused: bool


def proven_phone(proof_id: UUID, *, at: datetime) -> str:
    """The number this proof has proven within a day; "" for none."""
    with acting(SYSTEM):
        found = PhoneProof.objects.filter(pk=proof_id, proven_at__gt=at - COUNTS)
        return found.values_list("phone", flat=True).first() or ""


def pending(proof_id: UUID, *, at: datetime) -> Pending | None:
    """How a code sent stands; None when it is not known, or has been used."""
    with acting(SYSTEM):
        proof = PhoneProof.objects.filter(pk=proof_id, proven_at=None).first()
    if proof is None:
        return None
    return Pending(
        phone=proof.phone,
        asked_at=proof.asked_at,
        is_open=proof.is_open(at),
        tries_left=MOST_TRIES - proof.tries,
        refused=proof.refused,
    )
