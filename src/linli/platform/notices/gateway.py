"""Text messages: one HTTP request each to the city's gateway (docs/operate/text-messages.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import LinliError, Unavailable

TAKEN = range(200, 300)
# It had this very message before: that is as good as taken.
HAD_BEFORE = 409
# About this one message; every other answer is about the gateway, its address or its token.
ABOUT_THE_MESSAGE = frozenset({400, 410, 413, 415, 422})
LONGEST_ANSWER = 4_096
LONGEST_FAULT = 200
# A gateway may repeat numbers and codes in what it says; they do not go into our records.
DIGITS = re.compile(r"\d{4,}")


class NotTaken(Unavailable):
    """The gateway did not take the message now; trying again may help."""

    message = _("The text-message gateway does not answer at the moment.")


class Refused(LinliError):
    """The gateway will never take this message: a number it cannot reach, a text it forbids."""

    message = _("The text-message gateway refused the message.")


@dataclass(frozen=True, slots=True)
class Text:
    """One message. `id` stays the same however often it is tried; `to` is a mobile number.

    `template` and `params` are for operators that only send what they have approved, `text` is the
    whole message for all others.
    """

    id: UUID
    to: str
    text: str
    language: str
    template: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


def texts_are_on() -> bool:
    """Whether the installation sends text messages at all."""
    return bool(settings.SMS_URL)


def send(message: Text) -> None:
    """Hand one message to the gateway; returns once it was taken.

    Raises `NotTaken` when it may be tried again, `Refused` when it may not.
    """
    parts = urlsplit(settings.SMS_URL)
    connection = _connection(parts)
    address = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    try:
        connection.request("POST", address, _body(message), _headers(message))
        answer = connection.getresponse()
        said = answer.read(LONGEST_ANSWER).decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise NotTaken(_told(f"{type(error).__name__}: {error}")) from error
    finally:
        connection.close()
    if answer.status in TAKEN or answer.status == HAD_BEFORE:
        return
    fault = _told(f"{answer.status} {said}")
    raise Refused(fault) if answer.status in ABOUT_THE_MESSAGE else NotTaken(fault)


def _connection(parts: SplitResult) -> HTTPConnection:
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return kind(parts.hostname or "", parts.port, timeout=settings.SMS_TIMEOUT)


def _body(message: Text) -> bytes:
    return orjson.dumps(
        {
            "id": str(message.id),
            "to": message.to,
            "sign": settings.SMS_SIGN,
            "text": message.text,
            "template": message.template,
            "params": dict(message.params),
            "language": message.language,
        }
    )


def _headers(message: Text) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Idempotency-Key": str(message.id),
    }
    if settings.SMS_TOKEN:
        headers["Authorization"] = f"Bearer {settings.SMS_TOKEN}"
    return headers


def _told(fault: str) -> str:
    """What is kept of a fault: one line without long numbers."""
    return " ".join(DIGITS.sub("…", fault).split())[:LONGEST_FAULT]
