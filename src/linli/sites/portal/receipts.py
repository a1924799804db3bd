"""Which cases this device reported: numbers and codes in one signed cookie, never in the page."""

from __future__ import annotations

import json

from django.core import signing
from django.http import HttpRequest, HttpResponse

from linli.modules.cases.models import Reporter
from linli.modules.cases.own_reports import reporter_with
from linli.modules.cases.stories import proven_reporter
from linli.sites.portal import proofs

COOKIE = "linli_receipts"
SALT = "linli.receipts"
YEAR = 365 * 86400
MOST = 12


def receipts(request: HttpRequest) -> dict[str, str]:
    """Number → code of what this device reported or proved, oldest first."""
    try:
        told = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=YEAR)
        kept = json.loads(told) if told else {}
    except (signing.BadSignature, ValueError):
        return {}
    return {str(number): str(code) for number, code in kept.items()}


def give(request: HttpRequest, response: HttpResponse, number: str, code: str) -> None:
    """Let this device open the case without typing the code again."""
    kept = receipts(request)
    kept.pop(number, None)
    kept[number] = code
    newest = dict(list(kept.items())[-MOST:])
    response.set_signed_cookie(
        COOKIE,
        json.dumps(newest),
        salt=SALT,
        max_age=YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )


def take_back(response: HttpResponse) -> None:
    """Leave nothing on a device that others use."""
    response.delete_cookie(COOKIE, samesite="Lax")


def holder(request: HttpRequest, number: str) -> Reporter | None:
    """The reporter this device proved to be for this case, by receipt or by telephone number."""
    code = receipts(request).get(number, "")
    found = proven_reporter(number, code) if code else None
    return found or reporter_with(number, proofs.number(request))
