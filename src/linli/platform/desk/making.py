"""A large export made into a file: by the worker, in the capacity of whoever asked for it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import psycopg
import structlog
from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone, translation

from linli.platform.access.actor import Actor
from linli.platform.access.capacities import capacities
from linli.platform.access.reads import account_by_id
from linli.platform.access.scope import acting
from linli.platform.desk import export_files, exports
from linli.platform.desk.actions import begin_export, fail_export, finish_export
from linli.platform.desk.models import Fault, LargeExport
from linli.platform.desk.progress import Progress, Stopped
from linli.platform.desk.register import Register, registers
from linli.platform.desk.rules import Verb

log = structlog.get_logger(__name__)


def make(export_id: UUID) -> None:
    """Make the file from the start, unless it is there or nobody wants it any more.

    Killed in between, it is called again and nothing of the first attempt counts.
    """
    order = begin_export(export_id=export_id, at=timezone.now())
    if order is None:
        return
    try:
        with translation.override(order.language):
            _make(order)
    except Stopped:
        return
    except exports.TooLong:
        _fail(order, Fault.TOO_LONG)
    except (DatabaseError, psycopg.Error):
        # The database went away: the job is tried again.
        raise
    except OSError:
        log.exception("export could not be written", export=str(export_id))
        _fail(order, Fault.NO_ROOM)
    except Exception:
        log.exception("export could not be made", export=str(export_id))
        _fail(order, Fault.BROKEN)


def requester(order: LargeExport) -> Actor | None:
    """Whoever asked for it, in the capacity of then as it is today; None when that is over."""
    account = account_by_id(order.account_id)
    if account is None or not account.is_active:
        return None
    for capacity in capacities(account, on=timezone.localdate()):
        if (capacity.post_id, capacity.unit_id) == (order.post_id, order.unit_id):
            return capacity.actor(account)
    return None


def register_of(order: LargeExport, actor: Actor) -> Register | None:
    """The list it is of, if this actor may see and export it."""
    found = next((one for one in registers() if one.name == order.register), None)
    if found is None or not found.exportable or not found.open_to(actor):
        return None
    return found if actor.knows(Verb.EXPORT) else None


def _make(order: LargeExport) -> None:
    with acting(Actor.system("exports")):
        actor = requester(order)
    register = register_of(order, actor) if actor is not None else None
    if actor is None or register is None:
        _fail(order, Fault.NO_POST)
        return
    with export_files.workplace() as place:
        made = place / f"made.{order.form}"
        rows = _write(order, register, actor, made)
        stored = export_files.keep(made)
    at = timezone.now()
    wanted = False
    try:
        name = exports.file_name(register, order.form, at)
        wanted = finish_export(order, by=actor, at=at, rows=rows, stored=stored, name=name)
    finally:
        if not wanted:
            export_files.remove(stored)


def _write(order: LargeExport, register: Register, actor: Actor, made: Path) -> int:
    """Read and write in one transaction of the actor's: the list as it was at one moment."""
    assert order.run is not None  # noqa: S101  begun above
    with Progress(order.pk, order.run) as progress, acting(actor):
        listing = exports.listing_of(register, actor, order.query, order.columns)
        rows = listing.rows()
        progress.expect(rows.order_by().count())
        with connection.cursor() as cursor:
            # Every row will be read: the way to the first one is not what counts.
            cursor.execute("SET LOCAL cursor_tuple_fraction = 1")
        origin = exports.Origin(
            register.heading, exports.who(actor), timezone.now(), order.purpose,
            exports.filters_of(listing),
        )  # fmt: skip
        with made.open("wb") as file:
            return exports.write_to(
                file, listing, rows, origin,
                form=order.form, tick=progress.tick, aside=made.parent,
            )  # fmt: skip


def _fail(order: LargeExport, fault: Fault) -> None:
    fail_export(order, fault, at=timezone.now())
