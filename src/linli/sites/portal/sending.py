"""Reporting, second half: the same matter nearby, how to be reached, check and send."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.kernel.errors import Invalid, LinliError, NotFound
from linli.modules.cases.public import Neighbour, actions, public_case
from linli.modules.cases.stories import (
    faults_of,
    passer_by,
    place_name,
    proven_reporter,
    reporter_actor,
)
from linli.platform.pages.render import render
from linli.platform.phones.public import texts_are_on
from linli.sites.portal import drafts, photos_kept, proofs, receipts, steps
from linli.sites.portal.drafts import Draft, draft_of
from linli.sites.portal.forms import ContactForm, FollowForm, SendForm
from linli.sites.portal.frame import hotline
from linli.sites.portal.journey import GET_POST, onward, shown, too_early
from linli.sites.portal.phone import FOLLOW, send_code
from linli.sites.portal.throttle import limited


@GET_POST
@never_cache
def same(request: HttpRequest) -> HttpResponse:
    """Is it one of these? Following an open case helps more than reporting it again."""
    draft = draft_of(request)
    if early := too_early(request, "same", draft):
        return early
    found = steps.neighbours(draft, at=timezone.now())
    if request.method == "POST" or not found:
        draft.different = True
        drafts.keep(request, draft)
        return onward(request, draft)
    return shown(request, "same", {"found": [_line(one) for one in found]})


@GET_POST
@limited("report")
@never_cache
def follow(request: HttpRequest, number: str) -> HttpResponse:
    """Join the case instead of reporting it again; what was written goes along."""
    if request.method == "POST":
        drafts.lock(request)
    draft = draft_of(request)
    near = steps.neighbours(draft, at=timezone.now())
    if not any(one.case.number == number for one in near):
        return onward(request, draft)
    words = draft.words or draft.text
    form = FollowForm(request.POST or None, initial={**_as_entered(draft), "words": words})
    if request.method == "POST" and form.is_valid():
        told = _told(request, draft, form)
        told.words = form.cleaned_data["words"]
        if form.is_valid() and steps.code_wanted(told) and not told.proof:
            drafts.keep(request, told)
            sent = send_code(request, told.phone, goal=f"{FOLLOW}{number}", form=form)
            if sent is not None:
                return sent
        elif form.is_valid():
            return _join(request, told, number, told.words)
    context = {"form": form, "number": number, "back": steps.address("same")}
    return shown(request, "follow", {**context, **_codes(request, draft)}, form=form)


@GET_POST
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """How to reach the reporter, or not at all where the kind allows it."""
    if request.method == "POST":
        drafts.lock(request)
    draft = draft_of(request)
    if early := too_early(request, "contact", draft):
        return early
    category = steps.category_of(draft)
    form = ContactForm(request.POST or None, initial=_as_entered(draft))
    if request.method == "POST" and form.is_valid():
        told = _told(request, draft, form, nobody="anonymous" in request.POST)
        if form.is_valid():
            told.contact_passed = True
            drafts.keep(request, told)
            if not steps.code_wanted(told) or told.proof:
                return onward(request, told)
            sent = send_code(request, told.phone, goal="report", form=form)
            if sent is not None:
                return sent
    anonymous = category is not None and category.anonymous_allowed
    context = {"form": form, "anonymous": anonymous, **_codes(request, draft)}
    return shown(request, "contact", context, form=form)


@GET_POST
@limited("report")
@never_cache
def check(request: HttpRequest) -> HttpResponse:
    """Everything once more, and send. The same form sent twice finds the first report."""
    if request.method == "POST":
        drafts.lock(request)
    draft = draft_of(request)
    form = SendForm(request.POST or None, initial={"submission": draft.id})
    if request.method == "POST":
        sent = drafts.sent_as(request, request.POST.get("submission", ""))
        if sent is not None:
            return HttpResponseRedirect(reverse("portal:receipt", args=[sent[0]]))
    if early := too_early(request, "check", draft):
        return early
    if not draft.contact_passed:
        return onward(request, draft)
    faults: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, draft)
        except Invalid as error:
            faults = [
                {"page": steps.address(steps.PAGE_OF.get(field, "what")), "sentence": sentence}
                for field, sentence in error.faults.items()
            ]
        except LinliError as error:
            form.add_error(None, error.sentence)
    context = {"form": form, "faults": faults, **_summary(draft)}
    return shown(request, "check", context, form=form, status=422 if faults else 200)


@require_POST
def start_over(request: HttpRequest) -> HttpResponse:
    """Throw the draft away, photos and all."""
    photos_kept.drop(draft_of(request))
    drafts.forget(request)
    return HttpResponseRedirect(reverse("portal:home"))


@GET_POST
@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Leave nothing behind on a device that others use, at a kiosk for example."""
    if request.method != "POST":
        return render(request, "portal/leave.html", {})
    photos_kept.drop(draft_of(request))
    request.session.flush()
    response = HttpResponseRedirect(reverse("portal:home"))
    receipts.take_back(response)
    return response


