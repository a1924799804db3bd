"""Pages of one's own account: security at a glance, places one is signed in, the capacity."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import ViewRecoveryCodesView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linli.platform.access.duties import has_second_factor
from linli.platform.access.middleware import CAPACITY
from linli.platform.access.models import Account
from linli.platform.access.reads import needs_second_factor
from linli.platform.access.sessions import end_sessions, seats
from linli.platform.pages.render import render

View = Callable[..., HttpResponseBase]


@login_required
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factor, recovery codes and sessions at a glance."""
    account = own_account(request)
    factors = {one.type: one for one in Authenticator.objects.filter(user=account)}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    return render(
        request,
        "access/security.html",
        {
            "account": account,
            "factor": factors.get(Authenticator.Type.TOTP),
            "demanded": needs_second_factor(account, timezone.localdate()),
            "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
            "seats": seats(account, here=str(request.session.session_key)),
        },
    )


@login_required
@never_cache
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """The guide for somebody whose post demands a second factor that is not set up yet."""
    account = own_account(request)
    if has_second_factor(account):
        return HttpResponseRedirect(settings.LOGIN_REDIRECT_URL)
    others = [
        capacity
        for capacity in getattr(request, "capacities", [])
        if not capacity.needs_second_factor
    ]
    return render(request, "access/second_factor.html", {"others": others})


@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; POST ends one place, or all others."""
    account = own_account(request)
    here = str(request.session.session_key)
    if request.method == "POST":
        chosen = request.POST.get("end", "")
        if chosen == "others":
            ended = end_sessions(account, but=here)
        elif chosen.isdigit():
            ended = end_sessions(account, but=here, only=int(chosen))
        else:
            ended = 0
        words = ngettext("Signed out at %(n)d place.", "Signed out at %(n)d places.", ended)
        messages.success(request, words % {"n": ended})
        return HttpResponseRedirect(reverse("usersessions_list"))
    return render(request, "access/sessions.html", {"seats": seats(account, here=here)})


@login_required
@require_POST
def choose_capacity(request: HttpRequest) -> HttpResponse:
    """Act in another of one's capacities from now on."""
    wanted = request.POST.get("capacity", "")
    known: list[Any] = getattr(request, "capacities", [])
    chosen = next((capacity for capacity in known if capacity.key == wanted), None)
    if chosen is not None:
        request.session[CAPACITY] = chosen.key
        messages.success(request, _("You now act as %(title)s.") % {"title": chosen.title})
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(target if safe else settings.LOGIN_REDIRECT_URL)


@method_decorator(never_cache, name="dispatch")
class RecoveryCodes(ViewRecoveryCodesView):
    """The codes, once: on screen, on paper, or as a small file that the page itself carries."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the file as a data address, so that no second request shows the codes again."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        lines = [f"Linli {self.request.user}", "", *context["unused_codes"], ""]
        context["as_file"] = "data:text/plain;charset=utf-8," + quote("\r\n".join(lines))
        return context


def own_account(request: HttpRequest) -> Account:
    """The signed-in account."""
    account = request.user
    assert isinstance(account, Account)  # noqa: S101  login_required came first
    return account


def sensitive(view: View) -> View:
    """Asks for the password or a code again before a sensitive act, once in ten minutes."""
    asked: View = reauthentication_required(app="allauth.mfa")(view)
    return answered(asked)


def answered(view: View) -> View:
    """Turns the exceptions by which allauth answers into answers, whoever calls the view."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except ReauthenticationRequired:
            ways = get_adapter().get_reauthentication_methods(request.user)
            address = ways[0]["url"] if ways else settings.LOGIN_URL
            sent: HttpResponseBase = suspend_request(request, address)
            return sent
        except ImmediateHttpResponse as error:
            answer: HttpResponseBase = error.response
            return answer

    return inner
