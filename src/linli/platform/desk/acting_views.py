"""The page of one action: GET shows its form, POST does it through the module."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from linli.kernel.errors import Forbidden, Invalid, LinliError, NotFound, Stale
from linli.platform.access.actor import Actor
from linli.platform.changes.public import label_of
from linli.platform.desk.details import shown_parts
from linli.platform.desk.doing import Action, ActionForm, Doing, Outcome
from linli.platform.desk.register import Register
from linli.platform.desk.status import status_of
from linli.platform.desk.views import actor_of, row_page
from linli.platform.flow.inbox import forget_waiting
from linli.platform.pages.render import render

UNPROCESSABLE = 422


@require_http_methods(["GET", "POST"])
def act_on_row(
    request: HttpRequest, key: str, verb: str, *, register: Register
) -> HttpResponseBase:
    """One action on one row."""
    actor = actor_of(request)
    action = register.by_name.get(("row", verb))
    if action is None:
        raise NotFound
    row = register.find(actor, key)
    if request.method == "GET":
        return _ask(request, register, action, row)
    return _do(request, register, action, row)


@require_http_methods(["GET", "POST"])
def act_on_list(request: HttpRequest, verb: str, *, register: Register) -> HttpResponseBase:
    """One action that makes something new."""
    actor = actor_of(request)
    action = register.by_name.get(("list", verb))
    if action is None:
        raise NotFound
    if not register.may_do(action, None, actor):
        raise Forbidden(label_of(str(action.verb)))
    if request.method == "GET":
        return _ask(request, register, action, None)
    return _do(request, register, action, None)


def _ask(request: HttpRequest, register: Register, action: Action, row: Any) -> HttpResponse:
    """The form, or for an action without one a page with its button."""
    actor = actor_of(request)
    if row is not None and not register.may_do(action, row, actor):
        problem = gettext("“%(verb)s” is not possible here now.") % {"verb": action.words}
        status = 409 if actor.may(str(action.verb), row) else 403
        return row_page(request, register, row, status=status, problem=problem)
    form = action.form(actor=actor, row=row) if action.form else None
    return _form_page(request, register, action, row, form)


def _do(request: HttpRequest, register: Register, action: Action, row: Any) -> HttpResponseBase:
    actor = actor_of(request)
    form = None
    if action.form is not None:
        form = action.form(request.POST, request.FILES, actor=actor, row=row)
        if not form.is_valid():
            return _form_page(request, register, action, row, form, status=UNPROCESSABLE)
    version = request.POST.get("version", "")
    doing = Doing(
        actor=actor,
        row=row,
        data=form.cleaned_data if form is not None else {},
        at=timezone.now(),
        expected=int(version) if version.isdecimal() and len(version) < 10 else None,  # noqa: PLR2004
        files=request.FILES,
    )
    try:
        with transaction.atomic():
            outcome = action.do(doing)
    except LinliError as error:
        return _refused(request, register, action, row, form=form, error=error)
    return _done(request, register, action, row, outcome)


def _refused(
    request: HttpRequest,
    register: Register,
    action: Action,
    row: Any,
    *,
    form: ActionForm | None,
    error: LinliError,
) -> HttpResponseBase:
    """The sentence at its place, the input kept, the row as it is now."""
    status = status_of(error)
    if isinstance(error, NotFound):
        raise error
    if row is not None:
        row = register.find(actor_of(request), str(getattr(row, register.lookup)))
    if form is None or isinstance(error, Forbidden):
        if row is None:
            raise error
        return row_page(request, register, row, status=status, problem=error.sentence)
    faults = error.faults if isinstance(error, Invalid) else {"": error.sentence}
    for name, sentence in faults.items():
        form.add_error(name if name in form.fields else None, sentence)
    if row is not None:
        form.row = row
    return _form_page(
        request, register, action, row, form, status=status, stale=isinstance(error, Stale)
    )


def _form_page(
    request: HttpRequest,
    register: Register,
    action: Action,
    row: Any,
    form: ActionForm | None,
    *,
    status: int = 200,
    stale: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    target = register.url_new(action.name) if row is None else register.url_do(row, action.name)
    context: dict[str, Any] = {
        "register": register,
        "action": action,
        "row": row,
        "title": action.words,
        "row_title": register.title(row) if row is not None else "",
        "badges": register.badges(row, actor) if row is not None else "",
        "back": register.url_of(row) if row is not None else register.url,
        "target": target,
        "form": form,
        "files": form is not None and form.is_multipart(),
        "version": getattr(row, "version", "") if row is not None else "",
        "parts": shown_parts(register.detail, request, actor, row) if stale else [],
        "draft": f"{register.name}.{action.name}.{getattr(row, 'pk', 'new')}",
    }
    if action.context is not None:
        context |= action.context(row, actor)
    return render(request, action.template, context, status=status, blocks=("panel",))


def _done(
    request: HttpRequest, register: Register, action: Action, row: Any, outcome: Outcome
) -> HttpResponseBase:
    """Say so, and show where it went; a row handed out of sight leads back to the list."""
    forget_waiting(actor_of(request))
    words = str(action.done) or gettext("Done: %(verb)s.") % {"verb": action.words}
    if isinstance(outcome, str):
        messages.success(request, words)
        return redirect(outcome)
    goal = outcome if isinstance(outcome, models.Model) else row
    if goal is None:
        messages.success(request, words)
        return redirect(register.url)
    if not isinstance(goal, register.model):
        messages.success(request, words)
        return redirect(register.url)
    if not _in_sight(register, actor_of(request), goal):
        words = f"{words} {gettext('It now lies outside your area.')}"
        messages.success(request, words)
        return redirect(register.url)
    messages.success(request, words)
    return redirect(register.url_of(goal))


def _in_sight(register: Register, actor: Actor, row: Any) -> bool:
    return type(register).rows(actor).filter(pk=row.pk).exists()
