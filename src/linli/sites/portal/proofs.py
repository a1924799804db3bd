"""The number a visitor has proven, and the code on its way: two ids in the session, no number.

Sessions are written in the transaction of the request, so that of two presses of a button the
second waits (`drafts.lock`) and finds what the first one left.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from linli.platform.access.address import client_address
from linli.platform.phones.public import Answer, Pending, ask, confirm, pending, proven_phone

KEY = "portal_phone"
CACHED = "_portal_number"
# Pressed again sooner, the code that is on its way is meant.
AGAIN_AFTER = timedelta(seconds=60)


def begin(request: HttpRequest, phone: str, *, goal: str) -> None:
    """Send a code; `goal` tells where its reader wants to go. Raises as `phones.ask`."""
    now, held = timezone.now(), _held(request)
    on_its_way = waiting(request)
    asked = held.get("asked", "")
    if not _is_fresh(on_its_way, phone):
        language = get_language() or settings.LANGUAGE_CODE
        address = client_address(request)
        asked = str(ask(phone=phone, address=address, language=language, at=now))
    _keep(request, {**held, "asked": asked, "goal": goal})


def take(request: HttpRequest, code: str) -> Answer:
    """Take a typed code; a right one makes its number this visitor's for a day."""
    held = _held(request)
    asked = held.get("asked", "")
    if not asked:
        return Answer.OVER
    answer = confirm(proof_id=UUID(asked), code=code, at=timezone.now())
    if answer is Answer.RIGHT:
        _keep(request, {"proven": asked, "goal": held.get("goal", "")})
    return answer


def waiting(request: HttpRequest) -> Pending | None:
    """The code this visitor was sent last, if it has not come back."""
    asked = _held(request).get("asked", "")
    return pending(UUID(asked), at=timezone.now()) if asked else None


def goal(request: HttpRequest) -> str:
    """What the number is proven for: "reports", "report", or "follow:" and a number."""
    return str(_held(request).get("goal", "") or "reports")


def number(request: HttpRequest) -> str:
    """The number this visitor has proven within a day; "" for none."""
    found: str | None = getattr(request, CACHED, None)
    if found is None:
        proven = _held(request).get("proven", "")
        found = proven_phone(UUID(proven), at=timezone.now()) if proven else ""
        setattr(request, CACHED, found)
    return found


def proof_of(request: HttpRequest, phone: str) -> str:
    """The id of the proof of this very number; "" when this visitor has not proven it."""
    same = bool(phone) and number(request) == phone
    return str(_held(request)["proven"]) if same else ""


def forget(request: HttpRequest) -> None:
    """The number is no longer this visitor's."""
    request.session.pop(KEY, None)
    setattr(request, CACHED, "")


def _is_fresh(on_its_way: Pending | None, phone: str) -> bool:
    return (
        on_its_way is not None
        and on_its_way.phone == phone
        and on_its_way.is_open
        and not on_its_way.refused
        and timezone.now() - on_its_way.asked_at < AGAIN_AFTER
    )


def _held(request: HttpRequest) -> dict[str, Any]:
    held: dict[str, Any] = request.session.get(KEY) or {}
    return held


def _keep(request: HttpRequest, held: dict[str, Any]) -> None:
    request.session[KEY] = held
    request.session.save()
    request.__dict__.pop(CACHED, None)
