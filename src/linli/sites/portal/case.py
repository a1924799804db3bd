"""A case by its number: what anybody may read, and what its reporter can do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linli.kernel.errors import Invalid, LinliError, NotFound
from linli.modules.cases.intake import Contact
from linli.modules.cases.public import actions
from linli.modules.cases.stories import (
    Own,
    Story,
    own,
    proven_reporter,
    reporter_actor,
    story,
)
from linli.platform.access.address import client_address
from linli.platform.pages.render import render
from linli.platform.phones.public import texts_are_on
from linli.sites.portal import drafts, photos_kept, proofs
from linli.sites.portal.forms import (
    AddForm,
    CodeForm,
    ContactForm,
    Fields,
    LookUpForm,
    RateForm,
    ReasonForm,
)
from linli.sites.portal.frame import about_case, hotline
from linli.sites.portal.journey import GET_POST, UNFIT
from linli.sites.portal.receipts import give, holder, receipts
from linli.sites.portal.throttle import limited, slow_down, too_much

View = Callable[..., HttpResponse]


@require_safe
@limited("look-up", "GET")
@never_cache
def look_up(request: HttpRequest) -> HttpResponse:
    """A form for the number; a number that holds together leads to its page."""
    typed = "number" in request.GET
    form = LookUpForm(request.GET if typed else None)
    if typed and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            story(number)
        except NotFound:
            unknown = _("There is no report with this number. Compare it once more.")
            form.add_error("number", unknown)
        else:
            return HttpResponseRedirect(reverse("portal:case", args=[number]))
    mine = list(reversed(receipts(request)))
    return render(
        request,
        "portal/look_up.html",
        {"form": form, "mine": mine, "codes": texts_are_on(), "hotline": hotline()},
        status=UNFIT if form.errors else 200,
    )


@require_safe
@limited("look-up", "GET")
@never_cache
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The case as anybody reads it; to its reporter also what was said, and what can be done."""
    reporter = holder(request, number)
    told = story(number, proven=reporter is not None)
    mine = own(number, reporter, at=timezone.now()) if reporter else None
    context = {
        "own": mine,
        "form": CodeForm(),
        "has_receipt": number in receipts(request),
    }
    return shown(request, "case", told, context)


@require_safe
@never_cache
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """Number and code to keep, and what happens next. Only on the device that reported."""
    code = receipts(request).get(number, "") or drafts.code_of(request, number)
    reporter = proven_reporter(number, code) if code else None
    if reporter is None:
        return HttpResponseRedirect(reverse("portal:case", args=[number]))
    mine = own(number, reporter, at=timezone.now())
    address = settings.PUBLIC_ADDRESS + reverse("portal:case", args=[number])
    told = story(number, proven=True)
    context = {
        "own": mine,
        "code": code,
        "address": address,
        "limit": mine.case.category.limit_amount,
        "measure": mine.case.category.get_limit_kind_display(),
    }
    response = shown(request, "receipt", told, context)
    give(request, response, number, code)
    drafts.forget_codes(request)
    return response


@GET_POST
@never_cache
def code(request: HttpRequest, number: str) -> HttpResponse:
    """The code of the receipt, typed once: this device then opens the case by itself."""
    told = story(number)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        seconds = max(too_much("code", number), too_much("codes", client_address(request)))
        if seconds:
            return slow_down(request, seconds)
        typed = form.cleaned_data["code"]
        if proven_reporter(number, typed):
            response = HttpResponseRedirect(reverse("portal:case", args=[number]))
            give(request, response, number, typed)
            return response
        form.add_error("code", _("This code does not belong to the report. Compare it once more."))
    return shown(request, "code", told, {"form": form}, form=form)


def proven(view: View) -> View:
    """Only for whoever proved to be the reporter; everybody else is asked for the code."""

    @wraps(view)
    def answer(request: HttpRequest, number: str) -> HttpResponse:
        reporter = holder(request, number)
        if reporter is None:
            return HttpResponseRedirect(reverse("portal:code", args=[number]))
        return view(request, number, own(number, reporter, at=timezone.now()))

    return limited("act")(GET_POST(never_cache(answer)))


