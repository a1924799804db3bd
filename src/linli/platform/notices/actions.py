"""Telling people, marking as read, choosing how to be told: every write of the notices."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict, Unpack
from uuid import UUID, uuid5

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.functional import Promise

from linli.platform.access.actor import Actor
from linli.platform.access.branch import EVERYWHERE
from linli.platform.access.models import Account, Unit
from linli.platform.access.scope import acting, acting_as_needed, current_actor
from linli.platform.jobs.registry import batches
from linli.platform.notices import recipients
from linli.platform.notices.jobs import deliver_later
from linli.platform.notices.kinds import Kind, kind_of
from linli.platform.notices.models import Delivery, MailLanguage, Notice, Preference
from linli.platform.notices.texts import kept, message_of

SYSTEM = Actor.system("notices")
Params = Mapping[str, Any]


class Telling(TypedDict):
    """What is told, given by keyword to every `tell_…`.

    `text` and `body` are messages marked by `gettext_lazy`, with `%(name)s` places for `params`,
    which may hold moments, days and lazy texts. `url` is a path of this site.
    `occasion` is the id of the entry told of (`subject` and `at` stand in for it): the same verb on
    the same subject is told once an occasion and recipient, however often it is called.
    """

    verb: str
    subject: models.Model
    text: str | Promise
    at: datetime
    params: NotRequired[Params]
    url: NotRequired[str]
    body: NotRequired[str | Promise]
    occasion: NotRequired[UUID]


@dataclass(frozen=True, slots=True)
class Message:
    """A telling as the tables keep it."""

    verb: str
    subject_id: UUID
    occasion: UUID
    at: datetime
    columns: dict[str, Any]

    @classmethod
    def of(cls, told: Telling) -> Message:
        """Texts untranslated, values as JSON can carry them."""
        subject, verb, at = told["subject"], str(told["verb"]), told["at"]
        occasion = told.get("occasion") or uuid5(subject.pk, f"{verb} {at.isoformat()}")
        columns = {
            "verb": verb,
            "subject_type": subject._meta.label_lower,
            "subject_id": subject.pk,
            "occasion": occasion,
            "text": message_of(told["text"]),
            "body": message_of(told.get("body", "")),
            "params": kept(told.get("params", {})),
            "url": told.get("url", ""),
        }
        return cls(verb, subject.pk, occasion, at, columns)


def tell_accounts(
    accounts: Iterable[Account | UUID], *, but: Actor | None = None, **told: Unpack[Telling]
) -> int:
    """Tell these people, in-app and by e-mail as they chose; returns how many are told.

    `but` is not told: whoever did it knows. Part of the running transaction: when it is rolled
    back, nobody was told.
    """
    chosen = {one.pk if isinstance(one, Account) else one for one in accounts}
    with _as_system():
        return _tell(chosen, Message.of(told), but)


def tell_posts(
    post_ids: Collection[UUID], *, but: Actor | None = None, **told: Unpack[Telling]
) -> int:
    """`tell_accounts` for all who hold one of the posts on the day of `at`; 0: nobody does."""
    with _as_system():
        found = recipients.holders(post_ids, on=timezone.localdate(told["at"]))
        return _tell(found, Message.of(told), but)


def tell_supervisors(
    unit: Unit, *, level: int, holding: str, but: Actor | None = None, **told: Unpack[Telling]
) -> int:
    """`tell_accounts` for all whose post at `level` above (or of) `unit` holds the verb `holding`.

    Where nobody does, the next level up is told. Returns how many; 0: nobody up to the top.
    """
    with _as_system():
        found = recipients.supervisors(
            unit, level=level, holding=str(holding), on=timezone.localdate(told["at"])
        )
        return _tell(found, Message.of(told), but)


def tell_address(email: str, *, language: str = "", **told: Unpack[Telling]) -> bool:
    """E-mail somebody without an account who left an address; whether one was queued.

    False where the installation sends no e-mail. `language` is the installation's when not given.
    """
    if not email or not mail_is_on():
        return False
    with _as_system():
        reader = (email, language or settings.LANGUAGE_CODE)
        return bool(_queue([reader], Message.of(told), staff=False))


def mark_read(*, actor: Actor, notice: Notice, at: datetime) -> None:
    """The person has seen the notice."""
    with acting_as_needed(actor):
        Notice.objects.filter(pk=notice.pk, account=actor.account_id, read_at=None).update(
            read_at=at
        )


def mark_some_read(*, actor: Actor, notice_ids: Collection[UUID], at: datetime) -> int:
    """The person has seen these notices; returns how many were new."""
    with acting_as_needed(actor):
        return Notice.objects.filter(
            account=actor.account_id, pk__in=notice_ids, read_at=None
        ).update(read_at=at)


def mark_all_read(*, actor: Actor, at: datetime) -> int:
    """The person has seen all notices up to now; returns how many were new."""
    with acting_as_needed(actor):
        return Notice.objects.filter(
            account=actor.account_id, read_at=None, created_at__lte=at
        ).update(read_at=at)


def prefer(*, actor: Actor, kind: Kind, in_app: bool, email: bool) -> None:
    """How the person wants to be told of this kind from now on."""
    if actor.account_id is None:
        return
    with acting_as_needed(actor):
        Preference.objects.update_or_create(
            account_id=actor.account_id,
            kind=kind.name,
            defaults={"in_app": in_app, "email": email},
        )


def prefer_language(*, actor: Actor, language: str) -> None:
    """The language of the person's e-mails from now on; one of settings.LANGUAGES."""
    if actor.account_id is None or language not in dict(settings.LANGUAGES):
        return
    with acting_as_needed(actor):
        MailLanguage.objects.update_or_create(
            account_id=actor.account_id, defaults={"language": language}
        )


