"""The one view of the look: a reader's preferences."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linli.platform.pages.preferences import ALLOWED, YEAR, remember

LANGUAGES = {code for code, _ in settings.LANGUAGES}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen (mode, theme, size, language) and go back to where the reader was."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "/"
    response = HttpResponseRedirect(target)
    for name, allowed in ALLOWED.items():
        value = request.POST.get(name, "")
        if value in allowed:
            remember(response, name, value, secure=request.is_secure())
    language = request.POST.get("language", "")
    if language in LANGUAGES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return response
