"""How much one address may send to the residents' pages.

Only these pages ask: the window and the hotline are never slowed down.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.platform.access.address import client_address
from linli.platform.access.throttle import HOUR, MINUTE, Limits, wait
from linli.platform.pages.errors import error_page

TOO_MANY = 429

View = Callable[..., HttpResponse]

# Whole houses share one address behind a router, hence the generous hours.
LIMITS: dict[str, Limits] = {
    "report": ((10, MINUTE), (120, HOUR)),
    "photos": ((40, MINUTE), (400, HOUR)),
    "look-up": ((60, MINUTE), (600, HOUR)),
    "act": ((30, MINUTE), (300, HOUR)),
    # Codes typed for one number, and from one address: six digits are not found by trying.
    "code": ((10, HOUR),),
    "codes": ((30, HOUR),),
}


def limits(purpose: str) -> Limits:
    """The limits of a purpose; settings.PORTAL_LIMITS replaces any of them."""
    chosen: dict[str, Limits] = getattr(settings, "PORTAL_LIMITS", {})
    return chosen.get(purpose, LIMITS[purpose])


def limited(purpose: str, *methods: str) -> Callable[[View], View]:
    """Slow an address down that sends too much; every other answer is the view's."""
    counted = methods or ("POST",)

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.method in counted:
                seconds = too_much(purpose, client_address(request))
                if seconds:
                    return slow_down(request, seconds)
            return view(request, *args, **kwargs)

        return answer

    return around


def too_much(purpose: str, who: str) -> int:
    """Count once more; seconds to wait, 0 when it was not too much."""
    return wait(purpose, who, limits(purpose), at=timezone.now())


def slow_down(request: HttpRequest, seconds: int, *, why: str = "") -> HttpResponse:
    """Status 429 with a sentence, and when to come back."""
    if seconds <= MINUTE:
        when = _("Please wait a minute and send it again. What you entered is kept.")
    else:
        minutes = -(-seconds // MINUTE)
        when = ngettext(
            "Please wait %(minutes)s minute and send it again. What you entered is kept.",
            "Please wait %(minutes)s minutes and send it again. What you entered is kept.",
            minutes,
        ) % {"minutes": minutes}
    why = why or _("Too much was sent from this address at once.")
    response = error_page(request, TOO_MANY, f"{why} {when}")
    response["Retry-After"] = str(seconds)
    return response
