"""Exports: the record of each, and the life of those the worker makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Closed, Forbidden, NotFound
from linli.kernel.ids import new_id
from linli.platform.access.actor import Actor
from linli.platform.access.models import Unit
from linli.platform.access.scope import acting, acting_as_needed
from linli.platform.changes.public import create, label_of, note
from linli.platform.desk import export_files
from linli.platform.desk.actions.lists import LONGEST, account_of
from linli.platform.desk.models import Export, ExportRule, Fault, LargeExport, Making
from linli.platform.desk.register import registers
from linli.platform.desk.rules import Verb
from linli.platform.notices.public import tell_accounts

SYSTEM = Actor.system("exports")
UNDER_WAY = (Making.WAITING, Making.MAKING)
# One at a time is made for everybody; nobody stands in the way of all others.
MOST_AT_ONCE = 3


def record_export(
    *,
    actor: Actor,
    at: datetime,
    register: str,
    form: str,
    query: str,
    columns: Sequence[str],
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
        account_id=account_of(actor),
        post_id=actor.post_id,
        at=at,
    )
    export.place_in(Unit.objects.get(pk=actor.unit_id))
    with create(export, by=actor, verb=Verb.EXPORT, at=at) as entry:
        entry.facts |= {"register": register, "form": form, "rows": rows, "purpose": purpose}
    return export


def ask_export(
    *,
    actor: Actor,
    at: datetime,
    register: str,
    form: str,
    query: str,
    columns: Sequence[str],
    purpose: str,
    language: str,
) -> LargeExport:
    """Have a list made into a file by the worker, in the capacity of `actor`.

    Nothing is on record yet: the record is written when there is a file that could be taken.
    """
    from linli.platform.desk.jobs import make_export_later

    if actor.unit_id is None or actor.post_id is None:
        raise Forbidden(label_of(Verb.EXPORT))
    with acting_as_needed(actor):
        own = LargeExport.objects.filter(account=actor.account_id, state__in=UNDER_WAY)
        if own.count() >= MOST_AT_ONCE:
            told = _("%(most)s of your exports are still being made. Wait for one, or cancel it.")
            raise Closed(told, most=MOST_AT_ONCE)
        order = LargeExport(
            account_id=account_of(actor), post_id=actor.post_id, unit_id=actor.unit_id,
            register=register, form=form, query=query, columns=list(columns), purpose=purpose,
            language=language, asked_at=at, touched_at=at,
        )  # fmt: skip
        order.save(force_insert=True)
        make_export_later(export_id=str(order.pk))
    return order


def begin_export(*, export_id: UUID, at: datetime) -> LargeExport | None:
    """Take an export up, from the start; None when nothing is left to do.

    Whatever attempt was at work before is told to stop by the new `run`.
    """
    with acting(SYSTEM):
        order = (
            LargeExport.objects.select_for_update()
            .filter(pk=export_id, state__in=UNDER_WAY)
            .first()
        )
        if order is None:
            return None
        order.state, order.run, order.touched_at = Making.MAKING, new_id(), at
        order.rows_done, order.rows_expected = 0, None
        order.save(update_fields=["state", "run", "touched_at", "rows_done", "rows_expected"])
    return order


def finish_export(
    order: LargeExport, *, by: Actor, at: datetime, rows: int, stored: str, name: str
) -> bool:
    """The file is there: put it on record and tell the person; False when nobody wants it now.

    `by` is the capacity it was made for, `stored` the file's name in the store, `name` the one
    under which it is fetched.
    """
    with acting(by):
        locked = _under_way(order)
        if locked is None:
            return False
        export = record_export(
            actor=by, at=at, register=order.register, form=order.form, query=order.query,
            columns=order.columns, rows=rows, purpose=order.purpose,
        )  # fmt: skip
        locked.state, locked.export, locked.stored = Making.READY, export, stored
        locked.rows_done = locked.rows_expected = rows
        locked.name, locked.size = name, export_files.path_of(stored).stat().st_size
        locked.made_at, locked.touched_at = at, at
        locked.expires_at = at + timedelta(days=kept_days(at))
        locked.save()
        _tell(
            locked, at=at,
            text=_("Your export “%(list)s” is ready: %(rows)s rows, kept until %(until)s"),
            params={"rows": f"{rows:,}", "until": locked.expires_at},
        )  # fmt: skip
    return True


def fail_export(order: LargeExport, fault: Fault, *, at: datetime) -> None:
    """It cannot be made; the person is told why."""
    with acting(SYSTEM):
        locked = _under_way(order)
        if locked is None:
            return
        locked.state, locked.fault, locked.touched_at = Making.FAILED, fault, at
        locked.save(update_fields=["state", "fault", "touched_at"])
        _tell(
            locked, at=at, params={"why": fault.label},
            text=_("Your export “%(list)s” could not be made. %(why)s"),
        )  # fmt: skip


def cancel_export(*, actor: Actor, order: LargeExport, at: datetime) -> None:
    """Stop making it, or delete the file that is there; a worker at work notices and stops."""
    with acting_as_needed(actor):
        locked = (
            LargeExport.objects.select_for_update()
            .filter(pk=order.pk, account=actor.account_id)
            .first()
        )
        if locked is None:
            raise NotFound
        if locked.state == Making.READY:
            _drop_file(locked, at=at)
        elif locked.is_under_way:
            locked.state, locked.touched_at = Making.CANCELLED, at
            locked.save(update_fields=["state", "touched_at"])


def record_fetching(*, actor: Actor, order: LargeExport, at: datetime) -> None:
    """Put on the export's record that its file is taken away, each time it is."""
    with acting_as_needed(actor):
        export = Export.objects.get(pk=str(order.export_id))
        facts = {"fetched": order.name, "rows": order.rows_done}
        note(export, by=actor, verb=Verb.EXPORT, at=at, facts=facts)


