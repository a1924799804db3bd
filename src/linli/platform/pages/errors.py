"""A page for every error: one sentence of what happened, one of what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.platform.pages.frames import DeskFrame, PortalFrame
from linli.platform.pages.preferences import look_of

log = structlog.get_logger(__name__)

SERVER_FAULT = 500
PLAIN = "<!DOCTYPE html><meta charset=utf-8><title>{status}</title><h1>{title}</h1><p>{what}</p>"


@dataclass(frozen=True)
class Fault:
    """What a reader is told about one status."""

    title: str | Promise
    what: str | Promise
    icon: str = "alert-triangle"
    reload: bool = False


FAULTS: dict[int, Fault] = {
    400: Fault(
        _("This request could not be understood"),
        _("Go back, reload the page and try again. Nothing was changed."),
    ),
    403: Fault(
        _("You may not do this"),
        _("Your present capacity does not cover it. Switch to another one, or ask its owner."),
        "lock",
    ),
    404: Fault(
        _("There is nothing here that you can see"),
        _("Check the address or the number. It may also lie outside your area."),
        "map-search",
    ),
    405: Fault(
        _("This address does not take that"),
        _("Go back and use the buttons of the page."),
    ),
    409: Fault(
        _("Someone else was faster"),
        _("This was changed after you opened it. Reload, look at what is new, and do it again."),
        "arrows-split",
        reload=True,
    ),
    413: Fault(
        _("This is too large to send"),
        _("Choose a smaller file, or send a photo with lower quality. Your other input is kept."),
        "photo-off",
    ),
    422: Fault(
        _("Something in the form needs your attention"),
        _("Go back; each place that needs a change is marked. Nothing you entered is lost."),
        "edit",
    ),
    429: Fault(
        _("Too many requests at once"),
        _("Wait a minute and try again. If it is urgent, call or come to the window."),
        "hourglass",
        reload=True,
    ),
    500: Fault(
        _("Something broke on our side"),
        _("It has been recorded. Try again in a minute; nothing half-done was kept."),
        "tool",
        reload=True,
    ),
    503: Fault(
        _("Linli is not available for a moment"),
        _("It is starting, being maintained, or has lost its database. Try again in a minute."),
        "cloud-off",
        reload=True,
    ),
}


def error_page(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    """The page of `status`. `sentence` replaces the general first line when more is known.

    Reads nothing but cookies, so that it also works without a database. A program that asks for
    JSON gets the same words as JSON; an htmx request gets them for a passing message.
    """
    fault = FAULTS.get(status, FAULTS[400 if status < SERVER_FAULT else SERVER_FAULT])
    if "application/json" in request.headers.get("Accept", ""):
        answer = {"error": {"status": status, "message": sentence or str(fault.title)}}
        return JsonResponse(answer, status=status)
    if request.headers.get("HX-Request") == "true":
        text = f"{sentence or fault.title}\n{fault.what}"
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    try:
        body = drawn(request, status, fault, sentence)
    except Exception:
        log.exception("error page could not be drawn", status=status)
        body = PLAIN.format(status=status, title=fault.title, what=fault.what)
    return HttpResponse(body, status=status)


def drawn(request: HttpRequest, status: int, fault: Fault, sentence: str) -> str:
    """The error page without any context that could touch the database."""
    language = get_language() or "zh-hans"
    context: dict[str, Any] = {
        "actor": None,
        "language": language,
        "html_lang": "zh-Hans" if language.startswith("zh") else "en",
        "look": look_of(request),
        "now": timezone.now(),
        "path": request.get_full_path(),
        "desk": DeskFrame(),
        "portal": PortalFrame(),
        "flashes": (),
        "map_settings": {},
        "status": status,
        "fault": fault,
        "sentence": sentence or fault.title,
        "request": request,
    }
    env = engines["jinja2"].env  # type: ignore[attr-defined]
    return str(env.get_template("pages/error.html").render(context))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler400."""
    return error_page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler403."""
    return error_page(request, 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler404."""
    return error_page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return error_page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Named in settings.CSRF_FAILURE_VIEW: a form sent from a page that is too old."""
    log.info("csrf check failed", reason=reason, path=request.path)
    return error_page(
        request, 403, str(_("This form is no longer valid. Reload the page and send it again."))
    )
