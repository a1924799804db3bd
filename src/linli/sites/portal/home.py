"""The first page, the other ways, and the sheet of paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from linli.modules.cases.models import Category
from linli.modules.cases.stories import kinds, lately_solved, often_reported
from linli.platform.pages.render import render
from linli.platform.phones.public import texts_are_on
from linli.sites.portal import places
from linli.sites.portal.drafts import draft_of
from linli.sites.portal.forms import LookUpForm
from linli.sites.portal.frame import hotline
from linli.sites.portal.receipts import receipts
from linli.sites.portal.signs import sign

OFTEN, SOLVED = 6, 4
KEPT_SECONDS = 120


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What a resident can do here."""
    now = timezone.now()
    draft = draft_of(request)
    often = _kept("often", lambda: [k.code for k in often_reported(at=now, most=OFTEN)])
    known = {category.code: category for category in kinds(at=now)}
    return render(
        request,
        "portal/home.html",
        {
            "form": LookUpForm(),
            "often": [_card(known[code]) for code in often if code in known],
            "solved": _kept("solved", lambda: lately_solved(most=SOLVED)),
            "going_on": bool(draft.category),
            "mine": list(reversed(receipts(request)))[:3],
            "codes": texts_are_on(),
            "hotline": hotline(),
        },
    )


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    """The same by phone, at the window, through a helper and on paper."""
    return render(request, "portal/ways.html", {"hotline": hotline()})


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """A report sheet to print, with where to hand it in."""
    chosen = places.community(request.GET.get("place", "")[:60])
    text = request.GET.get("q", "")[:60]
    listed = places.find(text) if text else places.choices(request.GET.get("in", "")[:60])
    return render(
        request,
        "portal/paper.html",
        {
            "chosen": places.name_of(chosen) if chosen else "",
            "choices": listed,
            "query": text,
            "address": settings.PUBLIC_ADDRESS + reverse("portal:home"),
            "hotline": hotline(),
            "groups": _groups(),
        },
    )


def _groups() -> list[str]:
    named = {category.group_code: category.group for category in kinds(at=timezone.now())}
    return list(named.values())


def _card(category: Category) -> dict[str, str]:
    return {"code": category.code, "name": category.name, "icon": sign(category)}


def _kept(name: str, ask: Callable[[], Any]) -> Any:
    """Asked for once in two minutes and language; the first page is opened all the time."""
    key = f"portal.{name}.{get_language()}"
    found = cache.get(key)
    if found is None:
        found = ask()
        cache.set(key, found, KEPT_SECONDS)
    return found
