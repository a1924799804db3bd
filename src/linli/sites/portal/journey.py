"""Reporting, first half: what kind, where, what, photos. One question a screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.errors import Invalid, LinliError, NotFound
from linli.kernel.text import clean_line
from linli.modules.cases.models import LONGEST_TEXT, Category
from linli.modules.cases.stories import faults_of
from linli.modules.cases.stories import kinds as open_kinds
from linli.platform.pages.render import render
from linli.sites.portal import drafts, frame, photos_kept, places, steps
from linli.sites.portal.drafts import Draft, draft_of
from linli.sites.portal.forms import Fields, WhatForm, WhereForm
from linli.sites.portal.signs import group_sign, sign
from linli.sites.portal.throttle import limited

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
UNFIT = 422
LONGEST_KEY = 60


@require_safe
@never_cache
def kind(request: HttpRequest) -> HttpResponse:
    """Groups of kinds, or the kinds whose name holds the words searched for."""
    found = open_kinds(at=timezone.now())
    query = clean_line(request.GET.get("q", ""))[:40]
    groups = {
        one.group_code: {
            "code": one.group_code,
            "name": one.group,
            "icon": group_sign(one.group_code),
        }
        for one in found
    }
    return shown(
        request,
        "kind",
        {
            "groups": list(groups.values()),
            "query": query,
            "found": [card(one) for one in found if query and _holds(one, query)],
            "closed": request.GET.get("closed") == "1",
        },
    )


@require_safe
@never_cache
def kinds(request: HttpRequest, group: str) -> HttpResponse:
    """The kinds of one group."""
    found = [one for one in open_kinds(at=timezone.now()) if one.group_code == group]
    if not found:
        raise NotFound
    listed = {"group": found[0].group, "kinds": [card(one) for one in found]}
    return shown(request, "kinds", {**listed, "back": steps.address("kind")})


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Take the kind and go on; a kind closed meanwhile is told on the first page."""
    code = request.POST.get("category", "")
    draft = draft_of(request)
    on = timezone.localdate()
    if faults_of(replace(_empty(), category=code), "category", on=on):
        return HttpResponseRedirect(reverse("portal:kind", query={"closed": "1"}))
    if code != draft.category:
        draft.category = code
        draft.stop_passed, draft.different, draft.answers = False, False, {}
    drafts.keep(request, draft)
    return onward(request, draft)


@GET_POST
@never_cache
def stop(request: HttpRequest) -> HttpResponse:
    """Is somebody in danger? Then the telephone comes first."""
    draft = draft_of(request)
    category = steps.category_of(draft)
    if category is None or not category.stop:
        return onward(request, draft)
    if request.method == "POST":
        draft.stop_passed = True
        drafts.keep(request, draft)
        return onward(request, draft)
    return shown(request, "stop", {"category": category})


@require_safe
@never_cache
def in_person(request: HttpRequest) -> HttpResponse:
    """This kind needs a proven number, and no code can be sent: by telephone and at the window."""
    draft = draft_of(request)
    if steps.missing(draft, at=timezone.now()) != "in_person":
        return onward(request, draft)
    return shown(request, "in_person", {"category": steps.category_of(draft)})


@GET_POST
@never_cache
def where(request: HttpRequest) -> HttpResponse:
    """A point on the map, or a community; and words."""
    draft = draft_of(request)
    if early := too_early(request, "where", draft):
        return early
    form = WhereForm(request.POST or None, initial=_as_initial(draft, "lng", "lat", "place"))
    if request.method == "POST":
        if form.is_valid():
            _take_place(draft, form)
            faults = faults_of(draft.report(language=""), "point", on=timezone.localdate())
            if faults:
                form.add_error("lng", faults["point"])
        if form.is_valid():
            drafts.keep(request, draft)
            return onward(request, draft)
    return shown(
        request,
        "where",
        {
            "form": form,
            "chosen": draft.unit_name if draft.unit else "",
            "bounds": places.bounds(),
        },
        form=form,
    )


@require_safe
def areas(request: HttpRequest) -> JsonResponse:
    """The communities under the map on which a place is chosen."""
    del request
    response = JsonResponse(places.areas())
    response["Cache-Control"] = f"public, max-age={places.KEPT_SECONDS}"
    return response


@GET_POST
@never_cache
def place(request: HttpRequest) -> HttpResponse:
    """Street, then community, by plain lists; or by a part of the name."""
    draft = draft_of(request)
    if early := too_early(request, "where", draft):
        return early
    if request.method == "POST":
        chosen = places.community(request.POST.get("unit", "")[:LONGEST_KEY])
        if chosen is None:
            raise NotFound
        draft.unit, draft.unit_name = str(chosen.pk), places.name_of(chosen)
        draft.lng, draft.lat = None, None
        drafts.keep(request, draft)
        return HttpResponseRedirect(steps.address("where"))
    query = request.GET.get("q", "")[:40]
    key = request.GET.get("in", "")[:LONGEST_KEY]
    above = places.above(key)
    return shown(
        request,
        "place",
        {
            "choices": places.find(query) if query else places.choices(key if above else ""),
            "query": query,
            "above": above.name if above else "",
            "back": steps.address("place" if above or query else "where"),
        },
    )


