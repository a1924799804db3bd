"""Following: a person asks to be told of every move of a row."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linli.kernel.errors import Forbidden
from linli.platform.access.actor import Actor
from linli.platform.flow.models import Follow


def follow(*, actor: Actor, row: Any, at: datetime) -> None:
    """Follow a row the actor has just read; a second time changes nothing."""
    if actor.account_id is None:
        raise Forbidden("")
    Follow.objects.get_or_create(
        account_id=actor.account_id,
        subject_id=row.pk,
        defaults={"subject_type": row._meta.label_lower, "since": at},
    )


def unfollow(*, actor: Actor, row: Any) -> None:
    """Follow no longer."""
    Follow.objects.filter(account=actor.account_id, subject_id=row.pk).delete()
