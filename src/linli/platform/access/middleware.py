"""Every request runs in one transaction, as one actor, in the database's eyes too."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.branch import NOWHERE
from linli.platform.access.capacities import capacities, choose
from linli.platform.access.duties import Duty, duty_of
from linli.platform.access.models import Account
from linli.platform.access.scope import acting_once_known
from linli.platform.changes.verbs import public_verbs

CAPACITY = "capacity"
SERVER_ERROR = 500
# Acts by which an account or rights could be taken over: register → last part of the address.
SENSITIVE = {
    "staff": ("reset_password", "reset_second_factor"),
    "posts": ("grant",),
    "grants": ("grant",),
    "roles": ("define_role", "change_role"),
    "sign_in_rules": ("set_sign_in_rule",),
}


class ActorMiddleware:
    """Sets `request.actor` and `request.capacities`, opens the transaction, tells the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.capacities = []  # type: ignore[attr-defined]
        request.capacity = None  # type: ignore[attr-defined]
        request.duty = None  # type: ignore[attr-defined]
        with acting_once_known(partial(actor_of, request)) as actor:
            request.actor = actor  # type: ignore[attr-defined]
            duty: Duty | None = request.duty  # type: ignore[attr-defined]
            if duty is not None and request.path.startswith(settings.LOGIN_REDIRECT_URL):
                return sent_to(request, reverse(duty.value))
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Sensitive acts of administrators ask for the password or a code first."""
        match = request.resolver_match
        register = str(match.url_name).partition(".")[0] if match else ""
        if kwargs.get("verb") not in SENSITIVE.get(register, ()):
            return None
        if not request.user.is_authenticated or did_recently_reauthenticate(request):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        query = urlencode({"next": request.get_full_path()})
        return sent_to(request, f"{ways[0]['url']}?{query}" if ways else settings.LOGIN_URL)


def actor_of(request: HttpRequest) -> Actor:
    """Whoever sent the request: the signed-in person in the chosen capacity, or the public.

    Posts and grants are read at each request, so that whatever ends has ended everywhere at once.
    """
    account = request.user
    if not isinstance(account, Account) or not account.is_authenticated:
        return Actor.public(public_verbs())
    found = capacities(account, on=timezone.localdate())
    capacity = choose(found, request.session.get(CAPACITY, ""))
    duty = duty_of(account, capacity)
    request.capacities, request.capacity, request.duty = found, capacity, duty  # type: ignore[attr-defined]
    if capacity is None or duty is not None:
        return Actor(name=str(account), branch=NOWHERE, account_id=account.pk)
    return capacity.actor(account)


def sent_to(request: HttpRequest, address: str) -> HttpResponse:
    """A redirect that htmx follows as a whole page."""
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)
