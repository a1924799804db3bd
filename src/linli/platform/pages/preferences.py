"""How a person wants pages shown: mode, theme, letter size; kept in cookies, no account needed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

YEAR = 365 * 86400
MODES = ("normal", "elderly")
THEMES = ("auto", "light", "dark")
SIZES = ("18", "20", "24", "30")
ALLOWED = {"mode": MODES, "theme": THEMES, "size": SIZES}


@dataclass(frozen=True)
class Look:
    """The chosen look of one reader; sizes are pixels and count in elderly mode only."""

    mode: str = "normal"
    theme: str = "auto"
    size: str = "20"


def look_of(request: HttpRequest | None) -> Look:
    """Read the look from the cookies; anything unknown is the default."""
    if request is None:
        return Look()
    chosen = {
        name: request.COOKIES[f"linli_{name}"]
        for name, allowed in ALLOWED.items()
        if request.COOKIES.get(f"linli_{name}") in allowed
    }
    return Look(**chosen)


def remember(response: HttpResponse, name: str, value: str, *, secure: bool) -> None:
    """Keep one preference for a year; scripts read it too, to switch without a reload."""
    response.set_cookie(f"linli_{name}", value, max_age=YEAR, samesite="Lax", secure=secure)
