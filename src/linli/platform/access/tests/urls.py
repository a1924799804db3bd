"""The addresses of the installation, and one page of staff that tells who acts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from linli.platform.access.scope import current_actor


def whoami(request: HttpRequest) -> HttpResponse:
    """Tells who acts, as the view and the transaction see it."""
    actor = request.actor  # type: ignore[attr-defined]
    running = current_actor()
    assert running == actor
    return JsonResponse(
        {
            "name": actor.name,
            "post": actor.post_title,
            "unit": actor.unit_name,
            "verbs": len(actor.verbs),
            "lo": actor.branch.lo,
        }
    )


urlpatterns = [path("desk/whoami/", whoami), path("", include("linli.sites.urls"))]
