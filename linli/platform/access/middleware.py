"""Every request runs in one transaction, as one actor, in the database's eyes too."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from linli.platform.access.actor import Actor
from linli.platform.access.capacities import Capacity, capacities, choose
from linli.platform.access.models import Account
from linli.platform.access.scope import acting
from linli.platform.changes.verbs import public_verbs

CAPACITY = "capacity"
SERVER_ERROR = 500


class ActorMiddleware:
    """Sets `request.actor` and `request.capacities`, opens the transaction, tells the database."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.capacities = []  # type: ignore[attr-defined]
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        with acting(actor):
            response = self.get_response(request)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
        return response


def actor_of(request: HttpRequest) -> Actor:
    """Whoever sent the request: the signed-in person in the chosen capacity, or the public."""
    account = request.user
    if not isinstance(account, Account) or not account.is_authenticated:
        return Actor.public(public_verbs())
    found = capacities(account, on=timezone.localdate())
    request.capacities = found  # type: ignore[attr-defined]
    capacity: Capacity | None = choose(found, request.session.get(CAPACITY, ""))
    if capacity is None:
        return Actor(
            name=str(account),
            branch=Actor.public().branch,
            account_id=account.pk,
        )
    return capacity.actor(account)