@proven
def rate(request: HttpRequest, number: str, mine: Own) -> HttpResponse:
    """One to five, each with its word, and more words if wanted."""
    form = RateForm(request.POST or None)

    def act() -> str:
        stars, words = int(form.cleaned_data["stars"]), form.cleaned_data["words"]
        actions.rate(
            by=reporter_actor(number), at=timezone.now(), case=mine.case, stars=stars, words=words
        )
        return _("Thank you. Your answer counts in the figures of the office that dealt with it.")

    return _acted(request, "rate", number, form, mine=mine, act=act, allowed=mine.may_rate)


@proven
def add(request: HttpRequest, number: str, mine: Own) -> HttpResponse:
    """More words, more photos."""
    form = AddForm(request.POST or None, request.FILES or None)

    def act() -> str:
        uploads = request.FILES.getlist("photos")
        if len(uploads) > photos_kept.MOST:
            raise Invalid("photos", _("At most six photos at once."))
        checked = [photos_kept.check(one) for one in uploads]
        actions.add_words(
            by=reporter_actor(number),
            at=timezone.now(),
            case=mine.case,
            reporter=mine.reporter,
            words=form.cleaned_data["words"],
            files=checked,
        )
        return _("Added. Whoever deals with it can read it now.")

    return _acted(request, "add", number, form, mine=mine, act=act, allowed=mine.may_add)


@proven
def reopen(request: HttpRequest, number: str, mine: Own) -> HttpResponse:
    """It is back, or was never mended."""
    form = ReasonForm(request.POST or None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        actions.reopen(by=reporter_actor(number), at=timezone.now(), case=mine.case, reason=reason)
        return _("Your report is open again. It goes back to those who hand out the work.")

    return _acted(request, "reopen", number, form, mine=mine, act=act, allowed=mine.may_reopen)


@proven
def withdraw(request: HttpRequest, number: str, mine: Own) -> HttpResponse:
    """Take the report back while nobody has been sent out."""
    form = ReasonForm(request.POST or None)

    def act() -> str:
        reason = form.cleaned_data["reason"]
        actions.cancel(by=reporter_actor(number), at=timezone.now(), case=mine.case, reason=reason)
        return _("Your report is withdrawn.")

    return _acted(request, "withdraw", number, form, mine=mine, act=act, allowed=mine.may_cancel)


@proven
def contact(request: HttpRequest, number: str, mine: Own) -> HttpResponse:
    """Be reached otherwise, or not at all."""
    kept = mine.reporter
    initial = {"name": kept.name, "phone": kept.phone, "email": kept.email}
    form = ContactForm(request.POST or None, initial=initial)

    def act() -> str:
        proof = proofs.proof_of(request, form.cleaned_data["phone"])
        actions.change_contact(
            by=reporter_actor(number),
            at=timezone.now(),
            case=mine.case,
            reporter=kept,
            contact=Contact(
                name=form.cleaned_data["name"],
                phone=form.cleaned_data["phone"],
                email=form.cleaned_data["email"],
                proof=UUID(proof) if proof else None,
            ),
        )
        return _("Your contact is changed.")

    return _acted(request, "change_contact", number, form, mine=mine, act=act, allowed=True)


def shown(
    request: HttpRequest,
    name: str,
    told: Story,
    context: dict[str, Any],
    *,
    form: Fields | None = None,
) -> HttpResponse:
    """A page about one case, its number in sight."""
    return render(
        request,
        f"portal/{name}.html",
        {
            "portal": about_case(request, told.number),
            "story": told,
            "hotline": hotline(),
            "codes": texts_are_on(),
            "limit_bytes": settings.UPLOAD_LIMIT,
            **context,
        },
        status=UNFIT if form is not None and form.errors else 200,
    )


def _acted(
    request: HttpRequest,
    name: str,
    number: str,
    form: Fields,
    *,
    mine: Own,
    act: Callable[[], str],
    allowed: bool,
) -> HttpResponse:
    """Do it and go back to the case; faults stand at their field."""
    back = reverse("portal:case", args=[number])
    if not allowed:
        messages.warning(request, _("This is not possible at the present stage of the report."))
        return HttpResponseRedirect(back)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act())
        except Invalid as error:
            form.take(error)
        except LinliError as error:
            form.add_error(None, error.sentence)
        else:
            return HttpResponseRedirect(back)
    told = story(number, proven=True)
    return shown(request, name, told, {"form": form, "own": mine}, form=form)
