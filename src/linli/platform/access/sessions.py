"""Where a person is signed in: listed, ended, and noted at most once a minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.platform.access.address import client_address
from linli.platform.access.models import Account

NOTED_EVERY = timedelta(minutes=1)
NOTED = "seen"
BROWSERS = (
    ("MicroMessenger", _("WeChat")),
    ("Edg", "Edge"),
    ("HuaweiBrowser", _("Huawei Browser")),
    ("QQBrowser", _("QQ Browser")),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", _("HarmonyOS phone")),
    ("Android", _("Android phone")),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", _("Windows computer")),
    ("Macintosh", _("Mac computer")),
    ("Linux", _("Linux computer")),
)


@dataclass(frozen=True, slots=True)
class Seat:
    """One place a person is signed in at."""

    id: int
    device: str
    address: str
    since: datetime
    seen: datetime
    is_here: bool


def seats(account: Account, *, here: str) -> list[Seat]:
    """Every running session of the account, the one with key `here` first, then the newest."""
    running = UserSession.objects.purge_and_list(account)
    found = [
        Seat(
            id=session.pk,
            device=device(session.user_agent),
            address=session.ip,
            since=session.created_at,
            seen=session.last_seen_at,
            is_here=session.session_key == here,
        )
        for session in running
    ]
    return sorted(found, key=lambda seat: (not seat.is_here, -seat.seen.timestamp()))


def device(user_agent: str) -> str:
    """What a person calls the device, from what its browser says of itself."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    known = [str(part) for part in (system, browser) if part]
    return " · ".join(known) if known else str(_("Unknown device"))


def end_sessions(account: Account, *, but: str = "", only: int | None = None) -> int:
    """End the sessions of the account, but the one with this key; or only the one with this id."""
    running = UserSession.objects.filter(user=account).exclude(session_key=but)
    if only is not None:
        running = running.filter(pk=only)
    ended = list(running)
    for session in ended:
        session.end()
    return len(ended)


class SeatMiddleware:
    """Notes when a session was last seen, once a minute, so that reading pages writes nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        session: Any = request.session
        if session.session_key and request.user.is_authenticated:
            now = timezone.now()
            if now.timestamp() - float(session.get(NOTED, 0)) >= NOTED_EVERY.total_seconds():
                session[NOTED] = now.timestamp()
                UserSession.objects.filter(session_key=session.session_key).update(
                    last_seen_at=now, ip=client_address(request)
                )
        return self.get_response(request)
