"""The scope of the running transaction, told to the database, where row-level policies read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, transaction

from linli.platform.access.actor import Actor

_current: ContextVar[Actor | None] = ContextVar("linli_actor", default=None)


def current_actor() -> Actor | None:
    """Who the running transaction acts for, if anybody."""
    return _current.get()


@contextmanager
def acting(actor: Actor, *, savepoint: bool = True) -> Iterator[Actor]:
    """Run a transaction (or a savepoint of one) as `actor`, in the database's eyes too.

    The settings are `SET LOCAL`: they end with the transaction, so that a pooled connection never
    carries them to the next request.
    """
    before = _current.get()
    token = _current.set(actor)
    try:
        with transaction.atomic(savepoint=savepoint):
            tell_database(actor)
            yield actor
            if before is not None and before != actor:
                tell_database(before)
    finally:
        _current.reset(token)


@contextmanager
def acting_once_known(find: Callable[[], Actor]) -> Iterator[Actor]:
    """`acting`, where `find` asks the database who that is, in the same transaction."""
    with transaction.atomic(), acting(find(), savepoint=False) as actor:
        yield actor


@contextmanager
def acting_as_needed(actor: Actor) -> Iterator[Actor]:
    """`acting`, unless the running transaction already acts for this very actor."""
    if _current.get() == actor and connection.in_atomic_block:
        with transaction.atomic():
            yield actor
    else:
        with acting(actor):
            yield actor


def tell_database(actor: Actor) -> None:
    """Set what the policies read, as literals in one statement."""
    settings = {
        "lo": actor.branch.lo,
        "hi": actor.branch.hi,
        "post": str(actor.post_id or ""),
        "account": str(actor.account_id or ""),
        "reference": actor.reference,
        "subject": "",
    }
    _set_local(settings)


def open_subject(subject_id: UUID) -> None:
    """Let the transaction read what hangs on one row (entries, files) beyond the actor's branch.

    Call it only with the id of a row that this actor has just read.
    """
    _set_local({"subject": str(subject_id)})


def _set_local(settings: dict[str, str]) -> None:
    quoted = "; ".join(
        f"SET LOCAL linli.{name} = {_literal(value)}" for name, value in settings.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(quoted)


def _literal(value: str) -> str:
    """An SQL literal. NUL and half characters, which PostgreSQL's text has not, are left out."""
    plain = value.replace("\x00", "").encode("utf-8", "ignore").decode()
    quoted = plain.replace("'", "''")
    if "\\" in quoted:  # right whatever `standard_conforming_strings` says
        return "E'" + quoted.replace("\\", "\\\\") + "'"
    return f"'{quoted}'"
