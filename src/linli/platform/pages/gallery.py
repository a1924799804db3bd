"""Every component in every state, for designers, builders and the accessibility tests.

Needs no database and no signing in; there in development, demo and tests only.
"""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.platform.pages import gallery_words as cast
from linli.platform.pages.errors import error_page
from linli.platform.pages.frames import (
    Capacity,
    DeskFrame,
    Link,
    NavGroup,
    NavItem,
    PortalFrame,
    marked,
)
from linli.platform.pages.gallery_forms import ReportForm
from linli.platform.pages.render import render


def frame(request: HttpRequest) -> DeskFrame:
    """A desk frame like the real one."""
    here = reverse("pages:gallery")
    groups = [
        NavGroup(
            "",
            [
                NavItem(_("To do"), here, "inbox", count=12, go="i"),
                NavItem(_("Search"), f"{here}#search", "search"),
            ],
        ),
        NavGroup(
            _("Cases"),
            [
                NavItem(_("All cases"), f"{here}#table", "list-details", go="c"),
                NavItem(_("Overdue"), f"{here}#due", "alert-triangle", count=3, tone="danger"),
                NavItem(_("Dispatch board"), f"{here}#board", "layout-kanban", go="b"),
                NavItem(_("Map"), f"{here}#map", "map-2", go="m"),
                NavItem(_("Figures"), f"{here}#chart", "chart-bar"),
            ],
        ),
        NavGroup(
            _("Places"),
            [
                NavItem(_("Divisions"), f"{here}#tree", "sitemap", go="d"),
                NavItem(_("Grids"), f"{here}#polygon", "polygon"),
            ],
        ),
    ]
    return DeskFrame(
        home=here,
        place=_("Cixi"),
        navigation=marked(groups, request.path),
        search_url=here,
        notices_url=f"{here}#notices",
        unread=5,
        capacities=[
            Capacity("1", cast.POST_A(), cast.UNIT_A(), current=True),
            Capacity("2", cast.POST_B(), cast.UNIT_B()),
        ],
        capacity_url=here,
        person=cast.PERSON_A(),
        post=f"{cast.POST_A()} · {cast.UNIT_A()}",
        account_links=[Link(_("My account"), here, "user-circle")],
        logout_url=here,
    )


def rows() -> list[Any]:
    """Cases in every state a list can show."""
    now = timezone.now()
    dues = [-30, -2, 3, 20, 70, 200, None, None, 400, 40]
    return [
        Thing(
            number=f"3302822611{n:02d}00{n * 7 % 90 + 10}",
            what=what,
            place=place,
            state=state,
            handler=handler,
            reported=now - timedelta(hours=5 + n * 9),
            due=None if dues[n] is None else now + timedelta(hours=dues[n] or 0),
            provisional=n == 8,  # noqa: PLR2004
            paused=n == 6,  # noqa: PLR2004
            done=now - timedelta(hours=3) if n == 7 else None,  # noqa: PLR2004
        )
        for n, (what, place, state, handler) in enumerate(cast.cases())
    ]


def context(request: HttpRequest) -> dict[str, Any]:
    """All that the gallery's pages show."""
    now = timezone.now()
    wrong = ReportForm({"phone": "12", "text": "", "kind": "x"})
    wrong.is_valid()
    columns = [
        Thing(key="number", label=_("Number"), sort=True),
        Thing(key="what", label=_("What")),
        Thing(key="place", label=_("Place"), sort=True),
        Thing(key="state", label=_("State")),
        Thing(key="handler", label=_("Handler")),
        Thing(key="reported", label=_("Reported on"), sort=True),
        Thing(key="due", label=_("Due"), sort=True),
    ]
    return {
        "desk": frame(request),
        "rows": rows(),
        "columns": columns,
        "form": ReportForm(),
        "wrong": wrong,
        "lines": cast.timeline(now),
        "nodes": cast.tree(),
        "steps": cast.steps(now),
        "photos": cast.photos(),
        "soon": now + timedelta(hours=3),
        "late": now - timedelta(hours=30),
        "later": now + timedelta(days=5),
        "past": now - timedelta(hours=2),
        "long": cast.LONG(),
        "bounds": [121.2, 30.14, 121.33, 30.23],
    }


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Components on the desk."""
    return render(request, "pages/gallery/desk.html", context(request), blocks=("gallery_list",))


@require_safe
def portal(request: HttpRequest) -> HttpResponse:
    """Components on residents' pages."""
    here = reverse("pages:gallery_portal")
    shown = context(request) | {
        "portal": PortalFrame(
            home=here,
            place=_("Cixi"),
            links=[
                Link(_("Report"), here, "message-report"),
                Link(_("My case"), f"{here}#steps", "search"),
            ],
            number="3302822611090073",
            hotline="12345",
            foot=[Link(_("Go to a window"), f"{here}#ways", "building-community")],
        )
    }
    return render(request, "pages/gallery/portal.html", shown)


@require_safe
def bare(request: HttpRequest) -> HttpResponse:
    """A page alone on the screen."""
    return render(request, "pages/gallery/bare.html", context(request))


@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """What the side panel shows."""
    return render(request, "pages/gallery/panel.html", context(request))


@require_safe
def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error page as it looks, with that status."""
    return error_page(request, status)


@require_safe
def areas(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """A few grids."""
    return JsonResponse(cast.areas())


@require_safe
def points(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """Points enough to cluster."""
    return JsonResponse(cast.points())
