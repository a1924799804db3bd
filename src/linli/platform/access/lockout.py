"""When somebody guesses: the lock for one account name at one address, told to axes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from linli.kernel.text import clean_line
from linli.platform.access.address import client_address
from linli.platform.access.login import find
from linli.platform.access.models import SignInRule
from linli.platform.access.reads import sign_in_rule
from linli.platform.pages.render import render

LONGEST_NAME = 60
TOO_MANY = 429


def failures(request: HttpRequest, credentials: Any = None) -> int:  # noqa: ARG001  axes' signature
    """After how many failed attempts the lock falls."""
    return _rule(request).failures


def lock_time(request: HttpRequest | None = None) -> timedelta:
    """How long the lock lasts after the last attempt that counted."""
    return timedelta(minutes=_rule(request).lock_minutes)


def _rule(request: HttpRequest | None) -> SignInRule:
    """Axes asks several times a request; the answer does not change in it."""
    kept: SignInRule | None = getattr(request, "sign_in_rule", None)
    if kept is None:
        kept = sign_in_rule(timezone.localdate())
        if request is not None:
            request.sign_in_rule = kept  # type: ignore[attr-defined]
    return kept


def name_of(request: HttpRequest, credentials: Any = None) -> str:
    """Under which name attempts are counted: user name and phone of one account count together.

    A name without an account is counted just the same, so that a lock tells nothing.
    """
    given = credentials or {}
    typed = given.get("login") or given.get("username") or request.POST.get("login") or ""
    name = clean_line(str(typed))[:LONGEST_NAME].lower()
    known: dict[str, str] = getattr(request, "counted_names", {})
    if name not in known:
        account = find(name)
        known[name] = account.username.lower() if account else name
        request.counted_names = known  # type: ignore[attr-defined]
    return known[name]


def address_of(request: HttpRequest) -> str:
    """The address attempts are counted at."""
    return client_address(request)


def locked_out(
    request: HttpRequest,
    _response: HttpResponse | None = None,
    credentials: Any = None,
) -> HttpResponse:
    """The page somebody sees who is locked out: until when, and who can help."""
    until = locked_until(request, credentials)
    response = render(
        request,
        "access/locked.html",
        {"until": until, "minutes": int(lock_time(request).total_seconds() // 60)},
        status=TOO_MANY,
    )
    response["Retry-After"] = str(max(int((until - timezone.now()).total_seconds()), 1))
    return response


def locked_until(request: HttpRequest, credentials: Any = None) -> datetime:
    """When the lock of this name at this address ends."""
    last = (
        AccessAttempt.objects.filter(
            username=name_of(request, credentials), ip_address=address_of(request)
        )
        .order_by("-attempt_time")
        .values_list("attempt_time", flat=True)
        .first()
    )
    return (last or timezone.now()) + lock_time(request)
