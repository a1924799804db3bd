"""What a person may ask of their notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from linli.kernel.errors import NotFound
from linli.platform.access.actor import Actor
from linli.platform.notices.kinds import Kind, all_kinds
from linli.platform.notices.models import MailLanguage, Notice, Preference

PAGE = 50
# The bell shows no more than this; counting further helps nobody.
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Page:
    """A page of notices; `after` continues it, "" when this is the end."""

    notices: list[Notice]
    after: str


@dataclass(frozen=True, slots=True)
class Choice:
    """How the person is told of one kind."""

    kind: Kind
    label: str | Promise
    in_app: bool
    email: bool


def of(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices."""
    return Notice.objects.filter(account=actor.account_id)


def unread_count(actor: Actor) -> int:
    """How many notices are new, at most 100."""
    if actor.account_id is None:
        return 0
    return of(actor).filter(read_at=None)[:MOST_COUNTED].count()


def unread(actor: Actor) -> list[Notice]:
    """New notices, newest first, at most 100; they stand above the others."""
    return list(of(actor).filter(read_at=None).order_by("-created_at", "-id")[:MOST_COUNTED])


def seen(actor: Actor, *, after: str = "") -> Page:
    """Read notices, newest first, continued after a page's `after`."""
    rows = of(actor).exclude(read_at=None).order_by("-created_at", "-id")
    if after:
        moment, pk = _position(after)
        rows = rows.filter(Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(
        notices=found[:PAGE],
        after=f"{last.created_at.isoformat()}_{last.pk}" if last else "",
    )


def get(actor: Actor, pk: UUID) -> Notice:
    """One of the actor's notices; raises `NotFound` for anybody else's."""
    notice = of(actor).filter(pk=pk).first()
    if notice is None:
        raise NotFound
    return notice


def choices(actor: Actor) -> list[Choice]:
    """Every kind with the person's choice or its default."""
    own = {row.kind: row for row in Preference.objects.filter(account=actor.account_id)}
    return [
        Choice(
            kind=kind,
            label=kind.label,
            in_app=own[kind.name].in_app if kind.name in own else True,
            email=own[kind.name].email if kind.name in own else kind.email,
        )
        for kind in all_kinds()
    ]


def mail_language(actor: Actor) -> str:
    """The language of the person's e-mails; "" for the installation's."""
    row = MailLanguage.objects.filter(account=actor.account_id).first()
    return row.language if row else ""


def _position(after: str) -> tuple[datetime, UUID]:
    moment, _, pk = after.partition("_")
    try:
        return datetime.fromisoformat(moment), UUID(pk)
    except ValueError as error:
        raise NotFound from error