@GET_POST
@never_cache
def what(request: HttpRequest) -> HttpResponse:
    """The matter in words."""
    draft = draft_of(request)
    if early := too_early(request, "what", draft):
        return early
    category = steps.category_of(draft)
    form = WhatForm(
        request.POST or None,
        questions=category.questions if category else [],
        english=(get_language() or "").startswith("en"),
        initial={"text": draft.text, **draft.answers},
    )
    if request.method == "POST" and form.is_valid():
        told = replace(draft.report(language=""), text=form.cleaned_data["text"])
        form.add_faults(faults_of(told, "text", on=timezone.localdate()))
        if form.is_valid():
            draft.text, draft.answers = form.cleaned_data["text"], form.answers
            drafts.keep(request, draft)
            return onward(request, draft)
    return shown(
        request,
        "what",
        {"form": form, "category": category, "longest": LONGEST_TEXT},
        form=form,
    )


@GET_POST
@limited("photos")
@never_cache
def photos(request: HttpRequest) -> HttpResponse:
    """Up to six photos; good ones are kept even when another is refused."""
    draft = draft_of(request)
    if early := too_early(request, "photos", draft):
        return early
    form = Fields(request.POST or None)
    faults: list[str] = []
    if request.method == "POST":
        removed = request.POST.get("remove", "")
        if removed:
            photos_kept.remove(draft, removed)
        else:
            faults = take_photos(draft, request.FILES.getlist("photos"))
        adding = "more" in request.POST
        draft.photos_passed = not (removed or adding or faults)
        drafts.keep(request, draft)
        if not faults and (removed or adding):
            return HttpResponseRedirect(steps.address("photos"))
        if not faults:
            return onward(request, draft)
    return shown(
        request,
        "photos",
        {
            "faults": faults,
            "kept": draft.photos,
            "most": photos_kept.MOST,
            "limit": settings.UPLOAD_LIMIT,
        },
        status=UNFIT if faults else 200,
        form=form,
    )


@require_safe
@never_cache
def photo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The small picture of a photo of one's own draft."""
    body = photos_kept.small(draft_of(request), pk)
    return HttpResponse(body, content_type="image/webp")


def take_photos(draft: Draft, uploads: list[Any]) -> list[str]:
    """Keep what can be kept; a sentence for each that cannot."""
    draft.id = draft.id or drafts.fresh_id()
    faults = []
    for number, upload in enumerate(uploads, start=1):
        if len(draft.photos) >= photos_kept.MOST:
            faults.append(
                ngettext(
                    "At most %(most)s photo is taken. The others were left out.",
                    "At most %(most)s photos are taken. The others were left out.",
                    photos_kept.MOST,
                )
                % {"most": photos_kept.MOST}
            )
            break
        try:
            photos_kept.add(draft, upload)
        except Invalid as error:
            named = _("Photo %(number)s (%(name)s): %(sentence)s")
            parts = {"number": number, "name": clean_line(upload.name or "")[:40]}
            faults.append(named % {**parts, "sentence": next(iter(error.faults.values()))})
        except LinliError as error:
            faults.append(error.sentence)
    return faults


def shown(
    request: HttpRequest,
    page: str,
    context: dict[str, Any],
    *,
    form: Fields | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page of the journey; with faults it answers 422."""
    counted = steps.count(page) if page in steps.QUESTIONS else None
    return render(
        request,
        f"portal/{page}.html",
        {
            "back": steps.before(page, draft_of(request)),
            "counted": counted,
            "hotline": frame.hotline(),
            "begun": bool(draft_of(request).category),
            **context,
        },
        status=UNFIT if form is not None and form.errors else status,
    )


def onward(request: HttpRequest, draft: Draft) -> HttpResponse:
    """To the next question that is not answered."""
    del request
    return HttpResponseRedirect(steps.address(steps.missing(draft, at=timezone.now())))


def too_early(request: HttpRequest, page: str, draft: Draft) -> HttpResponse | None:
    """Somebody who comes to a page before the ones it builds on is led to the first of them."""
    return None if steps.may_open(page, draft, at=timezone.now()) else onward(request, draft)


def card(category: Category) -> dict[str, Any]:
    """A kind as a big button."""
    return {
        "code": category.code,
        "name": category.name,
        "icon": sign(category),
        "urgent": category.grade == "urgent",
    }


def _take_place(draft: Draft, form: WhereForm) -> None:
    lng, lat = form.cleaned_data["lng"], form.cleaned_data["lat"]
    if lng is not None and lat is not None:
        if (lng, lat) != (draft.lng, draft.lat):
            draft.different = False
        draft.lng, draft.lat, draft.unit = lng, lat, ""
    else:
        draft.lng, draft.lat = None, None
    draft.place = form.cleaned_data["place"]


def _holds(category: Category, query: str) -> bool:
    words = f"{category.name_zh} {category.name_en} {category.group_zh} {category.group_en}"
    return query.lower() in words.lower()


def _as_initial(draft: Draft, *names: str) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in names}


def _empty() -> Any:
    return Draft(id=drafts.fresh_id()).report(language="")
