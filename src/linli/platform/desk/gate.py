"""The gate of a desk page that is no register: signed in, and holding the verb."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from linli.kernel.errors import Forbidden
from linli.platform.changes.public import label_of
from linli.platform.desk.views import actor_of, to_sign_in

View = Callable[..., HttpResponseBase]


def staff_page(verb: str | None = None) -> Callable[[View], View]:
    """Send who is not signed in to sign in; raise `Forbidden` for who lacks the verb."""

    def gate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
            actor = actor_of(request)
            if not actor.is_signed_in:
                return to_sign_in(request)
            if verb is not None and not actor.knows(str(verb)):
                raise Forbidden(label_of(str(verb)))
            return view(request, *args, **options)

        return guarded

    return gate
