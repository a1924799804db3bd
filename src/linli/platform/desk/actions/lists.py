"""Saved views, and acts on ticked rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed, Invalid, NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting_as_needed
from linli.platform.desk.models import Batch, SavedView
from linli.platform.desk.register import Register
from linli.platform.desk.ticked import Act, Tick, do_each

MOST_VIEWS = 50
LONGEST = 2_000


def save_view(*, actor: Actor, register: str, name: str, query: str) -> SavedView:
    """Keep the list as shown under a name; the same name again replaces it."""
    account_id = account_of(actor)
    name = name.strip()[:40]
    if not name:
        raise Invalid("name", _("Give the view a name."))
    if len(query) > LONGEST:
        raise Invalid("name", _("These filters are too long to keep."))
    with acting_as_needed(actor):
        own = SavedView.objects.filter(account=account_id, register=register)
        if own.exclude(name=name).count() >= MOST_VIEWS:
            raise Closed(_("You have 50 saved views of this list. Remove one first."))
        view, _made = own.update_or_create(
            name=name,
            defaults={"query": query},
            create_defaults={
                "query": query,
                "account_id": account_id,
                "register": register,
                "name": name,
            },
        )
        return view


def forget_view(*, actor: Actor, view_id: UUID) -> None:
    """Remove one of one's own saved views."""
    with acting_as_needed(actor):
        removed, _each = SavedView.objects.filter(pk=view_id, account=actor.account_id).delete()
    if not removed:
        raise NotFound


def do_ticked(
    *,
    actor: Actor,
    at: datetime,
    batch_id: UUID,
    register: Register,
    act: Act,
    ticks: Sequence[Tick],
    data: Mapping[str, Any],
    given: Mapping[str, Any],
    query: str = "",
) -> Batch:
    """Do one act on each ticked row and keep what came of it; a batch sent twice is done once.

    `data` is what the act is given, `given` the same as it was typed. Raises `NotFound` when the
    key is somebody else's.
    """
    batch = Batch(
        pk=batch_id, account_id=account_of(actor), register=register.name, act=act.name,
        query=query[:LONGEST], given=dict(given), at=at,
    )  # fmt: skip
    with acting_as_needed(actor):
        try:
            with transaction.atomic():
                # Stored before anything is done: whoever sends the same form again waits here.
                batch.save(force_insert=True)
        except IntegrityError as sent_before:
            earlier = Batch.objects.filter(pk=batch_id, account=actor.account_id).first()
            if earlier is None:
                raise NotFound from sent_before
            return earlier
        came = do_each(register, act, ticks, actor=actor, data=data, at=at)
        batch.came = [list(astuple(one)) for one in came]
        batch.save(update_fields=["came"])
    return batch


def account_of(actor: Actor) -> UUID:
    """Whose it is. Raises `NotFound` for whoever has no account."""
    if actor.account_id is None:
        raise NotFound
    return actor.account_id