def expire_exports(*, at: datetime) -> int:
    """Delete the files whose days are over; returns how many."""
    with acting(SYSTEM):
        over = LargeExport.objects.select_for_update(skip_locked=True).filter(
            state=Making.READY, expires_at__lte=at
        )
        orders = list(over)
        for order in orders:
            _drop_file(order, at=at)
    return len(orders)


def give_up_exports(*, before: datetime, at: datetime) -> int:
    """End what nothing has worked on since `before`; returns how many."""
    with acting(SYSTEM):
        left = list(LargeExport.objects.filter(state__in=UNDER_WAY, touched_at__lt=before))
    for order in left:
        fail_export(order, Fault.BROKEN, at=at)
    return len(left)


def forget_exports(*, before: datetime) -> None:
    """Drop what has had no file since `before`; who exported what stays on record."""
    with acting(SYSTEM):
        ended = LargeExport.objects.exclude(state__in=(*UNDER_WAY, Making.READY))
        ended.filter(touched_at__lt=before).delete()


def kept_days(at: datetime) -> int:
    """For how many days a file is kept that is made at this moment."""
    day = timezone.localdate(at)
    rule = ExportRule.objects.filter(starts__lte=day).order_by("-starts").first()
    return rule.kept_days if rule is not None else 0


def _under_way(order: LargeExport) -> LargeExport | None:
    """The row, locked, if this attempt is still the one at work."""
    rows = LargeExport.objects.select_for_update().filter(pk=order.pk, state__in=UNDER_WAY)
    return rows.filter(run=order.run).first()


def _drop_file(order: LargeExport, *, at: datetime) -> None:
    """The bytes go when the transaction is committed."""
    transaction.on_commit(partial(export_files.remove, order.stored))
    order.state, order.stored, order.touched_at = Making.EXPIRED, "", at
    order.save(update_fields=["state", "stored", "touched_at"])


def _tell(order: LargeExport, *, at: datetime, text: Any, params: dict[str, Any]) -> None:
    listed = next((one for one in registers() if one.name == order.register), None)
    tell_accounts(
        [order.account_id], verb=Verb.EXPORT, subject=order, text=text, at=at,
        params={"list": listed.named if listed is not None else order.register, **params},
        url=reverse("desk:my_export", args=[order.pk]),
    )  # fmt: skip
