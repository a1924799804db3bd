"""Sending a code to a number, and taking it back."""

from __future__ import annotations

import re
from datetime import datetime
from enum import Enum
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, LinliError, Unavailable
from linli.platform.access.actor import Actor
from linli.platform.access.scope import acting
from linli.platform.access.throttle import wait
from linli.platform.notices.public import texts_are_on
from linli.platform.phones.codes import is_code
from linli.platform.phones.jobs import send_code_later
from linli.platform.phones.models import VALID, PhoneProof

SYSTEM = Actor.system("phones")
MOBILE = re.compile(r"^1[3-9]\d{9}$", re.ASCII)


class TooOften(LinliError):
    """Too many codes for this number, or from this address; `seconds` until the next is sent."""

    message = _("Too many codes were asked for. Please wait before you ask for another.")

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Answer(Enum):
    """What became of a code somebody typed."""

    RIGHT = "right"
    WRONG = "wrong"
    # Used before, ten minutes old, or tried five times.
    OVER = "over"


def ask(*, phone: str, address: str, language: str, at: datetime) -> UUID:
    """Send a code to a mobile number; returns the proof to be confirmed with it.

    `address` is the IP address that asks. Nothing depends on whether anybody has used the number
    before. Raises `Invalid` at `phone`, `TooOften`, or `Unavailable` where no gateway is set.
    """
    if not texts_are_on():
        raise Unavailable
    if not MOBILE.match(phone):
        raise Invalid("phone", _("A code can be sent to a mobile number only: 11 digits."))
    # The address first: one that asks too much must not use up the number of somebody else.
    for kind, who in (("address", address), ("number", phone)):
        seconds = wait(f"phone-code-{kind}", who, settings.CODE_LIMITS[kind], at=at)
        if seconds:
            raise TooOften(seconds)
    with acting(SYSTEM):
        proof = PhoneProof.objects.create(
            phone=phone, language=language, asked_at=at, ends_at=at + VALID
        )
        send_code_later(proof_id=str(proof.pk))
    return proof.pk


def confirm(*, proof_id: UUID, code: str, at: datetime) -> Answer:
    """Take a typed code. Every call is a try, counted under a lock; a code is right only once."""
    with acting(SYSTEM):
        proof = PhoneProof.objects.select_for_update().filter(pk=proof_id).first()
        if proof is None or not proof.is_open(at):
            return Answer.OVER
        proof.tries += 1
        right = is_code(proof.pk, code)
        proof.proven_at = at if right else None
        proof.save(update_fields=["tries", "proven_at"])
    return Answer.RIGHT if right else Answer.WRONG
