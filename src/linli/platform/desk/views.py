"""The pages of every register: list, print, one row, following, saved views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from linli.kernel.errors import LinliError, NotFound
from linli.platform.access.actor import Actor
from linli.platform.desk import keyset
from linli.platform.desk.actions import forget_view, save_view
from linli.platform.desk.details import shown_parts
from linli.platform.desk.listing import Listing, columns_cookie, same_query
from linli.platform.desk.models import SavedView
from linli.platform.desk.register import Register
from linli.platform.desk.rules import Verb
from linli.platform.desk.tickboxes import bar_for, size_of
from linli.platform.flow.actions import follow, unfollow
from linli.platform.flow.reads import follows
from linli.platform.pages import formats
from linli.platform.pages.preferences import YEAR
from linli.platform.pages.render import render

PRINT_ROWS = 500
FORBIDDEN = 403


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; set by the middleware of access."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def staff_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Send somebody who is not signed in to sign in; say it when the capacity lacks the list."""

    def guarded(
        request: HttpRequest, *args: Any, register: Register, **options: Any
    ) -> HttpResponseBase:
        actor = actor_of(request)
        if not actor.is_signed_in:
            return to_sign_in(request)
        if not register.open_to(actor):
            return render(request, "desk/closed.html", {"register": register}, status=FORBIDDEN)
        return view(request, *args, register=register, **options)

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """To the sign-in page and back."""
    from urllib.parse import urlencode

    target = urlencode({"next": request.get_full_path()})
    return HttpResponseRedirect(f"{reverse('account_login')}?{target}")


@require_GET
def show_list(request: HttpRequest, *, register: Register) -> HttpResponseBase:
    """The list, or the part of it that htmx asks for."""
    actor = actor_of(request)
    saved = _saved(register, actor)
    wanted = request.GET.get("view", "")
    if wanted and set(request.GET) == {"view"}:
        view = next((one for one in saved if str(one.pk) == wanted), None)
        if view is None:
            raise NotFound
        return redirect(f"{register.url}?{view.query}{'&' if view.query else ''}view={view.pk}")
    listing = Listing(register, request, actor)
    rows = listing.rows()
    page = listing.page(rows, size=size_of(request))
    total = keyset.count(rows) if page.before or page.after else len(page.rows)
    context = {
        "register": register,
        "listing": listing,
        "rows": listing.draw(page.rows),
        "bar": bar_for(request, listing, page),
        "heads": listing.heads(),
        "total": total,
        "shown": how_many(total),
        "previous": listing.address(after=page.before) if page.before else "",
        "next": listing.address(after=page.after) if page.after else "",
        "buttons": register.list_buttons(actor),
        "tabs": _tabs(register, listing),
        "saved": [
            {
                "label": view.name,
                "url": f"{register.url}?{view.query}{'&' if view.query else ''}view={view.pk}",
                "remove_url": f"{register.url}views/{view.pk}/forget/",
                "current": wanted == str(view.pk) and same_query(view.query, listing.query),
                "own": True,
            }
            for view in saved
        ],
        "may_export": register.exportable and actor.knows(Verb.EXPORT),
        **register.list_context(request, actor),
    }
    response = render(request, register.list_template, context, blocks=("rows",))
    if request.GET.getlist("columns"):
        chosen = ".".join(column.key for column in listing.columns)
        response.set_cookie(
            columns_cookie(register), chosen, max_age=YEAR, samesite="Lax",
            secure=request.is_secure(), path=register.url, httponly=True,
        )  # fmt: skip
    return response


def how_many(total: int) -> str:
    """The number of rows in words; beyond 1,000 nobody counts."""
    if total > keyset.COUNT_TO:
        return gettext("more than %(n)s rows") % {"n": formats.number(keyset.COUNT_TO)}
    return ngettext("%(n)s row", "%(n)s rows", total) % {"n": formats.number(total)}


def _saved(register: Register, actor: Actor) -> list[SavedView]:
    own = SavedView.objects.filter(account=actor.account_id, register=register.name)
    return list(own.order_by("name"))


def _tabs(register: Register, listing: Listing) -> list[dict[str, Any]]:
    now = listing.query
    return [
        {
            "label": str(view.label),
            "url": f"{register.url}?{view.query}" if view.query else register.url,
            "current": same_query(view.query, now),
        }
        for view in register.views
    ]


@require_GET
def print_list(request: HttpRequest, *, register: Register) -> HttpResponseBase:
    """The list on paper: as filtered, up to 500 rows, with who and when."""
    actor = actor_of(request)
    listing = Listing(register, request, actor)
    page = listing.page(listing.rows(), size=PRINT_ROWS)
    context = {
        "register": register,
        "listing": listing,
        "rows": listing.draw(page.rows),
        "heads": listing.heads(),
        "cut": bool(page.after),
        "most": PRINT_ROWS,
    }
    return render(request, "desk/print.html", context)


@require_GET
def show_row(request: HttpRequest, key: str, *, register: Register) -> HttpResponseBase:
    """The page of one row; the side panel gets its short form."""
    actor = actor_of(request)
    row = register.find(actor, key)
    return row_page(request, register, row)


def row_page(
    request: HttpRequest, register: Register, row: Any, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    """The page of a row the caller has read, with a sentence on top if something went wrong."""
    actor = actor_of(request)
    parts = shown_parts(register.detail, request, actor, row)
    context = {
        "register": register,
        "row": row,
        "title": register.title(row),
        "badges": register.badges(row, actor),
        "summary": register.summary(row, actor),
        "row_url": register.url_of(row),
        "buttons": register.buttons(row, actor),
        "main_parts": [part for part in parts if part.place == "main"],
        "side_parts": [part for part in parts if part.place == "side"],
        "problem": problem,
        "followed": follows(actor, row) if register.can_follow else None,
        "version": getattr(row, "version", ""),
        **register.detail_context(request, actor, row),
    }
    return render(request, register.detail_template, context, status=status, blocks=("panel",))


@require_POST
def follow_row(request: HttpRequest, key: str, *, register: Register) -> HttpResponseBase:
    """Follow a row, or no longer."""
    actor = actor_of(request)
    row = register.find(actor, key)
    if not register.can_follow:
        raise NotFound
    if request.POST.get("follow") == "no":
        unfollow(actor=actor, row=row)
        messages.success(request, gettext("You no longer follow this."))
    else:
        follow(actor=actor, row=row, at=timezone.now())
        messages.success(request, gettext("You follow this now and are told of every step."))
    return redirect(register.url_of(row))


@require_POST
def keep_view(request: HttpRequest, *, register: Register) -> HttpResponseBase:
    """Save the list as shown under a name."""
    actor = actor_of(request)
    try:
        view = save_view(
            actor=actor,
            register=register.name,
            name=request.POST.get("name", ""),
            query=request.POST.get("query", ""),
        )
    except LinliError as error:
        messages.error(request, error.sentence)
        return redirect(register.url)
    messages.success(request, gettext("The view “%(name)s” is saved.") % {"name": view.name})
    return redirect(f"{register.url}?view={view.pk}")


@require_POST
def drop_view(request: HttpRequest, view_id: UUID, *, register: Register) -> HttpResponseBase:
    """Remove one of one's saved views."""
    forget_view(actor=actor_of(request), view_id=view_id)
    messages.success(request, gettext("The view is removed."))
    return redirect(register.url)
