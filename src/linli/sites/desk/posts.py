"""The desk is worked in a post: who is not signed in signs in, who holds no post is told so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from linli.platform.desk.views import actor_of, to_sign_in
from linli.platform.pages.errors import error_page
from linli.platform.pages.render import render

View = Callable[..., HttpResponseBase]

FORBIDDEN = 403
NO_POST = _(
    "You hold no post today, so there is nothing to show. Whoever looks after the staff of your "
    "unit can appoint you."
)


def in_a_post(patterns: Iterable[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """These addresses, open to who acts in a post, whatever more each page itself asks for.

    Notices, sign-in pages and residents' pages are a person's own and stand beside them.
    """
    found = list(patterns)
    for pattern in found:
        if isinstance(pattern, URLResolver):
            in_a_post(pattern.url_patterns)
        else:
            pattern.callback = needs_post(pattern.callback)
    return found


def needs_post(view: View) -> View:
    """The view, for somebody signed in who holds a post today."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        actor = actor_of(request)
        if not actor.is_signed_in:
            return to_sign_in(request)
        if actor.post_id is None:
            return no_post(request)
        return view(request, *args, **kwargs)

    return guarded


def no_post(request: HttpRequest) -> HttpResponse:
    """Says what is the matter and who can help; to programs and fragments in plain words."""
    fragment = request.headers.get("HX-Request") == "true"
    if fragment or "application/json" in request.headers.get("Accept", ""):
        return error_page(request, FORBIDDEN, str(NO_POST))
    return render(request, "site_desk/no_post.html", {"sentence": NO_POST}, status=FORBIDDEN)
