"""E-mail: put into words in the reader's language, handed to the mail server, outcome on record."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext, override

from linli.kernel.errors import Unavailable
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.notices.models import Delivery, DeliveryState

SYSTEM = Actor.system("mail")
PERMANENT = 500
LONGEST_FAULT = 300
GIVE_UP_AFTER = timedelta(days=3)
# After so many mails in a row that did not reach the server at all, the rest of a batch waits.
SERVER_AWAY = 3
# What the server says about one mail; every other failure is about the server.
ABOUT_THE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPSenderRefused,
)


class NotAllSent(Unavailable):
    """Some e-mails still wait for the mail server; the job is tried again."""


@dataclass(slots=True)
class Outcome:
    """What became of a batch."""

    sent: int = 0
    refused: int = 0
    waiting: int = 0
    # Mails in a row that did not reach the server.
    unreached: int = 0


def deliver(ids: list[UUID], *, at: datetime) -> Outcome:
    """Send the e-mails among these that still wait, over one connection, one transaction each.

    A mail is recorded as sent right after the server took it: a worker killed in between sends it
    again, with the same Message-ID, so that mail programs show it once.
    """
    outcome = Outcome()
    connection = get_connection(fail_silently=False)
    try:
        for number, pk in enumerate(ids):
            _deliver_one(pk, connection, at=at, outcome=outcome)
            if outcome.unreached == SERVER_AWAY:
                outcome.waiting += len(ids) - number - 1
                break
    finally:
        _close(connection)
    return outcome


def _deliver_one(pk: UUID, connection: BaseEmailBackend, *, at: datetime, outcome: Outcome) -> None:
    """Send one, unless it is gone, done or in other hands, and count what became of it."""
    with acting(SYSTEM):
        row = (
            Delivery.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, state=DeliveryState.WAITING)
            .first()
        )
        if row is None:
            return
        row.attempts += 1
        try:
            connection.send_messages([message_of(row, connection)])
        except OSError as error:  # of which every SMTP exception is one
            row.fault = _in_words(error)
            if _is_permanent(error):
                row.state = DeliveryState.REFUSED
                outcome.refused += 1
            else:
                outcome.waiting += 1
            outcome.unreached = 0 if isinstance(error, ABOUT_THE_MAIL) else outcome.unreached + 1
            _close(connection)
        else:
            row.state, row.sent_at, row.fault = DeliveryState.SENT, at, ""
            outcome.sent += 1
            outcome.unreached = 0
        row.save(update_fields=["state", "sent_at", "fault", "attempts"])


def message_of(row: Delivery, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """The e-mail as it is sent, in the reader's language."""
    with override(row.language):
        title = " ".join(row.title.split())
        return EmailMessage(
            subject=f"{gettext('Linli')} · {title}",
            body="\n\n".join(_paragraphs(row)) + "\n",
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[row.address],
            connection=connection,
            headers={
                "Message-ID": f"<{row.pk}@{mail_host()}>",
                "Auto-Submitted": "auto-generated",
            },
        )


def mail_host() -> str:
    """The name after the @ of our message ids: the host residents know."""
    return urlsplit(settings.PUBLIC_ADDRESS).hostname or "localhost"


def waiting(*, before: datetime) -> list[UUID]:
    """E-mails queued before a moment that still wait. Call it as the system."""
    rows = Delivery.objects.filter(state=DeliveryState.WAITING, queued_at__lt=before)
    return list(rows.order_by("queued_at").values_list("pk", flat=True)[:2000])


def give_up(*, at: datetime) -> int:
    """Stop trying what the server has not taken for days. Call it as the system."""
    return Delivery.objects.filter(
        state=DeliveryState.WAITING, queued_at__lt=at - GIVE_UP_AFTER
    ).update(state=DeliveryState.GIVEN_UP)


def _paragraphs(row: Delivery) -> Iterator[str]:
    yield row.title
    if row.more:
        yield row.more
    if row.url:
        yield f"{settings.PUBLIC_ADDRESS}{row.url}"
    yield "—"
    if row.for_staff:
        yield gettext("You can choose what reaches you by e-mail on the page “Notices”.")
    else:
        yield gettext(
            "You get this e-mail because you left this address with your report. "
            "Please do not answer it."
        )


def _is_permanent(error: Exception) -> bool:
    """Whether the server said no to this mail for good, not to the connection or for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused):
        return error.smtp_code >= PERMANENT
    return False


def _in_words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        parts = [f"{code} {_text(said)}" for code, said in error.recipients.values()]
        return "; ".join(parts)[:LONGEST_FAULT]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"[:LONGEST_FAULT]
    return f"{type(error).__name__}: {error}"[:LONGEST_FAULT]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _close(connection: BaseEmailBackend) -> None:
    """Forget the connection; the next mail opens a new one."""
    try:
        connection.close()
    except OSError:
        connection.connection = None  # type: ignore[attr-defined]
