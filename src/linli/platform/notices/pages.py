"""One's own notices: new ones first, read on opening; and how one wants to be told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linli.kernel.errors import NotFound
from linli.platform.access.actor import Actor
from linli.platform.access.models import Account
from linli.platform.notices import actions, reads
from linli.platform.notices.forms import PreferencesForm, email_field, in_app_field
from linli.platform.pages.render import render


@login_required
@never_cache
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """New notices above, read ones below, page by page."""
    actor = _actor(request)
    after = request.GET.get("after", "")
    page = reads.seen(actor, after=after)
    return render(
        request,
        "notices/list.html",
        {
            "unread": [] if after else reads.unread(actor),
            "seen": page.notices,
            "continued": bool(after),
            "next": reverse("notices:list", query={"after": page.after}) if page.after else "",
        },
        blocks=("notice_lists",),
    )


@login_required
@never_cache
@require_safe
def follow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Go where the notice leads; whoever goes there has read it."""
    actor = _actor(request)
    notice = reads.get(actor, pk)
    actions.mark_read(actor=actor, notice=notice, at=timezone.now())
    return HttpResponseRedirect(notice.url or reverse("notices:list"))


@login_required
@require_POST
def read(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read without going there."""
    actor = _actor(request)
    actions.mark_read(actor=actor, notice=reads.get(actor, pk), at=timezone.now())
    return HttpResponseRedirect(reverse("notices:list"))


@login_required
@require_POST
def read_some(request: HttpRequest) -> HttpResponse:
    """Mark the ticked ones as read."""
    try:
        ticked = [UUID(text) for text in request.POST.getlist("row")]
    except ValueError as error:
        raise NotFound from error
    count = actions.mark_some_read(actor=_actor(request), notice_ids=ticked, at=timezone.now())
    told = ngettext("%(num)s notice marked as read.", "%(num)s notices marked as read.", count)
    messages.success(request, told % {"num": count})
    return HttpResponseRedirect(reverse("notices:list"))


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    actions.mark_all_read(actor=_actor(request), at=timezone.now())
    return HttpResponseRedirect(reverse("notices:list"))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How to be told of what."""
    actor = _actor(request)
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        choices=reads.choices(actor),
        language=reads.mail_language(actor),
    )
    if form.is_bound and form.is_valid():
        for choice, in_app, email in form.chosen():
            if (in_app, email) != (choice.in_app, choice.email):
                actions.prefer(actor=actor, kind=choice.kind, in_app=in_app, email=email)
        actions.prefer_language(actor=actor, language=form.cleaned_data["language"])
        messages.success(request, _("Your choice is saved."))
        return HttpResponseRedirect(reverse("notices:preferences"))
    account = request.user
    return render(
        request,
        "notices/preferences.html",
        {
            "form": form,
            "rows": _rows(form),
            "address": account.email if isinstance(account, Account) else "",
            "mail_is_on": actions.mail_is_on(),
        },
        status=422 if form.is_bound else 200,
    )


def _rows(form: PreferencesForm) -> list[dict[str, Any]]:
    return [
        {
            "label": choice.label,
            "in_app": form[in_app_field(choice)],
            "email": form[email_field(choice)],
        }
        for choice in form.kinds
    ]


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
