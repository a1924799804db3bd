"""What can be asked about following."""

from __future__ import annotations

from typing import Any

from linli.platform.access.actor import Actor
from linli.platform.flow.models import Follow


def follows(actor: Actor, row: Any) -> bool:
    """Whether the actor follows the row."""
    return Follow.objects.filter(account=actor.account_id, subject_id=row.pk).exists()
