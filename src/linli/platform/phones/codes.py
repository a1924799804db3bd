"""The six digits sent to a number, and what is written around them."""

from __future__ import annotations

import hashlib
import hmac
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext, override

from linli.platform.notices.gateway import Text

DIGITS = 6
MINUTES = 10


def code_of(proof_id: UUID) -> str:
    """The code of a proof: a keyed hash of its random id, never stored and never queued.

    Whoever holds the database without the installation's secret key can compute no code.
    """
    key, text = settings.SECRET_KEY.encode(), b"phone code:" + proof_id.bytes
    number = int.from_bytes(hmac.new(key, text, hashlib.sha256).digest(), "big")
    return f"{number % 10**DIGITS:0{DIGITS}}"


def is_code(proof_id: UUID, typed: str) -> bool:
    """Whether these are the digits, compared in constant time."""
    return hmac.compare_digest(code_of(proof_id).encode(), typed.encode())


def message(proof_id: UUID, phone: str, *, language: str) -> Text:
    """The text message with the code, in the reader's language."""
    code, minutes = code_of(proof_id), str(MINUTES)
    with override(language):
        words = gettext(
            "Your code is %(code)s, valid for %(minutes)s minutes. "
            "Nobody from the office will ever ask you for it."
        ) % {"code": code, "minutes": minutes}
    return Text(
        id=proof_id,
        to=phone,
        text=f"【{settings.SMS_SIGN}】{words}" if settings.SMS_SIGN else words,
        language=language,
        template=settings.SMS_TEMPLATE,
        params={"code": code, "minutes": minutes},
    )
