"""What is written for lists: saved views, and the record of an export."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed, Forbidden, Invalid, NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.access.scope import acting_as_needed
from linli.platform.changes.public import create, label_of
from linli.platform.desk.models import Export, SavedView
from linli.platform.desk.rules import Verb

MOST_VIEWS = 50
LONGEST = 2_000


def save_view(*, actor: Actor, register: str, name: str, query: str) -> SavedView:
    """Keep the list as shown under a name; the same name again replaces it."""
    account_id = _account(actor)
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


def record_export(
    *,
    actor: Actor,
    at: datetime,
    register: str,
    form: str,
    query: str,
    columns: list[str],
    rows: int,
    purpose: str,
) -> Export:
    """Put on record that a list leaves the system; called before the first byte does."""
    if actor.unit_id is None:
        raise Forbidden(label_of(Verb.EXPORT))
    export = Export(
        register=register,
        form=form,
        query=query[:LONGEST],
        columns=", ".join(columns)[:LONGEST],
        rows=rows,
        purpose=purpose,
        account_id=_account(actor),
        post_id=actor.post_id,
        at=at,
    )
    export.place_in(Unit.objects.get(pk=actor.unit_id))
    with create(export, by=actor, verb=Verb.EXPORT, at=at) as entry:
        entry.facts |= {"register": register, "form": form, "rows": rows, "purpose": purpose}
    return export


def _account(actor: Actor) -> UUID:
    if actor.account_id is None:
        raise NotFound
    return actor.account_id