def forget_subject(subject_id: UUID) -> int:
    """Drop all that was told of a row that is anonymised, sent or not; returns how much."""
    with _as_system():
        notices, _kinds = Notice.objects.filter(subject_id=subject_id).delete()
        mails, _kinds = Delivery.objects.filter(subject_id=subject_id).delete()
    return notices + mails


def mail_is_on() -> bool:
    """Whether the installation sends e-mail at all."""
    return not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")


def _as_system() -> AbstractContextManager[Any]:
    """Who holds which post, and how they want to be told, is not for every actor to see."""
    present = current_actor()
    if present is not None and present.branch == EVERYWHERE:
        return nullcontext()
    return acting(SYSTEM)


def _tell(account_ids: Iterable[UUID], message: Message, but: Actor | None) -> int:
    """Write the notices, queue the e-mails. Runs as the system."""
    accounts = [
        account
        for account in recipients.active(account_ids)
        if but is None or account.pk != but.account_id
    ]
    kind = kind_of(message.verb)
    preferences = {
        row.account_id: row
        for row in Preference.objects.filter(kind=kind.name, account__in=accounts)
    }
    # No conflict target and no RETURNING: telling twice is not an error, it tells once.
    Notice.objects.bulk_create(
        [
            Notice(account=account, created_at=message.at, **message.columns)
            for account in accounts
            if account.pk not in preferences or preferences[account.pk].in_app
        ],
        ignore_conflicts=True,
    )
    mailed = [
        account
        for account in accounts
        if account.email
        and (preferences[account.pk].email if account.pk in preferences else kind.email)
    ]
    if mailed and mail_is_on():
        languages = dict(
            MailLanguage.objects.filter(account__in=mailed).values_list("account_id", "language")
        )
        _queue(
            [
                (account.email, languages.get(account.pk, settings.LANGUAGE_CODE))
                for account in mailed
            ],
            message,
            staff=True,
        )
    return len(accounts)


def _queue(addresses: list[tuple[str, str]], message: Message, *, staff: bool) -> int:
    """Write the e-mails that are not there yet, and one job a batch. Runs as the system."""
    told = set(
        Delivery.objects.filter(
            verb=message.verb,
            subject_id=message.subject_id,
            occasion=message.occasion,
            address__in=[address for address, _ in addresses],
        ).values_list("address", flat=True)
    )
    fresh = {address: language for address, language in addresses if address not in told}
    rows = [
        Delivery(
            address=address,
            language=language,
            for_staff=staff,
            queued_at=message.at,
            **message.columns,
        )
        for address, language in fresh.items()
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    for batch in batches([str(row.pk) for row in rows]):
        deliver_later(delivery_ids=batch)
    return len(rows)
