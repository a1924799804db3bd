"""The pages of exports: what for, how far, fetched while it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.kernel.errors import Forbidden, Invalid, LinliError, NotFound
from linli.platform.access.actor import Actor
from linli.platform.desk import export_files, exports
from linli.platform.desk.actions import ask_export, cancel_export, record_export, record_fetching
from linli.platform.desk.forms import FILE_KINDS, ExportForm
from linli.platform.desk.gate import staff_page
from linli.platform.desk.listing import Listing
from linli.platform.desk.making import register_of
from linli.platform.desk.models import Fault, LargeExport, Making
from linli.platform.desk.reads import large_exports
from linli.platform.desk.register import Register
from linli.platform.desk.rules import Verb
from linli.platform.desk.views import actor_of
from linli.platform.pages.render import render

UNPROCESSABLE = 422
MOST_SHOWN = 50
TONES = {
    Making.WAITING: ("idle", "hourglass"),
    Making.MAKING: ("info", "loader-2"),
    Making.READY: ("done", "circle-check"),
    Making.FAILED: ("danger", "alert-triangle"),
    Making.CANCELLED: ("idle", "x"),
    Making.EXPIRED: ("idle", "trash"),
}


@require_http_methods(["GET", "POST"])
def export(request: HttpRequest, *, register: Register) -> HttpResponseBase:
    """Ask what for, put it on record, send the file; a long list is handed to the worker."""
    actor = actor_of(request)
    if not register.exportable or not actor.knows(Verb.EXPORT):
        raise Forbidden(Verb.EXPORT.label)
    listing = Listing(register, request, actor)
    form = ExportForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                return _sent_or_asked(register, listing, actor, form.cleaned_data)
            except LinliError as error:
                faults = error.faults if isinstance(error, Invalid) else {"": error.sentence}
                for name, sentence in faults.items():
                    form.add_error(name if name in form.fields else None, sentence)
    context = {
        "register": register,
        "listing": listing,
        "form": form,
        "as_csv": "form" in form.errors and form.data.get("form") == "xlsx",
    }
    return render(request, "desk/export.html", context, status=status, blocks=("panel",))


def _sent_or_asked(
    register: Register, listing: Listing, actor: Actor, asked: dict[str, Any]
) -> HttpResponseBase:
    now = timezone.now()
    rows = listing.rows()
    count = exports.counted(rows, form=asked["form"], on=timezone.localdate(now))
    what: dict[str, Any] = {
        "register": register.name,
        "form": asked["form"],
        "query": listing.query,
        "columns": [column.key for column in listing.columns],
        "purpose": asked["purpose"],
    }
    if count is None:
        order = ask_export(actor=actor, at=now, language=get_language() or "zh-hans", **what)
        return redirect("desk:my_export", order.pk)
    record_export(actor=actor, at=now, rows=count, **what)
    origin = exports.Origin(
        register.heading, exports.who(actor), now, asked["purpose"], exports.filters_of(listing)
    )
    file = exports.write(listing, rows, origin, form=asked["form"])
    return _attachment(file, exports.file_name(register, asked["form"], now), asked["form"])


@staff_page()
@never_cache
@require_GET
def my_exports(request: HttpRequest) -> HttpResponse:
    """What was made, or is being made, for whoever asks."""
    found = [_shown(*one) for one in _held(request, large_exports(actor_of(request))[:MOST_SHOWN])]
    return render(request, "desk/my_exports.html", {"exports": found})


@staff_page()
@never_cache
@require_GET
def my_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """How far one is; asked again every two seconds while it is under way, or by a plain reload."""
    context = {"one": _shown(*_find(request, pk))}
    return render(request, "desk/my_export.html", context, blocks=("progress",))


@staff_page()
@never_cache
@require_GET
def fetch(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """The file, once more in the capacity it was made for; each time on record."""
    order, capacity = _find(request, pk)
    now = timezone.now()
    if order.state != Making.READY or order.expires_at is None or order.expires_at <= now:
        raise NotFound
    try:
        file = export_files.path_of(order.stored).open("rb")
    except FileNotFoundError as gone:
        raise NotFound from gone
    record_fetching(actor=capacity, order=order, at=now)
    return _attachment(file, order.name, order.form)


@staff_page()
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Stop making it, or delete its file before its time."""
    order, _actor = _find(request, pk)
    cancel_export(actor=actor_of(request), order=order, at=timezone.now())
    done = gettext("The file is deleted.") if order.state == Making.READY else ""
    messages.success(request, done or gettext("The export is cancelled."))
    return redirect("desk:my_export", pk)


@staff_page()
@require_POST
def again(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    """Ask for the same once more, as a CSV file if that is wished."""
    order, capacity = _find(request, pk)
    fresh = ask_export(
        actor=capacity, at=timezone.now(), register=order.register, query=order.query,
        form="csv" if request.POST.get("form") == "csv" else order.form, columns=order.columns,
        purpose=order.purpose, language=get_language() or order.language,
    )  # fmt: skip
    return redirect("desk:my_export", fresh.pk)


def export_urls() -> list[URLPattern]:
    """The addresses of one's own exports, to be included in the namespace `desk`."""
    return [
        path("my-exports/", my_exports, name="my_exports"),
        path("my-exports/<uuid:pk>/", my_export, name="my_export"),
        path("my-exports/<uuid:pk>/file/", fetch, name="fetch_export"),
        path("my-exports/<uuid:pk>/cancel/", cancel, name="cancel_export"),
        path("my-exports/<uuid:pk>/again/", again, name="again_export"),
    ]


def _find(request: HttpRequest, pk: UUID) -> tuple[LargeExport, Actor]:
    """One's own, with the capacity it is of. Raises `NotFound` also when the post is lost."""
    found = _held(request, large_exports(actor_of(request)).filter(pk=pk))
    if not found:
        raise NotFound
    return found[0]


def _held(request: HttpRequest, orders: Iterable[LargeExport]) -> list[tuple[LargeExport, Actor]]:
    """Those whose capacity the account still holds, with what it needs to see and export them."""
    account: Any = request.user
    capacities: list[Any] = getattr(request, "capacities", [])
    held = {(one.post_id, one.unit_id): one.actor(account) for one in capacities}
    found = []
    for order in orders:
        actor = held.get((order.post_id, order.unit_id))
        if actor is not None and register_of(order, actor) is not None:
            found.append((order, actor))
    return found


def _shown(order: LargeExport, capacity: Actor) -> dict[str, Any]:
    """An export ready for the page."""
    register = register_of(order, capacity)
    tone, icon = TONES[Making(order.state)]
    return {
        "order": order,
        "url": reverse("desk:my_export", args=[order.pk]),
        "state": order.state,
        "label": str(Making(order.state).label),
        "tone": tone,
        "icon": icon,
        "under_way": order.is_under_way,
        "heading": register.heading if register is not None else order.register,
        "kind": str(dict(FILE_KINDS)[order.form]),
        "why": str(Fault(order.fault).label) if order.fault else "",
        "as_csv": order.fault == Fault.TOO_LONG,
        "back": f"{register.url}?{order.query}" if register is not None else "",
    }


def _attachment(file: Any, name: str, form: str) -> FileResponse:
    response = FileResponse(
        file, as_attachment=True, filename=name, content_type=exports.MEDIA[form]
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