def _send(request: HttpRequest, draft: Draft) -> HttpResponse:
    language = get_language() or "zh-hans"
    taken = actions.report(
        by=passer_by(),
        at=timezone.now(),
        report=draft.report(language=language),
        files=photos_kept.uploads(draft),
    )
    number = taken.case.number
    drafts.forget(request)
    drafts.remember_sent(request, draft.id, number, taken.code)
    photos_kept.drop(draft)
    response = HttpResponseRedirect(reverse("portal:receipt", args=[number]))
    if taken.code:
        receipts.give(request, response, number, taken.code)
    return response


def _join(request: HttpRequest, draft: Draft, number: str, words: str) -> HttpResponse:
    now = timezone.now()
    case = public_case(passer_by(), number)
    code = actions.join(by=passer_by(), at=now, case=case, contact=draft.contact, words=words)
    reporter = proven_reporter(number, code)
    if reporter is None:
        raise NotFound
    uploads = photos_kept.uploads(draft)
    if words or uploads:
        actions.add_words(
            by=reporter_actor(number),
            at=now,
            case=case,
            reporter=reporter,
            words=words,
            files=uploads,
        )
    photos_kept.drop(draft)
    drafts.forget(request)
    drafts.remember_sent(request, draft.id, number, code)
    response = HttpResponseRedirect(reverse("portal:receipt", args=[number]))
    receipts.give(request, response, number, code)
    return response


def _told(request: HttpRequest, draft: Draft, form: ContactForm, *, nobody: bool = False) -> Draft:
    """The draft with the contact of the form; faults stand in the form."""
    names = ("name", "phone", "email")
    given: dict[str, Any] = {name: "" if nobody else form.cleaned_data[name] for name in names}
    told = replace(draft, **given, prove=form.cleaned_data["prove"] and not nobody)
    told.proof = proofs.proof_of(request, told.phone)
    on = timezone.localdate()
    form.add_faults(faults_of(told.report(language=""), "phone", "email", on=on))
    return told


def _as_entered(draft: Draft) -> dict[str, Any]:
    return {name: getattr(draft, name) for name in ("name", "phone", "email", "prove")}


def _codes(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the pages that ask for a number say about codes; all empty where none can be sent."""
    category = steps.category_of(draft)
    on = texts_are_on()
    return {
        "codes": on,
        "code_needed": on and category is not None and category.needs_proven_phone,
        "proven": proofs.number(request) if on else "",
    }


def _line(near: Neighbour) -> dict[str, Any]:
    case = near.case
    return {
        "number": case.number,
        "kind": case.category.name,
        "metres": max(5, round(near.metres / 5) * 5),
        "reported_at": case.reported_at,
        "state": case.get_state_display(),
        "place": place_name(case.unit),
    }


def _summary(draft: Draft) -> dict[str, Any]:
    category = steps.category_of(draft)
    asked = {
        one["key"]: one["en" if (get_language() or "").startswith("en") else "zh"]
        for one in (category.questions if category else [])
    }
    return {
        "category": category,
        "chosen": draft.unit_name if draft.unit else "",
        "point": draft.point,
        "place": draft.place,
        "text": draft.text,
        "answers": [(asked[key], value) for key, value in draft.answers.items() if key in asked],
        "kept": draft.photos,
        "name": draft.name,
        "phone": draft.phone,
        "email": draft.email,
        "proven": bool(draft.proof),
        "anonymous": draft.contact.is_empty,
        "nobody": _("Anonymous"),
        "hotline": hotline(),
    }
