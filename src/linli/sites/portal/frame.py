"""What stands around every residents' page."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.platform.pages.frames import Link, PortalFrame, provides
from linli.sites.portal import places

CITY_KEPT_SECONDS = 60


def hotline() -> str:
    """The city's hotline; 12345 is the national one for every matter of government."""
    return str(getattr(settings, "HOTLINE", "12345"))


@provides("portal")
def frame(request: HttpRequest) -> PortalFrame:
    """Navigation and the other ways, on every page."""
    del request
    return PortalFrame(
        home=reverse("portal:home"),
        place=city(),
        links=[
            Link(_("Report"), reverse("portal:kind"), "message-report"),
            Link(_("My report"), reverse("portal:look_up"), "search"),
            Link(_("Other ways"), reverse("portal:ways"), "phone"),
        ],
        hotline=hotline(),
        window_url=reverse("portal:ways"),
        foot=[
            Link(_("Window and paper"), reverse("portal:ways"), "building-community"),
            Link(_("For staff"), reverse("account_login"), "login"),
        ],
    )


def about_case(request: HttpRequest, number: str) -> PortalFrame:
    """The frame of a page about one case: its number stays in sight."""
    usual: PortalFrame = frame(request)
    return replace(usual, number=number)


def city() -> str:
    """The name of the city, asked for once a minute."""
    kept = cache.get("portal.city")
    if kept is None:
        kept = places.city()
        cache.set("portal.city", kept, CITY_KEPT_SECONDS)
    return str(kept)
