"""The first page and the search page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from linli.platform.desk.figures import figures_for
from linli.platform.desk.finding import MOST, find_everywhere
from linli.platform.desk.views import actor_of
from linli.platform.flow.inbox import Tray, forget_waiting, inbox
from linli.platform.pages.render import render

LONGEST = 100


@require_GET
def home(request: HttpRequest) -> HttpResponseBase:
    """What must I do now?"""
    actor = actor_of(request)
    forget_waiting(actor)
    asked = request.GET.get("tray", "")
    tray = Tray(asked) if asked in list(Tray) else Tray.MINE
    opened = inbox(actor, tray)
    if not asked and not opened.items and opened.counts[Tray.QUEUE]:
        opened = inbox(actor, Tray.QUEUE)
    labels = {
        Tray.MINE: gettext("Mine"),
        Tray.QUEUE: gettext("My post's queue"),
        Tray.FOLLOWED: gettext("Followed"),
    }
    tabs = [
        {
            "label": labels[one],
            "url": f"{request.path}?tray={one.value}",
            "current": one == opened.tray,
            "count": opened.counts[one],
        }
        for one in Tray
    ]
    context = {"inbox": opened, "tabs": tabs, "figures": figures_for(actor)}
    return render(request, "site_desk/home.html", context, blocks=("inbox",))


@require_GET
def search(request: HttpRequest) -> HttpResponseBase:
    """One box for everything; a number typed in full opens its page at once."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:LONGEST]
    groups = find_everywhere(actor, text) if text else []
    exact = [found for group in groups for found in group.found if found.exact]
    if len(exact) == 1:
        return redirect(exact[0].url)
    context = {"text": text, "groups": groups, "most": MOST}
    response: HttpResponse = render(request, "site_desk/search.html", context)
    return response
