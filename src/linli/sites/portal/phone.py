"""Proving one's number by a code: for a report under way, or to find one's own reports."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linli.kernel.errors import Invalid, NotFound
from linli.modules.cases.own_reports import reports_with
from linli.platform.pages.render import render
from linli.platform.phones.public import Answer, Pending, TooOften, texts_are_on
from linli.sites.portal import drafts, proofs, steps
from linli.sites.portal.drafts import draft_of
from linli.sites.portal.forms import Fields, PhoneCodeForm, PhoneForm
from linli.sites.portal.frame import hotline
from linli.sites.portal.journey import GET_POST, UNFIT, onward, shown, too_early
from linli.sites.portal.throttle import limited, slow_down

View = Callable[..., HttpResponse]
FOLLOW = "follow:"


def with_gateway(view: View) -> View:
    """Only where codes can be sent; elsewhere there is no such page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if not texts_are_on():
            raise NotFound
        if request.method == "POST":
            drafts.lock(request)
        return view(request)

    return limited("act")(never_cache(answer))


@GET_POST
@with_gateway
def number(request: HttpRequest) -> HttpResponse:
    """Which number? The same answer whether or not anybody ever used it."""
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = send_code(request, form.cleaned_data["phone"], goal="reports", form=form)
        if sent is not None:
            return sent
    context = {"form": form, "proven": proofs.number(request), "hotline": hotline()}
    return render(request, "portal/own_number.html", context, status=UNFIT if form.errors else 200)


@GET_POST
@with_gateway
def step(request: HttpRequest) -> HttpResponse:
    """The question of a report under way: send a code, or go on without where the kind allows."""
    draft = draft_of(request)
    if early := too_early(request, "phone", draft):
        return early
    if draft.proof or not steps.code_wanted(draft):
        return onward(request, draft)
    category = steps.category_of(draft)
    needed = category is not None and category.needs_proven_phone
    if request.method == "POST" and "skip" in request.POST and not needed:
        draft.prove = False
        drafts.keep(request, draft)
        return onward(request, draft)
    form = Fields()
    if request.method == "POST":
        sent = send_code(request, draft.phone, goal="report", form=form)
        if sent is not None:
            return sent
    on_its_way = proofs.waiting(request)
    if on_its_way and on_its_way.is_open and on_its_way.phone == draft.phone:
        return HttpResponseRedirect(reverse("portal:phone_code"))
    context = {"form": form, "phone": _spaced(draft.phone), "needed": needed}
    return shown(request, "phone", context)


@GET_POST
@with_gateway
def code(request: HttpRequest) -> HttpResponse:
    """The six digits; or another message."""
    on_its_way = proofs.waiting(request)
    if on_its_way is None:
        # Nothing sent, or the second press of a button whose first one proved the number.
        return _arrived(request) if proofs.number(request) else _to("own_number")
    goal = proofs.goal(request)
    again = "again" in request.POST
    form = PhoneCodeForm(request.POST if request.method == "POST" and not again else None)
    if again:
        sent = send_code(request, on_its_way.phone, goal=goal, form=form)
        if sent is not None:
            return sent
    elif request.method == "POST" and form.is_valid():
        answer = proofs.take(request, form.cleaned_data["phone_code"])
        if answer is Answer.RIGHT:
            return _arrived(request)
        on_its_way = proofs.waiting(request) or on_its_way
        form.add_error("phone_code", _refusal(answer, on_its_way))
    category = steps.category_of(draft_of(request))
    return render(
        request,
        "portal/phone_code.html",
        {
            "form": form,
            "sent": on_its_way,
            "phone": _spaced(on_its_way.phone),
            "back": _back(goal),
            "may_skip": goal == "report"
            and not (category is not None and category.needs_proven_phone),
            "hotline": hotline(),
        },
        status=UNFIT if form.errors else 200,
    )


@require_safe
@with_gateway
def reports(request: HttpRequest) -> HttpResponse:
    """All that was reported with the proven number."""
    proven = proofs.number(request)
    if not proven:
        return _to("own_number")
    context = {"phone": proven, "found": reports_with(proven), "hotline": hotline()}
    return render(request, "portal/own_reports.html", context)


@require_POST
@with_gateway
def forget(request: HttpRequest) -> HttpResponse:
    """Use another number, or leave this device to somebody else."""
    proofs.forget(request)
    return _to("own_number")


def send_code(request: HttpRequest, phone: str, *, goal: str, form: Fields) -> HttpResponse | None:
    """Send a code and go where it is typed; None when the number is at fault, told in `form`."""
    try:
        proofs.begin(request, phone, goal=goal)
    except Invalid as error:
        form.take(error)
        return None
    except TooOften as error:
        return slow_down(
            request,
            error.seconds,
            why=_("Too many codes were asked for this number or from this address."),
        )
    return _to("phone_code")


def _arrived(request: HttpRequest) -> HttpResponse:
    """On to what the number was proven for."""
    goal = proofs.goal(request)
    if goal == "report":
        draft = draft_of(request)
        draft.proof = proofs.proof_of(request, draft.phone)
        drafts.keep(request, draft)
        return onward(request, draft)
    if goal.startswith(FOLLOW):
        return HttpResponseRedirect(_back(goal))
    return _to("own_reports")


def _back(goal: str) -> str:
    if goal == "report":
        return steps.address("contact")
    if goal.startswith(FOLLOW):
        return reverse("portal:follow", args=[goal.removeprefix(FOLLOW)])
    return reverse("portal:own_number")


def _refusal(answer: Answer, sent: Pending) -> str:
    left = sent.tries_left
    if answer is Answer.OVER or not left:
        return _("This code is no longer valid. Ask for another one below.")
    return ngettext(
        "This is not the code of the last message. You can try once more.",
        "This is not the code of the last message. You can try %(left)s more times.",
        left,
    ) % {"left": left}


def _spaced(phone: str) -> str:
    """A mobile number as it is read aloud here: 139 1234 5678."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"


def _to(name: str) -> HttpResponse:
    return HttpResponseRedirect(reverse(f"portal:{name}"))
