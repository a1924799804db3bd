"""What every page knows: the reader's look and language, the actor, and what the sites provide."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from linli.platform.pages.frames import DeskFrame, PortalFrame, provided
from linli.platform.pages.preferences import look_of


def page(request: HttpRequest | None) -> dict[str, Any]:
    """The context of a page; named in settings.TEMPLATES, so every engine call gets it."""
    language = get_language() or "zh-hans"
    context: dict[str, Any] = {
        "request": request,
        "actor": getattr(request, "actor", None),
        "language": language,
        "html_lang": "zh-Hans" if language.startswith("zh") else "en",
        "look": look_of(request),
        "now": timezone.now(),
        "path": request.get_full_path() if request else "/",
        "desk": DeskFrame(),
        "portal": PortalFrame(),
        "flashes": (),
        "map_settings": getattr(settings, "MAP", {}),
    }
    if request is not None:
        context["flashes"] = SimpleLazyObject(lambda: flashes(request))
        context |= provided(request)
    return context


def flashes(request: HttpRequest) -> list[dict[str, str]]:
    """Messages left by the last act, each with a tone; read once."""
    tones = {"success": "done", "error": "danger", "warning": "soon"}
    if not hasattr(request, "_messages"):
        return []
    return [
        {"tone": tones.get(one.level_tag, "info"), "text": str(one.message)}
        for one in messages.get_messages(request)
    ]
